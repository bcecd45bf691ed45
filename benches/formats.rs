//! Bytes per second of every format over its own sample, repeated to about a mebibyte.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use recon_parsers::cut::Shape;
use recon_parsers::formats::FORMATS;
use recon_parsers::{Format, detect, entries};
use std::hint::black_box;
use std::time::Duration;

/// Bytes of a repeated sample.
const SIZE: usize = 1 << 20;

/// The sample as often as fits: documents once, tables with their header only at the top.
fn repeated(format: &Format) -> Vec<u8> {
    let sample = format.sample.as_bytes();
    let again = match detect(sample, &[]).shape {
        Shape::Document => return sample.to_vec(),
        Shape::Csv => sample
            .iter()
            .position(|b| *b == b'\n')
            .map_or(&[][..], |end| &sample[end + 1..]),
        Shape::Lines | Shape::Json => sample,
    };
    let mut text = sample.to_vec();
    while !again.is_empty() && text.len() + again.len() < SIZE {
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(again);
    }
    text
}

fn formats(c: &mut Criterion) {
    let mut group = c.benchmark_group("formats");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    for format in FORMATS {
        let text = repeated(format);
        let found = detect(&text, &[]);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format.name, |b| {
            b.iter(|| {
                let mut records = 0;
                entries(black_box(&text), 0..text.len(), &found, &mut |entry| {
                    records += entry.records.len();
                });
                assert!(records > 0, "{} reads nothing of its sample", format.name);
                records
            });
        });
    }
    group.finish();
}

fn detection(c: &mut Criterion) {
    let mut group = c.benchmark_group("detection");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(2));
    let heads: Vec<&[u8]> = FORMATS.iter().map(|f| f.sample.as_bytes()).collect();
    group.bench_function("every sample", |b| {
        b.iter(|| {
            heads
                .iter()
                .filter(|h| detect(black_box(h), &[]).main().is_some())
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, formats, detection);
criterion_main!(benches);
