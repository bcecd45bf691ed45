//! Grafana's alerts before version 8: one rule a notification, and no time at all.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "grafana-legacy",
    title: "Grafana alert (before unified alerting)",
    reference: "https://grafana.com/docs/grafana/v7.5/alerting/notifications/#webhook",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"ruleName").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/grafana-legacy/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_rule, records, out)
}

fn is_rule(object: &Object<'_>) -> bool {
    object.get("ruleName").is_some()
        && object.text(&["state"]).is_some()
        && ["evalMatches", "ruleUrl", "ruleId"]
            .iter()
            .any(|name| object.get(name).is_some())
}

/// No data and a paused rule are no recovery.
fn state(word: &str) -> AlertState {
    match word {
        "alerting" => AlertState::Firing,
        "ok" => AlertState::Resolved,
        "pending" => AlertState::Pending,
        _ => AlertState::Unknown,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["state"]).unwrap_or_default();
    let text = object.text(&["message", "title", "ruleName"]);
    let mut record = Record::new(Kind::Alert(state(&said)), text.unwrap_or_default());
    let services = ["service", "app", "application", "job", "component"];
    record.service = tag(object, &services);
    record.host = tag(object, &["instance", "host", "node", "pod"]);
    let severity = tag(object, &["severity", "priority"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ALERT, object, &["ruleName"]);
    payload::file_first(fields, field::ID, object, &["ruleId"]);
    fields.push("state", said);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    if let Some(environment) = tag(object, &["environment", "env", "stage"]) {
        fields.push(field::ENVIRONMENT, environment);
    }
    for one in object.list("evalMatches").iter().filter_map(Json::object) {
        payload::file_first(fields, "metric", one, &["metric"]);
        if let Some(value) = one.get("value") {
            payload::file(fields, "value", value);
        }
    }
    out.push(record);
}

/// A tag of the rule, else the one that every series that matched has.
fn tag<'x>(object: &Object<'x>, names: &[&str]) -> Option<Cow<'x, str>> {
    let own = object.object("tags").and_then(|tags| tags.scalar(names));
    own.or_else(|| {
        let series = object.list("evalMatches").iter().filter_map(Json::object);
        let mut found = series.map(|s| s.object("tags").and_then(|tags| tags.scalar(names)));
        let first = found.next()??;
        found
            .all(|other| other.as_ref() == Some(&first))
            .then_some(first)
    })
}
