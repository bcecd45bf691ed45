//! How long a request took, as a message says it: `in 65ms`, `took 0.041 s`, `dur=41 ms`.

use super::words::Words;
use crate::token::duration::{Unit, millis};
use crate::token::role::Role;

/// A duration as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Took<'m> {
    /// The number, and its unit where one stands behind it.
    pub text: &'m str,
    /// The unit where none does.
    pub unit: Unit,
}

impl Took<'_> {
    /// In milliseconds.
    #[must_use]
    pub fn ms(self) -> Option<f64> {
        millis(self.text, self.unit)
    }
}

/// Units that stand as words of their own.
pub(super) const UNITS: &[&str] = &[
    "ms",
    "msec",
    "millis",
    "milliseconds",
    "s",
    "sec",
    "secs",
    "seconds",
    "us",
    "\u{b5}s",
    "\u{3bc}s",
    "ns",
];
/// Names of durations that other entries have other uses for.
const NAMES: &[&str] = &["dur", "time", "lat", "ms", "dur_ms", "durms"];
/// What stands before a duration that is not that of the request: `timeout 30s`.
const OTHER: &[&str] = &[
    "after", "timeout", "limit", "deadline", "budget", "wait", "backoff", "every", "ttl", "age",
    "max", "idle", "delay", "retry", "for", "of",
];

/// The first duration: that of a pair, else that of a number with a unit.
/// `status` is the place of the status: what stands `after` that is how long it took to get it.
pub(super) fn took<'m>(
    words: &Words<'m>,
    status: Option<usize>,
    by_digits: &mut bool,
) -> Option<Took<'m>> {
    let all = 0..words.len();
    let mut named = all.clone().filter_map(|at| {
        let unit = match words.role(at) {
            Some(Role::Latency(unit)) => unit,
            _ if words.is_named(at) && words.is_one_of(at - 1, NAMES) => Unit::Millis,
            _ => return None,
        };
        measured(words, at, Some(unit), by_digits)
    });
    if let Some(found) = named.next() {
        return Some(found);
    }
    let mut free = all.filter(|at| {
        let before = at.checked_sub(1);
        let ended = |b: usize| b > 0 && status == Some(b - 1) && words.is_one_of(b, &["after"]);
        !words.is_named(*at) && !before.is_some_and(|b| words.is_one_of(b, OTHER) && !ended(b))
    });
    free.find_map(|at| {
        let bare = at.checked_sub(1).filter(|b| words.is_one_of(*b, &["took"]));
        measured(words, at, bare.map(|_| Unit::Millis), by_digits)
    })
}

/// The duration that stands at a place; without a unit of its own only if one is given.
fn measured<'m>(
    words: &Words<'m>,
    at: usize,
    usual: Option<Unit>,
    by_digits: &mut bool,
) -> Option<Took<'m>> {
    let text = words.text(at);
    let digits = text
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let (number, suffix) = text.split_at_checked(digits)?;
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let apart = suffix.is_empty() && UNITS.contains(&words.text(at + 1)) && !words.is_named(at + 1);
    let text = if apart {
        words.between(at, at + 1)?
    } else if suffix.is_empty() || UNITS.contains(&suffix) {
        text
    } else {
        // With other digits it may be a number with an exponent, or one of several units.
        *by_digits = true;
        return None;
    };
    let unit = match usual {
        Some(unit) => unit,
        None if apart || !suffix.is_empty() => Unit::Millis,
        None => return None,
    };
    let found = Took { text, unit };
    *by_digits |= found.ms().is_none();
    found.ms().map(|_| found)
}
