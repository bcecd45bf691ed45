//! Placing the milestones. Structured sources come first, people's words second, and what
//! the data show outranks what anybody says of them.

mod cause;
mod confidence;
mod ending;
mod repair;
mod response;
mod sampled;
mod start;

pub(super) use start::onset;

use super::flow::leading;
use super::group::Group;
use super::model::{Marked, Method, Milestone};
use crate::cite::{Claim, Evidence, Grade};
use crate::lexicon::{Act, Statement};
use crate::signal::{Burst, Change, Page, Said, Sign, Signal};
use crate::survey::What;
use cause::identified;
use ending::{closed, mitigated, resolved};
use recon_parsers::{PageAct, Stamp};
use repair::fix;
use response::{acknowledged, declared, escalated, first_page, investigating};
use start::{detected, impact_start};

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
    confidence::state(group, &mut all);
    (all, method)
}

fn marked(at: Stamp, grade: Grade, rule: &'static str, evidence: Evidence) -> Marked {
    Marked::of(Claim {
        value: at,
        grade,
        rule,
        evidence,
    })
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

/// Candidates that were not chosen, the first few.
fn with_others<'g>(mut chosen: Marked, others: impl Iterator<Item = &'g Signal>) -> Marked {
    const SHOWN: usize = 4;
    let own = chosen.claim.evidence.first();
    let others = others.filter(|s| s.evidence.first() != own).take(SHOWN);
    chosen.alternatives.extend(others.map(|s| {
        if matches!(s.sign, Sign::Said(_)) {
            claimed(s).claim
        } else {
            observed(s).claim
        }
    }));
    chosen
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

fn page_of(signal: &Signal) -> Option<&Page> {
    match &signal.sign {
        Sign::Page(p) => Some(p),
        _ => None,
    }
}

fn by_person(page: &Page) -> bool {
    page.actor.as_ref().is_none_or(|(_, bot)| !bot)
}

/// Statements of an act that hold, with their signals, in order.
pub(super) fn statements<'g>(
    group: &'g Group<'_>,
    act: Act,
) -> impl Iterator<Item = (&'g Signal, &'g Statement)> {
    statements_from(group, act, SURE)
}

/// The same of any statement at least as sure as this.
fn statements_from<'g>(
    group: &'g Group<'_>,
    act: Act,
    least: f32,
) -> impl Iterator<Item = (&'g Signal, &'g Statement)> {
    group.said.iter().copied().flat_map(move |s| {
        let all: &[Statement] = match &s.sign {
            Sign::Said(said) => &said.statements,
            _ => &[],
        };
        all.iter()
            .filter(move |x| x.act == act && x.holds() && x.score >= least)
            .map(move |x| (s, x))
    })
}

fn said(group: &Group<'_>, act: Act, after: i64) -> Option<Marked> {
    statements(group, act)
        .find(|(s, _)| s.from.nanos >= after)
        .map(|(s, _)| claimed(s))
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

/// What hurts: bursts of failed requests; where there are none, of slow ones; else requests that
/// were followed and are odd; else all bursts; else services that stopped.
pub(super) fn hurting<'s>(group: &Group<'s>) -> Vec<&'s Signal> {
    let some = |wanted: fn(&Burst) -> bool| -> Vec<&'s Signal> {
        let is = |s: &&&Signal| matches!(&s.sign, Sign::Burst(b) if wanted(b));
        group.bursts.iter().filter(is).copied().collect()
    };
    let failed = some(|b| b.requests.is_some() && b.what != What::Slow);
    let slow = some(|b| b.requests.is_some());
    let (bursts, stopped) = (group.bursts.clone(), group.stopped.clone());
    [failed, slow, leading(group), bursts, stopped]
        .into_iter()
        .find(|all| !all.is_empty())
        .unwrap_or_default()
}

/// What was said, with its words.
pub(super) fn words(signal: &Signal) -> Option<&Said> {
    match &signal.sign {
        Sign::Said(said) => Some(said),
        _ => None,
    }
}
