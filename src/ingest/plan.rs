//! What must be known of a file before its parts can be read in any order:
//! its formats, its zone, and the years or days its times leave out.

use super::service::{self, Rule};
use crate::cite::FileId;
use crate::clock::{self, FileClock, Hints, Sample, Turn, Zone};
use crate::source::{Input, Library};
use recon_parsers::cut::Shape;
use recon_parsers::detect::detect_more;
use recon_parsers::entries::entries;
use recon_parsers::{Detected, When, detect};
use std::io;

/// What people set for all files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The zone of times that state none; UTC if not given.
    pub input_zone: Option<Zone>,
    /// The year of the first entry of files that state none.
    pub year: Option<i32>,
    /// Services of files.
    pub services: Vec<Rule>,
}

/// How one file is read.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// The file.
    pub file: FileId,
    /// Its formats.
    pub detected: Detected,
    /// How its times are settled.
    pub clock: FileClock,
    /// The service it speaks for.
    pub service: String,
    /// That service was set by an option and outranks what entries say.
    pub service_given: bool,
}

/// Bytes of a file's head that decide its format.
const HEAD: u64 = 64 * 1024;
/// Bytes of each further excerpt.
const EXCERPT: u64 = 16 * 1024;
/// Bytes between two samples of the clock.
const STRIDE: u64 = 64 * 1024;
/// Samples of the clock per file at most.
const SAMPLES: u64 = 2048;
/// Strays of another format that make a file mixed.
const STRAYS: usize = 3;

/// Plans every file of the library.
pub fn plan(library: &Library, options: &Options) -> io::Result<Vec<FilePlan>> {
    let mut drafts = Vec::new();
    for (file, input) in library.iter() {
        let head = excerpt(input, 0, HEAD)?;
        let further = further(input)?;
        let excerpts: Vec<&[u8]> = further.iter().map(Vec::as_slice).collect();
        let detected = detect(&head, &excerpts);
        let samples = samples(input, &detected)?;
        drafts.push((file, detected, samples));
    }
    let dated = drafts
        .iter()
        .flat_map(|(.., samples)| samples)
        .filter_map(|s| match s.when {
            When::Instant(n) | When::Local(n) => Some(n),
            _ => None,
        });
    let anchor = dated.min();
    let mut plans = Vec::new();
    for (file, detected, samples) in drafts {
        let input = library.input(file);
        let clock = file_clock(input, &detected, &samples, anchor, options)?;
        let given = service::given(&options.services, &input.path);
        plans.push(FilePlan {
            file,
            service_given: given.is_some(),
            service: given.unwrap_or_else(|| service::of_name(input, detected.main())),
            detected,
            clock,
        });
    }
    Ok(plans)
}

/// A plan with more formats, if lines that the first reading could not place are in some.
pub fn replan(
    library: &Library,
    plan: &FilePlan,
    strays: &[Vec<u8>],
) -> io::Result<Option<FilePlan>> {
    let lines: Vec<&[u8]> = strays.iter().map(Vec::as_slice).collect();
    let head = excerpt(library.input(plan.file), 0, HEAD)?;
    let Some(more) = detect_more(&plan.detected, &head, &lines) else {
        return Ok(None);
    };
    let read = lines
        .iter()
        .filter(|l| more.read(l, &mut Vec::new()).is_some())
        .count();
    let wanted = if plan.detected.formats.is_empty() {
        1
    } else {
        STRAYS.max(lines.len() / 2)
    };
    Ok((read >= wanted).then(|| FilePlan {
        detected: more,
        ..plan.clone()
    }))
}

/// Bytes from `start`, cut to whole lines (a line longer than that stays cut).
fn excerpt(input: &Input, start: u64, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.text.read(start, start + len, &mut bytes)?;
    if start + (bytes.len() as u64) < input.text.len()
        && let Some(end) = memchr::memrchr(b'\n', &bytes)
    {
        bytes.truncate(end + 1);
    }
    if start > 0 {
        let first = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |n| n + 1);
        bytes.drain(..first);
    }
    Ok(bytes)
}

/// Excerpts from the later parts of a file too long to judge by its head.
fn further(input: &Input) -> io::Result<Vec<Vec<u8>>> {
    let len = input.text.len();
    if len <= 2 * HEAD {
        return Ok(Vec::new());
    }
    [len / 4, len / 2, len / 4 * 3, len - EXCERPT]
        .into_iter()
        .map(|at| excerpt(input, at, EXCERPT))
        .collect()
}

/// Times at even steps through a file: all of the first step, which is all of a short file,
/// and of every further one the first of each sort. A file that is not cut on lines gives the
/// times of its head.
fn samples(input: &Input, detected: &Detected) -> io::Result<Vec<Sample>> {
    let len = input.text.len();
    let head = excerpt(input, 0, HEAD)?;
    let mut samples = times(&head, 0, detected);
    if detected.shape != Shape::Lines {
        return Ok(samples);
    }
    let step = STRIDE.max(len / SAMPLES);
    for start in (step..len).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let bytes = excerpt(input, start, EXCERPT)?;
        let found = times(&bytes, line_start(input, start)?, detected);
        let sorts = found.iter().map(|s| std::mem::discriminant(&s.when));
        let sorts: Vec<_> = sorts.collect();
        let firsts = (0..found.len()).filter(|n| !sorts[..*n].contains(&sorts[*n]));
        samples.extend(firsts.map(|n| found[n]));
    }
    // The last time bounds the year from above.
    let tail = len.saturating_sub(EXCERPT);
    let bytes = excerpt(input, tail, EXCERPT)?;
    samples.extend(times(&bytes, line_start(input, tail)?, detected).last());
    samples.sort_by_key(|s| s.offset);
    samples.dedup();
    Ok(samples)
}

