//! Many incidents at once: medians and percentiles, never a bare mean, which a few long
//! incidents decide.

/// Resamples that an interval is taken from.
const RESAMPLES: usize = 2_000;

/// What is known of one metric over many incidents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Population {
    /// Incidents that have the metric.
    pub n: usize,
    /// Half are shorter.
    pub median: f64,
    /// Three in four are shorter.
    pub p75: f64,
    /// Nine in ten are shorter.
    pub p90: f64,
    /// The mean of the orders of magnitude; absent where a value is not positive.
    pub geometric_mean: Option<f64>,
    /// Where 95 % of the medians of resampled populations lie; absent for one incident alone.
    pub interval: Option<(f64, f64)>,
}

/// The population of these values, if there are any. Their order does not matter.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn population(values: &[f64]) -> Option<Population> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let positive = sorted.first().is_some_and(|least| *least > 0.0);
    let logs: f64 = sorted.iter().map(|v| v.ln()).sum();
    Some(Population {
        n,
        median: quantile(&sorted, 0.5)?,
        p75: quantile(&sorted, 0.75)?,
        p90: quantile(&sorted, 0.9)?,
        geometric_mean: positive.then(|| (logs / n as f64).exp()),
        interval: if n > 1 { bootstrap(&sorted) } else { None },
    })
}

/// The value below which a share of sorted values lies, interpolated between neighbours.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let at = share * sorted.len().checked_sub(1)? as f64;
    let low = *sorted.get(at.floor() as usize)?;
    let high = *sorted.get(at.ceil() as usize)?;
    Some(low + (high - low) * at.fract())
}

/// The 95 % interval of the median. The generator starts from a fixed seed: the same
/// incidents give the same interval.
fn bootstrap(sorted: &[f64]) -> Option<(f64, f64)> {
    let mut random = SplitMix(0x5EED);
    let mut medians = Vec::with_capacity(RESAMPLES);
    let mut sample = Vec::with_capacity(sorted.len());
    for _ in 0..RESAMPLES {
        sample.clear();
        sample.extend((0..sorted.len()).filter_map(|_| sorted.get(random.below(sorted.len()))));
        sample.sort_by(f64::total_cmp);
        medians.push(quantile(&sample, 0.5)?);
    }
    medians.sort_by(f64::total_cmp);
    Some((quantile(&medians, 0.025)?, quantile(&medians, 0.975)?))
}

/// Vigna's SplitMix64: small, and good enough to resample with.
struct SplitMix(u64);

impl SplitMix {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let scaled = (u128::from(z) * n as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let p = population(&[40.0, 10.0, 30.0, 20.0]).expect("values");
        assert_eq!((p.n, p.median, p.p75), (4, 25.0, 32.5));
        assert!((p.p90 - 37.0).abs() < 1e-9, "{p:?}");
    }

    #[test]
    fn the_interval_holds_the_median_and_is_the_same_every_time() {
        let values: Vec<f64> = (1..=40).map(|i| f64::from(i * i)).collect();
        let p = population(&values).expect("values");
        let (low, high) = p.interval.expect("more than one");
        assert!(low < p.median && p.median < high, "{p:?}");
        let reversed: Vec<f64> = values.iter().rev().copied().collect();
        assert_eq!(population(&reversed), Some(p));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!(population(&[]), None);
        let one = population(&[60.0]).expect("a value");
        assert_eq!((one.median, one.interval), (60.0, None));
        assert_eq!(
            population(&[-5.0, 5.0]).expect("values").geometric_mean,
            None
        );
        let mean = population(&[10.0, 1000.0]).and_then(|p| p.geometric_mean);
        assert!(mean.is_some_and(|m| (m - 100.0).abs() < 1e-9), "{mean:?}");
    }
}
