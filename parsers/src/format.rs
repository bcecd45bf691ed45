//! What a format is.

use crate::custom::Custom;
use crate::record::Record;
use crate::token::csv;
use crate::token::date::Order;
use std::borrow::Cow;
use std::sync::Arc;

/// How a file of a format falls into entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// An entry begins on a line that the format parses; other lines continue it.
    Line,
    /// An entry is one JSON value: one a line, spread over lines, or an element of one top-level array.
    Json,
    /// An entry is one CSV row, quoted line breaks included. A first row that names the columns
    /// is the format's to recognise: it records nothing.
    Csv,
    /// The whole file is one entry.
    Document,
}

/// What a format learnt from the head of a file and every entry needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Names of the columns, where a header states them.
    pub columns: Vec<String>,
    /// Formats of the lines that are wrapped inside this one's entries, most likely first.
    pub inner: Vec<&'static Format>,
    /// The declared format that this is, or those of the lines that it wraps.
    pub declared: Vec<Arc<Custom>>,
    /// How dates of numbers alone are to be read.
    pub dates: Order,
    /// How entries state their time, where a format takes any.
    pub stamps: Stamps,
}

impl Layout {
    /// That the file's lines are of a sort that the head alone tells: formats whose lines could be
    /// another's read none without it.
    #[must_use]
    pub(crate) fn of_sort(sort: &str) -> Self {
        Self {
            columns: vec![sort.to_owned()],
            ..Self::default()
        }
    }

    /// That of a table: what separates its cells, and behind it the names of its columns.
    pub(crate) fn of_table(separator: u8, names: impl IntoIterator<Item = String>) -> Self {
        let separator = char::from(separator).to_string();
        Self {
            columns: std::iter::once(separator).chain(names).collect(),
            ..Self::default()
        }
    }

    /// The names of a table's columns and the cells of one of its rows.
    pub(crate) fn row<'a>(&self, entry: &'a [u8]) -> Option<(&[String], Vec<Cow<'a, str>>)> {
        let (separator, names) = self.columns.split_first()?;
        let cells = csv::cells(csv::unmarked(entry), *separator.as_bytes().first()?);
        Some((names, cells))
    }
}

/// How the entries of a file state their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// With a date, or how else.
    pub spelling: Spelling,
    /// How far into a line the time may begin; 0 where nothing is known.
    pub reach: usize,
    /// Lines that begin with blanks have times of their own.
    pub indented: bool,
    /// Three digits behind a blank are the milliseconds: `10:30:02 118`.
    pub spaced: bool,
}

/// What sort of time the entries of a file state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// A date and a time of day.
    #[default]
    Dated,
    /// A time of day alone.
    Clock,
    /// A count since 1970.
    Epoch,
    /// A count since the start of the machine or the program.
    Uptime,
}

/// What a parser may know besides the entry.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// What the format learnt from the head of this file.
    pub layout: &'c Layout,
}

/// Reads one entry, which may span several lines, and pushes what it records.
///
/// `None` means "not mine"; `out` is then as it was. `Some` with nothing pushed
/// means "mine, and it records nothing" (a header, a subscription handshake).
pub type Parse =
    for<'a> fn(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()>;

/// A format: how to recognise it and how to read it.
pub struct Format {
    /// Short name, lower-case with hyphens, as in `recon formats`.
    pub name: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// Where it is specified.
    pub reference: &'static str,
    /// How a file falls into entries.
    pub cut: Cut,
    /// Which of two formats that both read a file is the better guess: the higher.
    /// 0 reads nearly anything, 50 a family, 90 only its own product.
    pub specificity: u8,
    /// Whether an entry might begin here: a cheap look at its first bytes that never
    /// turns away what `parse` would take.
    pub hint: fn(&[u8]) -> bool,
    /// Reads one entry.
    pub parse: Parse,
    /// Learns a file's layout from its first bytes (at most 64 KiB, cut on a line).
    pub learn: Option<fn(head: &[u8]) -> Layout>,
    /// A sample file of this format, from `samples/formats/`.
    pub sample: &'static str,
}

impl Format {
    /// The layout of a file that begins with `head`.
    #[must_use]
    pub fn layout(&self, head: &[u8]) -> Layout {
        self.learn.map_or_else(Layout::default, |learn| learn(head))
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Two formats are the same when they have the same name.
impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What the changes are that a format reads in a log: kind, state, service, version and place, for tests.
#[cfg(test)]
pub(crate) fn changes_told(format: &Format, log: &str) -> Option<Vec<String>> {
    let layout = Layout::default();
    let mut records = Vec::new();
    (format.parse)(log.as_bytes(), &Context { layout: &layout }, &mut records)?;
    let changes = records
        .iter()
        .filter(|r| matches!(r.kind, crate::record::Kind::Change(_)));
    let told = |r: &Record<'_>| {
        let text = |name| r.fields.get(name).and_then(|v| v.as_text()).unwrap_or("-");
        let state = r.kind.state().unwrap_or_default();
        let service = r.service.as_deref().unwrap_or("-");
        let (kind, place) = (text("change"), text("environment"));
        format!("{kind} {state} {service} {} {place}", text("version"))
    };
    Some(changes.map(told).collect())
}
