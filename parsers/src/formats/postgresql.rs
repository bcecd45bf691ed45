//! The server log of PostgreSQL on stderr:
//! `2024-01-19 10:30:02.118 UTC [77] ledger@shop ERROR:  message`,
//! whatever `log_line_prefix` puts between the time and the severity.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::text::{first_line, message_from};
use crate::token::{blank, epoch, level, time};
use memchr::memchr_iter;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "postgresql",
    title: "PostgreSQL server log",
    reference: "https://www.postgresql.org/docs/current/runtime-config-logging.html",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/postgresql/input.log"),
};

/// How far into a line its severity may stand.
const REACH: usize = 200;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let dated = line.strip_prefix(b"[").unwrap_or(line);
    let (rest, at) = time::iso(dated).ok().or_else(|| {
        let end = dated
            .iter()
            .position(|b| !b.is_ascii_digit() && *b != b'.')?;
        let (number, rest) = dated.split_at_checked(end)?;
        let at = epoch::epoch(std::str::from_utf8(number).ok()?)?;
        Some((rest, at))
    })?;
    let (prefix, word, message) = severity(rest)?;
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(at);
    record.level = level_of(word);
    record.fields.push(field::SEVERITY, word);
    origin(&mut record, prefix);
    if let Some(ms) = duration(message) {
        record.fields.push(field::LATENCY_MS, ms);
    }
    out.push(record);
    Some(())
}

/// What is before the severity, the severity, and the message behind its colon and two blanks.
fn severity(i: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let head = i.get(..i.len().min(REACH))?;
    memchr_iter(b':', head).find_map(|colon| {
        let behind = i.get(colon + 1..)?;
        if !behind.starts_with(b"  ") {
            return None;
        }
        let start = head
            .get(..colon)?
            .iter()
            .rposition(|b| !b.is_ascii_uppercase() && !b.is_ascii_digit())
            .map_or(0, |n| n + 1);
        let word = i.get(start..colon)?;
        is_severity(word).then_some((i.get(..start)?, word, blank(behind)))
    })
}

fn is_severity(word: &[u8]) -> bool {
    matches!(
        word,
        b"LOG"
            | b"ERROR"
            | b"FATAL"
            | b"PANIC"
            | b"WARNING"
            | b"NOTICE"
            | b"INFO"
            | b"DEBUG"
            | b"DEBUG1"
            | b"DEBUG2"
            | b"DEBUG3"
            | b"DEBUG4"
            | b"DEBUG5"
            | b"STATEMENT"
            | b"DETAIL"
            | b"HINT"
            | b"CONTEXT"
            | b"QUERY"
            | b"LOCATION"
            | b"BACKTRACE"
    )
}

/// The level of a severity; the lines that explain another one have none of their own.
fn level_of(word: &[u8]) -> Option<Level> {
    match word {
        b"STATEMENT" | b"DETAIL" | b"HINT" | b"CONTEXT" | b"QUERY" | b"LOCATION" | b"BACKTRACE" => {
            None
        }
        _ => level::word(word),
    }
}

/// `[77] ledger@shop`, `[77-1] user=ledger,db=shop,app=…,client=…`.
fn origin<'a>(record: &mut Record<'a>, prefix: &'a [u8]) {
    for token in prefix.split(|b| matches!(b, b' ' | b'[' | b']' | b',' | b'|')) {
        let token = token.strip_suffix(b":").unwrap_or(token);
        if let Some(n) = token.iter().position(|b| *b == b'=') {
            let (name, value) = token.split_at(n);
            let value = value.get(1..).unwrap_or_default();
            let name = match name {
                b"user" => field::USER,
                b"db" | b"database" => "database",
                b"client" | b"host" => field::CLIENT,
                b"app" => "application",
                _ => continue,
            };
            if !value.is_empty() && value != b"[unknown]" {
                record.fields.push(name, value);
            }
        } else if let Some(n) = token.iter().position(|b| *b == b'@') {
            let (user, database) = token.split_at(n);
            let database = database.split(|b| *b == b':').next().unwrap_or(database);
            let user = remote(record, user);
            if !user.is_empty() && user != b"[unknown]" {
                record.fields.push(field::USER, user);
                record
                    .fields
                    .push("database", database.get(1..).unwrap_or_default());
            }
        } else if !token.is_empty() && token.iter().all(|b| b.is_ascii_digit() || *b == b'-') {
            let pid = token.split(|b| *b == b'-').next().unwrap_or(token);
            if !pid.is_empty() && record.fields.get("pid").is_none() {
                record.fields.push("pid", pid);
            }
        }
    }
}

/// `:192.0.2.7(50112):ledger`, as managed databases have it: files who asks, gives the user.
fn remote<'a>(record: &mut Record<'a>, token: &'a [u8]) -> &'a [u8] {
    let Some(colon) = token.iter().rposition(|b| *b == b':') else {
        return token;
    };
    let (before, user) = token.split_at(colon);
    let address = before.strip_prefix(b":").unwrap_or(before);
    if let Some(open) = address.iter().position(|b| *b == b'(')
        && let Some(address) = address.get(..open).filter(|a| !a.is_empty())
    {
        record.fields.push(field::CLIENT, address);
    }
    user.get(1..).unwrap_or_default()
}

/// `duration: 1520.118 ms  statement: …`.
fn duration(message: &[u8]) -> Option<f64> {
    let rest = message.strip_prefix(b"duration: ")?;
    let end = rest.iter().position(|b| *b == b' ')?;
    millis(std::str::from_utf8(rest.get(..end)?).ok()?, Unit::Millis)
}
