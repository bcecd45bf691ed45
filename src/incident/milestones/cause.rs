//! The cause named, and the repair.

use super::super::group::Group;
use super::super::model::Marked;
use super::super::names;
use super::super::own;
use super::{
    SURE, change_of, claimed, marked, naming, observed, statements, statements_from,
    with_alternative, with_others, words,
};
use crate::cite::Grade;
use crate::lexicon::{Act, Mood, Statement};
use crate::signal::Signal;
use recon_parsers::stamp::SECOND;

/// Words as faint as this name a cause where no surer ones do.
const FAINT: f32 = 0.5;
/// As faint as what was told last before the repair.
const HINTED: f32 = 0.4;
/// How long after the relief (half an hour) the cause may still be named.
const LATER: i64 = 1800 * SECOND;
/// How long after the relief (three minutes) a repair may be told.
const SLACK: i64 = 180 * SECOND;
/// What tells of a repair in any words stands as near to the relief as this.
const NEAR: i64 = 75 * SECOND;
/// What stands farther from it is not what helped, if anything nearer is.
const FAR: i64 = 150 * SECOND;
/// How long before the relief (a quarter of an hour) a change was made that brought it.
const EFFECT: i64 = 900 * SECOND;
/// What words gain that name a service that hurts or that was changed.
const ABOUT_IT: f32 = 0.08;

/// The cause as it was named last before the relief and not taken back. Where nobody said that it
/// was found, the last suspicion that nobody ruled out: it survived.
pub(super) fn identified(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    let in_time =
        |s: &Signal| s.from.nanos >= group.from && relief.is_none_or(|r| s.from.nanos <= r);
    let later = |s: &Signal| relief.is_some_and(|r| (r..r + LATER).contains(&s.from.nanos));
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
    // What names a service that hurts, or one that was changed, is rather about the cause.
    let sure = |s: &Signal, x: &Statement| {
        let named = words(s).is_some_and(|w| is_about(group, &w.text));
        x.score + if named { ABOUT_IT } else { 0.0 }
    };
    // Some learn only afterwards what they repaired.
    for (least, late) in [(SURE, false), (SURE, true), (FAINT, false), (FAINT, true)] {
        let timely = |s: &Signal| if late { later(s) } else { in_time(s) };
        let named: Vec<(&Signal, f32)> = statements_from(group, Act::Identified, least)
            .filter(|(s, x)| timely(s) && !dropped(s, x))
            .map(|(s, x)| (s, sure(s, x)))
            .collect();
        // The surest words; of equally sure ones the first.
        let best = named.iter().map(|(_, score)| *score).fold(0.0, f32::max);
        if let Some((first, _)) = named.iter().find(|(_, score)| *score >= best - 0.05) {
            return Some(with_others(claimed(first), named.iter().map(|(s, _)| *s)));
        }
    }
    // While it goes on nothing has proved anybody right.
    relief?;
    let suspected = statements(group, Act::Hypothesis)
        .filter(|(s, x)| in_time(s) && !dropped(s, x) && x.score >= 0.75);
    let Some((last, _)) = suspected.last() else {
        let told = statements_from(group, Act::Identified, HINTED).filter(|(s, _)| in_time(s));
        let (last, _) = told.last()?;
        return Some(marked(
            last.from,
            Grade::Inferred,
            "told-before-repair",
            last.evidence.clone(),
        ));
    };
    Some(marked(
        last.from,
        Grade::Inferred,
        "surviving-hypothesis",
        last.evidence.clone(),
    ))
}

/// Whether words name a service that hurts or one that was changed.
fn is_about(group: &Group<'_>, text: &str) -> bool {
    let mut changed = group.changes.iter().filter_map(|c| c.service.as_deref());
    group.concerns(None, text) || changed.any(|s| names::mentions(text, s))
}

