//! Recovery, and the word that it is over.

use super::super::flow::flow;
use super::super::group::Group;
use super::super::model::Marked;
use super::{
    by_person, claimed, hurting, marked, page_of, sampled, statements, step, with_alternative,
};
use crate::cite::{Evidence, Grade};
use crate::lexicon::Act;
use crate::signal::{Page, Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;
use recon_parsers::{PageAct, Stamp};

/// Words of the end that follow others within so long (half an hour) are of the same end.
const SOON: i64 = 1800 * SECOND;
/// Slow answers for one that failed, at least, where slowness is the trouble.
const FEW: u64 = 4;
/// Gaps between failures by which their end is uncertain.
const GAPS: i64 = 4;
/// Nanoseconds (two minutes) by which it is at least.
const SLACK: i64 = 120 * SECOND;
/// What is so much less sure is as sure.
const NEARLY: f32 = 0.1;

/// Errors back at their baseline; without measurements, what people or alerts say.
pub(super) fn mitigated(group: &Group<'_>) -> Option<Marked> {
    // A service that says nothing more is not known to be down for ever: people may tell.
    let gone = |s: &&Signal| matches!(s.sign, Sign::Silence { back: None });
    let mut hurting = hurting(group);
    hurting.retain(|s| !gone(s));
    if !hurting.is_empty() {
        let mut end: Option<(Stamp, &Signal)> = None;
        for signal in hurting {
            let to = signal.to?; // one that goes on: no recovery
            if end.as_ref().is_none_or(|(e, _)| to.nanos > e.nanos) {
                end = Some((to, signal));
            }
        }
        let (to, signal) = end?;
        let (to, signal) = slowness(group, signal).unwrap_or((to, signal));
        let (to, signal) = sampled::later(group, signal).unwrap_or((to, signal));
        let last = match &signal.sign {
            Sign::Burst(burst) => burst.last,
            Sign::Silence { back } => (*back)?,
            _ => flow(signal)?.last,
        };
        let found = marked(to, Grade::Observed, signal.rule, Evidence::new(last));
        // Words near it speak of it: what is well hours later may be another thing.
        let told = statements(group, Act::Recovery)
            .filter(|(s, x)| x.reaches_users() && s.from.nanos >= group.from)
            .filter(|(s, _)| s.from.nanos <= to.nanos.saturating_add(SOON))
            .last();
        return with_alternative(Some(found), told.map(|(s, _)| claimed(s)));
    }
    let told = statements(group, Act::Recovery)
        .filter(|(s, x)| x.reaches_users() && s.from.nanos >= group.from)
        .last();
    let told = told.map(|(s, _)| claimed(s));
    let alerts = group
        .alerts
        .iter()
        .map(|a| a.to.map(|t| (t, *a)))
        .collect::<Option<Vec<_>>>();
    let over = alerts.and_then(|a| a.into_iter().max_by_key(|(t, _)| t.nanos));
    with_alternative(
        told,
        over.map(|(t, a)| marked(t, Grade::Inferred, a.rule, a.evidence.clone())),
    )
}

/// Slow answers of which now and then one failed: the few failures, each long after the one before, tell less well
/// when it ended.
fn slowness<'s>(group: &Group<'s>, failed: &Signal) -> Option<(Stamp, &'s Signal)> {
    let burst_of = |s: &'_ Signal| match &s.sign {
        Sign::Burst(b) if b.requests.is_some() => Some((b.what, b.count)),
        _ => None,
    };
    let (what, count) = burst_of(failed)?;
    let ended = failed.to?.nanos;
    let gap = (ended - failed.from.nanos) / i64::try_from(count).unwrap_or(i64::MAX).max(1);
    let slack = (gap * GAPS).max(SLACK);
    let slow = group.bursts.iter().copied().filter_map(|s| {
        let (slow, answers) = burst_of(s)?;
        let (from, to) = (s.from.nanos, s.to?);
        let many = what != What::Slow && slow == What::Slow && answers >= count.saturating_mul(FEW);
        let one = s.service == failed.service && from <= failed.from.nanos + slack;
        let near = to.nanos >= failed.from.nanos && ended <= to.nanos + slack;
        (many && one && near).then_some((to, s))
    });
    slow.max_by_key(|(to, s)| (to.nanos, s.evidence.first()))
}

