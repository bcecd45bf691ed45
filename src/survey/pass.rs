//! Running the first pass over all chunks, in parallel.

use super::align::align;
use super::count::Counter;
use super::sightings::Limit;
use super::{Sightings, Survey};
use crate::clock::ClockOffset;
use crate::ingest::{self, Chunk, FilePlan, Scratches};
use crate::source::Library;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

/// Times a file may be read again because it turned out to mix more formats.
const ROUNDS: usize = 3;

/// Surveys all files. `size` is the length of a chunk in bytes; `done` is told the bytes of
/// each finished chunk. Plans gain formats where the middle of a file shows one that its
/// sampled parts did not.
pub fn survey(
    library: &Library,
    plans: &mut [FilePlan],
    size: u64,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Survey> {
    let chunks = ingest::chunks(library, plans, size);
    let parts = count(library, plans, &chunks, bytes(library), done)?;
    settle(library, plans, parts, Settling::default(), size, done)
}

/// Counts chunks, in parallel: a survey of what was read of each file, by the place of its plan.
/// `all` are the bytes of all inputs, of which these may be a part.
pub fn count(
    library: &Library,
    plans: &[FilePlan],
    chunks: &[Chunk],
    all: u64,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<BTreeMap<usize, Survey>> {
    // One for all threads: parts that waited for others to be merged with would hold each as much
    // memory as all of them together may.
    let files: Mutex<BTreeMap<usize, Survey>> = Mutex::default();
    let limits: Vec<Limit> = plans.iter().map(|_| Limit::default()).collect();
    let scratches = Scratches::default();
    // In order: what comes next in a file is added at the end of what is known of it.
    chunks.iter().par_bridge().try_for_each(|chunk| {
        let mut scratch = scratches.lend();
        let (plan, limit) = (&plans[chunk.plan], &limits[chunk.plan]);
        let mut counter = Counter::new(limit, all);
        let own = chunk.bytes.clone();
        let tally = ingest::skim(library, plan, own, &mut scratch, &mut |seen| {
            counter.add(&seen)
        })?;
        let part = counter.survey(plan.file, tally);
        done(chunk.bytes.end - chunk.bytes.start);
        let mut files = files.lock().map_err(|_| poisoned())?;
        let ours = files.remove(&chunk.plan).unwrap_or_default();
        files.insert(chunk.plan, ours.merge(part));
        Survey::bound(&mut files);
        Ok::<_, io::Error>(())
    })?;
    files.into_inner().map_err(|_| poisoned())
}

/// Another thread failed while it held what was counted.
fn poisoned() -> io::Error {
    io::Error::other("what was counted is lost")
}

/// What has been settled of the plans of all files: what a first reading of all of a file shows
/// that its samples did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settling {
    /// How often files were looked at for further formats.
    pub rounds: usize,
    /// How the hosts' clocks compare, once they have been compared.
    pub clocks: Option<Vec<ClockOffset>>,
}

impl Settling {
    /// Settles what the surveys of all files show next: further formats, then clocks. Gives the
    /// places of the plans that read their files differently now; their files must be counted
    /// again before the next step.
    pub fn step(
        &mut self,
        library: &Library,
        plans: &mut [FilePlan],
        files: &mut BTreeMap<usize, Survey>,
    ) -> io::Result<BTreeSet<usize>> {
        if self.rounds < ROUNDS {
            self.rounds += 1;
            let mut wider = BTreeSet::new();
            for (&n, part) in &*files {
                if let Some(more) = mixed(library, &plans[n], part)? {
                    plans[n] = more;
                    wider.insert(n);
                }
            }
            if !wider.is_empty() {
                return Ok(wider);
            }
            self.rounds = ROUNDS;
        }
        if self.clocks.is_some() {
            return Ok(BTreeSet::new());
        }
        let mut sightings = Sightings::default();
        for part in files.values_mut() {
            sightings.merge(std::mem::take(&mut part.sightings));
        }
        let (clocks, changed) = align(&sightings, library, plans);
        self.clocks = Some(clocks);
        Ok(changed)
    }

    /// Whether nothing is left to be settled.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.clocks.is_some()
    }
}

/// Settles what the surveys of all files show, reads again what changes by that, and merges.
pub fn settle(
    library: &Library,
    plans: &mut [FilePlan],
    mut files: BTreeMap<usize, Survey>,
    mut settling: Settling,
    size: u64,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Survey> {
    while !settling.is_done() {
        let changed = settling.step(library, plans, &mut files)?;
        let chunks = ingest::chunks(library, plans, size);
        let again: Vec<Chunk> = chunks
            .into_iter()
            .filter(|c| changed.contains(&c.plan))
            .collect();
        files.extend(count(library, plans, &again, bytes(library), done)?);
    }
    let mut whole = files
        .into_values()
        .map(|part| Survey {
            sightings: Sightings::default(),
            ..part
        })
        .fold(Survey::default(), Survey::merge)
        .finish();
    whole.clocks = settling.clocks.unwrap_or_default();
    Ok(whole)
}

fn bytes(library: &Library) -> u64 {
    library.iter().map(|(_, input)| input.text.len()).sum()
}

/// A wider plan, if lines that the plan could not place are in a format that it lacks.
fn mixed(library: &Library, plan: &FilePlan, part: &Survey) -> io::Result<Option<FilePlan>> {
    let Some(tally) = part.files.get(&plan.file) else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    for cite in tally.strays.iter().chain(&tally.unparsed_samples) {
        let mut bytes = Vec::new();
        library.input(cite.file).text.read(
            cite.offset,
            cite.offset + u64::from(cite.len),
            &mut bytes,
        )?;
        lines.push(bytes);
    }
    if lines.is_empty() {
        Ok(None)
    } else {
        ingest::replan(library, plan, &lines)
    }
}
