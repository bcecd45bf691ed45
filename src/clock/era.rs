//! Years and days that a file does not state: where they turn, and which they are.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use recon_parsers::When;
use recon_parsers::stamp::{DAY, SECOND};

/// From `from` on, the file's times are of this year or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Era {
    /// First byte.
    pub from: u64,
    /// Year or day.
    pub unit: EraUnit,
}

/// What an [`Era`] supplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EraUnit {
    /// The year of dates without one.
    Year(i32),
    /// The day of times without one.
    Day(NaiveDate),
}

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
    /// How many years or days later it is: 1, or -1 where entries around the turn are out of order.
    pub step: i32,
}

/// What is known from outside the file's own yearless times.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    /// `--year`: the year of the file's first entry.
    pub year: Option<i32>,
    /// A fully dated instant: of the same file, or of the other inputs. Nanoseconds.
    pub dated: Option<i64>,
    /// Last modification, seconds since the epoch.
    pub modified: Option<i64>,
}

const BY_OPTION: &str = "given by --year";
const BY_WEEKDAY: &str = "the weekdays named in the file";
const BY_LEAP_DAY: &str = "29 February occurs in the file";
const BY_DATED: &str = "nearest to dated entries of the inputs";
const BY_MODIFIED: &str = "the file was last modified then";
const UNKNOWN: &str = "unknown: a placeholder; give --year";
/// Stands for a year that nothing tells: a leap year, so that every day exists.
const PLACEHOLDER: i32 = 2000;

/// The eras of a file from samples in file order, and why they are these.
/// `turns` are the turns of the year, found by the caller.
#[must_use]
pub fn eras(samples: &[Sample], turns: &[Turn], hints: &Hints) -> (Vec<Era>, &'static str) {
    let (first, basis) = first_year(samples, turns, hints);
    let year = |later: i32| EraUnit::Year(first + later);
    (spread(turns, year), basis)
}

/// Like [`eras`] for times of day, with the day of the first entry known.
#[must_use]
pub fn days(first: NaiveDate, turns: &[Turn]) -> Vec<Era> {
    let day = |later: i32| {
        let days = Days::new(u64::from(later.unsigned_abs()));
        let moved = if later < 0 {
            first.checked_sub_days(days)
        } else {
            first.checked_add_days(days)
        };
        EraUnit::Day(moved.unwrap_or(first))
    };
    spread(turns, day)
}

/// The eras that begin at the start of the file and at each turn.
fn spread(turns: &[Turn], unit: impl Fn(i32) -> EraUnit) -> Vec<Era> {
    let mut later = 0;
    let begin = Era {
        from: 0,
        unit: unit(0),
    };
    let turned = turns.iter().map(|turn| {
        later += turn.step;
        Era {
            from: turn.from,
            unit: unit(later),
        }
    });
    std::iter::once(begin).chain(turned).collect()
}

/// Days of a year in which every month has 31.
const YEAR: i32 = 12 * 31;
/// A log that is silent over New Year is so for two months at most; one that goes back
/// further is out of order.
const SILENCE: i32 = 2 * 31;

/// How many years (or days) later than its predecessor in the file an entry is, where the
/// text does not say: 1 from December to January (or over midnight), -1 back again, which
/// only an entry out of order does, else 0.
#[must_use]
pub fn step(earlier: When, later: When) -> i32 {
    match (earlier, later) {
        (
            When::Yearless {
                month: a, day: da, ..
            },
            When::Yearless {
                month: b, day: db, ..
            },
        ) => {
            let day = |m: u8, d: u8| i32::from(m) * 31 + i32::from(d);
            let ahead = day(b, db) - day(a, da);
            i32::from(ahead < SILENCE - YEAR) - i32::from(ahead > YEAR - SILENCE)
        }
        (When::TimeOfDay { nanos: a, .. }, When::TimeOfDay { nanos: b, .. }) => {
            // A quiet day may begin at noon, so only a last hour after a first one is a step back.
            i32::from(a - b > DAY / 2) - i32::from(b - a > DAY - 3600 * SECOND)
        }
        _ => 0,
    }
}

