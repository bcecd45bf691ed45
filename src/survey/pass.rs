//! Running the first pass over all chunks, in parallel.

use super::align::align;
use super::count::Counter;
use super::sightings::Limit;
use super::{Sightings, Survey};
use crate::cite::FileId;
use crate::clock::ClockOffset;
use crate::ingest::{self, Chunk, FilePlan, FileTally, Scratches, Skimmed};
use crate::source::Library;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

/// Times a file may be read again because it turned out to mix more formats.
const ROUNDS: usize = 3;

/// Seconds that files which were read may hold before they are put together: some 15 to 30 MB.
const WAITING: usize = 1 << 19;

/// How much of the entries is counted.
#[derive(Clone, Copy)]
pub enum Detail<'l> {
    /// All that incidents are found by.
    Everything,
    /// What who wants the entries themselves must know before: which times lie where, what is kept whole, and
    /// how clocks compare. Somebody may listen to what the entries say.
    Times(Option<&'l dyn Listener>),
}

impl<'l> Detail<'l> {
    pub(super) const fn is_everything(self) -> bool {
        matches!(self, Self::Everything)
    }

    const fn listener(self) -> Option<&'l dyn Listener> {
        match self {
            Self::Everything => None,
            Self::Times(listener) => listener,
        }
    }
}

/// Who wants to hear what all entries say while they are surveyed.
pub trait Listener: Sync {
    /// Hears the entries of a chunk, as glances show them where that is enough.
    fn hear(&self) -> Box<dyn FnMut(&Skimmed<'_, '_>) + '_>;

    /// Some files will be read again, and differently.
    fn start_again(&self);
}

/// Lets somebody hear what all entries say, and counts nothing.
pub fn listen(
    library: &Library,
    plans: &[FilePlan],
    size: u64,
    listener: &dyn Listener,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<()> {
    let scratches = Scratches::hearing();
    let chunks = ingest::chunks(library, plans, size);
    chunks.par_iter().try_for_each(|chunk| {
        let (plan, own) = (&plans[chunk.plan], chunk.bytes.clone());
        let (mut hear, mut scratch) = (listener.hear(), scratches.lend());
        ingest::skim(library, plan, own, &mut scratch, &mut |seen| {
            hear(&seen);
            false
        })?;
        done(chunk.bytes.end - chunk.bytes.start);
        Ok(())
    })
}

/// Surveys all files, in this detail: formats and clocks are settled and files accounted for in any.
/// `size` is the length of a chunk in bytes; `done` is told the bytes of each finished chunk.
/// Plans gain formats where the middle of a file shows one that its sampled parts did not.
pub fn survey(
    library: &Library,
    plans: &mut [FilePlan],
    size: u64,
    detail: Detail<'_>,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Survey> {
    let chunks = ingest::chunks(library, plans, size);
    let parts = count_together(library, plans, &chunks, detail, done)?;
    settle(
        library,
        plans,
        parts,
        Settling::default(),
        size,
        detail,
        done,
    )
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
    let (parts, detail) = (Parts::of(chunks, None), Detail::Everything);
    count_into(parts, library, plans, chunks, all, detail, done)
}

/// As [`count`], but files that have been read to their end may be one survey, under the place of
/// any of them.
fn count_together(
    library: &Library,
    plans: &[FilePlan],
    chunks: &[Chunk],
    detail: Detail<'_>,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<BTreeMap<usize, Survey>> {
    let (parts, all) = (
        Parts::of(chunks, Some(library.memory().limit(WAITING))),
        bytes(library),
    );
    count_into(parts, library, plans, chunks, all, detail, done)
}

fn count_into(
    parts: Parts,
    library: &Library,
    plans: &[FilePlan],
    chunks: &[Chunk],
    all: u64,
    detail: Detail<'_>,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<BTreeMap<usize, Survey>> {
    // One for all threads: parts that waited for others to be merged with would hold each as much
    // memory as all of them together may.
    let parts = Mutex::new(parts);
    let limits: Vec<Limit> = plans.iter().map(|_| Limit::default()).collect();
    let listener = detail.listener();
    let scratches = match listener {
        Some(_) => Scratches::hearing(),
        None => Scratches::default(),
    };
    // In order: what comes next in a file is added at the end of what is known of it.
    chunks.iter().par_bridge().try_for_each(|chunk| {
        let mut scratch = scratches.lend();
        let (plan, limit) = (&plans[chunk.plan], &limits[chunk.plan]);
        let mut counter = Counter::new(limit, all, detail, library.memory());
        let own = chunk.bytes.clone();
        let mut ear = listener.map(Listener::hear);
        let tally = ingest::skim(library, plan, own, &mut scratch, &mut |seen| {
            if let Some(hear) = &mut ear {
                hear(&seen);
            }
            counter.add(&seen)
        })?;
        drop(ear);
        let part = counter.survey(plan.file, tally);
        done(chunk.bytes.end - chunk.bytes.start);
        parts.lock().map_err(|_| poisoned())?.add(chunk.plan, part);
        Ok::<_, io::Error>(())
    })?;
    Ok(parts.into_inner().map_err(|_| poisoned())?.surveys)
}

/// Counts of files that are being read and of those that were.
#[derive(Default)]
struct Parts {
    /// By the place of the plan of their file, or of one of their files.
    surveys: BTreeMap<usize, Survey>,
    /// Chunks of each file that are still to come.
    left: BTreeMap<usize, usize>,
    /// Seconds that files which were read may hold before they are put together; never if there
    /// is no such number. Fifty services in a thousand files are as much to keep as in one.
    waiting: Option<usize>,
    /// Seconds held by each file that was read.
    whole: BTreeMap<usize, usize>,
}

impl Parts {
    fn of(chunks: &[Chunk], waiting: Option<usize>) -> Self {
        let mut left = BTreeMap::new();
        for chunk in chunks {
            *left.entry(chunk.plan).or_default() += 1;
        }
        Self {
            left,
            waiting,
            ..Self::default()
        }
    }

    /// Adds a chunk of a file.
    fn add(&mut self, plan: usize, part: Survey) {
        let ours = self.surveys.remove(&plan).unwrap_or_default();
        self.surveys.insert(plan, ours.merge(part));
        Survey::bound(&mut self.surveys);
        let left = self.left.entry(plan).or_default();
        *left = left.saturating_sub(1);
        if let (0, Some(waiting)) = (*left, self.waiting) {
            let seconds = self.surveys.get(&plan).map_or(0, Survey::seconds);
            self.whole.insert(plan, seconds);
            if self.whole.values().sum::<usize>() > waiting {
                self.put_together();
            }
        }
    }

    /// Makes one survey of the files that were read.
    fn put_together(&mut self) {
        let read: Vec<usize> = std::mem::take(&mut self.whole).into_keys().collect();
        let (Some(first), surveys) = (read.first(), &mut self.surveys) else {
            return;
        };
        let parts = read.iter().filter_map(|plan| surveys.remove(plan));
        let whole = parts.fold(Survey::default(), Survey::merge);
        surveys.insert(*first, whole);
        // It waits for more, weighing nothing: what it holds is bounded already.
        self.whole.insert(*first, 0);
    }
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
            let wider = wider(library, plans, files)?;
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
        let (clocks, changed) = align(&sightings, files, library, plans);
        self.clocks = Some(clocks);
        Ok(changed)
    }

    /// Whether nothing is left to be settled.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.clocks.is_some()
    }
}

