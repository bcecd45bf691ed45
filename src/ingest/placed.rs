//! Where in time the entries of one part of a file lie, so that they can be put in order without
//! being held.

use recon_parsers::{Basis, Stamp};

/// Between which times the entries of a part of a file lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Line ends.
    pub lines: u64,
    /// Whether it holds any entry.
    pub any: bool,
    /// Its first entry states no time, and so takes that of an entry before the part.
    pub undated_first: bool,
    /// Earliest and latest time that its entries state, in nanoseconds.
    pub span: Option<(i64, i64)>,
    /// The same of times that are instants, not counted from a start.
    pub instants: Option<(i64, i64)>,
    /// The time of its last entry that states one.
    pub last: Option<i64>,
}

impl Placed {
    /// Adds the next entry.
    pub(super) fn add(&mut self, at: Option<Stamp>) {
        self.undated_first |= !self.any && at.is_none();
        self.any = true;
        let Some(at) = at else { return };
        let here = Some((at.nanos, at.nanos));
        self.last = Some(at.nanos);
        self.span = union(self.span, here);
        if at.basis != Basis::Relative {
            self.instants = union(self.instants, here);
        }
    }
}

/// The span that covers both.
#[must_use]
pub fn union(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}
