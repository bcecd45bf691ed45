//! Linear's issues, as its GraphQL API lists them and as its webhooks send them.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "linear",
    title: "Linear issues",
    reference: "https://linear.app/developers/graphql",
    cut: Cut::Json,
    specificity: 87,
    hint: |i| memmem::find(i, b"identifier").is_some() && memmem::find(i, b"createdAt").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/linear/input.json"),
};

/// Where lists of issues stand, by how they are asked for.
const LISTS: &[&str] = &[
    "data.issues.nodes",
    "issues.nodes",
    "data.team.issues.nodes",
    "data.project.issues.nodes",
    "data.searchIssues.nodes",
    "data.issueSearch.nodes",
    "nodes",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    issues(object).next().is_some()
}

fn listed<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let edges = object.list("data.issues.edges").iter();
    let edges = edges
        .filter_map(Json::object)
        .filter_map(|e| e.object("node"));
    let lists = LISTS.iter().flat_map(|path| object.list(path));
    lists.filter_map(Json::object).chain(edges)
}

/// The issue that the object is, the one that a webhook tells was created, or those of a list.
fn issues<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let created = object.text(&["action"]).is_some_and(|a| a == "create");
    let one = ["data.issue", "issue"]
        .iter()
        .find_map(|p| object.object(p));
    let sent = object.object("data").filter(|_| created);
    std::iter::once(object)
        .chain(one)
        .chain(sent)
        .chain(listed(object))
        .filter(|i| is_issue(i))
}

/// `SUP-41` with a title and when it was written.
fn is_issue(object: &Object<'_>) -> bool {
    let key = object.text(&["identifier"]);
    let numbered = key.is_some_and(|k| {
        let Some((team, number)) = k.rsplit_once('-') else {
            return false;
        };
        !team.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    });
    numbered
        && object.text(&["title"]).is_some()
        && payload::time_at(object, &["createdAt"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let several = listed(&payload.object).next().is_some();
    for issue in issues(&payload.object) {
        let mut record = record(issue);
        if several {
            record.part = payload.place(issue);
        }
        out.push(record);
    }
}

fn record<'x>(issue: &Object<'x>) -> Record<'x> {
    let mut record = Record::new(Kind::Ticket, issue.text(&["title"]).unwrap_or_default());
    record.at = payload::time_at(issue, &["createdAt"]);
    let who = [
        "creator.displayName",
        "creator.name",
        "creator.email",
        "customerTicket.name",
    ];
    record.actor = issue.text(&who).map(|name| payload::actor(name, false));
    let label = issue
        .text(&["priorityLabel"])
        .filter(|l| l != "No priority");
    let severity = label.or_else(|| priority(issue));
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, issue, &["identifier"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "status", issue, &["state.name", "state"]);
    let closed = ["completedAt", "canceledAt"];
    if let Some(closed) = payload::time_at(issue, &closed) {
        fields.push("closed_at", closed);
    }
    payload::file_first(fields, "team", issue, &["team.name", "team.key"]);
    let labels = issue
        .list("labels.nodes")
        .iter()
        .chain(issue.list("labels"));
    let labels = labels.filter_map(|l| l.text().or_else(|| l.object()?.text(&["name"])));
    let labels: Vec<_> = labels.collect();
    if !labels.is_empty() {
        fields.push("labels", labels.join(", "));
    }
    payload::file_first(fields, "description", issue, &["description"]);
    record
}

/// From urgent, 1, to low, 4; 0 is none.
fn priority<'x>(issue: &Object<'x>) -> Option<Cow<'x, str>> {
    let word = match issue.scalar(&["priority"])?.as_ref() {
        "1" => "Urgent",
        "2" => "High",
        "3" => "Medium",
        "4" => "Low",
        _ => return None,
    };
    Some(word.into())
}
