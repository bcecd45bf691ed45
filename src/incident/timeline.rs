//! The timeline: every signal of an incident as one sentence.

use super::flow;
use super::group::Group;
use super::milestones::{Milestones, change_of, words};
use super::model::{Milestone, Moment, Origin, Phase};
use super::silent;
use super::suspects::describe;
use super::talk;
use crate::cite::{Cite, Evidence, Grade};
use crate::lexicon::Act;
use crate::signal::{Alert, Burst, Page, Place, Said, Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;
use recon_parsers::{ChangeState, PageAct, Stamp};

/// Changes so long (30 minutes) before the impact are told; earlier ones only as suspects.
const BEFORE: i64 = 1800 * SECOND;

/// All moments, in order.
pub(super) fn timeline(group: &Group<'_>, all: &Milestones) -> Vec<Moment> {
    let relief = all[Milestone::Mitigated as usize]
        .as_ref()
        .map(|m| m.claim.value.nanos);
    let mut moments = Vec::new();
    group.bursts.iter().for_each(|s| burst(s, &mut moments));
    let odd = flow::leading(group);
    moments.extend(odd.into_iter().filter_map(flowing));
    group.alerts.iter().for_each(|s| alert(s, &mut moments));
    moments.extend(group.pages.iter().filter_map(|s| page(s)));
    moments.extend(group.tickets.iter().map(|s| tickets(s)));
    moments.extend(group.silences.iter().map(|s| silent::stop(s)));
    moments.extend(group.stopped.iter().filter_map(|s| silent::back(s)));
    let heard = group
        .said
        .iter()
        .filter(|s| !talk::is_afterthought(s, group, all));
    moments.extend(heard.filter_map(|s| said(s)));
    for signal in &group.changes {
        let near = signal.from.nanos >= group.from - BEFORE
            && relief.is_none_or(|r| signal.from.nanos <= r + 300 * SECOND);
        let own = group.concerns(signal.service.as_deref(), "");
        // What a milestone rests on is told, whatever it changed: a tool may be what was mended.
        if marks(all, signal.evidence.first()) || (near && own) {
            moments.extend(change(group, signal));
        }
    }
    moments.iter_mut().for_each(|m| in_course(m, all));
    moments.sort_by(|a, b| {
        (a.at.nanos, a.phase, a.evidence.first()).cmp(&(b.at.nanos, b.phase, b.evidence.first()))
    });
    moments.dedup_by(|a, b| a.evidence.first() == b.evidence.first() && a.text == b.text);
    moments
}

/// A milestone rests on this citation.
pub(super) fn marks(all: &Milestones, cite: Cite) -> bool {
    let mut marks = all.iter().flatten();
    marks.any(|m| m.claim.evidence.first() == cite)
}

/// The same words mean another thing at another time: "on it" notices the failure before anybody
/// works on it, and belongs to the work once the cause is named; "works for me" before service is
/// back is a test. What marks a milestone stays where it is.
fn in_course(moment: &mut Moment, all: &Milestones) {
    if marks(all, moment.evidence.first()) {
        return;
    }
    let when = |which: Milestone| all[which as usize].as_ref().map(|m| m.claim.value.nanos);
    let past = |which: Milestone| when(which).is_some_and(|at| at <= moment.at.nanos);
    let work = if past(Milestone::Resolved) {
        Phase::Followup
    } else if past(Milestone::Mitigated) {
        Phase::Resolution
    } else if past(Milestone::Identified) || past(Milestone::FixDeployed) {
        Phase::Mitigation
    } else if past(Milestone::Acknowledged) {
        Phase::Investigation
    } else {
        moment.phase
    };
    let early = when(Milestone::Mitigated).is_some_and(|at| moment.at.nanos < at);
    moment.phase = match (moment.origin, moment.phase) {
        (Origin::Person, Phase::Detection) => work,
        (Origin::Person, Phase::Resolution) if early => work,
        // Somebody at work tells what fails inside; what users feel stays the impact.
        (Origin::Person, Phase::Impact) if early && !of_users(&moment.text) => work,
        // Whoever was asked in says that they come.
        (Origin::Page, Phase::Detection) if past(Milestone::Escalated) => Phase::Escalation,
        (_, phase) => phase,
    };
}

/// Words about those who use the service.
fn of_users(text: &str) -> bool {
    const USERS: [&str; 8] = [
        "user",
        "users",
        "customer",
        "customers",
        "people",
        "tickets",
        "subscribers",
        "everybody",
    ];
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|w| USERS.contains(&w))
}

