//! What a survey by glances counts is what one by whole records counts.

use super::count::Counter;
use super::pass::Detail;
use super::sightings::Limit;
use super::{Mark, Survey, What};
use crate::cite::{Cite, FileId};
use crate::ingest::{self, FilePlan, Scratch, Skimmed};
use crate::source::{self, Library, Memory};
use crate::template::Signature;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn opened(folder: &str) -> (Library, Vec<FilePlan>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let found = source::discover(&[folder], source::Limits::default());
    let library = Library::new(found.inputs);
    let plans = ingest::plan(&library, &ingest::Options::default()).expect("readable samples");
    assert!(!plans.is_empty());
    (library, plans)
}

#[test]
fn times_are_those_of_the_whole_survey() {
    for folder in ["samples/incidents", "samples/formats"] {
        let size = 16 << 10;
        let (library, mut plans) = opened(folder);
        let whole = super::survey(&library, &mut plans, size, Detail::Everything, &|_| ())
            .expect("readable samples");
        let (_, mut alone) = opened(folder);
        let detail = Detail::Times(None);
        let times = super::survey(&library, &mut alone, size, detail, &|_| ());
        let times = times.expect("readable samples");
        let told = |plans: &[FilePlan]| format!("{plans:?}");
        assert_eq!(told(&alone), told(&plans), "{folder}");
        assert_eq!(times.files, whole.files, "{folder}");
        assert_eq!(times.kept, whole.kept, "{folder}");
        assert!(times.services.is_empty() && !whole.services.is_empty());
    }
}

/// The survey of one file in chunks of `size` bytes, and the entries that a glance was enough for.
fn surveyed(library: &Library, plan: &FilePlan, size: u64, glances: bool) -> (Survey, u64) {
    let mut survey = Survey::default();
    let (limit, mut scratch, mut enough) = (Limit::default(), Scratch::default(), 0);
    for chunk in ingest::chunks(library, std::slice::from_ref(plan), size) {
        let mut counter = Counter::new(&limit, 0, Detail::Everything, Memory::default());
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

/// Entries of one service every so often.
#[derive(Clone, Debug)]
struct Stretch {
    service: usize,
    from: i64,
    every: i64,
    count: i64,
    /// Every entry says something else.
    wordy: bool,
}

fn stretch() -> impl Strategy<Value = Stretch> {
    let times = (0..40_000i64, 1..4i64, 1..90_000i64);
    (0..4usize, times, any::<bool>()).prop_map(|(service, (from, every, count), wordy)| Stretch {
        service,
        from,
        every,
        count: if wordy { count / 100 } else { count },
        wordy,
    })
}

/// What one file shows that has those entries, and a crowd of services that each say a little.
fn part(file: u32, stretches: &[Stretch], crowd: usize, memory: Memory) -> Survey {
    let mut survey = Survey {
        memory,
        ..Survey::default()
    };
    let mut count = |service: String, second: i64, words: Option<u64>| {
        let mark = Mark {
            nanos: second * 1_000_000_000,
            cite: Cite {
                file: FileId(file),
                offset: second.unsigned_abs(),
                len: 1,
            },
        };
        let tally = survey.services.entry(service).or_default();
        tally.rates.entry(What::Entries).or_default().add(mark);
        if let Some(words) = words {
            let key = (None, Signature(words));
            tally.templates.entry(&key).add(mark);
            survey.messages += 1;
        }
    };
    let few = stretches.iter().flat_map(|s| {
        let times = (0..s.count).map(|n| s.from + n * s.every);
        times.map(|at| (at, s.service, s.wordy.then_some(at.unsigned_abs() / 8)))
    });
    // In order, as nearly all logs are.
    let mut few: Vec<(i64, usize, Option<u64>)> = few.collect();
    few.sort_unstable();
    for (at, service, words) in few {
        count(format!("of-few-{service}"), at, words);
    }
    for n in 0..crowd {
        // With so many services, the wordy ones keep fewer templates apart.
        for words in 0..2 {
            let of = n as u64 * 64 + words + u64::from(file % 3);
            count(format!("of-many-{n}"), n as i64 % 86_400, Some(of));
        }
    }
    survey.share_tables();
    let grain = survey.grain();
    survey.regrain(grain);
    survey.settle(grain);
    survey
}

#[test]
fn with_less_memory_longer_stretches_are_counted_together() {
    let day = Stretch {
        service: 0,
        from: 0,
        every: 1,
        count: 80_000,
        wordy: false,
    };
    let [usual, less] =
        [None, Some(16 << 20)].map(|m| part(0, std::slice::from_ref(&day), 0, Memory::of(m)));
    assert_eq!((usual.width, usual.seconds()), (0, 80_000));
    // 250,000 seconds by sixteen is 15,625: eight by eight they are fewer.
    assert_eq!((less.width, less.seconds()), (3, 10_000));
    let merged = Survey::default().merge(less.clone());
    assert_eq!((merged.width, merged.memory), (3, less.memory));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is kept apart, and by how many seconds things are counted, depends on all that was
    /// read: not on how that was cut, nor on which part came first, nor on parts that were made
    /// coarser while they waited.
    #[test]
    fn order_and_cuts_do_not_matter(
        files in prop::collection::vec(prop::collection::vec(stretch(), 0..4), 1..4),
        crowds in prop::collection::vec(prop::sample::select(vec![0usize, 30, 1100]), 5),
        turn in any::<prop::sample::Index>(),
        memory in prop::sample::select(vec![None, Some(16 << 20), Some(1 << 30)]),
    ) {
        let parts: Vec<Survey> = (0..).zip(files.iter().zip(&crowds))
            .map(|(n, (stretches, crowd))| part(n, stretches, *crowd, Memory::of(memory)))
            .collect();
        let plain = parts.iter().cloned().fold(Survey::default(), Survey::merge);
        let mut turned = parts.clone();
        turned.rotate_left(turn.index(parts.len()));
        let mut waiting: BTreeMap<usize, Survey> = BTreeMap::new();
        for (n, part) in turned.into_iter().rev().enumerate() {
            waiting.insert(n, part);
            Survey::bound(&mut waiting);
        }
        let bounded = waiting.into_values().fold(Survey::default(), Survey::merge);
        prop_assert!(bounded == plain, "{} and {} seconds", bounded.seconds(), plain.seconds());
        // In two halves that each were put together before they met.
        let (one, other) = parts.split_at(turn.index(parts.len() + 1));
        let half = |parts: &[Survey]| parts.iter().cloned().fold(Survey::default(), Survey::merge);
        prop_assert!(half(other).merge(half(one)) == plain);
    }
}
