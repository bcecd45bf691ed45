//! Which year a file begins in that states none: constraints from the calendar leave some years over,
//! hints from in and around the file choose among them.

use super::{Ground, Sample, Turn};
use chrono::{DateTime, Datelike, NaiveDate};
use recon_parsers::When;
use recon_parsers::stamp::DAY;
use std::collections::BTreeMap;

/// What is known from outside the file's own yearless times. Instants in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'h> {
    /// `--year`: the year of the file's first entry.
    pub flag: Option<i32>,
    /// A fully dated time in the same file.
    pub stated: Option<i64>,
    /// A date in its name: its middle.
    pub name: Option<i64>,
    /// The oldest time of the next newer file of its rotated set.
    pub newer: Option<i64>,
    /// The newest time of the next older one.
    pub older: Option<i64>,
    /// When it was compressed.
    pub packed: Option<i64>,
    /// Oldest and newest dated time of each of the inputs.
    pub inputs: &'h [(i64, i64)],
    /// Last modification.
    pub modified: Option<i64>,
}

/// How a hint chooses.
#[derive(Clone, Copy, Debug)]
enum Choice<'h> {
    /// The year that puts the file nearest to it.
    Near(i64),
    /// The year that puts it nearest to any of these spans.
    Beside(&'h [(i64, i64)]),
    /// The latest year in which the file ends by then, give or take a zone.
    By(i64),
    /// The earliest in which it begins no sooner.
    Since(i64),
}

/// Stands for a year that nothing tells: a leap year, so that every day exists.
const PLACEHOLDER: i32 = 2000;
/// Years before and after that of the hint that are tried: weekdays come again after 28.
const REACH: i32 = 30;

impl<'h> Hints<'h> {
    /// The strongest hint.
    fn choice(&self) -> Option<(Choice<'h>, Ground)> {
        let beside = (!self.inputs.is_empty()).then_some(Choice::Beside(self.inputs));
        let choices = [
            (self.stated.map(Choice::Near), Ground::Stated),
            (self.name.map(Choice::Near), Ground::Name),
            (self.newer.map(Choice::By), Ground::Rotation),
            (self.older.map(Choice::Since), Ground::Rotation),
            (self.packed.map(Choice::By), Ground::Gzip),
            (beside, Ground::Inputs),
            (self.modified.map(Choice::By), Ground::Modified),
        ];
        choices.into_iter().find_map(|(c, g)| Some((c?, g)))
    }
}

/// The year of the first entry, why, and whether the turns stand: named weekdays may say that what
/// looks like a turn is disorder.
#[must_use]
pub fn first_year(samples: &[Sample], turns: &[Turn], hints: &Hints<'_>) -> (i32, Ground, bool) {
    if let Some(year) = hints.flag {
        return (year, Ground::Flag, true);
    }
    let samples = &ends_of_days(samples, turns)[..];
    let log = Log { samples, turns };
    let weekdays = samples.iter().any(|s| {
        matches!(
            s.when,
            When::Yearless {
                weekday: Some(_),
                ..
            }
        )
    });
    let Some((choice, ground)) = hints.choice() else {
        let any = (PLACEHOLDER..PLACEHOLDER + 40).rev();
        return match any.filter(|_| weekdays).find(|y| log.fits(*y)) {
            Some(year) => (year, Ground::Weekday, true),
            None => (PLACEHOLDER, Ground::Assumed, true),
        };
    };
    let Some(year) = log.choose(choice, |y| log.fits(y)) else {
        let straight = Log {
            samples,
            turns: &[],
        };
        let year = straight.choose(choice, |y| straight.fits(y));
        if let Some(year) = year.filter(|_| weekdays && !turns.is_empty()) {
            return (year, Ground::Weekday, false);
        }
        let any = log.choose(choice, |_| true);
        return (any.unwrap_or(PLACEHOLDER), ground, true);
    };
    let firm = matches!(ground, Ground::Stated | Ground::Name);
    let ground = if weekdays && !firm {
        Ground::Weekday
    } else if log.choose(choice, |_| true) != Some(year) && !firm {
        Ground::LeapDay
    } else {
        ground
    };
    (year, ground, true)
}

