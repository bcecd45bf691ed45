//! `[[format]]`: a format that a user declares.

use super::read::{Error, Setting, Table};
use crate::clock::Zone;
use crate::ingest::Declared;
use globset::{Glob, GlobMatcher};
use recon_parsers::custom::{Continues, Custom, Declaration, Sample, TimeForm};
use recon_parsers::formats::FORMATS;
use recon_parsers::token::duration::Unit;
use recon_parsers::{AlertState, ChangeState, Kind, Level, PageAct};
use std::collections::BTreeMap;
use std::sync::Arc;

const KEYS: &[&str] = &[
    "name",
    "title",
    "reference",
    "pattern",
    "time",
    "zone",
    "kind",
    "service",
    "levels",
    "states",
    "duration",
    "continues",
    "files",
    "samples",
];

const KINDS: &[(&str, Kind)] = &[
    ("log", Kind::Log),
    ("access", Kind::Access),
    ("alert", Kind::Alert(AlertState::Firing)),
    ("page", Kind::Page(PageAct::Triggered)),
    ("change", Kind::Change(ChangeState::Finished)),
    ("chat", Kind::Chat),
    ("ticket", Kind::Ticket),
    ("note", Kind::Note),
];

const LEVELS: &[(&str, Level)] = &[
    ("trace", Level::Trace),
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("warn", Level::Warn),
    ("error", Level::Error),
    ("fatal", Level::Fatal),
];

const UNITS: &[(&str, Unit)] = &[
    ("s", Unit::Seconds),
    ("ms", Unit::Millis),
    ("us", Unit::Micros),
    ("ns", Unit::Nanos),
];

/// The format that a table declares, held against its samples.
pub(super) fn read(path: &str, table: &Table<'_>) -> Result<Declared, Error> {
    table.only("key of a format", KEYS)?;
    let name = table.need("format", "name")?;
    let samples = samples(table)?;
    let declaration = declaration(path, table, &name, &samples)?;
    let custom = Custom::new(declaration).map_err(|flaw| match table.get(flaw.key) {
        Some(setting) => setting.error_at(flaw.at, flaw.message),
        None => table.error(flaw.message),
    })?;
    for (setting, sample) in &samples {
        custom.check(sample).map_err(|wrong| {
            let at = setting.table().ok().and_then(|t| t.get(&wrong.key));
            at.as_ref().unwrap_or(setting).error(wrong.message)
        })?;
    }
    let zone = |setting: Setting<'_>| setting.parse(str::parse::<Zone>);
    Ok(Declared {
        format: Arc::new(custom),
        files: files(table)?,
        zone: table.get("zone").map(zone).transpose()?,
    })
}

fn declaration(
    path: &str,
    table: &Table<'_>,
    name: &Setting<'_>,
    samples: &[(Setting<'_>, Sample)],
) -> Result<Declaration, Error> {
    let text = |key: &str| table.get(key).map(|setting| setting.text()).transpose();
    let named = name.parse(new_name)?;
    Ok(Declaration {
        title: text("title")?.unwrap_or_else(|| format!("declared in {path}")),
        reference: text("reference")?.unwrap_or_else(|| path.to_owned()),
        pattern: table.need("format", "pattern")?.text()?,
        time: match table.get("time") {
            Some(setting) => setting.parse(str::parse)?,
            None => TimeForm::Auto,
        },
        kind: match table.get("kind") {
            Some(setting) => setting.parse(|text| one_of(KINDS, text))?,
            None => Kind::Log,
        },
        service: text("service")?,
        levels: map(table, "levels", |setting| {
            setting.parse(|text| one_of(LEVELS, text))
        })?,
        states: map(table, "states", text_of)?,
        duration: match table.get("duration") {
            Some(setting) => setting.parse(|text| one_of(UNITS, text))?,
            None => Unit::Unsaid,
        },
        continues: match text("continues")? {
            None => Continues::Unread,
            Some(word) if word == "indented" => Continues::Indented,
            Some(pattern) => Continues::Matching(pattern),
        },
        sample: samples
            .iter()
            .map(|(_, sample)| format!("{}\n", sample.entry.trim_end()))
            .collect(),
        name: named,
    })
}

/// Names are typed and shown beside those of the built-in formats.
fn new_name(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() || !text.bytes().all(plain) {
        return Err(format!(
            "`{text}` is no name of a format: use lower-case letters, digits and hyphens"
        ));
    }
    if FORMATS.iter().any(|f| f.name == text) {
        return Err(format!(
            "a format `{text}` is built in; choose another name, such as our-{text}"
        ));
    }
    Ok(text.to_owned())
}

fn one_of<T: Copy>(table: &[(&str, T)], word: &str) -> Result<T, String> {
    let known = table.iter().find(|(name, _)| *name == word);
    known.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        format!("`{word}` is none of {}", names.join(", "))
    })
}

fn text_of(setting: &Setting<'_>) -> Result<String, Error> {
    setting.text()
}

fn map<T>(
    table: &Table<'_>,
    key: &str,
    value: impl Fn(&Setting<'_>) -> Result<T, Error>,
) -> Result<BTreeMap<String, T>, Error> {
    let Some(setting) = table.get(key) else {
        return Ok(BTreeMap::new());
    };
    let table = setting.table()?;
    table
        .iter()
        .map(|(name, setting)| Ok((name.to_owned(), value(&setting)?)))
        .collect()
}

fn files(table: &Table<'_>) -> Result<Vec<GlobMatcher>, Error> {
    let Some(setting) = table.get("files") else {
        return Ok(Vec::new());
    };
    let glob = |text: &str| Glob::new(text).map(|g| g.compile_matcher());
    let globs = setting.list()?;
    globs
        .iter()
        .map(|s| s.parse(|text| glob(text).map_err(|e| e.to_string())))
        .collect()
}

/// The samples, each with where it stands.
fn samples<'t>(table: &Table<'t>) -> Result<Vec<(Setting<'t>, Sample)>, Error> {
    let setting = table.need("format", "samples").map_err(|_| {
        table.error(
            "this format has no `samples`: add a line of it and what it means, such as \
             samples = [{ line = '…', level = 'error' }]",
        )
    })?;
    let list = setting.list()?;
    if list.is_empty() {
        return Err(setting.error("at least one sample is needed to hold the pattern against"));
    }
    list.into_iter()
        .map(|setting| {
            let table = setting.table()?;
            let mut sample = Sample {
                entry: table.need("sample", "line")?.text()?,
                means: Vec::new(),
            };
            for (key, value) in table.iter().filter(|(key, _)| *key != "line") {
                sample.means.push((key.to_owned(), value.plain()?));
            }
            Ok((setting, sample))
        })
        .collect()
}
