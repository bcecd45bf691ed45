//! What people and machines did about it: the search for the cause is told in a sentence, each
//! change and each attempt at a remedy in its own.

use super::timeline::{is_spoken, told};
use super::{near, or_ask, remarks};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Lead, Milestone, Moment, Origin, Phase};
use crate::report::prose;
use recon_parsers::stamp::SECOND;

/// Talk that pauses for longer (half an hour) is two stretches of work.
const PAUSE: i64 = 1800 * SECOND;

pub(super) fn lines(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut talk: Vec<&Moment> = Vec::new();
    let acts = incident.timeline.iter().filter(|m| is_act(incident, m));
    for moment in acts {
        let searches = is_spoken(moment) && moment.phase == Phase::Investigation;
        let joins = talk
            .last()
            .is_some_and(|last| moment.at.nanos - last.at.nanos <= PAUSE);
        if !searches || !joins {
            lines.extend(search(incident, &std::mem::take(&mut talk), zone));
        }
        if searches {
            talk.push(moment);
        } else {
            lines.push(act(incident, moment, zone));
        }
    }
    lines.extend(search(incident, &talk, zone));
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
    let at = near(incident, moment.at, zone);
    let said = match (moment.origin, moment.actor.as_deref()) {
        (Origin::Person, Some(who)) if moment.phase == Phase::Identification => {
            format!("{} named a cause at {at}.", prose::actor(who))
        }
        (Origin::Person, Some(who)) if is_spoken(moment) => {
            let words = prose::quotation(&moment.text);
            prose::ended(&format!("{} at {at}: {words}", prose::actor(who)))
        }
        (Origin::Person, None) => prose::ended(&format!("{at}: {}", told(incident, moment))),
        (Origin::Page, Some(who)) if moment.text.starts_with("page ack") => {
            format!("{} acknowledged the page at {at}.", prose::actor(who))
        }
        (Origin::Change, _) => {
            let said = told(incident, moment);
            format!("{} at {at}.", said.trim_end_matches('.'))
        }
        _ => prose::ended(&format!("{at}: {}", told(incident, moment))),
    };
    Line::said(said, moment.evidence.clone()).graded(moment.grade)
}

/// A stretch of talk in search of the cause as one sentence: who, from when to when, what they
/// suspected.
fn search(incident: &Incident, talk: &[&Moment], zone: Zone) -> Option<Line> {
    let (first, last) = match talk {
        [] => return None,
        // Of one message its own words say more.
        [one] => return Some(act(incident, one, zone)),
        [first, .., last] => (first, last),
    };
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
    let (from, to) = (
        near(incident, first.at, zone),
        near(incident, last.at, zone),
    );
    let when = if from == to {
        format!("at {from}")
    } else {
        format!("from {from} to {to}")
    };
    let evidence = Evidence::of(talk.iter().map(|m| m.evidence.first()))?;
    let messages = prose::count(talk.len() as u64, "message");
    let came_up = |l: &&Lead| {
        talk.iter()
            .any(|m| m.evidence.first() == l.evidence.first())
    };
    let mut suspected: Vec<String> = Vec::new();
    for lead in incident.leads.iter().filter(came_up) {
        let what = prose::quotation(&lead.hypothesis);
        // What comes up to be ruled out at once was not suspected.
        if lead.to != Some(lead.from) && !suspected.contains(&what) {
            suspected.push(what);
        }
    }
    let suspected = match suspected.as_slice() {
        [] => String::new(),
        all => format!(" and suspected {}", prose::list(all)),
    };
    let said = format!("{who} looked for the cause {when} ({messages}){suspected}.");
    Some(Line::said(said, evidence).graded(Grade::Claimed))
}
