//! How the response went, as far as times tell; the rest is asked.

use super::timeline::is_sent;
use super::{near, or_ask, questions as asked};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Lead, Method, Milestone, Moment, Origin, Phase};
use crate::metrics::Metric;
use crate::report::prose::{self, duration};
use recon_parsers::stamp::SECOND;

/// Within five minutes a machine or a person was quick.
const QUICK: i64 = 300 * SECOND;
/// Beyond half an hour a step was slow.
const SLOW: i64 = 1800 * SECOND;
/// A suspicion that was followed for longer (a quarter of an hour) cost time.
const DETOUR: i64 = 900 * SECOND;

pub(super) fn questions(incident: &Incident, zone: Zone) -> Vec<Line> {
    asked(incident, zone).into_iter().map(Line::ask).collect()
}

fn step(
    incident: &Incident,
    metric: Metric,
    fits: impl Fn(i64) -> bool,
    what: &str,
) -> Option<Line> {
    let extent = metric.of(incident);
    let nanos = extent.exact().filter(|n| fits(*n))?;
    let said = what.replace("{}", &duration(nanos));
    Some(Line::said(said, extent.evidence()?).graded(extent.grade()))
}

fn by_alert(incident: &Incident) -> bool {
    matches!(incident.detection, Some((Method::Alert, _)))
}

pub(super) fn went_well(incident: &Incident, zone: Zone) -> Vec<Line> {
    let quick = |n: i64| (0..=QUICK).contains(&n);
    let mut lines = Vec::new();
    if by_alert(incident) {
        let said = "An alert noticed it after {}.";
        lines.extend(step(incident, Metric::TimeToDetect, quick, said));
    }
    lines.extend(step(
        incident,
        Metric::TimeToAcknowledge,
        quick,
        "A person took it up within {}.",
    ));
    let held = incident.leads.iter().filter(|l| l.ruled_out);
    let short = held.filter(|l| spent(l).is_some_and(|n| (1..DETOUR).contains(&n)));
    lines.extend(short.map(|l| ruled_out(incident, l, zone)));
    lines.push(Line::ask("What else went well?"));
    lines
}

fn spent(lead: &Lead) -> Option<i64> {
    Some(lead.to?.nanos.saturating_sub(lead.from.nanos))
}

fn ruled_out(incident: &Incident, lead: &Lead, zone: Zone) -> Line {
    let said = format!(
        "The suspicion {} was tested and ruled out {} after it came up, at {}.",
        prose::quotation(&lead.hypothesis),
        duration(spent(lead).unwrap_or_default()),
        lead.to
            .map_or_else(String::new, |at| near(incident, at, zone)),
    );
    Line::said(said, lead.evidence.clone()).graded(Grade::Claimed)
}

pub(super) fn went_badly(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some((method @ (Method::Ticket | Method::Human), evidence)) = &incident.detection {
        let who = match method {
            Method::Ticket => "customers",
            _ => "a person",
        };
        let said = format!("Monitoring did not notice it; {who} did.");
        lines.push(Line::said(said, evidence.clone()).graded(Grade::Inferred));
    }
    let steps = [
        (Metric::TimeToDetect, QUICK, "It went unnoticed for {}."),
        (
            Metric::TimeToAcknowledge,
            QUICK,
            "It took {} from its detection until a person took it up.",
        ),
        (
            Metric::TimeToEscalate,
            SLOW,
            "It took {} from its detection until others were asked in.",
        ),
        (
            Metric::TimeToIdentify,
            SLOW,
            "It took {} from its detection until the cause was named.",
        ),
    ];
    for (metric, most, said) in steps {
        lines.extend(step(incident, metric, |n| n > most, said));
    }
    for lead in incident
        .leads
        .iter()
        .filter(|l| spent(l).is_some_and(|n| n >= DETOUR))
    {
        // Dropped for another is not disproved.
        let end = match lead.ruled_out {
            true => "and ruled out in the end",
            false => "until another cause was named",
        };
        let said = format!(
            "The suspicion {} was followed for {}, from {}, {end}.",
            prose::quotation(&lead.hypothesis),
            duration(spent(lead).unwrap_or_default()),
            near(incident, lead.from, zone),
        );
        lines.push(Line::said(said, lead.evidence.clone()).graded(Grade::Claimed));
    }
    lines.extend(slow_fix(incident));
    lines.push(Line::ask("What else went badly, or was missing?"));
    lines
}

