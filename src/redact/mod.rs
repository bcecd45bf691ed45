//! What must not leave the house: secrets, and on request what names people and machines, become
//! pseudonyms such as `<token-1>`.
//!
//! One rule a file; each finds ranges in a text and knows nothing of the others. A value keeps its
//! pseudonym in everything that a run prints. Only what is printed is looked at, never every line
//! of a log.

mod card;
mod choice;
mod email;
mod ip;
mod key;
mod ledger;
mod name;
mod secret;
mod token;

pub use choice::Choice;
pub use ledger::Tally;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use ledger::Ledger;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What a rule looks for: who wants it redacted decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Secret,
    Email,
    Ip,
    Name,
}

/// One sort of thing that is redacted.
struct Rule {
    class: Class,
    /// One of these is in every text that the rule finds something in, in any letter case; none if
    /// the rule is cheap enough to look for itself.
    hints: &'static [&'static str],
    find: fn(&str, &mut Vec<Found>),
}

/// All rules. Where two find the same text the upper one names it.
static RULES: &[Rule] = &[
    key::RULE,
    token::RULE,
    secret::RULE,
    card::RULE,
    email::RULE,
    ip::RULE,
    name::RULE,
];

/// A stretch of text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    range: Range<usize>,
    kind: &'static str,
}

/// Finds the hints of all rules in one pass; pattern numbers tell the rule.
fn hints() -> Option<&'static (AhoCorasick, Vec<usize>)> {
    static HINTS: OnceLock<Option<(AhoCorasick, Vec<usize>)>> = OnceLock::new();
    let build = || {
        let each = RULES.iter().enumerate();
        let each = each.flat_map(|(n, r)| r.hints.iter().map(move |h| (*h, n)));
        let (words, rules): (Vec<_>, Vec<_>) = each.unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            // A few dozen words: a table of all steps is small, and every value passes it.
            .kind(Some(AhoCorasickKind::DFA))
            .build(words);
        Some((automaton.ok()?, rules))
    };
    HINTS.get_or_init(build).as_ref()
}

/// Replaces what must not be printed, and remembers by what.
#[derive(Debug)]
pub struct Redactor {
    choice: Choice,
    /// Names of people at hand, longest first.
    people: OnceLock<Vec<String>>,
    ledger: Mutex<Ledger>,
}

impl Redactor {
    /// A redactor for what is chosen; `people` are the names that the inputs give to people.
    #[must_use]
    pub fn new(choice: Choice, people: impl IntoIterator<Item = String>) -> Self {
        let redactor = Self {
            choice,
            people: OnceLock::new(),
            ledger: Mutex::default(),
        };
        redactor.learn(people);
        redactor
    }

    /// Names of people to look for; those that are told first count.
    pub fn learn(&self, people: impl IntoIterator<Item = String>) {
        let people = name::at_hand(people);
        if self.choice.names && !people.is_empty() {
            let _ = self.people.set(people);
        }
    }

    /// The text with pseudonyms. Numbers are given in the order of the calls.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found = self.find(text);
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.known(text, &mut found);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let number = |f: &Found, value: &str| ledger.pseudonym(f.kind, value);
        Cow::Owned(replace(text, found, number))
    }

    /// Lines that follow each other, each redacted; a private key may run over several.
    pub fn redact_lines(&self, lines: &mut [String]) {
        let inside = if self.choice.secrets {
            key::inside(lines)
        } else {
            vec![false; lines.len()]
        };
        for (line, inside) in lines.iter_mut().zip(inside) {
            if inside {
                let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
                *line = ledger.pseudonym(key::KIND, line.trim());
            } else if let Cow::Owned(redacted) = self.redact(line) {
                *line = redacted;
            }
        }
    }

    /// The text with pseudonyms that [`settle`](Self::settle) numbers later: for threads, whose
    /// order must not show.
    #[must_use]
    pub fn mark<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.find(text) {
            found if found.is_empty() => Cow::Borrowed(text),
            found => Cow::Owned(replace(text, found, |f, value| ledger::mark(f.kind, value))),
        }
    }

    /// The same for the value of a field, whose name may tell what it is.
    #[must_use]
    pub fn mark_field<'t>(&self, name: &str, value: &'t str) -> Cow<'t, str> {
        let whole = if self.choice.secrets && secret::is_secret(name, value) {
            Some(secret::kind(name))
        } else {
            (self.choice.names && name::is_named(name) && !value.is_empty()).then_some(name::KIND)
        };
        whole.map_or_else(
            || self.mark(value),
            |kind| Cow::Owned(ledger::mark(kind, value)),
        )
    }

    /// A marked text with its numbers, given in the order of the calls.
    #[must_use]
    pub fn settle<'t>(&self, marked: &'t str) -> Cow<'t, str> {
        self.ledger
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .settle(marked)
    }

    /// What was replaced so far, by kind.
    #[must_use]
    pub fn tally(&self) -> Vec<Tally> {
        self.ledger
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .tally()
    }

    /// What is to be replaced in a text, in order, without overlap.
    fn find(&self, text: &str) -> Vec<Found> {
        let mut hit = [false; RULES.len()];
        if let Some((automaton, rules)) = hints() {
            for found in automaton.find_overlapping_iter(text) {
                if let Some(hit) = rules
                    .get(found.pattern().as_usize())
                    .and_then(|n| hit.get_mut(*n))
                {
                    *hit = true;
                }
            }
        }
        let mut found: Vec<Found> = Vec::new();
        let mut own = Vec::new();
        for (rule, hit) in RULES.iter().zip(hit) {
            if !self.choice.wants(rule.class) || !(hit || rule.hints.is_empty()) {
                continue;
            }
            (rule.find)(text, &mut own);
            keep_apart(&mut found, &mut own);
        }
        if self.choice.names {
            let people = self.people.get().map_or(&[][..], Vec::as_slice);
            name::find_people(text, people, &mut own);
            keep_apart(&mut found, &mut own);
        }
        found.sort_by_key(|f| f.range.start);
        found
    }
}

/// Moves to `found` what overlaps nothing there and is no pseudonym itself.
fn keep_apart(found: &mut Vec<Found>, own: &mut Vec<Found>) {
    for new in own.drain(..) {
        let apart = |f: &Found| new.range.end <= f.range.start || f.range.end <= new.range.start;
        if !new.range.is_empty() && found.iter().all(apart) {
            found.push(new);
        }
    }
}

fn replace(
    text: &str,
    found: Vec<Found>,
    mut pseudonym: impl FnMut(&Found, &str) -> String,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for f in found {
        out.push_str(text.get(done..f.range.start).unwrap_or_default());
        out.push_str(&pseudonym(
            &f,
            text.get(f.range.clone()).unwrap_or_default(),
        ));
        done = f.range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// A pattern of this module; one that does not compile finds nothing, and the test of every rule
/// fails.
fn pattern(
    cell: &'static OnceLock<Option<regex::Regex>>,
    text: &str,
) -> Option<&'static regex::Regex> {
    cell.get_or_init(|| regex::Regex::new(text).ok()).as_ref()
}

#[cfg(test)]
mod tests;
