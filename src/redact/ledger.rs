//! Which value goes by which pseudonym.

use super::{Found, pattern};
use regex::Regex;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Values this long are known again where nothing beside them tells what they are.
const TELLING: usize = 8;

/// What was replaced of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// token, password, key, cookie, card, email, ip, name.
    pub kind: &'static str,
    /// Different values.
    pub values: usize,
}

/// Values and their pseudonyms; kinds have their own numbers.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    numbers: BTreeMap<String, (&'static str, usize)>,
    counts: BTreeMap<&'static str, usize>,
    /// By what [`mark`] gave them.
    marked: BTreeMap<String, usize>,
}

impl Ledger {
    /// A value's pseudonym: that of its first sight, whatever it was taken for then.
    pub(super) fn pseudonym(&mut self, kind: &'static str, value: &str) -> String {
        if let Some((kind, n)) = self.numbers.get(value) {
            return shown(kind, *n);
        }
        let n = count(&mut self.counts, kind);
        self.numbers.insert(value.to_owned(), (kind, n));
        shown(kind, n)
    }

    /// Adds the places of secrets that were seen before.
    pub(super) fn known(&self, text: &str, found: &mut Vec<Found>) {
        let before = found.len();
        for (value, (kind, _)) in &self.numbers {
            let telling = value.len() >= TELLING && value.bytes().any(|b| b.is_ascii_digit());
            if !telling || value.len() > text.len() {
                continue;
            }
            for at in memchr::memmem::find_iter(text.as_bytes(), value.as_bytes()) {
                let range = at..at + value.len();
                let apart = |f: &Found| range.end <= f.range.start || f.range.end <= range.start;
                let whole = !text[..at].ends_with(char::is_alphanumeric)
                    && !text[range.end..].starts_with(char::is_alphanumeric);
                if whole && found.iter().all(apart) {
                    found.push(Found { range, kind });
                }
            }
        }
        if found.len() > before {
            found.sort_by_key(|f| f.range.start);
        }
    }

    /// Numbers in the place of marks.
    pub(super) fn settle<'t>(&mut self, marked: &'t str) -> Cow<'t, str> {
        static MARK: OnceLock<Option<Regex>> = OnceLock::new();
        let Some(marks) = pattern(&MARK, "<([a-z]+)~([0-9a-f]{16})>") else {
            return Cow::Borrowed(marked);
        };
        marks.replace_all(marked, |found: &regex::Captures<'_>| {
            let kind = KINDS.iter().find(|k| **k == &found[1]);
            kind.map_or_else(
                || found[0].to_owned(),
                |kind| {
                    let n = match self.marked.get(&found[0]) {
                        Some(n) => *n,
                        None => {
                            let n = count(&mut self.counts, kind);
                            self.marked.insert(found[0].to_owned(), n);
                            n
                        }
                    };
                    shown(kind, n)
                },
            )
        })
    }

    pub(super) fn tally(&self) -> Vec<Tally> {
        let each = self.counts.iter();
        each.map(|(kind, values)| Tally {
            kind,
            values: *values,
        })
        .collect()
    }
}

/// Every kind that a rule names.
const KINDS: [&str; 8] = [
    "token", "password", "key", "cookie", "card", "email", "ip", "name",
];

fn count(counts: &mut BTreeMap<&'static str, usize>, kind: &'static str) -> usize {
    let n = counts.entry(kind).or_default();
    *n += 1;
    *n
}

fn shown(kind: &str, n: usize) -> String {
    format!("<{kind}-{n}>")
}

/// A pseudonym without a number yet. Never printed: it would let a guessed value be confirmed.
pub(super) fn mark(kind: &str, value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    let head: [u8; 8] = digest.first_chunk().copied().unwrap_or_default();
    format!("<{kind}~{:016x}>", u64::from_be_bytes(head))
}
