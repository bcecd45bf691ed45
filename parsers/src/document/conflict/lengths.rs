//! Lengths of time that do not agree: with their ends, with each other, with their sum.

use super::{Conflict, place, whole};
use crate::document::dating::Moment;
use crate::document::facts::Facts;
use crate::document::outline::Part;
use crate::document::section::Section;
use crate::document::span;
use crate::document::window::Window;
use std::ops::Range;

/// A stated length in minutes, the part that states it, and where.
type Stated = (f64, usize, Range<usize>);

/// By how much a length may be off: a round number is a rounded one.
fn slack(minutes: f64) -> f64 {
    let slack = match minutes {
        m if m % 60.0 == 0.0 => m * 0.25,
        m if m % 15.0 == 0.0 => m * 0.15,
        m if m % 5.0 == 0.0 => m * 0.1,
        _ => 0.0,
    };
    slack.max(1.0)
}

fn conflict(facts: &Facts<'_>, text: String, one: Stated, other: Range<usize>) -> Conflict {
    Conflict {
        code: "duration",
        text,
        one: place(facts.parts, one.1, one.2),
        other,
    }
}

/// "Duration: 2 hours" beside a window of four.
pub(super) fn window(facts: &Facts<'_>, window: &Window) -> Option<Conflict> {
    let stated = facts.stated_minutes()?;
    let shown = window.minutes().filter(|_| window.sum.is_none())?;
    let end = window.end.as_ref()?;
    ((stated.0 - shown).abs() > slack(stated.0)).then(|| {
        let text = format!(
            "stated as {} minutes, but its start and end are {shown} minutes apart",
            stated.0
        );
        conflict(
            facts,
            text,
            stated,
            place(facts.parts, end.part, end.range.clone()),
        )
    })
}

/// "Down for ninety minutes" in the summary, and another length by the label. What is half as
/// long or less may have been a part of it.
pub(super) fn repeated(facts: &Facts<'_>) -> Option<Conflict> {
    let stated = facts.stated_minutes()?;
    let told = told(facts);
    let near = |m: f64| (m - stated.0).abs() <= slack(m).max(slack(stated.0));
    let same_size = |m: f64| m > stated.0 / 2.0 && m < stated.0 * 2.0;
    if told.iter().any(|(m, ..)| near(*m)) {
        return None;
    }
    let (minutes, part, range) = told.into_iter().find(|(m, ..)| same_size(*m))?;
    let text = format!("stated as {} minutes and as {minutes} minutes", stated.0);
    let other = place(facts.parts, part, range);
    Some(conflict(facts, text, stated, other))
}

/// Lengths that the summary tells: "for ninety minutes", "lasted two hours".
fn told(facts: &Facts<'_>) -> Vec<Stated> {
    let mut found = Vec::new();
    let head = |p: &Part| p.section == Section::Summary && p.speaks() && !p.in_timeline;
    for (number, part) in facts.parts.iter().enumerate().filter(|(_, p)| head(p)) {
        for (range, minutes) in span::durations(part.text()) {
            let before = part
                .text()
                .get(..range.start)
                .unwrap_or_default()
                .to_lowercase();
            let rough = ["about", "around", "approximately", "nearly", "roughly"];
            let mut words = before.split_whitespace().rev();
            let word = words
                .next()
                .filter(|w| !rough.contains(w))
                .or_else(|| words.next());
            let tells = matches!(word, Some("for" | "lasted" | "lasting"));
            if tells && minutes >= 1.0 {
                found.push((minutes, number, range));
            }
        }
    }
    found
}

/// "More than six hours together" above parts that make four.
pub(super) fn total(facts: &Facts<'_>, window: &Window) -> Option<Conflict> {
    const WORDS: &[&str] = &[
        "cumulative",
        "in total",
        "total of",
        "together",
        "combined",
        "altogether",
        "in all ",
    ];
    let sum = window.sum?;
    let stated = facts.prose_minutes(WORDS)?;
    let end = window.end.as_ref()?;
    ((stated.0 - sum).abs() > (stated.0 * 0.1).max(5.0)).then(|| {
        let text = format!(
            "stated as {} minutes in all, but the parts make {sum}",
            stated.0
        );
        conflict(facts, text, stated, whole(facts.parts, end.part))
    })
}

