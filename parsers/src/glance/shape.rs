//! Whether a line has a known outline, without taking its outline: most lines have one, and to
//! compare costs a fraction of finding ids and hashing.

use super::mask::{Id, Mask};
use super::steps::{STEP, at, digits, letters};
use wide::u8x16;

/// An odd constant that spreads bits (the golden ratio in 64 bits).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// What all lines of one outline look like.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    outline: Vec<u8>,
    ids: Vec<Id>,
    /// For each sixteen bytes, a bit for each that belongs to an id.
    free: Vec<u32>,
    /// The same for the last sixteen.
    free_last: u32,
}

impl Shape {
    /// Of all lines that have the outline of this one.
    pub(super) fn of(mask: Mask) -> Self {
        let mut places = vec![false; mask.bytes.len().max(STEP)];
        for id in &mask.ids {
            let such = |n: &usize| id.such >> n & 1 == 1;
            for n in (0..64).filter(such) {
                if let Some(place) = places.get_mut(id.start + n) {
                    *place = true;
                }
            }
        }
        let free = |from: usize| {
            let places = places.iter().skip(from).take(STEP);
            (0..)
                .zip(places)
                .fold(0, |bits, (n, free)| bits | u32::from(*free) << n)
        };
        let len = mask.bytes.len();
        Self {
            free: (0..len / STEP).map(|n| free(n * STEP)).collect(),
            free_last: free(len.saturating_sub(STEP)),
            outline: mask.bytes,
            ids: mask.ids,
        }
    }

    /// The outline.
    pub(super) fn outline(&self) -> &[u8] {
        &self.outline
    }

    /// Whether a line has this outline.
    #[inline]
    pub(super) fn fits(&self, line: &[u8]) -> bool {
        if line.len() != self.outline.len() {
            return false;
        }
        let (steps, _) = line.as_chunks::<STEP>();
        let (known, _) = self.outline.as_chunks::<STEP>();
        let last = line.len().saturating_sub(STEP);
        let mut odd = differences(at(line, last), at(&self.outline, last)) & !self.free_last;
        for ((step, known), free) in steps.iter().zip(known).zip(&self.free) {
            odd |= differences(u8x16::new(*step), u8x16::new(*known)) & !free;
        }
        odd == 0 && self.ids.iter().all(|id| id.is_in(line))
    }
}

/// A bit for each byte of a line that is not as in an outline.
#[inline]
fn differences(line: u8x16, outline: u8x16) -> u32 {
    let blank = digits(line).bitselect(u8x16::splat(b'0'), line);
    !blank.simd_eq(outline).to_bitmask() & 0xffff
}

/// The same number for all lines of one outline, and hardly for others.
#[inline]
pub(super) fn key(line: &[u8]) -> u64 {
    let mut all = u8x16::splat(1);
    let mut add = |step: u8x16| {
        // Nothing of digits and of what may be an id.
        let varies = digits(step) | letters(step);
        // Three is odd: nothing is lost of what was added before.
        all = all + all + all + (step & !varies);
    };
    let (steps, _) = line.as_chunks::<STEP>();
    for step in steps {
        add(u8x16::new(*step));
    }
    add(at(line, line.len().saturating_sub(STEP)));
    let (halves, len) = (all.to_array(), line.len() as u64);
    let (words, _) = halves.as_chunks::<8>();
    words.iter().fold(len, |key, word| {
        let mixed = (key ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD);
        mixed ^ mixed >> 32
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same line with other digits, and other letters in what may be ids.
    fn renumbered(line: &str, with: &[u8]) -> Vec<u8> {
        let mut with = with.iter().cycle().copied();
        let hex = |w: &str| w.bytes().any(|b| b.is_ascii_digit()) && w.len() > 5;
        let mut out = Vec::new();
        for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            for byte in word.bytes() {
                let next = with.next().unwrap_or_default();
                out.push(match byte {
                    b'0'..=b'9' if hex(word) && next % 7 == 0 => b'a' + next % 6,
                    b'0'..=b'9' => b'0' + next % 10,
                    b'a'..=b'f' if hex(word) => b"0123456789abcdef"[usize::from(next % 16)],
                    _ => byte,
                });
            }
        }
        out
    }

    proptest! {
        /// What fits has the same outline and the same key; nothing else fits.
        #[test]
        fn lines_fit_that_have_the_outline(
            line in "([0-9a-f]{6,70}|[0-9A-Fx]{1,9}|[ -~é]{0,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z ]{0,20}){0,12}",
            with in prop::collection::vec(any::<u8>(), 1..40),
            spoilt in any::<(prop::sample::Index, u8)>(),
            spoils in any::<bool>(),
        ) {
            let mut other = renumbered(&line, &with);
            if spoils && !other.is_empty() {
                other[spoilt.0.index(line.len())] = spoilt.1;
            }
            let (mask, others) = (Mask::of(line.as_bytes()), Mask::of(&other));
            let same = mask.bytes == others.bytes && mask.ids == others.ids;
            let shape = Shape::of(mask);
            prop_assert!(shape.fits(line.as_bytes()));
            prop_assert_eq!(shape.fits(&other), same);
            if same {
                prop_assert_eq!(key(line.as_bytes()), key(&other));
            }
        }
    }
}
