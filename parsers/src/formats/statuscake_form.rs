//! StatusCake's webhook as it is posted: the fields of a form, one POST a line. No time.

use super::statuscake::{is_state, record};
use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::token::text::text;
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "statuscake-form",
    title: "StatusCake webhook (form)",
    reference: "https://www.statuscake.com/kb/knowledge-base/how-to-use-the-web-hook-url/",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| memmem::find(i, b"&StatusCode=").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/statuscake-form/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let form = form(entry)?;
    out.push(record(&|name| form.get(name)));
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
    let said = is_state(form.get("Status")) && form.0.iter().any(|(n, _)| *n == b"StatusCode");
    said.then_some(form)
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
