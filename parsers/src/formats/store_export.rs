//! Entries of a log store, exported as its interface gives them: Elasticsearch and Kibana, Loki,
//! CloudWatch Logs, Datadog, Splunk, Google Cloud Logging. The store knows when and where from;
//! the line that the program wrote is read by its own format.

use super::csv_log::file;
use super::{docker_json, json_lines};
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record};
use crate::stamp::Reading;
use crate::token::json::{self, Json, Object};
use crate::token::pod::{self, workload};
use crate::token::wrapped::{self, Line};
use crate::token::{level, payload};
use nom::Offset;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "store-export",
    title: "Export of a log store (Elasticsearch, Loki, CloudWatch, Datadog, Splunk, Cloud Logging)",
    reference: "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search",
    cut: Cut::Json,
    specificity: 91,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/store-export/input.json"),
};

/// Letters that Kubernetes draws for a pod's name.
const DRAWN: usize = 5;
/// Wrappers within a line that are undone: a runtime's within a shipper's.
const WRAPPERS: usize = 3;

fn learn(head: &[u8]) -> Layout {
    let start = head.iter().find(|b| !b.is_ascii_whitespace());
    if !matches!(start, Some(b'{' | b'[')) {
        return Layout::default();
    }
    let mut outer = Vec::new();
    for range in cut::json(head, 0, true).0 {
        let entry = head.get(range).unwrap_or_default();
        if let Some(object) = json::object_or_beginning(entry) {
            rows(&object, entry, &mut outer);
        }
    }
    wrapped::layout(outer.into_iter().map(|r| said(r.message).text))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object_or_beginning(entry)?;
    let mut outer = Vec::new();
    if !rows(&object, entry, &mut outer) {
        return None;
    }
    for record in outer {
        within(record, cx.layout, out);
    }
    Some(())
}

/// Reads the message of `outer` as the line of a program; what the line does not say, `outer` does.
pub(super) fn within<'a>(mut outer: Record<'a>, layout: &Layout, out: &mut Vec<Record<'a>>) {
    let mut line = said(std::mem::take(&mut outer.message));
    line.at = outer.at;
    let from = out.len();
    let _ = wrapped::read(vec![line], layout, out);
    for record in out.iter_mut().skip(from) {
        record.continues = false; // an entry of the store, whatever its line looks like
        record.part = outer.part.clone();
        if record.kind == Kind::Log {
            record.kind = outer.kind; // a request that the store tells of, not its message
        }
        wrapped::complete(record, &outer);
    }
}

/// A message as the line that the program wrote, without what runtimes put around it.
pub(super) fn said(message: Cow<'_, str>) -> Line<'_> {
    let mut stream = None;
    let mut text = message;
    for _ in 0..WRAPPERS {
        let Some((log, from)) = unwrapped(&text) else {
            break;
        };
        stream = stream.or(from);
        text = Cow::Owned(log);
    }
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end().as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.trim_end().as_bytes().to_vec()),
    };
    Line {
        at: None,
        stream: stream.map(Cow::Owned),
        text,
        partial: false,
    }
}

/// What Docker's or the container runtime's line holds, and its stream.
fn unwrapped(text: &str) -> Option<(String, Option<String>)> {
    if let Some(object) = json::object(text.as_bytes()).filter(docker_json::is_wrapper) {
        let stream = object.text(&["stream"]).map(Cow::into_owned);
        return Some((object.text(&["log"])?.into_owned(), stream));
    }
    let (_, line) = super::cri::line(text.as_bytes()).ok()?;
    let stream = line.stream.map(Cow::into_owned);
    Some((String::from_utf8_lossy(&line.text).into_owned(), stream))
}

/// The entries of an export; whether it is one.
fn rows<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    elastic(object, entry, out)
        || loki(object, entry, out)
        || cloudwatch(object, entry, out)
        || insights(object, out)
        || datadog(object, entry, out)
        || splunk(object, entry, out)
        || google(object, entry, out)
}

/// What an entry says by the names of its members.
fn described<'a>(row: &Object<'a>, entry: &'a [u8], part: Option<&Object<'a>>) -> Record<'a> {
    let (mut record, _) = json_lines::read(row, entry);
    record.part = part.map(|o| o.part(entry));
    if record.service.is_none() {
        record.service = origin(&record);
    }
    record
}

