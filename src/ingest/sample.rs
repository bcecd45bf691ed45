//! Times at even steps through a file, and the entries between two of them.

use crate::clock::{DateOrder, Sample};
use crate::source::Input;
use recon_parsers::cut::Shape;
use recon_parsers::glance::{Recall, Seen, sights};
use recon_parsers::stamp::{DAY, SECOND};
use recon_parsers::{Detected, Reading, Record, When};
use std::io;

/// Bytes of a file's head that decide its format.
pub(super) const HEAD: u64 = 64 * 1024;
/// Bytes of each further excerpt.
pub(super) const EXCERPT: u64 = 16 * 1024;
/// Bytes of a sample of the clock: some entries.
const GLIMPSE: u64 = 1024;
/// Bytes between two samples of the clock.
const STRIDE: u64 = 64 * 1024;
/// Samples of the clock per file at most.
const SAMPLES: u64 = 2048;
/// Of so many samples one is taken of a file whose times are all instants: there is nothing to
/// settle but where it begins and ends, and whether another sort of time stands in it.
const SPARSE: usize = 32;

/// Bytes from `start`, cut to whole lines (a line longer than that stays cut).
pub(super) fn excerpt(input: &Input, start: u64, len: u64) -> io::Result<Vec<u8>> {
    placed(input, start, len).map(|(_, bytes)| bytes)
}

/// The same, and where they begin.
fn placed(input: &Input, start: u64, len: u64) -> io::Result<(u64, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut begin = start;
    input.text.read(start, start + len, &mut bytes)?;
    if start + (bytes.len() as u64) < input.text.len()
        && let Some(end) = memchr::memrchr(b'\n', &bytes)
    {
        bytes.truncate(end + 1);
    }
    if start > 0 {
        let first = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |n| n + 1);
        bytes.drain(..first);
        begin += first as u64;
    }
    Ok((begin, bytes))
}

/// Excerpts from the later parts of a file too long to judge by its head.
pub(super) fn further(input: &Input) -> io::Result<Vec<Vec<u8>>> {
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
pub(super) fn samples(input: &Input, detected: &Detected) -> io::Result<Vec<Timed>> {
    let len = input.text.len();
    let head = excerpt(input, 0, HEAD)?;
    let mut recall = Recall::default();
    let mut samples = timed(&head, 0, detected, &mut recall);
    if detected.shape != Shape::Lines {
        return Ok(samples);
    }
    // The last time bounds the year from above.
    let (begin, bytes) = placed(input, len.saturating_sub(EXCERPT), EXCERPT)?;
    samples.extend(timed(&bytes, begin, detected, &mut recall).last());
    let step = usize::try_from(STRIDE.max(len / SAMPLES)).unwrap_or(usize::MAX);
    let starts: Vec<u64> = (step as u64..len).step_by(step).collect();
    let states_zone = |s: &Timed| matches!(s.at.when, When::Instant(_));
    let (few, others): (Vec<usize>, Vec<usize>) = (0..starts.len()).partition(|n| n % SPARSE == 0);
    for some in [few, others] {
        for start in some.into_iter().map(|n| starts[n]) {
            samples.extend(firsts(input, start, detected, &mut recall)?);
        }
        if !samples.is_empty() && samples.iter().all(states_zone) {
            break;
        }
    }
    samples.sort_by_key(|s| s.offset);
    samples.dedup();
    Ok(samples)
}

/// The first time of each sort at or behind a byte of a file.
fn firsts(
    input: &Input,
    start: u64,
    detected: &Detected,
    recall: &mut Recall,
) -> io::Result<Vec<Timed>> {
    let mut found = Vec::new();
    for len in [GLIMPSE, EXCERPT] {
        let (begin, bytes) = placed(input, start, len)?;
        found = timed(&bytes, begin, detected, recall);
        if !found.is_empty() {
            break;
        }
    }
    let sorts: Vec<_> = found
        .iter()
        .map(|s| std::mem::discriminant(&s.at.when))
        .collect();
    let first = |n: &usize| !sorts[..*n].contains(&sorts[*n]);
    Ok((0..found.len()).filter(first).map(|n| found[n]).collect())
}

/// A time as it is stated, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    /// Its entry's first byte.
    offset: u64,
    pub(super) at: Reading,
}

