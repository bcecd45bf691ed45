//! Changes that only a service's own log tells of: it starts in another version, it reads its settings anew.
//!
//! The survey counts such lines by their template; what they say is read here. The same version again is a restart,
//! instances that start within minutes are one change, and what is read again and again without another
//! value is none.

use super::{elsewhere, names};
use crate::cite::{Cite, Evidence};
use crate::signal::{Change, Sign, Signal};
use crate::survey::{MOST, Mark, OWN, Survey, Tally, What};
use recon_parsers::stamp::SECOND;
use recon_parsers::token::change::announced;
use recon_parsers::{Basis, ChangeState, Precision, Stamp};
use std::collections::BTreeMap;

/// The rule's name.
pub(super) const RULE: &str = "own-log";
/// Instances that follow each other within so long (10 minutes) are started, or told, by one change.
const ROLLING: i64 = 600 * SECOND;
/// A change that a tool recorded so near (5 minutes) is the one that the log tells of.
const SAME: i64 = 300 * SECOND;
/// A service that said nothing for so long (a minute) before its start had not been replaced but was down.
const DOWN: i64 = 60;
/// What is told so often with the same value is told by the clock.
const OFTEN: usize = 4;

/// A line in which a service tells of a change.
struct Told {
    mark: Mark,
    kind: &'static str,
    service: String,
    version: Option<String>,
    was: Option<String>,
    item: Option<String>,
    value: Option<String>,
    /// Who tells said something in the minute before, too.
    alive: bool,
    message: String,
}

/// All signals, with the changes that logs alone tell of. `text` gives the words at a citation.
pub(super) fn with_own(
    survey: &Survey,
    signals: &[Signal],
    text: &mut dyn FnMut(Cite) -> String,
) -> Vec<Signal> {
    let own = changes(survey, signals, text);
    // That a cluster starts instances says less than which version they are of.
    let said_better = |s: &&Signal| !own.iter().any(|own| is_rollout(own, s));
    let mut all: Vec<Signal> = signals.iter().filter(said_better).cloned().collect();
    all.extend(own);
    all.sort_by_key(|s| (s.from.nanos, s.rule, s.evidence.first()));
    all
}

/// The changes that logs alone tell of, beside those that `signals` record.
fn changes(
    survey: &Survey,
    signals: &[Signal],
    text: &mut dyn FnMut(Cite) -> String,
) -> Vec<Signal> {
    // A log may tell of other services than the one that it is of.
    let mut all: Vec<(String, Vec<Told>)> = Vec::new();
    for (service, tally) in &survey.services {
        for told in told(service, tally, text) {
            match all
                .iter_mut()
                .find(|(name, _)| names::same(name, &told.service))
            {
                Some((_, theirs)) => theirs.push(told),
                None => all.push((told.service.clone(), vec![told])),
            }
        }
    }
    let mut found = Vec::new();
    for (service, mut told) in all {
        told.sort_by_key(|t| t.mark);
        let (starts, others) = told
            .into_iter()
            .partition(|t: &Told| t.kind == "start" || t.kind == "image");
        let well = |start: &Told| match start.kind {
            "image" => signals
                .iter()
                .any(|s| is_scaling(s, &service, start.mark.nanos)),
            _ => start.alive,
        };
        let own = self::starts(starts, &well)
            .into_iter()
            .chain(readings(others));
        found.extend(own.map(Told::signal));
    }
    found.retain(|own| !signals.iter().any(|s| is_recorded(own, s)));
    found
}

/// What a log tells.
fn told(service: &str, tally: &Tally, text: &mut dyn FnMut(Cite) -> String) -> Vec<Told> {
    let mut found = Vec::new();
    let own = tally
        .templates
        .iter()
        .filter(|((level, _), _)| *level == OWN);
    for (_, rate) in own.filter(|(_, rate)| rate.total() <= MOST) {
        for (_, second) in rate.seconds() {
            let last = Some(second.last).filter(|l| *l != second.first);
            for mark in std::iter::once(second.first).chain(last) {
                let message = text(mark.cite);
                let Some(a) = announced(&message, service) else {
                    continue;
                };
                let own = |part: Option<&str>| part.map(str::to_owned);
                found.push(Told {
                    mark,
                    kind: a.kind,
                    service: a.named.unwrap_or(service).to_owned(),
                    version: own(a.version),
                    was: own(a.was),
                    item: own(a.item),
                    value: own(a.value),
                    alive: is_alive(tally, mark.nanos),
                    message: message.clone(),
                });
            }
        }
    }
    found
}

