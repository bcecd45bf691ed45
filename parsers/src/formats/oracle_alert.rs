//! Oracle's alert log and audit trail: the time has a line of its own, what follows up to the next
//! time is the entry. Until release 12.1 times are those of `ctime`, later ISO 8601.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::{Reading, When};
use crate::token::text::{first_line, text};
use crate::token::time;
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "oracle-alert",
    title: "Oracle alert log",
    reference: "https://docs.oracle.com/en/database/oracle/oracle-database/19/admin/diagnosing-and-resolving-problems.html",
    cut: Cut::Line,
    specificity: 84,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/oracle-alert/input.log"),
};

/// A time on a line of its own is nobody's in particular: the file must speak of Oracle.
fn learn(head: &[u8]) -> Layout {
    let speaks = [
        "ORA-",
        "ORACLE",
        "LGWR",
        "redo",
        "DATABASE USER",
        "alter database",
    ];
    let known = speaks
        .iter()
        .any(|s| memmem::find(head, s.as_bytes()).is_some());
    Layout {
        columns: known.then(|| "oracle".to_owned()).into_iter().collect(),
        ..Layout::default()
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    cx.layout.columns.first()?;
    let (line, more) = first_line(entry);
    let at = alone(line)?;
    let mut record = Record::new(Kind::Log, text(more.trim_ascii()));
    record.at = Some(at);
    record.service = Some(Cow::Borrowed("oracle"));
    if let Some(code) = ora(more) {
        record.level = Some(if is_grave(code) {
            Level::Fatal
        } else {
            Level::Error
        });
        record.fields.push(field::ERROR, code);
    } else if memmem::find(more, b"WARNING").is_some() {
        record.level = Some(Level::Warn);
    }
    for (label, name) in [
        ("DATABASE USER:", field::USER),
        ("CLIENT USER:", "client_user"),
    ] {
        if let Some(value) = audited(more, label.as_bytes()) {
            record.fields.push(name, value);
        }
    }
    out.push(record);
    Some(())
}

/// The time that a line is, and nothing else.
fn alone(line: &[u8]) -> Option<Reading> {
    let line = line.trim_ascii_end();
    let found = match line.first()? {
        b'0'..=b'9' => time::iso(line),
        _ => time::rfc3164(line),
    };
    let (rest, at) = found.ok()?;
    let dated = matches!(at.when, When::Instant(_) | When::Local(_));
    (rest.is_empty() && dated).then_some(at)
}

/// `ORA-00600`: the first error code that is said.
fn ora(more: &[u8]) -> Option<&[u8]> {
    let start = memmem::find(more, b"ORA-")?;
    let code = more.get(start..)?;
    let digits = code
        .iter()
        .skip(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    (digits >= 3).then(|| code.get(..4 + digits))?
}

/// Internal errors and instances that end.
fn is_grave(code: &[u8]) -> bool {
    matches!(
        code,
        b"ORA-00600" | b"ORA-07445" | b"ORA-04031" | b"ORA-00603" | b"ORA-01092"
    )
}

/// The value of `DATABASE USER:[5] 'SCOTT'` of the audit trail.
fn audited<'a>(more: &'a [u8], label: &[u8]) -> Option<&'a [u8]> {
    let rest = more.get(memmem::find(more, label)? + label.len()..)?;
    let (line, _) = first_line(rest);
    let open = memchr::memchr(b'\'', line)?;
    let value = line.get(open + 1..)?;
    value.get(..memchr::memchr(b'\'', value)?)
}
