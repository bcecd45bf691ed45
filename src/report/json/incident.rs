//! One incident: what happened, to which service, when, and why it may have.

use super::{Impact, Number, Ordered, Remark, Series, Stated, Task};
use serde::{Deserialize, Serialize};

/// An incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Date and service.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// resolved, mitigated or ongoing.
    pub status: String,
    /// The service that most likely failed first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub culprit: Option<Culprit>,
    /// Services that took part.
    #[serde(default)]
    pub services: Vec<Service>,
    /// How it was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<Detection>,
    /// Those with evidence, in the order a smooth incident passes them.
    #[serde(default)]
    pub milestones: Ordered<Milestone>,
    /// What happened when.
    #[serde(default)]
    pub timeline: Vec<Moment>,
    /// Suspicions that led nowhere.
    #[serde(default)]
    pub false_leads: Vec<Lead>,
    /// Candidates for the cause, best first.
    #[serde(default)]
    pub suspects: Vec<Suspect>,
    /// Every duration by name; null where an end is missing.
    #[serde(default)]
    pub metrics: Ordered<Option<Number>>,
    /// Lower bounds of durations that had not ended where the evidence ends.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub at_least: Ordered<Number>,
    /// Requests and users.
    #[serde(default)]
    pub impact: Impact,
    /// Failures and durations over time; absent where the logs count none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// What written documents state of themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Stated>,
    /// Things to do that follow from the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// What people said, by section of the draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// What only people can answer.
    #[serde(default)]
    pub open_questions: Vec<String>,
}

/// A citation, looked up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The input.
    pub path: String,
    /// First line, from 1.
    pub line: u64,
    /// Last line.
    pub line_last: u64,
    /// First byte of the decompressed text, from 0.
    pub byte: u64,
    /// The beginning of the entry.
    pub text: String,
}

/// The service that most likely failed first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Culprit {
    /// Its name.
    pub service: String,
    /// 0 to 1.
    pub confidence: Number,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A service that took part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// culprit or affected.
    pub role: String,
}

/// How an incident was noticed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// alert, ticket, human or logs.
    pub method: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A milestone, or another time for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// When.
    pub time: String,
    /// It may have been as early as this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// observed, inferred or claimed.
    pub basis: String,
    /// high, medium or low; absent from times that were not chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confidence: String,
    /// The rule that found it.
    pub rule: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Other times that other evidence gives.
    #[serde(default)]
    pub alternatives: Vec<Milestone>,
}

/// One line of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub time: String,
    /// What kind of record tells of it: log, alert, page, change, ticket or person.
    #[serde(default)]
    pub origin: String,
    /// Which part of the incident's life.
    pub phase: String,
    /// What happened.
    pub text: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Which service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// observed, inferred or claimed.
    pub basis: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A suspicion that led nowhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// What was suspected.
    pub hypothesis: String,
    /// When it was first voiced.
    pub from: String,
    /// When it was ruled out or superseded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// It was ruled out in so many words.
    #[serde(default)]
    pub ruled_out: bool,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A candidate for the cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// 1 is the best.
    pub rank: u64,
    /// change, template, service or silence.
    pub kind: String,
    /// The thing itself.
    pub what: String,
    /// Its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// When it happened or began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// 0 to 1; comparable within one incident.
    pub score: Number,
    /// What the score is made of.
    #[serde(default)]
    pub features: Ordered<Number>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}
