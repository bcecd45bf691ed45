//! Errors that rise above what is usual, with onset and recovery to the second.
//!
//! Requests count as failed by their status (5xx), or as refused (401, 403, 408, 429), or as
//! given up by their clients (460, 499), against all requests of the same operations; log entries at level error count against time.

use super::detector::{self, Series, Stretch};
use super::event::{Event, merge_events, slack};
use super::pool::Pool;
use super::unwatched::Unwatched;
use super::{Burst, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::{Mark, Rate, Survey, Tally, What};
use rayon::prelude::*;
use recon_parsers::{Basis, Precision, Stamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) const RULE: Rule = Rule {
    name: "error-burst",
    find,
};

/// Errors above the usual that a burst has at least.
const EXCESS: f64 = 8.0;
/// Share of requests that fail in a burst at least.
const SHARE: f64 = 0.02;
/// Errors a minute in a log below which nothing is said of them: a mailbox that bounces.
const LOUD: f64 = 0.5;
/// Share of requests that fail from which on a burst is no chance.
const PLAIN: f64 = 0.08;
/// How much likelier, in nats, it is below that that requests failed at another rate than otherwise:
/// of dozens of operations, each looked at for hours, some have ten by chance.
const CONTRAST: f64 = 14.0;
/// Times the usual rate of an operation that makes it one of those that failed.
pub(super) const TIMES: f64 = 3.0;
/// Seconds (five minutes) that a time of which nothing is known counts as, in a log without requests:
/// a pause, not hours without an error.
const UNKNOWN: i64 = 300;

fn find(survey: &Survey) -> Vec<Signal> {
    let unwatched = Unwatched::of(survey, UNKNOWN);
    let of_service = |(service, tally): (&String, &Tally)| {
        let span = span(tally)?;
        let mut found = request_bursts(service, tally, &span);
        if let Some(errors) = tally.rates.get(&What::Errors) {
            found.extend(log_bursts(service, errors, &span, &unwatched));
        }
        Some(found)
    };
    let found = survey.services.par_iter().filter_map(of_service);
    found.flatten_iter().collect()
}

/// The seconds that a service's entries cover.
pub(super) fn span(tally: &Tally) -> Option<Range<i64>> {
    let all = tally.rates.get(&What::Entries)?;
    Some(second(all.first()?)..second(all.last()?) + 1)
}

const fn second(mark: Mark) -> i64 {
    mark.nanos.div_euclid(recon_parsers::stamp::SECOND)
}

pub(super) fn counts(rate: &Rate) -> Vec<(i64, f64)> {
    rate.seconds()
        .map(|(at, s)| (at, f64::from(s.count)))
        .collect()
}

/// Rates of a service by operation.
pub(super) type Operations<'t> = BTreeMap<&'t String, &'t BTreeMap<What, Rate>>;

fn request_bursts(service: &str, tally: &Tally, span: &Range<i64>) -> Vec<Signal> {
    let operations: Operations<'_> = tally.operations.iter().collect();
    let kinds = [What::Failed, What::Denied, What::Gone].into_par_iter();
    let found = kinds.flat_map_iter(|what| {
        let asked = Asked {
            service,
            operations: &operations,
            what,
            span,
            share: SHARE,
        };
        asked.bursts(RULE.name)
    });
    found.collect()
}

/// What is looked for in the requests of a service.
pub(super) struct Asked<'a> {
    pub(super) service: &'a str,
    pub(super) operations: &'a Operations<'a>,
    pub(super) what: What,
    pub(super) span: &'a Range<i64>,
    /// Share of requests within a burst at least.
    pub(super) share: f64,
}

impl Asked<'_> {
    /// The bursts, each with the operations it is limited to.
    pub(super) fn bursts(&self, rule: &'static str) -> Vec<Signal> {
        let every: Vec<&String> = self.operations.keys().copied().collect();
        let events = self.events(&every);
        let windows: Vec<Range<i64>> = events.iter().map(|e| e.window.clone()).collect();
        let mut found = Vec::new();
        let mut told: Vec<(i64, Vec<String>)> = Vec::new();
        for (n, event) in events.iter().enumerate() {
            let affected: Vec<&String> = every
                .iter()
                .copied()
                .filter(|name| {
                    let other = events.iter().enumerate();
                    let mut rivals = other.filter(|(m, e)| *m != n && e.overlaps(event));
                    event.operations.contains(*name)
                        || rivals.all(|(_, e)| !e.operations.contains(*name))
                            && self.is_affected(name, &event.window, &windows)
                })
                .collect();
            let names = if affected.is_empty() {
                every.clone()
            } else {
                affected
            };
            let pool = self.pool(&names);
            let stretches = self.search(&pool);
            let limited: Vec<String> = if names.len() < every.len() {
                names.iter().map(ToString::to_string).collect()
            } else {
                vec![]
            };
            // An event may pause: its rare operations tell nothing of that, all together do.
            for stretch in within(&stretches, &event.window) {
                if !told.contains(&(stretch.start, limited.clone())) {
                    told.push((stretch.start, limited.clone()));
                    let (service, mut names) = (self.service, limited.clone());
                    // The one with the most failures first: it is the one to be named.
                    names.sort_by_cached_key(|name| Reverse(self.failures(name, &stretch)));
                    found.extend(signal(rule, service, self.what, names, &pool, stretch));
                }
            }
        }
        found
    }

    /// What happened to which operations. A small operation drowns in the whole service, and
    /// the whole shows what each hides.
    fn events(&self, every: &[&String]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for name in every {
            for stretch in self.search(&self.pool(&[*name])) {
                events.push(Event {
                    window: stretch.start..stretch.end,
                    operations: BTreeSet::from([(*name).clone()]),
                    slack: slack(&stretch),
                });
            }
        }
        let mut events = merge_events(events);
        for stretch in self.search(&self.pool(every)) {
            let window = stretch.start..stretch.end;
            let mut own = events.iter_mut().filter(|e| e.touches(&window));
            match (own.next(), own.next()) {
                (None, _) => events.push(Event {
                    window,
                    operations: BTreeSet::new(),
                    slack: slack(&stretch),
                }),
                // Of one event the whole knows the ends as well as its parts.
                (Some(one), None) => {
                    one.window = one.window.start.min(window.start)..one.window.end.max(window.end);
                }
                _ => {}
            }
        }
        events.sort_by_key(|e| (e.window.start, e.window.end));
        events
    }

    fn pool(&self, names: &[&String]) -> Pool {
        Pool::of(self.operations, names, self.what)
    }

    fn failures(&self, name: &String, stretch: &Stretch) -> u64 {
        let rate = self.operations.get(name).and_then(|o| o.get(&self.what));
        rate.map_or(0, |r| r.between(stretch.start, stretch.end + 1))
    }

    fn search(&self, pool: &Pool) -> Vec<Stretch> {
        let tried = pool.tried();
        let mut all = search(&counts(&pool.failures), tried.as_deref(), self.span.clone());
        pool.settle(&mut all);
        all.retain(|s| s.level >= self.share);
        all
    }

    fn is_affected(&self, name: &String, window: &Range<i64>, all: &[Range<i64>]) -> bool {
        is_affected(self.operations, name, self.what, window, all, self.share)
    }
}

