//! `recon check`: what a written postmortem claims, held against itself and against the evidence.
//!
//! A claim is a time, a duration, a share, an order. [`document`] reads the claims, [`evidence`]
//! lists what is recorded, [`timing`], [`figures`] and [`shares`] compare, [`render`] says what came of it. A
//! claim is contradicted only by something recorded that it cannot be squared with, within the
//! precision that it is written with; what the evidence is silent about is unsupported.

mod change;
mod document;
mod evidence;
mod figures;
mod render;
mod shares;
mod timing;

pub use document::{Of, Postmortem, Told, When};
pub use render::{Form, render};

use crate::analysis::Analysis;
use crate::cite::Cite;
use crate::incident::Incident;
use crate::survey::Survey;
use recon_parsers::stamp::SECOND;

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Something recorded rules it out.
    Contradicted,
    /// Nothing recorded bears on it.
    Unsupported,
    /// Something recorded says the same.
    Confirmed,
}

impl Verdict {
    /// All, the gravest first.
    pub const ALL: [Self; 3] = [Self::Contradicted, Self::Unsupported, Self::Confirmed];

    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::Unsupported => "unsupported",
            Self::Confirmed => "confirmed",
        }
    }
}

/// Where a citation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the postmortem.
    Document(Cite),
    /// In the inputs.
    Input(Cite),
}

/// A claim and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What came of it.
    pub verdict: Verdict,
    /// The rule that compared.
    pub rule: &'static str,
    /// The claim, in the document's words.
    pub claim: String,
    /// What is recorded, or why nothing is.
    pub found: String,
    /// By how much they differ, in nanoseconds or thousandths of a percentage point; what is
    /// recorded minus what is claimed.
    pub difference: Option<Gap>,
    /// Where it is claimed.
    pub stated: Vec<Place>,
    /// Where the rest is recorded.
    pub evidence: Vec<Place>,
}

/// A difference and how much of it the way the claim is written allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gap {
    /// Nanoseconds.
    Time {
        /// What is recorded minus what is claimed.
        nanos: i64,
        /// What the precision of the claim allows.
        tolerance: i64,
    },
    /// Percentage points.
    Share {
        /// What is recorded minus what is claimed.
        points: f64,
        /// What the precision of the claim allows.
        tolerance: f64,
    },
}

/// What the whole check came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// In the order of the document.
    pub findings: Vec<Finding>,
    /// The incident that the document was held against.
    pub incident: Option<String>,
    /// Seconds east of UTC that the document's times were read in, where it states no zone.
    pub read_at: Option<i32>,
}

impl Findings {
    /// How many claims came to this.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings
            .iter()
            .filter(|f| f.verdict == verdict)
            .count()
    }
}

/// Holds a postmortem against the evidence.
#[must_use]
pub fn check(postmortem: &Postmortem, survey: &Survey, analysis: &Analysis) -> Findings {
    let incident = nearest(postmortem, analysis);
    let happenings = evidence::happenings(survey, incident);
    let (east, dated) = timing::read_at(postmortem, incident, &happenings);
    let mut findings = figures::window(&dated, incident);
    findings.extend(figures::durations(postmortem, incident));
    findings.extend(shares::shares(postmortem, incident));
    findings.extend(timing::entries(&dated, incident, &happenings));
    findings.extend(timing::order(&dated, &happenings));
    findings.extend(figures::contradictions(postmortem));
    findings.sort_by(|a, b| a.stated.cmp(&b.stated));
    Findings {
        findings,
        incident: incident.map(|i| i.id.clone()),
        read_at: east,
    }
}

/// The incident that the document tells of: the one whose time is nearest.
fn nearest<'a>(postmortem: &Postmortem, analysis: &'a Analysis) -> Option<&'a Incident> {
    let told = postmortem.times.iter().find_map(document::Told::instant);
    let distance = |i: &&Incident| {
        let (from, to) = extent(i)?;
        Some(told.map_or(0, |t| (from - t).max(t - to).max(0)))
    };
    let near = analysis.incidents.iter().filter(|i| distance(i).is_some());
    near.min_by_key(distance)
}

/// From the first to the last milestone that is no change and no epilogue.
fn extent(incident: &Incident) -> Option<(i64, i64)> {
    use crate::incident::Milestone;
    let told = Milestone::ALL
        .into_iter()
        .filter(|m| !matches!(m, Milestone::Change | Milestone::Closed))
        .filter_map(|m| incident.when(m))
        .filter(|s| s.basis != recon_parsers::Basis::Relative)
        .map(|s| (s.nanos, s.nanos));
    told.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

const MINUTE: i64 = 60 * SECOND;
