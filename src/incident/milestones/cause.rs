//! The cause named.

use super::super::group::Group;
use super::super::model::Marked;
use super::super::names;
use super::{SURE, claimed, marked, statements, statements_from, with_others, words};
use crate::cite::Grade;
use crate::lexicon::{Act, Statement};
use crate::signal::Signal;
use recon_parsers::stamp::SECOND;

/// Words as faint as this name a cause where no surer ones do.
const FAINT: f32 = 0.5;
/// How long after the relief (half an hour) the cause may still be named.
const LATER: i64 = 1800 * SECOND;
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
    let (last, _) = suspected.last()?;
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
