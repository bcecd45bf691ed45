//! The outline of a line: every digit is `0`, and every hexadecimal id a fixed one of its length.

use std::ops::Range;

/// Shorter words are no ids.
const ID: usize = 6;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
/// An odd constant that spreads bits (the golden ratio in 64 bits).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The high bit of every byte that is a digit.
const fn digits(word: u64) -> u64 {
    let low = word & !HIGHS;
    (low + ONES * 0x50) & !(low + ONES * 0x46) & !word & HIGHS
}

/// The high bit of every byte that is a letter from A to F.
const fn letters(word: u64) -> u64 {
    let low = (word & !HIGHS) | (ONES * 0x20);
    (low + ONES * 0x1f) & !(low + ONES * 0x19) & !word & HIGHS
}

/// Eight bytes with their digits replaced, and whether some stand beside letters of ids.
#[inline]
const fn masked(word: u64) -> (u64, bool) {
    let digits = digits(word);
    let letters = letters(word);
    let mask = (digits >> 7) * 0xff;
    let beside = digits & (letters << 8 | letters >> 8);
    (word & !mask | (ONES * b'0' as u64) & mask, beside != 0)
}

/// Writes the outline of a line of at most 512 bytes to `out`, and gives its hash.
pub(super) fn outline(line: &[u8], out: &mut Vec<u8>) -> u64 {
    out.clear();
    out.extend_from_slice(line);
    let mut ids = 0u64;
    let (words, tail) = out.as_chunks_mut::<8>();
    for (n, word) in words.iter_mut().enumerate() {
        let (blank, id) = masked(u64::from_le_bytes(*word));
        *word = blank.to_le_bytes();
        ids |= u64::from(id) << n;
    }
    for byte in tail {
        if byte.is_ascii_digit() {
            *byte = b'0';
        }
    }
    let mut done = 0;
    while ids != 0 {
        let word = ids.trailing_zeros() as usize;
        ids &= ids - 1;
        for at in (word * 8).max(done)..word * 8 + 8 {
            if line.get(at).is_some_and(u8::is_ascii_digit) && at >= done {
                let id = id_around(line, at);
                done = id.end;
                if let (Some(kind), Some(out)) = (letters_of(line, &id), out.get_mut(id)) {
                    blank_out(out, kind);
                }
            }
        }
    }
    hash(out)
}

/// Where lines of the same outline as `line` may differ from it: runs of digits, and whole words where
/// hexadecimal ids stand, in their order.
#[must_use]
pub fn variable(line: &[u8]) -> Vec<Range<usize>> {
    let mut masked = Vec::new();
    outline(line, &mut masked);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = masked.get(at) {
        if !byte.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let word = id_around(&masked, at);
        let shown = masked.get(word.clone()).unwrap_or_default();
        if is_blank(shown) {
            found.push(word.clone());
        } else {
            let mut from = word.start;
            for run in shown.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
                if run.first().is_some_and(u8::is_ascii_digit) {
                    found.push(from..from + run.len());
                }
                from += run.len();
            }
        }
        at = word.end.max(at + 1);
    }
    found
}

/// Whether a word of an outline may stand for any id of its length.
fn is_blank(word: &[u8]) -> bool {
    let letter = word.iter().find(|b| b.is_ascii_alphabetic());
    let Some(letter) = letter.filter(|l| matches!(l, b'a' | b'A') && word.len() >= ID) else {
        return false;
    };
    [false, true].into_iter().any(|begins| {
        let mut blank = word.to_vec();
        blank_out(&mut blank, (begins, *letter));
        blank == word
    })
}

/// The word around a byte.
fn id_around(line: &[u8], at: usize) -> Range<usize> {
    let (before, after) = line.split_at_checked(at).unwrap_or((line, &[]));
    let is_part = |b: &&u8| b.is_ascii_alphanumeric();
    let start = at - before.iter().rev().take_while(is_part).count();
    start..at + after.iter().take_while(is_part).count()
}

