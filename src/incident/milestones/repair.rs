//! The repair: a change that the relief followed, or people's word of one.

use super::super::group::Group;
use super::super::model::Marked;
use super::super::names;
use super::super::own;
use super::{
    SURE, change_of, claimed, marked, naming, observed, statements_from, with_alternative,
    with_others,
};
use crate::cite::Grade;
use crate::lexicon::{Act, Mood, Statement, is_ordinary};
use crate::signal::Signal;
use recon_parsers::stamp::SECOND;

/// Words as faint as this may tell of a repair where the relief is near.
const HINTED: f32 = 0.4;
/// How long after the relief (three minutes) a repair may be told.
const SLACK: i64 = 180 * SECOND;
/// What tells of a repair in any words stands as near to the relief as this.
const NEAR: i64 = 75 * SECOND;
/// What stands farther from it is not what helped, if anything nearer is.
const FAR: i64 = 150 * SECOND;
/// Relief follows a change that helped within so long (five minutes).
const FOLLOWS: i64 = 300 * SECOND;
/// A change is logged so long (a minute) after what it relieved, at most.
const LAGS: i64 = 60 * SECOND;
/// Relief follows what is said to be begun, and never to be done, within so long (two minutes).
const AT_ONCE: i64 = 120 * SECOND;
/// Who types slowly tells of it a little after the relief (ten seconds).
const BLINK: i64 = 10 * SECOND;
/// Where nobody says a word relief may follow so late (a quarter of an hour).
const QUIET: i64 = 900 * SECOND;

/// What an incident's repair lies between.
#[derive(Clone, Copy)]
struct When {
    noticed: i64,
    /// When the cause was named.
    named: Option<i64>,
    relief: Option<i64>,
}

impl When {
    fn holds(self, signal: &Signal) -> bool {
        let until = self.relief.map_or(i64::MAX, |r| r + SLACK);
        (self.noticed..=until).contains(&signal.from.nanos)
    }

    fn is_after_naming(self, signal: &Signal) -> bool {
        self.named.is_some_and(|n| signal.from.nanos >= n)
    }

    /// Whether the relief followed.
    fn relieves(self, signal: &Signal) -> bool {
        let near = -LAGS..=FOLLOWS;
        self.relief
            .is_none_or(|r| near.contains(&(r - signal.from.nanos)))
    }

    /// Whether a repair is told so late after the relief that it was made before.
    fn lags(self, told: &Marked) -> bool {
        self.relief
            .is_some_and(|r| told.claim.value.nanos - r > NEAR)
    }

    /// Whether the relief followed at once.
    fn relieves_at_once(self, signal: &Signal) -> bool {
        let follows = |r: i64| (-BLINK..=AT_ONCE).contains(&(r - signal.from.nanos));
        self.relief.is_some_and(follows)
    }

    /// How far from the relief.
    fn off(self, signal: &Signal) -> i64 {
        self.relief.map_or(0, |r| (signal.from.nanos - r).abs())
    }
}

/// The first change that reached production on an affected service once the cause was named and that the
/// relief followed; if nobody named one, the last before the relief. Else the same of repairs that people reported.
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
    let when = When {
        noticed,
        named,
        relief,
    };
    let begun = begun(group, when);
    match done(group, when) {
        // Who tells of the repair long after the relief has begun it before.
        Some(said) if said.claim.grade == Grade::Claimed && when.lags(&said) && begun.is_some() => {
            with_alternative(begun, Some(said))
        }
        found => found.or(begun),
    }
}

/// The repair as it is recorded or told to be done.
fn done(group: &Group<'_>, when: When) -> Option<Marked> {
    let relief = when.relief;
    let changes = changes(group, when);
    let told: Vec<&Signal> = told(group, when, SURE).collect();
    let by_people = || {
        let found = by_people(group, when, &told);
        found.map(|c| with_others(c, told.iter().copied()))
    };
    let by_change = |found: &[&Signal], others: &[&Signal]| {
        let after = |s: &&&Signal| when.is_after_naming(s);
        let chosen = found.iter().find(after).or(found.last());
        chosen.map(|s| with_others(observed(s), others.iter().copied()))
    };
    // Deploys of every day fall into an incident, too: relief follows what helps. What is done to the culprit once
    // it is known is the repair, though more may be needed.
    let aimed = |s: &Signal| when.is_after_naming(s) && is_blamed(group, s.service.as_deref());
    let (soon, early): (Vec<&Signal>, Vec<&Signal>) = changes
        .iter()
        .partition(|s| when.relieves(s) || undoes(s, when) || aimed(s));
    if !soon.is_empty() {
        return told_or_made(by_change(&soon, &changes), by_people());
    }
    // One of what is named as the cause may take longer, and so may any where nobody says a word.
    let unspoken = told.is_empty() && naming(group).next().is_none();
    let meant =
        |s: &&Signal| unspoken && when.off(s) <= QUIET || is_blamed(group, s.service.as_deref());
    let early: Vec<&Signal> = early.into_iter().filter(meant).collect();
    let people = by_people();
    let near = |m: &Marked| relief.is_none_or(|r| (m.claim.value.nanos - r).abs() <= FAR);
    if people.as_ref().is_some_and(near) {
        return with_alternative(people, by_change(&early, &early));
    }
    with_alternative(by_change(&early, &early), people)
}

