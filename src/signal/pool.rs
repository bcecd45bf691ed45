//! Failures of some operations together, and the requests that could have failed so.
//!
//! A request ends in one way. Where nearly all end with 5xx, none is left to be refused, and the refusals of
//! every day (a session that lapsed) seem to rise as soon as the outage ends, or before it begins. So failures
//! of one class are held against the requests that did not fail in the other.

use super::detector::Stretch;
use super::error_burst::{Operations, TIMES, counts};
use crate::survey::{Rate, What};
use std::collections::BTreeMap;

/// Failures and requests of some operations together.
pub(super) struct Pool {
    pub(super) failures: Rate,
    pub(super) requests: Option<Rate>,
    /// Requests that failed otherwise.
    others: Rate,
}

impl Pool {
    /// What `names` of the operations tell.
    pub(super) fn of(operations: &Operations<'_>, names: &[&String], what: What) -> Self {
        let sum = |what: What| sum(operations, names, what);
        let failures = sum(what);
        // Where nothing failed, nobody asks of how many.
        if failures.first().is_none() {
            return Self {
                failures,
                requests: Some(Rate::default()),
                others: Rate::default(),
            };
        }
        let ends = [What::Failed, What::Denied, What::Gone];
        let mut others = Rate::default();
        for other in ends
            .into_iter()
            .filter(|o| ends.contains(&what) && *o != what)
        {
            others.merge(sum(other));
        }
        Self {
            failures,
            requests: Some(sum(What::Requests)),
            others,
        }
    }

    /// Errors of a log, which tells of no requests.
    pub(super) fn of_log(errors: Rate) -> Self {
        Self {
            failures: errors,
            requests: None,
            others: Rate::default(),
        }
    }

    /// Second by second, the requests that could have failed so: all that did not fail otherwise.
    pub(super) fn tried(&self) -> Option<Vec<(i64, f64)>> {
        let mut tried = counts(self.requests.as_ref()?);
        let others: BTreeMap<i64, f64> = counts(&self.others).into_iter().collect();
        for (second, count) in &mut tried {
            *count -= others.get(second).copied().unwrap_or_default();
        }
        tried.retain(|(_, count)| *count > 0.0);
        Some(tried)
    }

    /// States the shares of stretches by all requests, and drops those that by all requests are none: who is refused
    /// at the door, before anything behind it can fail, is as many of all requests as ever.
    pub(super) fn settle(&self, stretches: &mut Vec<Stretch>) {
        let Some(requests) = self.requests.as_ref().filter(|_| self.others.total() > 0) else {
            return;
        };
        let inside = |rate: &Rate, s: &Stretch| number(rate.between(s.start, s.end + 1));
        let sum = |rate: &Rate| -> f64 { stretches.iter().map(|s| inside(rate, s)).sum() };
        let failed = number(self.failures.total()) - sum(&self.failures);
        let of = number(requests.total()) - sum(requests);
        let usual = failed / of.max(1.0);
        for stretch in stretches.iter_mut() {
            let of = inside(requests, stretch).max(1.0);
            stretch.level = inside(&self.failures, stretch) / of;
        }
        stretches.retain(|s| s.level >= TIMES * usual);
    }
}

/// What happened so in all of `names`: halves of halves are put together, since each that is added
/// to all before it copies all of them once more.
fn sum(operations: &Operations<'_>, names: &[&String], what: What) -> Rate {
    match names {
        [] => Rate::default(),
        [name] => operations
            .get(*name)
            .and_then(|o| o.get(&what))
            .cloned()
            .unwrap_or_default(),
        _ => {
            let (these, those) = names.split_at(names.len() / 2);
            let half = |names| sum(operations, names, what);
            let (mut all, more) = rayon::join(|| half(these), || half(those));
            all.merge(more);
            all
        }
    }
}

#[allow(clippy::cast_precision_loss)]
const fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::signal::Sign;
    use crate::survey::{Mark, Survey};

    /// Two hours of two requests a second; `ends` says how each ended, by its number. Gives what rose, and when.
    fn rises(ends: impl Fn(i64) -> What) -> Vec<(What, i64)> {
        let mut survey = Survey::default();
        let tally = survey.services.entry("pier".to_owned()).or_default();
        for n in 0..14_400_i64 {
            let mark = Mark {
                nanos: n * 500_000_000,
                cite: Cite {
                    file: FileId(0),
                    offset: n.unsigned_abs() * 80,
                    len: 80,
                },
            };
            tally.rates.entry(What::Entries).or_default().add(mark);
            let by = tally.operations.entry(&"GET /tides".to_owned());
            by.entry(What::Requests).or_default().add(mark);
            let end = ends(n);
            if end != What::Requests {
                by.entry(end).or_default().add(mark);
            }
        }
        let found = (super::super::error_burst::RULE.find)(&survey);
        let rise = |s: &crate::signal::Signal| match &s.sign {
            Sign::Burst(burst) => (burst.what, s.from.nanos / 1_000_000_000),
            _ => panic!("{s:?}"),
        };
        found.iter().map(rise).collect()
    }

    /// Whether the request is one of so many in a hundred, as if by chance.
    fn chance(n: i64, percent: u64) -> bool {
        let mixed = n.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) % 100 < percent
    }

    fn outage(n: i64) -> bool {
        (7200..12_000).contains(&n)
    }

    #[test]
    fn refusals_of_every_day_are_no_rise_though_none_is_refused_while_all_fail() {
        let found = rises(|n| match n {
            n if outage(n) => What::Failed,
            n if chance(n, 3) => What::Denied,
            _ => What::Requests,
        });
        assert_eq!(found, [(What::Failed, 3600)]);
    }

    #[test]
    fn refusals_at_the_door_are_no_rise_though_all_behind_it_fails() {
        let found = rises(|n| match n {
            n if chance(n, 3) => What::Denied,
            n if outage(n) => What::Failed,
            _ => What::Requests,
        });
        assert_eq!(found, [(What::Failed, 3600)]);
    }

    #[test]
    fn refusals_that_rise_are_found_beside_failures() {
        let found = rises(|n| match n {
            n if outage(n) && n % 2 == 0 => What::Failed,
            n if chance(n, if outage(n) { 40 } else { 3 }) => What::Denied,
            _ => What::Requests,
        });
        let whats: Vec<What> = found.iter().map(|f| f.0).collect();
        assert_eq!(whats, [What::Failed, What::Denied]);
        assert!(found.iter().all(|f| (f.1 - 3600).abs() <= 10), "{found:?}");
    }
}
