//! The updates of a status page: what was said under the name of a state, and behind it when; the
//! last one often stands first.

use super::block::Shape;
use super::lead::Time;
use super::moment::{self, Mention};
use super::outline::Part;
use super::timeline::Entry;
use std::ops::Range;

/// The states that status pages tell an incident by.
const STATES: &[&str] = &[
    "investigating",
    "identified",
    "monitoring",
    "update",
    "mitigated",
    "recovering",
    "verifying",
    "resolved",
    "scheduled",
    "in progress",
    "completed",
];
/// Those that end it.
const LAST: &[&str] = &["resolved", "completed"];

/// The updates of a page, the first one first; none unless there are two of different states.
pub(crate) fn updates(parts: &[Part]) -> Vec<Entry> {
    let mut found: Vec<(&str, Entry)> = Vec::new();
    let mut open: Option<Open> = None;
    for (number, part) in parts.iter().enumerate() {
        if part.block.shape == Shape::Code {
            continue;
        }
        let text = part.text();
        let mut from = 0;
        if let Some((state, body)) = state(text) {
            open = Some(Open { state, said: None });
            from = body;
        }
        let Some(update) = open.as_mut() else {
            continue;
        };
        if let Some(mention) = closing(text, from) {
            let entry = update.close(number, part, from, mention);
            // "Resolved: 21:15" is a field, and says nothing that was told.
            if !entry.text.is_empty() {
                found.push((update.state, entry));
            }
            open = None;
        } else if update.said.is_none() && from < text.len() {
            update.said = Some((number, from..text.len()));
        }
    }
    let states = |n: &str| found.iter().any(|(s, _)| *s != n);
    let Some((first, _)) = found.first().filter(|(s, _)| states(s)) else {
        return Vec::new();
    };
    let newest_first = LAST.contains(first) || falls(&found);
    let mut entries: Vec<Entry> = found.into_iter().map(|(_, entry)| entry).collect();
    if newest_first {
        entries.reverse();
    }
    entries
}

/// An update whose time has not come yet.
struct Open {
    state: &'static str,
    /// The part with its words.
    said: Option<(usize, Range<usize>)>,
}

impl Open {
    /// The update, with the time that closes it.
    fn close(&mut self, number: usize, part: &Part, from: usize, mut mention: Mention) -> Entry {
        let words = from..from.max(words_end(part.text(), mention.range.start));
        let (at, text, zone) = match self.said.take() {
            // The time stands in a part of its own: its places are not places of the words'.
            Some((at, said)) if words.is_empty() => {
                mention.range = said.clone();
                (at, said, mention.zone.take())
            }
            _ => (number, words, None),
        };
        Entry {
            time: Some(Time::Clock(mention)),
            day: None,
            zone,
            part: at,
            text,
            counts: true,
        }
    }
}

/// The state that a text begins with, and where its words go on: `Resolved`, `Resolved - All is
/// well`, `[Update] …`.
fn state(text: &str) -> Option<(&'static str, usize)> {
    let plain = text.trim_start_matches(['[', '*', '#', ' ']);
    let state = STATES.iter().find(|s| {
        plain
            .get(..s.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(s))
    })?;
    let rest = plain.get(state.len()..)?.trim_start_matches([']', '*']);
    let body = rest.trim_start();
    let said = body.trim_start_matches(['-', '–', '—', ':']);
    let marked = body.is_empty() || said.len() < body.len() || plain.len() < text.len();
    marked.then(|| (*state, text.len() - said.trim_start().len()))
}

/// The time that a text ends with.
fn closing(text: &str, from: usize) -> Option<Mention> {
    let last = moment::mentions(text)
        .into_iter()
        .rfind(|m| m.clock.is_some() && m.range.start >= from)?;
    let zone = last.zone.as_ref().map_or(0, |z| z.range.end);
    let rest = text.get(last.range.end.max(zone)..)?;
    let named = rest.trim_matches(|c: char| !c.is_alphanumeric());
    (named.len() <= 5 && last.day.is_some()).then_some(last)
}

