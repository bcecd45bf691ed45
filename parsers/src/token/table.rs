//! Tables that people and products export: what a column is called, whatever its spelling, and what a row has there.

use super::{csv, payload};
use crate::cut;
use crate::format::Layout;
use crate::stamp::{Reading, When};
use std::borrow::Cow;

/// A column's name as the lists of names spell it, and the zone that it states: `Opened (UTC)`, `messageTimeUtc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Letters and digits alone, in small letters, without what stands in brackets.
    pub name: String,
    /// The zone of times below it.
    zone: Option<String>,
}

impl Heading {
    /// What a header's cell says.
    #[must_use]
    pub fn of(cell: &str) -> Self {
        let (bare, inside) = match cell.split_once(['(', '[']) {
            Some((bare, inside)) => (bare, inside.split([')', ']']).next()),
            None => (cell, None),
        };
        let letters = bare.chars().filter(|c| c.is_alphanumeric());
        let mut name: String = letters.flat_map(char::to_lowercase).collect();
        let mut zone = inside.map(|z| z.trim().to_owned());
        for universal in ["utc", "gmt"] {
            let short = name.strip_suffix(universal).map(str::to_owned);
            if let Some(short) = short.filter(|s| !s.is_empty()) {
                name = short;
                zone.get_or_insert_with(|| universal.to_uppercase());
            }
        }
        Self { name, zone }
    }

    /// The time that a cell below it states.
    #[must_use]
    pub fn time(&self, cell: &str) -> Option<Reading> {
        let plain = payload::text_instant(cell)?;
        let zone = self.zone.as_deref().filter(|z| !z.is_empty());
        match (plain.when, zone) {
            (When::Local(_), Some(zone)) => {
                payload::text_instant(&format!("{cell} {zone}")).or(Some(plain))
            }
            _ => Some(plain),
        }
    }
}

/// The head of a table: what separates its cells, its header, and its first rows.
pub struct Head<'h> {
    separator: u8,
    /// The header's cells, as they are.
    names: Vec<Cow<'h, str>>,
    rows: Vec<&'h [u8]>,
}

impl<'h> Head<'h> {
    /// That of a file that begins with a row that could name columns.
    #[must_use]
    pub fn of(head: &'h [u8]) -> Option<Self> {
        let head = csv::unmarked(head);
        let mut rows = cut::csv(head, 0, true).0.into_iter();
        let header = head.get(rows.next()?)?;
        let separator = csv::separator(header);
        let names = csv::cells(header.trim_ascii_end(), separator);
        // JSON falls into cells, too, but not into ones that could name a column.
        let named = |n: &Cow<'_, str>| n.len() <= LONGEST && !n.contains(['{', '}', ':', '=', '"']);
        (names.len() > 2 && names.iter().all(named)).then_some(())?;
        Some(Self {
            separator,
            names,
            rows: rows.take(LESSONS).filter_map(|r| head.get(r)).collect(),
        })
    }

    /// Whether one of its columns is called so.
    #[must_use]
    pub fn has(&self, known: &[&str]) -> bool {
        let mut all = self.names.iter().map(|n| Heading::of(n).name);
        all.any(|n| known.contains(&n.as_str()))
    }

    /// Its first rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'h>> {
        let filled = self.rows.iter().filter(|r| !r.trim_ascii().is_empty());
        filled.map(|r| Row::new(&self.names, csv::cells(r.trim_ascii_end(), self.separator)))
    }

    /// The layout of its file.
    #[must_use]
    pub fn layout(self) -> Layout {
        Layout::of_table(self.separator, self.names.into_iter().map(Cow::into_owned))
    }
}

/// The longest name of a column.
const LONGEST: usize = 60;
/// Rows of a head that are looked at.
const LESSONS: usize = 100;

/// A row: its cells below their headings.
pub struct Row<'a> {
    cells: Vec<(Heading, Cow<'a, str>)>,
}

impl<'a> Row<'a> {
    fn new(names: &[impl AsRef<str>], cells: Vec<Cow<'a, str>>) -> Self {
        let headings = names.iter().map(|n| Heading::of(n.as_ref()));
        Self {
            cells: headings.zip(cells).collect(),
        }
    }

