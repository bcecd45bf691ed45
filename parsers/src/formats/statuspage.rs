//! Incidents as a status page tells the public of them: Atlassian Statuspage's webhooks and
//! API, and archives of either with one incident a line.
//!
//! Updates come newest first. `display_at` is the time that the page claims for one, which may
//! be set back; `created_at` is when it was written. A window that an update states ("between
//! 10:10 UTC and 10:52 UTC") is what the page claims of the impact.

use crate::document;
use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, ChangeState, Kind, PageAct, Record, field};
use crate::stamp::{Reading, When};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "statuspage",
    title: "Status page incidents",
    reference: "https://developer.statuspage.io/#tag/incidents",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        [&b"incident_updates"[..], b"component_update", b"updates"]
            .iter()
            .any(|word| memmem::find(i, word).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/statuspage/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_page, records, out)
}

fn is_page(object: &Object<'_>) -> bool {
    incidents(object).any(is_incident) || is_component(object)
}

/// The incident of a webhook, the incidents of an API's answer, or the object itself.
fn incidents<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["incidents", "scheduled_maintenances"];
    let listed = lists.into_iter().flat_map(|name| object.list(name));
    std::iter::once(object)
        .chain(object.object("incident"))
        .chain(listed.filter_map(Json::object))
}

fn is_incident(incident: &Object<'_>) -> bool {
    incident.text(&["name", "title"]).is_some()
        && updates(incident).iter().filter_map(Json::object).any(|u| {
            u.text(&["status"]).is_some()
                && u.text(&["body", "message"]).is_some()
                && said_at(u).is_some()
        })
}

fn updates<'o, 'a>(incident: &'o Object<'a>) -> &'o [Json<'a>] {
    match incident.list("incident_updates") {
        [] => incident.list("updates"),
        found => found,
    }
}

fn is_component(object: &Object<'_>) -> bool {
    object.get("component_update.new_status").is_some() && object.object("component").is_some()
}

fn said_at(update: &Object<'_>) -> Option<Reading> {
    payload::time_at(update, &["display_at", "created_at", "at", "updated_at"])
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    if is_component(&payload.object) {
        return out.push(component(&payload.object));
    }
    for incident in incidents(&payload.object).filter(|i| is_incident(i)) {
        let mut told: Vec<&Object<'x>> =
            updates(incident).iter().filter_map(Json::object).collect();
        let instant = |u: &Object<'_>| match said_at(u).map(|r| r.when) {
            Some(When::Instant(n) | When::Local(n)) => n,
            _ => i64::MAX,
        };
        told.sort_by_key(|u| instant(u));
        let maintained = is_maintenance(incident);
        for (n, update) in told.into_iter().enumerate() {
            let status = update.text(&["status"]).unwrap_or_default();
            let status = status.to_ascii_lowercase().replace(' ', "_");
            let kind = if maintained {
                Kind::Change(phase(&status))
            } else {
                Kind::Page(act(&status, n == 0))
            };
            let mut record = record(incident, update, kind);
            record.fields.push("status", status);
            record.part = payload.place(update);
            if !maintained {
                windows(&mut record, out);
            }
            out.push(record);
        }
    }
}

/// The window of the impact that an update states, as two claims beside it.
fn windows<'x>(told: &mut Record<'x>, out: &mut Vec<Record<'x>>) {
    let window = told
        .at
        .and_then(|at| document::window_before(&told.message, at));
    let Some((start, end)) = window else { return };
    for (at, says) in [
        (start, "impact began"),
        (end, "mitigated, service restored"),
    ] {
        let mut claim = Record {
            at: Some(at),
            kind: Kind::Page(PageAct::Annotated),
            message: Cow::Borrowed(says),
            ..told.clone()
        };
        claim.fields.push("step", says);
        out.push(claim);
    }
    told.fields.push("impact_start", start);
    told.fields.push("impact_end", end);
}

/// Work that was announced is no incident, however it is told of.
fn is_maintenance(incident: &Object<'_>) -> bool {
    let planned = ["scheduled", "maintenance"];
    let says = |word: Option<Cow<'_, str>>| {
        word.is_some_and(|w| planned.contains(&w.to_ascii_lowercase().as_str()))
    };
    says(incident.text(&["impact"]))
        || incident.text(&["scheduled_for"]).is_some()
        || updates(incident)
            .iter()
            .filter_map(Json::object)
            .any(|u| says(u.text(&["status"])))
}

fn phase(status: &str) -> ChangeState {
    match status {
        "in_progress" | "verifying" | "update" => ChangeState::Started,
        "completed" | "resolved" => ChangeState::Finished,
        _ => ChangeState::Requested,
    }
}

/// The first word opens it, whatever its status.
fn act(status: &str, first: bool) -> PageAct {
    match status {
        "resolved" => PageAct::Resolved,
        _ if first => PageAct::Triggered,
        _ => PageAct::Annotated,
    }
}

fn record<'x>(incident: &Object<'x>, update: &Object<'x>, kind: Kind) -> Record<'x> {
    let title = incident.text(&["name", "title"]).unwrap_or_default();
    let text = update.text(&["body", "message"]);
    let mut record = Record::new(kind, text.unwrap_or_else(|| title.clone()));
    record.at = said_at(update);
    record.service = components(incident, update);
    let impact = incident.text(&["impact"]);
    record.level = impact.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, incident, &["id", "shortlink"]);
    fields.push("incident", title);
    if let Some(impact) = impact {
        fields.push(field::SEVERITY, impact);
    }
    if matches!(kind, Kind::Change(_)) {
        fields.push(field::CHANGE, "maintenance");
    }
    // Told to the public: neither a page that wakes somebody nor a note among colleagues.
    fields.push(field::CLAIMED, "status page");
    let written = payload::time_at(update, &["created_at"]);
    if let Some(written) = written.filter(|w| Some(w.when) != record.at.map(|a| a.when)) {
        fields.push("written_at", written);
    }
    record
}

/// The components that an update or its incident names; none if there are several.
fn components<'x>(incident: &Object<'x>, update: &Object<'x>) -> Option<Cow<'x, str>> {
    let own = update.list("affected_components");
    let all = incident.list("components");
    match (own, all) {
        ([one], _) | ([], [one]) => match one {
            Json::Object(object) => object.text(&["name"]),
            other => other.text(),
        },
        _ => None,
    }
}

/// A component's state, which monitoring may have set.
fn component<'x>(object: &Object<'x>) -> Record<'x> {
    let to = object
        .text(&["component_update.new_status"])
        .unwrap_or_default();
    let state = match to.as_ref() {
        "operational" => AlertState::Resolved,
        "under_maintenance" => AlertState::Unknown,
        _ => AlertState::Firing,
    };
    let name = object.text(&["component.name"]).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), format!("{name}: {to}"));
    record.at = payload::time_at(object, &["component_update.created_at"]);
    record.service = Some(name);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["component.id"]);
    payload::file_first(
        fields,
        "previous_state",
        object,
        &["component_update.old_status"],
    );
    fields.push("state", to);
    record
}
