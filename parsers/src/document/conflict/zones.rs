//! Zones that cannot be: out of season, or two where one is said to hold.

use super::{Conflict, place, words};
use crate::document::block::Shape;
use crate::document::facts::Facts;
use crate::document::zone;
use chrono::{Datelike, NaiveDate};

/// The zone of winter on a day of summer, or the other way round.
pub(super) fn season(facts: &Facts<'_>) -> Option<Conflict> {
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
pub(super) fn mixed(facts: &Facts<'_>) -> Option<Conflict> {
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
