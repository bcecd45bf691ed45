//! The log of a program that receives webhooks, or sends events, and writes each on one line
//! behind some words of its own: `2024-06-03 10:12:11 INFO got alert {"version":"4",…}`.
//!
//! What the payload is, the formats of products say; when it was received, the line does.

use super::{FORMATS, general};
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record};
use crate::token::date::Order;
use crate::token::json::{self, Json};
use crate::token::payload;
use crate::token::text::first_line;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "webhook-log",
    title: "Payloads in the log of their receiver",
    reference: "",
    cut: Cut::Line,
    specificity: 82,
    hint: |i| opening(i).is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/webhook-log/input.log"),
};

/// A time begins within so many bytes of the line.
const REACH: usize = 64;
/// Formats of at least this specificity that read JSON know their product by its members.
const PRODUCT: u8 = 80;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let start = opening(line)?;
    let words = line.get(..start)?;
    let bodies = bodies(line.get(start..)?);
    let received = general::dated(words, REACH, Order::Unknown).map(|(_, at)| at);
    let mut found = None;
    for body in bodies {
        let mut records = Vec::new();
        if product(&body, &mut records).is_none() {
            continue;
        }
        found = Some(());
        for mut record in records {
            payload::receive(&mut record, received);
            record.part = None; // a place in the body, not in the line
            out.push(record.into_owned());
        }
    }
    found
}

/// Where JSON with members begins behind some words.
fn opening(line: &[u8]) -> Option<usize> {
    let (line, _) = first_line(line);
    let plain = memmem::find(line, b"{\"");
    let quoted = memmem::find(line, b"{\\\"");
    let start = match (plain, quoted) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    let words = line.get(..start)?;
    let words = words.strip_suffix(b"[").unwrap_or(words);
    let words = words.strip_suffix(b"\"").unwrap_or(words);
    // A line that is nothing else is JSON, and no line of a log of this sort.
    words
        .iter()
        .any(u8::is_ascii_alphanumeric)
        .then_some(words.len())
}

/// The objects that `text` begins with: as they are, in an array, or in a quoted string.
fn bodies(text: &[u8]) -> Vec<Cow<'_, [u8]>> {
    if text.first() == Some(&b'"') {
        let decoded = json::string_at(text).map(|t| t.decode().into_owned().into_bytes());
        let inner = decoded.unwrap_or_default();
        return bodies(inner.trim_ascii())
            .into_iter()
            .map(|b| Cow::Owned(b.into_owned()))
            .collect();
    }
    let raw = |object: &json::Object<'_>| {
        let place = object.part(text);
        text.get(place).map(Cow::Borrowed)
    };
    match json::beginning(text) {
        Some(Json::Object(object)) => raw(&object).into_iter().collect(),
        Some(Json::List(list)) => list
            .iter()
            .filter_map(Json::object)
            .filter_map(raw)
            .collect(),
        _ => Vec::new(),
    }
}

/// Reads `body` as the first product does that knows it, the surest first.
fn product<'b>(body: &'b [u8], out: &mut Vec<Record<'b>>) -> Option<()> {
    let layout = Layout::default();
    let cx = Context { layout: &layout };
    let mut products: Vec<&Format> = FORMATS
        .iter()
        .copied()
        .filter(|f| f.cut == Cut::Json && f.specificity >= PRODUCT && (f.hint)(body))
        .collect();
    products.sort_by_key(|f| std::cmp::Reverse(f.specificity));
    products.iter().find_map(|f| {
        let from = out.len();
        (f.parse)(body, &cx, out)?;
        // A database's log in JSON is no payload that was sent to anybody.
        let told = out
            .iter()
            .skip(from)
            .any(|r| !matches!(r.kind, Kind::Log | Kind::Access));
        if !told {
            out.truncate(from);
        }
        told.then_some(())
    })
}

#[cfg(test)]
mod tests {
    use super::{bodies, opening};

    #[test]
    fn bodies_stand_behind_words() {
        let whole = [
            (&b"got {\"a\":1} in 3 ms"[..], vec![&b"{\"a\":1}"[..]]),
            (
                b"got [{\"a\":1},{\"b\":2}]",
                vec![b"{\"a\":1}", b"{\"b\":2}"],
            ),
            (b"body=\"{\\\"a\\\":1}\" ok", vec![b"{\"a\":1}"]),
            (b"got {\"a\":", vec![]),
        ];
        for (line, expected) in whole {
            let start = opening(line).expect("a body");
            assert_eq!(bodies(&line[start..]), expected);
        }
        for line in [
            &b"{\"a\":1}"[..],
            b" [{\"a\":1}]",
            b"no body",
            b"set {a, b}",
        ] {
            assert_eq!(opening(line), None, "{}", String::from_utf8_lossy(line));
        }
    }
}
