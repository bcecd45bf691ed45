//! Rundeck's executions, as its API lists them and as its notifications send them: when a job began and ended, who ran it and
//! with what options.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "rundeck",
    title: "Rundeck executions",
    reference: "https://docs.rundeck.com/docs/api/#listing-running-executions",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"argstring").is_some()
            || memmem::find(i, b"date-started").is_some()
            || memmem::find(i, b"dateStarted").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/rundeck/input.json"),
};

const STARTS: &[&str] = &[
    "date-started.date",
    "date-started.unixtime",
    "dateStarted",
    "dateStarted.date",
    "dateStartedUnixtime",
    "date-started",
];
const ENDS: &[&str] = &[
    "date-ended.date",
    "date-ended.unixtime",
    "dateEnded",
    "dateEnded.date",
    "dateEndedUnixtime",
    "date-ended",
];
const SERVICES: &[&str] = &[
    "service",
    "app",
    "application",
    "component",
    "system",
    "name",
];
const ENVIRONMENTS: &[&str] = &["environment", "env", "stage", "target_env"];
const VERSIONS: &[&str] = &["version", "release", "tag", "build", "revision", "to"];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    executions(object).next().is_some()
}

/// Those of a list, that of a notification, or the object itself, as `jq '.executions[]'` leaves it.
fn executions<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("executions").iter().filter_map(Json::object);
    std::iter::once(object)
        .chain(object.object("execution"))
        .chain(listed)
        .filter(|e| is_execution(e))
}

fn is_execution(object: &Object<'_>) -> bool {
    object.get("id").is_some()
        && object.text(&["status"]).is_some()
        && payload::time_at(object, STARTS).is_some()
        && (object.object("job").is_some() || object.get("argstring").is_some())
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    for execution in executions(&payload.object) {
        let from = out.len();
        steps(execution, out);
        // Of how it ended another notification tells than of how it began.
        let ends = payload
            .object
            .text(&["trigger"])
            .is_some_and(|t| t != "start");
        if ends && out.len() > from + 1 {
            out.remove(from);
        }
        for record in out.iter_mut().skip(from) {
            record.part = payload.place(execution);
        }
    }
}

/// That it began, and how it ended.
fn steps<'x>(execution: &Object<'x>, out: &mut Vec<Record<'x>>) {
    let status = execution
        .text(&["status"])
        .unwrap_or_default()
        .to_ascii_lowercase();
    let ended = match status.as_str() {
        "scheduled" | "queued" => return,
        "running" => None,
        "succeeded" | "success" => Some(ChangeState::Finished),
        // Failed, aborted, timed out, missed, or given a state of its own.
        _ => Some(ChangeState::Failed),
    };
    let ends = payload::time_at(execution, ENDS);
    let step = |state, at: Option<Reading>| {
        let mut record = record(execution, state)?;
        record.at = Some(at?);
        Some(record)
    };
    out.extend(step(
        ChangeState::Started,
        payload::time_at(execution, STARTS),
    ));
    out.extend(ended.and_then(|state| step(state, ends)));
}

