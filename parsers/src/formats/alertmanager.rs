//! Prometheus Alertmanager's webhook, and Grafana's, which is the same with more members.
//!
//! One POST tells of several alerts, firing and resolved ones side by side; the status of
//! the group says nothing about its members.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::stamp::{Reading, When};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "alertmanager",
    title: "Alertmanager webhook",
    reference: "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"startsAt").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/alertmanager/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_group, records, out)
}

/// A notification, or one alert as the API lists it.
fn is_group(object: &Object<'_>) -> bool {
    let members = object.list("alerts");
    members.iter().filter_map(Json::object).any(is_alert) || is_alert(object)
}

fn is_alert(object: &Object<'_>) -> bool {
    object.get("startsAt").is_some() && object.object("labels").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let group = &payload.object;
    if is_alert(group) {
        return push(payload, group, None, out);
    }
    let alerts = group.list("alerts").iter().filter_map(Json::object);
    for alert in alerts.filter(|a| is_alert(a)) {
        push(payload, alert, Some(group), out);
    }
}

fn push<'x>(
    payload: &Payload<'x>,
    alert: &Object<'x>,
    group: Option<&Object<'x>>,
    out: &mut Vec<Record<'x>>,
) {
    let starts = alert.get("startsAt").and_then(payload::instant);
    let ends = alert.get("endsAt").and_then(payload::instant);
    let state = state(alert, group);
    let mut record = Record::new(Kind::Alert(state), message(alert));
    record.part = group.and_then(|_| payload.place(alert));
    record.at = match state {
        AlertState::Resolved => ends.or(starts),
        _ => starts,
    };
    describe(&mut record, alert);
    match (state, starts, ends) {
        (AlertState::Resolved, Some(starts), _) => record.fields.push(field::STARTS_AT, starts),
        // The end of an alert that fires is when Alertmanager would forget it.
        (AlertState::Firing, Some(starts), Some(ends)) if after(ends, starts) => {
            record.fields.push("expires_at", ends);
        }
        _ => {}
    }
    if let Some(group) = group {
        payload::file_first(&mut record.fields, "receiver", group, &["receiver"]);
    }
    out.push(record);
}

/// The alert's own status; the one of its group only where it has none.
fn state(alert: &Object<'_>, group: Option<&Object<'_>>) -> AlertState {
    // The API says `{"status":{"state":"active"}}`.
    let own = alert.text(&["status.state", "status"]);
    let said = own.or_else(|| group?.text(&["status"]));
    let nodata = alert
        .text(&["labels.alertname"])
        .is_some_and(|n| n == "DatasourceNoData");
    match said.unwrap_or_default().as_ref() {
        _ if nodata => AlertState::Unknown,
        "firing" | "active" | "alerting" => AlertState::Firing,
        "resolved" | "ok" | "normal" => AlertState::Resolved,
        _ => AlertState::Unknown,
    }
}

fn after(one: Reading, other: Reading) -> bool {
    match (one.when, other.when) {
        (When::Instant(one), When::Instant(other)) => one > other,
        _ => false,
    }
}

fn message<'x>(alert: &Object<'x>) -> Cow<'x, str> {
    let paths = [
        "annotations.summary",
        "annotations.title",
        "annotations.message",
        "annotations.description",
        "labels.alertname",
    ];
    alert.text(&paths).unwrap_or(Cow::Borrowed("alert"))
}

fn describe<'x>(record: &mut Record<'x>, alert: &Object<'x>) {
    let fields = &mut record.fields;
    payload::file_first(fields, field::ALERT, alert, &["labels.alertname"]);
    let severity = alert.text(&["labels.severity", "labels.priority", "labels.level"]);
    record.level = severity.as_deref().and_then(payload::severity);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, field::ID, alert, &["fingerprint"]);
    let environment = ["labels.environment", "labels.env", "labels.stage"];
    payload::file_first(fields, field::ENVIRONMENT, alert, &environment);
    record.service = alert.text(&[
        "labels.service",
        "labels.service_name",
        "labels.app",
        "labels.app_kubernetes_io_name",
        "labels.application",
        "labels.component",
        "labels.deployment",
        "labels.job",
    ]);
    record.host = alert.text(&[
        "labels.instance",
        "labels.host",
        "labels.node",
        "labels.pod",
    ]);
    let labels = alert.object("labels").into_iter().flat_map(Object::iter);
    for (name, value) in labels {
        let filed = ["alertname", "severity", "environment", "env"];
        if !filed.contains(&name.as_ref()) && fields.get(name).is_none() {
            payload::file(fields, name.clone(), value);
        }
    }
    payload::file_first(fields, "description", alert, &["annotations.description"]);
    let runbook = ["annotations.runbook_url", "annotations.runbook"];
    payload::file_first(fields, "runbook", alert, &runbook);
    payload::file_first(
        fields,
        "value",
        alert,
        &["valueString", "annotations.value"],
    );
}
