//! Go's standard `log` package: `2024/01/19 10:30:02 server.go:118: message`,
//! with an optional prefix in front.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::preamble::is_dotted;
use crate::token::text::{first_line, message_from, word};
use crate::token::{blank, level, named, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "go-log",
    title: "Go standard logger",
    reference: "https://pkg.go.dev/log#pkg-constants",
    cut: Cut::Line,
    specificity: 10,
    hint: |i| i.first().is_some_and(|b| !b.is_ascii_whitespace()),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/go-log/input.log"),
};

/// The longest prefix that is looked for.
const PREFIX: usize = 32;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (line, more) = first_line(entry);
    let start = prefix(line)?;
    let (prefix, dated) = line.split_at_checked(start)?;
    let (rest, at) = time::slashed(dated).ok()?;
    let rest = blank(rest);
    let (rest, place) = match word(rest) {
        Ok((after, token)) => match token.strip_suffix(b":") {
            Some(place) if place.contains(&b':') && is_dotted(place) => (blank(after), Some(place)),
            _ => (rest, None),
        },
        Err(_) => (rest, None),
    };
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.level = level::spotted(prefix).or_else(|| level::spotted(rest));
    if let Some(place) = place {
        record.fields.push(field::LOGGER, place);
    }
    if let Some(class) =
        trace::error_class(more).or_else(|| rest.starts_with(b"panic: ").then_some("panic"))
    {
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    out.push(record);
    Some(())
}

/// Where the date begins: at once, or behind a prefix such as `[GIN] ` or `worker: `.
fn prefix(line: &[u8]) -> Option<usize> {
    if line.get(4) == Some(&b'/') {
        return Some(0);
    }
    let head = line.get(..line.len().min(PREFIX + 5))?;
    let slash = memchr::memchr(b'/', head)?;
    let start = slash.checked_sub(4)?;
    (start == 0 || line.get(start - 1).is_some_and(|b| b" ]:".contains(b))).then_some(start)
}
