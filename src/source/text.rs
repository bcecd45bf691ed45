//! The bytes of one input, readable at any place.

use super::later::Pack;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A file opened for reading at any offset by any thread: the input itself, or the part of a
/// temporary file that holds what was unpacked.
#[derive(Debug)]
pub struct Text {
    bytes: Bytes,
    from: u64,
    len: u64,
    trouble: OnceLock<String>,
}

#[derive(Debug)]
enum Bytes {
    Open(Arc<File>),
    /// Opened anew by every read: a folder may hold more files than a process may hold open.
    Closed(PathBuf, Identity),
    /// Unpacked by the first read, and which of the texts in it this is.
    Later(Arc<Pack>, String),
}

/// What tells a file from another one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    #[cfg(unix)]
    fn of(file: &File) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let meta = file.metadata()?;
        Ok(Self(meta.dev(), meta.ino()))
    }

    #[cfg(not(unix))]
    fn of(_: &File) -> io::Result<Self> {
        Ok(Self(0, 0))
    }
}

impl Text {
    /// All of `file` as it is now. What is appended later is not seen.
    pub fn new(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self::part(Arc::new(file), 0, len))
    }

    /// `len` bytes of `file` from byte `from` on.
    pub(super) const fn part(file: Arc<File>, from: u64, len: u64) -> Self {
        Self {
            bytes: Bytes::Open(file),
            from,
            len,
            trouble: OnceLock::new(),
        }
    }

    /// The same text, with its file opened only while it is read. `file` is the one at `path`.
    pub(super) fn closed(path: &Path, file: &File, from: u64) -> io::Result<Self> {
        Ok(Self {
            bytes: Bytes::Closed(path.to_owned(), Identity::of(file)?),
            from,
            len: file.metadata()?.len().saturating_sub(from),
            trouble: OnceLock::new(),
        })
    }

    /// A text of `len` bytes in a pack.
    pub(super) const fn later(pack: Arc<Pack>, path: String, len: u64) -> Self {
        Self {
            bytes: Bytes::Later(pack, path),
            from: 0,
            len,
            trouble: OnceLock::new(),
        }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Why some of it could not be read, if so.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }

    /// Puts the bytes from `start` up to `end` (or the end of the text) into `buffer`.
    ///
    /// What cannot be read any more gives fewer bytes, and [`Text::trouble`] remembers why:
    /// one bad disk or one vanished file must not end the work on all others.
    pub fn read(&self, start: u64, end: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
        let wanted = end.min(self.len).saturating_sub(start);
        let wanted = usize::try_from(wanted).map_err(io::Error::other)?;
        // Bytes of an earlier read are written over: clearing them first costs as much as reading.
        buffer.resize(wanted, 0);
        if wanted == 0 {
            return Ok(());
        }
        let (done, why) = match self.fill(start, buffer) {
            Ok(done) => (done, "it became shorter".to_owned()),
            Err(e) => (0, e.to_string()),
        };
        if done < wanted {
            self.trouble.get_or_init(|| {
                format!("it changed while it was read ({why}); run again once nothing writes to it")
            });
        }
        buffer.truncate(done);
        Ok(())
    }

    /// As [`Text::read`], with some bytes before; gives their number. What is read then does not lie
    /// as far behind the start of a page of memory as it does in the file: large buffers begin 16
    /// bytes behind one, chunks on one, and some processors copy such bytes five times slower than
    /// any others.
    pub fn read_shifted(&self, start: u64, end: u64, buffer: &mut Vec<u8>) -> io::Result<usize> {
        const SHIFT: u64 = 64;
        let before = start.min(SHIFT);
        self.read(start - before, end, buffer)?;
        let before = usize::try_from(before).map_err(io::Error::other)?;
        Ok(before.min(buffer.len()))
    }

    pub(super) fn fill(&self, start: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.bytes {
            Bytes::Open(file) => read_at(file, buffer, self.from + start),
            Bytes::Closed(path, identity) => {
                let file = File::open(path)?;
                if Identity::of(&file)? != *identity {
                    return Err(io::Error::other("another file took its name"));
                }
                read_at(&file, buffer, self.from + start)
            }
            Bytes::Later(pack, path) => pack.fill(path, self.len, start, buffer),
        }
    }
}

/// Fills `buffer` from a place in a file, unless the file ends before.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match once_at(file, &mut buffer[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}

#[cfg(unix)]
fn once_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn once_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::Text;
    use std::fs::{self, File};

    fn read(text: &Text) -> Vec<u8> {
        let mut bytes = Vec::new();
        text.read(0, u64::MAX, &mut bytes).expect("no error");
        bytes
    }

    #[test]
    fn files_that_change_while_they_are_read_give_less_and_say_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        let text = |closed: bool| {
            fs::write(&path, "one\ntwo\n").expect("room");
            let file = File::open(&path).expect("the file");
            if closed {
                Text::closed(&path, &file, 0).expect("its length")
            } else {
                Text::new(file).expect("its length")
            }
        };
        for closed in [false, true] {
            let text = text(closed);
            assert_eq!(read(&text), b"one\ntwo\n");
            assert_eq!(text.trouble(), None);
            File::options()
                .write(true)
                .open(&path)
                .and_then(|f| f.set_len(4))
                .expect("cut");
            assert_eq!(read(&text), b"one\n");
            assert!(
                text.trouble().is_some_and(|t| t.contains("shorter")),
                "{text:?}"
            );
        }
        let gone = text(true);
        fs::remove_file(&path).expect("removed");
        assert_eq!(read(&gone), b"");
        assert!(gone.trouble().is_some());
        let replaced = text(true);
        // The old file stays, so that the new one is another.
        fs::rename(&path, folder.path().join("a.log.1")).expect("rotated");
        fs::write(&path, "three\n").expect("room");
        assert_eq!(read(&replaced), b"");
        let why = replaced.trouble().unwrap_or_default();
        assert!(cfg!(not(unix)) || why.contains("another file"), "{why}");
    }
}
