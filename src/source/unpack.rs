//! From one file to its texts, through compression, archives and encodings, however nested.

use super::compression::Compression;
use super::decode::{self, Transcoder};
use super::kind::{HEAD, Kind};
use super::spool::{Budget, Limits, Spool, Stored};
use super::text::read_at;
use super::{Extent, Found, Input, Text, Unread};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Layers of compression and archives that are undone; an archive that holds itself has no last.
const LAYERS: usize = 8;
/// Texts in all.
const TEXTS: usize = 1_000_000;
/// Files that are kept open from first to last; the rest are opened when they are read.
const KEPT_OPEN: usize = 256;

/// Unpacks files, one after the other.
pub(super) struct Unpacker {
    pub(super) found: Found,
    pub(super) spool: Spool,
    /// The file on disk that is being unpacked.
    pub(super) file: PathBuf,
    open: usize,
}

/// What is known of a file or member before it is read.
#[derive(Clone)]
pub(super) struct Item {
    /// As it will be cited.
    pub(super) path: String,
    /// Bytes on disk, or in the archive.
    pub(super) bytes: u64,
    /// Seconds since the epoch.
    pub(super) modified: Option<i64>,
    /// When it was compressed, in seconds since the epoch.
    pub(super) packed: Option<i64>,
    /// What was undone to get here.
    pub(super) wrapped: Vec<&'static str>,
    /// Layers around it.
    pub(super) depth: usize,
    pub(super) budget: Budget,
}

impl Item {
    /// A file that nothing is around.
    pub(super) fn outermost(path: String, bytes: u64, modified: Option<i64>) -> Self {
        Self {
            path,
            bytes,
            modified,
            packed: None,
            wrapped: Vec::new(),
            depth: 0,
            budget: Budget::of(bytes),
        }
    }
}

/// Where the bytes of an item are.
pub(super) enum Source<'s> {
    Disk(&'s Path, File),
    Stored(Stored),
    Stream(Ahead<'s>),
}

/// A stream of which the beginning has been read.
pub(super) struct Ahead<'s> {
    head: Cursor<Vec<u8>>,
    broken: Option<io::Error>,
    rest: Box<dyn Read + 's>,
}

impl Read for Ahead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let done = self.head.read(buffer)?;
        if done > 0 || buffer.is_empty() {
            return Ok(done);
        }
        match self.broken.take() {
            Some(e) => Err(e),
            None => self.rest.read(buffer),
        }
    }
}

impl<'s> Source<'s> {
    pub(super) fn stream(rest: impl Read + 's) -> Self {
        Self::Stream(Ahead {
            head: Cursor::new(Vec::new()),
            broken: None,
            rest: Box::new(rest),
        })
    }

    /// Its first bytes.
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = vec![0; HEAD];
        let done = match self {
            Self::Disk(_, file) => read_at(file, &mut head, 0)?,
            Self::Stored(stored) => {
                let len = usize::try_from(stored.len).unwrap_or(HEAD).min(HEAD);
                read_at(&stored.file, &mut head[..len], stored.from)?
            }
            Self::Stream(ahead) => {
                head.clear();
                let read = (&mut ahead.rest).take(HEAD as u64).read_to_end(&mut head);
                if head.is_empty() {
                    read?;
                } else {
                    ahead.broken = read.err();
                }
                ahead.head = Cursor::new(head.clone());
                head.len()
            }
        };
        head.truncate(done);
        Ok(head)
    }

    fn into_reader(self) -> Box<dyn Read + 's> {
        match self {
            Self::Disk(_, file) => {
                let len = u64::MAX;
                Box::new(
                    Stored {
                        file: Arc::new(file),
                        from: 0,
                        len,
                    }
                    .reader(),
                )
            }
            Self::Stored(stored) => Box::new(stored.reader()),
            Self::Stream(ahead) => Box::new(ahead),
        }
    }
}

