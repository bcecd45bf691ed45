//! Azure Monitor's alerts: in the common schema that its action groups send, in the older one of metric alerts, and as
//! its API lists them.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Level, Record, field};
use crate::token::azure::Resource;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "azure-monitor",
    title: "Azure Monitor alert",
    reference: "https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/alerts-common-schema",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"monitorCondition").is_some()
            || memmem::find(i, b"AzureMonitorMetricAlert").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/azure-monitor/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    alerts(object).next().is_some()
}

/// The object itself, and those of a list.
fn alerts<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("value").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|o| essentials(o).is_some() || older(o).is_some())
}

/// What all alerts have, in the common schema and in the list of them.
fn essentials<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    ["data.essentials", "properties.essentials", "essentials"]
        .iter()
        .find_map(|path| object.object(path))
        .filter(|e| e.text(&["monitorCondition"]).is_some())
}

/// A metric alert before there was a common schema.
fn older<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    let data = object.object("data")?;
    let known = object
        .text(&["schemaId"])
        .is_some_and(|s| s.starts_with("AzureMonitor"));
    (known && data.get("status").is_some() && data.object("context").is_some()).then_some(data)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let listed = !payload.object.list("value").is_empty();
    for object in alerts(&payload.object) {
        let mut record = match (essentials(object), older(object)) {
            (Some(essentials), _) => common(object, essentials),
            (None, Some(data)) => metric(data),
            (None, None) => continue,
        };
        if listed {
            record.part = payload.place(object);
        }
        out.push(record);
    }
}

fn state(word: &str) -> AlertState {
    match word.to_ascii_lowercase().as_str() {
        "fired" | "activated" => AlertState::Firing,
        "resolved" | "deactivated" => AlertState::Resolved,
        _ => AlertState::Unknown,
    }
}

/// Critical, error, warning, informational, verbose: from `Sev0` to `Sev4`, or `0` to `4`.
fn level(severity: &str) -> Option<Level> {
    Some(
        match severity.trim_start_matches(|c: char| !c.is_ascii_digit()) {
            "0" => Level::Fatal,
            "1" => Level::Error,
            "2" => Level::Warn,
            "3" => Level::Info,
            "4" => Level::Debug,
            _ => return None,
        },
    )
}

fn common<'x>(object: &Object<'x>, own: &Object<'x>) -> Record<'x> {
    let said = own.text(&["monitorCondition"]).unwrap_or_default();
    let state = state(&said);
    let listed = object.text(&["name"]);
    let rule = own.text(&["alertRule"]).map(ruled);
    let name = rule.or(listed);
    let text = own.text(&["description"]).filter(|d| !d.trim().is_empty());
    let text = text.or_else(|| name.clone()).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), text);
    let begins = payload::time_at(own, &["firedDateTime", "startDateTime"]);
    let ends = ["resolvedDateTime", "monitorConditionResolvedDateTime"];
    let ends = payload::time_at(own, &ends);
    record.at = match state {
        AlertState::Resolved => ends.or(begins),
        _ => begins,
    };
    about(&mut record, object, own);
    let severity = own.text(&["severity"]);
    record.level = severity.as_deref().and_then(level);
    let fields = &mut record.fields;
    if let Some(name) = name {
        fields.push(field::ALERT, name);
    }
    if let Some(id) = own.text(&["alertId"]).or_else(|| object.text(&["id"])) {
        // The last part is the alert's own.
        let own = id.rsplit('/').next().unwrap_or(&id).to_owned();
        fields.push(field::ID, own);
    }
    if let Some(severity) = severity {
        fields.push(field::SEVERITY, severity);
    }
    fields.push("state", said);
    payload::file_first(fields, "signal", own, &["signalType"]);
    payload::file_first(
        fields,
        "monitor",
        own,
        &["monitoringService", "monitorService"],
    );
    let conditions = object.list("data.alertContext.condition.allOf");
    if let Some(condition) = conditions.first().and_then(Json::object) {
        payload::file_first(
            fields,
            "metric",
            condition,
            &["metricName", "metricMeasureColumn"],
        );
        payload::file_first(fields, "threshold", condition, &["threshold"]);
        payload::file_first(fields, "value", condition, &["metricValue"]);
    }
    if let (AlertState::Resolved, Some(begins)) = (state, begins) {
        fields.push(field::STARTS_AT, begins);
    }
    record
}

