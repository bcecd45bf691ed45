//! Logs exported to a table: a header names a column of times and one of messages. What the
//! messages say is read as the lines of a program, out of the container runtime's own JSON if
//! the collector kept that.

use super::store_export::{origin, said};
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Record, field};
use crate::token::duration::millis;
use crate::token::pod::workload;
use crate::token::role::{Role, role};
use crate::token::table::Heading;
use crate::token::{csv, level};
use crate::token::{whose, wrapped};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "csv-log",
    title: "Log in a table (CSV)",
    reference: "https://www.rfc-editor.org/rfc/rfc4180",
    cut: Cut::Csv,
    specificity: 60,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/csv-log/input.csv"),
};

/// Names of messages that are surer than this rank are those of logs, not titles of anything.
const SURE: u8 = 4;

/// The place of the column that plays `wanted` best, and its rank.
fn column(names: &[impl AsRef<str>], wanted: Role) -> Option<(usize, u8)> {
    let each = names.iter().enumerate();
    // `timestamp (UTC)`
    let bare = |name: &'_ str| name.find(" (").unwrap_or(name.len());
    each.filter_map(
        |(n, name)| match role(name.as_ref().get(..bare(name.as_ref()))?.trim()) {
            Some((found, rank)) if found == wanted => Some((n, rank)),
            _ => None,
        },
    )
    .min_by_key(|(n, rank)| (*rank, *n))
}

/// The columns, after the separator they stand between, and the formats of the messages;
/// nothing if this is no log.
fn learn(head: &[u8]) -> Layout {
    let head = csv::unmarked(head);
    let mut rows = cut::csv(head, 0, true).0.into_iter();
    let Some(header) = rows.next().and_then(|r| head.get(r)) else {
        return Layout::default();
    };
    let separator = csv::separator(header);
    let names = csv::cells(header, separator);
    // JSON falls into cells, too, but not into ones that could name a column.
    if names
        .iter()
        .any(|n| n.contains(['{', '}', '[', ']', ':', '=', '"']))
    {
        return Layout::default();
    }
    let message = column(&names, Role::Message).filter(|(_, rank)| *rank <= SURE);
    let (Some((message, _)), Some(_)) = (message, column(&names, Role::Time)) else {
        return Layout::default();
    };
    let texts = rows.filter_map(|r| {
        let cell = csv::cells(head.get(r)?, separator)
            .into_iter()
            .nth(message)?;
        Some(Cow::Owned(said(cell).text.into_owned()))
    });
    Layout {
        columns: Layout::of_table(separator, names.into_iter().map(Cow::into_owned)).columns,
        ..wrapped::layout(texts)
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (names, cells) = cx.layout.row(entry)?;
    if cells.iter().zip(names).all(|(cell, name)| cell == name) {
        return Some(()); // the header
    }
    if cells.len() != names.len() {
        return None;
    }
    let (time, _) = column(names, Role::Time)?;
    let (message, _) = column(names, Role::Message)?;
    let mut line = said(cells.get(message)?.clone());
    let at = Heading::of(names.get(time)?).time(cells.get(time)?)?;
    // CloudWatch's and Elasticsearch's name, and their zone.
    let utc = names.get(time).is_some_and(|n| n.trim() == "@timestamp");
    line.at = Some(if utc { at.at_offset(0) } else { at });
    let from = out.len();
    wrapped::read(vec![line], cx.layout, out)?;
    for record in out.iter_mut().skip(from) {
        record.continues = false; // a row is an entry, whatever its message looks like
        for (n, cell) in cells.iter().enumerate() {
            if n != time && n != message && !cell.is_empty() {
                file(record, names.get(n)?, cell.clone());
            }
        }
        if let Some(pod) = record.fields.text("pod") {
            record.service = Some(Cow::Owned(workload(pod).to_owned()));
        }
        if record.service.is_none() {
            record.service = origin(record);
        }
    }
    Some(())
}

/// Files one cell by the name of its column, unless the message says it.
pub(super) fn file<'a>(record: &mut Record<'a>, name: &str, cell: Cow<'a, str>) {
    let lower = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    let name = match role(name.trim())
        .filter(|role| whose::suits(Some(*role), &cell))
        .map(|r| r.0)
    {
        Some(Role::Time) => return,
        Some(Role::Level) => {
            let azure = name.trim().ends_with("everityLevel");
            let number = cell.trim().parse().ok().filter(|_| azure);
            let told = number.and_then(level::azure);
            let told = told.or_else(|| level::word(cell.trim().as_bytes()));
            record.level = record.level.or(told);
            return;
        }
        Some(Role::Service) => {
            record.service.get_or_insert(cell);
            return;
        }
        Some(Role::Host) if matches!(lower.as_str(), "pod" | "podname" | "pod_name") => {
            record.host = Some(cell.clone());
            "pod"
        }
        Some(Role::Host) => {
            record.host.get_or_insert_with(|| cell.clone());
            &lower
        }
        Some(Role::RequestId) => field::REQUEST_ID,
        Some(Role::User) => field::USER,
        Some(Role::Session) => field::SESSION,
        Some(Role::Client) => field::CLIENT,
        Some(Role::Logger) => field::LOGGER,
        Some(Role::Error) => field::ERROR,
        Some(Role::Method) => field::METHOD,
        Some(Role::Path) => field::PATH,
        Some(Role::Status) => {
            match cell.trim().parse::<i64>() {
                Ok(status) => record.fields.push(field::STATUS, status),
                // Datadog calls the level so.
                Err(_) => record.level = record.level.or(level::word(cell.trim().as_bytes())),
            }
            return;
        }
        Some(Role::Latency(unit)) => {
            match millis(&cell, unit) {
                Some(ms) if record.fields.get(field::LATENCY_MS).is_none() => {
                    record.fields.push(field::LATENCY_MS, ms);
                }
                _ => record.fields.push(lower, cell),
            }
            return;
        }
        _ => &lower,
    };
    if record.fields.get(name).is_none() {
        record.fields.push(name.to_owned(), cell);
    }
}

#[cfg(test)]
mod tests {
    use super::learn;

    #[test]
    fn only_tables_with_times_and_messages_are_logs() {
        assert!(!learn(b"timestamp,level,message\n").columns.is_empty());
        assert!(!learn(b"\xef\xbb\xbftime;pod;log\n").columns.is_empty());
        for other in [
            &b"time,service,count\n"[..],
            b"id,message\n",
            b"date,title\n",
            b"",
        ] {
            assert!(learn(other).columns.is_empty());
        }
    }
}
