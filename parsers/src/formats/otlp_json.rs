//! Logs of OpenTelemetry as its protocol writes them in JSON: records within scopes within
//! resources, times in nanoseconds. The resource says which service and host.

use super::store_export;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::json::{self, Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::role::{Role, role};
use crate::token::{level, trace, whose, wrapped};
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "otlp-json",
    title: "OpenTelemetry logs (OTLP JSON)",
    reference: "https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"resourceLogs").is_some() || memmem::find(i, b"resource_logs").is_some()
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/otlp-json/input.jsonl"),
};

/// The formats of bodies that are lines which a collector read.
fn learn(head: &[u8]) -> Layout {
    if !(FORMAT.hint)(head) {
        return Layout::default();
    }
    let mut all = Vec::new();
    for range in cut::json(head, 0, true).0 {
        let entry = head.get(range).unwrap_or_default();
        if let Some(object) = json::object_or_beginning(entry) {
            records(&Payload::new(object, entry), &mut all);
        }
    }
    let lines = all.into_iter().map(|r| store_export::said(r.message).text);
    wrapped::layout(lines.map(|text| Cow::Owned(text.into_owned())))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let mut logs = Vec::new();
    payload::read(entry, is_export, records, &mut logs)?;
    for log in logs {
        if cx.layout.inner.is_empty() || log.message.is_empty() {
            out.push(log);
        } else {
            store_export::within(log, cx.layout, out);
        }
    }
    Some(())
}

/// The objects of a list that is spelt in one of two ways.
fn objects<'o, 'a>(of: &'o Object<'a>, names: [&str; 2]) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = names.map(|name| of.list(name));
    lists.into_iter().flatten().filter_map(Json::object)
}

fn is_export(object: &Object<'_>) -> bool {
    objects(object, RESOURCES).next().is_some()
}

const RESOURCES: [&str; 2] = ["resourceLogs", "resource_logs"];
const SCOPES: [&str; 2] = ["scopeLogs", "scope_logs"];
/// The name of scopes before version 0.15.
const LIBRARIES: [&str; 2] = ["instrumentationLibraryLogs", "instrumentation_library_logs"];
const RECORDS: [&str; 2] = ["logRecords", "log_records"];

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for resource in objects(&payload.object, RESOURCES) {
        for scope in objects(resource, SCOPES).chain(objects(resource, LIBRARIES)) {
            for log in objects(scope, RECORDS) {
                let mut record = record(log);
                record.part = payload.place(log);
                if let Some(name) = scope.text(&["scope.name", "instrumentationLibrary.name"])
                    && !name.is_empty()
                    && record.fields.get(field::LOGGER).is_none()
                {
                    record.fields.push(field::LOGGER, name);
                }
                for (name, value) in attributes(resource.list("resource.attributes")) {
                    attribute(&mut record, name, value);
                }
                out.push(record);
            }
        }
    }
}

fn record<'x>(log: &Object<'x>) -> Record<'x> {
    let body = log.get("body").and_then(plain);
    let mut record = Record::new(Kind::Log, body.unwrap_or_default());
    // A record whose source had no time has that of its observation.
    let when = |names: &[&str]| payload::time_at(log, names).filter(is_set);
    record.at = when(&["timeUnixNano", "time_unix_nano"])
        .or_else(|| when(&["observedTimeUnixNano", "observed_time_unix_nano"]));
    let number = log.scalar(&["severityNumber", "severity_number"]);
    let word = log.text(&["severityText", "severity_text"]);
    record.level = number
        .and_then(|n| severity(&n))
        .or_else(|| level::word(word?.trim().as_bytes()));
    if let Some(trace) = log.text(&["traceId", "trace_id"]).filter(|t| !t.is_empty()) {
        record.fields.push(field::REQUEST_ID, trace);
    }
    for (name, value) in attributes(log.list("attributes")) {
        attribute(&mut record, name, value);
    }
    if record.fields.get(field::ERROR).is_none()
        && let Some(class) = trace::error_class(record.message.as_bytes()).map(str::to_owned)
    {
        record.fields.push(field::ERROR, class);
    }
    record
}

fn is_set(at: &Reading) -> bool {
    at.when != crate::stamp::When::Instant(0)
}

/// `17`, or `SEVERITY_NUMBER_ERROR2`: four numbers for each level.
fn severity(number: &str) -> Option<Level> {
    let name = number.strip_prefix("SEVERITY_NUMBER_");
    if let Some(name) = name {
        return level::word(
            name.trim_end_matches(|c: char| c.is_ascii_digit())
                .as_bytes(),
        );
    }
    Some(match number.parse().ok()? {
        1..=4 => Level::Trace,
        5..=8 => Level::Debug,
        9..=12 => Level::Info,
        13..=16 => Level::Warn,
        17..=20 => Level::Error,
        21..=24 => Level::Fatal,
        _ => return None,
    })
}

/// Names and values of a list of attributes.
fn attributes<'o, 'x>(
    list: &'o [Json<'x>],
) -> impl Iterator<Item = (Cow<'x, str>, Cow<'x, str>)> + use<'o, 'x> {
    list.iter().filter_map(|a| {
        let a = a.object()?;
        Some((a.text(&["key"])?, plain(a.get("value")?)?))
    })
}

/// `{"stringValue":"…"}`, `{"intValue":"7"}` … as text; lists and maps as they are written.
fn plain<'x>(value: &Json<'x>) -> Option<Cow<'x, str>> {
    let Json::Object(object) = value else {
        return value.scalar();
    };
    let (_, inner) = object.iter().next()?;
    inner.scalar().or_else(|| {
        let Json::Object(inner) = inner else {
            return None;
        };
        let listed: Vec<_> = inner.list("values").iter().filter_map(plain).collect();
        let pairs = attributes(inner.list("values")).map(|(k, v)| format!("{k}={v}"));
        let pairs: Vec<String> = pairs.collect();
        Some(Cow::Owned(if pairs.is_empty() {
            listed.join(" ")
        } else {
            pairs.join(" ")
        }))
    })
}

/// Files an attribute by what the semantic conventions call it.
fn attribute<'x>(record: &mut Record<'x>, name: Cow<'x, str>, value: Cow<'x, str>) {
    match name.as_ref() {
        "service.name" => return record.service = Some(value),
        "host.name" | "k8s.pod.name" => {
            record.host.get_or_insert(value);
            return;
        }
        _ => {}
    }
    let place = match role(&name)
        .filter(|role| whose::suits(Some(*role), &value))
        .map(|r| r.0)
    {
        Some(Role::User) => field::USER,
        Some(Role::Method) => field::METHOD,
        Some(Role::Path) => field::PATH,
        Some(Role::Client) => field::CLIENT,
        Some(Role::Session) => field::SESSION,
        Some(Role::Error) => field::ERROR,
        Some(Role::Status) => {
            if let Ok(status) = value.parse::<i64>() {
                return record.fields.push(field::STATUS, status);
            }
            field::STATUS
        }
        _ => return record.fields.push(name, value),
    };
    if record.fields.get(place).is_none() {
        record.fields.push(place, value);
    }
}
