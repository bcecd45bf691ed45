//! What only people can answer: the questions that the analysis found, and those that follow
//! from what is missing.

use crate::clock::Zone;
use crate::incident::{Incident, Method, Milestone, Status};
use crate::metrics::Metric;
use crate::report::prose::{clock, duration};

/// What takes longer (five minutes) asks for a reason.
const LONG: i64 = 5 * 60 * recon_parsers::stamp::SECOND;

/// The open questions of an incident.
#[must_use]
pub fn questions(incident: &Incident, zone: Zone) -> Vec<String> {
    let mut all = incident.questions.clone();
    let gaps = [
        no_impact(incident),
        no_alert(incident, zone),
        late(incident),
        no_acknowledgement(incident),
        not_identified(incident),
        no_recovery(incident, zone),
        went_on(incident, zone),
        not_closed(incident),
        no_users(incident),
    ];
    for question in gaps.into_iter().flatten() {
        if !all.contains(&question) {
            all.push(question);
        }
    }
    all
}

fn has(incident: &Incident, which: Milestone) -> bool {
    incident.milestone(which).is_some()
}

fn no_impact(incident: &Incident) -> Option<String> {
    (!has(incident, Milestone::ImpactStart)).then(|| {
        "When did users begin to feel it? No failure in the inputs marks the start of the impact."
            .to_owned()
    })
}

fn no_alert(incident: &Incident, zone: Zone) -> Option<String> {
    let start = clock(incident.when(Milestone::ImpactStart)?, zone);
    let method = incident.detection.as_ref().map(|(m, _)| *m);
    let at = incident.when(Milestone::Detected).map(|d| clock(d, zone));
    match (method, at) {
        (Some(Method::Ticket), Some(at)) => Some(format!(
            "No alert between the impact at {start} and the first ticket at {at}: why?"
        )),
        (Some(Method::Human), Some(at)) => Some(format!(
            "No alert between the impact at {start} and the first report at {at}: why?"
        )),
        (Some(Method::Logs) | None, _) => Some(format!(
            "Why did no alert fire after the impact began at {start}?"
        )),
        _ => None,
    }
}

/// An alert that took long is as telling as none.
fn late(incident: &Incident) -> Option<String> {
    let (Method::Alert, _) = incident.detection.as_ref()? else {
        return None;
    };
    let delay = Metric::TimeToDetect.of(incident).exact()?;
    (delay > LONG).then(|| {
        format!(
            "The alert came {} after the impact began: could it come earlier?",
            duration(delay)
        )
    })
}

fn no_acknowledgement(incident: &Incident) -> Option<String> {
    let noticed = has(incident, Milestone::Detected) || has(incident, Milestone::Paged);
    (noticed && !has(incident, Milestone::Acknowledged))
        .then(|| "Who took the incident, and when? The inputs show no acknowledgement.".to_owned())
}

fn not_identified(incident: &Incident) -> Option<String> {
    (!has(incident, Milestone::Identified))
        .then(|| "When was the cause found, and how? Nobody names it in the inputs.".to_owned())
}

fn no_recovery(incident: &Incident, zone: Zone) -> Option<String> {
    if has(incident, Milestone::Mitigated) {
        return None;
    }
    Some(match incident.evidence_ends {
        Some(at) if incident.status == Status::Ongoing => format!(
            "When did service recover? It had not when the evidence ends at {}.",
            clock(at, zone)
        ),
        _ => "When did service recover? The data show no return to normal.".to_owned(),
    })
}

/// A fix after which failures went on was not all that was needed.
fn went_on(incident: &Incident, zone: Zone) -> Option<String> {
    let fixed = incident.when(Milestone::FixDeployed)?;
    let well = incident.when(Milestone::Mitigated)?;
    let after = well.nanos.checked_sub(fixed.nanos)?;
    (after > LONG).then(|| {
        format!(
            "Failures went on for {} after the first fix at {}: what did it lack?",
            duration(after),
            clock(fixed, zone)
        )
    })
}

fn not_closed(incident: &Incident) -> Option<String> {
    (incident.status == Status::Mitigated && !has(incident, Milestone::Resolved)).then(|| {
        "Who closed the incident, and when? The data recovered, but nobody says it is over."
            .to_owned()
    })
}

fn no_users(incident: &Incident) -> Option<String> {
    let stated = incident.stated.as_ref();
    let stated = stated.is_some_and(|s| s.users_affected_percent.is_some());
    (incident.impact.users_affected.is_none() && !stated).then(|| {
        "How many users were affected? Nothing in the inputs tells users apart.".to_owned()
    })
}
