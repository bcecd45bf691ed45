//! Requests and users that an incident hit.

use crate::cite::Evidence;

/// Requests and users that an incident hit, measured in the close-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impact {
    /// Requests to the affected operations within the impact window.
    pub requests_total: Option<u64>,
    /// Of these, failed.
    pub requests_failed: Option<u64>,
    /// Highest share of failed requests in any minute with at least ten requests.
    pub error_rate_peak: Option<f64>,
    /// Share of failed requests over the whole window.
    pub error_rate_mean: Option<f64>,
    /// Share of failed requests before the impact.
    pub error_rate_baseline: Option<f64>,
    /// Distinct users seen within the window.
    pub users_active: Option<u64>,
    /// Of these, with at least one failed request.
    pub users_affected: Option<u64>,
    /// Of these, without any success at the affected operations.
    pub users_blocked: Option<u64>,
    /// 99th percentile of the request duration within the window, in milliseconds.
    pub latency_p99_ms: Option<f64>,
    /// The same before the impact.
    pub latency_p99_baseline_ms: Option<f64>,
    /// The same numbers per service, in order of failed requests.
    pub by_service: Vec<ServiceImpact>,
    /// Tickets of customers within the window.
    pub tickets: u64,
    /// How users were told apart and what was counted, for people.
    pub basis: String,
    /// First and last failed request.
    pub evidence: Option<Evidence>,
}

/// How failures and durations ran before, during and after an incident: what a chart shows.
/// Not all of it needs to be there: points without requests have counts of errors alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The beginning of the first point, in nanoseconds since the epoch.
    pub start: i64,
    /// Nanoseconds from one point to the next.
    pub step: i64,
    /// Whether failed requests are counted against all requests; else entries of level error.
    pub requests: bool,
    /// One after the other, without gaps.
    pub points: Vec<Point>,
}

/// One point of a [`Series`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Requests to the affected operations; 0 where requests are not counted.
    pub requests: u64,
    /// Of these, failed; or entries of level error.
    pub failed: u64,
    /// Median of the request duration in milliseconds, where it was measured.
    pub p50_ms: Option<f64>,
    /// 99th percentile of the same.
    pub p99_ms: Option<f64>,
}

/// Impact on one service's requests.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceImpact {
    /// The service that logged the requests, and the operation where one stands out.
    pub service: String,
    /// The operation (method and path), where impact is limited to some.
    pub operation: Option<String>,
    /// Requests within the window.
    pub requests_total: u64,
    /// Of these, failed.
    pub requests_failed: u64,
    /// First failed request.
    pub evidence: Evidence,
}
