//! Why each milestone stands where it does: the rule that chose, what it rests on, and the
//! candidates that were not chosen.

use super::escape::visible;
use super::json::{Evidence, Incident, Milestone as Mark, Report};
use crate::incident::Milestone;
use serde_json::{Value, json};
use std::fmt::Write;

/// The schema of the form for programs.
const SCHEMA: &str = "recon.explain-incident/1";
/// Characters of a cited entry that are shown.
const WIDTH: usize = 110;
/// Places of one piece of evidence that are shown.
const PLACES: usize = 3;

/// The incidents to explain: all, or the one of this id.
///
/// # Errors
/// Where none has the id; the text says which there are.
pub fn chosen<'r>(report: &'r Report, id: Option<&str>) -> Result<Vec<&'r Incident>, String> {
    let all = report.incidents.iter();
    let Some(id) = id else {
        return Ok(all.collect());
    };
    let own: Vec<&Incident> = all.filter(|i| i.id == id).collect();
    if own.is_empty() {
        let ids: Vec<&str> = report.incidents.iter().map(|i| i.id.as_str()).collect();
        return Err(match ids.as_slice() {
            [] => format!("no incident {id}: none was found"),
            _ => format!("no incident {id}: there are {}", ids.join(", ")),
        });
    }
    Ok(own)
}

/// For people.
#[must_use]
pub fn text(incidents: &[&Incident]) -> String {
    let mut out = String::new();
    for incident in incidents {
        let _ = one(&mut out, incident);
    }
    out
}

/// For programs.
#[must_use]
pub fn json(incidents: &[&Incident]) -> String {
    let all = json!({
        "schema": SCHEMA,
        "incidents": incidents.iter().map(|i| value(i)).collect::<Vec<_>>(),
    });
    format!("{all:#}\n")
}

fn mark(incident: &Incident, which: Milestone) -> Option<&Mark> {
    incident.milestones.get(which.name())
}

fn one(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let (id, title) = (visible(&incident.id), visible(&incident.title));
    writeln!(out, "{id}: {title} ({})\n", incident.status)?;
    for which in Milestone::ALL {
        let Some(mark) = mark(incident, which) else {
            continue;
        };
        let confidence = if mark.confidence.is_empty() {
            String::new()
        } else {
            format!(", confidence {}", mark.confidence)
        };
        writeln!(out, "{}", which.name())?;
        writeln!(
            out,
            "  time        {} ({}{confidence})",
            mark.time, mark.basis
        )?;
        writeln!(out, "  rule        {}: {}", mark.rule, meaning(&mark.rule))?;
        writeln!(out, "  preferred   {}", preference(which))?;
        places(out, "evidence", &mark.evidence)?;
        if let Some(early) = &mark.not_before {
            writeln!(
                out,
                "  not before  {early}: the last time things were seen to be well"
            )?;
        }
        for other in &mark.alternatives {
            let (time, rule, basis) = (&other.time, &other.rule, &other.basis);
            writeln!(out, "  not chosen  {time} {rule} ({basis})")?;
            places(out, "", &other.evidence)?;
        }
        writeln!(out)?;
    }
    missing(out, incident)?;
    cause(out, incident)?;
    for question in &incident.open_questions {
        writeln!(out, "open question {}", visible(question))?;
    }
    writeln!(out)
}

fn missing(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let mut any = false;
    for which in Milestone::ALL {
        if mark(incident, which).is_none() {
            any = true;
            writeln!(
                out,
                "{:14}no evidence; looked for: {}",
                which.name(),
                preference(which)
            )?;
        }
    }
    if any { writeln!(out) } else { Ok(()) }
}

fn cause(out: &mut String, incident: &Incident) -> std::fmt::Result {
    if let Some(culprit) = &incident.culprit {
        let (service, confidence) = (visible(&culprit.service), culprit.confidence.0);
        writeln!(out, "culprit       {service} (confidence {confidence})")?;
        places(out, "evidence", &culprit.evidence)?;
    }
    for suspect in &incident.suspects {
        let what = visible(&suspect.what);
        writeln!(
            out,
            "suspect {}     {what} ({}, score {})",
            suspect.rank, suspect.kind, suspect.score.0
        )?;
        let features: Vec<String> = suspect
            .features
            .0
            .iter()
            .map(|(name, value)| format!("{name} {}", value.0))
            .collect();
        writeln!(out, "  made of     {}", features.join(", "))?;
        places(out, "evidence", &suspect.evidence)?;
    }
    for lead in &incident.false_leads {
        let to = lead.to.as_deref().unwrap_or("never dropped");
        let how = if lead.ruled_out {
            "ruled out"
        } else {
            "superseded"
        };
        writeln!(
            out,
            "wrong turn    {} ({} to {to}, {how})",
            visible(&lead.hypothesis),
            lead.from
        )?;
        places(out, "evidence", &lead.evidence)?;
    }
    Ok(())
}

