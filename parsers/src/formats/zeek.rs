//! Zeek's (Bro's) logs of tab-separated columns, which `#fields` names.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::token::text::{first_line, text};
use crate::token::{epoch, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "zeek",
    title: "Zeek (Bro)",
    reference: "https://docs.zeek.org/en/current/log-formats.html",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'#'),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/zeek/input.log"),
};

/// The name of the log, then those of its columns.
fn learn(head: &[u8]) -> Layout {
    let directive = |name: &[u8]| {
        let mut lines = crate::cut::lines(head).filter_map(|r| head.get(r));
        lines.find_map(|l| l.strip_prefix(name))
    };
    let Some(fields) = directive(b"#fields\t") else {
        return Layout::default();
    };
    let path = directive(b"#path\t").unwrap_or_default();
    let names = fields.split(|b| *b == b'\t');
    Layout {
        columns: std::iter::once(path)
            .chain(names)
            .map(|n| text(n).into_owned())
            .collect(),
        ..Layout::default()
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (path, names) = cx.layout.columns.split_first()?;
    let (line, _) = first_line(entry);
    if line.starts_with(b"#") {
        return Some(()); // a directive
    }
    let cells: Vec<&[u8]> = line.split(|b| *b == b'\t').collect();
    if cells.len() != names.len() {
        return None;
    }
    let at = names
        .iter()
        .position(|n| n == "ts")
        .and_then(|n| cells.get(n))?;
    let at = std::str::from_utf8(at).ok().and_then(epoch::epoch);
    let at = at.or_else(|| time::iso(cells.first()?).ok().map(|(_, at)| at))?;
    let mut record = Record::new(Kind::Log, text(line));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("zeek"));
    if !path.is_empty() {
        record.fields.push(field::LOGGER, path.clone());
    }
    for (name, value) in names.iter().zip(&cells) {
        if matches!(*value, b"-" | b"" | b"(empty)") {
            continue;
        }
        let known = match name.as_str() {
            "id.orig_h" => field::CLIENT,
            "method" => field::METHOD,
            "uri" => field::PATH,
            "username" | "user" => field::USER,
            "uid" => field::SESSION,
            "id.resp_h" => "destination",
            "id.resp_p" => "port",
            "note" | "query" | "host" | "conn_state" | "msg" => {
                record.fields.push(name.clone(), *value);
                continue;
            }
            "status_code" => {
                if let Ok(status) = text(value).parse::<i64>() {
                    record.fields.push(field::STATUS, status);
                    record.kind = Kind::Access;
                }
                continue;
            }
            _ => continue,
        };
        record.fields.push(known, *value);
    }
    out.push(record);
    Some(())
}
