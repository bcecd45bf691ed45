//! Placing the milestones. Structured sources come first, people's words second, and what
//! the data show outranks what anybody says of them.

use super::flow::{flow, leading};
use super::group::Group;
use super::model::{Marked, Method, Milestone};
use super::names;
use crate::cite::{Claim, Evidence, Grade};
use crate::lexicon::{Act, Mood, Statement};
use crate::signal::{Burst, Change, Page, Place, Said, Sign, Signal};
use crate::survey::What;
use recon_parsers::{PageAct, Stamp};

pub(super) type Milestones = [Option<Marked>; Milestone::ALL.len()];

/// A statement below this score needs company that it does not have here.
const SURE: f32 = 0.6;

/// All milestones that there is evidence for, and how the incident was noticed.
pub(super) fn place(group: &Group<'_>) -> (Milestones, Option<(Method, Evidence)>) {
    let mut all: Milestones = Default::default();
    let mut set = |which: Milestone, found: Option<Marked>| all[which as usize] = found;
    let start = impact_start(group);
    let started = start.as_ref().map(|m| m.claim.value.nanos);
    let (detected, method) = detected(group, started);
    let noticed = detected
        .as_ref()
        .map_or(group.from, |m| m.claim.value.nanos);
    let mitigated = mitigated(group);
    let relief = mitigated.as_ref().map(|m| m.claim.value.nanos);
    let identified = identified(group, relief);
    let named = identified.as_ref().map(|m| m.claim.value.nanos);
    let acknowledged = acknowledged(group, noticed, named);
    let taken = acknowledged
        .as_ref()
        .map_or(noticed, |m| m.claim.value.nanos);
    set(
        Milestone::Paged,
        first_page(group, &[PageAct::Triggered, PageAct::Notified], "page")
            .or_else(|| said(group, Act::Paged, noticed)),
    );
    set(Milestone::Declared, declared(group));
    set(Milestone::Investigating, investigating(group, taken));
    set(Milestone::Escalated, escalated(group, noticed));
    let repaired = fix(group, noticed, named, relief);
    let fixed = repaired.as_ref().map(|m| m.claim.value.nanos);
    set(Milestone::FixDeployed, repaired);
    set(Milestone::Resolved, resolved(group, relief, fixed));
    set(Milestone::Closed, closed(group, relief));
    set(Milestone::ImpactStart, start);
    set(Milestone::Detected, detected);
    set(Milestone::Acknowledged, acknowledged);
    set(Milestone::Identified, identified);
    set(Milestone::Mitigated, mitigated);
    (all, method)
}

/// The nanosecond at which it began to hurt.
pub(super) fn onset(group: &Group<'_>) -> i64 {
    impact_start(group).map_or(group.from, |m| m.claim.value.nanos)
}

fn marked(at: Stamp, grade: Grade, rule: &'static str, evidence: Evidence) -> Marked {
    Marked {
        claim: Claim {
            value: at,
            grade,
            rule,
            evidence,
        },
        not_before: None,
        alternatives: vec![],
    }
}

fn observed(signal: &Signal) -> Marked {
    marked(
        signal.from,
        Grade::Observed,
        signal.rule,
        signal.evidence.clone(),
    )
}

fn claimed(signal: &Signal) -> Marked {
    marked(
        signal.from,
        Grade::Claimed,
        signal.rule,
        signal.evidence.clone(),
    )
}

/// A step of a page, which only a paging product observes.
fn step(signal: &Signal) -> Marked {
    if page_of(signal).is_some_and(|p| p.claimed) {
        claimed(signal)
    } else {
        observed(signal)
    }
}

fn with_alternative(first: Option<Marked>, second: Option<Marked>) -> Option<Marked> {
    match (first, second) {
        (Some(mut a), Some(b)) => {
            a.alternatives.push(b.claim);
            Some(a)
        }
        (a, b) => a.or(b),
    }
}

