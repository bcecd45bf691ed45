//! GitHub's `workflow_run` webhook: builds and tests, and the workflows that deploy.

use super::github_deployment::account;
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "github-workflow",
    title: "GitHub workflow run",
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run",
    cut: Cut::Json,
    specificity: 91,
    hint: |i| memmem::find(i, b"workflow_run").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/github-workflow/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_run, records, out)
}

fn is_run(object: &Object<'_>) -> bool {
    object.text(&["action"]).is_some()
        && object
            .object("workflow_run")
            .is_some_and(|run| run.get("status").is_some())
}

fn state(run: &Object<'_>) -> ChangeState {
    match run.text(&["conclusion"]).as_deref() {
        Some("success") => ChangeState::Finished,
        Some(_) => ChangeState::Failed,
        None if run.text(&["status"]).as_deref() == Some("in_progress") => ChangeState::Started,
        None => ChangeState::Requested,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let Some(run) = object.object("workflow_run") else {
        return;
    };
    let state = state(run);
    let name = object.text(&["workflow_run.name", "workflow.name", "workflow_run.path"]);
    let name = name.unwrap_or(Cow::Borrowed("workflow"));
    let service = object.text(&[
        "repository.name",
        "workflow_run.repository.name",
        "repository.full_name",
    ]);
    let title = run.text(&["display_title", "head_commit.message"]);
    let title = title.map_or_else(String::new, |t| format!(": {t}"));
    let end = run.text(&["conclusion", "status"]).unwrap_or_default();
    let message = Cow::Owned(format!("workflow {name}{title} ({end})"));
    let mut record = Record::new(Kind::Change(state), message);
    let begun = payload::time_at(run, &["run_started_at", "created_at"]);
    // A run has no time of its end but that of its last update.
    record.at = match state {
        ChangeState::Requested | ChangeState::Started => begun,
        _ => payload::time_at(run, &["updated_at"]).or(begun),
    };
    record.actor = [
        "workflow_run.triggering_actor",
        "workflow_run.actor",
        "sender",
    ]
    .iter()
    .find_map(|path| account(object, path));
    record.service = service;
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind(&name));
    payload::file_first(fields, field::ID, run, &["id"]);
    payload::file_first(fields, field::VERSION, run, &["head_sha"]);
    fields.push("workflow", name);
    payload::file_first(fields, "branch", run, &["head_branch"]);
    payload::file_first(fields, "status", run, &["status"]);
    payload::file_first(fields, "conclusion", run, &["conclusion"]);
    if let (Some(begun), ChangeState::Finished | ChangeState::Failed) = (begun, state) {
        fields.push("started_at", begun);
    }
    payload::file_first(fields, "repository", object, &["repository.full_name"]);
    out.push(record);
}

/// Only its name tells whether a workflow deploys or merely builds.
fn kind(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if says(&["rollback", "roll back", "revert"]) {
        "rollback"
    } else if says(&["deploy", "rollout", "promote"]) {
        "deploy"
    } else {
        "build"
    }
}