/// What was run; none for jobs that change nothing, by their names.
fn record<'x>(execution: &Object<'x>, state: ChangeState) -> Option<Record<'x>> {
    let name = execution.text(&["job.name", "description"])?;
    let group = execution.text(&["job.group"]).unwrap_or_default();
    let option = |known: &[&str]| option(execution, known);
    let told = change::title(&name).or_else(|| change::title(&group));
    let kept = change::kept(&name, &[]);
    let class = || change::class(&name).or_else(|| change::class(&group));
    let version = option(VERSIONS);
    let known = kept
        .map(|k| k.kind)
        .or_else(|| told.map(|t| t.kind))
        .or_else(class);
    let kind = known.or_else(|| version.is_some().then_some("deploy"));
    let own = |t: Option<&str>| t.map(str::to_owned);
    // `billing: new release`: what stands before the colon is what it is about.
    let before = name
        .split_once(": ")
        .map(|(n, _)| n)
        .filter(|n| !n.contains(' '));
    let service = option(SERVICES)
        .or_else(|| own(before))
        .or_else(|| own(told.and_then(|t| t.service)))
        .or_else(|| own(kept.and_then(|k| k.service)));
    let place = option(ENVIRONMENTS)
        .or_else(|| own(told.and_then(|t| t.environment)))
        .or_else(|| own(kept.and_then(|k| k.environment)));
    let project = execution.text(&["project", "job.project"]);
    let placed = project.as_deref().filter(|p| change::is_environment(p));
    let place = place.or_else(|| own(placed));
    if kind.is_none() && service.is_none() {
        return None;
    }
    let mut record = Record::new(Kind::Change(state), name.clone());
    let aborted = (state == ChangeState::Failed)
        .then(|| execution.text(&["abortedby"]))
        .flatten();
    let user = aborted.or_else(|| execution.text(&["user", "abortedby"]));
    record.actor = user.map(|u| payload::actor(u, false));
    record.service = service
        .or_else(|| own(project.as_deref().filter(|p| !change::is_environment(p))))
        .map(Cow::Owned);
    let version = version.or_else(|| {
        own(told
            .and_then(|t| t.version)
            .or_else(|| kept.and_then(|k| k.version)))
    });
    let fields = &mut record.fields;
    fields.push(field::CHANGE, kind.unwrap_or("change"));
    payload::file_first(fields, field::ID, execution, &["id"]);
    fields.push_known([(field::VERSION, version), (field::ENVIRONMENT, place)]);
    payload::file_first(fields, "options", execution, &["argstring"]);
    payload::file_first(fields, "execution_status", execution, &["status"]);
    Some(record)
}

/// An option of the job: of the object that lists them, or in `-service berth-api -version 3.1.0`.
fn option(execution: &Object<'_>, known: &[&str]) -> Option<String> {
    let listed = ["job.options", "context.option", "options"];
    let mut objects = listed.iter().filter_map(|l| execution.object(l));
    if let Some(found) = objects.find_map(|o| o.scalar(known)) {
        return Some(found.into_owned());
    }
    let arguments = execution.text(&["argstring"])?;
    let words: Vec<&str> = arguments.split_whitespace().collect();
    known.iter().find_map(|name| {
        let mut pairs = words.windows(2);
        let [_, value] =
            pairs.find(|p| p.first().and_then(|w| w.strip_prefix('-')) == Some(*name))?
        else {
            return None;
        };
        let value = value.trim_matches(['"', '\'']);
        (!value.is_empty() && !value.starts_with('-')).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(execution: &str) -> Vec<String> {
        let layout = Layout::default();
        let mut out = Vec::new();
        let _ = parse(execution.as_bytes(), &Context { layout: &layout }, &mut out);
        let line = |r: &Record<'_>| {
            let field = |name| r.fields.text(name).unwrap_or("-");
            let service = r.service.as_deref().unwrap_or("-");
            let state = r.kind.state().unwrap_or_default();
            format!(
                "{state} {} {service} {} {}",
                field("change"),
                field("version"),
                field("environment")
            )
        };
        out.iter().map(line).collect()
    }

    #[test]
    fn jobs_that_change_nothing_are_no_changes() {
        let job = |name: &str, rest: &str| {
            format!(
                r#"{{"id":7,"status":"succeeded","date-started":{{"unixtime":1747806760118}},"date-ended":{{"unixtime":1747806790118}},"job":{{"name":"{name}"}},"argstring":"{rest}"}}"#
            )
        };
        assert_eq!(read(&job("Nightly report", "")), Vec::<String>::new());
        let told = read(&job("Deploy", "-app berth-api -version 3.1.0 -env staging"));
        assert_eq!(
            told,
            [
                "started deploy berth-api 3.1.0 staging",
                "finished deploy berth-api 3.1.0 staging"
            ]
        );
        assert_eq!(
            read(r#"{"id":7,"status":"succeeded","argstring":"","date-started":"soon"}"#),
            Vec::<String>::new()
        );
    }
}
