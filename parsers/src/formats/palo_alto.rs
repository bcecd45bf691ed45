//! Palo Alto firewalls' logs in CSV, with or without a line of syslog around them:
//! `Jan 19 10:30:02 fw-1 1,2024/01/19 10:30:02,0123456789,TRAFFIC,end,2561,2024/01/19 10:30:01,192.0.2.7,…`.
//! The time is that of the log's making, not that of its receipt.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::stamp::{Reading, When};
use crate::token::text::{first_line, text};
use crate::token::{csv, level, payload, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "palo-alto",
    title: "Palo Alto firewall",
    reference: "https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions",
    cut: Cut::Line,
    specificity: 88,
    hint: |i| i.contains(&b','),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/palo-alto/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    // The first column is of no use and ends with the comma before the time of receipt.
    let comma = memchr::memchr(b',', line)?;
    let (before, rest) = line.split_at_checked(comma)?;
    let before = before.get(..before.iter().rposition(|b| *b == b' ').unwrap_or(0))?;
    let cells = csv::cells(rest.get(1..)?, b',');
    let cell = |n: usize| {
        cells
            .get(n)
            .map(AsRef::as_ref)
            .filter(|c: &&str| !c.is_empty())
    };
    let received = dated(cell(0)?)?;
    let (kind, subtype) = (cell(2)?, cell(3)?);
    if kind.len() > 14 || !kind.bytes().all(|b| b.is_ascii_uppercase() || b == b'-') {
        return None;
    }
    let made = cell(5).and_then(dated).unwrap_or(received);

    let mut record = Record::new(Kind::Log, text(rest.get(1..)?));
    record.at = Some(made);
    record.host = before
        .rsplit(|b| *b == b' ')
        .next()
        .filter(|h| !h.is_empty())
        .map(text);
    record.service = Some(Cow::Borrowed("pan-os"));
    record.fields.push("type", kind.to_owned());
    record.fields.push("subtype", subtype.to_owned());
    let mut put = |name, n: usize| {
        if let Some(value) = cell(n) {
            record.fields.push(name, value.to_owned());
        }
    };
    match kind {
        "TRAFFIC" | "THREAT" => {
            put(field::CLIENT, 6);
            put("destination", 7);
            put("rule", 10);
            put(field::USER, 11);
            put("application", 13);
            put("action", 29);
            record.level = cell(33).filter(|_| kind == "THREAT").and_then(severity);
        }
        "SYSTEM" => {
            put("event_id", 7);
            record.level = cell(12).and_then(severity);
        }
        "CONFIG" => {
            put(field::CLIENT, 6);
            let done = !cell(11).is_some_and(|r| r.eq_ignore_ascii_case("failed"));
            let state = if done {
                ChangeState::Finished
            } else {
                ChangeState::Failed
            };
            record.kind = Kind::Change(state);
            record.fields.push(field::CHANGE, "config");
            record.actor = cell(9).map(|admin| payload::actor(admin.to_owned(), false));
        }
        _ => {}
    }
    out.push(record);
    Some(())
}

fn dated(cell: &str) -> Option<Reading> {
    let slashed = cell.as_bytes();
    let (rest, at) = time::slashed(slashed).ok()?;
    (rest.is_empty() && matches!(at.when, When::Local(_) | When::Instant(_))).then_some(at)
}

fn severity(word: &str) -> Option<Level> {
    level::word(word.as_bytes()).or_else(|| payload::severity(word))
}
