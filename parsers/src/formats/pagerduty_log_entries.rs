//! PagerDuty's incident log as its REST API exports it: `log_entries`, newest first.

use super::pagerduty;
use crate::format::{Context, Cut, Format};
use crate::record::{Actor, Kind, PageAct, Record, field};
use crate::stamp::{SECOND, When};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "pagerduty-log-entries",
    title: "PagerDuty log entries",
    reference: "https://developer.pagerduty.com/api-reference/c661e065403b5-list-log-entries-for-an-incident",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"_log_entry").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/pagerduty-log-entries/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_log, records, out)
}

fn is_log(object: &Object<'_>) -> bool {
    is_entry(object)
        || object.object("log_entry").is_some_and(is_entry)
        || object
            .list("log_entries")
            .iter()
            .filter_map(Json::object)
            .any(is_entry)
}

fn is_entry(object: &Object<'_>) -> bool {
    object.get("created_at").is_some()
        && object
            .text(&["type"])
            .is_some_and(|t| t.contains("_log_entry"))
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_entry(object) {
        return out.push(entry(object));
    }
    if let Some(one) = object.object("log_entry") {
        return out.push(entry(one));
    }
    let entries = object.list("log_entries").iter().filter_map(Json::object);
    let entries: Vec<&Object<'x>> = entries.filter(|e| is_entry(e)).collect();
    for one in &entries {
        let mut record = entry(one);
        if record.kind == Kind::Page(PageAct::Reassigned) && is_first(one, &entries) {
            record.kind = Kind::Page(PageAct::Annotated);
        }
        record.part = payload.place(one);
        out.push(record);
    }
}

/// How soon after the trigger somebody is assigned whom the policy or the caller names: nanoseconds.
const AT_ONCE: i64 = 30 * SECOND;

/// Whether an assignment is but the first, with the trigger itself: nobody else was asked before.
fn is_first(one: &Object<'_>, all: &[&Object<'_>]) -> bool {
    let incident = |e: &Object<'_>| e.text(&["incident.id", "incident_id"]).map(Cow::into_owned);
    let time = |e: &Object<'_>| match payload::time_at(e, &["created_at"])?.when {
        When::Instant(nanos) | When::Local(nanos) => Some(nanos),
        _ => None,
    };
    let verb = |e: &Object<'_>, verb: &str| e.text(&["type"]).is_some_and(|t| t.starts_with(verb));
    let (Some(at), own) = (time(one), incident(one)) else {
        return false;
    };
    let of = |name: &'static str| {
        let same = all.iter().filter(move |e| verb(e, name));
        same.filter(|e| incident(e) == own).filter_map(|e| time(e))
    };
    let triggered = of("trigger_").any(|t| (at - t).abs() <= AT_ONCE);
    triggered && verb(one, "assign_") && of("assign_").all(|t| t >= at)
}

/// Whether a person did it.
fn by_person(entry: &Object<'_>) -> bool {
    let kind = entry.text(&["agent.type"]).unwrap_or_default();
    kind.starts_with("user") || kind.starts_with("bot_user")
}

fn entry<'x>(entry: &Object<'x>) -> Record<'x> {
    let kind = entry.text(&["type"]).unwrap_or_default();
    let verb = kind.split("_log_entry").next().unwrap_or_default();
    let title = entry.text(&["incident.summary", "incident.title"]);
    let said = entry.text(&["channel.content", "channel.summary", "summary"]);
    let message = said.or_else(|| title.clone()).unwrap_or_default();
    let told = entry.object("agent").is_some();
    let act = match pagerduty::act(verb) {
        // The service assigns whom its policy names first; later levels are escalated to.
        PageAct::Reassigned if verb == "assign" && told && !by_person(entry) => PageAct::Annotated,
        act => act,
    };
    let mut record = Record::new(Kind::Page(act), message);
    record.at = payload::time_at(entry, &["created_at"]);
    record.actor = actor(entry);
    record.service = entry.text(&["service.summary", "incident.service.summary"]);
    if record.service.is_none() && record.kind == Kind::Page(PageAct::Triggered) {
        // What triggers an incident is the service that was called.
        let agent = entry.object("agent");
        let service = agent.filter(|a| a.text(&["type"]).is_some_and(|t| t.starts_with("service")));
        record.service = service.and_then(|s| s.text(&["summary"]));
    }
    let fields = &mut record.fields;
    fields.push("event_type", kind);
    payload::file_first(fields, field::ID, entry, &["incident.id", "incident_id"]);
    if let Some(title) = title {
        fields.push("incident", title);
    }
    payload::file_first(fields, "via", entry, &["channel.type"]);
    payload::file_first(
        fields,
        "notification",
        entry,
        &["channel.notification.type"],
    );
    payload::file_first(
        fields,
        "notification_status",
        entry,
        &["channel.notification.status"],
    );
    payload::file_first(fields, "notified", entry, &["user.summary"]);
    let assignees: Vec<_> = entry
        .list("assignees")
        .iter()
        .filter_map(|a| a.object()?.text(&["summary"]))
        .collect();
    if !assignees.is_empty() {
        fields.push("assignees", assignees.join(", "));
    }
    record
}

/// Nobody acts when a timeout does, whoever is named.
fn actor<'x>(entry: &Object<'x>) -> Option<Actor<'x>> {
    let via = entry.text(&["channel.type"]).unwrap_or_default();
    let agent = entry.object("agent").and_then(pagerduty::agent);
    if matches!(via.as_ref(), "timeout" | "auto") {
        let name = agent.map_or(via, |a| a.name);
        return Some(Actor { name, bot: true });
    }
    agent
}
