//! VPC flow logs of AWS: a line for each flow and interval, in the default columns or in
//! those that a header names. An entry's time is the start of its interval.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::token::epoch;
use crate::token::text::{first_line, text};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "vpc-flow",
    title: "AWS VPC flow log",
    reference: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
    cut: Cut::Line,
    specificity: 88,
    hint: |i| i.first().is_some_and(u8::is_ascii_alphanumeric),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/vpc-flow/input.log"),
};

/// The columns of version 2.
const DEFAULT: &str = "version account-id interface-id srcaddr dstaddr srcport dstport \
                       protocol packets bytes start end action log-status";

fn is_header(line: &str) -> bool {
    let names = ["srcaddr", "dstaddr", "start", "end"];
    let has = |name: &&str| line.split_ascii_whitespace().any(|word| word == *name);
    names.iter().all(has)
}

fn learn(head: &[u8]) -> Layout {
    let (first, _) = first_line(head);
    let first = text(first);
    let names = if is_header(&first) { &first } else { DEFAULT };
    Layout {
        columns: names.split_ascii_whitespace().map(str::to_owned).collect(),
        ..Layout::default()
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (line, _) = first_line(entry);
    let line = std::str::from_utf8(line).ok()?;
    if is_header(line) {
        return Some(());
    }
    let columns = &cx.layout.columns;
    let cells: Vec<&str> = line.split_ascii_whitespace().collect();
    if columns.is_empty() || cells.len() != columns.len() {
        return None;
    }
    let cell = |name: &str| {
        let n = columns.iter().position(|c| c == name)?;
        cells.get(n).copied()
    };
    let (start, end) = (epoch::epoch(cell("start")?)?, epoch::epoch(cell("end")?)?);
    // Where the columns are assumed, their likeness must show.
    if cell("log-status").is_some_and(|s| !["OK", "NODATA", "SKIPDATA"].contains(&s)) {
        return None;
    }
    let mut record = Record::new(Kind::Log, line);
    record.at = Some(start);
    record.fields.push("end", end);
    let names = [
        ("srcaddr", field::CLIENT),
        ("dstaddr", "destination"),
        ("dstport", "port"),
        ("action", "action"),
        ("interface-id", "interface"),
        ("instance-id", "instance"),
    ];
    for (column, name) in names {
        if let Some(value) = cell(column).filter(|c| *c != "-") {
            record.fields.push(name, value);
        }
    }
    out.push(record);
    Some(())
}
