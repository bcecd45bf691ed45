//! What a survey by glances counts is what one by whole records counts.

use super::Survey;
use super::count::Counter;
use super::sightings::Limit;
use crate::ingest::{self, FilePlan, Scratch, Skimmed};
use crate::source::{self, Library};
use std::path::Path;

fn opened(folder: &str) -> (Library, Vec<FilePlan>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let found = source::discover(&[folder], source::Limits::default());
    let library = Library::new(found.inputs);
    let plans = ingest::plan(&library, &ingest::Options::default()).expect("readable samples");
    assert!(!plans.is_empty());
    (library, plans)
}

/// The survey of one file in chunks of `size` bytes, and the entries that a glance was enough for.
fn surveyed(library: &Library, plan: &FilePlan, size: u64, glances: bool) -> (Survey, u64) {
    let mut survey = Survey::default();
    let (limit, mut scratch, mut enough) = (Limit::default(), Scratch::default(), 0);
    for chunk in ingest::chunks(library, std::slice::from_ref(plan), size) {
        let mut counter = Counter::new(&limit, 0);
        let bytes = chunk.bytes.clone();
        let tally = if glances {
            ingest::skim(library, plan, bytes, &mut scratch, &mut |seen| {
                enough += u64::from(matches!(seen, Skimmed::Sighting(_)));
                counter.add(&seen)
            })
        } else {
            ingest::read(library, plan, bytes, 0, &mut |event| {
                counter.add(&Skimmed::Event(event));
            })
        };
        let tally = tally.expect("readable samples");
        survey = survey.merge(counter.survey(plan.file, tally));
    }
    (survey.finish(), enough)
}

#[test]
fn glances_count_what_records_count() {
    let mut enough = 0;
    for folder in ["samples/incidents", "samples/formats"] {
        let (library, plans) = opened(folder);
        for plan in &plans {
            let path = &library.input(plan.file).path;
            let (whole, _) = surveyed(&library, plan, 4 << 20, false);
            for size in [4 << 20, 1024] {
                let (glanced, seen) = surveyed(&library, plan, size, true);
                enough += seen;
                assert_eq!(glanced.services, whole.services, "{path}, chunks of {size}");
                assert_eq!(glanced.sightings, whole.sightings, "{path}");
                assert_eq!(glanced.kept, whole.kept, "{path}");
                assert_eq!(glanced.index, whole.index, "{path}");
                assert_eq!(glanced.requests, whole.requests, "{path}");
            }
        }
    }
    assert!(enough > 20_000, "glances were enough for {enough} entries");
}
