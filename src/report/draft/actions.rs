//! What people and machines did about it, told rather than repeated: talk in a row becomes one
//! sentence, and each change its own.

use super::timeline::{is_spoken, told};
use super::{or_ask, remarks};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Milestone, Moment, Origin, Phase};
use crate::report::prose;
use recon_parsers::stamp::SECOND;

/// Talk that pauses for longer (half an hour) is two stretches of work.
const PAUSE: i64 = 1800 * SECOND;

/// What talk in these phases is about.
const WORK: [(Phase, &str); 2] = [
    (Phase::Investigation, "looked for the cause"),
    (Phase::Mitigation, "worked on a remedy"),
];

pub(super) fn lines(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut talk: Vec<&Moment> = Vec::new();
    let acts = incident.timeline.iter().filter(|m| is_act(incident, m));
    for moment in acts {
        let spoken = is_spoken(moment) && moment.phase != Phase::Identification;
        let joins = talk
            .last()
            .is_some_and(|last| moment.at.nanos - last.at.nanos <= PAUSE);
        if !spoken || !joins {
            lines.extend(stretch(&std::mem::take(&mut talk), zone));
        }
        if spoken {
            talk.push(moment);
        } else {
            lines.push(act(incident, moment, zone));
        }
    }
    lines.extend(stretch(&talk, zone));
    shorten(&mut lines);
    lines.extend(remarks(incident, "actions", zone));
    or_ask(
        lines,
        "What was done, and by whom? The inputs record no action.",
    )
}

/// Of very many acts the first ones and the last; what is between stands in the timeline.
fn shorten(lines: &mut Vec<Line>) {
    const MOST: usize = 60;
    if lines.len() <= MOST {
        return;
    }
    let left_out = lines.len() - MOST;
    let between: Vec<Line> = lines.drain(MOST / 2..MOST / 2 + left_out).collect();
    let cites = between.iter().filter_map(|l| match l {
        Line::Said { evidence, .. } => Some(evidence.first()),
        Line::Ask { .. } => None,
    });
    if let Some(evidence) = Evidence::of(cites) {
        let acts = prose::count(left_out as u64, "further act");
        let said = format!("Between them stand {acts}: the timeline has them.");
        lines.insert(MOST / 2, Line::said(said, evidence).graded(Grade::Inferred));
    }
}

/// Changes once it had begun, notes and answers to pages, and people at work.
fn is_act(incident: &Incident, moment: &Moment) -> bool {
    let begun = incident.when(Milestone::ImpactStart);
    let begun = begun.is_none_or(|b| moment.at.nanos >= b.nanos);
    match moment.origin {
        Origin::Change => begun,
        Origin::Page => {
            moment.text.starts_with("page acknowledged") || moment.text.starts_with("note on")
        }
        Origin::Person => matches!(
            moment.phase,
            Phase::Investigation | Phase::Identification | Phase::Mitigation
        ),
        Origin::Log | Origin::Alert | Origin::Ticket => false,
    }
}

fn act(incident: &Incident, moment: &Moment, zone: Zone) -> Line {
    let at = prose::clock(moment.at, zone);
    let said = match (moment.origin, moment.actor.as_deref()) {
        (Origin::Person, Some(who)) if is_spoken(moment) => {
            format!("{} named a cause at {at}.", prose::actor(who))
        }
        (Origin::Person, None) => prose::ended(&format!("{at}: {}", told(incident, moment))),
        (Origin::Page, Some(who)) if moment.text.starts_with("page ack") => {
            format!("{} acknowledged the page at {at}.", prose::actor(who))
        }
        (Origin::Change, who) => change(moment, who, &at),
        _ => prose::ended(&format!("{at}: {}", told(incident, moment))),
    };
    Line::said(said, moment.evidence.clone()).graded(moment.grade)
}

/// "Deploy 4.18.1 of login, by the deployer, took effect in staging at 20:00:08 UTC."
fn change(moment: &Moment, who: Option<&str>, at: &str) -> String {
    let text = moment.text.trim().trim_end_matches('.');
    for done in [" took effect", " started", " failed"] {
        if let Some((what, place)) = text.split_once(done) {
            let by = who.map_or_else(String::new, |who| format!(", by {who},"));
            return prose::sentence(&format!("{what}{by}{done}{place} at {at}"));
        }
    }
    match who {
        Some(who) => prose::sentence(&format!("{text}, by {who}, at {at}")),
        None => prose::sentence(&format!("{text}, at {at}")),
    }
}

/// A stretch of talk as one sentence: who, from when to when, at what.
fn stretch(talk: &[&Moment], zone: Zone) -> Option<Line> {
    let (first, last) = (talk.first()?, talk.last()?);
    let done = WORK
        .iter()
        .filter(|(phase, _)| talk.iter().any(|m| m.phase == *phase));
    let work: Vec<String> = done.map(|(_, work)| (*work).to_owned()).collect();
    let work = prose::list(&work);
    let mut people: Vec<String> = Vec::new();
    for who in talk.iter().filter_map(|m| m.actor.as_ref()) {
        if !people.contains(who) {
            people.push(who.clone());
        }
    }
    let who = match people.as_slice() {
        [] => "People".to_owned(),
        all => prose::actor(&prose::list(all)),
    };
    let (from, to) = (prose::clock(first.at, zone), prose::clock(last.at, zone));
    let when = if from == to {
        format!("at {from}")
    } else {
        format!("from {from} to {to}")
    };
    let evidence = Evidence::of(talk.iter().map(|m| m.evidence.first()))?;
    let messages = match talk.len() {
        1 => String::new(),
        several => format!(" ({})", prose::count(several as u64, "message")),
    };
    let said = format!("{who} {work} {when}{messages}.");
    Some(Line::said(said, evidence).graded(Grade::Claimed))
}
