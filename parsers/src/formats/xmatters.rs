//! xMatters: the audit of an event as its REST API lists it, and lists of events with when each was created and ended.
//! A response is what its words say: who accepts has it, who escalates passes it on.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::json::{Json, Object};
use crate::token::paging;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "xmatters",
    title: "xMatters audits and events",
    reference: "https://help.xmatters.com/xmapi/#get-event-audit-information",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        let named = |name: &[u8]| memmem::find(i, name).is_some();
        named(b"event") || named(b"targetName")
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/xmatters/input.json"),
};

const TIMES: &[&str] = &["at", "when", "created", "timestamp"];
/// What the types of audits begin with.
const AUDITS: [&str; 6] = [
    "EVENT_",
    "RESPONSE_",
    "NOTIFICATION",
    "RESPONSE",
    "DEVICE_",
    "ESCALATION",
];
/// Who did it, or was told.
const PEOPLE: &[&str] = &[
    "response.from.targetName",
    "response.recipient.targetName",
    "responder.targetName",
    "recipient.targetName",
    "notification.recipient.targetName",
    "annotation.author.targetName",
    "author.targetName",
    "person.targetName",
    "user.targetName",
    "by.targetName",
    "submitter.targetName",
    "event.submitter.targetName",
    "recipient.name",
    "author.name",
];
const ANSWERS: &[&str] = &[
    "response.option.text",
    "response.text",
    "response.response",
    "response.optionText",
    "option.text",
    "responseOption.text",
    "response",
];
const TITLES: &[&str] = &[
    "event.name",
    "event.title",
    "event.properties.Summary",
    "event.properties.summary",
    "event.properties.Subject",
    "event.properties.subject",
    "event.subject",
    "event.incident",
];
/// Properties that a workflow gives its events, as their authors like to call what is broken.
const SERVICES: &[&str] = &[
    "service",
    "Service",
    "service_name",
    "Service Name",
    "serviceName",
    "Impacted Service",
    "Application",
    "application",
    "app",
    "component",
    "Component",
    "system",
    "System",
    "CI",
    "cmdb_ci",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    all(object).next().is_some()
}

/// The object itself, or those of a page.
fn all<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("data").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|o| is_audit(o) || is_event(o))
}

fn kind<'x>(audit: &Object<'x>) -> Option<Cow<'x, str>> {
    let kind = audit.text(&["type", "auditType"])?;
    let known = AUDITS.iter().any(|a| kind.starts_with(a));
    known.then_some(kind)
}

fn is_audit(object: &Object<'_>) -> bool {
    kind(object).is_some() && object.object("event").is_some() && object.get("at").is_some()
}

fn is_event(object: &Object<'_>) -> bool {
    let states = ["ACTIVE", "SUSPENDED", "TERMINATED", "TERMINATED_EXTERNAL"];
    let state = object.text(&["status"]);
    object.get("eventId").is_some()
        && object.get("created").is_some()
        && state.is_some_and(|s| states.contains(&s.as_ref()))
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let listed = !payload.object.list("data").is_empty();
    for one in all(&payload.object) {
        let from = out.len();
        if is_audit(one) {
            out.extend(audit(one));
        } else {
            event(one, out);
        }
        for record in out.iter_mut().skip(from).filter(|_| listed) {
            record.part = payload.place(one);
        }
    }
}

/// What was done, as an audit's type says it, or the words of a response.
fn act(kind: &str, answer: Option<&str>) -> PageAct {
    let kind = kind.trim_end_matches('S');
    match kind {
        "EVENT_CREATED" => PageAct::Triggered,
        "EVENT_TERMINATED" | "EVENT_CLOSED" | "EVENT_COMPLETED" | "EVENT_RESOLVED" => {
            PageAct::Resolved
        }
        "EVENT_ESCALATED" | "ESCALATION" | "ESCALATION_STARTED" => PageAct::Escalated,
        "EVENT_ACKNOWLEDGED" => PageAct::Acknowledged,
        "NOTIFICATION" | "NOTIFICATION_DELIVERED" | "NOTIFICATION_SENT" => PageAct::Notified,
        k if k.starts_with("RESPONSE") => answer.map_or(PageAct::Annotated, answered),
        _ => PageAct::Annotated,
    }
}

/// What a response does; options have names of a workflow's own: `Accept`, `I'm on it`, `Escalate to level 2`.
fn answered(text: &str) -> PageAct {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    if let Some((act, _)) = words.find_map(paging::act) {
        // `Close` closes; `Assign to me` takes.
        let own = lower.ends_with(" me") || lower.contains("myself") || lower == "assign";
        return match act {
            PageAct::Reassigned if own => PageAct::Acknowledged,
            act => act,
        };
    }
    const TAKES: [&str; 6] = [
        "on it",
        "taking",
        "take it",
        "working",
        "investigat",
        "assign to me",
    ];
    match TAKES.iter().any(|t| lower.contains(t)) {
        true => PageAct::Acknowledged,
        false => PageAct::Annotated,
    }
}

