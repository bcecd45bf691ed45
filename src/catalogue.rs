//! `recon formats`: the formats known, those that the user declared among them.

use crate::ingest::Declared;
use recon_parsers::detect::detect_with;
use recon_parsers::formats::FORMATS;
use recon_parsers::{Format, Record, Value, entries};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// Bytes of an example of what a field holds.
const EXAMPLE: usize = 60;

/// All formats, the declared ones first.
fn all(declared: &[Declared]) -> impl Iterator<Item = &'static Format> {
    let own = declared.iter().map(|d| d.format.format());
    own.chain(FORMATS.iter().copied())
}

fn find(declared: &[Declared], name: &str) -> Result<&'static Format, String> {
    all(declared)
        .find(|f| f.name == name)
        .ok_or_else(|| format!("no format `{name}`; `recon formats` lists them"))
}

/// The list for people; with a name, that format's fields, sample and reference.
pub fn text(declared: &[Declared], name: Option<&str>) -> Result<String, String> {
    let mut text = String::new();
    let Some(name) = name else {
        let width = all(declared).map(|f| f.name.len()).max().unwrap_or(0);
        for f in all(declared) {
            let _ = writeln!(text, "{:width$}  {}", f.name, f.title);
        }
        return Ok(text);
    };
    let format = find(declared, name)?;
    let _ = writeln!(
        text,
        "{}: {}\n{}",
        format.name, format.title, format.reference
    );
    let _ = writeln!(text, "\nFields, each with what it holds in the sample:");
    let fields = fields(declared, format);
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, example) in &fields {
        let _ = writeln!(text, "  {name:width$}  {example}");
    }
    let _ = writeln!(text, "\nSample:\n{}", format.sample.trim_end());
    Ok(text)
}

/// The same for programs.
pub fn json(declared: &[Declared], name: Option<&str>) -> Result<String, String> {
    let one = |f: &'static Format| {
        let fields = fields(declared, f);
        let fields: serde_json::Map<String, Json> =
            fields.into_iter().map(|(n, v)| (n, v.into())).collect();
        json!({
            "name": f.name,
            "title": f.title,
            "reference": f.reference,
            "declared": !FORMATS.contains(&f),
            "fields": fields,
            "sample": f.sample,
        })
    };
    let list = match name {
        Some(name) => one(find(declared, name)?),
        None => all(declared).map(one).collect(),
    };
    Ok(format!("{list:#}\n"))
}

/// What the format finds in its sample, each with the first example of it.
fn fields(declared: &[Declared], format: &Format) -> Vec<(String, String)> {
    let own = declared.iter().find(|d| d.format.format() == format);
    let own: Vec<_> = own.map(|d| d.format.clone()).into_iter().collect();
    let sample = format.sample.as_bytes();
    let found = detect_with(sample, &[], &own);
    let mut fields: Vec<(String, String)> = Vec::new();
    entries(sample, 0..sample.len(), &found, &mut |entry| {
        for (name, value) in entry.records.iter().flat_map(said) {
            if fields.iter().all(|(known, _)| *known != name) {
                fields.push((name, short(&value)));
            }
        }
    });
    fields
}

fn said(record: &Record<'_>) -> Vec<(String, String)> {
    let standard = [
        ("time", record.at.map(|at| at.notation())),
        ("level", record.level.map(|l| l.name().to_owned())),
        ("service", record.service.as_deref().map(str::to_owned)),
        ("host", record.host.as_deref().map(str::to_owned)),
        ("actor", record.actor.as_ref().map(|a| a.name.to_string())),
        ("kind", Some(record.kind.name().to_owned())),
        ("message", Some(record.message.to_string())),
    ];
    let standard = standard
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let others = record.fields.iter().map(|(name, value)| {
        let value = match value {
            Value::Text(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Time(reading) => reading.notation(),
        };
        (name.to_owned(), value)
    });
    standard.chain(others).collect()
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(EXAMPLE) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line.to_owned(),
    }
}
