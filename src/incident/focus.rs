//! What the close-up of an incident should look at.

use super::flow::flow;
use super::group::Group;
use crate::signal::{Burst, Sign, Signal};
use crate::survey::{Survey, What};
use recon_parsers::stamp::SECOND;
use std::collections::BTreeSet;

/// The service and the operations whose failures are the impact, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// The service whose own account of requests (or errors) is counted; absent if nothing was measured.
    pub service: Option<String>,
    /// The operations; empty for all.
    pub operations: BTreeSet<String>,
    /// What counts as a failure.
    pub failures: BTreeSet<What>,
    /// The first nanosecond of the impact.
    pub from: i64,
    /// The last.
    pub to: i64,
    /// Tickets in the bursts of the incident.
    pub tickets: u64,
    /// Another service in whose log about as many requests failed: it may name users where this one does not.
    pub witness: Option<Box<Focus>>,
    /// Other services whose requests failed in the same way at that time: where one front counts the requests of each,
    /// theirs are failed, too.
    pub others: Vec<Focus>,
}

/// Other services looked at, at most: their log is read again for each.
const OTHERS: usize = 8;

/// A witness saw at least so many of a hundred of the failures.
const SEEN: u64 = 80;
/// And at most so many for a hundred of them.
const BEYOND: u64 = 125;

impl Focus {
    /// The service with the most failed requests; where none counts requests, the one with the most errors.
    pub(super) fn of(group: &Group<'_>, end: i64, survey: &Survey) -> Self {
        let tickets = tickets(group);
        let bursts: Vec<(&Signal, &Burst)> = group
            .bursts
            .iter()
            .filter_map(|s| match &s.sign {
                Sign::Burst(b) => Some((*s, b)),
                _ => None,
            })
            .collect();
        // Errors in a log are those of the requests that went astray if the same service has them.
        let astray = super::milestones::hurting(group);
        let astray = astray.iter().find(|s| flow(s).is_some());
        let ours = |s: &Signal| astray.is_none_or(|a| a.service == s.service);
        let main = bursts.iter().filter(|(s, _)| ours(s)).max_by_key(|(s, b)| {
            (
                b.requests.is_some() && b.what != What::Slow,
                b.requests.is_some(),
                given_up(s, b, end, survey),
                b.count,
                std::cmp::Reverse(s.service.clone()),
            )
        });
        let Some((main, kind)) = main else {
            return Self {
                from: astray.map_or(group.from, |s| s.from.nanos),
                to: group.to,
                tickets,
                ..Self::default()
            };
        };
        let mut focus = Self::on(main, kind, &bursts, end);
        focus.tickets = tickets;
        let measured = |b: &Burst| b.requests.is_some() && b.what == kind.what;
        let seen = |b: &Burst| (kind.count * SEEN..=kind.count * BEYOND).contains(&(b.count * 100));
        let witness = bursts
            .iter()
            .filter(|(s, b)| s.service != main.service && measured(kind) && measured(b) && seen(b))
            .max_by_key(|(s, b)| (b.count, std::cmp::Reverse(s.service.clone())));
        focus.others = others(&focus, main, kind, &bursts, end);
        focus.witness = witness.map(|(s, b)| Box::new(Self::on(s, b, &bursts, end)));
        focus
    }

    /// The failures of the service of a burst, and of the same sort.
    fn on(main: &Signal, kind: &Burst, bursts: &[(&Signal, &Burst)], end: i64) -> Self {
        let own: Vec<&(&Signal, &Burst)> = bursts
            .iter()
            .filter(|(s, b)| {
                s.service == main.service
                    && b.requests.is_some() == kind.requests.is_some()
                    && ((b.what == What::Slow) == (kind.what == What::Slow) || slows(s, main, end))
            })
            .collect();
        let whole = own.iter().any(|(_, b)| b.operations.is_empty());
        let operations = own.iter().flat_map(|(_, b)| b.operations.iter().cloned());
        let ends = own.iter().map(|(s, _)| s.to.map_or(end, |t| t.nanos));
        Self {
            service: main.service.clone(),
            operations: operations.filter(|_| !whole).collect(),
            failures: own.iter().map(|(_, b)| failure(b.what)).collect(),
            from: own
                .iter()
                .map(|(s, _)| s.from.nanos)
                .min()
                .unwrap_or(main.from.nanos),
            to: ends.max().unwrap_or(end),
            ..Self::default()
        }
    }
}

