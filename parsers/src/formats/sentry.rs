//! Sentry's webhooks: issues, events that a rule picked, and metric alerts. What is done to an
//! issue has no time; `firstSeen` is when it began.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "sentry",
    title: "Sentry webhook",
    reference: "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        [
            &b"firstSeen"[..],
            b"shortId",
            b"metric_alert",
            b"triggered_rule",
            b"event_id",
            b"culprit",
        ]
        .iter()
        .any(|word| memmem::find(i, word).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/sentry/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_webhook, records, out)
}

fn is_webhook(object: &Object<'_>) -> bool {
    let issue = object.object("data.issue");
    let event = object
        .object("data.event")
        .or_else(|| object.object("data.error"));
    object.text(&["action"]).is_some()
        && (issue.is_some_and(|i| has(i, &["firstSeen", "shortId"]) || is_told(i))
            || event.is_some_and(|e| has(e, &["event_id"]) || is_told(e))
            || object.object("data.metric_alert").is_some())
}

fn has(object: &Object<'_>, names: &[&str]) -> bool {
    names.iter().any(|n| object.get(n).is_some())
}

/// What relays leave of an issue or an event: its title, where it arose, and its page.
fn is_told(object: &Object<'_>) -> bool {
    let page = has(object, &["web_url", "permalink", "issue_url"]);
    page && has(object, &["culprit"]) && object.text(&["title"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let action = object.text(&["action"]).unwrap_or_default();
    let event = object
        .object("data.event")
        .or_else(|| object.object("data.error"));
    let mut record = if let Some(issue) = object.object("data.issue") {
        issue_record(issue, &action)
    } else if let Some(alert) = object.object("data.metric_alert") {
        metric_alert(object, alert, &action)
    } else if let Some(event) = event {
        event_record(event)
    } else {
        return;
    };
    // Sentry states none of the webhook itself; relays that keep it do.
    record.at = record
        .at
        .or_else(|| payload::time_at(object, &["timestamp"]));
    record.actor = object.object("actor").and_then(|actor| {
        let person = actor.text(&["type"]).is_none_or(|t| t == "user");
        let name = actor.text(&["name", "id"])?;
        Some(payload::actor(name, !person))
    });
    record.fields.push("action", action);
    payload::file_first(&mut record.fields, "rule", object, &["data.triggered_rule"]);
    payload::file_first(
        &mut record.fields,
        "assignee",
        object,
        &["data.assignee.name"],
    );
    out.push(record);
}

fn issue_record<'x>(issue: &Object<'x>, action: &str) -> Record<'x> {
    let kind = match action {
        "created" | "unresolved" => Kind::Alert(AlertState::Firing),
        "resolved" => Kind::Alert(AlertState::Resolved),
        "assigned" => Kind::Page(PageAct::Reassigned),
        _ => Kind::Alert(AlertState::Unknown),
    };
    let text = issue.text(&["title", "metadata.value", "shortId"]);
    let mut record = Record::new(kind, text.unwrap_or_default());
    let first = payload::time_at(issue, &["firstSeen"]);
    record.at = first.filter(|_| action == "created");
    record.service = issue
        .text(&["project.slug", "project.name"])
        .or_else(|| named_project(issue));
    level(&mut record, issue.text(&["level"]));
    let fields = &mut record.fields;
    // Events name their issue by its number.
    let id = issue.scalar(&["id"]).or_else(|| on_page(issue));
    if let Some(id) = id.or_else(|| issue.text(&["shortId"])) {
        fields.push(field::ID, id);
    }
    payload::file_first(fields, "issue", issue, &["shortId"]);
    payload::file_first(fields, field::ERROR, issue, &["metadata.type"]);
    payload::file_first(fields, "status", issue, &["status"]);
    payload::file_first(fields, "culprit", issue, &["culprit"]);
    // The count is a text.
    for (name, path) in [("count", "count"), ("users_affected", "userCount")] {
        let number = issue.scalar(&[path]).and_then(|n| n.parse::<i64>().ok());
        if let Some(number) = number {
            fields.push(name, number);
        }
    }
    if let Some(first) = first {
        fields.push(field::STARTS_AT, first);
    }
    if let Some(last) = payload::time_at(issue, &["lastSeen"]) {
        fields.push("last_seen", last);
    }
    record
}

