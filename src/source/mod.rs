//! Inputs: files, folders and standard input, decompressed and addressable by byte.

mod decode;
mod discover;
mod library;
mod text;

pub use discover::discover;
pub use library::{Library, Place};
pub use text::Text;

use std::path::PathBuf;

/// One input that could be opened.
#[derive(Debug)]
pub struct Input {
    /// As it is shown and cited: the path as given, or the path found under a given folder.
    pub path: String,
    /// Its decompressed, UTF-8 (or unknown 8-bit) bytes.
    pub text: Text,
    /// Bytes on disk.
    pub bytes: u64,
    /// Last modification, in seconds since the epoch, where the file system knows it.
    pub modified: Option<i64>,
    /// When it was compressed, in seconds since the epoch, where its header says.
    pub packed: Option<i64>,
    /// What had to be undone to get at the text: `gzip`, `utf-16le` …
    pub wrapped: Vec<&'static str>,
}

/// An input that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// As given or found.
    pub path: String,
    /// The reason and, where there is one, the way out.
    pub reason: String,
}

/// What the arguments came to.
#[derive(Debug, Default)]
pub struct Found {
    /// Readable inputs, sorted by path, each once.
    pub inputs: Vec<Input>,
    /// The rest.
    pub unread: Vec<Unread>,
}

/// An argument: a path, or `-` for standard input.
pub type Argument = PathBuf;
