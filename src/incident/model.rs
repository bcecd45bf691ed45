//! What an incident is: the result of the analysis and the input of every report.

use crate::cite::{Claim, Evidence, Grade, Notice};
use recon_parsers::Stamp;

/// The points of an incident's life, in the order a smooth one passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// A change to production that may have caused it took effect.
    Change,
    /// First sustained failure in the data.
    ImpactStart,
    /// Alert, burst of tickets, or a person's report: the earliest.
    Detected,
    /// Somebody was notified.
    Paged,
    /// A person took it.
    Acknowledged,
    /// Somebody formally opened an incident ("incident begins"). Only what marks the
    /// formal start as such: an alert, a page or a report in chat is none.
    Declared,
    /// First human action after that.
    Investigating,
    /// Somebody else was asked in.
    Escalated,
    /// The cause was named.
    Identified,
    /// A fix took effect in production.
    FixDeployed,
    /// Errors are back at their baseline and stay there.
    Mitigated,
    /// The last failures ended, where the evidence tells that apart from, and later than,
    /// the mitigation ("mitigated 15:36, outage ends 16:00").
    ImpactEnd,
    /// A person closed it, or all its alerts closed.
    Resolved,
    /// Postmortem held, exit criterion met. Never the end of impact.
    Closed,
}

impl Milestone {
    /// All, in order.
    pub const ALL: [Self; 14] = [
        Self::Change,
        Self::ImpactStart,
        Self::Detected,
        Self::Paged,
        Self::Acknowledged,
        Self::Declared,
        Self::Investigating,
        Self::Escalated,
        Self::Identified,
        Self::FixDeployed,
        Self::Mitigated,
        Self::ImpactEnd,
        Self::Resolved,
        Self::Closed,
    ];

    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::ImpactStart => "impact_start",
            Self::Detected => "detected",
            Self::Paged => "paged",
            Self::Acknowledged => "acknowledged",
            Self::Declared => "declared",
            Self::Investigating => "investigating",
            Self::Escalated => "escalated",
            Self::Identified => "identified",
            Self::FixDeployed => "fix_deployed",
            Self::Mitigated => "mitigated",
            Self::ImpactEnd => "impact_end",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Change => "Change",
            Self::ImpactStart => "Impact begins",
            Self::Detected => "Detected",
            Self::Paged => "Paged",
            Self::Acknowledged => "Acknowledged",
            Self::Declared => "Declared",
            Self::Investigating => "Investigation begins",
            Self::Escalated => "Escalated",
            Self::Identified => "Cause identified",
            Self::FixDeployed => "Fix deployed",
            Self::Mitigated => "Mitigated",
            Self::ImpactEnd => "Impact ends",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
        }
    }
}

/// A milestone's time, with what else is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// When, by which rule, on what evidence.
    pub claim: Claim<Stamp>,
    /// It may have been as early as this: the last time things were seen to be well.
    pub not_before: Option<Stamp>,
    /// Other times that other evidence gives.
    pub alternatives: Vec<Claim<Stamp>>,
}

/// Where an incident stands at the end of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Closed, and the data agree.
    Resolved,
    /// The data recovered; nobody closed it.
    Mitigated,
    /// No recovery in the evidence.
    Ongoing,
}

impl Status {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Mitigated => "mitigated",
            Self::Ongoing => "ongoing",
        }
    }
}

/// How an incident came to somebody's notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// A monitoring alert.
    Alert,
    /// Tickets of customers.
    Ticket,
    /// A person's report in chat.
    Human,
    /// Nobody's: only recon sees it, in the logs.
    Logs,
}

impl Method {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Ticket => "ticket",
            Self::Human => "human",
            Self::Logs => "logs",
        }
    }
}

/// The part of an incident's life that an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything failed.
    Before,
    /// Failure begins or grows.
    Impact,
    /// It is noticed.
    Detection,
    /// People look for the cause.
    Investigation,
    /// Others are asked in.
    Escalation,
    /// The cause is named.
    Identification,
    /// Something is done about it.
    Mitigation,
    /// It ends.
    Resolution,
    /// Afterwards.
    Followup,
}

impl Phase {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Impact => "impact",
            Self::Detection => "detection",
            Self::Investigation => "investigation",
            Self::Escalation => "escalation",
            Self::Identification => "identification",
            Self::Mitigation => "mitigation",
            Self::Resolution => "resolution",
            Self::Followup => "followup",
        }
    }
}

