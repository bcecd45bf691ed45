//! How much of what an objective allows to fail did fail.

use crate::incident::Impact;
use recon_parsers::stamp::DAY;

/// The period that an objective is kept over, in days.
pub const PERIOD_DAYS: i64 = 30;

/// What an incident cost of the error budget.
///
/// Always an estimate: the requests of the whole period are extrapolated from those
/// within the impact window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// The objective as a share: 0.999.
    pub objective: f64,
    /// Failed requests against the share that may fail: at 1 the budget lasts exactly the period.
    pub burn: f64,
    /// Share of the period's budget that went; absent where the length of the impact is unknown.
    pub spent: Option<f64>,
}

/// The error budget at an objective given in percent, over thirty days.
///
/// `length` is that of the impact, in nanoseconds. With `bad` and `total` requests in that
/// time, burn is `bad / total / (1 − objective)`. The period sees `total · period / length`
/// requests at that rate, so `bad / ((1 − objective) · total in period)`, the share spent, is
/// `burn · length / period`. An objective of 100 % leaves no budget to spend: no answer.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn budget(impact: &Impact, length: Option<i64>, objective_percent: f64) -> Option<Budget> {
    let total = impact.requests_total.filter(|n| *n > 0)?;
    let failed = impact.requests_failed?;
    let objective = objective_percent / 100.0;
    if !(0.0..1.0).contains(&objective) {
        return None;
    }
    let burn = failed as f64 / total as f64 / (1.0 - objective);
    let period = (PERIOD_DAYS * DAY) as f64;
    Some(Budget {
        objective,
        burn,
        spent: length.filter(|n| *n > 0).map(|n| burn * n as f64 / period),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use recon_parsers::stamp::SECOND;

    fn failing(failed: u64, total: u64) -> Impact {
        Impact {
            requests_total: Some(total),
            requests_failed: Some(failed),
            ..Impact::default()
        }
    }

    #[test]
    fn a_full_outage_of_the_allowed_length_spends_the_budget() {
        // 99.9 % of thirty days leaves 43 min 12 s.
        let all = budget(&failing(500, 500), Some(2592 * SECOND), 99.9).expect("a budget");
        assert!((all.burn - 1000.0).abs() < 1e-6, "{all:?}");
        assert!((all.spent.expect("a budget") - 1.0).abs() < 1e-9, "{all:?}");
    }

    #[test]
    fn half_failing_burns_half_as_fast() {
        let half = budget(&failing(250, 500), Some(2592 * SECOND), 99.9).expect("a budget");
        assert!(
            (half.spent.expect("a budget") - 0.5).abs() < 1e-9,
            "{half:?}"
        );
    }

    #[test]
    fn nothing_is_invented() {
        assert_eq!(budget(&failing(0, 0), Some(SECOND), 99.9), None);
        assert_eq!(budget(&Impact::default(), Some(SECOND), 99.9), None);
        assert_eq!(budget(&failing(1, 2), Some(SECOND), 100.0), None);
        assert_eq!(
            budget(&failing(1, 2), None, 99.9).expect("a budget").spent,
            None
        );
        assert_eq!(
            budget(&failing(1, 2), Some(-SECOND), 99.9)
                .expect("a budget")
                .spent,
            None
        );
    }
}
