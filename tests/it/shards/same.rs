//! Any shards, in any order: the same report.

use super::super::containers::{gz, tar};
use super::super::util::{Sample, put, root, run, samples, scratch};
use super::{Bench, done, outage, refused};
use serde_json::Value as Json;
use std::fs;
use tempfile::TempDir;

/// Reports that are compared byte for byte.
const REPORTS: [&[&str]; 3] = [
    &["--format", "json"],
    &["--window", "auto", "--format", "html"],
    &[
        "--window",
        "auto",
        "--names",
        "--redact=all",
        "--zone",
        "Asia/Tokyo",
    ],
];

fn same(bench: &Bench, plan: &str, parts: &[&str], reports: &[&[&str]], what: &str) {
    for options in reports {
        let (default, reduced) = (bench.default(options), bench.reduce(plan, parts, options));
        assert_eq!(default.code, reduced.code, "{what}: {}", reduced.stderr);
        assert!(!default.stdout.is_empty(), "{what}: {}", default.stderr);
        if default.stdout != reduced.stdout {
            let (a, b) = (default.stdout.lines(), reduced.stdout.lines());
            let line = a.zip(b).find(|(a, b)| a != b);
            panic!("{what}, {options:?}: {line:?}");
        }
        assert_eq!(default.stderr, reduced.stderr, "{what}, {options:?}");
    }
}

/// One shard, many, and many in another order in two folders.
fn any_shards(bench: &Bench, what: &str) {
    let one = bench.plan("one.jsonl", "1T", "4096");
    assert_eq!(one.len(), 2, "{what}: a header and one shard");
    done(&bench.map("one.jsonl", "one", &["-j", "1"]));
    same(
        bench,
        "one.jsonl",
        &["one"],
        &REPORTS[..1],
        &format!("{what}, one shard"),
    );
    let many = bench.plan("many.jsonl", "32K", "16");
    assert!(many.len() > 3, "{what}: {} rows are not many", many.len());
    let last = (many.len() - 2).to_string();
    let middle = ((many.len() - 2) / 2).to_string();
    // The last first, in two folders, one of them twice; the rest from back to front.
    done(&bench.map("many.jsonl", "b", &["--shard", &last]));
    done(&bench.map("many.jsonl", "b", &["--shard", &middle, "--shard", &middle]));
    let rest: Vec<String> = (0..many.len() - 1).rev().map(|n| n.to_string()).collect();
    let rest = rest.iter().filter(|n| **n != last && **n != middle);
    let options: Vec<&str> = rest.flat_map(|n| ["--shard", n.as_str()]).collect();
    done(&bench.map("many.jsonl", "a", &options));
    let what = format!("{what}, {} shards", many.len() - 1);
    same(bench, "many.jsonl", &["b", "a"], &REPORTS, &what);
}

#[test]
fn samples_in_any_shards() {
    for sample in samples() {
        let bench = Bench::of(std::slice::from_ref(&sample.folder));
        any_shards(&bench, &sample.name);
    }
}

#[test]
fn packed_inputs_in_any_shards() {
    let files = scratch();
    let logs = outage(&files);
    let sample = samples().into_iter().find(Sample::is_incident);
    let sample = sample.expect("an incident");
    let read = |path: &String| fs::read(root().join(path)).expect("there");
    let members: Vec<(String, Vec<u8>)> = sample
        .files()
        .iter()
        .map(|f| (f.clone(), read(f)))
        .collect();
    let members: Vec<(&str, &[u8])> = members
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    put(&files, "bundle.tar.gz", gz(&tar(&members)));
    let ledger = fs::read(&logs[0]).expect("there");
    put(&files, "old-ledger.log.gz", gz(&ledger));
    let wide: Vec<u8> = String::from_utf8_lossy(&ledger)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    put(
        &files,
        "wide.log",
        [&[0xff, 0xfe], wide.as_slice()].concat(),
    );
    put(&files, "empty.log", "");
    put(&files, "broken.log.gz", &gz(&ledger)[..200]);
    let folder = files.path().to_str().expect("a UTF-8 path").to_owned();
    any_shards(&Bench::of(&[folder]), "packed");
}