/// A fix after which it went on.
fn slow_fix(incident: &Incident) -> Option<Line> {
    let fixed = &incident.milestone(Milestone::FixDeployed)?.claim;
    let well = &incident.milestone(Milestone::Mitigated)?.claim;
    let after = well.value.nanos.checked_sub(fixed.value.nanos)?;
    (after > QUICK).then(|| {
        let said = format!(
            "After the first fix failures went on for {}.",
            duration(after)
        );
        let evidence = Evidence::new(fixed.evidence.first()).and(&well.evidence);
        Line::said(said, evidence).graded(fixed.grade.max(well.grade))
    })
}

pub(super) fn lucky() -> Vec<Line> {
    vec![Line::ask(
        "Where did luck help? Nothing in the evidence tells luck from skill.",
    )]
}

/// Everybody who did or said something, in order of appearance, with what first.
pub(super) fn people(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut seen: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for moment in &incident.timeline {
        let machine = moment.origin == Origin::Page && is_sent(&moment.text);
        let Some(who) = moment
            .actor
            .as_deref()
            .filter(|w| !machine && !seen.contains(w))
        else {
            continue;
        };
        seen.push(who);
        let own: Vec<_> = incident
            .timeline
            .iter()
            .filter(|m| m.actor.as_deref() == Some(who))
            .collect();
        let Some(evidence) = Evidence::of(own.iter().map(|m| m.evidence.first())) else {
            continue;
        };
        let first = near(incident, moment.at, zone);
        let last = own.last().map_or(moment.at, |m| m.at);
        let last = near(incident, last, zone);
        let when = match first == last {
            true => format!("at {first}"),
            false => format!("from {first} to {last}"),
        };
        let said = format!("{} ({}, {when}).", part(incident, &own), told_by(&own));
        let line = Line::said(said, evidence).graded(Grade::Inferred);
        lines.push(line.labelled(prose::actor(who)));
    }
    or_ask(lines, "Who took part? The inputs name nobody.")
}

/// What somebody did, in the order in which an incident runs: "took the page, looked for the cause".
fn part(incident: &Incident, own: &[&Moment]) -> String {
    let person = |phase: Phase| {
        let mut own = own.iter();
        own.any(|m| m.origin == Origin::Person && m.phase == phase)
    };
    let page = |act: &str| {
        let mut own = own.iter();
        own.any(|m| m.origin == Origin::Page && m.text.starts_with(act))
    };
    let marked = |which: Milestone| {
        let mark = incident.milestone(which).map(|m| m.claim.evidence.first());
        own.iter().any(|m| Some(m.evidence.first()) == mark)
    };
    let changed = own.iter().any(|m| m.origin == Origin::Change);
    let acts = [
        (
            person(Phase::Detection) || person(Phase::Impact),
            "told what was seen of it",
        ),
        (page("page acknowledged"), "took the page"),
        (person(Phase::Investigation), "looked for the cause"),
        (
            person(Phase::Escalation) || page("page escalated"),
            "asked others in",
        ),
        (marked(Milestone::Identified), "named the cause"),
        (person(Phase::Mitigation), "worked on a remedy"),
        (changed, "made changes"),
        (person(Phase::Resolution), "watched it recover"),
        (page("page resolved"), "closed the page"),
        (person(Phase::Followup), "followed it up"),
    ];
    let did: Vec<String> = acts
        .iter()
        .filter(|(did, _)| *did)
        .map(|(_, act)| (*act).to_owned())
        .collect();
    match did.as_slice() {
        [] => "took part".to_owned(),
        all => prose::list(all),
    }
}

/// By how many records that is told.
fn told_by(own: &[&Moment]) -> String {
    let kinds = [
        (Origin::Person, "message"),
        (Origin::Page, "entry of the page"),
        (Origin::Change, "change"),
    ];
    let counts = kinds.into_iter().filter_map(|(origin, noun)| {
        let n = own.iter().filter(|m| m.origin == origin).count() as u64;
        match (n, origin) {
            (0, _) => None,
            (2.., Origin::Page) => Some(format!("{n} entries of the page")),
            _ => Some(prose::count(n, noun)),
        }
    });
    let counts: Vec<String> = counts.collect();
    match counts.as_slice() {
        [] => prose::count(own.len() as u64, "record"),
        all => prose::list(all),
    }
}
