//! From signals to incidents: what belongs together, which phase is which, which
//! suspicions led nowhere and what may have caused it.

mod absent;
mod accused;
mod contradictions;
mod culprit;
mod departures;
pub mod documents;
mod elsewhere;
mod endpoint;
mod flow;
mod focus;
mod group;
mod leads;
mod lone;
mod milestones;
pub mod model;
mod names;
mod own;
mod parts;
mod silent;
mod stated;
mod suspects;
mod talk;
mod tasks;
mod tickets;
mod timeline;
mod told;
mod waiting;
mod witness;

pub use focus::Focus;
pub use model::*;

use milestones::{change_of, words as words_of};

use crate::cite::{Cite, Claim, Grade, Notice, Weight};
use crate::signal::{Alert, Sign, Signal};
use crate::survey::Survey;
use group::Group;
use recon_parsers::Stamp;
use std::collections::BTreeSet;
use suspects::Risen;
use witness::Witnesses;

/// The incidents that the signals tell of, in order of their start. `ends` is the last instant of
/// the data; `text` gives the words at a citation.
#[must_use]
pub fn reconstruct(
    survey: &Survey,
    signals: &[Signal],
    ends: Option<Stamp>,
    text: &mut dyn FnMut(Cite) -> String,
) -> Vec<(Incident, Focus)> {
    let end = ends.map_or(i64::MAX, |e| e.nanos);
    let signals = &own::with_own(survey, signals, text);
    let mut groups = group::groups(signals, end, Witnesses::of(survey));
    let mut found = Vec::new();
    for group in &mut groups {
        let onset = milestones::onset(group);
        let risen = suspects::risen(group, survey, onset, text);
        group.implicated = implicated(group, &risen, signals, survey);
        let behind = accused::asked_for(group, survey.services.keys());
        group.implicated.extend(behind);
        group.absent = absent::absent(group, survey, end);
        group.implicated.extend(group.absent.keys().cloned());
        let focus = Focus::of(group, end, survey);
        let odd = flow::by_service(group);
        let odd = odd
            .into_iter()
            .filter_map(|s| flow::suspect(group, s, text))
            .collect();
        found.push((incident(group, ends, &risen, odd), focus));
    }
    found
}

/// Alerts that were not part of any incident, and why: for the reader of a quiet day.
#[must_use]
pub fn set_aside(survey: &Survey, signals: &[Signal], incidents: &[Incident]) -> Vec<Notice> {
    let told: Vec<Cite> = incidents
        .iter()
        .flat_map(|i| &i.timeline)
        .flat_map(|m| m.evidence.iter())
        .collect();
    let alone = signals
        .iter()
        .filter(|s| !told.contains(&s.evidence.first()));
    let quiet = |s: &Signal| match &s.sign {
        Sign::Alert(alert) => Some(Notice {
            weight: Weight::Info,
            message: aside(alert, s),
            evidence: Some(s.evidence.clone()),
        }),
        _ => None,
    };
    let notice = alone.filter_map(|s| elsewhere::notice(s, survey).or_else(|| quiet(s)));
    notice.collect()
}

fn aside(alert: &Alert, signal: &Signal) -> String {
    let severity = alert
        .severity
        .as_deref()
        .map(|s| format!(" ({s})"))
        .unwrap_or_default();
    let about = signal
        .service
        .as_deref()
        .map(|s| format!(" of {s}"))
        .unwrap_or_default();
    let times = if alert.fired > 1 {
        format!(" {} times", alert.fired)
    } else {
        String::new()
    };
    let end = if signal.to.is_some() {
        "and resolved"
    } else {
        "and is open"
    };
    format!(
        "The alert {}{severity}{about} fired{times} {end}, but no failure, page or person's action goes with it: not taken for an incident",
        alert.name
    )
}

/// Services that messages of other services name, when those began with the trouble: such as have logs or changes, and
/// such as a complaint calls by the name of a host.
fn implicated(
    group: &Group<'_>,
    risen: &[Risen],
    signals: &[Signal],
    survey: &Survey,
) -> BTreeSet<String> {
    let causes: Vec<&str> = milestones::naming(group)
        .map(|(_, s)| s.text.as_str())
        .collect();
    let changed = signals.iter().filter_map(|s| s.service.as_ref());
    let known: BTreeSet<&String> = survey.services.keys().chain(changed).collect();
    let mut found = BTreeSet::new();
    for message in risen {
        let of_others = known.iter().filter(|s| !names::same(s, &message.service));
        let named = names::mentioned(&message.text, of_others.map(|s| s.as_str()));
        found.extend(named.into_iter().map(str::to_owned));
        let unknown = |name: &String| {
            let own = names::same(name, &message.service);
            !own && !known.iter().any(|s| names::same(s, name))
        };
        let endpoints = endpoint::endpoints(&message.text).into_iter();
        let agreed = endpoint::agreed(&message.text, &causes);
        found.extend(endpoints.chain(agreed).filter(unknown));
    }
    found
}

