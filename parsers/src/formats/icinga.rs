//! Icinga 2's main log: `[2016-01-19 03:29:55 +0000] information/Notification: …`.

use super::nagios;
use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::token::date::Order;
use crate::token::text::first_line;
use crate::token::{Found, NOT, level, time};
use nom::Parser;
use nom::bytes::complete::{tag, take_until, take_while1};
use nom::sequence::{delimited, terminated};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "icinga",
    title: "Icinga 2 log",
    reference: "https://icinga.com/docs/icinga-2/latest/doc/14-features/#logging",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first() == Some(&b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/icinga/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (stamp, word, facility)) = head(line).ok()?;
    let (_, at) = time::any(Order::Unknown)(stamp).ok()?;
    let level = level::word(word)?;
    // With the lines that follow it: lists of contexts, stack traces.
    let said = entry.get(line.len() - rest.len()..).unwrap_or_default();
    let text = String::from_utf8_lossy(said.trim_ascii());
    let mut records = match facility {
        b"Notification" => notification(&text),
        b"ExternalCommandListener" => ordered(&text).into_iter().collect(),
        b"Checkable" => checked(&text).into_iter().collect(),
        _ => Vec::new(),
    };
    if records.is_empty() {
        records.push(Record::new(Kind::Log, text));
    }
    let facility = String::from_utf8_lossy(facility);
    for mut record in records {
        record.at = Some(at);
        // An alert is as grave as its state.
        record.level = record.level.or(Some(level));
        record.fields.push(field::LOGGER, facility.clone());
        out.push(record);
    }
    Some(())
}

type Head<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Time, level and facility.
fn head(line: &[u8]) -> Found<'_, Head<'_>> {
    let letters = || take_while1(|b: u8| b.is_ascii_alphanumeric());
    let (rest, stamp) = delimited(tag("["), take_until("]"), tag("] ")).parse(line)?;
    let (rest, level) = terminated(letters(), tag("/")).parse(rest)?;
    let (rest, facility) = terminated(letters(), tag(":")).parse(rest)?;
    match level {
        b"debug" | b"notice" | b"information" | b"warning" | b"critical" => {
            Ok((rest, (stamp, level, facility)))
        }
        _ => Err(NOT),
    }
}

/// What the notification that is being sent says. In older versions the sort is left out.
const SORTS: [&str; 9] = [
    "Problem",
    "Recovery",
    "Acknowledgement",
    "Custom",
    "DowntimeStart",
    "DowntimeEnd",
    "DowntimeRemoved",
    "FlappingStart",
    "FlappingEnd",
];

/// `Sending 'Problem' notification 'host!service!name' for user 'maria'`: a page, and as only
/// this tells whether it is trouble or its end, also the alert.
fn notification<'a>(text: &str) -> Vec<Record<'a>> {
    let sent = ["Sending ", "Completed sending "];
    let Some(sent) = sent.iter().find_map(|s| text.strip_prefix(s)) else {
        return Vec::new();
    };
    let again = sent.strip_prefix("reminder ");
    let quoted: Vec<&str> = sent.split('\'').skip(1).step_by(2).collect();
    let (sort, rest) = match quoted.as_slice() {
        [sort, rest @ ..] if SORTS.contains(sort) => (*sort, rest),
        rest => ("Problem", rest),
    };
    let (Some(name), Some(user)) = (rest.first(), user(sent)) else {
        return Vec::new();
    };
    // The last part is the name of the notification itself.
    let Some((checked, _)) = name.rsplit_once('!') else {
        return Vec::new();
    };
    let kind = match sort {
        "Problem" => Kind::Page(PageAct::Notified),
        "Acknowledgement" => Kind::Page(PageAct::Acknowledged),
        _ => Kind::Log,
    };
    let alert = match sort {
        "Problem" if again.is_none() => Some(AlertState::Firing),
        "Recovery" => Some(AlertState::Resolved),
        _ => None,
    };
    let mut all = Vec::new();
    if let Some(state) = alert {
        all.push(about(Kind::Alert(state), checked, text));
    }
    if alert != Some(AlertState::Resolved) {
        all.push(about(kind, checked, text));
    }
    for record in &mut all {
        record.fields.push("notification", sort.to_owned());
        record.fields.push("notified", user.to_owned());
    }
    all
}

/// The user who is told: `for user 'maria'`, `and user 'maria'`.
fn user(sent: &str) -> Option<&str> {
    let (_, behind) = sent.rsplit_once("user '")?;
    behind.split('\'').next()
}

/// `State Change: Checkable 'host!service' hard state change from OK to CRITICAL detected.` A soft
/// state has been seen but not confirmed.
fn checked<'a>(text: &str) -> Option<Record<'a>> {
    let told = text.strip_prefix("State Change: ").unwrap_or(text);
    let (checked, told) = told.strip_prefix("Checkable '")?.split_once("' ")?;
    let (firmness, states) = told.split_once(" state change from ")?;
    let (_, state) = states.split_once(" to ")?;
    let state = state.split([' ', '.']).next()?;
    let alert = match (firmness, state) {
        ("hard" | "soft", "OK" | "UP") => AlertState::Resolved,
        ("hard", "UNKNOWN") => AlertState::Unknown,
        ("hard", _) => AlertState::Firing,
        ("soft", _) => AlertState::Pending,
        _ => return None,
    };
    let mut record = about(Kind::Alert(alert), checked, text);
    nagios::severe(&mut record, state);
    record.fields.push("state", format!("{state} {firmness}"));
    Some(record)
}

/// What is checked is a host or a service of one: `web-03!http`.
fn about(kind: Kind, checked: &str, text: &str) -> Record<'static> {
    let (host, service) = match checked.split_once('!') {
        Some((host, service)) => (host, Some(service)),
        None => (checked, None),
    };
    nagios::record(kind, host, service, text)
}

/// `Executing external command: [1453174195] ACKNOWLEDGE_SVC_PROBLEM;…`
fn ordered<'a>(text: &str) -> Option<Record<'a>> {
    let (_, command) = text
        .strip_prefix("Executing external command: [")?
        .split_once("] ")?;
    let record = nagios::event(&format!("EXTERNAL COMMAND: {command}"));
    (record.kind != Kind::Log).then_some(record)
}
