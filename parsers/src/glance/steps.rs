//! Sixteen bytes at a time: what sort each of them is of. Every line of a file goes through here.

use wide::{i8x16, u8x16};

/// Bytes that are looked at in one step.
pub(super) const STEP: usize = 16;

/// All bits of every byte that is one of the `count` from `first` on.
#[inline]
fn within(bytes: u8x16, first: u8, count: i8) -> u8x16 {
    // Moved to the lower end of signed bytes, one comparison is enough.
    let moved = bytes + u8x16::splat(0x80_u8.wrapping_sub(first));
    let found = moved.cast_signed().simd_lt(i8x16::splat(i8::MIN + count));
    found.cast_unsigned()
}

/// Every digit.
#[inline]
pub(super) fn digits(bytes: u8x16) -> u8x16 {
    within(bytes, b'0', 10)
}

/// Every letter of a hexadecimal number.
#[inline]
pub(super) fn letters(bytes: u8x16) -> u8x16 {
    within(bytes | u8x16::splat(0x20), b'a', 6)
}

/// Every letter.
#[inline]
pub(super) fn small_or_large(bytes: u8x16) -> u8x16 {
    within(bytes | u8x16::splat(0x20), b'a', 26)
}

/// Every large letter.
#[inline]
pub(super) fn large(bytes: u8x16) -> u8x16 {
    within(bytes, b'A', 26)
}

/// Every letter of an exponent.
#[inline]
pub(super) fn exponents(bytes: u8x16) -> u8x16 {
    within(bytes | u8x16::splat(0x20), b'e', 1)
}

/// Fewer bytes, with zeros behind them.
#[inline]
pub(super) fn padded(bytes: &[u8]) -> [u8; STEP] {
    let mut step = [0; STEP];
    for (to, from) in step.iter_mut().zip(bytes) {
        *to = *from;
    }
    step
}

/// The sixteen bytes from a place on, with zeros behind the last.
#[inline]
pub(super) fn at(line: &[u8], place: usize) -> u8x16 {
    let rest = line.get(place..).unwrap_or_default();
    u8x16::new(match rest.first_chunk::<STEP>() {
        Some(step) => *step,
        None => padded(rest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_of_its_sort() {
        for byte in 0..=u8::MAX {
            let is = |sort: fn(u8x16) -> u8x16| {
                let found = sort(u8x16::splat(byte)).to_bitmask();
                assert!(matches!(found, 0 | 0xffff), "{byte}: {found:x}");
                found != 0
            };
            assert_eq!(is(digits), byte.is_ascii_digit(), "{byte}");
            let hex = byte.is_ascii_hexdigit() && byte.is_ascii_alphabetic();
            assert_eq!(is(letters), hex, "{byte}");
            assert_eq!(is(small_or_large), byte.is_ascii_alphabetic(), "{byte}");
            assert_eq!(is(large), byte.is_ascii_uppercase(), "{byte}");
            assert_eq!(is(exponents), matches!(byte, b'e' | b'E'), "{byte}");
        }
    }
}