pub(super) fn moment(at: Stamp, phase: Phase, text: String, signal: &Signal) -> Moment {
    Moment {
        at,
        origin: origin(&signal.sign),
        phase,
        text,
        actor: None,
        service: signal.service.clone(),
        grade: Grade::Observed,
        evidence: signal.evidence.clone(),
    }
}

const fn origin(sign: &Sign) -> Origin {
    match sign {
        Sign::Burst(_) | Sign::Flow(_) | Sign::Silence { .. } => Origin::Log,
        Sign::Alert(_) => Origin::Alert,
        Sign::Page(_) => Origin::Page,
        Sign::Change(_) => Origin::Change,
        Sign::Tickets { .. } => Origin::Ticket,
        Sign::Said(_) => Origin::Person,
    }
}

fn burst(signal: &Signal, out: &mut Vec<Moment>) {
    let Sign::Burst(b) = &signal.sign else { return };
    let service = signal.service.as_deref().unwrap_or("a service");
    let thing = match b.what {
        What::Denied => "refused requests (401, 403, 408, 429)",
        What::Gone => "requests that clients gave up (460, 499)",
        What::Errors => "errors in the log",
        What::Slow => "slow answers",
        _ => "failed requests (5xx)",
    };
    let limited = operations(b);
    let before = before(b);
    out.push(moment(
        signal.from,
        Phase::Impact,
        format!(
            "{thing} of {service}{limited} rose: {} in the first minute, {before}",
            b.first_minute
        ),
        signal,
    ));
    if let Some(to) = signal.to {
        let text = format!(
            "{thing} of {service}{limited} were back at their usual level: the last of {} since the onset",
            b.count
        );
        out.push(Moment {
            evidence: Evidence::new(b.last),
            ..moment(to, Phase::Resolution, text, signal)
        });
    }
}

fn flowing(signal: &Signal) -> Option<Moment> {
    let text = flow::summary(signal)?;
    Some(moment(signal.from, Phase::Impact, text, signal))
}

fn operations(b: &Burst) -> String {
    match b.operations.as_slice() {
        [] => String::new(),
        [one] => format!(" at {one}"),
        [one, two] => format!(" at {one} and {two}"),
        [one, rest @ ..] => format!(" at {one} and {} other operations", rest.len()),
    }
}

fn before(b: &Burst) -> String {
    match b.requests {
        Some(_) => format!(
            "{:.1} % of requests {} before, {:.0} % during",
            b.base * 100.0,
            if b.what == What::Slow {
                "were slow"
            } else {
                "failed"
            },
            b.level * 100.0
        ),
        None => format!(
            "about {} an hour before, {} an hour during",
            round(b.base * 60.0),
            round(b.level * 60.0)
        ),
    }
}

