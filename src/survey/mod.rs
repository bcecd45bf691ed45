//! The first pass: everything is read once and reduced to what is needed to find the
//! incidents. All of it is counts, sets, first and last, so two surveys merge by union
//! and neither chunks nor threads nor their order can show in the result.

mod align;
mod bounded;
mod pass;
mod rate;
mod sightings;

pub use bounded::{Absorb, BottomK};
pub use pass::survey;
pub use rate::{Mark, Rate, Second};
pub use sightings::{Sightings, Writer};

use crate::cite::{Cite, FileId};
use crate::clock::ClockOffset;
use crate::ingest::{Event, FileTally};
use crate::template::{self, Signature};
use recon_parsers::record::field;
use recon_parsers::{Kind, Level, Record, Stamp};
use std::collections::BTreeMap;

/// Operations told apart per service; further ones are counted together.
const OPERATIONS: usize = 64;
/// Templates told apart per service; further ones are counted together.
const TEMPLATES: usize = 4096;
/// Bytes of a file that one entry of the time index covers.
pub const BLOCK: u64 = 256 * 1024;

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Entries of any kind: is it alive?
    Entries,
    /// Entries at level error or worse.
    Errors,
    /// Requests.
    Requests,
    /// Requests that the server failed: status 5xx.
    Failed,
    /// Requests that were refused: 401, 403, 408, 429 and 499.
    Denied,
    /// Requests that were answered well, but far slower than is usual for their operation.
    Slow,
    /// Requests that were answered well in so much time: see [`took`].
    Took(u8),
}

/// The step that a duration falls on; two steps double it. Steps, unlike quantiles, can be
/// counted in parts.
#[must_use]
pub fn took(milliseconds: f64) -> Option<u8> {
    if !milliseconds.is_finite() || milliseconds < 0.0 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let micros = (milliseconds * 1000.0).min(1e15) as u64;
    let Some(high) = micros.checked_ilog2() else {
        return Some(0);
    };
    let half = high
        .checked_sub(1)
        .map_or(0, |below| u8::from(micros >> below & 1 == 1));
    u8::try_from(high).ok().map(|h| 2 * h + half)
}

/// A service, by its name.
pub type Service = String;

/// Rates of one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// By what is counted, all operations together.
    pub rates: BTreeMap<What, Rate>,
    /// Requests, failures and refusals by operation (`POST /login`).
    pub operations: BottomK<String, BTreeMap<What, Rate>, OPERATIONS>,
    /// Messages at level warning or worse, and messages without a level, by template.
    pub templates: BottomK<(Option<Level>, Signature), Rate, TEMPLATES>,
}

/// A record kept whole, because every one of its kind may matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// When; absent if the record and its file say nothing.
    pub at: Option<Stamp>,
    /// When the thing that it reports began, if that is another time.
    pub since: Option<Stamp>,
    /// Where.
    pub cite: Cite,
    /// What.
    pub record: Record<'static>,
}

/// What the first pass found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// Per service.
    pub services: BTreeMap<Service, Tally>,
    /// Alerts, pages, changes, chat, tickets and notes.
    pub kept: Vec<Kept>,
    /// Per file.
    pub files: BTreeMap<FileId, FileTally>,
    /// Earliest and latest nanosecond per block of [`BLOCK`] bytes: where to look again.
    pub index: BTreeMap<(FileId, u64), (i64, i64)>,
    /// Which clocks wrote the same ids; forgotten once the clocks have been compared.
    pub sightings: Sightings,
    /// How the hosts' clocks compare, once all parts are in.
    pub clocks: Vec<ClockOffset>,
}

impl Survey {
    /// Counts one event of `service`.
    pub fn add(&mut self, event: &Event<'_, '_>) {
        let tally = self.files.entry(event.cite.file).or_default();
        tally.entries += 1;
        tally.undated += u64::from(event.at.is_none());
        *tally.by_format.entry(event.format).or_default() += 1;
        if let Some(at) = event.at {
            let span = tally.span.get_or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
            let block = self
                .index
                .entry((event.cite.file, event.cite.offset / BLOCK))
                .or_insert((i64::MAX, i64::MIN));
            *block = (block.0.min(at.nanos), block.1.max(at.nanos));
        }
        self.sightings.add(event);
        match event.record.kind {
            Kind::Log | Kind::Access => self.count(event),
            _ => self.keep(event),
        }
    }

