//! StatusCake's webhook: the fields of a form, as its receiver writes them in JSON. No time.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "statuscake",
    title: "StatusCake webhook",
    reference: "https://www.statuscake.com/kb/knowledge-base/how-to-use-the-web-hook-url/",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| memmem::find(i, b"StatusCode").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/statuscake/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_test, records, out)
}

/// Whether a field `Status` is one of StatusCake's.
pub(super) fn is_state(status: Option<Cow<'_, str>>) -> bool {
    status.is_some_and(|s| s.eq_ignore_ascii_case("up") || s.eq_ignore_ascii_case("down"))
}

fn is_test(object: &Object<'_>) -> bool {
    is_state(object.text(&["Status"]))
        && object.get("StatusCode").is_some()
        && object.get("URL").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    out.push(record(&|name| payload.object.scalar(&[name])));
}

/// The alert that the fields tell of.
pub(super) fn record<'x>(get: &dyn Fn(&str) -> Option<Cow<'x, str>>) -> Record<'x> {
    let said = get("Status").unwrap_or_default();
    let state = if said.eq_ignore_ascii_case("down") {
        AlertState::Firing
    } else {
        AlertState::Resolved
    };
    let name = get("Name").or_else(|| get("URL")).unwrap_or_default();
    let code = get("StatusCode").unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), format!("{name}: {said} ({code})"));
    record.service = Some(name.clone());
    let fields = &mut record.fields;
    fields.push(field::ID, get("TestID").unwrap_or_else(|| name.clone()));
    fields.push(field::ALERT, name);
    fields.push("state", said);
    if let Ok(code) = code.parse::<i64>() {
        fields.push(field::STATUS, code);
    }
    for (field, name) in [("url", "URL"), ("tags", "Tags")] {
        if let Some(value) = get(name) {
            fields.push(field, value);
        }
    }
    record
}
