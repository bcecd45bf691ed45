//! The words of a message, and what stands before each.

use crate::token::role::{Role, role};

/// Words beyond these are not looked at.
const MOST: usize = 48;

/// What stands before a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lead {
    /// Blanks, quotes, brackets, nothing.
    #[default]
    Free,
    /// `=`, or a colon and a blank: the word before may be its name.
    Named,
    /// A colon alone, as before a port.
    Tight,
    /// `|`: a cell of its own.
    Bar,
}

#[derive(Clone, Copy, Debug, Default)]
struct Word {
    from: usize,
    to: usize,
    lead: Lead,
}

/// The words of one line.
pub(super) struct Words<'m> {
    line: &'m str,
    all: [Word; MOST],
    len: usize,
    /// What stands behind the last.
    end: Lead,
}

impl<'m> Words<'m> {
    pub(super) fn of(line: &'m str) -> Self {
        let mut words = Self {
            line,
            all: [Word::default(); MOST],
            len: 0,
            end: Lead::Free,
        };
        let bytes = line.as_bytes();
        let (mut at, mut lead) = (0, Lead::Free);
        while at < bytes.len() && words.len < MOST {
            let rest = bytes.get(at..).unwrap_or_default();
            let len = length(rest);
            if len == 0 {
                lead = lead_of(rest, lead);
                at += 1;
                continue;
            }
            words.push(Word {
                from: at,
                to: at + len,
                lead,
            });
            (at, lead) = (at + len, Lead::Free);
        }
        words.end = lead;
        words
    }

    fn push(&mut self, word: Word) {
        if let Some(room) = self.all.get_mut(self.len) {
            *room = word;
            self.len += 1;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn get(&self, at: usize) -> Option<Word> {
        self.all.get(at).filter(|_| at < self.len).copied()
    }

    /// A word; nothing behind the last.
    pub(super) fn text(&self, at: usize) -> &'m str {
        let text = self.get(at).and_then(|w| self.line.get(w.from..w.to));
        text.unwrap_or_default()
    }

    /// From the beginning of one word to the end of another.
    pub(super) fn between(&self, from: usize, to: usize) -> Option<&'m str> {
        self.line.get(self.get(from)?.from..self.get(to)?.to)
    }

    pub(super) fn lead(&self, at: usize) -> Lead {
        self.get(at).map_or(self.end, |w| w.lead)
    }

