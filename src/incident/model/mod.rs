//! What an incident is: the result of the analysis and the input of every report.

mod cause;
mod followup;
mod impact;
mod milestone;
mod stated;
mod timeline;

pub use cause::{Culprit, Involved, Lead, Suspect, SuspectKind};
pub use followup::{Horizon, Remark, Task};
pub use impact::{Impact, Point, Series, ServiceImpact};
pub use milestone::{Confidence, Marked, Method, Milestone, Status};
pub use stated::{Contradiction, Fact, Stated};
pub use timeline::{Moment, Origin, Phase};

use crate::cite::{Evidence, Notice};
use recon_parsers::Stamp;

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