impl Unpacker {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            found: Found::default(),
            spool: Spool::new(limits),
            file: PathBuf::new(),
            open: 0,
        }
    }

    /// Notes that something of an item was not read, and why.
    pub(super) fn leave(&mut self, path: &str, extent: Extent, reason: impl Into<String>) {
        self.found.unread.push(Unread {
            path: path.to_owned(),
            reason: reason.into(),
            extent,
        });
    }

    /// Takes the texts out of an item.
    pub(super) fn take(&mut self, item: Item, mut source: Source<'_>) {
        let head = match source.head() {
            Ok(head) => head,
            Err(e) => return self.leave(&item.path, Extent::Whole, e.to_string()),
        };
        let kind = Kind::of(&head);
        let packed = !matches!(kind, Kind::Text | Kind::Foreign(_));
        if packed && item.depth == LAYERS {
            let reason =
                format!("packed more than {LAYERS} times over; unpack it and give the folder");
            return self.leave(&item.path, Extent::Whole, reason);
        }
        match kind {
            Kind::Compressed(compression) => {
                let mut item = item;
                item.packed = compression.packed(&head).or(item.packed);
                self.decompress(item, compression, source);
            }
            Kind::Tar => self.tar(&item, source.into_reader()),
            Kind::Zip => {
                if let Some(stored) = self.seekable(&item, source) {
                    self.zip(&item, &stored);
                }
            }
            Kind::Events => {
                if let Some(stored) = self.seekable(&item, source) {
                    self.events(item, &stored);
                }
            }
            Kind::Foreign(foreign) => match foreign.way_out {
                Some(way) => {
                    let reason = format!("{}; {way}", foreign.what);
                    self.leave(&item.path, Extent::Whole, reason);
                }
                None => {
                    let reason = format!("{}: it holds no log", foreign.what);
                    self.leave(&item.path, Extent::Nothing, reason);
                }
            },
            Kind::Text => self.text(item, source, &head),
        }
    }

    fn decompress(&mut self, mut item: Item, compression: Compression, source: Source<'_>) {
        item.wrapped.push(compression.name());
        item.depth += 1;
        match compression.reader(source.into_reader()) {
            Ok(stream) => {
                let stream = item.budget.meter(stream);
                self.take(item, Source::stream(stream));
            }
            Err(e) => self.leave(&item.path, Extent::Whole, e.to_string()),
        }
    }

    /// The item where it can be read at any place.
    fn seekable(&mut self, item: &Item, source: Source<'_>) -> Option<Stored> {
        match source {
            Source::Disk(_, file) => {
                let len = file.metadata().ok()?.len();
                let file = Arc::new(file);
                Some(Stored { file, from: 0, len })
            }
            Source::Stored(stored) => Some(stored),
            Source::Stream(mut stream) => self.keep(item, &mut stream),
        }
    }

    /// Keeps a stream; tells of what is missing. Nothing if nothing came.
    pub(super) fn keep(&mut self, item: &Item, stream: &mut dyn Read) -> Option<Stored> {
        match self.spool.keep(stream) {
            Ok((stored, None)) => Some(stored),
            Ok((stored, Some(e))) => {
                let (extent, reason) = match stored.len {
                    0 => (Extent::Whole, e.to_string()),
                    len => (
                        Extent::Rest,
                        format!("it breaks off after {len} bytes: {e}"),
                    ),
                };
                self.leave(&item.path, extent, reason);
                Some(stored).filter(|s| s.len > 0)
            }
            Err(e) => {
                self.leave(&item.path, Extent::Whole, e.to_string());
                None
            }
        }
    }

    fn text(&mut self, mut item: Item, source: Source<'_>, head: &[u8]) {
        if let Some((encoding, name)) = decode::encoding(head) {
            item.wrapped.push(name);
            let mut stream = Transcoder::new(source.into_reader(), encoding);
            if let Some(stored) = self.keep(&item, &mut stream) {
                self.put(item, Text::part(stored.file, stored.from, stored.len));
            }
            return;
        }
        let text = match source {
            Source::Disk(path, file) => self.plain(&mut item, path, file, head),
            Source::Stored(stored) => prefix(&mut item, head, &stored)
                .map(|n| Text::part(stored.file, stored.from + n, stored.len - n)),
            Source::Stream(mut stream) => {
                let Some(stored) = self.keep(&item, &mut stream) else {
                    return;
                };
                prefix(&mut item, head, &stored)
                    .map(|n| Text::part(stored.file, stored.from + n, stored.len - n))
            }
        };
        match text {
            Ok(text) => self.put(item, text),
            Err(e) => self.leave(&item.path, Extent::Whole, e.to_string()),
        }
    }

    fn plain(&mut self, item: &mut Item, path: &Path, file: File, head: &[u8]) -> io::Result<Text> {
        let len = file.metadata()?.len();
        let file = Arc::new(file);
        let whole = Stored { file, from: 0, len };
        let skipped = prefix(item, head, &whole)?;
        if self.open < KEPT_OPEN {
            self.open += 1;
            return Ok(Text::part(whole.file, skipped, len - skipped));
        }
        Text::closed(path, &whole.file, skipped)
    }

    /// Adds a text to what was found.
    pub(super) fn put(&mut self, item: Item, text: Text) {
        if self.found.inputs.len() == TEXTS {
            let reason = format!("more than {TEXTS} files; give fewer at a time");
            return self.leave(&item.path, Extent::Whole, reason);
        }
        self.found.inputs.push(Input {
            path: item.path,
            file: self.file.clone(),
            text,
            bytes: item.bytes,
            modified: item.modified,
            packed: item.packed,
            wrapped: item.wrapped,
        });
    }
}

/// Bytes to leave out at the front: a byte order mark, or the zeros of a log that was truncated
/// under a writer who did not notice.
fn prefix(item: &mut Item, head: &[u8], stored: &Stored) -> io::Result<u64> {
    if head.starts_with(decode::BOM) {
        item.wrapped.push("utf-8 byte order mark");
        return Ok(decode::BOM.len() as u64);
    }
    if head.first() != Some(&0) {
        return Ok(0);
    }
    item.wrapped.push("leading zero bytes");
    let mut at = 0;
    let mut bytes = vec![0; 1 << 20];
    while at < stored.len {
        let n = read_at(&stored.file, &mut bytes, stored.from + at)?;
        if n == 0 {
            break;
        }
        let zeros = bytes.iter().take(n).take_while(|b| **b == 0).count();
        at += zeros as u64;
        if zeros < n {
            break;
        }
    }
    Ok(at.min(stored.len))
}