    fn count(&mut self, event: &Event<'_, '_>) {
        let Some(at) = event.at else { return };
        let mark = Mark {
            nanos: at.nanos,
            cite: event.cite,
        };
        if !self.services.contains_key(event.service) {
            self.services
                .insert(event.service.to_owned(), Tally::default());
        }
        let Some(tally) = self.services.get_mut(event.service) else {
            return;
        };
        let record = event.record;
        let mut rate = |what| tally.rates.entry(what).or_default().add(mark);
        rate(What::Entries);
        let bad = record.level >= Some(Level::Error);
        if bad {
            rate(What::Errors);
        }
        if let Some(outcome) = outcome(record) {
            rate(What::Requests);
            if outcome != What::Requests {
                rate(outcome);
            }
            let operation = operation(record);
            let by = tally.operations.entry(&operation);
            by.entry(What::Requests).or_default().add(mark);
            if outcome != What::Requests {
                by.entry(outcome).or_default().add(mark);
            } else if let Some(step) = latency(record) {
                by.entry(What::Took(step)).or_default().add(mark);
            }
        }
        if record.kind == Kind::Log && record.level.is_none_or(|l| l >= Level::Warn) {
            let key = (record.level, template::signature(&record.message));
            tally.templates.entry(&key).add(mark);
        }
    }

    fn keep(&mut self, event: &Event<'_, '_>) {
        self.kept.push(Kept {
            at: event.at,
            since: event.since,
            cite: event.cite,
            record: event.record.clone().into_owned(),
        });
    }

    /// The union of two surveys.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        for (name, theirs) in other.services {
            let ours = self.services.entry(name).or_default();
            for (what, rate) in theirs.rates {
                ours.rates.entry(what).or_default().merge(rate);
            }
            ours.operations.merge(theirs.operations, |a, b| {
                for (what, rate) in b {
                    a.entry(what).or_default().merge(rate);
                }
            });
            ours.templates.merge(theirs.templates, Rate::merge);
        }
        self.kept.extend(other.kept);
        for (file, theirs) in other.files {
            self.files.entry(file).or_default().merge(theirs);
        }
        self.sightings.merge(other.sightings);
        for (key, theirs) in other.index {
            let ours = self.index.entry(key).or_insert(theirs);
            *ours = (ours.0.min(theirs.0), ours.1.max(theirs.1));
        }
        self
    }

    /// Puts what merging leaves in the order of arrival into its one order.
    #[must_use]
    pub fn finish(mut self) -> Self {
        let key = |k: &Kept| (k.at.map_or(i64::MAX, |a| a.nanos), k.cite);
        self.kept.sort_by_key(key);
        self
    }
}

/// How a request ended: [`What::Requests`] if well, [`What::Failed`], [`What::Denied`];
/// `None` if the record is no request. Health checks are none.
#[must_use]
pub fn outcome(record: &Record<'_>) -> Option<What> {
    let status = record.fields.get(field::STATUS)?.as_f64()?;
    let path = record.fields.text(field::PATH);
    if record.kind != Kind::Access || path.is_some_and(is_probe) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)]
    Some(match status as i64 {
        500.. => What::Failed,
        401 | 403 | 408 | 429 | 499 => What::Denied,
        _ => What::Requests,
    })
}

fn latency(record: &Record<'_>) -> Option<u8> {
    took(record.fields.get(field::LATENCY_MS)?.as_f64()?)
}

/// Paths that monitoring asks for rather than people.
fn is_probe(path: &str) -> bool {
    const PROBES: [&str; 9] = [
        "/health",
        "/healthz",
        "/healthcheck",
        "/ready",
        "/readyz",
        "/livez",
        "/ping",
        "/metrics",
        "/status",
    ];
    PROBES.contains(&path.trim_end_matches('/'))
}

/// What a request asked for: its method and its path with the values masked.
#[must_use]
pub fn operation(record: &Record<'_>) -> String {
    let path = record.fields.text(field::PATH).unwrap_or("*");
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut text = record.fields.text(field::METHOD).unwrap_or("*").to_owned();
    text.push(' ');
    for (n, segment) in path.split('/').enumerate() {
        if n > 0 {
            text.push('/');
        }
        let version = segment.len() <= 3 && segment.starts_with('v');
        let value = segment.bytes().any(|b| b.is_ascii_digit()) && !version || segment.len() > 40;
        text.push_str(if value { "*" } else { segment });
    }
    text
}
