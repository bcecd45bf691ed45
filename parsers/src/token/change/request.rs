//! Requests for change as service desks keep them: a number, a summary, what is changed, who does it,
//! and two pairs of times, of which what was planned only counts where nothing else is known.

use super::words::Words;
use super::{ACTORS, class, status};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::payload;
use std::borrow::Cow;

/// A request for change, read by the names of its columns.
pub struct Request<'r> {
    /// The text of a column by its plain name (see [`plain`]); empty cells are none.
    pub text: &'r dyn Fn(&str) -> Option<String>,
    /// The time of a column.
    pub time: &'r dyn Fn(&str) -> Option<Reading>,
}

/// When work really began.
const BEGUN: [&str; 10] = [
    "work_start",
    "work_start_date",
    "actual_start",
    "actual_start_date",
    "actual_start_time",
    "actual_start_date/time",
    "actual_started_at",
    "implementation_start",
    "started_at",
    "started",
];
/// When it really ended.
const ENDED: [&str; 17] = [
    "work_end",
    "work_end_date",
    "actual_end",
    "actual_end_date",
    "actual_end_time",
    "actual_end_date/time",
    "actual_finish",
    "actual_completion",
    "implementation_end",
    "completed_at",
    "completed_date",
    "implemented_at",
    "implemented",
    "ended_at",
    "finished_at",
    "finished",
    "finish_time",
];
/// When it was to begin.
const PLANNED: [&str; 13] = [
    "planned_start",
    "planned_start_date",
    "planned_start_time",
    "start_date",
    "change_start_date",
    "change_start",
    "scheduled_start",
    "scheduled_start_date",
    "scheduled_start_time",
    "requested_start",
    "start",
    "start_time",
    "expected_start",
];
/// When it was to end.
const PLANNED_END: [&str; 13] = [
    "planned_end",
    "planned_end_date",
    "planned_end_time",
    "end_date",
    "change_completion_date",
    "change_end",
    "scheduled_end",
    "scheduled_end_date",
    "scheduled_end_time",
    "requested_end",
    "end",
    "end_time",
    "expected_end",
];
/// When it was asked for.
const ASKED: [&str; 6] = [
    "opened_at",
    "opened",
    "sys_created_on",
    "created_at",
    "created",
    "submit_date",
];
const SUMMARIES: [&str; 6] = [
    "short_description",
    "summary",
    "title",
    "change_title",
    "description",
    "subject",
];
/// What is changed. Columns that only a table of changes or of other records of a service desk has.
const ITEMS: [&str; 13] = [
    "cmdb_ci",
    "configuration_item",
    "ci",
    "ci_name",
    "affected_ci",
    "affected_cis",
    "affected_service",
    "affected_services",
    "business_service",
    "service_offering",
    "impacted_service",
    "impacted_services",
    "affected_configuration_items",
];
const SERVICES: [&str; 10] = [
    "service",
    "services",
    "application",
    "component",
    "components",
    "component/s",
    "system",
    "product",
    "app",
    "assets",
];
const IDS: [&str; 12] = [
    "infrastructure_change_id",
    "number",
    "change_number",
    "change_id",
    "change_request",
    "change",
    "chg",
    "issue_key",
    "key",
    "id",
    "reference",
    "ticket",
];
const DOERS: [&str; 10] = [
    "change_implementer",
    "change_coordinator",
    "change_manager",
    "assigned_to",
    "implemented_by",
    "implementer",
    "implementor",
    "assignee",
    "change_owner",
    "owner",
];
const ASKERS: [&str; 5] = [
    "requested_by",
    "requester",
    "opened_by",
    "reporter",
    "raised_by",
];
/// Only a change has these.
const MARKS: [&str; 9] = [
    "backout_plan",
    "implementation_plan",
    "rollback_plan",
    "change_type",
    "change_reason",
    "chg_model",
    "cab_required",
    "work_start",
    "change_risk",
];
/// What a log has.
const LOGGED: [&str; 5] = ["level", "loglevel", "logger", "thread", "pod"];
const STATES: [&str; 5] = ["state", "status", "change_state", "change_status", "phase"];
const OUTCOMES: [&str; 5] = [
    "close_code",
    "closure_code",
    "outcome",
    "result",
    "resolution",
];
const ENVIRONMENTS: [&str; 7] = [
    "environment",
    "u_environment",
    "env",
    "u_env",
    "target_environment",
    "used_for",
    "stage",
];

