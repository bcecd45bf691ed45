//! What people did: noticed, tried, followed in vain, asked for help, ended.

use super::{moments, or_ask, remarks, timed};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Lead, Method, Milestone, Phase};
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
    for which in [Milestone::Paged, Milestone::Acknowledged] {
        lines.extend(milestone(incident, which, zone));
    }
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
    let at = prose::clock(to.at(), zone);
    let start = prose::clock(from.at(), zone);
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

pub(super) fn actions(incident: &Incident, zone: Zone) -> Vec<Line> {
    let phases = [
        Phase::Investigation,
        Phase::Identification,
        Phase::Mitigation,
    ];
    let lines = moments(incident, &phases, zone);
    let lines = lines.chain(remarks(incident, "actions", zone)).collect();
    or_ask(
        lines,
        "What was done, and by whom? The inputs record no action.",
    )
}

pub(super) fn misleading(incident: &Incident, zone: Zone) -> Vec<Line> {
    let leads = incident.leads.iter().map(|l| lead(l, zone));
    let lines = leads.chain(remarks(incident, "misleading", zone)).collect();
    or_ask(
        lines,
        "Which suspicions led nowhere? The inputs record none.",
    )
}

fn lead(lead: &Lead, zone: Zone) -> Line {
    let end = match (lead.to, lead.ruled_out) {
        (Some(to), true) => format!("ruled out at {}", prose::clock(to, zone)),
        (Some(to), false) => format!(
            "dropped by {}, when another cause was named",
            prose::clock(to, zone)
        ),
        (None, true) => "later ruled out".to_owned(),
        (None, false) => "never settled".to_owned(),
    };
    let length = lead.to.map(|to| to.nanos.saturating_sub(lead.from.nanos));
    let length = match length {
        Some(n) if n > 0 => format!(" after {}", prose::duration(n)),
        _ => String::new(),
    };
    let said = format!(
        "Suspected at {}: “{}”; {end}{length}.",
        prose::clock(lead.from, zone),
        lead.hypothesis.trim().trim_end_matches('.')
    );
    Line::said(said, lead.evidence.clone()).graded(Grade::Claimed)
}

pub(super) fn escalation(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines: Vec<Line> = moments(incident, &[Phase::Escalation], zone).collect();
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
    }
    lines.extend(remarks(incident, "resolution", zone));
    or_ask(
        lines,
        "How did it end? The inputs show neither a fix nor a recovery.",
    )
}

/// A milestone as a sentence.
fn milestone(incident: &Incident, which: Milestone, zone: Zone) -> Option<Line> {
    let claim = &incident.milestone(which)?.claim;
    let what = match which {
        Milestone::Change => "A change took effect.",
        Milestone::ImpactStart => "The first failures appear.",
        Milestone::Detected => "It was noticed.",
        Milestone::Paged => "Somebody was paged.",
        Milestone::Acknowledged => "A person took it.",
        Milestone::Declared => "An incident was declared.",
        Milestone::Investigating => "People began to look into it.",
        Milestone::Escalated => "Others were asked in.",
        Milestone::Identified => "The cause was named.",
        Milestone::FixDeployed => "A fix took effect in production.",
        Milestone::Mitigated => "Service was back to normal.",
        Milestone::ImpactEnd => "The last failures ended.",
        Milestone::Resolved => "The incident was closed.",
        Milestone::Closed => "The follow-up was closed.",
    };
    Some(timed(
        prose::clock(claim.value, zone),
        what,
        claim.grade,
        &claim.evidence,
    ))
}