/// The service by what it ran in, where nothing names it.
pub(super) fn origin<'a>(record: &Record<'a>) -> Option<Cow<'a, str>> {
    let stream = ["logStreamName", "logStream", "logstream", "@logstream"];
    let stream = stream.iter().find_map(|n| record.fields.text(n));
    let group = ["logGroup", "logGroupName", "loggroup", "@log", "@loggroup"];
    if let Some(group) = group.iter().find_map(|n| record.fields.text(n)) {
        // A group may be of all containers of a cluster: then the stream says of which.
        let name = stream
            .and_then(streaming)
            .or_else(|| group.rsplit(['/', ':']).next())?;
        return Some(Cow::Owned(name.to_owned()));
    }
    if let Some(name) = stream.and_then(streaming) {
        return Some(Cow::Owned(name.to_owned()));
    }
    let pod = record.host.as_deref()?;
    let name = workload(pod);
    // A machine may have a number; the letters that are drawn only pods have.
    (name.len() + DRAWN < pod.len()).then(|| Cow::Owned(name.to_owned()))
}

/// The service of a stream in CloudWatch: `prefix/container/task` of ECS, or the file on a node that an agent reads,
/// `ip-10-1-2-3-application.var.log.containers.<pod>_<namespace>_<container>-<id>.log`.
pub(super) fn streaming(stream: &str) -> Option<&str> {
    if let Some((_, file)) = stream.split_once("log.containers.") {
        let file = file.strip_suffix(".log").unwrap_or(file);
        return pod::source(file).map(|s| s.service());
    }
    // A function's stream begins with a date.
    let mut parts = stream.rsplit('/');
    let (task, name) = (parts.next()?, parts.next()?);
    let is_id = task.len() >= 8 && task.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let named = is_id && parts.next().is_some() && !name.bytes().any(|b| b == b'[');
    named.then_some(name)
}

/// `{"hits":{"hits":[{"_source":{…}}]}}`, and each hit by itself.
fn elastic<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    let mut hit = |object: &Object<'a>, inside: bool| {
        let source = object.object("_source").or_else(|| object.object("fields"));
        let known = object.get("_index").is_some() || object.get("_id").is_some();
        let Some(source) = source.filter(|_| known) else {
            return false;
        };
        out.push(described(source, entry, Some(object).filter(|_| inside)));
        true
    };
    match object.get("hits") {
        Some(Json::Object(hits)) if hits.get("hits").is_some() => {
            for found in hits.list("hits").iter().filter_map(Json::object) {
                hit(found, true);
            }
            true
        }
        _ => hit(object, false),
    }
}

/// `{"data":{"result":[{"stream":{…},"values":[["ns","line"]]}]}}`, what clients push, and the
/// lines of `logcli --output=jsonl`.
fn loki<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    if let (Some(labels), Some(Json::Text(line))) = (object.object("labels"), object.get("line")) {
        let at = payload::time_at(object, &["timestamp"]);
        out.push(labelled(labels, entry, at, line.decode()));
        return at.is_some();
    }
    let mut streams = object.list("data.result");
    if streams.is_empty() {
        streams = object.list("streams");
    }
    let mut any = false;
    for stream in streams.iter().filter_map(Json::object) {
        let Some(labels) = stream.object("stream") else {
            continue;
        };
        for value in stream.list("values") {
            if let [at, Json::Text(line), ..] = value.list() {
                let at = payload::instant(at);
                let mut record = labelled(labels, entry, at, line.decode());
                let from = entry.offset(line.raw());
                record.part = Some(from..from + line.raw().len());
                out.push(record);
                any = true;
            }
        }
    }
    any || object.text(&["data.resultType"]).as_deref() == Some("streams")
}

fn labelled<'a>(
    labels: &Object<'a>,
    entry: &'a [u8],
    at: Option<Reading>,
    line: Cow<'a, str>,
) -> Record<'a> {
    let mut record = described(labels, entry, None);
    record.kind = Kind::Log;
    record.at = at;
    record.message = line;
    let detected = record.fields.text("detected_level");
    record.level = record.level.or_else(|| level::word(detected?.as_bytes()));
    record
}

