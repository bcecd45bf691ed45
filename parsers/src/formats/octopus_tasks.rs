//! Octopus Deploy's tasks, deployments and releases as its API lists them: what a task did is told in its description,
//! `Deploy quay release 4.2.1 to Production`; a deployment refers to everything by its id and is called `Deploy to Production`.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "octopus-tasks",
    title: "Octopus Deploy tasks and deployments (API)",
    reference: "https://octopus.com/docs/octopus-rest-api",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        let named = |name: &[u8]| memmem::find(i, name).is_some();
        named(b"\"Items\"") || named(b"\"QueueTime\"") || named(b"\"TaskId\"")
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/octopus-tasks/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    all(object).next().is_some()
}

/// Those of a list, the object itself, or the one that is shown with its log.
fn all<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    // A dashboard has one an environment, under the same names.
    let listed = object.list("Items").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("Task"))
        .chain(listed)
        .filter(|o| is_task(o) || is_deployment(o))
}

/// A server's task: it has been queued, and says what it is.
fn is_task(object: &Object<'_>) -> bool {
    object.text(&["Description"]).is_some()
        && object.text(&["State"]).is_some()
        && ["QueueTime", "StartTime", "CompletedTime"]
            .iter()
            .any(|t| object.get(t).is_some())
}

fn is_deployment(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    told("ReleaseId") && told("EnvironmentId") && told("Created") && !is_task(object)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let whole = &payload.object;
    for one in all(whole) {
        let found = match is_task(one) {
            true => task(one),
            false => deployment(one),
        };
        let Some(mut record) = found else { continue };
        if !is_task(whole) && !is_deployment(whole) {
            record.part = payload.place(one);
        }
        out.push(record);
    }
}

/// How far a task has come.
fn state(task: &Object<'_>) -> ChangeState {
    let said = task.text(&["State"]).unwrap_or_default();
    let well = task.scalar(&["FinishedSuccessfully"]);
    match said.to_ascii_lowercase().as_str() {
        "success" | "succeeded" => ChangeState::Finished,
        "failed" | "canceled" | "cancelled" | "timedout" => ChangeState::Failed,
        "executing" | "cancelling" => ChangeState::Started,
        "queued" => ChangeState::Requested,
        _ if well.as_deref() == Some("true") => ChangeState::Finished,
        _ => ChangeState::Requested,
    }
}

/// What a description of Octopus' own tells.
struct Said<'d> {
    kind: &'static str,
    /// A runbook's name, or what was deployed as people title it.
    title: Option<&'d str>,
    service: Option<&'d str>,
    version: Option<&'d str>,
    place: Option<&'d str>,
}

/// Descriptions of tasks that change something; backups, health checks and the like change nothing for users.
fn said(description: &str) -> Option<Said<'_>> {
    if let Some(rest) = description.strip_prefix("Deploy ") {
        let (what, place) = placed(rest);
        let (service, version) = match what.split_once(" release ") {
            Some((service, version)) => (Some(service), Some(version)),
            None => (Some(what).filter(|w| !w.is_empty()), None),
        };
        // A release is mostly called by its number; some say what they change.
        let titled = version.filter(|v| v.contains(' '));
        return Some(Said {
            kind: "deploy",
            title: titled,
            service,
            version: version.filter(|v| !v.contains(' ')),
            place,
        });
    }
    let rest = description.strip_prefix("Run ")?;
    let (what, place) = placed(rest.strip_prefix("runbook ").unwrap_or(rest));
    let (name, service) = match what.split_once(" for ") {
        Some((name, service)) => (name, Some(service)),
        None => (what, None),
    };
    let named = place.is_some() || rest.starts_with("runbook ");
    named.then_some(Said {
        kind: "change",
        title: Some(name),
        service,
        version: None,
        place,
    })
}

/// `quay release 4.2.1 to Production`, `Restart quay on Production for tenant North`.
fn placed(text: &str) -> (&str, Option<&str>) {
    let text = text.trim().trim_end_matches('.');
    let (text, _) = text.split_once(" for tenant ").unwrap_or((text, ""));
    let found = text
        .rsplit_once(" to ")
        .or_else(|| text.rsplit_once(" on "));
    match found {
        Some((what, place)) if place.split(' ').count() <= 3 => {
            let place = place.split(" (").next().unwrap_or(place);
            (what.trim(), Some(place.trim()))
        }
        _ => (text, None),
    }
}

