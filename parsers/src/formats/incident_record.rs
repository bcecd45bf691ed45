//! Incidents as products that manage them export them: incident.io, Rootly, FireHydrant,
//! Datadog, Opsgenie.
//! People fill in when what happened, and may contradict the logs and themselves.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::stamp::Reading;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "incident-record",
    title: "Incident record (incident.io, Rootly, FireHydrant, Datadog, Opsgenie)",
    reference: "https://api-docs.incident.io/tag/Incidents-V2",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| {
        STEPS.iter().any(|s| {
            s.names
                .iter()
                .any(|n| memmem::find(i, n.as_bytes()).is_some())
        }) || memmem::find(i, b"incident_timestamp").is_some()
            || memmem::find(i, b"milestones").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/incident-record/input.jsonl"),
};

/// A time that a record states.
struct Step {
    /// Under which names.
    names: &'static [&'static str],
    /// What incident.io's users call it, in small letters; a part of it is enough.
    words: &'static [&'static str],
    act: PageAct,
    says: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        names: &[
            "started_at",
            "customer_impact_start",
            "impactStartTime",
            "impactStartDate",
        ],
        words: &["impact start", "started"],
        act: PageAct::Annotated,
        says: "impact began",
    },
    Step {
        names: &["detected_at", "detected", "detectTime"],
        words: &["detected", "reported"],
        act: PageAct::Triggered,
        says: "detected",
    },
    Step {
        names: &["declared_at", "declared", "in_triage_at"],
        words: &["declared", "accepted"],
        act: PageAct::Annotated,
        says: "incident declared",
    },
    Step {
        names: &["acknowledged_at", "acknowledged", "respondTime"],
        words: &["acknowledged", "responded"],
        act: PageAct::Acknowledged,
        says: "acknowledged",
    },
    Step {
        names: &["identified_at"],
        words: &["identified"],
        act: PageAct::Annotated,
        says: "cause identified",
    },
    Step {
        names: &[
            "mitigated_at",
            "mitigated",
            "customer_impact_end",
            "impactEndTime",
            "impactEndDate",
        ],
        words: &["mitigated", "fixed", "impact end"],
        act: PageAct::Annotated,
        says: "mitigated, service restored",
    },
    Step {
        names: &["resolved_at", "resolved", "resolveTime"],
        words: &["resolved"],
        act: PageAct::Resolved,
        says: "resolved",
    },
    Step {
        names: &["closed_at"],
        words: &["closed"],
        act: PageAct::Annotated,
        says: "incident closed",
    },
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    incidents(object).iter().any(|i| is_incident(i))
}

/// The incidents of an answer, of a webhook, or the object itself; in JSON:API, their attributes.
fn incidents<'o, 'a>(object: &'o Object<'a>) -> Vec<&'o Object<'a>> {
    let lists = ["incidents", "data"]
        .into_iter()
        .flat_map(|name| object.list(name));
    let single = ["incident", "data", "postmortem"]
        .into_iter()
        .filter_map(|n| object.object(n));
    std::iter::once(object)
        .chain(single)
        .chain(lists.filter_map(Json::object))
        .collect()
}

/// Where its times stand.
fn attributes<'o, 'a>(incident: &'o Object<'a>) -> &'o Object<'a> {
    incident.object("attributes").unwrap_or(incident)
}

