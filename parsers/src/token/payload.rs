//! JSON payloads of products: as they were sent, or as somebody's receiver logged them
//! with the time of receipt around them.

use super::date::Order;
use super::epoch::epoch;
use super::json::{self, Json, Object};
use super::{level, time};
use crate::record::{Actor, Fields, Level, Record, Value};
use crate::stamp::{Reading, SECOND, When};
use std::borrow::Cow;

/// The member that holds the payload, where one is wrapped.
const BODIES: &[&str] = &[
    "body",
    "payload",
    "data",
    "request.body",
    "webhook",
    "message",
    "event",
    "raw",
    "json",
    "msg",
    "log",
    "http.request.body.content",
    "event.original",
    "payload.body",
    "data.body",
];
/// When the wrapper says that it was received.
const RECEIPTS: &[&str] = &[
    "received_at",
    "receivedAt",
    "received",
    "receipt_time",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "date",
];

/// A payload and the bytes that it stands in.
#[derive(Debug)]
pub struct Payload<'a> {
    /// What was sent.
    pub object: Object<'a>,
    /// The bytes of which `object` is a part.
    pub entry: &'a [u8],
    /// When somebody says that it was received.
    pub received: Option<Reading>,
}

impl<'a> Payload<'a> {
    /// A payload of which nobody says when it was received.
    #[must_use]
    pub const fn new(object: Object<'a>, entry: &'a [u8]) -> Self {
        Self {
            object,
            entry,
            received: None,
        }
    }

    /// Where `part` of this payload stands.
    #[must_use]
    pub fn place(&self, part: &Object<'a>) -> Option<std::ops::Range<usize>> {
        Some(part.part(self.entry))
    }
}

/// Pushes what a payload records.
type Records = for<'x> fn(&Payload<'x>, &mut Vec<Record<'x>>);

/// Reads the records of the payload that `entry` is or wraps, if `mine` knows it.
///
/// A record without a time of its own gets that of receipt, and says so; others
/// keep it in the field `received_at`.
pub fn read<'a>(
    entry: &'a [u8],
    mine: fn(&Object<'_>) -> bool,
    records: Records,
    out: &mut Vec<Record<'a>>,
) -> Option<()> {
    let outer = json::object_or_beginning(entry)?;
    if mine(&outer) {
        records(&Payload::new(outer, entry), out);
        return Some(());
    }
    let wrapped = Wrapped {
        entry,
        received: receipt(&outer),
        mine,
        records,
    };
    BODIES
        .iter()
        .find_map(|name| wrapped.body(outer.get(name)?, out))
}

/// When a wrapper says that it received what it wraps.
#[must_use]
pub fn receipt(wrapper: &Object<'_>) -> Option<Reading> {
    time_at(wrapper, RECEIPTS)
}

/// What is inside a wrapper, and what reads it.
struct Wrapped<'a> {
    entry: &'a [u8],
    received: Option<Reading>,
    mine: fn(&Object<'_>) -> bool,
    records: Records,
}

impl<'a> Wrapped<'a> {
    /// A body as an object, as several in an array, or as a text.
    fn body(&self, body: &Json<'a>, out: &mut Vec<Record<'a>>) -> Option<()> {
        match body {
            Json::Object(object) => self.object(object, out),
            Json::List(list) => {
                let mut found = None;
                for object in list.iter().filter_map(Json::object) {
                    found = self.object(object, out).or(found);
                }
                found
            }
            Json::Text(text) => self.text(&text.decode(), out),
            _ => None,
        }
    }

    fn object(&self, object: &Object<'a>, out: &mut Vec<Record<'a>>) -> Option<()> {
        (self.mine)(object).then_some(())?;
        let from = out.len();
        let payload = Payload {
            object: object.clone(),
            entry: self.entry,
            received: self.received,
        };
        (self.records)(&payload, out);
        for record in out.iter_mut().skip(from) {
            receive(record, self.received);
        }
        Some(())
    }

