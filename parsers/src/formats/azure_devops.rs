//! Deployments of Azure DevOps' releases, as its API lists them (`release/deployments`) and as its service hooks send
//! them (`deployment-started-event`, `deployment-completed-event`).

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "azure-devops",
    title: "Azure DevOps deployments of releases",
    reference: "https://learn.microsoft.com/en-us/rest/api/azure/devops/release/deployments/list",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"deploymentStatus").is_some()
            || memmem::find(i, b"ms.vss-release").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/azure-devops/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    deployments(object).next().is_some()
}

/// Those of a list, the object itself, or the one that a service hook tells of.
fn deployments<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("value").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("resource.deployment"))
        .chain(listed)
        .filter(|d| is_deployment(d))
}

fn is_deployment(object: &Object<'_>) -> bool {
    object.get("deploymentStatus").is_some()
        && (object.get("releaseDefinition").is_some() || object.get("release").is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for deployment in deployments(&payload.object) {
        let Some(mut record) = record(deployment, &payload.object) else {
            continue;
        };
        if !payload.object.list("value").is_empty() {
            record.part = payload.place(deployment);
        }
        out.push(record);
    }
}

/// How far it has come: what waits for an approval has changed nothing yet.
fn state(object: &Object<'_>) -> Option<ChangeState> {
    let status = object.scalar(&["deploymentStatus"])?;
    Some(match status.to_ascii_lowercase().as_str() {
        "succeeded" | "partiallysucceeded" => ChangeState::Finished,
        "failed" => ChangeState::Failed,
        "inprogress" => ChangeState::Started,
        "notdeployed" | "undefined" => ChangeState::Requested,
        _ => return None,
    })
}

fn record<'x>(object: &Object<'x>, hook: &Object<'x>) -> Option<Record<'x>> {
    let state = state(object)?;
    let release = object.text(&["release.name"]);
    let definition = object.text(&["releaseDefinition.name"]);
    let place = object.text(&["releaseEnvironment.name"]);
    let said = release.as_deref().unwrap_or_default();
    let named = definition.as_deref().and_then(service);
    let known: Vec<String> = named.iter().map(|n| (*n).to_owned()).collect();
    // A release is mostly called `Release-42`; some say what they change.
    let told = said
        .contains(' ')
        .then(|| change::kept(said, &known))
        .flatten();
    let kind = told.map(|t| t.kind).filter(|k| *k != "change");
    let message = [release.as_deref(), definition.as_deref(), place.as_deref()];
    let message: Vec<&str> = message.into_iter().flatten().collect();
    let begun = payload::time_at(object, &["startedOn", "queuedOn"]);
    let ended = payload::time_at(object, &["completedOn", "lastModifiedOn"]);
    let done = matches!(state, ChangeState::Finished | ChangeState::Failed);
    let mut record = Record::new(Kind::Change(state), message.join(", "));
    record.at = ended
        .filter(|_| done)
        .or(begun)
        .or_else(|| payload::time_at(hook, &["createdDate"]));
    let of_release = told.and_then(|t| t.service);
    record.service = named.or(of_release).map(|s| Cow::Owned(s.to_owned()));
    let people = [
        "requestedFor.displayName",
        "requestedBy.displayName",
        "requestedFor.uniqueName",
        "requestedBy.uniqueName",
    ];
    record.actor = object.text(&people).map(|name| {
        // What a branch's build releases is requested by the service itself.
        let bot = name.starts_with("Microsoft.VisualStudio") || name.contains("Build Service");
        payload::actor(name, bot)
    });
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind.unwrap_or("deploy"));
    payload::file_first(fields, field::ID, object, &["id"]);
    let version = told
        .and_then(|t| t.version)
        .map(|v| Cow::Owned(v.to_owned()));
    let version = artifact(object).or(version).or_else(|| {
        let number = release.as_deref().filter(|r| !r.contains(' '))?;
        Some(Cow::Owned(number.to_owned()))
    });
    let item = told.and_then(|t| t.item).map(|i| Cow::Owned(i.to_owned()));
    fields.push_known([
        (field::VERSION, version),
        (field::ENVIRONMENT, place),
        (
            if kind == Some("flag") {
                "flag"
            } else {
                "setting"
            },
            item,
        ),
        ("status", object.text(&["deploymentStatus"])),
        ("reason", object.text(&["reason"])),
    ]);
    if let Some(begun) = begun.filter(|_| done && ended.is_some()) {
        fields.push("started_at", begun);
    }
    Some(record)
}

/// What a release's definition deploys: `quay`, `quay - CD`, `Deploy quay`.
fn service(definition: &str) -> Option<&str> {
    let mut name = definition.trim();
    for end in ["CD", "cd", "release", "Release", "deploy", "Deploy"] {
        let bare = name.strip_suffix(end).unwrap_or(name);
        let cut = bare.trim_end_matches([' ', '-', '_', '.']);
        if cut.len() < bare.len() && !cut.is_empty() {
            name = cut;
        }
    }
    let of_title = change::title(name).filter(|t| t.leads);
    let name = of_title.and_then(|t| t.service).unwrap_or(name);
    let name = ["Deploy ", "Release "]
        .iter()
        .find_map(|p| name.strip_prefix(p))
        .unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

/// The version of what is deployed first.
fn artifact<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let artifacts = object
        .list("release.artifacts")
        .iter()
        .filter_map(Json::object);
    let mut versions = artifacts.filter_map(|a| a.text(&["definitionReference.version.name"]));
    versions.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    #[test]
    fn definitions_are_called_after_what_they_deploy() {
        for (definition, expected) in [
            ("quay", "quay"),
            ("quay - CD", "quay"),
            ("tide-api-release", "tide-api"),
            ("Deploy tide-api", "tide-api"),
            ("CD", "CD"),
        ] {
            assert_eq!(service(definition), Some(expected), "{definition}");
        }
    }

    #[test]
    fn builds_and_lists_of_others_are_none() {
        let layout = Layout::default();
        for text in [
            r#"{"count":1,"value":[{"id":7,"buildNumber":"20250611.4","status":"completed","result":"succeeded","finishTime":"2025-06-11T09:00:00Z"}]}"#,
            r#"{"deploymentStatus":"succeeded","service":"quay"}"#,
            r#"{"eventType":"ms.vss-release.release-created-event","resource":{"release":{"name":"Release-8"}}}"#,
        ] {
            let mut out = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(text.as_bytes(), &cx, &mut out), None, "{text}");
        }
    }
}
