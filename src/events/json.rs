//! JSON, written straight into the output: a document tree for every entry would cost more
//! than reading the entry.

use crate::report::escape::{self, is_unseen};
use chrono::{DateTime, Datelike, Timelike};
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Precision, Stamp};

/// A JSON object that is being written.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> Object<'o> {
    /// Opens an object.
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Writes a key, and gives the output for its value.
    pub(super) fn key(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        string(name, self.out);
        self.out.push(b':');
        self.out
    }

    /// A text, if there is one.
    pub(super) fn text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            string(value, self.key(name));
        }
    }

    /// A whole number.
    pub(super) fn number(&mut self, name: &str, value: u64) {
        number(value, self.key(name));
    }

    /// Closes it.
    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

/// What must be escaped in a string, and how: 0 not at all, `u` by number, else by that letter.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escapes[byte] = b'u';
        byte += 1;
    }
    escapes[0x08] = b'b';
    escapes[0x09] = b't';
    escapes[0x0a] = b'n';
    escapes[0x0c] = b'f';
    escapes[0x0d] = b'r';
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes
};

/// A string in its quotes.
pub(super) fn string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let from = out.len();
    let mut rest = text.as_bytes();
    // Without a way out half-way, so that many bytes are looked at in one step.
    let odd = |b: &u8| (*b < 0x20) | (*b == b'"') | (*b == b'\\') | (*b >= 0x7f);
    if !rest.iter().fold(false, |found, b| found | odd(b)) {
        out.extend_from_slice(rest);
        out.push(b'"');
        return;
    }
    while let Some(n) = rest.iter().position(|b| ESCAPES[usize::from(*b)] != 0) {
        let (plain, behind) = rest.split_at(n);
        out.extend_from_slice(plain);
        let Some((byte, behind)) = behind.split_first() else {
            break;
        };
        match ESCAPES[usize::from(*byte)] {
            b'u' => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            letter => out.extend_from_slice(&[b'\\', letter]),
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    if !text.bytes().all(|b| b < 0x7f) && text.chars().any(is_unseen) {
        // What a terminal would obey is spelled out; JSON reads the same.
        let plain = out.split_off(from);
        out.extend_from_slice(escape::json(&String::from_utf8_lossy(&plain)).as_bytes());
    }
    out.push(b'"');
}

/// A whole number that is not negative.
pub(super) fn number(number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// A whole number.
pub(super) fn whole(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// A number; JSON knows none that is not finite.
pub(super) fn float(number: f64, out: &mut Vec<u8>) {
    if number.is_finite() {
        let _ = serde_json::to_writer(out, &number);
    } else {
        out.extend_from_slice(b"null");
    }
}

/// A time as [`Stamp::rfc3339`] writes it, without a detour through several strings.
pub(super) fn time(stamp: Stamp, out: &mut Vec<u8>) {
    let digits = match stamp.precision {
        Precision::Day | Precision::Minute => 0,
        Precision::Fraction(digits) => usize::from(digits.min(9)),
    };
    let at = DateTime::from_timestamp_nanos(stamp.nanos);
    if stamp.basis == Basis::Relative || !(0..=9999).contains(&at.year()) {
        out.extend_from_slice(stamp.rfc3339().as_bytes());
        return;
    }
    let mut text = *b"0000-00-00T00:00:00.000000000";
    let parts = [
        (0, 4, at.year().unsigned_abs()),
        (5, 2, at.month()),
        (8, 2, at.day()),
        (11, 2, at.hour()),
        (14, 2, at.minute()),
        (17, 2, at.second()),
        (20, 9, at.nanosecond()),
    ];
    for (from, len, mut value) in parts {
        for place in (from..from + len).rev() {
            text[place] = b'0' + u8::try_from(value % 10).unwrap_or_default();
            value /= 10;
        }
    }
    let len = if digits == 0 { 19 } else { 20 + digits };
    out.extend_from_slice(&text[..len]);
    out.push(b'Z');
}

/// The minute of the time that was written last: most entries are of the same one as the entry before.
#[derive(Debug, Default)]
pub(super) struct Minute {
    /// Its number, and how the times in it begin.
    known: Option<(i64, [u8; Self::LEN])>,
}

impl Minute {
    /// Of `2024-01-19T10:30:`.
    const LEN: usize = 17;
    const NANOS: i64 = 60 * SECOND;

    /// As [`time`].
    pub(super) fn time(&mut self, stamp: Stamp, out: &mut Vec<u8>) {
        let (minute, within) = (
            stamp.nanos.div_euclid(Self::NANOS),
            stamp.nanos.rem_euclid(Self::NANOS),
        );
        let Precision::Fraction(digits) = stamp.precision else {
            return time(stamp, out);
        };
        if stamp.basis == Basis::Relative {
            return time(stamp, out);
        }
        let Some((_, begins)) = self.known.filter(|(known, _)| *known == minute) else {
            let from = out.len();
            time(stamp, out);
            // Years of more than four digits take more bytes.
            let text = out.get(from..).unwrap_or_default();
            let begins = text.first_chunk().filter(|begins| begins.ends_with(b":"));
            self.known = begins.map(|begins| (minute, *begins));
            return;
        };
        out.extend_from_slice(&begins);
        let digit = |value: i64| b'0' + u8::try_from(value % 10).unwrap_or_default();
        let (second, mut fraction) = (within / SECOND, within % SECOND);
        out.extend_from_slice(&[digit(second / 10), digit(second)]);
        if digits > 0 {
            let mut text = *b".000000000";
            for place in text.iter_mut().skip(1).rev() {
                *place = digit(fraction);
                fraction /= 10;
            }
            let len = 1 + usize::from(digits.min(9));
            out.extend_from_slice(text.get(..len).unwrap_or_default());
        }
        out.push(b'Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn strings_are_read_back(text in any::<String>(), odd in "[\\x00-\\x9f\\u{202e}]{0,40}") {
            for text in [text, odd] {
                let mut out = Vec::new();
                string(&text, &mut out);
                prop_assert!(!String::from_utf8_lossy(&out).chars().any(|c| c.is_control() || is_unseen(c)));
                let read: String = serde_json::from_slice(&out).expect("a string");
                prop_assert_eq!(read, text);
            }
        }

        #[test]
        fn times_are_those_of_the_stamp(nanos in any::<i64>(), digits in 0u8..10, coarse in 0u8..4) {
            let precision = match coarse {
                0 => Precision::Day,
                1 => Precision::Minute,
                _ => Precision::Fraction(digits),
            };
            for basis in [Basis::Stated, Basis::Relative] {
                let stamp = Stamp { nanos, precision, basis };
                let mut out = Vec::new();
                time(stamp, &mut out);
                prop_assert_eq!(String::from_utf8(out).expect("ASCII"), stamp.rfc3339());
            }
        }

        #[test]
        fn times_of_a_minute_are_those_of_the_stamp(
            start in any::<i64>(),
            steps in proptest::collection::vec((-90 * SECOND..90 * SECOND, 0u8..11, 0u8..9), 1..9),
        ) {
            let (mut minute, mut nanos) = (Minute::default(), start);
            for (step, digits, odd) in steps {
                nanos = nanos.saturating_add(step);
                let precision = match odd {
                    0 => Precision::Minute,
                    _ => Precision::Fraction(digits),
                };
                let basis = if odd == 1 { Basis::Relative } else { Basis::Stated };
                let stamp = Stamp { nanos, precision, basis };
                let (mut out, mut plain) = (Vec::new(), Vec::new());
                minute.time(stamp, &mut out);
                time(stamp, &mut plain);
                prop_assert_eq!(String::from_utf8(out), String::from_utf8(plain));
            }
        }
    }

    #[test]
    fn objects_and_numbers() {
        let mut out = Vec::new();
        let mut object = Object::new(&mut out);
        object.text("a", Some("x"));
        object.text("b", None);
        object.number("c", 7);
        float(0.1, object.key("d"));
        float(f64::NAN, object.key("e"));
        object.end();
        assert_eq!(out, br#"{"a":"x","c":7,"d":0.1,"e":null}"#);
    }
}
