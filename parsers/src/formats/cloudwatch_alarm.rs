//! AWS CloudWatch alarms: as SNS delivers them (JSON within JSON), as Lambda gets those, as EventBridge does,
//! and their history as `describe-alarm-history` gives it.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::token::json::{self, Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "cloudwatch-alarm",
    title: "CloudWatch alarm (SNS, EventBridge, history)",
    reference: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        [
            &b"AlarmName"[..],
            b"alarmName",
            b"SubscriptionConfirmation",
            b"UnsubscribeConfirmation",
        ]
        .iter()
        .any(|word| memmem::find(i, word).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/cloudwatch-alarm/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_alarm, records, out)
}

fn is_alarm(object: &Object<'_>) -> bool {
    object.get("AlarmName").is_some() && object.get("NewStateValue").is_some()
        || object.get("detail.alarmName").is_some() && object.get("detail.state").is_some()
        || message(object).is_some()
        || is_history(object)
        || history(object).any(is_history)
        || is_handshake(object)
        || deliveries(object).any(|sns| message(sns).is_some() || is_handshake(sns))
}

/// What SNS sends to who subscribes or leaves: it records nothing.
fn is_handshake(sns: &Object<'_>) -> bool {
    let kinds = ["SubscriptionConfirmation", "UnsubscribeConfirmation"];
    sns.get("TopicArn").is_some()
        && sns
            .text(&["Type"])
            .is_some_and(|t| kinds.contains(&t.as_ref()))
}

/// The alarm within a notification of SNS.
fn message(sns: &Object<'_>) -> Option<String> {
    let text = sns.text(&["Message"])?;
    let alarm = json::object(text.as_bytes())?;
    is_alarm(&alarm).then(|| text.into_owned())
}

fn deliveries<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let records = object.list("Records").iter().filter_map(Json::object);
    records.filter_map(|r| r.object("Sns"))
}

/// An item of an alarm's history.
fn is_history(item: &Object<'_>) -> bool {
    item.get("AlarmName").is_some() && item.get("HistoryItemType").is_some()
}

fn history<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let items = object.list("AlarmHistoryItems").iter();
    items.filter_map(Json::object)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_history(object) {
        return out.push(past(object));
    }
    for item in history(object).filter(|i| is_history(i)) {
        let mut record = past(item);
        record.part = payload.place(item);
        out.push(record);
    }
    if let Some(detail) = object.object("detail") {
        return out.push(event(object, detail));
    }
    if object.get("AlarmName").is_some() {
        return out.push(alarm(object));
    }
    let many = deliveries(object).map(|sns| (sns, payload.place(sns)));
    for (sns, part) in std::iter::once((object, None)).chain(many) {
        let Some(text) = message(sns) else { continue };
        let Some(inner) = json::object(text.as_bytes()) else {
            continue;
        };
        let mut record = alarm(&inner).into_owned();
        record.part = part;
        let sent = payload::time_at(sns, &["Timestamp"]);
        record.received = record.at.is_none();
        match (record.at, sent) {
            (Some(_), Some(sent)) => record.fields.push("received_at", sent),
            (at, sent) => record.at = at.or(sent),
        }
        out.push(record);
    }
}

/// No data is no recovery.
fn state(word: &str) -> AlertState {
    match word {
        "ALARM" => AlertState::Firing,
        "OK" => AlertState::Resolved,
        _ => AlertState::Unknown,
    }
}

fn alarm<'x>(alarm: &Object<'x>) -> Record<'x> {
    let said = alarm.text(&["NewStateValue"]).unwrap_or_default();
    let text = alarm.text(&["AlarmDescription", "AlarmName"]);
    let mut record = Record::new(Kind::Alert(state(&said)), text.unwrap_or_default());
    record.at = payload::time_at(alarm, &["StateChangeTime"]);
    let fields = &mut record.fields;
    payload::file_first(fields, field::ALERT, alarm, &["AlarmName"]);
    payload::file_first(fields, field::ID, alarm, &["AlarmArn", "AlarmName"]);
    fields.push("state", said);
    payload::file_first(fields, "previous_state", alarm, &["OldStateValue"]);
    // Its datapoints have times of their own, which may be a day old.
    payload::file_first(fields, "reason", alarm, &["NewStateReason"]);
    payload::file_first(fields, "region", alarm, &["Region"]);
    payload::file_first(fields, "metric", alarm, &["Trigger.MetricName"]);
    payload::file_first(fields, "namespace", alarm, &["Trigger.Namespace"]);
    // An alarm on an expression watches several metrics.
    let metrics = alarm
        .list("Trigger.Metrics")
        .iter()
        .filter_map(Json::object);
    let dimensions = alarm
        .list("Trigger.Dimensions")
        .iter()
        .chain(metrics.flat_map(|m| m.list("MetricStat.Metric.Dimensions")))
        .filter_map(Json::object);
    for dimension in dimensions {
        let name = dimension.text(&["name", "Name"]);
        let value = dimension.text(&["value", "Value"]);
        if let (Some(name), Some(value)) = (name, value) {
            place(&mut record, name, value);
        }
    }
    record
}

