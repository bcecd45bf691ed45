//! What a reader sees of marked-up text, and where in the source each word of it stands.

use std::ops::Range;

/// Text without its Markdown, HTML or wiki markup. Every byte knows its place in the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plain {
    text: String,
    /// The source offset of each byte of `text`.
    at: Vec<usize>,
    /// Where the source ends.
    end: usize,
}

impl Plain {
    /// The words of `source[range]`, without markup, white space runs made one space.
    pub(crate) fn of(source: &[u8], range: Range<usize>) -> Self {
        let mut plain = Self::default();
        plain.add(source, range);
        plain
    }

    /// Adds the words of a further line, after a space.
    pub(crate) fn add(&mut self, source: &[u8], range: Range<usize>) {
        self.push(' ', range.start, 1);
        strip(source, range.clone(), self);
        while self.text.ends_with(' ') {
            self.text.pop();
            self.at.pop();
        }
        // Markup after the last word is no part of what is said.
        self.end = self.at.last().map_or(range.start, |last| last + 1);
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// A piece of the text; empty if the range is none.
    pub(crate) fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where a range of the text stands in the source.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        let place = |n: usize| self.at.get(n).copied().unwrap_or(self.end);
        let start = place(range.start);
        // The end of a piece is the end of its last character, not the start of the next:
        // between the two may be markup, a line end or a paragraph.
        let end = match range.end.checked_sub(1) {
            Some(last) if last >= range.start && range.end < self.text.len() => place(last) + 1,
            _ => self.end,
        };
        start..end.max(start)
    }

    /// Where the whole text stands in the source.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.source(0..self.text.len())
    }

    /// Adds a character that takes `width` bytes of the source.
    fn push(&mut self, c: char, at: usize, width: usize) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
            return;
        }
        self.text.push(c);
        let last = width.saturating_sub(1);
        self.at.extend((0..c.len_utf8()).map(|n| at + n.min(last)));
    }
}

/// Pushes the words of `source[range]`.
fn strip(source: &[u8], range: Range<usize>, out: &mut Plain) {
    let mut at = range.start;
    while let Some(rest) = source.get(at..range.end).filter(|r| !r.is_empty()) {
        let before = (at > range.start).then(|| source.get(at - 1)).flatten();
        if let Some((shown, skip)) = markup(rest, before.copied()) {
            match shown {
                Shown::Nothing => {}
                Shown::Char(c) => out.push(c, at, skip),
                Shown::Inner(inner) => strip(source, at + inner.start..at + inner.end, out),
            }
            at += skip;
            continue;
        }
        let (c, len) = decode(rest);
        if !is_invisible(c) {
            out.push(c, at, len);
        }
        at += len;
    }
}

/// What a piece of markup leaves behind.
enum Shown {
    Nothing,
    Char(char),
    /// A part of it, such as the words of a link.
    Inner(Range<usize>),
}

/// Recognises markup at the start of `rest`; gives what it shows and how long it is.
fn markup(rest: &[u8], before: Option<u8>) -> Option<(Shown, usize)> {
    let next = rest.get(1).copied();
    match rest.first()? {
        b'<' => tag_end(rest).map(|end| (Shown::Char(' '), end)),
        b'&' => entity(rest).map(|(c, end)| (Shown::Char(c), end)),
        b'!' if next == Some(b'[') => {
            let (_, end) = link(rest.get(1..)?)?;
            Some((Shown::Nothing, end + 1))
        }
        b'[' => link(rest).map(|(words, end)| (Shown::Inner(words), end)),
        b'*' => {
            let alone = before.is_none_or(|b| b == b' ') && next.is_none_or(|b| b == b' ');
            (!alone).then_some((Shown::Nothing, 1))
        }
        b'`' => Some((Shown::Nothing, 1)),
        b'~' if next == Some(b'~') => Some((Shown::Nothing, 2)),
        b'_' => {
            let word = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
            (!(word(before) && word(next))).then_some((Shown::Nothing, 1))
        }
        b'\'' if next == Some(b'\'') => {
            let run = rest.iter().take_while(|b| **b == b'\'').count();
            Some((Shown::Nothing, run))
        }
        b':' if !before.is_some_and(|b| b.is_ascii_alphanumeric()) => {
            shortcode(rest).map(|end| (Shown::Nothing, end))
        }
        b'\\' if next.is_some_and(|b| b.is_ascii_punctuation()) => Some((Shown::Nothing, 1)),
        _ => None,
    }
}

