//! Kubernetes events: what the cluster says happened to its objects, as `kubectl get events
//! -o json` lists them, event exporters write them, or Cloud Logging keeps them.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "kubernetes-event",
    title: "Kubernetes events",
    reference: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    cut: Cut::Json,
    specificity: 86,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/kubernetes-event/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_any, records, out)
}

fn is_any(object: &Object<'_>) -> bool {
    let first = object.list("items").first().and_then(Json::object);
    is_event(object) || inside(object).is_some() || first.is_some_and(is_event)
}

fn is_event(object: &Object<'_>) -> bool {
    subject(object).is_some() && ["reason", "type"].iter().all(|n| object.get(n).is_some())
}

/// What the event is about.
fn subject<'o, 'x>(event: &'o Object<'x>) -> Option<&'o Object<'x>> {
    let about = event
        .object("involvedObject")
        .or_else(|| event.object("regarding"))?;
    about.get("kind").is_some().then_some(about)
}

/// The event that an entry of Cloud Logging holds.
fn inside<'o, 'x>(object: &'o Object<'x>) -> Option<&'o Object<'x>> {
    object.object("jsonPayload").filter(|o| is_event(o))
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if let Some(event) = inside(object) {
        let mut record = record(event);
        record.at = payload::time_at(object, &["timestamp"]).or(record.at);
        return out.push(record);
    }
    if is_event(object) {
        return out.push(record(object));
    }
    for event in object.list("items") {
        if let Some(event) = event.object().filter(|e| is_event(e)) {
            let part = payload.place(event);
            out.push(Record {
                part,
                ..record(event)
            });
        }
    }
}

fn record<'x>(event: &Object<'x>) -> Record<'x> {
    let reason = event.text(&["reason"]).unwrap_or_default();
    let said = event.text(&["message", "note"]);
    let message = match said {
        Some(said) => format!("{reason}: {}", said.trim_end()),
        None => reason.clone().into_owned(),
    };
    let mut record = Record::new(Kind::Log, message);
    // The last of several occurrences: the entry was written when that happened.
    record.at = payload::time_at(
        event,
        &[
            "series.lastObservedTime",
            "lastTimestamp",
            "deprecatedLastTimestamp",
            "eventTime",
            "firstTimestamp",
            "metadata.creationTimestamp",
        ],
    );
    record.level = Some(match &*event.text(&["type"]).unwrap_or_default() {
        "Warning" => Level::Warn,
        "Error" => Level::Error,
        _ => Level::Info,
    });
    record.host = event.text(&["source.host", "deprecatedSource.host"]);
    let reporter = event.text(&["source.component", "reportingComponent"]);
    if let Some(about) = subject(event) {
        record.service = workload(about);
    }
    let fields = &mut record.fields;
    fields.push("reason", reason);
    if let Some(reporter) = reporter {
        fields.push(field::LOGGER, reporter);
    }
    payload::file_all(fields, event, &|path| {
        !(path.starts_with("involvedObject")
            || path.starts_with("regarding")
            || matches!(path, "count" | "action" | "firstTimestamp" | "series.count"))
    });
    record
}

/// The name of what runs: a pod's without what its controllers append to theirs.
fn workload<'x>(about: &Object<'x>) -> Option<std::borrow::Cow<'x, str>> {
    let name = about.text(&["name"])?;
    let pod = about.text(&["kind"])? == "Pod";
    let set = about.text(&["kind"])? == "ReplicaSet";
    // Random parts have no vowels and few digits, so that they spell nothing.
    let random = |part: &str, len: std::ops::RangeInclusive<usize>| {
        len.contains(&part.len())
            && part
                .bytes()
                .all(|b| b"bcdfghjklmnpqrstvwxz2456789".contains(&b))
    };
    let mut base = &*name;
    if pod && let Some((rest, tail)) = base.rsplit_once('-') {
        let ordinal = tail.len() <= 3 && tail.bytes().all(|b| b.is_ascii_digit());
        if random(tail, 5..=5) || ordinal {
            base = rest;
        }
    }
    if (set || (pod && base.len() < name.len()))
        && let Some((rest, tail)) = base.rsplit_once('-')
        && random(tail, 6..=10)
    {
        base = rest;
    }
    Some(std::borrow::Cow::Owned(base.to_owned()))
}
