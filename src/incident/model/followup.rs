//! What remains to be done, and what people said.

use crate::cite::Evidence;
use recon_parsers::Stamp;

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
