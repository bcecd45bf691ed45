//! GitHub's `deployment_status` webhook.

use super::change_lines;
use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::json::Object;
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
    payload::read(entry, is_deployment, records, out)
}

fn is_deployment(object: &Object<'_>) -> bool {
    let status = object
        .object("deployment_status")
        .is_some_and(|s| s.get("state").is_some());
    let asked = object
        .object("deployment")
        .is_some_and(|d| d.get("environment").is_some());
    status || asked && object.object("repository").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    // Without a status it is the `deployment` event: somebody asked for one.
    let said = object.text(&["deployment_status.state"]);
    let state = said.as_deref().and_then(change_lines::status);
    let state = state.unwrap_or(ChangeState::Requested);
    let service = object.text(&["repository.name", "repository.full_name"]);
    let version = object.text(&["deployment.ref", "deployment.sha"]);
    let mut record = Record::new(Kind::Change(state), message(object, &service, &version));
    // `updated_at` is that of the status, and later than what it states.
    record.at = payload::time_at(
        object,
        &["deployment_status.created_at", "deployment.created_at"],
    );
    record.service = service;
    let who = ["deployment_status.creator", "sender", "deployment.creator"];
    record.actor = who.iter().find_map(|path| account(object, path));
    let fields = &mut record.fields;
    let task = object.text(&["deployment.task"]).unwrap_or_default();
    let kind = if task.contains("rollback") {
        "rollback"
    } else {
        "deploy"
    };
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, object, &["deployment.id"]);
    if let Some(version) = version {
        fields.push(field::VERSION, version);
    }
    payload::file_first(fields, "sha", object, &["deployment.sha"]);
    let environment = ["deployment_status.environment", "deployment.environment"];
    payload::file_first(fields, field::ENVIRONMENT, object, &environment);
    payload::file_first(fields, "status", object, &["deployment_status.state"]);
    payload::file_first(fields, "repository", object, &["repository.full_name"]);
    if let Some(asked) = payload::time_at(object, &["deployment.created_at"]) {
        fields.push("requested_at", asked);
    }
    out.push(record);
}

/// The account at `path`: apps have accounts of type `Bot`.
pub(super) fn account<'x>(object: &Object<'x>, path: &str) -> Option<Actor<'x>> {
    let account = object.object(path)?;
    let bot = account.text(&["type"]).is_some_and(|t| t == "Bot");
    Some(payload::actor(account.text(&["login"])?, bot))
}

fn message<'x>(
    object: &Object<'x>,
    service: &Option<Cow<'x, str>>,
    version: &Option<Cow<'x, str>>,
) -> Cow<'x, str> {
    let described = ["deployment_status.description", "deployment.description"];
    if let Some(text) = object.text(&described) {
        return text;
    }
    let what = service.as_deref().unwrap_or("deployment");
    let version = version.as_deref().unwrap_or_default();
    let to = object.text(&["deployment_status.environment", "deployment.environment"]);
    let to = to.map_or_else(String::new, |e| format!(" to {e}"));
    let state = object.text(&["deployment_status.state"]);
    let state = state.map_or_else(String::new, |s| format!(": {s}"));
    Cow::Owned(format!("deploy {what} {version}{to}{state}"))
}
