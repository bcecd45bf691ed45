//! StatusCake's webhook: the fields of a form, as it was posted or as its receiver writes them in
//! JSON. No time.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use crate::token::text::text;
use memchr::{memchr, memmem};
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
    match form(entry) {
        Some(form) => out.push(record(&|name| form.get(name))),
        None => return payload::read(entry, is_test, records, out),
    }
    Some(())
}

/// The fields of a form, `Token=…&Status=Down&StatusCode=0&URL=…&Name=…`.
struct Form<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Form<'a> {
    fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let known = self.0.iter().find(|(n, _)| *n == name.as_bytes())?;
        Some(decoded(known.1)).filter(|v| !v.is_empty())
    }
}

fn form(entry: &[u8]) -> Option<Form<'_>> {
    let body = entry.trim_ascii();
    if body.contains(&b' ') || !body.starts_with(b"Token=") && !body.starts_with(b"Status=") {
        return None;
    }
    let pairs = body.split(|b| *b == b'&').map(|pair| {
        let (name, value) = pair.split_at_checked(memchr(b'=', pair)?)?;
        Some((name, value.get(1..)?))
    });
    let form = Form(pairs.collect::<Option<_>>()?);
    is_state(form.get("Status")).then_some(form)
}

/// `%20` and `+` as they were meant.
fn decoded(value: &[u8]) -> Cow<'_, str> {
    if !value.iter().any(|b| matches!(b, b'%' | b'+')) {
        return text(value);
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'%');
        let byte = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = match byte {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    Cow::Owned(text(&out).into_owned())
}

fn is_state(status: Option<Cow<'_, str>>) -> bool {
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

fn record<'x>(get: &dyn Fn(&str) -> Option<Cow<'x, str>>) -> Record<'x> {
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
