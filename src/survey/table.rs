//! Tables of the hot loop: by a hash that is cheap for short texts and the same everywhere.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table by a hash that is the same everywhere. Its order shows nowhere.
pub(super) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fold>>;

/// An odd constant that spreads bits (the golden ratio in 64 bits).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Multiply and fold, eight bytes at a time.
#[derive(Default)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.write_u64(chunk.try_into().map_or(0, u64::from_le_bytes));
        }
        let mut tail = [0; 8];
        let rest = chunks.remainder();
        tail[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(tail) ^ ((rest.len() as u64) << 56));
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write_u64(&mut self, n: u64) {
        // What comes first must not vanish when it is zero.
        let product = u128::from(self.0.rotate_left(26) ^ n ^ SPREAD) * u128::from(SPREAD);
        #[allow(clippy::cast_possible_truncation)]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        self.0 = folded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn the_hash_tells_like_texts_apart() {
        let hash = |text: &str| BuildHasherDefault::<Fold>::default().hash_one(text);
        let texts = [
            "",
            "\0",
            "a",
            "a\0",
            "ab",
            "abcdefgh",
            "abcdefgh\0",
            "abcdefghi",
        ];
        let hashes: std::collections::BTreeSet<u64> = texts.iter().map(|t| hash(t)).collect();
        assert_eq!(hashes.len(), texts.len());
    }
}
