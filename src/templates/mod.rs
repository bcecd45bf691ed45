//! `recon templates`: what the inputs say, each way of saying it once.
//!
//! A first look counts entries by signature, service and level, in chunks that merge in any
//! order; then the signatures are settled into templates and the counts inside a window are
//! held against those outside.

mod contrast;
mod heard;
mod render;

pub use contrast::{Change, Contrast};
pub use heard::{Heard, settled};
pub use render::{Form, render};

use crate::cite::Cite;
use crate::ingest::{FilePlan, Skimmed};
use crate::source::Library;
use crate::survey::{self, Absorb, BottomK, Listener};
use crate::template::{self, Signature, Template};
use recon_parsers::glance::{ByOutline, Outline};
use recon_parsers::{Level, Stamp};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Signatures kept apart; further ones are counted together. With a message and two places
/// each, about 20 MB.
pub const KEPT: usize = 65_536;

/// One way of saying something, by one service at one level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    signature: Signature,
    service: Box<str>,
    level: Option<Level>,
}

/// A dated place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// When.
    pub at: Stamp,
    /// Where.
    pub cite: Cite,
}

/// How often something was said, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// Entries.
    pub count: u64,
    /// Those inside the window.
    pub inside: u64,
    /// The earliest dated one.
    pub first: Option<Seen>,
    /// The latest dated one.
    pub last: Option<Seen>,
    /// The one that stands for all, and what it says: the earliest, or of undated ones the
    /// first in the inputs' order.
    pub exemplar: Option<(Cite, Box<str>)>,
}

impl Usage {
    fn rank(&self) -> (i64, Option<Cite>) {
        (
            self.first.map_or(i64::MAX, |f| f.at.nanos),
            self.exemplar.as_ref().map(|(cite, _)| *cite),
        )
    }
}

impl Absorb for Usage {
    fn absorb(&mut self, other: Self) {
        if self.exemplar.is_none() || other.exemplar.is_some() && other.rank() < self.rank() {
            self.exemplar = other.exemplar;
        }
        self.count += other.count;
        self.inside += other.inside;
        let place = |s: &Seen| (s.at.nanos, s.cite);
        self.first = [self.first, other.first]
            .into_iter()
            .flatten()
            .min_by_key(place);
        self.last = [self.last, other.last]
            .into_iter()
            .flatten()
            .max_by_key(place);
    }
}

/// A template as it was used by one service at one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The template.
    pub template: Template,
    /// Who said it.
    pub service: Box<str>,
    /// At which level, if the entries have one.
    pub level: Option<Level>,
    /// How often and where.
    pub usage: Usage,
    /// How the window differs from the rest.
    pub change: Change,
}

/// What the inputs say.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    /// The most telling first: those that changed most where there is a window to hold
    /// against the rest, else the most frequent.
    pub rows: Vec<Row>,
    /// Entries beyond the [`KEPT`] signatures.
    pub not_kept: u64,
    /// Inside and outside of the window, if there is a window.
    pub contrast: Option<Contrast>,
}

/// Reads all inputs and finds their templates. `done` is told the bytes of each finished chunk.
pub fn find(
    library: &Library,
    plans: &[FilePlan],
    chunk_size: u64,
    contrast: Option<Contrast>,
    done: &(dyn Fn(u64) + Sync),
) -> io::Result<Templates> {
    let counted = Counted::new(contrast);
    survey::listen(library, plans, chunk_size, &counted, done)?;
    Ok(counted.found().unwrap_or_default())
}

/// What was counted of all entries, perhaps while they were surveyed for something else.
#[derive(Default)]
pub struct Counted {
    counts: Mutex<Counts>,
    contrast: Option<Contrast>,
    /// Some of it was read in another way afterwards.
    outdated: AtomicBool,
}

impl Counted {
    /// Nothing yet; entries inside and outside of a window are to be told apart.
    #[must_use]
    pub fn new(contrast: Option<Contrast>) -> Self {
        Self {
            contrast,
            ..Self::default()
        }
    }

    /// The templates; `None` if they must be found by another reading.
    #[must_use]
    pub fn found(&self) -> Option<Templates> {
        if self.outdated.load(Ordering::Relaxed) {
            return None;
        }
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Some(settle(&counts, self.contrast))
    }
}

impl Listener for Counted {
    fn hear(&self) -> Box<dyn FnMut(&Skimmed<'_, '_>) + '_> {
        let mut ear = Ear {
            counted: self,
            apart: Apart::default(),
        };
        Box::new(move |seen| ear.hear(seen))
    }

    fn start_again(&self) {
        self.outdated.store(true, Ordering::Relaxed);
    }
}

/// Counts one chunk, and passes on what it counted when it is dropped.
struct Ear<'c> {
    counted: &'c Counted,
    apart: Apart,
}

