//! Solr: `2024-01-19 10:30:02.118 INFO  (qtp1-23) [c:shop s:shard1 r:core_node2 x:shop_1] o.a.s.c.S.Request [shop_1] webapp=/solr path=/select params={q=*:*} hits=7 status=0 QTime=12`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text, until, word};
use crate::token::{blank, level, pairs, time, trace};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "solr",
    title: "Apache Solr",
    reference: "https://solr.apache.org/guide/solr/latest/deployment-guide/configuring-logging.html",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/solr/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, at) = time::iso(line).ok()?;
    let (rest, level) = level::level(blank(rest)).ok()?;
    let (rest, thread) = until(b')')(blank(rest).strip_prefix(b"(")?).ok()?;
    // Collection, shard, replica, core: any of them may be missing, the brackets are there.
    let (rest, context) = bracketed(blank(rest)).ok()?;
    let (rest, logger) = word(blank(rest)).ok()?;
    logger.starts_with(b"o.").then_some(())?;
    let said = blank(rest);

    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = Some(level);
    record.service = Some(Cow::Borrowed("solr"));
    record.fields.push(field::LOGGER, logger);
    record.fields.push("thread", thread);
    for part in context.split(|b| *b == b' ') {
        let name = match part.first() {
            Some(b'c') => "collection",
            Some(b's') => "shard",
            Some(b'x') => "core",
            Some(b't') => field::REQUEST_ID,
            _ => continue,
        };
        if let Some(value) = part.get(2..).filter(|_| part.get(1) == Some(&b':')) {
            record.fields.push(name, value);
        }
    }
    let said = text(said);
    for (name, value) in pairs::among_words(&said) {
        match name {
            "path" => record.fields.push(field::PATH, value.to_owned()),
            "QTime" => {
                if let Ok(ms) = value.parse::<f64>() {
                    record.fields.push(field::LATENCY_MS, ms);
                }
            }
            _ => {}
        }
    }
    if let Some(class) = error(&said).or_else(|| trace::error_class(more).map(str::to_owned)) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// The class that a message names first: `org.apache.solr.common.SolrException: undefined field`.
fn error(said: &str) -> Option<String> {
    let words = said.split_ascii_whitespace().take(4);
    words
        .filter_map(|w| trace::error_class(w.as_bytes()))
        .next()
        .map(str::to_owned)
}
