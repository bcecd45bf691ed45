//! A JSON object behind a message, where loggers that write lines for people put their fields: Monolog (`message {context}
//! {extra}`, either of which may be `[]`), winston's and zerolog's patterns, structlog's, hand-made ones.

use super::json::{self, Json, Object};
use super::leaves::Leaves;
use super::named;
use crate::record::Record;
use std::borrow::Cow;

/// Objects that begin in a message are tried, at most.
const TRIED: usize = 4;

/// Whether a message may end with an object.
#[inline]
#[must_use]
pub fn may(message: &[u8]) -> bool {
    let end = message.trim_ascii_end();
    match end.last() {
        Some(b'}') => true,
        Some(b']') => end.ends_with(b"} []"),
        _ => false,
    }
}

/// Files the members of the objects behind a message, which is what stands before them.
pub fn file(record: &mut Record<'_>) {
    if !may(record.message.as_bytes()) {
        return;
    }
    let whole = record.message.clone();
    let Some((said, objects)) = split(&whole) else {
        return;
    };
    let mut values = Vec::new();
    for object in &objects {
        for leaf in Leaves::of(object).rest() {
            if let Some(value) = leaf.value.scalar() {
                values.push((owned(&leaf.path), owned(&value)));
            }
        }
    }
    let end = said.len();
    match &mut record.message {
        Cow::Borrowed(message) => *message = message.get(..end).unwrap_or_default(),
        Cow::Owned(message) => message.truncate(end),
    }
    named::file(record, values);
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

/// What a message says, and the objects behind it, of which there is one at least.
fn split(message: &str) -> Option<(&str, Vec<Object<'_>>)> {
    let starts = memchr::memmem::find_iter(message.as_bytes(), b"{\"");
    for start in starts.take(TRIED) {
        let (said, rest) = message.split_at_checked(start)?;
        // `user={"id":1}` is a value of its own, and so is what is in brackets.
        if !said.ends_with([' ', '\t']) || said.trim().is_empty() {
            continue;
        }
        if let Some(objects) = objects(rest.trim_end()) {
            let said = said.trim_end();
            return Some((said.strip_suffix(" []").unwrap_or(said), objects));
        }
    }
    None
}

/// The objects that a text is made of: one, or two with nothing between them. An empty list stands for one, too.
fn objects(text: &str) -> Option<Vec<Object<'_>>> {
    let text = text.strip_suffix(" []").unwrap_or(text);
    if let Some(object) = json::object(text.as_bytes()) {
        return Some(vec![object]);
    }
    let Json::Object(first) = json::beginning(text.as_bytes())? else {
        return None;
    };
    let rest = text.get(first.part(text.as_bytes()).end..)?;
    Some(vec![first, json::object(rest.as_bytes())?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Kind, field};

    fn filed(message: &str) -> Record<'_> {
        let mut record = Record::new(Kind::Log, message);
        named::gather(&mut record);
        record
    }

    #[test]
    fn what_stands_behind_a_message_is_fields() {
        for (message, said) in [
            (
                "fetching the berth plan {\"user_id\":\"m-41\",\"request_id\":\"ab12cd34\"}",
                "fetching the berth plan",
            ),
            (
                "tide table read {\"user_id\": \"m-41\", \"request_id\": \"ab12cd34\"} []",
                "tide table read",
            ),
            (
                "no pilot [] {\"user_id\":\"m-41\",\"request_id\":\"ab12cd34\"}",
                "no pilot",
            ),
            (
                "lock open {\"user_id\":\"m-41\"} {\"request_id\":\"ab12cd34\"}",
                "lock open",
            ),
            (
                "crane 4 {stuck} {\"ctx\":{\"user_id\":\"m-41\"},\"request_id\":\"ab12cd34\"}",
                "crane 4 {stuck}",
            ),
        ] {
            let record = filed(message);
            assert_eq!(record.message, said);
            assert_eq!(record.fields.text(field::USER), Some("m-41"), "{message}");
            assert_eq!(
                record.fields.text(field::REQUEST_ID),
                Some("ab12cd34"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_request_may_be_told_in_words_and_in_fields() {
        let record =
            filed("POST /moorings refused: no berth {\"status\": 503, \"user_id\": \"m-41\"} []");
        assert_eq!(record.kind, Kind::Access);
        assert_eq!(record.message, "POST /moorings refused: no berth");
    }

    #[test]
    fn what_is_no_object_behind_a_message_stays() {
        for message in [
            "{\"a\":1}",
            "template {name} not found in {dir}",
            "body was {\"a\":1} and that is all",
            "sent x={\"a\":1}",
            "{} {\"a\":",
            "closing }",
            "read [] []",
        ] {
            assert_eq!(filed(message).message, message);
        }
    }
}
