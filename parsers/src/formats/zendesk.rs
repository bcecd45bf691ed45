//! Zendesk's tickets, comments and audits as its API exports them.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "zendesk",
    title: "Zendesk tickets",
    reference: "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| {
        memmem::find(i, b"requester_id").is_some()
            || memmem::find(i, b"plain_body").is_some()
            || memmem::find(i, b"ticket_id").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/zendesk/input.json"),
};

/// The members of an answer that hold a list, and one of its elements.
const LISTS: &[&str] = &[
    "tickets",
    "results",
    "comments",
    "ticket_comments",
    "audits",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    one(object).is_some()
        || object.object("ticket").is_some_and(is_ticket)
        || listed(object).any(|o| one(o).is_some())
}

fn listed<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = LISTS.iter().flat_map(|name| object.list(name));
    lists.filter_map(Json::object)
}

fn is_ticket(object: &Object<'_>) -> bool {
    object.get("id").is_some()
        && object.get("created_at").is_some()
        && object.get("requester_id").is_some()
        && (object.get("subject").is_some() || object.get("description").is_some())
}

fn is_comment(object: &Object<'_>) -> bool {
    object.get("created_at").is_some()
        && object.get("author_id").is_some()
        && object.get("plain_body").is_some()
}

fn is_audit(object: &Object<'_>) -> bool {
    object.get("created_at").is_some()
        && object.get("ticket_id").is_some()
        && object.get("events").is_some()
}

fn one<'x>(object: &Object<'x>) -> Option<Record<'x>> {
    if is_ticket(object) {
        Some(ticket(object))
    } else if is_comment(object) {
        Some(comment(object))
    } else if is_audit(object) {
        Some(audit(object))
    } else {
        None
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let single = one(object).or_else(|| object.object("ticket").and_then(one));
    if let Some(record) = single {
        return out.push(record);
    }
    for object in listed(object) {
        if let Some(mut record) = one(object) {
            record.part = payload.place(object);
            out.push(record);
        }
    }
}

fn ticket<'x>(ticket: &Object<'x>) -> Record<'x> {
    let text = ticket.text(&["subject", "raw_subject", "description"]);
    let mut record = Record::new(Kind::Ticket, text.unwrap_or_default());
    record.at = payload::time_at(ticket, &["created_at"]);
    // Freshdesk tells who that is, if asked.
    let known = ["requester.email", "requester.name", "requester_id"];
    person(&mut record, ticket, &known);
    let severity = ticket.text(&["priority"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, ticket, &["id"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "status", ticket, &["status"]);
    payload::file_first(fields, "via", ticket, &["via.channel"]);
    if let Some(tags) = ticket.get("tags") {
        payload::file(fields, "tags", tags);
    }
    payload::file_first(fields, "description", ticket, &["description"]);
    record
}

/// A customer, by a number.
fn person<'x>(record: &mut Record<'x>, object: &Object<'x>, paths: &[&str]) {
    let Some(name) = object.scalar(paths) else {
        return;
    };
    record.fields.push(field::USER, name.clone());
    record.actor = Some(Actor { name, bot: false });
}

/// What somebody wrote in a ticket: talk, and no further ticket.
fn comment<'x>(comment: &Object<'x>) -> Record<'x> {
    let text = comment.text(&["plain_body", "body"]);
    let mut record = Record::new(Kind::Chat, text.unwrap_or_default());
    record.at = payload::time_at(comment, &["created_at"]);
    person(&mut record, comment, &["author_id"]);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, comment, &["id"]);
    payload::file_first(fields, "ticket", comment, &["ticket_id"]);
    payload::file_first(fields, "public", comment, &["public"]);
    payload::file_first(fields, "via", comment, &["via.channel"]);
    record
}

/// What changed about a ticket.
fn audit<'x>(audit: &Object<'x>) -> Record<'x> {
    let changes = audit.list("events").iter().filter_map(Json::object);
    let said: Vec<String> = changes.filter_map(event).collect();
    let mut record = Record::new(Kind::Chat, said.join("; "));
    record.at = payload::time_at(audit, &["created_at"]);
    person(&mut record, audit, &["author_id"]);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, audit, &["id"]);
    payload::file_first(fields, "ticket", audit, &["ticket_id"]);
    payload::file_first(fields, "via", audit, &["via.channel"]);
    record
}

fn event(event: &Object<'_>) -> Option<String> {
    let sort = event.text(&["type"])?;
    if sort == "Comment" {
        return Some(event.text(&["plain_body", "body"])?.into_owned());
    }
    let name = event.text(&["field_name"])?;
    let value = event.scalar(&["value"]).unwrap_or_default();
    Some(match event.scalar(&["previous_value"]) {
        Some(before) => format!("{name}: {before} to {value}"),
        None => format!("{name}: {value}"),
    })
}
