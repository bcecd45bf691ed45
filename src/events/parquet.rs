//! Entries as a table in columns. Together with `metrics/frame.rs` the only place that knows
//! polars: entries go in, a file comes out, and no polars type does.

use super::Sink;
use super::entry::{Entry, Form};
use crate::redact::Redactor;
use polars::prelude::*;
use polars_io::parquet::write::{BatchedWriter, ParquetWriter};
use recon_parsers::Basis;
use std::io::{self, Write};
use std::sync::Arc;

/// Entries of a row group.
const ROWS: usize = 64 << 10;
/// Bytes of text of a row group: entries may be long.
const BYTES: usize = 64 << 20;

/// The columns of text, in the order in which an entry packs them.
const TEXTS: [&str; 13] = [
    "level",
    "service",
    "host",
    "actor",
    "kind",
    "state",
    "format",
    "message",
    "template",
    "fields",
    "path",
    "time_basis",
    "stated_time",
];
/// The columns of numbers.
const NUMBERS: [&str; 5] = ["time", "since_start_ns", "line", "line_last", "byte"];

/// Packs what the columns of an entry take.
pub(super) struct Columns;

impl Form for Columns {
    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool {
        let event = entry.event;
        let record = event.record;
        let relative = event.at.is_some_and(|at| at.basis == Basis::Relative);
        let nanos = event.at.map(|at| at.nanos);
        let number = |n: u64| i64::try_from(n).ok();
        // A relative time is no instant: it has a column of its own.
        let numbers = [
            nanos.filter(|_| !relative),
            nanos.filter(|_| relative),
            number(event.line),
            number(event.line_last),
            number(event.cite.offset),
        ];
        for number in numbers {
            out.push(u8::from(number.is_some()));
            out.extend_from_slice(&number.unwrap_or_default().to_le_bytes());
        }
        let template = format!("{:016x}", entry.template());
        let mut fields = Vec::new();
        if entry.has_fields() {
            entry.fields_object(&mut fields);
        }
        let fields = String::from_utf8_lossy(&fields);
        let stated = event.at.map(|at| at.rfc3339());
        let texts: [Option<&str>; TEXTS.len()] = [
            entry.level(),
            entry.service(),
            record.host.as_deref(),
            entry.actor(),
            Some(record.kind.name()),
            record.kind.state(),
            entry.format(),
            Some(&record.message),
            Some(&template),
            Some(&*fields).filter(|f| !f.is_empty()),
            Some(entry.path),
            event.at.map(|at| at.basis.name()),
            stated.as_deref(),
        ];
        for text in texts {
            let len = text.map_or(u32::MAX, |t| u32::try_from(t.len()).unwrap_or(u32::MAX - 1));
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(text.unwrap_or_default().as_bytes());
        }
        true
    }
}

/// A table that is written row group by row group, so that memory does not grow with it.
pub(super) struct Table<W: Write> {
    to: BatchedWriter<W>,
    rows: Rows,
    redactor: Option<Arc<Redactor>>,
}

/// The rows of a row group, column by column.
#[derive(Default)]
struct Rows {
    len: usize,
    bytes: usize,
    numbers: [Vec<Option<i64>>; NUMBERS.len()],
    texts: [Vec<Option<String>>; TEXTS.len()],
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W, redactor: Option<Arc<Redactor>>) -> anyhow::Result<Self> {
        let schema = Rows::default().frame()?.schema().as_ref().clone();
        Ok(Self {
            to: ParquetWriter::new(out).batched(&schema)?,
            rows: Rows::default(),
            redactor,
        })
    }

    fn write(&mut self) -> io::Result<()> {
        let frame = std::mem::take(&mut self.rows).frame();
        frame
            .and_then(|frame| self.to.write_batch(&frame))
            .map_err(io::Error::other)
    }
}

