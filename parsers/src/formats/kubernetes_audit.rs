//! Kubernetes audit: every request that the API server answered, one JSON object a line
//! or a list of them as its webhook sends it.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::stamp::When;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "kubernetes-audit",
    title: "Kubernetes audit",
    reference: "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
    cut: Cut::Json,
    specificity: 88,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/kubernetes-audit/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, |o| is_audit(o) || is_list(o), records, out)
}

fn is_audit(object: &Object<'_>) -> bool {
    object.get("auditID").is_some() && object.get("stage").is_some()
}

fn is_list(object: &Object<'_>) -> bool {
    object
        .list("items")
        .first()
        .and_then(Json::object)
        .is_some_and(is_audit)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    if is_audit(&payload.object) {
        return out.push(record(&payload.object));
    }
    for event in payload.object.list("items") {
        if let Some(event) = event.object().filter(|e| is_audit(e)) {
            let part = payload.place(event);
            out.push(Record {
                part,
                ..record(event)
            });
        }
    }
}

fn record<'x>(event: &Object<'x>) -> Record<'x> {
    let verb = event.text(&["verb"]).unwrap_or_default();
    let status = event
        .scalar(&["responseStatus.code"])
        .and_then(|s| s.parse::<i64>().ok());
    let change = changes(event, &verb);
    // What is still under way has no status yet.
    let kind = match (change, status) {
        (Some(_), Some(..=299)) => Kind::Change(ChangeState::Finished),
        (_, Some(_)) => Kind::Access,
        (_, None) => Kind::Log,
    };
    let mut record = Record::new(kind, message(event, &verb));
    record.at = payload::time_at(event, &["stageTimestamp", "requestReceivedTimestamp"]);
    record.level = status.filter(|s| *s >= 500).map(|_| Level::Error);
    let user = event.text(&["impersonatedUser.username", "user.username"]);
    if let (Some(user), Kind::Change(_)) = (&user, kind) {
        record.actor = Some(payload::actor(user.clone(), false));
        record.service = event.text(&["objectRef.name"]);
    }
    let fields = &mut record.fields;
    if let (Some(change), Kind::Change(_)) = (change, kind) {
        fields.push(field::CHANGE, change);
    }
    fields.push(field::METHOD, verb);
    if let Some(uri) = event.text(&["requestURI"]) {
        let path = uri.split('?').next().unwrap_or_default().to_owned();
        fields.push(field::PATH, path);
    }
    if let Some(status) = status {
        fields.push(field::STATUS, status);
    }
    if let Some(ms) = took(event) {
        fields.push(field::LATENCY_MS, ms);
    }
    if let Some(user) = user {
        fields.push(field::USER, user);
    }
    if let Some(client) = event.list("sourceIPs").first().and_then(Json::text) {
        fields.push(field::CLIENT, client);
    }
    payload::file_first(fields, field::REQUEST_ID, event, &["auditID"]);
    payload::file_first(fields, field::ERROR, event, &["responseStatus.reason"]);
    payload::file_all(fields, event, &|path| {
        matches!(
            path,
            "verb"
                | "requestURI"
                | "responseStatus.code"
                | "responseStatus.reason"
                | "auditID"
                | "stageTimestamp"
                | "user.username"
                | "kind"
                | "apiVersion"
        ) || path.starts_with("requestObject")
            || path.starts_with("responseObject")
    });
    record
}

/// `patch deployments shop/basket: 403 Forbidden…`
fn message(event: &Object<'_>, verb: &str) -> String {
    let mut text = verb.to_owned();
    match event.text(&["objectRef.resource"]) {
        Some(resource) => {
            let of = |path| event.text(&[path]);
            text = format!("{text} {resource}");
            if let Some(part) = of("objectRef.subresource") {
                text = format!("{text}/{part}");
            }
            let name = [of("objectRef.namespace"), of("objectRef.name")];
            let name: Vec<Cow<'_, str>> = name.into_iter().flatten().collect();
            if !name.is_empty() {
                text = format!("{text} {}", name.join("/"));
            }
        }
        None => {
            let uri = event.text(&["requestURI"]).unwrap_or_default();
            text = format!("{text} {uri}");
        }
    }
    if let Some(code) = event.scalar(&["responseStatus.code"]) {
        text = format!("{text}: {code}");
    }
    match event.text(&["responseStatus.message"]) {
        Some(why) => format!("{text} {why}"),
        None => text,
    }
}

/// From the request's receipt to its answer, in milliseconds.
fn took(event: &Object<'_>) -> Option<f64> {
    let nanos = |path| match payload::time_at(event, &[path])?.when {
        When::Instant(n) => Some(n),
        _ => None,
    };
    let took = nanos("stageTimestamp")? - nanos("requestReceivedTimestamp")?;
    #[allow(clippy::cast_precision_loss)]
    (event.text(&["stage"])? == "ResponseComplete").then_some(took as f64 / 1e6)
}

/// The kind of change that somebody made to what runs. What the cluster's own parts do all day
/// (status, leases, replicas, endpoints) is none.
fn changes(event: &Object<'_>, verb: &str) -> Option<&'static str> {
    if !matches!(verb, "create" | "update" | "patch" | "delete")
        || event.text(&["stage"])? != "ResponseComplete"
        || event.text(&["user.username"])?.starts_with("system:")
    {
        return None;
    }
    let part = event.text(&["objectRef.subresource"]);
    Some(
        match (&*event.text(&["objectRef.resource"])?, part.as_deref()) {
            (_, Some("scale")) => "scale",
            (_, Some(_)) => return None,
            ("deployments" | "statefulsets" | "daemonsets" | "cronjobs" | "rollouts", _) => {
                "deploy"
            }
            ("configmaps" | "ingresses" | "services" | "networkpolicies", _) => "config",
            ("secrets", _) => "secret",
            ("horizontalpodautoscalers", _) => "scale",
            ("pods" | "nodes", _) if verb == "delete" => "restart",
            ("nodes", _) => "infrastructure",
            _ => return None,
        },
    )
}
