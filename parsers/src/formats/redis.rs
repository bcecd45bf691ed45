//! Redis and Valkey: `7:M 19 Jan 2024 10:30:02.118 * message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record};
use crate::stamp::Reading;
use crate::token::text::{byte, first_line, message_from, until};
use crate::token::{Found, NOT, epoch, number, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "redis",
    title: "Redis / Valkey log",
    reference: "https://github.com/redis/redis/blob/unstable/src/server.c",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/redis/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (pid, role)) = process(line).unwrap_or((line, (None, None)));
    let (rest, at, level) = match signal(rest) {
        Ok((rest, at)) => (rest, at, None),
        Err(_) => {
            let (rest, at) = time::day_month(rest).ok()?;
            let (rest, level) = mark(rest).ok()?;
            (rest, at, Some(level))
        }
    };
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.level = level;
    if let Some(pid) = pid {
        record.fields.push("pid", pid);
    }
    if let Some(role) = role {
        record.fields.push("role", role);
    }
    out.push(record);
    Some(())
}

type Process<'a> = (Option<i64>, Option<&'a str>);

/// `7:M `, `7:signal-handler `, or `[7] ` of the first versions.
fn process(i: &[u8]) -> Found<'_, Process<'_>> {
    if let Some(rest) = i.strip_prefix(b"[") {
        let (rest, pid) = number(1, 9)(rest)?;
        let rest = rest.strip_prefix(b"] ").ok_or(NOT)?;
        return Ok((rest, (Some(pid), None)));
    }
    let (rest, pid) = number(1, 9)(i)?;
    let (rest, ()) = byte(b':')(rest)?;
    let (rest, role) = until(b' ')(rest)?;
    let role = match role {
        b"M" => Some("master"),
        b"S" => Some("replica"),
        b"C" => Some("child"),
        b"X" => Some("sentinel"),
        b"signal-handler" => None,
        _ => return Err(NOT),
    };
    Ok((rest, (Some(pid), role)))
}

/// `(1705660202) ` of the signal handler, which cannot format a date.
fn signal(i: &[u8]) -> Found<'_, Reading> {
    let (rest, ()) = byte(b'(')(i)?;
    let (rest, seconds) = until(b')')(rest)?;
    let at = std::str::from_utf8(seconds)
        .ok()
        .and_then(epoch::epoch)
        .ok_or(NOT)?;
    Ok((rest.strip_prefix(b" ").ok_or(NOT)?, at))
}

/// The character that stands for the level.
fn mark(i: &[u8]) -> Found<'_, Level> {
    let level = match i.get(..3) {
        Some(b" . " | b" - ") => Level::Debug,
        Some(b" * ") => Level::Info,
        Some(b" # ") => Level::Warn,
        _ => return Err(NOT),
    };
    Ok((i.get(3..).unwrap_or_default(), level))
}
