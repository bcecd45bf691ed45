//! GitHub's workflow runs: the `workflow_run` webhook, what the REST API lists and what `gh run list
//! --json` prints. Most build and test; some deploy.

use super::github_deployment::account;
use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "github-workflow",
    title: "GitHub workflow run",
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run",
    cut: Cut::Json,
    specificity: 91,
    hint: |i| {
        HINTS
            .iter()
            .any(|n| memmem::find(i, n.as_bytes()).is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/github-workflow/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

/// Of these every run has one.
const HINTS: [&str; 7] = [
    "workflow_run",
    "workflow_id",
    "run_number",
    "run_started_at",
    "databaseId",
    "workflowName",
    "headSha",
];

/// Runs in an answer, the one of a webhook, or the object itself.
fn runs<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("workflow_runs").iter().filter_map(Json::object);
    object
        .object("workflow_run")
        .into_iter()
        .chain(listed)
        .chain(std::iter::once(object))
        .filter(|run| is_run(run))
}

fn is_mine(object: &Object<'_>) -> bool {
    runs(object).next().is_some()
}

fn is_run(run: &Object<'_>) -> bool {
    let any = |names: &[&str]| names.iter().any(|n| run.get(n).is_some());
    run.text(&["status"]).is_some()
        && (any(&["head_sha"]) || any(TITLES) && any(&["conclusion"]))
        && (any(&["workflow_id", "run_number", "run_started_at"])
            || any(&["databaseId", "workflowName", "headSha"]) && any(&BEGINS) )
        // A job of a run, or its check, has the run's id.
        && !any(&["run_id", "check_suite", "steps"])
}

/// How REST and how `gh` spell it.
const TITLES: &[&str] = &["display_title", "displayTitle", "head_commit.message"];
const BEGINS: [&str; 4] = ["run_started_at", "startedAt", "created_at", "createdAt"];

fn state(run: &Object<'_>) -> ChangeState {
    match run.text(&["conclusion"]).as_deref() {
        Some("success") => ChangeState::Finished,
        Some(_) => ChangeState::Failed,
        None if run.text(&["status"]).as_deref() == Some("in_progress") => ChangeState::Started,
        None => ChangeState::Requested,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    for run in runs(object) {
        let mut record = record(object, run);
        if !object.list("workflow_runs").is_empty() {
            record.part = payload.place(run);
        }
        out.push(record);
    }
}

/// `object` is what a webhook tells besides.
fn record<'x>(object: &Object<'x>, run: &Object<'x>) -> Record<'x> {
    let state = state(run);
    let name = object.text(&["workflow_run.name", "workflow.name"]);
    let name = name.or_else(|| run.text(&["name", "workflowName", "path"]));
    let name = name.unwrap_or(Cow::Borrowed("workflow"));
    let title = run.text(TITLES);
    let told = Told::of(run, &name, title.as_deref());
    let title = title.map_or_else(String::new, |t| format!(": {t}"));
    let end = run.text(&["conclusion", "status"]).unwrap_or_default();
    let message = Cow::Owned(format!("workflow {name}{title} ({end})"));
    let mut record = Record::new(Kind::Change(state), message);
    let begun = payload::time_at(run, &BEGINS);
    // A run has no time of its end but that of its last update.
    record.at = match state {
        ChangeState::Requested | ChangeState::Started => begun,
        _ => payload::time_at(run, &["updated_at", "updatedAt"]).or(begun),
    };
    let accounts = ["triggering_actor", "actor"];
    record.actor = accounts.iter().find_map(|path| account(run, path));
    record.actor = record.actor.or_else(|| account(object, "sender"));
    record.service = told.service.or_else(|| repository(object, run));
    let fields = &mut record.fields;
    fields.push(field::CHANGE, told.kind);
    payload::file_first(fields, field::ID, run, &["id", "databaseId"]);
    let commit = ["head_sha", "headSha"];
    // A run for a tag has its name where others have their branch's.
    let tag = run.text(&["head_branch", "headBranch"]);
    let tag = tag.filter(|t| change::is_version(t)).map(Cow::into_owned);
    match told.version.or(tag) {
        Some(version) => {
            fields.push(field::VERSION, version);
            payload::file_first(fields, "sha", run, &commit);
        }
        None => payload::file_first(fields, field::VERSION, run, &commit),
    }
    if let Some(environment) = told.environment {
        fields.push(field::ENVIRONMENT, environment);
    }
    fields.push("workflow", name);
    payload::file_first(fields, "branch", run, &["head_branch", "headBranch"]);
    payload::file_first(fields, "status", run, &["status"]);
    payload::file_first(fields, "conclusion", run, &["conclusion"]);
    if let (Some(begun), ChangeState::Finished | ChangeState::Failed) = (begun, state) {
        fields.push("started_at", begun);
    }
    let full = object.text(&["repository.full_name"]);
    if let Some(full) = full.or_else(|| run.text(&["repository.full_name"])) {
        fields.push("repository", full);
    }
    record
}

/// The name of the repository; `gh` gives nothing but the address of the run.
fn repository<'x>(object: &Object<'x>, run: &Object<'x>) -> Option<Cow<'x, str>> {
    let named = object.text(&["repository.name"]);
    let named = named.or_else(|| run.text(&["repository.name"]));
    let named = named.or_else(|| object.text(&["repository.full_name"]));
    named.or_else(|| {
        let url = run.text(&["html_url", "url"])?;
        let (before, _) = url.split_once("/actions/runs/")?;
        Some(Cow::Owned(before.rsplit('/').next()?.to_owned()))
    })
}

/// What the names tell of the change that a run makes.
struct Told {
    kind: &'static str,
    service: Option<Cow<'static, str>>,
    version: Option<String>,
    environment: Option<String>,
}

impl Told {
    fn of(run: &Object<'_>, name: &str, title: Option<&str>) -> Self {
        let own = |text: &str| Some(text.to_owned());
        let path = run.text(&["path"]).unwrap_or_default();
        let mut kind = match kind(name) {
            "build" => kind(path.rsplit('/').next().unwrap_or_default()),
            told => told,
        };
        let mut found = Self {
            kind,
            service: None,
            version: None,
            environment: None,
        };
        // A push is titled by its commit, which changes a file; what somebody starts, by what it does.
        let pushed = matches!(
            run.text(&["event"]).as_deref(),
            Some("push" | "pull_request" | "schedule" | "merge_group")
        );
        let told = title.and_then(change::title).filter(|t| t.leads);
        if kind == "build"
            && !pushed
            && let Some(told) = told
        {
            kind = told.kind;
        }
        if kind == "build" && !pushed {
            kind = title.and_then(switch).unwrap_or(kind);
        }
        if kind == "build" {
            return found;
        }
        let parts = || name.split([' ', '-', '_', '/', ':', '(', ')']);
        let environment = change::Words::of(name).environment();
        let environment = environment.or_else(|| parts().find(|p| change::is_environment(p)));
        found.environment = environment.and_then(own);
        if let Some(told) = told {
            if told.kind == "rollback" {
                kind = told.kind;
            }
            if !pushed {
                found.version = told.version.and_then(own);
                found.service = told.service.and_then(own).map(Cow::Owned);
                found.environment = told.environment.and_then(own).or(found.environment);
            }
        }
        found.kind = kind;
        found
    }
}

/// Only its name, or its file's, tells whether a workflow deploys or merely builds.
fn kind(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if says(&["rollback", "roll back", "revert"]) {
        "rollback"
    } else if says(&["deploy", "rollout", "promote"]) {
        "deploy"
    } else if says(&[
        "config",
        "setting",
        "feature-flag",
        "feature flag",
        "flags",
        "toggle",
    ]) && !says(&TRIALS)
    {
        "config"
    } else {
        "build"
    }
}

/// What only looks at a configuration.
const TRIALS: [&str; 10] = [
    "test", "lint", "check", "valid", "verif", "build", "plan", "preview", "docs", "diff",
];

/// A title that somebody gave a run by which they set something: `flip checkout-v2`, `set flag new_cart to 20%`.
fn switch(title: &str) -> Option<&'static str> {
    let mut words = title.split_whitespace();
    let verb = words.next()?.to_ascii_lowercase();
    let sets = [
        "set", "unset", "flip", "enable", "disable", "toggle", "switch", "turn",
    ];
    let rest: Vec<&str> = words.collect();
    let nouns = [
        "flag",
        "config",
        "setting",
        "feature",
        "toggle",
        "flags",
        "configuration",
    ];
    let names = |w: &&str| {
        let bare = w.trim_matches(|c: char| !c.is_alphanumeric());
        nouns.contains(&bare.to_ascii_lowercase().as_str()) || bare.contains(['-', '_', '.'])
    };
    let told = sets.contains(&verb.as_str()) && rest.len() <= 7 && rest.iter().any(names);
    told.then_some("config")
}

#[cfg(test)]
mod tests {
    use super::{kind, switch};

    #[test]
    fn what_sets_something_is_a_change() {
        for name in [
            "config-sync-production",
            "Apply settings",
            "feature-flags",
            "toggle",
        ] {
            assert_eq!(kind(name), "config", "{name}");
        }
        for name in [
            "lint config",
            "config-check",
            "test",
            "validate-settings",
            "ci",
        ] {
            assert_eq!(kind(name), "build", "{name}");
        }
        for title in [
            "flip quay-v2",
            "set flag bulk_labels to 20%",
            "Enable bulk-labels",
            "turn off flag x",
        ] {
            assert_eq!(switch(title), Some("config"), "{title}");
        }
        for title in [
            "Set up the tests",
            "flip the table",
            "fix flag parsing",
            "Enable everybody",
            "",
        ] {
            assert_eq!(switch(title), None, "{title}");
        }
    }
}
