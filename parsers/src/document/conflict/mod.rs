//! Where a document contradicts itself: two statements that cannot both hold, with the
//! bytes of both. Only what arithmetic and the calendar decide is judged here.

mod zones;

use super::block::Shape;
use super::dating::Moment;
use super::facts::Facts;
use super::moment::{self, Mention};
use super::outline::Part;
use super::section::{self, Section};
use super::window::{Edge, Window};
use super::{share, span};
use std::ops::Range;

/// Two statements of a document of which at most one is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `duration`, `order`, `share`, `start`, `end`, `status` or `zone`.
    pub code: &'static str,
    /// What contradicts what.
    pub text: String,
    /// The bytes of the one.
    pub one: Range<usize>,
    /// The bytes of the other.
    pub other: Range<usize>,
}

/// Minutes by which two exact durations may differ: each is rounded.
const ROUNDING: i64 = 1;
/// Minutes before a stated end at which a recovery contradicts it.
const EARLY: i64 = 10;

/// All contradictions that are found, in the order of the rules.
pub(crate) fn conflicts(facts: &Facts<'_>) -> Vec<Conflict> {
    let window = facts.window();
    let steps = steps(facts);
    let mut found = Vec::new();
    found.extend(duration(facts, &window));
    found.extend(intervals(facts, &steps, &window));
    found.extend(step_order(facts, &steps));
    found.extend(entry_order(facts, &steps));
    found.extend(edges(facts, &window));
    found.extend(shares(facts));
    found.extend(zones::season(facts));
    found.extend(zones::mixed(facts));
    found.extend(status(facts));
    // Two rules may find the same one.
    let mut seen = Vec::new();
    found.retain(|c| {
        let new = !seen.contains(&(c.code, c.other.clone()));
        seen.push((c.code, c.other.clone()));
        new
    });
    found
}

fn place(parts: &[Part], part: usize, range: Range<usize>) -> Range<usize> {
    parts.get(part).map_or(0..0, |p| p.block.text.source(range))
}

fn whole(parts: &[Part], part: usize) -> Range<usize> {
    parts.get(part).map_or(0..0, |p| p.block.text.whole())
}

/// "Duration: 2 hours" beside a window of four. A round number is a rounded one.
fn duration(facts: &Facts<'_>, window: &Window) -> Option<Conflict> {
    let (stated, part, range) = facts.stated_minutes()?;
    let shown = window.minutes().filter(|_| window.sum.is_none())?;
    let slack = match stated {
        m if m % 60.0 == 0.0 => m * 0.25,
        m if m % 15.0 == 0.0 => m * 0.15,
        m if m % 5.0 == 0.0 => m * 0.1,
        _ => 0.0,
    };
    let end = window.end.as_ref()?;
    // A duration in the very statement of the window, in hours alone, is part of a label.
    ((stated - shown).abs() > slack.max(1.0)).then(|| Conflict {
        code: "duration",
        text: format!(
            "stated as {stated} minutes, but its start and end are {shown} minutes apart"
        ),
        one: place(facts.parts, part, range),
        other: place(facts.parts, end.part, end.range.clone()),
    })
}

/// A step that a label dates: "Repaired 2024-10-01 10:29".
struct Step {
    name: &'static str,
    minutes: i64,
    part: usize,
    range: Range<usize>,
}

