//! Plan, map and reduce say what the default command says, whatever the shards, or refuse.

use super::util::{Ran, put, recon, run, run_in, samples, scratch};
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Inputs in a folder of their own, and room for a plan and partials beside them.
struct Bench {
    folder: TempDir,
    inputs: Vec<String>,
}

impl Bench {
    fn of(inputs: &[String]) -> Self {
        Self {
            folder: scratch(),
            inputs: inputs.to_vec(),
        }
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("a UTF-8 path").to_owned()
    }

    /// Plans shards of so many bytes, read in chunks of so many KiB.
    fn plan(&self, name: &str, shard: &str, chunk: &str) -> Vec<Json> {
        let plan = self.path(name);
        let mut arguments = vec!["plan", "-o", &plan, "--shard-size", shard, "--chunk", chunk];
        arguments.extend(self.inputs.iter().map(String::as_str));
        let ran = run(&arguments);
        // 2 where an input cannot be read: the others are planned.
        assert!([0, 2].contains(&ran.code), "{}", ran.stderr);
        let text = fs::read_to_string(plan).expect("a plan");
        let rows = text.lines().map(|l| serde_json::from_str(l).expect("JSON"));
        rows.collect()
    }

    fn map(&self, plan: &str, parts: &str, options: &[&str]) -> Ran {
        let (plan, parts) = (self.path(plan), self.path(parts));
        let mut arguments = vec!["map", "--plan", &plan, "-o", &parts];
        arguments.extend(options);
        run(&arguments)
    }

    fn reduce(&self, plan: &str, parts: &[&str], options: &[&str]) -> Ran {
        let plan = self.path(plan);
        let parts: Vec<String> = parts.iter().map(|p| self.path(p)).collect();
        let mut arguments = vec!["reduce", "--plan", &plan];
        arguments.extend(parts.iter().map(String::as_str));
        arguments.extend(options);
        run(&arguments)
    }

    fn default(&self, options: &[&str]) -> Ran {
        let mut arguments: Vec<&str> = self.inputs.iter().map(String::as_str).collect();
        arguments.extend(options);
        run(&arguments)
    }
}

fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

/// It was refused, and said why.
fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    for word in words {
        assert!(
            ran.stderr.contains(word),
            "{word:?} is not in {}",
            ran.stderr
        );
    }
}

/// A small outage that cites lines of several files.
fn outage(folder: &TempDir) -> Vec<String> {
    let mut log = String::new();
    for n in 0..900 {
        let (minute, second) = (n / 30, n % 30 * 2);
        let failed = (12..20).contains(&minute) && n % 3 != 0;
        let (level, message) = if failed {
            (
                "error",
                "ledger refused the booking: no quorum\n\tat Ledger.post(Ledger.java:7)",
            )
        } else {
            ("info", "booked")
        };
        let line = format!("2025-02-03T11:{minute:02}:{second:02}.250Z {level} ledger {message}\n");
        log.push_str(&line);
    }
    let alert = r#"{"status":"firing","alerts":[{"status":"firing","labels":{"alertname":"LedgerErrors","severity":"critical","service":"ledger"},"annotations":{"summary":"Bookings fail"},"startsAt":"2025-02-03T11:13:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"7a51c2"}]}"#;
    vec![
        put(folder, "ledger.log", log),
        put(folder, "alerts.json", alert),
    ]
}

#[cfg(not(feature = "tables"))]
#[test]
fn without_tables_it_says_how_to_build_them() {
    let files = scratch();
    let bench = Bench::of(&outage(&files));
    bench.plan("plan.jsonl", "1G", "4096");
    refused(
        &bench.map("plan.jsonl", "parts", &[]),
        &["--release", "`tables`"],
    );
    refused(&bench.reduce("plan.jsonl", &["parts"], &[]), &["`tables`"]);
}

