//! Where a statement places its act: production, a canary, a test environment.

use super::fold::Sentence;

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The environment that a statement names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// Where the users are.
    Production,
    /// A small part of production that gets a change first.
    Canary,
    /// Staging, test, development, somebody's laptop: no user is there.
    Staging,
}

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:(?P<not>not (?:yet )?(?:(?:on|in|to) )?|non-|pre-?)?(?P<live>production|live (?:site|traffic|environment|servers?|cluster|systems?))|(?P<canary>canary|canaries)|(?P<stage>staging|stg|(?:on|to|in) stage|uat|qa|pre-?production|pre-?prod|sandbox|(?:test|testing|dev|development|integration|demo|controlled) (?:env\w*|cluster|system|servers?|stack|box)|(?:on|in|to) (?:dev|test)|locally|localhost|(?:my|his|her|a|local) (?:laptop|machine)))\b",
    )
});

/// The environment of the words at `trigger`: the one named behind them in their
/// clause, else the last one before them in the sentence.
///
/// "Promoting the fix from staging to production" is about production: of two
/// named behind the words, the last is where the act ends up.
pub(super) fn around(sentence: &Sentence<'_>, trigger: &Range<usize>) -> Option<Environment> {
    let clause = sentence.clause(trigger.start);
    let own = sentence.text.get(trigger.start..clause.end).unwrap_or("");
    let before = sentence.text.get(..trigger.start).unwrap_or("");
    named(own).or_else(|| named(before))
}

/// The last environment that `text` names.
pub(super) fn named(text: &str) -> Option<Environment> {
    NAME.captures_iter(text)
        .filter_map(|found| environment(&found))
        .last()
}

fn environment(found: &regex::Captures<'_>) -> Option<Environment> {
    if found.name("canary").is_some() {
        Some(Environment::Canary)
    } else if found.name("stage").is_some() {
        Some(Environment::Staging)
    } else {
        match found.name("not").map(|not| not.as_str()) {
            None => Some(Environment::Production),
            // "not production" denies one environment and names no other.
            Some(not) if not.starts_with("not") => None,
            Some(_) => Some(Environment::Staging),
        }
    }
}
