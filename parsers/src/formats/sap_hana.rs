//! Trace files of SAP HANA:
//! `[10]{-1}[-1/-1] 2024-01-19 10:30:02.118042 e Basis    FileAccess.cpp(00469) : message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{first_line, message_from, until, word};
use crate::token::{blank, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "sap-hana",
    title: "SAP HANA trace",
    reference: "https://help.sap.com/docs/SAP_HANA_PLATFORM/6b94445c94ae495c83a19646e7c3fd56/a1b5e3a8bb571014b8f0d4a3a8c1bcbf.html",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.starts_with(b"["),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/sap-hana/input.trc"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, thread) = until(b']')(line.strip_prefix(b"[")?).ok()?;
    let (rest, connection) = until(b'}')(rest.strip_prefix(b"{")?).ok()?;
    let (rest, transaction) = until(b']')(rest.strip_prefix(b"[")?).ok()?;
    let (rest, at) = time::iso(blank(rest)).ok()?;
    let (rest, letter) = word(blank(rest)).ok()?;
    let (rest, component) = word(blank(rest)).ok()?;
    let (rest, source) = word(blank(rest)).ok()?;
    let said = blank(rest);
    let said = said.strip_prefix(b":").map_or(said, blank);

    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("hana"));
    record.level = match letter {
        b"d" => Some(Level::Debug),
        b"i" => Some(Level::Info),
        b"w" => Some(Level::Warn),
        b"e" => Some(Level::Error),
        b"f" => Some(Level::Fatal),
        _ => return None,
    };
    record.fields.push(field::LOGGER, component);
    record.fields.push("thread", thread);
    record.fields.push("source", source);
    if connection != b"-1" {
        record.fields.push("connection", connection);
    }
    if transaction != b"-1/-1" {
        record.fields.push("transaction", transaction);
    }
    out.push(record);
    Some(())
}
