//! Pages in a table: PagerDuty's incidents as its site exports them, Opsgenie's alerts, and lists that people make of
//! either. A row is a page with its times, or one act of a page: who did what about it.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, PageAct, Record, field};
use crate::stamp::{Reading, SECOND};
use crate::token::paging;
use crate::token::payload;
use crate::token::table::{Head, Row};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pages-csv",
    title: "Pages in a table (CSV)",
    reference: "https://support.pagerduty.com/main/docs/operational-reports",
    cut: Cut::Csv,
    // Above tickets; below tables of alerts, which may tell who took them, too.
    specificity: 82,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/pages-csv/input.csv"),
};

#[rustfmt::skip]
const IDS: &[&str] = &[
    "incidentnumber", "incidentid", "pageid", "alertid", "tinyid", "number", "incident", "page", "case", "id", "key",
];
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "title", "summary", "description", "subject", "incidenttitle", "alertname", "alert", "message", "name", "details",
    "note", "comment", "text",
];
const SERVICES: &[&str] = &[
    "servicename",
    "service",
    "application",
    "component",
    "integration",
];
const GRADES: &[&str] = &["priority", "severity", "urgency"];
#[rustfmt::skip]
const BEGINS: &[&str] = &[
    "createdon", "createdat", "created", "triggered", "triggeredat", "triggeredon", "triggertime", "opened",
    "openedat", "openedon", "starttime", "startedat", "started", "raised", "raisedat", "pagedat", "paged", "time",
    "timestamp", "datetime", "date", "when", "at",
];
#[rustfmt::skip]
const TAKEN: &[&str] = &[
    "acknowledgedat", "acknowledgedon", "acknowledgedtime", "acknowledgetime", "acknowledged", "ackedat", "ackat",
    "acktime", "firstack", "firstackat", "firstacknowledged", "firstacknowledgedat", "acked", "ack",
];
const SECONDS_TO_TAKEN: &[&str] = &[
    "secondstofirstack",
    "secondstoack",
    "timetoackseconds",
    "ttaseconds",
];
#[rustfmt::skip]
const TAKERS: &[&str] = &[
    "acknowledgedbyusernames", "acknowledgedby", "acknowledgedbyname", "ackedby", "ackby", "acknowledger",
    "responder", "owner",
];
#[rustfmt::skip]
const MOVED: &[&str] = &[
    "escalatedat", "escalatedon", "escalated", "escalationtime", "firstescalation", "firstescalationat", "firstescalated",
];
const MOVED_TO: &[&str] = &["escalatedto", "escalationto", "secondlevel"];
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "resolvedon", "resolvedat", "resolved", "resolvedtime", "resolvetime", "closedat", "closedon", "closed",
    "closetime", "closedtime", "endtime", "endedat", "ended",
];
const SECONDS_TO_END: &[&str] = &["secondstoresolve", "timetoresolveseconds", "ttrseconds"];
const ENDERS: &[&str] = &["resolvedbyusername", "resolvedby", "closedby", "resolver"];
/// What only pages have.
#[rustfmt::skip]
const PAGING: &[&str] = &[
    "secondstofirstack", "secondstoack", "escalationpolicy", "escalationpolicyname", "acknowledgedby",
    "acknowledgedbyusernames", "acknowledgedat", "acknowledgedon", "acknowledgetime", "ackedat", "ackat", "ackedby",
    "ackby", "acktime", "firstack", "firstackat", "firstacknowledgedat", "acknowledged", "acked", "tinyid",
];
/// What tickets and logs have, and pages have not.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "requester", "requestername", "requesteremail", "caller", "callerid", "customer", "customeremail", "reporter",
    "shortdescription", "issuekey", "issuetype", "logger", "thread", "level", "loglevel", "pod", "traceid",
];
/// Where a row that is an act says what was done, and who did it to whom.
#[rustfmt::skip]
const ACTS: &[&str] = &[
    "action", "act", "event", "eventtype", "type", "activity", "entrytype", "logentrytype", "status", "state", "what",
];
#[rustfmt::skip]
const ACTORS: &[&str] = &[
    "user", "username", "agent", "actor", "by", "who", "person", "responder", "performedby", "name", "owner",
];
const ASSIGNEES: &[&str] = &[
    "assignee",
    "assignedto",
    "assignedusernames",
    "target",
    "recipient",
    "to",
];

