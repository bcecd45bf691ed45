//! Requests that leave their usual way: after a site that always led to another comes an error, the
//! end, or a step that used to come later.
//!
//! What each step usually leads to is learnt from the requests outside of the time in question,
//! so a service is held against itself. The step that is missing tells whose the fault is: a service that is
//! called and logs nothing, or one that begins and does not go on, whoever complains of it.

use super::error_burst::stamp;
use super::streak::{Share, run, weight};
use super::walk::{Next, Visit, Walks, Way};
use super::{Flow, Oddity, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::Survey;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) const RULE: Rule = Rule {
    name: "detour",
    find,
};

/// Visits within and outside of a time without which nothing is said; as many must have gone well
/// before.
const VISITS: usize = 3;
/// Share of visits that stray, at least.
const SHARE: f64 = 0.3;
/// What is rarer than this share of the visits outside is no usual way.
const RARE: f64 = 0.02;
/// What an error that others log at other times, too, tells of what a new one would.
const KNOWN: f64 = 0.5;
/// Share of visits that must miss a step for the step to be the missing one.
const MISSED: f64 = 0.2;
/// Sites that may follow one site and are looked at, the most frequent.
const NEXT: usize = 32;
/// Less than this, in nats, may be luck: there are thousands of sites and times.
const LEAST: f64 = 8.0;

fn find(survey: &Survey) -> Vec<Signal> {
    let walks = Walks::of(survey);
    // The same step is missed whoever had called.
    let mut found: BTreeMap<(String, u64), Vec<Detour<'_>>> = BTreeMap::new();
    for (way, visits) in &walks.visits {
        if let Some(detour) = detour(&walks, visits)
            && let Some(service) = detour.blamed(&walks, *way)
        {
            found.entry((service, way.site)).or_default().push(detour);
        }
    }
    let signals = found
        .into_iter()
        .filter_map(|((service, _), detours)| signal(service, detours));
    signals.collect()
}

/// A stretch of visits that stray.
struct Detour<'v> {
    visits: &'v [Visit],
    range: Range<usize>,
    within: Share,
    outside: Share,
    weight: f64,
    odd: BTreeSet<Next>,
    /// The step that is missed, as it was passed before.
    missing: Option<Visit>,
}

/// The most unlikely stretch of visits to a site from which something else came next.
fn detour<'v>(walks: &Walks<'_>, visits: &'v [Visit]) -> Option<Detour<'v>> {
    if visits.len() < 2 * VISITS {
        return None;
    }
    let all = counts(visits.iter());
    let mut wanted: Vec<BTreeSet<Next>> = all.keys().map(|n| BTreeSet::from([*n])).collect();
    wanted.sort_by_key(|set| set.first().map(|n| std::cmp::Reverse(all[n])));
    wanted.truncate(NEXT);
    wanted.push(all.keys().copied().filter(|n| walks.is_grave(*n)).collect());
    let mut best: Option<Detour<'v>> = None;
    for mut odd in wanted {
        // What else is odd at that time makes it longer.
        for _ in 0..2 {
            let Some(found) = Detour::of(walks, visits, &odd) else {
                break;
            };
            odd.clone_from(&found.odd);
            if best.as_ref().is_none_or(|b| found.weight > b.weight) {
                best = Some(found);
            }
        }
    }
    best.filter(|b| b.weight > 0.0)
}

fn counts<'a>(visits: impl Iterator<Item = &'a Visit>) -> BTreeMap<Next, usize> {
    let mut counts = BTreeMap::new();
    for visit in visits {
        *counts.entry(visit.next()).or_default() += 1;
    }
    counts
}

