//! BIND's channels: `19-Jan-2024 10:30:02.118 queries: info: client @0x7f 192.0.2.7#53 (example.com): query: …`,
//! where category and severity may be left out.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{first_line, message_from, until, word};
use crate::token::{blank, level, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "bind",
    title: "BIND (named)",
    reference: "https://bind9.readthedocs.io/en/latest/reference.html#logging-block-definition-and-usage",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/bind/input.log"),
};

/// The categories of the manual.
const CATEGORIES: &[&[u8]] = &[
    b"client",
    b"cname",
    b"config",
    b"database",
    b"default",
    b"delegation-only",
    b"dispatch",
    b"dnssec",
    b"dnstap",
    b"edns-disabled",
    b"general",
    b"lame-servers",
    b"network",
    b"notify",
    b"nsid",
    b"queries",
    b"query-errors",
    b"rate-limit",
    b"resolver",
    b"responses",
    b"rpz",
    b"rpz-passthru",
    b"security",
    b"serve-stale",
    b"spill",
    b"sslkeylog",
    b"tls",
    b"trust-anchor-telemetry",
    b"unmatched",
    b"update",
    b"update-security",
    b"xfer-in",
    b"xfer-out",
    b"zoneload",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, at) = time::day_month(line).or_else(|_| time::iso(line)).ok()?;
    let rest = rest.strip_prefix(b" ")?;
    let (rest, category) = labelled(rest, |l| CATEGORIES.contains(&l).then_some(l));
    let (rest, level) = labelled(rest, severity);
    let said = blank(rest);
    if category.is_none() && !(said.starts_with(b"client ") && said.contains(&b'#')) {
        return None;
    }
    let mut record = Record::new(Kind::Log, message_from(entry, said));
    record.at = Some(at);
    record.level = level;
    record.service = Some(Cow::Borrowed("named"));
    if let Some(category) = category {
        record.fields.push(field::LOGGER, category);
    }
    client(&mut record, said);
    out.push(record);
    Some(())
}

/// A word with a colon, if `read` makes something of it.
fn labelled<'a, T>(i: &'a [u8], read: impl Fn(&'a [u8]) -> Option<T>) -> (&'a [u8], Option<T>) {
    let found = until(b':')(blank(i)).ok();
    match found.and_then(|(rest, label)| Some((rest, read(label)?))) {
        Some((rest, value)) => (rest, Some(value)),
        None => (i, None),
    }
}

/// `info`, `error`, `debug 3`.
fn severity(label: &[u8]) -> Option<Level> {
    let (_, name) = word(label).ok()?;
    level::word(name).filter(|_| name.iter().all(u8::is_ascii_lowercase))
}

/// `client @0x7f 192.0.2.7#53 (example.com): query: example.com IN A +E`.
fn client<'a>(record: &mut Record<'a>, said: &'a [u8]) -> Option<()> {
    let rest = said.strip_prefix(b"client ")?;
    let (after, first) = word(rest).ok()?;
    let (rest, address) = if first.starts_with(b"@") {
        word(blank(after)).ok()?
    } else {
        (after, first)
    };
    let address = address.split(|b| *b == b'#').next()?;
    record.fields.push(field::CLIENT, address);
    if let Some(at) = memchr::memmem::find(rest, b"query: ") {
        let (_, name) = word(rest.get(at + 7..)?).ok()?;
        record.fields.push("query", name);
    }
    Some(())
}
