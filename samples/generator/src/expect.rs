//! What is true about an incident, computed from what was written.

use crate::bundle::Mark;
use crate::json::{Json, object};
use crate::time::Time;
use crate::traffic::{Fault, Request, Route};

use std::collections::BTreeSet;

/// A wrong turn.
#[derive(Clone, Copy, Debug)]
pub struct Lead {
    /// As its marks name it.
    pub name: &'static str,
    /// Words of which a good account of it has some.
    pub words: &'static [&'static str],
}

/// What only the author of a story knows.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'t> {
    /// Every request.
    pub requests: &'t [Request],
    /// The operation's routes.
    pub operation: &'t [Route],
    /// The fault, if there was one.
    pub fault: Option<&'t Fault>,
    /// The service that was at fault.
    pub culprit: Option<&'static str>,
    /// How the change that broke it reads: service, kind, version.
    pub cause: Option<(&'static str, &'static str, &'static str)>,
    /// The wrong turns.
    pub leads: &'static [Lead],
    /// What is left to do.
    pub tasks: &'static [&'static str],
}

/// The expected report.
#[must_use]
pub fn expected(marks: &[(Mark, Time)], truth: &Truth<'_>) -> Json {
    let Some(fault) = truth.fault else {
        return object([
            ("incident", false.into()),
            ("requests_total", count(truth.requests.iter())),
        ]);
    };
    let mut members = vec![("incident", true.into())];
    members.extend(milestones(marks, fault));
    members.extend(impact(truth, fault));
    members.push(("culprit_service", truth.culprit.into()));
    if let Some((service, kind, version)) = truth.cause {
        let cause = object([
            ("time", first(marks, Mark::Change)),
            ("service", service.into()),
            ("type", kind.into()),
            ("version", version.into()),
        ]);
        members.push(("cause_change", cause));
    }
    let leads = truth.leads.iter().map(|l| lead(marks, l)).collect();
    members.push(("false_leads", leads));
    members.push(("tasks", truth.tasks.iter().copied().collect()));
    Json::Object(members)
}

fn milestones(marks: &[(Mark, Time)], fault: &Fault) -> Vec<(&'static str, Json)> {
    let method = marks.iter().find_map(|(mark, _)| match mark {
        Mark::Detected(method) => Some((*method, first(marks, *mark))),
        _ => None,
    });
    let (method, detected) = method.unwrap_or(("", Json::Null));
    let mut members = vec![
        ("impact_start", fault.from.rfc3339().into()),
        ("detected", detected),
        ("detection_method", method.into()),
    ];
    let later = [
        ("paged", Mark::Paged),
        ("acknowledged", Mark::Acknowledged),
        ("escalated", Mark::Escalated),
        ("identified", Mark::Identified),
        ("fix_deployed", Mark::FixDeployed),
        ("further_fix_deployed", Mark::FurtherFix),
        ("said_mitigated", Mark::SaidMitigated),
    ];
    members.extend(later.map(|(name, mark)| (name, first(marks, mark))));
    members.push(("mitigated", fault.to.rfc3339().into()));
    members.push(("resolved", first(marks, Mark::Resolved)));
    members.push(("closed", first(marks, Mark::Closed)));
    members.push((
        "duration_minutes",
        ratio(fault.to.since(fault.from), 60_000_000),
    ));
    members.retain(|(_, value)| *value != Json::Null);
    members
}

fn impact(truth: &Truth<'_>, fault: &Fault) -> Vec<(&'static str, Json)> {
    let during = |r: &&Request| r.at >= fault.from && r.at < fault.to;
    let window: Vec<&Request> = truth.requests.iter().filter(during).collect();
    let operation = |path: &str| truth.operation.iter().any(|r| r.path == path);
    let asked: Vec<&&Request> = window.iter().filter(|r| operation(&r.path)).collect();
    let failed: Vec<&&&Request> = asked.iter().filter(|r| r.failed).collect();
    let active: BTreeSet<&str> = window.iter().filter_map(|r| r.user.as_deref()).collect();
    let affected: BTreeSet<&str> = failed.iter().filter_map(|r| r.user.as_deref()).collect();
    let share = int(affected.len()) * 100;
    let statuses: BTreeSet<i64> = failed.iter().map(|r| i64::from(r.status)).collect();
    let operation = object([
        ("routes", truth.operation.iter().map(|r| r.path).collect()),
        ("failed_statuses", statuses.into_iter().collect()),
    ]);
    vec![
        ("operation", operation),
        (
            "first_failure",
            failed.first().map(|r| r.at.rfc3339()).into(),
        ),
        ("last_failure", failed.last().map(|r| r.at.rfc3339()).into()),
        ("users_affected_percent", ratio(share, int(active.len()))),
        ("users_active", int(active.len()).into()),
        ("users_affected", int(affected.len()).into()),
        ("requests_failed", int(failed.len()).into()),
        ("requests_total", int(asked.len()).into()),
        ("requests_total_all_routes", int(window.len()).into()),
    ]
}

fn lead(marks: &[(Mark, Time)], lead: &Lead) -> Json {
    object([
        ("hypothesis", lead.words.iter().copied().collect()),
        ("from", first(marks, Mark::LeadFrom(lead.name))),
        ("to", first(marks, Mark::LeadTo(lead.name))),
    ])
}

/// When `mark` first applies.
fn first(marks: &[(Mark, Time)], mark: Mark) -> Json {
    let times = marks.iter().filter(|(m, _)| *m == mark).map(|(_, t)| *t);
    times.min().map(Time::rfc3339).into()
}

fn count<'r>(requests: impl Iterator<Item = &'r Request>) -> Json {
    int(requests.count()).into()
}

fn int(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// `part / whole` to two decimals, without floats.
fn ratio(part: i64, whole: i64) -> Json {
    let hundredths = (part * 100 + whole / 2) / whole.max(1);
    let text = match (hundredths / 100, hundredths % 100) {
        (units, 0) => units.to_string(),
        (units, rest) => format!("{units}.{rest:02}"),
    };
    Json::Number(text)
}
