//! Jenkins' builds as its JSON API gives them: those of a job, of several jobs, or a single one. Only names
//! and parameters tell what a build deploys, to what version and where.

use crate::format::{Context, Cut, Format};
use crate::record::{Actor, ChangeState, Kind, Record, field};
use crate::stamp::{Reading, When};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "jenkins",
    title: "Jenkins builds (JSON API)",
    reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"timestamp").is_some()
            && (memmem::find(i, b"result").is_some() || memmem::find(i, b"building").is_some())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/jenkins/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    is_build(object)
        || jobs(object).iter().any(|job| {
            let builds = job.list("builds").iter().filter_map(Json::object);
            builds.into_iter().any(is_build)
        })
}

/// The job that an answer is, and those that it lists, folders within folders.
fn jobs<'o, 'a>(object: &'o Object<'a>) -> Vec<&'o Object<'a>> {
    let mut all = vec![object];
    let mut next = 0;
    while let Some(job) = all.get(next).copied() {
        all.extend(job.list("jobs").iter().filter_map(Json::object));
        next += 1;
    }
    all
}

/// The number of a build, its time, how it went, and something that only Jenkins says.
fn is_build(object: &Object<'_>) -> bool {
    let told = |name: &str| object.get(name).is_some();
    let own = [
        "fullDisplayName",
        "queueId",
        "building",
        "keepLog",
        "estimatedDuration",
    ];
    (told("number") || told("id"))
        && matches!(object.get("timestamp"), Some(Json::Number(_)))
        && (told("result") || told("building"))
        && (own.iter().any(|n| told(n)) || told("actions") || address(object).is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    if is_build(object) {
        return out.push(record(object, object));
    }
    for job in jobs(object) {
        for build in job.list("builds").iter().filter_map(Json::object) {
            if is_build(build) {
                let mut record = record(job, build);
                record.part = payload.place(build);
                out.push(record);
            }
        }
    }
}

/// The job's address within a build's: `/job/FOLDER/job/NAME/17/`.
fn address<'x>(build: &Object<'x>) -> Option<Cow<'x, str>> {
    let url = build.text(&["url"])?;
    let (_, behind) = url.rsplit_once("/job/")?;
    Some(Cow::Owned(behind.split('/').next()?.to_owned()))
}

/// The job's name, without the folders that it is in.
fn job_name<'x>(job: &Object<'x>, build: &Object<'x>) -> Option<Cow<'x, str>> {
    let full = build.text(&["fullDisplayName"]);
    let shown = full.and_then(|full| {
        let (name, _) = full.rsplit_once(" #")?;
        Some(Cow::Owned(name.to_owned()))
    });
    let listed = || job.text(&["fullName", "name"]).filter(|_| !is_build(job));
    let name = listed().or(shown).or_else(|| address(build))?;
    let own = name.rsplit(['/', '»']).next()?.trim().to_owned();
    Some(Cow::Owned(own))
}

/// The value of the first parameter that goes by one of `names`, whatever else is in its name.
fn parameter<'x>(build: &Object<'x>, names: &[&str]) -> Option<Cow<'x, str>> {
    let actions = build.list("actions").iter().filter_map(Json::object);
    let lists = actions.map(|a| a.list("parameters"));
    let all: Vec<&Object<'x>> = lists.flatten().filter_map(Json::object).collect();
    names.iter().find_map(|wanted| {
        let named = |p: &&&Object<'x>| {
            p.text(&["name"]).is_some_and(|n| {
                n.to_ascii_lowercase()
                    .split(['_', '-', '.'])
                    .any(|w| w == *wanted)
            })
        };
        all.iter().find(named)?.scalar(&["value"])
    })
}

const SERVICES: &[&str] = &["service", "app", "application", "component", "project"];
const VERSIONS: &[&str] = &[
    "version", "tag", "release", "image", "revision", "commit", "sha", "ref",
];
const ENVIRONMENTS: &[&str] = &["environment", "env", "stage", "target", "cluster"];
const ACTS: &[&str] = &["action", "operation", "task"];

