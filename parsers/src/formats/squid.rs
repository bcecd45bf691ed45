//! Squid's native access log:
//! `1705660202.118   250 192.0.2.7 TCP_MISS/200 512 GET http://example.com/ alice HIER_DIRECT/192.0.2.9 text/html`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::epoch;
use crate::token::text::{first_line, text};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "squid",
    title: "Squid access log",
    reference: "https://wiki.squid-cache.org/Features/LogFormat",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit) && i.get(10) == Some(&b'.'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/squid/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (line, _) = first_line(entry);
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let at = epoch::epoch(words.next()?)?;
    let elapsed: f64 = words.next()?.parse().ok()?;
    let client = words.next()?;
    let result = words.next()?;
    let (_, status) = result.split_once('/')?;
    let bytes: i64 = words.next()?.parse().ok()?;
    let method = words.next()?;
    let url = words.next()?;
    let user = words.next()?;

    // From the result on, as it stands in the line.
    let said = line.find(result).and_then(|n| line.get(n..))?;
    let mut record = Record::new(Kind::Access, text(said.as_bytes()));
    record.at = Some(at);
    record.fields.push(field::CLIENT, client);
    record.fields.push(field::METHOD, method);
    record
        .fields
        .push(field::PATH, url.split('?').next().unwrap_or(url));
    record
        .fields
        .push(field::STATUS, status.parse::<i64>().ok()?);
    record.fields.push(field::LATENCY_MS, elapsed);
    record.fields.push("bytes", bytes);
    if user != "-" {
        record.fields.push(field::USER, user);
    }
    out.push(record);
    Some(())
}
