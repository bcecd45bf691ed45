//! Java's log4j, logback, log4j2, java.util.logging and Spring Boot, in the
//! usual orders of time, level, thread and logger, with stack traces.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::preamble::{Preamble, preamble, trailing_logger};
use crate::token::text::{first_line, message_from};
use crate::token::{blank, level, named, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "log4j",
    title: "log4j, logback and relatives (Java)",
    reference: "https://logging.apache.org/log4j/2.x/manual/pattern-layout.html",
    cut: Cut::Line,
    specificity: 20,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'[')
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/log4j/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (at, said) = time_first(line).or_else(|| level_first(line))?;
    // A level alone is everybody's; with a thread or a class in its place it is Java's.
    said.level?;
    let logger = said.logger.or_else(|| trailing_logger(said.message));
    if logger.is_none() && said.thread.is_none() {
        return None;
    }
    let mut record = Record::new(Kind::Log, message_from(entry, said.message));
    record.at = Some(at);
    Preamble { logger, ..said }.file(&mut record);
    let class = trace::error_class(said.message)
        .or_else(|| trace::error_class(more))
        .or_else(|| trace::mentioned(said.message));
    if let Some(class) = class {
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    out.push(record);
    Some(())
}

fn stamp(i: &[u8]) -> Option<(&[u8], Reading)> {
    time::any(Order::Unknown)(i)
        .or_else(|_| time::time_of_day(i))
        .ok()
}

/// `2024-01-19 10:30:02,118 INFO [main] a.b.C - message`.
fn time_first(line: &[u8]) -> Option<(Reading, Preamble<'_>)> {
    let opened = line.strip_prefix(b"[");
    let (rest, at) = stamp(opened.unwrap_or(line))?;
    let rest = match opened {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    Some((at, preamble(rest)))
}

/// `INFO  [main] 2024-01-19 10:30:02,118 C.java:92 - message`.
fn level_first(line: &[u8]) -> Option<(Reading, Preamble<'_>)> {
    let (rest, level) = level::level(line.strip_prefix(b"[").unwrap_or(line)).ok()?;
    let rest = blank(rest.strip_prefix(b"]").unwrap_or(rest));
    let before = preamble(rest);
    let (rest, at) = stamp(before.message).or_else(|| stamp(rest))?;
    let behind = preamble(rest);
    let said = Preamble {
        level: Some(level),
        thread: before.thread.or(behind.thread),
        logger: before.logger.or(behind.logger),
        ..behind
    };
    Some((at, said))
}
