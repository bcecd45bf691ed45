//! How the response went, as far as times tell; the rest is asked.

use super::{or_ask, questions as asked};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Lead, Method, Milestone, Origin};
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
        "A person took it within {}.",
    ));
    let held = incident.leads.iter().filter(|l| l.ruled_out);
    let short = held.filter(|l| spent(l).is_some_and(|n| (1..DETOUR).contains(&n)));
    lines.extend(short.map(|l| ruled_out(l, zone)));
    lines.push(Line::ask("What else went well?"));
    lines
}

fn spent(lead: &Lead) -> Option<i64> {
    Some(lead.to?.nanos.saturating_sub(lead.from.nanos))
}

fn ruled_out(lead: &Lead, zone: Zone) -> Line {
    let said = format!(
        "The suspicion {} was tested and out of the way {} after it came up, at {}.",
        prose::quotation(&lead.hypothesis),
        duration(spent(lead).unwrap_or_default()),
        lead.to
            .map_or_else(String::new, |at| prose::clock(at, zone)),
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
            "It took {} from its detection until a person had it.",
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
        let said = format!(
            "The suspicion {} was followed for {}, from {}, and led nowhere.",
            prose::quotation(&lead.hypothesis),
            duration(spent(lead).unwrap_or_default()),
            prose::clock(lead.from, zone),
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
        let machine = moment.origin == Origin::Page
            && (moment.text.starts_with("page opened") || moment.text.starts_with("somebody was"));
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
        let shares: Vec<String> = [
            (Origin::Person, "message", ""),
            (Origin::Page, "act", " on the page"),
            (Origin::Change, "change", ""),
        ]
        .into_iter()
        .filter_map(|(origin, noun, where_to)| {
            let n = own.iter().filter(|m| m.origin == origin).count();
            (n > 0).then(|| format!("{}{where_to}", prose::count(n as u64, noun)))
        })
        .collect();
        let Some(evidence) = Evidence::of(own.iter().map(|m| m.evidence.first())) else {
            continue;
        };
        let at = prose::clock(moment.at, zone);
        let said = format!("from {at}; {} in this account.", prose::list(&shares));
        lines.push(Line::said(said, evidence).labelled(prose::actor(who)));
    }
    or_ask(lines, "Who took part? The inputs name nobody.")
}
