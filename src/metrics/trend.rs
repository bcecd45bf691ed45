//! Whether durations change from incident to incident, and when that cannot be said.

/// Below this the normal approximation of the test's statistic does not hold.
pub const LEAST: usize = 10;
/// The two-sided 5 % quantile of the normal distribution.
const CRITICAL: f64 = 1.96;

/// What can be said of a trend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trend {
    /// So few values that a run of luck looks like one.
    TooFew(usize),
    /// Chance explains the order of the values.
    None,
    /// It rises or falls, by the median of the slopes between all pairs (Theil and Sen).
    PerIncident(f64),
}

/// Mann's and Kendall's test over values in the order of their incidents. It asks nothing of
/// their distribution, which durations of incidents do not have in common.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn trend(values: &[f64]) -> Trend {
    let n = values.len();
    if n < LEAST {
        return Trend::TooFew(n);
    }
    let mut score = 0.0;
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    for (i, earlier) in values.iter().enumerate() {
        for (gap, later) in values.iter().skip(i + 1).enumerate() {
            let rise = later - earlier;
            score += if rise == 0.0 { 0.0 } else { rise.signum() };
            slopes.push(rise / (gap + 1) as f64);
        }
    }
    let spread = variance(values).sqrt();
    // One step towards zero: the score moves in whole steps, the normal curve does not.
    if spread == 0.0 || (f64::abs(score) - 1.0) / spread < CRITICAL {
        return Trend::None;
    }
    slopes.sort_by(f64::total_cmp);
    super::population::quantile(&slopes, 0.5).map_or(Trend::None, Trend::PerIncident)
}

/// The variance of the score if there is no trend, less for values that occur several times.
#[allow(clippy::cast_precision_loss)]
fn variance(values: &[f64]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties: f64 = sorted
        .chunk_by(|a, b| a == b)
        .map(|tied| term(tied.len() as f64))
        .sum();
    (term(values.len() as f64) - ties) / 18.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_no_trend_however_straight() {
        assert_eq!(trend(&[1.0, 2.0, 3.0]), Trend::TooFew(3));
        let straight: Vec<f64> = (0..12).map(|i| 100.0 - 5.0 * f64::from(i)).collect();
        assert_eq!(trend(&straight), Trend::PerIncident(-5.0));
    }

    #[test]
    fn chance_is_no_trend() {
        let values = [5.0, 1.0, 4.0, 2.0, 6.0, 3.0, 5.5, 1.5, 4.5, 2.5, 6.5, 3.5];
        assert_eq!(trend(&values), Trend::None);
        assert_eq!(trend(&[7.0; 20]), Trend::None);
    }

    #[test]
    fn ties_lower_the_variance() {
        // Ten values: 10·9·25 / 18 = 125; a pair takes 2·1·9 / 18 = 1 of it.
        let mut values: Vec<f64> = (0..10).map(f64::from).collect();
        assert!((variance(&values) - 125.0).abs() < 1e-9);
        values[1] = 0.0;
        assert!((variance(&values) - 124.0).abs() < 1e-9);
    }
}
