//! The report for programs, schema `recon.report/1`. It is written from an analysis
//! ([`super::build`]) and read back to summarise many incidents.

mod impact;
mod incident;
mod number;
mod stated;

pub use impact::{Budget, Impact, Series, ServiceImpact};
pub use incident::{
    Culprit, Detection, Evidence, Incident, Lead, Milestone, Moment, Service, Suspect,
};
pub use number::{Number, Ordered};
pub use stated::{Contradiction, Remark, Stated, Task};

use serde::{Deserialize, Serialize};

/// The schema that is written.
pub const SCHEMA: &str = "recon.report/1";

/// A whole report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The range of time that was looked at; absent if nothing is dated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Every input, sorted by path.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// How the hosts' clocks compare, where they share ids.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Incidents in order of their start.
    #[serde(default)]
    pub incidents: Vec<Incident>,
    /// What was assumed, left out or contradictory.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// How many different values of each kind were replaced by pseudonyms.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub redacted: Ordered<usize>,
}

/// The range of time that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// RFC 3339, or `T+600s`.
    pub start: String,
    /// The same.
    pub end: String,
    /// auto, user or all.
    pub chosen_by: String,
}

/// How one input was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// As it is cited.
    pub path: String,
    /// The main format; null if none is known.
    pub format: Option<String>,
    /// Further formats in the same input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Compression and encodings that were undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrapped: Vec<String>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Lines of the decompressed text.
    pub lines: u64,
    /// Entries read.
    pub entries: u64,
    /// Lines in no entry.
    pub unparsed_lines: u64,
    /// Entries without any time.
    #[serde(default)]
    pub undated: u64,
    /// Earliest time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Latest time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The zone of times that state none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Why that zone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone_basis: String,
    /// Why that year.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year_basis: String,
}

/// A host's clock compared with the others by shared ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// The host, or the file whose entries name none.
    pub host: String,
    /// The clock that counts as right.
    pub reference: String,
    /// Seconds it is ahead; null if the ids only bound it.
    pub offset_s: Option<Number>,
    /// Not less, not more, in seconds.
    pub bounds: [Number; 2],
    /// Ids that it shares with its neighbour.
    pub ids: usize,
    /// Seconds by which the offset grows over the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_s: Option<Number>,
    /// Whether its times were corrected by the offset.
    pub applied: bool,
}

/// Something the reader should know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// info, warning or error.
    pub level: String,
    /// What it is.
    pub message: String,
    /// Where, if it is about certain entries.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}
