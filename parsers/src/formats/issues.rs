//! Issues of GitHub and of GitLab: what their APIs list, what `gh issue list --json` prints, and what
//! their webhooks send. Customers and colleagues report there what does not work.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "issues",
    title: "Issues of GitHub or GitLab",
    reference: "https://docs.github.com/en/rest/issues/issues",
    cut: Cut::Json,
    specificity: 88,
    hint: |i| {
        memmem::find(i, b"title").is_some()
            && (memmem::find(i, b"state").is_some() || memmem::find(i, b"number").is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/issues/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// The issue that the object is, that of a webhook, or those of a search.
fn issues<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let found = object.list("items").iter().filter_map(Json::object);
    let sent = object
        .object("object_attributes")
        .filter(|_| object.text(&["object_kind"]).as_deref() == Some("issue"));
    // A comment's webhook holds the issue, too.
    let opened = object
        .object("issue")
        .filter(|_| object.get("action").is_some() && object.get("comment").is_none());
    std::iter::once(object)
        .chain(opened)
        .chain(sent)
        .chain(found)
        .filter(|i| is_issue(i))
}

fn is_mine(object: &Object<'_>) -> bool {
    issues(object).next().is_some()
}

/// A title, a number, who wrote it when, and whether it is open.
fn is_issue(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    let state = object.text(&["state"]).unwrap_or_default();
    let state = state.to_ascii_lowercase();
    told("title")
        && matches!(
            object.get("number").or_else(|| object.get("iid")),
            Some(Json::Number(_))
        )
        && matches!(state.as_str(), "open" | "opened" | "closed" | "locked")
        && (told("created_at") || told("createdAt"))
        && [
            "body",
            "description",
            "labels",
            "user",
            "author",
            "comments",
        ]
        .iter()
        .any(|n| told(n))
        && !is_request(object)
}

/// A pull or merge request, which GitHub lists as an issue.
fn is_request(object: &Object<'_>) -> bool {
    let own = [
        "pull_request",
        "merge_status",
        "source_branch",
        "headRefName",
        "head",
        "mergedAt",
        "merged_at",
    ];
    own.iter().any(|n| object.get(n).is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    for issue in issues(object) {
        let mut record = record(object, issue);
        if !object.list("items").is_empty() {
            record.part = payload.place(issue);
        }
        out.push(record);
    }
}

fn record<'x>(object: &Object<'x>, issue: &Object<'x>) -> Record<'x> {
    let title = issue.text(&["title"]).unwrap_or_default();
    let mut record = Record::new(Kind::Ticket, title);
    record.at = payload::time_at(issue, &["created_at", "createdAt"]);
    record.actor = person(issue, "user")
        .or_else(|| person(issue, "author"))
        .or_else(|| person(object, "user"));
    let severity = issue.text(&["severity"]).filter(|s| s != "UNKNOWN");
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, issue, &["number", "iid"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "status", issue, &["state"]);
    if let Some(closed) = payload::time_at(issue, &["closed_at", "closedAt"]) {
        fields.push("closed_at", closed);
    }
    let labels = issue.list("labels").iter();
    let labels: Vec<_> = labels.filter_map(label).collect();
    if !labels.is_empty() {
        fields.push("labels", labels.join(", "));
    }
    if let Some(repository) = repository(issue) {
        fields.push("repository", repository);
    }
    payload::file_first(fields, "description", issue, &["body", "description"]);
    record
}

/// A name, or an object that has one.
fn label<'x>(label: &Json<'x>) -> Option<Cow<'x, str>> {
    label
        .text()
        .or_else(|| label.object()?.text(&["name", "title"]))
}

fn person<'x>(object: &Object<'x>, path: &str) -> Option<Actor<'x>> {
    let account = object.object(path)?;
    let is = |name: &str| account.get(name) == Some(&Json::Bool(true));
    let bot = account.text(&["type"]).is_some_and(|t| t == "Bot") || is("is_bot");
    let name = account.text(&["login", "username", "name"])?;
    Some(payload::actor(name, bot))
}

/// `OWNER/REPOSITORY` of the issue's address.
fn repository<'x>(issue: &Object<'x>) -> Option<Cow<'x, str>> {
    let url = issue.text(&["html_url", "web_url", "url"])?;
    let (before, _) = url.split_once("/issues/")?;
    let before = before.strip_suffix("/-").unwrap_or(before);
    let (_, path) = before.split_once("://")?;
    let (_, path) = path.split_once('/')?;
    let path = path.strip_prefix("repos/").unwrap_or(path);
    Some(Cow::Owned(path.to_owned()))
}
