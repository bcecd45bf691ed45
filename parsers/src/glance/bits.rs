//! A bit for every byte of a line: what sort of byte stands there.

use std::ops::Range;

/// Bytes whose bits make one word.
const WORD: usize = 64;
/// Bytes whose bits are put at a time.
const STEP: usize = 16;
/// Words: for 512 bytes.
const WORDS: usize = 8;

/// A bit for each of 512 bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    /// Puts the bits of the `n`-th sixteen bytes.
    #[inline]
    pub(super) fn put(&mut self, n: usize, bits: u32) {
        if let Some(word) = self.0.get_mut(n * STEP / WORD) {
            *word |= u64::from(bits) << (n * STEP % WORD);
        }
    }

    /// Those that have one of `others` for a neighbour.
    pub(super) fn beside(&self, others: &Self) -> Self {
        let at = |n: Option<usize>| n.and_then(|n| others.0.get(n)).copied().unwrap_or_default();
        let mut found = *self;
        for (n, word) in found.0.iter_mut().enumerate() {
            let (before, here, behind) = (at(n.checked_sub(1)), at(Some(n)), at(Some(n + 1)));
            let last = WORD - 1;
            *word &= here << 1 | before >> last | here >> 1 | behind << last;
        }
        found
    }

    /// Where they stand, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(n, mut word)| {
            std::iter::from_fn(move || {
                let at = (word != 0).then(|| n * WORD + word.trailing_zeros() as usize);
                word &= word.wrapping_sub(1);
                at
            })
        })
    }

    /// The bits of the 64 bytes from a place on, the first lowest.
    #[inline]
    pub(super) fn from(&self, at: usize) -> u64 {
        let word = |n: usize| u128::from(self.0.get(n).copied().unwrap_or_default());
        let both = word(at / WORD) | word(at / WORD + 1) << WORD;
        #[allow(clippy::cast_possible_truncation)]
        let bits = (both >> (at % WORD)) as u64;
        bits
    }

    /// The bits of the 64 bytes up to and with a place, the last highest.
    #[inline]
    fn up_to(&self, at: usize) -> u64 {
        match (at + 1).checked_sub(WORD) {
            Some(from) => self.from(from),
            None => self.from(0) << (WORD - 1 - at),
        }
    }

    /// The unbroken row that a place is in; no further than 63 bytes to either side.
    #[inline]
    pub(super) fn around(&self, at: usize) -> Range<usize> {
        let before = self.up_to(at).leading_ones() as usize;
        let behind = self.from(at).trailing_ones() as usize;
        (at + 1).saturating_sub(before)..at + behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(set: &[bool]) -> Bits {
        let mut bits = Bits::default();
        for (n, step) in set.chunks(STEP).enumerate() {
            let put = step.iter().rev().fold(0, |b, s| b << 1 | u32::from(*s));
            bits.put(n, put);
        }
        bits
    }

    proptest! {
        #[test]
        fn rows_are_found_as_by_looking_at_each(
            set in prop::collection::vec(prop::bool::weighted(0.8), 1..512),
        ) {
            let bits = bits(&set);
            let places: Vec<usize> = (0..set.len()).filter(|n| set[*n]).collect();
            prop_assert_eq!(bits.places().collect::<Vec<_>>(), places.clone());
            let beside: Vec<usize> = bits.beside(&bits).places().collect();
            let near = |n: &usize| *n > 0 && set[n - 1] || set.get(n + 1) == Some(&true);
            prop_assert_eq!(beside, places.iter().copied().filter(near).collect::<Vec<_>>());
            for at in places {
                let start = set[..at].iter().rposition(|s| !s).map_or(0, |n| n + 1);
                let end = set[at..].iter().position(|s| !s).map_or(set.len(), |n| at + n);
                let found = bits.around(at);
                prop_assert_eq!(found, start.max((at + 1).saturating_sub(WORD))..end.min(at + WORD));
            }
        }
    }
}
