//! The window that a timeline shows where the document states none.

use super::facts::Facts;
use super::lead::Time;
use super::moment::{self, MINUTE};
use super::window::{Edge, Window};
use crate::stamp::DAY;
use chrono::Days;

/// Entries that say that it is over.
const OVER: &[&str] = &[
    "resolv",
    "resolution",
    "restored",
    "solved",
    "online",
    "back up",
    "back to normal",
    "recovered",
    "recovery",
    "operational",
    "running normally",
    "normal operation",
    "is normal",
    "back in service",
    "100% back",
    "fully functional",
    "healthy",
];
/// Entries that say that it has begun, after others that led up to it.
const BEGUN: &[&str] = &[
    "outage begins",
    "outage began",
    "outage starts",
    "outage started",
    "problem started",
    "incident started",
    "incident begins",
    "incident began",
    "hard down",
    "goes down",
    "went down",
];

/// An entry's moment as an edge.
pub(crate) struct Dated {
    /// What it says, in small letters.
    pub(crate) said: String,
    /// Its time as an edge.
    pub(crate) edge: Edge,
    /// Minutes on a scale of the timeline's own.
    pub(crate) minutes: i64,
}

/// The window that a timeline shows. `recovery` and `detection` are the minutes from the
/// start that the document states for them.
pub(crate) fn shown(list: &[Dated], recovery: Option<f64>, detection: Option<f64>) -> Window {
    let window = |s: &Dated, e: &Dated| Window {
        start: Some(s.edge.clone()),
        end: Some(e.edge.clone()),
        sum: None,
    };
    if let Some((start, end)) = recovery.and_then(|r| apart(list, r, detection)) {
        return window(start, end);
    }
    let (Some(first), Some(last)) = (list.first(), list.last()) else {
        return Window::default();
    };
    if list.len() < 2 {
        return Window {
            start: Some(first.edge.clone()),
            ..Window::default()
        };
    }
    let start = list
        .iter()
        .take(list.len().div_ceil(2))
        .find(|d| BEGUN.iter().any(|w| d.said.contains(w)))
        .unwrap_or(first);
    // What is written after the end is an entry or two: a note of thanks, a meeting.
    let end = list
        .iter()
        .rev()
        .take(AFTERMATH + 1)
        .find(|d| is_over(d))
        .filter(|d| d.minutes > start.minutes)
        .unwrap_or(last);
    window(start, end)
}

/// Entries that may follow the end of an incident in its own timeline.
const AFTERMATH: usize = 2;

fn is_over(entry: &Dated) -> bool {
    says_over(&entry.said)
}

fn says_over(said: &str) -> bool {
    OVER.iter().any(|w| said.contains(w))
}

/// The window of a timeline that counts from a start (`T+12`), where the document dates that
/// start: "T0 is 13:40 UTC".
pub(crate) fn counted(facts: &Facts<'_>) -> Option<Window> {
    let counted: Vec<(f64, String, usize)> = facts
        .entries
        .iter()
        .filter_map(|e| match e.time {
            Some(Time::Since(minutes)) if e.counts => {
                let said = facts.parts.get(e.part)?.text().get(e.text.clone())?;
                Some((minutes, said.to_lowercase(), e.part))
            }
            _ => None,
        })
        .collect();
    let last = counted.last()?;
    let over = counted.iter().rev().take(AFTERMATH + 1);
    let (minutes, _, part) = over
        .into_iter()
        .find(|(_, said, _)| says_over(said))
        .unwrap_or(last);
    let start = anchor(facts)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let nanos = start.nanos?.checked_add((minutes * MINUTE as f64) as i64)?;
    let days = u64::try_from(nanos.div_euclid(DAY)).ok()?;
    let text = facts.parts.get(*part)?.text();
    let end = Edge {
        date: start.date.and_then(|d| d.checked_add_days(Days::new(days))),
        nanos: Some(nanos.rem_euclid(DAY)),
        zone: None,
        part: *part,
        range: 0..text.len(),
        dated: false,
    };
    Some(Window {
        start: Some(start),
        end: Some(end),
        sum: None,
    })
}

/// The time that a document gives to the start that its timeline counts from.
fn anchor(facts: &Facts<'_>) -> Option<Edge> {
    const NAMES: [&str; 5] = ["t0", "t=0", "t+0", "t 0", "start time"];
    let parts = facts.parts.iter().enumerate().filter(|(_, p)| p.speaks());
    parts.into_iter().find_map(|(number, part)| {
        let text = part.text();
        let mention = moment::mentions(text)
            .into_iter()
            .find(|m| m.clock.is_some())?;
        let before = text.get(..mention.range.start)?.to_lowercase();
        NAMES.iter().any(|n| before.contains(n)).then(|| Edge {
            date: mention
                .day
                .and_then(|d| facts.calendar.date(d))
                .or(facts.calendar.day),
            nanos: mention.clock.map(|c| c.nanos),
            zone: mention
                .zone
                .as_ref()
                .and_then(|z| text.get(z.range.clone()))
                .map(str::to_owned),
            part: number,
            range: mention.range.clone(),
            dated: mention.day.is_some(),
        })
    })
}

/// Two entries this many minutes apart.
pub(crate) fn apart(
    list: &[Dated],
    recovery: f64,
    detection: Option<f64>,
) -> Option<(&Dated, &Dated)> {
    #[allow(clippy::cast_precision_loss)]
    let is_after = |from: &Dated, to: &Dated, minutes: f64| {
        ((to.minutes - from.minutes) as f64 - minutes).abs() < 0.6
    };
    let fits: Vec<_> = list
        .iter()
        .filter_map(|s| Some((s, list.iter().rev().find(|e| is_after(s, e, recovery))?)))
        .collect();
    let seen = |s: &Dated| detection.is_some_and(|t| list.iter().any(|d| is_after(s, d, t)));
    let over = || fits.iter().find(|(_, e)| is_over(e));
    fits.iter()
        .find(|(s, _)| seen(s))
        .or_else(over)
        .or(fits.first())
        .copied()
}
