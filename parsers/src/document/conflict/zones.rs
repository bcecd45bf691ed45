//! Zones that cannot be: out of season, or two where one is said to hold.

use super::{Conflict, place, whole, words};
use crate::document::block::Shape;
use crate::document::facts::Facts;
use crate::document::moment::{self, MINUTE, Mention};
use crate::document::section::Section;
use crate::document::zone;
use crate::stamp::DAY;
use chrono::{Datelike, NaiveDate};

/// The first that is found; one wrong zone is wrong in several ways.
pub(super) fn zones(facts: &Facts<'_>) -> Option<Conflict> {
    season(facts)
        .or_else(|| mixed(facts))
        .or_else(|| unshifted(facts))
        .or_else(|| turned(facts))
}

/// The zone of winter on a day of summer, or the other way round.
fn season(facts: &Facts<'_>) -> Option<Conflict> {
    let date = facts.calendar.day?;
    let parts = facts.parts.iter().enumerate();
    for (number, part) in parts.filter(|(_, p)| p.block.shape != Shape::Code) {
        let text = part.text();
        for (at, word) in words(text) {
            let summer = match word {
                "PST" | "EST" | "CST" => (american_summer(date), false),
                "PDT" | "EDT" | "CDT" => (american_summer(date), true),
                "CET" => (european_summer(date), false),
                "CEST" => (european_summer(date), true),
                _ => continue,
            };
            if summer.0 != summer.1 {
                let holds = if summer.0 { "summer" } else { "winter" };
                let one = place(facts.parts, number, at..at + word.len());
                return Some(Conflict {
                    code: "zone",
                    text: format!("{word} on {date}, when {holds} time is in force"),
                    other: one.clone(),
                    one,
                });
            }
        }
    }
    None
}

/// From the second Sunday of March to the first of November.
fn american_summer(date: NaiveDate) -> bool {
    between(date, (3, 8), (11, 1))
}

/// From the last Sunday of March to the last of October.
fn european_summer(date: NaiveDate) -> bool {
    between(date, (3, 25), (10, 25))
}

/// From the first Sunday on or after one day to the first on or after the other.
fn between(date: NaiveDate, from: (u32, u32), to: (u32, u32)) -> bool {
    let sunday = |(month, day): (u32, u32)| {
        let first = NaiveDate::from_ymd_opt(date.year(), month, day)?;
        first
            .iter_days()
            .take(7)
            .find(|d| d.weekday() == chrono::Weekday::Sun)
    };
    match (sunday(from), sunday(to)) {
        (Some(from), Some(to)) => (from..to).contains(&date),
        _ => false,
    }
}

/// A heading that puts all times into one zone, above entries in another.
fn mixed(facts: &Facts<'_>) -> Option<Conflict> {
    let named = |text: &str| {
        let lower = text.to_lowercase();
        let all = ["all times", "times are in", "times in"]
            .iter()
            .any(|w| lower.contains(w));
        all.then(|| zone::anywhere(text)).flatten()
    };
    let (number, all) = facts
        .parts
        .iter()
        .enumerate()
        .find_map(|(n, p)| Some((n, named(p.text())?)))?;
    let day = facts.calendar.day;
    for entry in facts.entries.iter().filter(|e| e.part != number) {
        let Some(own) = entry.clock().and_then(|(m, _)| m.zone.clone()) else {
            continue;
        };
        if let (Some(a), Some(b)) = (all.offset.seconds(day), own.offset.seconds(day))
            && a != b
        {
            return Some(Conflict {
                code: "zone",
                text: "all times are said to be in one zone, an entry is in another".to_owned(),
                one: place(facts.parts, number, all.range),
                other: place(facts.parts, entry.part, own.range),
            });
        }
    }
    None
}