    /// A row of a file with this layout; `Ok(None)` if it is the header, `None` if it is none.
    #[must_use]
    pub fn of(entry: &'a [u8], layout: &Layout) -> Option<Option<Self>> {
        let (names, cells) = layout.row(entry.trim_ascii_end())?;
        if cells.iter().zip(names).all(|(cell, name)| cell == name) {
            return Some(None);
        }
        (cells.len() > 1 && cells.len() <= names.len()).then_some(())?;
        Some(Some(Self::new(names, cells)))
    }

    /// Whether a column is called so.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.cells.iter().any(|(h, _)| h.name == name)
    }

    /// The cell below the first of these names that has one that says something.
    #[must_use]
    pub fn text(&self, known: &[&str]) -> Option<&str> {
        known.iter().find_map(|name| {
            let mut cells = self.cells.iter().filter(|(h, _)| h.name == *name);
            cells.find_map(|(_, cell)| said(cell))
        })
    }

    /// The time below the first of these names that has one.
    #[must_use]
    pub fn time(&self, known: &[&str]) -> Option<Reading> {
        known.iter().find_map(|name| {
            let mut cells = self.cells.iter().filter(|(h, _)| h.name == *name);
            cells.find_map(|(heading, cell)| heading.time(cell.trim()))
        })
    }
}

/// The cell, unless it only says that there is nothing.
fn said(cell: &str) -> Option<&str> {
    const NOTHING: [&str; 8] = ["", "-", "–", "n/a", "N/A", "null", "NULL", "None"];
    let cell = cell.trim();
    (!NOTHING.contains(&cell)).then_some(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_any_spelling() {
        for (cell, name, zone) in [
            ("Opened (UTC)", "opened", Some("UTC")),
            ("messageTimeUtc", "messagetime", Some("UTC")),
            ("sys_created_on", "syscreatedon", None),
            ("Closed [Europe/Berlin]", "closed", Some("Europe/Berlin")),
            ("UTC", "utc", None),
            ("Sender/Author", "senderauthor", None),
        ] {
            let found = Heading::of(cell);
            assert_eq!(
                (found.name.as_str(), found.zone.as_deref()),
                (name, zone),
                "{cell}"
            );
        }
    }

    #[test]
    fn times_are_of_the_zone_that_their_column_states() {
        let row = |header: &str, cell: &'static str| {
            let names: Vec<&str> = header.split(',').collect();
            let row = Row::new(&names, vec![Cow::Borrowed("x"), Cow::Borrowed(cell)]);
            row.time(&["opened"]).map(|t| t.notation())
        };
        let cell = "2024-05-14 09:30:00";
        for (header, time) in [
            ("Name,Opened", "2024-05-14T09:30:00"),
            ("Name,Opened (UTC)", "2024-05-14T09:30:00Z"),
            ("Name,Opened (UTC+2)", "2024-05-14T07:30:00Z"),
            ("Name,Opened (Europe/Berlin)", "2024-05-14T07:30:00Z"),
            ("Name,Opened (by whom)", "2024-05-14T09:30:00"),
        ] {
            assert_eq!(row(header, cell).as_deref(), Some(time), "{header}");
        }
        assert_eq!(row("Name,Opened (UTC)", "yes"), None);
        let stated = row("Name,Opened (UTC)", "2024-05-14T09:30:00+02:00");
        assert_eq!(stated.as_deref(), Some("2024-05-14T07:30:00Z"));
    }

    #[test]
    fn json_is_no_table() {
        for head in [&br#"{"a":1,"b":2,"c":3}"#[..], b"a,b", b"", b"10:00,x,y"] {
            assert!(Head::of(head).is_none());
        }
        let head = Head::of(b"\xef\xbb\xbfOpened;Host;Alert\n2024-05-14;a;\"b\nc\"\n");
        let rows: Vec<_> = head.iter().flat_map(Head::rows).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].text(&["alert"]), Some("b\nc"));
    }
}
