//! Misleading paths: what was suspected and then ruled out, or dropped when another cause was named.

use super::group::Group;
use super::milestones::words;
use super::model::Lead;
use crate::cite::{Cite, Evidence};
use crate::lexicon::{Act, Mood, Statement, Subject, same};
use recon_parsers::Stamp;

/// Scores below this are too faint for a suspicion.
const FAINT: f32 = 0.45;

struct Voice<'g> {
    at: Stamp,
    cite: Cite,
    statement: &'g Statement,
    subject: &'g Subject,
}

/// The wrong turns before `until` (the relief), in order.
pub(super) fn leads(group: &Group<'_>, until: Option<i64>) -> Vec<Lead> {
    let voices: Vec<Voice<'_>> = group
        .said
        .iter()
        .flat_map(|s| voices(s))
        .filter(|v| until.is_none_or(|u| v.at.nanos <= u))
        .collect();
    let of = |act: Act| voices.iter().filter(move |v| v.statement.act == act);
    let ruled_out: Vec<&Voice<'_>> = of(Act::RuledOut).filter(|v| v.statement.holds()).collect();
    let identified: Vec<&Voice<'_>> = of(Act::Identified)
        .filter(|v| v.statement.holds() && v.statement.score >= 0.6)
        .collect();
    let named = identified.first().map(|v| (v.at, v.cite));
    let right = |s: &Subject| identified.iter().any(|i| same(i.subject, s));

    let mut leads: Vec<(Lead, Subject)> = Vec::new();
    for voice in voices.iter().filter(|v| is_suspicion(v)) {
        let out = ruled_out
            .iter()
            .find(|r| r.at.nanos > voice.at.nanos && same(r.subject, voice.subject));
        if out.is_none() && (right(voice.subject) || voice.statement.act != Act::Hypothesis) {
            continue;
        }
        if let Some((lead, _)) = leads.iter_mut().find(|(_, s)| same(s, voice.subject)) {
            lead.evidence.add(voice.cite);
            continue;
        }
        let end = out
            .map(|r| (r.at, r.cite))
            .or(named.filter(|n| n.0.nanos > voice.at.nanos));
        let Some((to, cite)) = end else { continue };
        let mut evidence = Evidence::new(voice.cite);
        evidence.add(cite);
        let lead = Lead {
            hypothesis: voice.subject.text().to_owned(),
            from: voice.at,
            to: Some(to),
            ruled_out: out.is_some(),
            evidence,
        };
        leads.push((lead, voice.subject.clone()));
    }
    // Ruled out without ever having been voiced: somebody looked there all the same.
    for out in ruled_out {
        if !leads.iter().any(|(_, s)| same(s, out.subject)) && !right(out.subject) {
            let lead = Lead {
                hypothesis: out.subject.text().to_owned(),
                from: out.at,
                to: Some(out.at),
                ruled_out: true,
                evidence: Evidence::new(out.cite),
            };
            leads.push((lead, out.subject.clone()));
        }
    }
    let mut leads: Vec<Lead> = leads.into_iter().map(|(lead, _)| lead).collect();
    leads.sort_by_key(|l| (l.from.nanos, l.evidence.first()));
    leads
}

fn voices<'g>(signal: &'g crate::signal::Signal) -> Vec<Voice<'g>> {
    let Some(said) = words(signal) else {
        return Vec::new();
    };
    let about = said.statements.iter().filter_map(|statement| {
        let subject = statement.subject.as_ref()?;
        Some(Voice {
            at: signal.from,
            cite: signal.evidence.first(),
            statement,
            subject,
        })
    });
    about.collect()
}

/// A suspicion is voiced as one, or asked; to look somewhere is one only if it is ruled out later.
fn is_suspicion(voice: &Voice<'_>) -> bool {
    let s = voice.statement;
    match s.act {
        Act::Hypothesis => s.score >= FAINT && s.mood != Mood::Negated,
        Act::Investigating => s.holds() && s.score >= FAINT,
        _ => false,
    }
}