/// The first and the last sample of each date of each year: whatever year the file begins in, no
/// others can be its oldest or newest, and these name the same weekdays. Some sixty years are tried.
fn ends_of_days(samples: &[Sample], turns: &[Turn]) -> Vec<Sample> {
    let straight = Log {
        samples: &[],
        turns,
    };
    let mut days: BTreeMap<_, (i64, Sample, i64, Sample)> = BTreeMap::new();
    for &sample in samples {
        let When::Yearless {
            month,
            day,
            nanos,
            weekday,
            ..
        } = sample.when
        else {
            continue;
        };
        let key = (straight.later(sample.offset), month, day, weekday);
        let (first, early, last, late) = days.entry(key).or_insert((nanos, sample, nanos, sample));
        if nanos < *first {
            (*first, *early) = (nanos, sample);
        }
        if nanos > *last {
            (*last, *late) = (nanos, sample);
        }
    }
    days.into_values().flat_map(|(_, a, _, b)| [a, b]).collect()
}

/// A file's yearless times and the turns among them.
#[derive(Clone, Copy)]
struct Log<'l> {
    samples: &'l [Sample],
    turns: &'l [Turn],
}

impl Log<'_> {
    fn choose(self, choice: Choice<'_>, fits: impl Fn(i32) -> bool) -> Option<i32> {
        let one;
        let about = match choice {
            Choice::Near(at) | Choice::By(at) | Choice::Since(at) => {
                one = [(at, at)];
                &one
            }
            Choice::Beside(spans) => spans,
        };
        let year = |at: i64| DateTime::from_timestamp_nanos(at).year();
        let first = year(about.iter().map(|s| s.0).min()?) - REACH;
        let last = year(about.iter().map(|s| s.1).max()?) + REACH;
        let mut years = (first..=last).filter(|y| fits(*y));
        let span = |y: i32| self.span(y);
        match choice {
            Choice::Near(_) | Choice::Beside(_) => years.min_by_key(|y| {
                let apart = about.iter().map(|a| self.distance(*y, *a)).min();
                (apart, -y)
            }),
            Choice::By(at) => years
                .rev()
                .find(|y| span(*y).is_none_or(|(_, end)| end <= at.saturating_add(DAY))),
            Choice::Since(at) => {
                years.find(|y| span(*y).is_none_or(|(begin, _)| begin >= at.saturating_sub(DAY)))
            }
        }
    }

    /// Every date exists in its year, and falls on the weekday that is named.
    fn fits(self, first: i32) -> bool {
        self.samples.iter().all(|s| {
            let When::Yearless {
                month,
                day,
                weekday,
                ..
            } = s.when
            else {
                return true;
            };
            let year = first + self.later(s.offset);
            NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day)).is_some_and(|date| {
                weekday.is_none_or(|w| u32::from(w) == date.weekday().num_days_from_monday())
            })
        })
    }

    /// By how many years the turns up to a byte move on.
    fn later(self, offset: u64) -> i32 {
        let before = self.turns.iter().filter(|t| t.from <= offset);
        before.map(|t| t.step).sum()
    }

    /// Oldest and newest time.
    fn span(self, first: i32) -> Option<(i64, i64)> {
        let times = self
            .samples
            .iter()
            .filter_map(|s| instant(first + self.later(s.offset), s.when));
        times.fold(None, |span, t| {
            let (a, b) = span.unwrap_or((t, t));
            Some((a.min(t), b.max(t)))
        })
    }

    fn distance(self, first: i32, (from, to): (i64, i64)) -> i64 {
        match self.span(first) {
            Some((a, b)) => from.saturating_sub(b).max(a.saturating_sub(to)).max(0),
            // Without samples the year alone can be compared.
            None => i64::from(first.abs_diff(DateTime::from_timestamp_nanos(from).year())),
        }
    }
}

