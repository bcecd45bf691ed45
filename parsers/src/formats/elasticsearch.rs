//! Elasticsearch's and OpenSearch's log as text:
//! `[2024-01-19T10:30:02,118][WARN ][i.s.s.query] [node-1] [shop][0] took[1.2s], …`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::text::{bracketed, first_line, message_from, text};
use crate::token::{blank, level, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "elasticsearch",
    title: "Elasticsearch / OpenSearch log",
    reference: "https://www.elastic.co/guide/en/elasticsearch/reference/current/logging.html",
    cut: Cut::Line,
    specificity: 75,
    hint: |i| i.first() == Some(&b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/elasticsearch/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, inner) = bracketed(line).ok()?;
    let ([], at) = time::iso(inner).ok()? else {
        return None;
    };
    // Level and logger follow without a blank, padded within their brackets.
    let (rest, word) = bracketed(rest).ok()?;
    let level = level::word(word.trim_ascii())?;
    let (rest, logger) = bracketed(rest).ok()?;
    let logger = logger.trim_ascii();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"._-$/".contains(b);
    if logger.is_empty() || !logger.iter().all(plain) {
        return None;
    }
    // Logstash has the same front, but no node behind it.
    let (rest, node) = bracketed(rest.strip_prefix(b" ").map(blank)?).ok()?;
    let message = blank(rest);
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(at);
    record.level = Some(level);
    record.host = Some(text(node.trim_ascii())).filter(|n| !n.is_empty());
    record.fields.push(field::LOGGER, logger);
    if let Some(ms) = took(message) {
        record.fields.push(field::LATENCY_MS, ms);
        // A slow log speaks of an index and one of its shards first.
        if let Ok((_, index)) = bracketed(message) {
            let name = index.split(|b| *b == b'/').next().unwrap_or(index);
            record.fields.push("index", name);
        }
    }
    // That of an indexing slow log is the document's.
    let search = memchr::memmem::find(message, b"search_type[").is_some();
    if let Some(id) = named(message, b" id[").filter(|id| search && !id.is_empty()) {
        record.fields.push(field::REQUEST_ID, id);
    }
    if let Some(class) = trace::error_class(message).or_else(|| trace::error_class(more)) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `took_millis[2411]`
fn took(message: &[u8]) -> Option<f64> {
    let value = named(message, b"took_millis[")?;
    millis(std::str::from_utf8(value).ok()?, Unit::Millis)
}

/// What stands in the bracket that `name` opens.
fn named<'a>(message: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    // Only slow logs have such values.
    memchr::memmem::find(message, b"took[")?;
    let at = memchr::memmem::find(message, name)? + name.len();
    message.get(at..)?.split(|b| *b == b']').next()
}
