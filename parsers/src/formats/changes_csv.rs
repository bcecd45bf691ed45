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
#[rustfmt::skip]
pub(super) const PEOPLE: &[&str] = &[
    "executed_by", "performed_by", "implemented_by", "implementer", "applied_by", "released_by", "requested_by",
    "engineer", "operator", "done_by", "made_by", "carried_out_by", "person", "employee", "admin", "administrator",
    "technician", "responsible", "responsible_person", "colleague", "staff", "editor", "changer", "wer", "bearbeiter",
    "durchgeführt_von", "verantwortlich", "ausgeführt_von", "qui", "auteur", "responsable", "quien", "autor",
];
/// Columns that name what was changed, likewise; the last of them may name a machine.
#[rustfmt::skip]
pub(super) const SYSTEMS: &[&str] = &[
    "system", "system_name", "affected_system", "affected_service", "affected_component", "module", "software", "product",
    "program", "programme", "website", "site", "portal", "configuration_item", "affected_ci", "ci", "object", "area",
    "where", "dienst", "anwendung", "betroffenes_system", "système", "sistema", "servicio", "instance", "server",
    "server_name", "host", "machine",
];
#[rustfmt::skip]
pub(super) const MORE_TIMES: &[&str] = &[
    "when", "date_time", "date/time", "date_and_time", "change_date", "change_time", "changed_at", "changed_on",
    "executed_at", "executed_on", "performed_at", "implemented_at", "implemented_on", "applied_at", "applied_on",
    "datum", "zeit", "zeitpunkt", "uhrzeit", "wann", "fecha", "heure", "day", "created",
];
#[rustfmt::skip]
pub(super) const MORE_STARTS: &[&str] = &[
    "started_on", "start_date", "start_date/time", "begin_time", "began", "began_at", "actual_start", "beginn", "begonnen",
    "début", "inicio",
];
#[rustfmt::skip]
pub(super) const MORE_ENDS: &[&str] = &[
    "finished_on", "completed_on", "done_at", "done_on", "done", "deployed_on", "deployed", "released_on", "rolled_out_at",
    "rolled_out", "live_at", "live_since", "end_date", "end_date/time", "actual_end", "ende", "beendet", "fertig", "fin",
    "effective", "effective_at", "in_effect_at", "completion_time", "completion_date", "finish",
];
#[rustfmt::skip]
const MORE_KINDS: &[&str] = &[
    "change_kind", "kind_of_change", "type_of_change", "change_category", "operation", "activity", "sort", "art", "typ",
    "tipo", "nature",
];
#[rustfmt::skip]
pub(super) const MORE_SUMMARIES: &[&str] = &[
    "what", "change_description", "short_description", "remark", "remarks", "notes", "work", "work_done", "beschreibung",
    "was", "änderung", "bemerkung", "quoi", "descripción",
];
#[rustfmt::skip]
pub(super) const PLACES: &[&str] = &["target_environment", "tier", "landscape", "umgebung", "environnement", "entorno", "where", "on"];

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
pub(super) fn plain(name: &str) -> String {
    let bare = name
        .split(['(', '['])
        .next()
        .filter(|n| !n.trim().is_empty());
    let bare = bare.unwrap_or(name).trim();
    bare.to_lowercase().replace([' ', '-'], "_")
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
    let mut rows = cut::csv(head, 0, true).0.into_iter();
    let Some(header) = rows.next().and_then(|r| head.get(r)) else {
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
    let who = [ACTORS, PEOPLE];
    let what = has(&[SERVICES, SYSTEMS]);
    let summed = has(&[SUMMARIES, MORE_SUMMARIES]);
    let placed = has(&[ENVIRONMENTS, PLACES]);
    let described = || summed && placed && has(&who) && !has(&[&issue]);
    let kinds = has(&[KINDS, MORE_KINDS]) && {
        let known = |k: &&String| KINDS.iter().chain(MORE_KINDS).any(|n| *n == k.as_str());
        let place = names.iter().position(|n| known(&n));
        let rows: Vec<&[u8]> = rows.take(LESSONS).filter_map(|r| head.get(r)).collect();
        rows.is_empty() || place.is_some_and(|at| mostly_kinds(&rows, separator, at))
    };
    let is_change = has(&[TIMES, STARTS, ENDS, MORE_TIMES, MORE_STARTS, MORE_ENDS])
        && what
        && (kinds || described())
        && (has(&[VERSIONS, STATES, ENVIRONMENTS, PLACES]) || has(&who))
        && !has(&[&logged]);
    if !is_change {
        return Layout::default();
    }
    Layout::of_table(separator, columns)
}

/// Rows of a head that are looked at.
const LESSONS: usize = 50;

/// Whether most cells of this column name a kind of change.
fn mostly_kinds(rows: &[&[u8]], separator: u8, at: usize) -> bool {
    let (mut all, mut known) = (0, 0);
    for row in rows {
        let cells = csv::cells(row, separator);
        let Some(cell) = cells.get(at).map(|c| c.trim()).filter(|c| !c.is_empty()) else {
            continue;
        };
        all += 1;
        known += usize::from(kind_of(cell).is_some());
    }
    known * 2 > all
}

/// The kind of change that a cell names.
pub(super) fn kind_of(cell: &str) -> Option<&'static str> {
    let found = class(cell).or_else(|| match cell.trim().to_lowercase().as_str() {
        "cert" | "certs" | "tls" | "ssl" | "password" | "zertifikat" => Some("secret"),
        "install" | "installation" | "package" | "packages" | "app" | "code" | "version" => {
            Some("deploy")
        }
        "network" | "hardware" | "os" | "vm" | "netzwerk" => Some("infrastructure"),
        "neustart" | "reload" => Some("restart"),
        "konfiguration" | "einstellung" | "parameter" => Some("config"),
        "database" | "db" | "datenbank" => Some("migration"),
        "fix" | "bugfix" | "repair" | "standard" | "normal" | "emergency" | "minor" | "major"
        | "other" | "misc" | "correction" | "änderung" => Some("change"),
        _ => None,
    });
    found.or_else(|| cell.to_lowercase().contains("update").then_some("change"))
}