    /// JSON in a string, perhaps behind some words: `received webhook: {…}`.
    fn text(&self, body: &str, out: &mut Vec<Record<'a>>) -> Option<()> {
        let start = body.find(['{', '['])?;
        let body = body.get(start..).unwrap_or_default().as_bytes();
        let objects = match json::value(body)? {
            Json::Object(object) => vec![object],
            Json::List(list) => list.iter().filter_map(Json::object).cloned().collect(),
            _ => return None,
        };
        let mut found = None;
        for object in objects.into_iter().filter(|o| (self.mine)(o)) {
            let mut records = Vec::new();
            let payload = Payload {
                object,
                entry: body,
                received: self.received,
            };
            (self.records)(&payload, &mut records);
            for mut record in records {
                receive(&mut record, self.received);
                // Its place is in the decoded text, not in the entry.
                record.part = None;
                out.push(record.into_owned());
            }
            found = Some(());
        }
        found
    }
}

/// Gives `record` the time of receipt, if it has none of its own.
pub fn receive(record: &mut Record<'_>, received: Option<Reading>) {
    let Some(received) = received else { return };
    if record.at.is_none() {
        record.at = Some(received);
        record.received = true;
    } else {
        record.fields.push("received_at", received);
    }
}

/// A version as people say it: of a commit's hash the first digits.
#[must_use]
pub fn short_version(version: &str) -> &str {
    const SAID: usize = 8;
    const HASH: usize = 20;
    let hash = version.len() >= HASH && version.bytes().all(|b| b.is_ascii_hexdigit());
    version.get(..SAID).filter(|_| hash).unwrap_or(version)
}

/// The time that a JSON value states: an epoch, a text in any spelling, MongoDB's
/// `{"$date":…}`, protobuf's `{"seconds":…,"nanos":…}`.
#[must_use]
pub fn instant(value: &Json<'_>) -> Option<Reading> {
    match value {
        Json::Number(n) => epoch(n),
        Json::Text(t) => text_instant(&t.decode()),
        Json::Object(o) => o.get("$date").and_then(instant).or_else(|| {
            let whole = o.get("seconds").or_else(|| o.get("epochSecond"))?;
            let nanos = o.get("nanos").or_else(|| o.get("nanoOfSecond"));
            whole_and_nanos(&whole.scalar()?, &nanos.and_then(Json::scalar)?)
        }),
        Json::Null | Json::Bool(_) | Json::List(_) => None,
    }
}

/// An epoch in seconds with its nanoseconds told apart.
#[must_use]
pub fn whole_and_nanos(seconds: &str, nanos: &str) -> Option<Reading> {
    let nanos: i64 = nanos.parse().ok().filter(|n| (0..SECOND).contains(n))?;
    match epoch(seconds)?.when {
        When::Instant(at) => Some(Reading::instant(at + nanos, 9)),
        _ => None,
    }
}

/// The time that a whole text states.
#[must_use]
pub fn text_instant(text: &str) -> Option<Reading> {
    let text = text.trim();
    if let Some(found) = epoch(text) {
        return Some(found);
    }
    let unbracketed = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let bytes = unbracketed.unwrap_or(text).as_bytes();
    let read = |i| match time::any(Order::Unknown)(i) {
        Ok(([], found)) => Some(found),
        _ => None,
    };
    read(bytes).or_else(|| kibana(bytes)).or_else(|| {
        // "Fri, 19 Jan 2024 …": the weekday says nothing more.
        let comma = memchr::memchr(b',', bytes).filter(|n| *n <= 9)?;
        read(bytes.get(comma + 1..)?.trim_ascii_start())
    })
}

/// `May 6, 2025 @ 08:00:00.120`
fn kibana(text: &[u8]) -> Option<Reading> {
    let at = memchr::memmem::find(text, b" @ ")?;
    let (date, clock) = (text.get(..at)?, text.get(at + 3..)?);
    let text = [date, b" ", clock].concat();
    match time::any(Order::Unknown)(&text) {
        Ok(([], found)) => Some(found),
        _ => None,
    }
}

