//! Alerts as monitoring sends them.

use crate::response::{Act, Alert, Step};
use crate::traffic::hash;
use crate::world::World;
use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::{Time, Zone};
use std::collections::BTreeMap;

/// When each line was sent, and the line.
type Lines = Vec<(Time, String)>;

pub(super) fn write(
    rng: &Rng,
    world: &World,
    alerts: &[Alert],
    steps: &[Step],
    files: &mut BTreeMap<String, String>,
) {
    let style = rng.fork("alerts").between(0, 9);
    let mut lines: Lines = Vec::new();
    let name = match style {
        0..=3 => "alertmanager",
        4 | 5 => "grafana",
        6 | 7 => "cloudwatch",
        _ => "opsgenie",
    };
    for alert in alerts {
        match name {
            "cloudwatch" => cloudwatch(alert, &mut lines),
            "opsgenie" => opsgenie(alert, steps, &mut lines),
            _ => prometheus(alert, name == "grafana", &mut lines),
        }
    }
    if name != "opsgenie" {
        super::pages::write(rng, world, steps, files);
    }
    lines.retain(|(at, _)| *at < world.span.1);
    lines.sort();
    let text = lines.into_iter().map(|(_, l)| l + "\n").collect();
    files.insert(format!("alerts/{name}.jsonl"), text);
}

fn prometheus(alert: &Alert, grafana: bool, lines: &mut Lines) {
    for (from, to) in &alert.fired {
        for end in std::iter::once(None).chain(to.map(Some)) {
            let status = if end.is_some() { "resolved" } else { "firing" };
            let one = object([
                ("status", status.into()),
                (
                    "labels",
                    object([
                        ("alertname", alert.name.clone().into()),
                        ("service", alert.service.clone().into()),
                        ("severity", alert.severity.into()),
                    ]),
                ),
                (
                    "annotations",
                    object([("summary", alert.summary.clone().into())]),
                ),
                ("startsAt", from.stamp_ms(Zone::UTC).into()),
                (
                    "endsAt",
                    end.map_or_else(
                        || "0001-01-01T00:00:00Z".to_owned(),
                        |t| t.stamp_ms(Zone::UTC),
                    )
                    .into(),
                ),
                (
                    "fingerprint",
                    format!("{:016x}", hash(&alert.name) ^ (hash(&alert.service) << 3)).into(),
                ),
            ]);
            let mut members = vec![
                ("version", Json::from(if grafana { "1" } else { "4" })),
                ("status", status.into()),
                ("receiver", "oncall".into()),
            ];
            if grafana {
                members.push(("orgId", 1.into()));
                members.push((
                    "state",
                    if end.is_some() { "ok" } else { "alerting" }.into(),
                ));
            }
            members.push(("alerts", Json::List(vec![one])));
            lines.push((end.unwrap_or(*from), Json::Object(members).to_string()));
        }
    }
}

fn cloudwatch(alert: &Alert, lines: &mut Lines) {
    for (from, to) in &alert.fired {
        let states = [(Some(*from), "ALARM", "OK"), (*to, "OK", "ALARM")];
        for (at, new, old) in states
            .into_iter()
            .filter_map(|(at, n, o)| Some((at?, n, o)))
        {
            let inner = object([
                ("AlarmName", alert.name.clone().into()),
                (
                    "AlarmDescription",
                    format!("{} [{}]", alert.summary, alert.severity).into(),
                ),
                ("NewStateValue", new.into()),
                ("OldStateValue", old.into()),
                (
                    "StateChangeTime",
                    at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.3f+0000").into(),
                ),
                ("NewStateReason", "Threshold Crossed".into()),
                (
                    "Trigger",
                    object([
                        ("MetricName", "HTTPCode_Target_5XX_Count".into()),
                        (
                            "Dimensions",
                            Json::List(vec![object([
                                ("value", alert.service.clone().into()),
                                ("name", "ServiceName".into()),
                            ])]),
                        ),
                    ]),
                ),
            ]);
            let outer = object([
                ("Type", "Notification".into()),
                (
                    "Subject",
                    format!("{new}: \"{}\" in EU (Ireland)", alert.name).into(),
                ),
                ("Message", inner.to_string().into()),
                ("Timestamp", at.plus_ms(60).stamp_ms(Zone::UTC).into()),
            ]);
            lines.push((at, outer.to_string()));
        }
    }
}

fn opsgenie(alert: &Alert, steps: &[Step], lines: &mut Lines) {
    let own: Vec<&Step> = steps
        .iter()
        .filter(|s| s.title.starts_with(&format!("{}:", alert.name)) && s.service == alert.service)
        .collect();
    let priority = if matches!(alert.severity, "critical" | "page" | "high") {
        "P1"
    } else {
        "P4"
    };
    for (n, (from, to)) in alert.fired.iter().enumerate() {
        let id = format!("{:08x}-{n}", hash(&alert.name) & 0xffff_ffff);
        let mut event = |at: Time, action: &str, by: &str| {
            let body = object([
                ("action", action.into()),
                (
                    "alert",
                    object([
                        ("alertId", id.clone().into()),
                        (
                            "message",
                            format!("{}: {}", alert.name, alert.summary).into(),
                        ),
                        ("username", by.into()),
                        ("createdAt", (from.0 / 1_000).into()),
                        ("updatedAt", (at.0 * 1_000).into()),
                        ("entity", alert.service.clone().into()),
                        ("priority", priority.into()),
                    ]),
                ),
                ("integrationName", "hook".into()),
            ]);
            let line = object([
                ("received_at", at.stamp_ms(Zone::UTC).into()),
                ("body", body),
            ]);
            lines.push((at, line.to_string()));
        };
        event(*from, "Create", "System");
        for step in own.iter().filter(|_| n == 0) {
            let by = step.by.map_or_else(
                || "System".to_owned(),
                |p| format!("{}@example.com", p.login()),
            );
            match step.act {
                Act::Opened => {}
                Act::Taken => event(step.at, "Acknowledge", &by),
                Act::Escalated => event(step.at, "Escalate", &by),
                Act::Closed => event(step.at, "Close", &by),
            }
        }
        if let (true, Some(to)) = (own.is_empty() || n > 0, to) {
            event(*to, "Close", "System");
        }
    }
}
