//! Inputs: files, folders, archives and standard input, unpacked and addressable by byte.

mod archive;
mod compression;
mod decode;
mod discover;
mod events;
mod kind;
mod later;
mod library;
mod memory;
mod spool;
mod text;
mod unpack;

pub use discover::{discover, reopen};
pub use later::Pack;
pub use library::{Library, Place};
pub use memory::Memory;
pub use spool::Limits;
pub use text::Text;

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One input that could be opened.
#[derive(Debug)]
pub struct Input {
    /// As it is shown and cited: the path as given, or the path found under a given folder; of a
    /// member of an archive `bundle.tar.gz!/var/log/app.log`.
    pub path: String,
    /// The file on disk that it is or that it was unpacked from, as it was given or found; `-` is
    /// standard input.
    pub file: PathBuf,
    /// Its decompressed, UTF-8 (or unknown 8-bit) bytes.
    pub text: Text,
    /// Bytes on disk, or in the archive.
    pub bytes: u64,
    /// Last modification, in seconds since the epoch, where the file system or the archive knows it.
    pub modified: Option<i64>,
    /// When it was compressed, in seconds since the epoch, where its header says.
    pub packed: Option<i64>,
    /// What had to be undone to get at the text: `gzip`, `utf-16le` …
    pub wrapped: Vec<&'static str>,
}

/// An input of which something was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// As given or found.
    pub path: String,
    /// The reason and, where there is one, the way out.
    pub reason: String,
    /// How much of it was not read.
    pub extent: Extent,
}

/// How much of an input was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// All of it.
    Whole,
    /// What came after some place, or some of its parts.
    Rest,
    /// Nothing that could say anything: a link, a picture.
    Nothing,
}

impl Unread {
    /// What to tell people.
    #[must_use]
    pub fn message(&self) -> String {
        let verb = match self.extent {
            Extent::Whole => "could not be read",
            Extent::Rest => "was read in part",
            Extent::Nothing => "was passed over",
        };
        format!("{} {verb}: {}", self.path, self.reason)
    }

    /// Whether something is missing that might have mattered.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.extent != Extent::Nothing
    }
}

/// What the arguments came to.
#[derive(Debug, Default)]
pub struct Found {
    /// Readable inputs, sorted by path, each once.
    pub inputs: Vec<Input>,
    /// What of them and of others was not read.
    pub unread: Vec<Unread>,
}

/// What may have to be undone to get at a text.
const WRAPPINGS: [&str; 11] = [
    "gzip",
    "zstd",
    "bzip2",
    "xz",
    "lz4",
    "zip",
    "evtx",
    "utf-16le",
    "utf-16be",
    "utf-8 byte order mark",
    "leading zero bytes",
];

/// What has to be undone, by its name.
#[must_use]
pub fn wrapping(name: &str) -> Option<&'static str> {
    WRAPPINGS.into_iter().find(|known| *known == name)
}

/// An argument: a path, or `-` for standard input.
pub type Argument = PathBuf;
