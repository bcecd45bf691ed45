//! Alerts of further products: Datadog, Zabbix, New Relic and PagerDuty's events.

use crate::response::Alert;
use crate::traffic::hash;
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::{Time, Zone};
use std::collections::BTreeMap;

/// One product: the name of its file, and what it writes of an alert that began (true) or ended.
type Product = (&'static str, fn(&Alert, usize, Time, bool) -> Json);

const PRODUCTS: [Product; 4] = [
    ("datadog", datadog),
    ("zabbix", zabbix),
    ("new-relic", new_relic),
    ("events", event),
];

pub(super) fn write(
    rng: &Rng,
    until: Time,
    alerts: &[Alert],
    files: &mut BTreeMap<String, String>,
) {
    let (name, tell) = *rng.fork("monitors").pick(&PRODUCTS);
    let mut lines: Vec<(Time, String)> = Vec::new();
    for alert in alerts {
        for (n, (from, to)) in alert.fired.iter().enumerate() {
            lines.push((*from, tell(alert, n, *from, true).to_string()));
            if let Some(to) = to {
                lines.push((*to, tell(alert, n, *to, false).to_string()));
            }
        }
    }
    lines.retain(|(at, _)| *at < until);
    lines.sort();
    let text = lines.into_iter().map(|(_, line)| line + "\n").collect();
    files.insert(format!("monitoring/{name}.ndjson"), text);
}

fn is_grave(alert: &Alert) -> bool {
    matches!(alert.severity, "critical" | "page" | "high")
}

/// A number that an alert keeps, and each of its firings.
fn number(alert: &Alert, n: usize) -> i64 {
    let base = i64::try_from(hash(&format!("{}{}", alert.name, alert.service)) % 90_000);
    10_000 + base.unwrap_or(1) * 10 + i64::try_from(n).unwrap_or(0)
}

fn datadog(alert: &Alert, n: usize, at: Time, begins: bool) -> Json {
    let state = if begins { "Triggered" } else { "Recovered" };
    object([
        (
            "id",
            format!("{}{}", number(alert, n), i64::from(begins)).into(),
        ),
        ("alert_transition", state.into()),
        (
            "title",
            format!("[{state}] {} - {}", alert.name, alert.summary).into(),
        ),
        ("date", (at.0 / 1_000).into()),
        ("priority", if is_grave(alert) { "P1" } else { "P4" }.into()),
        ("tags", format!("service:{},env:prod", alert.service).into()),
        ("monitor_id", number(alert, 0).to_string().into()),
    ])
}

fn zabbix(alert: &Alert, n: usize, at: Time, begins: bool) -> Json {
    let clock = ("clock", Json::from(at.0 / 1_000_000));
    let nanos = ("ns", Json::from(at.0 % 1_000_000 * 1_000));
    let id = number(alert, n);
    if !begins {
        return object([
            clock,
            nanos,
            ("value", 0.into()),
            ("eventid", (id + 500_000).into()),
            ("p_eventid", id.into()),
        ]);
    }
    let tag = |name: &str, value: &str| object([("tag", name.into()), ("value", value.into())]);
    let host = object([
        ("host", alert.service.clone().into()),
        ("name", alert.service.clone().into()),
    ]);
    object([
        clock,
        nanos,
        ("value", 1.into()),
        ("eventid", id.into()),
        ("name", format!("{}: {}", alert.name, alert.summary).into()),
        ("severity", if is_grave(alert) { 5 } else { 2 }.into()),
        ("hosts", Json::List(vec![host])),
        (
            "tags",
            Json::List(vec![
                tag("service", &alert.service),
                tag("env", "production"),
            ]),
        ),
    ])
}

fn new_relic(alert: &Alert, n: usize, at: Time, begins: bool) -> Json {
    let (from, _) = alert.fired[n];
    object([
        ("id", format!("nr-{}", number(alert, n)).into()),
        ("title", format!("{}: {}", alert.name, alert.summary).into()),
        (
            "priority",
            if is_grave(alert) {
                "CRITICAL"
            } else {
                "MEDIUM"
            }
            .into(),
        ),
        (
            "impactedEntities",
            Json::List(vec![alert.service.clone().into()]),
        ),
        ("state", if begins { "ACTIVATED" } else { "CLOSED" }.into()),
        ("createdAt", (from.0 / 1_000).into()),
        ("updatedAt", (at.0 / 1_000).into()),
    ])
}

fn event(alert: &Alert, _: usize, at: Time, begins: bool) -> Json {
    let payload = object([
        (
            "summary",
            format!("{}: {}", alert.name, alert.summary).into(),
        ),
        ("timestamp", at.stamp_ms(Zone::UTC).into()),
        (
            "severity",
            if is_grave(alert) {
                "critical"
            } else {
                "warning"
            }
            .into(),
        ),
        ("source", alert.service.clone().into()),
        ("component", alert.service.clone().into()),
    ]);
    object([
        (
            "event_action",
            if begins { "trigger" } else { "resolve" }.into(),
        ),
        (
            "dedup_key",
            format!("{}/{}", alert.service, alert.name).into(),
        ),
        ("payload", payload),
    ])
}
