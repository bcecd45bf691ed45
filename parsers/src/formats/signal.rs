//! Signal: what signal-cli prints as JSON, alone, in JSON-RPC or as its REST wrapper gives it, and the conversations that
//! exporters take out of Signal Desktop as JSON (one message a line, with `date`, `sender` and `body`).

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "signal",
    title: "Signal (signal-cli, exports of Signal Desktop)",
    reference: "https://github.com/AsamK/signal-cli/blob/master/man/signal-cli-jsonrpc.5.adoc",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"\"envelope\"").is_some()
            || memmem::find(i, b"\"sender\"").is_some() && memmem::find(i, b"\"body\"").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/signal/input.jsonl"),
};

/// Where a message stands in its envelope: received, edited, or sent from another device of the account's own.
const MESSAGES: &[&str] = &[
    "dataMessage",
    "editMessage.dataMessage",
    "syncMessage.sentMessage",
    "syncMessage.sentMessage.editMessage.dataMessage",
];
/// What exporters put beside a message's words.
const BESIDE: &[&str] = &["attachments", "reactions", "quote", "sticker"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// The envelope, behind whatever JSON-RPC puts before it.
fn envelope<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let paths = ["envelope", "params.envelope", "params.result.envelope"];
    let mut found = paths.iter().filter_map(|p| object.object(p));
    found.find(|e| {
        let known = ["source", "sourceNumber", "sourceUuid", "sourceName"];
        e.get("timestamp").is_some() && known.iter().any(|k| e.get(k).is_some())
    })
}

fn is_mine(object: &Object<'_>) -> bool {
    envelope(object).is_some() || is_exported(object)
}

fn is_exported(object: &Object<'_>) -> bool {
    object.text(&["sender"]).is_some()
        && object.get("body").is_some()
        && BESIDE.iter().filter(|b| object.get(b).is_some()).count() > 1
        && payload::time_at(object, &["date"]).is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    // Receipts, typing and reactions say nothing.
    let said = match envelope(object) {
        Some(envelope) => sent(object, envelope),
        None => exported(object),
    };
    out.extend(said);
}

fn sent<'x>(object: &Object<'x>, envelope: &Object<'x>) -> Option<Record<'x>> {
    let message = MESSAGES.iter().find_map(|m| {
        let found = envelope.object(m)?;
        found.text(&["message"]).is_some().then_some(found)
    })?;
    let mut record = Record::new(Kind::Chat, message.text(&["message"])?);
    record.at = payload::time_at(message, &["timestamp"])
        .or_else(|| payload::time_at(envelope, &["timestamp"]));
    let names = ["sourceName", "sourceNumber", "source", "sourceUuid"];
    let name = envelope
        .text(&names)
        .or_else(|| object.text(&["account", "params.account"]));
    record.actor = name.map(|n| payload::actor(n, false));
    let fields = &mut record.fields;
    let groups = [
        "groupInfo.groupName",
        "groupInfo.name",
        "groupInfo.groupId",
        "groupV2.id",
    ];
    payload::file_first(fields, field::CHANNEL, message, &groups);
    if let Some(quoted) = message.text(&["quote.text"]) {
        fields.push(field::ANSWERS, quoted);
    }
    Some(record)
}

fn exported<'x>(object: &Object<'x>) -> Option<Record<'x>> {
    let body = object.text(&["body"])?;
    let mut record = Record::new(Kind::Chat, body);
    record.at = payload::time_at(object, &["date"]);
    record.actor = object.text(&["sender"]).map(|n| payload::actor(n, false));
    let quoted = object.text(&["quote"]).map(|q| Cow::Owned(unmarked(&q)));
    record.fields.push_known([(field::ANSWERS, quoted)]);
    Some(record)
}

/// A quotation without the marks before its lines.
fn unmarked(quoted: &str) -> String {
    let lines = quoted.lines().map(|l| l.trim_start_matches(['>', ' ']));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
