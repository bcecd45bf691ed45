//! Where entries begin and end: lines, JSON values, CSV rows.

use memchr::{memchr, memchr2};
use std::ops::Range;

/// How a file falls into entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// On lines; an entry begins on a line that a format reads. Can be cut anywhere.
    Lines,
    /// Into JSON values that span lines or stand in one top-level array.
    Json,
    /// Into CSV rows.
    Csv,
    /// Not at all.
    Document,
}

/// The lines of `text`, without their line ends (LF or CRLF).
pub fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let end = memchr(b'\n', &text[at..]).map_or(text.len(), |n| at + n);
        let line = at..end - usize::from(end > at && text[end - 1] == b'\r');
        at = end + 1;
        Some(line)
    })
}

/// The first lines of `text` that are not empty, at most `most`.
pub(crate) fn first_lines(text: &[u8], most: usize) -> impl Iterator<Item = &[u8]> + '_ {
    let lines = lines(text).filter_map(|r| text.get(r));
    lines.filter(|l| !l.is_empty()).take(most)
}

/// The end of the JSON object or array that begins at `from`; `None` if it does not end in `text`.
/// Only brackets and strings are looked at: what is between may be any bytes.
#[must_use]
pub fn json_value(text: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = from;
    while at < text.len() {
        match text[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => {
                at = json_string_end(text, at + 1)?;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// One past the closing quote of a JSON string whose first character is at `from`.
#[must_use]
pub fn json_string_end(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        from += memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[from] == b'"' {
            return Some(from + 1);
        }
        from += 2;
    }
}

/// Whether `text` begins with an array of objects, not with a bracketed word.
#[must_use]
pub fn is_json_array(text: &[u8]) -> bool {
    let mut rest = text.iter().filter(|b| !b.is_ascii_whitespace());
    rest.next() == Some(&b'[') && matches!(rest.next(), Some(b'{' | b']'))
}

/// The JSON objects of `text` from `from` on, and where to go on reading: the elements of a
/// top-level array, or values one after the other. Bytes between values are skipped.
/// With `whole`, an unfinished last value is given as it is.
#[must_use]
pub fn json(text: &[u8], from: usize, whole: bool) -> (Vec<Range<usize>>, usize) {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(n) = memchr(b'{', text.get(at..).unwrap_or_default()) {
        let start = at + n;
        match json_value(text, start) {
            Some(end) => {
                found.push(start..end);
                at = end;
            }
            None if whole => {
                found.push(start..text.len());
                return (found, text.len());
            }
            None => return (found, start),
        }
    }
    (found, text.len())
}

/// The CSV rows of `text` from `from` on, without their line ends, and where to go on reading.
/// A quoted cell may hold line breaks. With `whole`, the last row needs no line end.
#[must_use]
pub fn csv(text: &[u8], from: usize, whole: bool) -> (Vec<Range<usize>>, usize) {
    let mut found = Vec::new();
    let (mut start, mut at, mut quoted) = (from, from, false);
    while let Some(n) = memchr2(b'\n', b'"', text.get(at..).unwrap_or_default()) {
        at += n;
        if text[at] == b'"' {
            quoted = !quoted;
        } else if !quoted {
            let end = at - usize::from(at > start && text[at - 1] == b'\r');
            if end > start {
                found.push(start..end);
            }
            start = at + 1;
        }
        at += 1;
    }
    if whole && start < text.len() {
        found.push(start..text.len());
        start = text.len();
    }
    (found, start)
}
