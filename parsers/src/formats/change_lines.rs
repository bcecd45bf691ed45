//! Changes as deployment tools and scripts of one's own log them: one JSON object a change,
//! with its time, what was changed, where, by whom and how it went.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change::{ACTORS, SERVICES, class, status};
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "change-lines",
    title: "Change log in JSON",
    reference: "https://jsonlines.org/",
    cut: Cut::Json,
    specificity: 80,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/change-lines/input.jsonl"),
};

pub(super) const KINDS: &[&str] = &[
    "type",
    "change_type",
    "changeType",
    "kind",
    "change",
    "event_type",
    "event",
    "action",
    "category",
];
pub(super) const VERSIONS: &[&str] = &[
    "version",
    "new_version",
    "to_version",
    "to",
    "tag",
    "image_tag",
    "revision",
    "commit",
    "sha",
    "release",
    "build",
    "image",
    "new_value",
    "newVersion",
    "toVersion",
    "image_tag",
    "imageTag",
    "commit_sha",
    "commitSha",
];
pub(super) const STATES: &[&str] = &[
    "status",
    "state",
    "result",
    "outcome",
    "phase",
    "conclusion",
];
pub(super) const TIMES: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "@timestamp",
    "at",
    "datetime",
    "date",
    "occurred_at",
    "event_time",
    "created_at",
    "createdAt",
    "occurredAt",
    "eventTime",
];
pub(super) const STARTS: &[&str] = &[
    "started_at",
    "started",
    "start",
    "start_time",
    "begin",
    "begin_at",
    "startedAt",
    "startTime",
];
pub(super) const ENDS: &[&str] = &[
    "finished_at",
    "finished",
    "completed_at",
    "completed",
    "deployed_at",
    "ended_at",
    "end",
    "end_time",
    "finish_time",
    "released_at",
    "finishedAt",
    "completedAt",
    "deployedAt",
    "releasedAt",
    "endedAt",
    "endTime",
];
pub(super) const ENVIRONMENTS: &[&str] = &[
    "environment",
    "env",
    "stage",
    "cluster",
    "deployment_environment",
];
pub(super) const SUMMARIES: &[&str] = &[
    "summary",
    "description",
    "message",
    "msg",
    "title",
    "text",
    "details",
    "note",
    "comment",
    "reason",
    "diff",
];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// Lists of changes, and what the changes in them are that do not say what they are.
const LISTS: [(&str, Option<&str>); 10] = [
    ("deployments", Some("deploy")),
    ("deploys", Some("deploy")),
    ("releases", Some("deploy")),
    ("rollouts", Some("deploy")),
    ("rollbacks", Some("rollback")),
    ("changes", None),
    ("entries", None),
    ("events", None),
    ("items", None),
    ("results", None),
];

/// Members that only a deployment has.
const DEPLOYED: [&str; 9] = [
    "deployed_at",
    "deployedAt",
    "deployed_by",
    "deployedBy",
    "deployer",
    "released_at",
    "releasedAt",
    "released_by",
    "releasedBy",
];

/// A change, and what is known of it from what it stands in.
#[derive(Clone, Copy)]
struct Told<'o, 'a> {
    object: &'o Object<'a>,
    kind: &'static str,
    /// It stands in a list, whose owner may say what it changes.
    owner: Option<&'o Object<'a>>,
}

/// The object itself, or those of a list that it holds.
fn changes<'o, 'a>(object: &'o Object<'a>) -> Vec<Told<'o, 'a>> {
    if let Some(kind) = kind(object).filter(|_| is_change(object, None)) {
        let owner = None;
        return vec![Told {
            object,
            kind,
            owner,
        }];
    }
    let owner = Some(object);
    let lists = LISTS.iter().flat_map(|(name, default)| {
        let all = object.list(name).iter().filter_map(Json::object);
        all.filter_map(move |object| {
            let kind = kind(object).or(*default)?;
            is_change(object, owner).then_some(Told {
                object,
                kind,
                owner,
            })
        })
    });
    lists.collect()
}

fn is_mine(object: &Object<'_>) -> bool {
    !changes(object).is_empty()
}

/// What is changed: the change says it, or who keeps the list.
fn service<'x>(object: &Object<'x>, owner: Option<&Object<'x>>) -> Option<Cow<'x, str>> {
    object.scalar(SERVICES).or_else(|| owner?.scalar(SERVICES))
}

/// A change says what it changes, and who, to what or how it went; an entry with a level is a
/// program's log, whatever it is about.
fn is_change<'a>(object: &Object<'a>, owner: Option<&Object<'a>>) -> bool {
    let logged = [
        "level",
        "severity",
        "lvl",
        "log.level",
        "labels",
        "PRIORITY",
    ];
    let about = [VERSIONS, ACTORS, STATES, ENVIRONMENTS];
    service(object, owner).is_some()
        && about.iter().any(|paths| object.scalar(paths).is_some())
        && times(object) != (None, None)
        && !logged.iter().any(|n| object.get(n).is_some())
}

