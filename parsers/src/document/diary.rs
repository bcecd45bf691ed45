//! The days of a conversation whose messages state a time of day alone: what its head says, and
//! the lines between the messages.

use super::grammar::{self, Day};
use super::{moment, zone};
use crate::stamp::{DAY, Precision, Reading, SECOND, When};
use crate::token::{date, time};
use chrono::{Datelike, Days, NaiveDate};

/// A day as people and chat windows call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// By its date, with the weekday if that is said, too.
    Date(Day, Option<u8>),
    /// By its weekday alone, 0 for Monday.
    Weekday(u8),
    /// So many days before the one on which the text was copied.
    Ago(u64),
}

/// A time of day as a message states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Nanoseconds since midnight.
    pub(crate) nanos: i64,
    /// With its seconds.
    pub(crate) seconds: bool,
    /// `AM` or `PM` is said.
    pub(crate) halved: bool,
}

/// What a conversation says of time, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// What follows is of this day.
    Day(Called),
    /// A message.
    Clock(Clock),
}

/// What the lines above a conversation say of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Head {
    /// The channel, without its `#`.
    pub(crate) channel: Option<String>,
    /// A day: the first of the conversation, or that of its copying.
    pub(crate) day: Option<NaiveDate>,
    /// The day is that of the copying.
    pub(crate) copied: bool,
    zone: Option<Zone>,
}

#[derive(Clone, Debug, PartialEq)]
enum Zone {
    Called(zone::Offset),
    Place(String),
}

/// Times of day that go back by more are of the next day.
const NEXT_DAY: i64 = 4 * 3600 * SECOND;
const HALF_DAY: i64 = DAY / 2;

impl Head {
    /// What these lines say.
    pub(crate) fn of<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut head = Self::default();
        for line in lines {
            head.channel = head.channel.or_else(|| channel(line));
            let lower = line.to_ascii_lowercase();
            let copied = ["copied", "exported", "pasted"];
            if head.day.is_none() {
                let mut days = moment::mentions(line).into_iter().filter_map(|m| m.day);
                head.day = days.find_map(|d| d.date(None));
                head.copied = head.day.is_some() && copied.iter().any(|w| lower.contains(w));
            }
            head.zone = head.zone.or_else(|| zone_of(line));
        }
        head
    }

    /// Whether a line says anything of a conversation.
    pub(crate) fn is_told(&self) -> bool {
        self.channel.is_some() || self.day.is_some() || self.zone.is_some()
    }

    fn offset(&self, wall: i64) -> Option<i32> {
        match self.zone.as_ref()? {
            Zone::Called(offset) => offset.seconds(date_of(wall)),
            Zone::Place(name) => crate::token::zone::place(name.as_bytes(), wall)
                .ok()
                .map(|(_, offset)| offset),
        }
    }

    pub(crate) fn finish(&self, at: Reading) -> Reading {
        match at.when {
            When::Local(wall) => self.offset(wall).map_or(at, |o| at.at_offset(o)),
            // Without its date a zone with a summer time is not known.
            _ => match self.zone {
                Some(Zone::Called(zone::Offset::Fixed(o))) => at.at_offset(o),
                _ => at,
            },
        }
    }

    /// When each message was said.
    pub(crate) fn readings(&self, marks: &[Mark]) -> Vec<Reading> {
        let marks = in_half_days(marks);
        let american = marks
            .iter()
            .any(|m| matches!(m, Mark::Clock(c) if c.halved));
        let mut from = self.opening(&marks, american);
        let (mut later, mut last) = (0, None);
        let mut found = Vec::new();
        for mark in &marks {
            match mark {
                Mark::Day(called) => {
                    let day = self.named(*called, american);
                    // The same day said once more tells nothing new.
                    if day != from.after(later) || matches!(day, Base::Open) {
                        (from, last) = (day, None);
                        later = 0;
                    }
                }
                Mark::Clock(clock) => {
                    later += u64::from(last.is_some_and(|l: i64| l - clock.nanos > NEXT_DAY));
                    last = Some(clock.nanos);
                    found.push(self.finish(from.after(later).reading(*clock)));
                }
            }
        }
        found
    }

    /// The day of what stands before the first mark of a day.
    fn opening(&self, marks: &[Mark], american: bool) -> Base {
        let Some(day) = self.day else {
            return Base::Open;
        };
        if !self.copied {
            return Base::Known(day);
        }
        let (mut nights, mut last) = (0, None);
        for mark in marks {
            match mark {
                Mark::Day(called) => {
                    let Base::Known(next) = self.named(*called, american) else {
                        return Base::Known(day);
                    };
                    return Base::Known(next).before(u64::from(last.is_some()) + nights);
                }
                Mark::Clock(clock) => {
                    nights += u64::from(last.is_some_and(|l: i64| l - clock.nanos > NEXT_DAY));
                    last = Some(clock.nanos);
                }
            }
        }
        Base::Known(day).before(nights)
    }

    fn named(&self, called: Called, american: bool) -> Base {
        let anchor = self.day;
        match called {
            Called::Ago(days) => anchor.map_or(Base::Open, |d| Base::Known(d).before(days)),
            Called::Weekday(weekday) => {
                let Some(anchor) = anchor else {
                    return Base::Open;
                };
                let behind = (anchor.weekday().num_days_from_monday() + 7 - u32::from(weekday)) % 7;
                match self.copied || behind == 0 {
                    true => Base::Known(anchor).before(behind.into()),
                    false => Base::Known(anchor).after(u64::from(7 - behind)),
                }
            }
            Called::Date(day, weekday) => {
                let day = if day.either && !american {
                    day.swapped()
                } else {
                    day
                };
                if let Some(date) = day.date(None) {
                    return Base::Known(date);
                }
                let year = |a: NaiveDate| day.date(Some(a.year()));
                match anchor.and_then(|a| Some((a, year(a)?))) {
                    // What was copied is not of days to come.
                    Some((a, date)) if self.copied && date > a => {
                        let before = day.date(Some(a.year() - 1));
                        before.map_or(Base::Open, Base::Known)
                    }
                    Some((_, date)) => Base::Known(date),
                    None => Base::Yearless(day, weekday),
                }
            }
        }
    }
}

