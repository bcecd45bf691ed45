//! What is poured is what is read whole and written: over every sample that is glanced at, and over lines of
//! the same outlines with other numbers and ids in them.

use super::entry::{Csv, Entry, Form, JsonLines};
use super::{Events, Plain, veil};
use crate::ingest;
use crate::redact::{Choice, Redactor};
use crate::source::{self, Library};
use crate::{survey, templates};
use proptest::prelude::*;
use recon_parsers::formats::FORMATS;
use recon_parsers::glance::glancer;
use std::path::Path;
use std::sync::Arc;

/// A form whose entries are all read whole.
struct Whole<F>(F);

impl<F: Form> Form for Whole<F> {
    fn head(&self) -> &'static [u8] {
        self.0.head()
    }

    fn entry(&self, entry: Entry<'_>, out: &mut Vec<u8>) -> bool {
        self.0.entry(entry, out)
    }
}

/// Draws numbers; the same seed draws the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % n
    }

    /// The line with other digits and ids; `keep` bytes of its beginning, where its time stands, stay as they are.
    fn other(&mut self, line: &str, keep: usize) -> String {
        let all = self.below(9);
        let mut bytes = line.as_bytes().to_vec();
        for word in
            bytes.chunk_by_mut(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric())
        {
            let hex = word.len() >= 8 && word.iter().all(u8::is_ascii_hexdigit);
            let id = hex && word.iter().any(u8::is_ascii_alphabetic);
            for byte in word {
                *byte = match *byte {
                    b'0'..=b'9' if all == 0 => b'0',
                    b'0'..=b'9' if all == 1 => b'9',
                    b'0'..=b'9' => b'0' + self.below(10) as u8,
                    b'a'..=b'f' if id => b'a' + self.below(6) as u8,
                    b'A'..=b'F' if id => b'A' + self.below(6) as u8,
                    other => other,
                };
            }
        }
        let keep = line.floor_char_boundary(keep.min(line.len()));
        bytes[..keep].copy_from_slice(&line.as_bytes()[..keep]);
        String::from_utf8(bytes).expect("only ASCII was changed")
    }

    /// The text, each line followed by others of its outline.
    fn multiplied(&mut self, text: &str, times: u64) -> String {
        let mut all = String::new();
        for line in text.lines() {
            let keep = [0, 24, 32, 48];
            let others = (0..times).map(|n| {
                let keep = keep[self.below(4) as usize];
                if n == 0 {
                    line.to_owned()
                } else {
                    self.other(line, keep)
                }
            });
            let others: Vec<String> = others.collect();
            all.extend(others.iter().flat_map(|line| [line.as_str(), "\n"]));
        }
        all
    }
}

/// What is written of what is in a folder; moulds made, and outlines without.
fn written(folder: &Path, form: &dyn Form, choice: Choice) -> (Vec<u8>, (usize, usize)) {
    let found = source::discover(&[folder.to_owned()], source::Limits::default());
    let mut library = Library::new(found.inputs);
    if !choice.is_none() {
        library.redact_with(Arc::new(Redactor::new(choice, [])));
    }
    let size = 64 << 10;
    let mut plans = ingest::plan(&library, &ingest::Options::default()).expect("readable");
    let surveyed = survey::survey(
        &library,
        &mut plans,
        size,
        survey::Detail::Everything,
        &|_| (),
    )
    .expect("readable");
    let named = templates::settled(&library, &plans, size, &|_| ()).expect("readable");
    let events = Events::new(&library, &plans, &surveyed, &named, size, 1 << 20);
    let mut out = Vec::new();
    let mut sink = veil::Settled {
        to: Plain(&mut out),
        redactor: library.redactor(),
    };
    events
        .merge(form, None, &|_| (), &mut sink)
        .expect("written");
    (out, events.kits.moulds())
}

/// Compares what is poured with what is read whole; gives the moulds made, and outlines without.
fn compare(text: &str, name: &str, choice: Choice) -> (usize, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("room");
    let folder = folder.path();
    let (poured, moulds) = written(folder, &JsonLines, choice);
    let (whole, none) = written(folder, &Whole(JsonLines), choice);
    same(&poured, &whole, name);
    assert_eq!(none, (0, 0));
    let (poured, _) = written(folder, &Csv, choice);
    let (whole, _) = written(folder, &Whole(Csv), choice);
    same(&poured, &whole, name);
    moulds
}

fn same(poured: &[u8], whole: &[u8], name: &str) {
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (poured, whole) = (lines(poured), lines(whole));
    for (n, (a, b)) in poured.lines().zip(whole.lines()).enumerate() {
        assert_eq!(a, b, "{name}: entry {n}");
    }
    assert_eq!(poured.len(), whole.len(), "{name}");
}

/// The samples of formats that are glanced at.
fn samples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let glanced = FORMATS.iter().filter(|f| glancer(f).is_some());
    glanced.map(|f| (f.name, f.sample))
}

#[test]
fn what_is_poured_is_what_is_read() {
    let mut dice = Dice(7);
    let all = "all".parse().expect("a choice");
    for (name, sample) in samples() {
        let text = dice.multiplied(sample, 24);
        let name = &format!("{name}.log");
        let (made, _) = compare(&text, name, Choice::NONE);
        assert!(made > 0, "{name}: nothing was poured");
        let (made, _) = compare(&text, name, Choice::SECRETS);
        assert!(made > 0, "{name}: nothing was poured without secrets");
        compare(&text, name, all);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_the_numbers_are(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
        let samples: Vec<_> = samples().collect();
        let (name, sample) = samples[which.index(samples.len())];
        let text = Dice(seed).multiplied(sample, 12);
        compare(&text, &format!("{name}.log"), Choice::SECRETS);
    }
}
