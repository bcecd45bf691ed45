//! The clock of each file: zone, years, days, and the hours that pass twice.

use super::sample::between;
use super::{Options, declared, heading, zones};
use crate::clock::{
    self, DateOrder, EraUnit, FileClock, Ground, Hints, NameDate, Night, Sample, Turn, Zone,
};
use crate::source::Input;
use chrono::NaiveDate;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Detected, When};
use std::collections::BTreeMap;
use std::io;

/// A file whose times are to be settled.
pub(super) struct Undated<'l> {
    pub(super) input: &'l Input,
    pub(super) detected: &'l Detected,
    pub(super) samples: Vec<Sample>,
    /// How its dates of numbers are read, and why.
    pub(super) dates: (DateOrder, Ground),
}

/// The clocks of all files: first each for itself, then those of rotated sets by their neighbours,
/// last the hours that pass twice.
pub(super) fn clocks(files: &[Undated<'_>], options: &Options) -> io::Result<Vec<FileClock>> {
    let spans: Vec<(i64, i64)> = files
        .iter()
        .filter_map(|f| ends(f.samples.iter().filter_map(instant)))
        .collect();
    let mut dating: Vec<Dating<'_>> = Vec::new();
    for file in files {
        dating.push(Dating::new(file, &spans, options)?);
    }
    rotated_sets(&mut dating);
    dating.into_iter().map(Dating::finish).collect()
}

/// The time of a sample that has a date.
fn instant(sample: &Sample) -> Option<i64> {
    match sample.when {
        When::Instant(n) | When::Local(n) => Some(n),
        _ => None,
    }
}

/// The smallest and the largest.
fn ends(times: impl Iterator<Item = i64>) -> Option<(i64, i64)> {
    times.fold(None, |ends, t| {
        let (a, b) = ends.unwrap_or((t, t));
        Some((a.min(t), b.max(t)))
    })
}

/// The clock of one file in the making.
struct Dating<'f> {
    file: &'f Undated<'f>,
    clock: FileClock,
    yearless: Vec<Sample>,
    turns: Vec<Turn>,
    hints: Hints<'f>,
}

impl<'f> Dating<'f> {
    fn new(file: &'f Undated<'f>, spans: &'f [(i64, i64)], options: &Options) -> io::Result<Self> {
        // A declared zone is of one format, --input-zone of all that state none.
        let own = declared::zone(&options.declared, file.detected);
        let given = zones::given(&options.input_zones, &file.input.path);
        let (zone, ground) = match (own, given) {
            (Some(zone), _) => (zone, Ground::Declared),
            (None, Some(zone)) => (zone, Ground::Flag),
            (None, None) => {
                let head = heading::zone(file)?.map(|zone| (zone, Ground::Head));
                head.unwrap_or((Zone::UTC, Ground::Assumed))
            }
        };
        let name = clock::date_of_name(&file.input.path);
        let seconds = |s: i64| s.saturating_mul(SECOND);
        let of = |sort: fn(&When) -> bool| -> Vec<Sample> {
            let all = file.samples.iter().filter(|s| sort(&s.when));
            all.copied().collect()
        };
        let mut dating = Self {
            file,
            clock: FileClock::zoned(zone, ground),
            yearless: of(|w| matches!(w, When::Yearless { .. })),
            turns: Vec::new(),
            hints: Hints {
                flag: options.year,
                stated: file.samples.iter().find_map(instant),
                name: name.and_then(|n| noon(n.middle())),
                packed: file.input.packed.map(seconds),
                inputs: spans,
                modified: file.input.modified.map(seconds),
                ..Hints::default()
            },
        };
        (dating.clock.dates, dating.clock.dates_basis) = file.dates;
        if !dating.yearless.is_empty() {
            dating.turns = turns(file, &dating.yearless)?;
            dating.set_years();
            return Ok(dating);
        }
        let clocks = of(|w| matches!(w, When::TimeOfDay { .. }));
        if !clocks.is_empty() {
            dating.set_days(&clocks, name)?;
        } else if dating.hints.stated.is_some() {
            // Entries without a year may still stand where no sample was taken.
            let (first, ..) = clock::first_year(&[], &[], &dating.hints);
            dating.clock.eras = clock::eras(EraUnit::Year(first), &[]);
        }
        Ok(dating)
    }

    fn set_years(&mut self) {
        let (first, ground, turns_stand) =
            clock::first_year(&self.yearless, &self.turns, &self.hints);
        let turns = if turns_stand { &self.turns[..] } else { &[] };
        self.clock.eras = clock::eras(EraUnit::Year(first), turns);
        self.clock.year_basis = ground;
    }

    /// Times of day need the day of the first of them: of the file's other entries, of its name, of
    /// the other inputs.
    fn set_days(&mut self, clocks: &[Sample], name: Option<NameDate>) -> io::Result<()> {
        let Some(&Sample {
            when: When::TimeOfDay { nanos, offset },
            ..
        }) = clocks.first()
        else {
            return Ok(());
        };
        self.clock.origin = nanos;
        let zone = offset.map_or(self.clock.zone, Zone::Fixed);
        let nearest = |at: i64| clock::nearest_day(&zone, nanos, at);
        let own = self.hints.stated.and_then(nearest);
        let named = match name {
            Some(NameDate::Day(day)) => Some(day),
            _ => None,
        };
        let oldest = self.hints.inputs.iter().map(|s| s.0).min();
        let others = oldest.and_then(nearest);
        let found = [
            (own, Ground::Stated),
            (named, Ground::Name),
            (others, Ground::Inputs),
        ];
        let Some((day, ground)) = found.into_iter().find_map(|(d, g)| Some((d?, g))) else {
            return Ok(());
        };
        self.turns = turns(self.file, clocks)?;
        self.clock.eras = clock::eras(EraUnit::Day(day), &self.turns);
        self.clock.year_basis = ground;
        Ok(())
    }

