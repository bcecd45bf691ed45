//! Operations of one service that fail together, and those that merely fail at one time.

use super::detector::Stretch;
use std::collections::BTreeSet;
use std::ops::Range;

/// Some operations that fail together.
pub(super) struct Event {
    pub(super) window: Range<i64>,
    pub(super) operations: BTreeSet<String>,
    /// Seconds by which its ends are uncertain.
    pub(super) slack: i64,
}

impl Event {
    pub(super) fn touches(&self, window: &Range<i64>) -> bool {
        self.window.start <= window.end + 300 && window.start <= self.window.end + 300
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.touches(&other.window)
    }

    /// Whether both are one event: they begin together, or are about one resource.
    fn joins(&self, other: &Self) -> bool {
        let slack = self.slack.max(other.slack);
        let together = (self.window.start - other.window.start).abs() <= slack;
        let one = || {
            let mut pairs = self
                .operations
                .iter()
                .flat_map(|a| other.operations.iter().map(move |b| (a, b)));
            pairs.any(|(a, b)| resource(a).is_some() && resource(a) == resource(b))
        };
        self.overlaps(other) && (together || one())
    }
}

/// How far off the ends of a stretch may be: some gaps between its failures.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(super) fn slack(stretch: &Stretch) -> i64 {
    let gap = (stretch.end - stretch.start) as f64 / stretch.count.max(1.0);
    (gap * 4.0).max(120.0) as i64
}

/// What an operation is about: the first part of its path that is no prefix of an interface.
pub(crate) fn resource(operation: &str) -> Option<&str> {
    let path = operation
        .split_once(' ')
        .map_or(operation, |(_, path)| path);
    let plain = |s: &&str| {
        let version = s.len() <= 3 && s.starts_with('v');
        !s.is_empty() && !version && !["api", "rest", "public", "internal", "*"].contains(s)
    };
    path.split('/').find(plain)
}

pub(super) fn merge_events(events: Vec<Event>) -> Vec<Event> {
    let mut merged: Vec<Event> = Vec::new();
    for mut event in events {
        // What joins several makes them one.
        while let Some(n) = merged.iter().position(|m| m.joins(&event)) {
            let other = merged.swap_remove(n);
            event.window =
                event.window.start.min(other.window.start)..event.window.end.max(other.window.end);
            event.operations.extend(other.operations);
            event.slack = event.slack.max(other.slack);
        }
        merged.push(event);
    }
    merged
}
