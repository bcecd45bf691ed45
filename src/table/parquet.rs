//! Tables as Parquet files. Of the three places that know polars this is the one for tables that
//! are read back: cells go in and come out, and no polars type does.

use super::{Cell, Kind, Schema};
use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{BatchedWriter, ParquetWriter};
use std::io::{self, Cursor, Write};

/// Rows of a row group: a table of millions of rows is never in memory whole while it is written.
const ROWS: usize = 128 << 10;

/// Writes a table row by row.
pub struct Writer<W: Write> {
    to: BatchedWriter<W>,
    schema: super::Schema,
    columns: Vec<Cells>,
    rows: usize,
}

/// The cells of a column.
enum Cells {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Flags(Vec<Option<bool>>),
}

impl Cells {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Int => Self::Ints(Vec::new()),
            Kind::Text => Self::Texts(Vec::new()),
            Kind::Flag => Self::Flags(Vec::new()),
        }
    }

    fn push(&mut self, cell: Cell<'_>) -> bool {
        match (self, cell) {
            (Self::Ints(cells), Cell::Int(n)) => cells.push(Some(n)),
            (Self::Texts(cells), Cell::Text(text)) => cells.push(Some(text.to_owned())),
            (Self::Flags(cells), Cell::Flag(flag)) => cells.push(Some(flag)),
            (Self::Ints(cells), Cell::Empty) => cells.push(None),
            (Self::Texts(cells), Cell::Empty) => cells.push(None),
            (Self::Flags(cells), Cell::Empty) => cells.push(None),
            _ => return false,
        }
        true
    }

    fn column(self, name: &str) -> Column {
        match self {
            Self::Ints(cells) => Column::new(name.into(), cells),
            Self::Texts(cells) => Column::new(name.into(), cells),
            Self::Flags(cells) => Column::new(name.into(), cells),
        }
    }
}

fn empty(schema: Schema) -> Vec<Cells> {
    schema.iter().map(|(_, kind)| Cells::of(*kind)).collect()
}

fn frame(schema: Schema, columns: Vec<Cells>, rows: usize) -> PolarsResult<DataFrame> {
    let columns = schema.iter().zip(columns);
    let columns = columns.map(|((name, _), cells)| cells.column(name));
    DataFrame::new(rows, columns.collect())
}

impl<W: Write> Writer<W> {
    /// A table with these columns.
    pub fn new(to: W, schema: Schema) -> io::Result<Self> {
        let none = frame(schema, empty(schema), 0).map_err(io::Error::other)?;
        let to = ParquetWriter::new(to)
            .batched(none.schema())
            .map_err(io::Error::other)?;
        Ok(Self {
            to,
            schema,
            columns: empty(schema),
            rows: 0,
        })
    }

    /// Adds a row, which has a cell for every column.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let fits = cells.len() == self.columns.len();
        if !fits
            || !self
                .columns
                .iter_mut()
                .zip(cells)
                .all(|(c, cell)| c.push(*cell))
        {
            return Err(io::Error::other("a row that does not fit its table"));
        }
        self.rows += 1;
        if self.rows == ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let columns = std::mem::replace(&mut self.columns, empty(self.schema));
        let rows = std::mem::take(&mut self.rows);
        frame(self.schema, columns, rows)
            .and_then(|frame| self.to.write_batch(&frame))
            .map_err(io::Error::other)
    }

    /// Writes what is left and the end of the file.
    pub fn finish(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.to.finish().map(|_| ()).map_err(io::Error::other)
    }
}

/// Gives every row of a table to `each`, in order. Further columns are passed over.
pub fn read(
    bytes: Vec<u8>,
    schema: Schema,
    each: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>,
) -> io::Result<()> {
    let frame = ParquetReader::new(Cursor::new(bytes))
        .finish()
        .map_err(io::Error::other)?;
    let columns = schema
        .iter()
        .map(|(name, kind)| Typed::of(&frame, name, *kind))
        .collect::<PolarsResult<Vec<_>>>()
        .map_err(io::Error::other)?;
    let mut cells = vec![Cell::Empty; columns.len()];
    for row in 0..frame.height() {
        for (cell, column) in cells.iter_mut().zip(&columns) {
            *cell = column.cell(row);
        }
        each(&cells)?;
    }
    Ok(())
}

/// A column by what it holds.
enum Typed<'f> {
    Ints(&'f Int64Chunked),
    Texts(&'f StringChunked),
    Flags(&'f BooleanChunked),
}

impl<'f> Typed<'f> {
    fn of(frame: &'f DataFrame, name: &str, kind: Kind) -> PolarsResult<Self> {
        let column = frame.column(name)?;
        Ok(match kind {
            Kind::Int => Self::Ints(column.i64()?),
            Kind::Text => Self::Texts(column.str()?),
            Kind::Flag => Self::Flags(column.bool()?),
        })
    }

    fn cell(&self, row: usize) -> Cell<'f> {
        match self {
            Self::Ints(cells) => cells.get(row).into(),
            Self::Texts(cells) => cells.get(row).into(),
            Self::Flags(cells) => cells.get(row).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: Schema = &[("n", Kind::Int), ("name", Kind::Text), ("odd", Kind::Flag)];

    #[test]
    fn what_is_written_is_read_back_and_twice_the_same() {
        let rows = ROWS + 3;
        let write = || {
            let mut file = Vec::new();
            let mut writer = Writer::new(&mut file, SCHEMA).expect("a table");
            for n in 0..i64::try_from(rows).expect("few") {
                let name = (n % 7 != 0).then(|| format!("straße {n}"));
                let cells = [n.into(), name.as_ref().into(), Cell::Flag(n % 2 == 1)];
                writer.row(&cells).expect("room");
            }
            writer.finish().expect("room");
            file
        };
        let file = write();
        assert_eq!(file, write());
        let mut n = 0_i64;
        read(file, SCHEMA, &mut |cells| {
            let name = (n % 7 != 0).then(|| format!("straße {n}"));
            assert_eq!(cells, [n.into(), name.as_ref().into(), (n % 2 == 1).into()]);
            n += 1;
            Ok(())
        })
        .expect("a table");
        assert_eq!(usize::try_from(n), Ok(rows));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut file = Vec::new();
        let mut writer = Writer::new(&mut file, SCHEMA).expect("a table");
        assert!(writer.row(&[Cell::Int(1), Cell::Empty]).is_err());
        let wrong = [Cell::Text("1"), Cell::Empty, Cell::Empty];
        assert!(writer.row(&wrong).is_err());
        assert!(read(b"PAR1 and then nothing".to_vec(), SCHEMA, &mut |_| Ok(())).is_err());
    }
}