fn is_incident(incident: &Object<'_>) -> bool {
    let own = attributes(incident);
    let named = own
        .text(&["title", "name", "summary", "message", "reference"])
        .is_some();
    // Changes, alerts and tickets have one or two such times as well.
    let steps = STEPS
        .iter()
        .filter(|s| own.get(s.names[0]).is_some() || s.names.iter().any(|n| own.get(n).is_some()));
    named
        && own.get("level").is_none()
        && (steps.count() >= 3
            || !own.list("incident_timestamp_values").is_empty()
            || milestones(own).next().is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for incident in incidents(&payload.object) {
        if is_incident(incident) {
            let from = out.len();
            steps(incident, out);
            for record in out.iter_mut().skip(from) {
                record.part = payload.place(incident);
            }
        }
    }
}

fn steps<'x>(incident: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let own = attributes(incident);
    for step in STEPS {
        let listed = || named(own, step).or_else(|| reached(own, step));
        // A list of milestones is kept by its keepers; what stands beside it repeats some of it.
        let at = match milestones(own).next() {
            Some(_) => listed().or_else(|| payload::time_at(own, step.names)),
            None => payload::time_at(own, step.names).or_else(listed),
        };
        let Some(at) = at else {
            continue;
        };
        let mut record = record(incident, step);
        record.at = Some(at);
        out.push(record);
    }
}

/// incident.io lists its times with the names that its users give them.
fn named(incident: &Object<'_>, step: &Step) -> Option<Reading> {
    let values = incident
        .list("incident_timestamp_values")
        .iter()
        .filter_map(Json::object);
    values
        .filter(|v| {
            let name = v
                .text(&["incident_timestamp.name"])
                .unwrap_or_default()
                .to_ascii_lowercase();
            step.words.iter().any(|w| name.contains(w))
        })
        .find_map(|v| payload::time_at(v, &["value.value", "value"]))
}

/// FireHydrant lists the milestones that an incident has reached.
fn milestones<'o, 'a>(incident: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = incident.list("milestones").iter().filter_map(Json::object);
    listed.filter(|m| m.get("occurred_at").is_some())
}

fn reached(incident: &Object<'_>, step: &Step) -> Option<Reading> {
    let of_step = |m: &&Object<'_>| {
        let name = m.text(&["type", "slug", "name"]).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        step.words.iter().any(|w| name.contains(w))
    };
    milestones(incident)
        .filter(of_step)
        .find_map(|m| payload::time_at(m, &["occurred_at"]))
}

/// The service that incident.io's users chose in a field that they call so.
fn chosen<'x>(incident: &Object<'x>) -> Option<Cow<'x, str>> {
    let entries = incident.list("custom_field_entries").iter();
    let mut fields = entries.filter_map(Json::object).filter(|e| {
        let name = e.text(&["custom_field.name"]).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        ["service", "component", "system"]
            .iter()
            .any(|w| lower.contains(w))
    });
    fields.find_map(|e| {
        let mut values = e.list("values").iter().filter_map(Json::object);
        values.find_map(|v| {
            v.text(&[
                "value_catalog_entry.name",
                "value_option.value",
                "value_text",
            ])
        })
    })
}

fn record<'x>(incident: &Object<'x>, step: &Step) -> Record<'x> {
    let own = attributes(incident);
    let title = own.text(&["title", "name", "message", "summary", "reference"]);
    let title = title.unwrap_or_default();
    let message = match step.act {
        PageAct::Annotated => Cow::Borrowed(step.says),
        _ => title.clone(),
    };
    let mut record = Record::new(Kind::Page(step.act), message);
    let services = own.list("services").first().and_then(|s| match s {
        Json::Object(o) => o.text(&["name", "slug"]),
        other => other.text(),
    });
    record.service = services.or_else(|| {
        own.list("fields.services.value")
            .first()
            .and_then(Json::text)
    });
    record.service = record.service.or_else(|| chosen(own));
    let severity = own.text(&[
        "severity.name",
        "severity.data.attributes.name",
        "fields.severity.value",
        "severity",
        "priority",
    ]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    let id = own
        .scalar(&["reference"])
        .or_else(|| incident.scalar(&["id"]));
    if let Some(id) = id.or_else(|| own.scalar(&["sequential_id", "public_id"])) {
        fields.push(field::ID, id);
    }
    fields.push("incident", title);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("step", step.says);
    fields.push(field::CLAIMED, "incident record");
    let status = [
        "incident_status.name",
        "status",
        "state",
        "fields.state.value",
    ];
    payload::file_first(fields, "status", own, &status);
    record
}
