//! Ids that clocks wrote, from which zones, years and skew are found.

use super::{Rows, Sheet, hash_of, hex};
use crate::cite::FileId;
use crate::clock::Span;
use crate::survey::{Sightings, Writer};
use crate::table::{Cell, Damaged, Kind, Row, Schema};
use std::io;

pub(super) const IDS: Schema = &[
    ("input", Kind::Int),
    ("id", Kind::Text),
    ("alert", Kind::Flag),
    ("host", Kind::Text),
    ("zoneless", Kind::Flag),
    ("dateless", Kind::Flag),
    ("first_ns", Kind::Int),
    ("last_ns", Kind::Int),
    ("slack_ns", Kind::Int),
];

pub(super) fn write(input: FileId, sightings: &Sightings, to: &mut Rows<'_>) -> io::Result<()> {
    for (alert, id, seen) in sightings.all() {
        let id = hex(id);
        // Too many clocks wrote it: it is no id, and stays none however parts are merged.
        if seen.is_empty() {
            let mut cells = [Cell::Empty; 9];
            cells[..3].copy_from_slice(&[input.0.into(), Cell::from(&id), alert.into()]);
            to(Sheet::Ids, &cells)?;
        }
        for (writer, span) in seen {
            let cells = [
                input.0.into(),
                Cell::from(&id),
                alert.into(),
                sightings.host(*writer).into(),
                writer.zoneless.into(),
                writer.dateless.into(),
                span.first.into(),
                span.last.into(),
                span.slack.into(),
            ];
            to(Sheet::Ids, &cells)?;
        }
    }
    Ok(())
}

pub(super) fn read(
    input: FileId,
    sightings: &mut Sightings,
    row: &mut Row<'_>,
) -> Result<(), Damaged> {
    let id = hash_of(row.text()?).ok_or_else(|| row.damaged())?;
    let alert = row.flag()?;
    let host = row.maybe_text()?;
    let Some(zoneless) = row.maybe_flag()? else {
        sightings.put_back(alert, id, None);
        return Ok(());
    };
    let writer = Writer {
        file: input,
        host: sightings.known(host.unwrap_or_default()),
        zoneless,
        dateless: row.flag()?,
    };
    let span = Span {
        first: row.int()?,
        last: row.int()?,
        slack: row.int()?,
    };
    sightings.put_back(alert, id, Some((writer, span)));
    Ok(())
}
