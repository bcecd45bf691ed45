//! Which signals belong to one incident.
//!
//! Incidents begin with what hurts: bursts of errors, bursts of tickets, and, where nothing
//! was measured, grave alerts and pages that a person took up. What overlaps in time is one
//! incident; alerts, pages and people's words join the one they overlap and relate to.

use super::names;
use crate::cite::FileId;
use crate::lexicon::Act;
use crate::signal::{Alert, Page, Said, Sign, Signal};
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, PageAct};
use std::collections::{BTreeMap, BTreeSet};

/// Signals that follow each other within so long (10 minutes) are one incident.
const SLACK: i64 = 600 * SECOND;
/// People are heard from so long (15 minutes) before the first measured trouble.
const EARLY: i64 = 900 * SECOND;
/// People are heard for so long (4 hours) after the last.
const LATE: i64 = 4 * 3600 * SECOND;

/// The signals of one incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Group<'s> {
    /// Errors that rose.
    pub(super) bursts: Vec<&'s Signal>,
    /// Services that went silent.
    pub(super) silences: Vec<&'s Signal>,
    /// Alerts.
    pub(super) alerts: Vec<&'s Signal>,
    /// Steps of pages.
    pub(super) pages: Vec<&'s Signal>,
    /// Bursts of tickets.
    pub(super) tickets: Vec<&'s Signal>,
    /// What people said.
    pub(super) said: Vec<&'s Signal>,
    /// Changes from well before until well after.
    pub(super) changes: Vec<&'s Signal>,
    /// First and last nanosecond of what hurt.
    pub(super) from: i64,
    /// The last nanosecond of what hurt; the end of the data if it goes on.
    pub(super) to: i64,
    /// Services that hurt.
    pub(super) services: BTreeSet<String>,
}

/// The groups, in order of their start. `end` is the last nanosecond of the data.
pub(super) fn groups<'s>(signals: &'s [Signal], end: i64) -> Vec<Group<'s>> {
    let dated: Vec<&Signal> = signals
        .iter()
        .filter(|s| s.from.basis != Basis::Relative)
        .collect();
    let mut groups: Vec<Group<'s>> = Vec::new();
    for signal in &dated {
        if matches!(signal.sign, Sign::Burst(_) | Sign::Tickets { .. }) {
            place(&mut groups, signal, end);
        }
    }
    join_alerts(&mut groups, &dated, end);
    join_pages(&mut groups, &dated, end);
    without_measurement(&mut groups, &dated, end);
    groups.sort_by_key(|g| g.from);
    let starts: Vec<i64> = groups.iter().map(|g| g.from).collect();
    for (n, group) in groups.iter_mut().enumerate() {
        let next = starts.get(n + 1).copied().unwrap_or(i64::MAX);
        group.hear(&dated, next);
    }
    groups
}

fn place<'s>(groups: &mut Vec<Group<'s>>, signal: &'s Signal, end: i64) {
    let (from, to) = (signal.from.nanos, signal.to.map_or(end, |t| t.nanos));
    let found = groups
        .iter_mut()
        .find(|g| from <= g.to + SLACK && to >= g.from - SLACK);
    let group = match found {
        Some(group) => group,
        None => {
            groups.push(Group {
                from,
                to,
                ..Group::default()
            });
            let last = groups.len() - 1;
            &mut groups[last]
        }
    };
    group.from = group.from.min(from);
    group.to = group.to.max(to);
    group.services.extend(signal.service.clone());
    match signal.sign {
        Sign::Burst(_) => group.bursts.push(signal),
        Sign::Tickets { .. } => group.tickets.push(signal),
        _ => {}
    }
}

impl<'s> Group<'s> {
    fn overlaps(&self, signal: &Signal, end: i64) -> bool {
        signal.from.nanos <= self.to + SLACK
            && signal.to.map_or(end, |t| t.nanos) >= self.from - SLACK
    }

    /// Whether a service or a text is about what hurts.
    pub(super) fn concerns(&self, service: Option<&str>, text: &str) -> bool {
        self.services
            .iter()
            .any(|own| service.is_some_and(|s| names::same(s, own)) || names::mentions(text, own))
    }

    /// Begins and ends with what hurts, give or take a detection and a recovery.
    fn frames(&self, signal: &Signal, end: i64) -> bool {
        let to = signal.to.map_or(end, |t| t.nanos);
        signal.from.nanos >= self.from - SLACK
            && signal.from.nanos <= self.from + 2 * SLACK
            && (to - self.to).abs() <= 2 * SLACK
    }

    /// People's words, silences and changes in reach.
    fn hear(&mut self, signals: &[&'s Signal], next: i64) {
        let closes = self
            .pages
            .iter()
            .map(|p| p.from.nanos)
            .chain(self.alerts.iter().filter_map(|a| a.to).map(|t| t.nanos));
        let late = (closes.fold(self.to, i64::max) + LATE).min(next - EARLY);
        let said = |s: &&&Signal| {
            matches!(s.sign, Sign::Said(_)) && (self.from - EARLY..=late).contains(&s.from.nanos)
        };
        let candidates: Vec<&'s Signal> = signals.iter().filter(said).copied().collect();
        self.said = main_channels(&candidates);
        for signal in signals.iter().copied() {
            match signal.sign {
                Sign::Change(_)
                    if (self.from - 24 * 3600 * SECOND..=late).contains(&signal.from.nanos) =>
                {
                    self.changes.push(signal);
                }
                Sign::Silence
                    if signal.from.nanos >= self.from - SLACK && signal.from.nanos <= self.to =>
                {
                    self.silences.push(signal);
                }
                _ => {}
            }
        }
    }
}

/// The channels in which the incident is worked on: in others people chat of other things.
fn main_channels<'s>(said: &[&'s Signal]) -> Vec<&'s Signal> {
    let channel = |s: &Signal| -> FileId { s.evidence.first().file };
    let mut weight: BTreeMap<FileId, f32> = BTreeMap::new();
    for signal in said {
        if let Sign::Said(words) = &signal.sign {
            *weight.entry(channel(signal)).or_default() +=
                words.statements.iter().map(|s| s.score).sum::<f32>();
        }
    }
    let most = weight.values().copied().fold(0.0, f32::max);
    said.iter()
        .filter(|s| weight.get(&channel(s)).is_some_and(|w| *w >= most * 0.4))
        .copied()
        .collect()
}

