//! GitLab's deployments, jobs and pipelines as its REST API lists them. What of them puts something into place is told by
//! the environment of a deployment and by the name of a job; all else builds and tests. A project's name may stand in nothing
//! but an address.

use super::github_deployment::of_what;
use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::token::change;
use crate::token::json::Object;
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "gitlab-api",
    title: "GitLab deployments, jobs and pipelines (API)",
    reference: "https://docs.gitlab.com/api/deployments/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        let named = |name: &[u8]| memmem::find(i, name).is_some();
        named(b"\"deployable\"") || named(b"\"environment\"") || named(b"pipeline")
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/gitlab-api/input.json"),
};

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Deployment,
    Job,
    Pipeline,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, |o| sort(o).is_some(), records, out)
}

fn sort(object: &Object<'_>) -> Option<Sort> {
    let told = |name: &str| object.get(name).is_some();
    // Webhooks say what they are of.
    if !told("status") || !told("created_at") || !told("ref") || told("object_kind") {
        return None;
    }
    let run = object.object("pipeline").is_some() && told("stage") && told("name");
    let addressed = object
        .text(&["web_url"])
        .is_some_and(|u| u.contains("/pipelines/"));
    match () {
        () if told("iid") && told("environment") && told("sha") => Some(Sort::Deployment),
        () if run => Some(Sort::Job),
        () if addressed && told("sha") => Some(Sort::Pipeline),
        () => None,
    }
}

