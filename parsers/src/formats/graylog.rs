//! Graylog's notifications: the alarm callback of streams, and events since version 3.1.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "graylog",
    title: "Graylog notification",
    reference: "https://go2docs.graylog.org/current/interacting_with_your_log_data/notifications.html",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"check_result").is_some()
            || memmem::find(i, b"event_definition_id").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/graylog/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    object.get("check_result.triggered_at").is_some()
        || object.get("event_definition_id").is_some() && object.object("event").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    out.push(match object.object("event") {
        Some(inner) => event(object, inner),
        None => stream(object),
    });
}

/// The messages that it found have times of their own, from before.
fn stream<'x>(object: &Object<'x>) -> Record<'x> {
    let text = object.text(&["check_result.result_description", "stream.title"]);
    let state = AlertState::Firing;
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    record.at = payload::time_at(object, &["check_result.triggered_at"]);
    let fields = &mut record.fields;
    let ids = ["check_result.triggered_condition.id", "stream.id"];
    payload::file_first(fields, field::ID, object, &ids);
    let names = ["check_result.triggered_condition.title", "stream.title"];
    payload::file_first(fields, field::ALERT, object, &names);
    payload::file_first(
        fields,
        "condition",
        object,
        &["check_result.triggered_condition.type"],
    );
    record
}

fn event<'x>(object: &Object<'x>, event: &Object<'x>) -> Record<'x> {
    let text = event
        .text(&["message"])
        .or_else(|| object.text(&["event_definition_title"]));
    let state = AlertState::Firing;
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    record.at = payload::time_at(event, &["timestamp", "timestamp_processing"]);
    record.service = event.text(&[
        "fields.service",
        "fields.application",
        "group_by_fields.service",
    ]);
    record.host = event.text(&["fields.source", "group_by_fields.source"]);
    let severity = event.scalar(&["priority"]).map(|p| {
        Cow::Borrowed(match p.as_ref() {
            "1" => "low",
            "2" => "normal",
            "3" => "high",
            _ => return p,
        })
    });
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["event_definition_id"]);
    payload::file_first(fields, field::ALERT, object, &["event_definition_title"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    if let Some(starts) = payload::time_at(event, &["timerange_start"]) {
        fields.push(field::STARTS_AT, starts);
    }
    payload::file_first(fields, "event_id", event, &["id"]);
    record
}
