//! updown.io's webhook: an array of events, each of a check with its downtime.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "updown",
    title: "updown.io webhook",
    reference: "https://updown.io/api#webhooks",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"check.").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/updown/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_event, records, out)
}

fn is_event(object: &Object<'_>) -> bool {
    object
        .text(&["event"])
        .is_some_and(|e| e.starts_with("check."))
        && object.object("check").is_some()
}

fn state(event: &str) -> AlertState {
    match event {
        "check.down" | "check.still_down" | "check.ssl_invalid" => AlertState::Firing,
        "check.up" | "check.ssl_valid" => AlertState::Resolved,
        _ => AlertState::Unknown,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let event = object.text(&["event"]).unwrap_or_default();
    let state = state(&event);
    let text = object.text(&["description", "downtime.error", "check.error"]);
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_else(|| event.clone()));
    let starts = payload::time_at(object, &["downtime.started_at", "check.down_since"]);
    let ends = payload::time_at(object, &["downtime.ended_at"]);
    record.at = payload::time_at(object, &["time"]).or(match state {
        AlertState::Resolved => ends,
        _ => starts,
    });
    let name = object.text(&["check.alias", "check.url"]);
    record.service = name.clone();
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["check.token"]);
    if let Some(name) = name {
        fields.push(field::ALERT, name);
    }
    fields.push("event", event);
    payload::file_first(fields, "url", object, &["check.url"]);
    payload::file_first(
        fields,
        field::ERROR,
        object,
        &["downtime.error", "check.error"],
    );
    if let Some(starts) = starts {
        fields.push(field::STARTS_AT, starts);
    }
    out.push(record);
}
