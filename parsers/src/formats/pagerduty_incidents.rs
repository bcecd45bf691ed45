//! PagerDuty's incidents as its REST API lists them: each with when it was triggered, by whom
//! it was acknowledged and, once it is resolved, when its status changed for the last time.

use super::pagerduty::agent;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pagerduty-incidents",
    title: "PagerDuty incidents (REST API)",
    reference: "https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"incident_number").is_some() && memmem::find(i, b"created_at").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/pagerduty-incidents/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_answer, records, out)
}

fn is_answer(object: &Object<'_>) -> bool {
    incidents(object).next().is_some()
}

/// Those of a list, that of a single answer, or the object itself, as `jq '.incidents[]'` leaves it.
fn incidents<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("incidents").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("incident"))
        .chain(listed)
        .filter(|i| is_incident(i))
}

fn is_incident(object: &Object<'_>) -> bool {
    let status = object.text(&["status"]);
    matches!(
        status.as_deref(),
        Some("triggered" | "acknowledged" | "resolved")
    ) && object.get("incident_number").is_some()
        && object.get("created_at").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for incident in incidents(&payload.object) {
        let from = out.len();
        acts(incident, out);
        for record in out.iter_mut().skip(from) {
            record.part = record.part.take().or_else(|| payload.place(incident));
        }
    }
}

fn acts<'x>(incident: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let mut triggered = record(incident, PageAct::Triggered);
    triggered.at = payload::time_at(incident, &["created_at"]);
    out.push(triggered);
    for taken in incident
        .list("acknowledgements")
        .iter()
        .filter_map(Json::object)
    {
        let mut acknowledged = record(incident, PageAct::Acknowledged);
        acknowledged.at = payload::time_at(taken, &["at"]);
        acknowledged.actor = taken.object("acknowledger").and_then(agent);
        out.push(acknowledged);
    }
    if incident.text(&["status"]).as_deref() == Some("resolved") {
        let mut resolved = record(incident, PageAct::Resolved);
        // Older answers have no `resolved_at`; nothing changes a status after it.
        resolved.at = payload::time_at(incident, &["resolved_at", "last_status_change_at"]);
        resolved.actor = incident.object("last_status_change_by").and_then(agent);
        out.push(resolved);
    }
}

fn record<'x>(incident: &Object<'x>, act: PageAct) -> Record<'x> {
    let title = incident.text(&["title", "summary", "description"]);
    let mut record = Record::new(Kind::Page(act), title.unwrap_or_default());
    record.service = incident.text(&["service.summary", "service.name"]);
    let severity = incident.text(&["priority.summary", "priority.name", "urgency"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, incident, &["id"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "number", incident, &["incident_number"]);
    payload::file_first(fields, "incident_status", incident, &["status"]);
    payload::file_first(fields, "incident_key", incident, &["incident_key"]);
    payload::file_first(
        fields,
        "escalation_policy",
        incident,
        &["escalation_policy.summary"],
    );
    record
}