/// Requests that pass two hosts, one of which is 83 seconds ahead, and a file that goes on in
/// another format half-way.
fn skewed(folder: &TempDir) -> Vec<String> {
    let (mut door, mut stock, mut mixed) = (String::new(), String::new(), String::new());
    for n in 0..600_i64 {
        let at = |ms: i64| {
            let all = n * 2300 + ms;
            let (s, ms) = (all / 1000, all % 1000);
            format!("2025-03-11T06:{:02}:{:02}.{ms:03}Z", 30 + s / 60, s % 60)
        };
        let id = format!("{:08x}", (n * 2_654_435_761) & 0xffff_ffff);
        door += &format!(
            "ts={} level=info svc=door host=door-1 msg=accepted request_id={id}\n",
            at(0)
        );
        stock += &format!(
            "{{\"time\":\"{}\",\"level\":\"{}\",\"host\":\"stock-1\",\"service\":\"stock\",\"msg\":\"shelf read\",\"request_id\":\"{id}\"}}\n",
            at(83_000 + n % 200),
            if n > 400 { "error" } else { "info" },
        );
        if n == 250 {
            for k in 0..40 {
                mixed += &format!(
                    "198.51.100.{k} - - [11/Mar/2025:06:40:{k:02} +0000] \"GET /shelf/{k} HTTP/1.1\" 200 17\n"
                );
            }
        }
        mixed += &format!("ts={} level=info svc=label msg=printed copies={n}\n", at(7));
    }
    vec![
        put(folder, "door.log", door),
        put(folder, "stock.jsonl", stock),
        put(folder, "label.log", mixed),
    ]
}

#[test]
fn clocks_that_are_off_in_any_shards() {
    let files = scratch();
    let bench = Bench::of(&skewed(&files));
    let report = bench.default(&["--format", "json"]).json();
    let clocks = report["clocks"].as_array().expect("a table");
    assert!(clocks.iter().any(|c| c["applied"] == true), "{clocks:?}");
    any_shards(&bench, "skewed");
}

#[test]
fn a_plan_can_be_settled_before_it_is_reduced() {
    let files = scratch();
    let bench = Bench::of(&skewed(&files));
    let rows = bench.plan("plan.jsonl", "16K", "16");
    done(&bench.map("plan.jsonl", "parts", &[]));
    let settle = |from: &str, to: &str| {
        let (from, to, parts) = (bench.path(from), bench.path(to), bench.path("parts"));
        let ran = run(&["plan", "--settle", &from, &parts, "-o", &to]);
        done(&ran);
        let text = fs::read_to_string(to).expect("a plan");
        let header: Json =
            serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        (header, ran.stderr)
    };
    let (mut header, mut told) = settle("plan.jsonl", "1.jsonl");
    let mut steps = 1;
    while header["settled"]["clocks"].is_null() {
        assert!(told.contains("then settle it, too"), "{told}");
        refused(
            &bench.reduce(&format!("{steps}.jsonl"), &["parts"], &[]),
            &["another row of a plan", "map it again"],
        );
        done(&bench.map(&format!("{steps}.jsonl"), "parts", &[]));
        (header, told) = settle(&format!("{steps}.jsonl"), &format!("{}.jsonl", steps + 1));
        steps += 1;
        assert!(steps < 6, "{header}");
    }
    assert!(told.contains("map them again, then reduce"), "{told}");
    let plan = format!("{steps}.jsonl");
    let text = fs::read_to_string(bench.path(&plan)).expect("a plan");
    assert_eq!(text.lines().count(), rows.len());
    assert!(text.contains("[\"stock-1\",8"), "{text}");
    refused(&bench.reduce(&plan, &["parts"], &[]), &["map it again"]);
    // Only what is read differently now is mapped again.
    let before = fs::metadata(bench.path("parts/shards/000000.parquet")).expect("there");
    done(&bench.map(&plan, "parts", &[]));
    let after = fs::metadata(bench.path("parts/shards/000000.parquet")).expect("there");
    assert_eq!(
        before.modified().expect("a time"),
        after.modified().expect("a time")
    );
    same(&bench, &plan, &["parts"], &REPORTS, "settled");
}
