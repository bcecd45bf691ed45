//! Unleash's events, as its API lists them and as its webhooks send them: who switched which flag in
//! which environment.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "unleash",
    title: "Unleash events",
    reference: "https://docs.getunleash.io/reference/events",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"createdBy").is_some() && memmem::find(i, b"feature").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/unleash/input.json"),
};

/// Kinds of events that change whom a flag is on for.
const SWITCHES: [&str; 8] = [
    "feature-environment-enabled",
    "feature-environment-disabled",
    "feature-environment-variants-updated",
    "feature-strategy-add",
    "feature-strategy-update",
    "feature-strategy-remove",
    "feature-archived",
    "feature-revived",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    events(object).next().is_some()
}

/// Those of a list, or the object itself.
fn events<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("events").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|e| is_event(e))
}

fn is_event(object: &Object<'_>) -> bool {
    object
        .text(&["type"])
        .is_some_and(|t| t.starts_with("feature-"))
        && object.get("createdBy").is_some()
        && object.get("createdAt").is_some()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for event in events(&payload.object) {
        let mut record = record(event);
        if !payload.object.list("events").is_empty() {
            record.part = payload.place(event);
        }
        out.push(record);
    }
}

fn record<'x>(event: &Object<'x>) -> Record<'x> {
    let sort = event.text(&["type"]).unwrap_or_default();
    let flag = event.text(&["featureName", "data.name", "preData.name"]);
    let environment = event.text(&["environment"]);
    let by = event.text(&["createdBy"]);
    let told = event.text(&["summary", "label"]);
    let message = told.map_or_else(
        || {
            let said = sort.replace('-', " ");
            let flag = flag.as_deref().map(|f| format!(": {f}"));
            let place = environment.as_deref().map(|e| format!(" in {e}"));
            format!(
                "{said}{}{}",
                flag.unwrap_or_default(),
                place.unwrap_or_default()
            )
        },
        Cow::into_owned,
    );
    let mut record = Record::new(Kind::Change(ChangeState::Finished), message);
    record.at = payload::time_at(event, &["createdAt"]);
    record.actor = by.map(|name| payload::actor(name, false));
    let fields = &mut record.fields;
    let kind = if SWITCHES.contains(&sort.as_ref()) {
        "flag"
    } else {
        "maintenance"
    };
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, event, &["id"]);
    if let Some(flag) = flag {
        fields.push("flag", flag);
    }
    if let Some(environment) = environment {
        fields.push(field::ENVIRONMENT, environment);
    }
    payload::file_first(fields, "project", event, &["project"]);
    fields.push("event", sort);
    record
}
