//! What is mapped: from where, into which bytes, and what is refused of it.

use super::super::util::{put, run_in, scratch, walk};
use super::{Bench, done, outage, refused};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_same_shard_gives_the_same_bytes() {
    let files = scratch();
    let bench = Bench::of(&outage(&files));
    bench.plan("plan.jsonl", "16K", "4");
    done(&bench.map("plan.jsonl", "a", &["-j", "1"]));
    done(&bench.map(
        "plan.jsonl",
        "b",
        &["-j", "4", "--shard", "1-3", "--shard", "0"],
    ));
    let read = |parts: &str| {
        let mut all = Vec::new();
        walk(Path::new(&bench.path(parts)), &mut |path: &Path| {
            let name = path
                .strip_prefix(bench.path(parts))
                .expect("under it")
                .to_owned();
            all.push((name, fs::read(path).expect("readable")));
        });
        all
    };
    let (a, b) = (read("a"), read("b"));
    assert!(b.len() >= 28, "seven tables of four shards: {}", b.len());
    for (name, bytes) in &b {
        let other = a.iter().find(|(n, _)| n == name);
        assert!(other.is_some_and(|(_, o)| o == bytes), "{}", name.display());
    }
}

#[test]
fn shards_are_mapped_from_another_folder_and_from_copies() {
    let files = scratch();
    outage(&files);
    let copies = scratch();
    for name in ["ledger.log", "alerts.json"] {
        let text = fs::read(files.path().join(name)).expect("there");
        let copy = put(&copies, name, text);
        let later = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_750_000_000);
        let file = fs::File::options().append(true).open(copy);
        file.and_then(|f| f.set_modified(later)).expect("ours");
    }
    done(&run_in(
        files.path(),
        &["plan", "ledger.log", "./alerts.json", "-o", "plan.jsonl"],
    ));
    let (elsewhere, root) = (scratch(), files.path().to_str().expect("UTF-8"));
    let plan = files.path().join("plan.jsonl");
    let plan = plan.to_str().expect("UTF-8");
    let map = |options: &[&str]| {
        let mut arguments = vec!["map", "--plan", plan, "-o", "parts"];
        arguments.extend(options);
        run_in(elsewhere.path(), &arguments)
    };
    refused(&map(&[]), &["alerts.json", "cannot be read"]);
    let copied = copies.path().to_str().expect("UTF-8");
    refused(&map(&["--root", copied]), &["alerts.json", "--copied"]);
    done(&map(&["--root", copied, "--copied"]));
    done(&map(&["--root", root]));
    let reduced = run_in(
        elsewhere.path(),
        &[
            "reduce", "--plan", plan, "parts", "--root", root, "--window",
        ],
    );
    let default = run_in(files.path(), &["ledger.log", "alerts.json", "--window"]);
    assert_eq!(
        (reduced.code, &reduced.stdout),
        (0, &default.stdout),
        "{}",
        reduced.stderr
    );
}

/// All shards of a small outage, and its log.
fn mapped() -> (Bench, tempfile::TempDir, PathBuf) {
    let files = scratch();
    let inputs = outage(&files);
    let bench = Bench::of(&inputs);
    bench.plan("plan.jsonl", "16K", "4");
    done(&bench.map("plan.jsonl", "parts", &[]));
    let log = PathBuf::from(&inputs[0]);
    (bench, files, log)
}

#[test]
fn what_is_missing_or_doubled_is_refused() {
    let (bench, _files, _) = mapped();
    let reduce = || bench.reduce("plan.jsonl", &["parts"], &[]);
    assert_eq!(reduce().code, 0, "{}", reduce().stderr);
    fs::create_dir(bench.path("none")).expect("room");
    let none = bench.reduce("plan.jsonl", &["none"], &[]);
    refused(&none, &["shards are missing", "0, 1", "recon map"]);
    let unknown = bench.map("plan.jsonl", "parts", &["--shard", "99"]);
    refused(&unknown, &["no shard 99"]);

    let marker = bench.path("parts/shards/000002.parquet");
    let bytes = fs::read(&marker).expect("there");
    fs::remove_file(&marker).expect("there");
    refused(&reduce(), &["1 of", "shards are missing: 2"]);
    fs::write(&marker, &bytes).expect("room");

    let copy = bench.path("parts/shards/000002 (copy).parquet");
    fs::write(&copy, &bytes).expect("room");
    refused(
        &reduce(),
        &["shard 2 is there twice", "000002 (copy).parquet"],
    );
    fs::remove_file(&copy).expect("there");
    done(&bench.map("plan.jsonl", "more", &["--shard", "1"]));
    let both = bench.reduce("plan.jsonl", &["parts", "more"], &[]);
    refused(&both, &["shard 1 is there twice"]);
    assert_eq!(reduce().code, 0);
}

