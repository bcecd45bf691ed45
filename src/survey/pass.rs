//! Running the first pass over all chunks, in parallel.

use super::align::align;
use super::count::Counter;
use super::sightings::Limit;
use super::{Sightings, Survey};
use crate::clock::ClockOffset;
use crate::ingest::{self, Chunk, FilePlan, Scratches};
use crate::source::Library;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;

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
    let mut todo = ingest::chunks(library, plans, size);
    let mut files: BTreeMap<usize, Survey> = BTreeMap::new();
    for round in 0..=ROUNDS {
        for (plan, part) in pass(library, plans, &todo, done)? {
            files.insert(plan, part);
        }
        todo.clear();
        if round == ROUNDS {
            break;
        }
        for (&n, part) in &files {
            if let Some(more) = mixed(library, &plans[n], part)? {
                plans[n] = more;
                todo.extend(again(library, plans, n, size));
            }
        }
        if todo.is_empty() {
            break;
        }
    }
    let clocks = set_clocks(library, plans, &mut files, size, done)?;
    let mut whole = files
        .into_values()
        .fold(Survey::default(), Survey::merge)
        .finish();
    whole.clocks = clocks;
    Ok(whole)
}

/// Compares the clocks by the ids that they share, and reads again the files whose clock was wrong.
fn set_clocks(
    library: &Library,
    plans: &mut [FilePlan],
    files: &mut BTreeMap<usize, Survey>,
    size: u64,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Vec<ClockOffset>> {
    let mut sightings = Sightings::default();
    for part in files.values_mut() {
        sightings.merge(std::mem::take(&mut part.sightings));
    }
    let (clocks, changed) = align(&sightings, library, plans);
    let todo: Vec<Chunk> = changed
        .into_iter()
        .flat_map(|n| again(library, plans, n, size))
        .collect();
    for (plan, mut part) in pass(library, plans, &todo, done)? {
        part.sightings = Sightings::default();
        files.insert(plan, part);
    }
    Ok(clocks)
}

/// All chunks of one file.
fn again(library: &Library, plans: &[FilePlan], n: usize, size: u64) -> Vec<Chunk> {
    let chunks = ingest::chunks(library, &plans[n..=n], size);
    chunks.into_iter().map(|c| Chunk { plan: n, ..c }).collect()
}

fn pass(
    library: &Library,
    plans: &[FilePlan],
    chunks: &[Chunk],
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<BTreeMap<usize, Survey>> {
    let bytes = library.iter().map(|(_, input)| input.text.len()).sum();
    let join = |mut a: BTreeMap<usize, Survey>, b: BTreeMap<usize, Survey>| {
        for (plan, part) in b {
            let ours = a.remove(&plan).unwrap_or_default();
            a.insert(plan, ours.merge(part));
        }
        Survey::bound(&mut a);
        a
    };
    let limits: Vec<Limit> = plans.iter().map(|_| Limit::default()).collect();
    let scratches = Scratches::default();
    chunks
        .par_iter()
        .map(|chunk| {
            let mut scratch = scratches.lend();
            let (plan, limit) = (&plans[chunk.plan], &limits[chunk.plan]);
            let mut counter = Counter::new(limit, bytes);
            let own = chunk.bytes.clone();
            let tally = ingest::skim(library, plan, own, &mut scratch, &mut |seen| {
                counter.add(&seen)
            })?;
            let part = counter.survey(plan.file, tally);
            done(chunk.bytes.end - chunk.bytes.start);
            Ok(BTreeMap::from([(chunk.plan, part)]))
        })
        .try_reduce(BTreeMap::new, |a, b| Ok(join(a, b)))
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
