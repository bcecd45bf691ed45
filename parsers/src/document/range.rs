//! Two clock times that a text joins to a window: `from 10:00 AM to 12:30 PM (PST)`.

use super::moment::{self, Clock, Half, MINUTE, Mention};
use crate::stamp::DAY;

/// Two clock times that a text joins to a window.
pub(crate) fn pairs(text: &str) -> Vec<(Mention, Mention)> {
    let mentions = moment::mentions(text);
    let mut found = Vec::new();
    for (n, first) in mentions.iter().enumerate() {
        let Some(clock) = first.clock else { continue };
        let rest = text.get(first.range.end..).unwrap_or_default();
        match mentions.get(n + 1) {
            Some(second) if second.clock.is_some() => {
                let between = text
                    .get(first.range.end..second.range.start)
                    .unwrap_or_default();
                // "On 5 March, between 08:00 and …": the word may stand within the first.
                let before = text.get(..first.range.end).unwrap_or_default();
                if joins(between, before) {
                    found.push((settle_half(first, second), second.clone()));
                }
            }
            _ => {
                if let Some(second) = bare_hour(rest, first, clock) {
                    found.push((first.clone(), second));
                }
            }
        }
    }
    found
}

fn joins(between: &str, before: &str) -> bool {
    let lower = between.to_lowercase();
    let trimmed =
        lower.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.'));
    let words: Vec<&str> = trimmed
        .split_whitespace()
        .filter(|w| {
            !matches!(
                *w,
                "about"
                    | "around"
                    | "approximately"
                    | "at"
                    | "on"
                    | "roughly"
                    | "~"
                    | "the"
                    | "same"
                    | "day"
                    | "up"
                    | "ca."
            )
        })
        .collect();
    match words.as_slice() {
        ["to" | "until" | "till" | "through" | "-" | "–" | "—" | "−" | "->" | "→" | "to:"] => {
            true
        }
        ["and"] => before.to_lowercase().contains("between"),
        [
            "and",
            "ended" | "ending" | "until" | "lasted" | "resolved",
            ..,
        ] => words.len() <= 3,
        _ => false,
    }
}

/// "from 1:00 to 3:30 PM": the first takes the half of the day of the second, if it fits.
fn settle_half(first: &Mention, second: &Mention) -> Mention {
    let mut first = first.clone();
    if let (Some(a), Some(b)) = (&mut first.clock, second.clock)
        && a.half == Half::Open
        && b.half == Half::Stated(true)
        && a.nanos < DAY / 2
        && a.nanos + DAY / 2 <= b.nanos
    {
        a.nanos += DAY / 2;
    }
    first
}

/// "From 4pm to 6 GMT": an hour alone after a full time.
fn bare_hour(rest: &str, first: &Mention, clock: Clock) -> Option<Mention> {
    let word = rest.trim_start().split_inclusive(' ').next()?;
    if !matches!(word.trim(), "to" | "until" | "till" | "-" | "–") {
        return None;
    }
    let at = rest.len() - rest.trim_start().len() + word.len();
    let tail = rest.get(at..)?;
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let hour: i64 = tail.get(..digits).filter(|d| d.len() <= 2)?.parse().ok()?;
    let end = first.range.end + at + digits;
    let after = tail.get(digits..)?;
    let zone = super::zone::after(tail, digits, false);
    let alone = zone.is_some() || after.trim().is_empty() || after.starts_with(['.', ',']);
    let Half::Stated(pm) = clock.half else {
        return None;
    };
    if !alone || !(1..=12).contains(&hour) {
        return None;
    }
    let hour = hour % 12 + if pm { 12 } else { 0 };
    let mut zone = zone;
    if let Some(zone) = &mut zone {
        let shift = first.range.end + at;
        zone.range = zone.range.start + shift..zone.range.end + shift;
    }
    Some(Mention {
        range: first.range.end + at..zone.as_ref().map_or(end, |z| z.range.end),
        day: None,
        clock: Some(Clock {
            nanos: hour * 60 * MINUTE,
            seconds: false,
            half: Half::Stated(pm),
        }),
        zone,
    })
}
