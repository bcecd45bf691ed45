//! All inputs of a run, and how a citation is looked up in them.

use super::{Input, Memory};
use crate::cite::{Cite, FileId};
use crate::redact::Redactor;
use memchr::memchr_iter;
use rayon::prelude::*;
use recon_parsers::cut;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::sync::Arc;

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
    /// Line ends before some bytes of files: of every chunk that was surveyed, or of every
    /// [`STRIDE`] bytes, and of every place that was asked for.
    lines: BTreeMap<FileId, BTreeMap<u64, u64>>,
    redactor: Option<Arc<Redactor>>,
    memory: Memory,
}

impl Library {
    /// Inputs sorted by path.
    #[must_use]
    pub const fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            lines: BTreeMap::new(),
            redactor: None,
            memory: Memory::of(None),
        }
    }

    /// From now on what is looked up is shown with pseudonyms.
    pub fn redact_with(&mut self, redactor: Arc<Redactor>) {
        self.redactor = Some(redactor);
    }

    /// What is kept of the inputs may take as much memory as this.
    pub const fn keep_within(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// How much memory what is kept of the inputs may take.
    #[must_use]
    pub const fn memory(&self) -> Memory {
        self.memory
    }

    /// What replaces secrets by pseudonyms, if anything does.
    #[must_use]
    pub fn redactor(&self) -> Option<Arc<Redactor>> {
        self.redactor.clone()
    }

    /// A text of the inputs as it may be shown.
    #[must_use]
    pub fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.redactor {
            Some(redactor) => redactor.redact(text),
            None => Cow::Borrowed(text),
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

    /// Looks a citation up. Of JSON spread over lines the place is the line that says most.
    pub fn locate(&mut self, cite: Cite) -> io::Result<Place> {
        let input = self.input(cite.file);
        let path = self.shown(&input.path).into_owned();
        let mut bytes = Vec::new();
        input
            .text
            .read(cite.offset, cite.offset + u64::from(cite.len), &mut bytes)?;
        let telling = telling(&bytes);
        let byte = cite.offset + telling.start as u64;
        let line = self.lines_before(cite.file, byte)? + 1;
        let rest = bytes
            .get(telling.start..)
            .unwrap_or_default()
            .trim_ascii_end();
        let inside = if telling.start == 0 {
            memchr_iter(b'\n', rest).count() as u64
        } else {
            0
        };
        Ok(Place {
            path,
            line,
            line_last: line + inside,
            byte,
            // Before it is cut: of half a secret nothing tells that it is one.
            text: quote(&self.shown(&String::from_utf8_lossy(bytes[telling].trim_ascii()))),
        })
    }

    /// Tells how many line ends stand in the parts of an input, by the first byte of each: all
    /// parts, so that those before any byte can be summed up.
    /// The parts come in order.
    pub fn know_lines(&mut self, file: FileId, parts: impl Iterator<Item = (u64, u64)>) {
        let mut before = 0;
        let known: BTreeMap<u64, u64> = parts
            .map(|(start, ends)| {
                before += ends;
                (start, before - ends)
            })
            .collect();
        if known
            .first_key_value()
            .is_some_and(|(start, _)| *start == 0)
        {
            self.lines.insert(file, known);
        }
    }

    /// Counts the line ends before all these citations at once, in parallel: looking each of them up is cheap then.
    pub fn count_lines(&mut self, cites: &BTreeSet<Cite>) -> io::Result<()> {
        let mut gaps: Vec<(FileId, Range<u64>)> = Vec::new();
        for cite in cites {
            let known = self.lines.get(&cite.file);
            let known = known.and_then(|lines| lines.range(..=cite.offset).next_back());
            let Some((&known, _)) = known else { continue };
            let before = gaps.last().filter(|(file, _)| *file == cite.file);
            let from = before.map_or(known, |(_, gap)| gap.end.max(known));
            gaps.push((cite.file, from..cite.offset));
        }
        let count = |(file, gap): &(FileId, Range<u64>)| {
            let mut bytes = Vec::new();
            let text = &self.input(*file).text;
            text.read(gap.start, gap.end, &mut bytes)?;
            Ok(memchr_iter(b'\n', &bytes).count() as u64)
        };
        let counted: Vec<u64> = gaps.par_iter().map(count).collect::<io::Result<_>>()?;
        for ((file, gap), ends) in gaps.into_iter().zip(counted) {
            let known = self.lines.entry(file).or_default();
            let before = known.range(..=gap.start).next_back().map_or(0, |(_, n)| *n);
            known.insert(gap.end, before + ends);
        }
        Ok(())
    }

    /// Line ends before a byte of an input.
    pub fn lines_before(&mut self, file: FileId, offset: u64) -> io::Result<u64> {
        if !self.lines.contains_key(&file) {
            let index = index(self.input(file))?;
            self.lines.insert(file, index);
        }
        let near = self.lines[&file].range(..=offset).next_back();
        let (from, known) = near.map_or((0, 0), |(from, known)| (*from, *known));
        let mut bytes = Vec::new();
        self.input(file).text.read(from, offset, &mut bytes)?;
        let lines = known + memchr_iter(b'\n', &bytes).count() as u64;
        // Citations come in clusters.
        if offset - from > QUOTE as u64
            && let Some(known) = self.lines.get_mut(&file)
        {
            known.insert(offset, lines);
        }
        Ok(lines)
    }
}

fn index(input: &Input) -> io::Result<BTreeMap<u64, u64>> {
    let mut known = BTreeMap::from([(0, 0)]);
    let mut bytes = Vec::new();
    let mut total = 0;
    let mut start = 0;
    while start < input.text.len() {
        input.text.read(start, start + STRIDE, &mut bytes)?;
        total += memchr_iter(b'\n', &bytes).count() as u64;
        start += STRIDE;
        known.insert(start, total);
    }
    Ok(known)
}

/// Members of a JSON object in which an entry says what it has to say.
const SAID: [&str; 6] = [
    "\"text\":",
    "\"message\":",
    "\"msg\":",
    "\"content\":",
    "\"body\":",
    "\"summary\":",
];

/// The first line of an entry. Where that is a mere bracket, the line with its words says more, or
/// else its longest one.
fn telling(entry: &[u8]) -> Range<usize> {
    let mut lines = cut::lines(entry).take(LOOKED_AT);
    let first = lines.next().unwrap_or(0..0);
    if entry[first.clone()].iter().any(u8::is_ascii_alphanumeric) {
        return first;
    }
    let says = |line: &Range<usize>| {
        let line = entry[line.clone()].trim_ascii();
        let value = SAID
            .iter()
            .find_map(|s| line.strip_prefix(s.as_bytes()))
            .map(<[u8]>::trim_ascii_start);
        // Longer than `"",`.
        value.is_some_and(|v| v.starts_with(b"\"") && v.len() > 3)
    };
    let mut longest = first;
    for line in lines {
        if says(&line) {
            return line;
        }
        if line.len() > longest.len() {
            longest = line;
        }
    }
    longest
}

/// The beginning of a line, as it stands there.
fn quote(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of an entry of many lines the one with its words is quoted, however short they are.
    #[test]
    fn words_tell_more_than_length() {
        let quoted = |entry: &str| {
            let line = entry[telling(entry.as_bytes())].trim();
            line.to_owned()
        };
        let message = "{\n  \"id\": \"a1b2c3d4e5f60718293a4b5c\",\n  \"text\": \"on it\"\n}";
        assert_eq!(quoted(message), "\"text\": \"on it\"");
        let mute = "{\n  \"id\": \"a1b2c3d4e5f60718293a4b5c\",\n  \"text\": \"\"\n}";
        assert_eq!(quoted(mute), "\"id\": \"a1b2c3d4e5f60718293a4b5c\",");
        assert_eq!(quoted("level=info up\n  \"text\": \"no\""), "level=info up");
    }
}
