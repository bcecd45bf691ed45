//! Verbs that take more than one word to tell what they do.

use super::super::names::is_version;
use super::Words;

impl Words<'_> {
    /// `rotate log files` is about no secret.
    pub(super) fn rotates(&self, at: usize) -> Option<&'static str> {
        const FILES: [&str; 5] = ["log", "logs", "logfile", "logfiles", "dumps"];
        let word = |n: usize| Some(self.0.get(n)?.text.to_ascii_lowercase());
        let files = (1..=2).any(|n| word(at + n).is_some_and(|w| FILES.contains(&w.as_str())));
        (files && word(at)?.starts_with("rotat")).then_some("config")
    }

    /// `roll back`, `quay back to 2.5.9`.
    pub(super) fn goes_back(&self, at: usize) -> bool {
        let is = |n: usize, word: &str| {
            let found = self.0.get(n);
            found.is_some_and(|w| w.text.eq_ignore_ascii_case(word))
        };
        let version = |n: usize| self.0.get(n).is_some_and(|w| is_version(w.text));
        let rolls = is(at, "roll") || is(at, "rolling") || is(at, "rolls");
        rolls && is(at + 1, "back") || is(at, "back") && is(at + 1, "to") && version(at + 2)
    }
}