/// A repair that was made before one that was told: but what a log tells of within minutes of words that tell of it
/// was begun when they were said.
fn told_or_made(made: Option<Marked>, said: Option<Marked>) -> Option<Marked> {
    let both = made.as_ref().zip(said.as_ref());
    let begun = both.is_some_and(|(made, said)| {
        let later = made.claim.value.nanos - said.claim.value.nanos;
        made.claim.rule == own::RULE && (0..=SLACK).contains(&later)
    });
    if begun {
        with_alternative(said, made)
    } else {
        with_alternative(made, said)
    }
}

/// Whether a change takes another back once the cause was named: nobody does so every day, though more may be
/// needed.
fn undoes(signal: &Signal, when: When) -> bool {
    let back = change_of(signal).is_some_and(|c| matches!(c.kind.as_str(), "rollback" | "revert"));
    back && when.is_after_naming(signal)
}

/// Changes in time that reached production, on what hurts or is named as the cause.
fn changes<'s>(group: &Group<'s>, when: When) -> Vec<&'s Signal> {
    let live = |s: &Signal| {
        let service = s.service.as_deref();
        change_of(s).is_some_and(|c| {
            c.is_live()
                && !is_ordinary(&c.message)
                && (group.concerns(service, &c.message) || is_blamed(group, service))
        })
    };
    let changes = group.changes.iter().copied();
    changes.filter(|s| when.holds(s) && live(s)).collect()
}

/// Whether words that name the cause name a service: it may be another than the one that hurts.
fn is_blamed(group: &Group<'_>, service: Option<&str>) -> bool {
    service.is_some_and(|service| naming(group).any(|(_, w)| names::mentions(&w.text, service)))
}

/// Repairs in time that people told, at least as surely as this.
fn told<'g>(group: &'g Group<'_>, when: When, least: f32) -> impl Iterator<Item = &'g Signal> {
    let said = statements_from(group, Act::Fix, least);
    let done =
        said.filter(move |(s, x)| when.holds(s) && x.reaches_users() && x.mood == Mood::Done);
    done.map(|(s, _)| s)
}

/// The last repair that somebody said to begin before the relief followed: where nobody says that it is done, it was.
fn begun(group: &Group<'_>, when: When) -> Option<Marked> {
    let said = statements_from(group, Act::Fix, HINTED);
    let doing = |(s, x): &(&Signal, &Statement)| {
        x.mood == Mood::Doing && x.reaches_users() && when.holds(s) && when.relieves_at_once(s)
    };
    let last = said.filter(doing).last()?.0;
    Some(marked(
        last.from,
        Grade::Inferred,
        "repair-begun",
        last.evidence.clone(),
    ))
}