#[test]
fn a_plan_has_a_row_for_each_shard_and_says_how_it_is_read() {
    let files = scratch();
    let bench = Bench::of(&outage(&files));
    let rows = bench.plan("plan.jsonl", "16K", "4");
    assert_eq!(rows[0]["schema"], "recon.plan/1");
    assert_eq!(rows[0]["shards"], rows.len() - 1);
    assert!(rows.len() > 4, "{} rows", rows.len());
    let mut next = 0;
    for (n, row) in rows[1..].iter().enumerate() {
        assert_eq!(row["shard"], n);
        for text in row["texts"].as_array().expect("texts") {
            let reading = &text["reading"];
            for frozen in ["shape", "formats", "clock", "service"] {
                assert!(!reading[frozen].is_null(), "{frozen}: {reading}");
            }
            if text["path"]
                .as_str()
                .is_some_and(|p| p.ends_with("ledger.log"))
            {
                assert_eq!(text["start"], next, "no byte twice and none left out");
                next = text["end"].as_u64().expect("a number");
                assert_eq!(reading["clock"]["zone"], "UTC");
            }
        }
    }
    let bytes = fs::metadata(files.path().join("ledger.log"))
        .expect("there")
        .len();
    assert_eq!(next, bytes);
    // The same inputs, the same plan.
    let again = fs::read(bench.path("plan.jsonl")).expect("a plan");
    bench.plan("again.jsonl", "16K", "4");
    assert_eq!(again, fs::read(bench.path("again.jsonl")).expect("a plan"));
}

#[test]
fn a_plan_that_is_none_is_refused() {
    let files = scratch();
    let bench = Bench::of(&outage(&files));
    bench.plan("plan.jsonl", "16K", "4");
    let text = fs::read_to_string(bench.path("plan.jsonl")).expect("a plan");
    let lines: Vec<&str> = text.lines().collect();
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    let mut doubled = lines.clone();
    doubled[2] = doubled[1];
    for (name, text, words) in [
        ("short", lines[..lines.len() - 1].join("\n"), "cut short"),
        (
            "old",
            text.replacen("recon.plan/1", "recon.plan/0", 1),
            "recon.plan/0",
        ),
        ("swapped", swapped.join("\n"), "belongs"),
        ("doubled", doubled.join("\n"), "belongs"),
        (
            "gap",
            text.replacen("\"end\":16384", "\"end\":12288", 1),
            "do not follow",
        ),
        ("log", "2025-02-03 nothing\n".to_owned(), "is no plan"),
    ] {
        fs::write(bench.path(name), text).expect("room");
        let ran = bench.map(name, "parts", &["--shard", "0"]);
        refused(&ran, &[words, name]);
    }
    refused(&bench.map("none", "parts", &[]), &["cannot read the plan"]);
    let piped = recon()
        .args(["plan", "-"])
        .write_stdin("2025-02-03 11:00:00 INFO tram\n")
        .output()
        .expect("recon starts");
    assert_eq!(piped.status.code(), Some(2));
    let told = String::from_utf8_lossy(&piped.stderr);
    assert!(told.contains("write it to a file"), "{told}");
}

#[cfg(feature = "tables")]
mod with_tables {
    use super::super::containers::{gz, tar};
    use super::*;

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

