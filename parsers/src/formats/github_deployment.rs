//! GitHub's deployments: the `deployment_status` webhook, and what the REST API lists of deployments and
//! of their statuses.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::stamp::{Reading, SECOND, When};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "github-deployment",
    title: "GitHub deployment status",
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"deployment").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/github-deployment/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_event(object) || is_deployment(object) || is_status(object)
}

fn is_event(object: &Object<'_>) -> bool {
    let status = object
        .object("deployment_status")
        .is_some_and(|s| s.get("state").is_some());
    let asked = object
        .object("deployment")
        .is_some_and(|d| d.get("environment").is_some());
    status || asked && object.object("repository").is_some()
}

/// One of those that REST lists.
fn is_deployment(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    told("environment")
        && told("created_at")
        && told("statuses_url")
        && (told("ref") || told("sha"))
}

/// One of a deployment's statuses as REST lists them.
fn is_status(object: &Object<'_>) -> bool {
    object.get("deployment_url").is_some()
        && object.get("state").is_some()
        && object.get("created_at").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let nothing = Object::default();
    let part = |name: &str| object.object(name).unwrap_or(&nothing);
    if is_event(object) {
        return told(object, part("deployment"), part("deployment_status"), out);
    }
    if is_status(object) {
        return told(object, &nothing, object, out);
    }
    let statuses = object.list("statuses").iter().filter_map(Json::object);
    let from = out.len();
    for status in statuses.filter(|s| s.get("state").is_some()) {
        let before = out.len();
        told(object, object, status, out);
        for record in out.iter_mut().skip(before) {
            record.part = payload.place(status);
        }
    }
    if out.len() == from {
        told(object, object, &nothing, out);
    }
}

/// What a status says of a deployment. `object` is what is told besides.
fn told<'x>(
    object: &Object<'x>,
    deployment: &Object<'x>,
    status: &Object<'x>,
    out: &mut Vec<Record<'x>>,
) {
    let said = status.text(&["state"]);
    // Another deployment has taken its place: this one had its effect.
    if said.as_deref() == Some("inactive") {
        return;
    }
    let settled = said.is_none().then(|| settled(deployment)).flatten();
    // Without a status it is the `deployment` event: somebody asked for one.
    let state = said.as_deref().and_then(change::status);
    let state = state.unwrap_or(match settled {
        Some(_) => ChangeState::Finished,
        None => ChangeState::Requested,
    });
    let service = repository(object).map(of_what);
    let version = deployment.text(&["ref", "sha"]);
    let environment = status
        .text(&["environment"])
        .or_else(|| deployment.text(&["environment"]));
    let text = status
        .text(&["description"])
        .or_else(|| deployment.text(&["description"]));
    let named = text.as_deref().and_then(change::title).filter(|t| t.leads);
    let task = deployment.text(&["task"]).unwrap_or_default();
    let kind = if task.contains("rollback") || named.is_some_and(|t| t.kind == "rollback") {
        "rollback"
    } else {
        "deploy"
    };
    let names = [&service, &version, &environment, &said].map(Option::as_deref);
    let message = text.unwrap_or_else(|| Cow::Owned(words(names)));
    let mut record = Record::new(Kind::Change(state), message);
    let asked = payload::time_at(deployment, &["created_at"]);
    // `updated_at` is that of the status, and later than what it states.
    record.at = payload::time_at(status, &["created_at"])
        .or(settled)
        .or(asked);
    record.service = service;
    record.actor = account(status, "creator")
        .or_else(|| account(object, "sender"))
        .or_else(|| account(deployment, "creator"));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    let id = deployment.scalar(&["id"]);
    if let Some(id) = id.or_else(|| tail(status, "deployment_url", "/deployments/")) {
        fields.push(field::ID, id);
    }
    if let Some(version) = version {
        fields.push(field::VERSION, version);
    }
    payload::file_first(fields, "sha", deployment, &["sha"]);
    if let Some(environment) = environment {
        fields.push(field::ENVIRONMENT, environment);
    }
    payload::file_first(fields, "status", status, &["state"]);
    let full = object.text(&["repository.full_name"]);
    if let Some(full) = full.or_else(|| tail(object, "repository_url", "/repos/")) {
        fields.push("repository", full);
    }
    if let Some(asked) = asked {
        fields.push("requested_at", asked);
    }
    out.push(record);
}

/// `deploy quay 2.6.0 to production: success`, of what is known of it.
fn words([service, version, environment, said]: [Option<&str>; 4]) -> String {
    let mut words = format!("deploy {}", service.unwrap_or("deployment"));
    for (before, part) in [(" ", version), (" to ", environment), (": ", said)] {
        if let Some(part) = part {
            words.push_str(before);
            words.push_str(part);
        }
    }
    words
}

/// A deployment that is listed without its statuses was touched by each of them, and once more when
/// the next one took its place, which is later than any deployment takes.
fn settled(deployment: &Object<'_>) -> Option<Reading> {
    const LONGEST: i64 = 3600 * SECOND;
    deployment.get("statuses_url")?;
    let asked = payload::time_at(deployment, &["created_at"])?;
    let touched = payload::time_at(deployment, &["updated_at"])?;
    match (asked.when, touched.when) {
        (When::Instant(from), When::Instant(to)) if to == from => None,
        (When::Instant(from), When::Instant(to)) if to - from <= LONGEST => Some(touched),
        _ => Some(asked),
    }
}

/// The service, where its repository is called after what it holds of it.
pub(super) fn of_what(repository: Cow<'_, str>) -> Cow<'_, str> {
    match change::of_repository(&repository) {
        Some(of) => Cow::Owned(of.to_owned()),
        None => repository,
    }
}

/// The name of the repository; lists give nothing but its address.
fn repository<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let full = || {
        let full = object.text(&["repository.full_name"]);
        let full = full.or_else(|| tail(object, "repository_url", "/repos/"))?;
        Some(Cow::Owned(full.rsplit('/').next()?.to_owned()))
    };
    object.text(&["repository.name"]).or_else(full)
}

/// What stands behind `mark` in the address that `name` holds.
fn tail<'x>(object: &Object<'x>, name: &str, mark: &str) -> Option<Cow<'x, str>> {
    let url = object.text(&[name])?;
    let (_, behind) = url.rsplit_once(mark)?;
    (!behind.is_empty()).then(|| Cow::Owned(behind.to_owned()))
}

/// The account at `path`: apps have accounts of type `Bot`.
pub(super) fn account<'x>(object: &Object<'x>, path: &str) -> Option<Actor<'x>> {
    let account = object.object(path)?;
    let bot = account.text(&["type"]).is_some_and(|t| t == "Bot");
    Some(payload::actor(account.text(&["login"])?, bot))
}