/// A day as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Known(NaiveDate),
    Yearless(Day, Option<u8>),
    Open,
}

impl Base {
    fn after(self, days: u64) -> Self {
        match self {
            Self::Known(day) => day
                .checked_add_days(Days::new(days))
                .map_or(self, Self::Known),
            Self::Yearless(day, weekday) if days > 0 => {
                // Of a leap year: of the days around New Year both are the same.
                let next = day.date(Some(2024)).map_or(Self::Open, Self::Known);
                match next.after(days) {
                    Self::Known(d) => Self::Yearless(
                        Day {
                            month: d.month(),
                            day: d.day(),
                            ..day
                        },
                        weekday.map(|w| u8::try_from((u64::from(w) + days) % 7).unwrap_or(w)),
                    ),
                    _ => self,
                }
            }
            _ => self,
        }
    }

    fn before(self, days: u64) -> Self {
        match self {
            Self::Known(day) => day
                .checked_sub_days(Days::new(days))
                .map_or(self, Self::Known),
            _ => self,
        }
    }

    fn reading(self, clock: Clock) -> Reading {
        let nanos = clock.nanos;
        let when = match self {
            Self::Known(day) => When::Local(
                i64::from(day.num_days_from_ce() - 719_163)
                    .saturating_mul(DAY)
                    .saturating_add(nanos),
            ),
            Self::Yearless(day, weekday) => When::Yearless {
                month: u8::try_from(day.month).unwrap_or(1),
                day: u8::try_from(day.day).unwrap_or(1),
                nanos,
                weekday,
                offset: None,
            },
            Self::Open => When::TimeOfDay {
                nanos,
                offset: None,
            },
        };
        let precision = match clock.seconds {
            true => Precision::Fraction(0),
            false => Precision::Minute,
        };
        Reading::new(when, precision)
    }
}

