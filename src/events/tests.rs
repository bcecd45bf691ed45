//! What is poured is what is read whole and written: over every sample that is glanced at, and over lines of
//! the same outlines with other numbers and ids in them.

use super::entry::{Csv, Entry, Form, JsonLines};
use super::{Events, Plain, veil};
use crate::ingest;
use crate::ingest::dice::{Dice, samples};
use crate::redact::{Choice, Redactor};
use crate::source::{self, Library};
use crate::{survey, templates};
use proptest::prelude::*;
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
