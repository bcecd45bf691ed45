//! Zammad's tickets, as its API lists them (with names in place of numbers or without), finds them, and sends them.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "zammad",
    title: "Zammad tickets",
    reference: "https://docs.zammad.org/en/latest/api/ticket/index.html",
    cut: Cut::Json,
    specificity: 86,
    hint: |i| {
        memmem::find(i, b"customer").is_some()
            && memmem::find(i, b"number").is_some()
            && memmem::find(i, b"title").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/zammad/input.json"),
};

const CUSTOMERS: &[&str] = &[
    "customer.email",
    "customer.login",
    "customer",
    "customer_id",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    tickets(object).next().is_some()
}

/// The object itself, that of a trigger, those of a list, or those that a search found.
fn tickets<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = ["tickets", "result"]
        .into_iter()
        .flat_map(|l| object.list(l));
    let found = object
        .object("assets.Ticket")
        .into_iter()
        .flat_map(Object::iter);
    std::iter::once(object)
        .chain(object.object("ticket"))
        .chain(listed.filter_map(Json::object))
        .chain(found.filter_map(|(_, ticket)| ticket.object()))
        .filter(|t| is_ticket(t))
}

fn is_ticket(object: &Object<'_>) -> bool {
    let customer = object.object("customer").is_some() || object.scalar(CUSTOMERS).is_some();
    object.scalar(&["number"]).is_some()
        && object.text(&["title"]).is_some()
        && payload::time_at(object, &["created_at"]).is_some()
        && customer
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for ticket in tickets(&payload.object) {
        let mut record = record(ticket);
        record.part = payload.place(ticket);
        out.push(record);
    }
}

fn record<'x>(ticket: &Object<'x>) -> Record<'x> {
    let mut record = Record::new(Kind::Ticket, ticket.text(&["title"]).unwrap_or_default());
    record.at = payload::time_at(ticket, &["created_at"]);
    if let Some(name) = ticket.scalar(CUSTOMERS) {
        record.fields.push(field::USER, name.clone());
        record.actor = Some(Actor { name, bot: false });
    }
    // `2 normal`
    let severity = ticket.text(&["priority.name", "priority"]);
    let word = severity
        .as_deref()
        .and_then(|s| s.split_whitespace().last());
    record.level = word.and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, ticket, &["number"]);
    fields.push_known([(field::SEVERITY, severity)]);
    payload::file_first(fields, "status", ticket, &["state.name", "state"]);
    payload::file_first(fields, "group", ticket, &["group.name", "group"]);
    record
}
