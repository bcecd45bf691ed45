//! The cells of a CSV row (RFC 4180; `;` and tabs separate as well).

use memchr::memchr;
use std::borrow::Cow;

/// Without the mark of UTF-8 that spreadsheets put before a table.
#[must_use]
pub fn unmarked(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// What separates the cells of a header: the candidate that it has most of.
#[must_use]
pub fn separator(header: &[u8]) -> u8 {
    let count = |s: u8| memchr::memchr_iter(s, header).count();
    // The first of equals is the commoner.
    let mut best = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// The cells of `row`, without their quotes; what is no text becomes U+FFFD.
#[must_use]
pub fn cells(row: &[u8], separator: u8) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let (found, after) = cell(rest, separator);
        cells.push(found);
        match after.split_first() {
            Some((_, tail)) => rest = tail,
            None => return cells,
        }
    }
}

/// The first cell, and what follows it: a separator and more, or nothing.
fn cell(row: &[u8], separator: u8) -> (Cow<'_, str>, &[u8]) {
    let Some(body) = row.strip_prefix(b"\"") else {
        let end = memchr(separator, row).unwrap_or(row.len());
        let (text, rest) = row.split_at(end);
        return (String::from_utf8_lossy(text.trim_ascii()), rest);
    };
    let mut end = 0;
    let mut doubled = false;
    loop {
        match memchr(b'"', body.get(end..).unwrap_or_default()) {
            None => {
                end = body.len(); // never closed: all of it
                break;
            }
            Some(n) if body.get(end + n + 1) == Some(&b'"') => {
                doubled = true;
                end += n + 2;
            }
            Some(n) => {
                end += n;
                break;
            }
        }
    }
    let (quoted, rest) = body.split_at(end.min(body.len()));
    let text = String::from_utf8_lossy(quoted);
    let text = match doubled {
        true => Cow::Owned(text.replace("\"\"", "\"")),
        false => text,
    };
    let from = memchr(separator, rest).unwrap_or(rest.len());
    (text, rest.get(from..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{cells, separator};

    #[test]
    fn cells_are_unquoted() {
        let row = b"7, plain ,\"a, \"\"b\"\"\nc\",,\"open";
        assert_eq!(cells(row, b','), ["7", "plain", "a, \"b\"\nc", "", "open"]);
        assert_eq!(cells(b"", b','), [""]);
        assert_eq!(cells(b"a,", b','), ["a", ""]);
    }

    #[test]
    fn the_header_shows_the_separator() {
        assert_eq!(separator(b"id;created;subject, text"), b';');
        assert_eq!(separator(b"id\tcreated"), b'\t');
        assert_eq!(separator(b"id"), b',');
    }
}
