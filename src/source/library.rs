//! All inputs of a run, and how a citation is looked up in them.

use super::Input;
use crate::cite::{Cite, FileId};
use memchr::memchr_iter;
use std::collections::BTreeMap;
use std::io;

/// Bytes between two known line numbers.
const STRIDE: u64 = 1 << 20;
/// Bytes of an entry that a quotation shows.
const QUOTE: usize = 240;
/// Lines of an entry among which the telling one is looked for.
const LOOKED_AT: usize = 40;

/// A citation looked up: where it is and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The input.
    pub path: String,
    /// First line, from 1.
    pub line: u64,
    /// Last line.
    pub line_last: u64,
    /// First byte, from 0.
    pub byte: u64,
    /// The beginning of the entry, on one line; cut where it is long.
    pub text: String,
}

/// All inputs of a run.
#[derive(Debug)]
pub struct Library {
    inputs: Vec<Input>,
    /// For files that were cited: line ends before each multiple of [`STRIDE`].
    lines: BTreeMap<FileId, Vec<u64>>,
}

impl Library {
    /// Inputs sorted by path.
    #[must_use]
    pub const fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            lines: BTreeMap::new(),
        }
    }

    /// The inputs with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Input)> {
        (0..).map(FileId).zip(&self.inputs)
    }

    /// One input.
    ///
    /// # Panics
    /// If the id is of another library.
    #[must_use]
    pub fn input(&self, file: FileId) -> &Input {
        &self.inputs[file.0 as usize]
    }

    /// Looks a citation up.
    pub fn locate(&mut self, cite: Cite) -> io::Result<Place> {
        let before = self.lines_before(cite.file, cite.offset)?;
        let input = self.input(cite.file);
        let mut bytes = Vec::new();
        input
            .text
            .read(cite.offset, cite.offset + u64::from(cite.len), &mut bytes)?;
        let inside = memchr_iter(b'\n', bytes.trim_ascii_end()).count() as u64;
        Ok(Place {
            path: input.path.clone(),
            line: before + 1,
            line_last: before + 1 + inside,
            byte: cite.offset,
            text: quote(&bytes),
        })
    }

    /// Line ends before a byte of an input.
    pub fn lines_before(&mut self, file: FileId, offset: u64) -> io::Result<u64> {
        if !self.lines.contains_key(&file) {
            let index = index(self.input(file))?;
            self.lines.insert(file, index);
        }
        let stride = offset / STRIDE;
        let known = self.lines[&file]
            .get(usize::try_from(stride).unwrap_or(usize::MAX))
            .copied()
            .unwrap_or_default();
        let mut bytes = Vec::new();
        self.input(file)
            .text
            .read(stride * STRIDE, offset, &mut bytes)?;
        Ok(known + memchr_iter(b'\n', &bytes).count() as u64)
    }
}

fn index(input: &Input) -> io::Result<Vec<u64>> {
    let mut known = vec![0];
    let mut bytes = Vec::new();
    let mut total = 0;
    for start in (0..input.text.len()).step_by(STRIDE as usize) {
        input.text.read(start, start + STRIDE, &mut bytes)?;
        total += memchr_iter(b'\n', &bytes).count() as u64;
        known.push(total);
    }
    Ok(known)
}

/// The beginning of an entry's first line, as it stands there. Where that is a mere bracket
/// (JSON spread over lines), the entry's longest line says more.
fn quote(entry: &[u8]) -> String {
    let mut lines = entry
        .split(|b| matches!(b, b'\n' | b'\r'))
        .map(<[u8]>::trim_ascii)
        .filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    let line = if first.iter().any(u8::is_ascii_alphanumeric) {
        first
    } else {
        lines
            .take(LOOKED_AT)
            .fold(first, |best, l| if l.len() > best.len() { l } else { best })
    };
    let text = String::from_utf8_lossy(line);
    match text.char_indices().nth(QUOTE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.into_owned(),
    }
}
