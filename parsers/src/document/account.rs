//! Everything that a document says about its incident.

use super::block::{self, Shape};
use super::dating::{self, Calendar, Moment};
use super::facts::Facts;
use super::lead::Time;
use super::outline::{self, Part};
use super::section::{self, Section};
use super::timeline::{self, Entry};
use crate::record::Value;
use crate::stamp::Reading;
use std::ops::Range;

/// What a document says about an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// The facts of its head, each with where it is stated.
    pub facts: Vec<Fact>,
    /// Everything else it says, in its order.
    pub notes: Vec<Note>,
}

/// One fact that a document states about the incident as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// `start`, `end`, `zone`, `duration_minutes`, `users_affected_percent`, `timeline_entries`, `title`.
    pub name: &'static str,
    /// What it is.
    pub value: Value<'static>,
    /// The bytes of the document that state it.
    pub part: Range<usize>,
}

/// One statement of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Which part of the document it stands in, by name.
    pub section: &'static str,
    /// How soon a task is due: immediate, short, long.
    pub horizon: Option<&'static str>,
    /// When, for an entry of the timeline.
    pub at: Option<Reading>,
    /// What it says.
    pub text: String,
    /// The bytes of the document that say it.
    pub part: Range<usize>,
}

/// Reads a document. `None` unless it tells of an incident: a guide to writing
/// postmortems or an empty template states no time at which anything happened.
#[must_use]
pub fn read(source: &[u8]) -> Option<Account> {
    let parts = outline::outline(block::blocks(source));
    if !is_about_incident(&parts) {
        return None;
    }
    let calendar = Calendar::of(&parts);
    let entries = timeline::entries(&parts);
    let moments = dating::moments(&entries, &calendar);
    let facts = Facts {
        parts: &parts,
        calendar: &calendar,
        entries: &entries,
        moments: &moments,
    }
    .all();
    let dated = facts.iter().any(|f| matches!(f.name, "start" | "end"));
    // Times in a document without a timeline are its incident's only where it tells of one.
    let told = kinds(&parts) >= 2
        && facts
            .iter()
            .any(|f| f.name == "start" && is_told(&parts, f));
    let happened = dated && told || entries.iter().any(|e| e.counts);
    let notes = notes(&parts, &entries, &moments, &calendar);
    happened.then_some(Account { facts, notes })
}

/// Words that accounts of incidents are full of.
const INCIDENT: &[&str] = &[
    "outage",
    "incident",
    "postmortem",
    "post-mortem",
    "root cause",
    "downtime",
    "unavailable",
    "went down",
    "resolved",
    "restored",
    "affected",
    "impact",
    "escalat",
    "mitigat",
    "rollback",
    "rolled back",
    "failure",
    "error",
    "alert",
    "timeline",
    "detected",
    "contributing factor",
    "lessons learn",
    "time to recover",
    "reported",
];

/// Whether a text is prose about an incident: its words, and the headings of its sections.
fn is_about_incident(parts: &[Part]) -> bool {
    let said: Vec<String> = parts
        .iter()
        .filter(|p| p.block.shape != Shape::Code)
        .map(|p| p.text().to_lowercase())
        .collect();
    let words = INCIDENT
        .iter()
        .filter(|w| said.iter().any(|t| section::has_word(t, w)))
        .count();
    let kinds = kinds(parts);
    words >= 2 && kinds >= 1 && words + 2 * kinds >= 6
}

/// How many kinds of sections a document has.
fn kinds(parts: &[Part]) -> usize {
    let mut names: Vec<&str> = parts
        .iter()
        .filter(|p| p.is_label || p.body > 0)
        .filter(|p| p.section != Section::Other)
        .map(|p| p.section.name())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// Whether a fact stands where documents tell what happened.
fn is_told(parts: &[Part], fact: &Fact) -> bool {
    let part = parts.iter().find(|p| {
        let whole = p.block.text.whole();
        whole.start <= fact.part.start && fact.part.end <= whole.end
    });
    part.is_some_and(|p| {
        !matches!(
            p.section,
            Section::Other | Section::Tasks | Section::Measures
        )
    })
}

/// Every statement, the timeline's with their times.
fn notes(
    parts: &[Part],
    entries: &[Entry],
    moments: &[Option<Moment>],
    calendar: &Calendar,
) -> Vec<Note> {
    let mut found = Vec::new();
    for (number, part) in parts
        .iter()
        .enumerate()
        .filter(|(_, p)| p.block.shape != Shape::Code)
    {
        let text = part.text();
        let mut timed = false;
        for (entry, moment) in entries
            .iter()
            .zip(moments)
            .filter(|(e, _)| e.part == number)
        {
            timed = true;
            let said = text.get(entry.text.clone()).unwrap_or_default().trim();
            if said.is_empty() && is_told_below(entries, entry) {
                continue;
            }
            let start = lead_start(entry);
            found.push(Note {
                section: Section::Timeline.name(),
                horizon: None,
                at: dating::reading(entry, *moment, calendar),
                text: said.to_owned(),
                part: part
                    .block
                    .text
                    .source(start.min(entry.text.start)..entry.text.end),
            });
        }
        if timed || part.is_label {
            continue;
        }
        let section = if part.section == Section::Timeline {
            Section::Other
        } else {
            part.section
        };
        let body = text.get(part.body..).unwrap_or_default();
        for range in super::sentences(body) {
            let said = body.get(range.clone()).unwrap_or_default().trim();
            if said.chars().any(char::is_alphanumeric) {
                found.push(Note {
                    section: section.name(),
                    horizon: part.horizon,
                    at: None,
                    text: said.to_owned(),
                    part: part
                        .block
                        .text
                        .source(part.body + range.start..part.body + range.end),
                });
            }
        }
    }
    found
}

/// Where an entry begins, its time included.
fn lead_start(entry: &Entry) -> usize {
    match &entry.time {
        Some(Time::Clock(m)) if entry.counts => m.range.start,
        Some(Time::Since(_)) if entry.counts => 0,
        _ => entry.text.start,
    }
}

/// A time that stands alone, with what happened then on the lines below it.
fn is_told_below(entries: &[Entry], entry: &Entry) -> bool {
    let next = entries.iter().find(|e| e.part > entry.part);
    entry.counts && next.is_some_and(|n| !n.counts)
}
