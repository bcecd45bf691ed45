//! A conversation in a table: what compliance and eDiscovery tools export from Teams, Mattermost, Slack and
//! others, and what people save from a spreadsheet. A header names when, who and what.
//!
//! Logs have such columns too. So either the header names a sender or a place where people talk, or the rows are
//! words of people who say more than one thing each.

use super::chat_export::plain;
use super::chat_text::is_surely_human;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::payload;
use crate::token::table::{Head, Row};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "chat-csv",
    title: "Chat in a table (CSV)",
    reference: "https://learn.microsoft.com/en-us/purview/ediscovery-teams-workflow",
    cut: Cut::Csv,
    specificity: 84,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/chat-csv/input.csv"),
};

#[rustfmt::skip]
const TIMES: &[&str] = &[
    "messagetime", "messagetimestamp", "messagedate", "timestamp", "ts", "datetime", "createddatetime", "createdat",
    "created", "createdon", "createddate", "createdtime", "creationtime", "postcreationtime", "sentat", "senttime",
    "sentdate", "sentdatetime", "datesent", "timesent", "sent", "postedat", "posttime", "posted", "dateandtime",
    "time", "date", "when", "zeitstempel", "zeitpunkt", "datumuhrzeit", "datum", "horodatage", "fecha",
];
/// Names that only somebody who says something has.
#[rustfmt::skip]
const SENDERS: &[&str] = &[
    "sendername", "senderdisplayname", "sender", "senderauthor", "fromname", "fromdisplayname", "fromuser",
    "authorname", "author", "speaker", "postedby", "sentby", "creatorname", "nickname", "nick",
    "persondisplayname", "saidby", "from", "senderemail", "personemail", "who",
    "absender", "von", "verfasser", "autor", "expéditeur", "auteur", "remitente",
];
/// Names that anybody may have whom an entry is about.
#[rustfmt::skip]
const USERS: &[&str] = &[
    "userdisplayname", "displayname", "realname", "username", "user", "name", "person", "member", "participant",
    "createdby", "handle", "useremail",
];
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "messagetext", "messagebody", "messagecontent", "postmessage", "chatmessage", "message", "text", "content",
    "body", "plaintext", "bodytext", "said", "post", "msg", "markdown", "what",
    "nachricht", "inhalt", "contenu", "mensaje",
];
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "channelname", "channeldisplayname", "channel", "roomname", "room", "roomtitle", "conversationname",
    "conversation", "chatname", "chattitle", "chat", "threadtopic", "spacename", "space", "teamname", "team",
    "groupname", "channelid", "roomid", "conversationid", "chatid", "thread",
    "kanal", "raum", "canal", "salon",
];
/// What logs, tickets, mails and alerts have and chats have not.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "level", "loglevel", "severity", "priority", "logger", "pid", "pod", "container", "host", "hostname", "status",
    "statuscode", "state", "service", "application", "traceid", "requestid", "correlationid", "action", "subject",
    "ticket", "ticketid", "number", "resolution", "assignee", "requester", "customer", "caller", "latency",
    "durationms", "duration", "event", "eventtype", "operation", "version", "environment", "commit",
];
/// Rows that are too few to tell.
const FEW: usize = 3;

fn learn(head: &[u8]) -> Layout {
    let Some(head) = Head::of(head).filter(is_chat) else {
        return Layout::default();
    };
    head.layout()
}