/// The stretches that have part of a window.
fn within(stretches: &[Stretch], window: &Range<i64>) -> impl Iterator<Item = Stretch> {
    let shared = |s: &&Stretch| s.start <= window.end && s.end >= window.start;
    stretches.iter().filter(shared).copied()
}

fn search(
    failures: &[(i64, f64)],
    requests: Option<&[(i64, f64)]>,
    span: Range<i64>,
) -> Vec<Stretch> {
    if failures.is_empty() {
        return Vec::new();
    }
    let series = Series {
        counts: failures,
        exposure: requests,
        span,
    };
    let found = detector::stretches(&series);
    let material = found.iter().filter(|s| is_material(s));
    let certain = material.filter(|s| s.level >= PLAIN || series.contrast(s, &found) >= CONTRAST);
    certain.copied().collect()
}

fn is_material(stretch: &Stretch) -> bool {
    let excess = stretch.count * (1.0 - stretch.base / stretch.level);
    let long = stretch.end - stretch.start >= 30;
    // A log without an error before is taken to have had a little: eight of eight are above it.
    excess.round() >= EXCESS && long && stretch.level >= TIMES * stretch.base
}

/// Whether an operation fails in a window well above its usual, which is that outside of all windows.
#[allow(clippy::cast_precision_loss)]
fn is_affected(
    operations: &Operations<'_>,
    name: &String,
    what: What,
    window: &Range<i64>,
    all: &[Range<i64>],
    share: f64,
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
    bad >= 3.0 && bad / of.max(1.0) >= (TIMES * usual).max(share)
}

/// Errors that come by the clock are a job's, not an outage's: at least three stretches, one as
/// long after the other as the next.
fn is_habit(found: &[Stretch]) -> bool {
    let gaps: Vec<i64> = found.windows(2).map(|w| w[1].start - w[0].start).collect();
    let (Some(least), Some(most)) = (gaps.iter().min(), gaps.iter().max()) else {
        return false;
    };
    gaps.len() >= 2 && most - least <= least / 20
}

fn log_bursts(
    service: &str,
    errors: &Rate,
    span: &Range<i64>,
    unwatched: &Unwatched,
) -> Vec<Signal> {
    let pool = Pool::of_log(errors.clone());
    let known = |second: i64| unwatched.squeeze(second, UNKNOWN);
    let errors: Vec<(i64, f64)> = counts(errors)
        .into_iter()
        .map(|(s, n)| (known(s), n))
        .collect();
    let mut found = search(&errors, None, known(span.start)..known(span.end));
    for stretch in &mut found {
        stretch.start = unwatched.expand(stretch.start, UNKNOWN);
        stretch.end = unwatched.expand(stretch.end, UNKNOWN);
    }
    found.retain(|s| s.level * 60.0 >= LOUD);
    if is_habit(&found) {
        return Vec::new();
    }
    found
        .into_iter()
        .filter_map(|s| signal(RULE.name, service, What::Errors, vec![], &pool, s))
        .collect()
}

fn signal(
    rule: &'static str,
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
        rule,
        from: stamp(first),
        to: stretch.over.then(|| stamp(last)),
        service: Some(service.to_owned()),
        sign: Sign::Burst(burst),
        evidence: Evidence::new(first.cite),
    })
}

/// The time of a counted entry. Counts are kept without the basis of their times; a file's own
/// notices tell what was assumed.
pub(super) const fn stamp(mark: Mark) -> Stamp {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Errors at these seconds of a log that covers seven minutes.
    fn bursts(seconds: &[i64]) -> usize {
        let errors: Vec<(i64, f64)> = seconds.iter().map(|s| (*s, 1.0)).collect();
        search(&errors, None, 0..420).len()
    }

    #[test]
    fn a_few_errors_are_a_burst_where_there_never_were_any() {
        let eight = [363, 369, 376, 383, 390, 396, 404, 411];
        assert_eq!(bursts(&eight), 1);
        assert_eq!(bursts(&eight[1..]), 0, "seven");
    }

    #[test]
    fn as_many_errors_all_the_time_are_none() {
        let all: Vec<i64> = (0..420).step_by(7).collect();
        assert_eq!(bursts(&all), 0);
    }
}
