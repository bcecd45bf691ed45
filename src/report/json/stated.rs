//! What people wrote and said.

use super::{Evidence, Number};
use serde::{Deserialize, Serialize};

/// What a written document states of itself; absent where it is silent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// `2024-01-19T10:30` or `10:30`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// As written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// As stated, else from the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<Number>,
    /// As stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users_affected_percent: Option<Number>,
    /// Entries of its timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline_entries: Option<i64>,
    /// Where it contradicts itself.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
}

/// Two statements that cannot both be true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The kind.
    pub code: String,
    /// What contradicts what.
    pub text: String,
    /// Both places.
    pub evidence: Vec<Evidence>,
}

/// Something to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// immediate, short or long.
    pub horizon: String,
    /// An imperative sentence.
    pub text: String,
    /// What it follows from.
    pub evidence: Vec<Evidence>,
}

/// What somebody said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Section of the draft.
    pub section: String,
    /// When, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The words.
    pub text: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}
