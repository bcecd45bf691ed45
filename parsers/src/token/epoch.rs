//! Epochs: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their
//! number of digits, each value for itself (one payload may mix them).

use super::{Found, NOT};
use crate::stamp::{Reading, SECOND};

/// Seconds since 1970 outside 2000 to 2100 are some other number.
const PLAUSIBLE: std::ops::Range<i64> = 946_684_800 * SECOND..4_102_444_800 * SECOND;

/// The instant that `number` states: ten digits are seconds, thirteen milliseconds, sixteen
/// microseconds, nineteen nanoseconds; a fraction or an exponent is allowed.
#[must_use]
pub fn epoch(number: &str) -> Option<Reading> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !whole.bytes().all(|b| b.is_ascii_digit()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return exponent(number);
    }
    // How many decimal places the unit is below the second.
    let places: u32 = match whole.len() {
        9 | 10 => 0,
        12 | 13 => 3,
        15 | 16 => 6,
        18 | 19 => 9,
        _ => return None,
    };
    let scale = 10_i64.pow(9 - places);
    let mut nanos = whole.parse::<i64>().ok()?.checked_mul(scale)?;
    let mut digits = places;
    for (digit, n) in fraction.bytes().zip(1..=(9 - places)) {
        nanos += i64::from(digit - b'0') * 10_i64.pow(9 - places - n);
        digits += 1;
    }
    at(nanos, u8::try_from(digits).ok()?)
}

/// The same in scientific notation, as some writers print floats: always seconds.
fn exponent(number: &str) -> Option<Reading> {
    if !number.contains(['e', 'E']) {
        return None;
    }
    let seconds: f64 = number.parse().ok()?;
    // A float of this size resolves a quarter of a microsecond.
    #[allow(clippy::cast_possible_truncation)]
    let micros = (seconds * 1e6).round() as i64;
    at(micros.checked_mul(1000)?, 6)
}

/// TAI64N, as daemontools and qmail write it: `@4000000065aa4f4f070d7b80`.
pub fn tai64n(i: &[u8]) -> Found<'_, Reading> {
    let digits = i.strip_prefix(b"@").ok_or(NOT)?;
    let (rest, seconds) = hex(digits, 16)?;
    let (rest, nanos) = hex(rest, 8)?;
    // 2^62 is the beginning of 1970; TAI was then ten seconds ahead, and has gained 27
    // since for leap seconds, the last of them at the end of 2016.
    let seconds = seconds.checked_sub((1 << 62) + 37).ok_or(NOT)?;
    let whole = seconds.checked_mul(SECOND).filter(|_| nanos < SECOND);
    let reading = whole
        .and_then(|w| at(w.checked_add(nanos)?, 9))
        .ok_or(NOT)?;
    Ok((rest, reading))
}

/// Seconds in eight hexadecimal digits at the front of a line, with a fraction of the same kind
/// in nanoseconds or without: OpenLDAP's `65aa4f2a.070d7b80`.
pub fn hexadecimal(i: &[u8]) -> Found<'_, Reading> {
    let (rest, seconds) = hex(i, 8)?;
    let (rest, nanos, digits) = match rest.strip_prefix(b".").map(|r| hex(r, 8)) {
        Some(Ok((rest, nanos))) if nanos < SECOND => (rest, nanos, 9),
        _ => (rest, 0, 0),
    };
    let spaced = rest.first() == Some(&b' ');
    let reading = seconds
        .checked_mul(SECOND)
        .and_then(|n| at(n + nanos, digits));
    reading.filter(|_| spaced).map(|r| (rest, r)).ok_or(NOT)
}

fn hex(i: &[u8], len: usize) -> Found<'_, i64> {
    let (digits, rest) = i.split_at_checked(len).ok_or(NOT)?;
    // A sign would be read, too.
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(NOT);
    }
    let text = std::str::from_utf8(digits).map_err(|_| NOT)?;
    let value = i64::from_str_radix(text, 16).map_err(|_| NOT)?;
    Ok((rest, value))
}

fn at(nanos: i64, digits: u8) -> Option<Reading> {
    PLAUSIBLE
        .contains(&nanos)
        .then(|| Reading::instant(nanos, digits))
}

#[cfg(test)]
mod tests {
    use super::{epoch, hexadecimal, tai64n};

    #[test]
    fn digits_decide_the_unit() {
        for (number, expected) in [
            ("1705660202", "2024-01-19T10:30:02Z"),
            ("1705660202118", "2024-01-19T10:30:02.118Z"),
            ("1705660202118042", "2024-01-19T10:30:02.118042Z"),
            ("1705660202118042007", "2024-01-19T10:30:02.118042007Z"),
            ("1705660202.5", "2024-01-19T10:30:02.5Z"),
            ("1705660202.11804200799", "2024-01-19T10:30:02.118042007Z"),
            ("1705660202118.25", "2024-01-19T10:30:02.11825Z"),
            ("1.705660202118e+09", "2024-01-19T10:30:02.118000Z"),
            ("951782400", "2000-02-29T00:00:00Z"),
        ] {
            let got = epoch(number).map(|r| r.notation());
            assert_eq!(got.as_deref(), Some(expected), "{number}");
        }
    }

    #[test]
    fn hexadecimal_counts() {
        let read = |found: super::Found<'_, crate::stamp::Reading>| {
            found.ok().map(|(rest, r)| (r.notation(), rest.len()))
        };
        let at = |s: &str| Some((s.to_owned(), 2));
        assert_eq!(
            read(tai64n(b"@4000000065aa4f4f070d7b80 x")),
            at("2024-01-19T10:30:02.118324096Z")
        );
        assert_eq!(
            read(hexadecimal(b"65aa4f2a.070d7b80 x")),
            at("2024-01-19T10:30:02.118324096Z")
        );
        assert_eq!(read(hexadecimal(b"65aa4f2a x")), at("2024-01-19T10:30:02Z"));
        for other in ["@4000", "deadbee x", "00000001 x", "65aa4f2a", "+5aa4f4a x"] {
            assert_eq!(read(hexadecimal(other.as_bytes())), None, "{other}");
            assert_eq!(read(tai64n(other.as_bytes())), None, "{other}");
        }
    }

    #[test]
    fn other_numbers_are_no_epochs() {
        for number in [
            "",
            ".",
            "0",
            "200",
            "20240119",
            "12345678901",
            "9999999999",
            "-1705660202",
            "1705660202.5.5",
            "1e400",
            "1705660202s",
            "9999999999999999999",
        ] {
            assert_eq!(epoch(number), None, "{number}");
        }
    }
}