fn is_chat(head: &Head<'_>) -> bool {
    let (sender, place) = (head.has(SENDERS), head.has(PLACES));
    let named = head.has(TIMES) && head.has(TEXTS) && (sender || head.has(USERS));
    if !named || head.has(OTHERS) {
        return false;
    }
    let mut names: Vec<String> = Vec::new();
    let (mut all, mut timed, mut human) = (0, 0, 0);
    for row in head.rows() {
        all += 1;
        timed += usize::from(when(&row).is_some());
        human += usize::from(row.text(TEXTS).is_some_and(is_surely_human));
        if let Some(name) = who(&row).filter(|n| !names.iter().any(|k| k == n)) {
            names.push(name.to_owned());
        }
    }
    let people = (2..=all / 2 + 2).contains(&names.len());
    timed * 10 >= all * 8
        && match (sender, place) {
            (true, true) => all > 0,
            (true, false) | (false, true) => human * 10 >= all && !names.is_empty(),
            (false, false) => all >= FEW && human * 5 >= all && people,
        }
}

/// When it was said; days and times of day have columns of their own in some.
fn when(row: &Row<'_>) -> Option<Reading> {
    let date = row.text(&["date", "datum", "fecha"]);
    let time = row.text(&["time", "uhrzeit", "zeit", "heure", "hora"]);
    let both = date.zip(time).map(|(date, time)| format!("{date} {time}"));
    both.and_then(|b| payload::text_instant(&b))
        .or_else(|| row.time(TIMES))
}

fn who<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    row.text(SENDERS).or_else(|| row.text(USERS))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let Some(row) = Row::of(entry, cx.layout)? else {
        return Some(()); // the header
    };
    let at = when(&row)?;
    // Who joins, or sends a picture, says nothing.
    let Some(said) = row.text(TEXTS) else {
        return Some(());
    };
    let mut record = Record::new(Kind::Chat, plain(Cow::Borrowed(said)).into_owned());
    record.at = Some(at);
    record.actor = who(&row).map(|name| payload::actor(name.to_owned(), false));
    let text = |known: &[&str]| row.text(known).map(str::to_owned);
    record.fields.push_known([
        (field::ID, text(&["messageid", "postid", "id"])),
        (field::CHANNEL, text(PLACES)),
    ]);
    out.push(record);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_people_who_talk_are_chats() {
        for table in [
            "MessageTimeUtc,Sender,Channel,Content\n2025-03-11T08:14:02Z,Mira Lund,ops,orders are slow\n",
            "Date,Time,Sender,Message\n2025-03-11,08:14:02,Mira Lund,is it down?\n2025-03-11,08:14:09,Tom,yes\n",
            "timestamp,user,message\n2025-03-11 08:14:02,mira,anybody here?\n2025-03-11 08:14:09,tom,I am\n\
             2025-03-11 08:15:00,mira,orders are slow\n2025-03-11 08:15:20,tom,we look\n",
            "Post Creation Time,Channel Display Name,Username,Post Message\n2025-03-11 08:14:02,Ops,mira,hi all\n",
            "Datum;Uhrzeit;Von;Nachricht\n17.06.2025;08:41:12;Runa;Geht der Druck?\n17.06.2025;08:42:12;Ivo;nein\n",
            "Date;From;Body\n2025-03-11 08:14:02;Mira;is it down?\n2025-03-11 08:15:02;Tom;Login fails\n",
        ] {
            assert_ne!(learn(table.as_bytes()), Layout::default(), "{table}");
        }
    }

    #[test]
    fn tables_of_programs_are_none() {
        for table in [
            "timestamp,level,user,message\n2025-03-11 08:14:02,INFO,mira,are you there?\n",
            "timestamp,user,message\n2025-03-11 08:14:02,u17,login ok\n2025-03-11 08:14:03,u18,login ok\n\
             2025-03-11 08:14:04,u19,login failed\n2025-03-11 08:14:05,u20,login ok\n",
            "id,created_at,requester,subject,message\n7,2025-03-11 08:14:02,Ann,Help,I cannot log in\n",
            "time,from,message\n2025-03-11 08:14:02,orders,batch 7 sent\n2025-03-11 08:14:03,billing,batch 7 read\n",
            "sender,message,size\na,b,c\n",
            "",
        ] {
            assert_eq!(learn(table.as_bytes()), Layout::default(), "{table}");
        }
    }
}
