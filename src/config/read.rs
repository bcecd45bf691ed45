//! Reading a settings file so that every error points at the place in it that is to be changed.

use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys this many letters apart are taken for one mistyped as the other.
const SLIPS: usize = 2;

/// What is wrong in a settings file, where, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    path: String,
    line: usize,
    column: usize,
    text: String,
    message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            text,
            message,
        } = self;
        let dash = " ".repeat(line.to_string().len());
        writeln!(f, "{path}:{line}:{column}: {message}")?;
        writeln!(f, "{dash} |")?;
        writeln!(f, "{line} | {text}")?;
        write!(f, "{dash} | {}^", " ".repeat(column.saturating_sub(1)))
    }
}

impl std::error::Error for Error {}

/// A settings file.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
}

impl<'t> File<'t> {
    /// Its tables.
    pub(super) fn parse(self) -> Result<Table<'t>, Error> {
        let whole = DeTable::parse(self.text).map_err(|e| {
            let at = e.span().unwrap_or(0..0).start;
            self.error(at, e.message().trim_end_matches('\n').replace('\n', "; "))
        })?;
        Ok(Table {
            file: self,
            span: 0..0,
            table: whole.into_inner(),
        })
    }

    /// An error at a byte of the file.
    pub(super) fn error(self, at: usize, message: impl Into<String>) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let rest = self.text.get(start..).unwrap_or_default();
        Error {
            path: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(start..).unwrap_or_default().chars().count() + 1,
            text: rest.lines().next().unwrap_or_default().to_owned(),
            message: message.into(),
        }
    }
}

/// A table of a settings file.
#[derive(Clone, Debug)]
pub(super) struct Table<'t> {
    file: File<'t>,
    span: Range<usize>,
    table: DeTable<'t>,
}

/// A value of a settings file.
#[derive(Clone, Debug)]
pub(super) struct Setting<'t> {
    file: File<'t>,
    span: Range<usize>,
    value: DeValue<'t>,
}

impl<'t> Table<'t> {
    /// An error about the table as a whole.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        self.file.error(self.span.start, message)
    }

    /// Refuses keys that mean nothing: a mistyped setting must not be a silent one.
    pub(super) fn only(&self, what: &str, known: &[&str]) -> Result<(), Error> {
        let stranger = self.table.iter().map(|(key, _)| key);
        let Some(key) = stranger
            .into_iter()
            .find(|key| !known.contains(&key.get_ref().as_ref()))
        else {
            return Ok(());
        };
        let name = key.get_ref();
        let way_out = nearest(name, known).map_or_else(
            || format!("there are {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Err(self.file.error(
            key.span().start,
            format!("unknown {what} `{name}`; {way_out}"),
        ))
    }

    /// A setting, if it is given.
    pub(super) fn get(&self, key: &str) -> Option<Setting<'t>> {
        let value = self.table.get(key)?;
        Some(Setting::new(self.file, value))
    }

    /// A setting that has to be given.
    pub(super) fn need(&self, what: &str, key: &str) -> Result<Setting<'t>, Error> {
        self.get(key)
            .ok_or_else(|| self.error(format!("this {what} has no `{key}`")))
    }

    /// All settings of the table, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Setting<'t>)> {
        let settings = self.table.iter();
        settings.map(|(key, value)| (key.get_ref().as_ref(), Setting::new(self.file, value)))
    }
}

impl<'t> Setting<'t> {
    fn new(file: File<'t>, value: &Spanned<DeValue<'t>>) -> Self {
        Self {
            file,
            span: value.span(),
            value: value.get_ref().clone(),
        }
    }

    /// An error about this value.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        self.file.error(self.span.start, message)
    }

    /// An error about a byte of this text. Only of a text in single quotes, in which nothing
    /// is escaped, is it known where in the file that byte is.
    pub(super) fn error_at(&self, at: Option<usize>, message: impl Into<String>) -> Error {
        let written = self.file.text.get(self.span.clone()).unwrap_or_default();
        let plain = self.value.as_str().and_then(|text| {
            let opening = written.find(text)?;
            written.starts_with('\'').then_some(opening)
        });
        let inside = at.zip(plain).map_or(0, |(at, opening)| opening + at);
        self.file.error(self.span.start + inside, message)
    }

    fn expected(&self, what: &str) -> Error {
        self.error(format!("expected {what}, found {}", self.value.type_str()))
    }

    /// The text.
    pub(super) fn text(&self) -> Result<String, Error> {
        let text = self.value.as_str().map(str::to_owned);
        text.ok_or_else(|| self.expected("a text in quotes"))
    }

    /// The text, made something of.
    pub(super) fn parse<T>(
        &self,
        made: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        made(&self.text()?).map_err(|message| self.error(message))
    }

    /// The text of a text, a number, a truth or a time.
    pub(super) fn plain(&self) -> Result<String, Error> {
        Ok(match &self.value {
            DeValue::String(text) => text.as_ref().to_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(truth) => truth.to_string(),
            DeValue::Datetime(time) => time.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => return Err(self.expected("a plain value")),
        })
    }

    /// The table.
    pub(super) fn table(&self) -> Result<Table<'t>, Error> {
        let table = self.value.as_table().cloned();
        let table = table.ok_or_else(|| self.expected("a table"))?;
        Ok(Table {
            file: self.file,
            span: self.span.clone(),
            table,
        })
    }

    /// The values of a list.
    pub(super) fn list(&self) -> Result<Vec<Self>, Error> {
        let list = self
            .value
            .as_array()
            .ok_or_else(|| self.expected("a list"))?;
        Ok(list
            .iter()
            .map(|value| Self::new(self.file, value))
            .collect())
    }
}

/// The known word that a mistyped one probably is.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let by_slips = known.iter().map(|k| (slips(word, k), *k));
    let (slips, near) = by_slips.min()?;
    (slips <= SLIPS && slips < near.len()).then_some(near)
}

/// Letters put in, left out or mistaken between two words (Levenshtein's distance).
fn slips(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (n, letter) in a.chars().enumerate() {
        let mut before = n;
        let mut last = n + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(b.chars()) {
            let kept = before + usize::from(letter != other);
            before = *cell;
            last = kept.min(last + 1).min(before + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = n + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, expected) in [
            ("pattern", "pattern", 0),
            ("patern", "pattern", 1),
            ("formats", "format", 1),
            ("lines", "files", 2),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!((slips(a, b), slips(b, a)), (expected, expected), "{a} {b}");
        }
        assert_eq!(nearest("patern", &["name", "pattern"]), Some("pattern"));
        assert_eq!(nearest("colour", &["name", "pattern"]), None);
    }
}
