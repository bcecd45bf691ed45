//! A survey of a part of the inputs as tables, and back: what one process counts and another
//! merges. The columns are documented in `docs/bulk.md`.

mod entries;
mod files;
mod ids;
mod series;
mod steps;

use super::Survey;
use crate::cite::{Cite, FileId};
use crate::table::{Cell, Damaged, Row, Schema};
use recon_parsers::{Basis, Precision, Stamp};
use std::collections::BTreeMap;
use std::io;

/// The tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// What is known of each input: lines, entries, first and last.
    Inputs,
    /// Where in time the chunks of each input lie, and how many lines they have.
    Chunks,
    /// Earliest and latest time of every 256 KiB.
    Blocks,
    /// Counts per second of services, operations and templates.
    Series,
    /// Alerts, pages, changes, chat, tickets and notes.
    Entries,
    /// Which clocks wrote the same ids.
    Ids,
    /// The ways of a sample of requests.
    Steps,
}

impl Sheet {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Inputs,
        Self::Chunks,
        Self::Blocks,
        Self::Series,
        Self::Entries,
        Self::Ids,
        Self::Steps,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Chunks => "chunks",
            Self::Blocks => "blocks",
            Self::Series => "series",
            Self::Entries => "entries",
            Self::Ids => "ids",
            Self::Steps => "steps",
        }
    }

    /// Its columns.
    #[must_use]
    pub const fn schema(self) -> Schema {
        match self {
            Self::Inputs => files::INPUTS,
            Self::Chunks => files::CHUNKS,
            Self::Blocks => files::BLOCKS,
            Self::Series => series::SERIES,
            Self::Entries => entries::ENTRIES,
            Self::Ids => ids::IDS,
            Self::Steps => steps::STEPS,
        }
    }
}

/// What takes the rows of the tables.
pub type Rows<'r> = dyn FnMut(Sheet, &[Cell<'_>]) -> io::Result<()> + 'r;

/// Gives the rows of a survey of (a part of) one input, which has this number among all inputs.
pub fn write(input: FileId, survey: &Survey, to: &mut Rows<'_>) -> io::Result<()> {
    files::write(input, survey, to)?;
    series::write(input, survey, to)?;
    entries::write(input, &survey.kept, to)?;
    ids::write(input, &survey.sightings, to)?;
    steps::write(input, &survey.trails, to)
}

/// Puts surveys together from the rows of their tables: of one sheet after the other, [`Sheet::Inputs`] first.
#[derive(Debug, Default)]
pub struct Reader {
    parts: BTreeMap<FileId, Survey>,
}

impl Reader {
    /// Takes a row.
    pub fn row(&mut self, sheet: Sheet, cells: &[Cell<'_>]) -> Result<(), Damaged> {
        let mut row = Row::new(sheet.schema(), cells);
        let input = FileId(row.number()?);
        if sheet == Sheet::Inputs {
            let survey = files::read_input(input, &mut row)?;
            self.parts.insert(input, survey);
            return Ok(());
        }
        let Some(survey) = self.parts.get_mut(&input) else {
            return Err(row.damaged());
        };
        match sheet {
            Sheet::Inputs => Ok(()),
            Sheet::Chunks => files::read_chunk(input, survey, &mut row),
            Sheet::Blocks => files::read_block(input, survey, &mut row),
            Sheet::Series => series::read(input, survey, &mut row),
            Sheet::Entries => entries::read(input, &mut survey.kept, &mut row),
            Sheet::Ids => ids::read(input, &mut survey.sightings, &mut row),
            Sheet::Steps => steps::read(input, &mut survey.trails, &mut row),
        }
    }

    /// The survey of each input.
    #[must_use]
    pub fn done(self) -> BTreeMap<FileId, Survey> {
        self.parts
    }
}

/// How finely a time is stated, as a number: fraction digits of its second; less than none for
/// minutes and days.
const fn digits(precision: Precision) -> i64 {
    match precision {
        Precision::Fraction(digits) => digits as i64,
        Precision::Minute => -1,
        Precision::Day => -2,
    }
}

fn precision(row: &mut Row<'_>) -> Result<Precision, Damaged> {
    match row.int()? {
        -2 => Ok(Precision::Day),
        -1 => Ok(Precision::Minute),
        digits @ 0..=9 => Ok(Precision::Fraction(u8::try_from(digits).unwrap_or(9))),
        _ => Err(row.damaged()),
    }
}

const BASES: [Basis; 5] = [
    Basis::Stated,
    Basis::ZoneAssumed,
    Basis::YearInferred,
    Basis::Relative,
    Basis::Receipt,
];

/// A settled time takes three cells.
fn stamp_cells(stamp: Option<Stamp>) -> [Cell<'static>; 3] {
    [
        stamp.map(|s| s.nanos).into(),
        stamp.map(|s| digits(s.precision)).into(),
        stamp.map(|s| s.basis.name()).into(),
    ]
}

fn stamp(row: &mut Row<'_>) -> Result<Option<Stamp>, Damaged> {
    let Some(nanos) = row.maybe_int()? else {
        // The others are empty as well.
        return match (row.maybe_int()?, row.maybe_text()?) {
            (None, None) => Ok(None),
            _ => Err(row.damaged()),
        };
    };
    let precision = precision(row)?;
    let name = row.text()?;
    let basis = BASES.into_iter().find(|b| b.name() == name);
    Ok(Some(Stamp {
        nanos,
        precision,
        basis: basis.ok_or_else(|| row.damaged())?,
    }))
}

/// A citation takes two cells: the input is known.
fn cite(file: FileId, row: &mut Row<'_>) -> Result<Cite, Damaged> {
    Ok(Cite {
        file,
        offset: row.number()?,
        len: row.number()?,
    })
}

/// A hash as it is shown everywhere: DuckDB, polars and Spark differ in what 64 bits without a
/// sign are.
fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

fn hash_of(hex: &str) -> Option<u64> {
    u64::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests;
