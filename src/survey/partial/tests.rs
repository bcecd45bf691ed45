//! What is written down is read back, and nothing else is taken for it.

use super::{Reader, Sheet, write};
use crate::cite::FileId;
use crate::ingest;
use crate::source::{self, Library};
use crate::survey::{Survey, count};
use crate::table::Cell;
use std::collections::BTreeMap;
use std::path::Path;

/// A cell that outlives what it was made of.
#[derive(Clone, Debug, PartialEq)]
enum Kept {
    Empty,
    Int(i64),
    Text(String),
    Flag(bool),
}

type Rows = BTreeMap<Sheet, Vec<Vec<Kept>>>;

fn rows(input: FileId, survey: &Survey) -> Rows {
    let mut rows = Rows::new();
    write(input, survey, &mut |sheet, cells| {
        assert_eq!(cells.len(), sheet.schema().len(), "{}", sheet.name());
        let keep = |cell: &Cell<'_>| match cell {
            Cell::Empty => Kept::Empty,
            Cell::Int(n) => Kept::Int(*n),
            Cell::Text(text) => Kept::Text((*text).to_owned()),
            Cell::Flag(flag) => Kept::Flag(*flag),
        };
        let row = cells.iter().map(keep).collect();
        rows.entry(sheet).or_default().push(row);
        Ok(())
    })
    .expect("nothing to fail");
    rows
}

fn read(rows: &Rows) -> Result<BTreeMap<FileId, Survey>, crate::table::Damaged> {
    let mut reader = Reader::default();
    for (sheet, rows) in rows {
        for row in rows {
            let cell = |kept: &'_ Kept| match kept {
                Kept::Empty => Cell::Empty,
                Kept::Int(n) => Cell::Int(*n),
                Kept::Flag(flag) => Cell::Flag(*flag),
                Kept::Text(_) => Cell::Empty,
            };
            let mut cells: Vec<Cell<'_>> = row.iter().map(cell).collect();
            for (cell, kept) in cells.iter_mut().zip(row) {
                if let Kept::Text(text) = kept {
                    *cell = Cell::Text(text);
                }
            }
            reader.row(*sheet, &cells)?;
        }
    }
    Ok(reader.done())
}

fn surveys(folder: &str) -> BTreeMap<usize, Survey> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let found = source::discover(&[folder], source::Limits::default());
    let library = Library::new(found.inputs);
    let plans = ingest::plan(&library, &ingest::Options::default()).expect("readable samples");
    let chunks = ingest::chunks(&library, &plans, 4096);
    count(&library, &plans, &chunks, 0, &|_| {}).expect("readable samples")
}

#[test]
fn what_is_written_down_is_read_back() {
    let mut sheets = BTreeMap::new();
    for folder in ["samples/incidents", "samples/formats"] {
        for (n, survey) in surveys(folder) {
            let input = FileId(u32::try_from(n).expect("few"));
            let written = rows(input, &survey);
            for (sheet, rows) in &written {
                *sheets.entry(*sheet).or_insert(0) += rows.len();
            }
            let mut back = read(&written).expect("its own rows");
            let back = back.remove(&input).expect("the input");
            assert_eq!(rows(input, &back), written, "{folder}: {input:?}");
            // Hosts of ids and places of requests that were dropped again are not written down.
            let without_ids = |s: &Survey| {
                let mut trails = s.trails.clone();
                trails.prune();
                Survey {
                    sightings: Default::default(),
                    trails,
                    ..s.clone()
                }
            };
            assert_eq!(
                without_ids(&back),
                without_ids(&survey),
                "{folder}: {input:?}"
            );
        }
    }
    for sheet in Sheet::ALL {
        let rows = sheets.get(&sheet).copied().unwrap_or_default();
        assert!(rows > 10, "{}: {rows} rows prove nothing", sheet.name());
    }
}

#[test]
fn what_is_damaged_is_told_of() {
    let survey = surveys("samples/incidents").into_values().find(|s| {
        let services = s.services.values();
        !s.kept.is_empty() || services.into_iter().any(|t| !t.rates.is_empty())
    });
    let survey = survey.expect("some entries");
    let input = *survey.files.keys().next().expect("a file");
    let good = rows(input, &survey);
    let spoilt = |sheet: Sheet, column: usize, value: Kept| {
        let mut rows = good.clone();
        let row = rows.get_mut(&sheet).and_then(|rows| rows.last_mut());
        row.expect("a row")[column] = value;
        read(&rows)
    };
    assert!(read(&good).is_ok());
    let damaged = spoilt(Sheet::Inputs, 1, Kept::Int(-1));
    assert_eq!(damaged.expect_err("less than no lines").column, "lines");
    let other = spoilt(Sheet::Chunks, 0, Kept::Int(77));
    assert_eq!(other.expect_err("an unknown input").column, "input");
    for (sheet, rows) in &good {
        for column in 1..rows[0].len() {
            // A text where a number belongs and a number where a text does: never a panic.
            let _ = spoilt(*sheet, column, Kept::Text("\u{0}".to_owned()));
            let _ = spoilt(*sheet, column, Kept::Int(i64::MAX));
            let _ = spoilt(*sheet, column, Kept::Empty);
        }
    }
}
