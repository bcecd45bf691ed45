//! The order of the timeline, and the stated start and end against what it reports.

use super::steps::Step;
use super::{Conflict, NOTICED, place, whole};
use crate::document::block::Shape;
use crate::document::facts::Facts;
use crate::document::moment::{self, MINUTE};
use crate::document::section::Section;
use crate::document::window::{Edge, Window};
use crate::document::zone;
use std::ops::Range;

/// Minutes by which a recovery contradicts a stated end.
const APART: i64 = 10;

/// Entries of one list that are not in the order of their times.
pub(super) fn entries(facts: &Facts<'_>, steps: &[Step]) -> Option<Conflict> {
    let timed: Vec<_> = facts
        .entries
        .iter()
        .zip(facts.moments)
        // Labelled steps stand in the order of their labels.
        .filter(|(e, _)| e.counts && steps.iter().all(|s| s.part != e.part))
        .filter_map(|(e, m)| Some((e, (*m)?.minutes())))
        .collect();
    let list = |part: usize| facts.parts.get(part).map(|p| p.list);
    let (one, other) = timed.windows(2).find_map(|pair| match pair {
        [(a, x), (b, y)] if y < x && list(a.part) == list(b.part) => Some((a.part, b.part)),
        _ => None,
    })?;
    // A list that runs from the newest to the oldest is no slip.
    let falling = timed
        .windows(2)
        .filter(|w| matches!(w, [(_, x), (_, y)] if y < x))
        .count();
    (falling * 2 < timed.len().saturating_sub(1).max(3)).then(|| Conflict {
        code: "order",
        text: "an entry of the timeline is earlier than the one before it".to_owned(),
        one: whole(facts.parts, one),
        other: whole(facts.parts, other),
    })
}

/// A time of day that the document states, and what it says of it.
struct Told {
    nanos: i64,
    /// Seconds east of UTC, where a zone is known.
    east: Option<i32>,
    said: String,
    part: usize,
    range: Range<usize>,
}

/// Minutes from `b` to `a` by the clock. Two zones are compared across midnight.
fn apart(a: &Told, b: &Told) -> i64 {
    let minutes = (a.nanos - b.nanos) / MINUTE;
    match (a.east, b.east) {
        (Some(x), Some(y)) if x != y => {
            let shifted = minutes - i64::from(x - y) / 60;
            (shifted + 720).rem_euclid(1440) - 720
        }
        _ => minutes,
    }
}

/// Words for the end of an outage.
const BACK: &[&str] = &[
    "restored",
    "back online",
    "back to normal",
    "is back",
    "was back",
    "back up",
    "page back",
    "fully operational",
    "100% back",
    "fully recovered",
];
/// What a timeline begins with where a change set it off.
const CHANGE: &[&str] = &[
    "push",
    "deploy",
    "rolled out",
    "rollout",
    "release",
    "config",
    "migration",
    "upgrade",
];
/// A change that was to mend it.
const MENDING: &[&str] = &[
    "fix",
    "rollback",
    "rolled back",
    "roll back",
    "revert",
    "patch",
    "restor",
    "restart",
];

/// The stated start and end against what the timeline reports.
pub(super) fn edges(facts: &Facts<'_>, window: &Window) -> Vec<Conflict> {
    let listed = listed(facts);
    let conflict = |code, text, stated: &Told, other: &Told| Conflict {
        code,
        text,
        one: place(facts.parts, stated.part, stated.range.clone()),
        other: whole(facts.parts, other.part),
    };
    let mut found = Vec::new();
    if let Some(start) = stated(facts, window.start.as_ref()) {
        let seen = detections(facts);
        let early = listed.iter().chain(&seen);
        let early = early.filter(|t| (1..120).contains(&apart(&start, t)));
        found.extend(early.filter(|t| says(t, NOTICED)).take(1).map(|t| {
            let text = format!(
                "noticed {} minutes before the stated start",
                apart(&start, t)
            );
            conflict("start", text, &start, t)
        }));
        let first = listed
            .first()
            .filter(|t| says(t, CHANGE) && !says(t, MENDING));
        let late = first.filter(|t| (15..720).contains(&apart(t, &start)));
        found.extend(late.map(|t| {
            let late = apart(t, &start);
            let text = format!(
                "the change that the timeline begins with comes {late} minutes after the stated start"
            );
            conflict("start", text, &start, t)
        }));
    }
    if let Some(end) = stated(facts, window.end.as_ref()) {
        let partly = ["partial", "gradual", "some users", "verif"];
        let back: Vec<&Told> = listed
            .iter()
            .filter(|t| says(t, BACK) && !says(t, &partly))
            .collect();
        let early = back.iter().find(|t| (APART..180).contains(&apart(&end, t)));
        let late = back
            .first()
            .filter(|t| (APART..180).contains(&apart(t, &end)));
        if let Some(t) = early {
            let text = format!("restored {} minutes before the stated end", apart(&end, t));
            found.push(conflict("end", text, &end, t));
        } else if let Some(t) = late {
            let text = format!("restored {} minutes after the stated end", apart(t, &end));
            found.push(conflict("end", text, &end, t));
        }
    }
    found.dedup_by_key(|c| c.code);
    found
}