#[test]
fn changed_tables_are_refused() {
    let (bench, _files, _) = mapped();
    let reduce = || bench.reduce("plan.jsonl", &["parts"], &[]);
    let series = bench.path("parts/series/000001.parquet");
    let bytes = fs::read(&series).expect("there");
    fs::write(&series, &bytes[..bytes.len() - 1]).expect("room");
    refused(&reduce(), &["series/000001.parquet", "map the shard again"]);
    fs::remove_file(&series).expect("there");
    refused(&reduce(), &["series/000001.parquet"]);
    fs::write(&series, &bytes).expect("room");
    assert_eq!(reduce().code, 0);
    let marker = bench.path("parts/shards/000001.parquet");
    fs::write(marker, "no table").expect("room");
    refused(&reduce(), &["shards/000001.parquet", "damaged"]);
    done(&bench.map("plan.jsonl", "parts", &["--shard", "1"]));
    assert_eq!(reduce().code, 0, "{}", reduce().stderr);
    bench.plan("other.jsonl", "32K", "4");
    let other = bench.reduce("other.jsonl", &["parts"], &[]);
    refused(&other, &["another row of a plan"]);
}

#[test]
fn changed_inputs_are_refused() {
    let (bench, _files, log) = mapped();
    let reduce = || bench.reduce("plan.jsonl", &["parts"], &[]);
    let map = || bench.map("plan.jsonl", "new", &["--shard", "1"]);
    let text = fs::read(&log).expect("there");
    let modified = fs::metadata(&log).and_then(|m| m.modified());
    let modified = modified.expect("a time");
    let write = |text: &[u8]| {
        fs::write(&log, text).expect("room");
        let file = fs::File::options().append(true).open(&log);
        file.and_then(|f| f.set_modified(modified)).expect("ours");
    };
    // A byte more, and another byte with size and time as they were.
    write(&[&text[..], b"\n"].concat());
    refused(
        &reduce(),
        &["ledger.log", "changed since it was planned", "bytes"],
    );
    refused(&map(), &["ledger.log"]);
    let mut other = text.clone();
    other[30] ^= 1;
    write(&other);
    refused(&reduce(), &["ledger.log", "its bytes are not"]);
    refused(&map(), &["its bytes are not"]);
    assert!(!Path::new(&bench.path("new")).exists(), "nothing half done");
    write(&text);
    assert_eq!(reduce().code, 0);
    done(&map());
}

#[test]
fn declared_formats_travel_with_the_plan() {
    let files = scratch();
    let config = "[[format]]\nname = \"tram\"\npattern = '(?<time>\\S+) \\| (?<level>\\w+) \\| (?<service>\\w+) \\| (?<message>.*)'\nsamples = [{ line = \"2025-02-03T11:00:00Z | ERROR | depot | doors jam\", level = \"error\" }]\n";
    put(&files, "recon.toml", config);
    let mut log = String::new();
    for n in 0..400 {
        let level = if (200..260).contains(&n) {
            "ERROR"
        } else {
            "INFO"
        };
        log += &format!(
            "2025-02-03T11:{:02}:{:02}Z | {level} | depot | doors jam\n",
            n / 20,
            n % 20 * 3
        );
    }
    put(&files, "depot.log", log);
    let here = |arguments: &[&str]| run_in(files.path(), arguments);
    done(&here(&[
        "plan",
        "depot.log",
        "-o",
        "plan.jsonl",
        "--shard-size",
        "8K",
        "--chunk",
        "4",
    ]));
    let default = here(&["depot.log", "--format", "json"]);
    assert_eq!(default.json()["inputs"][0]["format"], "tram");
    // The plan is enough: what is in the folder now does not matter.
    fs::remove_file(files.path().join("recon.toml")).expect("there");
    done(&here(&["map", "--plan", "plan.jsonl", "-o", "parts"]));
    let reduced = here(&[
        "reduce",
        "--plan",
        "plan.jsonl",
        "parts",
        "--format",
        "json",
    ]);
    assert_eq!(
        (reduced.code, reduced.stdout),
        (default.code, default.stdout),
        "{}",
        reduced.stderr
    );
}