/// The earliest burst of failed requests, else of odd ones, else of errors, else what alerts and tickets say.
fn impact_start(group: &Group<'_>) -> Option<Marked> {
    let hurting = hurting(group);
    if let Some(first) = hurting
        .iter()
        .min_by_key(|b| (b.from.nanos, b.evidence.first()))
    {
        let mut found = observed(first);
        found.not_before = match &first.sign {
            Sign::Burst(burst) => burst.not_before,
            Sign::Flow(flow) => flow.not_before,
            _ => None,
        };
        // Errors in a log may precede the first request that fails of them.
        let earlier = group
            .bursts
            .iter()
            .filter(|b| b.from.nanos < first.from.nanos);
        found.alternatives = earlier.map(|b| observed(b).claim).collect();
        return Some(found);
    }
    // An alert fires after its condition has held for a while: impact began no later.
    let others = group
        .alerts
        .iter()
        .chain(&group.tickets)
        .chain(&group.pages);
    let first = others.min_by_key(|s| (s.from.nanos, s.evidence.first()))?;
    Some(marked(
        first.from,
        Grade::Inferred,
        first.rule,
        first.evidence.clone(),
    ))
}

/// The earliest of alert, burst of tickets and a person's report. An alert that fired before
/// anything failed was about something else.
fn detected(
    group: &Group<'_>,
    started: Option<i64>,
) -> (Option<Marked>, Option<(Method, Evidence)>) {
    let after = started.unwrap_or(group.from) - 120 * recon_parsers::stamp::SECOND;
    // One that was still firing then may have seen what the logs show too little of.
    let early = after - 600 * recon_parsers::stamp::SECOND;
    let mut found: Vec<(i64, Method, Marked)> = Vec::new();
    let mut add = |method, signal: Option<&&Signal>, mark: fn(&Signal) -> Marked| {
        found.extend(signal.map(|s| (s.from.nanos, method, mark(s))));
    };
    let in_time = |s: &&&&Signal| s.from.nanos >= after;
    add(
        Method::Alert,
        group
            .alerts
            .iter()
            .filter(|s| {
                in_time(&s) || s.from.nanos >= early && s.to.is_none_or(|t| t.nanos > after)
            })
            .min_by_key(|s| s.from.nanos),
        observed,
    );
    add(
        Method::Ticket,
        group
            .tickets
            .iter()
            .filter(|s| in_time(&s))
            .min_by_key(|s| s.from.nanos),
        observed,
    );
    let reports = group
        .said
        .iter()
        .filter(|s| s.from.nanos >= after)
        .filter(|s| words(s).is_some_and(|said| said.statements.iter().any(reports)));
    add(Method::Human, reports.min_by_key(|s| s.from.nanos), claimed);
    let page = group
        .pages
        .iter()
        .filter(|s| in_time(&s))
        .min_by_key(|s| s.from.nanos);
    // A page without an alert of its own is one that a monitor sent.
    add(
        Method::Alert,
        page.filter(|_| group.alerts.is_empty()),
        observed,
    );
    found.sort_by_key(|f| (f.0, f.1));
    let mut found = found.into_iter();
    match found.next() {
        Some((_, method, mut first)) => {
            first.alternatives = found.map(|(.., m)| m.claim).collect();
            let evidence = first.claim.evidence.clone();
            (Some(first), Some((method, evidence)))
        }
        None => (
            None,
            hurting(group)
                .first()
                .map(|b| (Method::Logs, b.evidence.clone())),
        ),
    }
}

/// Whether words tell of trouble: that it is there, or that something "keeps failing".
fn reports(x: &Statement) -> bool {
    let noticed = matches!(x.act, Act::Detected | Act::Impact | Act::Declared) && x.holds();
    let goes_on = x.act == Act::Recovery && x.mood == Mood::Negated;
    (noticed || goes_on) && x.reaches_users() && x.score >= SURE
}

fn page_of(signal: &Signal) -> Option<&Page> {
    match &signal.sign {
        Sign::Page(p) => Some(p),
        _ => None,
    }
}

fn by_person(page: &Page) -> bool {
    page.actor.as_ref().is_none_or(|(_, bot)| !bot)
}

