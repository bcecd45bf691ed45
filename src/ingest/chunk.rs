//! Reading a file in parts that do not depend on each other.
//!
//! A chunk owns the entries whose first line begins in it and reads past its end to finish
//! the last of them, so every entry is read once and whole wherever the borders are.

use super::tally::SAMPLES as NOTED;
use super::{Event, FilePlan, FileTally, Placed};
use crate::cite::Cite;
use crate::source::{Input, Library};
use recon_parsers::cut::{self, Shape};
use recon_parsers::entries::{Entry, MAX_ENTRY, entries};
use recon_parsers::record::field;
use recon_parsers::token::pod;
use recon_parsers::{Basis, Kind, Stamp, Value};
use std::io;
use std::ops::Range;

/// Bytes read past the end of a chunk at a time.
const OVERRUN: u64 = 64 * 1024;

/// Bytes of a document that are read: no person wrote a longer one.
const DOCUMENT: u64 = 4 << 20;

/// Reads a chunk and gives each event to `each`, in file order. Gives back what the file's
/// account needs to know besides: lines, and lines that nothing reads.
/// `before` is the number of line ends before the chunk; lines count from it.
pub fn read(
    library: &Library,
    plan: &FilePlan,
    bytes: Range<u64>,
    before: u64,
    each: &mut dyn FnMut(Event<'_, '_>),
) -> io::Result<FileTally> {
    let input = library.input(plan.file);
    let mut reader = Reader::new(plan, before);
    match plan.detected.shape {
        Shape::Lines => {
            let mut buffer = Vec::new();
            if let Some((text, base, owned)) = reader.fill(input, &bytes, &mut buffer)? {
                reader.lines(text, base, owned, each);
            }
        }
        _ => reader.whole(input, each)?,
    }
    Ok(reader.done(bytes.start))
}

/// Where the values or rows of a text are, and where to go on reading.
type Cutter = fn(&[u8], usize, bool) -> (Vec<Range<usize>>, usize);

/// What takes events.
pub(super) type Each<'e> = dyn FnMut(Event<'_, '_>) + 'e;

/// Reads a part of a file.
pub(super) struct Reader<'r> {
    pub(super) plan: &'r FilePlan,
    /// Line ends before the text that is being read.
    pub(super) before: u64,
    pub(super) tally: FileTally,
    pub(super) placed: Placed,
}

impl<'r> Reader<'r> {
    pub(super) fn new(plan: &'r FilePlan, before: u64) -> Self {
        Self {
            plan,
            before,
            tally: FileTally {
                closed: plan.closed,
                ..FileTally::default()
            },
            placed: Placed::default(),
        }
    }

    /// What the account of the file needs to know of the part that begins at this byte.
    pub(super) fn done(mut self, start: u64) -> FileTally {
        self.placed.lines = self.tally.lines;
        self.tally.parts.insert(start, self.placed);
        self.tally
    }

    /// A file that is not cut on lines.
    pub(super) fn whole(&mut self, input: &Input, each: &mut Each<'_>) -> io::Result<()> {
        match self.plan.detected.shape {
            Shape::Json => self.stream(input, cut::json, each),
            Shape::Csv => self.stream(input, cut::csv, each),
            Shape::Document | Shape::Lines => self.document(input, each),
        }
    }

    /// The entries of `text`, which begins at byte `base` of the file and of which `owned`
    /// bytes are the chunk's.
    pub(super) fn lines(&mut self, text: &[u8], base: u64, owned: usize, each: &mut Each<'_>) {
        entries(text, 0..owned, &self.plan.detected, &mut |entry| {
            self.line(text, base, owned, entry, each);
        });
    }

    /// An entry of a file of lines, or lines that are none.
    pub(super) fn line(
        &mut self,
        text: &[u8],
        base: u64,
        owned: usize,
        entry: Entry<'_, '_>,
        each: &mut Each<'_>,
    ) {
        if entry.format.is_none() {
            // What stands behind the chunk is the next one's.
            self.lead(&text[..owned.min(entry.range.end)], base, entry.range.start);
        } else {
            self.entry(text, base, entry, each);
        }
    }

    /// Lines at the start of a chunk that begin no entry.
    fn lead(&mut self, owned: &[u8], base: u64, from: usize) {
        let lines = cut::lines(owned)
            .skip_while(|l| l.start < from)
            .filter(|l| !l.is_empty());
        for line in lines {
            *self.tally.leads.entry(base).or_default() += 1;
            if self.tally.unparsed_samples.len() < NOTED {
                self.tally.unparsed_samples.push(Cite {
                    file: self.plan.file,
                    offset: base + line.start as u64,
                    len: u32::try_from(line.len()).unwrap_or(u32::MAX),
                });
            }
        }
    }

