//! Percentiles of durations, from counts in buckets that grow by a fiftieth.

use std::collections::BTreeMap;

/// Durations by bucket; the error of a percentile is at most one per cent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Latencies(BTreeMap<i32, u64>);

/// Growth from one bucket to the next.
const GROWTH: f64 = 1.02;

impl Latencies {
    /// Adds a duration in milliseconds.
    pub(super) fn add(&mut self, ms: f64) {
        if ms.is_finite() && ms >= 0.0 {
            #[allow(clippy::cast_possible_truncation)]
            let bucket = (ms.max(0.001).ln() / GROWTH.ln()).floor() as i32;
            *self.0.entry(bucket).or_default() += 1;
        }
    }

    /// Adds another part's durations.
    pub(super) fn merge(&mut self, other: Self) {
        for (bucket, n) in other.0 {
            *self.0.entry(bucket).or_default() += n;
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The duration that this share (0 to 1) of all does not exceed, in milliseconds; of fewer than
    /// twenty durations none is told.
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let all = self.count();
        if all < 20 {
            return None;
        }
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let rank = (share * all as f64).ceil() as u64;
        let mut seen = 0;
        let bucket = self.0.iter().find(|(_, n)| {
            seen += **n;
            seen >= rank
        });
        bucket.map(|(b, _)| GROWTH.powf(f64::from(*b) + 0.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_99th_of_a_thousand() {
        let mut all = Latencies::default();
        (1..=1000).for_each(|n| all.add(f64::from(n)));
        let p99 = all.percentile(0.99).expect("enough durations");
        assert!((p99 - 990.0).abs() < 15.0, "{p99}");
        assert_eq!(Latencies::default().percentile(0.99), None);
    }
}