/// The cells of a row under their columns' names.
pub(super) struct Row<'a> {
    pub(super) cells: Vec<(&'a str, Cow<'a, str>)>,
    /// What stands behind the names of columns in brackets.
    pub(super) inside: Vec<(&'a str, &'a str)>,
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

    /// The first of two lists of names.
    fn first(&self, known: &[&str], more: &[&str]) -> Option<&Cow<'a, str>> {
        self.of(known).or_else(|| self.of(more))
    }

    /// The time of a row that has its day and its time of day in two columns, or in one.
    fn own_time(&self) -> Option<Reading> {
        let day = self.of(&["date", "datum", "day", "fecha"]);
        let clock = self.of(&["time", "uhrzeit", "zeit", "heure"]);
        let both = day.zip(clock).and_then(|(day, clock)| {
            payload::text_instant(&format!("{} {}", day.trim(), clock.trim()))
        });
        both.or_else(|| self.time(TIMES))
            .or_else(|| self.time(MORE_TIMES))
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
    out.push(record(&row)?);
    Some(())
}

/// The change that a row tells of.
pub(super) fn record<'r>(row: &Row<'_>) -> Option<Record<'r>> {
    let described = row
        .first(SUMMARIES, MORE_SUMMARIES)
        .map(|s| s.trim().to_owned());
    let told = described
        .as_deref()
        .and_then(|said| change::kept(said, &[]));
    let titled = described.as_deref().and_then(change::title);
    let described_as = told.map(|t| t.kind).or_else(|| titled.map(|t| t.kind));
    let version = told
        .and_then(|t| t.version)
        .or_else(|| titled.and_then(|t| t.version));
    let kind = kind(row, described_as, version.is_some());
    let said = row.of(STATES).map(|s| s.trim().to_ascii_lowercase());
    let state = status(said.as_deref().unwrap_or_default()).unwrap_or(ChangeState::Finished);
    let text = |known: &[&str]| row.of(known).map(|c| c.trim().to_owned());
    let mut record = Record::new(Kind::Change(state), message(row, kind));
    record.at = Some(at(row, state)?);
    let service = text(SERVICES).or_else(|| text(SYSTEMS));
    record.service = service.map(Cow::Owned);
    record.actor = text(ACTORS)
        .or_else(|| text(PEOPLE))
        .map(|name| payload::actor(name, false));
    record.fields.push(field::CHANGE, kind);
    for (name, known) in [
        (field::VERSION, VERSIONS),
        (field::ENVIRONMENT, ENVIRONMENTS),
    ] {
        let more = || text(PLACES).filter(|p| change::is_environment(p));
        let more = || more().filter(|_| name == field::ENVIRONMENT);
        if let Some(value) = text(known).or_else(more) {
            record.fields.push(name, value);
        } else if let Some(version) = version.filter(|_| name == field::VERSION) {
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
    Some(record)
}

/// The kind that a row's cell names, or its description.
fn kind(row: &Row<'_>, described_as: Option<&'static str>, versioned: bool) -> &'static str {
    let cell = row.first(KINDS, MORE_KINDS).map(|said| kind_of(said));
    let kind = match cell.flatten().filter(|k| *k != "change") {
        // What takes a release back is one, too, for who keeps the list.
        Some("deploy") if described_as == Some("rollback") => "rollback",
        Some(kind) => kind,
        None => described_as.unwrap_or("change"),
    };
    // What puts a version in place is a deploy, whatever it is called.
    match kind {
        "change" if versioned => "deploy",
        kind => kind,
    }
}

/// When a change that has come so far did.
fn at(row: &Row<'_>, state: ChangeState) -> Option<Reading> {
    let starts = row.time(STARTS).or_else(|| row.time(MORE_STARTS));
    let ends = row.time(ENDS).or_else(|| row.time(MORE_ENDS));
    let own = row.own_time();
    match state {
        ChangeState::Started | ChangeState::Requested => starts.or(own).or(ends),
        ChangeState::Finished | ChangeState::Failed => ends.or(own).or(starts),
    }
}

/// What it says, or in its own words: `deploy billing 2024.3.1`.
fn message<'r>(row: &Row<'_>, kind: &str) -> Cow<'r, str> {
    if let Some(summary) = row.first(SUMMARIES, MORE_SUMMARIES) {
        return Cow::Owned(summary.trim().to_owned());
    }
    let words = [
        Some(kind),
        row.first(SERVICES, SYSTEMS).map(|c| c.trim()),
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
            b"finished_at;who;system;environment;kind;description\n2025-05-07T09:12:00Z;ola;berth-api;production;cert;renewed\n",
            b"Datum;Uhrzeit;Wer;System;Umgebung;Beschreibung\n",
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
            b"time,system,kind,user,message\n2025-05-07T09:12:00Z,berth-api,login,ola,ok\n",
            b"time,service,event,user,detail\n2025-05-07T09:12:00Z,berth-api,down,ola,ok\n",
            b"Created;Category;System;Assigned to;Title;Who\n2025-05-07 09:12;Printer;pc-7;ola;No toner;mira\n",
            br#"{"time":"2025-01-01T00:00:00Z","type":"deploy","service":"a","status":"ok"}"#,
            br#"{"a":{"state":"success","type":"User","created_at":"x"},"repository":{}}"#,
            b"",
        ];
        for header in others {
            assert!(learn(header).columns.is_empty());
        }
    }
}
