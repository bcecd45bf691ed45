//! A table that cannot grow without bound and still does not depend on order.

use crate::template::hash;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// Keeps the `K` keys with the smallest hashes apart and everything else together.
///
/// Which keys those are depends on the set of keys alone, so parts can be counted in any
/// order and merged: a key that one part dropped has `K` smaller ones there, and so in the union.
#[derive(Clone, Debug, PartialEq)]
pub struct BottomK<Key, Value, const K: usize> {
    apart: BTreeMap<(u64, Key), Value>,
    together: Value,
    /// Keys were dropped, so `together` stands for more than one.
    overflowed: bool,
}

impl<Key, Value: Default, const K: usize> Default for BottomK<Key, Value, K> {
    fn default() -> Self {
        Self {
            apart: BTreeMap::new(),
            together: Value::default(),
            overflowed: false,
        }
    }
}

impl<Key: Ord + Clone + Hash, Value: Default, const K: usize> BottomK<Key, Value, K> {
    /// The value of a key, to be counted up.
    pub fn entry(&mut self, key: &Key) -> &mut Value
    where
        Value: Absorb,
    {
        let ranked = (rank(key), key.clone());
        if !self.apart.contains_key(&ranked) {
            if self.apart.len() >= K
                && self
                    .apart
                    .last_key_value()
                    .is_some_and(|(last, _)| *last < ranked)
            {
                self.overflowed = true;
                return &mut self.together;
            }
            self.apart.insert(ranked.clone(), Value::default());
            self.trim();
        }
        self.apart.entry(ranked).or_default()
    }

    /// Adds another part's table.
    pub fn merge(&mut self, other: Self, mut absorb: impl FnMut(&mut Value, Value))
    where
        Value: Absorb,
    {
        for (ranked, value) in other.apart {
            absorb(self.apart.entry(ranked).or_default(), value);
        }
        absorb(&mut self.together, other.together);
        self.overflowed |= other.overflowed;
        self.trim();
    }

    fn trim(&mut self)
    where
        Value: Absorb,
    {
        self.keep(K);
    }

    /// Keeps no more than `most` keys apart.
    pub(super) fn keep(&mut self, most: usize)
    where
        Value: Absorb,
    {
        while self.apart.len() > most.min(K) {
            if let Some((_, value)) = self.apart.pop_last() {
                self.together.absorb(value);
                self.overflowed = true;
            }
        }
    }

    /// The value of a key that was kept apart when the table was written down.
    pub(super) fn put_back(&mut self, key: Key) -> &mut Value {
        self.apart.entry((rank(&key), key)).or_default()
    }

    /// The value of what was counted together when the table was written down.
    pub(super) const fn put_back_together(&mut self) -> &mut Value {
        self.overflowed = true;
        &mut self.together
    }

    /// The keys kept apart, in an order that depends on nothing but the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.apart.iter().map(|((_, key), value)| (key, value))
    }

    /// All values, those of the keys kept apart and the one of the others.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.apart
            .values_mut()
            .chain(std::iter::once(&mut self.together))
    }

    /// The same.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.apart.values().chain(std::iter::once(&self.together))
    }

    /// What is counted of the keys that were not kept apart.
    #[must_use]
    pub const fn together(&self) -> &Value {
        &self.together
    }

    /// Whether some keys are counted together.
    #[must_use]
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }
}

/// Values that can be added up.
pub trait Absorb {
    /// Adds `other` to this.
    fn absorb(&mut self, other: Self);
}

impl Absorb for super::Rate {
    fn absorb(&mut self, other: Self) {
        self.merge(other);
    }
}

impl<K: Ord> Absorb for BTreeMap<K, super::Rate> {
    fn absorb(&mut self, other: Self) {
        for (key, rate) in other {
            self.entry(key).or_default().merge(rate);
        }
    }
}

/// FNV-1a through [`Hash`]: the same on every machine, unlike the standard library's.
struct Fixed(u64);

impl Hasher for Fixed {
    fn finish(&self) -> u64 {
        // FNV's high bits barely depend on the last bytes; ranks are compared from the top.
        let h = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^ (h >> 33)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes, self.0);
    }
}

fn rank<Key: Hash>(key: &Key) -> u64 {
    let mut hasher = Fixed(0);
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::{Mark, Rate};
    use super::*;
    use crate::cite::{Cite, FileId};

    fn count(keys: impl Iterator<Item = u32>) -> BottomK<u32, Rate, 8> {
        let mut table = BottomK::<u32, Rate, 8>::default();
        for k in keys {
            let cite = Cite {
                file: FileId(0),
                offset: u64::from(k),
                len: 1,
            };
            table.entry(&(k % 50)).add(Mark {
                nanos: i64::from(k),
                cite,
            });
        }
        table
    }

    #[test]
    fn order_and_parts_do_not_matter() {
        let whole = count(0..500);
        assert!(whole.overflowed());
        assert_eq!(whole.iter().count(), 8);
        assert_eq!(whole, count((0..500).rev()));
        let mut parts = count(300..500);
        parts.merge(count(0..300), Rate::merge);
        assert_eq!(whole, parts);
    }
}
