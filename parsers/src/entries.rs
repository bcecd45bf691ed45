//! From a buffer of a file whose formats are known to its entries and their records.

use crate::cut::{self, Shape};
use crate::detect::Detected;
use crate::record::Record;
use memchr::memchr_iter;
use std::ops::Range;

/// Bytes of an entry that are looked at; what a longer one says after that is not read.
/// A limit on the entry itself, so that it does not matter where a file is cut.
pub const MAX_ENTRY: usize = 256 * 1024;

/// One entry of a buffer.
#[derive(Debug, PartialEq)]
pub struct Entry<'r, 'a> {
    /// Its bytes in the buffer, without the last line end and without blank lines behind it.
    pub range: Range<usize>,
    /// Its first line, counted from 0 at the start of the owned range.
    pub line: usize,
    /// Its last line, counted alike.
    pub line_last: usize,
    /// The format that read it, as a place in [`Detected::formats`]. `None`: lines
    /// that no format reads and that follow no entry (before the first one, or
    /// values and rows that nothing takes).
    pub format: Option<usize>,
    /// What it records; the receiver may take them.
    pub records: &'r mut Vec<Record<'a>>,
}

/// Gives every entry of `text` that begins in `owned` to `each`, in order.
///
/// `owned` begins where a line, value or row begins. An entry may run on past
/// the end of `owned`: up to the next head, or to the end of `text`. Lines
/// before the first head of `owned` come as one entry without a format; a reader
/// that is not at the start of its file drops it, since the part before ends with them.
pub fn entries<'a>(
    text: &'a [u8],
    owned: Range<usize>,
    found: &Detected,
    each: &mut dyn FnMut(Entry<'_, 'a>),
) {
    let owned = owned.start.min(text.len())..owned.end.min(text.len());
    match found.shape {
        Shape::Lines => lines(text, owned, found, each),
        Shape::Json => pieces(
            text,
            &owned,
            cut::json(text, owned.start, true).0,
            found,
            each,
        ),
        Shape::Csv => pieces(
            text,
            &owned,
            cut::csv(text, owned.start, true).0,
            found,
            each,
        ),
        // An empty file holds no document.
        Shape::Document if owned.is_empty() => {}
        Shape::Document => pieces(text, &owned, vec![owned.clone()], found, each),
    }
}

/// An entry whose end is not yet known.
struct Open {
    range: Range<usize>,
    line: usize,
    line_last: usize,
    format: Option<usize>,
}

fn lines<'a>(
    text: &'a [u8],
    owned: Range<usize>,
    found: &Detected,
    each: &mut dyn FnMut(Entry<'_, 'a>),
) {
    let mut open: Option<Open> = None;
    let (mut records, mut next) = (Vec::new(), Vec::new());
    let rest = text.get(owned.start..).unwrap_or_default();
    for (number, line) in cut::lines(rest).enumerate() {
        let line = line.start + owned.start..line.end.min(line.start + MAX_ENTRY) + owned.start;
        let bytes = text.get(line.clone()).unwrap_or_default();
        if bytes.is_empty() {
            continue;
        }
        let format = found.read(bytes, &mut next);
        match open.as_mut() {
            Some(open) if format.is_none() => {
                if line.end - open.range.start <= MAX_ENTRY {
                    open.range.end = line.end;
                    open.line_last = number;
                }
                continue;
            }
            None if format.is_none() && line.start >= owned.end => return,
            _ => {}
        }
        if let Some(done) = open.take() {
            close(text, done, found, &mut records, each);
        }
        if line.start >= owned.end {
            return;
        }
        std::mem::swap(&mut records, &mut next);
        next.clear();
        open = Some(Open {
            range: line,
            line: number,
            line_last: number,
            format,
        });
    }
    if let Some(done) = open {
        close(text, done, found, &mut records, each);
    }
}

