//! The ways that requests take: for a sample of ids, what every service logged of each, in order.
//!
//! From these follow what cannot be counted entry by entry: that requests no longer reach a step
//! that they used to reach, and how long they stay where.

use super::passage::Passage;
use super::{Mark, Service, What};
use crate::cite::Cite;
use crate::template::hash;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Level, Precision};
use std::collections::{BTreeMap, BTreeSet};

/// Ids whose trails are kept: those of the smallest hashes, which are the same ones in every file.
const TRAILS: usize = 1 << 14;
/// Steps of all of them together: some 16 MB.
const STEPS: usize = 400_000;
/// One request takes no more steps; what has more is the id of something that lasts.
const LONGEST: usize = 512;

/// An entry of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// When, in nanoseconds since the epoch.
    pub nanos: i64,
    /// The entry.
    pub cite: Cite,
    /// What was logged and by whom: see [`Trails::site`].
    pub site: u64,
}

impl Step {
    /// The entry and its time alone.
    #[must_use]
    pub const fn mark(self) -> Mark {
        Mark {
            nanos: self.nanos,
            cite: self.cite,
        }
    }
}

/// A place that requests pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Who logs there.
    pub service: Service,
    /// An error is logged, or a request answered with one.
    pub grave: bool,
    /// The same for all services that log the same.
    pub says: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Trail {
    steps: Vec<Step>,
    /// Steps seen; more than [`LONGEST`] are no longer kept.
    seen: usize,
}

impl Trail {
    fn weight(&self) -> usize {
        self.seen.min(LONGEST)
    }

    fn settle(&mut self) {
        if self.seen > LONGEST {
            self.steps = Vec::new();
        }
        if !self.steps.is_sorted() {
            self.steps.sort_unstable();
        }
    }
}

/// The trails of a sample of ids, in bounded memory. Which ids depends on the inputs alone: those
/// whose hash is below the first with which there would be too many trails or steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Trails {
    /// No id of this hash or a larger one is kept.
    limit: u64,
    trails: BTreeMap<u64, Trail>,
    sites: BTreeMap<u64, Site>,
    steps: usize,
}

impl Default for Trails {
    fn default() -> Self {
        Self::below(u64::MAX)
    }
}

impl Trails {
    /// Without ids from this hash on.
    pub(super) const fn below(limit: u64) -> Self {
        Self {
            limit,
            trails: BTreeMap::new(),
            sites: BTreeMap::new(),
            steps: 0,
        }
    }

    /// Adds a step of a request.
    pub(super) fn add(&mut self, passage: &Passage<'_>) {
        let at = passage.at;
        let fine = at.basis != Basis::Relative && matches!(at.precision, Precision::Fraction(_));
        if passage.id >= self.limit || passage.received || !passage.step || !fine {
            return;
        }
        let grave = passage.level >= Some(Level::Error) || passage.outcome == Some(What::Failed);
        let level = passage.level.map_or(0, |l| l as u64 + 1);
        let says = hash(
            &passage.words().to_le_bytes(),
            level << 1 | u64::from(grave),
        );
        let site = hash(passage.service.as_bytes(), says);
        self.sites.entry(site).or_insert_with(|| Site {
            service: passage.service.to_owned(),
            grave,
            says,
        });
        let trail = self.trails.entry(passage.id).or_default();
        trail.seen += 1;
        if trail.seen <= LONGEST {
            self.steps += 1;
            trail.steps.push(Step {
                nanos: at.nanos,
                cite: passage.cite,
                site,
            });
        }
        self.trim();
    }

    /// Drops the ids of the largest hashes while there is too much.
    fn trim(&mut self) {
        while self.steps > STEPS || self.trails.len() > TRAILS {
            let Some((id, trail)) = self.trails.pop_last() else {
                return;
            };
            self.limit = id;
            self.steps -= trail.weight();
        }
    }

    /// Adds the steps of another part.
    pub(super) fn merge(&mut self, other: Self) {
        self.limit = self.limit.min(other.limit);
        for (id, mut theirs) in other.trails {
            let ours = self.trails.entry(id).or_default();
            self.steps -= ours.weight();
            ours.seen += theirs.seen;
            ours.steps.append(&mut theirs.steps);
            ours.settle();
            self.steps += ours.weight();
        }
        for (_, dropped) in self.trails.split_off(&self.limit) {
            self.steps -= dropped.weight();
        }
        self.sites.extend(other.sites);
        self.trim();
        if self.sites.len() > STEPS {
            self.prune();
        }
    }

    /// Puts the steps of a part into their order.
    pub(super) fn settle(&mut self) {
        self.trails.values_mut().for_each(Trail::settle);
    }

