//! Errors that rise above what is usual, with onset and recovery to the second.
//!
//! Requests count as failed by their status (5xx), or as refused (401, 403, 408, 429), against
//! all requests of the same operations; log entries at level error count against time.

use super::detector::{self, Series, Stretch};
use super::{Burst, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::{Mark, Rate, Survey, Tally, What};
use recon_parsers::{Basis, Precision, Stamp};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) const RULE: Rule = Rule {
    name: "error-burst",
    find,
};

/// Errors above the usual that a burst has at least.
const EXCESS: f64 = 8.0;
/// Share of requests that fail in a burst at least.
const SHARE: f64 = 0.02;
/// Times the usual rate of an operation that makes it one of those that failed.
const TIMES: f64 = 3.0;

fn find(survey: &Survey) -> Vec<Signal> {
    let mut found = Vec::new();
    for (service, tally) in &survey.services {
        let Some(span) = span(tally) else { continue };
        let requests = request_bursts(service, tally, &span);
        let logged = tally
            .rates
            .get(&What::Errors)
            .map(|r| log_bursts(service, r, &span))
            .unwrap_or_default();
        found.extend(requests);
        found.extend(logged);
    }
    found
}

/// The seconds that a service's entries cover.
fn span(tally: &Tally) -> Option<Range<i64>> {
    let all = tally.rates.get(&What::Entries)?;
    Some(second(all.first()?)..second(all.last()?) + 1)
}

const fn second(mark: Mark) -> i64 {
    mark.nanos.div_euclid(recon_parsers::stamp::SECOND)
}

fn counts(rate: &Rate) -> Vec<(i64, f64)> {
    rate.seconds()
        .map(|(at, s)| (at, f64::from(s.count)))
        .collect()
}

type Operations<'t> = BTreeMap<&'t String, &'t BTreeMap<What, Rate>>;

fn request_bursts(service: &str, tally: &Tally, span: &Range<i64>) -> Vec<Signal> {
    let operations: Operations<'_> = tally.operations.iter().collect();
    let mut found = Vec::new();
    for what in [What::Failed, What::Denied] {
        // A small operation drowns in the whole service, and the whole shows what each hides.
        let mut candidates: Vec<Stretch> = Vec::new();
        let pooled = |names: &[&String]| pool(&operations, names, what);
        let every: Vec<&String> = operations.keys().copied().collect();
        let alone = every.iter().map(|n| vec![*n]);
        for names in std::iter::once(every.clone()).chain(alone) {
            candidates.extend(search(&pooled(&names), span));
        }
        let windows = merge_windows(candidates);
        for window in &windows {
            let affected: Vec<&String> = every
                .iter()
                .copied()
                .filter(|n| is_affected(&operations, n, what, window, &windows))
                .collect();
            let names = if affected.is_empty() {
                every.clone()
            } else {
                affected
            };
            let pool = pooled(&names);
            let stretch = search(&pool, span)
                .into_iter()
                .find(|s| s.start <= window.end && s.end >= window.start);
            let Some(stretch) = stretch else { continue };
            let limited = if names.len() < every.len() {
                names.iter().map(ToString::to_string).collect()
            } else {
                vec![]
            };
            found.extend(signal(service, what, limited, &pool, stretch));
        }
    }
    found
}

/// Failures and requests of some operations together.
struct Pool {
    failures: Rate,
    requests: Option<Rate>,
}

fn pool(operations: &Operations<'_>, names: &[&String], what: What) -> Pool {
    let sum = |what: What| {
        let mut all = Rate::default();
        for name in names {
            if let Some(rate) = operations.get(*name).and_then(|o| o.get(&what)) {
                all.merge(rate.clone());
            }
        }
        all
    };
    Pool {
        failures: sum(what),
        requests: Some(sum(What::Requests)),
    }
}

fn search(pool: &Pool, span: &Range<i64>) -> Vec<Stretch> {
    let failures = counts(&pool.failures);
    if failures.is_empty() {
        return Vec::new();
    }
    let requests = pool.requests.as_ref().map(counts);
    let series = Series {
        counts: &failures,
        exposure: requests.as_deref(),
        span: span.clone(),
    };
    detector::stretches(&series)
        .into_iter()
        .filter(|s| is_material(s, pool.requests.is_some()))
        .collect()
}

