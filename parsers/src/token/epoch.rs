//! Epochs: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their
//! number of digits, each value for itself (one payload may mix them).

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

fn at(nanos: i64, digits: u8) -> Option<Reading> {
    PLAUSIBLE
        .contains(&nanos)
        .then(|| Reading::instant(nanos, digits))
}

#[cfg(test)]
mod tests {
    use super::epoch;

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
