//! The slow query log of MySQL, MariaDB and Percona Server: lines that begin with `#` say
//! when, who and how long, the statement follows over as many lines as it has.
//!
//! Before 5.7 a `# Time:` covers all statements of that second, so an entry runs from one to
//! the next and may record several; a file without any has its entries begin with the user.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::text::{first_line, text};
use crate::token::{blank, epoch, time};
use std::borrow::Cow;
use std::ops::Range;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mysql-slow",
    title: "MySQL / MariaDB slow query log",
    reference: "https://dev.mysql.com/doc/refman/8.0/en/slow-query-log.html",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.starts_with(b"# ") || i.starts_with(b"SET timestamp=") || is_banner(i),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/mysql-slow/input.log"),
};

const TIME: &[u8] = b"# Time: ";
const USER: &[u8] = b"# User@Host: ";
/// The column that stands for `# Time:` in the layout, where a file has that.
const TIMED: &str = "time";

fn learn(head: &[u8]) -> Layout {
    let mut layout = Layout::default();
    if cut::lines(head).any(|l| head.get(l).is_some_and(|l| l.starts_with(TIME))) {
        layout.columns.push(TIMED.to_owned());
    }
    layout
}

/// What the server writes when it opens a log, here and in the general log.
pub(super) fn is_banner(line: &[u8]) -> bool {
    let (line, _) = first_line(line);
    let started = line.ends_with(b"started with:") && line.contains(&b',');
    let port = line.starts_with(b"Tcp port: ") || line.starts_with(b"TCP Port: ");
    started || port || (line.starts_with(b"Time ") && line.ends_with(b"Command    Argument"))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    if is_banner(entry) {
        return Some(());
    }
    let timed = cx.layout.columns.iter().any(|c| c == TIMED);
    let stated = match entry.strip_prefix(TIME) {
        Some(rest) => Some(stamp(rest)?),
        None if entry.starts_with(USER) && !timed => None,
        None => return continued(entry, out),
    };
    let mut parts = statements(entry);
    if parts.is_empty() {
        parts.push(0..entry.len());
    }
    let several = parts.len() > 1;
    for part in parts {
        let mut record = statement(entry.get(part.clone())?);
        record.at = stated.or(record.at);
        record.part = several.then_some(part);
        out.push(record);
    }
    Some(())
}

fn stamp(i: &[u8]) -> Option<Reading> {
    let i = blank(i);
    time::iso(i)
        .or_else(|_| time::six_digits(i))
        .ok()
        .map(|(_, at)| at)
}

/// Lines that only a slow log has, but that do not begin an entry.
fn continued<'a>(line: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
    let words: [&[u8]; 8] = [
        USER,
        b"# Query_time: ",
        b"# Thread_id: ",
        b"# Schema: ",
        b"# Bytes_sent: ",
        b"# Rows_affected: ",
        b"# administrator command: ",
        b"SET timestamp=",
    ];
    if !words.iter().any(|w| line.starts_with(w)) {
        return None;
    }
    let mut record = Record::new(Kind::Log, text(line));
    record.continues = true;
    out.push(record);
    Some(())
}

/// Where the statements of an entry are: each from its `# User@Host:` on, the first with the
/// time before it.
fn statements(entry: &[u8]) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = cut::lines(entry)
        .filter(|l| entry.get(l.clone()).is_some_and(|l| l.starts_with(USER)))
        .map(|l| l.start)
        .collect();
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([entry.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(s, e)| s..e)
        .collect()
}