/// Starts, each of the first instance, and what each of them was.
fn starts(told: Vec<Told>, well: &dyn Fn(&Told) -> bool) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    let mut known: Vec<String> = Vec::new();
    let mut last: Option<i64> = None;
    for mut start in told {
        let at = start.mark.nanos;
        let rolls = last.is_some_and(|l| at - l <= ROLLING);
        let running = known.last().cloned();
        let same = start.version.is_none() || start.version == running;
        let new = !(rolls && same);
        last = Some(at);
        if !new {
            continue;
        }
        let before = start.was.clone().or(running);
        start.kind = match (&start.version, before) {
            (None, _) => "restart",
            (Some(new), Some(before)) if *new == before => "restart",
            (Some(new), Some(_)) if known.contains(new) => "rollback",
            (Some(_), Some(_)) => "deploy",
            // Nobody knows what ran before: whoever was well until then was replaced.
            (Some(_), None) if well(&start) => "deploy",
            (Some(_), None) => "restart",
        };
        known.extend(start.was.take().filter(|w| !known.contains(w)));
        if let Some(version) = &start.version {
            known.retain(|k| k != version);
            known.push(version.clone());
        }
        found.push(start);
    }
    found
}

/// Whether a service said something in the minute before, and long enough for that to tell.
fn is_alive(tally: &Tally, at: i64) -> bool {
    let second = at.div_euclid(SECOND);
    let entries = tally.rates.get(&What::Entries);
    entries.is_some_and(|rate| {
        let before = rate.first().is_some_and(|f| f.nanos < at - DOWN * SECOND);
        before && rate.between(second - DOWN, second) > 0
    })
}

