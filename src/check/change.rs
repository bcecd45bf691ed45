//! Changes that a claim names by what it changed to: a version, a flag, a pull request.

use super::evidence::{Happening, is_version};
use super::timing::{Dated, REACH};
use crate::lexicon::Act;

/// The record of a change that a claim names (by a version, a flag, a pull request) and says to have
/// been made.
pub(super) fn changed<'h>(claim: &Dated<'_>, happenings: &'h [Happening]) -> Option<&'h Happening> {
    const MADE: [&str; 12] = [
        "deploy",
        "released",
        "rolled",
        "rollback",
        "pushed",
        "shipped",
        "reverted",
        "applied",
        "merged",
        "restarted",
        "enabled",
        "disabled",
    ];
    let thinking = [
        Act::Identified,
        Act::Hypothesis,
        Act::RuledOut,
        Act::Investigating,
    ];
    let lower = claim.told.text.to_lowercase();
    let made = MADE.iter().any(|w| lower.contains(w));
    if !made || thinking.iter().any(|a| claim.acts.contains(a)) {
        return None;
    }
    let overlap = |h: &Happening| claim.words.intersection(&h.words).count();
    let same = |h: &&Happening| {
        let apart = (h.at - claim.at).abs();
        h.change
            && (claim.told.tolerance..=REACH).contains(&apart)
            && claim.words.intersection(&h.words).any(|w| names(w))
    };
    // A change of that name at the stated time is the one that is meant.
    let met = happenings.iter().any(|h| {
        h.change
            && (h.at - claim.at).abs() < claim.told.tolerance
            && claim.words.intersection(&h.words).any(|w| names(w))
    });
    let changes = happenings.iter().filter(same).filter(|_| !met);
    changes.max_by_key(|h| (overlap(h), -(h.at - claim.at).abs()))
}

/// A word that names one thing among many: a version, a ticket, a commit.
fn names(word: &str) -> bool {
    let lettered = word.chars().any(char::is_alphabetic);
    let numbered = word.chars().any(|c| c.is_ascii_digit());
    word.len() >= 4 && numbered && (lettered || is_version(word))
}

/// Whether a record names what the claim and the change name.
pub(super) fn shares_name(claim: &Dated<'_>, record: &Happening, change: &Happening) -> bool {
    let mut both = claim.words.intersection(&change.words).filter(|w| names(w));
    both.any(|w| record.words.contains(w))
}