    /// The text that a chunk of lines needs, where it begins in the file, and how much of it is owned.
    pub(super) fn fill<'b>(
        &mut self,
        input: &Input,
        bytes: &Range<u64>,
        buffer: &'b mut Vec<u8>,
    ) -> io::Result<Option<(&'b [u8], u64, usize)>> {
        let len = input.text.len();
        // The byte before tells whether a line begins exactly at the border.
        let from = bytes.start.saturating_sub(1);
        let mut past = OVERRUN;
        let mut before = input.text.read_shifted(from, bytes.end + past, buffer)?;
        self.count_lines(&buffer[before..], from, bytes, len);
        loop {
            let text = &buffer[before..];
            let start = if bytes.start == 0 {
                Some(0)
            } else {
                memchr::memchr(b'\n', text).map(|n| n + 1)
            };
            let Some(start) = start else { return Ok(None) };
            let base = from + start as u64;
            if base >= bytes.end {
                return Ok(None);
            }
            let owned = usize::try_from(bytes.end - base).map_err(io::Error::other)?;
            let owned = owned.min(text.len() - start);
            let complete = bytes.end + past >= len || past >= 2 * MAX_ENTRY as u64;
            if complete || self.head_follows(&text[start + owned..]) {
                self.before += u64::from(base > bytes.start);
                return Ok(Some((&buffer[before + start..], base, owned)));
            }
            past *= 2;
            before = input.text.read_shifted(from, bytes.end + past, buffer)?;
        }
    }

    /// Counts the line ends that stand in a chunk, those of lines that began before it too.
    /// `text` begins at byte `from` of the file, which has `len`.
    fn count_lines(&mut self, text: &[u8], from: u64, bytes: &Range<u64>, len: u64) {
        let place = |byte: u64| usize::try_from(byte - from).unwrap_or(usize::MAX);
        let own = place(bytes.start).min(text.len())..place(bytes.end).min(text.len());
        let own = &text[own];
        let unended = bytes.end >= len && !own.ends_with(b"\n");
        self.tally.lines += breaks(own) as u64 + u64::from(unended);
    }

    /// Whether an entry begins behind the chunk, on a whole line that the chunk does not own.
    fn head_follows(&self, behind: &[u8]) -> bool {
        let Some(end) = memchr::memrchr(b'\n', behind) else {
            return false;
        };
        let mut lines = cut::lines(&behind[..end]).skip(1).map(|r| &behind[r]);
        lines.any(|l| self.plan.detected.read(l, &mut Vec::new()).is_some())
    }

    /// JSON values or CSV rows, read as a stream since only the start of the file tells where they begin.
    fn stream(&mut self, input: &Input, cut: Cutter, each: &mut Each<'_>) -> io::Result<()> {
        const STEP: u64 = 4 << 20;
        let len = input.text.len();
        let (mut base, mut step) = (0, STEP);
        let mut text = Vec::new();
        while base < len {
            input.text.read(base, base + step, &mut text)?;
            let last = base + text.len() as u64 >= len || text.is_empty() || step >= 16 * STEP;
            let (ranges, mut done) = cut(&text, 0, last);
            if done == 0 && !last {
                step *= 2;
                continue;
            }
            if last {
                done = text.len();
            }
            let (mut line, mut counted) = (0, 0);
            for range in ranges {
                line += breaks(&text[counted..range.start]);
                counted = range.start;
                let mut records = Vec::new();
                let format = self.plan.detected.read(&text[range.clone()], &mut records);
                let line_last = line + breaks(&text[range.clone()]);
                self.entry(
                    &text,
                    base,
                    Entry {
                        range,
                        line,
                        line_last,
                        format,
                        records: &mut records,
                    },
                    each,
                );
            }
            self.before += breaks(&text[..done]) as u64;
            self.tally.lines = self.before;
            if done == 0 {
                break;
            }
            base += done as u64;
            step = STEP;
        }
        let mut end = Vec::new();
        input.text.read(len.saturating_sub(1), len, &mut end)?;
        self.tally.lines += u64::from(end != b"\n" && len > 0);
        Ok(())
    }

    fn document(&mut self, input: &Input, each: &mut Each<'_>) -> io::Result<()> {
        let mut text = Vec::new();
        input.text.read(0, DOCUMENT, &mut text)?;
        self.tally.cut += u64::from(input.text.len() > DOCUMENT);
        self.tally.lines = cut::lines(&text).count() as u64;
        let all = 0..text.len();
        entries(&text, all, &self.plan.detected, &mut |entry| {
            self.entry(&text, 0, entry, each);
        });
        Ok(())
    }

    /// Notes lines that continue an entry but could begin one in another format.
    pub(super) fn note_strays(
        &mut self,
        body: &[u8],
        from: usize,
        cite: &dyn Fn(Range<usize>) -> Cite,
    ) {
        if self.tally.strays.len() >= NOTED || self.plan.detected.shape != Shape::Lines {
            return;
        }
        let behind = cut::lines(body).skip(1);
        for line in behind.filter(|l| might_be_head(&body[l.clone()])).take(2) {
            self.tally
                .strays
                .push(cite(from + line.start..from + line.end));
        }
    }

    pub(super) fn cite(&self, base: u64, range: &Range<usize>) -> Cite {
        Cite {
            file: self.plan.file,
            offset: base + range.start as u64,
            len: u32::try_from(range.len()).unwrap_or(u32::MAX),
        }
    }

    /// One entry of `text`, which begins at byte `base` of the file.
    fn entry(&mut self, text: &[u8], base: u64, entry: Entry<'_, '_>, each: &mut Each<'_>) {
        let file = self.plan.file;
        let cite = |range: Range<usize>| Cite {
            file,
            offset: base + range.start as u64,
            len: u32::try_from(range.len()).unwrap_or(u32::MAX),
        };
        let Some(format) = entry.format else {
            self.tally.unparsed += (entry.line_last - entry.line + 1) as u64;
            if self.tally.unparsed_samples.len() < NOTED {
                self.tally.unparsed_samples.push(cite(entry.range.clone()));
            }
            return;
        };
        self.tally.cut +=
            u64::from(self.plan.detected.shape == Shape::Lines && entry.range.len() >= MAX_ENTRY);
        let head = cite(entry.range.clone()).offset;
        self.tally.first_entry = Some(self.tally.first_entry.map_or(head, |f| f.min(head)));
        let body = &text[entry.range.clone()];
        self.note_strays(body, entry.range.start, &cite);
        let mut placed = self.placed;
        self.events(text, base, format, &entry, &mut |event| {
            placed.add(event.at);
            each(event);
        });
        self.placed = placed;
    }

    /// Gives what an entry records, settled.
    pub(super) fn events(
        &self,
        text: &[u8],
        base: u64,
        format: usize,
        entry: &Entry<'_, '_>,
        each: &mut Each<'_>,
    ) {
        let file = self.plan.file;
        let cite = |range: Range<usize>| Cite {
            file,
            offset: base + range.start as u64,
            len: u32::try_from(range.len()).unwrap_or(u32::MAX),
        };
        let body = &text[entry.range.clone()];
        // Line ends before a place in the entry, the place first.
        let mut counted = (0, 0);
        for record in entry.records.iter() {
            let part = record.part.clone().unwrap_or(0..entry.range.len());
            // A payload is one entry, however many alerts it tells of; a document is no entry
            // but many statements, and an export of a log store many entries.
            let many = self.plan.detected.shape == Shape::Document
                || record.part.is_some() && matches!(record.kind, Kind::Log | Kind::Access);
            let (before, inside) = if many {
                lines_of(body, &part, &mut counted)
            } else {
                (0, (entry.line_last - entry.line) as u64)
            };
            let line = self.line_of(entry.line) + before;
            let cite = cite(entry.range.start + part.start..entry.range.start + part.end);
            let clock = &self.plan.clock;
            let settle = |r: &recon_parsers::Reading| {
                let stamp = clock.settle(r, cite.offset)?;
                Some(clock.correct(stamp, record.host.as_deref()))
            };
            let settled = record.at.as_ref().and_then(settle);
            let receipt = |s: Stamp| Stamp {
                basis: Basis::Receipt,
                ..s
            };
            let at = if record.received {
                settled.map(receipt)
            } else {
                settled
            };
            let since = match record.fields.get(field::STARTS_AT) {
                Some(Value::Time(r)) => settle(r),
                _ => None,
            };
            let own = record
                .service
                .as_deref()
                .filter(|own| !self.plan.service_given && !pod::is_id(own));
            each(Event {
                at,
                since,
                cite,
                line,
                line_last: line + inside,
                format,
                service: own.unwrap_or(&self.plan.service),
                record,
            });
        }
    }
}

/// Line ends in `body` before a part of it and within. `counted` is how far they were counted for
/// the part before: parts come in order, and there may be a hundred thousand.
fn lines_of(body: &[u8], part: &Range<usize>, counted: &mut (usize, u64)) -> (u64, u64) {
    if part.start < counted.0 {
        *counted = (0, 0);
    }
    let between = body.get(counted.0..part.start).unwrap_or_default();
    *counted = (part.start, counted.1 + breaks(between) as u64);
    let inside = body.get(part.clone()).unwrap_or_default();
    (counted.1, breaks(inside) as u64)
}

fn breaks(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

/// Whether a line that continues an entry could begin one in another format: stack frames
/// and wrapped text are indented or begin like neither.
fn might_be_head(line: &[u8]) -> bool {
    line.first()
        .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'{' | b'[' | b'<'))
        && line.iter().take(80).any(u8::is_ascii_digit)
}
