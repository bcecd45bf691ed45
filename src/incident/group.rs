//! Which signals belong to one incident.
//!
//! Incidents begin with what hurts: bursts of errors, bursts of tickets, and, where nothing
//! was measured, grave alerts and pages that a person took up. What begins or ends together, or
//! is about one service, is one incident ([`super::parts`]); alerts, pages and people's words join
//! the one that they fit best.

use super::parts::{self, Part};
use super::witness::Witnesses;
use super::{departures, flow, lone, names};
use super::{talk, words_of};
use crate::cite::Evidence;
use crate::lexicon::Act;
use crate::signal::{Page, Said, Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, PageAct};
use std::collections::{BTreeMap, BTreeSet};

/// Signals that follow each other within so long (10 minutes) are one incident.
pub(super) const SLACK: i64 = 600 * SECOND;
/// People are heard from so long (15 minutes) before the first measured trouble.
pub(super) const EARLY: i64 = 900 * SECOND;
/// People are heard for so long (4 hours) after the last.
const LATE: i64 = 4 * 3600 * SECOND;

/// An incident that runs when the logs begin may have been told of so long (6 hours) before.
const KNOWN: i64 = 6 * 3600 * SECOND;

/// The signals of one incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Group<'s> {
    /// Errors that rose.
    pub(super) bursts: Vec<&'s Signal>,
    /// Requests that went astray or were slow, the most telling first.
    pub(super) flows: Vec<&'s Signal>,
    /// These began it: nothing else tells how requests fared.
    pub(super) followed: bool,
    /// A conversation alone tells of it.
    pub(super) told: bool,
    /// Services that stopped, as people or alerts say, where nothing else tells how it went.
    pub(super) stopped: Vec<&'s Signal>,
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
    /// The first alert or page of what already hurt when the logs begin.
    pub(super) early: Option<i64>,
    /// Services that hurt.
    pub(super) services: BTreeSet<String>,
    /// What the operations that hurt are about: `checkout` of `POST /checkout`.
    pub(super) resources: BTreeSet<String>,
    /// Services that the messages of those that hurt name.
    pub(super) implicated: BTreeSet<String>,
    /// Services that had said nothing yet of their own when it hurt, with their first words.
    pub(super) absent: BTreeMap<String, Evidence>,
}

/// The groups, in order of their start. `end` is the last nanosecond of the data.
pub(super) fn groups<'s>(
    signals: &'s [Signal],
    end: i64,
    witnesses: Witnesses<'_>,
) -> Vec<Group<'s>> {
    let dated: Vec<&Signal> = signals
        .iter()
        .filter(|s| s.from.basis != Basis::Relative && !witnesses.never_meet(s))
        .collect();
    let mut groups: Vec<Group<'s>> = parts::parts(&dated, end).into_iter().map(of_part).collect();
    flow::begin(&mut groups, &dated, end, witnesses);
    let followed = groups.iter().any(|g| g.followed);
    flow::join(&mut groups, &dated, end);
    super::silent::begin(&mut groups, &dated, end);
    super::tickets::join(&mut groups, &dated);
    join_alerts(&mut groups, &dated, end);
    join_pages(&mut groups, &dated, end);
    for group in groups.iter_mut().filter(|g| witnesses.begin_with(g)) {
        group.early = group.known_before();
    }
    without_measurement(&mut groups, &dated, end);
    super::told::begin(&mut groups, &dated);
    groups.sort_by_key(|g| g.from);
    talk::hear(&mut groups, &dated);
    talk::join_suspected(&mut groups, &dated);
    groups.retain(|g| !is_murmur(g) || !followed && !witnesses.know_all(g));
    groups.retain(|g| !departures::alone(g));
    groups
}

/// Errors in a log that, where requests are counted or followed, failed none, and that nobody took up:
/// no alert, page or report is about them, and no words.
fn is_murmur(group: &Group<'_>) -> bool {
    let logged = |b: &&Signal| matches!(&b.sign, Sign::Burst(b) if b.what == What::Errors);
    let alerted = group.alerts.iter().any(|a| {
        let grave = matches!(&a.sign, Sign::Alert(alert) if alert.is_grave());
        grave || group.concerns(a.service.as_deref(), "")
    });
    let spoken = group.said.iter().any(|s| {
        let named = words_of(s).is_some_and(|w| group.concerns(None, &w.text) && takes_up(w));
        named && s.from.nanos <= group.to.saturating_add(SLACK)
    });
    let responded = alerted || spoken || !group.pages.is_empty() || !group.tickets.is_empty();
    let strays = !flow::leading(group).is_empty();
    !strays && !responded && !group.bursts.is_empty() && group.bursts.iter().all(logged)
}

