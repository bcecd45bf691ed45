//! Which day a clock time belongs to: named beside it, in a heading above, or the document's own.

use super::lead::Time;
use super::moment::{Day, MINUTE, Mention};
use super::outline::Part;
use super::section::{self, Section};
use super::timeline::{self, Entry};
use super::zone::{self, Offset};
use super::{block::Shape, moment};
use crate::stamp::{DAY, Precision, Reading, When};
use chrono::{Days, NaiveDate};

/// What a whole document says about its dates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calendar {
    /// In `02/03/2024` the first number is the day.
    pub(crate) day_first: bool,
    /// The year of dates that name none.
    pub(crate) year: Option<i32>,
    /// The day of clock times that name none.
    pub(crate) day: Option<NaiveDate>,
    /// The zone of clock times that name none, as written.
    pub(crate) zone: Option<(String, Offset)>,
}

impl Calendar {
    /// Reads the calendar of a document.
    pub(crate) fn of(parts: &[Part]) -> Self {
        let all: Vec<(&Part, Mention)> = parts
            .iter()
            .filter(|p| p.block.shape != Shape::Code)
            .flat_map(|p| moment::mentions(p.text()).into_iter().map(move |m| (p, m)))
            .collect();
        let mut calendar = Self {
            zone: zone_of(parts, &all),
            ..Self::default()
        };
        let american = matches!(calendar.zone, Some((_, Offset::American(_))));
        let telling = all
            .iter()
            .filter_map(|(p, m)| first_number(p.text(), m))
            .find(|n| *n > 12);
        let month_first = all
            .iter()
            .filter_map(|(p, m)| second_number(p.text(), m))
            .any(|n| n > 12);
        calendar.day_first = telling.is_some() || !(month_first || american);
        calendar.year = all.iter().find_map(|(_, m)| m.day?.year);
        let head =
            |p: &Part| !p.in_timeline && matches!(p.section, Section::Summary | Section::Impact);
        let dated = |keep: &dyn Fn(&Part) -> bool| {
            all.iter()
                .filter(|(p, _)| keep(p))
                .find_map(|(_, m)| calendar.date(m.day?))
        };
        let labelled = |p: &Part| {
            section::label(p.text())
                .is_some_and(|(l, _)| section::has_word(&l.to_lowercase(), "date"))
        };
        calendar.day = dated(&labelled)
            .or_else(|| dated(&head))
            .or_else(|| dated(&|p| p.in_timeline))
            .or_else(|| dated(&|p| !matches!(p.section, Section::Tasks | Section::Measures)));
        calendar
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: Day) -> Option<NaiveDate> {
        let day = if day.either && self.day_first {
            day.swapped()
        } else {
            day
        };
        day.date(self.year)
    }

    /// Seconds east of UTC of a zone, or of the document's.
    pub(crate) fn offset(&self, zone: Option<&zone::Zone>, date: Option<NaiveDate>) -> Option<i32> {
        let offset = zone
            .map(|z| z.offset)
            .or(self.zone.as_ref().map(|(_, o)| *o))?;
        offset.seconds(date)
    }
}

/// The first and second numbers of a date in numbers.
fn numbers(text: &str, mention: &Mention) -> Option<(u32, u32)> {
    mention.day?;
    let words = text.get(mention.range.clone())?;
    let mut parts = words.split(|c: char| !c.is_ascii_digit());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let slashed = first.len() <= 2 && (1..=2).contains(&second.len()) && third.len() >= 2;
    slashed.then_some(())?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

fn first_number(text: &str, mention: &Mention) -> Option<u32> {
    numbers(text, mention).map(|(n, _)| n)
}

fn second_number(text: &str, mention: &Mention) -> Option<u32> {
    numbers(text, mention).map(|(_, n)| n)
}

/// The zone of the document's times: named with one of them, or where it says so for all.
fn zone_of(parts: &[Part], all: &[(&Part, Mention)]) -> Option<(String, Offset)> {
    let beside = all
        .iter()
        .filter(|(p, _)| !matches!(p.section, Section::Tasks | Section::Measures))
        .find_map(|(p, m)| {
            let zone = m.zone.as_ref().filter(|_| m.clock.is_some())?;
            Some((p.text().get(zone.range.clone())?.to_owned(), zone.offset))
        });
    let for_all = || {
        parts.iter().find_map(|p| {
            let text = p.text();
            let lower = text.to_lowercase();
            let says = lower.contains("times in")
                || lower.contains("all times")
                || lower.contains("timezone")
                || lower.contains("time zone")
                || lower.contains("time in");
            let head = p.is_label && p.section == Section::Timeline
                || matches!(p.block.shape, Shape::Row(_))
                    && p.lead.is_none()
                    && has_time_column(&lower);
            let zone = zone::anywhere(text).filter(|_| says || head)?;
            Some((text.get(zone.range)?.to_owned(), zone.offset))
        })
    };
    beside.or_else(for_all)
}

fn has_time_column(header: &str) -> bool {
    header.starts_with("time") || header.starts_with("date")
}

/// An entry's time of day on its day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Absent in a document without dates.
    pub(crate) date: Option<NaiveDate>,
    /// Nanoseconds since midnight.
    pub(crate) nanos: i64,
    /// Midnights passed since the first entry, where there are no dates.
    pub(crate) nights: i64,
}

