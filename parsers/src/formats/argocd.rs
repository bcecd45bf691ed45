//! Argo CD's applications as its API and `kubectl get applications -o json` give them: what was
//! deployed when, and the last synchronisation. Synchronised is not healthy.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "argocd",
    title: "Argo CD application",
    reference: "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"deployedAt").is_some() || memmem::find(i, b"operationState").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/argocd/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// An application, a list of them, or one as a watch gives it.
pub(super) fn is_mine(object: &Object<'_>) -> bool {
    applications(object).iter().any(|a| is_application(a))
}

fn applications<'o, 'a>(object: &'o Object<'a>) -> Vec<&'o Object<'a>> {
    let wrapped = ["object", "app", "application"]
        .into_iter()
        .filter_map(|n| object.object(n));
    let items = object.list("items").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(wrapped)
        .chain(items)
        .collect()
}

fn is_application(object: &Object<'_>) -> bool {
    let history = object
        .list("status.history")
        .iter()
        .filter_map(Json::object);
    history.into_iter().any(|h| h.get("deployedAt").is_some())
        || object.get("status.operationState.phase").is_some()
}

pub(super) fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for application in applications(&payload.object) {
        if is_application(application) {
            history(payload, application, out);
            operation(payload, application, out);
        }
    }
}

fn history<'x>(payload: &Payload<'x>, application: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let entries = application
        .list("status.history")
        .iter()
        .filter_map(Json::object);
    let mut before: Vec<Cow<'x, str>> = Vec::new();
    for entry in entries.filter(|e| e.get("deployedAt").is_some()) {
        let revision = revision(entry);
        // A rollback is a new entry with an older revision.
        let back = revision
            .as_ref()
            .is_some_and(|r| before.contains(r) && before.last() != Some(r));
        let kind = if back { "rollback" } else { "deploy" };
        let service = service(application, entry);
        let what = service.as_deref().unwrap_or("application");
        let short: String = revision
            .as_deref()
            .unwrap_or_default()
            .chars()
            .take(12)
            .collect();
        let message = format!("{kind} {what} {short}");
        let state = ChangeState::Finished;
        let mut record = Record::new(Kind::Change(state), message.trim_end().to_owned());
        record.at = payload::time_at(entry, &["deployedAt"]);
        record.service = service;
        record.actor = initiator(entry.object("initiatedBy"));
        record.part = payload.place(entry);
        let fields = &mut record.fields;
        fields.push(field::CHANGE, kind);
        payload::file_first(fields, field::ID, entry, &["id"]);
        if let Some(revision) = &revision {
            fields.push(field::VERSION, revision.clone());
        }
        place(&mut record, application);
        if let Some(begun) = payload::time_at(entry, &["deployStartedAt"]) {
            record.fields.push("started_at", begun);
        }
        out.push(record);
        before.extend(revision);
    }
}

/// The last synchronisation, unless it is what the history's last entry tells.
fn operation<'x>(payload: &Payload<'x>, application: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let Some(operation) = application.object("status.operationState") else {
        return;
    };
    let phase = operation.text(&["phase"]);
    let ends = payload::time_at(operation, &["finishedAt"]);
    let state = match phase.as_deref() {
        Some("Failed" | "Error") => ChangeState::Failed,
        Some("Running" | "Terminating") => ChangeState::Started,
        _ if ends.is_some() => ChangeState::Finished,
        _ => return,
    };
    let begun = payload::time_at(operation, &["startedAt"]);
    let at = ends.filter(|_| state != ChangeState::Started).or(begun);
    let last = application
        .list("status.history")
        .last()
        .and_then(Json::object);
    let told = last.and_then(|l| payload::time_at(l, &["deployedAt"]));
    if state == ChangeState::Finished && told.map(|t| t.when) == at.map(|a| a.when) {
        return;
    }
    let text = operation
        .text(&["message"])
        .unwrap_or(Cow::Borrowed("synchronisation"));
    let mut record = Record::new(Kind::Change(state), text);
    record.at = at;
    record.service = service(application, operation);
    record.actor = initiator(operation.object("operation.initiatedBy"));
    record.part = payload.place(operation);
    let fields = &mut record.fields;
    fields.push(field::CHANGE, "sync");
    let revisions = ["syncResult.revision", "operation.sync.revision"];
    payload::file_first(fields, field::VERSION, operation, &revisions);
    payload::file_first(fields, "phase", operation, &["phase"]);
    payload::file_first(fields, "health", application, &["status.health.status"]);
    place(&mut record, application);
    out.push(record);
}

fn revision<'x>(entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let many = || entry.list("revisions").first().and_then(Json::text);
    entry.scalar(&["revision"]).or_else(many)
}

fn initiator<'x>(by: Option<&Object<'x>>) -> Option<Actor<'x>> {
    let by = by?;
    let automated = by.get("automated") == Some(&Json::Bool(true));
    match by.text(&["username"]) {
        Some(name) => Some(payload::actor(name, automated)),
        None => automated.then(|| payload::actor("argocd", true)),
    }
}

/// The application's name, else the chart's or the repository's that is deployed.
fn service<'x>(application: &Object<'x>, entry: &Object<'x>) -> Option<Cow<'x, str>> {
    let named = application.text(&["metadata.name"]);
    named.or_else(|| entry.text(&["source.chart"])).or_else(|| {
        let url = entry.text(&["source.repoURL"])?;
        let name = url.trim_end_matches('/').rsplit('/').next()?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        Some(Cow::Owned(name.to_owned()))
    })
}

fn place<'x>(record: &mut Record<'x>, application: &Object<'x>) {
    let fields = &mut record.fields;
    payload::file_first(fields, "project", application, &["spec.project"]);
    payload::file_first(
        fields,
        "namespace",
        application,
        &["spec.destination.namespace"],
    );
    let environments = ["metadata.labels.environment", "metadata.labels.env"];
    payload::file_first(fields, field::ENVIRONMENT, application, &environments);
}