/// `{"events":[{"timestamp":ms,"message":"…"}]}` of `filter-log-events` and `get-log-events`,
/// `{"logGroup":…,"logEvents":[…]}` of subscriptions.
fn cloudwatch<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    let events = match object.list("logEvents") {
        [] => object.list("events"),
        events => events,
    };
    let is_event = |o: &Object<'_>| {
        matches!(o.get("timestamp"), Some(Json::Number(_)))
            && matches!(o.get("message"), Some(Json::Text(_)))
    };
    let mut events = events.iter().filter_map(Json::object).peekable();
    if !events.peek().is_some_and(|e| is_event(e)) {
        return false;
    }
    let group = object.text(&["logGroup"]);
    for event in events.filter(|e| is_event(e)) {
        let mut record = described(event, entry, Some(event));
        if let Some(group) = &group {
            record.fields.push("logGroup", group.clone());
            record.service = origin(&record).or(record.service);
        }
        out.push(record);
    }
    true
}

/// `{"results":[[{"field":"@timestamp","value":"…"},…]]}` of CloudWatch Logs Insights.
fn insights<'a>(object: &Object<'a>, out: &mut Vec<Record<'a>>) -> bool {
    let mut any = false;
    for row in object.list("results") {
        let mut record = Record::new(Kind::Log, "");
        for cell in row.list().iter().filter_map(Json::object) {
            let (Some(name), Some(value)) = (cell.text(&["field"]), cell.text(&["value"])) else {
                continue;
            };
            match name.as_ref() {
                "@timestamp" => record.at = payload::text_instant(&value).map(|at| at.at_offset(0)),
                "@message" => record.message = value,
                "@ptr" => {}
                _ => file(&mut record, &name, value),
            }
        }
        if record.at.is_some() && !record.message.is_empty() {
            any = true;
            record.service = record.service.take().or_else(|| origin(&record));
            out.push(record);
        }
    }
    any
}

/// `{"data":[{"type":"log","attributes":{…}}]}`, each entry by itself, and `content` before that.
fn datadog<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    let mut take = |object: &Object<'a>, inside: bool| {
        let is_log = object.text(&["type"]).as_deref() == Some("log");
        let body = object.object("attributes").filter(|_| is_log);
        let Some(body) = body.or_else(|| object.object("content")) else {
            return false;
        };
        if body.get("timestamp").is_none() || body.get("message").is_none() {
            return false;
        }
        let mut record = described(body, entry, Some(object).filter(|_| inside));
        record.kind = Kind::Log; // its `status` is a level
        record.level = body
            .text(&["status"])
            .and_then(|s| payload::severity(&s))
            .or(record.level);
        out.push(record);
        true
    };
    let listed = match object.list("data") {
        [] => object.list("logs"),
        data => data,
    };
    let mut any = false;
    for found in listed.iter().filter_map(Json::object) {
        any |= take(found, true);
    }
    any || take(object, false)
}

/// `{"result":{"_raw":"…","_time":"…"}}`, one a line, or `{"results":[{…}]}`.
fn splunk<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    let mut take = |row: &Object<'a>, inside: bool| {
        let Some(raw) = row.text(&["_raw"]) else {
            return false;
        };
        let mut record = described(row, entry, Some(row).filter(|_| inside));
        record.at = payload::time_at(row, &["_time"]).or(record.at);
        record.message = raw;
        out.push(record);
        true
    };
    if let Some(row) = object.object("result") {
        return take(row, false);
    }
    let mut any = false;
    for row in object.list("results").iter().filter_map(Json::object) {
        any |= take(row, true);
    }
    any || take(object, false)
}

/// A `LogEntry` whose payload is text, and a response that lists some.
fn google<'a>(object: &Object<'a>, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> bool {
    let mut take = |row: &Object<'a>, inside: bool| {
        let known = ["insertId", "logName", "receiveTimestamp"];
        let known = known.iter().any(|n| row.get(n).is_some());
        let payload = ["textPayload", "jsonPayload"];
        if !known || payload.iter().all(|n| row.get(n).is_none()) {
            return false;
        }
        out.push(described(row, entry, Some(row).filter(|_| inside)));
        true
    };
    let mut any = false;
    for row in object.list("entries").iter().filter_map(Json::object) {
        any |= take(row, true);
    }
    any || take(object, false)
}
