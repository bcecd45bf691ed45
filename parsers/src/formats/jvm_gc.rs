//! The garbage collector's log of the JVM: since Java 9 with its decorations in brackets
//! (`[2024-01-19T10:30:02.118+0000][info][gc] GC(7) Pause …`), before that with the time, the
//! uptime and nested brackets.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::text::{bracketed, first_line, message_from};
use crate::token::{Found, NOT, blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "jvm-gc",
    title: "JVM garbage collector log",
    reference: "https://openjdk.org/jeps/158",
    cut: Cut::Line,
    specificity: 78,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/jvm-gc/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    unified(entry, line, out).or_else(|| legacy(entry, line, out))
}

/// The tags that the collector and what stops the world with it log under.
const TAGS: &[&[u8]] = &[
    b"gc",
    b"safepoint",
    b"age",
    b"heap",
    b"ergo",
    b"metaspace",
    b"stringdedup",
];

fn unified<'a>(entry: &'a [u8], line: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
    let (mut rest, first) = bracketed(line).ok()?;
    let at = whole(time::iso, first).or_else(|| whole(uptime, first))?;
    let (mut level, mut tags) = (None, None);
    while let Ok((after, inner)) = bracketed(rest) {
        let inner = inner.trim_ascii();
        let first = inner.split(|b| *b == b',').next().unwrap_or(inner);
        if TAGS.contains(&first) {
            tags = Some(inner);
        } else {
            level = level.or_else(|| level::word(inner));
        }
        rest = after;
        if tags.is_some() {
            break; // the message may itself begin with a bracket
        }
    }
    let tags = tags?;
    let message = rest
        .strip_prefix(b" ")
        .or_else(|| rest.is_empty().then_some(rest))?;
    let mut record = Record::new(Kind::Log, message_from(entry, blank(message)));
    record.at = Some(at);
    record.level = level;
    record.fields.push(field::LOGGER, tags);
    if let Some(ms) = pause(message) {
        record.fields.push("pause_ms", ms);
    }
    out.push(record);
    Some(())
}

fn whole(read: fn(&[u8]) -> Found<'_, Reading>, i: &[u8]) -> Option<Reading> {
    match read(i) {
        Ok(([], found)) => Some(found),
        _ => None,
    }
}

/// `41.233s`, where nobody asked for the time of day.
fn uptime(i: &[u8]) -> Found<'_, Reading> {
    let (rest, at) = time::uptime(i)?;
    Ok((rest.strip_prefix(b"s").ok_or(NOT)?, at))
}

/// `… Pause Young (Normal) 3104M->1811M(4096M) 7.412ms`
fn pause(message: &[u8]) -> Option<f64> {
    memchr::memmem::find(message, b"Pause ")?;
    let last = message.trim_ascii_end().rsplit(|b| *b == b' ').next()?;
    let number = last.strip_suffix(b"ms")?;
    millis(std::str::from_utf8(number).ok()?, Unit::Millis)
}

/// `2024-01-19T10:30:02.118+0000: 41.233: [GC (Allocation Failure) …, 0.0845560 secs]`
fn legacy<'a>(entry: &'a [u8], line: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
    let (rest, at) = time::iso(line).ok()?;
    let rest = rest.strip_prefix(b": ")?;
    let (rest, _) = time::uptime(rest).ok()?;
    let message = rest.strip_prefix(b": ")?;
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(at);
    record.fields.push(field::LOGGER, "gc");
    if let Some(ms) = stopped(message) {
        record.fields.push("pause_ms", ms);
    }
    out.push(record);
    Some(())
}

/// The last duration of a collection is that of all of it: `0.0845560 secs]`; else that for
/// which threads were stopped.
fn stopped(message: &[u8]) -> Option<f64> {
    let of = |end: usize| {
        let before = message.get(..end)?;
        let number = before.rsplit(|b| *b == b' ').next()?;
        millis(std::str::from_utf8(number).ok()?, Unit::Seconds)
    };
    if let Some(rest) =
        message.strip_prefix(b"Total time for which application threads were stopped: ")
    {
        let end = rest.iter().position(|b| *b == b' ')?;
        return millis(std::str::from_utf8(rest.get(..end)?).ok()?, Unit::Seconds);
    }
    // `[Times: …, real=0.08 secs]` follows in its own bracket.
    let own = memchr::memmem::find(message, b"[Times:").unwrap_or(message.len());
    of(memchr::memmem::rfind(message.get(..own)?, b" secs")?)
}
