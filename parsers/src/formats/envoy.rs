//! Envoy's and Istio's access log:
//! `[2024-01-19T10:30:02.118Z] "GET /cart HTTP/1.1" 503 UF 0 91 5001 - "-" "curl" "id" "shop" "192.0.2.33:8080"`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, quoted, text, word};
use crate::token::{blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "envoy",
    title: "Envoy / Istio access log",
    reference: "https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.first() == Some(&b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/envoy/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, inner) = bracketed(line).ok()?;
    let ([], at) = time::iso(inner).ok()? else {
        return None;
    };
    let asked = blank(rest);
    let (rest, request) = quoted(asked).ok()?;
    let (rest, status) = word(blank(rest)).ok()?;
    let status: i64 = std::str::from_utf8(status).ok()?.parse().ok()?;
    let said = asked.get(..asked.len().checked_sub(rest.len())?)?;
    let (rest, flags) = word(blank(rest)).ok()?;

    let mut record = Record::new(Kind::Access, text(said));
    record.at = Some(at);
    let mut words = request.split(|b| *b == b' ');
    if let (Some(method), Some(target)) = (words.next(), words.next())
        && method != b"-"
    {
        let path = target.split(|b| *b == b'?').next().unwrap_or(target);
        record.fields.push(field::METHOD, method);
        record.fields.push(field::PATH, path);
    }
    // Status 0: the connection was no request, or ended before there was an answer.
    record.fields.push(field::STATUS, status);
    if flags != b"-" {
        record.fields.push("flags", flags);
    }
    behind(&mut record, rest);
    out.push(record);
    Some(())
}

/// Numbers (received, sent, milliseconds, milliseconds of the upstream), then
/// quoted: forwarded for, agent, request id, authority, upstream. Istio puts
/// details of the answer before the numbers, one of them quoted.
fn behind<'a>(record: &mut Record<'a>, i: &'a [u8]) {
    let (mut rest, mut numbers, mut quotes) = (blank(i), Vec::new(), Vec::new());
    while let Some(first) = rest.first() {
        let found = if *first == b'"' {
            quoted(rest)
        } else {
            word(rest)
        };
        let Ok((after, value)) = found else { break };
        if *first == b'"' {
            if !numbers.is_empty() {
                quotes.push(value);
            }
        } else if let Some(n) = std::str::from_utf8(value)
            .ok()
            .and_then(|v| v.parse::<i64>().ok())
        {
            numbers.push(n);
        }
        rest = blank(after);
    }
    if let Some(ms) = numbers.get(2) {
        #[allow(clippy::cast_precision_loss)]
        record.fields.push(field::LATENCY_MS, *ms as f64);
    }
    let names = [
        "forwarded_for",
        "user_agent",
        field::REQUEST_ID,
        "vhost",
        "upstream",
    ];
    for (name, value) in names.into_iter().zip(quotes) {
        if value != b"-" {
            record.fields.push(name, value);
        }
    }
    let client = record
        .fields
        .text("forwarded_for")
        .and_then(|f| f.split(',').next())
        .map(|c| c.trim().to_owned());
    if let Some(client) = client {
        record.fields.push(field::CLIENT, client);
    }
}
