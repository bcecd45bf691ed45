//! Datadog's monitors: the webhook, whose body is the user's template, and the events of
//! the API (versions 1 and 2). Products' users name things as they like, so this goes by values.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "datadog",
    title: "Datadog monitor",
    reference: "https://docs.datadoghq.com/integrations/webhooks/",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| {
        TRANSITIONS
            .iter()
            .any(|(word, _)| memmem::find(i, word.as_bytes()).is_some())
            || memmem::find(i, b"transition").is_some()
            || memmem::find(i, b"date_happened").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/datadog/input.jsonl"),
};

/// `$ALERT_TRANSITION`, and the transitions of version 2. A notification that is repeated says
/// that the state holds.
const TRANSITIONS: &[(&str, AlertState)] = &[
    ("Triggered", AlertState::Firing),
    ("Re-Triggered", AlertState::Firing),
    ("Renotify", AlertState::Firing),
    ("Re-Alert", AlertState::Firing),
    ("Warn", AlertState::Pending),
    ("Re-Warn", AlertState::Pending),
    ("Recovered", AlertState::Resolved),
    ("No Data", AlertState::Unknown),
    ("Re-No Data", AlertState::Unknown),
    ("alert recovery", AlertState::Resolved),
    ("warning recovery", AlertState::Resolved),
    ("no data recovery", AlertState::Resolved),
    ("alert", AlertState::Firing),
    ("alert re-notify", AlertState::Firing),
    ("warning", AlertState::Pending),
    ("no data", AlertState::Unknown),
];
const TRANSITION: &[&str] = &[
    "alert_transition",
    "ALERT_TRANSITION",
    "alertTransition",
    "transition",
    "alert.transition",
    "event.transition",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_monitor, records, out)
}

fn is_monitor(object: &Object<'_>) -> bool {
    transition(object).is_some() || events(object).any(|e| monitor(e).is_some() || is_event(e))
}

/// The transition that a webhook names, or that its title begins with: `[Triggered] …`.
fn transition(object: &Object<'_>) -> Option<AlertState> {
    let known = |word: &str| {
        let mut all = TRANSITIONS.iter();
        all.find(|(t, _)| *t == word).map(|(_, state)| *state)
    };
    let named = object.text(TRANSITION);
    if let Some(state) = named.as_deref().and_then(known) {
        return Some(state);
    }
    let marked = [
        "monitor_id",
        "alert_id",
        "alert_metric",
        "org",
        "aggreg_key",
    ];
    let marked = marked.iter().any(|name| object.get(name).is_some());
    let title = object.text(&["title", "event_title", "alert_title"])?;
    let (word, _) = title.strip_prefix('[')?.split_once(']')?;
    let word = word.split(" on ").next().unwrap_or_default();
    known(word).filter(|_| marked && object.get("date_happened").is_none())
}

/// Where events have their members: those of version 1, and those of version 2.
const TITLE: &[&str] = &["title", "attributes.attributes.title", "attributes.title"];
const HAPPENED: &[&str] = &[
    "date_happened",
    "attributes.timestamp",
    "attributes.attributes.timestamp",
];

/// An event that a monitor wrote without its transition, which its title tells: `[Recovered on {host:a}] …`;
/// or any other event of version 1.
fn is_event(event: &Object<'_>) -> bool {
    let first = event.get("date_happened").is_some()
        && ["alert_type", "text", "tags", "source", "priority"]
            .iter()
            .any(|n| event.get(n).is_some());
    let second = event.text(&["type"]).is_some_and(|t| t == "event");
    event
        .text(TITLE)
        .is_some_and(|t| first || second && titled(&t).is_some())
}

/// The state and the monitor's name that a title tells.
fn titled(title: &str) -> Option<(AlertState, &str)> {
    let (word, name) = title.strip_prefix('[')?.split_once(']')?;
    let word = word.split(" on ").next().unwrap_or_default();
    let (_, state) = TRANSITIONS.iter().find(|(t, _)| *t == word)?;
    Some((*state, name.trim()))
}

fn event<'x>(event: &Object<'x>) -> Record<'x> {
    let title = event.text(TITLE).unwrap_or_default();
    let told = titled(&title).map(|(state, name)| (state, name.to_owned()));
    let kind = told
        .as_ref()
        .map_or(Kind::Log, |(state, _)| Kind::Alert(*state));
    let mut record = Record::new(kind, title);
    record.at = payload::time_at(event, HAPPENED);
    let tags = event.get("tags").or_else(|| event.get("attributes.tags"));
    record.service = tag(tags, "service");
    let host = event.text(&["host"]).filter(|h| !h.is_empty());
    record.host = host.or_else(|| tag(tags, "host"));
    // The priority of an event is how it is shown.
    let severity = event.text(&["alert_type", "attributes.attributes.status"]);
    describe(&mut record, severity, tag(tags, "env"));
    let fields = &mut record.fields;
    if let Some((_, name)) = told {
        // A monitor alerts for each group by itself.
        let groups = event.list("monitor_groups").iter().filter_map(Json::scalar);
        let groups: Vec<_> = groups.collect();
        if let Some(id) = event.scalar(&["monitor_id"]) {
            fields.push(
                field::ID,
                format!("{id} {}", groups.join(",")).trim().to_owned(),
            );
        }
        fields.push(field::ALERT, name);
    }
    payload::file_first(
        fields,
        "source",
        event,
        &["source", "source_type_name", "attributes.attributes.source"],
    );
    if let Some(group) = event.get("monitor_groups") {
        payload::file(fields, "group", group);
    }
    payload::file_first(fields, "text", event, &["text", "attributes.message"]);
    record
}

