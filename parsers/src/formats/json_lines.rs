//! Structured logs in JSON, whatever their writer calls things: zap, pino, bunyan, logrus,
//! slog, structlog, logback encoders, Serilog, ECS, GELF, journald, Cloud Logging, Caddy,
//! Traefik, MongoDB …

use super::docker_json;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::json::{self, Json, Object};
use crate::token::leaves::{Leaf, Leaves};
use crate::token::level;
use crate::token::named;
use crate::token::payload;
use crate::token::request::{is_method, request_line, route, without_query};
use crate::token::role::Role;
use crate::token::text::{narrowed, without_port};
use crate::token::whose;
use crate::token::wrapped;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "json-lines",
    title: "Structured log in JSON",
    reference: "https://jsonlines.org/",
    cut: Cut::Json,
    specificity: 30,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/json-lines/input.jsonl"),
};

/// Members that shippers put around a line that they read.
const SHIPPED: [&str; 12] = [
    "agent",
    "container_id",
    "container_name",
    "docker",
    "file",
    "filename",
    "kubernetes",
    "log",
    "source_type",
    "sourcetype",
    "stream",
    "tag",
];

/// The formats of the lines that a shipper (Vector, Fluent Bit, Filebeat, Promtail) wraps.
fn learn(head: &[u8]) -> Layout {
    if head.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
        return Layout::default();
    }
    let mut shipped = 0;
    let lines: Vec<Cow<'_, [u8]>> = cut::lines(head)
        .filter_map(|r| {
            let entry = head.get(r)?;
            let object = json::object(entry)?;
            let line = wrapped_line(&object, entry)?;
            shipped += usize::from(SHIPPED.iter().any(|n| object.get(n).is_some()));
            Some(Cow::Owned(line))
        })
        .collect();
    wrapped::layout_of_lines(&lines, shipped * 2 > lines.len())
}

/// What the line says that an object wraps; `None` where the object is the entry itself.
fn wrapped_line(object: &Object<'_>, entry: &[u8]) -> Option<Vec<u8>> {
    if docker_json::is_wrapper(object) {
        return None;
    }
    let (record, said) = read(object, entry);
    let line = record.message.trim_end();
    let plain = said && !line.starts_with('{');
    plain.then(|| line.as_bytes().to_vec())
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    if docker_json::is_wrapper(&object) {
        return None;
    }
    let mut record = record(&object, entry)?;
    open(&mut record);
    if cx.layout.inner.is_empty() {
        out.push(record);
    } else {
        wrapped::push_line(record, cx.layout, out);
    }
    Some(())
}

/// What a shipper wraps is a line of a program: JSON again, or text that may state a level.
fn open(record: &mut Record<'_>) {
    if record.message.ends_with('\n') {
        record.message = Cow::Owned(record.message.trim_end().to_owned());
    }
    let said = record.message.trim_start();
    if said.starts_with('{') {
        let said = said.to_owned();
        let inner = json::object(said.as_bytes()).and_then(|o| self::record(&o, said.as_bytes()));
        if let Some(inner) = inner {
            take(record, inner.into_owned());
        }
    } else if record.level.is_none() {
        record.level = level::spotted(said.as_bytes());
    }
}

/// Takes over what the inner entry says; when it was written is where it was collected.
fn take(record: &mut Record<'_>, inner: Record<'static>) {
    let outer = std::mem::take(&mut record.fields);
    record.message = inner.message;
    record.level = inner.level.or(record.level);
    record.kind = inner.kind;
    record.service = inner.service.or_else(|| record.service.take());
    record.host = record.host.take().or(inner.host);
    record.fields = inner.fields;
    record.fields.append(outer);
    match (record.at, inner.at) {
        (Some(_), Some(own)) => record.fields.push("logged_at", own),
        (None, own) => record.at = own,
        (Some(_), None) => {}
    }
}

/// The record of an object that has a time, or at least a level and a message.
pub(super) fn record<'a>(object: &Object<'a>, entry: &'a [u8]) -> Option<Record<'a>> {
    let (record, said) = read(object, entry);
    (record.at.is_some() || record.level.is_some() && said).then_some(record)
}

