//! Which words are about which incident.

use super::group::{Group, SLACK};
use super::{names, words_of};
use crate::cite::FileId;
use crate::lexicon::{Act, Subject, same};
use crate::signal::{Sign, Signal};
use std::collections::BTreeMap;

/// The share of what the liveliest channel says that makes another one of the incident's.
const LIVELY: f32 = 0.4;
/// What a channel says that makes it one of the incident's whatever the others say.
const TELLING: f32 = 4.0;

/// People's words, silences and changes in reach of each.
pub(super) fn hear<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal]) {
    let ends: Vec<(i64, i64)> = groups.iter().map(|g| (g.from, g.to)).collect();
    // The next incident is one that begins after this one has ended: others are beside it.
    let next = |to: i64| ends.iter().map(|e| e.0).find(|from| *from > to);
    let reach: Vec<(i64, i64)> = groups
        .iter()
        .map(|g| g.heard(next(g.to).unwrap_or(i64::MAX)))
        .collect();
    let talk: Vec<&'s Signal> = signals
        .iter()
        .copied()
        .filter(|s| matches!(s.sign, Sign::Said(_)))
        .collect();
    for (n, said) in assign(groups, &talk, &reach).into_iter().enumerate() {
        groups[n].said = main_channels(&said);
        groups[n].notice(signals, reach[n].1);
    }
}

/// Alerts that nothing measured ties to an incident, but people's suspicions do: the warning about
/// connections that made them look at the database belongs to the story, though it was no part of
/// the trouble.
pub(super) fn join_suspected<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal]) {
    for signal in signals {
        let Sign::Alert(alert) = &signal.sign else {
            continue;
        };
        if groups.iter().any(|g| g.alerts.contains(signal)) {
            continue;
        }
        let service = signal.service.as_deref().unwrap_or_default();
        let about = format!("{service} {}", apart(&alert.name));
        let Some(about) = Subject::new(&about) else {
            continue;
        };
        let during = |g: &&mut Group<'s>| (g.from - SLACK..=g.to).contains(&signal.from.nanos);
        let own = groups
            .iter_mut()
            .filter(during)
            .find(|g| is_suspected(g, &about));
        if let Some(group) = own {
            group.alerts.push(signal);
            group
                .alerts
                .sort_by_key(|a| (a.from.nanos, a.evidence.first()));
        }
    }
}

fn is_suspected(group: &Group<'_>, about: &Subject) -> bool {
    let acts = [Act::Hypothesis, Act::RuledOut];
    let said = group.said.iter().filter_map(|s| words_of(s));
    said.flat_map(|w| &w.statements)
        .filter(|x| acts.contains(&x.act) && x.score >= 0.6)
        .any(|x| x.subject.as_ref().is_some_and(|s| same(s, about)))
}

/// `HighLoad` as people would write it: `High Load`.
fn apart(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut small = false;
    for c in name.chars() {
        if c.is_uppercase() && small {
            out.push(' ');
        }
        small = c.is_lowercase();
        out.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    out
}

/// Which words are about which incident. Where several are in reach, a channel goes on about
/// the one that it named last.
fn assign<'s>(
    groups: &[Group<'s>],
    talk: &[&'s Signal],
    reach: &[(i64, i64)],
) -> Vec<Vec<&'s Signal>> {
    let mut all: Vec<Vec<&'s Signal>> = vec![Vec::new(); groups.len()];
    let within = |n: usize, s: &Signal| (reach[n].0..=reach[n].1).contains(&s.from.nanos);
    let named = |s: &Signal, rivals: &[usize]| -> Option<usize> {
        let text = words_of(s).map(|w| w.text.as_str()).unwrap_or_default();
        let names = |n: &usize| groups[*n].names().any(|own| names::mentions(text, own));
        let mut found = rivals.iter().copied().filter(names);
        found.next().filter(|_| found.next().is_none())
    };
    // What each channel is mostly about.
    let mut votes: BTreeMap<(FileId, usize), usize> = BTreeMap::new();
    for signal in talk {
        let rivals: Vec<usize> = (0..groups.len()).filter(|n| within(*n, signal)).collect();
        if let Some(n) = named(signal, &rivals).filter(|_| rivals.len() > 1) {
            *votes.entry((signal.evidence.first().file, n)).or_default() += 1;
        }
    }
    let mut topic: BTreeMap<FileId, usize> = BTreeMap::new();
    for ((file, n), count) in &votes {
        let best = topic.get(file).and_then(|t| votes.get(&(*file, *t)));
        if best.is_none_or(|b| count > b) {
            topic.insert(*file, *n);
        }
    }
    for signal in talk {
        let rivals: Vec<usize> = (0..groups.len()).filter(|n| within(*n, signal)).collect();
        let file = signal.evidence.first().file;
        if let Some(n) = named(signal, &rivals) {
            topic.insert(file, n);
        }
        match topic.get(&file).filter(|n| rivals.contains(n)) {
            Some(n) => all[*n].push(signal),
            None => rivals.iter().for_each(|n| all[*n].push(signal)),
        }
    }
    all
}

/// The channels in which the incident is worked on: in others people chat of other things.
fn main_channels<'s>(said: &[&'s Signal]) -> Vec<&'s Signal> {
    let channel = |s: &Signal| -> FileId { s.evidence.first().file };
    let mut weight: BTreeMap<FileId, f32> = BTreeMap::new();
    for signal in said {
        if let Sign::Said(words) = &signal.sign {
            *weight.entry(channel(signal)).or_default() +=
                words.statements.iter().map(|s| s.score).sum::<f32>();
        }
    }
    let most = weight.values().copied().fold(0.0, f32::max);
    let enough = (most * LIVELY).min(TELLING);
    said.iter()
        .filter(|s| weight.get(&channel(s)).is_some_and(|w| *w >= enough))
        .copied()
        .collect()
}
