//! What happened when.

use super::{near, or_ask, timed};
use crate::cite::{Grade, Line};
use crate::clock::Zone;
use crate::incident::{Incident, Milestone, Moment, Origin, Phase};
use crate::report::prose;

pub(super) fn lines(incident: &Incident, zone: Zone) -> Vec<Line> {
    let event = |m: &Moment| {
        Line::said(told(incident, m), m.evidence.clone())
            .graded(m.grade)
            .labelled(format!(
                "{} · {}",
                near(incident, m.at, zone),
                m.phase.name()
            ))
    };
    let lines = incident.timeline.iter().map(event).collect();
    or_ask(lines, "What happened when? The inputs date no event.")
}

/// The points of the response, in order of time.
pub(super) fn milestones(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut found: Vec<_> = Milestone::ALL
        .into_iter()
        .filter_map(|m| Some((m, &incident.milestone(m)?.claim)))
        .collect();
    found.sort_by_key(|(which, claim)| (claim.value.nanos, *which));
    let line = |(which, claim): &(Milestone, &crate::cite::Claim<_>)| {
        let said = said_of(incident, *which);
        timed(
            near(incident, claim.value, zone),
            &said,
            claim.grade,
            &claim.evidence,
        )
    };
    let lines = found.iter().map(line).collect();
    or_ask(
        lines,
        "When did it begin, when was it noticed, when did it end?",
    )
}

/// A milestone as a sentence; a change or a fix says what it was.
pub(super) fn said_of(incident: &Incident, which: Milestone) -> String {
    let what = match which {
        Milestone::Change => "A change took effect",
        Milestone::ImpactStart => "The first failures appear",
        Milestone::Detected => "It was noticed",
        Milestone::Paged => "Somebody was paged",
        Milestone::Acknowledged => "A person took it",
        Milestone::Declared => "An incident was declared",
        Milestone::Investigating => "People began to look into it",
        Milestone::Escalated => "Others were asked in",
        Milestone::Identified => "The cause was named",
        Milestone::FixDeployed => "A fix took effect in production",
        Milestone::Mitigated => "Service was back to normal",
        Milestone::ImpactEnd => "The last failures ended",
        Milestone::Resolved => "The incident was closed",
        Milestone::Closed => "The follow-up took place",
    };
    let telling = [
        Milestone::Change,
        Milestone::Detected,
        Milestone::Paged,
        Milestone::Acknowledged,
        Milestone::Escalated,
        Milestone::FixDeployed,
    ];
    let moment = event_of(incident, which).filter(|m| m.origin != Origin::Log);
    match moment.filter(|_| telling.contains(&which)) {
        Some(m) if m.origin == Origin::Change && which == Milestone::FixDeployed => {
            format!("The first fix: {}", lower(&told(incident, m)))
        }
        Some(m) if m.origin != Origin::Person && which != Milestone::Detected => told(incident, m),
        Some(m) if m.origin != Origin::Person => {
            format!("{what}: {}", lower(&told(incident, m)))
        }
        Some(Moment {
            actor: Some(who), ..
        }) => match which {
            Milestone::Detected => format!("{} reported it", prose::actor(who)),
            Milestone::Acknowledged => format!("{} took it", prose::actor(who)),
            Milestone::Escalated => format!("{} asked others in", prose::actor(who)),
            _ => what.to_owned(),
        },
        _ => what.to_owned(),
    }
}

/// The event that a milestone rests on.
pub(super) fn event_of(incident: &Incident, which: Milestone) -> Option<&Moment> {
    let claim = &incident.milestone(which)?.claim;
    let own = |m: &&Moment| m.evidence.first() == claim.evidence.first();
    // One record may tell of several steps, each with its own time.
    let then = |m: &&Moment| own(m) && m.at == claim.value;
    let all = || incident.timeline.iter();
    all().find(then).or_else(|| all().find(own))
}

