//! Error logs of IBM MQ: a head with time and process, attributes one a line, then the message with its
//! code, its explanation and what to do.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::{Reading, When};
use crate::token::date::{self, Order};
use crate::token::text::{first_line, text};
use crate::token::time;
use memchr::memmem;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "ibm-mq",
    title: "IBM MQ error log",
    reference: "https://www.ibm.com/docs/en/ibm-mq/9.3?topic=problems-error-logs-aix-linux-windows",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/ibm-mq/input.log"),
};

/// The order of numbers in a date is that of the locale.
fn learn(head: &[u8]) -> Layout {
    let mut layout = Layout::default();
    for line in cut::lines(head).filter_map(|r| head.get(r)) {
        if memmem::find(line, b" - Process(").is_none() {
            continue;
        }
        let mut possible = date::orders(line);
        possible.retain(|order| *order != Order::YearFirst);
        if let [order] = possible[..] {
            layout.dates = order;
        }
    }
    layout
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, at) = time::any(cx.layout.dates)(line).ok()?;
    let attributes = rest.strip_prefix(b" - ")?;
    attributes.starts_with(b"Process(").then_some(())?;
    let message = memmem::find(more, b"AMQ").and_then(|n| more.get(n..));
    let mut record = Record::new(Kind::Log, text(message.unwrap_or(attributes).trim_ascii()));
    record.at = Some(stated(more).unwrap_or(at));
    record.service = value(entry, b"QMgr(")
        .or(value(entry, b"Program("))
        .map(text);
    record.host = value(entry, b"Host(").map(text);
    record.level = message.and_then(severity);
    for (key, name) in [
        (&b"Process("[..], "pid"),
        (b"Program(", field::LOGGER),
        (b"User(", field::USER),
    ] {
        if let Some(value) = value(entry, key) {
            record.fields.push(name, value);
        }
    }
    if let Some(code) = message.and_then(code) {
        record.fields.push("code", code);
    }
    out.push(record);
    Some(())
}

/// Newer releases say the time once more, with its zone and fraction.
fn stated(more: &[u8]) -> Option<Reading> {
    let (_, at) = time::iso(value(more, b"Time(")?).ok()?;
    matches!(at.when, When::Instant(_)).then_some(at)
}

/// The letter behind the number: `AMQ9002E`.
fn severity(message: &[u8]) -> Option<Level> {
    Some(match code(message)?.last()? {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'S' | b'T' => Level::Fatal,
        _ => return None,
    })
}

/// The code that the message begins with: `AMQ5051I: The queue manager …`.
fn code(message: &[u8]) -> Option<&[u8]> {
    message.get(..memchr::memchr(b':', message).filter(|n| *n <= 9)?)
}

fn value<'a>(entry: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let value = entry.get(memmem::find(entry, key)? + key.len()..)?;
    value.get(..memchr::memchr(b')', value)?)
}
