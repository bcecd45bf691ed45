//! Flux's events, as its notification controller sends them: a reconciliation that applied a
//! revision, or failed to.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "flux-event",
    title: "Flux event",
    reference: "https://fluxcd.io/flux/components/notification/events/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"reportingController").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/flux-event/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_event, records, out)
}

fn is_event(object: &Object<'_>) -> bool {
    object.object("involvedObject").is_some()
        && object.get("severity").is_some()
        && object.get("reportingController").is_some()
        && object.get("timestamp").is_some()
}

/// By the reason first: an error's reason names the step that failed.
fn state(reason: &str, severity: &str) -> ChangeState {
    let says = |word: &str| reason.contains(word);
    if severity == "error" || says("Fail") || says("Error") {
        ChangeState::Failed
    } else if says("Progressing") || says("DependencyNotReady") {
        ChangeState::Started
    } else if says("NewArtifact") || says("ArtifactUpToDate") || says("Suspended") {
        // Fetched, not applied.
        ChangeState::Requested
    } else {
        ChangeState::Finished
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let reason = object.text(&["reason"]).unwrap_or_default();
    let severity = object.text(&["severity"]).unwrap_or_default();
    let state = state(&reason, &severity);
    let text = object.text(&["message", "reason"]).unwrap_or_default();
    let kind = if reason.contains("Rollback") || reason.contains("Remediat") {
        "rollback"
    } else {
        "deploy"
    };
    let mut record = Record::new(Kind::Change(state), text);
    record.at = payload::time_at(object, &["timestamp"]);
    record.level = payload::severity(&severity);
    record.service = object.text(&["involvedObject.name"]);
    let controller = object.text(&["reportingController"]);
    record.actor = controller.map(|name| payload::actor(name, true));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    if let Some(revision) = revision(object) {
        fields.push(field::VERSION, revision);
    }
    fields.push(field::SEVERITY, severity);
    fields.push("reason", reason);
    payload::file_first(fields, "object", object, &["involvedObject.kind"]);
    payload::file_first(fields, "namespace", object, &["involvedObject.namespace"]);
    payload::file_first(
        fields,
        field::ENVIRONMENT,
        object,
        &["metadata.env", "metadata.environment"],
    );
    out.push(record);
}

/// `kustomize.toolkit.fluxcd.io/revision`, by whichever controller; older ones have no group.
fn revision<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let metadata = object.object("metadata")?;
    let mut named = metadata.iter().filter(|(name, _)| {
        *name == "revision" || name.ends_with("/revision") || name.ends_with("/app-version")
    });
    named.find_map(|(_, value)| value.text())
}