fn record<'x>(job: &Object<'x>, build: &Object<'x>) -> Record<'x> {
    let name = job_name(job, build);
    let state = state(build);
    let described = build.text(&["description"]);
    let of_job = name.as_deref().and_then(change::title);
    let of_text = described
        .as_deref()
        .and_then(change::title)
        .filter(|t| t.leads);
    let act = parameter(build, ACTS).and_then(|a| change::class(&a));
    let back = |kind: &&str| *kind == "rollback";
    let kinds = [act, of_text.map(|t| t.kind), of_job.map(|t| t.kind)];
    let kind = kinds.iter().flatten().find(|k| back(k));
    let kind = kind.or_else(|| kinds.iter().flatten().next_back());
    let own = |text: Option<&str>| text.map(|t| Cow::Owned(t.to_owned()));
    let told = |told: Option<change::Told<'_>>, name: &str| match name {
        "service" => own(told.and_then(|t| t.service)),
        "version" => own(told.and_then(|t| t.version)),
        _ => own(told.and_then(|t| t.environment)),
    };
    let find = |names: &[&str], what: &str| {
        parameter(build, names)
            .or_else(|| told(of_job, what))
            .or_else(|| told(of_text, what))
    };
    // Who says where, deploys; a job that is not named after that is named after what it deploys.
    let placed = || parameter(build, ENVIRONMENTS).map(|_| "deploy");
    let kind = kind.copied().or_else(placed).unwrap_or("build");
    let own_name = || name.clone().filter(|_| kind != "build" && of_job.is_none());
    let service = find(SERVICES, "service").or_else(own_name);
    let result = build.text(&["result"]).unwrap_or(Cow::Borrowed("building"));
    let number = build.scalar(&["number", "id"]).unwrap_or_default();
    let said = described
        .as_deref()
        .map_or_else(String::new, |d| format!(": {d}"));
    let what = name.as_deref().unwrap_or("build");
    let message = format!("{what} #{number}{said} ({result})");
    let mut record = Record::new(Kind::Change(state), message);
    let begun = payload::time_at(build, &["timestamp"]);
    let ended = begun.and_then(|at| ended(at, build));
    record.at = ended.filter(|_| state != ChangeState::Started).or(begun);
    record.service = service;
    record.actor = cause(build);
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind);
    fields.push(field::ID, format!("{what} #{number}"));
    let found = [
        (field::VERSION, find(VERSIONS, "version")),
        (field::ENVIRONMENT, find(ENVIRONMENTS, "environment")),
        ("job", name.clone()),
    ];
    fields.push_known(found);
    fields.push("result", result);
    if let (Some(begun), ChangeState::Finished | ChangeState::Failed) = (begun, state) {
        fields.push("started_at", begun);
    }
    record
}

/// What runs has no result; an unstable build has done what it does.
fn state(build: &Object<'_>) -> ChangeState {
    match build.text(&["result"]).as_deref() {
        Some("SUCCESS" | "UNSTABLE") => ChangeState::Finished,
        Some(_) => ChangeState::Failed,
        None => ChangeState::Started,
    }
}

/// A build states when it began and how many milliseconds it took.
fn ended(begun: Reading, build: &Object<'_>) -> Option<Reading> {
    const MILLISECOND: i64 = 1_000_000;
    let took: i64 = build
        .scalar(&["duration"])?
        .parse()
        .ok()
        .filter(|d| *d > 0)?;
    let When::Instant(from) = begun.when else {
        return None;
    };
    let at = from.checked_add(took.checked_mul(MILLISECOND)?)?;
    Some(Reading::instant(at, 3))
}

/// Who or what started it.
fn cause<'x>(build: &Object<'x>) -> Option<Actor<'x>> {
    let actions = build.list("actions").iter().filter_map(Json::object);
    let causes: Vec<_> = actions
        .flat_map(|a| a.list("causes"))
        .filter_map(Json::object)
        .collect();
    let user = causes.iter().find_map(|c| c.text(&["userName", "userId"]));
    if let Some(name) = user {
        return Some(payload::actor(name, false));
    }
    let said = causes.iter().find_map(|c| c.text(&["shortDescription"]))?;
    Some(match said.strip_prefix("Started by user ") {
        Some(name) => payload::actor(name.to_owned(), false),
        None => payload::actor(said, true),
    })
}
