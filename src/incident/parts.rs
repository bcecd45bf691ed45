//! Which bursts are of one trouble and which merely happen at one time.
//!
//! Bursts are one if they begin together, are of one service or name each other.
//! What is left overlaps in time only. That is as a rule one trouble, too, whose parts were
//! seen at different times; it stays apart only where both sides were dealt with on their own:
//! each has an alert, a page, a change at its ends or people's words that are not the other's.

use super::{change_of, names, words_of};
use crate::lexicon::Act;
use crate::signal::{Burst, Sign, Signal, resource};
use recon_parsers::stamp::SECOND;
use std::collections::BTreeSet;

/// Bursts that begin within so long (a minute and a half) do so together.
const TOGETHER: i64 = 90 * SECOND;
/// A service that fails again after so long (half an hour) does so for the same reason.
const RELAPSE: i64 = 1800 * SECOND;
/// A change so long (fifteen minutes) before a trouble begins may have begun it.
const BEGINS: i64 = 900 * SECOND;
/// A change so long (five minutes) before a trouble ends may have ended it.
const ENDS: i64 = 300 * SECOND;

/// Bursts of one trouble.
#[derive(Clone, Debug, Default)]
pub(super) struct Part<'s> {
    pub(super) bursts: Vec<&'s Signal>,
    pub(super) from: i64,
    pub(super) to: i64,
    /// It goes on at the end of the data.
    open: bool,
    pub(super) services: BTreeSet<String>,
    pub(super) resources: BTreeSet<String>,
}

/// The parts, in order of their start. `end` is the last nanosecond of the data.
pub(super) fn parts<'s>(signals: &[&'s Signal], end: i64) -> Vec<Part<'s>> {
    let mut parts: Vec<Part<'s>> = Vec::new();
    for signal in signals {
        if let Sign::Burst(burst) = &signal.sign {
            join(&mut parts, Part::of(signal, burst, end), Part::links);
        }
    }
    let mut merged: Vec<Part<'s>> = Vec::new();
    parts.sort_by_key(|p| p.from);
    for part in parts {
        let one = |a: &Part<'s>, b: &Part<'s>| {
            a.overlaps(b, 0) && !(a.is_dealt_with(b, signals) && b.is_dealt_with(a, signals))
        };
        join(&mut merged, part, one);
    }
    merged.sort_by_key(|p| (p.from, p.to));
    merged
}

/// Adds a part, and makes one of all that it joins.
fn join<'s>(
    parts: &mut Vec<Part<'s>>,
    mut part: Part<'s>,
    one: impl Fn(&Part<'s>, &Part<'s>) -> bool,
) {
    while let Some(n) = parts.iter().position(|p| one(p, &part)) {
        part.absorb(parts.remove(n));
    }
    parts.push(part);
}

impl<'s> Part<'s> {
    fn of(signal: &'s Signal, burst: &Burst, end: i64) -> Self {
        let resources = burst.operations.iter().filter_map(|o| resource(o));
        Self {
            bursts: vec![signal],
            from: signal.from.nanos,
            to: signal.to.map_or(end, |t| t.nanos),
            open: signal.to.is_none(),
            services: signal.service.iter().cloned().collect(),
            resources: resources.map(str::to_owned).collect(),
        }
    }

    fn absorb(&mut self, mut other: Self) {
        self.bursts.append(&mut other.bursts);
        self.bursts
            .sort_by_key(|b| (b.from.nanos, b.evidence.first()));
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
        self.open |= other.open;
        self.services.append(&mut other.services);
        self.resources.append(&mut other.resources);
    }

    fn overlaps(&self, other: &Self, slack: i64) -> bool {
        self.from <= other.to.saturating_add(slack) && other.from <= self.to.saturating_add(slack)
    }

    /// Whether something ties both together besides the time.
    fn links(&self, other: &Self) -> bool {
        // A front that serves many shows the troubles of each.
        let apart = !self.resources.is_empty()
            && !other.resources.is_empty()
            && self.resources.is_disjoint(&other.resources);
        let service = !apart && !self.services.is_disjoint(&other.services);
        let shared = service || !self.resources.is_disjoint(&other.resources);
        if shared {
            return self.overlaps(other, RELAPSE);
        }
        let begin = (self.from - other.from).abs() <= TOGETHER;
        let is_named = |a: &Self, b: &Self| {
            let mut services = a.services.iter();
            services.any(|s| b.resources.iter().any(|r| names::same(s, r)))
        };
        self.overlaps(other, 0) && (begin || is_named(self, other) || is_named(other, self))
    }

    fn is_named(&self, service: Option<&str>, text: &str) -> bool {
        let mut names = self.services.iter().chain(&self.resources);
        names.any(|n| service.is_some_and(|s| names::same(s, n)) || names::mentions(text, n))
    }

    /// Whether something was done about this part and not about the other.
    fn is_dealt_with(&self, other: &Self, signals: &[&Signal]) -> bool {
        signals.iter().any(|signal| {
            let at = signal.from.nanos;
            let during = (self.from - TOGETHER..=self.to.saturating_add(TOGETHER)).contains(&at);
            let text = match &signal.sign {
                Sign::Alert(alert) if during => format!("{} {}", alert.name, alert.summary),
                Sign::Page(page) if during => page.title.clone(),
                Sign::Change(change) => {
                    let begins = (self.from - BEGINS..=self.from + SECOND).contains(&at);
                    let ends = (self.to - ENDS..=self.to.saturating_add(ENDS)).contains(&at);
                    if !change.is_live() || !(begins || ends && !self.open) {
                        return false;
                    }
                    change_of(signal)
                        .map(|c| c.message.clone())
                        .unwrap_or_default()
                }
                Sign::Said(_) if during => {
                    let said = words_of(signal);
                    let acts = [Act::Identified, Act::Fix];
                    let tells = said.is_some_and(|w| {
                        let mut all = w.statements.iter();
                        all.any(|s| s.holds() && acts.contains(&s.act))
                    });
                    said.filter(|_| tells)
                        .map(|w| w.text.clone())
                        .unwrap_or_default()
                }
                _ => return false,
            };
            let service = signal.service.as_deref();
            self.is_named(service, &text) && !other.is_named(service, &text)
        })
    }
}
