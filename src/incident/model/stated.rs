//! What written documents state of themselves.

use crate::cite::Evidence;

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
