//! A few sentences for those who read no further.

use super::summary::{latency_of, requests_of, users_of};
use super::{cause, text};
use crate::cite::{Evidence, Grade, Line, Piece};
use crate::clock::Zone;
use crate::incident::{Incident, Method, Milestone, Status};
use crate::metrics::{Extent, Metric};
use crate::report::prose;

pub(super) fn summary(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = vec![extent(incident, zone)];
    lines.extend(impact(incident));
    lines.extend(noticed(incident));
    lines.extend(response(incident, zone));
    lines.extend(suspicion(incident, zone));
    lines.extend(super::remarks(incident, "summary", zone));
    lines
}

fn extent(incident: &Incident, zone: Zone) -> Line {
    let extent = Metric::ImpactDuration.of(incident);
    let said = match &extent {
        Extent::Exact { nanos, from, to } => {
            let same_day = prose::day(from.at(), zone) == prose::day(to.at(), zone);
            let end = if same_day {
                prose::clock(to.at(), zone)
            } else {
                prose::moment(to.at(), zone)
            };
            format!(
                "The impact lasted {}, from {} to {end}.",
                prose::duration(*nanos),
                prose::moment(from.at(), zone)
            )
        }
        Extent::AtLeast {
            nanos, from, ends, ..
        } => format!(
            "The impact has lasted at least {}, since {}; it was not over when the evidence ends at {}.",
            prose::duration(*nanos),
            prose::moment(from.at(), zone),
            prose::moment(*ends, zone)
        ),
        Extent::Unknown { .. } => String::new(),
    };
    match extent.evidence().filter(|_| !said.is_empty()) {
        Some(evidence) => Line::said(said, evidence).graded(extent.grade()),
        None => begun(incident, zone),
    }
}

/// What is known of an incident without a measured end or beginning.
fn begun(incident: &Incident, zone: Zone) -> Line {
    let start = [Milestone::ImpactStart, Milestone::Detected]
        .into_iter()
        .find_map(|m| incident.milestone(m));
    start.map_or_else(
        || Line::ask("When did it begin, and how long did it last?"),
        |mark| {
            let at = prose::moment(mark.claim.value, zone);
            let said = format!(
                "It began at {at} or before; the evidence does not show how long it lasted."
            );
            Line::said(said, mark.claim.evidence.clone()).graded(mark.claim.grade)
        },
    )
}

fn impact(incident: &Incident) -> Vec<Line> {
    let mut lines = Vec::new();
    let impact = &incident.impact;
    if let (Some(requests), Some(evidence)) = (requests_of(impact), impact.evidence.clone()) {
        let slow = latency_of(impact).map_or_else(String::new, |l| format!(", and {l}"));
        let said = format!("In that time {requests} failed{slow}.");
        lines.push(Line::said(said, evidence));
    }
    if let Some(Line::Said {
        text: mut pieces,
        grade,
        evidence,
    }) = users_of(incident)
    {
        pieces.insert(0, text("It hit "));
        pieces.push(text("."));
        lines.push(Line::Said {
            text: pieces,
            grade,
            evidence,
        });
    }
    lines
}

fn noticed(incident: &Incident) -> Option<Line> {
    let (method, evidence) = incident.detection.as_ref()?;
    let who = match method {
        Method::Alert => "A monitoring alert",
        Method::Ticket => "Customers",
        Method::Human => "A person",
        Method::Logs => return None,
    };
    let extent = Metric::TimeToDetect.of(incident);
    let (said, evidence) = match (extent.exact(), extent.evidence()) {
        (Some(nanos), Some(both)) if nanos > 0 => (
            format!("{who} noticed it first, {} in.", prose::duration(nanos)),
            both.and(evidence),
        ),
        _ => (format!("{who} noticed it first."), evidence.clone()),
    };
    let detected = incident.milestone(Milestone::Detected);
    let grade = detected.map_or(Grade::Observed, |m| m.claim.grade);
    Some(Line::said(said, evidence).graded(grade))
}

/// From the naming of the cause to the end, as one sentence.
fn response(incident: &Incident, zone: Zone) -> Option<Line> {
    let several = super::response::further(incident, zone);
    let fix = if several.is_empty() {
        "a fix took effect"
    } else {
        "a first fix took effect"
    };
    let steps = [
        (Milestone::Identified, "the cause was named"),
        (Milestone::FixDeployed, fix),
        (Milestone::Mitigated, "service was back to normal"),
        (Milestone::Resolved, "the incident was closed"),
    ];
    let mut evidence: Option<Evidence> = None;
    let mut grade = Grade::Observed;
    let mut parts = Vec::new();
    for (which, what) in steps {
        let Some(mark) = incident.milestone(which) else {
            continue;
        };
        grade = grade.max(mark.claim.grade);
        evidence = Some(match evidence {
            Some(e) => e.and(&Evidence::new(mark.claim.evidence.first())),
            None => Evidence::new(mark.claim.evidence.first()),
        });
        parts.push((
            mark.claim.value,
            format!("{what} at {}", prose::clock(mark.claim.value, zone)),
        ));
    }
    parts.sort_by_key(|(at, _)| at.nanos);
    let parts: Vec<String> = parts.into_iter().map(|(_, part)| part).collect();
    let open = match incident.status {
        Status::Ongoing => "; it is not over in the evidence",
        Status::Mitigated | Status::Resolved => "",
    };
    let said = format!("{}{open}.", prose::capital(&prose::list(&parts)));
    Some(Line::said(said, evidence?).graded(grade))
}

/// The change that came before it: a fact about time, and no more.
fn suspicion(incident: &Incident, zone: Zone) -> Option<Line> {
    let mut line = cause::first_candidate(incident, zone)?;
    if let Line::Said { text: pieces, .. } = &mut line {
        // Without its label: the sentence says what it is.
        pieces.retain(|p| !matches!(p, Piece::Strong(_)));
        if let Some(Piece::Text(words)) = pieces.first_mut() {
            *words = "What the data point to first: ".to_owned();
        }
        if let Some(Piece::Text(words)) = pieces.get_mut(1) {
            let mut letters = words.chars();
            let small = letters.next().map(char::to_lowercase);
            *words = small.into_iter().flatten().chain(letters).collect();
        }
    }
    Some(line)
}
