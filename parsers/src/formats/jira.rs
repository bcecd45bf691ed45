//! Jira's webhooks and search results: issues, what changes about them, and comments.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "jira",
    title: "Jira issue",
    reference: "https://developer.atlassian.com/server/jira/platform/webhooks/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"fields").is_some() || memmem::find(i, b"webhookEvent").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/jira/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    object.text(&["webhookEvent"]).is_some()
        && (object.object("issue").is_some() || object.object("comment").is_some())
        || is_issue(object)
        || object
            .list("issues")
            .iter()
            .filter_map(Json::object)
            .any(is_issue)
}

fn is_issue(object: &Object<'_>) -> bool {
    object.text(&["key"]).is_some_and(|k| k.contains('-'))
        && object
            .object("fields")
            .is_some_and(|f| f.get("summary").is_some() && f.get("created").is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if object.text(&["webhookEvent"]).is_some() {
        return out.push(event(object));
    }
    if is_issue(object) {
        return out.push(created(object));
    }
    let issues = object.list("issues").iter().filter_map(Json::object);
    for issue in issues.filter(|i| is_issue(i)) {
        let mut record = created(issue);
        record.part = payload.place(issue);
        out.push(record);
    }
}

/// The issue itself, when it was opened.
fn created<'x>(issue: &Object<'x>) -> Record<'x> {
    let mut record = Record::new(Kind::Ticket, "");
    record.at = payload::time_at(issue, &["fields.created"]);
    record.actor = person(
        issue
            .object("fields.reporter")
            .or_else(|| issue.object("fields.creator")),
    );
    describe(&mut record, issue);
    record
}

fn event<'x>(object: &Object<'x>) -> Record<'x> {
    let empty = Object::default();
    let issue = object.object("issue").unwrap_or(&empty);
    let event = object.text(&["webhookEvent"]).unwrap_or_default();
    let comment = object.object("comment");
    let sort = if comment.is_some() {
        Kind::Chat
    } else {
        Kind::Ticket
    };
    let mut record = Record::new(sort, "");
    let sent = payload::time_at(object, &["timestamp"]);
    record.at = comment
        .and_then(|c| payload::time_at(c, &["updated", "created"]))
        .or(sent)
        .or_else(|| payload::time_at(issue, &["fields.updated", "fields.created"]));
    let author = comment.and_then(|c| c.object("updateAuthor").or_else(|| c.object("author")));
    record.actor = person(author.or_else(|| object.object("user")));
    describe(&mut record, issue);
    if let Some(text) = comment.and_then(|c| c.text(&["body"])) {
        record.message = text;
    }
    let changed: Vec<String> = object
        .list("changelog.items")
        .iter()
        .filter_map(|item| change(item.object()?))
        .collect();
    if !changed.is_empty() {
        record.message = Cow::Owned(format!("{} ({})", record.message, changed.join(", ")));
    }
    record.fields.push("event", event);
    if let Some(opened) = payload::time_at(issue, &["fields.created"]) {
        record.fields.push(field::STARTS_AT, opened);
    }
    for item in object
        .list("changelog.items")
        .iter()
        .filter_map(Json::object)
    {
        let name = item.text(&["field"]).unwrap_or_default();
        payload::file_first(&mut record.fields, changed_to(&name), item, &["toString"]);
    }
    record
}

/// Under which name the new value of a field is filed.
fn changed_to(name: &str) -> &'static str {
    match name {
        "status" => "new_status",
        "priority" => "new_priority",
        "assignee" => "new_assignee",
        _ => "new_value",
    }
}

/// `status: To Do to In Progress`
fn change(item: &Object<'_>) -> Option<String> {
    let name = item.text(&["field"])?;
    let text = |path: &str| item.text(&[path]).unwrap_or(Cow::Borrowed("nothing"));
    let (from, to) = (text("fromString"), text("toString"));
    Some(format!("{name}: {from} to {to}"))
}

fn describe<'x>(record: &mut Record<'x>, issue: &Object<'x>) {
    if let Some(summary) = issue.text(&["fields.summary"]) {
        record.message = summary;
    }
    record.service = issue
        .list("fields.components")
        .first()
        .and_then(Json::object)
        .and_then(|c| c.text(&["name"]));
    let severity = issue.text(&["fields.priority.name"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, issue, &["key", "id"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "status", issue, &["fields.status.name"]);
    payload::file_first(fields, "sort", issue, &["fields.issuetype.name"]);
    payload::file_first(fields, "project", issue, &["fields.project.key"]);
    payload::file_first(fields, "description", issue, &["fields.description"]);
    if let Some(labels) = issue.get("fields.labels") {
        payload::file(fields, "labels", labels);
    }
}

fn person<'x>(account: Option<&Object<'x>>) -> Option<Actor<'x>> {
    let account = account?;
    let bot = account.text(&["accountType"]).is_some_and(|t| t == "app");
    let name = account.text(&["displayName", "name", "emailAddress", "accountId"])?;
    Some(payload::actor(name, bot))
}
