//! The same work over shards, for bulk and for clusters: a plan freezes all that depends on order,
//! a shard is counted from its row of the plan and its bytes alone, and what was counted is
//! merged and told of as if one process had read it all.

mod fingerprint;
mod map;
mod merge;
mod origin;
mod plan;
mod settle;
#[cfg(feature = "tables")]
mod store;
#[cfg(not(feature = "tables"))]
#[path = "no_store.rs"]
mod store;

pub use map::map;
pub use merge::{Merged, merge};
pub use plan::{Cuts, Header, Piece, Plan, Row};
pub use settle::settle;
pub use store::{Partials, write};

use std::path::Path;

/// Where the inputs of a plan are, and what is taken for them.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The folder that their paths start from.
    pub root: &'p Path,
    /// They are copies, with modification times of their own.
    pub copied: bool,
}
