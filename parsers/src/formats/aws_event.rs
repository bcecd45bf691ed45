//! Events of AWS services as EventBridge delivers them: deployments of CodeDeploy and ECS,
//! runs of CodePipeline, and whatever else changes its state. Alarms are a format of their own.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use crate::token::text::narrowed;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "aws-event",
    title: "AWS event (EventBridge)",
    reference: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| memmem::find(i, b"detail-type").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/aws-event/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_event, records, out)
}

fn is_event(object: &Object<'_>) -> bool {
    object.text(&["detail-type"]).is_some()
        && object.text(&["source"]).is_some()
        && object.get("time").is_some()
        && object.object("detail").is_some()
        && object.get("detail.alarmName").is_none()
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let Some(detail) = object.object("detail") else {
        return;
    };
    let sort = object.text(&["detail-type"]).unwrap_or_default();
    let said = detail.text(&["state", "eventName", "lastStatus", "status", "eventType"]);
    let state = said.as_deref().and_then(state);
    let lower = sort.to_ascii_lowercase();
    let change = [
        "codedeploy deployment",
        "ecs deployment",
        "codepipeline pipeline",
    ]
    .iter()
    .any(|c| lower.starts_with(c));
    let kind = match (change, state) {
        (true, Some(state)) => Kind::Change(state),
        _ => Kind::Log,
    };
    let service = service(object, detail);
    let what = service.as_deref().unwrap_or_default();
    let words = [sort.as_ref(), what, said.as_deref().unwrap_or_default()];
    let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
    let why = detail.text(&["reason", "stoppedReason", "message"]);
    let why = why.map_or_else(String::new, |w| format!(": {w}"));
    let mut record = Record::new(kind, format!("{}{why}", words.join(" ")));
    record.at = payload::time_at(object, &["time"]);
    record.level = (state == Some(ChangeState::Failed)).then_some(Level::Error);
    record.service = service;
    record.host = detail.text(&["instance-id", "EC2InstanceId", "instanceId"]);
    let fields = &mut record.fields;
    if change {
        fields.push(field::CHANGE, "deploy");
    }
    let ids = ["deploymentId", "execution-id", "id"];
    payload::file_first(fields, field::ID, detail, &ids);
    fields.push("event", sort);
    if let Some(said) = said {
        fields.push("state", said);
    }
    payload::file_first(fields, "source", object, &["source"]);
    payload::file_first(fields, "region", object, &["region"]);
    payload::file_first(fields, "deployment_group", detail, &["deploymentGroup"]);
    if let Some(place) = place(object, detail).filter(|_| change) {
        fields.push(field::ENVIRONMENT, place);
    }
    out.push(record);
}

/// `SUCCESS`, `STARTED`, `SERVICE_DEPLOYMENT_COMPLETED` …
fn state(word: &str) -> Option<ChangeState> {
    let word = word.to_ascii_lowercase();
    let word = word.strip_prefix("service_deployment_").unwrap_or(&word);
    match word {
        "stop" | "stopped" | "superseded" => Some(ChangeState::Failed),
        "ready" => Some(ChangeState::Started),
        other => change::status(other),
    }
}

/// Where, as the group, the stage, the environment, the cluster or the name of what is deployed tells.
fn place(object: &Object<'_>, detail: &Object<'_>) -> Option<String> {
    let names = [
        "deploymentGroup",
        "stage",
        "environment",
        "clusterArn",
        "cluster",
    ];
    let told = names.iter().filter_map(|name| detail.text(&[name]));
    let last = |text: &str| text.rsplit(['/', ':']).next().map(str::to_owned);
    let place = |text: &str| change::environment_of(&last(text)?).map(str::to_ascii_lowercase);
    let mut told = told.map(Cow::into_owned);
    told.find_map(|text| place(&text)).or_else(|| {
        let named = detail.text(&["application", "pipeline", "serviceName", "service"]);
        // `service/CLUSTER/NAME` of ECS stands in a cluster.
        let resources = object.list("resources").iter().filter_map(Json::text);
        let mut clusters = resources.filter_map(|arn| {
            let (_, path) = arn.split_once(":service/")?;
            Some(path.split_once('/')?.0.to_owned())
        });
        let own = named.and_then(|n| change::parted(&n).1.map(str::to_ascii_lowercase));
        own.or_else(|| clusters.find_map(|c| place(&c)))
    })
}

/// What the event is about: by name, without the environment that it carries, else the last part of the first resource.
fn service<'x>(object: &Object<'x>, detail: &Object<'x>) -> Option<Cow<'x, str>> {
    let named = detail.text(&["application", "pipeline", "serviceName", "service"]);
    let machine = detail.text(&["instance-id", "EC2InstanceId", "instanceId"]);
    let named = named.map(|name| {
        narrowed(name, |n| match change::parted(n) {
            (own, Some(_)) => own,
            (whole, None) => whole,
        })
    });
    named.or_else(|| {
        machine.is_none().then_some(())?;
        let arn = object.list("resources").first()?.text()?;
        let name = arn.rsplit([':', '/']).next().unwrap_or_default();
        (!name.is_empty()).then(|| Cow::Owned(name.to_owned()))
    })
}