/// The first change that reached production on an affected service once the cause was named; if
/// nobody named one, the last before the relief. Else the same of repairs that people reported.
pub(super) fn fix(
    group: &Group<'_>,
    noticed: i64,
    named: Option<i64>,
    relief: Option<i64>,
) -> Option<Marked> {
    // What failures outlast has not repaired them.
    if relief.is_none() && !group.bursts.is_empty() {
        return None;
    }
    let until = relief.map_or(i64::MAX, |r| r + SLACK);
    let in_time = |s: &Signal| (noticed..=until).contains(&s.from.nanos);
    let changes: Vec<&Signal> = live(group).filter(|s| in_time(s)).collect();
    let repairs = |least: f32| {
        let said = statements_from(group, Act::Fix, least);
        said.filter(|(s, x)| in_time(s) && x.reaches_users() && x.mood == Mood::Done)
    };
    let told: Vec<&Signal> = repairs(SURE).map(|(s, _)| s).collect();
    // What may only tell so counts if the relief is near.
    let maybe = relief.and_then(|r| {
        let near = |s: &&Signal| (r - NEAR..=r + NEAR).contains(&s.from.nanos);
        let hinted = repairs(HINTED).map(|(s, _)| s).filter(near);
        hinted.min_by_key(|s| (s.from.nanos - r).abs())
    });
    let far = |s: &Signal| relief.is_some_and(|r| (s.from.nanos - r).abs() > FAR);
    let after = |s: &&&Signal| named.is_some_and(|n| s.from.nanos >= n);
    let first = |found: &[&Signal]| {
        found
            .iter()
            .find(after)
            .or(found.last())
            .map(|s| observed(s))
    };
    // Of several repairs that people report, the one that the relief followed is what helped.
    let nearest = |found: &[&Signal]| {
        let near = |s: &&&Signal| relief.map_or(0, |r| (s.from.nanos - r).abs());
        let named: Vec<&Signal> = found.iter().filter(after).copied().collect();
        let best = named.iter().min_by_key(near).or(found.last());
        let best = best
            .copied()
            .filter(|s| maybe.is_none() || !far(s))
            .or(maybe);
        best.map(claimed)
    };
    let others = |chosen: Option<Marked>, found: &[&Signal]| {
        chosen.map(|c| with_others(c, found.iter().copied()))
    };
    // What failures went on after for long is not what ended them, unless the cause was known by then.
    let took = |s: &&Signal| after(&s) || relief.is_none_or(|r| r - s.from.nanos <= EFFECT);
    let (soon, early): (Vec<&Signal>, Vec<&Signal>) = changes.iter().copied().partition(took);
    let (made, said) = (others(first(&soon), &soon), others(nearest(&told), &told));
    let chosen = told_or_made(made, said);
    chosen.or_else(|| others(first(&early), &early))
}

/// A repair that was made before one that was told: but what starts within minutes of words that tell of it
/// was begun when they were said.
fn told_or_made(made: Option<Marked>, said: Option<Marked>) -> Option<Marked> {
    let begun = made
        .as_ref()
        .zip(said.as_ref())
        .is_some_and(|(made, said)| {
            let later = made.claim.value.nanos - said.claim.value.nanos;
            made.claim.rule == own::RULE && (0..=SLACK).contains(&later)
        });
    if begun {
        with_alternative(said, made)
    } else {
        with_alternative(made, said)
    }
}

/// The changes in an affected service that reached production, or in one that people name as the cause.
fn live<'g>(group: &'g Group<'_>) -> impl Iterator<Item = &'g Signal> {
    // The words that name the cause may name another service than the one that hurts.
    let blamed = |service: Option<&str>| {
        service.is_some_and(|service| naming(group).any(|(_, w)| names::mentions(&w.text, service)))
    };
    group.changes.iter().copied().filter(move |s| {
        let service = s.service.as_deref();
        change_of(s).is_some_and(|c| {
            c.is_live() && (group.concerns(service, &c.message) || blamed(service))
        })
    })
}