/// A total that no phases add up to: ten minutes to detect and thirty to repair are no ninety.
pub(super) fn phases(facts: &Facts<'_>) -> Option<Conflict> {
    const LAST: [&str; 5] = [
        "time to repair",
        "time to recover",
        "time to restor",
        "time to resol",
        "time to fix",
    ];
    const OTHERS: [&str; 5] = [
        "time to detect",
        "time to acknowledge",
        "time to escalate",
        "time to identif",
        "time to mitigat",
    ];
    let total = facts.labelled_minutes(&["total duration", "duration", "total downtime"])?;
    let of = |label: &&str| facts.labelled_minutes(&[*label]);
    let last: Vec<Stated> = LAST.iter().filter_map(of).collect();
    let other = last.first()?.clone();
    let all: Vec<f64> = last
        .iter()
        .cloned()
        .chain(OTHERS.iter().filter_map(of))
        .map(|(m, ..)| m)
        .collect();
    let sums = all.iter().fold(vec![0.0], |mut sums: Vec<f64>, m| {
        let more: Vec<f64> = sums.iter().map(|s| s + m).collect();
        sums.extend(more);
        sums
    });
    let fits = sums.iter().any(|s| (s - total.0).abs() <= slack(total.0));
    (all.len() >= 2 && !fits).then(|| {
        let text = format!("the phases do not add up to {} minutes", total.0);
        conflict(facts, text, total, place(facts.parts, other.1, other.2))
    })
}

/// "Detected within five minutes" above a timeline whose first alert comes after twenty-five.
pub(super) fn detection(facts: &Facts<'_>, window: &Window) -> Option<Conflict> {
    const SEEN: &[&str] = &["alert", "paged", "pager", "detected", "noticed", "reported"];
    let stated = facts
        .labelled_minutes(&["time to detect"])
        .or_else(|| found_within(facts))?;
    let start = window.start.as_ref()?;
    let begun = Moment {
        date: start.date,
        nanos: start.nanos?,
        nights: 0,
    };
    let mut seen = Vec::new();
    for (entry, moment) in facts.entries.iter().zip(facts.moments) {
        let Some(moment) = moment.filter(|_| entry.counts) else {
            continue;
        };
        let text = facts.parts.get(entry.part)?.text();
        let said = text
            .get(entry.text.clone())
            .unwrap_or_default()
            .to_lowercase();
        if moment.date.is_some() == begun.date.is_some() && SEEN.iter().any(|w| said.contains(w)) {
            seen.push((moment.minutes() - begun.minutes(), entry.part));
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let fits = |m: i64| (m as f64 - stated.0).abs() <= slack(stated.0).max(2.0);
    if seen.iter().any(|(m, _)| fits(*m)) {
        return None;
    }
    let (minutes, part) = seen.into_iter().find(|(m, _)| (0..1440).contains(m))?;
    let text = format!(
        "detection is said to have taken {} minutes, in the timeline it took {minutes}",
        stated.0
    );
    let mut found = conflict(facts, text, stated, whole(facts.parts, part));
    found.code = "detection";
    Some(found)
}

/// "We noticed it within five minutes."
fn found_within(facts: &Facts<'_>) -> Option<Stated> {
    const VERBS: &[&str] = &["detected", "noticed", "alerted", "discovered"];
    let parts = facts.parts.iter().enumerate();
    for (number, part) in parts.filter(|(_, p)| p.speaks() && !p.in_timeline) {
        if !matches!(
            part.section,
            Section::Summary | Section::Impact | Section::Detection
        ) {
            continue;
        }
        for range in crate::document::sentences(part.text()) {
            let said = part
                .text()
                .get(range.clone())
                .unwrap_or_default()
                .to_lowercase();
            let spans = span::durations(&said);
            let [(at, minutes)] = spans.as_slice() else {
                continue;
            };
            let before = said.get(..at.start).unwrap_or_default();
            if before.ends_with("within ") && VERBS.iter().any(|v| before.contains(v)) {
                return Some((*minutes, number, range));
            }
        }
    }
    None
}
