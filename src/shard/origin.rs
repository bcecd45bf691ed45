//! Whether a file is still the one that was planned.

use super::Place;
use super::fingerprint::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Bytes at the front and at the end of a file that its digest covers: of smaller files everything.
const ENDS: u64 = 1 << 20;
/// Places between them of which a piece is covered, and the bytes of such a piece.
const PIECES: u64 = 64;
const PIECE: u64 = 4 << 10;

/// What tells a file from a changed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file on disk, from the folder that the plan was made in.
    pub file: String,
    /// Its bytes on disk.
    pub bytes: u64,
    /// When it was last modified, in nanoseconds since the epoch.
    pub modified_ns: Option<i64>,
    /// SHA-256 of its first and last mebibyte and of 64 pieces of 4 KiB between them.
    pub digest: String,
}

impl Origin {
    /// The file at a path as it is now.
    pub(super) fn of(root: &Path, file: &Path) -> io::Result<Self> {
        let name = file.to_str().ok_or_else(|| {
            io::Error::other("its path is not UTF-8, which a plan is; rename it, or link to it")
        })?;
        let mut opened = File::open(root.join(file))?;
        let meta = opened.metadata()?;
        Ok(Self {
            file: name.to_owned(),
            bytes: meta.len(),
            modified_ns: modified(&meta),
            digest: digest(&mut opened, meta.len())?,
        })
    }

    /// Where it is.
    pub(super) fn path(&self, place: Place<'_>) -> PathBuf {
        // What was typed needs no dot before it.
        if place.root == Path::new(".") {
            return PathBuf::from(&self.file);
        }
        place.root.join(&self.file)
    }

    /// Nothing if the file is the one that was planned, else what differs and what to do.
    pub(super) fn check(&self, place: Place<'_>) -> Result<(), String> {
        let path = self.path(place);
        let told = |what: String| format!("{} {what}", path.display());
        let found = Self::of(place.root, Path::new(&self.file))
            .map_err(|e| told(format!("cannot be read: {e}")))?;
        if let Some(what) = self.stat_differs(&found, place) {
            return Err(told(what));
        }
        if found.digest != self.digest {
            return Err(told(format!(
                "changed since it was planned: its size is the same, its bytes are not (digest {} \
                 then, {} now); plan again",
                short(&self.digest),
                short(&found.digest)
            )));
        }
        Ok(())
    }

    /// The same by size and modification time alone: whether it changed while it was read.
    pub(super) fn check_quickly(&self, place: Place<'_>) -> Result<(), String> {
        let path = self.path(place);
        let meta = std::fs::metadata(&path)
            .map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
        let found = Self {
            bytes: meta.len(),
            modified_ns: modified(&meta),
            ..self.clone()
        };
        match self.stat_differs(&found, place) {
            Some(what) => Err(format!("{} {what}", path.display())),
            None => Ok(()),
        }
    }

    fn stat_differs(&self, found: &Self, place: Place<'_>) -> Option<String> {
        if self.bytes != found.bytes {
            return Some(format!(
                "changed since it was planned: it had {} bytes and has {}; plan again once nothing \
                 writes to it",
                self.bytes, found.bytes
            ));
        }
        (!place.copied && self.modified_ns != found.modified_ns).then(|| {
            "was modified since it was planned; plan again, or give --copied if it is a copy of \
             the same bytes"
                .to_owned()
        })
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn modified(meta: &Metadata) -> Option<i64> {
    let since = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_nanos()).ok()
}

fn digest(file: &mut File, len: u64) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut take = |from: u64, bytes: u64| -> io::Result<()> {
        file.seek(SeekFrom::Start(from))?;
        io::copy(&mut (&*file).take(bytes), &mut Into(&mut hash)).map(|_| ())
    };
    if len <= 2 * ENDS + PIECES * PIECE {
        take(0, len)?;
    } else {
        take(0, ENDS)?;
        let step = (len - 2 * ENDS) / PIECES;
        for n in 0..PIECES {
            take(ENDS + n * step, PIECE)?;
        }
        take(len - ENDS, ENDS)?;
    }
    Ok(hex(&hash.finalize()))
}

/// A hash as something to write to.
struct Into<'h>(&'h mut Sha256);

impl io::Write for Into<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_changed_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |copied| Place {
            root: folder.path(),
            copied,
        };
        let path = folder.path().join("tram.log");
        let large = vec![b'x'; usize::try_from(4 * ENDS).expect("small")];
        for text in [b"stop 1\nstop 2\n".to_vec(), large] {
            fs::write(&path, &text).expect("room");
            let planned = Origin::of(folder.path(), Path::new("tram.log")).expect("there");
            assert_eq!(planned.check(place(false)), Ok(()));
            // The same bytes at another time: a copy, and only if somebody says so.
            let later = UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
            File::options()
                .write(true)
                .open(&path)
                .and_then(|f| f.set_modified(later))
                .expect("ours");
            assert!(
                planned
                    .check(place(false))
                    .is_err_and(|e| e.contains("--copied"))
            );
            assert_eq!(planned.check(place(true)), Ok(()));
            assert_eq!(planned.check_quickly(place(true)), Ok(()));
            let mut other = text.clone();
            *other.last_mut().expect("not empty") = b'?';
            fs::write(&path, &other).expect("room");
            let why = planned.check(place(true)).expect_err("other bytes");
            assert!(why.contains("its bytes are not"), "{why}");
            other.push(b'\n');
            fs::write(&path, &other).expect("room");
            for why in [
                planned.check(place(true)),
                planned.check_quickly(place(true)),
            ] {
                assert!(why.is_err_and(|e| e.contains("plan again")));
            }
        }
        fs::remove_file(&path).expect("there");
        assert!(Origin::of(folder.path(), Path::new("tram.log")).is_err());
    }
}
