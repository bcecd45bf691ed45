//! What people did: noticed, tried, followed in vain, asked for help, ended.

use super::timeline::{event_of, is_spoken, lower, said_of, told};
use super::{near, or_ask, remarks, timed};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Lead, Method, Milestone, Origin, Phase};
use crate::metrics::{Extent, Metric};
use crate::report::prose;

pub(super) fn detection(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some((method, evidence)) = &incident.detection {
        let detected = incident.milestone(Milestone::Detected);
        let grade = detected.map_or(Grade::Observed, |m| m.claim.grade);
        lines.push(noticed(*method, evidence).graded(grade));
    }
    lines.extend(delay(incident, zone));
    let event = event_of(incident, Milestone::Detected).filter(|m| m.origin != Origin::Log);
    lines.extend(event.map(|m| {
        let at = near(incident, m.at, zone);
        timed(at, &told(incident, m), m.grade, &m.evidence)
    }));
    // The page that was the first to notice is told already.
    let told = |which| event.is_some_and(|m| event_of(incident, which) == Some(m));
    let steps = [Milestone::Paged, Milestone::Acknowledged].into_iter();
    let steps = steps.filter(|which| !told(*which));
    lines.extend(steps.filter_map(|which| milestone(incident, which, zone)));
    lines.extend(remarks(incident, "detection", zone));
    or_ask(lines, "How was it noticed, and by whom?")
}

fn noticed(method: Method, evidence: &Evidence) -> Line {
    let how = match method {
        Method::Alert => "A monitoring alert was the first to notice.",
        Method::Ticket => "Customers noticed first: their tickets came before any alert.",
        Method::Human => "A person noticed first and reported it.",
        Method::Logs => "Nobody's notice is in the evidence; the logs alone show it.",
    };
    Line::said(how, evidence.clone())
}

fn delay(incident: &Incident, zone: Zone) -> Option<Line> {
    let extent = Metric::TimeToDetect.of(incident);
    let Extent::Exact { nanos, from, to } = extent else {
        return None;
    };
    let at = near(incident, to.at(), zone);
    let start = near(incident, from.at(), zone);
    let said = match nanos {
        0 => format!("It was noticed at {at}, the moment the first failures appear."),
        1.. => format!(
            "It was noticed at {at}, {} after the first failures at {start}.",
            prose::duration(nanos)
        ),
        _ => format!(
            "It was noticed at {at}, {} before the first failures that the data show, at {start}.",
            prose::duration(nanos.saturating_neg())
        ),
    };
    Some(Line::said(said, extent.evidence()?).graded(extent.grade()))
}

pub(super) fn misleading(incident: &Incident, zone: Zone) -> Vec<Line> {
    let leads = incident.leads.iter().map(|l| lead(incident, l, zone));
    let lines = leads.chain(remarks(incident, "misleading", zone)).collect();
    or_ask(
        lines,
        "Which suspicions led nowhere? The inputs record none.",
    )
}

fn lead(incident: &Incident, lead: &Lead, zone: Zone) -> Line {
    let end = match (lead.to, lead.ruled_out) {
        (Some(to), true) => format!("ruled out at {}", near(incident, to, zone)),
        (Some(to), false) => format!(
            "dropped by {}, when another cause was named",
            near(incident, to, zone)
        ),
        (None, true) => "later ruled out".to_owned(),
        (None, false) => "never settled".to_owned(),
    };
    let what = prose::quotation(lead.hypothesis.trim().trim_end_matches('.'));
    let length = lead.to.map(|to| to.nanos.saturating_sub(lead.from.nanos));
    let from = near(incident, lead.from, zone);
    let said = match length {
        Some(n) if n > 0 => format!(
            "From {from} {what} was suspected; it was {end}, {} later.",
            prose::duration(n)
        ),
        Some(_) => format!(
            "At {from} {what} was {}.",
            end.replace(&format!(" at {from}"), "")
        ),
        None => format!("From {from} {what} was suspected; it was {end}."),
    };
    Line::said(said, lead.evidence.clone()).graded(Grade::Claimed)
}

pub(super) fn escalation(incident: &Incident, zone: Zone) -> Vec<Line> {
    let asked = incident
        .timeline
        .iter()
        .filter(|m| m.phase == Phase::Escalation);
    let mut lines: Vec<Line> = asked
        .map(|m| {
            Line::said(told(incident, m), m.evidence.clone())
                .graded(m.grade)
                .labelled(near(incident, m.at, zone))
        })
        .collect();
    if lines.is_empty() {
        lines.extend(milestone(incident, Milestone::Escalated, zone));
    }
    lines.extend(remarks(incident, "escalation", zone));
    or_ask(
        lines,
        "Was anybody else asked in? The inputs record no escalation.",
    )
}

pub(super) fn resolution(incident: &Incident, zone: Zone) -> Vec<Line> {
    let ends = [
        Milestone::FixDeployed,
        Milestone::Mitigated,
        Milestone::ImpactEnd,
        Milestone::Resolved,
        Milestone::Closed,
    ];
    let mut lines: Vec<Line> = Vec::new();
    for which in ends {
        lines.extend(milestone(incident, which, zone));
        if matches!(which, Milestone::FixDeployed) {
            lines.extend(further(incident, zone));
        }
    }
    lines.extend(remarks(incident, "resolution", zone));
    or_ask(
        lines,
        "How did it end? The inputs show neither a fix nor a recovery.",
    )
}

/// Changes in production after the first fix and before the recovery: the first alone may not
/// have been it.
pub(super) fn further(incident: &Incident, zone: Zone) -> Vec<Line> {
    let (Some(fixed), Some(well)) = (
        incident.when(Milestone::FixDeployed),
        incident.when(Milestone::Mitigated),
    ) else {
        return Vec::new();
    };
    let own = event_of(incident, Milestone::FixDeployed).map(|m| m.evidence.first());
    let later = incident.timeline.iter().filter(|m| {
        m.origin == Origin::Change
            && (fixed.nanos..=well.nanos).contains(&m.at.nanos)
            && Some(m.evidence.first()) != own
            && m.text.contains("took effect in prod")
    });
    let line = |m: &crate::incident::Moment| {
        timed(
            near(incident, m.at, zone),
            &format!("Another followed: {}", lower(&told(incident, m))),
            m.grade,
            &m.evidence,
        )
    };
    later.map(line).collect()
}

/// A milestone as a sentence, with the words of whoever told it.
fn milestone(incident: &Incident, which: Milestone, zone: Zone) -> Option<Line> {
    let claim = &incident.milestone(which)?.claim;
    let mut said = said_of(incident, which);
    let event = event_of(incident, which).filter(|m| is_spoken(m));
    if let Some(moment) = event.filter(|_| which == Milestone::Resolved) {
        said = told(incident, moment);
    }
    Some(timed(
        near(incident, claim.value, zone),
        &said,
        claim.grade,
        &claim.evidence,
    ))
}
