//! Stage 1: a message cut into the parts of its template.

use super::hash::{of_parts, word_hash};
use super::word;

/// Bytes of a message that its template is made of; the rest is seldom constant.
pub(super) const LOOKED_AT: usize = 512;

/// What stands at a place of a template, as one number: a hole, a punctuation mark, or the
/// hash of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Code(u64);

const WORD: u64 = 1 << 63;

impl Code {
    pub(super) const HOLE: Self = Self(0);

    pub(super) const fn mark(byte: u8) -> Self {
        Self(byte as u64)
    }

    fn word(bytes: &[u8]) -> Self {
        Self(word_hash(bytes) | WORD)
    }

    pub(super) const fn is_word(self) -> bool {
        self.0 & WORD != 0
    }

    /// The byte of a mark; 0 of a hole.
    const fn byte(self) -> Option<u8> {
        #[allow(clippy::cast_possible_truncation)]
        match self.0 {
            0..=255 => Some(self.0 as u8),
            _ => None,
        }
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }
}

/// A part of a template and the bytes of the message that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) code: Code,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The parts of one message; used again for the next, so that none costs an allocation.
#[derive(Clone, Debug, Default)]
pub struct Lexemes {
    parts: Vec<Lexeme>,
}

impl Lexemes {
    /// Cuts the first line of a message.
    pub(super) fn read(&mut self, message: &str) {
        self.parts.clear();
        let bytes = first_line(message.as_bytes());
        let mut announced = false;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte == b' ' || byte == b'\t' {
                at += 1;
                continue;
            }
            if byte == b'.' && bytes.get(at..at + 3) == Some(b"...") {
                at += word::dots(bytes.get(at..).unwrap_or_default());
                continue;
            }
            let start = at;
            let code = if word::is_separator(byte) {
                at += 1;
                announced = false;
                Code::mark(byte)
            } else {
                let rest = bytes.get(start..).unwrap_or_default();
                let (length, value) = self.value(rest, bytes.get(start.wrapping_sub(1)));
                let text = rest.get(..length).unwrap_or(rest);
                at += length.max(1);
                if value || announced && !word::goes_on(text) {
                    announced = false;
                    Code::HOLE
                } else if self.ends_in_hole() && word::is_unit(text) {
                    continue;
                } else {
                    announced = word::announces_name(text);
                    Code::word(text)
                }
            };
            #[allow(clippy::cast_possible_truncation)]
            let (start, end) = (start as u32, at as u32);
            push(&mut self.parts, Lexeme { code, start, end });
        }
    }

    pub(super) fn parts(&self) -> &[Lexeme] {
        &self.parts
    }

    /// The hash of the parts in their order.
    pub(super) fn fingerprint(&self) -> u64 {
        of_parts(self.parts.iter().map(|part| part.code.0))
    }

    fn ends_in_hole(&self) -> bool {
        self.parts.last().is_some_and(|p| p.code == Code::HOLE)
    }

    /// How long the word that `rest` begins with is, and whether it is a value.
    fn value(&self, rest: &[u8], before_it: Option<&u8>) -> (usize, bool) {
        let (length, class) = word::scan(rest);
        if word::opens_path(rest, length, class) {
            return (word::path_length(rest, length), true);
        }
        let text = rest.get(..length).unwrap_or(rest);
        if let Some(before) = word::leader(text, class) {
            return self.value(text.get(..before).unwrap_or(text), before_it);
        }
        let value = class.is_value(text) || before_it == Some(&b':') && self.is_hex_pair(text);
        (length, value)
    }

    /// The rest of an address in pairs: in `00:1b:af` the last has no digit.
    fn is_hex_pair(&self, text: &[u8]) -> bool {
        text.len() <= 4
            && matches!(self.parts.as_slice(), [.., before, _] if before.code == Code::HOLE)
            && text.iter().all(u8::is_ascii_hexdigit)
    }
}

fn first_line(message: &[u8]) -> &[u8] {
    // Not within a character, or what is kept of a message would have another signature than it.
    let inside = |at: &usize| message.get(*at).is_some_and(|b| b & 0xc0 == 0x80);
    let end = (0..=LOOKED_AT).rev().find(|at| !inside(at)).unwrap_or(0);
    let looked_at = message.get(..end).unwrap_or(message);
    let end = memchr::memchr2(b'\n', b'\r', looked_at).unwrap_or(looked_at.len());
    looked_at.get(..end).unwrap_or(looked_at)
}

/// Adds a part, so that how many values stand somewhere, and in which brackets, does not
/// make another template.
pub(super) fn push(parts: &mut Vec<Lexeme>, mut part: Lexeme) {
    if part.code.is_word() {
        return parts.push(part);
    }
    loop {
        match part.code {
            Code::HOLE => {
                if join_hole(parts, part) {
                    return;
                }
                if matches!(parts.last(), Some(p) if p.code == Code::mark(b'<')) {
                    part.start = parts.pop().map_or(part.start, |p| p.start);
                    continue;
                }
            }
            closing => {
                if let Some(opening) = opening_of(closing)
                    && let Some(inside) = close(parts, opening, part)
                {
                    let Some(hole) = inside else { return };
                    part = hole;
                    continue;
                }
            }
        }
        parts.push(part);
        return;
    }
}

/// Joins a hole to one before it, if only `:` `,` `;` `-` or nothing stands between.
fn join_hole(parts: &mut Vec<Lexeme>, hole: Lexeme) -> bool {
    let between = |code: Code| matches!(code.byte(), Some(b':' | b',' | b';' | b'-'));
    let kept = parts
        .iter()
        .rposition(|p| !between(p.code))
        .filter(|at| matches!(parts.get(*at), Some(p) if p.code == Code::HOLE));
    let Some(at) = kept else { return false };
    parts.truncate(at + 1);
    if let Some(last) = parts.last_mut() {
        last.end = hole.end;
    }
    true
}

fn opening_of(closing: Code) -> Option<Code> {
    let opening = match closing.byte()? {
        b')' => b'(',
        b']' => b'[',
        b'}' => b'{',
        b'>' => b'<',
        _ => return None,
    };
    Some(Code::mark(opening))
}

/// What brackets come to whose inside is empty or a hole: `Some(None)` nothing,
/// `Some(Some(hole))` that hole; `None` leaves them.
fn close(parts: &mut Vec<Lexeme>, opening: Code, closing: Lexeme) -> Option<Option<Lexeme>> {
    let (length, round) = (parts.len(), opening == Code::mark(b'('));
    let from = match parts.as_slice() {
        [.., a] if a.code == opening => length - 1,
        [.., a, b] if a.code == opening && b.code == Code::HOLE => length - 2,
        _ => return None,
    };
    let empty = from + 1 == length;
    let start = parts.get(from).map_or(closing.start, |p| p.start);
    parts.truncate(from);
    let after_hole = matches!(parts.last(), Some(p) if p.code == Code::HOLE);
    if round && (empty || after_hole) {
        if let Some(last) = parts.last_mut().filter(|_| after_hole) {
            last.end = closing.end;
        }
        return Some(None);
    }
    Some(Some(Lexeme {
        code: Code::HOLE,
        start,
        end: closing.end,
    }))
}