/// What kind of record tells of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Entries of a service's log, counted.
    Log,
    /// A monitoring alert.
    Alert,
    /// A page and what became of it.
    Page,
    /// A deploy, a configuration change and the like.
    Change,
    /// Customers' tickets.
    Ticket,
    /// What a person said or wrote.
    Person,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Log,
        Self::Alert,
        Self::Page,
        Self::Change,
        Self::Ticket,
        Self::Person,
    ];

    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Alert => "alert",
            Self::Page => "page",
            Self::Change => "change",
            Self::Ticket => "ticket",
            Self::Person => "person",
        }
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Stamp,
    /// What kind of record tells of it.
    pub origin: Origin,
    /// Which part of the incident's life.
    pub phase: Phase,
    /// What happened, one sentence without its citation.
    pub text: String,
    /// Who.
    pub actor: Option<String>,
    /// Which service.
    pub service: Option<String>,
    /// How it is known.
    pub grade: Grade,
    /// What it rests on.
    pub evidence: Evidence,
}

/// A suspicion that led nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// What was suspected.
    pub hypothesis: String,
    /// When it was first voiced.
    pub from: Stamp,
    /// When it was ruled out, or another cause was named.
    pub to: Option<Stamp>,
    /// It was ruled out in so many words, not merely superseded.
    pub ruled_out: bool,
    /// What it rests on.
    pub evidence: Evidence,
}

/// What sort of thing a suspect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuspectKind {
    /// A change shortly before.
    Change,
    /// A message that began or rose with the impact.
    Template,
    /// A service that failed first.
    Service,
    /// Something that went silent.
    Silence,
}

impl SuspectKind {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Template => "template",
            Self::Service => "service",
            Self::Silence => "silence",
        }
    }
}

/// A candidate for the cause, with the features that its score is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// What sort of thing.
    pub kind: SuspectKind,
    /// The thing itself.
    pub what: String,
    /// The words of its first entry, where it is a message of which `what` is the template.
    pub words: Option<String>,
    /// Its service.
    pub service: Option<String>,
    /// When it happened or began.
    pub at: Option<Stamp>,
    /// 0 to 1; comparable only within one incident.
    pub score: f64,
    /// What the score is made of, each 0 to 1.
    pub features: Vec<(&'static str, f64)>,
    /// What it rests on.
    pub evidence: Evidence,
}

/// When a task should be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Horizon {
    /// Now.
    Immediate,
    /// In the next weeks.
    Short,
    /// Later.
    Long,
}

impl Horizon {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}

/// Something to do, and the gap or the act it follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// When.
    pub horizon: Horizon,
    /// What, an imperative sentence.
    pub text: String,
    /// Why: what it follows from.
    pub evidence: Evidence,
}

/// A statement of people that a section of the draft repeats as claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// Section of the draft: summary, detection, actions, escalation, resolution, root_cause, impact, measures.
    pub section: &'static str,
    /// When it was said, if known.
    pub at: Option<Stamp>,
    /// Who said it.
    pub actor: Option<String>,
    /// The words.
    pub text: String,
    /// Where.
    pub evidence: Evidence,
}

/// Requests and users that an incident hit, measured in the close-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impact {
    /// Requests to the affected operations within the impact window.
    pub requests_total: Option<u64>,
    /// Of these, failed.
    pub requests_failed: Option<u64>,
    /// Highest share of failed requests in any minute with at least ten requests.
    pub error_rate_peak: Option<f64>,
    /// Share of failed requests over the whole window.
    pub error_rate_mean: Option<f64>,
    /// Share of failed requests before the impact.
    pub error_rate_baseline: Option<f64>,
    /// Distinct users seen within the window.
    pub users_active: Option<u64>,
    /// Of these, with at least one failed request.
    pub users_affected: Option<u64>,
    /// Of these, without any success at the affected operations.
    pub users_blocked: Option<u64>,
    /// 99th percentile of the request duration within the window, in milliseconds.
    pub latency_p99_ms: Option<f64>,
    /// The same before the impact.
    pub latency_p99_baseline_ms: Option<f64>,
    /// The same numbers per service, in order of failed requests.
    pub by_service: Vec<ServiceImpact>,
    /// Tickets of customers within the window.
    pub tickets: u64,
    /// How users were told apart and what was counted, for people.
    pub basis: String,
    /// First and last failed request.
    pub evidence: Option<Evidence>,
}

