//! Intercom's conversations, as its API lists and searches them and as its webhooks send them: what a customer wrote
//! first is a report, what is said later is talk.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::text::{narrowed, untagged};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "intercom",
    title: "Intercom conversations",
    reference: "https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations",
    cut: Cut::Json,
    specificity: 88,
    hint: |i| memmem::find(i, b"\"conversation").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/intercom/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    conversations(object).next().is_some()
}

/// The object itself, those of a list, and the one of a webhook.
fn conversations<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["conversations", "data"].into_iter();
    let listed = lists.flat_map(|n| object.list(n)).filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("data.item"))
        .chain(listed)
        .filter(|c| is_conversation(c))
}

fn is_conversation(object: &Object<'_>) -> bool {
    object.text(&["type"]).as_deref() == Some("conversation")
        && object.get("created_at").is_some()
        && (object.object("source").is_some() || object.object("conversation_message").is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let own = is_conversation(&payload.object);
    for conversation in conversations(&payload.object) {
        let mut record = record(conversation);
        if !own {
            record.part = payload.place(conversation);
        }
        out.push(record);
        talk(conversation, payload, out);
    }
}

fn record<'x>(conversation: &Object<'x>) -> Record<'x> {
    let source = ["source", "conversation_message"];
    let source = source.iter().find_map(|p| conversation.object(p));
    let told = |names: &[&str]| source.and_then(|s| s.text(names));
    let plain = |text: Cow<'x, str>| Some(plain(text)).filter(|t| !t.is_empty());
    let title = conversation.text(&["title"]).and_then(plain);
    let title = title.or_else(|| told(&["subject"]).and_then(plain));
    let body = told(&["body"]).and_then(plain);
    // What an agent or a campaign begins is no report.
    let author = source.and_then(|s| s.object("author"));
    let sort = author.and_then(|a| a.text(&["type"])).unwrap_or_default();
    let theirs = matches!(sort.as_ref(), "user" | "lead" | "contact" | "");
    let kind = if theirs { Kind::Ticket } else { Kind::Chat };
    let said = title.or_else(|| body.clone()).unwrap_or_default();
    let mut record = Record::new(kind, said);
    record.at = payload::time_at(conversation, &["created_at"]);
    record.actor = author.and_then(|a| person(a, &sort));
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, conversation, &["id"]);
    if let Some(id) = author.and_then(|a| a.scalar(&["id"])).filter(|_| theirs) {
        fields.push(field::USER, id);
    }
    payload::file_first(fields, "status", conversation, &["state"]);
    payload::file_first(fields, "priority", conversation, &["priority"]);
    let tags = conversation.list("tags.tags").iter();
    let tags: Vec<_> = tags.filter_map(|t| t.object()?.text(&["name"])).collect();
    if !tags.is_empty() {
        fields.push("tags", tags.join(", "));
    }
    if let Some(body) = body {
        fields.push("description", body);
    }
    record
}

/// What was said later, where the conversation is given with its parts.
fn talk<'x>(conversation: &Object<'x>, payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let parts = conversation
        .list("conversation_parts.conversation_parts")
        .iter();
    for part in parts.filter_map(Json::object) {
        let Some(body) = part.text(&["body"]).map(plain).filter(|b| !b.is_empty()) else {
            continue;
        };
        let mut record = Record::new(Kind::Chat, body);
        record.at = payload::time_at(part, &["created_at"]);
        let author = part.object("author");
        let sort = author.and_then(|a| a.text(&["type"])).unwrap_or_default();
        record.actor = author.and_then(|a| person(a, &sort));
        payload::file_first(&mut record.fields, field::ID, part, &["id"]);
        payload::file_first(&mut record.fields, "ticket", conversation, &["id"]);
        record.part = payload.place(part);
        out.push(record);
    }
}

fn person<'x>(author: &Object<'x>, sort: &str) -> Option<Actor<'x>> {
    let name = author
        .text(&["name", "email"])
        .or_else(|| author.scalar(&["id"]))?;
    Some(Actor {
        name,
        bot: sort == "bot",
    })
}

/// The words of a body in HTML.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return narrowed(text, str::trim);
    }
    let bare = untagged(&text);
    let words: Vec<&str> = bare.split_whitespace().collect();
    Cow::Owned(words.join(" "))
}
