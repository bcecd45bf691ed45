//! How much usual counts vary, apart from what is raised and what leads up to it.

use super::bins::{Bin, windows};
use super::detector::{BIN, RAMP};

/// The raised bins and those in which a foot of them may stand: it is nothing usual.
fn heralded(bins: &[Bin], raised: &[bool]) -> Vec<bool> {
    let mut marked = raised.to_vec();
    let mut next: Option<u64> = None;
    for (i, bin) in bins.iter().enumerate().rev() {
        if raised[i] {
            next = Some(bin.first);
        } else if bin.length == 1 {
            let reach = (RAMP / BIN).unsigned_abs();
            marked[i] = next.is_some_and(|n| n - bin.first <= reach);
        }
    }
    marked
}

/// How much more than a Poisson process the usual counts vary (variance over mean, per minute).
pub(super) fn spread(bins: &[Bin], raised: &[bool], usual: f64) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    let raised = heralded(bins, raised);
    for window in windows(bins, |i| raised[i], (60 / BIN).unsigned_abs()) {
        let expected = usual * window.exposure;
        if expected > 0.0 && !window.chosen {
            #[allow(clippy::cast_precision_loss)]
            let times = window.times as f64;
            sum += times * (window.count - expected).powi(2) / expected;
            n += times;
        }
    }
    if n < 5.0 {
        1.0
    } else {
        (sum / n).clamp(1.0, 10.0)
    }
}
