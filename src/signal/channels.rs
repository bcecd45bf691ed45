//! Conversations: what is said in one channel, and in the one that people move to when it gets serious.

use crate::cite::FileId;
use crate::survey::Kept;
use recon_parsers::stamp::SECOND;
use std::collections::{BTreeMap, BTreeSet};

/// A channel that is opened so shortly (ten minutes) before or behind its name goes on with what was said.
const SOON: i64 = 600 * SECOND;

/// What was said in the order of time, under the file in which it began.
pub(super) struct Channel<'k> {
    pub(super) file: FileId,
    pub(super) said: Vec<&'k Kept>,
}

/// The conversations of messages that have a time.
pub(super) fn of<'k>(messages: impl Iterator<Item = &'k Kept>) -> Vec<Channel<'k>> {
    let mut files: BTreeMap<FileId, Vec<&'k Kept>> = BTreeMap::new();
    for kept in messages {
        files.entry(kept.cite.file).or_default().push(kept);
    }
    let mut channels: Vec<Channel<'k>> = files
        .into_iter()
        .map(|(file, said)| Channel { file, said })
        .collect();
    channels.iter_mut().for_each(Channel::sort);
    channels.sort_by_key(|c| (c.from(), c.file));
    let mut whole: Vec<Channel<'k>> = Vec::new();
    for channel in channels {
        match whole.iter_mut().find(|c| c.moves_to(&channel)) {
            Some(first) => {
                first.said.extend(channel.said);
                first.sort();
            }
            None => whole.push(channel),
        }
    }
    whole.sort_by_key(|c| c.file);
    whole
}

impl Channel<'_> {
    fn sort(&mut self) {
        self.said.sort_by_key(|k| (time(k), k.cite));
    }

    fn from(&self) -> Option<i64> {
        self.said.first().and_then(|k| time(k))
    }

    /// Whether somebody names a channel about when the other one begins, and who talks there has talked here.
    fn moves_to(&self, other: &Self) -> bool {
        let (Some(own), Some(start)) = (self.from(), other.from()) else {
            return false;
        };
        let about = start.saturating_sub(SOON)..=start.saturating_add(SOON);
        let then = |k: &&&Kept| time(k).is_some_and(|t| about.contains(&t));
        let here: BTreeSet<&str> = self.people().collect();
        own < start
            && other.people().any(|p| here.contains(p))
            && self
                .said
                .iter()
                .filter(then)
                .any(|k| names_channel(&k.record.message))
    }

    fn people(&self) -> impl Iterator<Item = &str> {
        let actors = self.said.iter().filter_map(|k| k.record.actor.as_ref());
        actors.map(|a| a.name.as_ref())
    }
}

fn time(kept: &Kept) -> Option<i64> {
    kept.at.map(|a| a.nanos)
}

/// "Moving to #inc-0412-ledger", but not "see #4711".
fn names_channel(text: &str) -> bool {
    let names = |word: &str| {
        let name = word
            .trim_start_matches(['(', '"', '<', '*'])
            .strip_prefix('#');
        name.is_some_and(|n| n.len() >= 3 && n.starts_with(|c: char| c.is_alphabetic()))
    };
    text.split_whitespace().any(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_has_a_name_and_a_ticket_a_number() {
        assert!(names_channel("ok, moving to #inc-0412-ledger please"));
        assert!(names_channel("(#war-room)"));
        assert!(!names_channel("see #4711 and C#"));
    }
}
