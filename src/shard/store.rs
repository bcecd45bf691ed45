//! Partials as files: a folder for each table, and in it a Parquet file for each shard.
//!
//! A file is written under a temporary name and then renamed. What tells that a shard is there is
//! its file in `shards`, which comes last and names the others by their hashes. The same shard
//! gives the same bytes, so a second attempt, or two at once, do no harm.

use super::fingerprint::sha256;
use super::{Plan, Row};
use crate::cite::FileId;
use crate::output::Output;
use crate::source::Memory;
use crate::survey::Survey;
use crate::survey::partial::{self, Sheet};
use crate::table::{self, Kind, Schema, parquet};
use anyhow::{Context, Result, bail, ensure};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The table that tells which shards are there.
const SHARDS: &str = "shards";
/// The ending of its files and all others.
const ENDING: &str = "parquet";

const SCHEMA: Schema = &[
    ("shard", Kind::Int),
    ("plan_row", Kind::Text),
    ("recon", Kind::Text),
    ("input", Kind::Int),
    ("path", Kind::Text),
    ("start_byte", Kind::Int),
    ("end_byte", Kind::Int),
    ("text_bytes", Kind::Int),
    ("bytes", Kind::Int),
    ("modified_ns", Kind::Int),
    ("digest", Kind::Text),
    ("format", Kind::Text),
    ("tables", Kind::Text),
];

/// Writes what was counted of a shard into a folder.
pub fn write(plan: &Plan, row: &Row, surveys: &[(FileId, Survey)], folder: &Path) -> Result<()> {
    let mut hashes: BTreeMap<&str, String> = BTreeMap::new();
    for (sheet, bytes) in Sheet::ALL.into_iter().zip(sheets(surveys)?) {
        hashes.insert(sheet.name(), sha256(&[&bytes]));
        put(folder, sheet.name(), row.shard, &bytes)?;
    }
    let mut bytes = Vec::new();
    let mut writer = parquet::Writer::new(&mut bytes, SCHEMA)?;
    let fingerprint = plan.fingerprint(row)?;
    let tables = serde_json::to_string(&hashes)?;
    for piece in &row.texts {
        writer.row(&[
            row.shard.into(),
            table::Cell::from(&fingerprint),
            table::Cell::from(&plan.header.recon),
            piece.input.into(),
            table::Cell::from(&piece.path),
            piece.start.into(),
            piece.end.into(),
            piece.text_bytes.into(),
            piece.origin.bytes.into(),
            piece.origin.modified_ns.into(),
            table::Cell::from(&piece.origin.digest),
            piece.reading.first_format().into(),
            table::Cell::from(&tables),
        ])?;
    }
    writer.finish()?;
    put(folder, SHARDS, row.shard, &bytes)
}

/// The files of all tables.
fn sheets(surveys: &[(FileId, Survey)]) -> Result<[Vec<u8>; Sheet::ALL.len()]> {
    let mut files = Sheet::ALL.map(|_| Vec::new());
    let mut writers = Sheet::ALL
        .into_iter()
        .zip(&mut files)
        .map(|(sheet, file)| Ok((sheet, parquet::Writer::new(file, sheet.schema())?)))
        .collect::<io::Result<BTreeMap<_, _>>>()?;
    for (input, survey) in surveys {
        partial::write(*input, survey, &mut |sheet, cells| {
            let writer = writers.get_mut(&sheet);
            writer.map_or(Ok(()), |writer| writer.row(cells))
        })?;
    }
    for writer in writers.into_values() {
        writer.finish()?;
    }
    Ok(files)
}

fn put(folder: &Path, table: &str, shard: u32, bytes: &[u8]) -> Result<()> {
    let folder = folder.join(table);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut output = Output::new(Some(&folder.join(format!("{shard:06}.{ENDING}"))))?;
    output.write_all(bytes)?;
    output.commit()
}

/// The partials in some folders.
#[derive(Debug)]
pub struct Partials<'p> {
    plan: &'p Plan,
    /// Of each shard the file that tells that it is there, and the hashes of its tables.
    found: BTreeMap<u32, Found>,
}

/// A shard in a folder.
#[derive(Debug)]
struct Found {
    marker: PathBuf,
    /// The folder that has the tables.
    folder: PathBuf,
    row: String,
    tables: BTreeMap<String, String>,
}

impl<'p> Partials<'p> {
    /// Looks for the shards of a plan. One that is there twice is an error.
    pub fn find(plan: &'p Plan, folders: &[PathBuf]) -> Result<Self> {
        let mut found: BTreeMap<u32, Found> = BTreeMap::new();
        for folder in folders {
            for marker in markers(folder)? {
                let (shard, here) = read_marker(folder, &marker)?;
                if let Some(other) = found.insert(shard, here) {
                    bail!(
                        "shard {shard} is there twice, as {} and as {}; remove one of them",
                        other.marker.display(),
                        marker.display()
                    );
                }
            }
        }
        Ok(Self { plan, found })
    }

