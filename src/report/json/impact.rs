//! What an incident did to requests and users.

use super::{Evidence, Number};
use serde::{Deserialize, Serialize};

/// Requests and users; null where it could not be measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// Requests within the impact window.
    pub requests_total: Option<u64>,
    /// Of these, failed.
    pub requests_failed: Option<u64>,
    /// Highest share of failed requests in any minute.
    pub error_rate_peak: Option<Number>,
    /// Share of failed requests over the window.
    pub error_rate_mean: Option<Number>,
    /// The same before the impact.
    pub error_rate_baseline: Option<Number>,
    /// Distinct users within the window.
    pub users_active: Option<u64>,
    /// Of these, with a failed request.
    pub users_affected: Option<u64>,
    /// Affected ÷ active.
    pub users_affected_share: Option<Number>,
    /// Of the affected, without any success.
    pub users_blocked: Option<u64>,
    /// 99th percentile of the request duration, in milliseconds.
    pub latency_p99_ms: Option<Number>,
    /// The same before the impact.
    pub latency_p99_baseline_ms: Option<Number>,
    /// Customers' tickets within the window.
    #[serde(default)]
    pub tickets: u64,
    /// The numbers by service.
    #[serde(default)]
    pub by_service: Vec<ServiceImpact>,
    /// What it cost of the error budget; null without requests.
    pub error_budget: Option<Budget>,
    /// How users were told apart and what was counted.
    #[serde(default)]
    pub basis: String,
    /// First and last failure.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// Impact on one service's requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceImpact {
    /// The service.
    pub service: String,
    /// The operation, where impact is limited to some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Requests within the window.
    pub requests_total: u64,
    /// Of these, failed.
    pub requests_failed: u64,
    /// Failed ÷ total; null without requests.
    pub error_rate: Option<Number>,
    /// First failed request.
    pub evidence: Vec<Evidence>,
}

/// Failures and durations over time, point after point without gaps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The beginning of the first point.
    pub start: String,
    /// Seconds from one point to the next.
    pub step_s: Number,
    /// Requests to the affected operations; absent where only errors are counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<u64>,
    /// Of these, failed; or entries of level error.
    pub failed: Vec<u64>,
    /// Median of the request duration in milliseconds; null where too few were measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub p50_ms: Vec<Option<Number>>,
    /// 99th percentile of the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub p99_ms: Vec<Option<Number>>,
}

/// What an incident cost of the error budget.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The objective as a share.
    pub slo: Number,
    /// The period that it is kept over.
    pub period_days: i64,
    /// At 1 the budget lasts exactly the period.
    pub burn_rate: Number,
    /// Share of the budget that went; null where the length of the impact is unknown.
    pub spent_share: Option<Number>,
    /// The requests of the period are extrapolated from those of the impact window.
    pub estimated: bool,
}
