//! Chat as JSON: what DiscordChatExporter, Microsoft Graph (Teams), Mattermost's bulk export, Webex's
//! and Google Chat's interfaces, Google Takeout, Zulip, Rocket.Chat and the many bridges write. A message has a time, an author, words and, as a rule,
//! a channel, and nothing of a log.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::entity::spelt_out;
use crate::token::json::{self, Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::text::untagged;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "chat-export",
    title: "Chat as JSON (Discord, Teams, Mattermost, Webex, Google Chat, Zulip, Rocket.Chat, bridges)",
    reference: "https://github.com/Tyrrrz/DiscordChatExporter",
    cut: Cut::Json,
    specificity: 80,
    hint: |i| HINTS.iter().any(|h| memmem::find(i, h).is_some()),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/chat-export/input.jsonl"),
};

/// One of these names a place where people talk.
const HINTS: [&[u8]; 10] = [
    b"\"channel",
    b"\"room",
    b"\"rid\"",
    b"createdDateTime",
    b"\"guild\"",
    b"\"conversation",
    b"\"personEmail\"",
    b"\"created_date\"",
    b"\"createTime\"",
    b"\"sender_full_name\"",
];
const TIMES: &[&str] = &[
    "timestamp",
    "createdDateTime",
    "create_at",
    "created_at",
    "ts.$date",
    "time",
    "ts",
    "date",
    "sent_at",
    "created",
    "created_date",
    "createTime",
];
const WORDS: &[&str] = &[
    "text",
    "message",
    "content",
    "body.content",
    "msg",
    "body",
    "markdown",
];
const AUTHORS: &[&str] = &[
    "author.nickname",
    "author.name",
    "author",
    "from.user.displayName",
    "from.application.displayName",
    "u.name",
    "u.username",
    "user.name",
    "user",
    "username",
    "personDisplayName",
    "personEmail",
    "creator.name",
    "creator.email",
    "sender.displayName",
    "sender_full_name",
    "sender.name",
    "sender",
    "nick",
    "from",
];
const CHANNELS: &[&str] = &[
    "channel.name",
    "channel_name",
    "channel",
    "room.name",
    "room",
    "rid",
    "roomTitle",
    "roomId",
    "display_recipient",
    "space.displayName",
    "space.name",
    "conversation",
    "channelIdentity.channelId",
    "chatId",
    "chat.title",
];
/// What a log's entry has and a message has not.
const OF_LOGS: &[&str] = &[
    "level",
    "severity",
    "logger",
    "loglevel",
    "lvl",
    "status",
    "service",
    "host",
    "hostname",
    "status_code",
    "duration_ms",
    "event_type",
    "alert",
    "update_id",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    listed(object).next().is_some() || is_message(alone(object)) && channel(object).is_some()
}

/// The messages of an export that lists them.
fn listed<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    // A list alone proves little; a message of Slack's or Telegram's is theirs.
    let all = ["messages", "value", "items"]
        .into_iter()
        .flat_map(|n| object.list(n));
    all.filter_map(Json::object).filter(|m| {
        let theirs = m.get("date_unixtime").is_some() || m.get("subtype").is_some();
        is_message(m) && !theirs && is_of_people(m)
    })
}

/// Who says it is a person with an account, not just a name.
fn is_of_people(message: &Object<'_>) -> bool {
    let known = ["author", "from", "creator", "sender", "user", "u"];
    let named = ["personEmail", "personDisplayName", "sender_full_name"];
    known.iter().any(|n| message.object(n).is_some()) || message.text(&named).is_some()
}

/// Mattermost wraps each message in what it is.
fn alone<'o, 'a>(object: &'o Object<'a>) -> &'o Object<'a> {
    object.object("post").unwrap_or(object)
}

fn is_message(object: &Object<'_>) -> bool {
    let said = object.text(WORDS).is_some();
    let logged = OF_LOGS.iter().any(|name| object.get(name).is_some());
    said && !logged && author(object).is_some() && payload::time_at(object, TIMES).is_some()
}