fn places(out: &mut String, label: &str, evidence: &[Evidence]) -> std::fmt::Result {
    for (n, place) in evidence.iter().take(PLACES).enumerate() {
        let label = if n == 0 { label } else { "" };
        let text = visible(&place.text);
        let text: String = text.chars().take(WIDTH).collect();
        writeln!(
            out,
            "  {label:10}  {}:{}  {text}",
            visible(&place.path),
            place.line
        )?;
    }
    match evidence.len().saturating_sub(PLACES) {
        0 => Ok(()),
        n => writeln!(out, "              and {n} more"),
    }
}

fn value(incident: &Incident) -> Value {
    let told = |which: &Milestone| {
        let mark = mark(incident, *which)?;
        let mut value = serde_json::to_value(mark).ok()?;
        let members = value.as_object_mut()?;
        let others = members.remove("alternatives").unwrap_or_default();
        members.insert("not_chosen".to_owned(), others);
        members.insert("because".to_owned(), meaning(&mark.rule).into());
        members.insert("preferred".to_owned(), preference(*which).into());
        Some((which.name().to_owned(), value))
    };
    let told: serde_json::Map<String, Value> = Milestone::ALL.iter().filter_map(told).collect();
    let absent = Milestone::ALL
        .into_iter()
        .filter(|m| mark(incident, *m).is_none());
    let absent = absent.map(|m| json!({ "milestone": m.name(), "looked_for": preference(m) }));
    json!({
        "id": incident.id,
        "title": incident.title,
        "status": incident.status,
        "milestones": told,
        "missing": absent.collect::<Vec<_>>(),
        "culprit": incident.culprit,
        "suspects": incident.suspects,
        "false_leads": incident.false_leads,
        "open_questions": incident.open_questions,
    })
}

/// What a rule saw, in words.
fn meaning(rule: &str) -> &'static str {
    match rule {
        "alert" => "a monitoring alert says so",
        "change" => "the record of a change says so",
        "delay" => {
            "requests stayed longer between two steps than is usual, or no longer than before"
        }
        "detour" => "requests left the way they usually take, or came back to it",
        "document" => "a written document states it",
        "error-burst" => "errors, or failed requests, rose above what is usual, or fell back to it",
        "human" => "a person said so",
        "latency" => "answers got slower than usual, or as fast as before",
        "own-log" => "the service's own log tells of it",
        "page" => "a step of a page says so",
        "silence" => "a service that logs all the time stopped, or began again",
        "surviving-hypothesis" => "nobody named the cause; this suspicion was never ruled out",
        "suspect" => "the likeliest of the changes shortly before, by the features of the suspects",
        "ticket-burst" => "customers reported failures, more than is usual",
        _ => "a rule of its own",
    }
}

/// Which evidence a milestone is placed by, best first.
const fn preference(which: Milestone) -> &'static str {
    match which {
        Milestone::Change => "the likeliest change to production before the impact",
        Milestone::ImpactStart => {
            "failed requests that rise, slow ones, errors in logs; else the first alert, page or ticket"
        }
        Milestone::Detected => "the earliest of alert, burst of tickets and a person's report",
        Milestone::Paged => "a page opened or sent, else words",
        Milestone::Acknowledged => {
            "the first acknowledgement of the page by a person that held, else words before the cause was known"
        }
        Milestone::Declared => "a document's formal beginning",
        Milestone::Investigating => "the first words of somebody who looks, once it was taken",
        Milestone::Escalated => "a page escalated or reassigned, else words",
        Milestone::Identified => {
            "the surest words that name a cause nobody took back, else the suspicion that survived"
        }
        Milestone::FixDeployed => {
            "the first change to production of what hurt once the cause was named, else the last before the relief; else words"
        }
        Milestone::Mitigated => {
            "the last failure before the data are back to usual; without data, words or alerts"
        }
        Milestone::ImpactEnd => "a document that tells it apart from the mitigation",
        Milestone::Resolved => {
            "a person's close of the page, else a person's words after the relief, else all alerts closed"
        }
        Milestone::Closed => "words that the review was held",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::RULES;

    #[test]
    fn every_rule_has_a_meaning() {
        let own = ["document", "suspect", "surviving-hypothesis"];
        for rule in RULES.iter().map(|r| r.name).chain(own) {
            assert_ne!(meaning(rule), meaning("no such rule"), "{rule}");
        }
    }
}
