//! Elasticsearch's and OpenSearch's JSON logs: their own (`"type": "server"`) and ECS, the
//! slow logs and stack traces over several lines among them.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::json::{self, Json, Object};
use crate::token::text::without_port;
use crate::token::{duration, level, payload, trace};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "elasticsearch-json",
    title: "Elasticsearch / OpenSearch log in JSON",
    reference: "https://www.elastic.co/guide/en/elasticsearch/reference/current/logging.html",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/elasticsearch-json/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    // A stack trace is an array of lines: the first line alone is the beginning of an object.
    let object = json::object_or_beginning(entry)?;
    let own = object.get("node.name").is_some() && object.get("cluster.name").is_some();
    let ecs = object.get("elasticsearch.node.name").is_some()
        || object.get("elasticsearch.cluster.name").is_some();
    let audit = object.get("event.action").is_some() && object.get("origin.type").is_some();
    if !own && !ecs && !audit {
        return None;
    }
    let at = payload::time_at(&object, &["timestamp", "@timestamp"])?;
    let mut record = Record::new(Kind::Log, message(&object));
    record.at = Some(at);
    record.level = object
        .text(&["level", "log.level"])
        .and_then(|l| level::word(l.trim().as_bytes()))
        .or_else(|| audited(&object));
    record.host = object.text(&["node.name", "elasticsearch.node.name", "host.name"]);
    let fields = &mut record.fields;
    payload::file_first(fields, field::LOGGER, &object, &["component", "log.logger"]);
    if let Some(ms) = took(&object) {
        fields.push(field::LATENCY_MS, ms);
    }
    for (name, paths) in [
        (field::USER, &["user.name", "x-opaque-id"][..1]),
        (
            field::REQUEST_ID,
            &["x-opaque-id", "request.id", "trace.id"],
        ),
        (field::PATH, &["url.path"]),
        (field::METHOD, &["request.method"]),
    ] {
        payload::file_first(fields, name, &object, paths);
    }
    if let Some(client) = object.text(&["origin.address", "client.address"]) {
        fields.push(field::CLIENT, without_port(&client).to_owned());
    }
    if let Some(error) = error(&object) {
        fields.push(field::ERROR, error);
    }
    payload::file_all(fields, &object, &|path| {
        path.ends_with("timestamp")
            || matches!(
                path,
                "message" | "level" | "log.level" | "component" | "log.logger" | "node.name"
            )
            || path.contains("stack")
            || path == "url.path"
    });
    out.push(record);
    Some(())
}

/// What is said; a slow log says what was slow, an audit log what somebody did.
fn message<'a>(object: &Object<'a>) -> Cow<'a, str> {
    let said = object.text(&["message", "elasticsearch.slowlog.message"]);
    let took = object.scalar(&["took", "elasticsearch.slowlog.took"]);
    let query = object.text(&["source", "elasticsearch.slowlog.source"]);
    if let (Some(said), Some(took)) = (&said, took) {
        let query = query.map_or_else(String::new, |q| format!(" {q}"));
        return Cow::Owned(format!("{said} took[{took}]{query}"));
    }
    let action = || {
        let acts = ["event.action", "action", "request.name", "url.path"];
        let words: Vec<_> = acts.iter().filter_map(|n| object.text(&[n])).collect();
        Cow::Owned(words.join(" "))
    };
    said.unwrap_or_else(action)
}

fn took(object: &Object<'_>) -> Option<f64> {
    let millis = ["took_millis", "elasticsearch.slowlog.took_millis"];
    duration::millis(&object.scalar(&millis)?, duration::Unit::Millis)
}

/// The audit log has no level; who is refused is worth a look.
fn audited(object: &Object<'_>) -> Option<Level> {
    let action = object.text(&["event.action"])?;
    Some(match &*action {
        "access_denied"
        | "authentication_failed"
        | "realm_authentication_failed"
        | "anonymous_access_denied"
        | "tampered_request"
        | "connection_denied" => Level::Warn,
        _ => Level::Info,
    })
}

fn error<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    object.text(&["error.type", "exception.type"]).or_else(|| {
        let first = match object
            .get("stacktrace")
            .or_else(|| object.get("error.stack_trace"))?
        {
            Json::List(lines) => lines.first()?.text()?,
            other => other.text()?,
        };
        let class = trace::error_class(first.as_bytes())?;
        Some(Cow::Owned(class.to_owned()))
    })
}