/// The same with the half of the day where only some messages say it: the next one after the message before.
fn in_half_days(marks: &[Mark]) -> Vec<Mark> {
    let halved = marks
        .iter()
        .any(|m| matches!(m, Mark::Clock(c) if c.halved));
    let mut last: Option<i64> = None;
    let set = |mark: &Mark| match *mark {
        Mark::Clock(mut clock) => {
            let early = last.is_some_and(|l| clock.nanos < l && l - clock.nanos <= HALF_DAY);
            if halved && !clock.halved && early && clock.nanos < HALF_DAY {
                clock.nanos += HALF_DAY;
            }
            last = Some(clock.nanos);
            Mark::Clock(clock)
        }
        day @ Mark::Day(_) => day,
    };
    marks.iter().map(set).collect()
}

/// `#incidents`, `Channel incidents`.
fn channel(line: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let name = |text: &str| {
        let end = text.find(|c| !plain(c)).unwrap_or(text.len());
        text.get(..end)
            .filter(|n| n.contains(char::is_alphabetic))
            .map(str::to_owned)
    };
    if let Some((_, behind)) = line.split_once('#') {
        let text = behind.trim_start_matches(['#', ' ']);
        let found = name(text)?;
        // With a blank between, it may be the heading of any document.
        let rest = text.get(found.len()..).unwrap_or_default().trim_start();
        let heading = text.len() < behind.len() && rest.starts_with(char::is_alphanumeric);
        return Some(found).filter(|_| !heading);
    }
    let lower = line.to_ascii_lowercase();
    let at = lower.find("channel")? + "channel".len();
    name(line.get(at..)?.trim_start_matches([':', ' ']))
}

fn zone_of(line: &str) -> Option<Zone> {
    let place = |word: &str| {
        // With the blank that stands before it in a time.
        let word = format!(
            " {}",
            word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
        );
        let found = word.contains('/') && crate::token::zone::place(word.as_bytes(), 0).is_ok();
        found.then_some(Zone::Place(word))
    };
    let called = || zone::anywhere(line).map(|z| Zone::Called(z.offset));
    line.split_whitespace().find_map(place).or_else(called)
}

/// The time of day that `text` begins with, and the rest.
pub(crate) fn clock(text: &str) -> Option<(Clock, &str)> {
    let (rest, clock) = grammar::clock(text.as_bytes()).ok()?;
    let rest = text.get(text.len() - rest.len()..)?;
    let clock = Clock {
        nanos: clock.nanos,
        seconds: clock.seconds,
        halved: matches!(clock.half, grammar::Half::Stated(_)),
    };
    Some((clock, rest))
}

/// The day that `text` begins with, and the rest: `Today`, `Tuesday`, `Tue, March 4th`, `10/24/2026`.
pub(crate) fn called(text: &str) -> Option<(Called, &str)> {
    for (word, days) in [("today", 0), ("yesterday", 1)] {
        let same = text
            .get(..word.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(word));
        let rest = text.get(word.len()..).unwrap_or_default();
        if same && !rest.starts_with(char::is_alphanumeric) {
            return Some((Called::Ago(days), rest));
        }
    }
    let (behind, weekday) = match date::weekday(text.as_bytes()) {
        Ok((rest, day)) => (text.get(text.len() - rest.len()..)?, Some(day)),
        Err(_) => (text, None),
    };
    let date = behind.trim_start_matches([' ', ',']);
    if let Ok((rest, day)) = grammar::day(date.as_bytes()) {
        let rest = date.get(date.len() - rest.len()..)?;
        return Some((Called::Date(day, weekday), rest));
    }
    Some((Called::Weekday(weekday?), behind))
}

/// The day of a date that a program wrote, with its time (`Fri Sep 04 21:07:52 2026`) or without.
pub(crate) fn dated(bytes: &[u8]) -> Option<Called> {
    if let Ok((_, at)) = time::rfc3164(bytes) {
        let When::Local(wall) = at.when else {
            return None;
        };
        let date = date_of(wall)?;
        let day = Day {
            year: Some(date.year()),
            month: date.month(),
            day: date.day(),
            either: false,
        };
        return Some(Called::Date(day, None));
    }
    let text = std::str::from_utf8(bytes).ok()?;
    called(text).map(|(day, _)| day)
}

/// The day of a time on the wall clock.
fn date_of(wall: i64) -> Option<NaiveDate> {
    let days = Days::new(wall.div_euclid(DAY).try_into().ok()?);
    NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_days(days)
}

