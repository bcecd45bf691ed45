//! GitLab's deployment webhook.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "gitlab-deployment",
    title: "GitLab deployment event",
    reference: "https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"object_kind").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/gitlab-deployment/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_deployment, records, out)
}

fn is_deployment(object: &Object<'_>) -> bool {
    object
        .text(&["object_kind"])
        .is_some_and(|k| k == "deployment")
        && object.get("status").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["status"]);
    let state = said.as_deref().and_then(change::status);
    let state = state.unwrap_or(ChangeState::Requested);
    let service = object
        .text(&["project.name", "project.path_with_namespace"])
        .map(super::github_deployment::of_what);
    // A branch says nothing of what it holds.
    let numbered = |r: &Cow<'_, str>| r.bytes().any(|b| b.is_ascii_digit());
    let tag = object.text(&["ref"]).filter(numbered);
    let version = tag.or_else(|| object.text(&["short_sha"]));
    let title = object.text(&["commit_title"]);
    let told = title
        .clone()
        .unwrap_or_else(|| message(object, service.as_deref(), version.as_deref()));
    let mut record = Record::new(Kind::Change(state), told);
    record.at = payload::time_at(object, &["status_changed_at"]);
    record.service = service;
    record.actor = account(object);
    // GitLab titles what its "Revert" button makes `Revert "…"`.
    let first = title.as_deref().and_then(|t| t.split(' ').next());
    let undoes = first.is_some_and(|w| change::class(w) == Some("rollback"));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, if undoes { "rollback" } else { "deploy" });
    payload::file_first(fields, field::ID, object, &["deployment_id"]);
    if let Some(version) = version {
        fields.push(field::VERSION, version);
    }
    payload::file_first(fields, "sha", object, &["short_sha"]);
    payload::file_first(fields, field::ENVIRONMENT, object, &["environment"]);
    payload::file_first(fields, "status", object, &["status"]);
    out.push(record);
}

fn account<'x>(object: &Object<'x>) -> Option<Actor<'x>> {
    let name = object.text(&["user.username", "user.name"])?;
    let bot = payload::sounds_automatic(&name);
    Some(payload::actor(name, bot))
}

fn message<'x>(object: &Object<'x>, service: Option<&str>, version: Option<&str>) -> Cow<'x, str> {
    let what = service.unwrap_or("deployment");
    let version = version.unwrap_or_default();
    let to = object.text(&["environment"]);
    let to = to.map_or_else(String::new, |e| format!(" to {e}"));
    Cow::Owned(format!("deploy {what} {version}{to}"))
}