/// The first of `paths` that states a time.
#[must_use]
pub fn time_at(object: &Object<'_>, paths: &[&str]) -> Option<Reading> {
    paths.iter().find_map(|p| instant(object.get(p)?))
}

/// The level of a severity or priority as alerting products word it.
#[must_use]
pub fn severity(word: &str) -> Option<Level> {
    level::word(word.trim().as_bytes()).or_else(|| {
        let lower = word.trim().to_ascii_lowercase();
        Some(match lower.as_str() {
            "p1" | "sev1" | "sev0" | "p0" | "s1" | "sev-1" | "sev-0" | "page" | "down"
            | "urgent" | "highest" | "blocker" => Level::Fatal,
            "p2" | "sev2" | "s2" | "sev-2" | "high" | "major" => Level::Error,
            "p3" | "sev3" | "s3" | "sev-3" | "minor" | "medium" | "average" | "normal"
            | "ticket" => Level::Warn,
            "p4" | "p5" | "sev4" | "sev5" | "s4" | "low" | "lowest" | "none" | "ok" | "up" => {
                Level::Info
            }
            _ => return None,
        })
    })
}

/// Files `value` under `name`, as a number where it is one.
pub fn file<'a>(fields: &mut Fields<'a>, name: impl Into<Cow<'a, str>>, value: &Json<'a>) {
    match value {
        Json::Null | Json::Object(_) => {}
        Json::List(list) => {
            let words: Vec<_> = list.iter().filter_map(Json::scalar).collect();
            if !words.is_empty() {
                fields.push(name, words.join(", "));
            }
        }
        Json::Number(n) => fields.push(name, number(n)),
        Json::Text(t) if t.raw().is_empty() => {}
        Json::Text(t) => fields.push(name, t.decode()),
        Json::Bool(b) => fields.push(name, if *b { "true" } else { "false" }),
    }
}

/// A number as a field keeps it: whole where it is whole.
#[must_use]
pub fn number(written: &str) -> Value<'_> {
    if let Ok(int) = written.parse::<i64>() {
        return Value::Int(int);
    }
    match written.parse::<f64>() {
        Ok(float) if float.is_finite() => Value::Float(float),
        _ => Value::Text(Cow::Borrowed(written)),
    }
}

/// Files the scalar at the first of `paths` that has one under `name`.
pub fn file_first<'a>(
    fields: &mut Fields<'a>,
    name: &'static str,
    object: &Object<'a>,
    paths: &[&str],
) {
    if let Some(text) = object.scalar(paths) {
        fields.push(name, text);
    }
}

/// Files every scalar within `object` under its dotted path, but those that `skip` names.
pub fn file_all<'a>(fields: &mut Fields<'a>, object: &Object<'a>, skip: &dyn Fn(&str) -> bool) {
    walk(object, &mut |path, value| {
        if !skip(&path) {
            file(fields, path, value);
        }
    });
}

/// Gives every value within `object` that is no object, with its dotted path. Objects in
/// arrays are numbered.
pub fn walk<'o, 'a>(object: &'o Object<'a>, each: &mut dyn FnMut(Cow<'a, str>, &'o Json<'a>)) {
    for (name, value) in object.iter() {
        walk_value(name.clone(), value, each);
    }
}

fn walk_value<'o, 'a>(
    path: Cow<'a, str>,
    value: &'o Json<'a>,
    each: &mut dyn FnMut(Cow<'a, str>, &'o Json<'a>),
) {
    match value {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                walk_value(Cow::Owned(format!("{path}.{name}")), value, each);
            }
        }
        Json::List(list) if list.iter().any(|e| matches!(e, Json::Object(_))) => {
            for (n, value) in list.iter().enumerate() {
                walk_value(Cow::Owned(format!("{path}.{n}")), value, each);
            }
        }
        _ => each(path, value),
    }
}

/// Somebody, and whether it is a program: products say so, or its name does.
#[must_use]
pub fn actor<'a>(name: impl Into<Cow<'a, str>>, bot: bool) -> Actor<'a> {
    let name = name.into();
    let bot = bot || sounds_automatic(&name);
    Actor { name, bot }
}

