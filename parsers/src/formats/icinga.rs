//! Icinga 2's main log: `[2016-01-19 03:29:55 +0000] information/Notification: …`.

use super::nagios;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::date::Order;
use crate::token::text::first_line;
use crate::token::{Found, NOT, level, time};
use nom::Parser;
use nom::bytes::complete::{tag, take_until, take_while1};
use nom::sequence::{delimited, terminated};
use std::borrow::Cow;

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
    let mut record = match facility {
        b"Notification" => notification(&text),
        b"ExternalCommandListener" => ordered(&text),
        _ => None,
    }
    .unwrap_or_else(|| Record::new(Kind::Log, text));
    record.at = Some(at);
    record.level = Some(level);
    let facility = String::from_utf8_lossy(facility);
    record.fields.push(field::LOGGER, facility);
    out.push(record);
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

/// `Sending 'Problem' notification 'host!service!name' for user 'maria'`, in older versions
/// without the sort.
fn notification<'a>(text: &str) -> Option<Record<'a>> {
    let sent = text
        .strip_prefix("Sending ")
        .or_else(|| text.strip_prefix("Completed sending "))?;
    let quoted: Vec<&str> = sent.split('\'').skip(1).step_by(2).collect();
    let (sort, name, user) = match quoted.as_slice() {
        [sort, name, user] if sent.starts_with('\'') => (*sort, *name, *user),
        [name, user] => ("Problem", *name, *user),
        _ => return None,
    };
    let kind = if sort == "Problem" {
        Kind::Page(PageAct::Notified)
    } else {
        Kind::Log
    };
    let mut parts = name.split('!');
    let host = parts.next()?;
    let service = parts.next().filter(|_| name.matches('!').count() > 1);
    let mut record = Record::new(kind, text.to_owned());
    record.host = Some(Cow::Owned(host.to_owned()));
    record.service = service.map(|s| Cow::Owned(s.to_owned()));
    let id = service.map_or_else(|| host.to_owned(), |s| format!("{host}/{s}"));
    record.fields.push(field::ID, id);
    record.fields.push("notification", sort.to_owned());
    record.fields.push("notified", user.to_owned());
    Some(record)
}

/// `Executing external command: [1453174195] ACKNOWLEDGE_SVC_PROBLEM;…`
fn ordered<'a>(text: &str) -> Option<Record<'a>> {
    let (_, command) = text
        .strip_prefix("Executing external command: [")?
        .split_once("] ")?;
    let record = nagios::event(&format!("EXTERNAL COMMAND: {command}"));
    (record.kind != Kind::Log).then_some(record)
}
