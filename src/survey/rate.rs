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

/// One second in which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    /// How often.
    pub count: u32,
    /// The first entry of the second.
    pub first: Mark,
    /// The last.
    pub last: Mark,
}

/// Counts per second over as many seconds as anything happened in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    seconds: BTreeMap<i64, Second>,
}

impl Rate {
    /// Counts one entry.
    pub fn add(&mut self, mark: Mark) {
        self.join(
            mark.nanos.div_euclid(SECOND),
            Second {
                count: 1,
                first: mark,
                last: mark,
            },
        );
    }

    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, other: Self) {
        if self.seconds.is_empty() {
            *self = other;
        } else {
            other
                .seconds
                .into_iter()
                .for_each(|(at, theirs)| self.join(at, theirs));
        }
    }

    fn join(&mut self, at: i64, theirs: Second) {
        self.seconds
            .entry(at)
            .and_modify(|ours| {
                ours.count = ours.count.saturating_add(theirs.count);
                ours.first = ours.first.min(theirs.first);
                ours.last = ours.last.max(theirs.last);
            })
            .or_insert(theirs);
    }

    /// The seconds in which anything happened, in order.
    pub fn seconds(&self) -> impl DoubleEndedIterator<Item = (i64, &Second)> {
        self.seconds.iter().map(|(at, s)| (*at, s))
    }

    /// All entries.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.seconds.values().map(|s| u64::from(s.count)).sum()
    }

    /// The seconds from `from` up to, not including, `to`.
    pub fn range(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = (i64, &Second)> {
        self.seconds
            .range(from..to.max(from))
            .map(|(at, s)| (*at, s))
    }

    /// Entries from second `from` up to, not including, second `to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> u64 {
        self.range(from, to).map(|(_, s)| u64::from(s.count)).sum()
    }

    /// The first entry of all.
    #[must_use]
    pub fn first(&self) -> Option<Mark> {
        self.seconds.values().next().map(|s| s.first)
    }

    /// The last entry of all.
    #[must_use]
    pub fn last(&self) -> Option<Mark> {
        self.seconds.values().next_back().map(|s| s.last)
    }

    /// The first entry at or after a second.
    #[must_use]
    pub fn first_from(&self, second: i64) -> Option<Mark> {
        self.seconds.range(second..).next().map(|(_, s)| s.first)
    }

    /// The last entry before a second.
    #[must_use]
    pub fn last_before(&self, second: i64) -> Option<Mark> {
        self.seconds
            .range(..second)
            .next_back()
            .map(|(_, s)| s.last)
    }
}
