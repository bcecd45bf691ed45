//! How sure a milestone is: by what kind of source it rests on, how sure the words are, and
//! whether another source says the same. The simulator's table holds it against the truth.

use super::super::group::Group;
use super::super::model::{Confidence, Marked, Milestone};
use super::{Milestones, page_of, words};
use crate::cite::Grade;
use crate::lexicon::Act;
use crate::signal::Signal;
use recon_parsers::stamp::SECOND;

/// Words as sure as this can hardly mean anything else.
const PLAIN: f32 = 0.84;
/// Two sources that are so close (two minutes) agree.
const CLOSE: i64 = 120 * SECOND;
/// An onset known no better than this (five minutes) is not sure.
const VAGUE: i64 = 300 * SECOND;

/// States it for each.
pub(super) fn state(group: &Group<'_>, all: &mut Milestones) {
    for which in Milestone::ALL {
        if let Some(mark) = all[which as usize].as_mut() {
            mark.confidence = of(group, which, mark);
        }
    }
}

fn of(group: &Group<'_>, which: Milestone, mark: &Marked) -> Confidence {
    let at = mark.claim.value.nanos;
    let mut others = mark.alternatives.iter();
    let agreed = others.any(|o| (o.value.nanos - at).abs() <= CLOSE);
    match mark.claim.grade {
        Grade::Observed if which == Milestone::ImpactStart => onset(mark),
        Grade::Observed => Confidence::High,
        Grade::Claimed if agreed => Confidence::High,
        Grade::Claimed if sure(group, which, mark) >= PLAIN => Confidence::High,
        Grade::Claimed => Confidence::Medium,
        Grade::Inferred if agreed => Confidence::Medium,
        Grade::Inferred => Confidence::Low,
    }
}

/// The first failure of many is sure; how long before it things were last seen to be well says how much.
fn onset(mark: &Marked) -> Confidence {
    let early = mark
        .not_before
        .map_or(0, |b| mark.claim.value.nanos - b.nanos);
    if early > VAGUE {
        Confidence::Medium
    } else {
        Confidence::High
    }
}

/// How sure the words are that a milestone rests on.
fn sure(group: &Group<'_>, which: Milestone, mark: &Marked) -> f32 {
    let acts: &[Act] = match which {
        Milestone::Acknowledged => &[Act::Acknowledged],
        Milestone::Escalated => &[Act::Escalated],
        Milestone::Identified => &[Act::Identified],
        Milestone::FixDeployed => &[Act::Fix],
        Milestone::Resolved => &[Act::Resolved],
        Milestone::Detected => &[Act::Detected, Act::Impact, Act::Declared],
        Milestone::Mitigated => &[Act::Recovery],
        _ => return 0.0,
    };
    let cite = mark.claim.evidence.first();
    let own = |s: &&&Signal| s.evidence.first() == cite && page_of(s).is_none();
    let said = group.said.iter().find(own).and_then(|s| words(s));
    let statements = said.map(|s| s.statements.as_slice()).unwrap_or_default();
    let wanted = statements
        .iter()
        .filter(|x| acts.contains(&x.act) && x.holds());
    wanted.map(|x| x.score).fold(0.0, f32::max)
}
