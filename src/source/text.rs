//! The bytes of one input, readable at any place.

use std::fs::File;
use std::io;

/// A file opened for reading at any offset by any thread: the input itself, or a
/// temporary copy of what it decompresses to.
#[derive(Debug)]
pub struct Text {
    file: File,
    len: u64,
}

impl Text {
    /// All of `file` as it is now. What is appended later is not seen.
    pub fn new(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { file, len })
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

    /// Puts the bytes from `start` up to `end` (or the end of the text) into `buffer`.
    ///
    /// A file that has shrunk since it was opened gives fewer bytes, not an error.
    pub fn read(&self, start: u64, end: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let wanted = end.min(self.len).saturating_sub(start);
        buffer.resize(usize::try_from(wanted).map_err(io::Error::other)?, 0);
        let mut done = 0;
        while done < buffer.len() {
            match read_at(&self.file, &mut buffer[done..], start + done as u64) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        buffer.truncate(done);
        Ok(())
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
