//! Reading a part of a file for a survey: of most entries only what a glance shows.

use super::chunk::{Each, Reader};
use super::{Event, FilePlan, FileTally};
use crate::cite::Cite;
use crate::source::Library;
use recon_parsers::Stamp;
use recon_parsers::cut::Shape;
use recon_parsers::entries::{Entry, MAX_ENTRY};
use recon_parsers::glance::{Glance, Recall, Seen, Sight, sights};
use recon_parsers::token::pod;
use std::io;
use std::ops::Range;
use std::sync::Mutex;

/// An entry that a glance was enough for, with its time settled and its place known.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'e> {
    /// When; absent if neither the entry nor its file says.
    pub at: Option<Stamp>,
    /// Where.
    pub cite: Cite,
    /// The place of its format among the file's formats.
    pub format: usize,
    /// The service it is about: the entry's own, or the file's.
    pub service: &'e str,
    /// What was seen.
    pub glance: &'e Glance<'e>,
    /// Its bytes.
    pub text: &'e [u8],
    /// Its first and its last line, counted as those of an [`Event`] are.
    pub lines: (u64, u64),
}

/// What [`skim`] gives of an entry.
#[derive(Clone, Copy, Debug)]
pub enum Skimmed<'e, 'a> {
    /// What a glance showed.
    Sighting(Sighting<'e>),
    /// What it records.
    Event(Event<'e, 'a>),
    /// What the entry records of which a glance was shown just before, since more was asked for.
    Again(Event<'e, 'a>),
}

/// What a thread that skims one chunk after the other need not set up each time.
#[derive(Debug, Default)]
pub struct Scratch {
    buffer: Vec<u8>,
    recall: Recall,
}

/// Scratch that threads hand on to each other: a buffer of megabytes costs more to get from the
/// system and to fault in than to fill.
#[derive(Debug, Default)]
pub struct Scratches {
    idle: Mutex<Vec<Scratch>>,
    hearing: bool,
}

impl Scratches {
    /// For who needs every message.
    #[must_use]
    pub fn hearing() -> Self {
        Self {
            hearing: true,
            ..Self::default()
        }
    }

    /// One for a while.
    pub fn lend(&self) -> Lent<'_> {
        let kept = self.idle.lock().ok().and_then(|mut all| all.pop());
        let new = || {
            if self.hearing {
                Scratch::hearing()
            } else {
                Scratch::default()
            }
        };
        Lent {
            all: self,
            scratch: kept.unwrap_or_else(new),
        }
    }
}

/// Scratch that goes back when it is dropped.
#[derive(Debug)]
pub struct Lent<'s> {
    all: &'s Scratches,
    scratch: Scratch,
}

impl Scratch {
    /// For who needs every message.
    #[must_use]
    pub fn hearing() -> Self {
        Self {
            recall: Recall::hearing(),
            ..Self::default()
        }
    }

    /// Gives its buffer away: what it remembers of a file is worth keeping longer.
    pub fn take_buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// Gives it a buffer.
    pub fn give_buffer(&mut self, buffer: Vec<u8>) {
        self.buffer = buffer;
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.idle.lock() {
            all.push(std::mem::take(&mut self.scratch));
        }
    }
}

impl std::ops::Deref for Lent<'_> {
    type Target = Scratch;

    fn deref(&self) -> &Scratch {
        &self.scratch
    }
}

impl std::ops::DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Scratch {
        &mut self.scratch
    }
}

/// As [`read`], but of most entries only what a glance shows. Where `each` answers a glance with
/// `true`, it is given the same entry again with all that it records.
pub fn skim(
    library: &Library,
    plan: &FilePlan,
    bytes: Range<u64>,
    scratch: &mut Scratch,
    each: &mut impl FnMut(Skimmed<'_, '_>) -> bool,
) -> io::Result<FileTally> {
    skim_from(library, plan, bytes, 0, scratch, each)
}

