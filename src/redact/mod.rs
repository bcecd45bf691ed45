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

/// Finds the hints of the rules that are wanted in one pass; pattern numbers tell the rule.
#[derive(Debug)]
struct Hints {
    automaton: AhoCorasick,
    rules: Vec<usize>,
    /// The same for texts in which every digit is `0`.
    outlined: AhoCorasick,
}

impl Hints {
    fn of(choice: Choice) -> Option<Self> {
        let wanted = RULES.iter().enumerate();
        let wanted = wanted.filter(|(_, rule)| choice.wants(rule.class));
        let each = wanted.flat_map(|(n, rule)| rule.hints.iter().map(move |h| (*h, n)));
        let (words, rules): (Vec<_>, Vec<_>) = each.unzip();
        let outlined = words.iter().map(|word| blanked(word));
        let automaton = |words: Vec<String>| {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true);
            // A few dozen words: a table of all steps is small, and every value passes it.
            builder.kind(Some(AhoCorasickKind::DFA)).build(words).ok()
        };
        Some(Self {
            outlined: automaton(outlined.collect())?,
            automaton: automaton(words.into_iter().map(str::to_owned).collect())?,
            rules,
        })
    }

    /// Which rules may find something in a text.
    fn hit(&self, text: &str) -> [bool; RULES.len()] {
        let mut hit = [false; RULES.len()];
        // Most texts hold no hint, and that is told faster than where all of them are.
        if !self.automaton.is_match(text) {
            return hit;
        }
        for found in self.automaton.find_overlapping_iter(text) {
            let rule = self.rules.get(found.pattern().as_usize());
            if let Some(hit) = rule.and_then(|n| hit.get_mut(*n)) {
                *hit = true;
            }
        }
        hit
    }
}

/// A word with `0` for every digit.
fn blanked(word: &str) -> String {
    let digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
    word.chars().map(digit).collect()
}

/// Replaces what must not be printed, and remembers by what.
#[derive(Debug)]
pub struct Redactor {
    choice: Choice,
    hints: Option<Hints>,
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
            hints: Hints::of(choice),
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

    /// The same for a field that is a whole number; none if it may be shown.
    #[must_use]
    pub fn mark_number(&self, name: &str, value: i64) -> Option<String> {
        // Digits alone are a secret by their name, or if they are as many as on a card.
        let many = value.unsigned_abs() >= card::LEAST;
        if !many && !self.watches(name) {
            return None;
        }
        match self.mark_field(name, &value.to_string()) {
            Cow::Owned(marked) => Some(marked),
            Cow::Borrowed(_) => None,
        }
    }

    /// Whether nothing in a text has to be replaced.
    #[must_use]
    pub fn is_clear(&self, text: &str) -> bool {
        self.find(text).is_empty()
    }

    /// Whether nothing has to be replaced in any text that is like this one: `outline` has `0` in the place of
    /// every digit, and nothing but `a` in that of a word that is hexadecimal, has six digits and more and
    /// both letters and digits. `false` is "not sure".
    #[must_use]
    pub fn is_clear_alike(&self, outline: &str) -> bool {
        let hints = self
            .hints
            .as_ref()
            .filter(|_| self.choice == Choice::SECRETS);
        hints.is_some_and(|h| !h.outlined.is_match(outline)) && !card::has_room(outline)
    }

    /// Whether the value of a field of this name may have to be replaced, whatever it looks like.
    #[must_use]
    pub fn watches(&self, name: &str) -> bool {
        self.choice.secrets && secret::names_secret(name)
            || self.choice.names && name::is_named(name)
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
        let hit = self.hints.as_ref().map(|h| h.hit(text));
        let hit = hit.unwrap_or_default();
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

/// A pattern that is put together of parts, once.
fn composed(
    cell: &'static OnceLock<Option<regex::Regex>>,
    text: impl FnOnce() -> String,
) -> Option<&'static regex::Regex> {
    cell.get_or_init(|| regex::Regex::new(&text()).ok())
        .as_ref()
}

#[cfg(test)]
mod tests;
