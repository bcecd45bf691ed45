//! When it began to hurt, and who noticed.

use super::super::group::Group;
use super::super::model::{Marked, Method};
use super::SURE;
use super::{claimed, hurting, marked, observed, words};
use crate::cite::{Evidence, Grade};
use crate::lexicon::{Act, Mood, Statement};
use crate::signal::{Sign, Signal};

/// The nanosecond at which it began to hurt.
pub(in crate::incident) fn onset(group: &Group<'_>) -> i64 {
    impact_start(group).map_or(group.from, |m| m.claim.value.nanos)
}

/// The earliest burst of failed requests, else of odd ones, else of errors, else what alerts and tickets say.
pub(super) fn impact_start(group: &Group<'_>) -> Option<Marked> {
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
pub(super) fn detected(
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
    let in_time = |s: &&&Signal| s.from.nanos >= after;
    let seen: Vec<&&Signal> = group
        .alerts
        .iter()
        .filter(|s| in_time(s) || s.from.nanos >= early && s.to.is_none_or(|t| t.nanos > after))
        .collect();
    // One that names what hurts has seen it; another may have fired at the time by chance.
    let own = seen.iter().filter(|s| names_it(group, s));
    let first = own.min_by_key(|s| s.from.nanos);
    let plain = |s: &&&&Signal| matches!(&s.sign, Sign::Alert(alert) if !alert.is_minor());
    let first = first.or_else(|| seen.iter().filter(plain).min_by_key(|s| s.from.nanos));
    add(Method::Alert, first.copied(), observed);
    add(
        Method::Ticket,
        group
            .tickets
            .iter()
            .filter(|s| in_time(s))
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
        .filter(|s| in_time(s))
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

/// Whether an alert is about a service that hurts, or grave.
fn names_it(group: &Group<'_>, signal: &Signal) -> bool {
    let Sign::Alert(alert) = &signal.sign else {
        return false;
    };
    let text = format!("{} {}", alert.name, alert.summary);
    alert.is_grave() || group.concerns(signal.service.as_deref(), &text)
}

/// Whether words tell of trouble: that it is there, or that something "keeps failing".
fn reports(x: &Statement) -> bool {
    let noticed = matches!(x.act, Act::Detected | Act::Impact | Act::Declared) && x.holds();
    let goes_on = x.act == Act::Recovery && x.mood == Mood::Negated;
    (noticed || goes_on) && x.reaches_users() && x.score >= SURE
}
