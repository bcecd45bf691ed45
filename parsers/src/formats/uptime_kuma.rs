//! Uptime Kuma's notifications: its webhook, what it sends to Discord, and the heartbeats of its database as JSON.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "uptime-kuma",
    title: "Uptime Kuma",
    reference: "https://github.com/louislam/uptime-kuma/wiki/Notification-Methods",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"heartbeat").is_some()
            || memmem::find(i, b"monitor_id").is_some()
            || memmem::find(i, b"Service Name").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/uptime-kuma/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    beat(object).is_some() || row(object) || embed(object).is_some()
}

/// The heartbeat of a webhook.
fn beat<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let beat = object.object("heartbeat")?;
    let named = object.object("monitor").is_some() || beat.get("monitorID").is_some();
    (named && state(beat).is_some()).then_some(beat)
}

/// A row of the table of heartbeats.
fn row(object: &Object<'_>) -> bool {
    let known = ["monitor_id", "important", "time"];
    known.iter().all(|k| object.get(k).is_some()) && state(object).is_some()
}

/// What is shown in Discord, if a service is named in it.
fn embed<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let mut embeds = object.list("embeds").iter().filter_map(Json::object);
    embeds.find(|e| shown(e, "Service Name").is_some() && sentence(e).is_some())
}

/// The value of a field of what is shown; the name of some has a zone behind it.
fn shown<'x>(embed: &Object<'x>, name: &str) -> Option<Cow<'x, str>> {
    let mut fields = embed.list("fields").iter().filter_map(Json::object);
    let field = fields.find(|f| f.text(&["name"]).is_some_and(|n| n.starts_with(name)))?;
    field.text(&["value"])
}

/// The state that a title tells: `❌ Your service Berths went down. ❌`.
fn sentence(embed: &Object<'_>) -> Option<AlertState> {
    let title = embed.text(&["title"])?;
    if title.contains("went down") {
        Some(AlertState::Firing)
    } else if title.contains("is up") {
        Some(AlertState::Resolved)
    } else {
        None
    }
}

fn state(beat: &Object<'_>) -> Option<AlertState> {
    Some(match beat.scalar(&["status"])?.as_ref() {
        "0" | "false" => AlertState::Firing,
        "1" | "true" => AlertState::Resolved,
        "2" => AlertState::Pending,
        "3" => AlertState::Unknown,
        _ => return None,
    })
}

/// Times of heartbeats are UTC and do not say so.
fn utc(object: &Object<'_>, path: &str) -> Option<Reading> {
    let said = object.text(&[path])?;
    payload::text_instant(&format!("{said}Z")).or_else(|| payload::text_instant(&said))
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let found = match (beat(object), embed(object)) {
        (Some(beat), _) => {
            let monitor = object.object("monitor");
            let name = monitor.and_then(|m| m.text(&["name", "pathName", "url", "hostname"]));
            let name = name.or_else(|| bracketed(object));
            told(beat, name, monitor)
        }
        (None, Some(embed)) => in_discord(embed),
        (None, None) => {
            let important = object.scalar(&["important"]);
            // Between two changes it only says the same again.
            if important.is_none_or(|i| matches!(i.as_ref(), "0" | "false")) {
                return;
            }
            told(
                object,
                object.text(&["monitor_name", "name", "monitor"]),
                None,
            )
        }
    };
    out.extend(found);
}

/// `[Berths] [🔴 Down] timeout`
fn bracketed<'x>(object: &Object<'x>) -> Option<Cow<'x, str>> {
    let said = object.text(&["msg"])?;
    let name = said.strip_prefix('[')?.split_once(']')?.0;
    Some(Cow::Owned(name.to_owned()))
}

fn told<'x>(
    beat: &Object<'x>,
    name: Option<Cow<'x, str>>,
    monitor: Option<&Object<'x>>,
) -> Option<Record<'x>> {
    let state = state(beat)?;
    let id = beat.scalar(&["monitorID", "monitor_id"]);
    let id = id.or_else(|| monitor?.scalar(&["id"]));
    let name = name.or_else(|| Some(Cow::Owned(format!("monitor {}", id.as_deref()?))))?;
    let said = beat.text(&["msg"]).unwrap_or_else(|| name.clone());
    let mut record = Record::new(Kind::Alert(state), said);
    record.at = utc(beat, "time");
    record.service = Some(name.clone());
    let fields = &mut record.fields;
    // As it is in Discord, where no number is told.
    fields.push(field::ID, name.clone());
    fields.push(field::ALERT, name);
    fields.push_known([("monitor_id", id)]);
    if let Some(monitor) = monitor {
        payload::file_first(fields, "url", monitor, &["url", "hostname"]);
        payload::file_first(fields, "check", monitor, &["type"]);
    }
    Some(record)
}

fn in_discord<'x>(embed: &Object<'x>) -> Option<Record<'x>> {
    let name = shown(embed, "Service Name")?;
    let said = shown(embed, "Error").or_else(|| embed.text(&["title"]))?;
    let mut record = Record::new(Kind::Alert(sentence(embed)?), said);
    record.at = utc(embed, "timestamp");
    record.service = Some(name.clone());
    let fields = &mut record.fields;
    fields.push(field::ID, name.clone());
    fields.push(field::ALERT, name);
    fields.push_known([("url", shown(embed, "Service URL"))]);
    Some(record)
}