/// The case of the letters of a hexadecimal id, as its first letter has it.
fn letters_of(line: &[u8], word: &Range<usize>) -> Option<(bool, u8)> {
    let word = line.get(word.clone()).filter(|w| w.len() >= ID)?;
    let (mut small, mut large) = (0, 0);
    for byte in word {
        match byte {
            b'a'..=b'f' => small += 1,
            b'A'..=b'F' => large += 1,
            b'0'..=b'9' => {}
            _ => return None,
        }
    }
    let letter = match (small, large) {
        (2.., 0) => b'a',
        (0, 2..) => b'A',
        _ => return None,
    };
    // With fewer letters it may be a number that has an exponent.
    let begins = word.first().is_some_and(u8::is_ascii_digit);
    (small + large < word.len()).then_some((begins, letter))
}

/// Puts the fixed id in the place of another: `a0a0…`, or `0aa0…` if it began with a digit.
fn blank_out(out: &mut [u8], (begins, letter): (bool, u8)) {
    for (n, byte) in out.iter_mut().enumerate() {
        *byte = if n % 2 == 0 { letter } else { b'0' };
    }
    if let (true, [first, second, ..]) = (begins, out) {
        (*first, *second) = (b'0', letter);
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let (words, tail) = bytes.as_chunks::<8>();
    let mix = |h: u64, w: u64| (h ^ w).wrapping_mul(SPREAD).rotate_left(29);
    // Two at a time: multiplications wait for each other.
    let (mut one, mut other) = (bytes.len() as u64, 1);
    let (pairs, last) = words.as_chunks::<2>();
    for [a, b] in pairs {
        one = mix(one, u64::from_le_bytes(*a));
        other = mix(other, u64::from_le_bytes(*b));
    }
    for word in last {
        one = mix(one, u64::from_le_bytes(*word));
    }
    let rest = tail.iter().fold(0, |h, b| h << 8 | u64::from(*b));
    mix(mix(one, rest), other).wrapping_mul(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outlined(line: &str) -> String {
        let mut out = Vec::new();
        outline(line.as_bytes(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_and_ids_are_all_the_same() {
        let cases = [
            ("took 17 ms, 2.5%", "took 00 ms, 0.0%"),
            ("id=4f1c2b1a9d00aa17 ok", "id=0aa0a0a0a0a0a0a0 ok"),
            ("id=c41c2b1a9d00aa17 ok", "id=a0a0a0a0a0a0a0a0 ok"),
            ("7CCE1F6802: to=<u1@x>", "0AA0A0A0A0: to=<u0@x>"),
            // Words, short ones, those of mixed case, and what may be a number.
            ("facade decade e2e 7d9f", "facade decade e0e 0d0f"),
            ("7CCE1f6802 n=1234567e12", "0CCE0f0000 n=0000000e00"),
        ];
        for (line, expected) in cases {
            assert_eq!(outlined(line), expected, "{line}");
        }
    }

    proptest! {
        /// Lines of one outline differ nowhere else.
        #[test]
        fn lines_differ_where_they_are_variable(
            line in "([0-9a-f]{6,20}|[0-9A-Fx]{1,9}|[ -~é]{0,9}|[\\PC]{0,3}){0,12}",
            other in "[0-9a-f]{600}",
        ) {
            let places = variable(line.as_bytes());
            prop_assert!(places.windows(2).all(|w| w[0].end <= w[1].start));
            let mut changed = line.clone().into_bytes();
            for place in &places {
                changed[place.clone()].copy_from_slice(&other.as_bytes()[place.clone()]);
            }
            // What stays is the same in the outline; what differs is within the places.
            let same = |at: &usize| !places.iter().any(|p| p.contains(at));
            let masked = outlined(&line).into_bytes();
            for at in (0..line.len()).filter(same) {
                prop_assert_eq!(masked[at], line.as_bytes()[at]);
            }
        }

        /// An outline is its own, and every byte of a line keeps its sort.
        #[test]
        fn outlines_keep_what_is_no_number(line in "([0-9a-f]{6,20}|[0-9A-Fx]{1,9}|[ -~é]{0,9}|[\\PC]{0,3}){0,12}") {
            let once = outlined(&line);
            prop_assert_eq!(&outlined(&once), &once);
            prop_assert_eq!(once.len(), line.len());
            for (a, b) in once.bytes().zip(line.bytes()) {
                let hex = a.is_ascii_hexdigit() && b.is_ascii_hexdigit();
                prop_assert!(a == b || hex && (a.is_ascii_digit() || b.is_ascii_digit() || a.is_ascii_uppercase() == b.is_ascii_uppercase()));
            }
        }
    }
}