    /// Forgets the sites that no trail that was kept passes.
    pub(super) fn prune(&mut self) {
        let steps = self.trails.values().flat_map(|t| &t.steps);
        let passed: BTreeSet<u64> = steps.map(|s| s.site).collect();
        self.sites.retain(|site, _| passed.contains(site));
    }

    /// The steps of each request, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[Step]> {
        let trails = self.trails.values().map(|t| t.steps.as_slice());
        trails.filter(|steps| !steps.is_empty())
    }

    /// What a step's site is.
    #[must_use]
    pub fn site(&self, site: u64) -> Option<&Site> {
        self.sites.get(&site)
    }

    /// Adds a step, as if an entry had been read: for tests of what rests on trails.
    #[cfg(test)]
    pub(crate) fn put(&mut self, id: u64, nanos: i64, service: &str, says: &str) {
        let grave = says.contains("error");
        let words = hash(says.as_bytes(), u64::from(grave));
        let site = hash(service.as_bytes(), words);
        let (file, offset) = (crate::cite::FileId(0), nanos.unsigned_abs() / 1_000_000);
        let cite = Cite {
            file,
            offset,
            len: 1,
        };
        let known = Site {
            service: service.to_owned(),
            grave,
            says: words,
        };
        self.sites.insert(site, known);
        let trail = self.trails.entry(id).or_default();
        trail.seen += 1;
        trail.steps.push(Step { nanos, cite, site });
        trail.settle();
    }
}

/// What a part of the inputs knows of a request: a step that it took, or that it took so many
/// that none is kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Passed<'s> {
    /// When, the entry, where.
    Step(i64, Cite, &'s Site),
    /// How many.
    TooMany(usize),
}

/// As parts are written down and read back.
impl Trails {
    /// No id of this hash or a larger one is kept.
    pub(super) const fn limit(&self) -> u64 {
        self.limit
    }

    /// Everything, by id.
    pub(super) fn all(&self) -> impl Iterator<Item = (u64, Passed<'_>)> {
        self.trails.iter().flat_map(|(id, trail)| {
            let lost = trail.seen > trail.steps.len();
            let lost = lost.then_some((*id, Passed::TooMany(trail.seen)));
            let kept = trail.steps.iter().filter_map(|step| {
                let site = self.sites.get(&step.site)?;
                Some((*id, Passed::Step(step.nanos, step.cite, site)))
            });
            lost.into_iter().chain(kept)
        })
    }

    /// Adds what [`Trails::all`] gave.
    pub(super) fn put_back(&mut self, id: u64, passed: Passed<'_>) {
        let trail = self.trails.entry(id).or_default();
        self.steps -= trail.weight();
        match passed {
            Passed::TooMany(steps) => trail.seen = steps,
            Passed::Step(nanos, cite, known) => {
                let site = hash(known.service.as_bytes(), known.says);
                self.sites.entry(site).or_insert_with(|| known.clone());
                trail.seen += 1;
                trail.steps.push(Step { nanos, cite, site });
            }
        }
        self.steps += trail.weight();
    }
}

/// So long (ten seconds) after its last step nothing more is to be expected of a request.
pub const DONE: i64 = 10 * SECOND;

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests of so many steps each, the id of which is their number.
    fn trails(ids: impl Iterator<Item = u64>, steps: i64) -> Trails {
        let mut trails = Trails::default();
        for id in ids {
            if id >= trails.limit {
                continue;
            }
            for n in 0..steps {
                trails.put(id, n * SECOND, "stock", "step");
                trails.steps += 1;
            }
            trails.trim();
        }
        trails
    }

    #[test]
    fn parts_in_any_order_keep_the_same_trails() {
        let every = TRAILS as u64 * 2;
        let whole = trails(0..every, 2);
        let part = |from: u64| trails((from..every).step_by(3), 2);
        let mut one = part(0);
        one.merge(part(1));
        one.merge(part(2));
        let mut other = part(2);
        let mut rest = part(1);
        rest.merge(part(0));
        other.merge(rest);
        assert_eq!(one, other);
        assert_eq!(one.trails.len(), TRAILS);
        assert_eq!((one.limit, one.steps), (whole.limit, whole.steps));
    }

    #[test]
    fn one_request_in_many_parts_is_whole_or_dropped() {
        let mut kept = trails(0..10, 300);
        kept.merge(trails(5..15, 200));
        assert_eq!(kept.iter().map(<[Step]>::len).max(), Some(500));
        // What has more steps than a request is no request.
        kept.merge(trails(5..6, 200));
        assert_eq!(kept.iter().count(), 14);
        assert_eq!(kept.steps, 5 * 300 + 4 * 500 + 5 * 200 + LONGEST);
    }

    #[test]
    fn steps_are_bounded() {
        let ids = STEPS as u64 / 400 + 100;
        let kept = trails(0..ids, 400);
        assert!(kept.steps <= STEPS && kept.limit < ids, "{}", kept.steps);
    }
}
