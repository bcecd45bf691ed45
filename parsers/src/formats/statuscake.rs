//! StatusCake's webhook: the fields of a form, as its receiver writes them in JSON. No time.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;

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

fn is_test(object: &Object<'_>) -> bool {
    let status = object.text(&["Status"]).map(|s| s.to_ascii_lowercase());
    matches!(status.as_deref(), Some("up" | "down"))
        && object.get("StatusCode").is_some()
        && object.get("URL").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let said = object.text(&["Status"]).unwrap_or_default();
    let state = if said.eq_ignore_ascii_case("down") {
        AlertState::Firing
    } else {
        AlertState::Resolved
    };
    let name = object.text(&["Name", "URL"]).unwrap_or_default();
    let code = object.scalar(&["StatusCode"]).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), format!("{name}: {said} ({code})"));
    record.service = Some(name.clone());
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, object, &["TestID", "Name", "URL"]);
    fields.push(field::ALERT, name);
    fields.push("state", said);
    if let Ok(code) = code.parse::<i64>() {
        fields.push(field::STATUS, code);
    }
    payload::file_first(fields, "url", object, &["URL"]);
    payload::file_first(fields, "tags", object, &["Tags"]);
    out.push(record);
}