/// The clock time of an entry told in prose with another zone: 18:00 WAT is not 18:00 GMT.
fn unshifted(facts: &Facts<'_>) -> Option<Conflict> {
    let day = facts.calendar.day;
    let listed: Vec<(i64, i32, usize)> = facts
        .entries
        .iter()
        .filter(|e| e.counts)
        .filter_map(|e| {
            let (mention, clock) = e.clock()?;
            let zone = mention.zone.as_ref().or(e.zone.as_ref())?;
            Some((clock.nanos, zone.offset.seconds(day)?, e.part))
        })
        .collect();
    for (number, mention) in told(facts) {
        let (Some(clock), Some(zone)) = (mention.clock, &mention.zone) else {
            continue;
        };
        let Some(east) = zone.offset.seconds(day) else {
            continue;
        };
        let utc = |nanos: i64, east: i32| (nanos / MINUTE - i64::from(east) / 60).rem_euclid(1440);
        let meant = |(nanos, e, _): &(i64, i32, usize)| utc(*nanos, *e) == utc(clock.nanos, east);
        let same = listed
            .iter()
            .find(|(nanos, e, _)| *nanos == clock.nanos && *e != east);
        if let Some((.., part)) = same.filter(|_| !listed.iter().any(meant)) {
            return Some(Conflict {
                code: "zone",
                text: "a time of the timeline is told with another zone".to_owned(),
                one: place(facts.parts, number, mention.range),
                other: whole(facts.parts, *part),
            });
        }
    }
    None
}

/// Two times of a story without a timeline, each in a zone of its own, the later of which is the
/// earlier in UTC.
fn turned(facts: &Facts<'_>) -> Option<Conflict> {
    if !facts.entries.is_empty() {
        return None;
    }
    let day = facts.calendar.day;
    let zoned = |(number, m): (usize, Mention)| {
        let east = m.zone.as_ref()?.offset.seconds(day)?;
        let utc = m.clock?.nanos - i64::from(east) * crate::stamp::SECOND;
        m.day.is_none().then_some((number, m.range, utc, east))
    };
    let all: Vec<_> = told(facts).filter_map(zoned).collect();
    let (a, b) = all.iter().zip(all.get(1..)?).find(|(a, b)| {
        let later = (b.2 - a.2).rem_euclid(DAY);
        a.0 != b.0 && a.3 != b.3 && a.3 != 0 && b.3 != 0 && later > DAY / 4 * 3
    })?;
    Some(Conflict {
        code: "zone",
        text: "two zones, in which the later time is before the earlier, or a day after".to_owned(),
        one: place(facts.parts, a.0, a.1.clone()),
        other: place(facts.parts, b.0, b.1.clone()),
    })
}

/// The times that are told outside the timeline. A conversion in brackets is no time of its own.
fn told<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = (usize, Mention)> + 'f {
    let parts = facts.parts.iter().enumerate();
    let listed = |part: usize| facts.entries.iter().any(|e| e.part == part);
    let parts = parts.filter(move |(n, p)| p.speaks() && !p.in_timeline && !listed(*n));
    let parts = parts.filter(|(_, p)| !matches!(p.section, Section::Tasks | Section::Measures));
    parts.flat_map(|(n, p)| {
        let mut all = moment::mentions(p.text());
        let converted = |a: &Mention, b: &Mention| {
            let between = p.text().get(a.range.end..b.range.start).unwrap_or_default();
            let joined = between.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
            joined.is_empty() && a.clock.is_some() && b.clock.is_some()
        };
        let twice: Vec<bool> = all
            .windows(2)
            .map(|w| matches!(w, [a, b] if converted(a, b)))
            .collect();
        let mut each = std::iter::once(false).chain(twice);
        all.retain(|_| !each.next().unwrap_or_default());
        all.into_iter().map(move |m| (n, m))
    })
}

#[cfg(test)]
mod tests {
    use super::{american_summer, european_summer};
    use chrono::NaiveDate;

    #[test]
    fn summer_begins_and_ends_on_sundays() {
        let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).expect("a day");
        for (date, american, european) in [
            (day(3, 9), false, false),
            (day(3, 10), true, false),
            (day(3, 31), true, true),
            (day(10, 26), true, true),
            (day(10, 27), true, false),
            (day(11, 3), false, false),
        ] {
            assert_eq!(american_summer(date), american, "{date}");
            assert_eq!(european_summer(date), european, "{date}");
        }
    }
}
