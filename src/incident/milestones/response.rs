//! Who was called, who came, who was asked in.

use super::super::group::Group;
use super::super::model::Marked;
use super::{
    by_person, claimed, observed, page_of, said, statements, statements_from, step,
    with_alternative, words,
};
use crate::cite::Claim;
use crate::lexicon::Act;
use crate::signal::{Page, Place, Sign, Signal};
use recon_parsers::PageAct;

pub(super) fn first_page(
    group: &Group<'_>,
    acts: &[PageAct],
    rule: &'static str,
) -> Option<Marked> {
    let steps = group
        .pages
        .iter()
        .filter(|s| page_of(s).is_some_and(|p| acts.contains(&p.act) && !p.claimed));
    steps.min_by_key(|s| s.from.nanos).map(|s| Marked {
        claim: Claim {
            rule,
            ..observed(s).claim
        },
        ..observed(s)
    })
}

/// A person's acknowledgement of the page, else somebody's "on it" while nothing else had been
/// found out yet: later ones take on some other piece of work.
pub(super) fn acknowledged(group: &Group<'_>, noticed: i64, named: Option<i64>) -> Option<Marked> {
    const LATE: i64 = 3600 * recon_parsers::stamp::SECOND;
    // Who speaks up later than that speaks of something else.
    const SOON: i64 = 900 * recon_parsers::stamp::SECOND;
    // As faint as that somebody is the first to speak after a silence.
    const ATTENDS: f32 = 0.25;
    let taken = |lapsed: bool| {
        let own =
            move |p: &Page| p.act == PageAct::Acknowledged && by_person(p) && p.lapsed == lapsed;
        let steps = group
            .pages
            .iter()
            .filter(move |s| page_of(s).is_some_and(own));
        steps.min_by_key(|s| s.from.nanos).map(|s| step(s))
    };
    // What lapsed was acknowledged, not worked on.
    let first = taken(false).map(|standing| {
        let earlier = |l: &Marked| l.claim.value.nanos < standing.claim.value.nanos;
        let lapsed = taken(true).filter(earlier);
        with_alternative(Some(standing), lapsed)
    });
    let first = first.flatten();
    // Who calls others in has long taken it, and "joining" answers that call.
    let called = said(group, Act::Escalated, noticed).map_or(i64::MAX, |m| m.claim.value.nanos);
    let until = named
        .unwrap_or(i64::MAX)
        .min(noticed.saturating_add(LATE))
        .min(called);
    // An alert may be taken before its condition hurts anybody.
    let from = group.from.min(noticed);
    let told = said(group, Act::Acknowledged, from).filter(|m| m.claim.value.nanos <= until);
    let told = told.or_else(|| {
        // Nobody says that they take it: the first who looks or speaks up has.
        let looks = said(group, Act::Investigating, noticed);
        let speaks = statements_from(group, Act::Acknowledged, ATTENDS)
            .find(|(s, _)| (noticed..=noticed.saturating_add(SOON)).contains(&s.from.nanos))
            .map(|(s, _)| claimed(s));
        let both = [speaks, looks].into_iter().flatten();
        let in_time = both.filter(|m| m.claim.value.nanos <= until);
        in_time.min_by_key(|m| m.claim.value.nanos)
    });
    with_alternative(first, told)
}

/// Only a document that marks the formal beginning counts: in chat people call anything an incident.
pub(super) fn declared(group: &Group<'_>) -> Option<Marked> {
    let formal = |s: &Signal| words(s).is_some_and(|w| w.place == Place::Document);
    statements(group, Act::Declared)
        .find(|(s, _)| formal(s))
        .map(|(s, _)| claimed(s))
}

pub(super) fn investigating(group: &Group<'_>, taken: i64) -> Option<Marked> {
    let looking = |s: &&&Signal| match &s.sign {
        Sign::Said(said) => said.statements.iter().any(|x| {
            matches!(x.act, Act::Investigating | Act::Hypothesis | Act::RuledOut)
                && x.score >= 0.5
                && (x.holds() || x.act != Act::Investigating)
        }),
        _ => false,
    };
    group
        .said
        .iter()
        .filter(|s| s.from.nanos >= taken)
        .find(looking)
        .map(|s| claimed(s))
}

/// A step of a page by a person, else words. Every step stays in the timeline.
pub(super) fn escalated(group: &Group<'_>, noticed: i64) -> Option<Marked> {
    let steps = group.pages.iter().filter(|s| {
        s.from.nanos > noticed
            && page_of(s).is_some_and(|p| matches!(p.act, PageAct::Escalated | PageAct::Reassigned))
    });
    let first = steps.min_by_key(|s| s.from.nanos).map(|s| observed(s));
    with_alternative(first, said(group, Act::Escalated, noticed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use crate::lexicon::{Names, hear};
    use crate::signal::Said;
    use recon_parsers::stamp::SECOND;
    use recon_parsers::{Basis, Precision, Stamp};

    /// The second of the acknowledgement, where "on it" is said at 100 and it hurts from `from` on.
    fn taken(from: i64, noticed: i64) -> Option<i64> {
        let heard = hear("on it", &Names::default());
        let cite = Cite {
            file: FileId(0),
            offset: 0,
            len: 1,
        };
        let said = Signal {
            rule: "human",
            from: Stamp {
                nanos: 100 * SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            },
            to: None,
            service: None,
            sign: Sign::Said(Said {
                text: "on it".to_owned(),
                actor: None,
                place: Place::Chat,
                channel: FileId(0),
                statements: heard.statements,
                asides: heard.asides,
            }),
            evidence: Evidence::new(cite),
        };
        let group = Group {
            said: vec![&said],
            from: from * SECOND,
            ..Group::default()
        };
        let found = acknowledged(&group, noticed * SECOND, None)?;
        Some(found.claim.value.nanos / SECOND)
    }

    #[test]
    fn an_alert_may_be_taken_before_it_hurts() {
        assert_eq!(taken(120, 90), Some(100));
        assert_eq!(taken(80, 110), Some(100), "noticed by people first");
        assert_eq!(taken(120, 110), None, "before anybody noticed");
    }
}