/// Words in the names of accounts of programs.
#[rustfmt::skip]
const PROGRAMS: &[&str] = &[
    "bot", "ci", "cd", "ci-cd", "cicd", "jenkins", "argocd", "flux", "system", "automation", "automatic",
    "automated", "auto", "autoack", "autoresponder", "webhook", "integration", "api", "workflow",
    "scheduler", "cron", "pipeline", "deployer", "autoscaler", "hpa", "github", "gitlab", "terraform",
    "ansible", "spinnaker", "timeout", "statuspage", "dynatrace", "datadog", "zabbix", "nagios", "icinga",
    "prometheus", "alertmanager", "grafana", "appdynamics", "solarwinds", "pagerduty", "opsgenie", "xmatters",
];

/// Whether an account's name is that of a program.
#[must_use]
pub fn sounds_automatic(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let word = |w: &str| {
        lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|p| p == w)
    };
    lower.ends_with("[bot]")
        || PROGRAMS.iter().any(|w| word(w))
        || lower.replace(['-', '_'], " ").contains("status page")
        || lower.ends_with("bot")
            && !lower.ends_with("abbot")
            && !lower.contains(' ')
            && lower.len() > 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notation(text: &str) -> Option<String> {
        text_instant(text).map(|r| r.notation())
    }

    #[test]
    fn texts_state_times() {
        for (text, expected) in [
            ("2024-01-19T10:30:02.118Z", "2024-01-19T10:30:02.118Z"),
            ("2024-01-19T10:30:02.118+0100", "2024-01-19T09:30:02.118Z"),
            ("1705660202118", "2024-01-19T10:30:02.118Z"),
            ("2024-01-19 10:30:02", "2024-01-19T10:30:02"),
            ("Fri, 19 Jan 2024 10:30:02 GMT", "2024-01-19T10:30:02Z"),
            ("Fri Jan 19 10:30:02 2024", "2024-01-19T10:30:02"),
            ("Jan 19, 2024 @ 10:30:02.118", "2024-01-19T10:30:02.118"),
        ] {
            assert_eq!(notation(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "0001-01-01T00:00:00Z",
            "2024-01-19T10:30:02Z later",
            "200",
        ] {
            assert_eq!(notation(text), None, "{text}");
        }
    }

    #[test]
    fn wrapped_payloads_keep_when_they_were_received() {
        fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
            let message = payload.object.text(&["say"]).unwrap_or_default();
            let mut record = Record::new(crate::Kind::Log, message);
            record.at = time_at(&payload.object, &["when"]);
            out.push(record);
        }
        let mine = |o: &Object<'_>| o.get("say").is_some();
        let all: &[&[u8]] = &[
            br#"{"say":"a"}"#,
            br#"{"received_at":"2024-01-19T10:30:02Z","body":{"say":"b"}}"#,
            br#"{"ts":1705660202,"payload":"{\"say\":\"c\",\"when\":1705660200}"}"#,
        ];
        let mut out = Vec::new();
        for entry in all {
            assert!(read(entry, mine, records, &mut out).is_some());
        }
        let times: Vec<_> = out
            .iter()
            .map(|r| (r.at.map(|t| t.notation()), r.received))
            .collect();
        assert_eq!(times[0], (None, false));
        assert_eq!(times[1], (Some("2024-01-19T10:30:02Z".to_owned()), true));
        assert_eq!(times[2], (Some("2024-01-19T10:30:00Z".to_owned()), false));
        assert!(out[2].fields.get("received_at").is_some());
        assert_eq!(read(b"{\"body\":{}}", mine, records, &mut out), None);
    }

    #[test]
    fn names_of_programs() {
        for bot in [
            "dependabot[bot]",
            "Acme Statuspage",
            "deploy-bot",
            "ci",
            "argocd",
            "system",
            "opsbot",
        ] {
            assert!(sounds_automatic(bot), "{bot}");
        }
        for person in ["maria.lind", "Abbot", "Cid", "Bo", "Jo Talbot"] {
            assert!(!sounds_automatic(person), "{person}");
        }
    }
}
