//! The list of templates for people and programs.

use super::{Change, Row, Seen, Templates};
use crate::cite::Cite;
use crate::clock::Zone;
use crate::report::escape::{cell, json as safe_json, visible};
use crate::report::json::Number;
use crate::report::{Locator, aligned, prose};
use crate::source::Library;
use serde_json::{Value, json};
use std::fmt::Write;
use std::io;

/// How the list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Aligned columns for people: so many rows, or all if 0.
    Table {
        /// Rows at most.
        rows: usize,
    },
    /// For programs: schema `recon.templates/1`.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Characters of a template that a table shows.
const WIDTH: usize = 160;

/// Writes the list.
pub fn render(
    found: &Templates,
    library: &mut Library,
    zone: Zone,
    form: Form,
) -> io::Result<String> {
    let mut locator = Locator::new(library);
    match form {
        Form::Table { rows } => table(found, &mut locator, zone, rows),
        Form::Json => json_text(found, &mut locator),
        Form::Csv => csv(found, &mut locator),
    }
}

fn table(
    found: &Templates,
    locator: &mut Locator<'_>,
    zone: Zone,
    limit: usize,
) -> io::Result<String> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let compared = found.contrast.is_some();
    let mut heads = vec!["Count", "First", "Last", "Level", "Service"];
    if compared {
        heads.splice(0..1, ["Change", "Inside", "Count"]);
    }
    heads.extend(["Seen at", "Template"]);
    let mut rows = vec![heads.into_iter().map(str::to_owned).collect()];
    for row in found.rows.iter().take(limit) {
        rows.push(cells(row, locator, zone, compared)?);
    }
    let mut out = aligned(&rows);
    let more = found.rows.len().saturating_sub(limit);
    if more > 0 {
        let _ = writeln!(out, "… and {more} more: --top 0 shows all");
    }
    if found.not_kept > 0 {
        let entries = prose::count(found.not_kept, "entry");
        let _ = writeln!(
            out,
            "{entries} in further templates that were not kept apart"
        );
    }
    Ok(out)
}

fn cells(
    row: &Row,
    locator: &mut Locator<'_>,
    zone: Zone,
    compared: bool,
) -> io::Result<Vec<String>> {
    let when = |seen: Option<Seen>| seen.map_or("–".to_owned(), |s| prose::moment(s.at, zone));
    let usage = &row.usage;
    let mut cells = Vec::new();
    if compared {
        cells.push(change(row.change));
        cells.push(usage.inside.to_string());
    }
    cells.push(usage.count.to_string());
    cells.push(when(usage.first));
    cells.push(when(usage.last));
    cells.push(row.level.map_or("–", |l| l.name()).to_owned());
    cells.push(visible(&row.service));
    cells.push(match exemplar(row) {
        Some(cite) => visible(&locator.name(cite)?),
        None => "–".to_owned(),
    });
    let text = visible(&row.template.text);
    let mut short: String = text.chars().take(WIDTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    cells.push(short);
    Ok(cells)
}

fn exemplar(row: &Row) -> Option<Cite> {
    row.usage.exemplar.as_ref().map(|(cite, _)| *cite)
}

fn change(change: Change) -> String {
    match change {
        Change::Unknown => "–".to_owned(),
        Change::Same => "=".to_owned(),
        Change::New { .. } => "new".to_owned(),
        Change::Gone { .. } => "gone".to_owned(),
        Change::Risen { times, .. } => format!("×{times:.1}"),
        Change::Fallen { times, .. } => format!("÷{times:.1}"),
    }
}

/// The name of a change for programs, and how many times as frequent the window was.
fn coded(change: Change) -> (Option<&'static str>, Option<f64>) {
    match change {
        Change::Unknown => (None, None),
        Change::Same => (Some("same"), None),
        Change::New { .. } => (Some("new"), None),
        Change::Gone { .. } => (Some("gone"), Some(0.0)),
        Change::Risen { times, .. } => (Some("risen"), Some(times)),
        Change::Fallen { times, .. } => (Some("fallen"), Some(1.0 / times)),
    }
}

fn json_text(found: &Templates, locator: &mut Locator<'_>) -> io::Result<String> {
    let when = |seen: Option<Seen>| seen.map(|s| s.at.rfc3339());
    let mut templates = Vec::new();
    for row in &found.rows {
        let (change, times) = coded(row.change);
        let place = exemplar(row).map(|cite| locator.place(cite)).transpose()?;
        let place = place.map(|p| {
            json!({"path": p.path, "line": p.line, "line_last": p.line_last, "byte": p.byte, "text": p.text})
        });
        templates.push(json!({
            "id": format!("{:016x}", row.template.id),
            "text": row.template.text,
            "service": row.service,
            "level": row.level.map(recon_parsers::Level::name),
            "count": row.usage.count,
            "inside": found.contrast.map(|_| row.usage.inside),
            "change": change,
            "times": times.map(|t| Number::rounded(t, 3)),
            "first": when(row.usage.first),
            "last": when(row.usage.last),
            "exemplar": place,
        }));
    }
    let report = json!({
        "schema": "recon.templates/1",
        "window": found.contrast.map(|c| window(c.window())),
        "templates": templates,
        "entries_not_kept": found.not_kept,
    });
    Ok(safe_json(&format!("{report:#}\n")))
}

fn window((from, to): (i64, i64)) -> Value {
    let text = |nanos| chrono::DateTime::from_timestamp_nanos(nanos).to_rfc3339();
    json!({"start": text(from), "end": text(to)})
}

fn csv(found: &Templates, locator: &mut Locator<'_>) -> io::Result<String> {
    let mut out =
        String::from("id,count,inside,change,times,first,last,level,service,path,line,template\n");
    for row in &found.rows {
        let (change, times) = coded(row.change);
        let place = exemplar(row).map(|cite| locator.place(cite)).transpose()?;
        let when = |seen: Option<Seen>| seen.map_or_else(String::new, |s| s.at.rfc3339());
        let cells = [
            format!("{:016x}", row.template.id),
            row.usage.count.to_string(),
            found
                .contrast
                .map_or_else(String::new, |_| row.usage.inside.to_string()),
            change.unwrap_or_default().to_owned(),
            times.map_or_else(String::new, |t| format!("{t:.3}")),
            when(row.usage.first),
            when(row.usage.last),
            row.level.map_or("", |l| l.name()).to_owned(),
            row.service.to_string(),
            place.as_ref().map_or_else(String::new, |p| p.path.clone()),
            place.map_or_else(String::new, |p| p.line.to_string()),
            row.template.text.clone(),
        ];
        out.push_str(&cells.map(|c| cell(&c)).join(","));
        out.push('\n');
    }
    Ok(out)
}
