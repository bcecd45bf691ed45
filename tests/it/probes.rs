//! What trips log tools up, as tests: eight files of eight formats in one order, and an outage in
//! noise whose truth is known.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use tempfile::TempDir;

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().expect("a UTF-8 path")
}

fn start() -> DateTime<Utc> {
    "2025-09-16T09:00:00Z".parse().expect("a time")
}

/// Entry `n` of the one story, told by the file whose turn it is.
fn told(n: i64) -> (&'static str, String) {
    let now = start() + TimeDelta::milliseconds(n * 2300);
    let iso = now.format("%Y-%m-%dT%H:%M:%S%.3f");
    match n % 8 {
        0 => (
            "messages-20250916",
            format!(
                "{} relay3 postfix/qmgr[88]: step {n} queued\n",
                now.format("%b %e %H:%M:%S")
            ),
        ),
        1 => (
            "modern.log",
            format!("<134>1 {iso}Z relay3 imapd 7 - [meta seq=\"{n}\"] step {n} fetched\n"),
        ),
        2 => (
            "ledger.log",
            format!(
                "{} ERROR [pool-2] c.e.Ledger - step {n} failed\n\
                 java.lang.IllegalStateException: account locked\n\
                 \tat c.e.Ledger.post(Ledger.java:88)\n\
                 \tat c.e.Ledger.run(Ledger.java:31)\n\
                 Caused by: java.io.IOException: 2025-01-01 is closed\n\
                 \t... 2 more\n",
                now.format("%Y-%m-%d %H:%M:%S,%3f")
            ),
        ),
        3 => (
            "batch.txt",
            format!(
                "{} step {n} swept 12 rows\n",
                now.format("%Y-%m-%d %H:%M:%S")
            ),
        ),
        4 => (
            "access.log",
            format!(
                "198.51.100.9 - - [{}] \"GET /step/{n} HTTP/1.1\" 200 81 \"-\" \"curl/8\"\n",
                (now + TimeDelta::hours(2)).format("%d/%b/%Y:%H:%M:%S +0200")
            ),
        ),
        5 => (
            "cart.log",
            format!("ts={iso}Z level=info svc=cart msg=\"step {n} stored\"\n"),
        ),
        6 => (
            "audit.jsonl",
            format!(
                "{{\"timestamp\":\"{iso}Z\",\"severity\":\"INFO\",\"message\":\"step {n} seen\"}}\n"
            ),
        ),
        _ => (
            "sensor.jsonl",
            format!(
                "{{\"ts\":{},\"lvl\":\"warn\",\"msg\":\"step {n} measured\",\"nested\":{{\"ts\":1}}}}\n",
                now.timestamp_millis()
            ),
        ),
    }
}