impl Timed {
    /// A sample of the clock of a file that writes dates in this order.
    pub(super) const fn sample(self, dates: DateOrder) -> Sample {
        Sample {
            offset: self.offset,
            when: dates.read(self.at).when,
        }
    }
}

fn timed(text: &[u8], base: u64, detected: &Detected, recall: &mut Recall) -> Vec<Timed> {
    let mut found = Vec::new();
    let mut push = |place: usize, at: Reading, inner: Option<When>| {
        let offset = base + place as u64;
        let inner = inner.map(|when| Reading::new(when, at.precision));
        found.extend(
            [Some(at), inner]
                .into_iter()
                .flatten()
                .map(|at| Timed { offset, at }),
        );
    };
    sights(
        text,
        0..text.len(),
        detected,
        recall,
        &mut |seen| match seen {
            Seen::Sight(sight) => {
                let Some(reading) = sight.glance.at else {
                    return;
                };
                let entry = text.get(sight.range.clone()).unwrap_or_default();
                let mut records = Vec::new();
                if matches!(reading.when, When::Yearless { .. }) && may_date(entry) {
                    detected.read_as(sight.format, entry, &mut records);
                }
                let inner = records.first().and_then(|r| inner(r, reading.when));
                push(sight.range.start, reading, inner);
            }
            Seen::Entry(entry) => {
                for record in entry.records.iter() {
                    let part = record.part.as_ref().map_or(0, |p| p.start);
                    if let Some(reading) = record.at {
                        let inner = inner(record, reading.when);
                        push(entry.range.start + part, reading, inner);
                    }
                }
            }
        },
    );
    found
}

/// Whether a full date may stand in an entry, before it is known where its message begins.
fn may_date(entry: &[u8]) -> bool {
    let is = |at: usize, any: &[u8]| entry.get(at).is_some_and(|b| any.contains(b));
    let shaped = |at: usize| is(at + 4, b"-/\\") && is(at + 13, b":\\");
    memchr::memmem::find_iter(entry, b"20").any(shaped) || memchr::memchr(b'\\', entry).is_some()
}

/// The full date that a program wrote into the message of an entry whose own date has no year: one of
/// the same day, give or take a zone, with a time of day behind it.
fn inner(record: &Record<'_>, when: When) -> Option<When> {
    let When::Yearless {
        month, day, nanos, ..
    } = when
    else {
        return None;
    };
    let text = record.message.as_bytes();
    memchr::memmem::find_iter(text, b"20").find_map(|at| {
        let digits = |from: usize, len: usize| -> Option<u32> {
            let part = text.get(at + from..at + from + len)?;
            std::str::from_utf8(part)
                .ok()
                .filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?
                .parse()
                .ok()
        };
        let is = |from: usize, any: &[u8]| text.get(at + from).is_some_and(|b| any.contains(b));
        let begins = at == 0 || !text[at - 1].is_ascii_alphanumeric();
        let shaped = begins && is(4, b"-/") && is(7, b"-/") && is(10, b"T ") && is(13, b":");
        let year = i32::try_from(digits(0, 4).filter(|_| shaped)?).ok()?;
        digits(11, 2)?;
        let date = chrono::NaiveDate::from_ymd_opt(year, digits(5, 2)?, digits(8, 2)?)?;
        let own = chrono::NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
        let same = (date - own).num_days().abs() <= 1;
        let midnight = own.and_hms_opt(0, 0, 0)?.and_utc().timestamp();
        same.then(|| When::Local(midnight.saturating_mul(SECOND) + nanos.clamp(0, DAY)))
    })
}

/// The entries behind one sample up to the next, with it. Those of files that are not cut on lines
/// are all samples themselves.
pub(super) fn between(
    input: &Input,
    detected: &Detected,
    dates: DateOrder,
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
        let entries = timed(&bytes, at, detected, &mut Recall::default());
        let sort = std::mem::discriminant(&before.when);
        let same = |s: &Sample| std::mem::discriminant(&s.when) == sort;
        let within = before.offset + 1..after.offset;
        let entries = entries.into_iter().map(|t| t.sample(dates)).filter(same);
        found.extend(entries.filter(|s| within.contains(&s.offset)));
        at += bytes.len() as u64;
    }
    found.push(after);
    Ok(found)
}
