//! The ways of a sample of requests: each step that one took.

use super::{Rows, Sheet, hash_of, hex};
use crate::cite::{Cite, FileId};
use crate::survey::Trails;
use crate::survey::trails::{Passed, Site};
use crate::table::{Cell, Damaged, Kind, Row, Schema};
use std::io;

pub(super) const STEPS: Schema = &[
    ("input", Kind::Int),
    ("id", Kind::Text),
    ("too_many", Kind::Int),
    ("time_ns", Kind::Int),
    ("byte", Kind::Int),
    ("len", Kind::Int),
    ("service", Kind::Text),
    ("grave", Kind::Flag),
    ("says", Kind::Text),
];

pub(super) fn write(input: FileId, trails: &Trails, to: &mut Rows<'_>) -> io::Result<()> {
    for (id, passed) in trails.all() {
        let id = hex(id);
        match passed {
            Passed::TooMany(steps) => {
                let mut cells = [Cell::Empty; 9];
                cells[..3].copy_from_slice(&[
                    input.0.into(),
                    Cell::from(&id),
                    (steps as u64).into(),
                ]);
                to(Sheet::Steps, &cells)?;
            }
            Passed::Step(nanos, cite, site) => {
                let says = hex(site.says);
                let cells = [
                    input.0.into(),
                    Cell::from(&id),
                    Cell::Empty,
                    nanos.into(),
                    cite.offset.into(),
                    cite.len.into(),
                    Cell::Text(&site.service),
                    site.grave.into(),
                    Cell::from(&says),
                ];
                to(Sheet::Steps, &cells)?;
            }
        }
    }
    Ok(())
}

pub(super) fn read(input: FileId, trails: &mut Trails, row: &mut Row<'_>) -> Result<(), Damaged> {
    let id = hash_of(row.text()?).ok_or_else(|| row.damaged())?;
    if let Some(steps) = row.maybe_number()? {
        trails.put_back(id, Passed::TooMany(steps));
        return Ok(());
    }
    let nanos = row.int()?;
    let cite = Cite {
        file: input,
        offset: row.number()?,
        len: row.number()?,
    };
    let (service, grave) = (row.text()?.to_owned(), row.flag()?);
    let says = hash_of(row.text()?).ok_or_else(|| row.damaged())?;
    let site = Site {
        service,
        grave,
        says,
    };
    trails.put_back(id, Passed::Step(nanos, cite, &site));
    Ok(())
}
