//! How often something happens: counts per second with the first and last entry; of long
//! stretches of time, per two, four, eight … seconds.

use crate::cite::Cite;
use recon_parsers::stamp::SECOND;

/// An entry by its time and place: ordered, so that "first" and "last" mean one entry
/// however the input was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Nanoseconds since the epoch.
    pub nanos: i64,
    /// The entry.
    pub cite: Cite,
}

/// One second, or as many as are counted together, in which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    /// How often.
    pub count: u32,
    /// The first entry of the second.
    pub first: Mark,
    /// The last.
    pub last: Mark,
}

impl Second {
    fn join(&mut self, theirs: &Self) {
        self.count = self.count.saturating_add(theirs.count);
        self.first = self.first.min(theirs.first);
        self.last = self.last.max(theirs.last);
    }
}

/// Counts per second over as many seconds as anything happened in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// In order, each second once; of several counted together the first.
    seconds: Vec<(i64, Second)>,
    /// So many seconds are counted together, as a power of two.
    width: u8,
}

impl Rate {
    /// Counts one entry.
    pub fn add(&mut self, mark: Mark) {
        let at = self.begin(mark.nanos.div_euclid(SECOND));
        let one = Second {
            count: 1,
            first: mark,
            last: mark,
        };
        match self.seconds.last_mut() {
            Some((last, second)) if *last == at => second.join(&one),
            Some((last, _)) if *last > at => {
                match self.seconds.binary_search_by_key(&at, |(s, _)| *s) {
                    Ok(n) => self.seconds[n].1.join(&one),
                    Err(n) => self.seconds.insert(n, (at, one)),
                }
            }
            _ => self.seconds.push((at, one)),
        }
    }

    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, mut other: Self) {
        let width = self.width.max(other.width);
        self.coarsen(width);
        other.coarsen(width);
        if self.seconds.is_empty() {
            *self = other;
            return;
        }
        let Some((start, _)) = other.seconds.first() else {
            return;
        };
        // Parts of one file mostly follow each other: only what overlaps is merged.
        let from = self.seconds.partition_point(|(at, _)| at < start);
        let ours = self.seconds.split_off(from);
        // Part after part is added: room for an eighth more spares copying all of it each time.
        let more = ours.len() + other.seconds.len();
        if self.seconds.capacity() - self.seconds.len() < more {
            self.seconds.reserve_exact(more + self.seconds.len() / 8);
        }
        let (mut ours, mut theirs) = (
            ours.into_iter().peekable(),
            other.seconds.into_iter().peekable(),
        );
        loop {
            let next = match (ours.peek(), theirs.peek()) {
                (Some((a, _)), Some((b, _))) if a == b => {
                    let (Some((at, mut second)), Some((_, more))) = (ours.next(), theirs.next())
                    else {
                        return;
                    };
                    second.join(&more);
                    Some((at, second))
                }
                (Some((a, _)), Some((b, _))) if a < b => ours.next(),
                (Some(_), None) => ours.next(),
                _ => theirs.next(),
            };
            let Some(next) = next else { return };
            self.seconds.push(next);
        }
    }

    /// Counts at least two to the power of `width` seconds together.
    pub(super) fn coarsen(&mut self, width: u8) {
        if width <= self.width {
            return;
        }
        self.width = width;
        for n in 0..self.seconds.len() {
            self.seconds[n].0 = self.begin(self.seconds[n].0);
        }
        coalesce(&mut self.seconds);
        self.seconds.shrink_to_fit();
    }

    /// The first of the seconds with which this one is counted.
    const fn begin(&self, second: i64) -> i64 {
        second >> self.width << self.width
    }

    /// How many seconds, or stretches of them, are kept.
    pub(super) const fn len(&self) -> usize {
        self.seconds.len()
    }

    /// So many seconds are counted together, as a power of two.
    pub(super) const fn width(&self) -> u8 {
        self.width
    }

    /// Puts a second back that was written down; the seconds of a rate come in order and have one
    /// width. Whether it fits.
    #[must_use]
    pub(super) fn put_back(&mut self, width: u8, at: i64, second: Second) -> bool {
        if self.seconds.is_empty() {
            self.width = width;
        }
        let after = self.seconds.last().is_none_or(|(last, _)| *last < at);
        let fits = after && width == self.width && width < 64 && self.begin(at) == at;
        if fits {
            self.seconds.push((at, second));
        }
        fits
    }

    /// The seconds in which anything happened, in order.
    pub fn seconds(&self) -> impl DoubleEndedIterator<Item = (i64, &Second)> {
        self.seconds.iter().map(|(at, s)| (*at, s))
    }

    /// All entries.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.seconds.iter().map(|(_, s)| u64::from(s.count)).sum()
    }

    /// The seconds from `from` up to, not including, `to`.
    pub fn range(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = (i64, &Second)> {
        let start = self.place(from);
        let end = self.place(to).max(start);
        self.seconds[start..end].iter().map(|(at, s)| (*at, s))
    }

    /// Entries from second `from` up to, not including, second `to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> u64 {
        self.range(from, to).map(|(_, s)| u64::from(s.count)).sum()
    }

    /// The first entry of all.
    #[must_use]
    pub fn first(&self) -> Option<Mark> {
        self.seconds.first().map(|(_, s)| s.first)
    }

    /// The last entry of all.
    #[must_use]
    pub fn last(&self) -> Option<Mark> {
        self.seconds.last().map(|(_, s)| s.last)
    }

    /// The first entry at or after a second.
    #[must_use]
    pub fn first_from(&self, second: i64) -> Option<Mark> {
        self.seconds.get(self.place(second)).map(|(_, s)| s.first)
    }

    /// The last entry before a second.
    #[must_use]
    pub fn last_before(&self, second: i64) -> Option<Mark> {
        let before = self.place(second).checked_sub(1)?;
        self.seconds.get(before).map(|(_, s)| s.last)
    }

    /// Seconds before `second`.
    fn place(&self, second: i64) -> usize {
        self.seconds.partition_point(|(at, _)| *at < second)
    }
}

