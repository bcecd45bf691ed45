//! HAProxy's HTTP and TCP logs, bare or behind a syslog header:
//! `192.0.2.7:33317 [19/Jan/2024:10:30:02.118] http-in shop/web-1 10/0/30/69/109 200 2750 …`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::text::{bracketed, first_line, quoted, text, word};
use crate::token::{blank, level, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "haproxy",
    title: "HAProxy",
    reference: "https://docs.haproxy.org/3.0/configuration.html#8.2",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| memchr::memmem::find(i, b" [").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/haproxy/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let open = memchr::memmem::find(line, b" [")?;
    // A process id in brackets may stand before: the time is behind the client.
    let (before, at, rest) = [open]
        .into_iter()
        .chain(memchr::memmem::find_iter(line, b" [").skip(1).take(2))
        .find_map(|open| accepted(line, open))?;
    let client = before.split(|b| *b == b' ').next_back()?;
    let (address, _port) = rsplit(client, b':')?;
    let (rest, frontend) = word(rest).ok()?;
    let (rest, backend) = word(blank(rest)).ok()?;
    let (backend, server) = rsplit(backend, b'/')?;
    // Some put a captured host between the server and the timers.
    let (rest, timers) = numbers(blank(rest))?;

    let said = line.get(line.len().checked_sub(rest.len())?..)?;
    let mut record = Record::new(Kind::Log, text(said.trim_ascii()));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("haproxy"));
    record.host = host(before);
    if address != b"-" {
        record.fields.push(field::CLIENT, address);
    }
    for (name, value) in [
        ("frontend", frontend),
        ("backend", backend),
        ("server", server),
    ] {
        record.fields.push(name, value);
    }
    if let Some(total) = timers.last().filter(|t| **t >= 0) {
        #[allow(clippy::cast_precision_loss)]
        record.fields.push(field::LATENCY_MS, *total as f64);
    }
    request(&mut record, rest);
    out.push(record);
    Some(())
}

/// The time of acceptance in the brackets that open behind `open`, what is before and behind.
fn accepted(line: &[u8], open: usize) -> Option<(&[u8], Reading, &[u8])> {
    let (rest, inner) = bracketed(line.get(open + 1..)?).ok()?;
    match time::clf(inner) {
        Ok(([], at)) => Some((line.get(..open)?, at, blank(rest))),
        _ => None,
    }
}

fn rsplit(i: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = i.iter().rposition(|b| *b == mark)?;
    Some((i.get(..at)?, i.get(at + 1..)?))
}

/// `10/0/30/69/109`: milliseconds by phase, the whole last; -1 where a phase was
/// not reached, `+` where the session went on after the line was written.
fn numbers(i: &[u8]) -> Option<(&[u8], Vec<i64>)> {
    let mut rest = i;
    for _ in 0..2 {
        let (after, token) = word(rest).ok()?;
        let timers: Option<Vec<i64>> = token
            .split(|b| *b == b'/')
            .map(|t| {
                std::str::from_utf8(t)
                    .ok()?
                    .trim_start_matches('+')
                    .parse()
                    .ok()
            })
            .collect();
        if let Some(timers) = timers.filter(|t| t.len() >= 3) {
            return Some((blank(after), timers));
        }
        rest = blank(after);
    }
    None
}

/// The machine of the syslog header: the word before `haproxy[7]:`.
fn host(before: &[u8]) -> Option<Cow<'_, str>> {
    let mut words = before.split(|b| *b == b' ').rev().skip(1);
    let program = words.find(|w| w.ends_with(b":"))?;
    let host = words.next()?;
    let named = program.contains(&b'[') && level::word(host).is_none();
    named.then(|| text(host))
}

/// Status and bytes of HTTP mode, and the quoted request at the end.
fn request<'a>(record: &mut Record<'a>, i: &'a [u8]) {
    let Some(open) = memchr::memchr(b'"', i) else {
        return;
    };
    let Ok((_, request)) = i.get(open..).map_or(Err(crate::token::NOT), quoted) else {
        return;
    };
    let number = |n: usize| -> Option<i64> {
        let token = i.split(|b| *b == b' ').nth(n)?;
        std::str::from_utf8(token).ok()?.parse().ok()
    };
    if let Some(status) = number(0).filter(|s| (100..600).contains(s)) {
        record.kind = Kind::Access;
        record.fields.push(field::STATUS, status);
    }
    if let Some(bytes) = number(1) {
        record.fields.push("bytes", bytes);
    }
    let mut words = request.split(|b| *b == b' ');
    if let (Some(method), Some(target)) = (words.next(), words.next()) {
        let path = target.split(|b| *b == b'?').next().unwrap_or(target);
        record.fields.push(field::METHOD, method);
        record.fields.push(field::PATH, path);
    }
}
