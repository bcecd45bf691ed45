//! Times that are much like the one before: the grammar reads the first of a minute, and
//! what follows in that minute only differs in its seconds.

use super::recipe::Place;
use crate::stamp::{Precision, Reading, SECOND, When};
use crate::token::{Found, zone};

/// A spelling of time whose date, hours and minutes take a fixed number of bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    /// Bytes up to the seconds: `2024-01-19T10:30:`.
    width: usize,
    /// The grammar.
    read: fn(&[u8]) -> Found<'_, Reading>,
}

/// `2024-01-19T10:30:02.118Z` and its neighbours.
pub(super) const ISO: Spelling = Spelling {
    width: 17,
    read: crate::token::time::iso,
};

/// `19/Jan/2024:10:30:02 +0000`.
pub(super) const CLF: Spelling = Spelling {
    width: 18,
    read: crate::token::time::clf,
};

/// `Jan 19 10:30:02`.
pub(super) const BSD: Spelling = Spelling {
    width: 13,
    read: crate::token::time::rfc3164,
};

/// `0119 10:30:02.118000`, behind the letter of klog. A time without a fraction, which the
/// grammar does not take, may come back.
pub(super) const KLOG: Spelling = Spelling {
    width: 11,
    read: crate::token::time::klog_stamp,
};

/// What was read last.
#[derive(Clone, Debug)]
pub struct Memo {
    prefix: [u8; Memo::PREFIX],
    width: usize,
    /// The zone as it was written behind the seconds.
    zone: [u8; Memo::ZONE],
    zone_len: usize,
    /// The start of the minute.
    minute: When,
    /// Times that were asked for since it was last [`Memo::listen`]ed to, and the last one found.
    asked: u32,
    noted: Option<Noted>,
}

/// A time that was read, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) spelling: Spelling,
    /// The bytes that it was read from.
    pub(super) place: Place,
    /// How many of them were left behind it.
    left: usize,
    pub(super) reading: Reading,
    /// It is of the minute that is remembered.
    like: Option<Like>,
}

/// What a time that is told from its minute looks like.
#[derive(Clone, Copy, Debug)]
struct Like {
    /// Digits of its fraction.
    digits: u8,
    /// Bytes of its zone.
    zone: usize,
}

impl Memo {
    const PREFIX: usize = 20;
    const ZONE: usize = 8;

