//! Failures and durations over time: what a chart of the incident shows.

use super::latency::Latencies;
use crate::incident::{Focus, Point, Series};
use crate::survey::{Survey, What};
use recon_parsers::stamp::SECOND;
use std::collections::BTreeMap;
use std::ops::Range;

/// Points of a chart at most: more cannot be told apart on a screen.
const POINTS: i64 = 240;

/// Steps that people read off a clock, in seconds.
const STEPS: [i64; 16] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400,
];

/// The points of a chart: where it begins and how far apart they are, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    start: i64,
    step: i64,
    points: i64,
}

impl Axis {
    /// An axis over a period, with steps on the clock's round times.
    #[must_use]
    pub fn over(period: &Range<i64>) -> Self {
        let seconds = (period.end.saturating_sub(period.start) / SECOND).max(1);
        let fits = |step: &&i64| seconds / **step < POINTS;
        let step = STEPS.iter().find(fits).copied().unwrap_or(seconds / POINTS) * SECOND;
        let start = period.start.div_euclid(step) * step;
        let points = (period.end.saturating_sub(start) / step + 1).clamp(1, 4 * POINTS);
        Self {
            start,
            step,
            points,
        }
    }

    /// The point that an instant belongs to.
    pub(super) fn point(&self, nanos: i64) -> Option<i64> {
        let point = nanos.saturating_sub(self.start).div_euclid(self.step);
        (0..self.points).contains(&point).then_some(point)
    }

    /// The instants of a point.
    fn seconds(&self, point: i64) -> (i64, i64) {
        let from = (self.start + point * self.step).div_euclid(SECOND);
        (from, from + self.step / SECOND)
    }
}

/// The counts of the survey and the durations of the close-up on one axis; nothing where
/// nothing was counted.
pub(super) fn series(
    survey: &Survey,
    focus: &Focus,
    axis: Axis,
    durations: &BTreeMap<i64, Latencies>,
) -> Option<Series> {
    let tally = survey.services.get(focus.service.as_ref()?)?;
    let requests = !focus.failures.contains(&What::Errors);
    let operations: Vec<_> = tally
        .operations
        .iter()
        .filter(|(name, _)| requests && focus.operations.contains(*name))
        .map(|(_, rates)| rates)
        .collect();
    let count = |what: &What, (from, to): (i64, i64)| -> u64 {
        if focus.operations.is_empty() {
            return tally.rates.get(what).map_or(0, |r| r.between(from, to));
        }
        let counts = operations.iter().filter_map(|rates| rates.get(what));
        counts.map(|rate| rate.between(from, to)).sum()
    };
    let together = together(axis, durations);
    let point = |n: i64| {
        let span = axis.seconds(n);
        let first = n.div_euclid(together) * together;
        let mut measured = Latencies::default();
        for part in durations.range(first..first + together) {
            measured.merge(part.1.clone());
        }
        Point {
            requests: if requests {
                count(&What::Requests, span)
            } else {
                0
            },
            failed: focus.failures.iter().map(|w| count(w, span)).sum(),
            p50_ms: measured.percentile(0.5),
            p99_ms: measured.percentile(0.99),
        }
    };
    let points: Vec<Point> = (0..axis.points).map(point).collect();
    points
        .iter()
        .any(|p| p.requests + p.failed > 0)
        .then_some(Series {
            start: axis.start,
            step: axis.step,
            requests,
            points,
        })
}

/// Points whose durations are taken together, so that a percentile has enough to stand on.
fn together(axis: Axis, durations: &BTreeMap<i64, Latencies>) -> i64 {
    /// Durations that a percentile should rest on.
    const ENOUGH: i64 = 40;
    let all: u64 = durations.values().map(Latencies::count).sum();
    let all = i64::try_from(all).unwrap_or(i64::MAX).max(1);
    let points = i64::try_from(durations.len()).unwrap_or(axis.points);
    (ENOUGH * points / all + 1).min(12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_points_few() {
        let hour = Axis::over(&(7 * SECOND..3607 * SECOND));
        assert_eq!(hour.step, 30 * SECOND);
        assert_eq!(hour.start, 0);
        assert_eq!(hour.point(3607 * SECOND), Some(120));
        assert_eq!(hour.point(-1), None);
        let year = Axis::over(&(0..365 * 86_400 * SECOND));
        assert!(year.points <= 4 * POINTS);
        let nothing = Axis::over(&(5..5));
        assert_eq!((nothing.step, nothing.points), (SECOND, 1));
    }
}
