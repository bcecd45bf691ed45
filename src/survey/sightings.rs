//! Which clocks wrote the same ids, and when: what zones, years and skew are found from.

use super::passage::{Passage, name};
use crate::cite::FileId;
use crate::clock::Span;
use crate::ingest::Event;
use crate::template::hash;
use recon_parsers::record::field;
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Basis, Kind, Precision, Stamp, When};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A writer of times: a host as one file names it, or a file that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Writer {
    /// The file.
    pub file: FileId,
    /// The hash of the host's name; 0 without one.
    pub host: u64,
    /// Its times state no zone.
    pub zoneless: bool,
    /// Its times state no year or no day.
    pub dateless: bool,
}

/// Who saw one id, in order; empty if too many did for it to be the id of one thing.
type Seen = Vec<(Writer, Span)>;

/// Ids kept: those of the smallest hashes, which are the same ones in every file.
const IDS: usize = 1 << 16;
/// Identities of alerts kept.
const ALERTS: usize = 1 << 12;
/// One request passes by no more writers; a constant does.
const WRITERS: usize = 32;
/// A request that is said to take longer does not bound anything.
const LONGEST: i64 = 600 * SECOND;

/// Bytes of input up to which every id is a candidate. Of more input, proportionally fewer are, so
/// that their number stays about the same: the ids of so many bytes are about as many as there
/// are trails kept, and a zone or a skew is told by twenty of them.
const ALL: u64 = 16 << 20;

/// A sample of ids in bounded memory. Which ids depends on the set of ids and the size of the
/// inputs alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Sightings {
    /// Larger hashes are not looked at.
    limit: u64,
    requests: BTreeMap<u64, Seen>,
    alerts: BTreeMap<u64, Seen>,
    hosts: BTreeMap<u64, String>,
}

impl Default for Sightings {
    fn default() -> Self {
        Self::of(0)
    }
}

/// Which ids of requests of one file may still be among those kept: known to all threads, so
/// that most of a long file's ids need no second look. An id that is turned away has [`IDS`]
/// smaller ones in that file alone.
#[derive(Debug)]
pub(super) struct Limit {
    largest: AtomicU64,
    smallest: Mutex<BTreeSet<u64>>,
}

impl Default for Limit {
    fn default() -> Self {
        Self {
            largest: AtomicU64::new(u64::MAX),
            smallest: Mutex::default(),
        }
    }
}

impl Limit {
    /// Learns which ids a part of the file has.
    pub(super) fn lower(&self, sightings: &Sightings) {
        let Ok(mut smallest) = self.smallest.lock() else {
            return;
        };
        let largest = self.largest.load(Ordering::Relaxed);
        smallest.extend(sightings.requests.range(..=largest).map(|(id, _)| *id));
        while smallest.len() > IDS {
            smallest.pop_last();
        }
        if let Some(last) = smallest.last().filter(|_| smallest.len() == IDS) {
            self.largest.store(*last, Ordering::Relaxed);
        }
    }
}

impl Sightings {
    /// For a part of inputs with so many bytes in all.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self {
            limit: largest(bytes),
            requests: BTreeMap::new(),
            alerts: BTreeMap::new(),
            hosts: BTreeMap::new(),
        }
    }

    /// Ids of requests.
    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether the id of a request may be kept here, and with those of the same file that
    /// `limit` knows.
    pub(super) fn admits(&self, id: u64, limit: &Limit) -> bool {
        id <= self.limit && id <= limit.largest.load(Ordering::Relaxed)
    }

    /// Notes the id of an alert.
    pub(super) fn add_alert(&mut self, event: &Event<'_, '_>) {
        let record = event.record;
        let (Kind::Alert(state), Some(id)) = (record.kind, record.fields.text(field::ID)) else {
            return;
        };
        let (Some(at), Some(stated)) = (event.at, record.at) else {
            return;
        };
        let state = format!("{state:?}");
        let id = name(id, hash(state.as_bytes(), 0));
        let lacks = lacks(at, stated.when).filter(|_| !record.received);
        let host = record.host.as_deref().unwrap_or_default();
        if let (Some(lacks), Some(span)) = (lacks, span(at, None)) {
            self.put(true, id, (event.cite.file, host), lacks, span);
        }
    }

    /// Notes the id of a request.
    pub(super) fn add(&mut self, passage: &Passage<'_>) {
        if passage.id > self.limit || passage.received {
            return;
        }
        let lacks = lacks(passage.at, passage.stated);
        let span = span(passage.at, passage.latency_ms);
        if let (Some(lacks), Some(span)) = (lacks, span) {
            let who = (passage.cite.file, passage.host);
            self.put(false, passage.id, who, lacks, span);
        }
    }

    fn put(
        &mut self,
        alert: bool,
        id: u64,
        (file, host): (FileId, &str),
        (zoneless, dateless): (bool, bool),
        span: Span,
    ) {
        let writer = Writer {
            file,
            host: host_hash(host),
            zoneless,
            dateless,
        };
        let (table, most) = if alert {
            (&mut self.alerts, ALERTS)
        } else {
            (&mut self.requests, IDS)
        };
        if table.len() >= most && table.last_key_value().is_some_and(|(last, _)| *last < id) {
            return;
        }
        note(table.entry(id), writer, span);
        if table.len() > most {
            table.pop_last();
        }
        if writer.host != 0 && !self.hosts.contains_key(&writer.host) {
            self.hosts.insert(writer.host, host.to_owned());
        }
    }

    /// Adds what another part saw.
    pub fn merge(&mut self, other: Self) {
        for (ours, theirs, most) in [
            (&mut self.requests, other.requests, IDS),
            (&mut self.alerts, other.alerts, ALERTS),
        ] {
            for (id, seen) in theirs {
                match ours.get_mut(&id) {
                    // Too many writers here or there are too many together.
                    Some(mine) if mine.is_empty() || seen.is_empty() => mine.clear(),
                    Some(mine) => seen.into_iter().for_each(|(w, s)| put(mine, w, s)),
                    None => {
                        ours.insert(id, seen);
                    }
                }
            }
            while ours.len() > most {
                ours.pop_last();
            }
        }
        self.hosts.extend(other.hosts);
    }

    /// The spans of each id that several writers saw: requests, then alerts.
    pub fn shared(&self, alerts: bool) -> impl Iterator<Item = &[(Writer, Span)]> {
        let table = if alerts { &self.alerts } else { &self.requests };
        table.values().map(Vec::as_slice).filter(|s| s.len() > 1)
    }

    /// Every id, those of requests first: whether it is an alert's, and who saw it; nobody if too
    /// many did.
    pub(super) fn all(&self) -> impl Iterator<Item = (bool, u64, &[(Writer, Span)])> {
        let requests = self.requests.iter().map(|(id, seen)| (false, id, seen));
        let alerts = self.alerts.iter().map(|(id, seen)| (true, id, seen));
        let all = requests.chain(alerts);
        all.map(|(alert, id, seen)| (alert, *id, seen.as_slice()))
    }

    /// Puts an id back that was written down: one of those who saw it, or that too many did.
    pub(super) fn put_back(&mut self, alert: bool, id: u64, seen: Option<(Writer, Span)>) {
        let table = if alert {
            &mut self.alerts
        } else {
            &mut self.requests
        };
        match seen {
            Some((writer, span)) => note(table.entry(id), writer, span),
            None => table.entry(id).or_default().clear(),
        }
    }

    /// The hash of a host, which is known by its name from now on.
    pub(super) fn known(&mut self, host: &str) -> u64 {
        let hash = host_hash(host);
        if hash != 0 && !self.hosts.contains_key(&hash) {
            self.hosts.insert(hash, host.to_owned());
        }
        hash
    }

    /// The host's name.
    #[must_use]
    pub fn host(&self, writer: Writer) -> Option<&str> {
        self.hosts.get(&writer.host).map(String::as_str)
    }
}

