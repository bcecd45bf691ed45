//! Changes in a table: a spreadsheet that is kept by hand, or an export of a deployment tool. The
//! header names the columns, by the names that [`super::change_lines`] knows; what stands behind one in brackets
//! is the zone of its times (`Completed (UTC)`). Where no column tells the kind of a change, its description does.

use super::change_lines::{ENDS, ENVIRONMENTS, KINDS, STARTS, STATES, SUMMARIES, TIMES, VERSIONS};
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change::{self, ACTORS, SERVICES, class, status};
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

/// Columns that name who made a change, besides those that every source of changes has.
const PEOPLE: &[&str] = &[
    "executed_by",
    "performed_by",
    "implemented_by",
    "implementer",
    "applied_by",
    "released_by",
    "requested_by",
    "engineer",
    "operator",
];
/// Columns that name the change.
const IDS: &[&str] = &[
    "id",
    "change_id",
    "deployment_id",
    "number",
    "key",
    "ref",
    "reference",
    "change_no",
    "change_number",
    "ticket",
    "rfc",
];

/// A column's name as the lists of names spell it, without what stands behind it in brackets.
fn plain(name: &str) -> String {
    let bare = name
        .split(['(', '['])
        .next()
        .filter(|n| !n.trim().is_empty());
    let bare = bare.unwrap_or(name).trim();
    bare.to_ascii_lowercase().replace([' ', '-'], "_")
}

/// A column: its plain name, and behind a tabulator what stood in brackets.
fn column(name: &str) -> String {
    let inside = name.split_once(['(', '[']).map(|(_, i)| i);
    match inside.and_then(|i| i.split([')', ']']).next()) {
        Some(inside) => format!("{}\t{}", plain(name), inside.trim()),
        None => plain(name),
    }
}

fn learn(head: &[u8]) -> Layout {
    let head = csv::unmarked(head);
    let Some(header) = cut::lines(head).next().and_then(|r| head.get(r)) else {
        return Layout::default();
    };
    let separator = csv::separator(header);
    let names: Vec<String> = csv::cells(header, separator)
        .iter()
        .map(|n| n.trim().to_owned())
        .collect();
    // JSON falls into cells, too, but not into ones that could name a column.
    let odd = |n: &String| {
        n.contains(['{', '}', ':', '='])
            || n.starts_with(['[', '('])
            || n.contains('[') != n.contains(']')
    };
    if names.iter().any(odd) {
        return Layout::default();
    }
    let (names, columns): (Vec<_>, Vec<_>) = names.iter().map(|n| (plain(n), column(n))).unzip();
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
    // Tickets have components and environments, too.
    let issue = [
        "issue_key",
        "issue_id",
        "issue_type",
        "reporter",
        "assignee",
    ];
    let described =
        || has(&[SUMMARIES]) && has(&[ENVIRONMENTS]) && has(&[ACTORS, PEOPLE]) && !has(&[&issue]);
    let is_change = has(&[TIMES, STARTS, ENDS])
        && has(&[SERVICES])
        && (has(&[KINDS]) || described())
        && has(&[VERSIONS, ACTORS, PEOPLE, STATES, ENVIRONMENTS])
        && !has(&[&logged]);
    if !is_change {
        return Layout::default();
    }
    Layout::of_table(separator, columns)
}

/// The cells of a row under their columns' names.
struct Row<'a> {
    cells: Vec<(&'a str, Cow<'a, str>)>,
    /// What stands behind the names of columns in brackets.
    inside: Vec<(&'a str, &'a str)>,
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
        known.iter().find_map(|name| {
            let said = self.of(&[name])?.trim();
            let zone = self.inside.iter().find(|(n, _)| n == name);
            let zoned = zone.and_then(|(_, z)| payload::text_instant(&format!("{said} {z}")));
            zoned.or_else(|| payload::text_instant(said))
        })
    }
}

/// The name of a column without what stood in brackets.
fn bare(column: &str) -> &str {
    column.split('\t').next().unwrap_or(column)
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (names, cells) = cx.layout.row(entry)?;
    if cells
        .iter()
        .zip(names)
        .all(|(cell, name)| column(cell.trim()) == *name)
    {
        return Some(()); // the header
    }
    if cells.len() > names.len() {
        return None;
    }
    let row = Row {
        cells: names.iter().map(|n| bare(n)).zip(cells).collect(),
        inside: names.iter().filter_map(|n| n.split_once('\t')).collect(),
    };
    let described = row.of(SUMMARIES).map(|s| s.trim().to_owned());
    let told = described
        .as_deref()
        .and_then(|said| change::kept(said, &[]));
    let kind = match row.of(KINDS) {
        Some(said) => class(said)?,
        None => told
            .map(|t| t.kind)
            .or_else(|| Some(change::title(described.as_deref()?)?.kind))
            .unwrap_or("change"),
    };
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
    record.actor = text(ACTORS)
        .or_else(|| text(PEOPLE))
        .map(|name| payload::actor(name, false));
    record.fields.push(field::CHANGE, kind);
    for (name, known) in [
        (field::VERSION, VERSIONS),
        (field::ENVIRONMENT, ENVIRONMENTS),
    ] {
        if let Some(value) = text(known) {
            record.fields.push(name, value);
        } else if let Some(version) = told
            .and_then(|t| t.version)
            .filter(|_| name == field::VERSION)
        {
            record.fields.push(name, version.to_owned());
        }
    }
    if let Some(item) = told.and_then(|t| t.item) {
        let name = if kind == "flag" { "flag" } else { "setting" };
        record.fields.push(name, item.to_owned());
    }
    if let Some(id) = text(IDS) {
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
            b"Completed (UTC);Component;Environment;Description;Executed by;Ref\n",
            b"\xef\xbb\xbfDeployed At;Change Type;Application;Environment\n",
        ];
        for header in changes {
            assert!(!learn(header).columns.is_empty());
        }
        let others = [
            &b"id,created_at,subject,priority\n"[..],
            b"timestamp,level,service,event,user,message\n",
            b"time,service,error,count\n",
            b"Created,Component,Environment,Description,Reporter,Assignee,Issue key,Author\n",
            b"timestamp,service,environment,message,count\n",
            br#"{"time":"2025-01-01T00:00:00Z","type":"deploy","service":"a","status":"ok"}"#,
            br#"{"a":{"state":"success","type":"User","created_at":"x"},"repository":{}}"#,
            b"",
        ];
        for header in others {
            assert!(learn(header).columns.is_empty());
        }
    }
}
