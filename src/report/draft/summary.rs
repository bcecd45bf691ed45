//! The facts of an incident, each with its name in front: how long, what, whom, where.

use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Impact, Incident, Marked, Milestone, Status};
use crate::metrics::{Extent, Metric};
use crate::report::build::users_share;
use crate::report::prose::{self, count, duration, percent};

pub(super) fn lines(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = vec![length(incident, zone)];
    lines.extend(start(incident, zone));
    lines.push(end(incident, zone));
    lines.extend(requests(&incident.impact));
    lines.extend(super::remarks(incident, "summary", zone));
    lines.push(users(incident));
    lines.extend(services(incident).map(|mut line| {
        if let Line::Said { text, .. } = &mut line {
            text.push(super::text("."));
        }
        line.labelled("Services")
    }));
    lines
}

fn length(incident: &Incident, zone: Zone) -> Line {
    let extent = Metric::ImpactDuration.of(incident);
    let said = |text: String, grade| {
        let evidence = extent.evidence()?;
        Some(
            Line::said(text, evidence)
                .graded(grade)
                .labelled("Duration"),
        )
    };
    let line = match extent {
        // Start and end have lines of their own.
        Extent::Exact { nanos, .. } => said(format!("{}.", duration(nanos)), extent.grade()),
        Extent::AtLeast { nanos, ends, .. } => said(
            format!(
                "≥ {} (log ends); not over when the evidence ends at {}.",
                duration(nanos),
                prose::moment(ends, zone)
            ),
            extent.grade(),
        ),
        Extent::Unknown { .. } => stated_length(incident),
    };
    line.unwrap_or_else(|| {
        Line::ask("How long did it last? The evidence does not show both its start and its end.")
    })
}

fn stated_length(incident: &Incident) -> Option<Line> {
    let minutes = incident.stated.as_ref()?.duration_minutes.as_ref()?;
    #[allow(clippy::cast_possible_truncation)]
    let nanos = (minutes.value * 60e9) as i64;
    let text = format!("{} by its own account.", duration(nanos));
    let line = Line::said(text, minutes.evidence.clone()).graded(Grade::Claimed);
    Some(line.labelled("Duration"))
}

fn start(incident: &Incident, zone: Zone) -> Option<Line> {
    let (name, mark) = [
        ("first failure", Milestone::ImpactStart),
        (
            "detection; when failures began is unknown",
            Milestone::Detected,
        ),
    ]
    .into_iter()
    .find_map(|(name, m)| Some((name, incident.milestone(m)?)))?;
    let text = match mark.not_before {
        Some(earliest) => format!(
            "{} ({name}; all was still well at {}).",
            prose::moment(mark.claim.value, zone),
            prose::clock(earliest, zone)
        ),
        None => format!("{} ({name}).", prose::moment(mark.claim.value, zone)),
    };
    Some(said("Start", text, mark))
}

fn end(incident: &Incident, zone: Zone) -> Line {
    let ends = [
        ("the last failures ended", Milestone::ImpactEnd),
        ("back to normal", Milestone::Mitigated),
        ("closed", Milestone::Resolved),
    ];
    let found = ends
        .into_iter()
        .find_map(|(name, m)| Some((name, incident.milestone(m)?)));
    match (found, incident.status) {
        (Some((name, mark)), Status::Resolved) => {
            let time = prose::moment(mark.claim.value, zone);
            said("End", format!("{time} ({name})."), mark)
        }
        (Some((name, mark)), Status::Mitigated) => {
            let time = prose::moment(mark.claim.value, zone);
            let text = format!("{time} ({name}); nobody has closed the incident.");
            said("End", text, mark)
        }
        (_, Status::Ongoing) => Line::ask(match incident.evidence_ends {
            Some(at) => format!(
                "When did it end? It was ongoing when the evidence ends at {}.",
                prose::moment(at, zone)
            ),
            None => "When did it end? The evidence shows no recovery.".to_owned(),
        }),
        (None, _) => Line::ask("When did it end? The evidence shows no recovery."),
    }
}

fn said(label: &str, text: String, mark: &Marked) -> Line {
    Line::said(text, mark.claim.evidence.clone())
        .graded(mark.claim.grade)
        .labelled(label)
}

/// Failed requests of all, and their share.
pub(super) fn requests_of(impact: &Impact) -> Option<String> {
    let (failed, total) = (impact.requests_failed?, impact.requests_total?);
    let of = share_of(failed, total, "request");
    Some(match impact.error_rate_mean {
        Some(rate) if failed < total => format!("{of} ({})", percent(rate)),
        _ => of,
    })
}

/// `634 of 835 requests`, `all 835 requests`.
fn share_of(part: u64, whole: u64, noun: &str) -> String {
    if part == whole && whole > 1 {
        format!("all {}", count(whole, noun))
    } else {
        format!("{} of {}", prose::thousands(part), count(whole, noun))
    }
}

