//! The cause named, and the repair.

use super::super::group::Group;
use super::super::model::Marked;
use super::super::names;
use super::{change_of, claimed, marked, naming, observed, statements, with_alternative};
use crate::cite::Grade;
use crate::lexicon::{Act, Mood, Statement};
use crate::signal::Signal;

/// The cause as it was named last before the relief and not taken back. Where nobody said that it
/// was found, the last suspicion that nobody ruled out: it survived.
pub(super) fn identified(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    let in_time =
        |s: &Signal| s.from.nanos >= group.from && relief.is_none_or(|r| s.from.nanos <= r);
    let dropped = |s: &Signal, x: &Statement| {
        let mut later = statements(group, Act::RuledOut)
            .filter(|(r, out)| r.from.nanos > s.from.nanos && in_time(r) && out.score >= 0.8);
        x.subject.as_ref().is_some_and(|subject| {
            later.any(|(_, r)| {
                r.subject
                    .as_ref()
                    .is_some_and(|o| crate::lexicon::same(subject, o))
            })
        })
    };
    let named: Vec<(&Signal, &Statement)> = statements(group, Act::Identified)
        .filter(|(s, x)| in_time(s) && !dropped(s, x))
        .collect();
    // The surest words; of equally sure ones the first.
    let best = named.iter().map(|(_, x)| x.score).fold(0.0, f32::max);
    if let Some((first, _)) = named.iter().find(|(_, x)| x.score >= best - 0.05) {
        return Some(claimed(first));
    }
    let suspected = statements(group, Act::Hypothesis)
        .filter(|(s, x)| in_time(s) && !dropped(s, x) && x.score >= 0.75);
    let (last, _) = suspected.last()?;
    Some(marked(
        last.from,
        Grade::Inferred,
        "surviving-hypothesis",
        last.evidence.clone(),
    ))
}

/// The first change that reached production on an affected service once the cause was named; if
/// nobody named one, the last before the relief. Else the same of repairs that people reported.
pub(super) fn fix(
    group: &Group<'_>,
    noticed: i64,
    named: Option<i64>,
    relief: Option<i64>,
) -> Option<Marked> {
    const SLACK: i64 = 180 * recon_parsers::stamp::SECOND;
    let until = relief.map_or(i64::MAX, |r| r + SLACK);
    let in_time = |s: &Signal| (noticed..=until).contains(&s.from.nanos);
    // The words that name the cause may name another service than the one that hurts.
    let blamed = |service: Option<&str>| {
        service.is_some_and(|service| naming(group).any(|(_, w)| names::mentions(&w.text, service)))
    };
    let live = |s: &Signal| {
        let service = s.service.as_deref();
        change_of(s).is_some_and(|c| {
            c.is_live() && (group.concerns(service, &c.message) || blamed(service))
        })
    };
    let changes: Vec<&Signal> = group
        .changes
        .iter()
        .copied()
        .filter(|s| in_time(s) && live(s))
        .collect();
    let told: Vec<&Signal> = statements(group, Act::Fix)
        .filter(|(s, x)| in_time(s) && x.reaches_users() && x.mood == Mood::Done)
        .map(|(s, _)| s)
        .collect();
    let choose = |found: &[&Signal], mark: fn(&Signal) -> Marked| {
        let after = |s: &&&Signal| named.is_some_and(|n| s.from.nanos >= n);
        found.iter().find(after).or(found.last()).map(|s| mark(s))
    };
    with_alternative(choose(&changes, observed), choose(&told, claimed))
}
