//! Which words are about which incident.

use super::group::{Group, SLACK};
use super::milestones::Milestones;
use super::model::{Milestone, Phase};
use super::timeline::{marks, phase};
use super::{names, words_of};
use crate::cite::FileId;
use crate::lexicon::{Act, Subject, same};
use crate::signal::{Place, Sign, Signal, apart};
use recon_parsers::stamp::SECOND;
use std::collections::BTreeMap;

/// The share of what the liveliest channel says that makes another one of the incident's.
const LIVELY: f32 = 0.4;
/// What a channel says that makes it one of the incident's whatever the others say.
const TELLING: f32 = 4.0;
/// Chat so long after the end (a quarter of an hour) is about something else, unless it says otherwise.
const AFTER: i64 = 900 * SECOND;

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
            *votes.entry((channel_of(signal), n)).or_default() += 1;
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
        let file = channel_of(signal);
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

fn channel_of(signal: &Signal) -> FileId {
    words_of(signal).map_or(signal.evidence.first().file, |w| w.channel)
}

/// The channels in which the incident is worked on: in others people chat of other things.
fn main_channels<'s>(said: &[&'s Signal]) -> Vec<&'s Signal> {
    let mut weight: BTreeMap<FileId, f32> = BTreeMap::new();
    for signal in said {
        if let Sign::Said(words) = &signal.sign {
            *weight.entry(channel_of(signal)).or_default() +=
                words.statements.iter().map(|s| s.score).sum::<f32>();
        }
    }
    let most = weight.values().copied().fold(0.0, f32::max);
    let enough = (most * LIVELY).min(TELLING);
    said.iter()
        .filter(|s| weight.get(&channel_of(s)).is_some_and(|w| *w >= enough))
        .copied()
        .collect()
}

/// Whether chat goes on about other things: long after somebody called it over, and neither about what failed nor
/// about the work that follows.
pub(super) fn is_afterthought(signal: &Signal, group: &Group<'_>, all: &Milestones) -> bool {
    let end = all[Milestone::Resolved as usize].as_ref();
    let late = end.is_some_and(|e| signal.from.nanos > e.claim.value.nanos.saturating_add(AFTER));
    let other = words_of(signal).is_some_and(|w| {
        let about = group.concerns(None, &w.text) || goes_back(signal, group);
        let about = about || phase(w) == Some(Phase::Followup);
        w.place == Place::Chat && !about
    });
    late && other && !marks(all, signal.evidence.first())
}

/// Whether words have one in common with what was suspected, found or done before.
fn goes_back(signal: &Signal, group: &Group<'_>) -> bool {
    let acts = [Act::Hypothesis, Act::Identified, Act::Fix, Act::Workaround];
    let working = |s: &&&Signal| {
        let said = words_of(s).map(|w| &w.statements);
        let works = said.is_some_and(|all| all.iter().any(|x| acts.contains(&x.act)));
        works && s.from.nanos < signal.from.nanos
    };
    let own = telling(signal);
    let mut earlier = group.said.iter().filter(working);
    earlier.any(|s| telling(s).iter().any(|w| own.contains(w)))
}

/// The words of a message that may say what it is about.
fn telling(signal: &Signal) -> Vec<String> {
    const SAY_NOTHING: [&str; 20] = [
        "about", "after", "again", "before", "could", "going", "looking", "looks", "maybe",
        "please", "right", "should", "since", "still", "thanks", "there", "think", "today",
        "works", "would",
    ];
    let text = words_of(signal).map_or("", |w| w.text.as_str());
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.map(str::to_lowercase);
    words
        .filter(|w| w.chars().count() > 4 && !SAY_NOTHING.contains(&w.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Claim, Evidence, Grade};
    use crate::incident::model::Marked;
    use crate::lexicon::{Names, hear};
    use crate::signal::Said;
    use recon_parsers::{Basis, Precision, Stamp};

    fn at(second: i64) -> Stamp {
        Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        }
    }

    fn cite(second: i64) -> Cite {
        Cite {
            file: FileId(0),
            offset: second.unsigned_abs(),
            len: 1,
        }
    }

    fn heard_at(second: i64, text: &str, place: Place) -> Signal {
        let heard = hear(text, &Names::default());
        Signal {
            rule: "human",
            from: at(second),
            to: None,
            service: None,
            sign: Sign::Said(Said {
                text: text.to_owned(),
                actor: None,
                place,
                channel: FileId(0),
                statements: heard.statements,
                asides: heard.asides,
            }),
            evidence: Evidence::new(cite(second)),
        }
    }

    /// Whether words at a second are told of a trouble of kiln that somebody called over at 5000.
    fn is_told(second: i64, text: &str, place: Place) -> bool {
        let signal = heard_at(second, text, place);
        let mut all = Milestones::default();
        all[Milestone::Resolved as usize] = Some(Marked::of(Claim {
            value: at(5000),
            grade: Grade::Claimed,
            rule: "human",
            evidence: Evidence::new(cite(5000)),
        }));
        let earlier = "root cause: the valves of the boiler were shut";
        let earlier = heard_at(1000, earlier, Place::Chat);
        let group = Group {
            services: ["kiln".to_owned()].into(),
            said: vec![&earlier],
            ..Group::default()
        };
        !is_afterthought(&signal, &group, &all)
    }

    #[test]
    fn chat_long_after_the_end_is_about_other_things() {
        assert!(!is_told(9000, "works for me again", Place::Chat));
        assert!(is_told(5200, "works for me again", Place::Chat));
        assert!(is_told(9000, "kiln works for me again", Place::Chat));
        assert!(is_told(9000, "done, the boiler works again", Place::Chat));
        assert!(is_told(9000, "works for me again", Place::Document));
    }
}