    fn same(bench: &Bench, plan: &str, parts: &[&str], what: &str) {
        for options in REPORTS {
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
        same(bench, "one.jsonl", &["one"], &format!("{what}, one shard"));
        let many = bench.plan("many.jsonl", "32K", "16");
        assert!(many.len() > 3, "{what}: {} rows are not many", many.len());
        let last = (many.len() - 2).to_string();
        let middle = ((many.len() - 2) / 2).to_string();
        // The last first, in two folders, one of them twice; the rest in one go.
        done(&bench.map("many.jsonl", "b", &["--shard", &last]));
        done(&bench.map("many.jsonl", "b", &["--shard", &middle]));
        done(&bench.map("many.jsonl", "b", &["--shard", &middle]));
        for shard in (0..many.len() - 1).rev().map(|n| n.to_string()) {
            if shard != last && shard != middle {
                done(&bench.map("many.jsonl", "a", &["--shard", &shard]));
            }
        }
        let what = format!("{what}, {} shards", many.len() - 1);
        same(bench, "many.jsonl", &["b", "a"], &what);
    }

    #[test]
    fn samples_in_any_shards() {
        for sample in samples() {
            let bench = Bench::of(&[sample.folder.clone()]);
            any_shards(&bench, &sample.name);
        }
    }

    #[test]
    fn packed_inputs_in_any_shards() {
        let files = scratch();
        let logs = outage(&files);
        let sample = samples().into_iter().find(|s| s.is_incident());
        let sample = sample.expect("an incident");
        let read = |path: &String| fs::read(super::super::util::root().join(path)).expect("there");
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
        same(&bench, &plan, &["parts"], "settled");
    }

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
            super::super::util::walk(Path::new(&bench.path(parts)), &mut |path: &Path| {
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
            put(&copies, name, text);
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
        refused(&map(&[]), &["ledger.log", "cannot be read"]);
        let copied = copies.path().to_str().expect("UTF-8");
        refused(&map(&["--root", copied]), &["ledger.log", "--copied"]);
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

    #[test]
    fn what_is_missing_doubled_or_changed_is_refused() {
        let files = scratch();
        let inputs = outage(&files);
        let bench = Bench::of(&inputs);
        bench.plan("plan.jsonl", "16K", "4");
        let reduce = || bench.reduce("plan.jsonl", &["parts"], &[]);
        fs::create_dir(bench.path("parts")).expect("room");
        refused(&reduce(), &["shards are missing", "0, 1", "recon map"]);
        refused(
            &bench.map("plan.jsonl", "parts", &["--shard", "99"]),
            &["no shard 99"],
        );
        done(&bench.map("plan.jsonl", "parts", &[]));
        assert_eq!(reduce().code, 0, "{}", reduce().stderr);
        let part = |name: &str| PathBuf::from(bench.path(&format!("parts/{name}")));

        // Missing.
        let marker = part("shards/000002.parquet");
        let bytes = fs::read(&marker).expect("there");
        fs::remove_file(&marker).expect("there");
        refused(&reduce(), &["1 of", "shards are missing: 2"]);
        fs::write(&marker, &bytes).expect("room");

        // Doubled.
        let copy = part("shards/000002 (copy).parquet");
        fs::write(&copy, &bytes).expect("room");
        refused(
            &reduce(),
            &["shard 2 is there twice", "000002 (copy).parquet"],
        );
        fs::remove_file(&copy).expect("there");
        done(&bench.map("plan.jsonl", "more", &["--shard", "1"]));
        refused(
            &bench.reduce("plan.jsonl", &["parts", "more"], &[]),
            &["shard 1 is there twice"],
        );

        // Changed tables, and tables of another plan.
        let series = part("series/000001.parquet");
        let bytes = fs::read(&series).expect("there");
        fs::write(&series, &bytes[..bytes.len() - 1]).expect("room");
        refused(&reduce(), &["series/000001.parquet", "map the shard again"]);
        fs::remove_file(&series).expect("there");
        refused(&reduce(), &["series/000001.parquet"]);
        fs::write(&series, &bytes).expect("room");
        assert_eq!(reduce().code, 0);
        fs::write(part("shards/000001.parquet"), "no table").expect("room");
        refused(&reduce(), &["shards/000001.parquet", "damaged"]);
        done(&bench.map("plan.jsonl", "parts", &["--shard", "1"]));
        bench.plan("other.jsonl", "32K", "4");
        refused(
            &bench.reduce("other.jsonl", &["parts"], &[]),
            &["another row of a plan"],
        );

        // Changed inputs: a byte more, and another byte with the time as it was.
        let log = Path::new(&inputs[0]);
        let text = fs::read(log).expect("there");
        let modified = fs::metadata(log)
            .and_then(|m| m.modified())
            .expect("a time");
        let write = |text: &[u8]| {
            fs::write(log, text).expect("room");
            let file = fs::File::options().append(true).open(log);
            file.and_then(|f| f.set_modified(modified)).expect("ours");
        };
        write(&[&text[..], b"\n"].concat());
        refused(
            &reduce(),
            &["ledger.log", "changed since it was planned", "bytes"],
        );
        refused(
            &bench.map("plan.jsonl", "new", &["--shard", "0"]),
            &["ledger.log"],
        );
        let mut other = text.clone();
        other[30] ^= 1;
        write(&other);
        refused(&reduce(), &["ledger.log", "its bytes are not"]);
        refused(
            &bench.map("plan.jsonl", "new", &["--shard", "0"]),
            &["its bytes are not"],
        );
        assert!(
            !Path::new(&bench.path("new/shards")).exists(),
            "nothing half done"
        );
        write(&text);
        assert_eq!(reduce().code, 0);
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
}