/// The services besides the main one of whose requests most failed at that time.
fn others(
    focus: &Focus,
    main: &Signal,
    kind: &Burst,
    all: &[(&Signal, &Burst)],
    end: i64,
) -> Vec<Focus> {
    let mut found: Vec<Focus> = Vec::new();
    let mut bursts: Vec<&(&Signal, &Burst)> = all.iter().collect();
    bursts.sort_by_key(|(s, b)| (std::cmp::Reverse(b.count), s.service.clone()));
    for (signal, burst) in &bursts {
        if found.len() == OTHERS {
            break;
        }
        let measured = burst.requests.is_some() && burst.what != What::Slow;
        let known = found.iter().any(|f| f.service == signal.service);
        if !measured || kind.requests.is_none() || signal.service == main.service || known {
            continue;
        }
        let other = Focus::on(signal, burst, all, end);
        if other.failures == focus.failures && other.from <= focus.to && focus.from <= other.to {
            found.push(other);
        }
    }
    found
}

/// How many requests of a service failed while it was slow: whom users meet gives them up, not whom it asks.
fn given_up(signal: &Signal, burst: &Burst, end: i64, survey: &Survey) -> u64 {
    let tally = signal.service.as_ref().and_then(|s| survey.services.get(s));
    let failed = tally.and_then(|t| t.rates.get(&What::Failed));
    let to = signal.to.map_or(end, |t| t.nanos).div_euclid(SECOND);
    let from = signal.from.nanos.div_euclid(SECOND);
    let slow = failed.filter(|_| burst.what == What::Slow);
    slow.map_or(0, |rate| rate.between(from, to.saturating_add(1)))
}

/// What fails while answers are slow are the requests that were given up: too few, often, to be a rise
/// by themselves.
const fn failure(what: What) -> What {
    match what {
        What::Slow => What::Failed,
        other => other,
    }
}

/// Slow answers and failures at one time are of one degradation.
fn slows(signal: &Signal, main: &Signal, end: i64) -> bool {
    let to = |s: &Signal| s.to.map_or(end, |t| t.nanos);
    signal.from.nanos <= to(main) && main.from.nanos <= to(signal)
}

fn tickets(group: &Group<'_>) -> u64 {
    let counts = group.tickets.iter().map(|s| match s.sign {
        Sign::Tickets { count, .. } => count,
        _ => 0,
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use recon_parsers::{Basis, Precision, Stamp};
    use std::ops::Range;

    fn burst(service: &str, what: What, seconds: Range<i64>, operation: &str) -> Signal {
        let stamp = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        let cite = Cite {
            file: FileId(0),
            offset: seconds.start.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule: "test",
            from: stamp(seconds.start),
            to: Some(stamp(seconds.end)),
            service: Some(service.to_owned()),
            sign: Sign::Burst(Burst {
                operations: vec![operation.to_owned()],
                ..Burst::specimen(what, cite)
            }),
            evidence: Evidence::new(cite),
        }
    }

    /// When, in seconds, what fails is looked at, what that is, and at how many operations.
    fn focus(bursts: &[Signal]) -> (Range<i64>, Vec<What>, usize) {
        let group = Group {
            bursts: bursts.iter().collect(),
            ..Group::default()
        };
        let focus = Focus::of(&group, 9000 * SECOND, &Survey::default());
        let span = focus.from / SECOND..focus.to / SECOND;
        (
            span,
            focus.failures.into_iter().collect(),
            focus.operations.len(),
        )
    }

    #[test]
    fn what_is_given_up_while_answers_are_slow_failed() {
        let slow = burst("edge", What::Slow, 1000..3000, "GET /loom");
        assert_eq!(focus(&[slow]), (1000..3000, vec![What::Failed], 1));
    }

    #[test]
    fn slow_answers_at_the_time_of_failures_are_of_one_impact() {
        let failed = burst("edge", What::Failed, 1400..2800, "GET /loom");
        let slow = burst("edge", What::Slow, 1000..3000, "GET /yarn");
        assert_eq!(focus(&[failed, slow]), (1000..3000, vec![What::Failed], 2));
    }

    #[test]
    fn slow_answers_at_another_time_or_elsewhere_are_not() {
        let failed = || burst("edge", What::Failed, 1400..2800, "GET /loom");
        let alone = (1400..2800, vec![What::Failed], 1);
        let earlier = burst("edge", What::Slow, 100..900, "GET /yarn");
        assert_eq!(focus(&[failed(), earlier]), alone);
        let elsewhere = burst("mill", What::Slow, 1000..3000, "GET /yarn");
        assert_eq!(focus(&[failed(), elsewhere]), alone);
    }
}
