//! The outline of a line: every digit is `0`, and every hexadecimal id a fixed one of its length.

use super::bits::Bits;
use super::steps::{STEP, at, digits, exponents, large, letters, padded, small_or_large};
use std::ops::Range;
use wide::u8x16;

/// Longer lines have no outline.
pub(super) const LONGEST: usize = 512;
/// Shorter words are no ids.
const ID: usize = 6;

/// The outline of one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Mask {
    pub(super) bytes: Vec<u8>,
    /// The ids in it.
    pub(super) ids: Vec<Id>,
}

/// A hexadecimal id that a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    /// Where it begins.
    pub(super) start: usize,
    /// A bit for each of its bytes that is a digit or a letter, the first lowest.
    pub(super) such: u64,
    spelling: Spelling,
}

/// How an id is spelt: whether it begins with a digit, and the case of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spelling {
    begins: bool,
    large: bool,
}

impl Id {
    /// Its letters and digits without what stands between them.
    fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let (such, start) = (self.such, self.start);
        let is = move |n: u32| n < u64::BITS && such >> n & 1 == 1;
        (0..u64::BITS)
            .filter(move |n| is(*n) && (*n == 0 || !is(n - 1)))
            .map(move |from| {
                let len = (from..).take_while(|n| is(*n)).count();
                start + from as usize..start + from as usize + len
            })
    }

    /// Whether an id that is spelt the same way stands in the same place of this line.
    #[inline]
    pub(super) fn is_in(&self, line: &[u8]) -> bool {
        let (mut places, mut from) = ([0; 4], 0);
        while from < u64::BITS as usize && self.such >> from != 0 {
            let step = at(line, self.start + from);
            let found = [digits(step), letters(step), large(step), exponents(step)];
            for (place, found) in places.iter_mut().zip(found) {
                *place |= u64::from(found.to_bitmask()) << from;
            }
            from += STEP;
        }
        Spelling::of(self.such, places) == Some(self.spelling)
    }
}

impl Spelling {
    /// Of what stands at those bytes that `such` has bits for; `None` if it is no id. What are digits,
    /// hexadecimal letters, large letters and the letter of exponents is given.
    fn of(such: u64, [digits, letters, large, exponents]: [u64; 4]) -> Option<Self> {
        let (digits, letters) = (digits & such, letters & such);
        let large = letters & large;
        // With one letter it may be a number that has an exponent.
        let enough = letters.count_ones() >= 2 || letters != 0 && letters & exponents == 0;
        let is_id = digits | letters == such && digits != 0 && enough;
        let one_case = large == 0 || large == letters;
        (is_id && one_case).then_some(Self {
            begins: digits & 1 == 1,
            large: large != 0,
        })
    }
}

impl Mask {
    /// The outline of a line of at most [`LONGEST`] bytes.
    pub(super) fn of(line: &[u8]) -> Self {
        let mut mask = Self {
            bytes: line.to_vec(),
            ids: Vec::new(),
        };
        for byte in &mut mask.bytes {
            if byte.is_ascii_digit() {
                *byte = b'0';
            }
        }
        let words = Words::of(line);
        mask.find_ids(line, &words);
        mask
    }

    /// Puts a fixed id in the place of every other.
    fn find_ids(&mut self, line: &[u8], words: &Words) {
        let beside = words.digits.beside(&words.letters);
        let mut done = 0;
        for at in beside.places() {
            if at < done {
                continue;
            }
            let word = words.of_any.around(at);
            done = word.end;
            let (id, such) = match words.uuid(line, &word) {
                Some(id) => (id, UUID),
                None if (ID..u64::BITS as usize).contains(&word.len()) => {
                    (word.clone(), (1 << word.len()) - 1)
                }
                None => continue,
            };
            done = id.end;
            if let Some(spelling) = words.spelling(id.start, such) {
                self.blank_out(&id, such, spelling);
                self.ids.push(Id {
                    start: id.start,
                    such,
                    spelling,
                });
            }
        }
    }

    /// Puts the fixed id in the place of another: `a0a0…`, or `0aa0…` if it began with a digit.
    fn blank_out(&mut self, id: &Range<usize>, such: u64, spelling: Spelling) {
        let letter = if spelling.large { b'A' } else { b'a' };
        let out = self.bytes.get_mut(id.clone()).unwrap_or_default();
        for (n, byte) in out
            .iter_mut()
            .enumerate()
            .filter(|(n, _)| such >> n & 1 == 1)
        {
            *byte = if n % 2 == 0 { letter } else { b'0' };
        }
        if let (true, [first, second, ..]) = (spelling.begins, out) {
            (*first, *second) = (b'0', letter);
        }
    }
}

