//! Which words of a message carry its meaning, and whether two messages share one.

use crate::lexicon::subject;
use std::collections::BTreeSet;

/// Letters (five) that two forms of one word begin with: "conntrack", "connections" stay apart, "lagging", "lags" not.
const STEM: usize = 5;

/// Words of talk, which say nothing about what is talked of.
#[rustfmt::skip]
const TALK: &[&str] = &[
    "maybe", "perhaps", "could", "might", "think", "guess", "something", "somebody", "someone",
    "anything", "anybody", "anyone", "nothing", "everything", "check", "checked", "checking",
    "look", "looks", "looking", "like", "seems", "seem", "again", "today", "yesterday", "last",
    "week", "time", "first", "thought", "suspect", "see", "saw", "still", "just", "only", "other",
    "more", "less", "much", "many", "some", "what", "when", "why", "how", "been", "did", "does",
    "done", "make", "made", "get", "got", "had", "has", "have", "there", "here", "their", "your",
    "our", "no", "not", "yes", "fine", "okay", "healthy", "normal", "same", "too", "very",
    "previous", "before", "after", "since", "bet", "money", "wild", "possible", "possibly",
    "probably", "theory", "idea", "hypothesis", "say", "says", "said", "happened", "happen",
    "thing", "things", "stuff", "problem", "issue", "cause", "errors", "error", "because", "also",
    "back", "take", "took", "went", "out",
];

/// The words of a message that carry meaning, stemmed; a topic of the trade by its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(BTreeSet<String>);

impl Words {
    pub(super) fn of(folded: &str) -> Self {
        let spaced: String = folded
            .chars()
            .map(|c| {
                if matches!(c, '/' | ',' | ';' | ':' | '(' | ')') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let keys = subject::keys(&spaced.replace('\n', " "));
        let telling = |k: &String| k.len() > 1 && !TALK.contains(&k.as_str());
        let parts = keys.into_iter().filter(telling).flat_map(|key| {
            let inner: Vec<String> = key.split(['-', '_', '.']).map(stem).collect();
            inner.into_iter().chain([stem(&key)])
        });
        Self(parts.filter(|w| w.len() > 1).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(super) fn share(&self, other: &Words) -> bool {
        self.0.iter().any(|w| other.0.contains(w))
    }
}

fn stem(word: &str) -> String {
    word.chars().take(STEM).collect()
}