fn says(told: &Told, words: &[&str]) -> bool {
    words.iter().any(|w| told.said.contains(w))
}

/// An edge that is stated outside of the timeline.
fn stated(facts: &Facts<'_>, edge: Option<&Edge>) -> Option<Told> {
    let edge = edge?;
    let part = facts.parts.get(edge.part)?;
    let listed = facts.entries.iter().any(|x| x.part == edge.part);
    let own = edge.zone.as_deref().and_then(|z| zone::at(z, 0));
    let told = Told {
        nanos: edge.nanos?,
        east: own.and_then(|z| z.offset.seconds(edge.date)),
        said: String::new(),
        part: edge.part,
        range: edge.range.clone(),
    };
    (!part.in_timeline && !listed).then_some(told)
}

/// The entries of the timeline.
fn listed(facts: &Facts<'_>) -> Vec<Told> {
    let counted = facts.entries.iter().zip(facts.moments);
    let counted = counted.filter(|(e, _)| e.counts);
    let told = counted.filter_map(|(entry, moment)| {
        let moment = (*moment)?;
        let said = facts
            .parts
            .get(entry.part)?
            .text()
            .get(entry.text.clone())?;
        let zone = entry.clock().and_then(|(m, _)| m.zone.as_ref());
        let zone = zone.or(entry.zone.as_ref());
        Some(Told {
            nanos: moment.nanos,
            east: zone.and_then(|z| z.offset.seconds(moment.date)),
            said: said.to_lowercase(),
            part: entry.part,
            range: 0..0,
        })
    });
    told.collect()
}

/// What a section about the detection says in prose: "An alert paged us at 10:02."
fn detections(facts: &Facts<'_>) -> Vec<Told> {
    let mut found = Vec::new();
    let parts = facts.parts.iter().enumerate();
    for (number, part) in parts.filter(|(_, p)| p.speaks() && p.lead.is_none()) {
        if part.section != Section::Detection || part.in_timeline {
            continue;
        }
        for range in crate::document::sentences(part.text()) {
            let said = part.text().get(range).unwrap_or_default();
            let mentions = moment::mentions(said);
            if let [only] = mentions.as_slice()
                && let (Some(clock), None) = (only.clock, only.day)
            {
                found.push(Told {
                    nanos: clock.nanos,
                    east: only
                        .zone
                        .as_ref()
                        .and_then(|z| z.offset.seconds(facts.calendar.day)),
                    said: said.to_lowercase(),
                    part: number,
                    range: 0..0,
                });
            }
        }
    }
    found
}

/// A title that names the time, above a timeline that begins at another.
pub(super) fn title(facts: &Facts<'_>, window: &Window) -> Option<Conflict> {
    let head = facts
        .parts
        .iter()
        .position(|p| p.block.shape == Shape::Heading(1))?;
    let text = facts.parts.get(head)?.text();
    let mentions = moment::mentions(text);
    let [only] = mentions.as_slice() else {
        return None;
    };
    let titled = Told {
        nanos: only.clock?.nanos,
        east: only
            .zone
            .as_ref()
            .and_then(|z| z.offset.seconds(facts.calendar.day)),
        said: String::new(),
        part: head,
        range: only.range.clone(),
    };
    let named = window.start.as_ref().is_some_and(|e| e.part != head);
    let listed = listed(facts);
    let first = listed.first().filter(|_| named)?;
    let off = apart(&titled, first).abs();
    let known = listed.iter().any(|t| apart(&titled, t) == 0);
    ((1..=60).contains(&off) && !known).then(|| Conflict {
        code: "start",
        text: format!("the title and the start of the timeline are {off} minutes apart"),
        one: place(facts.parts, head, titled.range.clone()),
        other: whole(facts.parts, first.part),
    })
}
