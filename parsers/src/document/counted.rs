//! What a share is of, told by the words around it: users, something else that is counted, or those
//! for whom it works.

use super::section::has_word;
use std::ops::Range;

/// Words for the people who use a service.
pub(super) const USERS: &[&str] = &[
    "user",
    "customer",
    "client",
    "visitor",
    "subscriber",
    "people",
    "player",
    "account",
    "member",
    "merchant",
    "tenant",
    "viewer",
    "audience",
    "student",
    "shopper",
    "consumer",
    "participant",
    "employee",
    "developer",
    "everyone",
];

/// What is counted, too, and is not people.
const THINGS: &[&str] = &[
    "request",
    "error",
    "call",
    "quer",
    "cpu",
    "memory",
    "capacity",
    "node",
    "server",
    "instance",
    "disk",
    "pod",
    "transaction",
    "order",
    "traffic",
    "session",
    "test",
    "job",
];

/// All of a service's traffic is all of its users'.
const WHOLE: &[&str] = &[
    "traffic",
    "request",
    "infrastructure",
    "site",
    "website",
    "service",
    "system",
    "platform",
];

pub(super) const HARM: &[&str] = &[
    "affect",
    "impact",
    "down",
    "unavailab",
    "outage",
    "fail",
    "disrupt",
    "unable",
    "los",
];

const RECOVERY: &[&str] = &[
    "restor",
    "recover",
    "back",
    "resum",
    "success",
    "uptime",
    "goal",
    "target",
    "availability of",
];

/// What stands before and after a place, as far as it may say what the place is about: a line of
/// a megabyte is no sentence.
pub(super) fn around(sentence: &str, place: Range<usize>) -> (&str, &str) {
    const FAR: usize = 400;
    let before = sentence.get(..place.start).unwrap_or_default();
    let after = sentence.get(place.end..).unwrap_or_default();
    let from = before.ceil_char_boundary(before.len().saturating_sub(FAR));
    let to = after.floor_char_boundary(FAR);
    (
        before.get(from..).unwrap_or_default(),
        after.get(..to).unwrap_or_default(),
    )
}

pub(super) enum Counted {
    Users,
    Whole,
}

/// What a percentage is of: "of our total user base".
pub(super) fn counted(after: &str) -> Option<Counted> {
    let clause = after.split([',', ';', '(', ')']).next().unwrap_or_default();
    for word in clause.split_whitespace().take(9) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if matches!(word, "and" | "but" | "while" | "so" | "when" | "because") {
            return None;
        }
        if USERS.iter().any(|u| word.starts_with(u)) {
            return Some(Counted::Users);
        }
        if WHOLE.iter().any(|w| word.starts_with(w)) {
            return Some(Counted::Whole);
        }
        if THINGS.iter().any(|t| word.starts_with(t)) {
            return None;
        }
    }
    None
}

/// Whether the words before a percentage ask for the share of users: "Users affected: ".
pub(super) fn asks_users(before: &str) -> bool {
    if before.len() > 80 {
        return false;
    }
    let users = USERS.iter().any(|u| has_word(before, u));
    let harm = ["affected", "impacted", "percentage of", "% of"]
        .iter()
        .any(|w| before.contains(w));
    let thing = THINGS.iter().any(|t| has_word(before, t));
    users && harm && !thing
}

/// The percentage is of those for whom it works.
pub(super) fn recovers(before: &str, after: &str) -> bool {
    let near = |text: &str, w: &str, last: bool| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let few: Vec<&str> = if last {
            words.iter().rev().take(6).copied().collect()
        } else {
            words.iter().take(8).copied().collect()
        };
        few.iter().any(|t| {
            t.trim_start_matches(|c: char| !c.is_alphanumeric())
                .starts_with(w)
        })
    };
    RECOVERY
        .iter()
        .any(|w| near(before, w, true) || near(after, w, false))
        || after.contains("not affected")
        || after.contains("unaffected")
}
