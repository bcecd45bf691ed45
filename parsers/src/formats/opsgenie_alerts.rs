//! Opsgenie's alerts as its REST API lists them: each with when it was created and, in its report,
//! how long after that it was acknowledged and closed; and the log and the notes of one alert.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::stamp::{Precision, Reading, When};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "opsgenie-alerts",
    title: "Opsgenie alerts and their logs (REST API)",
    reference: "https://docs.opsgenie.com/docs/alert-api",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"createdAt").is_some()
            && [&b"tinyId"[..], b"\"log\"", b"\"note\""]
                .iter()
                .any(|w| memmem::find(i, w).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/opsgenie-alerts/input.json"),
};

/// Nanoseconds in a millisecond.
const MILLI: i64 = 1_000_000;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    // Bodies of webhooks have other members: `data` is the answer's own here.
    payload::read(entry, is_answer, records, out)
}

fn is_answer(object: &Object<'_>) -> bool {
    items(object).next().is_some()
}

/// The object itself, that of a single answer, or those of a list.
fn items<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("data").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("data"))
        .chain(listed)
        .filter(|i| is_alert(i) || is_line(i))
}

fn is_alert(object: &Object<'_>) -> bool {
    object.get("tinyId").is_some()
        && object.get("createdAt").is_some()
        && object.text(&["message"]).is_some()
}

/// A line of an alert's log, or a note: neither names its alert.
fn is_line(object: &Object<'_>) -> bool {
    let text = object.text(&["log", "note"]).is_some();
    let known = ["owner", "createdAt", "offset", "type"];
    text && known.iter().filter(|n| object.get(n).is_some()).count() >= 3
        && object.get("createdAt").is_some()
        && object.get("level").is_none()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for item in items(&payload.object) {
        let from = out.len();
        if is_alert(item) {
            alert(item, out);
        } else {
            out.push(line(item));
        }
        for record in out.iter_mut().skip(from) {
            record.part = record.part.take().or_else(|| payload.place(item));
        }
    }
}

fn alert<'x>(alert: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let created = payload::time_at(alert, &["createdAt"]);
    let record = |act| described(alert, act);
    let mut triggered = record(PageAct::Triggered);
    triggered.at = created;
    out.push(triggered);
    // Asked for with its log, an alert tells each act itself.
    let logged = alert.list("logs").iter().filter_map(Json::object);
    let from = out.len();
    for said in logged.filter(|l| is_line(l)) {
        let told = line(said);
        if told.kind == Kind::Page(PageAct::Triggered) {
            continue;
        }
        let mut record = described(alert, PageAct::Annotated);
        record.kind = told.kind;
        record.at = told.at;
        record.actor = told.actor;
        record.message = told.message;
        out.push(record);
    }
    if out.len() > from {
        return;
    }
    let after = |name: &str| {
        let millis: i64 = alert.scalar(&[name])?.parse().ok()?;
        later(created?, millis)
    };
    let owner = || alert.text(&["owner"]);
    if let Some(at) = after("report.ackTime") {
        let mut acknowledged = record(PageAct::Acknowledged);
        acknowledged.at = Some(at);
        let by = alert.text(&["report.acknowledgedBy"]).or_else(owner);
        acknowledged.actor = by.filter(|n| !n.is_empty()).map(person);
        out.push(acknowledged);
    }
    let closed = alert.text(&["status"]).is_some_and(|s| s == "closed");
    // Without a report the last change is all that is known; nothing is done to what is closed.
    let updated = || payload::time_at(alert, &["updatedAt"]).filter(|_| closed);
    if let Some(at) = after("report.closeTime").or_else(updated) {
        let mut resolved = record(PageAct::Resolved);
        resolved.at = Some(at);
        let by = alert.text(&["report.closedBy"]);
        resolved.actor = by.filter(|n| !n.is_empty()).map(person);
        out.push(resolved);
    }
}

