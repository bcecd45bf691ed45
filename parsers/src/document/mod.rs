//! The reader of written postmortems: what a document that a person wrote says about
//! an incident, and where it says so.
//!
//! A document becomes blocks ([`block`]), the blocks get their sections ([`outline`]),
//! and from these come the timeline ([`timeline`], [`dating`]), the facts of the head
//! ([`window`], [`span`], [`share`]) and all other statements. Nothing is added that the
//! document does not say; every statement keeps its bytes.

mod account;
pub(crate) mod apply;
mod block;
mod broke;
pub(crate) mod build;
mod conflict;
mod counted;
mod dating;
pub(crate) mod diary;
mod facts;
mod grammar;
mod lead;
mod moment;
mod nearby;
mod outline;
mod plain;
pub(crate) mod playbook;
mod quantity;
mod range;
mod section;
mod share;
mod shown;
mod span;
mod timeline;
mod updates;
mod window;
mod zone;

pub use account::{Account, Fact, Note, read};
pub use conflict::Conflict;
pub use nearby::window_before;
pub use quantity::{Amount, Quantity, quantities};

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
    let lead = lead::lead(text)?;
    if let lead::Time::Clock(mention) = &lead.time {
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

/// The time that an item of a list or a row of a table begins with, to the second where it says so.
pub(crate) fn item_time(text: &str) -> Option<Written> {
    let text = text.get(..text.floor_char_boundary(160)).unwrap_or(text);
    let lead = lead::lead(text)?;
    let lead::Time::Clock(mention) = &lead.time else {
        return None;
    };
    mention.clock?;
    let before = text.get(..mention.range.start)?;
    let spoken = before.contains(char::is_alphabetic) && mention.day.is_none();
    (!spoken).then_some(Written {
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
        // Only then is the word looked for: a text may be all stops.
        if opens && !is_short(text.get(from..at).unwrap_or_default()) {
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

/// Whether a text ends with a word that a stop only shortens.
fn is_short(text: &str) -> bool {
    let word = text.rsplit([' ', '(']).next().unwrap_or_default();
    let short = [
        "e.g", "i.e", "approx", "ca", "vs", "Mr", "Ms", "Dr", "St", "No", "a.m", "p.m", "A.M",
        "P.M",
    ];
    short.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{leading_time, read, sentences};
    use proptest::prelude::*;

    /// Each stop once had the text before it searched for a word: a megabyte took hours.
    #[test]
    fn a_text_of_stops_alone_ends() {
        assert_eq!(sentences(&"a.m.".repeat(1 << 19)).len(), 1);
        assert_eq!(sentences("At 10 a.m. The team. Then").len(), 2);
    }

    proptest! {
        /// Pieces of documents in any order, and bytes that are none: read or not, but no panic,
        /// and every statement stands inside the document.
        #[test]
        fn any_bytes_are_harmless(pieces in prop::collection::vec(piece(), 0..40)) {
            let text = pieces.concat();
            let _ = leading_time(&text);
            if let Some(account) = read(&text) {
                let facts = account.facts.iter().map(|f| f.part.clone());
                for part in facts.chain(account.notes.iter().map(|n| n.part.clone())) {
                    prop_assert!(part.start <= part.end && part.end <= text.len(), "{part:?}");
                }
            }
        }
    }

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let known = prop::sample::select(vec![
            "# Postmortem: outage\n",
            "## Timeline\n",
            "**Impact:** ",
            "- ",
            "| ",
            " |\n",
            "```\n",
            "<p>",
            "<li>",
            "[Start Time + 10 minutes] ",
            "T+",
            "10:30 AM",
            "24:00",
            " to 6 GMT",
            "2024-02-30",
            "31/12/2023 ",
            "Feb 29",
            "100% of users",
            "2 hours and ",
            "–",
            "🔥",
            "\n",
            "\n\n",
            "[a](",
            "&#x110000;",
            "resolved.",
            "affected ",
            "Root cause: error\n",
            "Start time: ",
            "End: ",
            "Duration: ",
            "00:10 - ",
            "a.m.",
            "UTC+14:00 ",
            "\t",
        ]);
        prop_oneof![
            8 => known.prop_map(|t: &str| t.as_bytes().to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..6),
        ]
    }

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
