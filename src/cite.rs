//! Citations, and the types that keep a statement from being made without one.
//!
//! A [`Cite`] is a place in the decompressed bytes of an input. Line numbers are
//! worked out when a report is written ([`crate::source::Library::locate`]), so the
//! analysis needs no line counter and its results do not depend on where a
//! file was cut.

use std::fmt;

/// An input, by its place in the sorted list of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// The bytes of one entry, or of the part of an entry that a record stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cite {
    /// The input.
    pub file: FileId,
    /// First byte in the decompressed text.
    pub offset: u64,
    /// Length in bytes.
    pub len: u32,
}

/// One or more citations; there is no empty evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    first: Cite,
    rest: Vec<Cite>,
}

/// Citations that a statement shows; further ones say no more.
const SHOWN: usize = 6;

impl Evidence {
    /// Evidence with this citation.
    #[must_use]
    pub const fn new(first: Cite) -> Self {
        Self {
            first,
            rest: Vec::new(),
        }
    }

    /// Evidence with these citations in this order, if there are any; at most six are kept.
    pub fn of(cites: impl IntoIterator<Item = Cite>) -> Option<Self> {
        let mut cites = cites.into_iter();
        let mut evidence = Self::new(cites.next()?);
        cites.for_each(|c| evidence.add(c));
        Some(evidence)
    }

    /// Adds a citation unless it is there already or there are enough.
    pub fn add(&mut self, cite: Cite) {
        if self.rest.len() + 1 < SHOWN && self.iter().all(|c| c != cite) {
            self.rest.push(cite);
        }
    }

    /// This evidence and that of `other`.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        other.iter().for_each(|c| self.add(c));
        self
    }

    /// The first citation.
    #[must_use]
    pub const fn first(&self) -> Cite {
        self.first
    }

    /// All citations.
    pub fn iter(&self) -> impl Iterator<Item = Cite> + '_ {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }
}

impl From<Cite> for Evidence {
    fn from(cite: Cite) -> Self {
        Self::new(cite)
    }
}

/// How a claim is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Measured in, or recorded by, a machine's own data.
    Observed,
    /// Concluded from observations by a rule.
    Inferred,
    /// Somebody said so.
    Claimed,
}

impl Grade {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Claimed => "claimed",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value with the rule that found it and the evidence it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<T> {
    /// What is claimed.
    pub value: T,
    /// How it is known.
    pub grade: Grade,
    /// The rule that made the claim.
    pub rule: &'static str,
    /// What it rests on.
    pub evidence: Evidence,
}

/// One line of the draft: said with evidence, or asked of people. There is no third kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A statement and what it rests on.
    Said {
        /// The statement, one or more sentences without citations.
        text: String,
        /// What it rests on.
        evidence: Evidence,
    },
    /// What the evidence cannot know.
    Ask {
        /// The question.
        prompt: String,
    },
}

impl Line {
    /// A statement.
    pub fn said(text: impl Into<String>, evidence: Evidence) -> Self {
        Self::Said {
            text: text.into(),
            evidence,
        }
    }

    /// A question.
    pub fn ask(prompt: impl Into<String>) -> Self {
        Self::Ask {
            prompt: prompt.into(),
        }
    }
}

/// Something the reader should know about how the inputs were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub weight: Weight,
    /// What it is, with the way out where there is one.
    pub message: String,
    /// Where, if it is about certain entries.
    pub evidence: Option<Evidence>,
}

/// How much a [`Notice`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Good to know.
    Info,
    /// Something was assumed or left out.
    Warning,
    /// An input could not be read.
    Error,
}

impl Weight {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Notice {
    /// A notice about no entry in particular.
    pub fn new(weight: Weight, message: impl Into<String>) -> Self {
        Self {
            weight,
            message: message.into(),
            evidence: None,
        }
    }
}
