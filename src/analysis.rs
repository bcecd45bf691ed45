//! What a whole run found: the input of every report.

use crate::cite::Notice;
use crate::clock::{ClockOffset, DateOrder, Ground};
use crate::incident::Incident;
use crate::redact::Tally;
use recon_parsers::Stamp;

/// Who chose the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// `--window` alone: around the incidents.
    Auto,
    /// `--window W`.
    User,
    /// No `--window`: all of the input.
    All,
}

impl ChosenBy {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::User => "user",
            Self::All => "all",
        }
    }
}

/// The range of time that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its start, included.
    pub start: Stamp,
    /// Its end, included.
    pub end: Stamp,
}

/// How one input was read: nothing is left out silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As it is cited.
    pub path: String,
    /// Formats it is in, the main one first; empty if none is known.
    pub formats: Vec<&'static str>,
    /// Sampled entries that the main format reads.
    pub votes: usize,
    /// Entries that were sampled to decide the formats.
    pub sampled: usize,
    /// The main format is one that the user declared.
    pub declared: bool,
    /// The format that came second, and how many of these entries it would read.
    pub runner_up: Option<(&'static str, usize)>,
    /// Compression and encodings that were undone.
    pub wrapped: Vec<&'static str>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Lines of the decompressed text.
    pub lines: u64,
    /// Entries read.
    pub entries: u64,
    /// Lines in no entry that a format reads.
    pub unparsed_lines: u64,
    /// The first few of them: line and text.
    pub unparsed_samples: Vec<(u64, String)>,
    /// Entries without any time.
    pub undated: u64,
    /// Entries so long that only their beginning was read.
    pub cut: u64,
    /// Earliest time.
    pub first: Option<Stamp>,
    /// Latest time.
    pub last: Option<Stamp>,
    /// The zone of times that state none; absent if all do.
    pub zone: Option<String>,
    /// Why that zone.
    pub zone_basis: Ground,
    /// How days and months are told apart in dates of numbers that leave it open, and why.
    pub dates: (DateOrder, Ground),
    /// Why that year, where years are not stated.
    pub year_basis: Ground,
}

/// What a whole run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The range of time that was looked at; absent if nothing is dated.
    pub window: Option<Span>,
    /// Who chose it.
    pub chosen_by: ChosenBy,
    /// Every input, sorted by path.
    pub inputs: Vec<Account>,
    /// How the hosts' clocks compare, where they share ids.
    pub clocks: Vec<ClockOffset>,
    /// Incidents in order of their start.
    pub incidents: Vec<Incident>,
    /// What was assumed, left out or contradictory.
    pub notices: Vec<Notice>,
    /// Everybody who did or said something in the inputs, sorted; programs are not among them.
    pub people: Vec<String>,
    /// What was replaced by pseudonyms, by kind.
    pub redacted: Vec<Tally>,
}