fn first_page(group: &Group<'_>, acts: &[PageAct], rule: &'static str) -> Option<Marked> {
    let steps = group
        .pages
        .iter()
        .filter(|s| page_of(s).is_some_and(|p| acts.contains(&p.act) && !p.claimed));
    steps.min_by_key(|s| s.from.nanos).map(|s| Marked {
        claim: Claim {
            rule,
            ..observed(s).claim
        },
        ..observed(s)
    })
}

/// Statements of an act that hold, with their signals, in order.
fn statements<'g>(
    group: &'g Group<'_>,
    act: Act,
) -> impl Iterator<Item = (&'g Signal, &'g Statement)> {
    group.said.iter().copied().flat_map(move |s| {
        let all: &[Statement] = match &s.sign {
            Sign::Said(said) => &said.statements,
            _ => &[],
        };
        all.iter()
            .filter(move |x| x.act == act && x.holds() && x.score >= SURE)
            .map(move |x| (s, x))
    })
}

fn said(group: &Group<'_>, act: Act, after: i64) -> Option<Marked> {
    statements(group, act)
        .find(|(s, _)| s.from.nanos >= after)
        .map(|(s, _)| claimed(s))
}

/// A person's acknowledgement of the page, else somebody's "on it" while nothing else had been
/// found out yet: later ones take on some other piece of work.
fn acknowledged(group: &Group<'_>, noticed: i64, named: Option<i64>) -> Option<Marked> {
    const LATE: i64 = 3600 * recon_parsers::stamp::SECOND;
    let taken = |lapsed: bool| {
        let own =
            move |p: &Page| p.act == PageAct::Acknowledged && by_person(p) && p.lapsed == lapsed;
        let steps = group
            .pages
            .iter()
            .filter(move |s| page_of(s).is_some_and(own));
        steps.min_by_key(|s| s.from.nanos).map(|s| step(s))
    };
    // What lapsed was acknowledged, not worked on.
    let first = taken(false).map(|standing| {
        let earlier = |l: &Marked| l.claim.value.nanos < standing.claim.value.nanos;
        let lapsed = taken(true).filter(earlier);
        with_alternative(Some(standing), lapsed)
    });
    let first = first.flatten();
    let until = named.unwrap_or(i64::MAX).min(noticed.saturating_add(LATE));
    let told = said(group, Act::Acknowledged, group.from).filter(|m| m.claim.value.nanos <= until);
    with_alternative(first, told)
}

/// Only a document that marks the formal beginning counts: in chat people call anything an incident.
fn declared(group: &Group<'_>) -> Option<Marked> {
    let formal = |s: &Signal| words(s).is_some_and(|w| w.place == Place::Document);
    statements(group, Act::Declared)
        .find(|(s, _)| formal(s))
        .map(|(s, _)| claimed(s))
}

fn investigating(group: &Group<'_>, taken: i64) -> Option<Marked> {
    let looking = |s: &&&Signal| match &s.sign {
        Sign::Said(said) => said.statements.iter().any(|x| {
            matches!(x.act, Act::Investigating | Act::Hypothesis | Act::RuledOut)
                && x.score >= 0.5
                && (x.holds() || x.act != Act::Investigating)
        }),
        _ => false,
    };
    group
        .said
        .iter()
        .filter(|s| s.from.nanos >= taken)
        .find(looking)
        .map(|s| claimed(s))
}

/// A step of a page by a person, else words. Every step stays in the timeline.
fn escalated(group: &Group<'_>, noticed: i64) -> Option<Marked> {
    let steps = group.pages.iter().filter(|s| {
        s.from.nanos > noticed
            && page_of(s).is_some_and(|p| matches!(p.act, PageAct::Escalated | PageAct::Reassigned))
    });
    let first = steps.min_by_key(|s| s.from.nanos).map(|s| observed(s));
    with_alternative(first, said(group, Act::Escalated, noticed))
}