    /// Nothing read yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            prefix: [0; Self::PREFIX],
            width: 0,
            zone: [0; Self::ZONE],
            zone_len: 0,
            minute: When::Instant(0),
            asked: 0,
            noted: None,
        }
    }

    /// The time that `i` begins with and what stands behind it: exactly what the grammar of
    /// `spelling` reads.
    pub(super) fn read<'a>(
        &mut self,
        spelling: Spelling,
        i: &'a [u8],
    ) -> Option<(&'a [u8], Reading)> {
        self.asked = self.asked.saturating_add(1);
        let (left, reading) = self.find(spelling, i)?;
        let again = self.again(spelling, i);
        let like = match (again, reading.precision) {
            (Some(again), Precision::Fraction(digits)) if again == (left, reading) => Some(Like {
                digits,
                zone: self.zone_len,
            }),
            _ => None,
        };
        self.noted = Some(Noted {
            spelling,
            place: Place::of(i),
            left: left.len(),
            reading,
            like,
        });
        Some((left, reading))
    }

    /// The time that `i` begins with: a line of the outline of that in which one was noted.
    #[inline]
    pub(super) fn read_like(&mut self, noted: &Noted, i: &[u8]) -> Option<Reading> {
        if let Some(reading) = noted.like.and_then(|like| self.like(noted, like, i)) {
            return Some(reading);
        }
        let (rest, at) = self.find(noted.spelling, i)?;
        (rest.len() == noted.left).then_some(at)
    }

    /// The same for a time of the minute and the zone that were read last: it differs from the one
    /// that was noted only in its digits.
    #[inline]
    fn like(&self, noted: &Noted, like: Like, i: &[u8]) -> Option<Reading> {
        if self.width != noted.spelling.width {
            return None;
        }
        let (prefix, tail) = i.split_at_checked(self.width)?;
        let (second, tail) = tail.split_first_chunk::<2>()?;
        let mark = usize::from(like.digits > 0);
        let (fraction, tail) = tail.split_at_checked(mark + usize::from(like.digits))?;
        let zone = tail.get(..like.zone)?;
        let same = self.prefix.get(..self.width) == Some(prefix)
            && self.zone.get(..self.zone_len) == Some(zone)
            && second[0] <= b'5';
        let value = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + i64::from(d & 0xf));
        let fraction = fraction.get(mark..)?;
        let scale = *SCALES.get(9_usize.checked_sub(fraction.len())?)?;
        let when = later(
            self.minute,
            value(second) * SECOND + value(fraction) * scale,
        )?;
        same.then_some(Reading::new(when, Precision::Fraction(like.digits)))
    }

    /// A time was looked for by other means.
    pub(super) const fn tried(&mut self) {
        self.asked = self.asked.saturating_add(1);
    }

    /// Notes from now on what is read.
    pub(super) const fn listen(&mut self) {
        (self.asked, self.noted) = (0, None);
    }

    /// The time that was read, if it was the only one that was tried.
    pub(super) fn noted(&self) -> Option<&Noted> {
        self.noted.as_ref().filter(|_| self.asked == 1)
    }

    /// Whether any time was tried.
    pub(super) const fn was_asked(&self) -> bool {
        self.asked > 0
    }

    /// As [`Memo::read`], for who looks at a line of a known outline.
    #[inline]
    pub(super) fn find<'a>(
        &mut self,
        spelling: Spelling,
        i: &'a [u8],
    ) -> Option<(&'a [u8], Reading)> {
        if let Some(found) = self.again(spelling, i) {
            return Some(found);
        }
        let (rest, reading) = (spelling.read)(i).ok()?;
        self.learn(spelling.width, i, rest, reading);
        Some((rest, reading))
    }

    /// The time, if it is of the minute and the zone that were read last.
    fn again<'a>(&self, spelling: Spelling, i: &'a [u8]) -> Option<(&'a [u8], Reading)> {
        if self.width != spelling.width || self.prefix.get(..self.width) != i.get(..self.width) {
            return None;
        }
        let (second, fraction, digits, tail) = seconds(i.get(self.width..)?)?;
        let rest = match self.zone.get(..self.zone_len)? {
            [] => {
                if !ends_without_zone(tail) {
                    return None;
                }
                tail
            }
            zone => {
                let rest = tail.strip_prefix(zone)?;
                if !rest.first().is_none_or(|b| b" \t]\",|)}".contains(b)) {
                    return None;
                }
                // A date without its year may find it here.
                let yearless = matches!(self.minute, When::Yearless { .. });
                if yearless && matches!(rest, [b' ', b'0'..=b'9', ..]) {
                    return None;
                }
                // Go names the zone behind its offset.
                let offset = zone.iter().any(|b| matches!(b, b'+' | b'-'));
                if offset && rest.starts_with(b" ") && !ends_without_zone(rest) {
                    return None;
                }
                rest
            }
        };
        let when = later(self.minute, second * SECOND + fraction)?;
        let precision = Precision::Fraction(digits);
        Some((rest, Reading::new(when, precision)))
    }

    /// Keeps what the grammar made of `i`, if the next time may be told from it.
    fn learn(&mut self, width: usize, i: &[u8], rest: &[u8], reading: Reading) {
        self.width = 0;
        let Some((second, fraction, digits, tail)) = i.get(width..).and_then(seconds) else {
            return;
        };
        let Some(zone) = tail
            .len()
            .checked_sub(rest.len())
            .and_then(|n| tail.get(..n))
        else {
            return;
        };
        let hours_and_minutes = width
            .checked_sub(6)
            .and_then(|from| i.get(from..width))
            .is_some_and(|t| {
                matches!(t, [a, b, b':', c, d, b':'] if [a, b, c, d].iter().all(|d| d.is_ascii_digit()))
            });
        let (Some(kept), Some(prefix)) = (self.zone.get_mut(..zone.len()), i.get(..width)) else {
            return;
        };
        // A year behind the time is no zone: what it says is in the date.
        let plain = zone.is_empty() || zone::suffix(zone).is_ok_and(|(rest, _)| rest.is_empty());
        if !hours_and_minutes || !plain || reading.precision != Precision::Fraction(digits) {
            return;
        }
        let less = second * SECOND + fraction;
        let Some(minute) = later(reading.when, -less) else {
            return;
        };
        self.minute = minute;
        kept.copy_from_slice(zone);
        self.zone_len = zone.len();
        let Some(room) = self.prefix.get_mut(..width) else {
            return;
        };
        room.copy_from_slice(prefix);
        self.width = width;
    }
}

impl Default for Memo {
    fn default() -> Self {
        Self::new()
    }
}

/// So many nanoseconds later on the same day.
#[inline]
const fn later(when: When, more: i64) -> Option<When> {
    Some(match when {
        When::Instant(n) => When::Instant(n + more),
        When::Local(n) => When::Local(n + more),
        When::Yearless {
            month,
            day,
            nanos,
            weekday,
            offset,
        } => When::Yearless {
            month,
            day,
            nanos: nanos + more,
            weekday,
            offset,
        },
        When::TimeOfDay { .. } | When::Since(_) => return None,
    })
}