fn of_part(part: Part<'_>) -> Group<'_> {
    Group {
        from: part.from,
        to: part.to,
        services: part.services,
        resources: part.resources,
        bursts: part.bursts,
        ..Group::default()
    }
}

impl<'s> Group<'s> {
    pub(super) fn overlaps(&self, signal: &Signal, end: i64) -> bool {
        signal.from.nanos <= self.to + SLACK
            && signal.to.map_or(end, |t| t.nanos) >= self.from - SLACK
    }

    /// The names of what hurts.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.services
            .iter()
            .chain(&self.resources)
            .chain(&self.implicated)
    }

    /// Whether a service or a text is about what hurts.
    pub(super) fn concerns(&self, service: Option<&str>, text: &str) -> bool {
        let mut names = self.names();
        names.any(|own| service.is_some_and(|s| names::same(s, own)) || names::mentions(text, own))
    }

    /// Whether a page of it is about this service.
    pub(super) fn is_paged_for(&self, service: Option<&str>) -> bool {
        let Some(service) = service else { return false };
        self.pages.iter().any(|p| {
            let title = page(p).map_or("", |p| p.title.as_str());
            let own = p.service.as_deref();
            own.is_some_and(|o| names::same(o, service)) || names::mentions(title, service)
        })
    }

    /// Begins and ends with what hurts, give or take a detection and a recovery.
    fn frames(&self, signal: &Signal, end: i64) -> bool {
        let to = signal.to.map_or(end, |t| t.nanos);
        signal.from.nanos >= self.from - SLACK
            && signal.from.nanos <= self.from + 2 * SLACK
            && (to - self.to).abs() <= 2 * SLACK
    }

    /// The first and the last instant at which people may talk of it, where the incident after it
    /// begins at `next`.
    pub(super) fn heard(&self, next: i64) -> (i64, i64) {
        let pages = self.pages.iter().map(|p| p.from.nanos);
        let alerts = self.alerts.iter().filter_map(|a| a.to).map(|t| t.nanos);
        let late = pages.chain(alerts).fold(self.to, i64::max) + LATE;
        let first = self.early.map_or(self.from, |e| e.min(self.from));
        (first - EARLY, late.min((next - EARLY).max(self.to)))
    }

    /// When an alert that goes on, or a page, told of it first, before anything was measured.
    fn known_before(&self) -> Option<i64> {
        let reach = self.from - KNOWN..self.from;
        let goes_on = |s: &&&Signal| s.to.is_none_or(|t| t.nanos >= self.from);
        let alerts = self.alerts.iter().filter(goes_on).map(|s| s.from.nanos);
        let pages = self.pages.iter().map(|s| s.from.nanos);
        let told = alerts.chain(pages).filter(|at| reach.contains(at));
        told.min()
    }

    /// Silences and changes in reach.
    pub(super) fn notice(&mut self, signals: &[&'s Signal], late: i64) {
        for signal in signals.iter().copied() {
            match signal.sign {
                Sign::Change(_)
                    if (self.from - 24 * 3600 * SECOND..=late).contains(&signal.from.nanos) =>
                {
                    self.changes.push(signal);
                }
                Sign::Silence { .. }
                    if signal.from.nanos >= self.from - SLACK && signal.from.nanos <= self.to =>
                {
                    self.silences.push(signal);
                }
                _ => {}
            }
        }
    }
}

/// The best of the groups, where one fits at all.
fn best<'g, 's>(
    groups: &'g mut [Group<'s>],
    fit: impl Fn(&Group<'s>) -> Option<i64>,
) -> Option<&'g mut Group<'s>> {
    let scored = groups.iter().enumerate();
    let (_, n) = scored
        .filter_map(|(n, g)| Some((fit(g)?, n)))
        .max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))?;
    groups.get_mut(n)
}

/// Of two that fit alike, the one that began at a time closer to a signal's.
fn closeness(group: &Group<'_>, at: i64) -> i64 {
    -((at - group.from).abs() / SECOND).min(9_999)
}