fn incident(
    group: &Group<'_>,
    ends: Option<Stamp>,
    risen: &[Risen],
    odd: Vec<Suspect>,
) -> Incident {
    let (mut all, detection) = milestones::place(group);
    let suspects = suspects::rank(group, risen, odd, &all);
    if let Some((suspect, at)) =
        suspects::change_milestone(&suspects).and_then(|s| Some((s, s.at?)))
    {
        let claim = Claim {
            value: at,
            grade: Grade::Inferred,
            rule: "suspect",
            evidence: suspect.evidence.clone(),
        };
        all[Milestone::Change as usize] = Some(Marked::of(claim));
    }
    let relief = all[Milestone::Mitigated as usize]
        .as_ref()
        .map(|m| m.claim.value);
    let mut leads = leads::leads(group, relief.map(|r| r.nanos));
    let meant = |lead: &model::Lead| {
        let voiced = lead.evidence.first();
        let mut said = group.said.iter().filter(|s| s.evidence.first() == voiced);
        let words = said.find_map(|s| words_of(s));
        let words = words.map_or(lead.hypothesis.as_str(), |said| &said.text);
        leads::means_any(lead, words, &suspects)
    };
    leads.retain(|l| l.ruled_out || !leads::names_any(l, &suspects) && !meant(l));
    let culprit = culprit::culprit(group, &all, &suspects, risen);
    let services = culprit::involved(group, culprit.as_ref());
    let start = all[Milestone::ImpactStart as usize]
        .as_ref()
        .map(|m| m.claim.value);
    let method = detection.as_ref().map(|d| d.0);
    let status = status(&all, group);
    let (notices, questions) = contradictions::find(group, &all, status);
    Incident {
        id: id(start, culprit.as_ref()),
        title: title(group, culprit.as_ref()),
        status,
        services,
        detection,
        timeline: timeline::timeline(group, &all),
        tasks: tasks::tasks(group, &all, method, &leads),
        leads,
        suspects,
        remarks: vec![],
        impact: Impact::default(),
        series: None,
        stated: None,
        questions,
        notices,
        evidence_ends: ends,
        culprit,
        milestones: all,
    }
}

fn status(all: &milestones::Milestones, group: &Group<'_>) -> Status {
    let has = |which: Milestone| all[which as usize].is_some();
    let goes_on = !milestones::hurting(group).is_empty() && !has(Milestone::Mitigated);
    match (has(Milestone::Mitigated), has(Milestone::Resolved)) {
        _ if goes_on => Status::Ongoing,
        (_, true) => Status::Resolved,
        (true, false) => Status::Mitigated,
        _ => Status::Ongoing,
    }
}

fn id(start: Option<Stamp>, culprit: Option<&Culprit>) -> String {
    let day = start
        .map(|s| s.rfc3339())
        .and_then(|t| t.get(..10).map(str::to_owned));
    let name = culprit.map_or("incident", |c| c.service.as_str());
    let slug: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    day.map_or_else(|| slug.clone(), |d| format!("{d}-{slug}"))
}

fn title(group: &Group<'_>, culprit: Option<&Culprit>) -> String {
    let service = culprit.map_or_else(|| "an unnamed service".to_owned(), |c| c.service.clone());
    let hurting = milestones::hurting(group);
    let operations = hurting.iter().find_map(|b| match &b.sign {
        Sign::Burst(b) if !b.operations.is_empty() => Some(b.operations.clone()),
        _ => None,
    });
    match operations.as_deref() {
        Some([one]) => format!("Failures of {service} at {one}"),
        Some([one, two]) => format!("Failures of {service} at {one} and {two}"),
        Some([one, rest @ ..]) => {
            let others = rest.len();
            format!("Failures of {service} at {one} and {others} other operations")
        }
        _ if hurting.iter().any(|s| flow::is_delay(s)) => format!("Slow requests in {service}"),
        _ if hurting.iter().any(|s| flow::flow(s).is_some()) => {
            format!("Requests that go astray in {service}")
        }
        _ if !group.bursts.is_empty() => format!("Failures of {service}"),
        _ if !group.stopped.is_empty() => format!("Silence of {service}"),
        _ if !group.tickets.is_empty() => "Failures that customers reported".to_owned(),
        _ => format!("Incident of {service}"),
    }
}
