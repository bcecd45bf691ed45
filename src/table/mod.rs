//! Rows in columns: how tables are handed over to files that other programs read, and read back.

#[cfg(feature = "tables")]
pub mod parquet;

use std::fmt;

/// What the cells of a column hold. A cell of any kind can be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Texts.
    Text,
    /// Yes or no.
    Flag,
}

/// The columns of a table: their names and what they hold.
pub type Schema = &'static [(&'static str, Kind)];

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'c> {
    /// Nothing.
    Empty,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'c str),
    /// Yes or no.
    Flag(bool),
}

impl From<i64> for Cell<'_> {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<u64> for Cell<'_> {
    /// Bytes of a file and entries of a log fit; what does not is the largest that does.
    fn from(n: u64) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Cell<'_> {
    fn from(n: u32) -> Self {
        Self::Int(i64::from(n))
    }
}

impl From<u8> for Cell<'_> {
    fn from(n: u8) -> Self {
        Self::Int(i64::from(n))
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'c> From<&'c str> for Cell<'c> {
    fn from(text: &'c str) -> Self {
        Self::Text(text)
    }
}

impl<'c> From<&'c String> for Cell<'c> {
    fn from(text: &'c String) -> Self {
        Self::Text(text)
    }
}

impl<'c, T: Into<Cell<'c>>> From<Option<T>> for Cell<'c> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A row that is no row of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The column that holds what it cannot hold.
    pub column: &'static str,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}` holds what it cannot hold", self.column)
    }
}

impl std::error::Error for Damaged {}

/// The cells of one row, taken from left to right.
#[derive(Debug)]
pub struct Row<'r> {
    schema: Schema,
    cells: &'r [Cell<'r>],
    next: usize,
}

impl<'r> Row<'r> {
    /// A row of a table with this schema.
    #[must_use]
    pub const fn new(schema: Schema, cells: &'r [Cell<'r>]) -> Self {
        Self {
            schema,
            cells,
            next: 0,
        }
    }

    /// What is wrong with the cell that was taken last.
    #[must_use]
    pub fn damaged(&self) -> Damaged {
        let column = self.schema.get(self.next.saturating_sub(1));
        Damaged {
            column: column.map_or("", |(name, _)| name),
        }
    }

    fn cell(&mut self) -> Cell<'r> {
        self.next += 1;
        let cell = self.cells.get(self.next - 1);
        cell.copied().unwrap_or(Cell::Empty)
    }

    /// The next cell, a number or empty.
    pub fn maybe_int(&mut self) -> Result<Option<i64>, Damaged> {
        match self.cell() {
            Cell::Int(n) => Ok(Some(n)),
            Cell::Empty => Ok(None),
            _ => Err(self.damaged()),
        }
    }

    /// The next cell, a number.
    pub fn int(&mut self) -> Result<i64, Damaged> {
        self.maybe_int()?.ok_or_else(|| self.damaged())
    }

    /// The next cell, a number of another type.
    pub fn number<N: TryFrom<i64>>(&mut self) -> Result<N, Damaged> {
        N::try_from(self.int()?).map_err(|_| self.damaged())
    }

    /// The next cell, a number of another type or empty.
    pub fn maybe_number<N: TryFrom<i64>>(&mut self) -> Result<Option<N>, Damaged> {
        let Some(n) = self.maybe_int()? else {
            return Ok(None);
        };
        N::try_from(n).map(Some).map_err(|_| self.damaged())
    }

    /// The next cell, a text or empty.
    pub fn maybe_text(&mut self) -> Result<Option<&'r str>, Damaged> {
        match self.cell() {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Empty => Ok(None),
            _ => Err(self.damaged()),
        }
    }

    /// The next cell, a text.
    pub fn text(&mut self) -> Result<&'r str, Damaged> {
        self.maybe_text()?.ok_or_else(|| self.damaged())
    }

    /// The next cell, yes, no or empty.
    pub fn maybe_flag(&mut self) -> Result<Option<bool>, Damaged> {
        match self.cell() {
            Cell::Flag(flag) => Ok(Some(flag)),
            Cell::Empty => Ok(None),
            _ => Err(self.damaged()),
        }
    }

    /// The next cell, yes or no.
    pub fn flag(&mut self) -> Result<bool, Damaged> {
        self.maybe_flag()?.ok_or_else(|| self.damaged())
    }
}
