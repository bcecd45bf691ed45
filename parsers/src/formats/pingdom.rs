//! Pingdom's webhook: a check that went down or up.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pingdom",
    title: "Pingdom webhook",
    reference: "https://www.pingdom.com/resources/webhooks/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"current_state").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/pingdom/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_check, records, out)
}

fn is_check(object: &Object<'_>) -> bool {
    object.text(&["current_state"]).is_some()
        && ["check_name", "check_id"]
            .iter()
            .any(|name| object.get(name).is_some())
}

/// A check that is paused or not yet confirmed is neither down nor up.
fn state(word: &str) -> AlertState {
    match word.to_ascii_uppercase().as_str() {
        "DOWN" | "FAILING" | "FAILED" => AlertState::Firing,
        "UP" | "SUCCESS" | "SUCCESSFUL" => AlertState::Resolved,
        "UNCONFIRMED_DOWN" => AlertState::Pending,
        _ => AlertState::Unknown,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["current_state"]).unwrap_or_default();
    let name = object.text(&["check_name"]);
    let text = object.text(&["long_description", "description", "check_name"]);
    let text = match (&name, text) {
        (Some(name), Some(text)) if *name != text => format!("{name}: {text}"),
        (_, text) => text.unwrap_or_default().into_owned(),
    };
    let mut record = Record::new(Kind::Alert(state(&said)), text);
    // The text has no zone, and is UTC by its name.
    record.at = payload::time_at(object, &["state_changed_timestamp"]).or_else(|| {
        let utc = payload::time_at(object, &["state_changed_utc_time"])?;
        Some(utc.at_offset(0))
    });
    record.service = name.clone();
    record.host = object.text(&["check_params.hostname", "check_params.host"]);
    let severity = object.text(&["importance_level"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["check_id"]);
    if let Some(name) = name {
        fields.push(field::ALERT, name);
    }
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("state", said);
    payload::file_first(fields, "previous_state", object, &["previous_state"]);
    payload::file_first(fields, "check", object, &["check_type"]);
    let url = ["check_params.full_url", "check_params.url"];
    payload::file_first(fields, "url", object, &url);
    payload::file_first(fields, "probe", object, &["first_probe.location"]);
    out.push(record);
}
