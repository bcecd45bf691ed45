//! Requests that stay longer in a service, as the times between their entries tell.
//!
//! Between two sites that follow each other a request takes about as long every time. Where it takes
//! many times as long, one of the two services is slow: its own steps tell of it alone, a call and its
//! return of the one that calls as well, which is called by others too.

use super::error_burst::stamp;
use super::streak::{Share, run, weight};
use super::walk::watched;
use super::{Flow, Oddity, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::{Step, Survey};
use recon_parsers::stamp::SECOND;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule = Rule {
    name: "delay",
    find,
};

/// Requests that pass two sites without which nothing is said of their pace.
const PASSES: usize = 5;
/// Times the usual pace that is slow.
const TIMES: i64 = 8;
/// Nanoseconds (half a millisecond) that are no pace at all: a scheduler's whim.
const FINEST: i64 = SECOND / 2000;
/// Nanoseconds (five milliseconds) that a slow one loses at least.
const LOST: i64 = SECOND / 200;
/// Share of the paces that are slow, at least.
const SHARE: f64 = 0.2;
/// Paces outside, and requests within, without which nothing is said; as many must have gone well before.
const FEWEST: usize = 3;
/// Less than this, in nats, may be luck.
const LEAST: f64 = 8.0;

/// The time that one request took from one site to the next.
#[derive(Clone, Copy)]
struct Pace {
    from: Step,
    to: Step,
    request: usize,
    took: i64,
}

/// A pace, and the usual one between these sites.
#[derive(Clone, Copy)]
struct Held {
    pace: Pace,
    usual: i64,
}

impl Held {
    const fn is_slow(&self) -> bool {
        self.pace.took > TIMES * self.usual && self.pace.took - self.usual > LOST
    }
}

fn find(survey: &Survey) -> Vec<Signal> {
    let mut by_service: BTreeMap<&str, Vec<Held>> = BTreeMap::new();
    for ((a, b), paces) in paces(survey) {
        let Some(usual) = median(&paces).filter(|_| paces.len() >= PASSES) else {
            continue;
        };
        let usual = usual.max(FINEST);
        let services = [a, b].map(|site| survey.trails.site(site).map(|s| s.service.as_str()));
        let services: BTreeSet<&str> = services.into_iter().flatten().collect();
        for service in services {
            let held = paces.iter().map(|pace| Held { pace: *pace, usual });
            by_service.entry(service).or_default().extend(held);
        }
    }
    let watched = watched(survey);
    let signals = by_service
        .into_iter()
        .filter_map(|(service, held)| signal(service, held, watched));
    signals.collect()
}

/// The paces between all sites that follow each other: of each request one, the median of them.
fn paces(survey: &Survey) -> BTreeMap<(u64, u64), Vec<Pace>> {
    let mut all: BTreeMap<(u64, u64), Vec<Pace>> = BTreeMap::new();
    for (request, trail) in survey.trails.iter().enumerate() {
        // Clocks that tell seconds only know nothing of paces.
        if trail.iter().all(|s| s.nanos % SECOND == 0) {
            continue;
        }
        let mut own: BTreeMap<(u64, u64), Vec<Pace>> = BTreeMap::new();
        for pair in trail.windows(2) {
            let [from, to] = *pair else { continue };
            own.entry((from.site, to.site)).or_default().push(Pace {
                from,
                to,
                request,
                took: to.nanos - from.nanos,
            });
        }
        for (sites, mut paces) in own {
            paces.sort_by_key(|p| (p.took, p.from));
            let middle = paces.get(paces.len() / 2);
            all.entry(sites).or_default().extend(middle);
        }
    }
    all
}

fn median(paces: &[Pace]) -> Option<i64> {
    let mut took: Vec<i64> = paces.iter().map(|p| p.took).collect();
    took.sort_unstable();
    took.get(took.len() / 2).copied()
}

/// The stretch in which a service was slow.
fn signal(service: &str, mut held: Vec<Held>, watched: i64) -> Option<Signal> {
    held.sort_by_key(|h| (h.pace.from, h.pace.to));
    let slow = |h: &Held| h.is_slow() && h.pace.from.nanos >= watched;
    let range = run(held.iter().map(slow));
    // The pace of hours ago is that of other loads: it must have been usual of late, too.
    let late = held.partition_point(|h| h.pace.from.nanos < watched);
    let inside = &held[range.clone()];
    let odd: Vec<&Held> = inside.iter().filter(|h| slow(h)).collect();
    let requests: BTreeSet<usize> = odd.iter().map(|h| h.pace.request).collect();
    let within = Share {
        odd: odd.len(),
        of: inside.len(),
    };
    let outside = Share {
        odd: held.iter().filter(|h| h.is_slow()).count() - odd.len(),
        of: held.len() - inside.len(),
    };
    if requests.len() < FEWEST || outside.of < FEWEST || range.start < late + FEWEST {
        return None;
    }
    let weight = weight(within, outside, 0.0);
    if within.value() < SHARE || weight < LEAST {
        return None;
    }
    let (first, last) = (odd.first()?, odd.last()?);
    let middle = |mut all: Vec<i64>| {
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(0)
    };
    let ends = [first.pace.from.cite, first.pace.to.cite];
    Some(Signal {
        rule: RULE.name,
        from: stamp(first.pace.from.mark()),
        to: (held.len() - range.end >= FEWEST).then(|| stamp(last.pace.to.mark())),
        service: Some(service.to_owned()),
        sign: Sign::Flow(Flow {
            oddity: Oddity::Delayed {
                usual: middle(odd.iter().map(|h| h.usual).collect()),
                took: middle(odd.iter().map(|h| h.pace.took).collect()),
            },
            odd: within.odd as u64,
            of: within.of as u64,
            odd_before: outside.odd as u64,
            of_before: outside.of as u64,
            weight,
            not_before: held[..range.start].last().map(|h| stamp(h.pace.to.mark())),
            last: last.pace.to.cite,
        }),
        evidence: Evidence::of(ends)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request every other second for half an hour through `edge`, `stock` and `store`; so many
    /// milliseconds pass from one step to the next.
    fn survey(steps: impl Fn(u64) -> [i64; 4]) -> Survey {
        let services = ["edge", "stock", "store", "stock", "edge"];
        let mut survey = Survey::default();
        for n in 0..900_u64 {
            let mut at = n.cast_signed() * 2 * SECOND + 1;
            for (place, service) in services.iter().enumerate() {
                let says = format!("step {place}");
                survey.trails.put(n, at, service, &says);
                at += steps(n).get(place).map_or(0, |ms| ms * SECOND / 1000);
            }
        }
        survey
    }

    #[test]
    fn the_slow_service_is_told_from_those_that_wait_for_it() {
        let slow = |n| {
            if (600..700).contains(&n) {
                [4, 70, 90, 5]
            } else {
                [4, 5, 6, 5]
            }
        };
        let mut found = find(&survey(slow));
        let weight = |s: &Signal| match &s.sign {
            Sign::Flow(f) => f.weight,
            _ => 0.0,
        };
        found.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let first = found.first().expect("a delay");
        assert_eq!(first.service.as_deref(), Some("store"), "{found:?}");
        assert_eq!(first.from.nanos / SECOND, 1200);
        assert_eq!(first.to.map(|t| t.nanos / SECOND), Some(1398));
    }

    #[test]
    fn ordinary_jitter_is_no_delay() {
        let jitter = |n: u64| {
            let ms = |by: u64| 4 + (n * by % 17).cast_signed();
            [ms(3), ms(5), ms(7), ms(11)]
        };
        assert_eq!(find(&survey(jitter)), []);
    }

    /// A few long ones are always among them.
    #[test]
    fn rare_long_ones_are_no_delay() {
        let rare = |n: u64| {
            if n.is_multiple_of(40) {
                [4, 400, 6, 5]
            } else {
                [4, 5, 6, 5]
            }
        };
        assert_eq!(find(&survey(rare)), []);
    }
}