fn instant(year: i32, when: When) -> Option<i64> {
    let When::Yearless {
        month, day, nanos, ..
    } = when
    else {
        return None;
    };
    // A year without 29 February is told off by `fits`; here it is as good as the day before.
    let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day)).or_else(|| {
        let leap = (month, day) == (2, 29);
        leap.then(|| NaiveDate::from_ymd_opt(year, 2, 28)).flatten()
    })?;
    let midnight = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_nanos_opt()?;
    midnight.checked_add(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use recon_parsers::stamp::SECOND;

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

    /// 2024-01-02T00:00:00Z.
    const JANUARY_2024: i64 = 1_704_153_600 * SECOND;

    fn modified(at: i64) -> Hints<'static> {
        Hints {
            modified: Some(at),
            ..Hints::default()
        }
    }

    const TURN: [Turn; 1] = [Turn { from: 50, step: 1 }];

    #[test]
    fn a_log_over_new_year_ends_in_the_year_of_its_modification() {
        let log = [sample(0, 12, 30, None), sample(50, 1, 1, None)];
        let found = first_year(&log, &TURN, &modified(JANUARY_2024));
        assert_eq!(found, (2023, Ground::Modified, true));
        // Newest first: what the file ends with is of the year before.
        let log = [sample(0, 1, 1, None), sample(50, 12, 30, None)];
        let turns = [Turn { from: 50, step: -1 }];
        let found = first_year(&log, &turns, &modified(JANUARY_2024));
        assert_eq!(found, (2024, Ground::Modified, true));
    }

    #[test]
    fn a_copied_file_goes_by_its_weekday() {
        // 2 January was a Monday in 2023, a Tuesday in 2024.
        let found = first_year(
            &[sample(0, 1, 2, Some(0))],
            &[],
            &modified(JANUARY_2024 + 200 * DAY),
        );
        assert_eq!(found, (2023, Ground::Weekday, true));
    }

    #[test]
    fn weekdays_tell_disorder_from_a_turn() {
        // Both in 2023: 30 December was a Saturday, 2 January a Monday.
        let log = [sample(0, 12, 30, Some(5)), sample(50, 1, 2, Some(0))];
        let found = first_year(&log, &TURN, &modified(JANUARY_2024 + 30 * DAY));
        assert_eq!(found, (2023, Ground::Weekday, false));
    }

    #[test]
    fn the_leap_day_needs_a_leap_year() {
        let leap = [sample(0, 2, 29, None)];
        let found = first_year(&leap, &[], &modified(JANUARY_2024));
        assert_eq!(found, (2020, Ground::LeapDay, true));
        let found = first_year(&leap, &[], &modified(JANUARY_2024 + 100 * DAY));
        assert_eq!(found, (2024, Ground::Modified, true));
    }

    #[test]
    fn hints_have_their_order() {
        let log = [sample(0, 9, 13, None)];
        let year = |n: i64| Some(JANUARY_2024 + (n - 2024) * 365 * DAY);
        const NEAR: i64 = JANUARY_2024 - 2 * 365 * DAY;
        const FAR: i64 = JANUARY_2024 - 14 * 365 * DAY;
        static SPANS: [(i64, i64); 2] = [(NEAR, NEAR + DAY), (FAR, FAR + DAY)];
        let mut hints = modified(JANUARY_2024);
        let mut decides = |change: &dyn Fn(&mut Hints<'static>), year: i32, ground: Ground| {
            change(&mut hints);
            assert_eq!(first_year(&log, &[], &hints), (year, ground, true));
        };
        decides(&|_| {}, 2023, Ground::Modified);
        decides(&|h| h.inputs = &SPANS, 2021, Ground::Inputs);
        decides(&|h| h.packed = year(2021), 2020, Ground::Gzip);
        decides(&|h| h.older = year(2018), 2018, Ground::Rotation);
        decides(&|h| h.newer = year(2020), 2019, Ground::Rotation);
        decides(
            &|h| h.name = Some(JANUARY_2024 - 200 * DAY),
            2023,
            Ground::Name,
        );
        decides(
            &|h| h.stated = Some(1_600_000_000 * SECOND),
            2020,
            Ground::Stated,
        );
        decides(&|h| h.flag = Some(1999), 1999, Ground::Flag);
    }

    #[test]
    fn nothing_known_is_said_so() {
        let found = first_year(&[sample(0, 5, 1, None)], &[], &Hints::default());
        assert_eq!(found, (PLACEHOLDER, Ground::Assumed, true));
    }
}
