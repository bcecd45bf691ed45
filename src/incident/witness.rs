//! Whether counted requests can tell that errors in a log hurt nobody.
//!
//! A service whose own requests are counted would have failed some. Of another, those who count
//! requests know only if they see what it does: they are at least as busy as it is, at that time. A healthy
//! service behind a failing one sees but a part of its requests, and none that fail before they reach it.

use super::elsewhere;
use super::group::Group;
use crate::signal::Signal;
use crate::survey::{Rate, Survey, Tally, What};
use recon_parsers::stamp::SECOND;

/// Errors that are no more than one for so many requests may be beside them.
const FEW: u64 = 4;

/// What hurts within so long (two minutes) of a log's first entry did before.
const BEGIN: i64 = 120 * SECOND;

/// The services and what is counted of them.
#[derive(Clone, Copy)]
pub(super) struct Witnesses<'s>(&'s Survey);

impl<'s> Witnesses<'s> {
    pub(super) const fn of(survey: &'s Survey) -> Self {
        Self(survey)
    }

    /// Whether a signal is of trouble that users cannot meet.
    pub(super) fn never_meet(self, signal: &Signal) -> bool {
        elsewhere::is(signal, self.0)
    }

    /// Whether the logs of what hurts begin when it already does.
    pub(super) fn begin_with(self, group: &Group<'_>) -> bool {
        let services = group.bursts.iter().filter_map(|b| b.service.as_ref());
        let tallies = services.filter_map(|s| self.0.services.get(s));
        let first = |t: &Tally| t.rates.get(&What::Entries)?.first().map(|m| m.nanos);
        let begins: Vec<i64> = tallies.filter_map(first).collect();
        !begins.is_empty() && begins.iter().all(|at| *at >= group.from - BEGIN)
    }

    /// Whether requests tell how all services of a group fared while it lasted.
    pub(super) fn know_all(self, group: &Group<'_>) -> bool {
        let mut services = group.services.iter();
        services.all(|s| self.know(s, group.from, group.to))
    }

    /// The same of the service that a signal is about.
    pub(super) fn know_of(self, signal: &Signal, end: i64) -> bool {
        let to = signal.to.map_or(end, |t| t.nanos);
        let service = signal.service.as_deref().unwrap_or_default();
        self.know(service, signal.from.nanos, to)
    }

    fn know(self, service: &str, from: i64, to: i64) -> bool {
        let within = |tally: &Tally, what: What| {
            let count = |r: &Rate| {
                r.between(
                    from.div_euclid(SECOND),
                    to.div_euclid(SECOND).saturating_add(1),
                )
            };
            tally.rates.get(&what).map_or(0, count)
        };
        let own = self.0.services.get(service);
        let served = |tally: &Tally| {
            let all = [What::Requests, What::Failed, What::Denied, What::Gone];
            all.into_iter().map(|what| within(tally, what)).sum::<u64>()
        };
        if let Some(tally) = own.filter(|t| served(t) > 0) {
            // Some log a request only where it went well: then errors are as many as they, and it never failed one.
            let tells = tally
                .rates
                .get(&What::Failed)
                .is_some_and(|r| r.total() > 0);
            return tells || within(tally, What::Errors) <= served(tally) / FEW;
        }
        let busy = own.map_or(0, |t| within(t, What::Entries));
        self.0.services.values().any(|t| served(t) > busy)
    }
}
