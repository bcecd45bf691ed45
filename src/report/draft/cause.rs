//! What may have caused it, never what did; and what follows.

use super::timeline::{event_of, told};
use super::{near, or_ask, remarks};
use crate::cite::{Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Milestone, Suspect, SuspectKind};
use crate::report::prose;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Stamp};

/// Candidates that a draft shows; the report for programs has all.
const SHOWN: usize = 5;
/// A candidate with less than a third of the best one's score is not named beside it.
const BEHIND: f64 = 3.0;
/// A feature from here on speaks for its suspect.
const TELLING: f64 = 0.7;

/// The candidates worth naming: none that is far behind the best.
pub(super) fn shown(incident: &Incident) -> impl Iterator<Item = &Suspect> {
    let best = incident.suspects.first().map_or(0.0, |s| s.score);
    let near = incident
        .suspects
        .iter()
        .filter(move |s| s.score >= best / BEHIND);
    near.take(SHOWN)
}

/// The best candidate, for the summary.
pub(super) fn first_candidate(incident: &Incident, zone: Zone) -> Option<Line> {
    let best = incident.suspects.first()?;
    let place = match shown(incident).count() {
        1 => "the only candidate".to_owned(),
        n => format!("first of {n} candidates"),
    };
    let described = prose::capital(&describe(best, incident, zone));
    let said = format!("{described} ({place}; not established).");
    let line = Line::said(said, best.evidence.clone()).graded(Grade::Inferred);
    Some(line.labelled("Root cause, a candidate"))
}

/// What people named as the cause, then what the data would suggest on their own.
pub(super) fn root_cause(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines: Vec<Line> = named(incident, zone).into_iter().collect();
    let people = !lines.is_empty();
    let ranked = (1..).zip(shown(incident));
    lines.extend(ranked.map(|(rank, s)| candidate(rank, s, incident, zone)));
    let data = !incident.suspects.is_empty();
    lines.extend(remarks(incident, "root_cause", zone));
    lines.push(Line::ask(match (people, data) {
        (true, true) => {
            "By what mechanism did it come about, and do the candidates agree with what was said? \
             Coincidence in time is all that logs can show."
        }
        (true, false) => "By what mechanism did it come about?",
        (false, true) => {
            "Which of these is the cause, and by what mechanism? Coincidence in time is all \
             that logs can show."
        }
        (false, false) if lines.is_empty() => {
            "What was the cause? The evidence offers no candidate."
        }
        (false, false) => "By what mechanism did it come about?",
    }));
    lines
}

/// The cause in a line or two: what was said, else what the data point to first.
pub(super) fn cause(incident: &Incident, zone: Zone) -> Vec<Line> {
    let line = named(incident, zone).or_else(|| first_candidate(incident, zone));
    or_ask(
        line.into_iter().collect(),
        "What was the cause? The evidence offers no candidate.",
    )
}

/// What was said when the cause was named.
pub(super) fn named(incident: &Incident, zone: Zone) -> Option<Line> {
    let moment = event_of(incident, Milestone::Identified)?;
    let claim = &incident.milestone(Milestone::Identified)?.claim;
    let at = near(incident, claim.value, zone);
    let said = told(incident, moment);
    let line = Line::said(said, claim.evidence.clone()).graded(claim.grade);
    Some(line.labelled(format!("Said at {at}")))
}

/// The change that came before it.
pub(super) fn trigger(incident: &Incident, zone: Zone) -> Vec<Line> {
    let change = incident
        .suspects
        .iter()
        .find(|s| s.kind == SuspectKind::Change);
    let line = change.map(|s| {
        let said = format!(
            "{}; that it was the trigger is not established",
            describe(s, incident, zone)
        );
        Line::said(prose::sentence(&said), s.evidence.clone()).graded(Grade::Inferred)
    });
    or_ask(
        line.into_iter().collect(),
        "What set it off? The inputs hold no change shortly before it.",
    )
}

