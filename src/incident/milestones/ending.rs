//! Recovery, and the word that it is over.

use super::super::flow::flow;
use super::super::group::Group;
use super::super::model::Marked;
use super::{by_person, claimed, hurting, marked, page_of, statements, step, with_alternative};
use crate::cite::{Evidence, Grade};
use crate::lexicon::Act;
use crate::signal::{Page, Sign, Signal};
use recon_parsers::stamp::SECOND;
use recon_parsers::{PageAct, Stamp};

/// Words of the end that follow others within so long (half an hour) are of the same end.
const SOON: i64 = 1800 * SECOND;
/// What is so much less sure is as sure.
const NEARLY: f32 = 0.1;

/// Errors back at their baseline; without measurements, what people or alerts say.
pub(super) fn mitigated(group: &Group<'_>) -> Option<Marked> {
    // A service that says nothing more is not known to be down for ever: people may tell.
    let gone = |s: &&Signal| matches!(s.sign, Sign::Silence { back: None });
    let mut hurting = hurting(group);
    hurting.retain(|s| !gone(s));
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
            Sign::Silence { back } => (*back)?,
            _ => flow(signal)?.last,
        };
        let found = marked(to, Grade::Observed, signal.rule, Evidence::new(last));
        // Words near it speak of it: what is well hours later may be another thing.
        let told = statements(group, Act::Recovery)
            .filter(|(s, x)| x.reaches_users() && s.from.nanos >= group.from)
            .filter(|(s, _)| s.from.nanos <= to.nanos.saturating_add(SOON))
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

/// A person's resolve of the page, else a person's word, else the status page, else all alerts closed.
pub(super) fn resolved(
    group: &Group<'_>,
    relief: Option<i64>,
    fixed: Option<i64>,
) -> Option<Marked> {
    let steps = group
        .pages
        .iter()
        .filter(|s| page_of(s).is_some_and(|p| p.act == PageAct::Resolved));
    let by_page = |wanted: fn(&Page) -> bool| {
        let of = steps
            .clone()
            .filter(|s| page_of(s).is_some_and(|p| !p.public && wanted(p)));
        of.max_by_key(|s| s.from.nanos)
    };
    // What a status page tells the public comes minutes after who ended it.
    let public = steps
        .clone()
        .filter(|s| page_of(s).is_some_and(|p| p.public));
    let public = public.max_by_key(|s| s.from.nanos).map(|s| step(s));
    let person = by_page(|p| p.actor.is_some() && by_person(p));
    let nobody = by_page(|p| p.actor.is_none());
    let last = person.or(nobody).or_else(|| by_page(|_| true));
    let reopened = group.pages.iter().any(|s| {
        page_of(s).is_some_and(|p| p.act == PageAct::Reopened)
            && last.is_some_and(|l| s.from.nanos > l.from.nanos)
    });
    let page = last.filter(|_| !reopened).map(|s| step(s));
    let after = |from: i64| {
        let told = || {
            let all = statements(group, Act::Resolved);
            all.filter(|(s, x)| x.reaches_users() && s.from.nanos >= from)
        };
        let first = told().next()?.0.from.nanos;
        // "All green again" may end it, unless somebody soon says so in as many words.
        let soon = || told().filter(|(s, _)| s.from.nanos <= first + SOON);
        let best = soon().map(|(_, x)| x.score).fold(0.0, f32::max);
        let sure = soon().find(|(_, x)| x.score >= best - NEARLY);
        sure.map(|(s, _)| claimed(s))
    };
    // People who close it after the repair may be ahead of the last stray failure; a notice says so.
    let told = after(relief.unwrap_or(group.from)).or_else(|| after(fixed?));
    let alerts: Option<Vec<(Stamp, &Signal)>> =
        group.alerts.iter().map(|a| a.to.map(|t| (t, *a))).collect();
    let last_alert = alerts.into_iter().flatten().max_by_key(|(t, _)| t.nanos);
    let by_alert = last_alert.map(|(t, a)| marked(t, Grade::Inferred, a.rule, a.evidence.clone()));
    // What closed by itself says no more than that the condition no longer holds; what nobody is named for may
    // have, if people speak of the end later.
    let later = |t: &Marked| last.is_some_and(|l| t.claim.value.nanos > l.from.nanos);
    // The form of an incident people fill in.
    let filled = nobody.is_some_and(|s| page_of(s).is_some_and(|p| p.claimed));
    let signed =
        person.is_some() || filled || nobody.is_some() && !told.as_ref().is_some_and(later);
    let by_people = if signed {
        with_alternative(page, told)
    } else {
        with_alternative(told, page)
    };
    with_alternative(with_alternative(by_people, public), by_alert)
}

pub(super) fn closed(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    statements(group, Act::Closed)
        .find(|(s, _)| relief.is_none_or(|r| s.from.nanos > r))
        .map(|(s, _)| claimed(s))
}
