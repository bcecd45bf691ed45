//! The first pass: everything is read once and reduced to what is needed to find the
//! incidents. All of it is counts, sets, first and last, so two surveys merge by union
//! and neither chunks nor threads nor their order can show in the result.

mod admissions;
mod align;
mod bounded;
mod count;
mod own;
pub mod partial;
mod pass;
mod passage;
mod rate;
mod rates;
mod reason;
mod request;
mod sightings;
mod slots;
mod standing;
mod table;
#[cfg(test)]
mod tests;
mod trails;

pub use bounded::{Absorb, BottomK};
pub use own::{MOST, OWN};
pub use pass::{Detail, Listener, Settling, count, listen, settle, survey};
pub use rate::{Mark, Rate, Second};
pub use request::{operation_into, outcome_of, took};
pub use sightings::{Sightings, Writer};
pub use trails::{DONE, Site, Step, Trails};

use crate::cite::{Cite, FileId};
use crate::clock::ClockOffset;
use crate::ingest::FileTally;
use crate::source::Memory;
use crate::template::Signature;
use recon_parsers::{Level, Record, Stamp};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Operations told apart per service; further ones are counted together.
const OPERATIONS: usize = 64;
/// Operations told apart in all: of many services fewer each.
const ALL_OPERATIONS: usize = 24_000;
/// Templates told apart per service; further ones are counted together.
const TEMPLATES: usize = 4096;
/// Templates told apart in all: of many services fewer each.
const ALL_TEMPLATES: usize = 100_000;
/// Messages up to which so many templates are told apart, each second by second; of more messages
/// fewer templates, in longer stretches: each message may be one more that must be remembered.
const MESSAGES: u64 = 1 << 21;
/// Templates told apart in all, however many messages there are.
const LEAST_TEMPLATES: usize = 20_000;
/// Operations and templates that every service may have.
const LEAST: usize = 4;
/// Seconds of all services together in which entries are counted; beyond, seconds are counted
/// together, two by two, and so on. With what else is counted in a second, some 100 MB.
const SECONDS: usize = 250_000;
/// Requests whose durations are counted by the second; beyond, seconds are counted together,
/// and at once eight by eight: durations are spread over some twenty steps for each operation.
const DURATIONS: u64 = 1 << 18;
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
    /// Requests that were refused: 401, 403, 408 and 429.
    Denied,
    /// Requests whose clients went away before they were answered: 460, 499 and none at all.
    Gone,
    /// Requests that were answered well, but far slower than is usual for their operation.
    Slow,
    /// Requests that were answered well in so much time: see [`took`].
    Took(u8),
}

/// A service, by its name.
pub type Service = String;

/// Rates of one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The files in which its entries stand.
    pub files: BTreeSet<FileId>,
    /// By what is counted, all operations together.
    pub rates: BTreeMap<What, Rate>,
    /// Requests, failures and refusals by operation (`POST /login`).
    pub operations: BottomK<String, BTreeMap<What, Rate>, OPERATIONS>,
    /// Messages at level warning or worse, and messages without a level, by template; at level
    /// [`OWN`] those that tell of a change.
    pub templates: BottomK<(Option<Level>, Signature), Rate, TEMPLATES>,
}

impl Tally {
    /// Adds what another part of the input showed of the service.
    fn merge(&mut self, theirs: Self) {
        self.files.extend(theirs.files);
        for (what, rate) in theirs.rates {
            self.rates.entry(what).or_default().merge(rate);
        }
        self.operations.merge(theirs.operations, |a, b| {
            for (what, rate) in b {
                a.entry(what).or_default().merge(rate);
            }
        });
        self.templates.merge(theirs.templates, Rate::merge);
    }
}

/// How many seconds are counted together, as powers of two.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Grain {
    width: u8,
    /// Of durations of requests.
    durations: u8,
    /// Of messages by their template.
    templates: u8,
}

impl Grain {
    fn coarser(self, other: Self) -> Self {
        Self {
            width: self.width.max(other.width),
            durations: self.durations.max(other.durations),
            templates: self.templates.max(other.templates),
        }
    }
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
    /// Requests in all.
    pub requests: u64,
    /// Messages that were counted by their template.
    pub messages: u64,
    /// So many seconds are counted together, as a power of two.
    pub width: u8,
    /// How much may be kept: of all parts the same.
    pub memory: Memory,
    /// Alerts, pages, changes, chat, tickets and notes.
    pub kept: Vec<Kept>,
    /// Per file.
    pub files: BTreeMap<FileId, FileTally>,
    /// Earliest and latest nanosecond per block of [`BLOCK`] bytes: where to look again.
    pub index: BTreeMap<(FileId, u64), (i64, i64)>,
    /// Which clocks wrote the same ids; forgotten once the clocks have been compared.
    pub sightings: Sightings,
    /// The ways that a sample of requests took.
    pub trails: Trails,
    /// How the hosts' clocks compare, once all parts are in.
    pub clocks: Vec<ClockOffset>,
}

