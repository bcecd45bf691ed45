//! The window that a few words state, told at a known time: "between 01:00 UTC and 02:30 UTC".

use super::grammar::Day;
use super::moment::Mention;
use super::range;
use crate::stamp::{DAY, Precision, Reading, When};
use chrono::{DateTime, Datelike, NaiveDate};

/// Days after which nobody tells of a window without the year.
const RECENT: i32 = 31;

/// The first window that `text` states, as two instants. What it leaves out, its day and its
/// zone, are those of `told`: when it was told, in UTC. A window that is told of is over.
#[must_use]
pub fn window_before(text: &str, told: Reading) -> Option<(Reading, Reading)> {
    let When::Instant(told) = told.when else {
        return None;
    };
    let (first, second) = range::pairs(text).into_iter().next()?;
    let today = DateTime::from_timestamp_nanos(told).date_naive();
    let date = |day: Option<Day>| day.and_then(|d| past(d, today));
    let offset = |own: &Mention, other: &Mention, on: NaiveDate| {
        let zone = own.zone.as_ref().or(other.zone.as_ref());
        zone.map_or(Some(0), |z| z.offset.seconds(Some(on)))
    };
    // A day that cannot be placed is one to come.
    if (first.day.is_some() || second.day.is_some()) && date(first.day.or(second.day)).is_none() {
        return None;
    }
    let stated = date(first.day).or(date(second.day));
    let from = date(first.day).or(stated).unwrap_or(today);
    let to = date(second.day).unwrap_or(from);
    let at = |mention: &Mention, other: &Mention, on: NaiveDate| {
        let wall = i64::from(on.to_epoch_days()) * DAY + mention.clock?.nanos;
        Some(wall - i64::from(offset(mention, other, on)?) * crate::stamp::SECOND)
    };
    let mut start = at(&first, &second, from)?;
    let mut end = at(&second, &first, to)?;
    if end < start && second.day.is_none() {
        end += DAY; // past midnight
    }
    if stated.is_none() && end > told {
        (start, end) = (start - DAY, end - DAY);
    }
    let reading = |nanos| Reading::new(When::Instant(nanos), Precision::Minute);
    (start < end && end <= told).then(|| (reading(start), reading(end)))
}

/// A day, in the year in which it has just been.
fn past(day: Day, today: NaiveDate) -> Option<NaiveDate> {
    let years = [today.year(), today.year() - 1];
    let mut dates = years.into_iter().filter_map(|y| day.date(Some(y)));
    dates.find(|d| (0..=RECENT).contains(&(today.to_epoch_days() - d.to_epoch_days())))
}

#[cfg(test)]
mod tests {
    use super::window_before;
    use crate::token::payload::text_instant;

    #[test]
    fn windows_are_placed_before_their_telling() {
        let told = text_instant("2024-01-02T00:40:00Z").expect("a time");
        for (text, expected) in [
            (
                "Orders failed between 22:10 UTC and 23:50 UTC.",
                Some(("2024-01-01T22:10:00Z", "2024-01-01T23:50:00Z")),
            ),
            (
                "From 23:30 to 00:20 UTC search was slow",
                Some(("2024-01-01T23:30:00Z", "2024-01-02T00:20:00Z")),
            ),
            (
                "On December 31, 2023, between 08:00 UTC and 09:15 UTC, mail was late",
                Some(("2023-12-31T08:00:00Z", "2023-12-31T09:15:00Z")),
            ),
            (
                "between 6:00 PM and 6:45 PM EST payments failed",
                Some(("2024-01-01T23:00:00Z", "2024-01-01T23:45:00Z")),
            ),
            ("This incident has been resolved.", None),
            (
                "We will work on it on January 5 from 10:00 to 11:00 UTC",
                None,
            ),
        ] {
            let found = window_before(text, told).map(|(a, b)| (a.notation(), b.notation()));
            let found = found.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