fn event_record<'x>(event: &Object<'x>) -> Record<'x> {
    let text = event.text(&["title", "message", "metadata.value"]);
    let state = AlertState::Firing;
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    record.at = payload::time_at(event, &["timestamp", "datetime", "received"]);
    record.service = project(event).or_else(|| named_project(event));
    record.host = tag(event, "server_name");
    level(&mut record, event.text(&["level"]));
    let fields = &mut record.fields;
    let issue = event.text(&["issue_id", "issue_url"]);
    let issue = issue.map(|i| match i.trim_end_matches('/').rsplit_once('/') {
        Some((_, id)) => Cow::Owned(id.to_owned()),
        None => i,
    });
    if let Some(issue) = issue.or_else(|| on_page(event)) {
        fields.push(field::ID, issue);
    }
    payload::file_first(fields, field::ERROR, event, &["metadata.type"]);
    payload::file_first(fields, field::VERSION, event, &["release"]);
    payload::file_first(fields, field::ENVIRONMENT, event, &["environment"]);
    payload::file_first(fields, field::USER, event, &["user.id", "user.username"]);
    payload::file_first(fields, "culprit", event, &["culprit"]);
    payload::file_first(fields, "event_id", event, &["event_id"]);
    record
}

fn metric_alert<'x>(object: &Object<'x>, alert: &Object<'x>, action: &str) -> Record<'x> {
    let state = match action {
        "critical" => AlertState::Firing,
        "warning" => AlertState::Pending,
        "resolved" => AlertState::Resolved,
        _ => AlertState::Unknown,
    };
    let text = object.text(&["data.description_text", "data.description_title"]);
    let text = text.or_else(|| alert.text(&["title"]));
    let mut record = Record::new(Kind::Alert(state), text.unwrap_or_default());
    let starts = payload::time_at(alert, &["date_detected", "date_started"]);
    record.at = match state {
        AlertState::Resolved => payload::time_at(alert, &["date_closed"]),
        _ => starts,
    };
    record.service = alert.list("projects").first().and_then(Json::text);
    level(
        &mut record,
        (action != "resolved").then(|| Cow::Owned(action.to_owned())),
    );
    let fields = &mut record.fields;
    payload::file_first(fields, field::ALERT, alert, &["alert_rule.name", "title"]);
    payload::file_first(fields, field::ID, alert, &["identifier", "id"]);
    if let Some(starts) = payload::time_at(alert, &["date_started"]) {
        fields.push(field::STARTS_AT, starts);
    }
    record
}

fn level<'x>(record: &mut Record<'x>, said: Option<Cow<'x, str>>) {
    record.level = said.as_deref().and_then(payload::severity);
    if let Some(said) = said {
        record.fields.push(field::SEVERITY, said);
    }
}

/// An event names its project by a number, but its addresses by what people call it:
/// `…/projects/ORGANISATION/PROJECT/events/…`.
fn project<'x>(event: &Object<'x>) -> Option<Cow<'x, str>> {
    let url = event.text(&["url"])?;
    let (_, tail) = url.split_once("/projects/")?;
    let name = tail.split('/').nth(1)?;
    (!name.is_empty()).then(|| Cow::Owned(name.to_owned()))
}

/// The project by its name; a number names none.
fn named_project<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let name = object.text(&["project", "project_slug", "project_name"])?;
    (!name.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

/// The issue's number in the address of its page: `…/issues/1170820242/events/…`.
fn on_page<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let url = object.text(&["web_url", "permalink"])?;
    let (_, tail) = url.split_once("/issues/")?;
    let id = tail.split(['/', '?']).next()?;
    (!id.is_empty()).then(|| Cow::Owned(id.to_owned()))
}

/// Tags are pairs.
fn tag<'x>(event: &Object<'x>, name: &str) -> Option<Cow<'x, str>> {
    event.list("tags").iter().find_map(|tag| match tag.list() {
        [key, value] if key.text().as_deref() == Some(name) => value.text(),
        _ => None,
    })
}
