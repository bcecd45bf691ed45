//! Bytes per second over generated bulk logs: the first pass alone, every entry written out,
//! and the whole way from files to draft by the real `recon`.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use recon::ingest::{self, FilePlan};
use recon::ingest::{Scratch, Skimmed};
use recon::source::{self, Library};
use recon::{survey, template, templates};
use recon_samples::bulk::Bulk;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Bytes of bulk logs.
const SIZE: u64 = 32 << 20;
/// Bytes of a chunk, as by default.
const CHUNK: u64 = 4 << 20;

fn planned(folder: &Path) -> (Library, Vec<FilePlan>) {
    let library =
        Library::new(source::discover(&[folder.to_owned()], source::Limits::default()).inputs);
    let options = ingest::Options::default();
    let plans = ingest::plan(&library, &options).expect("readable bulk logs");
    (library, plans)
}

/// What all entries say.
fn messages(library: &Library, plans: &[FilePlan]) -> Vec<String> {
    let mut all = Vec::new();
    for chunk in ingest::chunks(library, plans, CHUNK) {
        let mut scratch = Scratch::hearing();
        let plan = &plans[chunk.plan];
        ingest::skim(library, plan, chunk.bytes, &mut scratch, &mut |seen| {
            all.push(match seen {
                Skimmed::Sighting(sighting) => sighting.glance.message.to_string(),
                Skimmed::Event(e) | Skimmed::Again(e) => e.record.message.to_string(),
            });
            false
        })
        .expect("readable bulk logs");
    }
    all
}

fn recon(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_recon"))
        .args(arguments)
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("recon starts");
    assert!(status.success(), "{arguments:?}: {status}");
}

fn pipeline(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bulk = Bulk {
        bytes: SIZE,
        hours: 6,
        users: 200_000,
        seed: 1,
    };
    let bytes = bulk.write(folder.path()).expect("room for bulk logs");
    let mut group = c.benchmark_group("pipeline");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .measurement_time(Duration::from_secs(10))
        .throughput(Throughput::Bytes(bytes));

    let (library, plans) = planned(folder.path());
    group.bench_function("survey", |b| {
        b.iter(|| {
            survey::survey(
                &library,
                &mut plans.clone(),
                CHUNK,
                survey::Detail::Everything,
                &|_| {},
            )
        });
    });
    group.bench_function("times", |b| {
        let detail = survey::Detail::Times(None);
        b.iter(|| survey::survey(&library, &mut plans.clone(), CHUNK, detail, &|_| {}));
    });
    group.bench_function("events", |b| b.iter(|| recon(folder.path(), &["events"])));
    for threads in ["1", "2"] {
        group.bench_function(format!("end to end, {threads} threads"), |b| {
            b.iter(|| recon(folder.path(), &["-j", threads, "--window", "auto"]));
        });
    }
    group.finish();

    // Lines a second: the signature of every message alone, and the whole count with reading.
    let messages = messages(&library, &plans);
    let mut group = c.benchmark_group("templates");
    group.throughput(Throughput::Elements(messages.len() as u64));
    group.bench_function("signatures, one thread", |b| {
        let all = || messages.iter().map(|m| template::signature(m).0);
        b.iter(|| all().fold(0, u64::wrapping_add));
    });
    group.bench_function("find", |b| {
        b.iter(|| templates::find(&library, &plans, CHUNK, None, &|_| {}));
    });
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
