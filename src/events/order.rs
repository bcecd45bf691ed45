//! Entries from many places into one order, in bounded memory: sorted blocks are held while
//! there is room, spilled to unnamed temporary files where there is none, and merged.

use super::Sink;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Spilled runs that are merged at a time: each costs a file descriptor and a buffer.
const RUNS: usize = 64;
/// Bytes of a run read at a time.
const BUFFER: usize = 128 << 10;

/// The place of an entry in the output. No two entries have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// Nanoseconds since the epoch.
    pub(super) nanos: i64,
    /// The place of its file among all, which are sorted by path.
    pub(super) file: u32,
    /// Its first byte.
    pub(super) byte: u64,
    /// Its place among the records of one entry.
    pub(super) nth: u32,
}

impl Key {
    /// Before all entries of a time.
    pub(super) const fn at(nanos: i64) -> Self {
        Self {
            nanos,
            file: 0,
            byte: 0,
            nth: 0,
        }
    }

    const BYTES: usize = 24;

    fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.nanos.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.file.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.byte.to_le_bytes());
        bytes[20..].copy_from_slice(&self.nth.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        fn part<const N: usize>(bytes: &[u8]) -> [u8; N] {
            let mut part = [0; N];
            part.copy_from_slice(bytes);
            part
        }
        Self {
            nanos: i64::from_le_bytes(part(&bytes[..8])),
            file: u32::from_le_bytes(part(&bytes[8..12])),
            byte: u64::from_le_bytes(part(&bytes[12..20])),
            nth: u32::from_le_bytes(part(&bytes[20..])),
        }
    }
}

/// Bytes of memory that rendered entries are written to one after the other; an entry of its own size gets more.
const SLAB: usize = 1 << 20;
/// Bytes that a slab should still have room for when an entry is begun in it.
const ROOM: usize = 16 << 10;
/// Slabs that are kept for later: more are given back to the system.
const SPARE: usize = 32;

/// Slabs that were written to before: getting memory from the system costs as much as filling it.
#[derive(Debug, Default)]
pub(super) struct Slabs(Mutex<Vec<Vec<u8>>>);

impl Slabs {
    fn take(&self) -> Option<Vec<u8>> {
        self.0.lock().ok()?.pop()
    }

    fn put(&self, mut slab: Vec<u8>) {
        if slab.capacity() == SLAB
            && let Ok(mut all) = self.0.lock()
            && all.len() < SPARE
        {
            slab.clear();
            all.push(slab);
        }
    }
}

/// A rendered entry: where it belongs and which bytes of which slab it is.
#[derive(Clone, Debug)]
struct Row {
    key: Key,
    slab: u32,
    range: Range<u32>,
}

/// Rendered entries.
#[derive(Debug, Default)]
pub(super) struct Block {
    slabs: Vec<Vec<u8>>,
    rows: Vec<Row>,
    spare: Arc<Slabs>,
}

impl Block {
    /// An empty block that takes its memory from there, and gives it back.
    pub(super) const fn new(spare: Arc<Slabs>) -> Self {
        Self {
            slabs: Vec::new(),
            rows: Vec::new(),
            spare,
        }
    }

    /// The same without its entries, which are in the first of both.
    pub(super) fn split_off(&mut self) -> Self {
        let empty = Self::new(Arc::clone(&self.spare));
        std::mem::replace(self, empty)
    }

    /// Adds what `render` writes; nothing if it says that there is nothing to add.
    pub(super) fn add(&mut self, key: Key, render: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        let full = |slab: &Vec<u8>| slab.len() + ROOM > SLAB;
        if self.slabs.last().is_none_or(full) {
            let slab = self.spare.take();
            let slab = slab.unwrap_or_else(|| Vec::with_capacity(SLAB));
            self.slabs.push(slab);
        }
        let number = self.slabs.len() - 1;
        let Some(slab) = self.slabs.last_mut() else {
            return false;
        };
        let start = slab.len();
        let wanted = render(slab);
        let row = |end| {
            Some(Row {
                key,
                slab: u32::try_from(number).ok()?,
                range: u32::try_from(start).ok()?..u32::try_from(end).ok()?,
            })
        };
        match row(slab.len()).filter(|_| wanted) {
            Some(row) => self.rows.push(row),
            None => slab.truncate(start),
        }
        wanted
    }

    /// Bytes that it takes.
    pub(super) fn size(&self) -> usize {
        let slabs: usize = self.slabs.iter().map(Vec::capacity).sum();
        slabs + self.rows.capacity() * size_of::<Row>()
    }

