//! Clocks set by the ids that several of them wrote: first the years and zones of files that do
//! not state them, then how far the hosts' clocks are apart.

use super::admissions;
use super::standing::standing;
use super::{Sightings, Survey, Writer};
use crate::cite::FileId;
use crate::clock::align::{self, FEWEST, FEWEST_ALERTS, in_year};
use crate::clock::skew::{self, Edge, Offset, THRESHOLD};
use crate::clock::{ClockOffset, EraUnit, Ground, Span, Zone};
use crate::ingest::FilePlan;
use crate::source::Library;
use recon_parsers::stamp::{DAY, SECOND};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Ids by which two clocks are compared at most.
const COMPARED: usize = 1024;
/// An id that one clock saw for longer is no request's.
const LONGEST: i64 = 900 * SECOND;
/// A clock that may be in another zone can be off by this (seven minutes); more is its zone, and zones are a quarter of an
/// hour apart at least.
const FARTHEST: i64 = 420 * SECOND;

/// Sets the clocks of the plans. Gives back how the hosts' clocks compare, and the places of the
/// plans that read their files differently now.
pub(super) fn align(
    sightings: &Sightings,
    files: &BTreeMap<usize, Survey>,
    library: &Library,
    plans: &mut [FilePlan],
) -> (Vec<ClockOffset>, BTreeSet<usize>) {
    let mut zones = Zones::new(sightings, plans);
    zones.settle();
    let moves = zones.known;
    let mut changed = BTreeSet::new();
    for (place, plan) in plans.iter_mut().enumerate() {
        for (unit, known) in moves.range(Unit::of(plan.file)) {
            if known.apply(unit, plan) {
                changed.insert(place);
            }
        }
    }
    let clocks = skews((sightings, files), &moves, library, plans, &mut changed);
    (clocks, changed)
}

/// Those times of a file that lack the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    file: FileId,
    zoneless: bool,
    dateless: bool,
}

impl Unit {
    fn of(file: FileId) -> std::ops::RangeInclusive<Self> {
        let at = |all| Self {
            file,
            zoneless: all,
            dateless: all,
        };
        at(false)..=at(true)
    }
}

impl From<Writer> for Unit {
    fn from(w: Writer) -> Self {
        Self {
            file: w.file,
            zoneless: w.zoneless,
            dateless: w.dateless,
        }
    }
}

/// What must be done to times to make them right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Move {
    years: i32,
    days: i32,
    /// Seconds east of UTC, if the ids tell.
    east: Option<i32>,
    /// The ids tell the year or day.
    dated: bool,
    /// All of this rests on a clock whose zone was assumed.
    assumed: bool,
}

impl Move {
    fn time(self, nanos: i64) -> Option<i64> {
        let moved = if self.years == 0 {
            nanos
        } else {
            in_year(nanos, self.years)?
        };
        let moved = moved.checked_add(i64::from(self.days) * DAY)?;
        moved.checked_sub(i64::from(self.east.unwrap_or(0)) * SECOND)
    }

    fn span(self, span: Span) -> Option<Span> {
        let first = self.time(span.first)?;
        Some(span.later(first - span.first))
    }

    /// Sets the clock of a file; whether its times change.
    fn apply(self, unit: &Unit, plan: &mut FilePlan) -> bool {
        let by = self.years + self.days;
        if unit.dateless && self.dated && (by != 0 || !self.assumed) {
            plan.clock.year_basis = Ground::SharedIds;
            plan.clock.shift(by);
        }
        let east = self.east.filter(|e| *e != 0 || !self.assumed);
        if let Some(east) = east {
            plan.clock.zone = Zone::Fixed(east);
            plan.clock.zone_basis = Ground::SharedIds;
        }
        by != 0 || east.is_some_and(|e| e != 0)
    }
}

/// Who saw one id, and when.
type Seen<'s> = &'s [(Writer, Span)];