impl Ear<'_> {
    fn hear(&mut self, seen: &Skimmed<'_, '_>) {
        let said = match seen {
            Skimmed::Sighting(seen) => Said {
                outline: seen.glance.outline,
                level: seen.glance.level,
                service: seen.service,
                message: &seen.glance.message,
                at: seen.at,
                cite: seen.cite,
            },
            Skimmed::Event(event) => Said {
                outline: None,
                level: event.record.level,
                service: event.service,
                message: &event.record.message,
                at: event.at,
                cite: event.cite,
            },
            // It was counted when it was glanced at.
            Skimmed::Again(_) => return,
        };
        let usage = self.apart.usage(&said);
        add(usage, &said, self.counted.contrast.as_ref());
    }
}

impl Drop for Ear<'_> {
    fn drop(&mut self) {
        let mut counts = Counts::default();
        for (key, usage) in std::mem::take(&mut self.apart.usages) {
            counts.entry(&key).absorb(usage);
        }
        let all = &self.counted.counts;
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.merge(counts, Usage::absorb);
    }
}

type Counts = BottomK<Key, Usage, KEPT>;

/// What is counted of an entry.
struct Said<'e> {
    outline: Option<Outline>,
    level: Option<Level>,
    service: &'e str,
    message: &'e str,
    at: Option<Stamp>,
    cite: Cite,
}

/// What the entries of a chunk say, each way of saying it in a place of its own.
#[derive(Default)]
struct Apart {
    usages: Vec<(Key, Usage)>,
    /// The places by signature, level and the hash of the service.
    places: HashMap<(Signature, Option<Level>, u64), usize>,
    /// The places of outlines: of one outline, all messages have the same signature.
    known: ByOutline<usize>,
}

impl Apart {
    fn usage(&mut self, said: &Said<'_>) -> &mut Usage {
        let place = self.met(said).unwrap_or_else(|| self.place(said));
        &mut self.usages[place].1
    }

    /// The place of what the entries of an outline say, if it is of the same service and level.
    fn met(&self, said: &Said<'_>) -> Option<usize> {
        let place = *self.known.get(said.outline?)?;
        let (key, _) = self.usages.get(place)?;
        let same = key.level == said.level && key.service.as_ref() == said.service;
        same.then_some(place)
    }

    fn place(&mut self, said: &Said<'_>) -> usize {
        let signature = template::signature(said.message);
        let service = template::hash(said.service.as_bytes(), 0);
        let usages = &mut self.usages;
        let place = *(self.places)
            .entry((signature, said.level, service))
            .or_insert_with(|| {
                let key = Key {
                    signature,
                    service: said.service.into(),
                    level: said.level,
                };
                usages.push((key, Usage::default()));
                usages.len() - 1
            });
        if let Some(outline) = said.outline {
            self.known.put(outline, place);
        }
        place
    }
}

fn add(usage: &mut Usage, event: &Said<'_>, contrast: Option<&Contrast>) {
    usage.count += 1;
    let seen = event.at.map(|at| Seen {
        at,
        cite: event.cite,
    });
    let earlier = |seen: Seen| usage.first.is_none_or(|f| seen.at.nanos < f.at.nanos);
    if usage.exemplar.is_none() || seen.is_some_and(earlier) {
        let text = template::head(event.message);
        usage.exemplar = Some((event.cite, text.into()));
    }
    let Some(seen) = seen else { return };
    usage.inside += u64::from(contrast.is_some_and(|c| c.contains(seen.at.nanos)));
    if usage.first.is_none_or(|f| seen.at.nanos < f.at.nanos) {
        usage.first = Some(seen);
    }
    if usage.last.is_none_or(|l| seen.at.nanos >= l.at.nanos) {
        usage.last = Some(seen);
    }
}

fn settle(counts: &Counts, contrast: Option<Contrast>) -> Templates {
    let mut messages: BTreeMap<Signature, &str> = BTreeMap::new();
    for (key, usage) in counts.iter() {
        if let Some((_, text)) = &usage.exemplar {
            let known = messages.entry(key.signature).or_insert(text);
            // Any message of a signature gives the same template; the least is a fixed choice.
            *known = (*known).min(text);
        }
    }
    let texts: Vec<&str> = messages.values().copied().collect();
    let settled = template::settle(&texts);
    let templates: BTreeMap<Signature, &Template> =
        messages.keys().copied().zip(&settled).collect();
    let mut rows: BTreeMap<(u64, &str, Option<Level>), Row> = BTreeMap::new();
    for (key, usage) in counts.iter() {
        let Some(template) = templates.get(&key.signature) else {
            continue;
        };
        let row = rows
            .entry((template.id, key.service.as_ref(), key.level))
            .or_insert_with(|| Row {
                template: (*template).clone(),
                service: key.service.clone(),
                level: key.level,
                usage: Usage::default(),
                change: Change::Unknown,
            });
        row.usage.absorb(usage.clone());
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    if let Some(contrast) = &contrast {
        let tests = rows.len();
        for row in &mut rows {
            row.change = contrast.judge(row.usage.inside, row.usage.count, tests);
        }
    }
    rows.sort_by(|a, b| {
        let strength = b.change.strength().total_cmp(&a.change.strength());
        strength.then(b.usage.count.cmp(&a.usage.count))
    });
    Templates {
        rows,
        not_kept: counts.together().count,
        contrast,
    }
}
