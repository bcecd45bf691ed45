//! PagerDuty's webhooks, version 3 and the older messages of version 2.
//!
//! The time is that of the event: `data.created_at` is when the incident began, and
//! `data.status` stays `triggered` through an escalation.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pagerduty",
    title: "PagerDuty webhook",
    reference: "https://developer.pagerduty.com/docs/webhooks-overview",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"incident.").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/pagerduty/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_webhook, records, out)
}

fn is_webhook(object: &Object<'_>) -> bool {
    is_event(object)
        || object.object("event").is_some_and(is_event)
        || messages(object).next().is_some()
}

/// Version 3.
fn is_event(event: &Object<'_>) -> bool {
    event.get("occurred_at").is_some()
        && event
            .text(&["event_type"])
            .is_some_and(|t| t.starts_with("incident."))
}

/// Version 2: an array of messages in one POST.
fn messages<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let known = |m: &&Object<'_>| {
        m.text(&["event", "type"])
            .is_some_and(|t| t.starts_with("incident."))
    };
    let listed = object.list("messages").iter();
    listed.filter_map(Json::object).filter(known)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    if is_event(&payload.object) {
        out.push(event(&payload.object));
    } else if let Some(inner) = payload.object.object("event").filter(|e| is_event(e)) {
        out.push(event(inner));
    } else {
        for message in messages(&payload.object) {
            let mut record = older(message);
            record.part = payload.place(message);
            out.push(record);
        }
    }
}

/// What an event type or a log entry type says was done.
pub(super) fn act(name: &str) -> PageAct {
    match name {
        "triggered" | "trigger" => PageAct::Triggered,
        "notify" | "notified" => PageAct::Notified,
        "acknowledged" | "acknowledge" => PageAct::Acknowledged,
        "unacknowledged" | "unacknowledge" => PageAct::Unacknowledged,
        "escalated" | "escalate" => PageAct::Escalated,
        "reassigned" | "delegated" | "assign" | "delegate" | "responder.added"
        | "responder.replied" | "responder_request" => PageAct::Reassigned,
        "resolved" | "resolve" => PageAct::Resolved,
        "reopened" | "reopen" => PageAct::Reopened,
        _ => PageAct::Annotated,
    }
}

fn event<'x>(event: &Object<'x>) -> Record<'x> {
    let kind = event.text(&["event_type"]).unwrap_or_default();
    let verb = kind.trim_start_matches("incident.");
    let title = event.text(&[
        "data.title",
        "data.incident.title",
        "data.incident.summary",
        "data.summary",
    ]);
    let said = event.text(&["data.content", "data.message"]);
    let mut record = Record::new(Kind::Page(act(verb)), said.or(title).unwrap_or_default());
    record.at = payload::time_at(event, &["occurred_at"]);
    record.actor = event.object("agent").and_then(agent);
    record.service = event.text(&["data.service.summary", "data.incident.service.summary"]);
    describe(&mut record, event);
    record
}

fn describe<'x>(record: &mut Record<'x>, event: &Object<'x>) {
    let severity = event.text(&[
        "data.priority.summary",
        "data.priority.name",
        "data.urgency",
    ]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, "event_type", event, &["event_type"]);
    // An event about a note or a responder has an id of its own beside the incident's.
    payload::file_first(fields, field::ID, event, &["data.incident.id", "data.id"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "number", event, &["data.number"]);
    payload::file_first(fields, "incident_status", event, &["data.status"]);
    let assignees: Vec<_> = event
        .list("data.assignees")
        .iter()
        .filter_map(|a| a.object()?.text(&["summary"]))
        .collect();
    if !assignees.is_empty() {
        fields.push("assignees", assignees.join(", "));
    }
    payload::file_first(
        fields,
        "escalation_policy",
        event,
        &["data.escalation_policy.summary"],
    );
    payload::file_first(fields, "incident_key", event, &["data.incident_key"]);
    if let Some(created) = payload::time_at(event, &["data.created_at"]) {
        fields.push(field::STARTS_AT, created);
    }
}

/// Who did it: a user is a person; a service, an integration, a workflow is not.
pub(super) fn agent<'x>(agent: &Object<'x>) -> Option<Actor<'x>> {
    let name = agent.text(&["summary", "name", "email", "id"])?;
    let kind = agent.text(&["type"]).unwrap_or(Cow::Borrowed("user"));
    let bot = !kind.starts_with("user");
    Some(Actor { name, bot })
}

fn older<'x>(message: &Object<'x>) -> Record<'x> {
    let kind = message.text(&["event", "type"]).unwrap_or_default();
    let incident = message
        .object("incident")
        .or_else(|| message.object("data.incident"));
    let empty = Object::default();
    let incident = incident.unwrap_or(&empty);
    let title = incident.text(&[
        "title",
        "trigger_summary_data.subject",
        "summary",
        "incident_key",
    ]);
    let act = act(kind.trim_start_matches("incident."));
    let mut record = Record::new(Kind::Page(act), title.unwrap_or_default());
    record.at = payload::time_at(message, &["created_on", "created_at"]);
    record.service = incident.text(&["service.name", "service.summary"]);
    // Only the last entry of the incident's log says who did it.
    let entry = message.list("log_entries").first().and_then(Json::object);
    record.actor = entry
        .and_then(|e| e.object("agent"))
        .or_else(|| incident.object("last_status_change_by"))
        .or_else(|| incident.object("resolved_by_user"))
        .and_then(agent);
    let severity = incident.text(&["priority.summary", "urgency"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    fields.push("event_type", kind);
    payload::file_first(fields, field::ID, incident, &["id"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "number", incident, &["incident_number"]);
    payload::file_first(fields, "incident_status", incident, &["status"]);
    record
}
