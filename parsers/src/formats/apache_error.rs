//! The error log of Apache httpd:
//! `[Fri Jan 19 10:30:02.118042 2024] [core:error] [pid 7:tid 140] [client 192.0.2.7:50112] message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{bracketed, first_line, message_from};
use crate::token::{blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "apache-error",
    title: "Apache httpd error log",
    reference: "https://httpd.apache.org/docs/current/logs.html#errorlog",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| i.first() == Some(&b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/apache-error/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, inner) = bracketed(line).ok()?;
    let ([], at) = time::rfc3164(inner).ok()? else {
        return None;
    };
    let (rest, severity) = bracketed(blank(rest)).ok()?;
    let mut parts = severity.rsplitn(2, |b| *b == b':');
    let level = level::word(parts.next()?)?;
    let module = parts.next();
    let (rest, about) = attributes(blank(rest));
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.level = Some(level);
    if let Some(module) = module {
        record.fields.push(field::LOGGER, module);
    }
    for (name, value) in about {
        record.fields.push(name, value);
    }
    out.push(record);
    Some(())
}

type Attribute<'a> = (&'static str, &'a [u8]);

/// `[pid 7:tid 140] [client 192.0.2.7:50112]`; the port is no part of who asked.
fn attributes(i: &[u8]) -> (&[u8], Vec<Attribute<'_>>) {
    let mut found = Vec::new();
    let mut rest = i;
    while let Ok((after, inner)) = bracketed(rest) {
        if let Some(pid) = inner.strip_prefix(b"pid ") {
            found.push(("pid", pid.split(|b| *b == b':').next().unwrap_or(pid)));
        } else if let Some(client) = inner.strip_prefix(b"client ") {
            let colons = client.iter().filter(|b| **b == b':').count();
            let port = client.iter().rposition(|b| *b == b':');
            let address = match port {
                Some(n) if colons == 1 => client.get(..n).unwrap_or(client),
                _ => client,
            };
            found.push((field::CLIENT, address));
        } else {
            break;
        }
        rest = blank(after);
    }
    (rest, found)
}
