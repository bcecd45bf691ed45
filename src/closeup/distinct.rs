//! How many different ones there are, in memory that does not grow.
//!
//! The `K` smallest of the items' hashes are kept (k-minimum values; Bar-Yossef et al., 2002).
//! Up to `K` the count is exact; beyond, `(K − 1) / h` with `h` the largest kept hash as a
//! fraction of all hashes estimates it with a relative error of about `1/√K` = 0.4 %. The kept
//! hashes are a random sample of the items, so shares of sets can be told as well.

use crate::template::hash;
use std::collections::BTreeSet;

/// Hashes that are kept.
pub(super) const K: usize = 65_536;

/// The hash of an item. FNV's high bits are weak for short items; a finaliser spreads them.
pub(super) fn spread(item: &str) -> u64 {
    let mut h = hash(item.as_bytes(), 0);
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// A set of items by their hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Distinct(BTreeSet<u64>);

impl Distinct {
    /// Adds an item.
    pub(super) fn add(&mut self, item: &str) {
        self.add_hash(spread(item));
    }

    /// Adds an item by its hash.
    pub(super) fn add_hash(&mut self, hash: u64) {
        self.0.insert(hash);
        self.trim();
    }

    /// The hashes that are kept.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }

    /// The union with another set.
    pub(super) fn merge(&mut self, mut other: Self) {
        if self.0.len() < other.0.len() {
            std::mem::swap(self, &mut other);
        }
        // Two large sets are put together in order; a few items are sooner put in their places.
        if other.0.len() > self.0.len() / 8 {
            self.0.append(&mut other.0);
        } else {
            self.0.extend(other.0);
        }
        while self.0.len() > K {
            self.0.pop_last();
        }
    }

    fn trim(&mut self) {
        if self.0.len() > K {
            self.0.pop_last();
        }
    }

    /// How many there are; exact up to 65,536.
    pub(super) fn count(&self) -> u64 {
        match self.0.last() {
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss
            )]
            Some(largest) if self.0.len() >= K => {
                ((K - 1) as f64 / (*largest as f64 / u64::MAX as f64)).round() as u64
            }
            _ => self.0.len() as u64,
        }
    }

    /// How many of these are not in `other`.
    pub(super) fn count_without(&self, other: &Self) -> u64 {
        // Both sets are complete up to the smaller of their limits.
        let limit = |s: &Self| {
            if s.0.len() >= K {
                s.0.last().copied().unwrap_or(u64::MAX)
            } else {
                u64::MAX
            }
        };
        let limit = limit(self).min(limit(other));
        let (mut all, mut without) = (0u64, 0u64);
        for h in self.0.range(..=limit) {
            all += 1;
            without += u64::from(!other.0.contains(h));
        }
        if all == 0 {
            0
        } else {
            (u128::from(self.count()) * u128::from(without) / u128::from(all)) as u64
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(range: std::ops::Range<u32>) -> Distinct {
        let mut set = Distinct::default();
        range.for_each(|n| set.add(&format!("user-{n}")));
        set
    }

    #[test]
    fn small_sets_are_exact() {
        assert_eq!(of(0..60_000).count(), 60_000);
        assert_eq!(of(0..1000).count_without(&of(300..2000)), 300);
    }

    #[test]
    fn large_sets_are_within_two_percent_and_do_not_depend_on_parts() {
        let whole = of(0..400_000);
        let mut parts = of(250_000..400_000);
        parts.merge(of(0..250_000));
        assert_eq!(whole, parts);
        assert!(
            (whole.count().cast_signed() - 400_000).abs() < 8000,
            "{}",
            whole.count()
        );
        let half = whole.count_without(&of(0..200_000)).cast_signed();
        assert!((half - 200_000).abs() < 6000, "{half}");
    }
}
