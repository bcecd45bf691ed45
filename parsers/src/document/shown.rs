//! The window that a timeline shows where the document states none.

use super::window::{Edge, Window};

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
    OVER.iter().any(|w| entry.said.contains(w))
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