/// The kind of change in the words of [`field::CHANGE`].
fn kind(object: &Object<'_>) -> Option<&'static str> {
    let said = KINDS.iter().find_map(|p| class(&object.text(&[p])?));
    let deployed = || DEPLOYED.iter().any(|name| object.get(name).is_some());
    said.or_else(|| deployed().then_some("deploy"))
}

/// When it began and when it was in effect.
fn times(object: &Object<'_>) -> (Option<Reading>, Option<Reading>) {
    let starts = payload::time_at(object, STARTS);
    let ends = payload::time_at(object, ENDS);
    let own = payload::time_at(object, TIMES);
    match (starts, ends) {
        (None, None) => (own, None),
        (starts, ends) => (starts, ends.or(own)),
    }
}

fn state(object: &Object<'_>, ended: bool) -> ChangeState {
    let said = object.scalar(STATES).map(|s| s.trim().to_ascii_lowercase());
    // Some say it with the kind: `deploy_started`.
    let said = said.or_else(|| {
        let kind = KINDS
            .iter()
            .find_map(|p| object.text(&[p]).filter(|t| class(t).is_some()))?;
        let tail = kind.rsplit(['_', '.', '-', ' ', ':']).next()?;
        Some(tail.to_ascii_lowercase())
    });
    status(said.as_deref().unwrap_or_default()).unwrap_or(
        if ended || object.scalar(STARTS).is_none() {
            ChangeState::Finished
        } else {
            ChangeState::Started
        },
    )
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for told in changes(&payload.object) {
        let mut record = record(told);
        record.part = told.owner.and_then(|_| payload.place(told.object));
        out.push(record);
    }
}

fn record<'x>(told: Told<'_, 'x>) -> Record<'x> {
    let object = told.object;
    let (starts, ends) = times(object);
    let state = state(object, ends.is_some());
    let mut record = Record::new(Kind::Change(state), message(told));
    record.at = match state {
        ChangeState::Started | ChangeState::Requested => starts.or(ends),
        ChangeState::Finished | ChangeState::Failed => ends.or(starts),
    };
    record.service = service(object, told.owner);
    record.actor = object.text(ACTORS).map(|name| payload::actor(name, false));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, told.kind);
    payload::file_first(
        fields,
        field::ID,
        object,
        &["id", "deployment_id", "change_id"],
    );
    payload::file_first(fields, field::VERSION, object, VERSIONS);
    let place = object.scalar(ENVIRONMENTS);
    if let Some(place) = place.or_else(|| told.owner?.scalar(ENVIRONMENTS)) {
        fields.push(field::ENVIRONMENT, place);
    }
    if let (Some(starts), Some(_)) = (starts, ends) {
        fields.push("started_at", starts);
    }
    let known = [
        KINDS,
        SERVICES,
        VERSIONS,
        ACTORS,
        TIMES,
        STARTS,
        ENDS,
        ENVIRONMENTS,
    ];
    let filed = |path: &str| path == "id" || known.iter().any(|names| names.contains(&path));
    payload::file_all(fields, object, &filed);
    record
}

/// What it says, or in its own words: `deploy billing 2024.3.1 (succeeded)`.
fn message<'x>(told: Told<'_, 'x>) -> Cow<'x, str> {
    let object = told.object;
    if let Some(summary) = object.text(SUMMARIES) {
        return summary;
    }
    let kind = KINDS
        .iter()
        .find_map(|p| object.text(&[p]).filter(|t| class(t).is_some()));
    let kind = kind.unwrap_or(Cow::Borrowed(told.kind));
    let words = [
        Some(kind),
        service(object, told.owner),
        object.scalar(VERSIONS),
    ];
    let mut said = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some(state) = object.scalar(STATES) {
        said = format!("{said} ({state})");
    }
    Cow::Owned(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    #[test]
    fn what_programs_log_is_no_change() {
        let layout = Layout::default();
        for line in [
            r#"{"time":"2025-02-04T15:22:40Z","level":"info","service":"quay","msg":"deploy","deployed_by":"ines","version":"2"}"#,
            r#"{"time":"2025-02-04T15:22:40Z","service":"quay","version":"2.6.0","msg":"started"}"#,
            r#"{"time":"2025-02-04T15:22:40Z","service":"quay","events":[{"service":"quay","version":"2","at":"2025-02-04T15:22:40Z","msg":"x"}]}"#,
            r#"{"service":"quay","deployments":[{"version":"2.6.0","severity":"info","at":"2025-02-04T15:22:40Z"}]}"#,
            r#"{"service":"quay","deployments":[{"version":"2.6.0"}]}"#,
        ] {
            let mut records = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(line.as_bytes(), &cx, &mut records), None, "{line}");
        }
    }
}