/// Widens the plans of files in which further formats showed: their places.
fn wider(
    library: &Library,
    plans: &mut [FilePlan],
    files: &BTreeMap<usize, Survey>,
) -> io::Result<BTreeSet<usize>> {
    let places = places(plans);
    let read: Vec<_> = files.values().flat_map(|part| &part.files).collect();
    let look = |(file, tally): &(&FileId, &FileTally)| {
        let Some(&n) = places.get(file) else {
            return Ok(None);
        };
        Ok(mixed(library, &plans[n], tally)?.map(|more| (n, more)))
    };
    let found: Vec<_> = read.par_iter().map(look).collect::<io::Result<_>>()?;
    let mut wider = BTreeSet::new();
    for (n, more) in found.into_iter().flatten() {
        plans[n] = more;
        wider.insert(n);
    }
    Ok(wider)
}

/// Settles what the surveys of all files show, reads again what changes by that, and merges.
pub fn settle(
    library: &Library,
    plans: &mut [FilePlan],
    mut files: BTreeMap<usize, Survey>,
    mut settling: Settling,
    size: u64,
    detail: Detail<'_>,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Survey> {
    while !settling.is_done() {
        let changed = settling.step(library, plans, &mut files)?;
        if changed.is_empty() {
            continue;
        }
        if let Some(listener) = detail.listener() {
            listener.start_again();
        }
        let again = forget(&mut files, changed, plans);
        let mut chunks = ingest::chunks(library, plans, size);
        chunks.retain(|c| again.contains(&c.plan));
        files.extend(count_together(library, plans, &chunks, detail, done)?);
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

/// The places of the plans by their files.
fn places(plans: &[FilePlan]) -> BTreeMap<FileId, usize> {
    (0..).zip(plans).map(|(n, plan)| (plan.file, n)).collect()
}

/// Takes out what was counted of files that are now read differently. Gives the places of all
/// files that must be counted again: those that were put together with them, too.
fn forget(
    files: &mut BTreeMap<usize, Survey>,
    changed: BTreeSet<usize>,
    plans: &[FilePlan],
) -> BTreeSet<usize> {
    let places = places(plans);
    let mut again = changed.clone();
    files.retain(|_, part| {
        let theirs = part.files.keys().filter_map(|file| places.get(file));
        let theirs: BTreeSet<usize> = theirs.copied().collect();
        let stays = theirs.is_disjoint(&changed);
        if !stays {
            again.extend(theirs);
        }
        stays
    });
    again
}

fn bytes(library: &Library) -> u64 {
    library.iter().map(|(_, input)| input.text.len()).sum()
}

/// A wider plan, if lines that the plan could not place are in a format that it lacks.
fn mixed(library: &Library, plan: &FilePlan, tally: &FileTally) -> io::Result<Option<FilePlan>> {
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