/// How failures and durations ran before, during and after an incident: what a chart shows.
/// Not all of it needs to be there: points without requests have counts of errors alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The beginning of the first point, in nanoseconds since the epoch.
    pub start: i64,
    /// Nanoseconds from one point to the next.
    pub step: i64,
    /// Whether failed requests are counted against all requests; else entries of level error.
    pub requests: bool,
    /// One after the other, without gaps.
    pub points: Vec<Point>,
}

/// One point of a [`Series`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Requests to the affected operations; 0 where requests are not counted.
    pub requests: u64,
    /// Of these, failed; or entries of level error.
    pub failed: u64,
    /// Median of the request duration in milliseconds, where it was measured.
    pub p50_ms: Option<f64>,
    /// 99th percentile of the same.
    pub p99_ms: Option<f64>,
}

/// Impact on one service's requests.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceImpact {
    /// The service that logged the requests, and the operation where one stands out.
    pub service: String,
    /// The operation (method and path), where impact is limited to some.
    pub operation: Option<String>,
    /// Requests within the window.
    pub requests_total: u64,
    /// Of these, failed.
    pub requests_failed: u64,
    /// First failed request.
    pub evidence: Evidence,
}

/// What a written postmortem or notes state of themselves, in their own words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// Start as written: `2024-01-19T10:30` or `10:30`.
    pub start: Option<Fact<String>>,
    /// End as written.
    pub end: Option<Fact<String>>,
    /// Zone as written.
    pub zone: Option<Fact<String>>,
    /// Duration in minutes: as stated, else from the window.
    pub duration_minutes: Option<Fact<f64>>,
    /// Share of users affected, in percent.
    pub users_affected_percent: Option<Fact<f64>>,
    /// Entries of its timeline.
    pub timeline_entries: Option<Fact<i64>>,
    /// Where it contradicts itself.
    pub contradictions: Vec<Contradiction>,
}

/// A stated fact and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    /// The fact.
    pub value: T,
    /// Where.
    pub evidence: Evidence,
}

/// Two statements that cannot both be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Short name of the kind.
    pub code: &'static str,
    /// What contradicts what.
    pub text: String,
    /// Both places.
    pub evidence: Evidence,
}

/// The service that most likely failed first.
#[derive(Clone, Debug, PartialEq)]
pub struct Culprit {
    /// Its name.
    pub service: String,
    /// 0 to 1.
    pub confidence: f64,
    /// What it rests on.
    pub evidence: Evidence,
}

/// A service that took part.
#[derive(Clone, Debug, PartialEq)]
pub struct Involved {
    /// Its name.
    pub service: String,
    /// It is the culprit; otherwise it was affected.
    pub culprit: bool,
}

/// An incident, reconstructed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Date and service: stable across runs.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// The service that most likely failed first.
    pub culprit: Option<Culprit>,
    /// Services that took part, the culprit first.
    pub services: Vec<Involved>,
    /// How it was noticed, and the evidence.
    pub detection: Option<(Method, Evidence)>,
    /// The milestones with evidence, indexed by [`Milestone`] as `usize`.
    pub milestones: [Option<Marked>; Milestone::ALL.len()],
    /// What happened, in order.
    pub timeline: Vec<Moment>,
    /// Wrong turns.
    pub leads: Vec<Lead>,
    /// Candidates for the cause, best first.
    pub suspects: Vec<Suspect>,
    /// Things to do that follow from the evidence.
    pub tasks: Vec<Task>,
    /// What people said, by section.
    pub remarks: Vec<Remark>,
    /// Requests and users.
    pub impact: Impact,
    /// Failures and durations over time, where the logs count them.
    pub series: Option<Series>,
    /// What written documents state of themselves.
    pub stated: Option<Stated>,
    /// What only people can answer.
    pub questions: Vec<String>,
    /// Contradictions between sources, and the like.
    pub notices: Vec<Notice>,
    /// The last instant that the inputs cover: the bound of an incident that has not ended.
    pub evidence_ends: Option<Stamp>,
}

impl Incident {
    /// A milestone, if there is evidence for it.
    #[must_use]
    pub fn milestone(&self, which: Milestone) -> Option<&Marked> {
        self.milestones[which as usize].as_ref()
    }

    /// The time of a milestone.
    #[must_use]
    pub fn when(&self, which: Milestone) -> Option<Stamp> {
        self.milestone(which).map(|m| m.claim.value)
    }
}
