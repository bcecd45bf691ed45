//! Where unpacked texts are kept: one unnamed temporary file for all of them, so that neither
//! descriptors nor memory grow with their number and nothing is left behind, however recon ends.

use super::text::read_at;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::rc::Rc;
use std::sync::Arc;

/// Bytes copied at a time.
const STEP: usize = 256 * 1024;

/// How much may be unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that are kept unpacked, in all.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 32 << 30 }
    }
}

/// A part of the temporary file.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) file: Arc<File>,
    pub(super) from: u64,
    pub(super) len: u64,
}

/// The temporary file.
pub(super) struct Spool {
    file: Option<Arc<File>>,
    len: u64,
    limits: Limits,
}

impl Spool {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            file: None,
            len: 0,
            limits,
        }
    }

    /// Keeps what `stream` gives. If it breaks off, what came before is kept all the same, since
    /// half a log is worth reading, and the reason is given beside it.
    pub(super) fn keep(
        &mut self,
        stream: &mut dyn Read,
    ) -> io::Result<(Stored, Option<io::Error>)> {
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.file.insert(Arc::new(tempfile::tempfile()?))),
        };
        let mut stored = Stored {
            from: self.len,
            len: 0,
            file,
        };
        let mut buffer = vec![0; STEP];
        let mut broken = None;
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) if self.len + n as u64 > self.limits.unpacked => {
                    broken = Some(self.full());
                    break;
                }
                Ok(n) => {
                    let mut end = &*stored.file;
                    let written = end
                        .seek(SeekFrom::Start(self.len))
                        .and_then(|_| end.write_all(buffer.get(..n).unwrap_or_default()));
                    if let Err(e) = written {
                        broken = Some(no_room(&e));
                        break;
                    }
                    self.len += n as u64;
                    stored.len += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    broken = Some(e);
                    break;
                }
            }
        }
        Ok((stored, broken))
    }

    fn full(&self) -> io::Error {
        let limit = self.limits.unpacked;
        io::Error::other(format!(
            "all inputs together unpack to more than {limit} bytes; raise --unpack-limit or give fewer"
        ))
    }
}

fn no_room(e: &io::Error) -> io::Error {
    let place = std::env::temp_dir();
    io::Error::other(format!(
        "no room for it in {} ({e}); set TMPDIR to a folder with more",
        place.display()
    ))
}

impl Stored {
    /// A reader of it that can go anywhere.
    pub(super) fn reader(&self) -> Section {
        Section {
            stored: self.clone(),
            at: 0,
        }
    }
}

/// Reads a part of a file as if it were one.
pub(super) struct Section {
    stored: Stored,
    at: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.stored.len.saturating_sub(self.at);
        let wanted = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        let done = read_at(&self.stored.file, buffer, self.stored.from + self.at)?;
        self.at += done as u64;
        Ok(done)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.stored.len.checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// How much more may come out of one file on disk than went in: the sum over all its layers.
#[derive(Clone, Debug)]
pub(super) struct Budget(Rc<Cell<u64>>);

/// Times its size that a file may unpack to. Logs come to 10 or 30, drab ones to 100.
const RATIO: u64 = 250;
/// What any file may unpack to, however small.
const FLOOR: u64 = 64 << 20;

impl Budget {
    /// The budget of a file of `disk` bytes.
    pub(super) fn of(disk: u64) -> Self {
        Self(Rc::new(Cell::new(disk.saturating_mul(RATIO).max(FLOOR))))
    }

    /// `stream`, as long as the budget lasts.
    pub(super) fn meter<R: Read>(&self, stream: R) -> Metered<R> {
        Metered {
            stream,
            budget: self.clone(),
        }
    }
}

/// See [`Budget::meter`].
pub(super) struct Metered<R> {
    stream: R,
    budget: Budget,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.0.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other(format!(
                "unpacks to more than {RATIO} times its size, as an archive bomb does; \
                 if it is none, unpack it and give the folder"
            )));
        }
        let most = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let done = self
            .stream
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        self.budget.0.set(left - done as u64);
        Ok(done)
    }
}
