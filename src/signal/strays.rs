//! Strays: single counts before or behind a raised stretch that belong to the usual ones.
//!
//! Where there is little traffic, a failure of ordinary noise and the first of an outage half an hour
//! later are neighbours, and the coarse search takes both for one stretch. The ends are where the
//! counts between them are best explained as raised; what is cut off has to stand for itself.

use std::ops::RangeInclusive;

/// Nats that the part to be cut off must be worth by itself to stay: the foot of a slow rise is worth
/// more, a stray failure or two less.
const ALONE: f64 = 9.0;

/// Nats that a foot before the onset must be worth, by its own rate: three failures in a row where one in two hundred fails
/// as a rule.
const FOOT: f64 = 14.0;

/// Counts with the exposure that passed, within a stretch.
pub(super) struct Run {
    /// In order.
    points: Vec<Point>,
    /// Whether each unit of exposure counts or not (requests), or time passes.
    tried: bool,
    base: f64,
    spread: f64,
}

/// A second with counts.
struct Point {
    second: i64,
    /// Count and exposure before it, since the first.
    before: (f64, f64),
    /// The same with its own.
    after: (f64, f64),
}

impl Run {
    /// The seconds with counts, each with its count; `exposure(a, b)`: from `a`, before `b`.
    pub(super) fn new(
        counts: impl Iterator<Item = (i64, f64)>,
        exposure: impl Fn(i64, i64) -> f64,
        tried: bool,
        (base, spread): (f64, f64),
    ) -> Self {
        let mut points: Vec<Point> = Vec::new();
        for (second, count) in counts {
            let before = points.last().map_or((0.0, 0.0), |last| {
                (
                    last.after.0,
                    last.after.1 + exposure(last.second + 1, second),
                )
            });
            let own = exposure(second, second + 1).max(count);
            points.push(Point {
                second,
                before,
                after: (before.0 + count, before.1 + own),
            });
        }
        Self {
            points,
            tried,
            base,
            spread,
        }
    }

    /// What speaks for a raised rate between two places, in nats.
    fn worth(&self, from: (f64, f64), to: (f64, f64)) -> f64 {
        const SURE: f64 = 0.98;
        let (count, exposure) = (to.0 - from.0, (to.1 - from.1).max(1e-9));
        let rate = count / exposure;
        if rate <= self.base {
            return 0.0;
        }
        let nats = if self.tried {
            let (base, rate) = (self.base.min(SURE), rate.min(SURE));
            let spared = (exposure - count).max(0.0);
            count * (rate / base).ln() + spared * ((1.0 - rate) / (1.0 - base)).ln()
        } else {
            count * (rate / self.base).ln() - (count - self.base * exposure)
        };
        nats / self.spread
    }

    /// The stretch without strays: its first second and its last with a count.
    pub(super) fn trimmed(&self) -> Option<RangeInclusive<i64>> {
        let (mut first, mut last) = (self.points.first()?, self.points.last()?);
        let until = last.after;
        let from = |p: &Point| self.worth(p.before, until);
        let best = self
            .points
            .iter()
            .max_by(|a, b| from(a).total_cmp(&from(b)).then(b.second.cmp(&a.second)))?;
        if self.worth(first.before, best.before) < ALONE {
            first = best;
        }
        let to = |p: &Point| self.worth(first.before, p.after);
        let rest = self.points.iter().filter(|p| p.second >= first.second);
        let best = rest.max_by(|a, b| to(a).total_cmp(&to(b)).then(a.second.cmp(&b.second)))?;
        if self.worth(best.after, until) < ALONE {
            last = best;
        }
        Some(first.second..=last.second)
    }

    /// Where the failures before the last second of the run begin that by their own rate are no chance. What breaks step by
    /// step fails for every third request at first, which beside all of them later looks like none.
    pub(super) fn foot(&self) -> Option<i64> {
        let (onset, before) = self.points.split_last()?;
        let own = |p: &Point| self.worth(p.before, onset.before);
        let best = before
            .iter()
            .max_by(|a, b| own(a).total_cmp(&own(b)).then(b.second.cmp(&a.second)))?;
        (own(best) >= FOOT).then_some(best.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Failures at these seconds of a service that gets a request every twenty seconds.
    fn trimmed(failures: &[i64]) -> RangeInclusive<i64> {
        let counts = failures.iter().map(|s| (*s, 1.0));
        #[allow(clippy::cast_precision_loss)]
        let exposure = |from: i64, to: i64| (to - from) as f64 / 20.0;
        let run = Run::new(counts, exposure, true, (0.007, 1.0));
        run.trimmed().expect("a stretch")
    }

    #[test]
    fn a_stray_failure_long_before_or_behind_is_none_of_it() {
        let outage: Vec<i64> = (1600..2000).step_by(40).collect();
        assert_eq!(trimmed(&outage), 1600..=1960);
        let early: Vec<i64> = [0].into_iter().chain(outage.clone()).collect();
        assert_eq!(trimmed(&early), 1600..=1960);
        let late: Vec<i64> = outage.into_iter().chain([3600]).collect();
        assert_eq!(trimmed(&late), 1600..=1960);
    }

    #[test]
    fn the_first_failures_are_part_of_it_though_they_are_few() {
        let outage: Vec<i64> = [1500, 1560]
            .into_iter()
            .chain((1600..2000).step_by(40))
            .collect();
        assert_eq!(trimmed(&outage), 1500..=1960);
    }

    #[test]
    fn the_foot_of_a_slow_rise_is_part_of_it() {
        let foot = (0..1600).step_by(200);
        let rise: Vec<i64> = foot.chain((1600..2000).step_by(20)).collect();
        assert_eq!(trimmed(&rise), 0..=1980);
    }

    /// The foot before an onset at 200, of a service that gets a request a second of which one in 250 fails.
    fn foot(failures: &[i64]) -> Option<i64> {
        let counts = failures.iter().chain(&[200]).map(|s| (*s, 1.0));
        #[allow(clippy::cast_precision_loss)]
        let exposure = |from: i64, to: i64| (to - from) as f64;
        Run::new(counts, exposure, true, (0.004, 1.0)).foot()
    }

    #[test]
    fn every_fourth_that_fails_before_most_do_is_a_foot() {
        let foot_of: Vec<i64> = (160..200).step_by(4).collect();
        assert_eq!(foot(&foot_of), Some(160));
        let early: Vec<i64> = [30].into_iter().chain(foot_of).collect();
        assert_eq!(foot(&early), Some(160));
    }

    #[test]
    fn one_or_two_that_fail_before_are_none() {
        assert_eq!(foot(&[170, 190]), None);
        assert_eq!(foot(&[20, 70, 120, 180]), None);
        assert_eq!(foot(&[]), None);
    }
}
