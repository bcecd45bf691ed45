//! The trails of requests as visits to sites: what came next, and in whose service.

use crate::survey::{DONE, Site, Step, Survey, Trails, What};
use recon_parsers::stamp::SECOND;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a request logged next; absent if nothing more.
pub(super) type Next = Option<u64>;

/// A visit of one request to a site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    pub(super) at: Step,
    pub(super) next: Option<Step>,
}

impl Visit {
    pub(super) fn next(&self) -> Next {
        self.next.map(|s| s.site)
    }
}

/// A site, and the site of the service that called its service: what follows when a service is left
/// depends on who had called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) called_from: Option<u64>,
    pub(super) site: u64,
}

/// All visits by way, each in order of time.
pub(super) struct Walks<'s> {
    pub(super) trails: &'s Trails,
    pub(super) visits: BTreeMap<Way, Vec<Visit>>,
    /// When each request began.
    begins: Vec<i64>,
    /// First and last visit to each site.
    spans: BTreeMap<u64, (i64, i64)>,
    /// When the requests began that logged each error, whoever logged it.
    errors: BTreeMap<u64, Vec<i64>>,
    /// From then on something may have gone wrong; what is before shows how it usually is.
    pub(super) watched: i64,
}

impl<'s> Walks<'s> {
    pub(super) fn of(survey: &'s Survey) -> Self {
        let trails = &survey.trails;
        let mut walks = Self {
            trails,
            visits: BTreeMap::new(),
            begins: Vec::new(),
            spans: BTreeMap::new(),
            errors: BTreeMap::new(),
            watched: watched(survey),
        };
        let last = trails.iter().filter_map(|t| t.last()).map(|s| s.nanos);
        let end = last.max().unwrap_or(i64::MAX);
        for trail in trails.iter() {
            walks.follow(trail, end);
        }
        for visits in walks.visits.values_mut() {
            visits.sort_unstable_by_key(|v| v.at);
        }
        walks.begins.sort_unstable();
        walks.errors.values_mut().for_each(|e| e.sort_unstable());
        walks
    }

    fn follow(&mut self, trail: &[Step], end: i64) {
        let Some(first) = trail.first() else { return };
        self.begins.push(first.nanos);
        let mut told = BTreeSet::new();
        let mut failed = BTreeSet::new();
        let mut calls: Vec<(&str, u64)> = Vec::new();
        for (n, step) in trail.iter().enumerate() {
            let Some(site) = self.trails.site(step.site) else {
                continue;
            };
            let span = self
                .spans
                .entry(step.site)
                .or_insert((step.nanos, step.nanos));
            *span = (span.0.min(step.nanos), span.1.max(step.nanos));
            if site.grave && failed.insert(site.says) {
                self.errors.entry(site.says).or_default().push(first.nanos);
            }
            // Who is on the way already has been returned to.
            if let Some(n) = calls
                .iter()
                .rposition(|(service, _)| *service == site.service)
            {
                calls.truncate(n);
            }
            let called_from = calls.last().map(|(_, site)| *site);
            calls.push((&site.service, step.site));
            let next = trail.get(n + 1).copied();
            let next_site = next.map(|s| s.site);
            let unfinished = next.is_none() && step.nanos > end - DONE;
            if next_site == Some(step.site) || unfinished {
                continue;
            }
            let way = Way {
                called_from,
                site: step.site,
            };
            if told.insert((way, next_site)) {
                let visits = self.visits.entry(way).or_default();
                visits.push(Visit { at: *step, next });
            }
        }
    }

    pub(super) fn site(&self, site: u64) -> Option<&'s Site> {
        self.trails.site(site)
    }

    /// Whether what comes next is an error.
    pub(super) fn is_grave(&self, next: Next) -> bool {
        next.and_then(|s| self.site(s)).is_some_and(|s| s.grave)
    }

    /// Whether a site was passed outside of a time, too.
    pub(super) fn is_known(&self, site: u64, during: &Range<i64>) -> bool {
        let span = self.spans.get(&site);
        // What the last visit within leads to comes a little later.
        let during = during.start - DONE..during.end + DONE;
        span.is_some_and(|(first, last)| *first < during.start || *last > during.end)
    }

    /// The share of requests outside of a time that logged the error of a site, wherever.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn usual_share(&self, site: u64, during: &Range<i64>) -> f64 {
        let outside = |times: &[i64]| {
            let before = times.partition_point(|t| *t < during.start - SECOND);
            before + times.len() - times.partition_point(|t| *t <= during.end + SECOND)
        };
        let says = self.site(site).map(|s| s.says);
        let errors = says.and_then(|s| self.errors.get(&s));
        let errors = errors.map_or(0, |times| outside(times));
        errors as f64 / outside(&self.begins).max(1) as f64
    }
}

/// A first part of the data that a gap three times as long as it lasts divides from the rest, was
/// collected to show how things usually are.
pub(super) fn watched(survey: &Survey) -> i64 {
    const TIMES: i64 = 3;
    const LEAST: i64 = 30;
    let entries = survey
        .services
        .values()
        .filter_map(|t| t.rates.get(&What::Entries));
    let busy: BTreeSet<i64> = entries.flat_map(|r| r.seconds().map(|s| s.0)).collect();
    let Some(first) = busy.first() else {
        return i64::MIN;
    };
    let pairs = busy.iter().zip(busy.iter().skip(1));
    let widest = pairs.max_by_key(|(a, b)| *b - *a);
    let apart = widest.filter(|(a, b)| {
        let length = *a - first;
        length >= LEAST && *b - *a > TIMES * length
    });
    apart.map_or(i64::MIN, |(_, begin)| begin.saturating_mul(SECOND))
}
