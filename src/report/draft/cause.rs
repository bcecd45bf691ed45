//! What may have caused it, never what did; and what follows.

use super::{Section, or_ask, remarks, section};
use crate::cite::{Grade, Line};
use crate::clock::Zone;
use crate::incident::{Horizon, Incident, Milestone, Suspect, SuspectKind, Task};
use crate::report::prose;
use recon_parsers::{Basis, Stamp};

/// Candidates that a draft shows; the report for programs has all.
const SHOWN: usize = 5;

/// The best candidate, for the summary.
pub(super) fn first_candidate(incident: &Incident, zone: Zone) -> Option<Line> {
    let best = incident.suspects.first()?;
    let place = match incident.suspects.len() {
        1 => "the only candidate".to_owned(),
        n => format!("first of {n} candidates"),
    };
    let said = format!(
        "{} ({place}; not established).",
        describe(best, incident, zone)
    );
    let line = Line::said(said, best.evidence.clone()).graded(Grade::Inferred);
    Some(line.labelled("Root cause, a candidate"))
}

pub(super) fn root_cause(incident: &Incident, zone: Zone) -> Vec<Line> {
    let ranked = (1..).zip(incident.suspects.iter().take(SHOWN));
    let mut lines: Vec<Line> = ranked
        .map(|(rank, s)| candidate(rank, s, incident, zone))
        .collect();
    lines.extend(remarks(incident, "root_cause", zone));
    lines.push(Line::ask(match lines.is_empty() {
        true => "What was the cause? The evidence offers no candidate.",
        false => {
            "Which of these is the cause, and by what mechanism? Coincidence in time is all \
             that logs can show."
        }
    }));
    lines
}

fn candidate(rank: usize, suspect: &Suspect, incident: &Incident, zone: Zone) -> Line {
    let features = suspect.features.iter();
    let features: Vec<String> = features
        .map(|(name, value)| format!("{} {value:.2}", name.replace('_', " ")))
        .collect();
    let score = match features.is_empty() {
        true => format!("score {:.2}", suspect.score),
        false => format!("score {:.2}: {}", suspect.score, features.join(", ")),
    };
    let said = format!("{} ({score}).", describe(suspect, incident, zone));
    Line::said(said, suspect.evidence.clone())
        .graded(Grade::Inferred)
        .labelled(format!("Candidate {rank}"))
}

/// What it is, where, and how it lies to the first failure.
fn describe(suspect: &Suspect, incident: &Incident, zone: Zone) -> String {
    let kind = match suspect.kind {
        SuspectKind::Change => "the change",
        SuspectKind::Template => "the message",
        SuspectKind::Service => "the service",
        SuspectKind::Silence => "the silence of",
    };
    let what = suspect.what.trim().trim_end_matches('.');
    let mut said = format!("{kind} “{what}”");
    match &suspect.service {
        Some(service) if service != what => said = format!("{said} in {service}"),
        _ => {}
    }
    if let Some(at) = suspect.at {
        said = format!("{said}, {}", prose::clock(at, zone));
        if let Some(near) = nearness(at, incident) {
            said = format!("{said}, {near}");
        }
    }
    said
}

fn nearness(at: Stamp, incident: &Incident) -> Option<String> {
    let start = incident.when(Milestone::ImpactStart)?;
    if (start.basis == Basis::Relative) != (at.basis == Basis::Relative) {
        return None;
    }
    let lead = start.nanos.checked_sub(at.nanos)?;
    Some(match lead {
        0 => "at the first failure".to_owned(),
        1.. => format!("{} before the first failure", prose::duration(lead)),
        _ => format!(
            "{} after the first failure",
            prose::duration(lead.saturating_neg())
        ),
    })
}

pub(super) fn measures(incident: &Incident, zone: Zone) -> Vec<Line> {
    let lines = remarks(incident, "measures", zone).collect();
    or_ask(
        lines,
        "What will keep this from happening again, or make it shorter next time?",
    )
}

/// The tasks, a part for each horizon.
pub(super) fn tasks(incident: &Incident, zone: Zone) -> Vec<Section> {
    let of = |horizon: Horizon| -> Vec<Line> {
        let due = incident.tasks.iter().filter(|t| t.horizon == horizon);
        due.map(task).collect()
    };
    let part = |title, horizon, question| Section {
        depth: 1,
        ..section(title, or_ask(of(horizon), question))
    };
    let written: Vec<Line> = remarks(incident, "tasks", zone).collect();
    let mut sections = vec![section("Tasks", written)];
    sections.extend([
        part(
            "Immediate",
            Horizon::Immediate,
            "What must be done now, and by whom?",
        ),
        part(
            "Short term",
            Horizon::Short,
            "What must be done in the next weeks?",
        ),
        part("Long term", Horizon::Long, "What should be done later?"),
    ]);
    sections
}

fn task(task: &Task) -> Line {
    Line::said(prose::sentence(&task.text), task.evidence.clone()).graded(Grade::Inferred)
}