/// What the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    /// Each a page, with its times.
    Pages,
    /// Each an act of a page.
    Acts,
}

fn learn(head: &[u8]) -> Layout {
    let Some(head) = Head::of(head).filter(|h| sort(h).is_some()) else {
        return Layout::default();
    };
    head.layout()
}

fn sort(head: &Head<'_>) -> Option<Sort> {
    if head.has(OTHERS) || !head.has(IDS) || !head.has(BEGINS) {
        return None;
    }
    let rows = || head.rows();
    let all = rows().count();
    let most = |n: usize| all > 0 && n * 10 >= all * 8;
    most(rows().filter(|r| r.time(BEGINS).is_some()).count()).then_some(())?;
    // Who acknowledged stands in a row of its own only where acts are rows.
    let acts = rows().filter_map(|r| act(&r));
    let (told, taken) = acts.fold((0, false), |(n, taken), act| {
        (n + 1, taken || act == PageAct::Acknowledged)
    });
    let begun = [Some(PageAct::Triggered), Some(PageAct::Notified)];
    let several = rows().any(|r| begun.contains(&act(&r)));
    if most(told) && taken && several && !head.has(ENDS) {
        return Some(Sort::Acts);
    }
    (head.has(PAGING) && head.has(TITLES) && (head.has(ENDS) || head.has(SECONDS_TO_TAKEN)))
        .then_some(Sort::Pages)
}

/// The act that a row's cell names: `acknowledged`, `acknowledge_log_entry`, `incident.escalated`, `SMS sent to Ola`.
fn act(row: &Row<'_>) -> Option<PageAct> {
    let cell = row.text(ACTS).filter(|c| c.len() <= LONGEST)?;
    let mut words = cell.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|w| paging::act(w).map(|(act, _)| act).or_else(|| told(w)))
}

/// What people say of it who keep a list by hand.
fn told(word: &str) -> Option<PageAct> {
    Some(match word.to_ascii_lowercase().as_str() {
        "sms" | "sent" | "phoned" | "rang" | "dialled" | "dialed" | "push" | "pushed"
        | "alerted" => PageAct::Notified,
        "taken" | "took" | "takes" | "confirmed" | "answered" => PageAct::Acknowledged,
        "forwarded" | "handed" | "transferred" => PageAct::Reassigned,
        "done" | "ended" | "finished" | "solved" | "fixed" => PageAct::Resolved,
        "missed" | "unanswered" | "timeout" => PageAct::Annotated,
        _ => return None,
    })
}

/// The name behind one of these words in the cell of an act: `escalated by Ola to Mira Lund`.
fn named<'r>(row: &'r Row<'_>, before: &[&str]) -> Option<&'r str> {
    let cell = row.text(ACTS)?;
    let from = before
        .iter()
        .find_map(|w| cell.find(w).map(|at| at + w.len()))?;
    let rest = cell.get(from..)?;
    let ends = [
        " to ", " by ", " at ", " via ", " (", ",", ";", ": ", " after ",
    ];
    let end = ends.iter().filter_map(|e| rest.find(e)).min();
    let name = rest
        .get(..end.unwrap_or(rest.len()))?
        .trim()
        .trim_end_matches('.');
    let words = name.split_whitespace().count();
    ((1..=4).contains(&words) && name.starts_with(char::is_alphabetic)).then_some(name)
}

/// The longest cell that tells an act.
const LONGEST: usize = 120;

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let Some(row) = Row::of(entry, cx.layout)? else {
        return Some(()); // the header
    };
    let begin = row.time(BEGINS)?;
    // A table of pages has a column for their ends; where acts are rows, there is none.
    if !ENDS.iter().chain(SECONDS_TO_TAKEN).any(|e| row.has(e)) {
        out.push(done(&row, act(&row)?, begin));
        return Some(());
    }
    let mut step = |kind, at: Option<Reading>, by: &[&str]| {
        let Some(at) = at else { return };
        let mut record = record(&row, kind, at);
        record.actor = row.text(by).map(|n| payload::actor(n.to_owned(), false));
        out.push(record);
    };
    let after = |known| later(begin, row.text(known)?);
    step(PageAct::Triggered, Some(begin), &[]);
    let taken = row.time(TAKEN).or_else(|| after(SECONDS_TO_TAKEN));
    step(PageAct::Acknowledged, taken, TAKERS);
    step(PageAct::Escalated, row.time(MOVED), &[]);
    let end = row.time(ENDS).or_else(|| after(SECONDS_TO_END));
    step(PageAct::Resolved, end, ENDERS);
    Some(())
}

