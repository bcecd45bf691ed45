//! An incident as sections of lines, each said with evidence or asked of people. What prints
//! them decides how they look.

mod cause;
mod figures;
mod questions;
mod response;
mod summary;
mod timeline;

pub use questions::questions;

use super::{Options, prose};
use crate::cite::{Evidence, Grade, Line, Piece};
use crate::clock::Zone;
use crate::incident::{Incident, Phase, Remark};

/// A part of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// 0 for a section, 1 for a part of the section before it.
    pub depth: usize,
    /// What it says and asks.
    pub lines: Vec<Line>,
}

/// The draft of one incident, without its evidence appendix.
#[must_use]
pub fn draft(incident: &Incident, options: &Options) -> Vec<Section> {
    let zone = options.zone;
    let mut sections = vec![
        section("Issue summary", summary::lines(incident, zone)),
        section("Timeline", timeline::lines(incident, zone)),
        section("Detection", response::detection(incident, zone)),
        section("Actions taken", response::actions(incident, zone)),
        section("Misleading paths", response::misleading(incident, zone)),
        section("Escalation", response::escalation(incident, zone)),
        section("Resolution", response::resolution(incident, zone)),
        section(
            "Root cause and resolution",
            cause::root_cause(incident, zone),
        ),
        section(
            "Corrective and preventative measures",
            cause::measures(incident, zone),
        ),
    ];
    sections.extend(cause::tasks(incident, zone));
    sections.push(section("Metrics", figures::metrics(incident)));
    let impact = figures::impact(incident, options);
    sections.push(section("Impact by service and error budget", impact));
    let asked: Vec<Line> = questions(incident, zone)
        .into_iter()
        .map(Line::ask)
        .collect();
    if !asked.is_empty() {
        sections.push(section("Open questions", asked));
    }
    sections
}

fn section(title: &'static str, lines: Vec<Line>) -> Section {
    Section {
        title,
        depth: 0,
        lines,
    }
}

/// A statement that begins with its time.
fn timed(time: String, text: &str, grade: Grade, evidence: &Evidence) -> Line {
    Line::said(prose::sentence(text), evidence.clone())
        .graded(grade)
        .labelled(time)
}

/// What people said about the matter of a section, quoted.
fn remarks<'a>(
    incident: &'a Incident,
    section: &'a str,
    zone: Zone,
) -> impl Iterator<Item = Line> + 'a {
    let said = incident
        .remarks
        .iter()
        .filter(move |r| r.section == section);
    said.map(move |r| quoted(r, zone))
}

fn quoted(remark: &Remark, zone: Zone) -> Line {
    let who = remark.actor.as_deref();
    let when = remark.at.map(|at| prose::clock(at, zone));
    let source = match (who, when) {
        (Some(who), Some(when)) => format!("{who} at {when}: "),
        (Some(who), None) => format!("{who}: "),
        (None, Some(when)) => format!("Written about {when}: "),
        (None, None) => String::new(),
    };
    let text = format!("{source}“{}”", remark.text.trim());
    Line::said(text, remark.evidence.clone()).graded(Grade::Claimed)
}

/// The events of these phases, as a section other than the timeline repeats them.
fn moments<'a>(
    incident: &'a Incident,
    phases: &'a [Phase],
    zone: Zone,
) -> impl Iterator<Item = Line> + 'a {
    let events = incident.timeline.iter();
    events
        .filter(move |m| phases.contains(&m.phase))
        .map(move |m| timeline::line(m, prose::clock(m.at, zone)))
}

/// Lines, or if there are none this question.
fn or_ask(lines: Vec<Line>, question: &str) -> Vec<Line> {
    if lines.is_empty() {
        vec![Line::ask(question)]
    } else {
        lines
    }
}

fn text(words: impl Into<String>) -> Piece {
    Piece::Text(words.into())
}
