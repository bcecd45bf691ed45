//! Spinnaker's executions of pipelines, as its API gives them: an array, or one. What they deploy their names,
//! their parameters and their artifacts tell.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "spinnaker",
    title: "Spinnaker pipeline executions",
    reference: "https://spinnaker.io/docs/reference/api/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"application").is_some()
            && (memmem::find(i, b"buildTime").is_some() || memmem::find(i, b"startTime").is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/spinnaker/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    executions(object).next().is_some()
}

/// The execution itself, or the one that Echo's event tells of.
fn executions<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    std::iter::once(object)
        .chain(object.object("content.execution"))
        .chain(object.object("execution"))
        .filter(|e| is_execution(e))
}

fn is_execution(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    object.text(&["application"]).is_some()
        && object
            .text(&["status"])
            .is_some_and(|s| state(&s).is_some())
        && (told("buildTime") || told("startTime"))
        && (told("trigger") || told("stages") || told("authentication"))
}

/// How it went; a pipeline that has not started has changed nothing yet.
fn state(status: &str) -> Option<ChangeState> {
    Some(match status {
        "SUCCEEDED" | "FAILED_CONTINUE" | "REDIRECT" => ChangeState::Finished,
        "TERMINAL" | "CANCELED" | "STOPPED" | "SKIPPED" => ChangeState::Failed,
        "RUNNING" | "PAUSED" | "SUSPENDED" => ChangeState::Started,
        "NOT_STARTED" | "BUFFERED" => ChangeState::Requested,
        _ => return None,
    })
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for execution in executions(&payload.object) {
        out.extend(record(execution));
    }
}

fn record<'x>(execution: &Object<'x>) -> Option<Record<'x>> {
    let status = execution.text(&["status"])?;
    let state = state(&status)?;
    let name = execution.text(&["name"]);
    let described = execution.text(&["description"]);
    let of_name = name.as_deref().and_then(change::title);
    let of_text = described
        .as_deref()
        .and_then(change::title)
        .filter(|t| t.leads);
    let own = |text: Option<&str>| text.map(|t| Cow::Owned(t.to_owned()));
    let kind = kind(execution, of_name.map(|t| t.kind), of_text.map(|t| t.kind));
    let application = execution.text(&["application"]);
    let what = described
        .clone()
        .or_else(|| name.clone())
        .unwrap_or(Cow::Borrowed("pipeline"));
    let of = application.as_deref().unwrap_or_default();
    let message = format!("{what} ({of}, {status})");
    let mut record = Record::new(Kind::Change(state), message);
    let begun = payload::time_at(execution, &["startTime", "buildTime"]);
    let ended = payload::time_at(execution, &["endTime"]);
    let done = matches!(state, ChangeState::Finished | ChangeState::Failed);
    record.at = ended.filter(|_| done).or(begun);
    record.service = application;
    record.actor = actor(execution);
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    payload::file_first(fields, field::ID, execution, &["id"]);
    let version = parameter(
        execution,
        &["version", "tag", "release", "image", "revision"],
    )
    .or_else(|| artifact(execution))
    .or_else(|| own(of_text.and_then(|t| t.version)));
    let environment = parameter(execution, &["environment", "env", "stage"])
        .or_else(|| own(of_name.and_then(|t| t.environment)))
        .or_else(|| own(of_text.and_then(|t| t.environment)))
        .or_else(|| place(execution));
    let found = [
        (field::VERSION, version),
        (field::ENVIRONMENT, environment),
        ("pipeline", name.clone()),
        ("status", Some(status)),
    ];
    fields.push_known(found);
    payload::file_first(fields, "trigger", execution, &["trigger.type"]);
    if let Some(begun) = begun.filter(|_| done && ended.is_some()) {
        fields.push("started_at", begun);
    }
    Some(record)
}

/// A pipeline that no name and no stage tells of to deploy bakes, tests or waits.
fn kind(
    execution: &Object<'_>,
    name: Option<&'static str>,
    text: Option<&'static str>,
) -> &'static str {
    let stages = execution.list("stages").iter().filter_map(Json::object);
    let types: Vec<String> = stages
        .filter_map(|s| Some(s.text(&["type"])?.to_ascii_lowercase()))
        .collect();
    let any = |words: &[&str]| types.iter().any(|t| words.iter().any(|w| t.contains(w)));
    let kinds = [
        name,
        text,
        any(&["rollback", "undorollout"]).then_some("rollback"),
    ];
    if kinds.contains(&Some("rollback")) {
        return "rollback";
    }
    let deploys = any(&["deploy", "rollingpush", "cloneservergroup"]).then_some("deploy");
    name.or(text).or(deploys).unwrap_or("build")
}

fn parameter<'x>(execution: &Object<'x>, names: &[&str]) -> Option<Cow<'x, str>> {
    let parameters = execution.object("trigger.parameters")?;
    names.iter().find_map(|wanted| {
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.split(['_', '-', '.']).any(|w| w == *wanted)
        };
        let mut all = parameters.iter();
        let (_, value) = all.find(|(name, _)| named(name))?;
        value.scalar().filter(|v| !v.trim().is_empty())
    })
}

/// The tag of the image that the trigger brought: `registry.example/shop:4.2.0`.
fn artifact<'x>(execution: &Object<'x>) -> Option<Cow<'x, str>> {
    let listed = ["trigger.artifacts", "trigger.resolvedExpectedArtifacts"];
    let artifacts = listed.iter().flat_map(|p| execution.list(p));
    let tagged = artifacts.filter_map(Json::object).find_map(|artifact| {
        let version = artifact.text(&["version", "boundArtifact.version"]);
        version.or_else(|| {
            let reference = artifact.text(&["reference", "boundArtifact.reference"])?;
            let (_, tag) = reference.rsplit_once(':')?;
            (!tag.contains('/')).then(|| Cow::Owned(tag.to_owned()))
        })
    });
    tagged.or_else(|| execution.text(&["trigger.tag", "trigger.buildInfo.number"]))
}

/// The account or the namespace that a stage deploys to.
fn place<'x>(execution: &Object<'x>) -> Option<Cow<'x, str>> {
    let stages = execution.list("stages").iter().filter_map(Json::object);
    let mut places = stages.flat_map(|s| {
        let paths = [
            "context.namespaceOverride",
            "context.namespace",
            "context.account",
        ];
        paths.map(|p| s.text(&[p]))
    });
    places.find_map(|p| p.filter(|p| change::is_environment(p)))
}

fn actor<'x>(execution: &Object<'x>) -> Option<Actor<'x>> {
    let name = execution.text(&["trigger.user", "authentication.user"])?;
    // What a trigger starts runs as nobody.
    let bot = name == "[anonymous]" || name == "anonymous";
    Some(payload::actor(name, bot))
}
