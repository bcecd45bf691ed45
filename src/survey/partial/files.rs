//! What a survey knows of an input: its account, its chunks and its index.

use super::{Rows, Sheet, hash_of, hex, stamp, stamp_cells};
use crate::cite::{Cite, FileId};
use crate::ingest::{FileTally, Placed};
use crate::survey::{BLOCK, Survey, Trails};
use crate::table::{Cell, Damaged, Kind, Row, Schema};
use std::collections::BTreeMap;
use std::io;

pub(super) const INPUTS: Schema = &[
    ("input", Kind::Int),
    ("lines", Kind::Int),
    ("entries", Kind::Int),
    ("undated", Kind::Int),
    ("cut", Kind::Int),
    ("unparsed", Kind::Int),
    ("first_entry", Kind::Int),
    ("first_ns", Kind::Int),
    ("first_digits", Kind::Int),
    ("first_basis", Kind::Text),
    ("last_ns", Kind::Int),
    ("last_digits", Kind::Int),
    ("last_basis", Kind::Text),
    ("closed", Kind::Flag),
    ("requests", Kind::Int),
    ("messages", Kind::Int),
    ("width", Kind::Int),
    ("trails_below", Kind::Text),
    ("by_format", Kind::Text),
    ("unparsed_at", Kind::Text),
    ("strays_at", Kind::Text),
];

pub(super) const CHUNKS: Schema = &[
    ("input", Kind::Int),
    ("start_byte", Kind::Int),
    ("lines", Kind::Int),
    ("has_entries", Kind::Flag),
    ("undated_first", Kind::Flag),
    ("first_ns", Kind::Int),
    ("last_ns", Kind::Int),
    ("first_instant_ns", Kind::Int),
    ("last_instant_ns", Kind::Int),
    ("end_ns", Kind::Int),
    ("lead_at", Kind::Int),
    ("lead_lines", Kind::Int),
];

pub(super) const BLOCKS: Schema = &[
    ("input", Kind::Int),
    ("start_byte", Kind::Int),
    ("first_ns", Kind::Int),
    ("last_ns", Kind::Int),
];

pub(super) fn write(input: FileId, survey: &Survey, to: &mut Rows<'_>) -> io::Result<()> {
    let none = FileTally::default();
    let tally = survey.files.values().next().unwrap_or(&none);
    let (first, last) = (tally.span.map(|s| s.0), tally.span.map(|s| s.1));
    let [first, first_digits, first_basis] = stamp_cells(first);
    let [last, last_digits, last_basis] = stamp_cells(last);
    let by_format = serde_json::to_string(&tally.by_format)?;
    let (unparsed_at, strays_at) = (places(&tally.unparsed_samples)?, places(&tally.strays)?);
    let below = hex(survey.trails.limit());
    let cells = [
        input.0.into(),
        tally.lines.into(),
        tally.entries.into(),
        tally.undated.into(),
        tally.cut.into(),
        tally.unparsed.into(),
        tally.first_entry.into(),
        first,
        first_digits,
        first_basis,
        last,
        last_digits,
        last_basis,
        tally.closed.into(),
        survey.requests.into(),
        survey.messages.into(),
        survey.width.into(),
        Cell::from(&below),
        Cell::from(&by_format),
        Cell::from(&unparsed_at),
        Cell::from(&strays_at),
    ];
    to(Sheet::Inputs, &cells)?;
    let mut leads = tally.leads.iter().peekable();
    let mut parts = tally.parts.iter().peekable();
    while let Some((start, placed)) = parts.next() {
        // At most one place of a chunk can have lines that begin no entry: its beginning.
        let next = parts.peek().map_or(u64::MAX, |(next, _)| **next);
        let lead = leads.next_if(|(at, _)| **at < next);
        write_chunk(input, *start, placed, lead, to)?;
    }
    for ((_, block), (first, last)) in &survey.index {
        let start = block * BLOCK;
        let cells = [
            input.0.into(),
            start.into(),
            (*first).into(),
            (*last).into(),
        ];
        to(Sheet::Blocks, &cells)?;
    }
    Ok(())
}

fn write_chunk(
    input: FileId,
    start: u64,
    placed: &Placed,
    lead: Option<(&u64, &u64)>,
    to: &mut Rows<'_>,
) -> io::Result<()> {
    let cells = [
        input.0.into(),
        start.into(),
        placed.lines.into(),
        placed.any.into(),
        placed.undated_first.into(),
        placed.span.map(|s| s.0).into(),
        placed.span.map(|s| s.1).into(),
        placed.instants.map(|s| s.0).into(),
        placed.instants.map(|s| s.1).into(),
        placed.last.into(),
        lead.map(|(at, _)| *at).into(),
        lead.map(|(_, lines)| *lines).into(),
    ];
    to(Sheet::Chunks, &cells)
}

pub(super) fn read_input(input: FileId, row: &mut Row<'_>) -> Result<Survey, Damaged> {
    let mut tally = FileTally {
        lines: row.number()?,
        entries: row.number()?,
        undated: row.number()?,
        cut: row.number()?,
        unparsed: row.number()?,
        first_entry: row.maybe_number()?,
        ..FileTally::default()
    };
    let (first, last) = (stamp(row)?, stamp(row)?);
    tally.span = first.zip(last);
    tally.closed = row.flag()?;
    let (requests, messages, width) = (row.number()?, row.number()?, row.number()?);
    let below = hash_of(row.text()?).ok_or_else(|| row.damaged())?;
    let by_format: Option<BTreeMap<usize, u64>> = serde_json::from_str(row.text()?).ok();
    tally.by_format = by_format.ok_or_else(|| row.damaged())?;
    tally.unparsed_samples = cites(input, row)?;
    tally.strays = cites(input, row)?;
    Ok(Survey {
        requests,
        messages,
        width,
        trails: Trails::below(below),
        files: BTreeMap::from([(input, tally)]),
        ..Survey::default()
    })
}

pub(super) fn read_chunk(
    input: FileId,
    survey: &mut Survey,
    row: &mut Row<'_>,
) -> Result<(), Damaged> {
    let start = row.number()?;
    let placed = Placed {
        lines: row.number()?,
        any: row.flag()?,
        undated_first: row.flag()?,
        span: row.maybe_int()?.zip(row.maybe_int()?),
        instants: row.maybe_int()?.zip(row.maybe_int()?),
        last: row.maybe_int()?,
    };
    let tally = survey.files.entry(input).or_default();
    tally.parts.insert(start, placed);
    let (at, lines): (Option<u64>, Option<u64>) = (row.maybe_number()?, row.maybe_number()?);
    tally.leads.extend(at.zip(lines));
    Ok(())
}

pub(super) fn read_block(
    input: FileId,
    survey: &mut Survey,
    row: &mut Row<'_>,
) -> Result<(), Damaged> {
    let start: u64 = row.number()?;
    let span = (row.int()?, row.int()?);
    survey.index.insert((input, start / BLOCK), span);
    Ok(())
}

/// Byte and length of some entries, as JSON.
fn places(cites: &[Cite]) -> io::Result<String> {
    let places: Vec<(u64, u32)> = cites.iter().map(|c| (c.offset, c.len)).collect();
    Ok(serde_json::to_string(&places)?)
}

fn cites(file: FileId, row: &mut Row<'_>) -> Result<Vec<Cite>, Damaged> {
    let places: Option<Vec<(u64, u32)>> = serde_json::from_str(row.text()?).ok();
    let places = places.ok_or_else(|| row.damaged())?.into_iter();
    Ok(places
        .map(|(offset, len)| Cite { file, offset, len })
        .collect())
}