fn candidate(rank: usize, suspect: &Suspect, incident: &Incident, zone: Zone) -> Line {
    let score = format!("score {:.2}", suspect.score);
    let why: Vec<String> = suspect
        .features
        .iter()
        .filter(|(_, value)| *value >= TELLING)
        .filter_map(|(name, _)| reason(name))
        .map(str::to_owned)
        .collect();
    let why = match why.as_slice() {
        [] => score,
        all => format!("{}; {score}", prose::list(all)),
    };
    let said = format!(
        "{} ({why}).",
        prose::capital(&describe(suspect, incident, zone))
    );
    Line::said(said, suspect.evidence.clone())
        .graded(Grade::Inferred)
        .labelled(format!("Candidate {rank}"))
}

/// A feature of a suspect as a reason, where it says more than its own line does.
fn reason(feature: &str) -> Option<&'static str> {
    Some(match feature {
        "time" => "close in time",
        "same service" => "of an affected service",
        "undone by the fix" => "undone by what ended it",
        "novelty" => "new",
        "ends with it" => "gone when it was over",
        "severity" => "an error",
        "affected service" => "of an affected service",
        "odd requests" => "most requests there",
        "usual before" => "as usual at other times",
        "certainty" => "hardly by chance",
        "begins before it" => "earlier than the failures",
        _ => return None,
    })
}

/// What it is, where, and how it lies to the first failure.
pub(super) fn describe(suspect: &Suspect, incident: &Incident, zone: Zone) -> String {
    let kind = match suspect.kind {
        SuspectKind::Change => "the change",
        SuspectKind::Template => "the message",
        SuspectKind::Service => "the service",
        SuspectKind::Silence => "the silence",
    };
    let what = words(suspect);
    // "config change x of y" says that it is a change.
    let kinds = [
        "config change ",
        "flag change ",
        "deploy ",
        "rollback ",
        "release ",
    ];
    let named = suspect.kind == SuspectKind::Change && kinds.iter().any(|k| what.starts_with(k));
    let mut said = match suspect.kind {
        _ if named => format!("the {what}"),
        // Not words of a log but a sentence about it.
        SuspectKind::Service => format!("{kind} {}", suspect.what),
        _ => format!("{kind} {}", prose::quotation(&what)),
    };
    match &suspect.service {
        Some(service) if !what.contains(service.as_str()) => said = format!("{said} in {service}"),
        _ => {}
    }
    if let Some(at) = suspect.at {
        let lies = nearness(at, incident).map_or_else(String::new, |n| format!(", {n}"));
        said = match suspect.kind {
            SuspectKind::Template => {
                format!("{said}, first seen at {}{lies}", near(incident, at, zone))
            }
            _ => format!("{said} at {}{lies}", near(incident, at, zone)),
        };
    }
    said
}

/// The words of a message's first entry rather than its template with holes.
fn words(suspect: &Suspect) -> String {
    /// Characters of a message that tell it from others.
    const MOST: usize = 110;
    let words = suspect.words.as_deref().map(str::trim);
    let words = words.filter(|w| !w.is_empty()).unwrap_or(&suspect.what);
    let line = words.lines().next().unwrap_or_default().trim();
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(MOST) {
        Some((cut, _)) => {
            let start = line.get(..cut).unwrap_or(line);
            // Not in the middle of a word, unless it is all one.
            let whole = start.rsplit_once(' ').map_or(start, |(words, _)| words);
            format!("{}…", whole.trim_end_matches([' ', ',', ';', ':']))
        }
        None => line.to_owned(),
    }
}

fn nearness(at: Stamp, incident: &Incident) -> Option<String> {
    let start = incident.when(Milestone::ImpactStart)?;
    if (start.basis == Basis::Relative) != (at.basis == Basis::Relative) {
        return None;
    }
    let lead = start.nanos.checked_sub(at.nanos)?;
    Some(match lead {
        _ if lead.unsigned_abs() < SECOND.unsigned_abs() => {
            "within a second of the first failure".to_owned()
        }
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
