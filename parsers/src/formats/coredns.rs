//! CoreDNS: `[INFO] 192.0.2.7:50112 - 42 "A IN shop.example. udp 52 false 512" NOERROR qr,rd 106 0.000123s`.
//! It states no time of its own since 1.4; before that, and where whoever collects it adds
//! one, it comes first.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::duration::{Unit, millis};
use crate::token::text::{bracketed, first_line, message_from, quoted, text, without_port, word};
use crate::token::{blank, level, number, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "coredns",
    title: "CoreDNS log",
    reference: "https://coredns.io/plugins/log/",
    cut: Cut::Line,
    specificity: 78,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/coredns/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = match time::iso(line) {
        Ok((rest, at)) => (blank(rest), Some(at)),
        Err(_) => (line, None),
    };
    let (rest, severity) = bracketed(rest).ok()?;
    let known = matches!(
        severity,
        b"INFO" | b"WARNING" | b"ERROR" | b"DEBUG" | b"FATAL" | b"PANIC"
    );
    let level = known.then(|| level::word(severity))??;
    let message = rest.strip_prefix(b" ")?;
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = at;
    record.level = Some(level);
    if query(&mut record, message).is_none() {
        // Without a query or a plugin it might be anybody's, but for these.
        let own = [
            &b"No files matching import glob pattern"[..],
            b"Reloading",
            b"SIGTERM",
            b"Still waiting on: ",
        ];
        let (_, plugin) = word(message).ok()?;
        let plugin = plugin.strip_suffix(b":");
        match plugin.filter(|p| p.starts_with(b"plugin/")) {
            Some(plugin) => record.fields.push(field::LOGGER, plugin),
            None if own.iter().any(|o| message.starts_with(o)) => {}
            None => return None,
        }
    }
    out.push(record);
    Some(())
}

/// A query and its answer.
fn query<'a>(record: &mut Record<'a>, i: &'a [u8]) -> Option<()> {
    let (rest, client) = word(i).ok()?;
    let rest = blank(rest).strip_prefix(b"- ")?;
    let (rest, _) = number(1, 9)(rest).ok()?;
    let (rest, asked) = quoted(blank(rest)).ok()?;
    let (rest, code) = word(blank(rest)).ok()?;
    let mut words = asked.split(|b| *b == b' ');
    let (kind, _class, name) = (words.next()?, words.next()?, words.next()?);
    let client = text(client);
    record
        .fields
        .push(field::CLIENT, without_port(&client).to_owned());
    record.fields.push("rcode", code);
    record.fields.push("qtype", kind);
    record.fields.push("qname", name);
    if matches!(code, b"SERVFAIL" | b"REFUSED" | b"-") {
        record.fields.push(field::ERROR, code);
    }
    let last = rest.trim_ascii_end().rsplit(|b| *b == b' ').next()?;
    let seconds = last.strip_suffix(b"s")?;
    if let Some(ms) = std::str::from_utf8(seconds)
        .ok()
        .and_then(|s| millis(s, Unit::Seconds))
    {
        record.fields.push(field::LATENCY_MS, ms);
    }
    Some(())
}