/// The 99th percentile of durations, where it rose.
pub(super) fn latency_of(impact: &Impact) -> Option<String> {
    /// Less than a fifth more is what any hour has over another.
    const WORSE: f64 = 1.2;
    let p99 = impact.latency_p99_ms?;
    match impact.latency_p99_baseline_ms {
        Some(before) if p99 > before * WORSE => Some(format!(
            "one answer in a hundred took {} or longer ({} before)",
            prose::millis(p99),
            prose::millis(before)
        )),
        Some(_) => None,
        None => Some(format!(
            "one answer in a hundred took {} or longer",
            prose::millis(p99)
        )),
    }
}

fn requests(impact: &Impact) -> Option<Line> {
    let evidence = impact.evidence.clone()?;
    let mut parts = Vec::new();
    if let Some(of) = requests_of(impact) {
        let rates: Vec<String> = [
            ("at the peak", impact.error_rate_peak),
            ("before it", impact.error_rate_baseline),
        ]
        .into_iter()
        .filter_map(|(name, rate)| Some(format!("{} {name}", percent(rate?))))
        .collect();
        let rates = if rates.is_empty() {
            String::new()
        } else {
            format!("; {}", rates.join(", "))
        };
        parts.push(format!("{of} failed{rates}"));
    }
    parts.extend(latency_of(impact));
    if impact.tickets > 0 {
        parts.push(format!("{} came in", count(impact.tickets, "ticket")));
    }
    if parts.is_empty() {
        return None;
    }
    let text = prose::sentence(&parts.join("; "));
    Some(Line::said(text, evidence).labelled("Impact"))
}

fn users(incident: &Incident) -> Line {
    let Some(mut line) = users_of(incident) else {
        return Line::ask("How many users were affected? The evidence does not tell them apart.");
    };
    if let Line::Said { text, .. } = &mut line {
        text.push(super::text("."));
    }
    line.labelled("Users affected")
}

/// Who was affected, measured or else as a document states it.
pub(super) fn users_of(incident: &Incident) -> Option<Line> {
    measured_users(&incident.impact).or_else(|| stated_users(incident))
}

fn measured_users(impact: &Impact) -> Option<Line> {
    let affected = impact.users_affected?;
    let mut text = match (impact.users_active, users_share(impact)) {
        (Some(active), Some(_)) if affected == active => {
            format!("{} seen in that time", share_of(affected, active, "user"))
        }
        (Some(active), Some(share)) => format!(
            "{} seen in that time ({})",
            share_of(affected, active, "user"),
            percent(share)
        ),
        _ => count(affected, "user"),
    };
    match impact.users_blocked {
        Some(n) if n > 0 && n == affected => {
            text = format!("{text}, none of whom got through at all");
        }
        Some(n) if n > 0 => {
            text = format!(
                "{text}, {} of whom did not get through at all",
                prose::thousands(n)
            );
        }
        _ => {}
    }
    Some(Line::said(text, impact.evidence.clone()?))
}

fn stated_users(incident: &Incident) -> Option<Line> {
    let fact = incident.stated.as_ref()?.users_affected_percent.as_ref()?;
    let text = format!(
        "{} of the users by its own account",
        percent(fact.value / 100.0)
    );
    Some(Line::said(text, fact.evidence.clone()).graded(Grade::Claimed))
}

/// The services that took part, the culprit first.
pub(super) fn services(incident: &Incident) -> Option<Line> {
    let mut evidence: Option<Evidence> = None;
    let mut names = Vec::new();
    for involved in &incident.services {
        let Some(found) = seen(incident, &involved.service) else {
            continue;
        };
        evidence = Some(match evidence {
            Some(e) => e.and(&found),
            None => found,
        });
        let first = if involved.culprit {
            " (failed first)"
        } else {
            ""
        };
        names.push(format!("{}{first}", involved.service));
    }
    let line = Line::said(prose::list(&names), evidence?);
    Some(line.graded(Grade::Inferred))
}

/// One line that shows a service taking part.
fn seen(incident: &Incident, service: &str) -> Option<Evidence> {
    let culprit = incident.culprit.as_ref().filter(|c| c.service == service);
    let hit = || {
        incident
            .impact
            .by_service
            .iter()
            .find(|s| s.service == service)
    };
    let event = || {
        let named = |m: &&crate::incident::Moment| m.service.as_deref() == Some(service);
        incident.timeline.iter().find(named)
    };
    let suspect = || {
        let named = |s: &&crate::incident::Suspect| s.service.as_deref() == Some(service);
        incident.suspects.iter().find(named)
    };
    let all = culprit
        .map(|c| &c.evidence)
        .or_else(|| hit().map(|s| &s.evidence))
        .or_else(|| event().map(|m| &m.evidence))
        .or_else(|| suspect().map(|s| &s.evidence))?;
    Some(Evidence::new(all.first()))
}
