//! The entries of one part, rendered and keyed.

use super::Rendered;
use super::entry::Entry;
use super::json::Minute;
use super::kit::Moulds;
use super::mould::Around;
use super::order::{Block, Key, Source};
use super::veil;
use crate::ingest::{Event, Sighting, Skimmed};
use recon_parsers::Stamp;
use std::io;
use std::ops::RangeInclusive;

/// Bytes of one chunk's rendered entries that are held at a time. A file that cannot be cut is
/// one chunk, however large it is.
const BLOCK: usize = 32 << 20;

/// Renders the entries of a part, one after the other.
pub(super) struct Renderer<'r> {
    around: Around<'r>,
    range: Option<&'r RangeInclusive<i64>>,
    moulds: &'r mut Moulds,
    /// Whether entries of this form can be poured.
    pours: bool,
    block: Block,
    minute: Minute,
    sources: Vec<Source>,
    failed: Option<io::Error>,
    left_out: u64,
    /// The time of the last entry that has one.
    nanos: i64,
    /// Where the last entry begins, and which of the records that begin there it was.
    byte: u64,
    nth: u32,
}

impl<'r> Renderer<'r> {
    pub(super) fn new(
        around: Around<'r>,
        range: Option<&'r RangeInclusive<i64>>,
        carried: i64,
        moulds: &'r mut Moulds,
        block: Block,
    ) -> Self {
        Self {
            around,
            range,
            moulds,
            pours: around.form.is_textual(),
            block,
            minute: Minute::default(),
            sources: Vec::new(),
            failed: None,
            left_out: 0,
            nanos: carried,
            byte: u64::MAX,
            nth: 0,
        }
    }

    /// Renders an entry; says whether it must be read whole for that.
    pub(super) fn see(&mut self, seen: &Skimmed<'_, '_>) -> bool {
        match seen {
            Skimmed::Sighting(sighting) => !self.pour(sighting),
            Skimmed::Event(event) | Skimmed::Again(event) => {
                self.write(event);
                false
            }
        }
    }

    /// What was rendered.
    pub(super) fn finish(mut self) -> io::Result<Rendered> {
        if let Some(e) = self.failed {
            return Err(e);
        }
        self.sources.push(Source::held(self.block));
        Ok((self.sources, self.left_out))
    }

    /// The place in the output of a record that begins at a byte.
    fn key(&self, at: Option<Stamp>, byte: u64) -> Key {
        let again = byte == self.byte;
        Key {
            nanos: at.map_or(self.nanos, |at| at.nanos),
            file: self.around.plan.file.0,
            byte,
            nth: if again { self.nth + 1 } else { 0 },
        }
    }

    /// Takes note of where the record stands; says whether it is wanted.
    fn passes(&mut self, key: Key) -> bool {
        (self.nanos, self.byte, self.nth) = (key.nanos, key.byte, key.nth);
        self.range.is_none_or(|r| r.contains(&key.nanos))
    }

    /// Pours an entry, if it is like others before it.
    fn pour(&mut self, seen: &Sighting<'_>) -> bool {
        if !self.pours {
            return false;
        }
        let key = self.key(seen.at, seen.cite.offset);
        if self.range.is_some_and(|r| !r.contains(&key.nanos)) {
            return false;
        }
        let Some(mould) = self.moulds.find(seen, self.around) else {
            return false;
        };
        let redactor = self.around.redactor;
        let minute = &mut self.minute;
        let poured = (self.block).add(key, |out| mould.pour(seen, redactor, minute, out));
        if poured {
            self.passes(key);
            self.spill();
        }
        poured
    }

    /// Writes a record as its form says.
    fn write(&mut self, event: &Event<'_, '_>) {
        let key = self.key(event.at, event.cite.offset);
        if !self.passes(key) {
            return;
        }
        let redactor = self.around.redactor;
        let veiled = redactor.and_then(|r| veil::veiled(event.record, r));
        let service = redactor.map(|r| r.mark(event.service));
        let message = event.record.message.as_ref();
        let event = Event {
            record: veiled.as_ref().unwrap_or(event.record),
            service: service.as_deref().unwrap_or(event.service),
            ..*event
        };
        let entry = Entry {
            path: self.around.path,
            plan: self.around.plan,
            event: &event,
            nanos: key.nanos,
            templates: self.around.templates,
            message,
        };
        let form = self.around.form;
        self.left_out += u64::from(!self.block.add(key, |out| form.entry(entry, out)));
        self.spill();
    }

    /// Puts into a file what has become too much to be held.
    fn spill(&mut self) {
        if self.block.size() <= BLOCK {
            return;
        }
        match Source::spilled(self.block.split_off()) {
            Ok(source) => self.sources.push(source),
            Err(e) => self.failed = self.failed.take().or(Some(e)),
        }
    }
}
