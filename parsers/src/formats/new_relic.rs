//! New Relic's notifications: issues of workflows, and incidents of the channels before them.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "new-relic",
    title: "New Relic notification",
    reference: "https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"impactedEntities").is_some()
            || memmem::find(i, b"alertPolicyNames").is_some()
            || memmem::find(i, b"issueUrl").is_some()
            || memmem::find(i, b"condition_name").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/new-relic/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_issue(object) || is_incident(object)
}

fn is_issue(object: &Object<'_>) -> bool {
    object.text(&["state"]).is_some()
        && object.get("updatedAt").is_some()
        && ["impactedEntities", "alertPolicyNames", "issueUrl"]
            .iter()
            .any(|name| object.get(name).is_some())
}

fn is_incident(object: &Object<'_>) -> bool {
    object.text(&["current_state"]).is_some()
        && object.get("incident_id").is_some()
        && object.get("condition_name").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    out.push(if is_issue(object) {
        issue(object)
    } else {
        incident(object)
    });
}

/// An issue that somebody took still says that it is activated.
fn issue<'x>(issue: &Object<'x>) -> Record<'x> {
    let said = issue.text(&["state"]).unwrap_or_default();
    let trigger = issue.text(&["trigger"]).unwrap_or_default();
    let kind = match said.as_ref() {
        "CLOSED" => Kind::Alert(AlertState::Resolved),
        "ACKNOWLEDGED" => Kind::Page(PageAct::Acknowledged),
        _ if trigger == "USER_ACTION" => Kind::Page(PageAct::Acknowledged),
        "CREATED" | "ACTIVATED" => Kind::Alert(AlertState::Firing),
        _ => Kind::Alert(AlertState::Unknown),
    };
    let title = match issue.get("title") {
        Some(Json::List(all)) => all.first().and_then(Json::text),
        _ => issue.text(&["title"]),
    };
    let mut record = Record::new(kind, title.unwrap_or_default());
    let created = payload::time_at(issue, &["createdAt"]);
    record.at = payload::time_at(issue, &["updatedAt"]).or(created);
    record.service = sole(issue.list("impactedEntities"));
    let user = issue.text(&["acknowledgedBy", "closedBy", "owner"]);
    let user = user.filter(|u| *u != "N/A");
    record.actor = user.map(|name| payload::actor(name, false));
    let severity = issue.text(&["priority"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, issue, &["id", "issueId"]);
    if let Some(alert) = sole(issue.list("alertConditionNames")) {
        fields.push(field::ALERT, alert);
    }
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    if let (Some(created), true) = (
        created,
        record.at.map(|a| a.when) != created.map(|c| c.when),
    ) {
        fields.push(field::STARTS_AT, created);
    }
    fields.push("state", said);
    fields.push("trigger", trigger);
    if let Some(policies) = issue.get("alertPolicyNames") {
        payload::file(fields, "policy", policies);
    }
    record
}

/// The only one of a list; an issue that touches many is of none of them.
fn sole<'x>(list: &[Json<'x>]) -> Option<Cow<'x, str>> {
    match list {
        [one] => one.text(),
        _ => None,
    }
}

fn incident<'x>(incident: &Object<'x>) -> Record<'x> {
    let said = incident.text(&["current_state"]).unwrap_or_default();
    let kind = match said.as_ref() {
        "open" => Kind::Alert(AlertState::Firing),
        "acknowledged" => Kind::Page(PageAct::Acknowledged),
        "closed" => Kind::Alert(AlertState::Resolved),
        _ => Kind::Alert(AlertState::Unknown),
    };
    let text = incident.text(&["details", "condition_name"]);
    let mut record = Record::new(kind, text.unwrap_or_default());
    record.at = payload::time_at(incident, &["timestamp"]);
    let target = incident.list("targets").first().and_then(Json::object);
    record.service = target.and_then(|t| t.text(&["name"]));
    let owner = incident.text(&["owner"]);
    record.actor = owner.map(|name| payload::actor(name, false));
    let severity = incident.text(&["severity"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, incident, &["incident_id"]);
    payload::file_first(fields, field::ALERT, incident, &["condition_name"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("state", said);
    payload::file_first(fields, "policy", incident, &["policy_name"]);
    payload::file_first(fields, "account", incident, &["account_name"]);
    record
}