/// A person's resolve of the page, else a person's word, else the status page, else all alerts closed.
pub(super) fn resolved(
    group: &Group<'_>,
    relief: Option<i64>,
    fixed: Option<i64>,
) -> Option<Marked> {
    let steps = group
        .pages
        .iter()
        .filter(|s| page_of(s).is_some_and(|p| p.act == PageAct::Resolved));
    let by_page = |wanted: fn(&Page) -> bool| {
        let of = steps
            .clone()
            .filter(|s| page_of(s).is_some_and(|p| !p.public && wanted(p)));
        of.max_by_key(|s| s.from.nanos)
    };
    // What a status page tells the public comes minutes after who ended it.
    let public = steps
        .clone()
        .filter(|s| page_of(s).is_some_and(|p| p.public));
    let public = public.max_by_key(|s| s.from.nanos).map(|s| step(s));
    let person = by_page(|p| p.actor.is_some() && by_person(p));
    let nobody = by_page(|p| p.actor.is_none());
    let last = person.or(nobody).or_else(|| by_page(|_| true));
    let reopened = group.pages.iter().any(|s| {
        page_of(s).is_some_and(|p| p.act == PageAct::Reopened)
            && last.is_some_and(|l| s.from.nanos > l.from.nanos)
    });
    let page = last.filter(|_| !reopened).map(|s| step(s));
    let after = |from: i64| {
        let told = || {
            let all = statements(group, Act::Resolved);
            all.filter(|(s, x)| x.reaches_users() && s.from.nanos >= from)
        };
        let first = told().next()?.0.from.nanos;
        // "All green again" may end it, unless somebody soon says so in as many words.
        let soon = || told().filter(|(s, _)| s.from.nanos <= first + SOON);
        let best = soon().map(|(_, x)| x.score).fold(0.0, f32::max);
        let sure = soon().find(|(_, x)| x.score >= best - NEARLY);
        sure.map(|(s, _)| claimed(s))
    };
    // People who close it after the repair may be ahead of the last stray failure; a notice says so.
    let told = after(relief.unwrap_or(group.from)).or_else(|| after(fixed?));
    let alerts: Option<Vec<(Stamp, &Signal)>> =
        group.alerts.iter().map(|a| a.to.map(|t| (t, *a))).collect();
    let last_alert = alerts.into_iter().flatten().max_by_key(|(t, _)| t.nanos);
    let by_alert = last_alert.map(|(t, a)| marked(t, Grade::Inferred, a.rule, a.evidence.clone()));
    // What closed by itself says no more than that the condition no longer holds; what nobody is named for may
    // have, if people speak of the end later.
    let later = |t: &Marked| last.is_some_and(|l| t.claim.value.nanos > l.from.nanos);
    // The form of an incident people fill in.
    let filled = nobody.is_some_and(|s| page_of(s).is_some_and(|p| p.claimed));
    let signed =
        person.is_some() || filled || nobody.is_some() && !told.as_ref().is_some_and(later);
    let by_people = if signed {
        with_alternative(page, told)
    } else {
        with_alternative(told, page)
    };
    with_alternative(with_alternative(by_people, public), by_alert)
}

pub(super) fn closed(group: &Group<'_>, relief: Option<i64>) -> Option<Marked> {
    statements(group, Act::Closed)
        .find(|(s, _)| relief.is_none_or(|r| s.from.nanos > r))
        .map(|(s, _)| claimed(s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::signal::Burst;
    use recon_parsers::{Basis, Precision};
    use std::ops::Range;

    fn burst(service: &str, what: What, count: u64, seconds: Range<i64>) -> Signal {
        let stamp = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        let cite = Cite {
            file: FileId(0),
            offset: seconds.end.unsigned_abs(),
            len: 1,
        };
        let sign = Sign::Burst(Burst {
            count,
            requests: Some(2000),
            ..Burst::specimen(what, cite)
        });
        Signal {
            rule: "test",
            from: stamp(seconds.start),
            to: Some(stamp(seconds.end)),
            service: Some(service.to_owned()),
            sign,
            evidence: Evidence::new(cite),
        }
    }

    /// When it was over, where requests of the pier failed and some answers were slow.
    fn over(failed: (u64, Range<i64>), slow: (&str, u64, Range<i64>)) -> i64 {
        let failed = burst("pier", What::Failed, failed.0, failed.1);
        let slow = burst(slow.0, What::Slow, slow.1, slow.2);
        let group = Group {
            bursts: vec![&failed, &slow],
            ..Group::default()
        };
        let found = mitigated(&group).expect("an end");
        found.claim.value.nanos / SECOND
    }

    #[test]
    fn slow_answers_of_which_few_fail_tell_when_it_ended() {
        assert_eq!(over((40, 1100..3140), ("pier", 900, 1000..3000)), 3000);
        assert_eq!(over((40, 1100..2700), ("pier", 900, 1000..3000)), 3000);
    }

    #[test]
    fn failures_tell_it_where_they_are_many_or_go_on_or_are_elsewhere() {
        assert_eq!(over((400, 1100..3140), ("pier", 900, 1000..3000)), 3140);
        assert_eq!(over((40, 1100..3600), ("pier", 900, 1000..3000)), 3600);
        assert_eq!(over((40, 1100..3140), ("quay", 900, 1000..3000)), 3140);
        assert_eq!(over((40, 1100..3140), ("pier", 900, 2000..3000)), 3140);
    }
}
