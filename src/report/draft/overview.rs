//! A few sentences for those who read no further.

use super::summary::{latency_of, requests_of, users_of};
use super::timeline::{event_of, is_spoken, told};
use super::{cause, near, text};
use crate::cite::{Evidence, Grade, Line};
use crate::clock::Zone;
use crate::incident::{Impact, Incident, Method, Milestone, Status, SuspectKind};
use crate::metrics::{Extent, Metric};
use crate::report::prose;

pub(super) fn summary(incident: &Incident, zone: Zone) -> Vec<Line> {
    let mut lines = extent(incident, zone);
    lines.extend(users(incident));
    lines.extend(noticed(incident));
    let named = named(incident, zone);
    let known = named.is_some();
    lines.extend(named);
    lines.extend(response(incident, zone, known));
    lines.extend(suspicion(incident, zone, known));
    lines.extend(super::remarks(incident, "summary", zone));
    lines
}

/// How long what failed, in one sentence where both are known.
fn extent(incident: &Incident, zone: Zone) -> Vec<Line> {
    let impact = &incident.impact;
    let extent = Metric::ImpactDuration.of(incident);
    let failed = failed_of(impact).zip(impact.evidence.clone());
    let said = span(
        &extent,
        failed.as_ref().map(|(what, _)| what.as_str()),
        zone,
    );
    let mut lines = match (said, extent.evidence(), &failed) {
        (Some(said), Some(both), Some((_, counted))) => {
            vec![Line::said(said, both.and(counted)).graded(extent.grade())]
        }
        (Some(said), Some(both), None) => vec![Line::said(said, both).graded(extent.grade())],
        _ => {
            let counted = failed.as_ref().map(|(what, evidence)| {
                let said = format!("While it lasted {what}.");
                Line::said(said, evidence.clone())
            });
            [begun(incident, zone)].into_iter().chain(counted).collect()
        }
    };
    // Of failures it goes without saying that they were slow, too.
    if let (None, Some(slow), Some(evidence)) =
        (&failed, latency_of(impact), impact.evidence.clone())
    {
        let said = format!("{}.", prose::capital(&slow));
        lines.push(Line::said(said, evidence));
    }
    lines
}

/// `634 of 835 requests (75.9 %) to POST /signin failed`.
fn failed_of(impact: &Impact) -> Option<String> {
    let of = requests_of(impact)?;
    let at = asked_for(impact).map_or_else(String::new, |at| format!(" to {at}"));
    Some(format!("{of}{at} failed"))
}

/// What the counted requests asked for, those with the most failures first.
fn asked_for(impact: &Impact) -> Option<String> {
    /// More are not named one by one.
    const NAMED: usize = 3;
    let counted: u64 = impact.by_service.iter().map(|s| s.requests_total).sum();
    if impact.requests_total != Some(counted) {
        return None;
    }
    let all: Option<Vec<String>> = impact
        .by_service
        .iter()
        .map(|s| s.operation.clone())
        .collect();
    let all = all.filter(|all| !all.is_empty())?;
    Some(match all.as_slice() {
        [first, rest @ ..] if all.len() > NAMED => {
            format!("{first} and {} other operations", rest.len())
        }
        all => prose::list(all),
    })
}

fn span(extent: &Extent<'_>, failed: Option<&str>, zone: Zone) -> Option<String> {
    match extent {
        Extent::Exact { nanos, from, to } => {
            let same_day = prose::day(from.at(), zone) == prose::day(to.at(), zone);
            let end = if same_day {
                prose::clock(to.at(), zone)
            } else {
                prose::moment(to.at(), zone)
            };
            let (start, length) = (prose::moment(from.at(), zone), prose::duration(*nanos));
            Some(match failed {
                Some(failed) => format!("For {length}, from {start} to {end}, {failed}."),
                None => format!("The impact lasted {length}, from {start} to {end}."),
            })
        }
        Extent::AtLeast {
            nanos, from, ends, ..
        } => {
            let (start, length) = (prose::moment(from.at(), zone), prose::duration(*nanos));
            let ends = prose::moment(*ends, zone);
            let said = match failed {
                Some(failed) => format!("Since {start}, for at least {length}, {failed}"),
                None => format!("The impact has lasted at least {length}, since {start}"),
            };
            Some(format!(
                "{said}; it was not over when the evidence ends at {ends}."
            ))
        }
        Extent::Unknown { .. } => None,
    }
}

