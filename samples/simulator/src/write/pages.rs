//! Pages: PagerDuty's webhooks, or its export of log entries.

use crate::response::{Act, Step};
use crate::world::{Person, World};
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::Zone;
use std::collections::BTreeMap;

pub(super) fn write(
    rng: &Rng,
    world: &World,
    steps: &[Step],
    files: &mut BTreeMap<String, String>,
) {
    let seen: Vec<&Step> = steps.iter().filter(|s| s.at < world.span.1).collect();
    if seen.is_empty() {
        return;
    }
    if rng.fork("pages").chance(700) {
        let text = seen.iter().map(|s| format!("{}\n", webhook(s))).collect();
        files.insert("pages/pagerduty.jsonl".to_owned(), text);
    } else {
        let list = object([("log_entries", seen.iter().rev().map(|s| entry(s)).collect())]);
        files.insert("pages/log_entries.json".to_owned(), list.pretty(2));
    }
}

fn user(person: Person) -> Json {
    object([
        ("type", "user_reference".into()),
        ("summary", person.name().into()),
    ])
}

fn agent(step: &Step) -> Json {
    let service = || {
        object([
            ("type", "service_reference".into()),
            ("summary", step.service.clone().into()),
        ])
    };
    step.by.map_or_else(service, user)
}

fn webhook(step: &Step) -> Json {
    let (kind, status) = match step.act {
        Act::Opened => ("incident.triggered", "triggered"),
        Act::Taken => ("incident.acknowledged", "acknowledged"),
        Act::Escalated => ("incident.escalated", "triggered"),
        Act::Closed => ("incident.resolved", "resolved"),
    };
    let data = object([
        ("id", step.id.clone().into()),
        ("type", "incident".into()),
        ("status", status.into()),
        ("title", step.title.clone().into()),
        (
            "service",
            object([
                ("type", "service_reference".into()),
                ("summary", step.service.clone().into()),
            ]),
        ),
        ("assignees", Json::List(vec![user(step.to)])),
        ("urgency", "high".into()),
    ]);
    let event = object([
        ("id", format!("01{}", step.at.0).into()),
        ("event_type", kind.into()),
        ("resource_type", "incident".into()),
        ("occurred_at", step.at.stamp_ms(Zone::UTC).into()),
        ("agent", agent(step)),
        ("data", data),
    ]);
    object([("event", event)])
}

fn entry(step: &Step) -> Json {
    let (kind, verb) = match step.act {
        Act::Opened => ("trigger_log_entry", "Triggered"),
        Act::Taken => ("acknowledge_log_entry", "Acknowledged"),
        Act::Escalated => ("escalate_log_entry", "Escalated"),
        Act::Closed => ("resolve_log_entry", "Resolved"),
    };
    let by = step.by.map_or_else(
        || "through the API".to_owned(),
        |p| format!("by {}", p.name()),
    );
    object([
        ("id", format!("R{}", step.at.0).into()),
        ("type", kind.into()),
        ("summary", format!("{verb} {by}").into()),
        ("created_at", step.at.stamp_ms(Zone::UTC).into()),
        ("agent", agent(step)),
        (
            "channel",
            object([(
                "type",
                if step.by.is_some() { "website" } else { "api" }.into(),
            )]),
        ),
        (
            "service",
            object([("summary", step.service.clone().into())]),
        ),
        (
            "incident",
            object([
                ("id", step.id.clone().into()),
                ("summary", step.title.clone().into()),
            ]),
        ),
    ])
}