/// Settings, flags and certificates with another value than before.
fn readings(told: Vec<Told>) -> Vec<Told> {
    let mut by_item: BTreeMap<(&'static str, Option<String>), Vec<Told>> = BTreeMap::new();
    for one in told {
        by_item
            .entry((one.kind, one.item.clone()))
            .or_default()
            .push(one);
    }
    let mut found = Vec::new();
    for all in by_item.into_values() {
        // Runs of the same value, instances of one change told once.
        let mut runs: Vec<Vec<Told>> = Vec::new();
        for one in all {
            let last = runs.last().and_then(|r| r.last());
            let same = last.is_some_and(|l| (&l.value, &l.version) == (&one.value, &one.version));
            match runs.last_mut() {
                Some(run) if same => run.push(one),
                _ => runs.push(vec![one]),
            }
        }
        for (n, run) in runs.into_iter().enumerate() {
            let often = times(&run) >= OFTEN;
            // By the clock: what is said first is no news, but where it says something else than before.
            let news = run.into_iter().enumerate();
            let mut last: Option<i64> = None;
            for (place, one) in news {
                let at = one.mark.nanos;
                let instance = last.is_some_and(|l| at - l <= ROLLING);
                last = Some(at);
                if !instance && (!often || place == 0 && n > 0) {
                    found.push(one);
                }
            }
        }
    }
    found
}

/// How often something was told, instances that followed each other within a minute counted once.
fn times(run: &[Told]) -> usize {
    let gaps = run.windows(2).filter(|w| match w {
        [a, b] => b.mark.nanos - a.mark.nanos > DOWN * SECOND,
        _ => false,
    });
    gaps.count() + usize::from(!run.is_empty())
}

impl Told {
    fn signal(self) -> Signal {
        let version = match self.kind {
            "config" | "flag" => self.item.or(self.version),
            _ => self.version,
        };
        // What a cluster tells of staging is called so.
        let environment = elsewhere::of_service(&self.service).map(str::to_owned);
        Signal {
            rule: RULE,
            from: Stamp {
                nanos: self.mark.nanos,
                precision: Precision::Fraction(3),
                basis: Basis::Stated,
            },
            to: None,
            service: Some(self.service),
            sign: Sign::Change(Change {
                kind: self.kind.to_owned(),
                version,
                state: ChangeState::Finished,
                open: false,
                actor: None,
                environment,
                message: self.message,
            }),
            evidence: Evidence::new(self.mark.cite),
        }
    }
}

/// Whether a tool recorded the change that a log tells of.
fn is_recorded(own: &Signal, other: &Signal) -> bool {
    let (Sign::Change(mine), Sign::Change(theirs)) = (&own.sign, &other.sign) else {
        return false;
    };
    let service = own.service.as_deref().unwrap_or_default();
    let theirs_is = other.service.as_deref().map_or_else(
        || names::mentions(&theirs.message, service),
        |s| names::same(s, service),
    );
    let settings = |kind: &str| ["config", "flag", "secret"].contains(&kind);
    let alike = settings(&mine.kind) == settings(&theirs.kind);
    let named = mine
        .version
        .as_deref()
        .is_some_and(|v| theirs.message.contains(v));
    let near = (own.from.nanos - other.from.nanos).abs() <= SAME;
    let scaled = theirs.kind == "scale" && mine.version.is_some();
    near && theirs.is_live() && !scaled && (theirs_is && alike || named && settings(&mine.kind))
}

/// Whether a cluster scaled what a log says was deployed.
fn is_rollout(own: &Signal, other: &Signal) -> bool {
    let deployed =
        matches!(&own.sign, Sign::Change(c) if c.version.is_some() && c.kind != "restart");
    let service = own.service.as_deref().unwrap_or_default();
    deployed && is_scaling(other, service, own.from.nanos)
}

/// Whether a cluster scaled a service about that time.
fn is_scaling(signal: &Signal, service: &str, at: i64) -> bool {
    let scale = matches!(&signal.sign, Sign::Change(c) if c.kind == "scale");
    let own = signal.service.as_deref();
    scale && own.is_some_and(|s| names::same(s, service)) && (signal.from.nanos - at).abs() <= SAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::FileId;

    fn told(kind: &'static str, minute: i64, version: Option<&str>, value: Option<&str>) -> Told {
        let own = |part: Option<&str>| part.map(str::to_owned);
        Told {
            mark: Mark {
                nanos: minute * 60 * SECOND,
                cite: Cite {
                    file: FileId(0),
                    offset: 0,
                    len: 1,
                },
            },
            kind,
            service: "quay".to_owned(),
            version: own(version),
            was: None,
            alive: false,
            item: value.map(|_| "berth.max".to_owned()),
            value: own(value),
            message: String::new(),
        }
    }

    fn kinds(told: &[Told]) -> Vec<String> {
        let line = |t: &Told| format!("{} {}", t.kind, t.mark.nanos / 60 / SECOND);
        told.iter().map(line).collect()
    }

    #[test]
    fn starts_are_deploys_rollbacks_or_restarts() {
        let all = vec![
            told("start", 0, Some("3.1.0"), None),
            told("start", 60, Some("3.1.1"), None),
            told("start", 62, Some("3.1.1"), None),
            told("start", 64, Some("3.1.1"), None),
            told("start", 90, Some("3.1.1"), None),
            told("start", 120, Some("3.1.0"), None),
        ];
        let found = starts(all, &|t| t.alive);
        assert_eq!(
            kinds(&found),
            ["restart 0", "deploy 60", "restart 90", "rollback 120"]
        );
    }

    #[test]
    fn what_is_read_by_the_clock_is_no_news() {
        let five = |value| (0..12).map(move |n| told("config", n * 15, None, Some(value)));
        assert_eq!(kinds(&readings(five("20").collect())), Vec::<String>::new());
        let mut all: Vec<Told> = five("20").collect();
        all.extend((12..20).map(|n| told("config", n * 15, None, Some("40"))));
        assert_eq!(kinds(&readings(all)), ["config 180"]);
        let once = vec![
            told("config", 5, None, Some("20")),
            told("config", 6, None, Some("20")),
            told("config", 50, None, Some("40")),
        ];
        assert_eq!(kinds(&readings(once)), ["config 5", "config 50"]);
    }
}