fn join_alerts<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal], end: i64) {
    for signal in signals {
        let Sign::Alert(alert) = &signal.sign else {
            continue;
        };
        let text = format!("{} {}", alert.name, alert.summary);
        let fits = |g: &&mut Group<'s>| {
            g.overlaps(signal, end)
                && (g.concerns(signal.service.as_deref(), &text)
                    || alert.is_grave()
                    || g.frames(signal, end))
        };
        if let Some(group) = groups.iter_mut().find(fits) {
            group.alerts.push(signal);
        }
    }
}

fn page(signal: &Signal) -> Option<&Page> {
    match &signal.sign {
        Sign::Page(page) => Some(page),
        _ => None,
    }
}

/// The steps of each paged incident.
fn paged<'s>(signals: &[&'s Signal]) -> BTreeMap<String, Vec<&'s Signal>> {
    let mut all: BTreeMap<String, Vec<&'s Signal>> = BTreeMap::new();
    for signal in signals {
        if let Some(page) = page(signal) {
            all.entry(page.id.clone().unwrap_or_else(|| page.title.clone()))
                .or_default()
                .push(signal);
        }
    }
    all
}

fn join_pages<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal], end: i64) {
    for steps in paged(signals).into_values() {
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            continue;
        };
        let title = page(first).map(|p| p.title.as_str()).unwrap_or_default();
        let alerted = |g: &Group<'_>| {
            g.alerts
                .iter()
                .any(|a| matches!(&a.sign, Sign::Alert(a) if names::mentions(title, &a.name)))
        };
        let fits = |g: &&mut Group<'s>| {
            let near = first.from.nanos <= g.to + SLACK && last.from.nanos >= g.from - SLACK;
            near && (g.concerns(first.service.as_deref(), title)
                || alerted(g)
                || begins_with(g, first, end))
        };
        if let Some(group) = groups.iter_mut().find(fits) {
            group.pages.extend(steps);
        }
    }
}

/// A page without any name in common that came when the trouble did is about it.
fn begins_with(group: &Group<'_>, first: &Signal, end: i64) -> bool {
    let half = (group.to.min(end) - group.from) / 2;
    first.from.nanos >= group.from && first.from.nanos <= group.from + half
}

/// Incidents that no log shows: a page or a grave alert that a person took up.
fn without_measurement<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal], end: i64) {
    for steps in paged(signals).into_values() {
        let joined = groups
            .iter()
            .any(|g| g.pages.iter().any(|p| steps.contains(p)));
        let human = |s: &&&Signal| {
            page(s).is_some_and(|p| {
                p.act == PageAct::Acknowledged && p.actor.as_ref().is_none_or(|(_, bot)| !bot)
            })
        };
        let taken = steps.iter().find(human);
        if let (false, Some(_), Some(first)) = (joined, taken, steps.first()) {
            let over = steps
                .iter()
                .rev()
                .find(|s| page(s).is_some_and(|p| p.act == PageAct::Resolved));
            // What resolved itself within minutes and was only acknowledged was no incident.
            let brief =
                over.is_some_and(|o| o.from.nanos - first.from.nanos < SLACK) && steps.len() <= 4;
            if !brief {
                let to = over.map_or(end, |o| o.from.nanos);
                let services = first.service.iter().cloned().collect();
                groups.push(Group {
                    pages: steps.clone(),
                    from: first.from.nanos,
                    to,
                    services,
                    ..Group::default()
                });
            }
        }
    }
    for signal in signals {
        if let Sign::Alert(alert) = &signal.sign {
            alone(groups, signal, alert, signals, end);
        }
    }
}

fn alone<'s>(
    groups: &mut Vec<Group<'s>>,
    signal: &'s Signal,
    alert: &Alert,
    signals: &[&'s Signal],
    end: i64,
) {
    if groups.iter().any(|g| g.alerts.contains(&signal)) {
        return;
    }
    let text = format!("{} {}", alert.name, alert.summary);
    if let Some(group) = groups
        .iter_mut()
        .find(|g| g.overlaps(signal, end) && g.concerns(signal.service.as_deref(), &text))
    {
        group.alerts.push(signal);
        return;
    }
    let to = signal.to.map_or(end, |t| t.nanos);
    let worked_on = signals
        .iter()
        .filter(|s| (signal.from.nanos..=to + SLACK).contains(&s.from.nanos))
        .any(|s| match &s.sign {
            Sign::Said(said) => takes_up(said),
            _ => false,
        });
    if alert.is_grave() && worked_on {
        let services = signal.service.iter().cloned().collect();
        groups.push(Group {
            alerts: vec![signal],
            from: signal.from.nanos,
            to,
            services,
            ..Group::default()
        });
    }
}

/// Words of somebody who works on an incident, not of somebody who chats.
fn takes_up(said: &Said) -> bool {
    let works = [
        Act::Acknowledged,
        Act::Declared,
        Act::Escalated,
        Act::Identified,
        Act::Fix,
    ];
    said.statements
        .iter()
        .any(|s| s.holds() && s.score >= 0.7 && works.contains(&s.act))
}