/// A sentence in the middle of another: its first letter small, unless its first word is a name.
pub(super) fn lower(sentence: &str) -> String {
    let mut words = sentence.splitn(2, ' ');
    let first = words.next().unwrap_or_default();
    let mut letters = first.chars();
    let plain = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
    if plain {
        let mut letters = sentence.chars();
        let small = letters.next().map(char::to_lowercase);
        small.into_iter().flatten().chain(letters).collect()
    } else {
        sentence.to_owned()
    }
}

/// An event as a sentence that says who did it.
#[must_use]
pub fn told(incident: &Incident, moment: &Moment) -> String {
    let text = moment.text.trim();
    let Some(who) = moment.actor.as_deref() else {
        return prose::sentence(text);
    };
    if text.starts_with(who) {
        return prose::ended(text);
    }
    if text.contains(who) {
        return prose::sentence(text);
    }
    match moment.origin {
        Origin::Person if text.starts_with('“') => {
            let verb = verb(incident, moment);
            prose::ended(&format!(
                "{} {verb}: {}",
                prose::actor(who),
                prose::quotation(text)
            ))
        }
        // Pages are opened and sent by programs, in the name of a service.
        Origin::Page if is_sent(text) => prose::sentence(text),
        Origin::Page => match text.strip_prefix("note on the page: ") {
            Some(note) => prose::ended(&format!(
                "{} noted on the page: {}",
                prose::actor(who),
                prose::quotation(note)
            )),
            None => prose::sentence(&format!("{} by {who}", text.trim_end_matches('.'))),
        },
        Origin::Change => prose::sentence(&changed(text, who)),
        _ => prose::sentence(&format!("{} ({who})", text.trim_end_matches('.'))),
    }
}

/// "Deploy 4.18.1 of login by the deployer took effect in staging".
fn changed(text: &str, who: &str) -> String {
    let text = text.trim_end_matches('.');
    let done = [" took effect", " started", " failed"];
    let split = done.iter().find_map(|done| text.split_once(done));
    match (split, done.iter().find(|done| text.contains(**done))) {
        (Some((what, place)), Some(done)) => format!("{what} by {who}{done}{place}"),
        _ => format!("{text}, by {who}"),
    }
}

/// What somebody did in saying it, as far as the analysis knows.
fn verb(incident: &Incident, moment: &Moment) -> String {
    let cite = moment.evidence.first();
    let is = |which: Milestone| {
        let mark = incident.milestone(which);
        mark.is_some_and(|m| m.claim.evidence.first() == cite)
    };
    let marked = [
        (Milestone::Detected, "reported it"),
        (Milestone::Acknowledged, "took it"),
        (Milestone::Declared, "declared an incident"),
        (Milestone::Escalated, "asked others in"),
        (Milestone::Identified, "named the cause"),
        (Milestone::Resolved, "closed the incident"),
    ];
    let unsure = |m: &crate::incident::Marked| m.claim.grade == Grade::Inferred;
    if is(Milestone::Identified)
        && incident
            .milestone(Milestone::Identified)
            .is_some_and(unsure)
    {
        return "named a possible cause".to_owned();
    }
    if let Some((_, verb)) = marked.iter().find(|(which, _)| is(*which)) {
        return (*verb).to_owned();
    }
    for lead in &incident.leads {
        let about = prose::quotation(&lead.hypothesis);
        if lead.ruled_out && lead.to == Some(moment.at) && lead.evidence.iter().any(|c| c == cite) {
            return format!("ruled out {about}");
        }
        if lead.evidence.first() == cite {
            return format!("suspected {about}");
        }
    }
    let asks = moment.text.trim_end_matches('”').ends_with('?');
    let verb = match moment.phase {
        _ if asks => "asked",
        Phase::Escalation => "asked others in",
        _ => "wrote",
    };
    verb.to_owned()
}

/// A page that a program opened or sent.
pub(super) fn is_sent(text: &str) -> bool {
    ["page opened", "somebody was", "Notified "]
        .iter()
        .any(|sent| text.starts_with(sent))
}

/// Whether a person said it, rather than a machine recorded it.
pub(super) fn is_spoken(moment: &Moment) -> bool {
    moment.origin == Origin::Person && moment.grade == Grade::Claimed
}