/// What is known of an incident without a measured end or beginning.
fn begun(incident: &Incident, zone: Zone) -> Line {
    let start = [Milestone::ImpactStart, Milestone::Detected]
        .into_iter()
        .find_map(|m| incident.milestone(m));
    start.map_or_else(
        || Line::ask("When did it begin, and how long did it last?"),
        |mark| {
            let at = prose::moment(mark.claim.value, zone);
            let said = format!(
                "It began at {at} or before; the evidence does not show how long it lasted."
            );
            Line::said(said, mark.claim.evidence.clone()).graded(mark.claim.grade)
        },
    )
}

fn users(incident: &Incident) -> Option<Line> {
    let mut line = users_of(incident)?;
    if let Line::Said { text: pieces, .. } = &mut line {
        pieces.insert(0, text("It hit "));
        pieces.push(text("."));
    }
    Some(line)
}

fn noticed(incident: &Incident) -> Option<Line> {
    let (method, evidence) = incident.detection.as_ref()?;
    let who = match method {
        Method::Alert => "A monitoring alert",
        Method::Ticket => "Customers",
        Method::Human => "A person",
        Method::Logs => return None,
    };
    let extent = Metric::TimeToDetect.of(incident);
    let (said, evidence) = match (extent.exact(), extent.evidence()) {
        (Some(nanos), Some(both)) if nanos > 0 => (
            format!("{who} noticed it first, after {}.", prose::duration(nanos)),
            both.and(evidence),
        ),
        _ => (format!("{who} noticed it first."), evidence.clone()),
    };
    let detected = incident.milestone(Milestone::Detected);
    let grade = detected.map_or(Grade::Observed, |m| m.claim.grade);
    Some(Line::said(said, evidence).graded(grade))
}

/// Who named the cause, in their words.
fn named(incident: &Incident, zone: Zone) -> Option<Line> {
    let moment = event_of(incident, Milestone::Identified).filter(|m| is_spoken(m))?;
    let claim = &incident.milestone(Milestone::Identified)?.claim;
    let at = near(incident, claim.value, zone);
    let said = told(incident, moment).replacen(": “", &format!(" at {at}: “"), 1);
    Some(Line::said(said, claim.evidence.clone()).graded(claim.grade))
}

/// From the naming of the cause, unless its words are `known`, to the end, as one sentence.
fn response(incident: &Incident, zone: Zone, known: bool) -> Option<Line> {
    let several = super::response::further(incident, zone);
    let fix = match several.as_slice() {
        [] => "a fix",
        _ => "a first fix",
    };
    let change =
        event_of(incident, Milestone::FixDeployed).and_then(|m| m.text.split_once(" took"));
    let fix = change.map_or_else(|| fix.to_owned(), |(what, _)| format!("{fix} ({what})"));
    let fix = format!("{fix} took effect");
    let steps = [
        (Milestone::Identified, "the cause was named"),
        (Milestone::FixDeployed, fix.as_str()),
        (Milestone::Mitigated, "service was back to normal"),
        (Milestone::Resolved, "the incident was closed"),
    ];
    let steps = steps
        .into_iter()
        .filter(|(which, _)| !known || *which != Milestone::Identified);
    let mut evidence: Option<Evidence> = None;
    let mut grade = Grade::Observed;
    let mut parts = Vec::new();
    for (which, what) in steps {
        let Some(mark) = incident.milestone(which) else {
            continue;
        };
        grade = grade.max(mark.claim.grade);
        evidence = Some(match evidence {
            Some(e) => e.and(&Evidence::new(mark.claim.evidence.first())),
            None => Evidence::new(mark.claim.evidence.first()),
        });
        parts.push((
            mark.claim.value,
            format!("{what} at {}", near(incident, mark.claim.value, zone)),
        ));
    }
    parts.sort_by_key(|(at, _)| at.nanos);
    let parts: Vec<String> = parts.into_iter().map(|(_, part)| part).collect();
    let open = match incident.status {
        Status::Ongoing => "; it is not over in the evidence",
        Status::Mitigated | Status::Resolved => "",
    };
    let said = format!("{}{open}.", prose::capital(&prose::list(&parts)));
    Some(Line::said(said, evidence?).graded(grade))
}

/// The change that came before it: a fact about time, and no more. Beside a cause that somebody
/// named, a message is a symptom.
fn suspicion(incident: &Incident, zone: Zone, known: bool) -> Option<Line> {
    let best = incident.suspects.first()?;
    if known && best.kind == SuspectKind::Template {
        return None;
    }
    let place = match cause::shown(incident).count() {
        1 => "the only candidate".to_owned(),
        n => format!("first of {n} candidates"),
    };
    let described = cause::describe(best, incident, zone);
    let said = format!("The data point first to {described} ({place}; not established).");
    Some(Line::said(said, best.evidence.clone()).graded(Grade::Inferred))
}
