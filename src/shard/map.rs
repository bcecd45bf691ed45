//! Counting one shard: a pure function of its row of the plan and its bytes.

use super::{Place, Plan, Row};
use crate::cite::FileId;
use crate::ingest::{self, Chunk};
use crate::source::{self, Library};
use crate::survey::{self, Survey};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Counts a shard: gives a survey of its piece of each input, by the number of the input.
pub fn map(
    plan: &Plan,
    row: &Row,
    place: Place<'_>,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Vec<(FileId, Survey)>> {
    row.check(place, false)?;
    let mut library = open(plan, row, place)?;
    library.keep_within(plan.header.memory);
    let declared = plan.declared()?;
    let mut plans = Vec::new();
    for ((file, _), piece) in library.iter().zip(&row.texts) {
        let thawed = piece.reading.thaw(file, &declared);
        plans.push(thawed.map_err(anyhow::Error::msg).context("the plan")?);
    }
    let own = |chunk: &Chunk| {
        let piece = row.texts.get(chunk.plan);
        piece.is_some_and(|p| (p.start..p.end).contains(&chunk.bytes.start))
    };
    let mut chunks = ingest::chunks(&library, &plans, plan.header.chunk);
    chunks.retain(own);
    let all = plan.header.text_bytes;
    let surveys = survey::count(&library, &plans, &chunks, all, done)?;
    for (_, input) in library.iter() {
        if let Some(trouble) = input.text.trouble() {
            bail!("{}: {trouble}", input.path);
        }
    }
    // What was written to a file while it was read may be in the counts.
    row.check(place, true)?;
    let surveys = surveys.into_iter().filter_map(|(n, survey)| {
        let piece = row.texts.get(n)?;
        Some((FileId(piece.input), survey))
    });
    Ok(surveys.collect())
}

/// The inputs of a shard, in the order of its pieces.
fn open(plan: &Plan, row: &Row, place: Place<'_>) -> Result<Library> {
    let files: BTreeSet<&Path> = row
        .texts
        .iter()
        .map(|p| Path::new(&p.origin.file))
        .collect();
    let limits = source::Limits {
        unpacked: plan.header.unpack_limit,
    };
    let found = source::reopen(place.root, files.into_iter(), limits);
    let mut inputs: BTreeMap<String, source::Input> = found
        .inputs
        .into_iter()
        .map(|input| (input.path.clone(), input))
        .collect();
    let mut wanted = Vec::new();
    for piece in &row.texts {
        let Some(input) = inputs.remove(&piece.path) else {
            let told = found.unread.iter().find(|u| u.path == piece.path);
            let why = told.map_or("it is not there any more", |u| &u.reason);
            bail!("{} was planned and cannot be read: {why}", piece.path);
        };
        ensure!(
            input.text.len() == piece.text_bytes,
            "{} changed since it was planned: its text had {} bytes and has {}; plan again",
            piece.path,
            piece.text_bytes,
            input.text.len()
        );
        ensure!(
            input.wrapped == piece.wrapped,
            "{} changed since it was planned: it was {:?} and is {:?}; plan again",
            piece.path,
            piece.wrapped,
            input.wrapped
        );
        wanted.push(input);
    }
    Ok(Library::new(wanted))
}
