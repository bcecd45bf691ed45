//! PagerDuty's log entries as its REST API exports them: one document, newest first.

use super::fingerprint;
use super::pagerduty::{Act, Event, user};
use crate::json::{Json, object};
use crate::time::{Time, Zone};

/// The export of these events, with the notification that follows each trigger.
#[must_use]
pub fn render(events: &[Event]) -> String {
    let mut entries: Vec<(Time, Json)> = Vec::new();
    for event in events {
        entries.push((event.at, entry(event)));
        if event.act == Act::Triggered {
            let at = event.at.plus_s(7);
            entries.push((at, notified(event, at)));
        }
    }
    entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    object([
        ("log_entries", entries.into_iter().map(|(_, e)| e).collect()),
        ("limit", 100.into()),
        ("offset", 0.into()),
        ("more", false.into()),
    ])
    .pretty(2)
}

fn entry(event: &Event) -> Json {
    let name = event.by.map_or(event.incident.service, |p| p.name);
    let (kind, summary) = match event.act {
        Act::Triggered => ("trigger", "Triggered through the API.".to_owned()),
        Act::Acknowledged => ("acknowledge", format!("Acknowledged by {name}.")),
        Act::Escalated => (
            "escalate",
            format!("Escalated to {} by {name}.", event.to.name),
        ),
        Act::Responder => (
            "responder_request",
            format!("{name} requested {}.", event.to.name),
        ),
        Act::Annotated(note) => ("annotate", note.to_owned()),
        Act::Resolved => ("resolve", format!("Resolved by {name}.")),
    };
    let channel = if event.by.is_some() { "website" } else { "api" };
    let agent = event.by.map_or_else(
        || {
            object([
                ("type", "service_reference".into()),
                ("summary", event.incident.service.into()),
            ])
        },
        user,
    );
    shell(
        event,
        kind,
        &summary,
        event.at,
        agent,
        object([("type", channel.into())]),
    )
}

fn notified(event: &Event, at: Time) -> Json {
    let channel = object([
        ("type", "auto".into()),
        (
            "notification",
            object([("type", "push".into()), ("status", "success".into())]),
        ),
    ]);
    let summary = format!("Notified {} via push.", event.to.name);
    let agent = object([
        ("type", "service_reference".into()),
        ("summary", event.incident.service.into()),
    ]);
    shell(event, "notify", &summary, at, agent, channel)
}

fn shell(event: &Event, kind: &str, summary: &str, at: Time, agent: Json, channel: Json) -> Json {
    let stamp = at.stamp_s(Zone::UTC);
    let id = fingerprint(&[event.incident.id, kind, &stamp]);
    object([
        ("id", format!("R{id:016X}").into()),
        ("type", format!("{kind}_log_entry").into()),
        ("summary", summary.into()),
        ("created_at", stamp.into()),
        ("agent", agent),
        ("channel", channel),
        (
            "incident",
            object([
                ("id", event.incident.id.into()),
                ("summary", event.incident.title.into()),
            ]),
        ),
        (
            "service",
            object([("summary", event.incident.service.into())]),
        ),
    ])
}
