//! The points of an incident's life, where it stands and how it was noticed.

use crate::cite::{Claim, Grade};
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
    /// How sure the time is.
    pub confidence: Confidence,
    /// It may have been as early as this: the last time things were seen to be well.
    pub not_before: Option<Stamp>,
    /// Other times that other evidence gives.
    pub alternatives: Vec<Claim<Stamp>>,
}

impl Marked {
    /// A claim alone, as sure as claims of its grade are.
    #[must_use]
    pub const fn of(claim: Claim<Stamp>) -> Self {
        let confidence = match claim.grade {
            Grade::Observed => Confidence::High,
            Grade::Claimed => Confidence::Medium,
            Grade::Inferred => Confidence::Low,
        };
        Self {
            claim,
            confidence,
            not_before: None,
            alternatives: Vec::new(),
        }
    }
}

/// How sure a milestone's time is. Of those that are high, nineteen in twenty should be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The best there is, and little.
    Low,
    /// One source that may be mistaken.
    Medium,
    /// A source that can hardly be mistaken, or several that agree.
    High,
}

impl Confidence {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
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