/// The end of an HTML tag or comment; an address in angle brackets is none.
fn tag_end(rest: &[u8]) -> Option<usize> {
    let name = rest.get(1..)?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let word = name
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let comment = name.starts_with(b"!--");
    if !comment
        && (word == 0
            || !matches!(
                name.get(word),
                Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
            ))
    {
        return None;
    }
    let near = rest.get(..rest.len().min(LONGEST))?;
    memchr::memchr(b'>', near).map(|n| n + 1)
}

/// The character that an HTML entity stands for.
fn entity(rest: &[u8]) -> Option<(char, usize)> {
    let end = rest.iter().take(10).position(|b| *b == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let c = match name {
        "nbsp" | "emsp" | "ensp" | "thinsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "ndash" => '–',
        "mdash" => '—',
        "bull" => '•',
        "hellip" => '…',
        "rsquo" => '’',
        "lsquo" => '‘',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 1))
}

/// A link `[words](address)` or `[words][name]`: where its words are and where it ends.
fn link(rest: &[u8]) -> Option<(Range<usize>, usize)> {
    let close = balanced(rest, b'[', b']')?;
    let end = match rest.get(close)? {
        b'(' => close + balanced(rest.get(close..)?, b'(', b')')?,
        b'[' => close + balanced(rest.get(close..)?, b'[', b']')?,
        _ => return None,
    };
    Some((1..close - 1, end))
}

/// How far a bracket may be from its partner: a bound on the work that odd input makes.
const LONGEST: usize = 2048;

/// One past the bracket that closes the first byte's.
fn balanced(rest: &[u8], open: u8, close: u8) -> Option<usize> {
    let mut depth = 0usize;
    for (n, b) in rest.iter().enumerate().take(LONGEST) {
        if *b == open {
            depth += 1;
        } else if *b == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(n + 1);
            }
        }
    }
    None
}

/// The end of an emoji short code such as `:fire:`.
fn shortcode(rest: &[u8]) -> Option<usize> {
    let body = rest.get(1..)?;
    let len = body
        .iter()
        .take_while(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'+' | b'-')
        })
        .count();
    let named = body.first().is_some_and(u8::is_ascii_lowercase) && len > 1;
    (named && body.get(len) == Some(&b':')).then_some(len + 2)
}

/// The first character, and how many bytes it takes; bytes that are no UTF-8 count one by one.
fn decode(rest: &[u8]) -> (char, usize) {
    let head = rest.get(..4.min(rest.len())).unwrap_or_default();
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => {
            std::str::from_utf8(head.get(..e.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    valid
        .chars()
        .next()
        .map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8()))
}

/// Characters that take no room: joiners, byte-order marks, emoji variants, controls.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' | '\u{2060}'
    ) || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::Plain;

    fn shown(text: &str) -> String {
        Plain::of(text.as_bytes(), 0..text.len())
            .as_str()
            .to_owned()
    }

    #[test]
    fn markup_goes_and_words_stay() {
        assert_eq!(shown("**10:05 AM:** pager went"), "10:05 AM: pager went");
        assert_eq!(shown("`2:00 AM` \u{2013} up"), "2:00 AM \u{2013} up");
        assert_eq!(
            shown("<b>End:</b>&nbsp;noon &amp; after"),
            "End: noon & after"
        );
        assert_eq!(
            shown("see [the chart](http://c.example/a_(b)) now"),
            "see the chart now"
        );
        assert_eq!(
            shown("![up](a.png)[Start Time + 1 hour]"),
            "[Start Time + 1 hour]"
        );
        assert_eq!(shown(":fire: db_primary _was_ down"), "db_primary was down");
        assert_eq!(shown("5 * 3 at 10:20:30"), "5 * 3 at 10:20:30");
        assert_eq!(shown("a <https://x.example> b"), "a <https://x.example> b");
    }

    #[test]
    fn a_piece_ends_with_its_last_word() {
        let source = b"**Title: it broke**  ";
        assert_eq!(Plain::of(source, 0..source.len()).whole(), 2..17);
    }

    #[test]
    fn words_know_their_place() {
        let source = b"- **End:** 12:30 (UTC)";
        let plain = Plain::of(source, 2..source.len());
        let at = plain.as_str().find("12:30").unwrap_or_default();
        assert_eq!(&source[plain.source(at..at + 5)], b"12:30");
        assert_eq!(plain.whole(), 4..22);
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        for bytes in [
            &b"\xff\xfe<"[..],
            b"&#xffffffff;",
            b"[a](",
            b"![",
            b"\\",
            b"*",
        ] {
            let _ = Plain::of(bytes, 0..bytes.len());
        }
    }
}