/// 0 without a host.
fn host_hash(host: &str) -> u64 {
    if host.is_empty() {
        0
    } else {
        hash(host.as_bytes(), 1)
    }
}

fn note(entry: std::collections::btree_map::Entry<'_, u64, Seen>, writer: Writer, span: Span) {
    match entry {
        std::collections::btree_map::Entry::Vacant(new) => {
            new.insert(vec![(writer, span)]);
        }
        std::collections::btree_map::Entry::Occupied(mut old) if !old.get().is_empty() => {
            put(old.get_mut(), writer, span);
        }
        std::collections::btree_map::Entry::Occupied(_) => {}
    }
}

fn put(seen: &mut Seen, writer: Writer, span: Span) {
    match seen.binary_search_by_key(&writer, |(w, _)| *w) {
        Ok(n) => seen[n].1 = seen[n].1.join(span),
        // An emptied list stays empty.
        Err(_) if seen.len() >= WRITERS => seen.clear(),
        Err(n) => seen.insert(n, (writer, span)),
    }
}

/// The largest hash of an id that is looked at in inputs of so many bytes.
pub(super) const fn largest(bytes: u64) -> u64 {
    if bytes <= ALL {
        return u64::MAX;
    }
    let share = u64::MAX as u128 * ALL as u128 / bytes as u128;
    // Below what it is a share of.
    #[allow(clippy::cast_possible_truncation)]
    let share = share as u64;
    share
}

/// Whether a time states no zone, and no year or day; `None` for times that are nobody's clock.
fn lacks(at: Stamp, stated: When) -> Option<(bool, bool)> {
    if at.basis == Basis::Relative {
        return None;
    }
    match stated {
        When::Instant(_) => Some((false, false)),
        When::Local(_) => Some((true, false)),
        When::Yearless { offset, .. } | When::TimeOfDay { offset, .. } => {
            Some((offset.is_none(), true))
        }
        When::Since(_) => None,
    }
}

/// From when to when the thing lasted that is told at this time and took so many milliseconds. Logs
/// of requests are written at their end or with the time of their start; either way all of it
/// lies within its duration around.
fn span(at: Stamp, took_ms: Option<f64>) -> Option<Span> {
    let slack = match at.precision {
        Precision::Day => return None,
        Precision::Minute => 60 * SECOND,
        Precision::Fraction(digits) => SECOND / 10_i64.pow(u32::from(digits.min(9))),
    };
    #[allow(clippy::cast_possible_truncation)]
    let took = took_ms.map_or(0, |ms| (ms * 1e6) as i64);
    let took = if (0..=LONGEST).contains(&took) {
        took
    } else {
        0
    };
    let within = at.nanos.checked_sub(took)?..=at.nanos.checked_add(took)?;
    // What is further off than a lifetime is no time of a log.
    (within.start().abs() < 100 * 366 * DAY).then_some(Span {
        first: *within.start(),
        last: *within.end(),
        slack,
    })
}

#[cfg(test)]
mod tests {
    use super::{ALL, largest};

    #[test]
    fn more_input_means_a_smaller_share_of_ids_without_a_step() {
        assert_eq!(largest(ALL), u64::MAX);
        for bytes in (1..200u64).map(|n| ALL / 16 * n) {
            let now = largest(bytes);
            let next = largest(bytes + ALL / 16);
            assert!(next <= now && next >= now / 17 * 9, "{bytes}");
        }
        let half = largest(2 * ALL);
        assert!(half.abs_diff(u64::MAX / 2) < 2, "{half}");
    }
}