/// The steps that are labelled outside the timeline, with date and time.
fn steps(facts: &Facts<'_>) -> Vec<Step> {
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
fn intervals(facts: &Facts<'_>, steps: &[Step], window: &Window) -> Vec<Conflict> {
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
fn step_order(facts: &Facts<'_>, steps: &[Step]) -> Vec<Conflict> {
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

/// Entries of one list that are not in the order of their times.
fn entry_order(facts: &Facts<'_>, steps: &[Step]) -> Option<Conflict> {
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

/// The stated start and end against what the timeline reports.
fn edges(facts: &Facts<'_>, window: &Window) -> Vec<Conflict> {
    const NOTICED: [&str; 6] = [
        "detected",
        "alert",
        "went down",
        "noticed",
        "reported",
        "outage",
    ];
    const BACK: [&str; 10] = [
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
    let stated = |e: &Option<Edge>| {
        let edge = e.as_ref()?;
        let part = facts.parts.get(edge.part)?;
        let listed = facts.entries.iter().any(|x| x.part == edge.part);
        Some((edge.part, edge.range.clone(), edge.nanos?)).filter(|_| !part.in_timeline && !listed)
    };
    let (start, end) = (stated(&window.start), stated(&window.end));
    let mut found = Vec::new();
    for (entry, moment) in facts.entries.iter().zip(facts.moments) {
        let (Some(moment), true) = (moment, entry.counts) else {
            continue;
        };
        let part = facts.parts.get(entry.part);
        let said = part.and_then(|p| p.text().get(entry.text.clone()));
        let said = said.unwrap_or_default().to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| said.contains(w));
        // Clock times compare on one day only; farther apart they may be of several.
        let apart = |nanos: i64| (nanos - moment.nanos) / moment::MINUTE;
        let mut push = |code, text: String, (part, range, _): (usize, Range<usize>, i64)| {
            found.push(Conflict {
                code,
                text,
                one: place(facts.parts, part, range),
                other: whole(facts.parts, entry.part),
            });
        };
        if let Some(start) = start.clone()
            && (1..120).contains(&apart(start.2))
            && says(&NOTICED)
        {
            let early = apart(start.2);
            push(
                "start",
                format!("noticed {early} minutes before the stated start"),
                start,
            );
        }
        let partly = says(&["partial", "gradual", "some users", "verif"]);
        if let Some(end) = end.clone()
            && (EARLY..180).contains(&apart(end.2))
            && says(&BACK)
            && !partly
        {
            let early = apart(end.2);
            push(
                "end",
                format!("restored {early} minutes before the stated end"),
                end,
            );
        }
    }
    found.sort_by_key(|c| c.code);
    found.dedup_by_key(|c| c.code);
    found
}

/// "All users" in one place and "80 % of users" in another.
fn shares(facts: &Facts<'_>) -> Option<Conflict> {
    let all = share::every(facts.parts);
    let first = all.first()?;
    let other = all
        .iter()
        .find(|s| (s.percent - first.percent).abs() > 1.0)?;
    Some(Conflict {
        code: "share",
        text: format!(
            "{} % of users and {} % of users",
            first.percent, other.percent
        ),
        one: place(facts.parts, first.part, first.range.clone()),
        other: place(facts.parts, other.part, other.range.clone()),
    })
}

/// One server error in the title or summary, and only another one as the cause.
fn status(facts: &Facts<'_>) -> Option<Conflict> {
    let head = |p: &Part| p.block.shape == Shape::Heading(1) || p.section == Section::Summary;
    let cause = |p: &Part| p.section == Section::RootCause && !p.is_label;
    let (one, other) = (codes(facts.parts, head), codes(facts.parts, cause));
    let (part, range, code) = one.first()?;
    let (part2, range2, code2) = other.first()?;
    let disjoint = !one.iter().any(|(.., c)| other.iter().any(|(.., o)| o == c));
    disjoint.then(|| Conflict {
        code: "status",
        text: format!("{code} in the summary, {code2} as the cause"),
        one: place(facts.parts, *part, range.clone()),
        other: place(facts.parts, *part2, range2.clone()),
    })
}

fn codes(parts: &[Part], wanted: impl Fn(&Part) -> bool) -> Vec<(usize, Range<usize>, &str)> {
    let mut found = Vec::new();
    for (number, part) in parts.iter().enumerate().filter(|(_, p)| wanted(p)) {
        let text = part.text();
        let lower = text.to_lowercase();
        let spoken = ["error", "status", "http", "code"]
            .iter()
            .any(|w| section::has_word(&lower, w));
        let codes = words(text).filter(|(_, w)| matches!(*w, "500" | "502" | "503" | "504"));
        // A count beside a unit is no status.
        let timed: Vec<_> = span::durations(text).into_iter().map(|(r, _)| r).collect();
        let codes = codes.filter(|(at, _)| spoken && !timed.iter().any(|r| r.contains(at)));
        found.extend(codes.map(|(at, word)| (number, at..at + word.len(), word)));
    }
    found
}

/// The words of a text and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|w| (w.as_ptr().addr() - text.as_ptr().addr(), w))
}

#[cfg(test)]
mod tests {
    use crate::document::read;

    /// The codes of what is found in a document, once each.
    fn codes(text: &str) -> Vec<&'static str> {
        let account = read(text.as_bytes()).expect("a postmortem");
        for conflict in &account.conflicts {
            for part in [&conflict.one, &conflict.other] {
                assert!(!part.is_empty() && part.end <= text.len(), "{conflict:?}");
            }
        }
        account.conflicts.iter().map(|c| c.code).collect()
    }

    /// A postmortem of an outage from 14:00 to 15:30, with some statements replaced.
    fn outage(replaced: &[(&str, &str)]) -> String {
        let mut text = "# Postmortem: login errors\n\n\
            ## Summary\n\n\
            On 2024-07-02 from 14:00 to 15:30 UTC the service was down with error 503. \
            It affected 40% of users.\n\n\
            Duration: 90 minutes\n\n\
            ## Timeline\n\n\
            - 14:05 UTC: an alert paged the engineer\n\
            - 14:40 UTC: the pool was found exhausted\n\
            - 15:30 UTC: service was restored\n\n\
            ## Root cause\n\n\
            The pool ran dry and the proxy answered with error 503.\n\n\
            ## Impact\n\n\
            Customers could not log in.\n"
            .to_owned();
        for (from, to) in replaced {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        text
    }

    #[test]
    fn a_consistent_document_has_none() {
        assert!(codes(&outage(&[])).is_empty());
    }

    #[test]
    fn each_kind_is_found() {
        for (from, to, code) in [
            ("Duration: 90", "Duration: 47", "duration"),
            ("- 14:40", "- 14:03", "order"),
            ("- 14:05 UTC: an alert", "- 13:50 UTC: an alert", "start"),
            ("- 15:30", "- 15:02", "end"),
            (
                "Customers could",
                "All users were affected and could",
                "share",
            ),
            ("14:00 to 15:30 UTC", "14:00 to 15:30 PST", "zone"),
            (
                "with error 503.\n\n## Impact",
                "with error 500.\n\n## Impact",
                "status",
            ),
        ] {
            let found = codes(&outage(&[(from, to)]));
            assert_eq!(found, [code], "{to}");
        }
    }
}