/// The day that a line is about which says nothing else, but for rules drawn around it.
pub(crate) fn divider(line: &str) -> Option<Called> {
    if line.len() > 80 {
        return None;
    }
    let marks = |c: char| {
        matches!(
            c,
            '-' | '—' | '–' | '─' | '=' | '*' | '_' | '|' | ' ' | '\t'
        )
    };
    let bare = line.trim_matches(marks);
    let (day, rest) = called(bare)?;
    rest.trim_matches(['.', ',', ' ']).is_empty().then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Mark {
        Mark::Clock(clock(text).expect("a time").0)
    }

    fn day(text: &str) -> Mark {
        Mark::Day(divider(text).expect("a day"))
    }

    fn read(head: &str, marks: &[Mark]) -> Vec<String> {
        let head = Head::of(head.lines());
        let found = head.readings(marks);
        found.into_iter().map(|r| r.notation()).collect()
    }

    #[test]
    fn heads_tell_channel_day_and_zone() {
        for (head, channel, first) in [
            (
                "#ops-live  (copied from Slack on May 7, 2025, times in UTC)",
                Some("ops-live"),
                "2025-05-07T09:40:00Z",
            ),
            (
                "Channel ops, Wednesday 07 May 2025, times in UTC+02:00",
                Some("ops"),
                "2025-05-07T07:40:00Z",
            ),
            (
                "Chat log #ops\nDate: 2025-05-07\nTime zone: Europe/Berlin",
                Some("ops"),
                "2025-05-07T07:40:00Z",
            ),
            ("# ops, 2025-05-07", Some("ops"), "2025-05-07T09:40:00"),
            ("all times UTC", None, "T09:40:00Z"),
            ("# Outage of the shop", None, "T09:40:00"),
        ] {
            assert_eq!(Head::of(head.lines()).channel.as_deref(), channel, "{head}");
            assert_eq!(read(head, &[at("9:40 AM")]), [first], "{head}");
        }
    }

    #[test]
    fn the_day_of_copying_is_the_last() {
        let marks = [at("11:50 PM"), at("12:10 AM")];
        assert_eq!(
            read("copied on May 7, 2025 (UTC)", &marks),
            ["2025-05-06T23:50:00Z", "2025-05-07T00:10:00Z"]
        );
        assert_eq!(
            read("Channel ops, May 7, 2025 (UTC)", &marks),
            ["2025-05-07T23:50:00Z", "2025-05-08T00:10:00Z"]
        );
    }

    #[test]
    fn days_are_called_by_date_weekday_or_from_the_copying() {
        let marks = [
            at("5:00 PM"),
            day("Monday, May 5th"),
            at("9:00 AM"),
            day("—— Yesterday ——"),
            at("9:01 AM"),
            day("Today"),
            at("9:02 AM"),
        ];
        assert_eq!(
            read("copied on 2025-05-07, UTC", &marks),
            [
                "2025-05-04T17:00:00Z",
                "2025-05-05T09:00:00Z",
                "2025-05-06T09:01:00Z",
                "2025-05-07T09:02:00Z"
            ]
        );
        let yearless = [day("Monday, May 5th"), at("23:00"), at("00:30")];
        assert_eq!(
            read("", &yearless),
            ["--05-05T23:00:00", "--05-06T00:30:00"]
        );
        assert_eq!(divider("today we roll out"), None);
        assert_eq!(divider("4 may be wrong"), None);
    }

    #[test]
    fn a_time_without_its_half_of_the_day_goes_on_from_the_one_before() {
        let marks = [at("1:58 PM"), at("1:59"), at("2:04"), at("2:05 PM")];
        assert_eq!(
            read("2025-05-07 UTC", &marks),
            [
                "2025-05-07T13:58:00Z",
                "2025-05-07T13:59:00Z",
                "2025-05-07T14:04:00Z",
                "2025-05-07T14:05:00Z"
            ]
        );
        let night = [at("11:50 PM"), at("12:01 AM")];
        assert_eq!(read("2025-05-07 UTC", &night)[1], "2025-05-08T00:01:00Z");
    }
}