/// The cause as it was named last before the relief and not taken back. Where nobody said that it
/// was found, the last suspicion that nobody ruled out: it survived.
fn identified(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    let in_time =
        |s: &Signal| s.from.nanos >= group.from && relief.is_none_or(|r| s.from.nanos <= r);
    let dropped = |s: &Signal, x: &Statement| {
        let mut later = statements(group, Act::RuledOut)
            .filter(|(r, out)| r.from.nanos > s.from.nanos && in_time(r) && out.score >= 0.8);
        x.subject.as_ref().is_some_and(|subject| {
            later.any(|(_, r)| {
                r.subject
                    .as_ref()
                    .is_some_and(|o| crate::lexicon::same(subject, o))
            })
        })
    };
    let named: Vec<(&Signal, &Statement)> = statements(group, Act::Identified)
        .filter(|(s, x)| in_time(s) && !dropped(s, x))
        .collect();
    // The surest words; of equally sure ones the first.
    let best = named.iter().map(|(_, x)| x.score).fold(0.0, f32::max);
    if let Some((first, _)) = named.iter().find(|(_, x)| x.score >= best - 0.05) {
        return Some(claimed(first));
    }
    let suspected = statements(group, Act::Hypothesis)
        .filter(|(s, x)| in_time(s) && !dropped(s, x) && x.score >= 0.75);
    let (last, _) = suspected.last()?;
    Some(marked(
        last.from,
        Grade::Inferred,
        "surviving-hypothesis",
        last.evidence.clone(),
    ))
}

pub(super) fn change_of(signal: &Signal) -> Option<&Change> {
    match &signal.sign {
        Sign::Change(c) => Some(c),
        _ => None,
    }
}

/// Words that name the cause.
pub(super) fn naming<'g>(group: &'g Group<'_>) -> impl Iterator<Item = (&'g Signal, &'g Said)> {
    statements(group, Act::Identified).filter_map(|(s, _)| Some((s, words(s)?)))
}

/// Words that tell of a repair.
pub(super) fn fixing<'g>(group: &'g Group<'_>) -> impl Iterator<Item = (&'g Signal, &'g Said)> {
    statements(group, Act::Fix).filter_map(|(s, _)| Some((s, words(s)?)))
}

/// The first change that reached production on an affected service once the cause was named; if
/// nobody named one, the last before the relief. Else the same of repairs that people reported.
fn fix(group: &Group<'_>, noticed: i64, named: Option<i64>, relief: Option<i64>) -> Option<Marked> {
    const SLACK: i64 = 180 * recon_parsers::stamp::SECOND;
    let until = relief.map_or(i64::MAX, |r| r + SLACK);
    let in_time = |s: &Signal| (noticed..=until).contains(&s.from.nanos);
    // The words that name the cause may name another service than the one that hurts.
    let blamed = |service: Option<&str>| {
        service.is_some_and(|service| naming(group).any(|(_, w)| names::mentions(&w.text, service)))
    };
    let live = |s: &Signal| {
        let service = s.service.as_deref();
        change_of(s).is_some_and(|c| {
            c.is_live() && (group.concerns(service, &c.message) || blamed(service))
        })
    };
    let changes: Vec<&Signal> = group
        .changes
        .iter()
        .copied()
        .filter(|s| in_time(s) && live(s))
        .collect();
    let told: Vec<&Signal> = statements(group, Act::Fix)
        .filter(|(s, x)| in_time(s) && x.reaches_users() && x.mood == Mood::Done)
        .map(|(s, _)| s)
        .collect();
    let choose = |found: &[&Signal], mark: fn(&Signal) -> Marked| {
        let after = |s: &&&Signal| named.is_some_and(|n| s.from.nanos >= n);
        found.iter().find(after).or(found.last()).map(|s| mark(s))
    };
    with_alternative(choose(&changes, observed), choose(&told, claimed))
}

