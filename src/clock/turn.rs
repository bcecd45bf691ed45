//! Where the year or the day turns in a file that does not state it.

use recon_parsers::When;
use recon_parsers::stamp::{DAY, SECOND};

/// A time somewhere in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its entry's first byte.
    pub offset: u64,
    /// The time.
    pub when: When,
}

/// The first entry of another year or day than the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its first byte.
    pub from: u64,
    /// How many years or days later it is: 1 in a file that begins with the oldest entry; -1 in one that
    /// begins with the newest, and where entries around the turn are out of order.
    pub step: i32,
}

/// In which order a file's entries stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The newest comes first.
    pub backward: bool,
    /// Here and there the date goes against it by more than a day, in the middle of the year: files
    /// were strung together, or entries collected.
    pub loose: bool,
}

/// Days of a year in which every month has 31.
const YEAR: i32 = 12 * 31;
/// An entry that belongs before New Year and stands behind it is late by no more than this.
const LATE: i32 = 31;
/// Times of day that go back by more are of the next day: what is out of order is so by minutes, by an
/// hour where clocks are put back, by a few where logs come in batches.
const NEXT_DAY: i64 = 4 * 3600 * SECOND;

/// The order of samples: the way that nearly all steps go. A step over
/// New Year or midnight goes the shorter way.
#[must_use]
pub fn order(samples: &[Sample]) -> Order {
    let steps = samples
        .windows(2)
        .filter_map(|s| ahead(s[0].when, s[1].when));
    let (mut on, mut back) = (0, 0);
    for step in steps {
        on += usize::from(step > 0);
        back += usize::from(step < 0);
    }
    let backward = back > 1 && back > 4 * on;
    let against = |s: &[Sample]| {
        let (a, b) = (day(s[0].when)?, day(s[1].when)?);
        let ahead = if backward { a - b } else { b - a };
        Some((-YEAR / 2..-1).contains(&ahead))
    };
    Order {
        backward,
        loose: samples.windows(2).any(|s| against(s) == Some(true)),
    }
}

/// How far the second time is ahead of the first, the shorter way around the year or the day.
fn ahead(earlier: When, later: When) -> Option<i64> {
    let around = |ahead: i64, all: i64| (ahead + all / 2).rem_euclid(all) - all / 2;
    match (earlier, later) {
        (When::Yearless { nanos: a, .. }, When::Yearless { nanos: b, .. }) => {
            let days = i64::from(day(later)? - day(earlier)?);
            Some(around(days * DAY + b - a, i64::from(YEAR) * DAY))
        }
        (When::TimeOfDay { nanos: a, .. }, When::TimeOfDay { nanos: b, .. }) => {
            Some(around(b - a, DAY))
        }
        (When::Instant(a) | When::Local(a), When::Instant(b) | When::Local(b)) => {
            Some(b.saturating_sub(a))
        }
        _ => None,
    }
}

fn day(when: When) -> Option<i32> {
    match when {
        When::Yearless { month, day, .. } => Some(i32::from(month) * 31 + i32::from(day)),
        _ => None,
    }
}

impl Order {
    /// How many years (or days) later than its predecessor in the file an entry is, where the
    /// text does not say.
    #[must_use]
    pub fn step(self, before: When, after: When) -> i32 {
        if self.backward {
            -step(after, before, self.loose)
        } else {
            step(before, after, self.loose)
        }
    }

    /// Whether a turn may lie between two samples, with entries between them: whether the stated
    /// times go against the order.
    #[must_use]
    pub fn recedes(self, before: When, after: When) -> bool {
        if self.backward {
            falls(after, before)
        } else {
            falls(before, after)
        }
    }

    /// Whether a step leads to before the first era of a file: it only may where entries are out of order.
    #[must_use]
    pub const fn leaves(self, later: i32) -> bool {
        if self.backward { later > 0 } else { later < 0 }
    }
}