impl<'v> Detour<'v> {
    /// The stretch in which some steps come next.
    fn of(walks: &Walks<'_>, visits: &'v [Visit], wanted: &BTreeSet<Next>) -> Option<Self> {
        let watched = |v: &Visit| v.at.nanos >= walks.watched && wanted.contains(&v.next());
        let range = run(visits.iter().map(watched));
        let (of, rest) = (range.len(), visits.len() - range.len());
        if of < VISITS || rest < VISITS || range.start < VISITS {
            return None;
        }
        let during = visits[range.start].at.nanos..visits[range.end - 1].at.nanos;
        let inside = counts(visits[range.clone()].iter());
        let outside = counts(visits[..range.start].iter().chain(&visits[range.end..]));
        #[allow(clippy::cast_precision_loss)]
        let is_usual = |(next, n): &(&Next, &usize)| {
            !walks.is_grave(**next) && **n as f64 >= (RARE * rest as f64).max(1.0)
        };
        let usual: BTreeSet<Next> = outside.iter().filter(is_usual).map(|(n, _)| *n).collect();
        // A message that nobody logged before is new code, unless it is an error.
        let tells = |next: &Next| {
            walks.is_grave(*next) || next.is_none_or(|site| walks.is_known(site, &during))
        };
        let odd: BTreeSet<Next> = inside
            .keys()
            .filter(|n| !usual.contains(n) && tells(n))
            .copied()
            .collect();
        let count = |of: &BTreeSet<Next>| of.iter().map(|n| inside[n]).sum::<usize>();
        let within = Share {
            odd: count(&odd),
            of,
        };
        if within.odd < VISITS || within.value() < SHARE {
            return None;
        }
        let strayed = outside.iter().filter(|(n, _)| !usual.contains(n));
        // Where many a step was seen once, the next one that was not seen yet is no wonder.
        let once = outside.values().filter(|n| **n == 1).count();
        let outside_share = Share {
            odd: strayed.map(|(_, n)| *n).sum::<usize>().max(once),
            of: rest,
        };
        let (mut known, mut habit) = (0.0, 0.0);
        for site in odd.iter().flatten().filter(|s| walks.is_grave(Some(**s))) {
            let share = walks.usual_share(*site, &during);
            #[allow(clippy::cast_precision_loss)]
            let part = inside[&Some(*site)] as f64 / within.odd as f64;
            known += if share > 0.0 { part } else { 0.0 };
            habit += part * share;
        }
        let weight = weight(within, outside_share, habit) * (1.0 - KNOWN * known);
        let missing = missing(&usual, &inside, of, &outside, rest);
        let others = visits[..range.start]
            .iter()
            .rev()
            .chain(&visits[range.end..]);
        let passed = missing.and_then(|m| others.into_iter().find(|v| v.next() == Some(m)));
        Some(Self {
            missing: passed.copied(),
            visits,
            range,
            within,
            outside: outside_share,
            weight,
            odd,
        })
    }

    /// The service in which the way breaks off.
    fn blamed(&self, walks: &Walks<'_>, way: Way) -> Option<String> {
        let missing = self.missing.and_then(|v| v.next());
        let site = walks.site(missing.unwrap_or(way.site))?;
        Some(site.service.clone())
    }

    fn strayed(&self) -> impl DoubleEndedIterator<Item = &'v Visit> {
        let odd = |v: &&Visit| self.odd.contains(&v.next());
        self.visits[self.range.clone()].iter().filter(odd)
    }

    /// Whether both lie at one time.
    fn overlaps(&self, other: &Self) -> bool {
        let ends = |d: &Self| {
            let visits = &d.visits[d.range.clone()];
            visits
                .first()
                .zip(visits.last())
                .map(|(a, b)| (a.at.nanos, b.at.nanos))
        };
        matches!((ends(self), ends(other)), (Some(a), Some(b)) if a.0 <= b.1 && b.0 <= a.1)
    }
}

