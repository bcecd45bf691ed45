//! The second pass: only the byte ranges that an incident touches are read again, for what
//! the survey does not keep: users, durations of requests, exact counts.

mod accounts;
mod badge;
mod count;
mod distinct;
mod echo;
mod entry;
mod latency;
mod people;
mod refused;
mod series;
mod told;
mod untold;

use crate::cite::FileId;
use crate::incident::{Focus, Impact, Series, ServiceImpact};
use crate::ingest::{self, FilePlan, Scratch, Scratches, Skimmed};
use crate::source::Library;
use crate::survey::{BLOCK, Survey, What};
use accounts::{Accounts, Log};
use badge::Badges;
use count::Count;
use entry::{Askers, Entry};
use rayon::prelude::*;
use recon_parsers::Stamp;
use recon_parsers::cut::Shape;
use recon_parsers::glance::Glance;
use recon_parsers::stamp::SECOND;
pub use refused::without_guesses;
pub use series::Axis;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// The baseline ends so long (a minute) before the impact, so that a slow start is not in it.
const GAP: i64 = 60 * SECOND;
/// The baseline is as long as the impact, but at least a quarter of an hour and at most two hours.
const BASE: Range<i64> = 900 * SECOND..7200 * SECOND;
/// Durations are looked at for so long (a quarter of an hour) after the impact, to show the return.
const AFTER: i64 = 900 * SECOND;
/// Chunks of a range read at a time.
const STEP: u64 = 16 * BLOCK;

/// Measures an incident's impact, and how it ran over the period of `axis`.
pub fn measure(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    focus: &Focus,
    axis: Axis,
) -> io::Result<(Impact, Option<Series>)> {
    let mut count = counted(library, plans, survey, focus, axis, None)?;
    let key = if count.names_nobody() {
        badge(library, plans, survey, focus)?
    } else {
        None
    };
    if key.is_some() {
        count = counted(library, plans, survey, focus, axis, key.as_deref())?;
    }
    for other in &focus.others {
        let theirs = counted(library, plans, survey, other, axis, key.as_deref())?;
        // One front counts the requests of several: those of each are others.
        if count.stands_beside(&theirs) {
            count = count.merge(theirs);
        }
    }
    let mut impact = count.impact();
    let unnamed = impact.users_affected.is_none() && impact.requests_failed > Some(0);
    if let Some(witness) = focus.witness.as_deref().filter(|_| unnamed) {
        counted(library, plans, survey, witness, axis, None)?.tell_users(&mut impact);
    }
    impact.tickets = focus.tickets;
    impact.by_service = by_service(survey, focus);
    let series = series::series(survey, focus, axis, &count.durations);
    Ok((impact, series))
}

/// What the logs of the service tell, each request once.
fn counted<'f>(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    focus: &'f Focus,
    axis: Axis,
    key: Option<&'f str>,
) -> io::Result<Count<'f>> {
    let base = (focus.to - focus.from).clamp(BASE.start, BASE.end);
    let period = focus.from - GAP - base..focus.to.saturating_add(AFTER);
    let ranges = ranges(survey, plans, focus.service.as_deref(), &period);
    let scratches = Scratches::default();
    let new = || Count::new(focus, period.start, axis, key);
    let service = focus.service.as_deref();
    let file = |(plan, _): &(usize, Range<u64>)| {
        let plan = &plans[*plan];
        (library.input(plan.file).path.as_str(), plan)
    };
    let logs = Log::all(ranges.iter().map(file), service);
    let accounts = ranges
        .par_iter()
        .zip(logs)
        .map(|((plan, bytes), log)| {
            let (plan, bytes) = (&plans[*plan], bytes.clone());
            let mut scratch = scratches.lend();
            let mut count = new();
            let within = |at: Stamp| period.contains(&at.nanos) || axis.point(at.nanos).is_some();
            let asked = Asked { service, key };
            read(
                library,
                plan,
                bytes,
                &mut scratch,
                asked,
                &within,
                &mut |entry| {
                    count.add(entry);
                },
            )?;
            Ok(Accounts::of(log, count))
        })
        .try_reduce(Accounts::default, |a, b| Ok::<_, io::Error>(a.merge(b)))?;
    Ok(accounts.settle().unwrap_or_else(new))
}

/// Whose entries are read.
#[derive(Clone, Copy)]
struct Asked<'a> {
    service: Option<&'a str>,
    /// The field that tells users apart, where none is called so.
    key: Option<&'a str>,
}

