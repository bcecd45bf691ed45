//! Changes in a table: a spreadsheet that is kept by hand, or an export of a deployment tool. The
//! header names the columns, by the names that [`super::change_lines`] knows.

use super::change_lines::{ENDS, ENVIRONMENTS, KINDS, STARTS, STATES, SUMMARIES, TIMES, VERSIONS};
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change::{ACTORS, SERVICES, class, status};
use crate::token::csv;
use crate::token::payload;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "changes-csv",
    title: "Changes (CSV)",
    reference: "https://www.rfc-editor.org/rfc/rfc4180",
    cut: Cut::Csv,
    specificity: 82,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/changes-csv/input.csv"),
};

/// A column's name as the lists of names spell it.
fn plain(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}

fn learn(head: &[u8]) -> Layout {
    let head = csv::unmarked(head);
    let Some(header) = cut::lines(head).next().and_then(|r| head.get(r)) else {
        return Layout::default();
    };
    let separator = csv::separator(header);
    let names: Vec<String> = csv::cells(header, separator)
        .iter()
        .map(|n| plain(n))
        .collect();
    // JSON falls into cells, too, but not into ones that could name a column.
    if names
        .iter()
        .any(|n| n.contains(['{', '}', '[', ']', ':', '=']))
    {
        return Layout::default();
    }
    let has = |known: &[&[&str]]| {
        let mut all = known.iter().copied().flatten();
        all.any(|k| names.iter().any(|n| n == k))
    };
    let logged = [
        "level",
        "severity",
        "priority",
        "logger",
        "thread",
        "pod",
        "requester",
        "subject",
    ];
    let is_change = has(&[TIMES, STARTS, ENDS])
        && has(&[KINDS])
        && has(&[SERVICES])
        && has(&[VERSIONS, ACTORS, STATES, ENVIRONMENTS])
        && !has(&[&logged]);
    if !is_change {
        return Layout::default();
    }
    Layout::of_table(separator, names)
}

/// The cells of a row under their columns' names.
struct Row<'a> {
    cells: Vec<(&'a str, Cow<'a, str>)>,
}

impl<'a> Row<'a> {
    fn of(&self, known: &[&str]) -> Option<&Cow<'a, str>> {
        known.iter().find_map(|name| {
            let mut cells = self.cells.iter();
            cells
                .find(|(n, c)| n == name && !c.trim().is_empty())
                .map(|(_, c)| c)
        })
    }

    fn time(&self, known: &[&str]) -> Option<Reading> {
        payload::text_instant(self.of(known)?.trim())
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (names, cells) = cx.layout.row(entry)?;
    if cells
        .iter()
        .zip(names)
        .all(|(cell, name)| plain(cell) == *name)
    {
        return Some(()); // the header
    }
    if cells.len() > names.len() {
        return None;
    }
    let row = Row {
        cells: names.iter().map(String::as_str).zip(cells).collect(),
    };
    let kind = class(row.of(KINDS)?)?;
    let (starts, ends) = (row.time(STARTS), row.time(ENDS));
    let own = row.time(TIMES);
    let said = row.of(STATES).map(|s| s.trim().to_ascii_lowercase());
    let state = status(said.as_deref().unwrap_or_default()).unwrap_or(ChangeState::Finished);
    let at = match state {
        ChangeState::Started | ChangeState::Requested => starts.or(own).or(ends),
        ChangeState::Finished | ChangeState::Failed => ends.or(own).or(starts),
    };
    let text = |known: &[&str]| row.of(known).map(|c| c.trim().to_owned());
    let mut record = Record::new(Kind::Change(state), message(&row, kind));
    record.at = Some(at?);
    record.service = text(SERVICES).map(Cow::Owned);
    record.actor = text(ACTORS).map(|name| payload::actor(name, false));
    record.fields.push(field::CHANGE, kind);
    for (name, known) in [
        (field::VERSION, VERSIONS),
        (field::ENVIRONMENT, ENVIRONMENTS),
    ] {
        if let Some(value) = text(known) {
            record.fields.push(name, value);
        }
    }
    if let Some(id) = text(&["id", "change_id", "deployment_id", "number", "key"]) {
        record.fields.push(field::ID, id);
    }
    out.push(record);
    Some(())
}

/// What it says, or in its own words: `deploy billing 2024.3.1`.
fn message<'a>(row: &Row<'_>, kind: &str) -> Cow<'a, str> {
    if let Some(summary) = row.of(SUMMARIES) {
        return Cow::Owned(summary.trim().to_owned());
    }
    let words = [
        Some(kind),
        row.of(SERVICES).map(|c| c.trim()),
        row.of(VERSIONS).map(|c| c.trim()),
    ];
    Cow::Owned(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::learn;

    #[test]
    fn the_header_tells_changes_from_tickets_and_logs() {
        let changes = [
            &b"time,type,service,version,author,status\n"[..],
            b"\xef\xbb\xbfDeployed At;Change Type;Application;Environment\n",
        ];
        for header in changes {
            assert!(!learn(header).columns.is_empty());
        }
        let others = [
            &b"id,created_at,subject,priority\n"[..],
            b"timestamp,level,service,event,user,message\n",
            b"time,service,error,count\n",
            br#"{"time":"2025-01-01T00:00:00Z","type":"deploy","service":"a","status":"ok"}"#,
            br#"{"a":{"state":"success","type":"User","created_at":"x"},"repository":{}}"#,
            b"",
        ];
        for header in others {
            assert!(learn(header).columns.is_empty());
        }
    }
}