fn channel<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    alone(object).text(CHANNELS)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let before = out.len();
    for message in listed(object) {
        let mut record = chat(message);
        record.part = payload.place(message);
        if let Some(channel) = channel(object) {
            record.fields.push(field::CHANNEL, channel);
        }
        out.push(record);
    }
    if out.len() == before {
        out.push(chat(alone(object)));
    }
    let rooms = out.get_mut(before..).unwrap_or_default();
    let mut named: Vec<&str> = rooms.iter().filter_map(room).collect();
    let all = named.len();
    named.sort_unstable();
    named.dedup();
    // Where no two messages have one room, it is the message's own mark.
    if all > 1 && named.len() == all {
        for record in rooms {
            record.fields.remove(field::CHANNEL);
        }
    }
}

fn room<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    record.fields.text(field::CHANNEL)
}

fn chat<'x>(message: &Object<'x>) -> Record<'x> {
    let mut record = Record::new(Kind::Chat, plain(message.text(WORDS).unwrap_or_default()));
    record.at = payload::time_at(message, TIMES);
    record.actor = author(message);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, message, &["id", "_id", "message_id"]);
    payload::file_first(fields, field::CHANNEL, message, CHANNELS);
    if let Some(answered) = answered(message) {
        fields.push(field::ANSWERS, answered);
    }
    record
}

/// What a message answers, as Teams attaches it.
fn answered(message: &Object<'_>) -> Option<String> {
    let attached = message.list("attachments").iter().filter_map(Json::object);
    let mut references = attached.filter(|a| {
        a.text(&["contentType"])
            .is_some_and(|t| t == "messageReference")
    });
    let content = references.next()?.text(&["content"])?;
    let reference = json::object(content.as_bytes())?;
    Some(plain(reference.text(&["messagePreview"])?).into_owned())
}

fn author<'x>(message: &Object<'x>) -> Option<Actor<'x>> {
    let name = message.text(AUTHORS)?;
    let marked = ["author.isBot", "isBot", "bot", "author.bot"];
    let kinds = ["personType", "sender.type", "creator.user_type"];
    let marked = marked
        .iter()
        .any(|n| message.scalar(&[n]).is_some_and(|v| v == "true"))
        || kinds.iter().any(|n| {
            message
                .text(&[n])
                .is_some_and(|v| v.eq_ignore_ascii_case("bot"))
        });
    let program = message.text(&["from.application.displayName"]).is_some();
    let bot = marked || program || payload::sounds_automatic(&name);
    Some(payload::actor(name, bot))
}

/// Without the tags that Teams writes its messages in; what a message repeats stands on a line of its own behind `>`.
pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    const OPEN: &str = "<blockquote";
    const CLOSE: &str = "</blockquote>";
    if !(text.starts_with('<') && text.contains("</")) {
        return match text.contains("&#39;") || text.contains("&quot;") || text.contains("&nbsp;") {
            true => Cow::Owned(spelt_out(&text)),
            false => text,
        };
    }
    let (mut repeated, mut said) = (String::new(), String::new());
    let mut rest = text.as_ref();
    while let Some((before, behind)) = rest.split_once(OPEN) {
        said.push_str(before);
        let (inner, after) = behind.split_once(CLOSE).unwrap_or((behind, ""));
        let words = match inner.split_once("itemprop=\"preview\"") {
            Some((_, preview)) => preview,
            None => inner,
        };
        let words = words.split_once('>').map_or(words, |(_, words)| words);
        repeated.push_str("> ");
        repeated.push_str(&untagged(words));
        repeated.push('\n');
        rest = after;
    }
    said.push_str(rest);
    Cow::Owned(repeated + &untagged(&said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_others_are_no_chats() {
        for entry in [
            r#"{"items":[{"user":{"login":"mira"},"body":"It fails","created_at":"2025-06-17T06:41:12Z"}]}"#,
            r#"{"items":[{"metadata":{"name":"a"},"message":"Started","created":"2025-06-17T06:41:12Z"}]}"#,
            r#"{"items":[{"text":"job 7 done","created":"2025-06-17T06:41:12Z","user":"batch"}]}"#,
            r#"{"messages":[{"text":"ok","personEmail":"a@example.com","created":"2025-06-17T06:41:12Z","level":"INFO"}]}"#,
        ] {
            let object = json::object(entry.as_bytes());
            assert!(object.is_some_and(|o| !is_mine(&o)), "{entry}");
        }
    }
}
