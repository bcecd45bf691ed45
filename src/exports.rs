//! The timeline alone, for other tools: rows for spreadsheets, events for Timesketch, and a plain
//! table to paste into a chat.

use crate::analysis::Analysis;
use crate::cite::Evidence;
use crate::clock::Zone;
use crate::incident::{Incident, Moment};
use crate::report::escape::{cell, json, visible};
use crate::report::{Locator, aligned, prose};
use crate::source::Library;
use recon_parsers::{Basis, Stamp};
use serde_json::{Map, Value};
use std::io;

/// How a timeline is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Aligned columns of plain text.
    Table,
    /// One row an entry.
    Csv,
    /// Events that Timesketch imports, one JSON object a line.
    Timesketch,
}

/// The timelines of all incidents, and how many of their entries the form has no place for.
pub fn timeline(
    analysis: &Analysis,
    library: &mut Library,
    zone: Zone,
    form: Form,
) -> io::Result<(String, usize)> {
    let mut locator = Locator::new(library);
    match form {
        Form::Table => Ok((table(analysis, &mut locator, zone)?, 0)),
        Form::Csv => Ok((csv(analysis, &mut locator)?, 0)),
        Form::Timesketch => timesketch(analysis, &mut locator),
    }
}

fn entries(analysis: &Analysis) -> impl Iterator<Item = (&Incident, &Moment)> {
    let incidents = analysis.incidents.iter();
    incidents.flat_map(|i| i.timeline.iter().map(move |m| (i, m)))
}

/// `auth.log:12 web.log:7-9`
fn places(evidence: &Evidence, locator: &mut Locator<'_>) -> io::Result<String> {
    let names = evidence.iter().map(|cite| locator.name(cite));
    let mut names: Vec<String> = names.collect::<io::Result<_>>()?;
    names.dedup();
    Ok(names.join(" "))
}

fn table(analysis: &Analysis, locator: &mut Locator<'_>, zone: Zone) -> io::Result<String> {
    let mut out = String::new();
    for incident in &analysis.incidents {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&said(&incident.title));
        out.push('\n');
        let heads = ["Time", "Phase", "Source", "What"].map(str::to_owned);
        let mut rows = vec![heads.to_vec()];
        for moment in &incident.timeline {
            rows.push(vec![
                prose::moment(moment.at, zone),
                moment.phase.name().to_owned(),
                said(&places(&moment.evidence, locator)?),
                said(&moment.text),
            ]);
        }
        out.push_str(&aligned(&rows));
    }
    Ok(out)
}

/// Text that a chat shows as it is: nobody is called by it, and no code block ends at it.
fn said(text: &str) -> String {
    let mut out = visible(text).replace("```", "'''");
    for all in ["@here", "@channel", "@everyone", "@all", "@room"] {
        out = out.replace(all, &all.replace('@', "\u{ff20}"));
    }
    out
}

fn csv(analysis: &Analysis, locator: &mut Locator<'_>) -> io::Result<String> {
    let mut out = String::from("incident,time,phase,origin,service,actor,basis,text,sources\n");
    for (incident, moment) in entries(analysis) {
        let cells = [
            &incident.id,
            &moment.at.rfc3339(),
            moment.phase.name(),
            moment.origin.name(),
            moment.service.as_deref().unwrap_or_default(),
            moment.actor.as_deref().unwrap_or_default(),
            moment.grade.name(),
            &moment.text,
            &places(&moment.evidence, locator)?,
        ];
        out.push_str(&cells.map(cell).join(","));
        out.push('\n');
    }
    Ok(out)
}

fn timesketch(analysis: &Analysis, locator: &mut Locator<'_>) -> io::Result<(String, usize)> {
    let mut out = String::new();
    let mut without = 0;
    for (incident, moment) in entries(analysis) {
        let phase = moment.phase.name();
        let Some(mut event) = timesketch_event(
            moment.at,
            &moment.text,
            &format!("Incident timeline: {phase}"),
        ) else {
            without += 1;
            continue;
        };
        let mut put = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                event.insert(key.to_owned(), value.into());
            }
        };
        put("data_type", Some("recon:timeline:entry"));
        put("incident", Some(&incident.id));
        put("phase", Some(phase));
        put("origin", Some(moment.origin.name()));
        put("service", moment.service.as_deref());
        put("actor", moment.actor.as_deref());
        put("basis", Some(moment.grade.name()));
        put("evidence", Some(&places(&moment.evidence, locator)?));
        event.insert("tag".to_owned(), vec!["recon", phase].into());
        out.push_str(&json(&Value::Object(event).to_string()));
        out.push('\n');
    }
    Ok((out, without))
}

/// What Timesketch needs of an event; none where nothing dates it.
#[must_use]
pub fn timesketch_event(at: Stamp, message: &str, what: &str) -> Option<Map<String, Value>> {
    if at.basis == Basis::Relative {
        return None;
    }
    let mut event = Map::new();
    // An event without any words would be turned away.
    let message = if message.trim().is_empty() {
        "(no message)"
    } else {
        message
    };
    event.insert("message".to_owned(), message.into());
    event.insert(
        "datetime".to_owned(),
        at.rfc3339().replace('Z', "+00:00").into(),
    );
    event.insert("timestamp".to_owned(), (at.nanos.div_euclid(1000)).into());
    event.insert("timestamp_desc".to_owned(), what.into());
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_from_a_pasted_table() {
        assert_eq!(
            said("@here ```x``` a@hereby.example"),
            "\u{ff20}here '''x''' a\u{ff20}hereby.example"
        );
        assert_eq!(said("\u{1b}[31mred\n"), "␛[31mred ");
    }

    #[test]
    fn events_have_what_timesketch_needs() {
        let at = |basis| Stamp {
            nanos: 1_700_000_000_123_456_789,
            precision: recon_parsers::Precision::Fraction(3),
            basis,
        };
        let event =
            timesketch_event(at(Basis::Stated), " ", "Event logged").expect("a dated event");
        assert_eq!(event["datetime"], "2023-11-14T22:13:20.123+00:00");
        assert_eq!(event["timestamp"], 1_700_000_000_123_456_i64);
        assert_eq!(event["message"], "(no message)");
        assert!(timesketch_event(at(Basis::Relative), "x", "y").is_none());
    }
}
