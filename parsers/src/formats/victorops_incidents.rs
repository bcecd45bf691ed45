//! Incidents of Splunk On-Call (VictorOps) as its REST API lists them: each with its transitions.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "victorops-incidents",
    title: "Splunk On-Call (VictorOps) incidents (REST API)",
    reference: "https://portal.victorops.com/public/api-docs.html",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"incidentNumber").is_some()
            && [&b"startTime"[..], b"transitions"]
                .iter()
                .any(|w| memmem::find(i, w).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/victorops-incidents/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_answer, records, out)
}

fn is_answer(object: &Object<'_>) -> bool {
    incidents(object).next().is_some()
}

/// Those of a list, that of a single answer, or the object itself.
fn incidents<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("incidents").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("incident"))
        .chain(listed)
        .filter(|i| is_incident(i))
}

fn is_incident(object: &Object<'_>) -> bool {
    let phase = [
        "currentPhase",
        "entityDisplayName",
        "entityId",
        "pagedUsers",
    ];
    let timed = object.get("startTime").is_some() || !object.list("transitions").is_empty();
    object.get("incidentNumber").is_some()
        && timed
        && phase.iter().any(|name| object.get(name).is_some())
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
    let transitions = || incident.list("transitions").iter().filter_map(Json::object);
    let named = |t: &Object<'x>| act(&t.text(&["name"]).unwrap_or_default());
    if !transitions().any(|t| named(t) == PageAct::Triggered) {
        let mut triggered = described(incident, PageAct::Triggered);
        triggered.at = payload::time_at(incident, &["startTime"]);
        out.push(triggered);
    }
    for transition in transitions() {
        let mut record = described(incident, named(transition));
        record.at = payload::time_at(transition, &["at"]);
        let by = transition.text(&["by"]).filter(|b| !b.is_empty());
        record.actor = by.map(|by| payload::actor(by, false));
        payload::file_first(&mut record.fields, "transition", transition, &["name"]);
        payload::file_first(&mut record.fields, "note", transition, &["message"]);
        out.push(record);
    }
}

fn act(name: &str) -> PageAct {
    match name.to_ascii_lowercase().as_str() {
        "triggered" | "unacked" => PageAct::Triggered,
        "paged" | "notified" => PageAct::Notified,
        "acknowledged" | "acked" => PageAct::Acknowledged,
        "unacknowledged" => PageAct::Unacknowledged,
        "escalated" => PageAct::Escalated,
        "rerouted" | "reassigned" => PageAct::Reassigned,
        "resolved" => PageAct::Resolved,
        _ => PageAct::Annotated,
    }
}

fn described<'x>(incident: &Object<'x>, act: PageAct) -> Record<'x> {
    let text = incident.text(&["entityDisplayName", "entityId", "service"]);
    let mut record = Record::new(Kind::Page(act), text.unwrap_or_default());
    record.service = incident.text(&["service"]).filter(|s| !s.is_empty());
    record.host = incident.text(&["host"]).filter(|h| !h.is_empty());
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, incident, &["incidentNumber"]);
    payload::file_first(fields, field::ALERT, incident, &["entityId"]);
    payload::file_first(fields, "phase", incident, &["currentPhase"]);
    for (name, path) in [("paged", "pagedUsers"), ("teams", "pagedTeams")] {
        if let Some(value) = incident.get(path) {
            payload::file(fields, name, value);
        }
    }
    record
}
