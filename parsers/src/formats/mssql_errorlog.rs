//! SQL Server's error log: `2024-01-19 10:30:02.11 spid51      Error: 18456, Severity: 14, State: 8.`
//! Files are as a rule UTF-16, which the source has transcoded.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Precision;
use crate::token::text::{first_line, message_from, word};
use crate::token::{blank, number, time};
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mssql-errorlog",
    title: "SQL Server error log",
    reference: "https://learn.microsoft.com/en-us/sql/tools/configuration-manager/viewing-the-sql-server-error-log",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mssql-errorlog/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    if at.precision != Precision::Fraction(2) {
        return None;
    }
    let (rest, source) = word(rest.strip_prefix(b" ")?).ok()?;
    // The source fills a column of twelve: a blank at least stands behind it.
    if !is_source(source) || !rest.starts_with(b" ") {
        return None;
    }
    let said = blank(rest);
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("mssql"));
    record.fields.push(field::LOGGER, source);
    if let Some((error, severity)) = numbered(said) {
        record.fields.push(field::ERROR, error);
        record.fields.push(field::SEVERITY, severity);
        record.level = Some(match severity {
            0..=10 => Level::Info,
            11..=19 => Level::Error,
            _ => Level::Fatal,
        });
    } else if said.starts_with(b"Login failed") {
        record.level = Some(Level::Error);
    }
    let parts = [
        (field::USER, between(said, b"user '", b'\'')),
        (field::CLIENT, between(said, b"[CLIENT: ", b']')),
    ];
    record.fields.push_known(parts);
    out.push(record);
    Some(())
}

/// `spid51`, `spid12s`, `Server`, `Logon`, `Backup` and what else speaks there.
fn is_source(name: &[u8]) -> bool {
    let spid = name.strip_prefix(b"spid").is_some_and(|n| {
        let digits = n.iter().take_while(|b| b.is_ascii_digit()).count();
        digits > 0 && matches!(n.get(digits..), Some(b"" | b"s"))
    });
    spid || matches!(
        name,
        b"Server" | b"Logon" | b"Backup" | b"Launchpad" | b"Restore"
    )
}

/// The numbers of `Error: 18456, Severity: 14, State: 8.`
fn numbered(said: &[u8]) -> Option<(i64, i64)> {
    let (rest, error) = number(1, 6)(said.strip_prefix(b"Error: ")?).ok()?;
    let (_, severity) = number(1, 2)(rest.strip_prefix(b", Severity: ")?).ok()?;
    Some((error, severity))
}

fn between<'a>(said: &'a [u8], before: &[u8], end: u8) -> Option<&'a [u8]> {
    let start = memmem::find(said, before)? + before.len();
    let value = said.get(start..)?;
    value.get(..memchr::memchr(end, value)?)
}