/// Reads one statement with the lines about it.
fn statement(part: &[u8]) -> Record<'_> {
    let mut record = Record::new(Kind::Log, "");
    let mut said: Option<Range<usize>> = None;
    for line in cut::lines(part) {
        let bytes = part.get(line.clone()).unwrap_or_default();
        if let Some(about) = bytes.strip_prefix(b"# ") {
            if said.is_none() {
                header(&mut record, about);
            }
        } else if let Some(seconds) = bytes.strip_prefix(b"SET timestamp=") {
            let digits = seconds.split(|b| *b == b';').next().unwrap_or_default();
            record.at = std::str::from_utf8(digits).ok().and_then(epoch::epoch);
        } else if let (None, Some(name)) = (&said, used(bytes)) {
            record.fields.push("database", text(name));
        } else if !bytes.is_empty() {
            said = Some(said.map_or(line.start, |s| s.start)..line.end);
        }
    }
    let said = said.and_then(|s| part.get(s)).unwrap_or_default();
    if !said.is_empty() {
        record.message = text(said);
    } else if record.message.is_empty() {
        record.message = text(part.trim_ascii_end());
    }
    record
}

/// `use shop;`
fn used(line: &[u8]) -> Option<&[u8]> {
    let name = line.strip_prefix(b"use ")?.strip_suffix(b";")?;
    Some(name.trim_ascii())
}

/// A line behind `# `: the user, an administrator's command, or `Name: value` pairs.
fn header<'a>(record: &mut Record<'a>, about: &'a [u8]) {
    if let Some(account) = about.strip_prefix(b"User@Host: ") {
        user(record, account);
    } else if about.starts_with(b"administrator command: ") {
        record.message = text(about);
    } else if !about.starts_with(b"Time: ") {
        pairs(record, about);
    }
}

/// `basket[basket] @ app-07.example [192.0.2.7]  Id:  8812`
fn user<'a>(record: &mut Record<'a>, i: &'a [u8]) {
    let mut around = i.splitn(2, |b| *b == b'@');
    let name = around.next().unwrap_or_default();
    let name = name.split(|b| *b == b'[').next().unwrap_or_default();
    if !name.trim_ascii().is_empty() {
        record.fields.push(field::USER, text(name.trim_ascii()));
    }
    let Some(rest) = around.next() else { return };
    let mut places = rest.splitn(2, |b| *b == b'[');
    let host = places.next().unwrap_or_default().trim_ascii();
    let address = places.next().and_then(|a| a.split(|b| *b == b']').next());
    let client = address.filter(|a| !a.is_empty()).unwrap_or(host);
    if !client.is_empty() {
        record.fields.push(field::CLIENT, text(client));
    }
    if let Some(n) = memchr::memmem::find(rest, b"Id:") {
        let id = rest.get(n + 3..).unwrap_or_default().trim_ascii();
        record.fields.push("thread", text(id));
    }
}

/// `Query_time: 7.412331  Lock_time: 0.000118 Rows_sent: 1  Rows_examined: 418233`
fn pairs<'a>(record: &mut Record<'a>, i: &'a [u8]) {
    let mut name: Option<&[u8]> = None;
    for token in i.split(u8::is_ascii_whitespace) {
        if let Some(named) = token.strip_suffix(b":") {
            name = Some(named);
        } else if let (false, Some(named)) = (token.is_empty(), name.take()) {
            pair(record, named, text(token));
        }
    }
}

fn pair<'a>(record: &mut Record<'a>, name: &'a [u8], value: Cow<'a, str>) {
    let fields = &mut record.fields;
    let ms = |v: &str| millis(v, Unit::Seconds);
    match name {
        b"Query_time" => match ms(&value) {
            Some(ms) => fields.push(field::LATENCY_MS, ms),
            None => fields.push("query_time", value),
        },
        b"Lock_time" => match ms(&value) {
            Some(ms) => fields.push("lock_ms", ms),
            None => fields.push("lock_time", value),
        },
        b"Thread_id" => fields.push("thread", value),
        b"Schema" => fields.push("database", value),
        _ => {
            let name = text(name).to_ascii_lowercase();
            match value.parse::<i64>() {
                Ok(number) => fields.push(name, number),
                Err(_) => fields.push(name, value),
            }
        }
    }
}
