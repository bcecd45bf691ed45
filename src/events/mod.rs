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
mod order;
#[cfg(feature = "tables")]
mod parquet;
mod veil;

use crate::ingest::{self, FilePlan};
use crate::source::Library;
use crate::survey::Survey;
use crate::template::Settled;
use entry::{Csv, Entry, Form, JsonLines, Timesketch};
use index::Part;
use order::{Block, Key, Queue, Source};
use rayon::prelude::*;
use std::io::{self, Write};
use std::ops::RangeInclusive;

/// Bytes of rendered entries that wait in memory, if nothing else is said.
pub const MEMORY: usize = 128 << 20;
/// Bytes of one chunk's rendered entries that are held at a time. A file that cannot be cut is
/// one chunk, however large it is.
const BLOCK: usize = 32 << 20;

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
        let plan = &self.plans[part.chunk.plan];
        let path = &self.library.input(plan.file).path;
        let redactor = self.library.redactor();
        let hide = |text: &str| redactor.as_ref().map(|r| r.mark(text).into_owned());
        let path = &hide(path).unwrap_or_else(|| path.clone());
        let mut sources = Vec::new();
        let mut failed = None;
        let mut block = Block::default();
        let (mut nanos, mut left_out) = (part.carried, 0);
        let (mut byte, mut nth) = (u64::MAX, 0);
        let bytes = part.chunk.bytes.clone();
        ingest::read(self.library, plan, bytes, part.lines, &mut |event| {
            nanos = event.at.map_or(nanos, |at| at.nanos);
            nth = if event.cite.offset == byte {
                nth + 1
            } else {
                0
            };
            byte = event.cite.offset;
            if range.is_some_and(|r| !r.contains(&nanos)) {
                return;
            }
            let key = Key {
                nanos,
                file: plan.file.0,
                byte,
                nth,
            };
            let veiled = redactor.as_ref();
            let veiled = veiled.and_then(|r| veil::veiled(event.record, r));
            let service = hide(event.service);
            let message = event.record.message.as_ref();
            let event = ingest::Event {
                record: veiled.as_ref().unwrap_or(event.record),
                service: service.as_deref().unwrap_or(event.service),
                ..event
            };
            let entry = Entry {
                path,
                plan,
                event: &event,
                nanos,
                templates: self.templates,
                message,
            };
            left_out += u64::from(!block.add(key, |out| form.entry(entry, out)));
            if block.size() > BLOCK {
                match Source::spilled(std::mem::take(&mut block)) {
                    Ok(source) => sources.push(source),
                    Err(e) => failed = failed.take().or(Some(e)),
                }
            }
        })?;
        if let Some(e) = failed {
            return Err(e);
        }
        sources.push(Source::held(block));
        Ok((sources, left_out))
    }
}