/// Dimensions say what is watched.
fn place<'x>(record: &mut Record<'x>, name: Cow<'x, str>, value: Cow<'x, str>) {
    match name.as_ref() {
        "ServiceName" | "FunctionName" | "Service" | "service" | "ApiName" => {
            record.service = Some(value.clone());
        }
        "InstanceId" | "Host" | "host" => record.host = Some(value.clone()),
        _ => {}
    }
    record.fields.push(name, value);
}

fn event<'x>(event: &Object<'x>, detail: &Object<'x>) -> Record<'x> {
    let said = detail.text(&["state.value"]).unwrap_or_default();
    let text = detail.text(&["configuration.description", "alarmName"]);
    let mut record = Record::new(Kind::Alert(state(&said)), text.unwrap_or_default());
    record.at = payload::time_at(detail, &["state.timestamp"])
        .or_else(|| payload::time_at(event, &["time"]));
    let fields = &mut record.fields;
    payload::file_first(fields, field::ALERT, detail, &["alarmName"]);
    payload::file_first(
        fields,
        field::ID,
        event,
        &["resources.0", "detail.alarmName"],
    );
    fields.push("state", said);
    payload::file_first(fields, "previous_state", detail, &["previousState.value"]);
    payload::file_first(fields, "reason", detail, &["state.reason"]);
    payload::file_first(fields, "region", event, &["region"]);
    record
}

/// What an item of its history says of an alarm: another state; or whom it told, or that it was set up anew.
fn past<'x>(item: &Object<'x>) -> Record<'x> {
    let summary = item.text(&["HistorySummary"]).unwrap_or_default();
    let name = item.text(&["AlarmName"]).unwrap_or_default();
    let data = item.text(&["HistoryData"]);
    let data = data.as_deref().and_then(|d| json::object(d.as_bytes()));
    let told = |path: &str| {
        let text = data.as_ref()?.text(&[path])?;
        Some(Cow::Owned(text.into_owned()))
    };
    // Without its data, the summary's last word is the state: `Alarm updated from OK to ALARM`.
    let last = || {
        summary
            .rsplit(' ')
            .next()
            .map(|word| Cow::Owned(word.to_owned()))
    };
    let updated = item.text(&["HistoryItemType"]).as_deref() == Some("StateUpdate");
    let said: Option<Cow<'x, str>> = told("newState.stateValue")
        .or_else(last)
        .filter(|_| updated);
    let reason: Option<Cow<'x, str>> = told("newState.stateReason");
    let (kind, text) = match (&said, &reason) {
        (Some(said), Some(reason)) => (Kind::Alert(state(said)), format!("{name}: {reason}")),
        (Some(said), None) => (Kind::Alert(state(said)), format!("{name}: {summary}")),
        (None, _) => (Kind::Log, format!("{name}: {summary}")),
    };
    let mut record = Record::new(kind, text);
    record.at = payload::time_at(item, &["Timestamp"]);
    let topic = summary.split("arn:aws:sns:").nth(1);
    let topic = topic.and_then(|t| t.split_whitespace().next()?.rsplit(':').next());
    let topic = topic.map(|t| Cow::Owned(t.to_owned()));
    let fields = &mut record.fields;
    fields.push(field::ALERT, name.clone());
    fields.push(field::ID, name);
    fields.push_known([
        ("state", said),
        ("previous_state", told("oldState.stateValue")),
        ("reason", reason),
        ("topic", topic),
    ]);
    record
}
