//! What the close-up counts, entry by entry; parts merge by union.

use super::distinct::Distinct;
use super::entry::Entry;
use super::latency::Latencies;
use super::people::People;
use super::series::Axis;
use super::told::Told;
use super::untold::Untold;
use crate::cite::{Evidence, FileId};
use crate::incident::{Focus, Impact};
use crate::survey::{self, Mark, What};
use recon_parsers::Level;
use recon_parsers::stamp::SECOND;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Requests of a minute below which its error rate is no peak.
const PEAK: u64 = 10;

/// Everything that is counted.
#[derive(Clone, Debug)]
pub(super) struct Count<'f> {
    focus: &'f Focus,
    /// The field that tells users apart, where none is called so.
    key: Option<&'f str>,
    /// The first nanosecond of the baseline.
    base: i64,
    pub(super) total: u64,
    pub(super) failed: u64,
    base_total: u64,
    base_failed: u64,
    pub(super) minutes: BTreeMap<i64, (u64, u64)>,
    users: People,
    clients: People,
    during: Latencies,
    before: Latencies,
    first: Option<Mark>,
    last: Option<Mark>,
    /// The operation at hand, spelt out.
    operation: String,
    axis: Axis,
    /// Requests and other entries of the service within the impact, by file.
    pub(super) files: BTreeMap<FileId, (u64, u64)>,
    /// What failed requests were called.
    pub(super) ids: Distinct,
    /// For whom errors were, by the ids of requests.
    told: Told,
    /// Where errors are counted: the requests of which nothing else tells.
    untold: Untold,
    /// Other services whose requests were counted, too.
    beside: BTreeSet<&'f str>,
    /// Operations of theirs.
    operations: BTreeSet<&'f str>,
    /// Durations by point of the axis.
    pub(super) durations: BTreeMap<i64, Latencies>,
}

impl<'f> Count<'f> {
    pub(super) fn new(focus: &'f Focus, base: i64, axis: Axis, key: Option<&'f str>) -> Self {
        Self {
            focus,
            key,
            base,
            axis,
            durations: BTreeMap::new(),
            files: BTreeMap::new(),
            ids: Distinct::default(),
            told: Told::default(),
            untold: Untold::default(),
            beside: focus.service.as_deref().into_iter().collect(),
            operations: focus.operations.iter().map(String::as_str).collect(),
            total: 0,
            failed: 0,
            base_total: 0,
            base_failed: 0,
            minutes: BTreeMap::new(),
            users: People::default(),
            clients: People::default(),
            during: Latencies::default(),
            before: Latencies::default(),
            first: None,
            last: None,
            operation: String::new(),
        }
    }

    /// Counts an entry of the service.
    pub(super) fn add(&mut self, entry: &Entry<'_>) {
        let at = entry.at;
        let failure = self.failure(entry);
        let duration = failure.and(entry.latency_ms);
        if let (Some(ms), Some(point)) = (duration, self.axis.point(at.nanos)) {
            self.durations.entry(point).or_default().add(ms);
        }
        if at.nanos < self.focus.from {
            if (self.base..self.focus.from - super::GAP).contains(&at.nanos)
                && let Some(failed) = failure
            {
                self.base_total += 1;
                self.base_failed += u64::from(failed);
                if let Some(ms) = duration {
                    self.before.add(ms);
                }
            }
            return;
        }
        if at.nanos > self.focus.to {
            return;
        }
        let lines = self.files.entry(entry.cite.file).or_default();
        lines.0 += u64::from(entry.request.is_some());
        lines.1 += u64::from(entry.request.is_none());
        if let Some(id) = entry.id.filter(|_| failure == Some(true)) {
            self.ids.add(id);
        }
        if self.counts_errors() {
            self.untold.add(entry, failure == Some(true));
        }
        self.told.add(entry);
        if let Some(user) = entry.user {
            self.users.add(user, failure);
        }
        let client = entry
            .client
            .filter(|_| failure.is_some() || entry.request.is_none());
        if let Some(client) = client {
            self.clients.add(client, failure);
        }
        let Some(failed) = failure else { return };
        self.total += 1;
        self.failed += u64::from(failed);
        let minute = self
            .minutes
            .entry(at.nanos.div_euclid(60 * SECOND))
            .or_default();
        *minute = (minute.0 + 1, minute.1 + u64::from(failed));
        if failed {
            let mark = Mark {
                nanos: at.nanos,
                cite: entry.cite,
            };
            self.first = Some(self.first.map_or(mark, |m| m.min(mark)));
            self.last = Some(self.last.map_or(mark, |m| m.max(mark)));
        }
        if let Some(ms) = duration {
            self.during.add(ms);
        }
    }

    fn counts_errors(&self) -> bool {
        self.focus.failures.contains(&What::Errors)
    }

    /// Whether an entry of the affected operations failed; `None` if it is of another operation.
    fn failure(&mut self, entry: &Entry<'_>) -> Option<bool> {
        if self.counts_errors() {
            return Some(entry.level >= Some(Level::Error));
        }
        let request = entry.request?;
        let path = request.path.as_deref();
        let outcome = survey::outcome_of(request.status, path)?;
        if !self.focus.operations.is_empty() {
            self.operation.clear();
            survey::operation_into(&mut self.operation, request.method.as_deref(), path);
            if !self.focus.operations.contains(&self.operation) {
                return None;
            }
        }
        Some(self.focus.failures.contains(&outcome))
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.total += other.total;
        self.failed += other.failed;
        self.base_total += other.base_total;
        self.base_failed += other.base_failed;
        for (minute, (all, failed)) in other.minutes {
            let ours = self.minutes.entry(minute).or_default();
            *ours = (ours.0 + all, ours.1 + failed);
        }
        for (file, (requests, others)) in other.files {
            let ours = self.files.entry(file).or_default();
            *ours = (ours.0 + requests, ours.1 + others);
        }
        self.ids.merge(other.ids);
        self.told.merge(other.told);
        self.untold.merge(other.untold);
        self.beside.extend(other.beside);
        // None are all.
        if self.operations.is_empty() || other.operations.is_empty() {
            self.operations.clear();
        } else {
            self.operations.extend(other.operations);
        }
        self.users.merge(other.users);
        self.clients.merge(other.clients);
        self.during.merge(other.during);
        self.before.merge(other.before);
        for (point, theirs) in other.durations {
            self.durations.entry(point).or_default().merge(theirs);
        }
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.into_iter().chain(other.last).max();
        self
    }

