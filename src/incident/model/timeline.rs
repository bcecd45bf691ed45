//! What happened, in order.

use crate::cite::{Evidence, Grade};
use recon_parsers::Stamp;

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
