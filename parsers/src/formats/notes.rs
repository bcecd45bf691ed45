//! A responder's running notes: a clock time at the start of each line, then what was seen or said.

use crate::document::{self, Written};
use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record};
use crate::token::speaker;
use std::borrow::Cow;

/// Free incident notes.
pub(super) static FORMAT: Format = Format {
    name: "notes",
    title: "Incident notes with a clock time on each line",
    reference: "https://sre.google/workbook/incident-response/",
    cut: Cut::Line,
    specificity: 5,
    hint,
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/notes/input.txt"),
};

/// A time within the first few characters: after a bullet, a bracket or a weekday.
fn hint(line: &[u8]) -> bool {
    let head = line.get(..line.len().min(24)).unwrap_or_default();
    head.iter().any(u8::is_ascii_digit) && !line.starts_with(b"{")
}

fn parse<'a>(line: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let first = line.split(|b| *b == b'\n').next()?;
    let Written { at, body } = document::leading_time(first)?;
    let words = line.get(body..)?;
    let text = std::str::from_utf8(words).ok()?.trim();
    if !is_prose(text) {
        return None;
    }
    let (name, said) = speaker(text).unwrap_or(("", text));
    let mut record = Record::new(Kind::Note, said);
    record.at = Some(at);
    record.actor = (!name.is_empty()).then_some(Actor {
        name: Cow::Borrowed(name),
        bot: false,
    });
    out.push(record);
    Some(())
}

/// Words in sentences: not a level, a process or fields, as after the time of a log line.
fn is_prose(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let bare = first.trim_matches(|c: char| !c.is_alphanumeric());
    let level = [
        "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL",
        "SEVERE",
    ];
    let logged = level.contains(&bare)
        || first.starts_with('[')
        || first.contains("]:")
        || first.contains('=');
    let lettered = words
        .iter()
        .filter(|w| {
            w.chars()
                .all(|c| c.is_alphabetic() || ",.?!'’:;-()@#".contains(c))
        })
        .count();
    !logged && words.len() >= 2 && lettered * 2 >= words.len()
}

/// Labels that are no names.
const LABELS: &[&str] = &[
    "alert",
    "update",
    "note",
    "status",
    "action",
    "issue",
    "incident",
    "detected",
    "resolved",
    "escalated",
    "impact",
    "timeline",
    "edit",
    "todo",
    "summary",
    "cause",
    "fix",
    "mitigation",
    "investigation",
    "start",
    "end",
    "error",
    "warning",
    "info",
    "http",
    "https",
    "result",
    "theory",
    "hypothesis",
    "question",
    "idea",
    "decision",
    "next",
];

/// Who says it: `maria: …`, `@jo …`, `<sam> …`.
fn speaker(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('<') {
        let (name, said) = rest.split_once('>')?;
        return is_name(name).then_some((name, said.trim_start()));
    }
    if let Some(rest) = text.strip_prefix('@') {
        let (name, said) = rest.split_once([' ', ':'])?;
        return is_name(name).then_some((name, said.trim_start_matches([' ', ':'])));
    }
    let (name, said) = text.split_once(':')?;
    (is_name(name) && said.starts_with(' ')).then_some((name, said.trim_start()))
}

/// One or two words of letters, none of them a label.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let word = |w: &&str| {
        let letters = w
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\''));
        letters
            && w.chars().any(char::is_alphabetic)
            && !LABELS.contains(&w.to_lowercase().as_str())
    };
    words.len() <= 2 && !speaker::is_log(text) && words.iter().all(word) && text.len() <= 32
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::format::{Context, Layout};

    fn read(line: &str) -> Option<(String, Option<String>, String)> {
        let layout = Layout::default();
        let mut out = Vec::new();
        let bytes = line.as_bytes();
        (FORMAT.hint)(bytes).then_some(())?;
        (FORMAT.parse)(bytes, &Context { layout: &layout }, &mut out)?;
        let record = out.pop()?;
        let at = record.at.map(|a| a.notation()).unwrap_or_default();
        Some((
            at,
            record.actor.map(|a| a.name.into_owned()),
            record.message.into_owned(),
        ))
    }

    #[test]
    fn lines_of_notes() {
        let some = |at: &str, name: Option<&str>, said: &str| {
            Some((at.to_owned(), name.map(str::to_owned), said.to_owned()))
        };
        assert_eq!(
            read("10:42 maria: looks like db?"),
            some("T10:42:00", Some("maria"), "looks like db?")
        );
        assert_eq!(
            read("- 9:05 PM - paged the network team"),
            some("T21:05:00", None, "paged the network team")
        );
        assert_eq!(
            read("[10:44] @jo rolling back now"),
            some("T10:44:00", Some("jo"), "rolling back now")
        );
        assert_eq!(
            read("10:50 UTC Update: still down"),
            some("T10:50:00Z", None, "Update: still down")
        );
        assert_eq!(
            read("2025-03-12 10:42 sam: fixed it"),
            some("2025-03-12T10:42:00", Some("sam"), "fixed it")
        );
        assert_eq!(
            read("T+15m primary is read only"),
            some("+900s", None, "primary is read only")
        );
    }

    #[test]
    fn lines_of_logs() {
        for line in [
            "10:42:01.123 [main] INFO  o.e.Server - started in the usual way",
            "2025-03-12 10:42:01 ERROR could not connect to the database",
            "2025-03-12T10:42:01Z level=info msg=ok",
            "Mar 12 10:42:01 host sshd[12]: Accepted password for root",
            "192.0.2.7 - - [12/Mar/2025:10:42:01 +0000] \"GET / HTTP/1.1\" 200 5",
            "10:42 ERROR no route to host",
            "about 10:42 of the clock",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
