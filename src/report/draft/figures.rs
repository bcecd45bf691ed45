//! Durations with both ends, impact by service, error budget.

use super::summary::latency_of;
use super::{or_ask, text};
use crate::cite::{Grade, Line, Piece};
use crate::incident::{Incident, Milestone, Origin, ServiceImpact};
use crate::metrics::budget::PERIOD_DAYS;
use crate::metrics::{End, Extent, Metric, budget};
use crate::report::Options;
use crate::report::prose::{self, count, duration, percent};

/// Every duration with both of its ends: `Time to mitigate (TTM): 42m, from the first failure
/// (auth.log:812) to the recovery (changes.jsonl:3).`
pub(super) fn metrics(incident: &Incident) -> Vec<Line> {
    let lines = Metric::ALL.into_iter();
    lines.map(|m| metric(m, &m.of(incident))).collect()
}

fn metric(metric: Metric, extent: &Extent<'_>) -> Line {
    let Some(evidence) = extent.evidence() else {
        let (from, to) = metric.between();
        return Line::ask(format!(
            "{}: unknown, since the evidence has neither {} nor {}. When were they?",
            metric.title(),
            point(from),
            point(to)
        ));
    };
    // "Impact duration (Impact)" says nothing twice.
    let short = match metric.short() {
        short if metric.title().starts_with(short) => String::new(),
        short => format!(" ({short})"),
    };
    let said = |length: String| {
        let title = Piece::Strong(metric.title().to_owned());
        vec![title, text(format!("{short}: {length}"))]
    };
    let (length, from, to) = match extent {
        Extent::Exact { nanos, from, to } => (duration(*nanos), Ok(*from), Ok(*to)),
        Extent::AtLeast {
            nanos, from, to, ..
        } => (
            format!("≥ {} (log ends)", duration(*nanos)),
            Ok(*from),
            Err(*to),
        ),
        Extent::Unknown { from, to } => match [*from, *to].into_iter().find_map(Result::err) {
            None => (
                "unknown, for the two times cannot be compared".to_owned(),
                *from,
                *to,
            ),
            Some(missing) => {
                let why = format!("unknown; nothing in the evidence marks {}.", point(missing));
                return Line::Said {
                    text: said(why),
                    grade: extent.grade(),
                    evidence,
                };
            }
        },
    };
    let mut pieces = said(format!("{length}, from "));
    pieces.extend(end(from));
    pieces.push(text(" to "));
    pieces.extend(end(to));
    pieces.push(text("."));
    Line::Said {
        text: pieces,
        grade: extent.grade(),
        evidence,
    }
}

fn end(end: Result<End<'_>, Milestone>) -> Vec<Piece> {
    match end {
        Ok(end) => vec![
            text(format!("{} (", point(end.milestone))),
            Piece::Cite(end.mark.claim.evidence.first()),
            text(")"),
        ],
        Err(missing) => vec![text(format!(
            "{}, of which there is no evidence",
            point(missing)
        ))],
    }
}

/// A milestone as the end of a length of time.
const fn point(which: Milestone) -> &'static str {
    match which {
        Milestone::Change => "the change",
        Milestone::ImpactStart => "the first failure",
        Milestone::Detected => "the detection",
        Milestone::Paged => "the page",
        Milestone::Acknowledged => "the acknowledgement",
        Milestone::Declared => "the declaration",
        Milestone::Investigating => "the beginning of the investigation",
        Milestone::Escalated => "the escalation",
        Milestone::Identified => "the naming of the cause",
        Milestone::FixDeployed => "the fix",
        Milestone::Mitigated => "the recovery",
        Milestone::ImpactEnd => "the last failure",
        Milestone::Resolved => "the closing",
        Milestone::Closed => "the follow-up",
    }
}

/// Failed requests by service, and what they cost of the error budget.
pub(super) fn impact(incident: &Incident, options: &Options) -> Vec<Line> {
    let mut lines: Vec<Line> = incident.impact.by_service.iter().map(service).collect();
    lines.extend(slow(incident));
    lines.extend(tickets(incident));
    lines.extend(counted(incident));
    lines.extend(spent(incident, options));
    or_ask(
        lines,
        "How many requests failed? The inputs hold no requests that can be counted.",
    )
}

fn service(service: &ServiceImpact) -> Line {
    let name = match &service.operation {
        Some(operation) => format!("{} {operation}", service.service),
        None => service.service.clone(),
    };
    let total = count(service.requests_total, "request");
    let mut said = format!(
        "{} of {total} failed",
        prose::thousands(service.requests_failed)
    );
    #[allow(clippy::cast_precision_loss)]
    if service.requests_total > 0 {
        let share = service.requests_failed as f64 / service.requests_total as f64;
        said = format!("{said} ({})", percent(share));
    }
    Line::said(format!("{said}."), service.evidence.clone()).labelled(name)
}

fn slow(incident: &Incident) -> Option<Line> {
    let impact = &incident.impact;
    let said = format!("{}.", latency_of(impact)?);
    Some(Line::said(said, impact.evidence.clone()?).labelled("Answers"))
}

fn tickets(incident: &Incident) -> Option<Line> {
    let impact = &incident.impact;
    if impact.tickets == 0 {
        return None;
    }
    let of_tickets = |m: &&crate::incident::Moment| m.origin == Origin::Ticket;
    let first = incident.timeline.iter().find(of_tickets);
    let evidence = first.map(|m| m.evidence.clone());
    let said = format!("{} came in.", count(impact.tickets, "ticket"));
    Some(Line::said(said, evidence.or_else(|| impact.evidence.clone())?).labelled("Tickets"))
}

/// What was counted as what: a figure means nothing without it.
fn counted(incident: &Incident) -> Option<Line> {
    let impact = &incident.impact;
    let basis = impact.basis.trim().trim_end_matches('.');
    if basis.is_empty() {
        return None;
    }
    let line = Line::said(format!("{basis}."), impact.evidence.clone()?);
    Some(line.labelled("Counted"))
}

fn spent(incident: &Incident, options: &Options) -> Option<Line> {
    let extent = Metric::ImpactDuration.of(incident);
    let length = extent.exact().or_else(|| extent.at_least());
    let budget = budget(&incident.impact, length, options.slo)?;
    let burn = format!(
        "while it lasted, errors used it up {} times as fast as an objective of {} % over \
         {PERIOD_DAYS} days allows",
        prose::figure(budget.burn),
        options.slo
    );
    let said = match budget.spent {
        Some(spent) if spent > 1.0 => format!(
            "the incident cost about {} times the whole budget: {burn} (estimated).",
            prose::figure(spent)
        ),
        Some(spent) => format!(
            "the incident cost about {} of it: {burn} (estimated).",
            percent(spent)
        ),
        None => format!("{burn} (estimated)."),
    };
    let evidence = incident.impact.evidence.clone()?;
    let line = Line::said(said, evidence).graded(Grade::Inferred);
    Some(line.labelled("Error budget"))
}
