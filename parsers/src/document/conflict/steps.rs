//! Steps of an incident that labels date: whether they are in order, and as far apart as is said.

use super::{Conflict, ROUNDING, place};
use crate::document::dating::Moment;
use crate::document::facts::Facts;
use crate::document::moment::{self, Mention};
use crate::document::window::Window;
use std::ops::Range;

/// A step that a label dates: "Repaired 2024-10-01 10:29".
pub(super) struct Step {
    name: &'static str,
    minutes: i64,
    pub(super) part: usize,
    range: Range<usize>,
}

/// The steps that are labelled outside the timeline, with date and time.
pub(super) fn steps(facts: &Facts<'_>) -> Vec<Step> {
    const NAMES: [(&str, &str); 8] = [
        ("first detected", "detected"),
        ("detected", "detected"),
        ("incident declared", "declared"),
        ("declared", "declared"),
        ("repaired", "repaired"),
        ("mitigated", "repaired"),
        ("incident resolved", "resolved"),
        ("resolved", "resolved"),
    ];
    let mut found: Vec<Step> = Vec::new();
    for (number, part) in facts.parts.iter().enumerate().filter(|(_, p)| p.speaks()) {
        let text = part.text();
        let Some(mention) = moment::mentions(text).into_iter().next() else {
            continue;
        };
        let before = text.get(..mention.range.start).unwrap_or_default();
        let label = before
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let Some((_, name)) = NAMES.iter().find(|(n, _)| *n == label) else {
            continue;
        };
        let Some(minutes) = minutes(facts, &mention) else {
            continue;
        };
        if found.iter().all(|s| s.name != *name) {
            found.push(Step {
                name,
                minutes,
                part: number,
                range: mention.range,
            });
        }
    }
    found
}

/// A time with its own date, in minutes.
fn minutes(facts: &Facts<'_>, mention: &Mention) -> Option<i64> {
    let moment = Moment {
        date: Some(facts.calendar.date(mention.day?)?),
        nanos: mention.clock?.nanos,
        nights: 0,
    };
    Some(moment.minutes())
}

/// "Time to repair: 5h" beside the times of the declaration and of the repair.
pub(super) fn intervals(facts: &Facts<'_>, steps: &[Step], window: &Window) -> Vec<Conflict> {
    let step = |name: &str| steps.iter().find(|s| s.name == name);
    let begun = window.start.as_ref().and_then(|edge| {
        let moment = Moment {
            date: Some(edge.date?),
            nanos: edge.nanos?,
            nights: 0,
        };
        Some(moment.minutes())
    });
    let mut found = Vec::new();
    for (label, name) in [
        ("time to repair", "repaired"),
        ("time to resol", "resolved"),
    ] {
        let Some((stated, part, range)) = facts.labelled_minutes(&[label]) else {
            continue;
        };
        let Some(end) = step(name) else { continue };
        #[allow(clippy::cast_possible_truncation)]
        let stated = stated.round() as i64;
        let starts: Vec<&Step> = ["declared", "detected"]
            .into_iter()
            .filter_map(step)
            .collect();
        let fits = |start: i64| (end.minutes - start - stated).abs() <= ROUNDING;
        let known = starts.iter().map(|s| s.minutes).chain(begun);
        let Some(first) = starts.first().filter(|_| !known.into_iter().any(fits)) else {
            continue;
        };
        found.push(Conflict {
            code: "duration",
            text: format!(
                "{stated} minutes until {name}, but from {} to {name} it is {}",
                first.name,
                end.minutes - first.minutes
            ),
            one: place(facts.parts, part, range),
            other: place(facts.parts, end.part, end.range.clone()),
        });
    }
    found
}

/// What is resolved before it is detected.
pub(super) fn order(facts: &Facts<'_>, steps: &[Step]) -> Vec<Conflict> {
    let step = |name: &str| steps.iter().find(|s| s.name == name);
    let pairs = [
        ("detected", "repaired"),
        ("detected", "resolved"),
        ("repaired", "resolved"),
        ("declared", "resolved"),
    ];
    let early = |(a, b): (&str, &str)| {
        let (a, b) = (step(a)?, step(b)?);
        (b.minutes < a.minutes).then_some((a, b))
    };
    // Declared a little before it is known to have begun is usual; days before is a slip.
    let slip = step("declared").zip(step("detected"));
    let slip = slip
        .filter(|(d, s)| s.minutes - d.minutes > 1440)
        .map(|(d, s)| (s, d));
    pairs
        .into_iter()
        .filter_map(early)
        .chain(slip)
        .map(|(a, b)| Conflict {
            code: "order",
            text: format!("{} before it is {}", b.name, a.name),
            one: place(facts.parts, a.part, a.range.clone()),
            other: place(facts.parts, b.part, b.range.clone()),
        })
        .take(1)
        .collect()
}