/// Tells the entries of a service in a range of a file, as far as they are of the wanted times.
fn read(
    library: &Library,
    plan: &FilePlan,
    bytes: Range<u64>,
    scratch: &mut Scratch,
    asked: Asked<'_>,
    within: &dyn Fn(Stamp) -> bool,
    tell: &mut dyn FnMut(&Entry<'_>),
) -> io::Result<()> {
    let mut askers = Askers::by(asked.key);
    let ours = |service: &str| asked.service == Some(service);
    ingest::skim(library, plan, bytes, scratch, &mut |seen| match seen {
        Skimmed::Sighting(seen) => {
            if !ours(seen.service) || !seen.at.is_some_and(within) {
                return false;
            }
            let entry = askers.entry(&seen, plan);
            entry.iter().for_each(&mut *tell);
            entry.is_none()
        }
        Skimmed::Event(event) | Skimmed::Again(event) => {
            let glance = Glance::of(event.record).filter(|_| ours(event.service));
            let entry = glance
                .as_ref()
                .and_then(|g| Entry::of(&event, g, asked.key));
            entry.iter().for_each(&mut *tell);
            false
        }
    })?;
    Ok(())
}

/// The field that tells users apart where no field is called so; the same whoever reads.
fn badge(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    focus: &Focus,
) -> io::Result<Option<String>> {
    let period = focus.from..focus.to.saturating_add(1);
    let mut badges = Badges::default();
    let mut scratch = Scratch::default();
    for (plan, bytes) in ranges(survey, plans, focus.service.as_deref(), &period) {
        let Some(plan) = plans.get(plan).filter(|_| !badges.is_full()) else {
            break;
        };
        ingest::skim(library, plan, bytes, &mut scratch, &mut |seen| {
            if let Skimmed::Event(event) | Skimmed::Again(event) = seen {
                let request = Glance::of(event.record).is_some_and(|g| g.request.is_some());
                let ours = focus.service.as_deref() == Some(event.service);
                if request && ours && !badges.is_full() {
                    badges.add(event.record);
                }
                return false;
            }
            !badges.is_full()
        })?;
    }
    Ok(badges.field())
}

/// The bytes of each file with entries of the service that hold entries of the period, from
/// the survey's index.
fn ranges(
    survey: &Survey,
    plans: &[FilePlan],
    service: Option<&str>,
    period: &Range<i64>,
) -> Vec<(usize, Range<u64>)> {
    let service = service.and_then(|s| survey.services.get(s));
    let Some(files) = service.map(|tally| &tally.files) else {
        return Vec::new();
    };
    let plan_of: BTreeMap<FileId, usize> =
        plans.iter().enumerate().map(|(n, p)| (p.file, n)).collect();
    let mut ranges: Vec<(usize, Range<u64>)> = Vec::new();
    for (&(file, block), &(first, last)) in &survey.index {
        let Some(&plan) = plan_of.get(&file) else {
            continue;
        };
        if last < period.start || first >= period.end || !files.contains(&file) {
            continue;
        }
        let bytes = block * BLOCK..(block + 1) * BLOCK;
        // What is not cut on lines is read from its beginning, whichever part is asked for: once is enough.
        let whole = plans
            .get(plan)
            .is_some_and(|p| p.detected.shape != Shape::Lines);
        match ranges.last_mut() {
            Some((p, _)) if *p == plan && whole => {}
            Some((p, r)) if *p == plan && r.end == bytes.start && r.end - r.start < STEP => {
                r.end = bytes.end;
            }
            _ => ranges.push((plan, bytes)),
        }
    }
    ranges
}

/// Requests and failures of every service with failures in the period, from the survey's counts.
fn by_service(survey: &Survey, focus: &Focus) -> Vec<ServiceImpact> {
    let (from, to) = (
        focus.from.div_euclid(SECOND),
        focus.to.div_euclid(SECOND) + 1,
    );
    let mut all = Vec::new();
    for (service, tally) in &survey.services {
        for (operation, rates) in tally.operations.iter() {
            let sum = |what: What| rates.get(&what).map_or(0, |r| r.between(from, to));
            let failed: u64 = focus
                .failures
                .iter()
                .map(|w| if *w == What::Requests { 0 } else { sum(*w) })
                .sum();
            let first = focus
                .failures
                .iter()
                .filter_map(|w| rates.get(w)?.first_from(from))
                .min();
            let wanted = focus.operations.is_empty() || focus.operations.contains(operation);
            if let (true, true, Some(first)) = (wanted, failed > 0, first) {
                all.push(ServiceImpact {
                    service: service.clone(),
                    operation: Some(operation.clone()),
                    requests_total: sum(What::Requests),
                    requests_failed: failed,
                    evidence: first.cite.into(),
                });
            }
        }
    }
    all.sort_by(|a, b| {
        b.requests_failed
            .cmp(&a.requests_failed)
            .then_with(|| (&a.service, &a.operation).cmp(&(&b.service, &b.operation)))
    });
    all
}
