//! Numbers, times and durations as people write them.

use crate::clock::Zone;
use chrono::{DateTime, FixedOffset, Utc};
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Basis, Precision, Stamp};

const MINUTE: u64 = 60 * SECOND as u64;
const HOUR: u64 = 60 * MINUTE;

/// A duration in its two largest units, rounded to the lesser: `1h 45m`, `42m`, `2m 5s`, `250ms`, `−5m`.
#[must_use]
pub fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let n = nanos.unsigned_abs();
    let two = |whole: u64, unit: &str, rest: u64, lesser: &str| match rest {
        0 => format!("{sign}{whole}{unit}"),
        _ => format!("{sign}{whole}{unit} {rest}{lesser}"),
    };
    let day = DAY.unsigned_abs();
    let second = SECOND.unsigned_abs();
    let to = |unit: u64| n.saturating_add(unit / 2) / unit * unit;
    if to(HOUR) >= day {
        let n = to(HOUR);
        two(n / day, "d", n % day / HOUR, "h")
    } else if to(MINUTE) >= HOUR {
        let n = to(MINUTE);
        two(n / HOUR, "h", n % HOUR / MINUTE, "m")
    } else if to(second) >= MINUTE {
        let n = to(second);
        two(n / MINUTE, "m", n % MINUTE / second, "s")
    } else if n >= second || n == 0 {
        format!("{sign}{}s", to(second) / second)
    } else {
        let millis = n.div_ceil(1_000_000);
        format!("{sign}{millis}ms")
    }
}

/// Date and time with the zone: `2024-01-19 10:30:02 UTC`, as fine as it was stated but not
/// finer than seconds; `T+10m` on a relative clock.
#[must_use]
pub fn moment(at: Stamp, zone: Zone) -> String {
    match at.precision {
        _ if at.basis == Basis::Relative => relative(at),
        Precision::Day => wall(at, zone, "%Y-%m-%d"),
        Precision::Minute => wall(at, zone, "%Y-%m-%d %H:%M %Z"),
        Precision::Fraction(_) => wall(at, zone, "%Y-%m-%d %H:%M:%S %Z"),
    }
}

/// The time of day with the zone: `10:30:02 UTC`.
#[must_use]
pub fn clock(at: Stamp, zone: Zone) -> String {
    match at.precision {
        _ if at.basis == Basis::Relative => relative(at),
        Precision::Day => wall(at, zone, "%Y-%m-%d"),
        Precision::Minute => wall(at, zone, "%H:%M %Z"),
        Precision::Fraction(_) => wall(at, zone, "%H:%M:%S %Z"),
    }
}

/// The calendar day in the zone, to tell whether two times share one; none on a relative clock.
#[must_use]
pub fn day(at: Stamp, zone: Zone) -> Option<String> {
    (at.basis != Basis::Relative).then(|| wall(at, zone, "%Y-%m-%d"))
}

fn relative(at: Stamp) -> String {
    if at.nanos < 0 {
        format!("T{}", duration(at.nanos))
    } else {
        format!("T+{}", duration(at.nanos))
    }
}

fn wall(at: Stamp, zone: Zone, pattern: &str) -> String {
    let utc: DateTime<Utc> = DateTime::from_timestamp_nanos(at.nanos);
    match zone {
        Zone::Fixed(0) => utc.format(pattern).to_string().replace("+00:00", "UTC"),
        Zone::Fixed(east) => FixedOffset::east_opt(east).map_or_else(
            || utc.to_rfc3339(),
            |z| utc.with_timezone(&z).format(pattern).to_string(),
        ),
        Zone::Named(named) => utc.with_timezone(&named).format(pattern).to_string(),
    }
}

/// `1 request`, `12,345 requests`.
#[must_use]
pub fn count(n: u64, noun: &str) -> String {
    if n == 1 {
        return format!("1 {noun}");
    }
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", thousands(n))
}

