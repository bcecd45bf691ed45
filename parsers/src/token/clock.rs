//! Times of day.

use super::{Found, NOT, at_boundary, number};
use crate::stamp::{Precision, SECOND};

/// A time of day and how finely it is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Nanoseconds since midnight; a leap second counts as the next one.
    pub nanos: i64,
    /// As written.
    pub precision: Precision,
}

/// `10:30:02`, with a fraction behind `.`, `,` or `:`, one-digit hours, minutes
/// alone, and `AM` or `PM`.
pub fn clock(i: &[u8]) -> Found<'_, Clock> {
    let (rest, hour) = number(1, 2)(i)?;
    let rest = rest.strip_prefix(b":").ok_or(NOT)?;
    let (rest, minute) = number(2, 2)(rest)?;
    let (rest, second, frac) = match rest.strip_prefix(b":").map(number(2, 2)) {
        Some(Ok((rest, second))) => {
            let (rest, frac) = fraction(rest).unwrap_or((rest, (0, 0)));
            (rest, second, Some(frac))
        }
        // Hours and minutes of something longer: an address, a duration.
        _ if matches!(rest, [b':', next, ..] if next.is_ascii_alphanumeric()) => return Err(NOT),
        _ => (rest, 0, None),
    };
    let (rest, hour) = in_half_day(rest, hour);
    assemble(rest, [hour, minute, second], frac)
}

/// `0:5:9:118`: nothing padded, as programs that put numbers together themselves
/// write it; only behind a date is it sure to be a time.
pub fn unpadded(i: &[u8]) -> Found<'_, Clock> {
    let (rest, hour) = number(1, 2)(i)?;
    let (rest, minute) = number(1, 2)(rest.strip_prefix(b":").ok_or(NOT)?)?;
    let (rest, second) = number(1, 2)(rest.strip_prefix(b":").ok_or(NOT)?)?;
    let millis = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"."));
    let (rest, frac) = match millis.map(number(1, 3)) {
        Some(Ok((rest, millis))) => (rest, (millis * 1_000_000, 3)),
        _ => (rest, (0, 0)),
    };
    assemble(rest, [hour, minute, second], Some(frac))
}

/// `10.30.02` and `10.30.02.123456`, as databases of the mainframe line write.
pub fn dotted(i: &[u8]) -> Found<'_, Clock> {
    let (rest, hour) = number(2, 2)(i)?;
    let (rest, minute) = number(2, 2)(rest.strip_prefix(b".").ok_or(NOT)?)?;
    let (rest, second) = number(2, 2)(rest.strip_prefix(b".").ok_or(NOT)?)?;
    let (rest, frac) = fraction(rest).unwrap_or((rest, (0, 0)));
    let (rest, hour) = in_half_day(rest, hour);
    assemble(rest, [hour, minute, second], Some(frac))
}

/// The hour of the day, if what follows says `AM` or `PM`.
fn in_half_day(i: &[u8], hour: i64) -> (&[u8], i64) {
    match half_day(i) {
        Ok((rest, afternoon)) if (1..=12).contains(&hour) => {
            (rest, hour % 12 + if afternoon { 12 } else { 0 })
        }
        _ => (i, hour),
    }
}

/// `103002`, `103002.118` and `103002118`.
pub fn compact(i: &[u8]) -> Found<'_, Clock> {
    let (rest, hour) = number(2, 2)(i)?;
    let (rest, minute) = number(2, 2)(rest)?;
    let (rest, second) = number(2, 2)(rest)?;
    let (rest, frac) = match number(3, 3)(rest) {
        Ok((rest, millis)) => (rest, (millis * 1_000_000, 3)),
        Err(_) => fraction(rest).unwrap_or((rest, (0, 0))),
    };
    assemble(rest, [hour, minute, second], Some(frac))
}

fn assemble(
    rest: &[u8],
    [hour, minute, second]: [i64; 3],
    frac: Option<(i64, u8)>,
) -> Found<'_, Clock> {
    let follows_digit = rest.first().is_some_and(u8::is_ascii_digit);
    if hour > 23 || minute > 59 || second > 60 || follows_digit {
        return Err(NOT);
    }
    let (nanos, precision) = match frac {
        Some((nanos, digits)) => (nanos, Precision::Fraction(digits)),
        None => (0, Precision::Minute),
    };
    let nanos = (hour * 3600 + minute * 60 + second) * SECOND + nanos;
    Ok((rest, Clock { nanos, precision }))
}