/// 1 from December to January (or over midnight), -1 back again, which only an entry out of order
/// does, else 0.
///
/// A date that lies earlier in the year is either of the next year, after a silence, or out of order,
/// as where files were strung together. The shorter of the two is taken: what goes back by more than
/// half a year has been silent for less than half a year. Where dates are in loose order anyway, only
/// what steps over New Year within a month is a turn.
fn step(earlier: When, later: When, loose: bool) -> i32 {
    match (earlier, later) {
        (When::Yearless { .. }, When::Yearless { .. }) => {
            let ahead = day(later).unwrap_or(0) - day(earlier).unwrap_or(0);
            let silence = if loose { LATE } else { YEAR / 2 };
            i32::from(ahead < silence - YEAR) - i32::from(ahead > YEAR - LATE)
        }
        (When::TimeOfDay { nanos: a, .. }, When::TimeOfDay { nanos: b, .. }) => {
            // A quiet day may begin at noon, so only a last hour after a first one is a step back.
            i32::from(a - b > NEXT_DAY) - i32::from(b - a > DAY - 3600 * SECOND)
        }
        _ => 0,
    }
}

fn falls(earlier: When, later: When) -> bool {
    match (earlier, later) {
        (When::Yearless { .. }, When::Yearless { .. }) => day(later) < day(earlier),
        (When::TimeOfDay { nanos: a, .. }, When::TimeOfDay { nanos: b, .. }) => b < a,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORWARD: Order = Order {
        backward: false,
        loose: false,
    };
    const BACKWARD: Order = Order {
        backward: true,
        ..FORWARD
    };

    fn on(month: u8, day: u8) -> When {
        When::Yearless {
            month,
            day,
            nanos: 0,
            weekday: None,
            offset: None,
        }
    }

    fn at(hours: i64) -> When {
        When::TimeOfDay {
            nanos: hours * 3600 * SECOND + 1,
            offset: None,
        }
    }

    #[test]
    fn midnight_is_a_turn_and_a_small_step_back_is_not() {
        for (earlier, later, days) in [(23, 0, 1), (17, 9, 1), (10, 9, 0), (0, 13, 0)] {
            assert_eq!(
                step(at(earlier), at(later), false),
                days,
                "{earlier} {later}"
            );
        }
        let late = When::TimeOfDay {
            nanos: DAY - 1,
            offset: None,
        };
        assert_eq!(step(at(0), late, false), -1);
    }

    #[test]
    fn new_year_is_a_turn_and_disorder_is_not() {
        for (earlier, later, years) in [
            (on(12, 31), on(1, 1), 1),
            (on(11, 20), on(1, 10), 1),
            (on(9, 30), on(1, 5), 1),
            (on(1, 1), on(12, 31), -1),
            (on(2, 1), on(11, 1), 0),
            (on(6, 28), on(1, 5), 0),
            (on(1, 5), on(6, 28), 0),
        ] {
            assert_eq!(FORWARD.step(earlier, later), years, "{earlier:?} {later:?}");
            assert_eq!(BACKWARD.step(later, earlier), -years);
        }
        let loose = Order {
            loose: true,
            ..FORWARD
        };
        assert_eq!(loose.step(on(12, 31), on(1, 1)), 1);
        assert_eq!(loose.step(on(10, 10), on(1, 8)), 0);
    }

    #[test]
    fn the_newest_entry_may_come_first() {
        let samples = |whens: &[When]| -> Vec<Sample> {
            let at = |(n, when): (usize, &When)| Sample {
                offset: n as u64,
                when: *when,
            };
            whens.iter().enumerate().map(at).collect()
        };
        let newest_first = [on(1, 2), on(1, 1), on(12, 31), on(12, 30)];
        assert_eq!(order(&samples(&newest_first)), BACKWARD);
        let oldest_first = [on(12, 30), on(12, 31), on(1, 1), on(1, 2)];
        assert_eq!(order(&samples(&oldest_first)), FORWARD);
        assert_eq!(order(&samples(&[at(23), at(22), at(15)])), BACKWARD);
        assert_eq!(order(&samples(&[on(5, 2), on(5, 1)])), FORWARD);
        let collected = [on(1, 8), on(1, 22), on(1, 5), on(6, 28)];
        assert!(order(&samples(&collected)).loose);
        // Nothing but a day late is loose.
        assert!(!order(&samples(&[on(1, 8), on(1, 9), on(1, 8), on(1, 9)])).loose);
    }

    #[test]
    fn times_at_the_ends_of_their_type_are_as_far_apart_as_can_be() {
        let (first, last) = (When::Local(i64::MIN), When::Local(i64::MAX));
        assert_eq!(ahead(first, last), Some(i64::MAX));
        assert_eq!(ahead(last, first), Some(i64::MIN));
    }
}
