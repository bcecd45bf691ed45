//! PostgreSQL's csvlog, which has no header: the columns are known, and messages
//! and statements may span lines.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::{csv, level, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "postgresql-csv",
    title: "PostgreSQL csvlog",
    reference: "https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG",
    cut: Cut::Csv,
    specificity: 90,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/postgresql-csv/input.csv"),
};

/// Where the columns are that every version has.
mod column {
    pub(super) const TIME: usize = 0;
    pub(super) const USER: usize = 1;
    pub(super) const DATABASE: usize = 2;
    pub(super) const PROCESS: usize = 3;
    pub(super) const CLIENT: usize = 4;
    pub(super) const SESSION: usize = 5;
    pub(super) const SEVERITY: usize = 11;
    pub(super) const STATE: usize = 12;
    pub(super) const MESSAGE: usize = 13;
    pub(super) const DETAIL: usize = 14;
    pub(super) const HINT: usize = 15;
    pub(super) const QUERY: usize = 19;
    pub(super) const APPLICATION: usize = 22;
    /// Columns of the oldest version that is read.
    pub(super) const COUNT: usize = 22;
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let cells = csv::cells(entry, b',');
    if cells.len() < column::COUNT {
        return None;
    }
    let cell = |n: usize| cells.get(n).filter(|c| !c.is_empty()).cloned();
    let at = whole_stamp(&cell(column::TIME)?)?;
    let severity = cell(column::SEVERITY)?;
    let level = level::word(severity.as_bytes())?;
    let mut record = Record::new(
        Kind::Log,
        cell(column::MESSAGE).unwrap_or(Cow::Borrowed("")),
    );
    record.at = Some(at);
    record.level = Some(level);
    let named = [
        (field::SEVERITY, column::SEVERITY),
        (field::USER, column::USER),
        ("database", column::DATABASE),
        ("pid", column::PROCESS),
        (field::SESSION, column::SESSION),
        ("detail", column::DETAIL),
        ("hint", column::HINT),
        ("query", column::QUERY),
        ("application", column::APPLICATION),
    ];
    for (name, at) in named {
        if let Some(value) = cell(at) {
            record.fields.push(name, value);
        }
    }
    if let Some(state) = cell(column::STATE).filter(|s| s != "00000") {
        record.fields.push(field::ERROR, state);
    }
    if let Some(client) = cell(column::CLIENT) {
        let address = client
            .rsplit_once(':')
            .map_or(&*client, |(a, _)| a)
            .to_owned();
        record.fields.push(field::CLIENT, address);
    }
    if let Some(ms) = duration(&record.message) {
        record.fields.push(field::LATENCY_MS, ms);
    }
    out.push(record);
    Some(())
}

/// A cell that is a time and nothing else.
fn whole_stamp(cell: &str) -> Option<crate::stamp::Reading> {
    match time::iso(cell.as_bytes()) {
        Ok(([], at)) => Some(at),
        _ => None,
    }
}

/// `duration: 1520.118 ms  statement: …`.
fn duration(message: &str) -> Option<f64> {
    let (number, _) = message.strip_prefix("duration: ")?.split_once(' ')?;
    millis(number, Unit::Millis)
}
