//! Riemann's events as its webhooks send them.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "riemann",
    title: "Riemann event",
    reference: "https://riemann.io/concepts.html",
    cut: Cut::Json,
    specificity: 80,
    hint: |i| memmem::find(i, b"\"metric").is_some() || memmem::find(i, b"\\\"metric").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/riemann/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_event, records, out)
}

fn is_event(object: &Object<'_>) -> bool {
    let metric = ["metric", "metric_f", "metric_d", "metric_sint64"];
    ["host", "service", "state"]
        .iter()
        .all(|name| object.text(&[name]).is_some())
        && metric.iter().any(|name| object.get(name).is_some())
        && object.get("level").is_none()
}

/// States are the user's words; an event that expired says nothing of its service.
fn state(word: &str) -> AlertState {
    match word.to_ascii_lowercase().as_str() {
        "ok" | "up" | "normal" | "passing" => AlertState::Resolved,
        "warning" | "warn" | "critical" | "error" | "down" | "failing" | "fatal" | "emergency" => {
            AlertState::Firing
        }
        _ => AlertState::Unknown,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["state"]).unwrap_or_default();
    let text = object.text(&["description", "service"]).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state(&said)), text);
    record.at = payload::time_at(object, &["time", "time_micros"]);
    record.service = object.text(&["service"]);
    record.host = object.text(&["host"]);
    record.level = payload::severity(&said);
    let fields = &mut record.fields;
    let name = [record.host.as_deref(), record.service.as_deref()];
    let id = name.into_iter().flatten().collect::<Vec<_>>().join("/");
    fields.push(field::ID, id);
    if record.level.is_some_and(|l| l > crate::Level::Info) {
        fields.push(field::SEVERITY, said.clone());
    }
    fields.push("state", said);
    for name in ["metric", "ttl", "tags"] {
        if let Some(value) = object.get(name) {
            payload::file(fields, name, value);
        }
    }
    out.push(record);
}
