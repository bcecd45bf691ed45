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
    let lines: Vec<&Object<'x>> = items(&payload.object).filter(|i| !is_alert(i)).collect();
    let logs = Logs::of(&lines);
    for item in items(&payload.object) {
        let from = out.len();
        if is_alert(item) {
            alert(item, out);
        } else {
            let mut record = line(item);
            logs.file(&mut record);
            out.push(record);
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
    let at = from.later(millis.checked_mul(MILLI)?)?;
    Some(Reading::new(at.when, Precision::Fraction(3)))
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

/// The logs that a list of lines is: no line names its alert, but one tells that it was created.
struct Logs(Vec<Log>);

struct Log {
    created: Option<i64>,
    id: String,
    title: Option<String>,
    entity: Option<String>,
}

impl Logs {
    fn of(lines: &[&Object<'_>]) -> Self {
        let time = |l: &Object<'_>| instant(payload::time_at(l, &["createdAt"])?);
        let said = |l: &Object<'_>| l.text(&["log"]).unwrap_or_default().into_owned();
        let creates = |l: &&&Object<'_>| act(&said(l)) == PageAct::Triggered;
        let log = |l: &Object<'_>| Log {
            created: time(l),
            id: l.scalar(&["createdAt"]).unwrap_or_default().into_owned(),
            title: enclosed(&said(l), "title: [").map(str::to_owned),
            entity: enclosed(&said(l), "entity: [").map(str::to_owned),
        };
        let mut logs: Vec<Log> = lines.iter().filter(creates).map(|l| log(l)).collect();
        if logs.is_empty() {
            // The beginning is cut off: it is one alert's, all the same.
            let first = lines.iter().filter(|l| l.get("log").is_some());
            logs.extend(first.min_by_key(|l| time(l)).map(|l| log(l)));
        }
        logs.sort_by_key(|l| l.created);
        Self(logs)
    }

    /// Files whose log the record is of: that of the alert which was created last before it.
    fn file(&self, record: &mut Record<'_>) {
        let at = record.at.and_then(instant);
        let log = self.0.iter().rev().find(|l| l.created <= at);
        let Some(log) = log.or_else(|| self.0.first()) else {
            return;
        };
        if record.fields.get(field::ID).is_none() && !log.id.is_empty() {
            record.fields.push(field::ID, log.id.clone());
        }
        let title = log.title.clone();
        record.fields.push_known([(field::ALERT, title)]);
        record.service = log.entity.clone().map(Cow::Owned);
    }
}

fn instant(at: Reading) -> Option<i64> {
    match at.when {
        When::Instant(nanos) | When::Local(nanos) => Some(nanos),
        _ => None,
    }
}

/// `Alert created via API, title: [labels are slow], entity: [labels]`: what stands in brackets behind a name.
fn enclosed<'s>(said: &'s str, name: &str) -> Option<&'s str> {
    let (_, rest) = said.split_once(name)?;
    let end = rest.find("], ").or_else(|| rest.rfind(']'))?;
    Some(rest.get(..end)?.trim()).filter(|t| !t.is_empty())
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
    let asked = matches!(act, PageAct::Escalated | PageAct::Reassigned);
    let assignee = asked.then(|| asked_in(&record.message)).flatten();
    let assignee = assignee.map(str::to_owned);
    payload::file_first(
        &mut record.fields,
        field::ID,
        line,
        &["alertId", "alert_id"],
    );
    record.fields.push_known([("assignee", assignee)]);
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

/// `Added responder [Olu Adeyemi]`, `Alert ownership assigned to olu@example.com via web`.
fn asked_in(said: &str) -> Option<&str> {
    let bracketed = said
        .split_once('[')
        .and_then(|(_, rest)| rest.split(']').next());
    let behind = || {
        let lower = said.to_ascii_lowercase();
        let words = [" to ", "responder ", "team "];
        let at = words.iter().find_map(|w| Some(lower.find(w)? + w.len()))?;
        let name = said.get(at..)?;
        let ends = [" via ", " by ", " from ", ", "];
        let end = ends.iter().filter_map(|e| name.find(e)).min();
        name.get(..end.unwrap_or(name.len()))
    };
    let name = bracketed.or_else(behind)?.trim();
    (!name.is_empty()).then_some(name)
}

fn act(said: &str) -> PageAct {
    let lower = said.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let begins = |words: &[&str]| words.iter().any(|w| lower.starts_with(w));
    if begins(&["escalated", "alert escalated", "alert is escalated"]) {
        return PageAct::Escalated;
    }
    // `Alert was closed via integration`
    let ended = has(&[" closed", " deleted", " resolved"]) && !has(&["not closed", "cannot be"]);
    if begins(&["alert "]) && ended {
        return PageAct::Resolved;
    }
    if has(&["unacknowledged", "un-acknowledged"]) {
        PageAct::Unacknowledged
    } else if has(&["notification", "notify"]) && !has(&["not sent", "skipped", "suppressed"]) {
        PageAct::Notified
    } else if has(&[
        "alert created",
        "alert recreated",
        "alert is created",
        "alert has been created",
    ]) {
        PageAct::Triggered
    } else if has(&["acknowledged", "took ownership", "ownership taken"]) {
        PageAct::Acknowledged
    } else if has(&["escalat"]) {
        PageAct::Escalated
    } else if has(&[
        "alert closed",
        "alert deleted",
        "auto-closed",
        "closed by",
        "closed via",
    ]) {
        PageAct::Resolved
    } else if has(&[
        "assigned",
        "responder",
        "recipient",
        "added team",
        "team added",
        "ownership",
        "owner changed",
    ]) {
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