/// A rule is named, or identified by the resource that it is.
fn ruled(rule: Cow<'_, str>) -> Cow<'_, str> {
    match Resource::of(&rule) {
        Some(resource) => Cow::Owned(resource.name.to_owned()),
        None => rule,
    }
}

/// What an alert is about: what its dimensions and the team's own properties call a service, else the resource that it
/// watches.
fn about<'x>(record: &mut Record<'x>, object: &Object<'x>, own: &Object<'x>) {
    let conditions = object.list("data.alertContext.condition.allOf").iter();
    let dimensions = conditions
        .filter_map(Json::object)
        .flat_map(|c| c.list("dimensions"))
        .filter_map(Json::object)
        .filter_map(|d| Some((d.text(&["name"])?, d.text(&["value"])?)));
    let mut stated = None;
    for (name, value) in dimensions.filter(|(_, v)| !v.is_empty()) {
        let folded = name.to_ascii_lowercase().replace(['_', '/', '-'], "");
        match folded.as_str() {
            "cloudrolename" | "approlename" | "service" | "servicename" | "controllername"
            | "containerappname" | "app" => stated = stated.or(Some(value.clone())),
            "computer" | "host" | "cloudroleinstance" | "approleinstance" | "node" => {
                record.host.get_or_insert_with(|| value.clone());
            }
            _ => {}
        }
        record.fields.push(name, value);
    }
    let properties = ["data.customProperties", "customProperties"];
    let properties = properties.iter().find_map(|p| object.object(p));
    let custom = |names: &[&str]| properties.and_then(|p| p.text(names));
    let named = custom(&["service", "Service", "serviceName", "app", "application"]);
    let ids = own.list("alertTargetIDs").iter().filter_map(Json::text);
    let ids = ids.chain(own.text(&["targetResource"]));
    let mut place = custom(&["environment", "Environment", "env"]);
    let mut watched = None;
    for id in ids {
        let Some(resource) = Resource::of(&id) else {
            continue;
        };
        place = place.or_else(|| resource.environment().map(|e| Cow::Owned(e.to_owned())));
        let name = Cow::Owned(resource.spelled());
        if resource.is_host() {
            record.host.get_or_insert(name);
        } else if !resource.is_store() {
            watched.get_or_insert(name);
        }
    }
    let items = || own.list("configurationItems").iter().filter_map(Json::text);
    let item = items().find(|i| !i.is_empty() && !i.contains('/') && record.host.is_none());
    let target = || own.text(&["targetResourceName"]);
    record.service = stated.or(named).or(watched).or(item).or_else(target);
    if let Some(place) = place {
        record.fields.push(field::ENVIRONMENT, place);
    }
}

fn metric<'x>(data: &Object<'x>) -> Record<'x> {
    let said = data.text(&["status"]).unwrap_or_default();
    let state = state(&said);
    let context = data.object("context");
    let told = |names: &[&str]| context.and_then(|c| c.text(names));
    let text = told(&["description"]).filter(|d| !d.trim().is_empty());
    let text = text.or_else(|| told(&["name"])).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), text);
    record.at = context.and_then(|c| payload::time_at(c, &["timestamp"]));
    let severity = context.and_then(|c| c.scalar(&["severity"]));
    record.level = severity.as_deref().and_then(level);
    let id = told(&["resourceId"]);
    if let Some(resource) = id.as_deref().and_then(Resource::of) {
        let name = Cow::Owned(resource.spelled());
        match resource.is_host() {
            true => record.host = Some(name),
            false => record.service = Some(name),
        }
        if let Some(place) = resource.environment() {
            record.fields.push(field::ENVIRONMENT, place.to_owned());
        }
    }
    let fields = &mut record.fields;
    fields.push_known([
        (field::ALERT, told(&["name"])),
        (field::ID, told(&["id", "name"])),
        (field::SEVERITY, severity),
        ("state", Some(said)),
    ]);
    record
}
