//! Telegram: updates as bots get them, and the export of a chat. What somebody clicks has no
//! time; the message under the button has that of its own sending.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "telegram",
    title: "Telegram updates and chat export",
    reference: "https://core.telegram.org/bots/api#update",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"update_id").is_some() || memmem::find(i, b"date_unixtime").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/telegram/input.jsonl"),
};

const MESSAGES: &[&str] = &["message", "edited_message", "channel_post"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    let update = object.get("update_id").is_some()
        && (object.object("callback_query").is_some()
            || MESSAGES.iter().any(|name| object.object(name).is_some()));
    update || exported(object).next().is_some()
}

fn exported<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let messages = object.list("messages").iter().filter_map(Json::object);
    messages.filter(|m| m.get("date_unixtime").is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if let Some(query) = object.object("callback_query") {
        return out.push(click(query));
    }
    if let Some(message) = MESSAGES.iter().find_map(|name| object.object(name)) {
        let mut record = chat(
            message,
            message.text(&["text", "caption"]).unwrap_or_default(),
        );
        record.at = payload::time_at(message, &["date"]);
        record.actor = message.object("from").and_then(account);
        return out.push(record);
    }
    let channel = object.text(&["name"]);
    for message in exported(object) {
        let mut record = chat(message, text(message));
        record.at = payload::time_at(message, &["date_unixtime"]);
        record.actor = message
            .text(&["from", "actor"])
            .map(|n| payload::actor(n, false));
        record.part = payload.place(message);
        if let Some(channel) = &channel {
            record.fields.push(field::CHANNEL, channel.clone());
        }
        out.push(record);
    }
}

fn chat<'x>(message: &Object<'x>, said: Cow<'x, str>) -> Record<'x> {
    let mut record = Record::new(Kind::Chat, said);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, message, &["message_id", "id"]);
    payload::file_first(fields, field::CHANNEL, message, &["chat.title"]);
    let edited = ["edit_date", "edited_unixtime"];
    if let Some(edited) = payload::time_at(message, &edited) {
        fields.push("edited_at", edited);
    }
    record
}

/// A text, or pieces of which some are marked up.
fn text<'x>(message: &Object<'x>) -> Cow<'x, str> {
    let pieces = message.list("text").iter().filter_map(|piece| match piece {
        Json::Object(marked) => marked.text(&["text"]),
        other => other.text(),
    });
    message
        .text(&["text"])
        .unwrap_or_else(|| Cow::Owned(pieces.collect()))
}

/// A button under an alert: `/ack ID`.
fn click<'x>(query: &Object<'x>) -> Record<'x> {
    let data = query.text(&["data"]).unwrap_or_default();
    let mut words = data.trim_start_matches('/').split_whitespace();
    let act = match words
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "ack" | "acknowledge" => PageAct::Acknowledged,
        "unack" | "unacknowledge" => PageAct::Unacknowledged,
        "close" | "resolve" => PageAct::Resolved,
        "open" | "reopen" => PageAct::Reopened,
        "assign" => PageAct::Reassigned,
        _ => PageAct::Annotated,
    };
    let id = words.next().map(str::to_owned);
    let mut record = Record::new(Kind::Page(act), data);
    record.actor = query.object("from").and_then(account);
    let fields = &mut record.fields;
    if let Some(id) = id {
        fields.push(field::ID, id);
    }
    payload::file_first(fields, field::CHANNEL, query, &["message.chat.title"]);
    if let Some(sent) = payload::time_at(query, &["message.date"]) {
        fields.push("message_sent_at", sent);
    }
    record
}

fn account<'x>(account: &Object<'x>) -> Option<Actor<'x>> {
    let bot = account.get("is_bot") == Some(&Json::Bool(true));
    Some(payload::actor(
        account.text(&["username", "first_name"])?,
        bot,
    ))
}