/// A column's name as the lists here spell it: `Custom field (Actual start)` is `actual_start`, and so is what states the
/// zone of its times behind it.
#[must_use]
pub fn plain(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    let own = lower
        .strip_prefix("custom field (")
        .and_then(|n| n.strip_suffix(')'));
    let bare = own.unwrap_or(&lower).trim_end_matches(['+', '*']).trim();
    // `Actual start (UTC)`
    let bare = bare.split(['(', '[']).next().map(str::trim).unwrap_or(bare);
    bare.replace([' ', '-', '.'], "_")
}

impl Request<'_> {
    /// Whether columns of these plain names, with `id` in the first row's, are those of requests
    /// for change, not of incidents, logs or a calendar.
    #[must_use]
    pub fn is_told_by(names: &[String], id: Option<&str>) -> bool {
        let has = |known: &[&str]| names.iter().any(|n| known.contains(&n.as_str()));
        let timed = has(&BEGUN) || has(&PLANNED);
        let about = has(&ITEMS) || has(&SERVICES) || has(&DOERS);
        let marked = has(&ITEMS) || has(&MARKS) || names.iter().any(|n| n.starts_with("change_"));
        let own = match id.map(sort_of).as_deref() {
            Some(_) if id.is_some_and(Self::is_number) => true,
            Some("INC" | "PRB" | "REQ" | "RITM" | "SCTASK" | "TASK" | "CS" | "KB") => false,
            _ => marked && has(&STATES) && (has(&ENDED) || has(&PLANNED_END)),
        };
        own && timed && about && has(&SUMMARIES) && !has(&LOGGED)
    }

    /// Whether this is the number of a change.
    #[must_use]
    pub fn is_number(id: &str) -> bool {
        ["CHG", "CRQ", "RFC", "CHANGE", "CR", "CHNG", "CM"].contains(&sort_of(id).as_str())
    }

    /// The number in a row of the columns `names`.
    pub fn id<'c>(names: &[String], cells: &'c [Cow<'_, str>]) -> Option<&'c str> {
        let at = |id: &&str| names.iter().position(|n| n == id);
        IDS.iter()
            .find_map(|id| cells.get(at(id)?).map(|c| c.trim()))
            .filter(|c| !c.is_empty())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|n| (self.text)(n))
    }

    fn when(&self, names: &[&str]) -> Option<Reading> {
        names.iter().find_map(|n| (self.time)(n))
    }

    /// The record, if a time is told.
    #[must_use]
    pub fn record(&self) -> Option<Record<'static>> {
        let (begun, ended) = (self.when(&BEGUN), self.when(&ENDED));
        let state = self.state(begun.is_some(), ended.is_some());
        let starts = begun.or_else(|| self.when(&PLANNED));
        let at = match state {
            ChangeState::Requested => starts.or_else(|| self.when(&ASKED)),
            ChangeState::Started => starts,
            // What has begun in earnest is not over when it was planned to be.
            ChangeState::Finished | ChangeState::Failed => ended
                .or_else(|| self.when(&PLANNED_END).filter(|_| begun.is_none()))
                .or(starts),
        };
        let summary = self.first(&SUMMARIES)?;
        let words = Words::of(&summary);
        let version = self.first(&["version", "release", "u_version"]);
        let version = version.or_else(|| words.version().map(str::to_owned));
        let service = self.first(&ITEMS).or_else(|| self.first(&SERVICES));
        let service = service.or_else(|| super::title(&summary)?.service.map(str::to_owned));
        let kind = self.kind(&words, version.is_some());
        let mut record = Record::new(Kind::Change(state), summary.clone());
        record.at = Some(at?);
        // Of several the first is the one that it is about.
        let first = |s: String| {
            s.split([';', ',', '\n'])
                .next()
                .map(|s| s.trim().to_owned())
        };
        record.service = service.and_then(first).map(Cow::Owned);
        let who = [&DOERS[..], ACTORS, &ASKERS[..]];
        let who = who.iter().find_map(|names| self.first(names));
        record.actor = who.map(|name| payload::actor(name, false));
        let environment = self.first(&ENVIRONMENTS);
        let environment = environment.or_else(|| words.environment().map(str::to_owned));
        let fields = &mut record.fields;
        fields.push(field::CHANGE, kind);
        fields.push_known([
            (field::VERSION, version),
            (field::ENVIRONMENT, environment),
            (field::ID, self.first(&IDS)),
            ("assignment_group", (self.text)("assignment_group")),
            ("close_notes", (self.text)("close_notes")),
        ]);
        if let Some(starts) = starts.filter(|s| Some(*s) != at) {
            fields.push("started_at", starts);
        }
        Some(record)
    }

    /// What is done, by the summary's words or by a column that sorts it; `Normal` and `Emergency` say
    /// how it was approved.
    fn kind(&self, words: &Words<'_>, versioned: bool) -> &'static str {
        let said = words.change().map(|c| c.kind);
        let sorted = ["change_type", "type", "category", "subcategory"];
        let sorted = sorted
            .iter()
            .find_map(|n| class(&(self.text)(n)?).filter(|k| *k != "change"));
        let deploys = versioned.then_some("deploy");
        said.or(sorted).or(deploys).unwrap_or("change")
    }

    fn state(&self, begun: bool, ended: bool) -> ChangeState {
        let of = |names: &[&str]| {
            let said = self.first(names)?.to_ascii_lowercase();
            progress(said.trim())
        };
        let state = of(&STATES).unwrap_or(match (begun, ended) {
            (_, true) => ChangeState::Finished,
            (true, false) => ChangeState::Started,
            _ => ChangeState::Requested,
        });
        let outcome = self.first(&OUTCOMES).unwrap_or_default();
        let outcome = outcome.to_ascii_lowercase();
        let failed = [
            "unsuccessful",
            "fail",
            "backed out",
            "backed_out",
            "rejected",
        ];
        match state {
            ChangeState::Finished if failed.iter().any(|f| outcome.contains(f)) => {
                ChangeState::Failed
            }
            ChangeState::Requested | ChangeState::Started if ended => ChangeState::Finished,
            ChangeState::Requested if begun => ChangeState::Started,
            state => state,
        }
    }
}

/// The letters that a number begins with: `CHG0031207` is a change.
fn sort_of(id: &str) -> String {
    let letters = id.chars().take_while(char::is_ascii_alphabetic);
    letters.collect::<String>().to_ascii_uppercase()
}

/// What the state of a request says of the change: `Review` comes when the work is done.
fn progress(said: &str) -> Option<ChangeState> {
    Some(match said {
        "new"
        | "draft"
        | "assess"
        | "authorize"
        | "authorise"
        | "awaiting approval"
        | "waiting for approval"
        | "pending approval"
        | "planning"
        | "to do"
        | "-5"
        | "-4"
        | "-3"
        | "-2" => ChangeState::Requested,
        "implement" | "implementing" | "implementation" | "in implementation"
        | "work in progress" | "-1" => ChangeState::Started,
        "review"
        | "post implementation review"
        | "in review"
        | "resolved"
        | "implemented"
        | "closed complete"
        | "closed successful"
        | "0"
        | "3" => ChangeState::Finished,
        "4" | "closed incomplete" | "closed unsuccessful" | "backed out" | "declined" => {
            ChangeState::Failed
        }
        other => return status(other),
    })
}
