//! Plan, map and reduce say what the default command says, whatever the shards, or refuse.

use super::util::{Ran, put, recon, run, scratch};
use serde_json::Value as Json;
use std::fs;
use tempfile::TempDir;

#[cfg(feature = "tables")]
mod parts;
#[cfg(feature = "tables")]
mod same;

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

    #[cfg(feature = "tables")]
    fn default(&self, options: &[&str]) -> Ran {
        let mut arguments: Vec<&str> = self.inputs.iter().map(String::as_str).collect();
        arguments.extend(options);
        run(&arguments)
    }
}

#[cfg(feature = "tables")]
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
