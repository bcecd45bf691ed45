//! W3C extended log files, as IIS, HTTPERR and CloudFront write: a `#Fields:` line
//! names the columns.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::request::backend;
use crate::token::role::{Role, role};
use crate::token::text::{first_line, text};
use crate::token::time;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "w3c",
    title: "W3C extended log (IIS, CloudFront)",
    reference: "https://www.w3.org/TR/WD-logfile.html",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'#'),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/w3c/input.log"),
};

fn learn(head: &[u8]) -> Layout {
    let columns = crate::cut::lines(head)
        .filter_map(|r| head.get(r)?.strip_prefix(b"#Fields:"))
        .next()
        .map(|names| {
            text(names)
                .split_ascii_whitespace()
                .map(str::to_lowercase)
                .collect()
        });
    Layout {
        columns: columns.unwrap_or_default(),
        ..Layout::default()
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let columns = &cx.layout.columns;
    let (line, _) = first_line(entry);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if columns.is_empty() {
        return None;
    }
    if line.starts_with(b"#") {
        return Some(()); // a directive: it records nothing
    }
    let tabs = line.contains(&b'\t');
    let cells: Vec<&[u8]> = line
        .split(|b| if tabs { *b == b'\t' } else { *b == b' ' })
        .collect();
    if cells.len() != columns.len() {
        return None;
    }
    let cell = |name: &str| {
        let n = columns.iter().position(|c| c == name)?;
        cells.get(n).copied().filter(|c| !matches!(*c, b"-" | b""))
    };
    let dated = [cell("date")?, b" ", cell("time")?].concat();
    let (_, at) = time::iso(&dated).ok()?;
    let mut record = Record::new(Kind::Access, text(line));
    // The draft and the servers say that these times are in UTC.
    record.at = Some(at.at_offset(0));
    for (column, name) in NAMES {
        if let (None, Some(value)) = (record.fields.get(name), cell(column)) {
            // HTTPERR has the query in the same column.
            let value = match *name {
                field::PATH => value.split(|b| *b == b'?').next().unwrap_or(value),
                _ => value,
            };
            record.fields.push(*name, value);
        }
    }
    if let (None, Some(id)) = (
        record.fields.get(field::REQUEST_ID),
        cell("cs-uri-query").and_then(asked_as),
    ) {
        record.fields.push(field::REQUEST_ID, id);
    }
    record.service = cell("cs-uri-query")
        .and_then(asked_of)
        .or_else(|| {
            ["s-sitename", "s-queuename"]
                .iter()
                .find_map(|n| site(cell(n)?))
        })
        .map(Cow::Borrowed);
    numbers(&mut record, &cell);
    if record.fields.get(field::METHOD).is_none() {
        record.kind = Kind::Log;
    }
    out.push(record);
    Some(())
}

/// The id of the request that a front or a client puts into the query: `page=2&rid=5d0c66e91a42`.
fn asked_as(query: &[u8]) -> Option<&[u8]> {
    query.split(|b| *b == b'&').find_map(|pair| {
        let at = pair.iter().position(|b| *b == b'=')?;
        let (name, value) = (pair.get(..at)?, pair.get(at + 1..)?);
        let is_id = matches!(role(std::str::from_utf8(name).ok()?)?.0, Role::RequestId);
        (is_id && value.len() >= 8).then_some(value)
    })
}

/// The service that a front passed the request on to and says so behind the query: `id=7&svc=basket`.
fn asked_of(query: &[u8]) -> Option<&str> {
    let query = std::str::from_utf8(query).ok()?;
    query.split('&').rev().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let behind = name == "svc" || matches!(role(name)?.0, Role::Backend);
        backend(value).filter(|_| behind)
    })
}

/// A site or a pool by a name that somebody gave it: `W3SVC1` and `DefaultAppPool` are of the server's making.
fn site(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let lower = name.to_ascii_lowercase();
    let own =
        !lower.starts_with("w3svc") && !lower.starts_with("default") && !lower.starts_with(".net");
    backend(name).filter(|_| own)
}

/// Columns and the fields that they are; the first column of a field has it.
const NAMES: &[(&str, &str)] = &[
    ("c-ip", field::CLIENT),
    ("cs-method", field::METHOD),
    ("cs-uri-stem", field::PATH),
    ("cs-uri", field::PATH),
    ("cs-username", field::USER),
    ("x-edge-request-id", field::REQUEST_ID),
    ("cs-host", "vhost"),
    ("cs(host)", "vhost"),
    ("cs(user-agent)", "user_agent"),
    ("s-reason", "reason"),
    ("s-computername", "server"),
    ("sc-substatus", "substatus"),
];

fn numbers<'c>(record: &mut Record<'_>, cell: &dyn Fn(&str) -> Option<&'c [u8]>) {
    let number = |name| std::str::from_utf8(cell(name)?).ok();
    if let Some(status) = number("sc-status").and_then(|s| s.parse::<i64>().ok()) {
        record.fields.push(field::STATUS, status);
    }
    if let Some(taken) = number("time-taken") {
        // IIS counts milliseconds; CloudFront seconds, with a fraction.
        let unit = if taken.contains('.') {
            Unit::Seconds
        } else {
            Unit::Millis
        };
        if let Some(ms) = millis(taken, unit) {
            record.fields.push(field::LATENCY_MS, ms);
        }
    }
}
