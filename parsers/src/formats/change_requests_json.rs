//! Requests for change as the APIs of service desks list them (Freshservice, ManageEngine, BMC Helix and
//! their like), by the names of members that [`Request`] knows. ServiceNow's have a format of their own.

use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::stamp::Reading;
use crate::token::change::{Request, plain};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "change-requests-json",
    title: "Requests for change (JSON)",
    reference: "https://api.freshservice.com/#changes",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| {
        let named = |name: &[u8]| memmem::find(i, name).is_some();
        i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
            && (named(b"hange") || named(b"CHG"))
            && (named(b"tart") || named(b"nd_"))
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/change-requests-json/input.json"),
};

/// What lists of requests are called.
const LISTS: [&str; 8] = [
    "changes",
    "change_requests",
    "changeRequests",
    "entries",
    "records",
    "result",
    "items",
    "data",
];
/// What one is called.
const ONES: [&str; 3] = ["change", "change_request", "changeRequest"];
/// Members of a request that hold some of its own.
const INNER: [&str; 4] = ["values", "custom_fields", "udf_fields", "attributes"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let from = out.len();
    payload::read(entry, is_mine, records, out)?;
    (out.len() > from).then_some(())
}

fn is_mine(object: &Object<'_>) -> bool {
    requests(object).next().is_some()
}

/// The requests of a payload, and whether they stand under a name that says what they are.
fn requests<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = Row<'o, 'a>> {
    let listed = LISTS.iter().flat_map(|name| {
        let called = name.starts_with("change");
        let list = object.list(name).iter().filter_map(Json::object);
        list.map(move |o| (o, called))
    });
    let ones = ONES.iter().filter_map(|n| Some((object.object(n)?, true)));
    std::iter::once((object, false))
        .chain(ones)
        .chain(listed)
        .map(|(o, called)| Row::of(o, called))
        .filter(Row::is_request)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for row in requests(&payload.object) {
        if let Some(mut record) = row.record() {
            record.part = payload.place(row.object);
            out.push(record);
        }
    }
}

/// A request by the plain names of its members.
struct Row<'o, 'a> {
    object: &'o Object<'a>,
    members: Vec<(String, &'o Json<'a>)>,
    called: bool,
}

impl<'o, 'a> Row<'o, 'a> {
    fn of(object: &'o Object<'a>, called: bool) -> Self {
        let inner = INNER.iter().filter_map(|name| object.object(name));
        let all = std::iter::once(object).chain(inner);
        Self {
            object,
            members: all
                .flat_map(Object::iter)
                .map(|(name, value)| (plain(&snake(name)), value))
                .collect(),
            called,
        }
    }

    fn is_request(&self) -> bool {
        let names: Vec<String> = self.members.iter().map(|(n, _)| n.clone()).collect();
        let cells: Vec<Cow<'_, str>> = self
            .members
            .iter()
            .map(|(_, v)| v.scalar().unwrap_or_default())
            .collect();
        let has = |known: &str| names.iter().any(|n| n == known);
        let listed = self.called
            && ["subject", "title", "summary", "short_description"]
                .iter()
                .any(|n| has(n))
            && names.iter().any(|n| is_start(n));
        listed || Request::is_told_by(&names, Request::id(&names, &cells))
    }

    fn record(&self) -> Option<Record<'static>> {
        let text = |wanted: &str| self.text(wanted);
        let time = |wanted: &str| self.time(wanted);
        let request = Request {
            text: &text,
            time: &time,
        };
        request.record()
    }

    fn text(&self, wanted: &str) -> Option<String> {
        let mut all = self.members.iter().filter(|(n, _)| n == wanted);
        let found = all.find_map(|(_, value)| shown(value))?;
        if !found.bytes().all(|b| b.is_ascii_digit()) {
            return Some(found);
        }
        // Freshservice numbers what others name.
        match wanted {
            "status" => Some(numbered(&found)?.to_owned()),
            "change_type" | "type" | "category" | "subcategory" => None,
            _ => Some(found),
        }
    }

    fn time(&self, wanted: &str) -> Option<Reading> {
        let mut all = self.members.iter().filter(|(n, _)| n == wanted);
        all.find_map(|(_, value)| match value {
            // `{"display_value": "Mar 4, 2025 09:10 AM", "value": "1741075800000"}`
            Json::Object(pair) => payload::time_at(pair, &["value", "display_value"]),
            other => payload::instant(other),
        })
    }
}

fn is_start(name: &str) -> bool {
    name.ends_with("start") || name.contains("start_") || name.contains("started")
}

/// What a person would read: of an object its name, of several the first.
pub(super) fn shown(value: &Json<'_>) -> Option<String> {
    let found = match value {
        Json::Object(o) => o.scalar(&["name", "display_value", "displayName", "value", "email_id"]),
        Json::List(list) => return list.iter().find_map(shown),
        other => other.scalar(),
    }?;
    let found = found.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// Freshservice's states of a change.
fn numbered(status: &str) -> Option<&'static str> {
    Some(match status {
        "1" => "open",
        "2" => "planning",
        "3" => "awaiting approval",
        "4" => "scheduled",
        "5" => "review",
        "6" => "closed",
        _ => return None,
    })
}

/// `actualStart` as others spell it: `actual_start`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            out.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c);
    }
    out
}