/// The usual step that is missed most, if enough miss it.
#[allow(clippy::cast_precision_loss)]
fn missing(
    usual: &BTreeSet<Next>,
    inside: &BTreeMap<Next, usize>,
    of: usize,
    outside: &BTreeMap<Next, usize>,
    rest: usize,
) -> Option<u64> {
    let share = |counts: &BTreeMap<Next, usize>, next: &Next, of: usize| {
        counts.get(next).copied().unwrap_or(0) as f64 / of as f64
    };
    let missed = usual.iter().filter_map(|next| {
        let less = share(outside, next, rest) - share(inside, next, of);
        Some((less, (*next)?)).filter(|_| less > MISSED)
    });
    let most = missed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    most.map(|(_, site)| site)
}

/// The signal of what strays at one site, by all ways together.
fn signal(service: String, mut detours: Vec<Detour<'_>>) -> Option<Signal> {
    detours.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let (main, others) = detours.split_first()?;
    let mut all = vec![main];
    all.extend(others.iter().filter(|d| d.overlaps(main)));
    let weight: f64 = all.iter().map(|d| d.weight).sum();
    if weight < LEAST {
        return None;
    }
    let first = all
        .iter()
        .filter_map(|d| d.strayed().next())
        .min_by_key(|v| v.at)?;
    let last = all
        .iter()
        .filter_map(|d| d.strayed().next_back())
        .max_by_key(|v| v.at)?;
    let over = all.iter().all(|d| d.visits.len() - d.range.end >= VISITS);
    // Whichever way a request came: the last one that went on as usual.
    let before = all.iter().filter_map(|d| d.visits[..d.range.start].last());
    let well = before.map(|v| v.at).filter(|at| *at < first.at).max();
    let sum = |part: fn(&Detour<'_>) -> usize| all.iter().map(|d| part(d) as u64).sum();
    let cites = [Some(first.at.cite), first.next.map(|n| n.cite)];
    let passed = main.missing.and_then(|v| v.next).map(|n| n.cite);
    Some(Signal {
        rule: RULE.name,
        from: stamp(first.at.mark()),
        to: over.then(|| stamp(last.at.mark())),
        service: Some(service),
        sign: Sign::Flow(Flow {
            oddity: Oddity::Strayed {
                from: first.at.cite,
                expected: passed,
                instead: first.next.map(|n| n.cite),
            },
            odd: sum(|d| d.within.odd),
            of: sum(|d| d.within.of),
            odd_before: sum(|d| d.outside.odd),
            of_before: sum(|d| d.outside.of),
            weight,
            not_before: well.map(|w| stamp(w.mark())),
            last: last.at.cite,
        }),
        evidence: Evidence::of(cites.into_iter().flatten().chain(passed))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::Mark;
    use recon_parsers::stamp::SECOND;

    /// A request every other second for half an hour: `edge` calls `stock`, which looks up and answers.
    /// `way` tells which steps one takes from which service.
    fn survey(way: impl Fn(u64) -> Vec<(&'static str, &'static str)>) -> Survey {
        let mut survey = Survey::default();
        for n in 0..900_u64 {
            let begin = n.cast_signed() * 2 * SECOND;
            for (place, (service, says)) in (0..).zip(way(n)) {
                survey
                    .trails
                    .put(n, begin + place * SECOND / 100, service, says);
            }
        }
        survey
    }

    const WELL: [(&str, &str); 5] = [
        ("edge", "asked"),
        ("stock", "begin"),
        ("stock", "found"),
        ("stock", "done"),
        ("edge", "answered"),
    ];

    fn flow(signal: &Signal) -> &Flow {
        let Sign::Flow(flow) = &signal.sign else {
            panic!("{signal:?}");
        };
        flow
    }

    #[test]
    fn a_service_that_breaks_off_is_named_and_not_the_one_that_complains() {
        let found = find(&survey(|n| match n {
            600..660 => vec![WELL[0], WELL[1], ("edge", "error: no answer")],
            _ => WELL.to_vec(),
        }));
        let heaviest = found
            .iter()
            .max_by(|a, b| flow(a).weight.total_cmp(&flow(b).weight))
            .expect("a detour");
        assert_eq!(heaviest.service.as_deref(), Some("stock"));
        assert_eq!(heaviest.from.nanos, 1200 * SECOND + SECOND / 100);
        assert_eq!(heaviest.to.map(|t| t.nanos / SECOND), Some(1318));
        assert_eq!((flow(heaviest).odd, flow(heaviest).of), (60, 60));
    }

    #[test]
    fn a_service_that_is_no_longer_reached_is_named() {
        let found = find(&survey(|n| match n {
            600.. => vec![WELL[0], WELL[4]],
            _ => WELL.to_vec(),
        }));
        let services: Vec<_> = found.iter().map(|s| s.service.as_deref()).collect();
        assert_eq!(services, [Some("stock")]);
        assert_eq!(found[0].to, None, "it goes on");
    }

    #[test]
    fn what_was_never_otherwise_is_no_detour() {
        assert_eq!(find(&survey(|_| WELL.to_vec())), []);
        // One request in ten fails, all the time.
        let failing = |n: u64| match n % 10 {
            3 => vec![WELL[0], WELL[1], ("edge", "error: no answer")],
            _ => WELL.to_vec(),
        };
        assert_eq!(find(&survey(failing)), []);
    }

    #[test]
    fn new_code_that_logs_another_message_is_no_detour() {
        let found = find(&survey(|n| match n {
            600.. => vec![
                WELL[0],
                WELL[1],
                ("stock", "found in cache"),
                WELL[3],
                WELL[4],
            ],
            _ => WELL.to_vec(),
        }));
        assert_eq!(found, []);
    }

    #[test]
    fn other_callers_are_no_detour() {
        let found = find(&survey(|n| {
            let mut way = WELL.to_vec();
            if n >= 600 && n % 2 == 0 {
                // A new client calls the same service.
                way[0] = ("batch", "asked");
                way[4] = ("batch", "answered");
            }
            way
        }));
        assert_eq!(found, []);
    }

    /// It began after the last request that went on as usual, whoever had called.
    #[test]
    fn the_last_request_that_was_well_is_the_last_by_any_way() {
        // The edge asks seven times, then the till three; all fail from 600 on.
        let found = find(&survey(|n| {
            let caller = if n % 10 < 7 { "edge" } else { "till" };
            if n >= 600 {
                return vec![(caller, "asked"), WELL[1], (caller, "error: no answer")];
            }
            let mut way = WELL.to_vec();
            (way[0].0, way[4].0) = (caller, caller);
            way
        }));
        let heaviest = found
            .iter()
            .max_by(|a, b| flow(a).weight.total_cmp(&flow(b).weight))
            .expect("a detour");
        let well = flow(heaviest).not_before.expect("one that was well");
        assert_eq!(well.nanos / SECOND, 599 * 2);
    }

    /// A minute that was collected hours before is how things are, not an incident that ended.
    #[test]
    fn a_specimen_of_before_is_no_incident() {
        let mut survey = survey(|_| WELL.to_vec());
        let mut all = crate::survey::Rate::default();
        for at in (0..1800).chain(90_000..90_900) {
            all.add(Mark {
                nanos: at * SECOND,
                cite: survey.trails.iter().next().expect("a trail")[0].cite,
            });
        }
        let tally = survey.services.entry("edge".to_owned()).or_default();
        tally.rates.insert(crate::survey::What::Entries, all);
        for n in 900..1300 {
            let begin = 90_000 * SECOND + n * 2 * SECOND;
            for (place, (service, says)) in (0..).zip([WELL[0], WELL[4]]) {
                survey
                    .trails
                    .put(n.cast_unsigned(), begin + place, service, says);
            }
        }
        let found = find(&survey);
        assert!(
            found.iter().all(|s| s.from.nanos >= 90_000 * SECOND),
            "{found:?}"
        );
        assert!(!found.is_empty());
    }
}