/// Where lines of the same outline as `line` may differ from it: runs of digits, and whole words of ids,
/// in their order. No outline is known of longer lines than 512 bytes, and none of those places.
#[must_use]
pub fn variable(line: &[u8]) -> Vec<Range<usize>> {
    if line.len() > LONGEST {
        return Vec::new();
    }
    let mask = Mask::of(line);
    let mut found = Vec::new();
    let mut at = 0;
    for id in mask
        .ids
        .iter()
        .flat_map(Id::groups)
        .chain(std::iter::once(line.len()..line.len()))
    {
        let between = mask.bytes.get(at..id.start).unwrap_or_default();
        for run in between.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            if run.first().is_some_and(u8::is_ascii_digit) {
                found.push(at..at + run.len());
            }
            at += run.len();
        }
        at = id.end;
        found.extend((!id.is_empty()).then_some(id));
    }
    found
}

/// What the bytes of a line are, for who looks for ids.
struct Words {
    digits: Bits,
    /// Of hexadecimal numbers.
    letters: Bits,
    /// Large letters.
    large: Bits,
    exponents: Bits,
    /// Letters and digits.
    of_any: Bits,
}

impl Words {
    fn of(line: &[u8]) -> Self {
        let of = |sort: fn(u8x16) -> u8x16| {
            let mut bits = Bits::default();
            let (steps, tail) = line.as_chunks::<STEP>();
            for (n, step) in steps.iter().copied().chain([padded(tail)]).enumerate() {
                bits.put(n, sort(u8x16::new(step)).to_bitmask());
            }
            bits
        };
        Self {
            digits: of(digits),
            letters: of(letters),
            large: of(large),
            exponents: of(exponents),
            of_any: of(|step| digits(step) | small_or_large(step)),
        }
    }

    /// How the id is spelt that stands at those bytes from a place on that `such` has bits for.
    fn spelling(&self, start: usize, such: u64) -> Option<Spelling> {
        let all = [&self.digits, &self.letters, &self.large, &self.exponents];
        Spelling::of(such, all.map(|bits| bits.from(start)))
    }

    /// The UUID that a word is a group of.
    fn uuid(&self, line: &[u8], word: &Range<usize>) -> Option<Range<usize>> {
        let is_dash = |at: usize| line.get(at) == Some(&b'-');
        if !is_dash(word.end) && !word.start.checked_sub(1).is_some_and(is_dash) {
            return None;
        }
        let begins = |(from, len): (usize, usize)| {
            let start = word.start.checked_sub(from).filter(|_| word.len() == len)?;
            let alone = start == 0 || self.of_any.from(start - 1) & 1 == 0;
            let shape = self.of_any.from(start) & ((1 << (UUID_LEN + 1)) - 1) == UUID;
            let dashes = GROUPS
                .iter()
                .skip(1)
                .all(|(from, _)| is_dash(start + from - 1));
            let is_id = self.spelling(start, UUID).is_some();
            (alone && shape && dashes && is_id).then_some(start..start + UUID_LEN)
        };
        GROUPS.into_iter().find_map(begins)
    }
}

/// The groups of a UUID: where they begin and how long they are.
const GROUPS: [(usize, usize); 5] = [(0, 8), (9, 4), (14, 4), (19, 4), (24, 12)];
const UUID_LEN: usize = 36;

/// A bit for each letter or digit of a UUID.
const UUID: u64 = {
    let (mut bits, mut n) = (0, 0);
    while n < GROUPS.len() {
        bits |= ((1 << GROUPS[n].1) - 1) << GROUPS[n].0;
        n += 1;
    }
    bits
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outlined(line: &str) -> String {
        let mask = Mask::of(line.as_bytes());
        for id in &mask.ids {
            assert!(id.is_in(line.as_bytes()), "{line}: {id:?}");
        }
        String::from_utf8_lossy(&mask.bytes).into_owned()
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
            (
                "71221F6802: 12E4567 n=1234d56",
                "0AA0A0A0A0: 00E0000 n=0aa0a0a",
            ),
            // A UUID is one id, also where a group has no letter or no digit.
            (
                "a 40b3c7aa-1a2b-4006-bead-00c04fd430c8 b",
                "a 0aa0a0a0-0a0a-a0a0-0a0a-a0a0a0a0a0a0 b",
            ),
            (
                "a e0b3c7aa-1a2b-4006-bead-00c04fd430c8.",
                "a a0a0a0a0-0a0a-a0a0-0a0a-a0a0a0a0a0a0.",
            ),
            (
                "x40b3c7aa-1a2b-4006-9ead-00c04fd430c8",
                "x00b0c0aa-0a0b-0000-0ead-0aa0a0a0a0a0",
            ),
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
        ) {
            let places = variable(line.as_bytes());
            prop_assert!(places.windows(2).all(|w| w[0].end <= w[1].start));
            // What stays is the same in the outline; what differs is within the places.
            let masked = outlined(&line).into_bytes();
            for (at, (shown, byte)) in masked.iter().zip(line.bytes()).enumerate() {
                let varies = places.iter().any(|p| p.contains(&at));
                prop_assert!(varies || *shown == byte && !shown.is_ascii_digit());
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
