//! Slack's export: one JSON array of messages a channel and day.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, Record, field};
use crate::token::json::{self, Json, Object};
use crate::token::payload;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "slack-export",
    title: "Slack export",
    reference: "https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| memmem::find(i, b"\"ts\"").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/slack-export/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    if is_message(&object) {
        out.push(message(&object));
        return Some(());
    }
    // As the Events API and `conversations.history` wrap them.
    if let Some(event) = object.object("event").filter(|e| is_message(e)) {
        out.push(message(event));
        return Some(());
    }
    let listed = object.list("messages").iter().filter_map(Json::object);
    let mut listed = listed.filter(|m| is_message(m)).peekable();
    listed.peek()?;
    for one in listed {
        let mut record = message(one);
        record.part = Some(one.part(entry));
        out.push(record);
    }
    Some(())
}

/// A message has a `ts` that is a string (the id of the message in its channel) and an author.
fn is_message(object: &Object<'_>) -> bool {
    let stamped = matches!(object.get("ts"), Some(Json::Text(t)) if t.raw().contains(&b'.'));
    stamped
        && object.get("level").is_none()
        && (object.text(&["type"]).is_some_and(|t| t == "message")
            || ["user", "bot_id", "username"]
                .iter()
                .any(|n| object.get(n).is_some())
                && object.get("text").is_some())
}

fn message<'a>(message: &Object<'a>) -> Record<'a> {
    let mut record = Record::new(Kind::Chat, said(message));
    record.at = payload::time_at(message, &["ts"]);
    record.actor = author(message);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, message, &["ts"]);
    payload::file_first(fields, "subtype", message, &["subtype"]);
    payload::file_first(
        fields,
        field::CHANNEL,
        message,
        &["channel_name", "channel"],
    );
    payload::file_first(fields, "thread", message, &["thread_ts"]);
    payload::file_first(fields, "user_id", message, &["user", "bot_id"]);
    if let Some(edited) = payload::time_at(message, &["edited.ts"]) {
        fields.push("edited_at", edited);
    }
    let reactions: Vec<_> = message
        .list("reactions")
        .iter()
        .filter_map(|r| r.object()?.text(&["name"]))
        .collect();
    if !reactions.is_empty() {
        fields.push("reactions", reactions.join(", "));
    }
    record
}

/// The text; what bots say often stands in attachments instead.
fn said<'a>(message: &Object<'a>) -> Cow<'a, str> {
    let own = message.text(&["text"]);
    let attached = message.list("attachments").iter().filter_map(|a| {
        let parts = ["pretext", "title", "text"].map(|n| a.object()?.text(&[n]));
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => a.object()?.text(&["fallback"]),
            false => Some(Cow::Owned(parts.join(": "))),
        }
    });
    let mut all: Vec<Cow<'a, str>> = own.into_iter().chain(attached).collect();
    match all.len() {
        0 => Cow::Borrowed(""),
        1 => plain(all.swap_remove(0)),
        _ => plain(Cow::Owned(all.join("\n"))),
    }
}

/// Without Slack's markup: `<@U1|maria>` is `@maria`, `<https://x|text>` is `text`, and
/// the three characters that Slack escapes are themselves again.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((before, tail)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inner, after)) = tail.split_once('>') else {
            out.push('<');
            rest = tail;
            continue;
        };
        let (target, label) = inner.split_once('|').unwrap_or((inner, inner));
        let sigil = target.chars().next().filter(|c| matches!(c, '@' | '#'));
        let label = label.trim_start_matches(['@', '#', '!']);
        out.extend(sigil);
        if target.starts_with('!') {
            out.push('@'); // <!here>, <!channel>
        }
        out.push_str(label);
        rest = after;
    }
    out.push_str(rest);
    let out = out.replace("&lt;", "<").replace("&gt;", ">");
    Cow::Owned(out.replace("&amp;", "&"))
}

fn author<'a>(message: &Object<'a>) -> Option<Actor<'a>> {
    let bot = message
        .text(&["subtype"])
        .is_some_and(|s| s == "bot_message")
        || message.get("bot_id").is_some_and(|b| *b != Json::Null);
    let name = message.text(&[
        "user_profile.real_name",
        "user_profile.display_name",
        "user_profile.name",
        "username",
        "bot_profile.name",
        "user_name",
        "user",
        "bot_id",
    ])?;
    Some(payload::actor(name, bot))
}