    /// How much it tells: of users, of failures, of requests.
    pub(super) fn weight(&self) -> (bool, u64, u64) {
        (self.people().0.is_some(), self.failed, self.total)
    }

    /// Hears another account of the same requests as to whose they were.
    pub(super) fn hear(&mut self, other: Self) {
        self.told.merge(other.told);
        if !self.names_users() {
            self.users.active.merge(other.users.active);
            self.users.succeeded.merge(other.users.succeeded);
        }
    }

    /// Whose the failed requests were, where only errors of the same ids say it.
    pub(super) fn ask(&mut self) {
        if self.names_users() || self.counts_errors() {
            return;
        }
        let (users, named) = self.told.users(&self.ids);
        if named * 2 >= self.failed.max(1) && self.has_ids() {
            self.users.active.merge(users.clone());
            self.users.failed.merge(users);
            self.users.named += named;
        }
    }

    fn names_users(&self) -> bool {
        !self.users.failed.is_empty() && self.users.named * 2 >= self.failed
    }

    /// Whether requests failed and nothing says whose they were.
    pub(super) fn names_nobody(&self) -> bool {
        self.failed > 0 && self.people().0.is_none()
    }

    /// Fills in who was hit, if this account of the failures names them.
    pub(super) fn tell_users(&self, impact: &mut Impact) {
        let (Some(people), key) = self.people() else {
            return;
        };
        impact.users_active = Some(people.active.count());
        impact.users_affected = Some(people.failed.count());
        impact.users_blocked = Some(people.failed.count_without(&people.succeeded));
        let service = self.focus.service.as_deref().unwrap_or_default();
        impact.basis = format!(
            "{}; users are told apart by {key} in the log of {service}",
            impact.basis
        );
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn impact(&self) -> Impact {
        let requests = !self.counts_errors() && self.total > 0;
        let told = if requests {
            Some((self.total, self.failed))
        } else {
            self.untold.requests(self.failed, &self.ids)
        };
        let ratio = |(all, failed): (u64, u64)| (all > 0).then(|| failed as f64 / all as f64);
        let peak = self
            .minutes
            .values()
            .filter(|(all, _)| *all >= PEAK)
            .map(|(all, failed)| *failed as f64 / *all as f64);
        let (people, key) = self.people();
        Impact {
            requests_total: told.map(|(all, _)| all),
            requests_failed: told.map(|(_, failed)| failed),
            error_rate_peak: if requests {
                peak.reduce(f64::max)
            } else {
                None
            },
            error_rate_mean: told.and_then(ratio),
            error_rate_baseline: ratio((self.base_total, self.base_failed)).filter(|_| requests),
            users_active: people.map(|p| p.active.count()),
            users_affected: people.map(|p| p.failed.count()),
            users_blocked: people.map(|p| p.failed.count_without(&p.succeeded)),
            latency_p99_ms: self.during.percentile(0.99),
            latency_p99_baseline_ms: self.before.percentile(0.99),
            basis: self.basis(&key),
            evidence: Evidence::of(self.first.into_iter().chain(self.last).map(|m| m.cite)),
            ..Impact::default()
        }
    }

    /// Users where most failures name them, else addresses, else nobody.
    fn people(&self) -> (Option<&People>, Cow<'static, str>) {
        if self.names_users() {
            let key = self.key.map_or(Cow::Borrowed("user ids"), |key| {
                let told = "which by its values is who asks, though nothing calls it so";
                Cow::Owned(format!("`{key}`, {told}"))
            });
            (Some(&self.users), key)
        } else if !self.clients.failed.is_empty() && self.clients.named * 2 >= self.failed {
            (
                Some(&self.clients),
                "client addresses (no user ids in the failed entries): several users may share one"
                    .into(),
            )
        } else {
            (None, Cow::Borrowed(""))
        }
    }

    fn basis(&self, key: &str) -> String {
        let Some(service) = &self.focus.service else {
            return String::new();
        };
        let kinds: Vec<&str> = self
            .focus
            .failures
            .iter()
            .map(|w| match w {
                What::Denied => "those with status 401, 403, 408 or 429",
                What::Gone => "those whose clients went away first (status 460, 499 or none)",
                What::Errors if self.untold.requests(self.failed, &self.ids).is_some() => {
                    "those of which nothing tells but entries at level error or worse"
                }
                What::Errors => "entries at level error or worse",
                _ => "those with status 5xx",
            })
            .collect();
        let operations = if self.operations.is_empty() {
            "at all operations".to_owned()
        } else {
            let all: Vec<&str> = self.operations.iter().copied().collect();
            format!("at {}", all.join(", "))
        };
        let service = std::iter::once(service.as_str())
            .chain(self.beside.iter().copied().filter(|s| s != service));
        let service = service.collect::<Vec<_>>().join(" and of ");
        let told = if key.is_empty() {
            String::new()
        } else {
            format!("; users are told apart by {key}")
        };
        format!(
            "requests in the log of {service} {operations}; as failed count {}{told}",
            kinds.join(" or ")
        )
    }
}