fn is_material(stretch: &Stretch, of_requests: bool) -> bool {
    let excess = stretch.count * (1.0 - stretch.base / stretch.level);
    let long = stretch.end - stretch.start >= 30;
    excess >= EXCESS
        && long
        && stretch.level >= TIMES * stretch.base
        && (!of_requests || stretch.level >= SHARE)
}

/// Overlapping stretches of the service and of its operations are one event.
fn merge_windows(mut found: Vec<Stretch>) -> Vec<Range<i64>> {
    found.sort_by_key(|s| s.start);
    let mut windows: Vec<Range<i64>> = Vec::new();
    for s in found {
        match windows.last_mut() {
            Some(w) if s.start <= w.end + 300 => w.end = w.end.max(s.end),
            _ => windows.push(s.start..s.end),
        }
    }
    windows
}

/// Whether an operation fails in a window well above its usual, which is that outside of all windows.
#[allow(clippy::cast_precision_loss)]
fn is_affected(
    operations: &Operations<'_>,
    name: &String,
    what: What,
    window: &Range<i64>,
    all: &[Range<i64>],
) -> bool {
    let Some(rates) = operations.get(name) else {
        return false;
    };
    let count = |what: What, w: &Range<i64>| {
        rates
            .get(&what)
            .map_or(0, |r| r.between(w.start, w.end + 1)) as f64
    };
    let outside = |what: What| {
        let total = rates.get(&what).map_or(0, Rate::total) as f64;
        total - all.iter().map(|w| count(what, w)).sum::<f64>()
    };
    let (bad, of) = (count(what, window), count(What::Requests, window));
    let usual = (outside(what) + 0.5) / (outside(What::Requests) + 1.0);
    bad >= 3.0 && bad / of.max(1.0) >= (TIMES * usual).max(SHARE)
}

fn log_bursts(service: &str, errors: &Rate, span: &Range<i64>) -> Vec<Signal> {
    let pool = Pool {
        failures: errors.clone(),
        requests: None,
    };
    search(&pool, span)
        .into_iter()
        .filter_map(|s| signal(service, What::Errors, vec![], &pool, s))
        .collect()
}

fn signal(
    service: &str,
    what: What,
    operations: Vec<String>,
    pool: &Pool,
    stretch: Stretch,
) -> Option<Signal> {
    let first = pool.failures.first_from(stretch.start)?;
    let last = pool.failures.last_before(stretch.end + 1)?;
    let well = pool
        .requests
        .as_ref()
        .and_then(|r| r.last_before(stretch.start));
    let per_minute = if pool.requests.is_some() { 1.0 } else { 60.0 };
    let burst = Burst {
        what,
        operations,
        not_before: well.map(stamp),
        count: pool.failures.between(stretch.start, stretch.end + 1),
        first_minute: pool.failures.between(stretch.start, stretch.start + 60),
        requests: pool
            .requests
            .as_ref()
            .map(|r| r.between(stretch.start, stretch.end + 1)),
        base: stretch.base * per_minute,
        level: stretch.level * per_minute,
        last: last.cite,
    };
    Some(Signal {
        rule: RULE.name,
        from: stamp(first),
        to: stretch.over.then(|| stamp(last)),
        service: Some(service.to_owned()),
        sign: Sign::Burst(burst),
        evidence: Evidence::new(first.cite),
    })
}

/// The time of a counted entry. Counts are kept without the basis of their times; a file's own
/// notices tell what was assumed.
const fn stamp(mark: Mark) -> Stamp {
    let digits = if mark.nanos % 1_000_000_000 == 0 {
        0
    } else if mark.nanos % 1_000_000 == 0 {
        3
    } else if mark.nanos % 1000 == 0 {
        6
    } else {
        9
    };
    Stamp {
        nanos: mark.nanos,
        precision: Precision::Fraction(digits),
        basis: Basis::Stated,
    }
}