impl Survey {
    /// The union of two surveys.
    #[must_use]
    pub fn merge(mut self, mut other: Self) -> Self {
        // Whichever counts more finely is brought to the other first: a small part costs little.
        let grain = self.grain().coarser(other.grain());
        self.coarsen(grain);
        other.coarsen(grain);
        self.width = grain.width;
        for (name, theirs) in other.services {
            match self.services.entry(name) {
                Entry::Vacant(new) => {
                    new.insert(theirs);
                }
                Entry::Occupied(mut ours) => ours.get_mut().merge(theirs),
            }
        }
        self.requests += other.requests;
        self.messages += other.messages;
        self.memory = self.memory.max(other.memory);
        self.share_tables();
        self.settle(grain);
        self.kept.extend(other.kept);
        for (file, theirs) in other.files {
            self.files.entry(file).or_default().merge(theirs);
        }
        self.sightings.merge(other.sightings);
        self.trails.merge(other.trails);
        for (key, theirs) in other.index {
            let ours = self.index.entry(key).or_insert(theirs);
            *ours = (ours.0.min(theirs.0), ours.1.max(theirs.1));
        }
        self
    }

    /// Keeps fewer keys of each service apart where there are many services or messages. How many
    /// depends on the set of services and the number of messages alone, which never become less by
    /// merging.
    fn share_tables(&mut self) {
        let services = self.services.len().max(1);
        let parts = usize::try_from(self.messages.div_ceil(MESSAGES)).unwrap_or(usize::MAX);
        let templates = (ALL_TEMPLATES / parts.max(1)).max(LEAST_TEMPLATES);
        let templates = (self.memory.limit(templates) / services).max(LEAST);
        let operations = (self.memory.limit(ALL_OPERATIONS) / services).max(LEAST);
        if templates >= TEMPLATES && operations >= OPERATIONS {
            return;
        }
        for tally in self.services.values_mut() {
            tally.templates.keep(templates);
            tally.operations.keep(operations);
        }
    }

    /// How many seconds, or stretches of them, are kept of everything that is counted.
    fn seconds(&self) -> usize {
        let tallies = self.services.values();
        let rates = tallies.flat_map(|tally| {
            let operations = tally.operations.values().flat_map(BTreeMap::values);
            let templates = tally.templates.values();
            tally.rates.values().chain(operations).chain(templates)
        });
        rates.map(Rate::len).sum()
    }

    /// How many seconds all that is counted here is counted by.
    fn grain(&self) -> Grain {
        let width = |parts: u64| match u8::try_from(parts.max(1).next_power_of_two().ilog2()) {
            Ok(0) => 0,
            Ok(more) => more + 2,
            Err(_) => u8::MAX,
        };
        let least = |width: u8| width.max(self.width).min(30);
        Grain {
            width: self.width,
            durations: least(width(self.requests.div_ceil(DURATIONS))),
            templates: least(width(self.messages.div_ceil(MESSAGES))),
        }
    }

    /// Counts more seconds together where too many are kept. By how much depends on the union
    /// alone: seconds with entries, and requests, never become fewer by merging. `grain` is what
    /// everything is counted by so far.
    fn settle(&mut self, grain: Grain) {
        loop {
            let mut kept = 0;
            for tally in self.services.values_mut() {
                if let Some(rate) = tally.rates.get_mut(&What::Entries) {
                    rate.coarsen(self.width);
                    kept += rate.len();
                }
            }
            if kept <= self.memory.limit(SECONDS) {
                break;
            }
            self.width += 1;
        }
        let settled = self.grain();
        if settled != grain {
            self.regrain(settled);
        }
    }

    /// Counts by this grain what is counted by a finer one.
    fn coarsen(&mut self, grain: Grain) {
        if self.grain() != grain {
            self.regrain(grain);
        }
    }

    fn regrain(&mut self, grain: Grain) {
        for tally in self.services.values_mut() {
            let by_operation = tally.operations.values_mut().flatten();
            for (what, rate) in tally.rates.iter_mut().chain(by_operation) {
                rate.coarsen(match what {
                    What::Took(_) => grain.durations,
                    _ => grain.width,
                });
            }
            for rate in tally.templates.values_mut() {
                rate.coarsen(grain.templates);
            }
        }
    }

    /// Counts more seconds together in surveys that are to be merged, as soon as it is certain
    /// that their union will: one of a day is not kept second by second for that long. The union
    /// has no fewer seconds of a service than any part of it.
    fn bound(parts: &mut BTreeMap<usize, Self>) {
        let seconds = |tally: &Tally| tally.rates.get(&What::Entries).map_or(0, Rate::len);
        let services = |parts: &BTreeMap<usize, Self>| -> usize {
            let all = parts.values().flat_map(|p| p.services.values());
            all.map(seconds).sum()
        };
        let mut least = parts.values().map(|p| p.width).max().unwrap_or(0);
        let memory = parts.values().map(|p| p.memory).max().unwrap_or_default();
        let most = memory.limit(SECONDS);
        // Nothing is to be found out where even all of them together are few.
        if parts.values().all(|p| p.width == least) && services(parts) <= most {
            return;
        }
        loop {
            let width = parts.values().map(|p| p.width).fold(least, u8::max);
            for part in parts.values_mut().filter(|p| p.width < width) {
                let grain = part.grain();
                part.width = width;
                part.settle(grain);
            }
            let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
            for (name, tally) in parts.values().flat_map(|p| &p.services) {
                let ours = longest.entry(name).or_default();
                *ours = seconds(tally).max(*ours);
            }
            if longest.values().sum::<usize>() <= most {
                return;
            }
            least = width + 1;
        }
    }

    /// Puts what merging leaves in the order of arrival into its one order.
    #[must_use]
    pub fn finish(mut self) -> Self {
        let key = |k: &Kept| (k.at.map_or(i64::MAX, |a| a.nanos), k.cite);
        self.kept.sort_by_key(key);
        self.trails.prune();
        self
    }
}