/// Whether a turn may lie between two samples, with entries between them: whether the later
/// one states the earlier time, by more than entries are usually out of order.
#[must_use]
pub fn recedes(earlier: When, later: When) -> bool {
    match (earlier, later) {
        (
            When::Yearless {
                month: a, day: da, ..
            },
            When::Yearless {
                month: b, day: db, ..
            },
        ) => (b, db) < (a, da),
        (When::TimeOfDay { nanos: a, .. }, When::TimeOfDay { nanos: b, .. }) => b < a,
        _ => false,
    }
}

fn first_year(samples: &[Sample], turns: &[Turn], hints: &Hints) -> (i32, &'static str) {
    if let Some(year) = hints.year {
        return (year, BY_OPTION);
    }
    let turns_before = |offset: u64| later(turns.iter().filter(|t| t.from <= offset));
    let span = later(turns.iter());
    // Latest acceptable year first.
    let near = hints
        .dated
        .or(hints.modified.map(|s| s.saturating_mul(SECOND)));
    let newest = near.map_or(PLACEHOLDER + 40, |n| {
        DateTime::from_timestamp_nanos(n).year() + 1
    });
    if samples.is_empty() {
        let year = near.map(|n| DateTime::from_timestamp_nanos(n).year());
        return year.map_or((PLACEHOLDER, UNKNOWN), |y| (y, BY_DATED));
    }
    let fits = |first: i32, test: &dyn Fn(i32, &Sample) -> Option<bool>| {
        samples
            .iter()
            .all(|s| test(first + turns_before(s.offset), s) != Some(false))
    };
    let (mut weekdays, mut leap_days) = (false, false);
    for s in samples {
        if let When::Yearless {
            month,
            day,
            weekday,
            ..
        } = s.when
        {
            weekdays |= weekday.is_some();
            leap_days |= (month, day) == (2, 29);
        }
    }
    let candidates = || {
        (newest - 30..=newest)
            .rev()
            .map(|y| y - span)
            .filter(|y| fits(*y, &calendar_fits))
    };
    if let Some(dated) = hints.dated {
        let year = candidates().min_by_key(|y| (distance(*y, samples, turns, dated), -y));
        return (
            year.unwrap_or(newest - 1),
            if weekdays { BY_WEEKDAY } else { BY_DATED },
        );
    }
    if let Some(modified) = hints.modified {
        // The last line cannot be later than the last modification, give or take a zone.
        let latest = (modified + 86_400).saturating_mul(SECOND);
        let year =
            candidates().find(|y| last_instant(*y, samples, turns).is_none_or(|l| l <= latest));
        let basis = match (weekdays, leap_days) {
            (true, _) => BY_WEEKDAY,
            (_, true) => BY_LEAP_DAY,
            _ => BY_MODIFIED,
        };
        return (year.unwrap_or(newest - 1), basis);
    }
    match candidates().next() {
        Some(year) if weekdays => (year, BY_WEEKDAY),
        _ => (PLACEHOLDER, UNKNOWN),
    }
}

/// The date exists in that year and falls on the weekday that is named.
fn calendar_fits(year: i32, sample: &Sample) -> Option<bool> {
    let When::Yearless {
        month,
        day,
        weekday,
        ..
    } = sample.when
    else {
        return None;
    };
    let Some(date) = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day)) else {
        return Some(false);
    };
    weekday.map(|w| u32::from(w) == date.weekday().num_days_from_monday())
}

fn instant(year: i32, when: When) -> Option<i64> {
    let When::Yearless {
        month, day, nanos, ..
    } = when
    else {
        return None;
    };
    let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
    let days = date
        .signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1)?)
        .num_days();
    days.checked_mul(DAY)?.checked_add(nanos)
}

/// By how many years these turns move on.
fn later<'t>(turns: impl Iterator<Item = &'t Turn>) -> i32 {
    turns.map(|t| t.step).sum()
}

fn last_instant(first: i32, samples: &[Sample], turns: &[Turn]) -> Option<i64> {
    let last = samples.last()?;
    instant(first + later(turns.iter()), last.when)
}

