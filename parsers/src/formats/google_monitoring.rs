//! Google Cloud Monitoring's incidents, once Stackdriver's: opened and closed.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "google-monitoring",
    title: "Google Cloud Monitoring (Stackdriver) incident",
    reference: "https://cloud.google.com/monitoring/support/notification-options#webhooks",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"incident_id").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/google-monitoring/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_incident, records, out)
}

fn is_incident(object: &Object<'_>) -> bool {
    object.object("incident").is_some_and(|i| {
        i.get("incident_id").is_some()
            && i.get("state").is_some()
            && (i.get("policy_name").is_some() || i.get("condition_name").is_some())
    })
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let Some(incident) = payload.object.object("incident") else {
        return;
    };
    let said = incident.text(&["state"]).unwrap_or_default();
    let state = match said.to_ascii_lowercase().as_str() {
        "open" | "opened" => AlertState::Firing,
        "closed" => AlertState::Resolved,
        // An acknowledged incident goes on.
        "acknowledged" => AlertState::Firing,
        _ => AlertState::Unknown,
    };
    let text = incident.text(&["summary", "condition_name", "policy_name"]);
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    let starts = payload::time_at(incident, &["started_at"]);
    let ends = payload::time_at(incident, &["ended_at"]);
    record.at = match state {
        AlertState::Resolved => ends.or(starts),
        _ => starts,
    };
    record.service = incident.text(&[
        "metadata.user_labels.service",
        "policy_user_labels.service",
        "resource.labels.service_name",
        "resource.labels.container_name",
        "resource.labels.module_id",
        "resource.labels.job",
    ]);
    record.host = incident.text(&[
        "resource_display_name",
        "resource_name",
        "resource.labels.instance_id",
        "resource_id",
    ]);
    let severity = incident.text(&["severity", "policy_user_labels.severity"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    let alert = ["policy_name", "condition_name"];
    payload::file_first(fields, field::ALERT, incident, &alert);
    payload::file_first(fields, field::ID, incident, &["incident_id"]);
    if let Some(severity) = severity.filter(|s| s != "No severity") {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("state", said);
    payload::file_first(fields, "condition", incident, &["condition_name"]);
    payload::file_first(fields, "project", incident, &["scoping_project_id"]);
    payload::file_first(
        fields,
        "metric",
        incident,
        &["metric.displayName", "metric.type"],
    );
    payload::file_first(fields, "value", incident, &["observed_value"]);
    if let (AlertState::Resolved, Some(starts)) = (state, starts) {
        fields.push(field::STARTS_AT, starts);
    }
    out.push(record);
}