fn audit<'x>(audit: &Object<'x>) -> Option<Record<'x>> {
    let kind = kind(audit)?;
    // Some products' actions stand beside the words.
    let words = audit.text(ANSWERS);
    let action = audit.text(&["response.action", "response.contribution"]);
    let act = match act(&kind, words.as_deref()) {
        PageAct::Annotated => match action.as_deref() {
            Some("ASSIGN_TO_USER") => PageAct::Acknowledged,
            Some("ESCALATE") => PageAct::Escalated,
            Some("END") => PageAct::Resolved,
            _ => PageAct::Annotated,
        },
        act => act,
    };
    let event = audit.object("event")?;
    let title = audit.text(TITLES);
    let note = audit.text(&["annotation.comment", "annotation.text", "comment"]);
    let said = note.or_else(|| words.filter(|_| act != PageAct::Triggered));
    let message = said
        .or_else(|| title.clone())
        .unwrap_or_else(|| kind.clone());
    let mut record = Record::new(Kind::Page(act), message);
    record.at = payload::time_at(audit, TIMES);
    let who = audit.text(PEOPLE);
    let fields = &mut record.fields;
    fields.push("event_type", kind);
    facts(fields, event, title);
    match (act, who) {
        (PageAct::Notified, Some(who)) => fields.push("notified", who),
        (_, who) => record.actor = who.map(|w| payload::actor(w, false)),
    }
    record.service = service(event);
    record.level = level(event);
    Some(record)
}

fn facts<'x>(
    fields: &mut crate::record::Fields<'x>,
    event: &Object<'x>,
    title: Option<Cow<'x, str>>,
) {
    payload::file_first(fields, field::ID, event, &["eventId", "id"]);
    if let Some(title) = title {
        fields.push("incident", title);
    }
    payload::file_first(fields, field::SEVERITY, event, &["priority"]);
}

fn level(event: &Object<'_>) -> Option<crate::Level> {
    payload::severity(&event.text(&["priority"])?)
}

/// What the event's properties say is broken.
fn service<'x>(event: &Object<'x>) -> Option<Cow<'x, str>> {
    let properties = event.object("properties")?;
    properties.text(SERVICES)
}

/// An event of a list: when it was created, and when it ended.
fn event<'x>(event: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let names = [
        "name",
        "properties.Summary",
        "properties.summary",
        "properties.Subject",
        "properties.subject",
        "subject",
        "form.name",
        "incident",
    ];
    let title = event.text(&names);
    for (act, times) in [
        (PageAct::Triggered, &["created"][..]),
        (PageAct::Resolved, &["terminated", "closed", "ended"][..]),
    ] {
        let Some(at) = payload::time_at(event, times) else {
            continue;
        };
        let mut record = Record::new(Kind::Page(act), title.clone().unwrap_or_default());
        record.at = Some(at);
        record.service = service(event);
        record.level = level(event);
        if act == PageAct::Triggered {
            let by = event.text(&["submitter.targetName"]);
            record.actor = by.map(|w| payload::actor(w, false));
        }
        facts(&mut record.fields, event, title.clone());
        payload::file_first(&mut record.fields, "status", event, &["status"]);
        out.push(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_what_their_words_say() {
        for (text, expected) in [
            ("Accept", PageAct::Acknowledged),
            ("Acknowledge", PageAct::Acknowledged),
            ("I'm on it", PageAct::Acknowledged),
            ("Assign to me", PageAct::Acknowledged),
            ("Escalate to level 2", PageAct::Escalated),
            ("Close", PageAct::Resolved),
            ("Reject", PageAct::Annotated),
            ("Conference call", PageAct::Annotated),
        ] {
            assert_eq!(act("RESPONSE_RECEIVED", Some(text)), expected, "{text}");
        }
        assert_eq!(act("EVENT_SUSPENDED", None), PageAct::Annotated);
    }

    #[test]
    fn events_of_others_are_none() {
        for entry in [
            r#"{"data":[{"type":"EVENT_CREATED","at":"2025-06-17T08:41:12Z"}]}"#,
            r#"{"type":"order","event":{"id":7},"at":"2025-06-17T08:41:12Z"}"#,
            r#"{"eventId":7,"created":"2025-06-17T08:41:12Z","status":"open"}"#,
        ] {
            let object = crate::token::json::object(entry.as_bytes());
            assert!(object.is_some_and(|o| !is_mine(&o)), "{entry}");
        }
    }
}
