//! Days that cannot be: a weekday that the date was not, a quoted log of another time.

use super::{Conflict, place, whole};
use crate::document::block::Shape;
use crate::document::facts::Facts;
use crate::document::moment::{self, Day, Mention};
use chrono::{Datelike, NaiveDate, Weekday};
use std::ops::Range;

/// "Monday, 14 March 2024", which was a Thursday.
pub(super) fn weekday(facts: &Facts<'_>) -> Option<Conflict> {
    let spoken = facts.parts.iter().enumerate();
    for (number, part) in spoken.filter(|(_, p)| p.block.shape != Shape::Code) {
        let text = part.text();
        for mention in moment::mentions(text) {
            let Some(day) = mention.day else { continue };
            let Some((at, weekday)) = beside(text, &mention) else {
                continue;
            };
            let Some(date) = facts.calendar.date(day) else {
                continue;
            };
            // "02/03/2024" may be read either way, and the weekday says which.
            let other = day
                .swapped()
                .date(facts.calendar.year)
                .filter(|_| day.either);
            let is = |d: NaiveDate| d.weekday() == weekday;
            if !is(date) && !other.is_some_and(is) {
                return Some(Conflict {
                    code: "date",
                    text: format!("{date} was a {}", name(date.weekday())),
                    one: place(facts.parts, number, at),
                    other: place(facts.parts, number, mention.range),
                });
            }
        }
    }
    None
}

/// The weekday right before or after a date.
fn beside(text: &str, mention: &Mention) -> Option<(Range<usize>, Weekday)> {
    let gap = |c: char| matches!(c, ' ' | ',' | '(' | ')' | '.');
    let before = text.get(..mention.range.start)?;
    let bare = before
        .strip_suffix("the ")
        .unwrap_or(before)
        .trim_end_matches(gap);
    let from = bare
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |n| n + 1);
    let from = bare.ceil_char_boundary(from);
    if let Some(day) = bare.get(from..).and_then(parse) {
        return Some((from..bare.len(), day));
    }
    let rest = text.get(mention.range.end..)?;
    let after = rest.trim_start_matches(gap);
    let start = text.len() - after.len();
    let len = after
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(after.len());
    let closed = rest.trim_start().starts_with('(');
    let day = parse(after.get(..len)?).filter(|_| closed)?;
    Some((start..start + len, day))
}

/// A weekday by its name, in full or its first three letters with a capital.
fn parse(word: &str) -> Option<Weekday> {
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
    let full = word.len() >= 6 && word.to_lowercase().ends_with("day");
    (capital && (full || word.len() == 3))
        .then(|| word.parse().ok())
        .flatten()
}

const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// Quoted log lines, all of them of other days than those that the document tells of.
pub(super) fn quoted(facts: &Facts<'_>) -> Option<Conflict> {
    let days = |code: bool| {
        let parts = facts.parts.iter().enumerate();
        let parts = parts.filter(move |(_, p)| (p.block.shape == Shape::Code) == code);
        parts.flat_map(move |(n, p)| {
            let all = moment::mentions(p.text()).into_iter();
            // A log line begins with its time.
            let all = all.filter(move |m| !code || m.range.start <= 2 && m.clock.is_some());
            all.filter_map(move |m| Some((n, m.range.clone(), m.day?)))
        })
    };
    let told: Vec<(usize, Range<usize>, Day)> = days(false).collect();
    let (part, range, _) = told.first()?;
    let logged: Vec<(usize, NaiveDate)> = days(true)
        .filter_map(|(n, _, day)| Some((n, day.date(None)?)))
        .collect();
    let (line, date) = logged.first().filter(|_| logged.len() >= 2)?;
    let near = |log: NaiveDate, day: &Day| {
        let dates = [*day, day.swapped()].map(|d| d.date(Some(log.year())));
        let mut known = dates.into_iter().flatten();
        known.any(|d| (d - log).num_days().abs() <= 2)
    };
    let apart = logged
        .iter()
        .all(|(_, log)| !told.iter().any(|(.., day)| near(*log, day)));
    apart.then(|| Conflict {
        code: "date",
        text: format!("the quoted log is of {date}, a day that is told of nowhere"),
        one: place(facts.parts, *part, range.clone()),
        other: whole(facts.parts, *line),
    })
}
