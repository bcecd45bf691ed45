//! Into which parts a file falls that do not depend on each other.

use super::FilePlan;
use crate::source::Library;
use recon_parsers::cut::Shape;
use std::ops::Range;

/// A part of a file.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The place of the file's plan.
    pub plan: usize,
    /// The bytes it owns.
    pub bytes: Range<u64>,
}

/// The chunks of all files, of about `size` bytes each. Files that are not cut on lines are
/// one chunk, read as a stream.
#[must_use]
pub fn chunks(library: &Library, plans: &[FilePlan], size: u64) -> Vec<Chunk> {
    let size = size.max(1024);
    let mut all = Vec::new();
    for (plan, file) in plans.iter().enumerate() {
        let len = library.input(file.file).text.len();
        let step = if file.detected.shape == Shape::Lines {
            size
        } else {
            len.max(1)
        };
        let mut start = 0;
        while start < len {
            let end = len.min(start + step);
            all.push(Chunk {
                plan,
                bytes: start..end,
            });
            start = end;
        }
    }
    all
}