/// What an object says by the names of its members, and whether it has a message.
pub(super) fn read<'a>(object: &Object<'a>, entry: &'a [u8]) -> (Record<'a>, bool) {
    let mut leaves = Leaves::of(object);
    let at = leaves.take(Role::Time, |l| time(l, object));
    let level = leaves.take(Role::Level, |l| level_of(l, object));
    let message = leaves.take(Role::Message, |l| {
        l.value.text().filter(|t| !t.trim().is_empty())
    });
    let said = message.is_some();
    let mut record = Record::new(Kind::Log, "");
    record.at = at;
    record.level = level;
    record.service = leaves.take(Role::Service, name_of);
    record.host = leaves.take(Role::Host, name_of);
    request(&mut leaves, &mut record);
    // A proxy's line is of the service that it passed the request on to.
    if record.service.is_none() && record.kind == Kind::Access {
        record.service = leaves.behind();
    }
    if record.service.is_none() {
        record.service = leaves.resource();
    }
    let logger = leaves.take(Role::Logger, |l| {
        let text = l.value.text().filter(|t| is_given(t))?;
        Some((text.clone(), l.names_program(&text)))
    });
    if let Some((logger, names_program)) = logger {
        // A logger named like a program is one; a path of packages or MongoDB's component is not.
        if record.service.is_none() && names_program && !logger.contains(['.', '/', ':', ' ']) {
            record.service = Some(logger.clone());
        }
        record.fields.push(field::LOGGER, logger);
    }
    let error = leaves.take(Role::Error, error);
    record.message = message
        .or_else(|| summary(&record))
        .or_else(|| error.clone())
        .unwrap_or_else(|| String::from_utf8_lossy(entry));
    if let Some(error) = error {
        record.fields.push(field::ERROR, error);
    }
    for leaf in leaves.rest() {
        payload::file(&mut record.fields, leaf.path, leaf.value);
    }
    named::gather(&mut record);
    (record, said)
}

/// Files the members of an object that stands behind a message, where a writer puts its
/// fields.
pub(super) fn attach<'a>(object: &Object<'a>, record: &mut Record<'a>) {
    let mut leaves = Leaves::of(object);
    request(&mut leaves, record);
    if let Some(error) = leaves.take(Role::Error, error) {
        record.fields.push(field::ERROR, error);
    }
    for leaf in leaves.rest() {
        payload::file(&mut record.fields, leaf.path, leaf.value);
    }
}

fn time(leaf: &Leaf<'_, '_>, object: &Object<'_>) -> Option<Reading> {
    if leaf.path.ends_with("instant.epochSecond") {
        return payload::instant(object.get("instant")?); // Log4j 2
    }
    payload::instant(leaf.value)
}

fn level_of(leaf: &Leaf<'_, '_>, object: &Object<'_>) -> Option<Level> {
    match leaf.value {
        Json::Number(n) => numbered(leaf, n.parse().ok()?, object),
        Json::Text(t) => {
            let word = t.decode();
            let word = word.trim();
            if leaf.path == "s" {
                // MongoDB: one letter, and D1 to D5.
                return level::letter(*word.as_bytes().first()?).filter(|_| word.len() <= 2);
            }
            match word.parse() {
                Ok(number) => numbered(leaf, number, object),
                Err(_) => level::word(word.as_bytes()),
            }
        }
        // Kibana says it in passing, among its tags.
        Json::List(l) if leaf.path == "tags" => {
            l.iter().find_map(|t| level::word(t.text()?.as_bytes()))
        }
        _ => None,
    }
}

/// Numbers have as many meanings as there are loggers: tens are those of bunyan and pino (or
/// Python's, by name), digits those of syslog, of OpenTelemetry or of Nextcloud.
fn numbered(leaf: &Leaf<'_, '_>, number: i64, object: &Object<'_>) -> Option<Level> {
    let name = leaf.path.to_ascii_lowercase();
    if leaf.path.ends_with("everityLevel") {
        return level::azure(number);
    }
    if name.ends_with("severitynumber") || name.ends_with("severity_number") {
        return Some(match number {
            1..=4 => Level::Trace,
            5..=8 => Level::Debug,
            9..=12 => Level::Info,
            13..=16 => Level::Warn,
            17..=20 => Level::Error,
            21..=24 => Level::Fatal,
            _ => return None,
        });
    }
    if number >= 10 {
        let python = name.ends_with("levelno") || object.get("levelname").is_some();
        return Some(match (number / 10, python) {
            (1, false) => Level::Trace,
            (2, false) | (1, true) => Level::Debug,
            (3, false) | (2, true) => Level::Info,
            (4, false) | (3, true) => Level::Warn,
            (5, false) | (4, true) => Level::Error,
            (6, false) | (5, true) => Level::Fatal,
            _ => return None,
        });
    }
    if object.get("reqId").is_some() && object.get("remoteAddr").is_some() {
        return [
            Level::Debug,
            Level::Info,
            Level::Warn,
            Level::Error,
            Level::Fatal,
        ]
        .get(usize::try_from(number).ok()?)
        .copied(); // Nextcloud
    }
    level::syslog(number)
}

fn name_of<'a>(leaf: &Leaf<'_, 'a>) -> Option<Cow<'a, str>> {
    leaf.value.text().filter(|t| is_given(t))
}

