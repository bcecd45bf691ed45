//! The comment at the end of a draft: which lines recon wrote, and what they said.

use sha2::{Digest, Sha256};
use std::fmt;

/// How the comment begins.
const BEGIN: &str = "<!-- recon:draft 1 template=";
const END: &str = "-->";
/// Entries on a line of the comment.
const ACROSS: usize = 4;

/// What a draft knows of its own making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// The template that it was made with.
    pub(super) template: String,
    /// Its lines, in order.
    pub(super) entries: Vec<Entry>,
}

/// One line that recon wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The hash of what it is known by.
    pub(super) key: String,
    /// The hash of the line as it was written; none if people have taken it over.
    pub(super) shown: Option<String>,
    /// The hash of what the evidence said.
    pub(super) fact: String,
}

impl Entry {
    /// A line that recon keeps.
    pub(super) fn own(key: &str, shown: &str, fact: &str) -> Self {
        Self {
            key: digest(key),
            shown: Some(digest(shown)),
            fact: digest(fact),
        }
    }

    /// A line that is people's now; the evidence for it said this when they last saw it.
    pub(super) fn left(key: &str, fact: String) -> Self {
        Self {
            key: digest(key),
            shown: None,
            fact,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (key, shown, fact) = (parts.next()?, parts.next()?, parts.next());
        let is_hash = |t: &str| t.len() == 10 && t.bytes().all(|b| b.is_ascii_hexdigit());
        let entry = Self {
            key: key.to_owned(),
            shown: (shown != "-").then(|| shown.to_owned()),
            fact: fact.unwrap_or(shown).to_owned(),
        };
        let shown = entry.shown.as_deref().is_none_or(is_hash);
        (is_hash(&entry.key) && is_hash(&entry.fact) && shown && parts.next().is_none())
            .then_some(entry)
    }
}

/// The beginning of a hash of a line, without what editors strip at its end.
pub(super) fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.trim_end().as_bytes());
    let hex = hash.iter().take(5).map(|b| format!("{b:02x}"));
    hex.collect()
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name may hold what would end the comment.
        let template = self
            .template
            .replace("--", "- -")
            .replace(['\n', '\r'], " ");
        writeln!(f, "\n{BEGIN}{template}")?;
        writeln!(
            f,
            "By this comment a later run of recon knows its own lines from yours, and keeps yours."
        )?;
        for row in self.entries.chunks(ACROSS) {
            let row: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(f, "{}", row.join(" "))?;
        }
        writeln!(f, "{END}")
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shown {
            Some(shown) if *shown == self.fact => write!(f, "{}:{shown}", self.key),
            Some(shown) => write!(f, "{}:{shown}:{}", self.key, self.fact),
            None => write!(f, "{}:-:{}", self.key, self.fact),
        }
    }
}

impl Marker {
    /// The comment of a draft, and the draft without it; none if it has none that is whole.
    pub(super) fn find(file: &str) -> Option<(Self, String)> {
        let at = file.rfind(BEGIN)?;
        let (before, comment) = (file.get(..at)?, file.get(at + BEGIN.len()..)?);
        let (inside, after) = comment.split_once(END)?;
        let mut lines = inside.lines();
        let template = lines.next()?.trim().replace("- -", "--");
        let entries: Option<Vec<Entry>> = lines
            .skip(1)
            .flat_map(str::split_whitespace)
            .map(Entry::read)
            .collect();
        let entries = entries.filter(|e| !e.is_empty())?;
        Some((Self { template, entries }, format!("{before}{after}")))
    }
}
