//! How often something happens: counts per second with the first and last entry.

use crate::cite::Cite;
use recon_parsers::stamp::SECOND;
use std::collections::BTreeMap;

/// An entry by its time and place: ordered, so that "first" and "last" mean one entry
/// however the input was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Nanoseconds since the epoch.
    pub nanos: i64,
    /// The entry.
    pub cite: Cite,
}

/// Counts of one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// Per second of the minute.
    pub seconds: [u32; 60],
    /// The first entry of the minute.
    pub first: Mark,
    /// The last.
    pub last: Mark,
}

/// Counts per second over as many minutes as anything happened in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    minutes: BTreeMap<i64, Minutes>,
}

impl Rate {
    /// Counts one entry.
    pub fn add(&mut self, mark: Mark) {
        let second = mark.nanos.div_euclid(SECOND);
        let fresh = || Minutes {
            seconds: [0; 60],
            first: mark,
            last: mark,
        };
        let minute = self
            .minutes
            .entry(second.div_euclid(60))
            .or_insert_with(fresh);
        let slot = &mut minute.seconds[usize::try_from(second.rem_euclid(60)).unwrap_or(0)];
        *slot = slot.saturating_add(1);
        minute.first = minute.first.min(mark);
        minute.last = minute.last.max(mark);
    }

    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, other: Self) {
        for (at, theirs) in other.minutes {
            match self.minutes.entry(at) {
                std::collections::btree_map::Entry::Vacant(v) => {
                    v.insert(theirs);
                }
                std::collections::btree_map::Entry::Occupied(mut o) => {
                    let ours = o.get_mut();
                    for (a, b) in ours.seconds.iter_mut().zip(theirs.seconds) {
                        *a = a.saturating_add(b);
                    }
                    ours.first = ours.first.min(theirs.first);
                    ours.last = ours.last.max(theirs.last);
                }
            }
        }
    }

    /// The minutes in which anything happened, from the epoch on.
    pub fn minutes(&self) -> impl DoubleEndedIterator<Item = (i64, &Minutes)> {
        self.minutes.iter().map(|(at, m)| (*at, m))
    }

    /// All entries.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.minutes
            .values()
            .flat_map(|m| m.seconds)
            .map(u64::from)
            .sum()
    }

    /// The count of one second since the epoch.
    #[must_use]
    pub fn at(&self, second: i64) -> u32 {
        let slot = usize::try_from(second.rem_euclid(60)).unwrap_or(0);
        self.minutes
            .get(&second.div_euclid(60))
            .map_or(0, |m| m.seconds[slot])
    }

    /// Entries from second `from` up to, not including, second `to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> u64 {
        if to <= from {
            return 0;
        }
        let minutes = self
            .minutes
            .range(from.div_euclid(60)..=(to - 1).div_euclid(60));
        minutes
            .flat_map(|(at, m)| (at * 60..).zip(m.seconds))
            .filter(|(s, _)| (from..to).contains(s))
            .map(|(_, n)| u64::from(n))
            .sum()
    }

    /// The first entry of all.
    #[must_use]
    pub fn first(&self) -> Option<Mark> {
        self.minutes.values().next().map(|m| m.first)
    }

    /// The last entry of all.
    #[must_use]
    pub fn last(&self) -> Option<Mark> {
        self.minutes.values().next_back().map(|m| m.last)
    }

    /// First entries of the minutes from the one of second `from` to the one of `to`.
    pub fn firsts(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = Mark> + '_ {
        self.minutes
            .range(from.div_euclid(60)..=to.div_euclid(60).max(from.div_euclid(60)))
            .map(|(_, m)| m.first)
    }

    /// Last entries of the minutes from the one of second `from` to the one of `to`.
    pub fn lasts(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = Mark> + '_ {
        self.minutes
            .range(from.div_euclid(60)..=to.div_euclid(60).max(from.div_euclid(60)))
            .map(|(_, m)| m.last)
    }
}