/// Writers put a dash or nothing where they know nothing.
fn is_given(text: &str) -> bool {
    !matches!(
        text.trim(),
        "" | "-" | "--" | "null" | "none" | "None" | "nil" | "undefined"
    )
}

/// What an entry says about a request, under the names that all formats share.
fn request<'a>(leaves: &mut Leaves<'_, 'a>, record: &mut Record<'a>) {
    let fields = &mut record.fields;
    let mut method = leaves.take(Role::Method, |l| l.value.text().filter(|m| is_method(m)));
    let mut path = leaves.take(Role::Path, |l| l.value.text().filter(|t| is_given(t)));
    let line = |text: &str| request_line(text).or_else(|| route(text));
    if let Some((verb, target)) = leaves.take(Role::Request, |l| line(&l.value.text()?)) {
        method = method.or(Some(verb));
        path = path.or(Some(target));
    }
    // A status without a request is not one of HTTP unless it looks like one.
    let status = leaves.take(Role::Status, |l| l.value.scalar()?.parse::<i64>().ok());
    // Application Insights names a request after its route.
    if let (None, Some(_)) = (&method, status)
        && let Some((verb, target)) = leaves.take(Role::Logger, |l| route(&l.value.text()?))
    {
        (method, path) = (Some(verb), Some(target));
    }
    if method.is_some() && path.is_some() && status.is_some() {
        record.kind = Kind::Access;
    }
    if let Some(method) = method {
        fields.push(field::METHOD, method);
    }
    if let Some(path) = path {
        fields.push(field::PATH, without_query(path));
    }
    if let Some(status) = status {
        fields.push(field::STATUS, status);
    }
    let insights = leaves.named(&["itemType", "cloud_RoleName"]).is_some();
    let latency = leaves.take(Role::Latency(Unit::Unsaid), |l| match l.role {
        // Application Insights has milliseconds with a fraction.
        Some((Role::Latency(Unit::Unsaid), _)) if insights => {
            millis(&l.value.scalar()?, Unit::Millis)
        }
        Some((Role::Latency(unit), _)) => millis(&l.value.scalar()?, unit),
        _ => None,
    });
    if let Some(latency) = latency {
        fields.push(field::LATENCY_MS, latency);
    }
    let fits = |l: &Leaf<'_, 'a>, t: &str| is_given(t) && whose::suits(l.role, t);
    let given = |l: &Leaf<'_, 'a>| l.value.scalar().filter(|t| fits(l, t));
    // Caddy lists the values of a header, of which most have one.
    let identity = |l: &Leaf<'_, 'a>| match l.value {
        Json::List(all) => match all.as_slice() {
            [one] => one.text().filter(|t| fits(l, t)),
            _ => None,
        },
        _ => given(l),
    };
    for (kin, name) in [
        (Role::User, field::USER),
        (Role::RequestId, field::REQUEST_ID),
        (Role::Session, field::SESSION),
    ] {
        let value = match kin {
            Role::RequestId => leaves.take(kin, identity),
            _ => leaves.take(kin, given),
        };
        if let Some(value) = value {
            fields.push(name, value);
        }
    }
    // Every connection has its own port: it says nothing about who asked.
    if let Some(client) = leaves.take(Role::Client, given) {
        fields.push(field::CLIENT, narrowed(client, without_port));
    }
}

/// The class of an error, if its text begins with one; else the text.
fn error<'a>(leaf: &Leaf<'_, 'a>) -> Option<Cow<'a, str>> {
    let text = leaf.value.text().filter(|t| is_given(t))?;
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    // A Python traceback names the exception last, all others first.
    let traceback = text.trim_start().starts_with("Traceback");
    let line = if traceback {
        lines.next_back()
    } else {
        lines.next()
    }?;
    let class = line.split([':', ' ']).next().unwrap_or_default();
    let names = [
        "Error",
        "Exception",
        "Throwable",
        "Timeout",
        "Fault",
        "Panic",
    ];
    let is_class = names
        .iter()
        .any(|n| class.ends_with(n) && class.len() > n.len())
        && class
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._$".contains(&b));
    if is_class {
        return Some(Cow::Owned(class.to_owned()));
    }
    Some(if line.len() == text.len() {
        text
    } else {
        Cow::Owned(line.to_owned())
    })
}

/// What an entry about a request says, where it says nothing in words.
fn summary<'a>(record: &Record<'a>) -> Option<Cow<'a, str>> {
    let method = record.fields.text(field::METHOD)?;
    let path = record.fields.text(field::PATH)?;
    let status = record
        .fields
        .get(field::STATUS)
        .and_then(crate::Value::as_f64);
    let status = status.map_or_else(String::new, |s| format!(" {s}"));
    Some(Cow::Owned(format!("{method} {path}{status}")))
}
