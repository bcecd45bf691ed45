//! Changes as deployment tools and scripts of one's own log them: one JSON object a change,
//! with its time, what was changed, where, by whom and how it went.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::json::Object;
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
pub(super) const SERVICES: &[&str] = &[
    "service",
    "service_name",
    "app",
    "application",
    "component",
    "target",
    "project",
    "repository",
    "repo",
    "name",
    "resource",
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
];
pub(super) const ACTORS: &[&str] = &[
    "actor.name",
    "actor.login",
    "actor",
    "user.name",
    "user.login",
    "user",
    "author",
    "by",
    "deployed_by",
    "deployer",
    "changed_by",
    "triggered_by",
    "initiator",
    "created_by",
    "who",
    "username",
    "owner",
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
];
pub(super) const STARTS: &[&str] = &[
    "started_at",
    "started",
    "start",
    "start_time",
    "begin",
    "begin_at",
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
    payload::read(entry, is_change, records, out)
}

/// A change says what kind it is, what it changes, and who, to what or how it went; an entry
/// with a level is a program's log, whatever it is about.
fn is_change(object: &Object<'_>) -> bool {
    let logged = [
        "level",
        "severity",
        "lvl",
        "log.level",
        "labels",
        "PRIORITY",
    ];
    let about = [VERSIONS, ACTORS, STATES, ENVIRONMENTS];
    kind(object).is_some()
        && object.scalar(SERVICES).is_some()
        && about.iter().any(|paths| object.scalar(paths).is_some())
        && times(object) != (None, None)
        && !logged.iter().any(|n| object.get(n).is_some())
}

/// The kind of change in the words of [`field::CHANGE`].
fn kind(object: &Object<'_>) -> Option<&'static str> {
    KINDS.iter().find_map(|path| class(&object.text(&[path])?))
}

/// `config_change`, `ConfigChange` and `config` are one.
pub(super) fn class(word: &str) -> Option<&'static str> {
    const STEMS: &[(&str, &str)] = &[
        ("rollback", "rollback"),
        ("roll_back", "rollback"),
        ("rolledback", "rollback"),
        ("revert", "rollback"),
        ("undeploy", "rollback"),
        ("deploy", "deploy"),
        ("rollout", "deploy"),
        ("release", "deploy"),
        ("hotfix", "deploy"),
        ("promot", "deploy"),
        ("upgrade", "deploy"),
        ("publish", "deploy"),
        ("feature_flag", "flag"),
        ("flag", "flag"),
        ("toggle", "flag"),
        ("experiment", "flag"),
        ("migrat", "migration"),
        ("schema", "migration"),
        ("restart", "restart"),
        ("reboot", "restart"),
        ("failover", "failover"),
        ("secret", "secret"),
        ("certificate", "secret"),
        ("credential", "secret"),
        ("key_rotation", "secret"),
        ("rotat", "secret"),
        ("scal", "scale"),
        ("config", "config"),
        ("setting", "config"),
        ("terraform", "infrastructure"),
        ("infra", "infrastructure"),
        ("dns", "infrastructure"),
        ("firewall", "infrastructure"),
        ("maintenance", "maintenance"),
        ("patch", "deploy"),
    ];
    let word = word
        .trim()
        .to_ascii_lowercase()
        .replace(['-', ' ', '.'], "_");
    // A sentence is no kind.
    if word.len() > 32 || word.matches('_').count() > 3 {
        return None;
    }
    let found = STEMS.iter().find(|(stem, _)| word.contains(stem));
    match found {
        Some((_, kind)) => Some(kind),
        None => matches!(word.as_str(), "change" | "update" | "apply" | "sync").then_some("change"),
    }
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

/// What a word says about how far a change has come.
pub(super) fn status(word: &str) -> Option<ChangeState> {
    Some(match word {
        "started" | "start" | "starting" | "begin" | "began" | "running" | "in_progress"
        | "in-progress" | "in progress" | "progressing" | "inprogress" | "deploying"
        | "rolling" => ChangeState::Started,
        "requested" | "pending" | "queued" | "waiting" | "created" | "planned" | "scheduled"
        | "approved" | "proposed" | "open" => ChangeState::Requested,
        "failed" | "failure" | "fail" | "error" | "errored" | "aborted" | "cancelled"
        | "canceled" | "rejected" | "timed_out" | "timeout" | "inactive" | "skipped" => {
            ChangeState::Failed
        }
        "finished" | "finish" | "success" | "succeeded" | "successful" | "completed"
        | "complete" | "done" | "ok" | "deployed" | "applied" | "live" | "active" | "enabled"
        | "disabled" | "true" | "synced" | "healthy" | "merged" | "rolled_back" | "closed" => {
            ChangeState::Finished
        }
        _ => return None,
    })
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let (starts, ends) = times(object);
    let state = state(object, ends.is_some());
    let mut record = Record::new(Kind::Change(state), message(object));
    record.at = match state {
        ChangeState::Started | ChangeState::Requested => starts.or(ends),
        ChangeState::Finished | ChangeState::Failed => ends.or(starts),
    };
    record.service = object.scalar(SERVICES);
    record.actor = object.text(ACTORS).map(|name| payload::actor(name, false));
    let fields = &mut record.fields;
    if let Some(kind) = kind(object) {
        fields.push(field::CHANGE, kind);
    }
    payload::file_first(
        fields,
        field::ID,
        object,
        &["id", "deployment_id", "change_id"],
    );
    payload::file_first(fields, field::VERSION, object, VERSIONS);
    payload::file_first(fields, field::ENVIRONMENT, object, ENVIRONMENTS);
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
    out.push(record);
}

/// What it says, or in its own words: `deploy billing 2024.3.1 (succeeded)`.
fn message<'x>(object: &Object<'x>) -> Cow<'x, str> {
    if let Some(summary) = object.text(SUMMARIES) {
        return summary;
    }
    let kind = KINDS
        .iter()
        .find_map(|p| object.text(&[p]).filter(|t| class(t).is_some()));
    let words = [kind, object.scalar(SERVICES), object.scalar(VERSIONS)];
    let mut said = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some(state) = object.scalar(STATES) {
        said = format!("{said} ({state})");
    }
    Cow::Owned(said)
}
