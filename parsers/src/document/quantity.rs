//! The quantities that a sentence states: clock times, durations, shares, each as finely as it is
//! written.

use super::{moment, share, span};
use std::ops::Range;

/// A quantity in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub amount: Amount,
    /// "about", "roughly", "almost": it is not meant to the last digit.
    pub rough: bool,
}

/// What a quantity is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A time of day, perhaps with its date and zone.
    Clock {
        /// Year (where written), month and day.
        date: Option<(Option<i32>, u32, u32)>,
        /// Nanoseconds since midnight.
        nanos: i64,
        /// Seconds are written.
        seconds: bool,
        /// Seconds east of UTC, where a zone is written.
        east: Option<i32>,
    },
    /// A length of time.
    Minutes {
        /// Minutes.
        minutes: f64,
        /// Minutes in the smallest unit that is written.
        unit: f64,
    },
    /// A share.
    Percent {
        /// Of a hundred.
        percent: f64,
        /// The value of the last digit that is written.
        unit: f64,
    },
}

/// All quantities of a text, in order.
#[must_use]
pub fn quantities(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut push = |range: Range<usize>, amount| {
        found.push(Quantity {
            rough: is_rough(text, &range),
            range,
            amount,
        });
    };
    for mention in moment::mentions(text) {
        let Some(clock) = mention.clock else { continue };
        let date = mention.day.map(|d| (d.year, d.month, d.day));
        let day = mention.day.and_then(|d| d.date(None));
        let east = mention.zone.and_then(|z| z.offset.seconds(day));
        push(
            mention.range,
            Amount::Clock {
                date,
                nanos: clock.nanos,
                seconds: clock.seconds,
                east,
            },
        );
    }
    for (range, minutes) in span::durations(text) {
        let unit = smallest(text.get(range.clone()).unwrap_or_default());
        push(range, Amount::Minutes { minutes, unit });
    }
    for (range, percent) in share::percents(text) {
        let unit = last_digit(text.get(range.clone()).unwrap_or_default());
        push(range, Amount::Percent { percent, unit });
    }
    found.sort_by_key(|q: &Quantity| (q.range.start, q.range.end));
    found
}

/// Minutes in the smallest unit of a duration: "2 hours" is meant to the hour, "2h 5m" to the
/// minute, and what counts a half or a decimal to that part.
fn smallest(text: &str) -> f64 {
    let text = text.to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphabetic();
    let units = text.split(|c: char| !letters(c)).filter_map(|word| {
        Some(match word.get(..1)? {
            "s" if word != "six" && word != "seven" && word != "sixty" => 1.0 / 60.0,
            "m" => 1.0,
            "h" if word != "half" => 60.0,
            "d" => 1440.0,
            "w" => 10_080.0,
            _ => return None,
        })
    });
    let unit = units.fold(f64::INFINITY, f64::min);
    let unit = if unit.is_finite() { unit } else { 1.0 };
    let parts = text.contains("half") || text.contains('.');
    if parts { unit / 2.0 } else { unit }
}

/// The value of the last digit of a number.
fn last_digit(text: &str) -> f64 {
    let number: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    match number.trim_end_matches('.').split_once('.') {
        Some((_, digits)) => 10_f64.powi(-i32::try_from(digits.len()).unwrap_or(0)),
        None => 1.0,
    }
}

fn is_rough(text: &str, range: &Range<usize>) -> bool {
    const HEDGES: [&str; 18] = [
        "about",
        "around",
        "approximately",
        "approx",
        "roughly",
        "nearly",
        "almost",
        "some",
        "circa",
        "ca",
        "over",
        "under",
        "up to",
        "more than",
        "less than",
        "at least",
        "an estimated",
        "estimated",
    ];
    let before = text.get(..range.start).unwrap_or_default().to_lowercase();
    let before = before.trim_end_matches([' ', '.', '(', '*', '_', '`']);
    let own = text.get(range.clone()).unwrap_or_default();
    before.ends_with(['~', '≈'])
        || own.contains('~')
        || HEDGES.iter().any(|h| {
            before
                .strip_suffix(h)
                .is_some_and(|b| !b.ends_with(char::is_alphanumeric))
                || own.to_lowercase().split(' ').any(|w| w == *h)
        })
}

#[cfg(test)]
mod tests {
    use super::{Amount, quantities};

    fn shown(text: &str) -> Vec<String> {
        let show = |q: super::Quantity| {
            let rough = if q.rough { "~" } else { "" };
            let words = &text[q.range];
            match q.amount {
                Amount::Clock { nanos, east, .. } => {
                    format!("{rough}{words}={}m{east:?}", nanos / 60_000_000_000)
                }
                Amount::Minutes { minutes, unit } => format!("{rough}{words}={minutes}/{unit}"),
                Amount::Percent { percent, unit } => format!("{rough}{words}={percent}%/{unit}"),
            }
        };
        quantities(text).into_iter().map(show).collect()
    }

    #[test]
    fn as_finely_as_they_are_written() {
        assert_eq!(shown("It lasted about 2 hours."), ["~2 hours=120/60"]);
        assert_eq!(
            shown("for 1h 50m, 12.5% of users"),
            ["1h 50m=110/1", "12.5%=12.5%/0.1"]
        );
        assert_eq!(
            shown("at 10:42 UTC, 7 minutes later"),
            ["10:42 UTC=642mSome(0)", "7 minutes=7/1"]
        );
        assert_eq!(shown("an hour and a half"), ["an hour and a half=90/30"]);
        assert_eq!(shown("some 40% of requests"), ["~40%=40%/1"]);
        assert!(shown("version 1.2.3 and nothing else").is_empty());
    }
}