/// The search for years and zones.
struct Zones<'s> {
    sightings: &'s Sightings,
    /// The shared ids that each unit saw: requests, alerts.
    seen: BTreeMap<Unit, [Vec<Seen<'s>>; 2]>,
    /// What is still looked for: a zone, and the unit of what.
    open: BTreeMap<Unit, (bool, Option<EraUnit>)>,
    known: BTreeMap<Unit, Move>,
}

impl<'s> Zones<'s> {
    fn new(sightings: &'s Sightings, plans: &[FilePlan]) -> Self {
        let plan_of: BTreeMap<FileId, &FilePlan> = plans.iter().map(|p| (p.file, p)).collect();
        let mut seen: BTreeMap<Unit, [Vec<Seen<'s>>; 2]> = BTreeMap::new();
        for alerts in [false, true] {
            for by in sightings.shared(alerts) {
                let units: BTreeSet<Unit> = by.iter().map(|(w, _)| Unit::from(*w)).collect();
                for unit in units {
                    seen.entry(unit).or_default()[usize::from(alerts)].push(by);
                }
            }
        }
        let (mut open, mut known) = (BTreeMap::new(), BTreeMap::new());
        for &unit in seen.keys() {
            let Some(plan) = plan_of.get(&unit.file) else {
                continue;
            };
            let clock = &plan.clock;
            let zone = unit.zoneless && clock.zone_basis == Ground::Assumed;
            let firm = matches!(
                clock.year_basis,
                Ground::Flag | Ground::Stated | Ground::Weekday | Ground::Name
            );
            let date = clock
                .eras
                .first()
                .map(|e| e.unit)
                .filter(|_| unit.dateless && !firm);
            if zone || date.is_some() {
                open.insert(unit, (zone, date));
            } else {
                known.insert(unit, Move::default());
            }
        }
        Self {
            sightings,
            seen,
            open,
            known,
        }
    }

    /// Sets one file after another against those that are known. Where only files are left that
    /// state no zone, the one that shares most counts as UTC, so that at least they agree.
    fn settle(&mut self) {
        while !self.open.is_empty() {
            let mut units: Vec<_> = self.open.iter().map(|(u, w)| (*u, *w)).collect();
            units.sort_by_cached_key(|(u, _)| (Reverse(self.pairs(*u, false).0.len()), *u));
            let found = units
                .iter()
                .find_map(|(u, wanted)| Some((*u, self.find(*u, *wanted)?)));
            let (unit, found) = match found {
                Some(found) => found,
                None => match self.hub() {
                    Some(unit) => (
                        unit,
                        Move {
                            assumed: true,
                            ..Move::default()
                        },
                    ),
                    None => return,
                },
            };
            self.open.remove(&unit);
            self.known.insert(unit, found);
        }
    }

    fn find(&self, unit: Unit, (zone, date): (bool, Option<EraUnit>)) -> Option<Move> {
        [(false, FEWEST), (true, FEWEST_ALERTS)]
            .into_iter()
            .find_map(|(alerts, fewest)| {
                let (mut pairs, assumed) = self.pairs(unit, alerts);
                if pairs.len() < fewest {
                    return None;
                }
                let mut found = Move {
                    assumed,
                    dated: date.is_some(),
                    ..Move::default()
                };
                match date {
                    Some(EraUnit::Year(_)) => found.years = align::years(&pairs)?,
                    Some(EraUnit::Day(_)) => found.days = align::days(&pairs)?,
                    None => {}
                }
                pairs.retain_mut(|(own, _)| match found.time(*own) {
                    Some(moved) => {
                        *own = moved;
                        true
                    }
                    None => false,
                });
                if zone {
                    found.east = Some(align::zone(&pairs, fewest)?);
                }
                Some(found)
            })
    }

    /// The times of a unit beside those of known ones, and whether these rest on an assumption.
    fn pairs(&self, unit: Unit, alerts: bool) -> (Vec<(i64, i64)>, bool) {
        let mut pairs = Vec::new();
        let mut assumed = false;
        let all = self.seen.get(&unit).map(|s| s[usize::from(alerts)].iter());
        for seen in all.into_iter().flatten() {
            let own = seen.iter().filter(|(w, _)| Unit::from(*w) == unit);
            let Some(own) = own.map(|(_, s)| *s).reduce(Span::join) else {
                continue;
            };
            let others = seen.iter().filter_map(|(w, s)| {
                let known = self.known.get(&Unit::from(*w))?;
                Some((known.assumed, known.span(*s)?))
            });
            // A zone that is stated before one that is assumed.
            if let Some((rests, other)) = others.min_by_key(|(rests, _)| *rests) {
                // Alerts are repeated while they hold: only their beginning is one time.
                let at = |s: Span| if alerts { s.first } else { s.middle() };
                pairs.push((at(own), at(other)));
                assumed |= rests;
            }
        }
        (pairs, assumed)
    }

    /// The open unit that shares most ids with other open units, if it is enough.
    fn hub(&self) -> Option<Unit> {
        let mut shared: BTreeMap<Unit, usize> = BTreeMap::new();
        for seen in self.sightings.shared(false) {
            let open: BTreeSet<Unit> = seen
                .iter()
                .map(|(w, _)| Unit::from(*w))
                .filter(|u| self.open.get(u).is_some_and(|(_, date)| date.is_none()))
                .collect();
            if open.len() > 1 {
                open.into_iter()
                    .for_each(|u| *shared.entry(u).or_default() += 1);
            }
        }
        shared
            .into_iter()
            .filter(|(_, n)| *n >= FEWEST)
            .max_by_key(|(u, n)| (*n, Reverse(*u)))
            .map(|(u, _)| u)
    }
}

/// A host in a file.
pub(super) type Clock = (FileId, u64);

/// Compares the clocks of hosts, and takes off what they are ahead where it is more than the threshold.
fn skews(
    (sightings, files): (&Sightings, &BTreeMap<usize, Survey>),
    moves: &BTreeMap<Unit, Move>,
    library: &Library,
    plans: &mut [FilePlan],
    changed: &mut BTreeSet<usize>,
) -> Vec<ClockOffset> {
    let mut names: BTreeMap<Clock, (Option<String>, bool)> = BTreeMap::new();
    let mut met: BTreeMap<(Clock, Clock), Vec<(Span, Span)>> = BTreeMap::new();
    for seen in sightings.shared(false) {
        let mut spans: BTreeMap<Clock, Span> = BTreeMap::new();
        for (writer, span) in seen {
            let unit = Unit::from(*writer);
            let Some(span) = moves.get(&unit).copied().unwrap_or_default().span(*span) else {
                continue;
            };
            let clock = (writer.file, writer.host);
            let named = names
                .entry(clock)
                .or_insert_with(|| (sightings.host(*writer).map(str::to_owned), true));
            named.1 &= moves.contains_key(&unit);
            let all = spans.entry(clock).or_insert(span);
            *all = all.join(span);
        }
        spans.retain(|_, s| s.last - s.first <= LONGEST);
        let spans: Vec<(Clock, Span)> = spans.into_iter().collect();
        for (n, (a, at_a)) in spans.iter().enumerate() {
            for (b, at_b) in spans.iter().skip(n + 1) {
                let both = met.entry((*a, *b)).or_default();
                if both.len() < COMPARED {
                    both.push((*at_a, *at_b));
                }
            }
        }
    }
    let clocks: Vec<Clock> = names.keys().copied().collect();
    let place = |c: &Clock| clocks.binary_search(c).ok();
    let mut edges = Vec::new();
    for ((a, b), mut both) in met {
        let zones_known = names[&a].1 && names[&b].1;
        let estimate = skew::compare(&mut both);
        let near = |e: &skew::Estimate| zones_known || e.offset.unwrap_or(0).abs() <= FARTHEST;
        if let (Some(a), Some(b), Some(estimate)) = (place(&a), place(&b), estimate.filter(near)) {
            edges.push(Edge { a, b, estimate });
        }
    }
    let apart = edges.iter().filter_map(|e| e.estimate.offset);
    let admitted = if apart.clone().any(|o| o.abs() > THRESHOLD) {
        admissions::of(files, library)
    } else {
        Vec::new()
    };
    let standing = standing(sightings, &clocks, &names, plans, &admitted);
    let solved = skew::solve(&standing, &edges);
    let shown = shown(&clocks, &names, library);
    let mut table = Vec::new();
    for (n, offset) in solved.iter().enumerate() {
        let Some(offset) = offset else { continue };
        let applied = offset.offset.filter(|o| o.abs() > THRESHOLD);
        let place = plans.iter().position(|p| p.file == clocks[n].0);
        if let (Some(ahead), Some(place)) = (applied, place) {
            let host = names[&clocks[n]].0.clone();
            plans[place].clock.skews.insert(host, ahead);
            changed.insert(place);
        }
        table.push(row(&shown, n, offset, applied.is_some()));
    }
    table
}

fn row(shown: &[String], n: usize, offset: &Offset, applied: bool) -> ClockOffset {
    ClockOffset {
        host: shown[n].clone(),
        reference: shown[offset.reference].clone(),
        offset: offset.offset,
        bounds: offset.bounds,
        ids: offset.ids,
        drift: offset.drift,
        applied,
        belief: offset.belief,
    }
}

/// The names of clocks: the host's, with the file's where several files speak of it; else the file's.
fn shown(
    clocks: &[Clock],
    names: &BTreeMap<Clock, (Option<String>, bool)>,
    library: &Library,
) -> Vec<String> {
    let one = |clock: &Clock| {
        let path = &library.input(clock.0).path;
        match &names[clock].0 {
            Some(host) if clocks.iter().filter(|c| c.1 == clock.1).count() > 1 => {
                format!("{host} ({path})")
            }
            Some(host) => host.clone(),
            None => path.clone(),
        }
    };
    clocks.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::Cite;
    use crate::clock::FileClock;
    use crate::ingest::Event;
    use recon_parsers::record::{AlertState, field};
    use recon_parsers::{Kind, Reading, Record, When};

    fn plan(file: u32) -> FilePlan {
        FilePlan {
            file: FileId(file),
            detected: recon_parsers::detect(b"", &[]),
            declared: Vec::new(),
            clock: FileClock::zoned(Zone::UTC, Ground::Assumed),
            service: String::new(),
            closed: false,
            service_given: false,
        }
    }

    /// Notes an alert with its time as a file has it.
    fn fire(sightings: &mut Sightings, plan: &FilePlan, id: &str, at: Reading) {
        let mut record = Record::new(Kind::Alert(AlertState::Firing), "disk full");
        record.at = Some(at);
        record.fields.push(field::ID, id);
        sightings.add_alert(&Event {
            at: plan.clock.settle(&at, 0),
            since: None,
            cite: Cite {
                file: plan.file,
                offset: 0,
                len: 1,
            },
            line: 1,
            line_last: 1,
            format: 0,
            service: "disk",
            record: &record,
        });
    }

    #[test]
    fn the_same_alerts_tell_the_zone_of_a_file_without_one() {
        for (alerts, east) in [(3, Some(7200)), (2, None)] {
            let mut plans = [plan(0), plan(1)];
            let mut sightings = Sightings::default();
            for n in 0..alerts {
                let at = 1_760_000_000 * SECOND + n * 777 * SECOND;
                let id = format!("disk-{n}");
                fire(&mut sightings, &plans[0], &id, Reading::instant(at, 0));
                // The other file shows local time, two seconds later, and repeats it.
                let local = at + 7202 * SECOND;
                for repeat in [0, 600] {
                    let shown = Reading::local(local + repeat * SECOND, 0);
                    assert!(matches!(shown.when, When::Local(_)));
                    fire(&mut sightings, &plans[1], &id, shown);
                }
            }
            let library = Library::new(Vec::new());
            let (clocks, changed) = align(&sightings, &BTreeMap::new(), &library, &mut plans);
            assert_eq!(clocks, []);
            assert_eq!(changed.contains(&1), east.is_some());
            assert_eq!(plans[1].clock.zone, Zone::Fixed(east.unwrap_or(0)));
            assert_eq!(plans[0].clock.zone_basis, Ground::Assumed);
        }
    }
}