fn round(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

fn alert(signal: &Signal, out: &mut Vec<Moment>) {
    let Sign::Alert(Alert {
        name,
        summary,
        severity,
        fired,
        ..
    }) = &signal.sign
    else {
        return;
    };
    let severity = severity
        .as_deref()
        .map(|s| format!(" ({s})"))
        .unwrap_or_default();
    let flapping = if *fired > 1 {
        format!("; it fired {fired} times")
    } else {
        String::new()
    };
    let says = if summary.is_empty() || summary == name {
        String::new()
    } else {
        format!(": {summary}")
    };
    out.push(moment(
        signal.from,
        Phase::Detection,
        format!("alert {name}{severity} fired{says}{flapping}"),
        signal,
    ));
    if let Some(to) = signal.to {
        let last = signal
            .evidence
            .iter()
            .last()
            .unwrap_or(signal.evidence.first());
        out.push(Moment {
            evidence: Evidence::new(last),
            ..moment(
                to,
                Phase::Resolution,
                format!("alert {name} resolved"),
                signal,
            )
        });
    }
}

fn page(signal: &Signal) -> Option<Moment> {
    let Sign::Page(Page {
        act,
        title,
        actor,
        to,
        ..
    }) = &signal.sign
    else {
        return None;
    };
    let (phase, text) = match act {
        PageAct::Triggered => (Phase::Detection, format!("page opened: {title}")),
        // "Notified Imke Sand via push" says it all.
        PageAct::Notified if title.starts_with("Notified ") => (Phase::Detection, title.clone()),
        PageAct::Notified => (Phase::Detection, format!("somebody was notified: {title}")),
        PageAct::Acknowledged => (Phase::Detection, "page acknowledged".to_owned()),
        PageAct::Unacknowledged => (
            Phase::Detection,
            "the acknowledgement of the page lapsed".to_owned(),
        ),
        PageAct::Escalated => (
            Phase::Escalation,
            to.as_ref().map_or_else(
                || "page escalated".to_owned(),
                |t| format!("page escalated to {t}"),
            ),
        ),
        PageAct::Reassigned => (
            Phase::Escalation,
            to.as_ref().map_or_else(
                || "more people were asked in".to_owned(),
                |t| format!("{t} was asked in"),
            ),
        ),
        PageAct::Annotated => (Phase::Investigation, format!("note on the page: {title}")),
        PageAct::Resolved => (Phase::Resolution, "page resolved".to_owned()),
        PageAct::Reopened => (Phase::Impact, "page reopened".to_owned()),
    };
    let actor = actor.as_ref().map(|(name, _)| name.clone());
    Some(Moment {
        actor,
        ..moment(signal.from, phase, text, signal)
    })
}

fn tickets(signal: &Signal) -> Moment {
    let text = match &signal.sign {
        Sign::Tickets { alone: Some(_), .. } => "a customer reported a failure".to_owned(),
        Sign::Tickets { count, .. } => {
            format!("customers began to report failures: {count} tickets")
        }
        _ => String::new(),
    };
    moment(signal.from, Phase::Detection, text, signal)
}

fn change(group: &Group<'_>, signal: &Signal) -> Option<Moment> {
    let change = change_of(signal)?;
    let place = change
        .environment
        .as_deref()
        .map(|e| format!(" in {e}"))
        .unwrap_or_default();
    let done = match change.state {
        ChangeState::Requested => "asked for",
        ChangeState::Started => "started",
        ChangeState::Finished => "took effect",
        ChangeState::Failed => "failed",
    };
    let phase = if signal.from.nanos < group.from {
        Phase::Before
    } else {
        Phase::Mitigation
    };
    let text = format!("{} {done}{place}", describe(signal));
    Some(Moment {
        actor: change.actor.clone(),
        ..moment(signal.from, phase, text, signal)
    })
}

fn said(signal: &Signal) -> Option<Moment> {
    let said = words(signal).filter(|w| !w.text.trim().is_empty())?;
    let phase = phase(said)?;
    let text = match said.place {
        Place::Document => said.text.trim().to_owned(),
        _ => format!("“{}”", first_line(&said.text)),
    };
    Some(Moment {
        actor: said.actor.clone(),
        grade: Grade::Claimed,
        ..moment(signal.from, phase, text, signal)
    })
}

fn first_line(text: &str) -> String {
    const MOST: usize = 280;
    let line = text
        .lines()
        .find(|l| !l.trim().is_empty())
        .unwrap_or_default()
        .trim();
    if line.chars().count() > MOST {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    } else {
        line.to_owned()
    }
}

/// The phase of the surest statement; `None` for chat that is too faint to tell. Every entry of a
/// written timeline is told, since its author chose it.
pub(super) fn phase(said: &Said) -> Option<Phase> {
    let best = said
        .statements
        .iter()
        .filter(|s| s.score >= 0.5)
        .max_by(|a, b| {
            let weight =
                |s: &crate::lexicon::Statement| s.score + if s.holds() { 0.2 } else { 0.0 };
            weight(a).total_cmp(&weight(b)).then(b.act.cmp(&a.act))
        });
    let Some(best) = best else {
        return (said.place == Place::Document).then_some(Phase::Investigation);
    };
    Some(match best.act {
        Act::Detected | Act::Paged | Act::Acknowledged | Act::Declared => Phase::Detection,
        Act::Impact => Phase::Impact,
        Act::Investigating | Act::Hypothesis | Act::RuledOut => Phase::Investigation,
        Act::Escalated => Phase::Escalation,
        Act::Identified => Phase::Identification,
        Act::Fix | Act::Workaround => Phase::Mitigation,
        Act::Recovery | Act::Resolved => Phase::Resolution,
        Act::Closed => Phase::Followup,
    })
}
