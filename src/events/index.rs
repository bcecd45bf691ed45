//! Which part of which file holds what times, as the survey saw it.

use crate::ingest::{self, Chunk, FilePlan, union};
use crate::source::Library;
use crate::survey::Survey;

/// A part of a file and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) chunk: Chunk,
    /// Line ends before it in its file.
    pub(super) lines: u64,
    /// The time of the last entry before it that has one.
    pub(super) carried: i64,
    /// The earliest and latest time at which an entry of it is placed.
    pub(super) span: (i64, i64),
}

impl Part {
    pub(super) const fn bytes(&self) -> u64 {
        self.chunk.bytes.end - self.chunk.bytes.start
    }
}

/// All parts that hold entries. `size` is that of the chunks that were surveyed.
pub(super) fn parts(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    size: u64,
) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut file, mut lines, mut carried) = (usize::MAX, 0, i64::MIN);
    for chunk in ingest::chunks(library, plans, size) {
        if chunk.plan != file {
            (file, lines, carried) = (chunk.plan, 0, i64::MIN);
        }
        let tally = plans.get(file).and_then(|p| survey.files.get(&p.file));
        let Some(seen) = tally.and_then(|t| t.parts.get(&chunk.bytes.start)) else {
            continue;
        };
        let counted = lines;
        lines += seen.lines;
        if !seen.any {
            continue;
        }
        let borrowed = seen.undated_first.then_some((carried, carried));
        parts.push(Part {
            chunk,
            lines: counted,
            carried,
            span: union(borrowed, seen.span).unwrap_or((carried, carried)),
        });
        carried = seen.last.unwrap_or(carried);
    }
    parts
}