fn task<'x>(task: &Object<'x>) -> Option<Record<'x>> {
    let description = task.text(&["Description"])?;
    let told = said(&description)?;
    let state = state(task);
    let given = |names: &[&str]| task.text(names).map(Cow::into_owned);
    let service = given(&["ProjectName", "Project.Name"]).or(told.service.map(str::to_owned));
    let place = given(&["EnvironmentName", "Environment.Name"]).or(told.place.map(str::to_owned));
    let version = told.version.map(str::to_owned);
    let version = version.or_else(|| given(&["ReleaseVersion", "Release.Version"]));
    let known: Vec<String> = service.iter().cloned().collect();
    let line = told.title.and_then(|t| change::kept(t, &known));
    let kind = line.map(|l| l.kind).filter(|k| *k != "change");
    let kind = kind.unwrap_or(told.kind);
    let version = version.or_else(|| line?.version.map(str::to_owned));
    let item = line.and_then(|l| l.item).map(str::to_owned);
    let begun = payload::time_at(task, &["StartTime", "QueueTime"]);
    let ended = payload::time_at(task, &["CompletedTime", "LastUpdatedTime"]);
    let over = matches!(state, ChangeState::Finished | ChangeState::Failed);
    let mut record = Record::new(Kind::Change(state), description.clone());
    record.at = ended.filter(|_| over).or(begun);
    record.service = service.map(Cow::Owned);
    let people = [
        "DeployedBy",
        "StartedBy",
        "QueuedBy",
        "Username",
        "Arguments.DeployedBy",
    ];
    record.actor = task.text(&people).map(|name| payload::actor(name, false));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, task, &["Id"]);
    fields.push_known([
        (field::VERSION, version.map(Cow::Owned)),
        (field::ENVIRONMENT, place.map(Cow::Owned)),
        (
            if kind == "flag" { "flag" } else { "setting" },
            item.map(Cow::Owned),
        ),
        ("status", task.text(&["State"])),
    ]);
    if let Some(begun) = begun.filter(|_| over && ended.is_some()) {
        fields.push("started_at", begun);
    }
    Some(record)
}

/// A deployment tells when it was begun, and nothing of its end.
fn deployment<'x>(object: &Object<'x>) -> Option<Record<'x>> {
    let name = object.text(&["Name"]);
    let place = object.text(&["EnvironmentName", "Environment.Name"]);
    let of_name = name.as_deref().and_then(|n| n.strip_prefix("Deploy to "));
    let of_name = of_name.map(|n| n.split(" (").next().unwrap_or(n).trim().to_owned());
    let place = place.or(of_name.map(Cow::Owned));
    let service = object.text(&["ProjectName", "Project.Name"]);
    let version = object.text(&["ReleaseVersion", "Release.Version", "Version"]);
    let ended = payload::time_at(object, &["CompletedTime", "Completed"]);
    let state = match (ended, object.text(&["State", "TaskState"])) {
        (_, Some(_)) => state(object),
        (Some(_), None) => ChangeState::Finished,
        (None, None) => ChangeState::Started,
    };
    let words = [service.as_deref(), version.as_deref(), place.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    let message = object.text(&["Comments"]).or(name);
    let message = message.unwrap_or_else(|| Cow::Owned(words.join(" ")));
    let mut record = Record::new(Kind::Change(state), message);
    record.at = ended.or_else(|| payload::time_at(object, &["StartTime", "Created"]));
    // Ids say the project's number, which nobody calls it by.
    record.service = service;
    let by = object.text(&["DeployedBy", "LastModifiedBy"]);
    record.actor = by.map(|name| payload::actor(name, false));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, "deploy");
    payload::file_first(fields, field::ID, object, &["Id"]);
    fields.push_known([
        (field::VERSION, version),
        (field::ENVIRONMENT, place),
        ("project", object.text(&["ProjectId"])),
        ("release", object.text(&["ReleaseId"])),
    ]);
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Layout, changes_told};

    #[test]
    fn descriptions_tell_what_a_task_did() {
        let task = |description: &str| {
            format!(
                r#"{{"Description":"{description}","State":"Success","StartTime":"2025-06-17T08:41:12.118+00:00","CompletedTime":"2025-06-17T08:42:00+00:00"}}"#
            )
        };
        for (description, expected) in [
            (
                "Deploy quay release 4.2.1 to Production",
                "deploy finished quay 4.2.1 Production",
            ),
            (
                "Deploy quay release 4.2.1 to Live North for tenant Pier 2",
                "deploy finished quay 4.2.1 Live North",
            ),
            (
                "Run runbook Restart quay for quay on UAT",
                "restart finished quay - UAT",
            ),
            (
                "Run Tidy up for quay on Production",
                "change finished quay - Production",
            ),
        ] {
            let told = changes_told(&FORMAT, &task(description));
            assert_eq!(told, Some(vec![expected.to_owned()]), "{description}");
        }
        for description in [
            "Backup the database",
            "Check deployment target health",
            "Run a script",
        ] {
            assert_eq!(
                changes_told(&FORMAT, &task(description)),
                Some(Vec::new()),
                "{description}"
            );
        }
    }

    #[test]
    fn items_of_others_are_none() {
        let layout = Layout::default();
        for entry in [
            r#"{"Items":[{"Id":"Events-1","Category":"Modified","Message":"x","Occurred":"2025-06-17T08:41:12Z"}]}"#,
            r#"{"Description":"x","State":"open","Created":"2025-06-17T08:41:12Z"}"#,
        ] {
            let mut out = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(entry.as_bytes(), &cx, &mut out), None, "{entry}");
        }
    }
}