/// How far it has come: what waits for somebody has changed nothing yet.
fn state(status: &str) -> ChangeState {
    match status {
        "success" => ChangeState::Finished,
        "running" => ChangeState::Started,
        "failed" | "canceled" | "canceling" | "skipped" => ChangeState::Failed,
        _ => ChangeState::Requested,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let Some(sort) = sort(object) else { return };
    let status = object.text(&["status"]).unwrap_or_default();
    let state = state(&status);
    let idle = matches!(state, ChangeState::Requested) || status == "skipped";
    // A job that nobody has begun is but a part of its pipeline.
    if sort != Sort::Deployment && idle {
        return;
    }
    let nothing = Object::default();
    let run = match sort {
        Sort::Deployment => object.object("deployable").unwrap_or(&nothing),
        Sort::Job | Sort::Pipeline => object,
    };
    let name = run.text(&["name"]);
    let commit = run.text(&["commit.title", "commit.message"]);
    let project = project(object, run);
    let told = Told::of(sort, name.as_deref(), commit.as_deref(), run, project);
    let mut record = Record::new(Kind::Change(state), "");
    let begun = payload::time_at(run, &["started_at", "created_at"])
        .or_else(|| payload::time_at(object, &["created_at"]));
    let ended = payload::time_at(run, &["finished_at"])
        .or_else(|| payload::time_at(object, &["finished_at", "updated_at"]));
    let over = matches!(state, ChangeState::Finished | ChangeState::Failed);
    record.at = ended.filter(|_| over).or(begun);
    record.actor = account(object).or_else(|| account(run));
    let place = object.text(&["environment.name", "environment.slug", "environment"]);
    let place = place.or_else(|| told.environment.clone().map(Cow::Owned));
    // A branch says nothing of what it holds.
    let numbered = |r: &Cow<'_, str>| r.bytes().any(|b| b.is_ascii_digit());
    let tag = object.text(&["ref"]).filter(numbered);
    let sha = object.text(&["sha", "commit.short_id", "commit.id"]);
    let sha = sha.or_else(|| run.text(&["commit.short_id", "commit.id"]));
    let short = |v: Cow<'x, str>| Cow::Owned(payload::short_version(&v).to_owned());
    let version = told.version.clone().map(Cow::Owned);
    let version = version.or(tag).or_else(|| sha.clone().map(short));
    record.message = commit.clone().unwrap_or_else(|| {
        let whole = name.as_deref().filter(|n| n.contains(' '));
        let words = match whole {
            Some(_) => [whole, None, None],
            None => [name.as_deref(), told.service.as_deref(), version.as_deref()],
        };
        let words: Vec<&str> = words.into_iter().flatten().collect();
        Cow::Owned(format!("{} ({status})", words.join(" ")))
    });
    record.service = told.service.map(Cow::Owned);
    let fields = &mut record.fields;
    fields.push(field::CHANGE, told.kind);
    payload::file_first(fields, field::ID, object, &["id"]);
    fields.push_known([
        (field::VERSION, version),
        ("sha", sha),
        (field::ENVIRONMENT, place),
        (
            if told.kind == "flag" {
                "flag"
            } else {
                "setting"
            },
            told.item.map(Cow::Owned),
        ),
        ("job", name),
        ("status", Some(status)),
    ]);
    if let Some(begun) = begun.filter(|_| over && ended.is_some()) {
        fields.push("started_at", begun);
    }
    out.push(record);
}

/// What names and titles tell of the change.
struct Told {
    kind: &'static str,
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
    item: Option<String>,
}

impl Told {
    fn of(
        sort: Sort,
        name: Option<&str>,
        commit: Option<&str>,
        run: &Object<'_>,
        project: Option<String>,
    ) -> Self {
        let job = name.and_then(change::title);
        // One project may hold several things that run, each with a job of its own.
        let own = job.and_then(|j| j.service).filter(|s| !is_general(s));
        let service = own.map(str::to_owned).or(project);
        let known: Vec<String> = service.iter().cloned().collect();
        // People title what they commit as they like: only what names something is believed.
        let said = commit
            .and_then(|c| change::kept(c, &known))
            .filter(|t| t.item.is_some() || t.version.is_some() || t.kind == "rollback");
        let of_commit = said.map(|t| t.kind).filter(|k| *k != "change");
        let first = commit.and_then(|c| c.split(' ').next());
        let undone = first.is_some_and(|w| change::class(w) == Some("rollback"));
        let staged = || {
            let stage = run.text(&["stage"])?;
            // `test` is where things are tested.
            let placed = ["production", "prod", "live", "canary", "staging"];
            (stage.starts_with("deploy") || placed.contains(&stage.as_ref())).then_some("deploy")
        };
        let kind = match (sort, job.map(|j| j.kind)) {
            (Sort::Deployment, _) if undone => "rollback",
            (Sort::Deployment, Some("rollback")) => "rollback",
            (Sort::Deployment, _) => of_commit.unwrap_or("deploy"),
            (_, Some(kind)) => kind,
            (Sort::Job, None) => staged().unwrap_or("build"),
            (Sort::Pipeline, None) => "build",
        };
        let version = said
            .and_then(|t| t.version)
            .filter(|_| sort == Sort::Deployment);
        let version = version.or_else(|| job.and_then(|j| j.version));
        Self {
            kind,
            service,
            version: version.map(str::to_owned),
            environment: job.and_then(|j| j.environment).map(str::to_owned),
            item: said
                .and_then(|t| t.item)
                .filter(|_| sort == Sort::Deployment)
                .map(str::to_owned),
        }
    }
}

/// Names of jobs' parts that every project has.
fn is_general(name: &str) -> bool {
    const PARTS: [&str; 12] = [
        "app", "api", "web", "backend", "frontend", "service", "image", "job", "all", "pages",
        "docker", "helm",
    ];
    PARTS.contains(&name.to_ascii_lowercase().as_str())
}

/// The project's name, where it is told, or its place in an address: `https://HOST/GROUP/PROJECT/-/jobs/7`.
fn project(object: &Object<'_>, run: &Object<'_>) -> Option<String> {
    let names = [
        "project.path",
        "project.name",
        "project.path_with_namespace",
    ];
    let named = object.text(&names).or_else(|| run.text(&names));
    if let Some(name) = named {
        let last = name.rsplit('/').next().unwrap_or(&name).to_owned();
        return Some(of_what(Cow::Owned(last)).into_owned());
    }
    let urls = ["web_url", "pipeline.web_url", "commit.web_url"];
    let all = [run, object].into_iter();
    let found = all.flat_map(|o| urls.iter().filter_map(|u| o.text(&[u])));
    let mut names = found.filter_map(|url| addressed(&url));
    names.next()
}

fn addressed(url: &str) -> Option<String> {
    let ends = ["/-/", "/pipelines/", "/jobs/", "/commit/"];
    let end = ends.iter().filter_map(|e| url.find(e)).min()?;
    let name = url.get(..end)?.rsplit('/').next()?;
    (!name.is_empty() && !name.contains(':')).then(|| of_what(Cow::Borrowed(name)).into_owned())
}

fn account<'x>(object: &Object<'x>) -> Option<Actor<'x>> {
    let name = object.text(&["user.username", "user.name"])?;
    let bot = payload::sounds_automatic(&name);
    Some(payload::actor(name, bot))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Layout, changes_told};

    #[test]
    fn projects_stand_in_addresses() {
        for (url, expected) in [
            (
                "https://git.quay.example/tide/berth-api/-/jobs/7",
                Some("berth-api"),
            ),
            (
                "https://git.quay.example/tide/berth-api/pipelines/12",
                Some("berth-api"),
            ),
            ("https://git.quay.example/mira", None),
        ] {
            assert_eq!(addressed(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn jobs_are_what_they_are_called() {
        let job = |name: &str, stage: &str, status: &str| {
            format!(
                r#"{{"id":7,"name":"{name}","stage":"{stage}","status":"{status}","ref":"main","created_at":"2025-06-17T08:41:12Z","commit":{{"id":"4f1c"}},"pipeline":{{"id":6}},"web_url":"https://git.quay.example/tide/berth-api/-/jobs/7"}}"#
            )
        };
        for (entry, expected) in [
            (
                job("deploy-prod", "deploy", "success"),
                "deploy finished berth-api 4f1c prod",
            ),
            (
                job("unit", "test", "failed"),
                "build failed berth-api 4f1c -",
            ),
            (
                job("eu-west", "production", "success"),
                "deploy finished berth-api 4f1c -",
            ),
        ] {
            assert_eq!(
                changes_told(&FORMAT, &entry),
                Some(vec![expected.to_owned()]),
                "{entry}"
            );
        }
        let idle = changes_told(&FORMAT, &job("deploy-prod", "deploy", "manual"));
        assert_eq!(idle, Some(Vec::new()));
    }

    #[test]
    fn entries_of_others_are_none() {
        let layout = Layout::default();
        for entry in [
            r#"{"object_kind":"deployment","status":"success","ref":"main","created_at":"x","environment":"production","iid":1,"sha":"a"}"#,
            r#"{"id":7,"ref":"v2","sha":"4f1c","environment":"production","created_at":"2025-06-17T08:41:12Z","statuses_url":"https://api.example/7"}"#,
            r#"{"status":"ok","ref":"main","created_at":"2025-06-17T08:41:12Z"}"#,
        ] {
            let mut out = Vec::new();
            let cx = Context { layout: &layout };
            assert_eq!(parse(entry.as_bytes(), &cx, &mut out), None, "{entry}");
        }
    }
}
