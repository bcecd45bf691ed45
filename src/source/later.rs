//! Texts that are unpacked when somebody reads them: of a hundred archives that were counted
//! elsewhere, the report cites three.

use super::spool::Limits;
use super::{Text, reopen};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A compressed file or an archive, not yet unpacked.
#[derive(Debug)]
pub struct Pack {
    root: PathBuf,
    file: PathBuf,
    limits: Limits,
    /// What was in it, by path.
    texts: OnceLock<BTreeMap<String, Text>>,
}

impl Pack {
    /// The file that is known by this name, in the folder that it was found from.
    #[must_use]
    pub fn new(root: &Path, file: &Path, limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            root: root.to_owned(),
            file: file.to_owned(),
            limits,
            texts: OnceLock::new(),
        })
    }

    /// The text in it that is cited by this path and has so many bytes.
    #[must_use]
    pub fn text(self: &Arc<Self>, path: &str, len: u64) -> Text {
        Text::later(Arc::clone(self), path.to_owned(), len)
    }

    /// Reads from one of its texts, which has `len` bytes.
    pub(super) fn fill(
        &self,
        path: &str,
        len: u64,
        start: u64,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        let texts = self.texts.get_or_init(|| {
            let found = reopen(
                &self.root,
                std::iter::once(self.file.as_path()),
                self.limits,
            );
            let texts = found.inputs.into_iter().map(|i| (i.path, i.text));
            texts.collect()
        });
        match texts.get(path) {
            Some(text) if text.len() == len => text.fill(start, buffer),
            _ => Err(io::Error::other("it unpacks to something else now")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    #[test]
    fn a_text_is_unpacked_when_it_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let pack = Pack::new(folder.path(), Path::new("tram.log.gz"), Limits::default());
        let (text, other) = (pack.text("tram.log.gz", 14), pack.text("tram.log.gz", 15));
        // It is not there before it is asked for.
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"stop 1\nstop 2\n").expect("room");
        let bytes = gzip.finish().expect("room");
        std::fs::write(folder.path().join("tram.log.gz"), bytes).expect("room");
        let mut buffer = Vec::new();
        text.read(7, 99, &mut buffer).expect("no error");
        assert_eq!(
            (buffer.as_slice(), text.trouble()),
            (&b"stop 2\n"[..], None)
        );
        other.read(0, 99, &mut buffer).expect("no error");
        assert_eq!(buffer, b"");
        assert!(
            other
                .trouble()
                .is_some_and(|t| t.contains("something else"))
        );
    }
}
