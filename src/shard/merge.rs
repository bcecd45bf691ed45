//! Putting partials together with the inputs that they were counted from: what a process that
//! read everything itself would have.

use super::{Partials, Piece, Place, Plan};
use crate::cite::FileId;
use crate::ingest::FilePlan;
use crate::source::{self, Input, Library, Limits, Pack};
use crate::survey::Survey;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The inputs of a plan, how each is read, and what was counted of each.
#[derive(Debug)]
pub struct Merged {
    /// The inputs.
    pub library: Library,
    /// How each is read.
    pub plans: Vec<FilePlan>,
    /// What was counted of each, by its place.
    pub surveys: BTreeMap<usize, Survey>,
}

/// Reads all partials of a plan and opens its inputs, which citations are looked up in.
pub fn merge(plan: &Plan, partials: &Partials<'_>, place: Place<'_>) -> Result<Merged> {
    // First what costs nothing: a shard that is missing is told at once.
    let surveys = partials.read()?;
    for row in &plan.rows {
        row.check(place, false)?;
    }
    let limits = Limits {
        unpacked: plan.header.unpack_limit,
    };
    let mut plain = plain(plan, place, limits);
    let mut packs = BTreeMap::new();
    let declared = plan.declared()?;
    let (mut inputs, mut plans) = (Vec::new(), Vec::new());
    for (file, piece) in (0..).map(FileId).zip(plan.inputs()) {
        let input = if piece.is_packed() {
            let name = Path::new(&piece.origin.file);
            let pack = packs
                .entry(name)
                .or_insert_with(|| Pack::new(place.root, name, limits));
            Some(packed(piece, pack)?)
        } else {
            plain.remove(&piece.path)
        };
        let same = |i: &Input| i.text.len() == piece.text_bytes;
        ensure!(
            input.as_ref().is_some_and(same),
            "{} is not what was planned; plan again",
            piece.path
        );
        inputs.extend(input);
        let thawed = piece.reading.thaw(file, &declared);
        plans.push(thawed.map_err(anyhow::Error::msg).context("the plan")?);
    }
    Ok(Merged {
        library: Library::new(inputs),
        plans,
        surveys,
    })
}

/// The inputs that need not be unpacked, by path.
fn plain(plan: &Plan, place: Place<'_>, limits: Limits) -> BTreeMap<String, Input> {
    let files = plan.inputs().filter(|piece| !piece.is_packed());
    let files: BTreeSet<&Path> = files.map(|p| Path::new(&p.origin.file)).collect();
    let found = source::reopen(place.root, files.into_iter(), limits);
    let inputs = found.inputs.into_iter();
    inputs.map(|input| (input.path.clone(), input)).collect()
}

/// An input that is unpacked once somebody reads it.
fn packed(piece: &Piece, pack: &std::sync::Arc<Pack>) -> Result<Input> {
    let wrapped = piece.wrapped.iter().map(|name| {
        let known = source::wrapping(name);
        known.with_context(|| format!("the plan: nothing is wrapped in `{name}`"))
    });
    Ok(Input {
        path: piece.path.clone(),
        file: Path::new(&piece.origin.file).to_owned(),
        text: pack.text(&piece.path, piece.text_bytes),
        bytes: piece.bytes,
        // Years have been settled by them.
        modified: None,
        packed: None,
        wrapped: wrapped.collect::<Result<_>>()?,
    })
}