/// The first byte at or after `start` where a line begins.
fn line_start(input: &Input, start: u64) -> io::Result<u64> {
    if start == 0 {
        return Ok(0);
    }
    let mut bytes = Vec::new();
    input.text.read(start, start + EXCERPT, &mut bytes)?;
    Ok(start + memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |n| n + 1) as u64)
}

fn times(text: &[u8], base: u64, detected: &Detected) -> Vec<Sample> {
    let mut found = Vec::new();
    entries(text, 0..text.len(), detected, &mut |entry| {
        for record in entry.records.iter() {
            if let Some(reading) = record.at {
                let part = record.part.as_ref().map_or(0, |p| p.start);
                found.push(Sample {
                    offset: base + (entry.range.start + part) as u64,
                    when: reading.when,
                });
            }
        }
    });
    found
}

fn file_clock(
    input: &Input,
    detected: &Detected,
    samples: &[Sample],
    anchor: Option<i64>,
    options: &Options,
) -> io::Result<FileClock> {
    let zone = options.input_zone.unwrap_or(Zone::UTC);
    let zone_basis = if options.input_zone.is_some() {
        "given by --input-zone"
    } else {
        "not stated: UTC assumed"
    };
    let mut clock = FileClock::zoned(zone, zone_basis);
    let own_date = samples.iter().find_map(|s| match s.when {
        When::Instant(n) | When::Local(n) => Some(n),
        _ => None,
    });
    let yearless: Vec<Sample> = samples
        .iter()
        .filter(|s| matches!(s.when, When::Yearless { .. }))
        .copied()
        .collect();
    let hints = Hints {
        year: options.year,
        dated: own_date.or(anchor),
        modified: input.modified,
    };
    if !yearless.is_empty() {
        let turns = turns(input, detected, &yearless)?;
        (clock.eras, clock.year_basis) = clock::eras(&yearless, &turns, &hints);
        return Ok(clock);
    }
    let clocks: Vec<Sample> = samples
        .iter()
        .filter(|s| matches!(s.when, When::TimeOfDay { .. }))
        .copied()
        .collect();
    if let Some(Sample {
        when: When::TimeOfDay { nanos, offset },
        ..
    }) = clocks.first()
    {
        clock.origin = *nanos;
        let zone = offset.map_or(zone, Zone::Fixed);
        if let Some(day) = own_date
            .or(anchor)
            .and_then(|d| clock::nearest_day(&zone, *nanos, d))
        {
            clock.eras = clock::days(day, &turns(input, detected, &clocks)?);
            clock.year_basis = "the day of the dated entries of the inputs";
        }
    } else if own_date.is_some() {
        // Entries without a year may still stand where no sample was taken.
        clock.eras = clock::eras(&[], &[], &hints).0;
    }
    Ok(clock)
}

/// The turns of the year or day: looked for where a sample states an earlier time than the
/// one before it, and in the step behind a turn, where entries may still be out of order.
fn turns(input: &Input, detected: &Detected, samples: &[Sample]) -> io::Result<Vec<Turn>> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut later = 0;
    let mut turned = false;
    for pair in samples.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        if !turned && !clock::recedes(before.when, after.when) {
            continue;
        }
        turned = false;
        let mut earlier = before.when;
        for entry in between(input, detected, before, after)? {
            let step = clock::step(earlier, entry.when);
            earlier = entry.when;
            // Nothing is out of order before the first turn: a file that begins in January
            // may go on in December.
            if step == 0 || later + step < 0 {
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

/// The entries behind one sample up to the next, with it. Those of files that are not cut on lines
/// are all samples themselves.
fn between(
    input: &Input,
    detected: &Detected,
    before: Sample,
    after: Sample,
) -> io::Result<Vec<Sample>> {
    let mut found = Vec::new();
    let mut at = before.offset;
    while detected.shape == Shape::Lines && at < after.offset {
        let mut bytes = Vec::new();
        input
            .text
            .read(at, (at + HEAD).min(after.offset), &mut bytes)?;
        let whole = memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |n| n + 1);
        bytes.truncate(whole);
        if bytes.is_empty() {
            break;
        }
        let entries = times(&bytes, at, detected);
        let sort = std::mem::discriminant(&before.when);
        let same = |s: &Sample| std::mem::discriminant(&s.when) == sort;
        let within = before.offset + 1..after.offset;
        let entries = entries.into_iter().filter(same);
        found.extend(entries.filter(|s| within.contains(&s.offset)));
        at += bytes.len() as u64;
    }
    found.push(after);
    Ok(found)
}
