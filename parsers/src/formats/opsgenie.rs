//! Opsgenie's webhooks: what was done to an alert.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "opsgenie",
    title: "Opsgenie webhook",
    reference: "https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"alertId").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/opsgenie/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_action, records, out)
}

fn is_action(object: &Object<'_>) -> bool {
    object.get("alert.alertId").is_some() && object.text(&["action"]).is_some()
}

fn act(action: &str) -> PageAct {
    match action {
        "Create" => PageAct::Triggered,
        "Acknowledge" => PageAct::Acknowledged,
        "UnAcknowledge" => PageAct::Unacknowledged,
        "Escalate" | "EscalateNext" => PageAct::Escalated,
        "AssignOwnership" | "Assign" | "AddRecipient" | "AddTeam" | "AddResponder" => {
            PageAct::Reassigned
        }
        "TakeOwnership" => PageAct::Acknowledged,
        "Close" | "Delete" => PageAct::Resolved,
        _ => PageAct::Annotated,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let action = object.text(&["action"]).unwrap_or_default();
    let act = act(&action);
    // An escalation says to whom, and of the alert nothing but its id.
    let paths = [
        "alert.note",
        "alert.message",
        "escalationName",
        "alert.alertId",
    ];
    let text = object.text(&paths);
    let mut record = Record::new(Kind::Page(act), text.unwrap_or_default());
    // `updatedAt` is when it was done; only what creates is done at `createdAt`. An
    // escalation has neither.
    let updated = payload::time_at(object, &["alert.updatedAt"]);
    let created = payload::time_at(object, &["alert.createdAt"]);
    record.at = match act {
        PageAct::Triggered => created.or(updated),
        _ => updated,
    };
    let by = object.text(&["alert.username", "source.name"]);
    record.actor = by.map(|name| payload::actor(name, false));
    record.service = object.text(&["alert.entity", "alert.details.service"]);
    let severity = object.text(&["alert.priority"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    fields.push("event_type", action);
    payload::file_first(fields, field::ID, object, &["alert.alertId"]);
    payload::file_first(fields, field::ALERT, object, &["alert.message"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "assignee", object, &["escalationNotify.name"]);
    for name in [
        "alert.tags",
        "alert.teams",
        "escalationName",
        "integrationName",
    ] {
        if let Some(value @ (Json::List(_) | Json::Text(_))) = object.get(name) {
            payload::file(fields, name.trim_start_matches("alert."), value);
        }
    }
    if let (Some(created), false) = (created, act == PageAct::Triggered) {
        fields.push(field::STARTS_AT, created);
    }
    out.push(record);
}