#[test]
fn eight_files_of_eight_formats_are_one_story() {
    const ENTRIES: i64 = 400;
    let folder = scratch();
    let mut files = std::collections::BTreeMap::<&str, String>::new();
    for n in 0..ENTRIES {
        let (file, entry) = told(n);
        files.entry(file).or_default().push_str(&entry);
    }
    assert_eq!(files.len(), 8);
    for (name, text) in files {
        put(&folder, name, text);
    }
    let ran = run(&["events", path(&folder)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let steps: Vec<i64> = ran
        .json_lines()
        .iter()
        .map(|e| {
            let text = format!("{} {}", e["message"], e["fields"]["path"]);
            let words = text.split(|c: char| !c.is_ascii_alphanumeric());
            let step = words.skip_while(|w| *w != "step").nth(1);
            step.and_then(|s| s.parse().ok())
                .unwrap_or_else(|| panic!("{e}"))
        })
        .collect();
    assert_eq!(steps, (0..ENTRIES).collect::<Vec<_>>());
}

/// A small generator of numbers, the same everywhere (Knuth's multiplier).
struct Numbers(u64);

impl Numbers {
    fn percent(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100
    }
}

/// Two requests a second from nine to eleven. One in fifty fails at any time; from 09:40 to 09:55 three
/// in five do. Noise within ten seconds of either end could not be told from the outage, so there is none.
fn outage(folder: &TempDir, seed: u64) {
    let (from, to) = (2400 * 2, 3300 * 2);
    let mut numbers = Numbers(seed);
    let (mut access, mut log, mut web) = (String::new(), String::new(), String::new());
    for n in 0..7200 * 2_i64 {
        let now = start() + TimeDelta::milliseconds(n * 500);
        let during = (from..to).contains(&n);
        let near = (from - 20..to + 20).contains(&n);
        let chance = numbers.percent();
        let fails = if during {
            (n - from) * 3 % 5 < 3
        } else {
            chance < 2 && !near
        };
        let (status, level, said) = if fails {
            (503, "error", "no seat left in the pool")
        } else {
            (200, "info", "seat taken")
        };
        let clock = now.format("%d/%b/%Y:%H:%M:%S +0000");
        let _ = writeln!(
            access,
            "192.0.2.{} - - [{clock}] \"POST /seat HTTP/1.1\" {status} 117 \"-\" \"app/4\"",
            n % 250
        );
        let iso = now.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let _ = writeln!(
            log,
            "{{\"time\":\"{iso}\",\"level\":\"{level}\",\"service\":\"seats\",\"msg\":\"{said}\"}}"
        );
        if n % 6 == 0 {
            let level = if chance < 2 {
                "ERROR cannot read a banner"
            } else {
                "INFO page drawn"
            };
            let _ = writeln!(
                web,
                "{} {level} in {chance} ms",
                now.format("%Y-%m-%d %H:%M:%S")
            );
        }
    }
    put(folder, "edge-access.log", access);
    put(folder, "seats.jsonl", log);
    put(folder, "web.log", web);
}

#[test]
fn an_outage_in_noise_has_its_start_and_its_end() {
    for seed in [3, 11, 42] {
        let folder = scratch();
        outage(&folder, seed);
        let report = run(&[path(&folder), "--window", "--format", "json"]).json();
        let incidents = report["incidents"].as_array().expect("incidents");
        assert_eq!(incidents.len(), 1, "{seed}: {incidents:?}");
        let incident = &incidents[0];
        let milestone = |name: &str| incident["milestones"][name]["time"].as_str();
        assert_eq!(
            milestone("impact_start"),
            Some("2025-09-16T09:40:00Z"),
            "{seed}"
        );
        // The last failure, in the second before five to ten.
        assert_eq!(
            milestone("mitigated"),
            Some("2025-09-16T09:54:59Z"),
            "{seed}"
        );
        let duration = incident["metrics"]["impact_duration_s"].as_f64();
        assert!(
            duration.is_some_and(|d| (899.0..=900.0).contains(&d)),
            "{duration:?}"
        );
        // Failures are told by status: the access log has no level.
        let failed = incident["impact"]["requests_failed"]
            .as_f64()
            .unwrap_or(0.0);
        assert!((failed - 1080.0).abs() < 3.0, "{seed}: {failed}");
        let names: Vec<&Json> = incident["services"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|s| &s["name"])
            .collect();
        assert!(
            !names.contains(&&Json::from("web")),
            "{seed}: a false cascade: {names:?}"
        );
        let timeline = incident["timeline"].as_array().expect("a timeline");
        assert!(!timeline.is_empty());
        for moment in timeline {
            let time = moment["time"].as_str().unwrap_or("");
            assert!(time >= "2025-09-16T09:40:00", "{seed}: {moment}");
        }
    }
}

/// An access log has no level: that a request failed is told by its status.
#[test]
fn a_status_of_503_is_a_failure_without_any_other_log() {
    let folder = scratch();
    outage(&folder, 7);
    let access = format!("{}/edge-access.log", path(&folder));
    let report = run(&[&access, "--window", "--format", "json"]).json();
    let incident = &report["incidents"][0];
    assert_eq!(
        incident["milestones"]["impact_start"]["time"], "2025-09-16T09:40:00Z",
        "{report}"
    );
    let impact = &incident["impact"];
    assert_eq!(impact["requests_failed"], 1080, "{impact}");
    let mean = impact["error_rate_mean"].as_f64();
    assert!(mean.is_some_and(|m| (m - 0.6).abs() < 0.01), "{mean:?}");
}