/// Of several repairs that people report, the one that the relief followed is what helped. What may only
/// tell so counts if the relief is near.
fn by_people(group: &Group<'_>, when: When, sure: &[&Signal]) -> Option<Marked> {
    let near = |s: &&Signal| when.relief.is_some() && when.off(s) <= NEAR;
    let hinted = told(group, when, HINTED).filter(near);
    let maybe = hinted.min_by_key(|s| when.off(s));
    let after = sure.iter().copied().filter(|s| when.is_after_naming(s));
    let best = after.min_by_key(|s| when.off(s)).or(sure.last().copied());
    let best = best.filter(|s| maybe.is_none() || when.off(s) <= FAR);
    best.or(maybe).map(claimed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use crate::lexicon::Names;
    use crate::signal::{Burst, Change, Said, Sign};
    use crate::survey::What;
    use recon_parsers::{Basis, ChangeState, Precision, Stamp};

    fn cite(second: i64) -> Cite {
        Cite {
            file: FileId(0),
            offset: second.unsigned_abs(),
            len: 1,
        }
    }

    fn signal(second: i64, service: Option<&str>, sign: Sign) -> Signal {
        Signal {
            rule: "test",
            from: Stamp {
                nanos: second * SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            },
            to: None,
            service: service.map(str::to_owned),
            sign,
            evidence: Evidence::new(cite(second)),
        }
    }

    fn deploy(second: i64, service: &str) -> Signal {
        let change = Change {
            kind: "deploy".to_owned(),
            version: Some("7.1".to_owned()),
            state: ChangeState::Finished,
            open: false,
            actor: None,
            environment: Some("production".to_owned()),
            message: format!("deploy 7.1 of {service}"),
        };
        signal(second, Some(service), Sign::Change(change))
    }

    fn said(second: i64, text: &str) -> Signal {
        let said = Said::of(text, &Names::new(["kiln", "shelf"].into_iter()));
        signal(second, None, Sign::Said(said))
    }

    /// When the repair of a trouble was that kiln and its front shelf had from 1000 to 5000.
    fn fixed(changes: &[Signal], talk: &[Signal]) -> Option<i64> {
        fixed_after(None, changes, talk)
    }

    fn fixed_after(named: Option<i64>, changes: &[Signal], talk: &[Signal]) -> Option<i64> {
        let burst = Sign::Burst(Burst::specimen(What::Failed, cite(5000)));
        let burst = signal(1000, Some("shelf"), burst);
        let group = Group {
            bursts: vec![&burst],
            changes: changes.iter().collect(),
            said: talk.iter().collect(),
            from: 1000 * SECOND,
            to: 5000 * SECOND,
            services: ["kiln", "shelf"].map(str::to_owned).into(),
            ..Group::default()
        };
        let found = fix(
            &group,
            1100 * SECOND,
            named.map(|n| n * SECOND),
            Some(5000 * SECOND),
        )?;
        Some(found.claim.value.nanos / SECOND)
    }

    #[test]
    fn relief_follows_the_change_that_helped() {
        let both = [deploy(3000, "shelf"), deploy(4950, "kiln")];
        assert_eq!(fixed(&both, &[]), Some(4950));
        let told = [said(4960, "rolled back kiln to 7.0")];
        assert_eq!(fixed(&both, &told), Some(4950));
    }

    #[test]
    fn a_deploy_of_every_day_is_not_what_people_repaired() {
        let routine = [deploy(3000, "shelf")];
        let told = [said(4940, "rolled back kiln to 7.0")];
        assert_eq!(fixed(&routine, &told), Some(4940));
        let cause = [said(3500, "root cause is the connection pool of kiln")];
        assert_eq!(fixed(&routine, &cause), None);
    }

    #[test]
    fn of_what_is_named_as_the_cause_a_change_may_take_longer() {
        let early = [deploy(4200, "kiln")];
        let cause = [said(3500, "root cause is the connection pool of kiln")];
        assert_eq!(fixed(&early, &cause), Some(4200));
        // And where nobody says a word there is nothing else to go by.
        assert_eq!(fixed(&early, &[]), Some(4200));
        assert_eq!(fixed(&[deploy(3000, "kiln")], &[]), None);
    }

    #[test]
    fn what_is_deployed_after_the_relief_has_not_brought_it() {
        let both = [deploy(4950, "kiln"), deploy(5090, "shelf")];
        assert_eq!(fixed(&both, &[]), Some(4950));
        let late = [said(4940, "rolled back kiln to 7.0")];
        assert_eq!(fixed(&both[1..], &late), Some(4940));
    }

    #[test]
    fn what_was_said_to_begin_right_before_the_relief_was_done() {
        let begun = [said(4960, "restarting kiln now")];
        assert_eq!(fixed(&[], &begun), Some(4960));
        // Not what began long before it, or what helped nothing.
        assert_eq!(fixed(&[], &[said(4000, "restarting kiln now")]), None);
        let told = [
            said(4900, "restarting kiln now"),
            said(4970, "rolled back kiln to 7.0"),
        ];
        assert_eq!(fixed(&[], &told), Some(4970));
    }

    #[test]
    fn a_change_of_every_day_is_no_repair() {
        let mut routine = deploy(4950, "kiln");
        if let Sign::Change(change) = &mut routine.sign {
            change.message.push_str(": dependency bumps");
        }
        assert_eq!(fixed(&[routine], &[]), None);
    }

    #[test]
    fn the_first_that_takes_the_cause_back_is_the_repair_though_another_follows() {
        let mut both = [deploy(4000, "kiln"), deploy(4950, "kiln")];
        assert_eq!(fixed_after(Some(3500), &both, &[]), Some(4950));
        if let Sign::Change(change) = &mut both[0].sign {
            "rollback".clone_into(&mut change.kind);
        }
        assert_eq!(fixed_after(Some(3500), &both, &[]), Some(4000));
        assert_eq!(fixed_after(None, &both, &[]), Some(4950));
    }
}