    /// Puts it in order.
    pub(super) fn sorted(mut self) -> Self {
        self.rows.sort_unstable_by_key(|row| row.key);
        self
    }

    fn row(&self, at: usize) -> Option<(Key, &[u8])> {
        let row = self.rows.get(at)?;
        let range = row.range.start as usize..row.range.end as usize;
        Some((row.key, self.slabs.get(row.slab as usize)?.get(range)?))
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        for slab in self.slabs.drain(..) {
            self.spare.put(slab);
        }
    }
}

/// Entries in order, in memory or in a file.
pub(super) enum Source {
    /// A block in order, and the place of its next entry.
    Held(Block, usize),
    /// A run and its next entry.
    Spilled(Run),
}

/// Entries in order in a temporary file.
pub(super) struct Run {
    file: BufReader<File>,
    key: Option<Key>,
    entry: Vec<u8>,
}

impl Run {
    fn new(mut file: File) -> io::Result<Self> {
        file.rewind()?;
        let mut run = Self {
            file: BufReader::with_capacity(BUFFER, file),
            key: None,
            entry: Vec::new(),
        };
        run.advance()?;
        Ok(run)
    }

    fn advance(&mut self) -> io::Result<()> {
        let mut key = [0; Key::BYTES];
        match self.file.read_exact(&mut key) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                self.key = None;
                return Ok(());
            }
            Err(e) => return Err(e),
        }
        let mut len = [0; 4];
        self.file.read_exact(&mut len)?;
        self.entry.resize(u32::from_le_bytes(len) as usize, 0);
        self.file.read_exact(&mut self.entry)?;
        self.key = Some(Key::from_bytes(key));
        Ok(())
    }
}

impl Source {
    /// A block that fits.
    pub(super) fn held(block: Block) -> Self {
        Self::Held(block.sorted(), 0)
    }

    /// A block that is too large to be held.
    pub(super) fn spilled(block: Block) -> io::Result<Self> {
        let mut queue = Queue::new(usize::MAX);
        queue.push(Self::held(block));
        Ok(Self::Spilled(queue.into_run()?))
    }

    fn next(&self) -> Option<Key> {
        match self {
            Self::Held(block, at) => block.row(*at).map(|(key, _)| key),
            Self::Spilled(run) => run.key,
        }
    }

    fn entry(&self) -> &[u8] {
        match self {
            Self::Held(block, at) => block.row(*at).map_or(&[], |(_, entry)| entry),
            Self::Spilled(run) => &run.entry,
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        match self {
            Self::Held(_, at) => *at += 1,
            Self::Spilled(run) => run.advance()?,
        }
        Ok(())
    }

    fn size(&self) -> usize {
        match self {
            Self::Held(block, _) => block.size(),
            Self::Spilled(_) => 0,
        }
    }
}

/// All entries that are not yet written, the first of them first.
pub(super) struct Queue {
    sources: Vec<Option<Source>>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
    held: usize,
    limit: usize,
}

impl Queue {
    /// A queue that holds up to about `limit` bytes in memory.
    pub(super) const fn new(limit: usize) -> Self {
        Self {
            sources: Vec::new(),
            heads: BinaryHeap::new(),
            held: 0,
            limit,
        }
    }

    fn push(&mut self, source: Source) {
        let Some(key) = source.next() else { return };
        self.held += source.size();
        let free = self.sources.iter().position(Option::is_none);
        let place = free.unwrap_or(self.sources.len());
        if free.is_none() {
            self.sources.push(None);
        }
        self.sources[place] = Some(source);
        self.heads.push(Reverse((key, place)));
    }

    /// Takes entries in; spills some if they are too many.
    pub(super) fn take(&mut self, sources: Vec<Source>) -> io::Result<()> {
        for source in sources {
            self.push(source);
        }
        if self.held > self.limit {
            self.merge_some(|s| matches!(s, Source::Held(..)))?;
        }
        let is_run = |s: &Option<Source>| matches!(s, Some(Source::Spilled(_)));
        if self.sources.iter().filter(|s| is_run(s)).count() > RUNS {
            self.merge_some(|s| matches!(s, Source::Spilled(_)))?;
        }
        Ok(())
    }

    /// Merges those sources into one run.
    fn merge_some(&mut self, which: impl Fn(&Source) -> bool) -> io::Result<()> {
        let mut some = Self::new(usize::MAX);
        for place in &mut self.sources {
            if let Some(source) = place.take_if(|s| which(s)) {
                self.held -= source.size();
                some.push(source);
            }
        }
        let sources = &self.sources;
        self.heads
            .retain(|Reverse((_, place))| sources.get(*place).is_some_and(Option::is_some));
        self.push(Source::Spilled(some.into_run()?));
        Ok(())
    }

