//! Spans of a line, found without a call for every few bytes.

use std::borrow::Cow;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte of `word` that is zero, exact up to the first of them.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

const fn matches(word: u64, byte: u8) -> u64 {
    zeros(word ^ (ONES * byte as u64))
}

/// The first place of one of two bytes: for spans of a few bytes, where setting out a vector
/// search costs more than it finds.
#[inline]
pub(super) fn find2(a: u8, b: u8, i: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(chunk) = i.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let hits = matches(word, a) | matches(word, b);
        if hits != 0 {
            return Some(at + hits.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    i.get(at..)?
        .iter()
        .position(|x| *x == a || *x == b)
        .map(|n| at + n)
}

/// Between the quotes of what begins with one, whether it has escapes, and what follows.
#[inline]
pub(super) fn quoted(i: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let body = i.strip_prefix(b"\"")?;
    let (mut at, mut escaped) = (0, false);
    loop {
        at += find2(b'"', b'\\', body.get(at..)?)?;
        if body.get(at) == Some(&b'"') {
            return Some((body.get(..at)?, escaped, body.get(at + 1..)?));
        }
        escaped = true;
        at += 2;
    }
}

/// Text that needs no repair.
#[inline]
pub(super) fn utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

/// Behind the blanks that `i` begins with.
#[inline]
pub(super) fn blank(i: &[u8]) -> &[u8] {
    let n = i.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    i.get(n..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{find2, quoted};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in prop::collection::vec(any::<u8>(), 0..64), a: u8, b: u8) {
            prop_assert_eq!(find2(a, b, &text), text.iter().position(|x| *x == a || *x == b));
        }
    }

    #[test]
    fn quotes_end_at_the_first_one_not_escaped() {
        assert_eq!(quoted(br#""a b"c"#), Some((&b"a b"[..], false, &b"c"[..])));
        assert_eq!(
            quoted(br#""a\"b" c"#),
            Some((&br#"a\"b"#[..], true, &b" c"[..]))
        );
        assert_eq!(quoted(br#""a\"#), None);
        assert_eq!(quoted(b"\"a"), None);
    }
}
