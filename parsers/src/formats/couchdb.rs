//! CouchDB: `[notice] 2024-01-19T10:30:02.118042Z couchdb@node-1 <0.4117.0> 5c1e0c7f2a localhost:5984 192.0.2.7 ana GET /orders 200 ok 12`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text, word};
use crate::token::{blank, level, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "couchdb",
    title: "CouchDB",
    reference: "https://docs.couchdb.org/en/stable/config/logging.html",
    cut: Cut::Line,
    specificity: 88,
    hint: |i| i.starts_with(b"["),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/couchdb/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, level) = bracketed(line).ok()?;
    let level = level::word(level)?;
    let (rest, at) = time::iso(rest.strip_prefix(b" ")?).ok()?;
    let (rest, node) = word(blank(rest)).ok()?;
    let (rest, process) = word(blank(rest)).ok()?;
    process.strip_prefix(b"<0.")?.strip_suffix(b">")?;
    let (rest, request) = word(blank(rest)).ok()?;
    let said = blank(rest);

    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = Some(level);
    record.service = Some(Cow::Borrowed("couchdb"));
    // `couchdb@node-1`
    let host = node
        .iter()
        .position(|b| *b == b'@')
        .and_then(|n| node.get(n + 1..));
    record.host = host.filter(|h| *h != b"nohost").map(text);
    record.fields.push("process", process);
    if !request.starts_with(b"-") {
        record.fields.push(field::REQUEST_ID, request);
        served(&mut record, said);
    }
    out.push(record);
    Some(())
}

/// `localhost:5984 192.0.2.7 ana GET /orders 200 ok 12`: the last in milliseconds.
fn served<'a>(record: &mut Record<'a>, said: &'a [u8]) -> Option<()> {
    let mut words = said.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let (vhost, client, user) = (words.next()?, words.next()?, words.next()?);
    let (method, target) = (words.next()?, words.next()?);
    let number = |i: &[u8]| std::str::from_utf8(i).ok()?.parse::<i64>().ok();
    let status = number(words.next()?)?;
    let latency = words
        .next_back()
        .and_then(number)
        .and_then(|n| i32::try_from(n).ok());
    if !method.iter().all(u8::is_ascii_uppercase) || !target.starts_with(b"/") {
        return None;
    }
    record.kind = Kind::Access;
    record.fields.push("vhost", vhost);
    record.fields.push(field::CLIENT, client);
    if !matches!(user, b"undefined" | b"-") {
        record.fields.push(field::USER, user);
    }
    record.fields.push(field::METHOD, method);
    let path = target.split(|b| *b == b'?').next().unwrap_or(target);
    record.fields.push(field::PATH, path);
    record.fields.push(field::STATUS, status);
    if let Some(latency) = latency {
        record.fields.push(field::LATENCY_MS, f64::from(latency));
    }
    Some(())
}