/// Two digits of seconds, a fraction in nanoseconds and its digits, and what stands behind.
/// Leap seconds and odd fractions are left to the grammar.
fn seconds(i: &[u8]) -> Option<(i64, i64, u8, &[u8])> {
    let (&[tens @ b'0'..=b'5', ones @ b'0'..=b'9'], rest) = i.split_first_chunk()? else {
        return None;
    };
    let second = i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
    let mark = match rest.first() {
        Some(mark @ (b'.' | b',')) => *mark,
        Some(b'0'..=b'9' | b':') => return None,
        _ => return Some((second, 0, 0, rest)),
    };
    let (mut value, mut digits) = (0i64, 0u8);
    for b in rest.iter().skip(1).take_while(|b| b.is_ascii_digit()) {
        value = value * 10 + i64::from(b - b'0');
        digits += 1;
        if digits > 9 {
            return None;
        }
    }
    if digits == 0 || (mark == b',' && !matches!(digits, 3 | 6 | 9)) {
        return None;
    }
    let scale = *SCALES.get(usize::from(9 - digits))?;
    Some((
        second,
        value * scale,
        digits,
        rest.get(1 + usize::from(digits)..)?,
    ))
}

const SCALES: [i64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];

/// Whether it is sure that neither a zone nor a year nor half a day stands here.
fn ends_without_zone(i: &[u8]) -> bool {
    match i {
        [] | [b']' | b'"' | b'|' | b'[' | b'\t', ..] => true,
        [b' ', rest @ ..] => match rest {
            [] | [b'[' | b'"' | b'<' | b'(' | b'{' | b'|' | b' ', ..] => true,
            [b'I', b'N', b'F', b'O', ..]
            | [b'D', b'E', b'B', b'U', ..]
            | [b'W', b'A', b'R', b'N', ..]
            | [b'E', b'R', b'R', b'O', ..]
            | [b'T', b'R', b'A', b'C', ..] => true,
            [b'a' | b'p', next, ..] => next.is_ascii_lowercase() && *next != b'm',
            [b'u', b't', ..] | [b'g', b'm', ..] => false,
            [b'b'..=b'y', ..] => true,
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn around() -> impl Strategy<Value = String> {
        let date = prop_oneof![
            Just("2024-02-29T23:59:"),
            Just("2024-02-29 23:59:"),
            Just("2025/09/01 06:00:"),
            Just("01/Sep/2025:06:00:"),
            Just("Sep  1 06:00:"),
            Just("Feb 29 11:59:"),
            Just("2024-13-01T00:00:"),
        ];
        let fraction = prop_oneof![
            Just(String::new()),
            "[.,:][0-9]{0,13}",
            "[.][0-9]{1,9}",
            ",[0-9]{3}"
        ];
        let tail = prop_oneof![
            Just(String::new()),
            "(Z|\\+0000| \\+0000|\\+01:00| UTC| CEST| GMT\\+2|z| utc| gmt|\\+0100 CET| Europe/Berlin| z|-0700|\\+02)",
            "( 2024| 2025| 123| AM| pm| a\\.m\\.| PM| INFO| app| process| HOST| mx1| \\[x\\]| - | EST5)",
            "[ -~]{0,4}",
        ];
        let end = prop_oneof![
            Just(String::new()),
            "( x|\\]|\"|,|:|_|[0-9]| 2023 |\\+2|-3)"
        ];
        (date, "[0-6][0-9]", fraction, tail, end)
            .prop_map(|(date, s, f, tail, end)| format!("{date}{s}{f}{tail}{end}"))
    }

    /// The zone alone was remembered; the next line has its year behind it.
    #[test]
    fn a_year_behind_a_zone_is_seen() {
        let mut memo = Memo::new();
        for line in [
            "Sep  1 06:00:00z app",
            "Sep  1 06:00:07.25z app",
            "Sep  1 06:00:00.0z 2023 ",
            "Sep  1 06:00:03Z",
            "Sep  1 06:00:01Z 2024",
        ] {
            let grammar = (BSD.read)(line.as_bytes()).ok();
            assert!(grammar.is_some(), "{line}");
            assert_eq!(memo.read(BSD, line.as_bytes()), grammar, "{line}");
        }
        // Elsewhere the year is known, and what stands behind the zone is something else.
        let line = b"2024-02-29T23:59:07Z 2023 x";
        let _ = memo.read(ISO, line);
        assert!(memo.again(ISO, line).is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Whatever was read before, a time is what the grammar says.
        #[test]
        fn reads_what_the_grammar_reads(lines in prop::collection::vec(around(), 1..12)) {
            let mut memo = Memo::new();
            for line in &lines {
                for spelling in [ISO, CLF, BSD] {
                    let grammar = (spelling.read)(line.as_bytes()).ok();
                    prop_assert_eq!(memo.read(spelling, line.as_bytes()), grammar, "{}", line);
                    // And again: now it may be remembered.
                    prop_assert_eq!(memo.read(spelling, line.as_bytes()), grammar, "{}", line);
                }
            }
        }
    }
}