/// As [`skim`]; `before` is the number of line ends before the chunk, and lines count from it.
pub fn skim_from(
    library: &Library,
    plan: &FilePlan,
    bytes: Range<u64>,
    before: u64,
    scratch: &mut Scratch,
    each: &mut impl FnMut(Skimmed<'_, '_>) -> bool,
) -> io::Result<FileTally> {
    let input = library.input(plan.file);
    let mut reader = Reader::new(plan, before);
    // A clock that goes wrong on some hosts needs to know the host of every entry.
    if plan.detected.shape != Shape::Lines || !plan.clock.skews.is_empty() {
        let mut event = |event: Event<'_, '_>| {
            each(Skimmed::Event(event));
        };
        if plan.detected.shape != Shape::Lines {
            reader.whole(input, &mut event)?;
        } else if let Some((text, base, owned)) = reader.fill(input, &bytes, &mut scratch.buffer)? {
            reader.lines(text, base, owned, &mut event);
        }
        return Ok(reader.done(bytes.start));
    }
    let Some((text, base, owned)) = reader.fill(input, &bytes, &mut scratch.buffer)? else {
        return Ok(reader.done(bytes.start));
    };
    let recall = &mut scratch.recall;
    sights(
        text,
        0..owned,
        &plan.detected,
        recall,
        &mut |seen| match seen {
            Seen::Sight(sight) => {
                if each(Skimmed::Sighting(reader.sighting(text, base, sight))) {
                    reader.again(text, base, sight, &mut |e| {
                        each(Skimmed::Again(e));
                    });
                }
            }
            Seen::Entry(entry) => reader.line(text, base, owned, entry, &mut |e| {
                each(Skimmed::Event(e));
            }),
        },
    );
    Ok(reader.done(bytes.start))
}

impl<'r> Reader<'r> {
    /// An entry of `text` that a glance was enough for.
    pub(super) fn sighting<'e>(
        &mut self,
        text: &'e [u8],
        base: u64,
        sight: &'e Sight<'_>,
    ) -> Sighting<'e>
    where
        'r: 'e,
    {
        let cite = self.cite(base, &sight.range);
        self.tally.first_entry.get_or_insert(cite.offset);
        self.tally.cut += u64::from(sight.range.len() >= MAX_ENTRY);
        if sight.line_last > sight.line {
            let (plan, range) = (self.plan, &sight.range);
            let stray = |range: Range<usize>| Cite {
                file: plan.file,
                offset: base + range.start as u64,
                len: u32::try_from(range.len()).unwrap_or(u32::MAX),
            };
            self.note_strays(&text[range.clone()], range.start, &stray);
        }
        let glance = &sight.glance;
        let at = glance
            .at
            .as_ref()
            .and_then(|r| self.plan.clock.settle(r, cite.offset));
        self.placed.add(at);
        let own = glance
            .service
            .as_deref()
            .filter(|own| !self.plan.service_given && !pod::is_id(own));
        Sighting {
            at,
            cite,
            format: sight.format,
            service: own.unwrap_or(&self.plan.service),
            glance,
            text: text.get(sight.range.clone()).unwrap_or_default(),
            lines: (self.line_of(sight.line), self.line_of(sight.line_last)),
        }
    }

    /// The number in the file of a line of the text that is being read.
    pub(super) const fn line_of(&self, line: usize) -> u64 {
        self.before + 1 + line as u64
    }

    /// What an entry records that so far was only glanced at.
    fn again(&self, text: &[u8], base: u64, sight: &Sight<'_>, each: &mut Each<'_>) {
        let mut records = Vec::new();
        let body = &text[sight.range.clone()];
        let read = self.plan.detected.read_as(sight.format, body, &mut records);
        if read.is_none() {
            // The first line was a head and what continues it spoils it.
            let first = body.split(|b| *b == b'\n').next().unwrap_or(body);
            self.plan.detected.read(first, &mut records);
        }
        let entry = Entry {
            range: sight.range.clone(),
            line: sight.line,
            line_last: sight.line_last,
            format: Some(sight.format),
            records: &mut records,
        };
        self.events(text, base, sight.format, &entry, each);
    }
}
