//! `recon events`: every entry, normalised, in time order, in memory that does not grow.
//!
//! The inputs are read twice. The survey has found out between which times the entries of
//! each part of a file lie. The second reading takes the parts in the order of their earliest entry,
//! renders them in parallel, and writes whatever is earlier than all parts still to come: inputs
//! that are in order by themselves are never held whole, and writing begins when the first part is
//! read. What has to wait and does not fit into memory waits in temporary files.

mod entry;
mod index;
mod json;
mod kit;
mod mould;
mod number;
mod order;
#[cfg(feature = "tables")]
mod parquet;
mod render;
mod veil;

use crate::ingest::{self, FilePlan};
use crate::source::Library;
use crate::survey::Survey;
use crate::template::Settled;
use entry::{Csv, Form, JsonLines, Timesketch};
use index::Part;
use kit::Kits;
use mould::Around;
use order::{Block, Key, Queue, Slabs, Source};
use rayon::prelude::*;
use render::Renderer;
use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Bytes of rendered entries that wait in memory, if nothing else is said.
pub const MEMORY: usize = 128 << 20;

/// What entries are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// One JSON object a line.
    Jsonl,
    /// A sheet.
    Csv,
    /// JSON lines as Timesketch imports them.
    Timesketch,
    /// A table in columns.
    Parquet,
}

/// Takes entries in their order, each as its form renders it.
pub(crate) trait Sink {
    /// One entry.
    fn entry(&mut self, entry: &[u8]) -> io::Result<()>;

    /// Writes what is still held back.
    fn finish(&mut self) -> io::Result<()>;
}

/// A sink for forms that need nothing but bytes behind each other.
struct Plain<W>(W);

impl<W: Write> Sink for Plain<W> {
    fn entry(&mut self, entry: &[u8]) -> io::Result<()> {
        self.0.write_all(entry)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The entries of all inputs, after the survey has settled how they are read.
pub struct Events<'l> {
    library: &'l Library,
    plans: &'l [FilePlan],
    parts: Vec<Part>,
    templates: &'l Settled,
    /// Bytes of rendered entries that may wait in memory.
    memory: usize,
    kits: Kits,
    slabs: Arc<Slabs>,
}

/// The entries of a part, in order, and how many the form has no place for.
type Rendered = (Vec<Source>, u64);

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Entries that the form has no place for.
    pub left_out: u64,
}

impl<'l> Events<'l> {
    /// The entries that a survey in chunks of `size` bytes has seen.
    #[must_use]
    pub fn new(
        library: &'l Library,
        plans: &'l [FilePlan],
        survey: &Survey,
        templates: &'l Settled,
        size: u64,
        memory: usize,
    ) -> Self {
        Self {
            library,
            plans,
            parts: index::parts(library, plans, survey, size),
            templates,
            memory,
            kits: Kits::default(),
            slabs: Arc::default(),
        }
    }

    /// Writes all entries within `range` (nanoseconds since the epoch).
    pub fn write<W: Write>(
        &self,
        form: As,
        range: Option<RangeInclusive<i64>>,
        done: &(dyn Fn(u64) + Sync),
        mut out: W,
    ) -> anyhow::Result<Written> {
        let form: &dyn Form = match form {
            As::Jsonl => &JsonLines,
            As::Csv => &Csv,
            As::Timesketch => &Timesketch,
            #[cfg(feature = "tables")]
            As::Parquet => {
                let mut table = parquet::Table::new(out, self.library.redactor())?;
                return Ok(self.merge(&parquet::Columns, range, done, &mut table)?);
            }
            #[cfg(not(feature = "tables"))]
            As::Parquet => anyhow::bail!(
                "this recon was built without tables; use --format csv, or build it with the \
                 feature `tables`"
            ),
        };
        out.write_all(form.head())?;
        let mut sink = veil::Settled {
            to: Plain(out),
            redactor: self.library.redactor(),
        };
        Ok(self.merge(form, range, done, &mut sink)?)
    }

    fn merge(
        &self,
        form: &dyn Form,
        range: Option<RangeInclusive<i64>>,
        done: &(dyn Fn(u64) + Sync),
        sink: &mut dyn Sink,
    ) -> io::Result<Written> {
        let wanted = |part: &&Part| {
            let (from, to) = part.span;
            range
                .as_ref()
                .is_none_or(|r| from <= *r.end() && to >= *r.start())
        };
        let mut parts: Vec<&Part> = self.parts.iter().filter(wanted).collect();
        let all: u64 = self.parts.iter().map(Part::bytes).sum();
        done(all - parts.iter().map(|p| p.bytes()).sum::<u64>());
        parts.sort_by_key(|p| (p.span.0, p.chunk.plan, p.chunk.bytes.start));
        let mut queue = Queue::new(self.memory);
        let mut written = Written::default();
        let render = |parts: &[&Part]| -> io::Result<Vec<Rendered>> {
            let one = |part: &&Part| {
                let rendered = self.render(part, form, range.as_ref());
                done(part.bytes());
                rendered
            };
            parts.par_iter().map(one).collect()
        };
        // A batch is rendered while what the ones before it settled is written.
        let mut coming: Option<io::Result<Vec<Rendered>>> = None;
        let mut batches = parts.chunks(rayon::current_num_threads().max(1)).peekable();
        loop {
            if let Some(rendered) = coming.take() {
                for (sources, left_out) in rendered? {
                    written.left_out += left_out;
                    queue.take(sources)?;
                }
            }
            let Some(batch) = batches.next() else { break };
            let settled = batch.first().map(|part| Key::at(part.span.0));
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| coming = Some(render(batch)));
                queue.write(settled, sink)
            })?;
        }
        queue.write(None, sink)?;
        sink.finish()?;
        Ok(written)
    }

    /// Renders a part.
    fn render(
        &self,
        part: &Part,
        form: &dyn Form,
        range: Option<&RangeInclusive<i64>>,
    ) -> io::Result<Rendered> {
        let of = part.chunk.plan;
        let plan = &self.plans[of];
        let redactor = self.library.redactor();
        let redactor = redactor.as_deref();
        let path = &self.library.input(plan.file).path;
        let path = redactor.map_or(Cow::Borrowed(path.as_str()), |r| r.mark(path));
        let around = Around {
            plan,
            path: &path,
            templates: self.templates,
            form,
            redactor,
        };
        let mut kit = self.kits.take(of);
        let block = Block::new(Arc::clone(&self.slabs));
        let mut renderer = Renderer::new(around, range, part.carried, &mut kit.moulds, block);
        let (bytes, scratch) = (part.chunk.bytes.clone(), &mut kit.scratch);
        ingest::skim_from(
            self.library,
            plan,
            bytes,
            part.lines,
            scratch,
            &mut |seen| renderer.see(&seen),
        )?;
        let rendered = renderer.finish()?;
        self.kits.put(of, kit);
        Ok(rendered)
    }
}

#[cfg(test)]
mod tests;