fn later(from: Reading, millis: i64) -> Option<Reading> {
    let by = millis.checked_mul(MILLI)?;
    let when = match from.when {
        When::Instant(at) => When::Instant(at.checked_add(by)?),
        When::Local(at) => When::Local(at.checked_add(by)?),
        _ => return None,
    };
    Some(Reading {
        when,
        precision: Precision::Fraction(3),
    })
}

fn described<'x>(alert: &Object<'x>, act: PageAct) -> Record<'x> {
    let mut record = Record::new(
        Kind::Page(act),
        alert.text(&["message"]).unwrap_or_default(),
    );
    let tagged = || {
        let tags = alert.list("tags").iter().filter_map(Json::text);
        let mut named = tags.filter_map(|t| Some(t.strip_prefix("service:")?.to_owned()));
        named.find(|s| !s.is_empty()).map(Cow::Owned)
    };
    let entity = alert.text(&["entity", "details.service", "details.Service"]);
    record.service = entity.filter(|e| !e.is_empty()).or_else(tagged);
    let severity = alert.text(&["priority"]);
    record.level = severity.as_deref().and_then(payload::severity);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, alert, &["id", "tinyId"]);
    payload::file_first(fields, field::ALERT, alert, &["message"]);
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    payload::file_first(fields, "number", alert, &["tinyId"]);
    payload::file_first(fields, "alert_status", alert, &["status"]);
    payload::file_first(fields, "source", alert, &["source"]);
    payload::file_first(fields, "owner", alert, &["owner"]);
    if let Some(tags) = alert.get("tags") {
        payload::file(fields, "tags", tags);
    }
    record
}

/// A line of the log: what was done stands in its words.
fn line<'x>(line: &Object<'x>) -> Record<'x> {
    let note = line.text(&["note"]);
    let said = note.clone().or_else(|| line.text(&["log"]));
    let said = said.unwrap_or_default();
    let act = match note {
        Some(_) => PageAct::Annotated,
        None => act(&said),
    };
    let mut record = Record::new(Kind::Page(act), said);
    record.at = payload::time_at(line, &["createdAt"]);
    let owner = line.text(&["owner"]).filter(|o| !o.is_empty());
    // Whom the system notified is told in the words.
    let notified = (act == PageAct::Notified)
        .then(|| notified(&record.message))
        .flatten()
        .map(|name| Cow::Owned(name.to_owned()));
    record.actor = notified.or(owner).map(person);
    payload::file_first(&mut record.fields, "type", line, &["type"]);
    record
}

/// `Sent [mobile] notification to [Mira Lund]`, `… notification to Mira Lund via mobile`.
fn notified(said: &str) -> Option<&str> {
    let (_, to) = said.split_once(" to ")?;
    let end = to.find([']', '(', ',']).unwrap_or(to.len());
    let name = to.get(..end)?.trim_start_matches('[');
    let name = name.split_once(" via ").map_or(name, |(name, _)| name);
    Some(name.trim()).filter(|n| !n.is_empty())
}

fn act(said: &str) -> PageAct {
    let lower = said.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["unacknowledged", "un-acknowledged"]) {
        PageAct::Unacknowledged
    } else if has(&["notification", "notify"]) && !has(&["not sent", "skipped", "suppressed"]) {
        PageAct::Notified
    } else if has(&["alert created", "alert recreated"]) {
        PageAct::Triggered
    } else if has(&["acknowledged", "took ownership", "ownership taken"]) {
        PageAct::Acknowledged
    } else if has(&["escalat"]) {
        PageAct::Escalated
    } else if has(&["alert closed", "alert deleted", "auto-closed", "closed by"]) {
        PageAct::Resolved
    } else if has(&["assigned", "responder", "added team", "team added"]) {
        PageAct::Reassigned
    } else {
        PageAct::Annotated
    }
}

fn person(name: Cow<'_, str>) -> crate::record::Actor<'_> {
    // An integration closes an alert under its own name: `Alert API`.
    let lower = name.to_ascii_lowercase();
    let bot = lower
        .split(' ')
        .any(|w| ["api", "integration", "prometheus", "opsgenie"].contains(&w));
    payload::actor(name, bot)
}
