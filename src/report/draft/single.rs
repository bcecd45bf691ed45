//! Figures that stand in a sentence of a template, each with what it rests on.

use super::summary::{requests_of, users_of};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Method, Milestone};
use crate::metrics::{Extent, Metric};
use crate::report::prose;

/// The evidence that there was an incident at all: its first milestone, else its first event.
fn any(incident: &Incident) -> Option<Evidence> {
    let marks = incident.milestones.iter().flatten();
    let mark = marks.map(|m| &m.claim.evidence).next();
    mark.or_else(|| incident.timeline.first().map(|m| &m.evidence))
        .map(|e| Evidence::new(e.first()))
}

fn told(text: String, evidence: Option<Evidence>, question: &str) -> Line {
    evidence.map_or_else(|| Line::ask(question), |e| Line::said(text, e))
}

pub(super) fn title(incident: &Incident) -> Line {
    told(incident.title.clone(), any(incident), "What failed?")
}

pub(super) fn id(incident: &Incident) -> Line {
    told(incident.id.clone(), any(incident), "What is it called?")
}

pub(super) fn status(incident: &Incident) -> Line {
    let ends = [Milestone::Resolved, Milestone::Mitigated];
    let mark = ends.into_iter().find_map(|m| incident.milestone(m));
    let evidence = mark.map(|m| m.claim.evidence.clone());
    let status = incident.status.name().to_owned();
    told(status, evidence.or_else(|| any(incident)), "Is it over?")
}

pub(super) fn culprit(incident: &Incident) -> Line {
    incident.culprit.as_ref().map_or_else(
        || Line::ask("Which service failed first?"),
        |c| Line::said(c.service.clone(), c.evidence.clone()).graded(Grade::Inferred),
    )
}

pub(super) fn services(incident: &Incident) -> Line {
    super::summary::services(incident).unwrap_or_else(|| Line::ask("Which services took part?"))
}

pub(super) fn when(incident: &Incident, zone: Zone, which: Milestone) -> Line {
    let Some(mark) = incident.milestone(which) else {
        return Line::ask(format!(
            "When was it, if at all? The evidence has no time for “{}”.",
            which.title().to_lowercase()
        ));
    };
    let time = prose::moment(mark.claim.value, zone);
    Line::said(time, mark.claim.evidence.clone()).graded(mark.claim.grade)
}

/// The first of these milestones that is there.
fn first(incident: &Incident, zone: Zone, all: &[Milestone], question: &str) -> Line {
    let found = all.iter().find(|m| incident.milestone(**m).is_some());
    found.map_or_else(|| Line::ask(question), |m| when(incident, zone, *m))
}

pub(super) fn start(incident: &Incident, zone: Zone) -> Line {
    let all = [Milestone::ImpactStart, Milestone::Detected];
    first(incident, zone, &all, "When did it begin?")
}

pub(super) fn end(incident: &Incident, zone: Zone) -> Line {
    let all = [
        Milestone::ImpactEnd,
        Milestone::Mitigated,
        Milestone::Resolved,
    ];
    first(incident, zone, &all, "When did it end?")
}

pub(super) fn date(incident: &Incident, zone: Zone) -> Line {
    let all = [Milestone::ImpactStart, Milestone::Detected];
    let mark = all.into_iter().find_map(|m| incident.milestone(m));
    let day = mark.and_then(|m| Some((prose::day(m.claim.value, zone)?, m)));
    day.map_or_else(
        || Line::ask("On which day was it?"),
        |(day, m)| Line::said(day, m.claim.evidence.clone()).graded(m.claim.grade),
    )
}

pub(super) fn length(incident: &Incident, metric: Metric) -> Line {
    let extent = metric.of(incident);
    let length = match &extent {
        Extent::Exact { nanos, .. } => prose::duration(*nanos),
        Extent::AtLeast { nanos, .. } => {
            format!("at least {}", prose::duration(*nanos))
        }
        Extent::Unknown { .. } => String::new(),
    };
    match extent.evidence().filter(|_| !length.is_empty()) {
        Some(evidence) => Line::said(length, evidence).graded(extent.grade()),
        None => {
            let (from, to) = metric.between();
            Line::ask(format!(
                "How long was it from “{}” to “{}”?",
                from.title().to_lowercase(),
                to.title().to_lowercase()
            ))
        }
    }
}

pub(super) fn method(incident: &Incident) -> Line {
    let Some((method, evidence)) = &incident.detection else {
        return Line::ask("What noticed it first?");
    };
    let how = match method {
        Method::Alert => "a monitoring alert",
        Method::Ticket => "customers' tickets, before any alert",
        Method::Human => "a person's report",
        Method::Logs => "nobody whose notice is in the evidence",
    };
    let grade = incident.milestone(Milestone::Detected);
    let grade = grade.map_or(Grade::Observed, |m| m.claim.grade);
    Line::said(how, evidence.clone()).graded(grade)
}

pub(super) fn requests(incident: &Incident) -> Line {
    let impact = &incident.impact;
    match (requests_of(impact), impact.evidence.clone()) {
        (Some(text), Some(evidence)) => Line::said(text, evidence),
        _ => Line::ask("How many requests failed?"),
    }
}

pub(super) fn users(incident: &Incident) -> Line {
    users_of(incident).unwrap_or_else(|| Line::ask("How many users were affected?"))
}
