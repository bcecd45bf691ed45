//! MongoDB since 4.4: one JSON object a line, whose names are one letter long.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::json::{self, Json, Object};
use crate::token::text::without_port;
use crate::token::{duration, level, payload};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mongodb-json",
    title: "MongoDB log (4.4 and newer)",
    reference: "https://www.mongodb.com/docs/manual/reference/log-messages/",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mongodb-json/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    let at = payload::time_at(&object, &["t"])?;
    object.get("t")?.object()?;
    let severity = object.text(&["s"])?;
    let component = object.text(&["c"])?;
    let message = object.text(&["msg"])?;
    let mut record = Record::new(Kind::Log, said(&object, message));
    record.at = Some(at);
    record.level = level::letter(*severity.as_bytes().first()?);
    let fields = &mut record.fields;
    if component != "-" {
        fields.push(field::LOGGER, component);
    }
    payload::file_first(fields, "thread", &object, &["ctx"]);
    payload::file_first(fields, "code", &object, &["id"]);
    if let Some(ms) = object
        .scalar(&["attr.durationMillis"])
        .and_then(|ms| duration::millis(&ms, duration::Unit::Millis))
    {
        fields.push(field::LATENCY_MS, ms);
    }
    let client = object.text(&["attr.remote", "attr.client"]);
    if let Some(client) = client {
        fields.push(field::CLIENT, without_port(&client).to_owned());
    }
    let user = ["attr.principalName", "attr.user.user", "attr.user"];
    payload::file_first(fields, field::USER, &object, &user);
    if let Some(error) = error(&object) {
        fields.push(field::ERROR, error);
    }
    if let Some(attr) = object.object("attr") {
        payload::file_all(fields, attr, &|path| {
            matches!(path, "durationMillis" | "remote" | "principalName")
        });
    }
    out.push(record);
    Some(())
}

/// The message, with what it is about where the message alone is the same for all.
fn said<'a>(object: &Object<'a>, message: Cow<'a, str>) -> Cow<'a, str> {
    let about = [
        "attr.ns",
        "attr.error.errmsg",
        "attr.error",
        "attr.message",
        "attr.result",
        "attr.reason",
    ];
    match object.text(&about) {
        Some(about) => Cow::Owned(format!("{message}: {}", about.trim_end())),
        None => message,
    }
}

/// `AuthenticationFailed: SCRAM …` is of the class that stands before the colon.
fn error<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    if let Some(Json::Object(error)) = object.get("attr.error") {
        return error.text(&["codeName"]);
    }
    let text = object.text(&["attr.error", "attr.result"])?;
    let class = text.split(':').next()?.trim();
    let named = class.len() < text.len() && class.bytes().all(|b| b.is_ascii_alphanumeric());
    named.then(|| Cow::Owned(class.to_owned()))
}
