//! Go's zap with its console encoder, as Kubernetes controllers and etcd use it: time, level,
//! logger, caller, message and fields as JSON, with tabs between.

use super::json_lines;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::json;
use crate::token::text::{first_line, text};
use crate::token::{epoch, level, time, trace};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "zap",
    title: "zap console (Go, Kubernetes controllers)",
    reference: "https://pkg.go.dev/go.uber.org/zap/zapcore#NewConsoleEncoder",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit) && memchr::memchr(b'\t', i).is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/zap/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, at) = cell(line).and_then(|(rest, c)| Some((rest?, stamp(c)?)))?;
    let (rest, word) = cell(rest).and_then(|(rest, c)| Some((rest?, c)))?;
    let level = level::word(word)?;
    let (message, names) = names(rest);
    let (said, values) = match memchr::memmem::find(message, b"\t{") {
        Some(tab) => message.split_at(tab),
        None => (message, &b""[..]),
    };
    let mut record = Record::new(Kind::Log, text(said.trim_ascii_end()));
    record.at = Some(at);
    record.level = Some(level);
    let mut named = [field::LOGGER, "caller"].into_iter();
    for name in names {
        record.fields.push(named.next()?, name);
    }
    if let Some(object) = json::object(values.trim_ascii()) {
        json_lines::attach(&object, &mut record);
    } else if !values.is_empty() {
        record.message = text(message);
    }
    if !more.trim_ascii().is_empty() {
        let more = text(more.trim_ascii_end());
        record.message = Cow::Owned(format!("{}\n{more}", record.message));
        if let Some(class) = trace::error_class(more.as_bytes()) {
            record.fields.push(field::ERROR, class.to_owned());
        }
    }
    out.push(record);
    Some(())
}

/// What is before the next tab, and what behind it.
fn cell(i: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    match memchr::memchr(b'\t', i) {
        Some(tab) => Some((i.get(tab + 1..), i.get(..tab)?)),
        None => Some((None, i)),
    }
}

/// Logger and caller, each of which may be missing, and the message behind them.
fn names(i: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let (mut rest, mut found) = (i, Vec::new());
    while let Some((Some(behind), name)) = cell(rest) {
        // What the fields follow is the message, even if it is a single word.
        if behind.starts_with(b"{") || found.len() == 2 || !is_name(name) {
            break;
        }
        found.push(name);
        rest = behind;
    }
    (rest, found)
}

fn is_name(i: &[u8]) -> bool {
    !i.is_empty()
        && i.iter()
            .all(|b| b.is_ascii_alphanumeric() || b"._-/:*@()".contains(b))
}

/// A date, or seconds since 1970, which zap writes as `1.705660202118e+09`.
fn stamp(i: &[u8]) -> Option<Reading> {
    if let Ok(([], at)) = time::iso(i) {
        return Some(at);
    }
    let number = std::str::from_utf8(i).ok()?;
    if !number.contains('e') {
        return epoch::epoch(number);
    }
    let seconds: f64 = number.parse().ok()?;
    epoch::epoch(&format!("{seconds:.6}"))
}
