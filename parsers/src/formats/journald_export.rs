//! The systemd journal as `journalctl -o export` writes it: `NAME=value` lines, an empty line
//! between entries; a value that is no plain line comes behind its length.

use super::journald_json::{is_known, realtime, record};
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record};
use crate::token::text::text;
use crate::token::wrapped;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "journald-export",
    title: "systemd journal (export format)",
    reference: "https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.starts_with(b"__CURSOR=") || is_field(i),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/journald-export/input.export"),
};

/// The formats that programs speak in their messages.
fn learn(head: &[u8]) -> Layout {
    let starts = memchr::memmem::find_iter(head, b"__CURSOR=");
    let starts = starts.filter(|at| *at == 0 || head.get(at - 1) == Some(&b'\n'));
    let starts: Vec<usize> = starts.chain(std::iter::once(head.len())).collect();
    let entries = starts.windows(2).filter_map(|w| head.get(w[0]..w[1]));
    let lines = entries.filter_map(|entry| {
        let fields = fields(entry);
        let find = |name: &[u8]| fields.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let program = find(b"SYSLOG_IDENTIFIER").unwrap_or_default();
        let program = std::str::from_utf8(program).unwrap_or_default();
        Some((program, Cow::Borrowed(find(b"MESSAGE")?)))
    });
    wrapped::layout_of_spoken(lines)
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    if !entry.starts_with(b"__CURSOR=") {
        let mut line = is_field(entry).then(|| Record::new(Kind::Log, text(entry)))?;
        line.continues = true;
        out.push(line);
        return Some(());
    }
    let fields = fields(entry);
    let find = |name: &str| {
        let (_, value) = fields.iter().find(|(n, _)| *n == name.as_bytes())?;
        Some(text(value))
    };
    let at = find("__REALTIME_TIMESTAMP").and_then(|t| realtime(&t));
    let message = find("MESSAGE").unwrap_or_default();
    let Some(at) = at else {
        // The first line alone: it begins an entry whose time stands below.
        out.push(Record::new(Kind::Log, text(entry)));
        return Some(());
    };
    let mut record = record(at, message, &find);
    for (name, value) in &fields {
        let name = text(name);
        if !is_known(&name) && !value.is_empty() {
            record.fields.push(name, text(value));
        }
    }
    wrapped::push_spoken(record, cx.layout, out);
    Some(())
}

/// `_HOSTNAME=app-07`, a line of the journal's own and no other's: its trusted fields begin
/// with an underscore.
fn is_field(line: &[u8]) -> bool {
    let Some(end) = line.iter().position(|b| *b == b'=') else {
        return false;
    };
    let name = line.get(..end).unwrap_or_default();
    let own = name.first() == Some(&b'_')
        || matches!(
            name,
            b"MESSAGE" | b"PRIORITY" | b"SYSLOG_IDENTIFIER" | b"SYSLOG_FACILITY"
        );
    own && is_name(name)
}

fn is_name(name: &[u8]) -> bool {
    !name.is_empty()
        && name
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
}

/// The fields of an entry, in order.
fn fields(entry: &[u8]) -> Vec<(&[u8], &[u8])> {
    let (mut found, mut rest) = (Vec::new(), entry);
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        let behind = rest.get(end + 1..).unwrap_or_default();
        rest = match line.iter().position(|b| *b == b'=') {
            Some(n) if is_name(line.get(..n).unwrap_or_default()) => {
                let (name, value) = line.split_at(n);
                found.push((name, value.get(1..).unwrap_or_default()));
                behind
            }
            // A name alone: eight bytes of length, the value, a line end.
            _ if is_name(line) => match counted(behind) {
                Some((value, behind)) => {
                    found.push((line, value));
                    behind
                }
                None => behind,
            },
            _ => behind,
        };
    }
    found
}

fn counted(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = i.split_first_chunk::<8>()?;
    let len = usize::try_from(u64::from_le_bytes(*len)).ok()?;
    // What is cut off still says what it says.
    let (value, rest) = rest.split_at_checked(len.min(rest.len()))?;
    Some((value, rest.strip_prefix(b"\n").unwrap_or(rest)))
}
