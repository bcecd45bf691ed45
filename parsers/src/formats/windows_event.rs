//! Windows event logs as JSON: how recon writes the records of an `.evtx` file, one a line, and what
//! `evtx_dump -o jsonl` gives. The file holds no sentences, only an event's number and its data.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::json::{self, Json, Object};
use crate::token::payload;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "windows-event",
    title: "Windows event log (EVTX)",
    reference: "https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype",
    cut: Cut::Json,
    specificity: 92,
    hint: |i| {
        i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
            && memmem::find(i, b"\"TimeCreated\"").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/windows-event/input.jsonl"),
};

/// Bits of `Keywords`: an audited act failed.
const AUDIT_FAILURE: u64 = 0x0010_0000_0000_0000;
/// Data that a message shows; more would be a page.
const SHOWN: usize = 8;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    let event = object.object("Event").unwrap_or(&object);
    let system = event.object("System")?;
    let created = [
        "TimeCreated.#attributes.SystemTime",
        "TimeCreated_attributes.SystemTime",
    ];
    let id = system.scalar(&["EventID", "EventID.#text"])?;
    let mut data = Vec::new();
    for (name, value) in event.iter() {
        if matches!(name.as_ref(), "EventData" | "UserData")
            && let Json::Object(inner) = value
        {
            payload::walk(inner, &mut |path, value| data.push((path, value)));
        }
    }
    data.retain(|(path, _)| !path.contains("#attributes"));
    let mut record = Record::new(Kind::Log, message(event, &id, &data));
    record.at = Some(payload::time_at(system, &created)?);
    record.level = level(system);
    let provider = ["Provider.#attributes.Name", "Provider_attributes.Name"];
    record.service = system.text(&provider);
    record.host = system.text(&["Computer"]);
    let fields = &mut record.fields;
    match id.parse::<i64>() {
        Ok(number) => fields.push("event_id", number),
        Err(_) => fields.push("event_id", id),
    }
    for (name, path) in [("channel", "Channel"), ("record", "EventRecordID")] {
        if let Some(value) = system.get(path) {
            payload::file(fields, name, value);
        }
    }
    for (path, value) in data {
        let name = match path.as_ref() {
            "TargetUserName" => Cow::Borrowed(field::USER),
            "IpAddress" => Cow::Borrowed(field::CLIENT),
            _ => path,
        };
        payload::file(fields, name, value);
    }
    out.push(record);
    Some(())
}

/// Levels of the system's own; 0 is an audit, which either succeeded or failed.
fn level(system: &Object<'_>) -> Option<Level> {
    let keywords = system.scalar(&["Keywords"]);
    let keywords = keywords.and_then(|k| u64::from_str_radix(k.strip_prefix("0x")?, 16).ok());
    Some(match system.scalar(&["Level"])?.parse().ok()? {
        0 if keywords.is_some_and(|k| k & AUDIT_FAILURE != 0) => Level::Warn,
        0 | 4 => Level::Info,
        1 => Level::Fatal,
        2 => Level::Error,
        3 => Level::Warn,
        5 => Level::Debug,
        _ => return None,
    })
}

/// The sentence, where a collector rendered it, else the number and the data.
fn message<'a>(event: &Object<'a>, id: &str, data: &[(Cow<'a, str>, &Json<'a>)]) -> Cow<'a, str> {
    if let Some(rendered) = event.text(&["RenderingInfo.Message"]) {
        return rendered;
    }
    let mut text = format!("event {id}");
    let told = data.iter().filter_map(|(path, value)| {
        let value = match value {
            Json::List(list) => list
                .iter()
                .filter_map(Json::scalar)
                .collect::<Vec<_>>()
                .join(", "),
            other => other.scalar()?.into_owned(),
        };
        let value = value.trim();
        let name = path.rsplit('.').next().unwrap_or(path);
        let numbered = name.starts_with("param") || name == "Data" || name == "#text";
        (!value.is_empty() && value != "-").then(|| match numbered {
            true => value.to_owned(),
            false => format!("{name}={value}"),
        })
    });
    let told: Vec<String> = told.take(SHOWN).collect();
    if !told.is_empty() {
        text.push_str(": ");
        text.push_str(&told.join(", "));
    }
    Cow::Owned(text)
}
