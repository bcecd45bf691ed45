//! Hashes that are the same on every machine and for ever.

/// An odd constant that spreads bits (the golden ratio in 64 bits).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A fixed-seed hash (FNV-1a, 64 bit) of few bytes.
#[must_use]
pub fn hash(bytes: &[u8], seed: u64) -> u64 {
    bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Takes one more number into a hash.
pub(super) const fn fold(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(SPREAD).rotate_left(29)
}

/// Spreads a number over all its bits.
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(SPREAD);
    (value ^ (value >> 29)).wrapping_mul(SPREAD)
}

/// The hash of a word, eight bytes at a time.
pub(super) fn word_hash(word: &[u8]) -> u64 {
    let (whole, rest) = word.as_chunks::<8>();
    let hash = whole.iter().fold(word.len() as u64, |h, eight| {
        fold(h, u64::from_le_bytes(*eight))
    });
    let tail = rest
        .iter()
        .rev()
        .fold(0, |tail, byte| tail << 8 | u64::from(*byte));
    mix(fold(hash, tail))
}

/// The hash of a template's parts in their order.
pub(super) fn of_parts(parts: impl Iterator<Item = u64>) -> u64 {
    mix(parts.fold(0, fold))
}