/// Hands over a finished entry; one of several lines is read again whole, now
/// that all of it is known.
fn close<'a>(
    text: &'a [u8],
    open: Open,
    found: &Detected,
    records: &mut Vec<Record<'a>>,
    each: &mut dyn FnMut(Entry<'_, 'a>),
) {
    if let Some(format) = open.format
        && open.line_last > open.line
    {
        let entry = text.get(open.range.clone()).unwrap_or_default();
        let mut whole = Vec::new();
        if found.read_as(format, entry, &mut whole).is_some() {
            *records = whole;
        }
    }
    each(Entry {
        range: open.range,
        line: open.line,
        line_last: open.line_last,
        format: open.format,
        records,
    });
    records.clear();
}

fn pieces<'a>(
    text: &'a [u8],
    owned: &Range<usize>,
    ranges: Vec<Range<usize>>,
    found: &Detected,
    each: &mut dyn FnMut(Entry<'_, 'a>),
) {
    let mut records = Vec::new();
    let (mut counted, mut line) = (owned.start, 0);
    let breaks = |r: Range<usize>| memchr_iter(b'\n', text.get(r).unwrap_or_default()).count();
    for range in ranges {
        if range.start >= owned.end && found.shape != Shape::Document {
            return;
        }
        line += breaks(counted..range.start);
        counted = range.start;
        let entry = text.get(range.clone()).unwrap_or_default();
        records.clear();
        let format = found.read(entry, &mut records);
        each(Entry {
            line,
            line_last: line + breaks(range.clone()),
            range,
            format,
            records: &mut records,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Choice;
    use crate::format::{Context, Cut, Format, Layout};
    use crate::record::Kind;

    /// Lines that begin with a digit are heads.
    static NUMBERED: Format = Format {
        name: "numbered",
        title: "Numbered",
        reference: "",
        cut: Cut::Line,
        specificity: 1,
        hint: |i| i.first().is_some_and(u8::is_ascii_digit),
        parse: |i, _: &Context<'_>, out| {
            out.push(Record::new(Kind::Log, String::from_utf8_lossy(i)));
            Some(())
        },
        learn: None,
        sample: "",
    };

    fn cut(text: &str, owned: Range<usize>) -> Vec<(usize, usize, bool, String)> {
        let found = Detected {
            shape: Shape::Lines,
            formats: vec![Choice {
                format: &NUMBERED,
                layout: Layout::default(),
                votes: 1,
            }],
            ranking: vec![],
            sampled: 1,
        };
        let mut all = Vec::new();
        entries(text.as_bytes(), owned, &found, &mut |e| {
            let said = e.records.first().map(|r| r.message.to_string());
            all.push((
                e.line,
                e.line_last,
                e.format.is_some(),
                said.unwrap_or_default(),
            ));
        });
        all
    }

    const TEXT: &str = "lead\n1 a\n\n  more\n\n2 b\r\n3 c\n x\n4 d";

    #[test]
    fn continuations_join_their_head() {
        let said = |l, last, s: &str| (l, last, true, s.to_owned());
        assert_eq!(
            cut(TEXT, 0..TEXT.len()),
            vec![
                (0, 0, false, String::new()),
                said(1, 3, "1 a\n\n  more"),
                said(5, 5, "2 b"),
                said(6, 7, "3 c\n x"),
                said(8, 8, "4 d"),
            ]
        );
    }

    #[test]
    fn parts_give_what_the_whole_gives() {
        let whole: Vec<String> = cut(TEXT, 0..TEXT.len()).into_iter().map(|e| e.3).collect();
        let starts: Vec<usize> = std::iter::once(0)
            .chain(TEXT.match_indices('\n').map(|(n, _)| n + 1))
            .collect();
        for at in starts {
            let first = cut(TEXT, 0..at).into_iter().map(|e| e.3);
            let second = cut(TEXT, at..TEXT.len());
            let second = second.into_iter().filter(|e| e.2 || at == 0).map(|e| e.3);
            assert_eq!(
                first.chain(second).collect::<Vec<_>>(),
                whole,
                "cut at {at}"
            );
        }
    }
}