/// So many seconds later; none where the cell has no number above nought: then it did not happen.
fn later(from: Reading, seconds: &str) -> Option<Reading> {
    let seconds: i64 = seconds.parse().ok().filter(|s| *s > 0)?;
    from.later(seconds.checked_mul(SECOND)?)
}

fn done<'a>(row: &Row<'_>, act: PageAct, at: Reading) -> Record<'a> {
    let mut record = record(row, act, at);
    if record.message.is_empty() {
        let cell = row.text(ACTS).filter(|c| c.contains(' '));
        record.message = cell.unwrap_or_default().to_owned().into();
    }
    let moved = matches!(
        act,
        PageAct::Escalated | PageAct::Reassigned | PageAct::Notified
    );
    if record.fields.get("assignee").is_none()
        && let Some(to) = named(row, &[" to "]).filter(|_| moved)
    {
        record.fields.push("assignee", to.to_owned());
    }
    let person = row.text(ACTORS).or_else(|| named(row, &[" by "]));
    let person = person.map(|n| payload::actor(n.to_owned(), false));
    record.actor = person.filter(|_| act != PageAct::Triggered);
    record
}

fn record<'a>(row: &Row<'_>, act: PageAct, at: Reading) -> Record<'a> {
    let text = |known: &[&str]| row.text(known).map(str::to_owned);
    let mut record = Record::new(Kind::Page(act), text(TITLES).unwrap_or_default());
    record.at = Some(at);
    record.service = text(SERVICES).map(Into::into);
    record.level = row.text(GRADES).and_then(payload::severity);
    let moved = matches!(
        act,
        PageAct::Escalated | PageAct::Reassigned | PageAct::Notified
    );
    let to = text(MOVED_TO).or_else(|| text(ASSIGNEES)).filter(|_| moved);
    record.fields.push_known([
        (field::ID, text(IDS)),
        (field::SEVERITY, text(GRADES)),
        ("assignee", to),
        (
            "escalation_policy",
            text(&["escalationpolicyname", "escalationpolicy"]),
        ),
    ]);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort_of(table: &str) -> Option<Sort> {
        sort(&Head::of(table.as_bytes())?)
    }

    #[test]
    fn tables_of_pages_and_of_their_acts_are_told_apart() {
        for (table, wanted) in [
            (
                "incident_number,description,created_on,resolved_on,seconds_to_first_ack\n7,Print,2025-06-17 08:41:12,,\n",
                Some(Sort::Pages),
            ),
            (
                "Alert ID,Message,Created At,Acked At,Closed At\n7,Print,2025-06-17 08:41:12,,\n",
                Some(Sort::Pages),
            ),
            (
                "time,incident,action,user\n2025-06-17 08:41:12,7,triggered,\n2025-06-17 08:42:12,7,acknowledged,Runa\n",
                Some(Sort::Acts),
            ),
            (
                "time,incident,service,event\n2025-06-17 08:41:12,7,print,SMS sent to Runa\n2025-06-17 08:42:12,7,print,acknowledged by Runa\n",
                Some(Sort::Acts),
            ),
            // Nobody takes anything there, nothing begins, or it is a ticket's table.
            (
                "time,id,action,user\n2025-06-17 08:41:12,7,created,runa\n",
                None,
            ),
            (
                "time,id,action,user\n2025-06-17 08:41:12,7,acknowledged,broker\n",
                None,
            ),
            (
                "id,subject,created_at,resolved_at,requester\n7,Print,2025-06-17 08:41:12,,ada\n",
                None,
            ),
            (
                "id,title,created_at,closed_at,status\n7,Print,2025-06-17 08:41:12,,closed\n",
                None,
            ),
        ] {
            assert_eq!(sort_of(table), wanted, "{table}");
        }
    }
}
