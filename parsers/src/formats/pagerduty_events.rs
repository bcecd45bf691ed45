//! What monitors send to PagerDuty: Events API version 2 and 1, and change events.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, ChangeState, Kind, PageAct, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pagerduty-events",
    title: "PagerDuty events and change events",
    reference: "https://developer.pagerduty.com/docs/events-api-v2-overview",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"event_action").is_some()
            || memmem::find(i, b"event_type").is_some()
            || memmem::find(i, b"routing_key").is_some()
            || memmem::find(i, b"service_key").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/pagerduty-events/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_event, records, out)
}

fn is_event(object: &Object<'_>) -> bool {
    let keyed = ["routing_key", "dedup_key", "incident_key", "service_key"]
        .iter()
        .any(|key| object.get(key).is_some());
    let acts = object
        .text(&["event_action", "event_type"])
        .is_some_and(|a| kind(&a).is_some());
    acts && (keyed || object.get("payload.summary").is_some()) || is_change(object)
}

/// A change event is an event without an action.
fn is_change(object: &Object<'_>) -> bool {
    object.get("routing_key").is_some()
        && object.get("event_action").is_none()
        && object.get("payload.summary").is_some()
}

fn kind(action: &str) -> Option<Kind> {
    Some(match action {
        "trigger" => Kind::Alert(AlertState::Firing),
        "resolve" => Kind::Alert(AlertState::Resolved),
        "acknowledge" => Kind::Page(PageAct::Acknowledged),
        _ => return None,
    })
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let action = object.text(&["event_action", "event_type"]);
    let kind = action.as_deref().and_then(kind);
    let keys = [
        "payload.summary",
        "description",
        "dedup_key",
        "incident_key",
    ];
    let message = object.text(&keys).unwrap_or_default();
    let mut record = Record::new(kind.unwrap_or(Kind::Change(ChangeState::Finished)), message);
    // Optional: PagerDuty takes the time of receipt instead.
    record.at = payload::time_at(object, &["payload.timestamp", "timestamp"]);
    record.service = object.text(&[
        "payload.custom_details.service",
        "payload.component",
        "payload.group",
        "details.service",
    ]);
    record.host = object.text(&["payload.source", "details.host", "client"]);
    // Acknowledged through the API: by some integration, not by a person.
    if record.kind == Kind::Page(PageAct::Acknowledged) {
        let name = object.text(&["client"]).unwrap_or("api".into());
        record.actor = Some(payload::actor(name, true));
    }
    let severity = object.text(&["payload.severity"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    if let Some(action) = action {
        fields.push("event_type", action);
    }
    payload::file_first(fields, field::ID, object, &["dedup_key", "incident_key"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, field::ALERT, object, &["payload.class"]);
    if kind.is_none() {
        let details = "payload.custom_details";
        let at = |name: &str| format!("{details}.{name}");
        let versions = ["version", "tag", "revision", "build_number"].map(at);
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        fields.push(field::CHANGE, "change");
        payload::file_first(fields, field::VERSION, object, &versions);
        let stages = ["environment", "env"].map(at);
        let stages: Vec<&str> = stages.iter().map(String::as_str).collect();
        payload::file_first(fields, field::ENVIRONMENT, object, &stages);
    }
    if let Some(details) = object.object("payload.custom_details") {
        payload::file_all(fields, details, &|_| false);
    }
    out.push(record);
}