/// Where the words before a time end, without "Posted 2 hours ago.".
fn words_end(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let cut = before.rfind("Posted").filter(|n| before.len() - n < 40);
    let before = before.get(..cut.unwrap_or(at)).unwrap_or_default();
    before.trim_end_matches([' ', '\n', '-', '(', '·']).len()
}

/// Whether the first update is later than the last.
fn falls(found: &[(&str, Entry)]) -> bool {
    let key = |entry: &Entry| {
        let (mention, clock) = entry.clock()?;
        let day = mention.day?;
        Some((day.year, day.month, day.day, clock.nanos))
    };
    match (found.first(), found.last()) {
        (Some((_, first)), Some((_, last))) => key(first) > key(last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::account::read;

    fn told(text: &str) -> Vec<(String, String)> {
        let account = read(text.as_bytes()).expect("a document");
        let timed = account.notes.iter().filter_map(|n| Some((n.at?, n)));
        timed
            .map(|(at, n)| (at.notation(), n.text.clone()))
            .collect()
    }

    #[test]
    fn a_page_with_the_last_update_first() {
        let text = "# Slow exports\n\n## Resolved\nExports are as quick as ever.\nPosted 3 days ago. Mar 4, 2025 - 16:20 UTC\n\n\
            ## Identified\nA queue is full.\nPosted 3 days ago. Mar 4, 2025 - 15:32 UTC\n\n\
            ## Investigating\nExports take an hour.\nPosted 3 days ago. Mar 4, 2025 - 15:05 UTC\n";
        let mut told = told(text);
        told.sort();
        assert_eq!(
            told,
            [
                (
                    "2025-03-04T15:05:00Z".into(),
                    "Exports take an hour.".into()
                ),
                ("2025-03-04T15:32:00Z".into(), "A queue is full.".into()),
                (
                    "2025-03-04T16:20:00Z".into(),
                    "Exports are as quick as ever.".into()
                ),
            ]
        );
        let account = read(text.as_bytes()).expect("a document");
        let fact = |name: &str| {
            account
                .facts
                .iter()
                .find(|f| f.name == name)
                .and_then(|f| f.value.as_text().map(str::to_owned))
        };
        assert_eq!(fact("start").as_deref(), Some("2025-03-04T15:05"));
        assert_eq!(fact("end").as_deref(), Some("2025-03-04T16:20"));
    }

    #[test]
    fn times_in_parts_of_their_own() {
        let text = "<h1>Mail is late</h1><div><strong>Resolved</strong> - Nothing waits any more.<br><small>May 2, 11:02 CEST</small></div>\n\
            <div class=\"update\">\n<p><strong>Investigating</strong> - Mail waits for minutes.</p><p><small>May <var>2</var>, <var>10:14</var> CEST</small></p></div>";
        let mut told = told(text);
        told.sort();
        let said: Vec<&str> = told.iter().map(|(_, said)| said.as_str()).collect();
        assert_eq!(said, ["Mail waits for minutes.", "Nothing waits any more."]);
    }

    #[test]
    fn what_is_no_status_page() {
        let text = "# Update of the manual\nUpdate - the chapter on errors is new.\nMay 2, 2025 11:02 UTC\n\n\
            Update - the incident form moved.\nMay 3, 2025 11:02 UTC\n";
        assert_eq!(read(text.as_bytes()), None);
        let fields = "Carts were lost\n\nStart: 2025-05-02 11:02 UTC\nMitigated: 2025-05-02 12:40 UTC\n\
            Resolved: 2025-05-02 13:10 UTC\n\nImpact: all users.\n\n11:02 deploy\n11:20 alert\n12:40 redeployed\n";
        assert_eq!(told(fields).len(), 3);
    }
}
