//! From a buffer of a file of lines to glances, and to records where a glance is not sure:
//! [`crate::entries`] for who needs no fields.

use super::outline::Line;
use super::{Glance, Glancer, Recall, glancer};
use crate::cut::Shape;
use crate::detect::Detected;
use crate::entries::{Entry, MAX_ENTRY, entries};
use crate::format::Context;
use crate::record::Record;
use memchr::{memchr, memchr2};
use std::ops::Range;

/// An entry that a glance was enough for. Its places count like those of [`Entry`].
#[derive(Debug, Default, PartialEq)]
pub struct Sight<'a> {
    /// Its bytes in the buffer.
    pub range: Range<usize>,
    /// Its first line.
    pub line: usize,
    /// Its last line.
    pub line_last: usize,
    /// The format that read it, as a place in [`Detected::formats`].
    pub format: usize,
    /// What was seen.
    pub glance: Glance<'a>,
}

/// An entry, glanced at or read.
#[derive(Debug)]
pub enum Seen<'r, 'a> {
    /// A glance was enough.
    Sight(&'r Sight<'a>),
    /// It was read, or nothing reads it.
    Entry(Entry<'r, 'a>),
}

/// Gives every entry of `text` that begins in `owned` to `each`, in order: the same entries as
/// [`entries`] gives.
pub fn sights<'a>(
    text: &'a [u8],
    owned: Range<usize>,
    found: &Detected,
    recall: &mut Recall,
    each: &mut impl FnMut(Seen<'_, 'a>),
) {
    let lines = found.shape == Shape::Lines;
    let glancers: Vec<Option<Glancer>> = found.formats.iter().map(|c| glancer(c.format)).collect();
    if !lines || glancers.iter().all(Option::is_none) {
        entries(text, owned, found, &mut |entry| each(Seen::Entry(entry)));
        return;
    }
    let mut cutter = Cutter {
        text,
        valid: simdutf8::basic::from_utf8(text).ok(),
        found,
        glancers,
        escapes: memchr2(ESC, NUL, text).is_some(),
        recall,
        open: None,
        sight: Box::default(),
        first_end: 0,
        records: Vec::new(),
        next_sight: Box::default(),
        next: Vec::new(),
    };
    cutter.run(owned.start.min(text.len())..owned.end.min(text.len()), each);
}

const ESC: u8 = 0x1b;
const NUL: u8 = 0;

/// How an entry begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// At a glance.
    Glance,
    /// This format read it.
    Record(usize),
    /// It is no entry, but lines before the first one.
    None,
}

struct Cutter<'c, 'a> {
    text: &'a [u8],
    /// The same as text, if all of it is valid: lines then need not be looked at for that.
    valid: Option<&'a str>,
    found: &'c Detected,
    glancers: Vec<Option<Glancer>>,
    /// Terminal escapes or zero bytes stand somewhere in the text.
    escapes: bool,
    recall: &'c mut Recall,
    /// How the open entry begins, its places so far, and its glance if it has one: written
    /// in place, since moving it would cost as much as looking.
    open: Option<Head>,
    sight: Box<Sight<'a>>,
    /// Where the first line of the open entry ends.
    first_end: usize,
    /// Records of the open entry.
    records: Vec<Record<'a>>,
    /// The sight of the line at hand, if it begins an entry: the two change places without being
    /// moved.
    next_sight: Box<Sight<'a>>,
    next: Vec<Record<'a>>,
}

impl<'a> Cutter<'_, 'a> {
    fn run(&mut self, owned: Range<usize>, each: &mut impl FnMut(Seen<'_, 'a>)) {
        let (mut start, mut number) = (owned.start, 0);
        while let Some(rest) = self.text.get(start..).filter(|r| !r.is_empty()) {
            let len = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..len).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = line.get(..MAX_ENTRY).unwrap_or(line);
            let (at, this) = (start, number);
            start += len + 1;
            number += 1;
            if line.is_empty() {
                continue;
            }
            let end = at + line.len();
            let head = self.head(at, line);
            if head == Head::None {
                if self.open.is_some() {
                    if end - self.sight.range.start <= MAX_ENTRY {
                        self.sight.range.end = end;
                        self.sight.line_last = this;
                    }
                    continue;
                }
                if at >= owned.end {
                    return;
                }
            }
            self.close(each);
            if at >= owned.end {
                return;
            }
            std::mem::swap(&mut self.records, &mut self.next);
            self.next.clear();
            self.open = Some(head);
            self.first_end = end;
            if head == Head::Glance {
                std::mem::swap(&mut self.sight, &mut self.next_sight);
            }
            self.sight.range = at..end;
            (self.sight.line, self.sight.line_last) = (this, this);
        }
        self.close(each);
    }

    /// Whether an entry begins with `line`, which begins at byte `at`: as [`Detected::read`] says, glanced at where that is
    /// sure.
    fn head(&mut self, at: usize, line: &'a [u8]) -> Head {
        if !(self.escapes && memchr2(ESC, NUL, line).is_some()) {
            let text = self.valid.and_then(|v| v.get(at..at + line.len()));
            let (whole, sight) = (Line { bytes: line, text }, &mut self.next_sight);
            if let Some(n) = self.recall.glance_again(whole, &mut sight.glance) {
                sight.format = n;
                return Head::Glance;
            }
            // The first format that may take the line is glanced at: of the others it must be
            // known that those before them do not.
            let mut choices = self.found.formats.iter().zip(&self.glancers).enumerate();
            let first = choices.find(|(_, (choice, _))| (choice.format.hint)(line));
            if let Some((n, (choice, Some(glancer)))) = first {
                let cx = Context {
                    layout: &choice.layout,
                };
                let look = |recall: &mut Recall| (glancer.look)(line, &cx, recall);
                if let Some(glance) = self.recall.glance(n, line, look) {
                    (sight.glance, sight.format) = (glance, n);
                    return Head::Glance;
                }
            }
        }
        self.found
            .read(line, &mut self.next)
            .map_or(Head::None, Head::Record)
    }

    fn close(&mut self, each: &mut impl FnMut(Seen<'_, 'a>)) {
        let Some(head) = self.open.take() else { return };
        let several = self.sight.line_last > self.sight.line;
        let format = match head {
            Head::Glance => {
                let glancer = self.glancers.get(self.sight.format).copied().flatten();
                if !several || glancer.is_some_and(|g| g.first_line_is_all) {
                    return each(Seen::Sight(&self.sight));
                }
                self.records.clear();
                Some(self.sight.format)
            }
            Head::Record(format) => Some(format),
            Head::None => None,
        };
        let range = self.sight.range.clone();
        if let Some(format) = format.filter(|_| several) {
            self.reread(format, &(range.start..self.first_end), &range);
        }
        each(Seen::Entry(Entry {
            range,
            line: self.sight.line,
            line_last: self.sight.line_last,
            format,
            records: &mut self.records,
        }));
        self.records.clear();
    }

    /// Reads an entry of several lines whole, now that all of it is known; its first line alone
    /// where that fails.
    fn reread(&mut self, format: usize, first: &Range<usize>, whole: &Range<usize>) {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        let mut records = Vec::new();
        if self
            .found
            .read_as(format, text(whole), &mut records)
            .is_some()
        {
            self.records = records;
        } else if self.records.is_empty() {
            let read = self.found.read(text(first), &mut self.records);
            debug_assert_eq!(read, Some(format));
        }
    }
}