fn join_alerts<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal], end: i64) {
    for signal in signals {
        let Sign::Alert(alert) = &signal.sign else {
            continue;
        };
        let text = format!("{} {}", alert.name, alert.summary);
        let fit = |g: &Group<'s>| {
            let ties = [
                g.concerns(signal.service.as_deref(), &text),
                g.frames(signal, end) && !alert.is_minor(),
                alert.is_grave(),
            ];
            if !ties[0] && lone::is_habit(signal, g, signals) {
                return None;
            }
            let score: i64 = ties
                .iter()
                .zip([40_000, 20_000, 10_000])
                .map(|(t, w)| i64::from(*t) * w)
                .sum();
            (g.overlaps(signal, end) && score > 0).then(|| score + closeness(g, signal.from.nanos))
        };
        if let Some(group) = best(groups, fit) {
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

/// Pages join by a name. One without any in common joins what hurt when it came, if nobody was
/// paged or alerted about that otherwise.
fn join_pages<'s>(groups: &mut [Group<'s>], signals: &[&'s Signal], end: i64) {
    let all = paged(signals);
    let near = |g: &Group<'_>, steps: &[&Signal]| match (steps.first(), steps.last()) {
        (Some(a), Some(b)) => a.from.nanos <= g.to + SLACK && b.from.nanos >= g.from - SLACK,
        _ => false,
    };
    let mut nameless = Vec::new();
    for steps in all.into_values() {
        let Some(first) = steps.first() else { continue };
        let title = page(first).map(|p| p.title.as_str()).unwrap_or_default();
        let alerted = |g: &Group<'_>| {
            g.alerts
                .iter()
                .any(|a| matches!(&a.sign, Sign::Alert(a) if names::mentions(title, &a.name)))
        };
        let fit = |g: &Group<'s>| {
            let named = alerted(g) || g.concerns(first.service.as_deref(), title);
            (near(g, &steps) && named).then(|| closeness(g, first.from.nanos))
        };
        match best(groups, fit) {
            Some(group) => group.pages.extend(steps),
            None => nameless.push(steps),
        }
    }
    // Those that a person took come first: the others mostly are about something else.
    nameless.sort_by_key(|steps| !is_taken(steps));
    for steps in nameless {
        let Some(first) = steps.first() else { continue };
        let fit = |g: &Group<'s>| {
            let only = g.pages.is_empty() && begins_with(g, first, end);
            let same = g.is_paged_for(first.service.as_deref());
            ((is_taken(&steps) || only || same) && near(g, &steps))
                .then(|| closeness(g, first.from.nanos))
        };
        if let Some(group) = best(groups, fit) {
            group.pages.extend(steps);
        }
    }
}

/// Whether a person took the page. What people tell of as an incident, they have taken up.
fn is_taken(steps: &[&Signal]) -> bool {
    steps.iter().any(|s| {
        page(s).is_some_and(|p| {
            let taken = p.act == PageAct::Acknowledged;
            p.claimed || taken && p.actor.as_ref().is_none_or(|(_, bot)| !bot)
        })
    })
}

/// A page without any name in common that came when the trouble did is about it.
fn begins_with(group: &Group<'_>, first: &Signal, end: i64) -> bool {
    let half = ((group.to.min(end) - group.from) / 2).min(SLACK);
    first.from.nanos >= group.from && first.from.nanos <= group.from + half
}

/// Incidents that no log shows: a page or a grave alert that a person took up, or a status page's word.
fn without_measurement<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal], end: i64) {
    let all: Vec<Vec<&Signal>> = paged(signals).into_values().collect();
    let public = |steps: &&Vec<&Signal>| steps.iter().any(|s| page(s).is_some_and(|p| p.public));
    for steps in all.iter().filter(|s| !public(s)) {
        begin_paged(groups, steps, end);
    }
    for signal in signals {
        if let Sign::Alert(alert) = &signal.sign {
            lone::begin(groups, signal, alert, signals, end);
        }
    }
    // The public is told of what goes on, in words of its own.
    for steps in all.iter().filter(public) {
        let first = steps.first().map(|s| s.from.nanos).unwrap_or_default();
        let fit = |g: &Group<'s>| {
            let goes_on = (g.from - SLACK..=g.to + SLACK).contains(&first);
            goes_on.then(|| closeness(g, first))
        };
        if has(groups, steps) {
            continue;
        }
        match best(groups, fit) {
            Some(group) => group.pages.extend(steps),
            None => begin_paged(groups, steps, end),
        }
    }
}

fn has(groups: &[Group<'_>], steps: &[&Signal]) -> bool {
    let mut groups = groups.iter();
    groups.any(|g| g.pages.iter().any(|p| steps.contains(p)))
}

/// Begins an incident that a page tells of, if a person took it up.
fn begin_paged<'s>(groups: &mut Vec<Group<'s>>, steps: &[&'s Signal], end: i64) {
    let Some(first) = steps.first().filter(|_| is_taken(steps)) else {
        return;
    };
    let mut ends = steps.iter().rev();
    let over = ends.find(|s| page(s).is_some_and(|p| p.act == PageAct::Resolved));
    // What resolved itself within minutes and was only acknowledged was no incident.
    let brief = over.is_some_and(|o| o.from.nanos - first.from.nanos < SLACK)
        && steps.len() <= 4
        && !page(first).is_some_and(|p| p.claimed);
    if brief || has(groups, steps) {
        return;
    }
    groups.push(Group {
        pages: steps.to_vec(),
        from: first.from.nanos,
        to: over.map_or(end, |o| o.from.nanos),
        services: first.service.iter().cloned().collect(),
        ..Group::default()
    });
}

/// Words of somebody who works on an incident, not of somebody who chats.
pub(super) fn takes_up(said: &Said) -> bool {
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
