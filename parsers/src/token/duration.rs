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
    let end = number
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+')))
        .unwrap_or(number.len());
    let (digits, suffix) = number.split_at(end);
    let value: f64 = digits
        .parse()
        .ok()
        .filter(|v: &f64| v.is_finite() && *v >= 0.0)?;
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
    use super::Unit;
    use super::millis;
    use crate::token::role::{Role, role};

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
}
