//! Kubernetes' events as the API and `kubectl get events -o json` give them, in both
//! versions. One event stands for `count` occurrences between two times.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::pod;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "kubernetes-event",
    title: "Kubernetes event",
    reference: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    cut: Cut::Json,
    specificity: 92,
    hint: |i| {
        memmem::find(i, b"involvedObject").is_some() || memmem::find(i, b"regarding").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/kubernetes-event/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// An event, a list of them, one as a watch gives it, or one that Cloud Logging keeps.
pub(super) fn is_mine(object: &Object<'_>) -> bool {
    is_event(object)
        || object.object("jsonPayload").is_some_and(is_event)
        || object.object("object").is_some_and(is_event)
        || object
            .list("items")
            .iter()
            .filter_map(Json::object)
            .any(is_event)
}

fn is_event(object: &Object<'_>) -> bool {
    let about = ["involvedObject", "regarding"];
    about.iter().any(|p| object.object(p).is_some())
        && object.text(&["reason"]).is_some()
        // Flux sends what looks much like it.
        && object.get("severity").is_none()
}

pub(super) fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_event(object) {
        return event(object, out);
    }
    if let Some(inner) = object.object("object").filter(|o| is_event(o)) {
        return event(inner, out);
    }
    if let Some(inner) = object.object("jsonPayload").filter(|o| is_event(o)) {
        // There each occurrence is an entry, with a time of its own.
        if let Some(at) = payload::time_at(object, &["timestamp"]) {
            let mut record = record(inner);
            record.at = Some(at);
            return out.push(record);
        }
        return event(inner, out);
    }
    let items = object.list("items").iter().filter_map(Json::object);
    for item in items.filter(|i| is_event(i)) {
        let from = out.len();
        event(item, out);
        for record in out.iter_mut().skip(from) {
            record.part = payload.place(item);
        }
    }
}

/// One record at the first occurrence and, if there were more, one at the last.
fn event<'x>(event: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let paths = ["firstTimestamp", "deprecatedFirstTimestamp", "eventTime"];
    let first = payload::time_at(event, &paths);
    let last = payload::time_at(
        event,
        &[
            "series.lastObservedTime",
            "lastTimestamp",
            "deprecatedLastTimestamp",
        ],
    );
    let made = || payload::time_at(event, &["metadata.creationTimestamp"]);
    let first = first.or(last).or_else(made);
    let count = event.scalar(&["series.count", "count", "deprecatedCount"]);
    let count = count.and_then(|c| c.parse::<i64>().ok()).unwrap_or(1);
    let mut times: Vec<Option<Reading>> = vec![first];
    if last.is_some() && last.map(|l| l.when) != first.map(|f| f.when) {
        times.push(last);
    }
    let several = times.len() > 1;
    for at in times {
        let mut record = record(event);
        record.at = at;
        record.fields.push("count", count);
        if let (true, Some(first), Some(last)) = (several, first, last) {
            record.fields.push("first_at", first);
            record.fields.push("last_at", last);
        }
        out.push(record);
    }
}

fn record<'x>(event: &Object<'x>) -> Record<'x> {
    let at = |tail: &str| {
        let both = [
            format!("involvedObject.{tail}"),
            format!("regarding.{tail}"),
        ];
        event.text(&[both[0].as_str(), both[1].as_str()])
    };
    let (kind, name) = (
        at("kind").unwrap_or_default(),
        at("name").unwrap_or_default(),
    );
    let reason = event.text(&["reason"]).unwrap_or_default();
    let text = event.text(&["message", "note"]).unwrap_or_default();
    let mut record = about(&reason, text, &kind, name);
    record.level = match event.text(&["type"]).as_deref() {
        Some("Warning") => Some(Level::Warn),
        Some("Normal") => Some(Level::Info),
        Some("Error") => Some(Level::Error),
        _ => None,
    };
    let hosts = ["source.host", "deprecatedSource.host"];
    record.host = event.text(&hosts);
    let fields = &mut record.fields;
    if let Some(namespace) = at("namespace") {
        fields.push("namespace", namespace.clone());
        place(&mut record, &namespace);
    }
    let fields = &mut record.fields;
    let components = [
        "source.component",
        "reportingComponent",
        "reportingController",
        "deprecatedSource.component",
    ];
    payload::file_first(fields, field::LOGGER, event, &components);
    payload::file_first(fields, field::ID, event, &["metadata.uid"]);
    record
}

/// What an event of any source says about an object.
pub(super) fn about<'x>(
    reason: &str,
    text: Cow<'x, str>,
    kind: &str,
    name: Cow<'x, str>,
) -> Record<'x> {
    // What scales or rolls out is a change; everything else is a log of the cluster.
    let scales = matches!(
        reason,
        "ScalingReplicaSet" | "SuccessfulRescale" | "DeploymentRollback"
    );
    let sort = if scales {
        Kind::Change(ChangeState::Finished)
    } else {
        Kind::Log
    };
    let message = match text.is_empty() {
        true => Cow::Owned(format!("{reason} {kind}/{name}")),
        // A long one is folded in YAML.
        false if text.contains('\n') => {
            Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        false => text,
    };
    let mut record = Record::new(sort, message);
    if scales {
        let change = if reason == "DeploymentRollback" {
            "rollback"
        } else {
            "scale"
        };
        record.fields.push(field::CHANGE, change);
    }
    let workload = workload(kind, &name);
    record.service = (!workload.is_empty()).then(|| Cow::Owned(workload.to_owned()));
    record.fields.push("reason", reason.to_owned());
    record
        .fields
        .push("object", format!("{}/{name}", kind.to_ascii_lowercase()));
    record
}

/// Tells what runs where no user is from what users have.
pub(super) fn place(record: &mut Record<'_>, namespace: &str) {
    let workload = record.service.as_deref();
    if let Some(name) = workload.and_then(|w| pod::within_namespace(w, namespace)) {
        record.service = Some(Cow::Owned(name));
    }
}

/// The workload that an object belongs to, by the suffixes that controllers append to its name.
fn workload<'n>(kind: &str, name: &'n str) -> &'n str {
    match kind.to_ascii_lowercase().as_str() {
        "pod" => pod::workload(name),
        "replicaset" | "job" => match name.rsplit_once('-') {
            Some((own, hash)) if pod::is_hash(hash) => own,
            _ => name,
        },
        "node" | "namespace" => "",
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::workload;

    #[test]
    fn pods_belong_to_workloads() {
        for (kind, name, of) in [
            ("Pod", "pricing-6b9d85fbd6-x2x4k", "pricing"),
            ("Pod", "stock-sync-28491840-q7wzp", "stock-sync"),
            ("Pod", "ledger-db-0", "ledger-db"),
            ("Pod", "fluentd-9xk2v", "fluentd"),
            ("Pod", "debug", "debug"),
            ("ReplicaSet", "pricing-6b9d85fbd6", "pricing"),
            ("Deployment", "edge-router", "edge-router"),
            ("Node", "worker-3", ""),
        ] {
            assert_eq!(workload(kind, name), of, "{kind}/{name}");
        }
    }
}