    /// Whether a shard is there as it is planned now.
    pub fn has(&self, row: &Row) -> Result<bool> {
        let fingerprint = self.plan.fingerprint(row)?;
        let found = self.found.get(&row.shard);
        Ok(found.is_some_and(|f| f.row == fingerprint))
    }

    /// Refuses what is missing, foreign or made from another row of a plan.
    fn check(&self) -> Result<()> {
        let mut missing = Vec::new();
        for row in &self.plan.rows {
            match self.found.get(&row.shard) {
                None => missing.push(row.shard),
                Some(found) => ensure!(
                    found.row == self.plan.fingerprint(row)?,
                    "{} was made from another row of a plan than shard {} has now; map it again",
                    found.marker.display(),
                    row.shard
                ),
            }
        }
        if let Some(foreign) = self
            .found
            .iter()
            .find(|(n, _)| **n >= self.plan.header.shards)
        {
            bail!(
                "{} is shard {}, and the plan has {}; is it of another plan?",
                foreign.1.marker.display(),
                foreign.0,
                self.plan.header.shards
            );
        }
        let first = missing.first().copied();
        if let Some(first) = first {
            let named: Vec<String> = missing.iter().take(10).map(u32::to_string).collect();
            let more = if missing.len() > 10 { " …" } else { "" };
            bail!(
                "{} of {} shards are missing: {}{more}; map them (recon map --plan PLAN --shard \
                 {first} -o DIR, or without --shard all that DIR lacks)",
                missing.len(),
                self.plan.header.shards,
                named.join(", ")
            );
        }
        Ok(())
    }

    /// What was counted of each input, all its pieces together.
    pub fn read(&self) -> Result<BTreeMap<usize, Survey>> {
        self.check()?;
        let shards: Vec<&Found> = self.found.values().collect();
        let join = |mut a: BTreeMap<usize, Survey>, b: BTreeMap<usize, Survey>| {
            for (input, part) in b {
                let ours = a.remove(&input).unwrap_or_default();
                a.insert(input, ours.merge(part));
            }
            a
        };
        shards
            .into_par_iter()
            .map(|found| found.read(self.plan.header.memory))
            .try_reduce(BTreeMap::new, |a, b| Ok(join(a, b)))
    }
}

/// The files that tell which shards are in a folder, in order.
fn markers(folder: &Path) -> Result<Vec<PathBuf>> {
    let shards = folder.join(SHARDS);
    let listed = match std::fs::read_dir(&shards) {
        Ok(listed) => listed,
        Err(e) if e.kind() == io::ErrorKind::NotFound && folder.is_dir() => return Ok(Vec::new()),
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", shards.display())),
    };
    let mut files = Vec::new();
    for entry in listed {
        let path = entry?.path();
        // Temporary files have no ending.
        if path.extension().is_some_and(|e| e == ENDING) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_marker(folder: &Path, marker: &Path) -> Result<(u32, Found)> {
    let damaged = || format!("{} is no partial of recon, or is damaged", marker.display());
    let bytes = std::fs::read(marker).with_context(damaged)?;
    let mut first = None;
    parquet::read(bytes, SCHEMA, &mut |cells| {
        let (Some(shard), Some(row), Some(tables)) = (cells.first(), cells.get(1), cells.last())
        else {
            return Ok(());
        };
        if let (table::Cell::Int(shard), table::Cell::Text(row), table::Cell::Text(tables)) =
            (shard, row, tables)
            && first.is_none()
        {
            first = Some((*shard, (*row).to_owned(), (*tables).to_owned()));
        }
        Ok(())
    })
    .with_context(damaged)?;
    let (shard, row, tables) = first.with_context(damaged)?;
    let found = Found {
        marker: marker.to_owned(),
        folder: folder.to_owned(),
        row,
        tables: serde_json::from_str(&tables).with_context(damaged)?,
    };
    Ok((u32::try_from(shard).with_context(damaged)?, found))
}

impl Found {
    fn read(&self, memory: Memory) -> Result<BTreeMap<usize, Survey>> {
        let mut reader = partial::Reader::default();
        for sheet in Sheet::ALL {
            let name = self.marker.file_name().unwrap_or_default();
            let path = self.folder.join(sheet.name()).join(name);
            let bytes =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(
                self.tables.get(sheet.name()) == Some(&sha256(&[&bytes])),
                "{} changed since {} was written; map the shard again",
                path.display(),
                self.marker.display()
            );
            parquet::read(bytes, sheet.schema(), &mut |cells| {
                reader.row(sheet, cells).map_err(io::Error::other)
            })
            .with_context(|| format!("{} is damaged", path.display()))?;
        }
        let parts = reader.done().into_iter();
        let within = |part| Survey { memory, ..part };
        Ok(parts
            .map(|(file, part)| (file.0 as usize, within(part)))
            .collect())
    }
}
