//! What is known of one file: how much of it was read, and what was left over.

use super::Placed;
use crate::cite::Cite;
use recon_parsers::Stamp;
use std::collections::BTreeMap;

/// Unparsed lines and strays that are kept for people and for another look at the format.
pub(super) const SAMPLES: usize = 64;

/// What is known of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTally {
    /// Line ends.
    pub lines: u64,
    /// Records.
    pub entries: u64,
    /// Records without any time.
    pub undated: u64,
    /// It was rotated away, and the piece that goes on from it is not among the inputs.
    pub closed: bool,
    /// Entries so long that only their beginning was read.
    pub cut: u64,
    /// Lines of values and rows that no format reads.
    pub unparsed: u64,
    /// Lines at the start of a chunk that begin no entry, by the chunk's first byte: they continue
    /// the entry before, unless there is none.
    pub leads: BTreeMap<u64, u64>,
    /// Where in time its parts lie, by the first byte of each.
    pub parts: BTreeMap<u64, Placed>,
    /// The first byte of the first entry.
    pub first_entry: Option<u64>,
    /// The first few lines that may be in no entry.
    pub unparsed_samples: Vec<Cite>,
    /// The first few lines that continue an entry but look like entries of another format.
    pub strays: Vec<Cite>,
    /// Earliest and latest time.
    pub span: Option<(Stamp, Stamp)>,
    /// Records by the place of their format among the file's formats.
    pub by_format: BTreeMap<usize, u64>,
}

impl FileTally {
    /// Lines that neither begin nor continue an entry.
    #[must_use]
    pub fn unparsed_lines(&self) -> u64 {
        let orphaned = self
            .leads
            .iter()
            .filter(|(base, _)| self.first_entry.is_none_or(|f| **base < f));
        self.unparsed + orphaned.map(|(_, n)| n).sum::<u64>()
    }

    /// Adds what another part of the file showed.
    pub fn merge(&mut self, other: Self) {
        self.lines += other.lines;
        self.entries += other.entries;
        self.undated += other.undated;
        self.cut += other.cut;
        self.closed |= other.closed;
        self.unparsed += other.unparsed;
        self.leads.extend(other.leads);
        self.parts.extend(other.parts);
        self.first_entry = match (self.first_entry, other.first_entry) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.unparsed_samples = first_few(
            std::mem::take(&mut self.unparsed_samples),
            other.unparsed_samples,
        );
        self.strays = first_few(std::mem::take(&mut self.strays), other.strays);
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        for (format, n) in other.by_format {
            *self.by_format.entry(format).or_default() += n;
        }
    }
}

fn first_few(mut a: Vec<Cite>, b: Vec<Cite>) -> Vec<Cite> {
    a.extend(b);
    a.sort_unstable();
    a.truncate(SAMPLES);
    a
}