impl<W: Write> Sink for Table<W> {
    fn entry(&mut self, entry: &[u8]) -> io::Result<()> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a temporary file was damaged");
        let redactor = self.redactor.as_deref();
        self.rows.push(entry, redactor).ok_or_else(damaged)?;
        if self.rows.len >= ROWS || self.rows.bytes >= BYTES {
            self.write()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.rows.len > 0 {
            self.write()?;
        }
        self.to.finish().map(|_| ()).map_err(io::Error::other)
    }
}

impl Rows {
    /// Adds what [`Columns`] packed.
    fn push(&mut self, mut entry: &[u8], redactor: Option<&Redactor>) -> Option<()> {
        self.len += 1;
        self.bytes += entry.len();
        for column in &mut self.numbers {
            let (given, rest) = entry.split_first()?;
            let (number, rest) = rest.split_first_chunk()?;
            column.push((*given != 0).then(|| i64::from_le_bytes(*number)));
            entry = rest;
        }
        for column in &mut self.texts {
            let (len, rest) = entry.split_first_chunk()?;
            let len = u32::from_le_bytes(*len);
            if len == u32::MAX {
                column.push(None);
                entry = rest;
                continue;
            }
            let (text, rest) = rest.split_at_checked(len as usize)?;
            let text = String::from_utf8_lossy(text);
            let settled = redactor
                .filter(|_| text.contains('~'))
                .map(|r| r.settle(&text).into_owned());
            column.push(Some(settled.unwrap_or_else(|| text.into_owned())));
            entry = rest;
        }
        Some(())
    }

    fn frame(self) -> PolarsResult<DataFrame> {
        let instant = DataType::Datetime(TimeUnit::Nanoseconds, Some(TimeZone::UTC));
        let height = self.len;
        let mut columns = Vec::new();
        for (name, cells) in NUMBERS.into_iter().zip(self.numbers) {
            let column = Column::new(name.into(), cells);
            columns.push(if name == "time" {
                column.cast(&instant)?
            } else {
                column
            });
        }
        for (name, cells) in TEXTS.into_iter().zip(self.texts) {
            columns.push(Column::new(name.into(), cells));
        }
        DataFrame::new(height, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars_io::SerReader;
    use polars_io::parquet::read::ParquetReader;

    /// What [`Columns`] packs of an entry at `time` that says `message`.
    fn packed(time: Option<i64>, message: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [time, None, Some(1), Some(2), Some(3)] {
            out.push(u8::from(number.is_some()));
            out.extend_from_slice(&number.unwrap_or_default().to_le_bytes());
        }
        for name in TEXTS {
            if name == "message" {
                out.extend_from_slice(&u32::try_from(message.len()).expect("short").to_le_bytes());
                out.extend_from_slice(message.as_bytes());
            } else {
                out.extend_from_slice(&u32::MAX.to_le_bytes());
            }
        }
        out
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        let mut table = Table::new(Vec::new(), None).expect("a table");
        let whole = packed(Some(1), "tram");
        assert!(table.entry(&whole[..whole.len() - 3]).is_err());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let rows = ROWS + 7;
        let mut file = Vec::new();
        let mut table = Table::new(&mut file, None).expect("a table");
        for n in 0..rows {
            let time = (n != 3).then_some(i64::try_from(n).expect("small"));
            table
                .entry(&packed(time, &format!("tram {n} €")))
                .expect("an entry");
        }
        table.finish().expect("written");
        drop(table);
        let read = ParquetReader::new(io::Cursor::new(file))
            .finish()
            .expect("a file");
        assert_eq!(read.height(), rows);
        let message = read.column("message").expect("there").str().expect("texts");
        assert_eq!(
            message.get(ROWS + 1),
            Some(&*format!("tram {} €", ROWS + 1))
        );
        let time = read.column("time").expect("there");
        assert_eq!(
            time.dtype(),
            &DataType::Datetime(TimeUnit::Nanoseconds, Some(TimeZone::UTC))
        );
        assert_eq!(time.null_count(), 1);
        assert_eq!(read.column("host").expect("there").null_count(), rows);
    }
}
