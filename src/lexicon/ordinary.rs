//! Changes of every day: what is described as one may cause an incident, but nobody repairs one with it.

use super::{cues, fold};
use regex::Regex;
use std::sync::LazyLock;

/// What such a change is about.
static ORDINARY: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:routine|scheduled|regular|nightly|weekly|housekeeping|chores?|tidy(?:ing)?(?: up)?|clean-?ups?|cosmetics?|translations?|i18n|l10n|wording|copy (?:changes?|tweaks?|edits?|updates?)|typos?|docs?|documentation|readme|changelog|lint(?:er|ing)?|refactor(?:s|ed|ing)?|(?:dependenc(?:y|ies)|deps|library|libraries|libs?) (?:bumps?|updates?|upgrades?)|(?:bump|bumps|update|upgrade) (?:of )?(?:dependenc(?:y|ies)|deps|libs?|libraries)|log (?:format|levels?|messages?|wording|texts?)|logging tweaks?|dashboards?|styling|css|icons?|unit tests?|test coverage|no functional changes?|feature release|minor release)\b",
    )
});

/// What a repair is called.
static REPAIRS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:roll(?:ed|ing|s)?[- ]?back|rollback|revert\w*|undo\w*|hot-?fix\w*|fix(?:es|ed)?|patch\w*|restor\w*|mitigat\w*|repair\w*|incident|inc-?\d+|outage|emergency|urgent|break-?glass)\b",
    )
});

/// Whether a change is described as one of every day.
pub fn is(description: &str) -> bool {
    let folded = fold::fold(description);
    ORDINARY.is_match(&folded) && !REPAIRS.is_match(&folded)
}

#[cfg(test)]
mod tests {
    use super::is;

    #[test]
    fn what_is_done_every_day_repairs_nothing() {
        for ordinary in [
            "deploy 8.2 of kiln: dependency bumps",
            "Routine release",
            "new translations for the order page",
            "bump deps, no functional change",
        ] {
            assert!(is(ordinary), "{ordinary}");
        }
        for repair in [
            "deploy 8.2 of kiln",
            "hotfix: wrong log level floods the disk",
            "revert dependency bumps",
            "raise the pool limit",
            "docker image 4.1",
        ] {
            assert!(!is(repair), "{repair}");
        }
    }
}
