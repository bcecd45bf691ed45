//! What went wrong, what was suspected of it, and who took part.

use crate::cite::Evidence;
use recon_parsers::Stamp;

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