/// A rate while it is counted: entries come nearly in order, and what is not in order is put
/// right once at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape {
    seconds: Vec<(i64, Second)>,
    unsorted: bool,
}

impl Tape {
    /// Counts one entry of second `at`.
    #[inline]
    pub(super) fn add(&mut self, at: i64, mark: Mark) {
        if let Some((last, second)) = self.seconds.last_mut() {
            if *last == at {
                second.count = second.count.saturating_add(1);
                if mark < second.first {
                    second.first = mark;
                } else if mark > second.last {
                    second.last = mark;
                }
                return;
            }
            self.unsorted |= *last > at;
        }
        self.seconds.push((
            at,
            Second {
                count: 1,
                first: mark,
                last: mark,
            },
        ));
    }

    /// What was counted.
    pub(super) fn rate(mut self) -> Rate {
        if self.unsorted {
            self.seconds.sort_by_key(|(at, _)| *at);
            coalesce(&mut self.seconds);
        }
        self.seconds.shrink_to_fit();
        Rate {
            seconds: self.seconds,
            width: 0,
        }
    }

    /// Whether nothing was counted.
    pub(super) const fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }
}

/// Joins neighbours of one second.
fn coalesce(seconds: &mut Vec<(i64, Second)>) {
    seconds.dedup_by(|(at, theirs), (kept, ours)| {
        let same = at == kept;
        if same {
            ours.join(theirs);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::FileId;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn mark(nanos: i64, offset: u64) -> Mark {
        Mark {
            nanos,
            cite: Cite {
                file: FileId(0),
                offset,
                len: 1,
            },
        }
    }

    proptest! {
        /// Taped, added one by one, in two parts, and by the plainest of means: the same.
        #[test]
        fn order_and_parts_do_not_matter(
            times in prop::collection::vec(-3_000_000_000i64..20_000_000_000, 0..60),
            cut in any::<prop::sample::Index>(),
        ) {
            let marks: Vec<Mark> = times.iter().zip(0..).map(|(t, n)| mark(*t, n)).collect();
            let rate = |marks: &[Mark]| {
                let mut rate = Rate::default();
                marks.iter().for_each(|m| rate.add(*m));
                rate
            };
            let whole = rate(&marks);
            let mut tape = Tape::default();
            marks.iter().for_each(|m| tape.add(m.nanos.div_euclid(SECOND), *m));
            prop_assert_eq!(&tape.rate(), &whole);
            let cut = cut.index(marks.len() + 1);
            let mut parts = rate(&marks[cut..]);
            parts.merge(rate(&marks[..cut]));
            prop_assert_eq!(&parts, &whole);
            // Coarser before or after they meet: the same, and nothing is lost.
            let (mut coarse, mut late) = (whole.clone(), rate(&marks[..cut]));
            coarse.coarsen(2);
            let mut early = rate(&marks[cut..]);
            early.coarsen(2);
            late.merge(early);
            prop_assert_eq!(&late, &coarse);
            prop_assert_eq!((coarse.total(), coarse.first(), coarse.last()), (whole.total(), whole.first(), whole.last()));
            prop_assert!(coarse.seconds().all(|(at, _)| at % 4 == 0));
            let mut plain: BTreeMap<i64, Vec<Mark>> = BTreeMap::new();
            for m in &marks {
                plain.entry(m.nanos.div_euclid(SECOND)).or_default().push(*m);
            }
            let plain: Vec<_> = plain.iter().map(|(at, all)| (*at, all.len() as u64, all.iter().min().copied(), all.iter().max().copied())).collect();
            let got: Vec<_> = whole.seconds().map(|(at, s)| (at, u64::from(s.count), Some(s.first), Some(s.last))).collect();
            prop_assert_eq!(&got, &plain);
            prop_assert_eq!(whole.between(1, 5), plain.iter().filter(|s| (1..5).contains(&s.0)).map(|s| s.1).sum::<u64>());
            prop_assert_eq!(whole.last_before(4), plain.iter().rfind(|s| s.0 < 4).and_then(|s| s.3));
            prop_assert_eq!(whole.first_from(4), plain.iter().find(|s| s.0 >= 4).and_then(|s| s.2));
        }
    }
}