/// `12,345`.
#[must_use]
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share as a percentage to about three digits: `27 %`, `30.8 %`, `0.4 %`, `<0.01 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let p = share * 100.0;
    if p > 0.0 && p < 0.01 {
        return "<0.01 %".to_owned();
    }
    if p > 100.0 {
        return format!("{} %", figure(p));
    }
    // All but all is not all.
    let p = if share < 1.0 { p.min(99.99) } else { p };
    let digits = match p {
        _ if (p - p.round()).abs() < 0.005 => 0,
        _ if (0.1..99.9).contains(&p) => 1,
        _ => 2,
    };
    format!("{p:.digits$} %")
}

/// A number to about three digits: `1.3`, `27.8`, `842`, `12,300`.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn figure(value: f64) -> String {
    let (value, sign) = (value.abs(), if value < 0.0 { "−" } else { "" });
    if value < 99.95 {
        let text = format!("{value:.1}");
        return format!("{sign}{}", text.strip_suffix(".0").unwrap_or(&text));
    }
    let mut unit = 1.0;
    while value / unit >= 1000.0 {
        unit *= 10.0;
    }
    format!(
        "{sign}{}",
        thousands(((value / unit).round() * unit) as u64)
    )
}

/// A time that was measured in milliseconds: `161 ms`, `5.04 s`.
#[must_use]
pub fn millis(ms: f64) -> String {
    match ms {
        _ if ms < 999.5 => format!("{ms:.0} ms"),
        _ if ms < 9_995.0 => format!("{:.2} s", ms / 1000.0),
        _ => format!("{:.1} s", ms / 1000.0),
    }
}

/// A list: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// The text as a sentence: with a capital at its front, and a full stop unless it ends with
/// punctuation. A first word with a digit or a mark in it is a name and stays as it is.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let name = text
        .split(' ')
        .next()
        .is_some_and(|w| !w.chars().all(char::is_alphabetic));
    ended(&if name { text.to_owned() } else { capital(text) })
}

/// The text with a full stop, unless it ends with punctuation.
#[must_use]
pub fn ended(text: &str) -> String {
    let text = text.trim();
    let inner = text.trim_end_matches(['”', '"', ')']);
    if text.ends_with(':') || text.ends_with(';') || inner.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The text with a capital at its front.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Who did something, at the front of a sentence: a role gets a capital, a person's name or handle
/// stays as it is written.
#[must_use]
pub fn actor(who: &str) -> String {
    const ROLES: [&str; 4] = ["the", "responder", "colleague", "deployer"];
    let first = who.split(' ').next().unwrap_or_default();
    if who == "customer support" || (who.contains(' ') && ROLES.contains(&first)) {
        capital(who)
    } else {
        who.to_owned()
    }
}

/// A quotation; what it quotes keeps its own marks.
#[must_use]
pub fn quotation(text: &str) -> String {
    format!("“{}”", text.trim().trim_matches(['“', '”']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: i64, precision: Precision) -> Stamp {
        Stamp {
            nanos,
            precision,
            basis: Basis::Stated,
        }
    }

    #[test]
    fn durations() {
        let s = SECOND;
        let cases = [
            (0, "0s"),
            (38 * s, "38s"),
            (125 * s, "2m 5s"),
            (42 * 60 * s, "42m"),
            (105 * 60 * s, "1h 45m"),
            (7_200 * s + 59 * s, "2h 1m"),
            (7_200 * s + 29 * s, "2h"),
            (3_599 * s + 600_000_000, "1h"),
            (DAY + 3 * 3_600 * s, "1d 3h"),
            (-300 * s, "−5m"),
            (250_000_000, "250ms"),
            (i64::MIN, "−106752d"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(nanos), text);
        }
    }

    #[test]
    fn times() {
        let t = 1_705_660_202 * SECOND;
        let utc = Zone::UTC;
        assert_eq!(
            moment(at(t, Precision::Fraction(3)), utc),
            "2024-01-19 10:30:02 UTC"
        );
        assert_eq!(
            moment(at(t, Precision::Minute), utc),
            "2024-01-19 10:30 UTC"
        );
        assert_eq!(
            clock(
                at(t, Precision::Minute),
                Zone::Named(chrono_tz::Tz::America__Los_Angeles)
            ),
            "02:30 PST"
        );
        assert_eq!(moment(at(t, Precision::Day), utc), "2024-01-19");
        let relative = |n| Stamp {
            basis: Basis::Relative,
            ..at(n, Precision::Minute)
        };
        assert_eq!(clock(relative(600 * SECOND), utc), "T+10m");
        assert_eq!(clock(relative(-600 * SECOND), utc), "T−10m");
        assert_eq!(day(relative(0), utc), None);
    }

    #[test]
    fn counts_and_shares() {
        assert_eq!(count(1, "request"), "1 request");
        assert_eq!(count(0, "request"), "0 requests");
        assert_eq!(count(1_234_567, "entry"), "1,234,567 entries");
        assert_eq!(count(2, "day"), "2 days");
        assert_eq!(percent(0.27), "27 %");
        assert_eq!(percent(0.3075), "30.8 %");
        assert_eq!(percent(0.000_01), "<0.01 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.999_999), "99.99 %");
    }

    #[test]
    fn lists_and_sentences() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&items), "a, b and c");
        assert_eq!(list(&items[..2]), "a and b");
        assert_eq!(sentence("It failed "), "It failed.");
        assert_eq!(sentence("Why?"), "Why?");
        assert_eq!(sentence("it says “why?”"), "It says “why?”");
        assert_eq!(sentence("it says “no”"), "It says “no”.");
        assert_eq!(actor("hbae"), "hbae");
        assert_eq!(actor("the deployer"), "The deployer");
        assert_eq!(actor("responder 2"), "Responder 2");
    }

    #[test]
    fn figures_have_three_digits() {
        let cases = [
            (1.3179, "1.3"),
            (2.0, "2"),
            (27.77, "27.8"),
            (759.31, "759"),
            (1000.0, "1,000"),
            (12_345.6, "12,300"),
            (-4.25, "−4.2"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
        assert_eq!(percent(1.3179), "132 %");
        assert_eq!(millis(5039.4), "5.04 s");
        assert_eq!(millis(161.2), "161 ms");
        assert_eq!(millis(10_078.0), "10.1 s");
    }
}