    /// Oldest and newest date as the clock stands.
    fn span(&self) -> Option<(i64, i64)> {
        let walls = self
            .file
            .samples
            .iter()
            .filter_map(|s| instant(s).or_else(|| self.clock.wall(s.when, s.offset)));
        ends(walls)
    }

    /// Finds the hours that pass twice, now that the dates are known.
    fn finish(mut self) -> io::Result<FileClock> {
        let walls: Vec<(Sample, i64)> = self
            .file
            .samples
            .iter()
            .filter(|s| !states_zone(s.when))
            .filter_map(|s| Some((*s, self.clock.wall(s.when, s.offset)?)))
            .collect();
        let times = || walls.iter().map(|(_, wall)| *wall);
        let Some((first, last)) = times().min().zip(times().max()) else {
            return Ok(self.clock);
        };
        for night in Night::between(&self.clock.zone, first, last) {
            if let Some(fold) = self.fold(&night, &walls)? {
                self.clock.folds.push(fold);
            }
        }
        Ok(self.clock)
    }

    fn fold(&self, night: &Night, walls: &[(Sample, i64)]) -> io::Result<Option<clock::Fold>> {
        let samples: Vec<Sample> = walls.iter().map(|(s, _)| *s).collect();
        let order = clock::order(&samples);
        let mut seen = Vec::new();
        for pair in walls.windows(2) {
            let ((before, a), (after, b)) = (pair[0], pair[1]);
            if !night.may_turn(a, b) {
                seen.extend([(before.offset, a), (after.offset, b)]);
                continue;
            }
            let entries = between(
                self.file.input,
                self.file.detected,
                self.file.dates.0,
                before,
                after,
            )?;
            let wall = |s: &Sample| Some((s.offset, self.clock.wall(s.when, s.offset)?));
            seen.push((before.offset, a));
            seen.extend(entries.iter().filter_map(wall));
        }
        seen.dedup();
        Ok(night.turn(&seen, order).or_else(|| {
            let times: Vec<i64> = seen.iter().map(|(_, wall)| *wall).collect();
            night.unturned(&times)
        }))
    }
}

const fn states_zone(when: When) -> bool {
    match when {
        When::Local(_) => false,
        When::Yearless { offset, .. } | When::TimeOfDay { offset, .. } => offset.is_some(),
        When::Instant(_) | When::Since(_) => true,
    }
}

fn noon(day: NaiveDate) -> Option<i64> {
    let noon = day.and_hms_opt(12, 0, 0)?;
    noon.and_utc().timestamp_nanos_opt()
}

/// Dates the files of rotated sets by their neighbours: what was rotated away ends before its successor
/// begins. The set is dated from the file that knows best.
fn rotated_sets(files: &mut [Dating<'_>]) {
    let mut sets: BTreeMap<String, BTreeMap<u32, usize>> = BTreeMap::new();
    for (n, file) in files.iter().enumerate() {
        let (stem, place) = clock::rotated(&file.file.input.path);
        sets.entry(stem).or_default().insert(place, n);
    }
    for set in sets.into_values().filter(|s| s.len() > 1) {
        let newest_first: Vec<usize> = set.into_values().collect();
        // Of equals the newest: the time of its last change says most.
        let ground = |at: &usize| (files[newest_first[*at]].clock.year_basis, *at);
        let best = (0..newest_first.len()).min_by_key(ground).unwrap_or(0);
        for at in best + 1..newest_first.len() {
            let newer = files[newest_first[at - 1]].span().map(|(begin, _)| begin);
            redate(&mut files[newest_first[at]], newer, None);
        }
        for at in (0..best).rev() {
            let older = files[newest_first[at + 1]].span().map(|(_, end)| end);
            redate(&mut files[newest_first[at]], None, older);
        }
    }
}

/// Dates a file anew by a neighbour, unless something in or on it says more.
fn redate(file: &mut Dating<'_>, newer: Option<i64>, older: Option<i64>) {
    let weak = matches!(
        file.clock.year_basis,
        Ground::Gzip | Ground::Inputs | Ground::Modified | Ground::Assumed
    );
    if file.yearless.is_empty() || !weak || newer.or(older).is_none() {
        return;
    }
    file.hints = Hints {
        newer,
        older,
        ..file.hints
    };
    file.set_years();
}

/// The turns of the year or day: looked for where a sample states an earlier time than the
/// one before it, and in the step behind a turn, where entries may still be out of order.
fn turns(file: &Undated<'_>, samples: &[Sample]) -> io::Result<Vec<Turn>> {
    let order = clock::order(samples);
    let mut turns: Vec<Turn> = Vec::new();
    let mut later = 0;
    let mut turned = false;
    for pair in samples.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        if !turned && !order.recedes(before.when, after.when) {
            continue;
        }
        turned = false;
        let mut earlier = before.when;
        for entry in between(file.input, file.detected, file.dates.0, before, after)? {
            let step = order.step(earlier, entry.when);
            earlier = entry.when;
            // Nothing is out of order before the first turn: a file that begins in January
            // may go on in December.
            if step == 0 || order.leaves(later + step) {
                continue;
            }
            later += step;
            turned = true;
            turns.push(Turn {
                from: entry.offset,
                step,
            });
        }
    }
    Ok(turns)
}