/// Errors back at their baseline; without measurements, what people or alerts say.
fn mitigated(group: &Group<'_>) -> Option<Marked> {
    let hurting = hurting(group);
    if !hurting.is_empty() {
        let mut end: Option<(Stamp, &Signal)> = None;
        for signal in hurting {
            let to = signal.to?; // one that goes on: no recovery
            if end.as_ref().is_none_or(|(e, _)| to.nanos > e.nanos) {
                end = Some((to, signal));
            }
        }
        let (to, signal) = end?;
        let last = match &signal.sign {
            Sign::Burst(burst) => burst.last,
            _ => flow(signal)?.last,
        };
        let found = marked(to, Grade::Observed, signal.rule, Evidence::new(last));
        let told = statements(group, Act::Recovery)
            .filter(|(s, x)| x.reaches_users() && s.from.nanos >= group.from)
            .last();
        return with_alternative(Some(found), told.map(|(s, _)| claimed(s)));
    }
    let told = statements(group, Act::Recovery)
        .filter(|(s, x)| x.reaches_users() && s.from.nanos >= group.from)
        .last();
    let told = told.map(|(s, _)| claimed(s));
    let alerts = group
        .alerts
        .iter()
        .map(|a| a.to.map(|t| (t, *a)))
        .collect::<Option<Vec<_>>>();
    let over = alerts.and_then(|a| a.into_iter().max_by_key(|(t, _)| t.nanos));
    with_alternative(
        told,
        over.map(|(t, a)| marked(t, Grade::Inferred, a.rule, a.evidence.clone())),
    )
}

/// What hurts: bursts of failed requests; where there are none, of slow ones; else requests that
/// were followed and are odd; else all bursts.
pub(super) fn hurting<'s>(group: &Group<'s>) -> Vec<&'s Signal> {
    let some = |wanted: fn(&Burst) -> bool| -> Vec<&'s Signal> {
        let is = |s: &&&Signal| matches!(&s.sign, Sign::Burst(b) if wanted(b));
        group.bursts.iter().filter(is).copied().collect()
    };
    let failed = some(|b| b.requests.is_some() && b.what != What::Slow);
    let slow = some(|b| b.requests.is_some());
    [failed, slow, leading(group), group.bursts.clone()]
        .into_iter()
        .find(|all| !all.is_empty())
        .unwrap_or_default()
}

/// A person's resolve of the page, else a person's word, else all alerts closed.
fn resolved(group: &Group<'_>, relief: Option<i64>, fixed: Option<i64>) -> Option<Marked> {
    let steps = group
        .pages
        .iter()
        .filter(|s| page_of(s).is_some_and(|p| p.act == PageAct::Resolved));
    let signs = |s: &&&Signal| page_of(s).is_some_and(by_person);
    let person = steps.clone().filter(signs).max_by_key(|s| s.from.nanos);
    let signed = person.is_some();
    let last = person.or_else(|| steps.max_by_key(|s| s.from.nanos));
    let reopened = group.pages.iter().any(|s| {
        page_of(s).is_some_and(|p| p.act == PageAct::Reopened)
            && last.is_some_and(|l| s.from.nanos > l.from.nanos)
    });
    let by_page = last.filter(|_| !reopened).map(|s| step(s));
    let after = |from: i64| {
        statements(group, Act::Resolved)
            .find(|(s, x)| x.reaches_users() && s.from.nanos >= from)
            .map(|(s, _)| claimed(s))
    };
    // People who close it after the repair may be ahead of the last stray failure; a notice says so.
    let told = after(relief.unwrap_or(group.from)).or_else(|| after(fixed?));
    let alerts: Option<Vec<(Stamp, &Signal)>> =
        group.alerts.iter().map(|a| a.to.map(|t| (t, *a))).collect();
    let last_alert = alerts.into_iter().flatten().max_by_key(|(t, _)| t.nanos);
    let by_alert = last_alert.map(|(t, a)| marked(t, Grade::Inferred, a.rule, a.evidence.clone()));
    // What closed by itself says no more than that the condition no longer holds.
    let by_people = if signed {
        with_alternative(by_page, told)
    } else {
        with_alternative(told, by_page)
    };
    with_alternative(by_people, by_alert)
}

fn closed(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    statements(group, Act::Closed)
        .find(|(s, _)| relief.is_none_or(|r| s.from.nanos > r))
        .map(|(s, _)| claimed(s))
}

/// What was said, with its words.
pub(super) fn words(signal: &Signal) -> Option<&Said> {
    match &signal.sign {
        Sign::Said(said) => Some(said),
        _ => None,
    }
}