fn distance(first: i32, samples: &[Sample], turns: &[Turn], dated: i64) -> i64 {
    let begin = samples.first().and_then(|s| instant(first, s.when));
    let end = last_instant(first, samples, turns);
    match (begin, end) {
        (Some(b), Some(e)) if (b..=e).contains(&dated) => 0,
        (Some(b), Some(e)) => (b - dated).abs().min((e - dated).abs()),
        _ => i64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(offset: u64, month: u8, day: u8, weekday: Option<u8>) -> Sample {
        Sample {
            offset,
            when: When::Yearless {
                month,
                day,
                nanos: 0,
                weekday,
                offset: None,
            },
        }
    }

    fn years(samples: &[Sample], turns: &[u64], hints: &Hints) -> (Vec<i32>, &'static str) {
        let turns: Vec<_> = turns
            .iter()
            .map(|from| Turn {
                from: *from,
                step: 1,
            })
            .collect();
        let (eras, why) = eras(samples, &turns, hints);
        let year = |e: &Era| match e.unit {
            EraUnit::Year(y) => y,
            EraUnit::Day(d) => d.year(),
        };
        (eras.iter().map(year).collect(), why)
    }

    /// 2024-01-02T00:00:00Z.
    const JANUARY_2024: i64 = 1_704_153_600;

    #[test]
    fn a_log_over_new_year_ends_in_the_year_of_its_modification() {
        let log = [sample(0, 12, 30, None), sample(50, 1, 1, None)];
        let hints = Hints {
            modified: Some(JANUARY_2024),
            ..Hints::default()
        };
        assert_eq!(years(&log, &[50], &hints), (vec![2023, 2024], BY_MODIFIED));
    }

    #[test]
    fn a_copied_file_goes_by_its_weekday() {
        // 2 January was a Monday in 2023, a Tuesday in 2024.
        let hints = Hints {
            modified: Some(JANUARY_2024 + 86_400 * 200),
            ..Hints::default()
        };
        assert_eq!(
            years(&[sample(0, 1, 2, Some(0))], &[], &hints),
            (vec![2023], BY_WEEKDAY)
        );
    }

    #[test]
    fn the_leap_day_needs_a_leap_year() {
        let hints = Hints {
            modified: Some(JANUARY_2024),
            ..Hints::default()
        };
        assert_eq!(
            years(&[sample(0, 2, 29, None)], &[], &hints),
            (vec![2020], BY_LEAP_DAY)
        );
    }

    #[test]
    fn dated_neighbours_outrank_the_modification() {
        let hints = Hints {
            dated: Some(1_600_000_000 * SECOND),
            modified: Some(JANUARY_2024),
            year: None,
        };
        assert_eq!(
            years(&[sample(0, 9, 13, None)], &[], &hints),
            (vec![2020], BY_DATED)
        );
    }

    #[test]
    fn midnight_is_a_turn_and_a_small_step_back_is_not() {
        let at = |hours: i64| When::TimeOfDay {
            nanos: hours * 3600 * SECOND + 1,
            offset: None,
        };
        assert_eq!(step(at(23), at(0)), 1);
        assert_eq!(step(at(10), at(9)), 0);
        assert_eq!(step(at(0), at(13)), 0);
        let late = When::TimeOfDay {
            nanos: DAY - 1,
            offset: None,
        };
        assert_eq!(step(at(0), late), -1);
    }

    #[test]
    fn new_year_is_a_turn_and_disorder_is_not() {
        let on = |month, day| sample(0, month, day, None).when;
        for (earlier, later, years) in [
            (on(12, 31), on(1, 1), 1),
            (on(11, 20), on(1, 10), 1),
            (on(1, 1), on(12, 31), -1),
            (on(10, 10), on(1, 8), 0),
            (on(6, 28), on(1, 5), 0),
            (on(1, 5), on(6, 28), 0),
        ] {
            assert_eq!(step(earlier, later), years, "{earlier:?} {later:?}");
        }
    }

    #[test]
    fn an_entry_out_of_order_at_new_year_goes_back_and_on_again() {
        let turns = [1, -1, 1].map(|step| Turn { from: 7, step });
        let (eras, _) = eras(
            &[],
            &turns,
            &Hints {
                year: Some(2023),
                ..Hints::default()
            },
        );
        let years: Vec<_> = eras.iter().map(|e| e.unit).collect();
        assert_eq!(
            years,
            [2023, 2024, 2023, 2024].map(EraUnit::Year),
            "{eras:?}"
        );
    }
}