/// Events: one, or a page of them.
fn events<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let many = ["data", "events"].map(|n| object.list(n).iter().filter_map(Json::object));
    let many = many.into_iter().flatten();
    std::iter::once(object)
        .chain(object.object("data"))
        .chain(object.object("event"))
        .chain(many)
}

fn monitor<'o, 'a>(event: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let monitor = event.object("attributes.attributes.monitor")?;
    monitor.object("transition").is_some().then_some(monitor)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if let Some(state) = transition(object) {
        return out.push(webhook(object, state));
    }
    for event in events(object) {
        if let Some(monitor) = monitor(event) {
            let mut record = change(event, monitor);
            record.part = payload.place(event);
            out.push(record);
        } else if is_event(event) {
            let mut record = self::event(event);
            record.part = payload.place(event);
            out.push(record);
        }
    }
}

fn webhook<'x>(object: &Object<'x>, state: AlertState) -> Record<'x> {
    let title = object.text(&[
        "title",
        "event_title",
        "alert_title",
        "text_only_msg",
        "body",
    ]);
    let mut record = Record::new(Kind::Alert(state), title.unwrap_or_default());
    let times = [
        "date",
        "date_posix",
        "last_updated",
        "last_updated_posix",
        "timestamp",
        "event.date",
    ];
    record.at = payload::time_at(object, &times);
    let tags = object.get("tags");
    record.service = object
        .text(&["service", "app"])
        .or_else(|| tag(tags, "service"));
    record.host = object
        .text(&["hostname", "host"])
        .or_else(|| tag(tags, "host"));
    let severity = object.text(&["priority", "alert_priority", "severity", "alert_type"]);
    let environment = object.text(&["env"]).or_else(|| tag(tags, "env"));
    describe(&mut record, severity, environment);
    let fields = &mut record.fields;
    let ids = [
        "monitor_id",
        "alert_id",
        "aggreg_key",
        "alert_cycle_key",
        "id",
    ];
    payload::file_first(fields, field::ID, object, &ids);
    payload::file_first(
        fields,
        field::ALERT,
        object,
        &["alert_title", "monitor_name"],
    );
    payload::file_first(fields, "transition", object, TRANSITION);
    payload::file_first(fields, "status", object, &["alert_status"]);
    payload::file_first(fields, "scope", object, &["alert_scope", "scope"]);
    payload::file_first(fields, "tags", object, &["tags"]);
    record
}

fn change<'x>(event: &Object<'x>, monitor: &Object<'x>) -> Record<'x> {
    let inner = "attributes.attributes";
    let to = monitor.text(&["transition.destination_state"]);
    let kind = monitor.text(&["transition.transition_type"]);
    let state = match to.as_deref() {
        Some("OK") => AlertState::Resolved,
        Some("Alert") => AlertState::Firing,
        Some("Warn") => AlertState::Pending,
        _ => AlertState::Unknown,
    };
    let title = event.text(&["attributes.attributes.title", "attributes.message"]);
    let title = title.or_else(|| monitor.text(&["name", "templated_name"]));
    let mut record = Record::new(Kind::Alert(state), title.unwrap_or_default());
    // The monitor's own times are those of its making and of its last result.
    record.at = payload::time_at(event, &["attributes.timestamp"])
        .or_else(|| payload::time_at(event, &["attributes.attributes.timestamp"]))
        .or_else(|| payload::time_at(monitor, &["result.result_ts"]));
    let tags = event.get("attributes.tags");
    record.service = event
        .text(&["attributes.attributes.service"])
        .or_else(|| tag(tags, "service"));
    record.host = tag(tags, "host");
    let severity = monitor
        .scalar(&["priority"])
        .map(|p| match p.parse::<u8>() {
            Ok(n) => Cow::Owned(format!("P{n}")),
            Err(_) => p,
        });
    describe(&mut record, severity, tag(tags, "env"));
    let fields = &mut record.fields;
    payload::file_first(fields, field::ID, monitor, &["id"]);
    payload::file_first(fields, field::ALERT, monitor, &["name"]);
    if let Some(kind) = kind {
        fields.push("transition", kind);
    }
    payload::file_first(
        fields,
        "previous_state",
        monitor,
        &["transition.source_state"],
    );
    let group = [
        format!("{inner}.monitor_groups"),
        format!("{inner}.aggregation_key"),
    ];
    payload::file_first(
        fields,
        "group",
        event,
        &[group[0].as_str(), group[1].as_str()],
    );
    record
}

fn describe<'x>(
    record: &mut Record<'x>,
    severity: Option<Cow<'x, str>>,
    environment: Option<Cow<'x, str>>,
) {
    record.level = severity.as_deref().and_then(payload::severity);
    if let Some(severity) = severity {
        record.fields.push(field::SEVERITY, severity);
    }
    if let Some(environment) = environment {
        record.fields.push(field::ENVIRONMENT, environment);
    }
}

/// `name:value` among tags, be they an array or a text with commas.
fn tag<'x>(tags: Option<&Json<'x>>, name: &str) -> Option<Cow<'x, str>> {
    let of = |text: &str| {
        let value = text.trim().strip_prefix(name)?.strip_prefix(':')?;
        (!value.is_empty()).then(|| Cow::Owned(value.to_owned()))
    };
    match tags? {
        Json::Text(text) => text.decode().split(',').find_map(of),
        Json::List(list) => list.iter().find_map(|t| of(&t.text()?)),
        _ => None,
    }
}
