//! One file: which formats it is in, how its times are settled, and its entries as events.

mod chunk;
mod dating;
mod declared;
#[cfg(test)]
pub(crate) mod dice;
mod frozen;
mod heading;
mod naming;
mod ordering;
mod outlined;
mod parts;
mod placed;
mod plan;
mod sample;
mod service;
mod skim;
mod tally;
mod zones;

pub use declared::Declared;
pub use frozen::FrozenPlan;
pub use service::{Rule as ServiceRule, set_of};
pub use zones::ZoneRule;

pub use chunk::read;
pub(crate) use outlined::{Line, Span};
pub use parts::{Chunk, chunks};
pub use placed::{Placed, union};
pub use plan::{FilePlan, Options, plan, replan};
pub use skim::{Scratch, Scratches, Sighting, Skimmed, skim, skim_from};
pub use tally::FileTally;

use crate::cite::Cite;
use recon_parsers::{Record, Stamp};

/// A record with its time settled and its place known.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e, 'a> {
    /// When; absent if neither the record nor its file says.
    pub at: Option<Stamp>,
    /// When the thing that it reports began, if that is another time.
    pub since: Option<Stamp>,
    /// Where.
    pub cite: Cite,
    /// The first line of its entry, counted from 1, if the reader was told where its chunk
    /// begins. One entry can hold several records: `cite` is the place of this one.
    pub line: u64,
    /// The last line of its entry.
    pub line_last: u64,
    /// The place of its format among the file's formats.
    pub format: usize,
    /// The service it is about: the record's own, or the file's.
    pub service: &'e str,
    /// What it says.
    pub record: &'e Record<'a>,
}