impl Moment {
    /// Minutes on a scale of its own.
    pub(crate) fn minutes(&self) -> i64 {
        let days = self
            .date
            .map_or(self.nights, |d| i64::from(d.to_epoch_days()));
        (days * DAY + self.nanos) / MINUTE
    }
}

/// The moments of a timeline: a time that goes far back belongs to the next day.
pub(crate) fn moments(entries: &[Entry], calendar: &Calendar) -> Vec<Option<Moment>> {
    let half_open = timeline::is_half_open(entries);
    let mut last: Option<Moment> = None;
    let mut found = Vec::new();
    for entry in entries {
        let Some((mention, clock)) = entry.clock() else {
            found.push(None);
            continue;
        };
        let own = mention.day.or(entry.day).and_then(|d| calendar.date(d));
        let stated = mention.day.is_some();
        let heading = entry.day.and_then(|d| calendar.date(d));
        let inherited = match (&last, own) {
            (Some(l), None) => l.date,
            (Some(l), Some(o))
                if !stated && l.date.is_some_and(|d| d > o && Some(o) == heading) =>
            {
                l.date
            }
            (_, own) => own.or(calendar.day),
        };
        let mut moment = Moment {
            date: inherited,
            nanos: clock.nanos,
            nights: last.map_or(0, |l| l.nights),
        };
        if !stated && let Some(l) = last.filter(|l| l.date == moment.date) {
            moment = after(l, moment, half_open);
        }
        last = Some(moment);
        found.push(Some(moment));
    }
    found
}

/// Puts a moment after the one before it. A little back is a slip in the order of a list.
fn after(last: Moment, mut moment: Moment, half_open: bool) -> Moment {
    let slip = 4 * 60 * MINUTE;
    let can_be_later = half_open && moment.nanos < DAY / 2;
    if moment.nanos < last.nanos && can_be_later && moment.nanos + DAY / 2 >= last.nanos {
        moment.nanos += DAY / 2; // 11:50, then 1:10: a clock of twelve hours
    } else if moment.nanos + slip < last.nanos {
        moment.date = moment.date.and_then(|d| d.checked_add_days(Days::new(1)));
        moment.nights += 1;
    }
    moment
}

/// What an entry states about its time.
pub(crate) fn reading(
    entry: &Entry,
    moment: Option<Moment>,
    calendar: &Calendar,
) -> Option<Reading> {
    match (&entry.time, moment) {
        (Some(Time::Since(minutes)), _) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let nanos = (minutes * MINUTE as f64) as i64;
            Some(Reading::new(When::Since(nanos), Precision::Minute))
        }
        (Some(Time::Clock(mention)), Some(moment)) => {
            let zone = mention.zone.as_ref().or(entry.zone.as_ref());
            let offset = calendar.offset(zone, moment.date);
            Some(place(moment, mention, offset))
        }
        _ => None,
    }
}

/// What a time states that stands alone, without a document around it.
pub(crate) fn lone(time: &Time) -> Option<Reading> {
    let entry = Entry {
        time: Some(time.clone()),
        day: None,
        zone: None,
        part: 0,
        text: 0..0,
        counts: true,
    };
    let calendar = Calendar {
        day_first: true,
        ..Calendar::default()
    };
    let moment = moments(std::slice::from_ref(&entry), &calendar)
        .pop()
        .flatten();
    reading(&entry, moment, &calendar)
}

fn place(moment: Moment, mention: &Mention, offset: Option<i32>) -> Reading {
    let seconds = mention.clock.is_some_and(|c| c.seconds);
    let precision = if seconds {
        Precision::Fraction(0)
    } else {
        Precision::Minute
    };
    let yearless = mention
        .day
        .filter(|d| d.year.is_none() && moment.date.is_none());
    let when = match (moment.date, yearless) {
        (Some(date), _) => When::Local(i64::from(date.to_epoch_days()) * DAY + moment.nanos),
        (None, Some(day)) => When::Yearless {
            month: u8::try_from(day.month).unwrap_or(1),
            day: u8::try_from(day.day).unwrap_or(1),
            nanos: moment.nanos,
            weekday: None,
            offset,
        },
        (None, None) => When::TimeOfDay {
            nanos: moment.nanos,
            offset,
        },
    };
    let reading = Reading::new(when, precision);
    offset.map_or(reading, |o| reading.at_offset(o))
}
