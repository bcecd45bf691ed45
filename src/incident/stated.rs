//! What a written document states of itself, besides its timeline: the facts of its head, the
//! remarks of its sections, its tasks.

use super::model::{Contradiction, Fact, Horizon, Remark, Stated, Task};
use crate::cite::Evidence;
use crate::survey::Kept;
use recon_parsers::Value;
use recon_parsers::record::field;
use std::collections::BTreeMap;

/// The section that a note stands in.
pub(super) fn section(kept: &Kept) -> Option<&str> {
    kept.record.fields.text(field::SECTION)
}

/// The facts of a document's head, each with where it stands.
pub(super) fn stated(notes: &[&Kept]) -> Option<Stated> {
    let head = notes
        .iter()
        .find(|n| section(n) == Some("stated") && n.record.fields.get("fact").is_none())?;
    let place = |name: &str| {
        let own = notes
            .iter()
            .find(|n| n.record.fields.text("fact") == Some(name));
        Evidence::new(own.map_or(head.cite, |n| n.cite))
    };
    let text = |name: &str| match head.record.fields.get(name) {
        Some(Value::Text(t)) => Some(Fact {
            value: t.to_string(),
            evidence: place(name),
        }),
        _ => None,
    };
    let number = |name: &str| {
        head.record
            .fields
            .get(name)
            .and_then(Value::as_f64)
            .map(|value| Fact {
                value,
                evidence: place(name),
            })
    };
    let entries = match head.record.fields.get("timeline_entries") {
        Some(Value::Int(n)) => Some(Fact {
            value: *n,
            evidence: place("timeline_entries"),
        }),
        _ => None,
    };
    Some(Stated {
        start: text("start"),
        end: text("end"),
        zone: text("zone"),
        duration_minutes: number("duration_minutes"),
        users_affected_percent: number("users_affected_percent"),
        timeline_entries: entries,
        contradictions: contradictions(notes),
    })
}

/// Where the document contradicts itself: two notes of one number are the two places.
fn contradictions(notes: &[&Kept]) -> Vec<Contradiction> {
    let mut found: BTreeMap<i64, Contradiction> = BTreeMap::new();
    for note in notes.iter().filter(|n| section(n) == Some("contradiction")) {
        let Some(Value::Int(number)) = note.record.fields.get("number") else {
            continue;
        };
        found
            .entry(*number)
            .and_modify(|c| c.evidence.add(note.cite))
            .or_insert_with(|| Contradiction {
                code: code(note.record.fields.text("code").unwrap_or_default()),
                text: note.record.message.to_string(),
                evidence: Evidence::new(note.cite),
            });
    }
    found.into_values().collect()
}

/// The kinds of contradiction that documents are read for.
fn code(name: &str) -> &'static str {
    [
        "date",
        "detection",
        "duration",
        "end",
        "order",
        "share",
        "start",
        "status",
        "zone",
    ]
    .into_iter()
    .find(|known| *known == name)
    .unwrap_or("other")
}

const SECTIONS: [&str; 9] = [
    "summary",
    "detection",
    "actions",
    "misleading",
    "escalation",
    "resolution",
    "root_cause",
    "impact",
    "measures",
];

pub(super) fn remarks(notes: &[&Kept]) -> Vec<Remark> {
    let told = notes.iter().filter_map(|n| {
        let own = section(n)?;
        let section = SECTIONS.iter().copied().find(|s| *s == own)?;
        Some(Remark {
            section,
            at: n.at,
            actor: None,
            text: n.record.message.trim().to_owned(),
            evidence: Evidence::new(n.cite),
        })
    });
    told.collect()
}

pub(super) fn tasks(notes: &[&Kept]) -> Vec<Task> {
    let told = notes
        .iter()
        .filter(|n| section(n) == Some("tasks"))
        .map(|n| Task {
            horizon: match n.record.fields.text("horizon") {
                Some("immediate") => Horizon::Immediate,
                Some("long") => Horizon::Long,
                _ => Horizon::Short,
            },
            text: n.record.message.trim().to_owned(),
            evidence: Evidence::new(n.cite),
        });
    told.collect()
}
