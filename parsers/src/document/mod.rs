//! The reader of written postmortems: what a document that a person wrote says about
//! an incident, and where it says so.
//!
//! A document becomes blocks ([`block`]), the blocks get their sections ([`outline`]),
//! and from these come the timeline ([`timeline`], [`dating`]), the facts of the head
//! ([`window`], [`span`], [`share`]) and all other statements. Nothing is added that the
//! document does not say; every statement keeps its bytes.

mod account;
mod block;
mod dating;
mod moment;
mod outline;
mod plain;
mod section;
mod share;
mod span;
mod timeline;
mod window;
mod zone;

pub use account::{Account, Fact, Note, read};

use crate::stamp::Reading;
use std::ops::Range;

/// The time that a person wrote at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The time.
    pub at: Reading,
    /// Where the line goes on after it, in bytes.
    pub body: usize,
}

/// The clock time that a line begins with, as people write it: to the minute, or from a start.
/// Programs write seconds.
#[must_use]
pub fn leading_time(line: &[u8]) -> Option<Written> {
    let text = std::str::from_utf8(line).ok()?;
    let text = text.get(..text.floor_char_boundary(160)).unwrap_or(text);
    let lead = timeline::lead(text)?;
    if let timeline::Time::Clock(mention) = &lead.time {
        let clock = mention.clock?;
        // "From 10:30 on …" is a sentence of a document.
        let spoken = text
            .get(..mention.range.start)
            .is_some_and(|t| t.contains(char::is_alphabetic) && mention.day.is_none());
        if clock.seconds || spoken {
            return None;
        }
    }
    Some(Written {
        at: dating::lone(&lead.time)?,
        body: lead.body,
    })
}

/// The sentences of a text. A stop ends one only before a space and a capital, a digit or a mark:
/// "at 10 a.m. the" goes on.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, stop) in text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?'))
    {
        let end = at + stop.len_utf8();
        let rest = text.get(end..).unwrap_or_default();
        let next = rest.trim_start_matches(['"', '\'', ')', '”', '’']);
        let first = next.trim_start().chars().next();
        let opens = next.starts_with(' ') && first.is_none_or(|c| !c.is_lowercase());
        let word = text.get(from..at).unwrap_or_default();
        let word = word.rsplit([' ', '(']).next().unwrap_or_default();
        let short = [
            "e.g", "i.e", "approx", "ca", "vs", "Mr", "Ms", "Dr", "St", "No", "a.m", "p.m", "A.M",
            "P.M",
        ];
        if opens && !short.contains(&word) {
            let closed = end + rest.len() - next.len();
            found.push(from..closed);
            from = closed + next.len() - next.trim_start().len();
        }
    }
    if text.get(from..).is_some_and(|t| !t.trim().is_empty()) {
        found.push(from..text.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn sentences_end_at_stops() {
        let text =
            "It broke at 10 a.m. on May 3. Nobody saw. Version 1.2.3 (e.g. Build 7) was out!";
        let found: Vec<_> = sentences(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(
            found,
            [
                "It broke at 10 a.m. on May 3.",
                "Nobody saw.",
                "Version 1.2.3 (e.g. Build 7) was out!"
            ]
        );
    }
}
