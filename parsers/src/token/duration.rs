//! Durations as logs write them.

/// Unit of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
    /// Not said: seconds if it is written with a fraction, else milliseconds.
    Unsaid,
}

/// `number`, a duration in `unit`, in milliseconds; a unit written behind the number
/// (`12.5ms`, `3s`) outweighs it.
#[must_use]
pub fn millis(number: &str, unit: Unit) -> Option<f64> {
    let number = number.trim();
    let numeric = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+');
    let end = number.bytes().position(|b| !numeric(&b));
    let (digits, suffix) = number.split_at(end.unwrap_or(number.len()));
    let value = decimal(digits).or_else(|| {
        let value: f64 = digits.parse().ok()?;
        (value.is_finite() && value >= 0.0).then_some(value)
    })?;
    let unit = match suffix.trim() {
        "" => unit,
        "ms" | "msec" | "millis" | "milliseconds" => Unit::Millis,
        "s" | "sec" | "secs" | "seconds" => Unit::Seconds,
        "us" | "\u{b5}s" | "\u{3bc}s" => Unit::Micros,
        "ns" => Unit::Nanos,
        "m" | "min" => return Some(value * 60_000.0),
        _ => return go_duration(number),
    };
    Some(match unit {
        Unit::Seconds => value * 1e3,
        Unit::Millis => value,
        Unit::Micros => value / 1e3,
        Unit::Nanos => value / 1e6,
        Unit::Unsaid if digits.contains(['.', 'e', 'E']) => value * 1e3,
        // No request takes a quarter of an hour: Go programs log a Duration as it is.
        Unit::Unsaid if value >= 1e6 => value / 1e6,
        Unit::Unsaid => value,
    })
}

/// A number of up to fifteen digits with or without a point, exactly as the standard library reads
/// it: both such a whole number and a power of ten up to the twenty-second have no error of their
/// own, so their quotient is the nearest number (Clinger 1990). Nearly every duration is one.
fn decimal(digits: &str) -> Option<f64> {
    const MOST: usize = 15;
    const TENS: [f64; MOST + 1] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let (mut whole, mut point) = (0_u64, None);
    for (n, b) in digits.bytes().enumerate().take(MOST + 2) {
        match b {
            b'0'..=b'9' => whole = whole * 10 + u64::from(b - b'0'),
            b'.' if point.is_none() => point = Some(n),
            _ => return None,
        }
    }
    let count = digits.len() - usize::from(point.is_some());
    let behind = point.map_or(0, |at| digits.len() - at - 1);
    if !(1..=MOST).contains(&count) {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let whole = whole as f64;
    Some(whole / TENS.get(behind)?)
}

/// Go's compound notation: `1m30.5s`.
fn go_duration(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (value, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let value: f64 = value.parse().ok()?;
        total += value
            * match unit {
                "h" => 3_600_000.0,
                "m" => 60_000.0,
                "s" => 1e3,
                "ms" => 1.0,
                _ => return None,
            };
        rest = tail;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::{Unit, decimal, millis};
    use crate::token::role::{Role, role};
    use proptest::prelude::*;

    #[test]
    fn durations_have_the_unit_that_their_name_or_value_says() {
        for (name, value, expected) in [
            ("duration_ms", "12.5", 12.5),
            ("latencyNs", "2500000", 2.5),
            ("request_time", "0.250", 250.0),
            ("duration", "0.25", 250.0),
            ("duration", "250", 250.0),
            ("Duration", "40356000", 40.356),
            ("elapsed", "1.5s", 1500.0),
            ("latency", "830\u{b5}s", 0.83),
            ("took", "7", 7.0),
            ("elapsed", "1m30.5s", 90_500.0),
        ] {
            let Some((Role::Latency(unit), _)) = role(name) else {
                panic!("{name} is a duration")
            };
            let got = millis(value, unit).expect(name);
            assert!((got - expected).abs() < 1e-9, "{name}={value}: {got}");
        }
        assert_eq!(millis("soon", Unit::Millis), None);
        assert_eq!(millis("-1", Unit::Millis), None);
        assert_eq!(millis("", Unit::Millis), None);
    }

    #[test]
    fn durations_as_they_are_written_need_no_other_reading() {
        for text in [
            "0",
            "7",
            "003",
            "99.5",
            "0.1",
            ".25",
            "3.",
            "123456789012345",
        ] {
            assert!(decimal(text).is_some(), "{text}");
        }
        for text in ["", ".", "1e3", "-1", "1.2.3", "1234567890123456", "nan"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_what_the_standard_library_reads(text in "[0-9]{0,10}(\\.[0-9]{0,10})?") {
            let read = decimal(&text).map(f64::to_bits);
            prop_assert!(read.is_none() || read == text.parse().ok().map(f64::to_bits));
        }
    }
}