    /// Whether the word before is this one's name.
    pub(super) fn is_named(&self, at: usize) -> bool {
        at > 0
            && at < self.len
            && matches!(self.lead(at), Lead::Named | Lead::Tight)
            && self
                .text(at - 1)
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b"_-.".contains(&b))
    }

    /// Whether a word is neither the name nor the value of a pair.
    pub(super) fn is_free(&self, at: usize) -> bool {
        let is_value = |at: usize| self.is_named(at) && self.is_pair(at);
        !is_value(at) && !is_value(at + 1)
    }

    /// Whether more than blanks and words stands before a word: `[r17] 500`, `| 500`.
    pub(super) fn is_parted(&self, at: usize) -> bool {
        let Some(word) = self.get(at) else {
            return false;
        };
        let Some(before) = at.checked_sub(1).and_then(|n| self.get(n)) else {
            return true;
        };
        let gap = self.line.get(before.to..word.from).unwrap_or_default();
        let parts = gap.bytes().any(|b| !b.is_ascii_whitespace()) && self.lead(at) != Lead::Tight;
        parts || self.text(at - 1).bytes().all(|b| b == b'-')
    }

    /// Whether an equals sign stands between a word and its name.
    pub(super) fn is_pair(&self, at: usize) -> bool {
        let (Some(name), Some(value)) = (at.checked_sub(1).and_then(|n| self.get(n)), self.get(at))
        else {
            return false;
        };
        self.line
            .get(name.to..value.from)
            .is_some_and(|between| between.contains('='))
    }

    /// What a word is by the name before it.
    pub(super) fn role(&self, at: usize) -> Option<Role> {
        self.is_named(at)
            .then(|| role(self.text(at - 1)))?
            .map(|(role, _)| role)
    }

    /// Whether a word is the value of a pair of this name.
    pub(super) fn is_called(&self, at: usize, name: &str) -> bool {
        self.is_named(at) && self.is_pair(at) && self.text(at - 1).eq_ignore_ascii_case(name)
    }

    /// Whether a word is one of these, in whatever case.
    pub(super) fn is_one_of(&self, at: usize, list: &[&str]) -> bool {
        let text = self.text(at);
        !text.is_empty() && list.iter().any(|word| text.eq_ignore_ascii_case(word))
    }

    /// `->`, `=>`, `→`.
    pub(super) fn is_arrow(&self, at: usize) -> bool {
        let text = self.text(at);
        text == "\u{2192}" || text.ends_with('>') && text.trim_matches(['-', '=', '>']).is_empty()
    }

    /// `HTTP/1.1`.
    pub(super) fn is_protocol(&self, at: usize) -> bool {
        let text = self.text(at);
        text.get(..5)
            .is_some_and(|t| t.eq_ignore_ascii_case("http/"))
    }

    /// The word behind a path: arrows, dashes and the protocol are passed over.
    pub(super) fn behind(&self, path: usize) -> Option<usize> {
        let filler = |at: usize| {
            let text = self.text(at);
            self.is_arrow(at)
                || self.is_protocol(at)
                || text.bytes().all(|b| b"-.".contains(&b))
                || matches!(text, "\u{2014}" | "\u{2013}" | "\u{2026}" | "\u{b7}")
        };
        (path + 1..self.len).find(|at| !filler(*at))
    }
}

const SEPARATORS: &[u8] = b" \t\"'`()[]{},;|=";

/// How far a word goes; 0 where none begins.
fn length(i: &[u8]) -> usize {
    // An arrow of two is no pair.
    if i.starts_with(b"=>") || i.starts_with(b"==>") {
        return i.iter().take_while(|b| b"=>".contains(b)).count();
    }
    if i.first() == Some(&b'/') {
        let ends = |b: &u8| b" \t\"'`|".contains(b);
        let len = i.iter().position(ends).unwrap_or(i.len());
        let path = i.get(..len).unwrap_or_default();
        let closing = path
            .iter()
            .rev()
            .take_while(|b| b",;:)]}.".contains(b))
            .count();
        return (len - closing).max(1);
    }
    let mut len = 0;
    while let Some(byte) = i.get(len) {
        if SEPARATORS.contains(byte) || *byte == b':' && parts(i, len) {
            break;
        }
        len += 1;
    }
    // A sentence's dot.
    let word = i.get(..len).unwrap_or_default();
    match word {
        [before @ .., b'.'] if before.last().is_some_and(u8::is_ascii_alphanumeric) => len - 1,
        _ => len,
    }
}

/// Whether a colon parts a word from the next: not that of `http://`, nor between digits.
fn parts(i: &[u8], at: usize) -> bool {
    let next = i.get(at + 1);
    let time = at > 0 && i.get(at - 1).is_some_and(u8::is_ascii_digit);
    match next {
        None | Some(b' ' | b'\t' | b'"' | b'\'') => true,
        Some(b'/') => i.get(at + 2) != Some(&b'/'),
        Some(next) => !(time && next.is_ascii_digit()) && next.is_ascii_alphanumeric(),
    }
}

/// What a separator makes of what stands before the next word.
fn lead_of(i: &[u8], before: Lead) -> Lead {
    match (i, before) {
        ([b'=', ..], _) | ([b':', b' ' | b'\t' | b'"' | b'\'', ..], _) => Lead::Named,
        ([b':', ..], _) => Lead::Tight,
        ([b'|', ..], _) => Lead::Bar,
        ([b',' | b';' | b')' | b']' | b'}', ..], Lead::Named | Lead::Tight) => Lead::Free,
        _ => before,
    }
}
