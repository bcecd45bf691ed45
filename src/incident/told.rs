//! Incidents that nothing measured shows and no alert or page tells of, but a conversation from one end to the other:
//! wrong results, missing mails, what no log calls an error. People took it, found or repaired it, and said that it was over.

use super::group::{EARLY, Group};
use super::{names, words_of};
use crate::cite::FileId;
use crate::lexicon::{Act, Mood};
use crate::signal::{Said, Sign, Signal};
use recon_parsers::stamp::SECOND;
use std::collections::BTreeSet;

/// How sure words must be: nothing else says that there was an incident.
const SURE: f32 = 0.75;
/// How sure those that told of trouble right before it was taken.
const NOTICED: f32 = 0.4;
/// What belongs together is said within so long (four hours).
const LASTS: i64 = 4 * 3600 * SECOND;

/// One after another what people do about an incident; each of these must have been told.
const COURSE: [&[Act]; 3] = [
    &[Act::Acknowledged, Act::Declared],
    &[Act::Fix, Act::Workaround],
    &[Act::Resolved, Act::Recovery],
];

/// Makes incidents of conversations that are about no other.
pub(super) fn begin<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal]) {
    let said = || signals.iter().filter_map(|s| Some((*s, words_of(s)?)));
    let channels: BTreeSet<FileId> = said().map(|(_, w)| w.channel).collect();
    let taken: Vec<(i64, i64)> = groups.iter().map(|g| g.heard(i64::MAX)).collect();
    for channel in channels {
        let own: Vec<(&Signal, &Said)> = said().filter(|(_, w)| w.channel == channel).collect();
        let mut from = 0;
        while let Some((group, next)) = course(&own, from, signals) {
            let free = taken.iter().all(|(a, b)| group.to < *a || group.from > *b);
            groups.extend(free.then_some(group));
            from = next;
        }
    }
}

/// The first whole course of an incident from a message on, and the message behind it.
fn course<'s>(
    said: &[(&Signal, &Said)],
    from: usize,
    signals: &[&'s Signal],
) -> Option<(Group<'s>, usize)> {
    let takes = |n: &usize| said.get(*n).is_some_and(|(_, w)| does(w, COURSE[0]));
    let mut takers = (from..said.len()).filter(takes);
    let (first, last) = takers.find_map(|first| Some((first, end(said, first)?)))?;
    let start = said.get(first)?.0.from.nanos;
    // Who takes it has heard of it.
    let told = |(s, w): &&(&Signal, &Said)| start - s.from.nanos <= EARLY && notices(w);
    let noticed = said.get(from..first)?.iter().find(told);
    let known = signals.iter().filter(|s| !matches!(s.sign, Sign::Said(_)));
    let known: BTreeSet<&str> = known.filter_map(|s| s.service.as_deref()).collect();
    let whole = said.get(first..=last)?;
    let causes = whole
        .iter()
        .filter(|(_, w)| does(w, &[Act::Identified, Act::Fix]));
    let named = causes.flat_map(|(_, w)| names::mentioned(&w.text, known.iter().copied()));
    let group = Group {
        from: noticed.map_or(start, |(s, _)| s.from.nanos),
        to: whole.last()?.0.from.nanos,
        services: named.map(str::to_owned).collect(),
        told: true,
        ..Group::default()
    };
    Some((group, last + 1))
}

/// The message that ends what was taken with another, if several people told all of its course.
fn end(said: &[(&Signal, &Said)], first: usize) -> Option<usize> {
    let rest = said.get(first..)?;
    let start = rest.first()?.0.from.nanos;
    let in_time = |(s, _): &&(&Signal, &Said)| s.from.nanos - start <= LASTS;
    let mut acts = COURSE[1..].iter();
    let mut wanted = acts.next();
    let mut last = 0;
    for (n, (_, w)) in rest.iter().take_while(in_time).enumerate().skip(1) {
        // One message may tell that it is repaired and over.
        while wanted.is_some_and(|acts| does(w, acts)) {
            wanted = acts.next();
            last = n;
        }
    }
    let people = rest
        .get(..=last)?
        .iter()
        .filter_map(|(_, w)| w.actor.as_deref());
    let several = people.collect::<BTreeSet<_>>().len() > 1;
    (wanted.is_none() && several).then_some(first + last)
}

fn does(said: &Said, acts: &[Act]) -> bool {
    said.statements.iter().any(|s| {
        let done = !matches!(s.act, Act::Fix | Act::Workaround) || s.mood == Mood::Done;
        acts.contains(&s.act) && s.holds() && done && s.score >= SURE && s.reaches_users()
    })
}

fn notices(said: &Said) -> bool {
    let mut all = said.statements.iter();
    all.any(|s| matches!(s.act, Act::Detected | Act::Impact) && s.holds() && s.score >= NOTICED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence};
    use crate::lexicon::Names;
    use recon_parsers::{Basis, Precision, Stamp};

    /// What people say in turns, five minutes apart.
    fn told(texts: &[&str], people: usize) -> Vec<(i64, i64)> {
        let said = (0..).zip(texts).map(|(n, text)| {
            let mut said = Said::of(text, &Names::default());
            let who = usize::try_from(n).unwrap_or(0) % people;
            said.actor = Some(["ana", "ben"][who].to_owned());
            signal(n * 300, said)
        });
        let signals: Vec<Signal> = said.collect();
        let all: Vec<&Signal> = signals.iter().collect();
        let mut groups = Vec::new();
        begin(&mut groups, &all);
        let second = |g: &Group<'_>| (g.from / SECOND, g.to / SECOND);
        groups.iter().map(second).collect()
    }

    fn signal(second: i64, said: Said) -> Signal {
        let cite = Cite {
            file: FileId(0),
            offset: second.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule: "human",
            from: Stamp {
                nanos: second * SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            },
            to: None,
            service: None,
            sign: Sign::Said(said),
            evidence: Evidence::new(cite),
        }
    }

    const COURSE: [&str; 5] = [
        "lunch at noon?",
        "customers get the wrong invoices, something is broken",
        "acknowledged, I am looking into it",
        "rolled back the invoice printer to 3.1 in production",
        "incident resolved, all invoices are right again",
    ];

    #[test]
    fn a_whole_course_is_an_incident() {
        assert_eq!(told(&COURSE, 2), [(300, 1200)]);
    }

    #[test]
    fn a_part_of_one_is_none() {
        assert_eq!(told(&COURSE[..4], 2), []);
        assert_eq!(told(&COURSE, 1), []);
        let mut staging = COURSE;
        staging[3] = "rolled back the invoice printer to 3.1 on staging";
        assert_eq!(told(&staging, 2), []);
    }
}