/// A fraction of a second: nanoseconds and digits written. A comma or a colon
/// may also separate the next column, so behind these only whole groups of three count.
fn fraction(i: &[u8]) -> Found<'_, (i64, u8)> {
    let (mark, rest) = i.split_first().ok_or(NOT)?;
    let len = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let fits = match mark {
        b'.' => (1..=12).contains(&len),
        b',' => matches!(len, 3 | 6 | 9),
        b':' => matches!(len, 3 | 6) && at_boundary(rest.get(len..).unwrap_or_default()),
        _ => false,
    };
    if !fits {
        return Err(NOT);
    }
    let digits = len.min(9);
    let (_, value) = number(digits, digits)(rest)?;
    let scale = 10i64.pow(u32::try_from(9 - digits).unwrap_or(0));
    Ok((
        rest.get(len..).unwrap_or_default(),
        (value * scale, u8::try_from(digits).unwrap_or(9)),
    ))
}

/// `AM` or `PM` in any dress, after at most one space; whether it is the afternoon.
fn half_day(i: &[u8]) -> Found<'_, bool> {
    // U+202F: the narrow space that newer locale data puts before AM and PM.
    let rest = ["\u{202f}".as_bytes(), "\u{a0}".as_bytes(), b" "]
        .iter()
        .find_map(|space| i.strip_prefix(*space))
        .unwrap_or(i);
    let afternoon = match rest.first() {
        Some(b'A' | b'a') => false,
        Some(b'P' | b'p') => true,
        _ => return Err(NOT),
    };
    let rest = rest.get(1..).unwrap_or_default();
    for m in [&b".m."[..], b".M.", b"M", b"m"] {
        if let Some(rest) = rest.strip_prefix(m)
            && at_boundary(rest)
        {
            return Ok((rest, afternoon));
        }
    }
    Err(NOT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(s: &str) -> Option<(i64, Precision, usize)> {
        let (rest, c) = clock(s.as_bytes()).ok()?;
        Some((c.nanos / 1_000_000, c.precision, rest.len()))
    }

    #[test]
    fn every_spelling() {
        let ms = |h: i64, m: i64, s: i64, ms: i64| (h * 3600 + m * 60 + s) * 1000 + ms;
        let at = Precision::Fraction;
        assert_eq!(read("10:30:02"), Some((ms(10, 30, 2, 0), at(0), 0)));
        assert_eq!(read("10:30:02.118"), Some((ms(10, 30, 2, 118), at(3), 0)));
        assert_eq!(read("10:30:02,118 x"), Some((ms(10, 30, 2, 118), at(3), 2)));
        assert_eq!(read("10:30:02:118 x"), Some((ms(10, 30, 2, 118), at(3), 2)));
        assert_eq!(read("9:05:02"), Some((ms(9, 5, 2, 0), at(0), 0)));
        assert_eq!(
            read("10:30"),
            Some((ms(10, 30, 0, 0), Precision::Minute, 0))
        );
        assert_eq!(read("3:04:05 PM"), Some((ms(15, 4, 5, 0), at(0), 0)));
        assert_eq!(read("12:00:01 AM"), Some((1000, at(0), 0)));
        assert_eq!(
            read("12:00 p.m."),
            Some((ms(12, 0, 0, 0), Precision::Minute, 0))
        );
        assert_eq!(read("23:59:60"), Some((ms(24, 0, 0, 0), at(0), 0)));
        assert_eq!(
            read("10:30:02.123456789"),
            Some((ms(10, 30, 2, 123), at(9), 0))
        );
        assert_eq!(read("10:30:02,5 x"), Some((ms(10, 30, 2, 0), at(0), 4)));
    }

    #[test]
    fn not_times() {
        for s in [
            "25:00:00",
            "10:60:00",
            "10:30:61",
            "10-30",
            "103:20",
            "1:2:3",
            "10:30:5e:11",
        ] {
            assert_eq!(read(s), None, "{s}");
        }
    }
}
