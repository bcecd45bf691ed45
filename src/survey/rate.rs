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
    /// With one entry.
    const fn of(mark: Mark) -> Self {
        Self {
            count: 1,
            first: mark,
            last: mark,
        }
    }

    /// With a first entry, and more if there were.
    fn seen(first: Mark, more: Option<&More>) -> Self {
        more.map_or(Self::of(first), |more| Self {
            count: more.count,
            first,
            last: more.last,
        })
    }

    fn join(&mut self, theirs: &Self) {
        self.count = self.count.saturating_add(theirs.count);
        self.first = self.first.min(theirs.first);
        self.last = self.last.max(theirs.last);
    }
}

/// Counts per second over as many seconds as anything happened in.
///
/// Thousands of templates that each were met a few times fill the memory, nearly all of them once a
/// second: so nothing is kept of a second but its first entry, unless there were more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// The first entry of each second, or of several counted together, in order.
    firsts: Vec<Mark>,
    /// What else there is to say of seconds with more than one entry, in order.
    more: Vec<More>,
    /// So many seconds are counted together, as a power of two.
    width: u8,
}

/// Of a second with more than one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct More {
    /// The place of its first entry.
    place: u32,
    count: u32,
    last: Mark,
}

impl Rate {
    /// Counts one entry.
    pub fn add(&mut self, mark: Mark) {
        let at = self.begin(second(mark));
        match self.firsts.last() {
            Some(last) if self.begin(second(*last)) > at => {
                let mut one = Self {
                    width: self.width,
                    ..Self::default()
                };
                one.push(Second::of(mark));
                self.merge(one);
            }
            _ => self.put(&Second::of(mark)),
        }
    }

    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, mut other: Self) {
        let width = self.width.max(other.width);
        self.coarsen(width);
        other.coarsen(width);
        if self.firsts.is_empty() {
            *self = other;
            return;
        }
        let Some((start, _)) = other.seconds().next() else {
            return;
        };
        // Parts of one file mostly follow each other: only what overlaps is merged.
        let ours = self.split_off(self.place(start));
        // Part after part is added: room for an eighth more spares copying all of it each time.
        make_room(&mut self.firsts, ours.len() + other.len());
        make_room(&mut self.more, other.more.len());
        let (mut ours, mut theirs) = (ours.into_iter().peekable(), other.cells().peekable());
        loop {
            let next = match (ours.peek(), theirs.peek()) {
                (Some(a), Some((b, _))) if a.0 <= *b => ours.next(),
                (Some(_), None) => ours.next(),
                _ => theirs.next(),
            };
            let Some((_, next)) = next else { return };
            self.put(&next);
        }
    }

    /// Takes the seconds from a place on away.
    fn split_off(&mut self, place: usize) -> Vec<(i64, Second)> {
        let tail = self.cells_from(place).collect();
        self.more.truncate(self.more_before(place));
        self.firsts.truncate(place);
        tail
    }

    /// Adds a second that is not before the last one.
    fn put(&mut self, next: &Second) {
        let same = |last: &Mark| self.begin(second(*last)) == self.begin(second(next.first));
        let mut next = *next;
        if self.firsts.last().is_some_and(same)
            && let Some(last) = self.pop()
        {
            next.join(&last);
        }
        self.push(next);
    }

    /// Takes the last second away.
    fn pop(&mut self) -> Option<Second> {
        let first = self.firsts.pop()?;
        let place = self.firsts.len();
        let more = self.more.pop_if(|m| m.place as usize == place);
        Some(Second::seen(first, more.as_ref()))
    }

    /// Adds a second behind all others.
    fn push(&mut self, next: Second) {
        if next.count > 1 {
            self.more.push(More {
                place: u32::try_from(self.firsts.len()).unwrap_or(u32::MAX),
                count: next.count,
                last: next.last,
            });
        }
        self.firsts.push(next.first);
    }

    /// Counts at least two to the power of `width` seconds together.
    pub(super) fn coarsen(&mut self, width: u8) {
        if width <= self.width {
            return;
        }
        let mut coarse = Self {
            width,
            ..Self::default()
        };
        for (_, second) in self.cells() {
            coarse.put(&second);
        }
        coarse.shrink();
        *self = coarse;
    }

    fn shrink(&mut self) {
        self.firsts.shrink_to_fit();
        self.more.shrink_to_fit();
    }

    /// The first of the seconds with which this one is counted.
    const fn begin(&self, second: i64) -> i64 {
        second >> self.width << self.width
    }

    /// How many seconds, or stretches of them, are kept.
    pub(super) const fn len(&self) -> usize {
        self.firsts.len()
    }

    /// So many seconds are counted together, as a power of two.
    pub(super) const fn width(&self) -> u8 {
        self.width
    }

    /// Puts a second back that was written down; the seconds of a rate come in order and have one
    /// width. Whether it fits.
    #[must_use]
    pub(super) fn put_back(&mut self, width: u8, at: i64, next: Second) -> bool {
        if self.firsts.is_empty() {
            self.width = width;
        }
        let last = self.firsts.last().map(|m| self.begin(second(*m)));
        let after = last.is_none_or(|last| last < at);
        let fits =
            after && width == self.width && width < 64 && self.begin(second(next.first)) == at;
        if fits {
            self.push(next);
        }
        fits
    }

    /// Seconds with more than one entry before a place.
    fn more_before(&self, place: usize) -> usize {
        self.more.partition_point(|m| (m.place as usize) < place)
    }

    /// The second at a place.
    fn get(&self, place: usize) -> Second {
        let first = self.firsts[place];
        let more = self.more.get(self.more_before(place));
        Second::seen(first, more.filter(|m| m.place as usize == place))
    }

    /// The seconds from a place on, in order.
    fn cells_from(&self, place: usize) -> impl Iterator<Item = (i64, Second)> {
        let mut more = self.more[self.more_before(place)..].iter().peekable();
        (place..self.len()).map(move |n| {
            let first = self.firsts[n];
            let found = more.next_if(|m| m.place as usize == n);
            (self.begin(second(first)), Second::seen(first, found))
        })
    }

    fn cells(&self) -> impl Iterator<Item = (i64, Second)> {
        self.cells_from(0)
    }

    /// The seconds in which anything happened, in order.
    pub fn seconds(&self) -> impl Iterator<Item = (i64, Second)> {
        self.cells()
    }

    /// All entries.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.count(0, self.len())
    }

    /// Entries of the seconds from one place to another.
    fn count(&self, from: usize, to: usize) -> u64 {
        let more = &self.more[self.more_before(from)..self.more_before(to)];
        let others: u64 = more.iter().map(|m| u64::from(m.count) - 1).sum();
        (to - from) as u64 + others
    }

    /// The seconds from `from` up to, not including, `to`.
    pub fn range(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, Second)> {
        let start = self.place(from);
        let end = self.place(to).max(start);
        self.cells_from(start).take(end - start)
    }

    /// Entries from second `from` up to, not including, second `to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> u64 {
        let start = self.place(from);
        self.count(start, self.place(to).max(start))
    }

    /// The first entry of all.
    #[must_use]
    pub fn first(&self) -> Option<Mark> {
        self.firsts.first().copied()
    }

    /// The last entry of all.
    #[must_use]
    pub fn last(&self) -> Option<Mark> {
        self.len().checked_sub(1).map(|n| self.get(n).last)
    }

    /// The first entry at or after a second.
    #[must_use]
    pub fn first_from(&self, second: i64) -> Option<Mark> {
        self.firsts.get(self.place(second)).copied()
    }

    /// The last entry before a second.
    #[must_use]
    pub fn last_before(&self, second: i64) -> Option<Mark> {
        let before = self.place(second).checked_sub(1)?;
        Some(self.get(before).last)
    }

    /// Seconds before `at`.
    fn place(&self, at: i64) -> usize {
        self.firsts
            .partition_point(|first| self.begin(second(*first)) < at)
    }
}

/// The second in which an entry falls.
const fn second(mark: Mark) -> i64 {
    mark.nanos.div_euclid(SECOND)
}

/// Room for so many more, and then some.
fn make_room<T>(all: &mut Vec<T>, more: usize) {
    if all.capacity() - all.len() < more {
        all.reserve_exact(more + all.len() / 8);
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
        self.seconds.push((at, Second::of(mark)));
    }

    /// How many entries were counted, or somewhat fewer.
    pub(super) const fn total(&self) -> u64 {
        self.seconds.len() as u64
    }

    /// What was counted.
    pub(super) fn rate(mut self) -> Rate {
        if self.unsorted {
            self.seconds.sort_by_key(|(at, _)| *at);
        }
        let mut rate = Rate::default();
        make_room(&mut rate.firsts, self.seconds.len());
        for (_, second) in &self.seconds {
            rate.put(second);
        }
        rate.shrink();
        rate
    }

    /// Whether nothing was counted.
    pub(super) const fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }
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