    fn into_run(mut self) -> io::Result<Run> {
        let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        self.each(None, &mut |key, entry| {
            let len = u32::try_from(entry.len()).map_err(io::Error::other)?;
            file.write_all(&key.to_bytes())?;
            file.write_all(&len.to_le_bytes())?;
            file.write_all(entry)
        })?;
        Run::new(file.into_inner().map_err(io::IntoInnerError::into_error)?)
    }

    /// Writes all entries before `end`, or all.
    pub(super) fn write(&mut self, end: Option<Key>, sink: &mut dyn Sink) -> io::Result<()> {
        self.each(end, &mut |_, entry| sink.entry(entry))
    }

    fn each(
        &mut self,
        end: Option<Key>,
        each: &mut dyn FnMut(Key, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        while let Some(Reverse((key, place))) = self.heads.peek().copied() {
            if end.is_some_and(|end| key >= end) {
                break;
            }
            let Some(source) = self.sources.get_mut(place).and_then(Option::as_mut) else {
                self.heads.pop();
                continue;
            };
            each(key, source.entry())?;
            source.advance()?;
            let next = source.next();
            if let Some(mut head) = self.heads.peek_mut() {
                match next {
                    Some(key) => *head = Reverse((key, place)),
                    None => {
                        std::collections::binary_heap::PeekMut::pop(head);
                        self.held -= source.size();
                        self.sources[place] = None;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Seen(Vec<Vec<u8>>);

    impl Sink for Seen {
        fn entry(&mut self, entry: &[u8]) -> io::Result<()> {
            self.0.push(entry.to_vec());
            Ok(())
        }

        fn finish(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn block(times: &[i64], file: u32) -> Block {
        let mut block = Block::default();
        for (byte, nanos) in (0..).zip(times) {
            let key = Key {
                nanos: *nanos,
                file,
                byte,
                nth: 0,
            };
            let text = format!("{nanos} {file} {byte}");
            block.add(key, |out| {
                out.extend_from_slice(text.as_bytes());
                true
            });
        }
        block
    }

    #[test]
    fn keys_survive_a_file() {
        let key = Key {
            nanos: i64::MIN + 7,
            file: 3,
            byte: 1 << 40,
            nth: 9,
        };
        assert_eq!(Key::from_bytes(key.to_bytes()), key);
    }

    proptest! {
        #[test]
        fn what_comes_out_is_what_went_in_sorted(
            blocks in proptest::collection::vec(proptest::collection::vec(-50i64..50, 0..40), 0..90),
            limit in 0usize..20_000,
            early in -60i64..60,
        ) {
            let mut queue = Queue::new(limit);
            let mut expected = Vec::new();
            let mut seen = Seen::default();
            for (file, times) in (0..).zip(&blocks) {
                // An entry that comes late must not be due: what is written stays written.
                let times: Vec<i64> = times.iter().map(|t| (*t).max(early)).collect();
                expected.extend((0u64..).zip(&times).map(|(byte, t)| (*t, file, byte)));
                let source = Source::Held(block(&times, file).sorted(), 0);
                queue.take(vec![source]).expect("room");
                queue.write(Some(Key::at(early)), &mut seen).expect("written");
            }
            prop_assert!(seen.0.is_empty(), "nothing is before the mark");
            queue.write(None, &mut seen).expect("written");
            expected.sort_unstable();
            let expected: Vec<Vec<u8>> = expected
                .iter()
                .map(|(t, f, b)| format!("{t} {f} {b}").into_bytes())
                .collect();
            prop_assert_eq!(seen.0, expected);
            prop_assert_eq!(queue.held, 0);
        }
    }

    #[test]
    fn many_runs_are_merged_into_one() {
        let mut queue = Queue::new(0);
        for file in 0..200 {
            let source = Source::Held(block(&[i64::from(file), 500], file).sorted(), 0);
            queue.take(vec![source]).expect("room");
            let runs = queue.sources.iter().filter(|s| s.is_some()).count();
            assert!(runs <= RUNS + 1, "{runs} runs are open");
        }
        let mut seen = Seen::default();
        queue.write(None, &mut seen).expect("written");
        assert_eq!(seen.0.len(), 400);
        assert_eq!(seen.0[199], b"199 199 0");
        assert_eq!(seen.0[200], b"500 0 1");
    }
}
