//! Requests that stand in free text, and errors beside requests that somebody else counts.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use tempfile::TempDir;

/// Two hours of a second's steps, and the time in them in which it goes wrong.
const SECONDS: i64 = 7200;
const WRONG: std::ops::Range<i64> = 3600..4500;

fn at(second: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2024-09-12T08:00:00Z".parse().expect("a time");
    start + TimeDelta::seconds(second)
}

/// A log of every `step`-th second.
fn log(step: usize, line: impl Fn(i64, DateTime<Utc>) -> String) -> String {
    let mut all = String::new();
    for second in (0..SECONDS).step_by(step) {
        writeln!(all, "{}", line(second, at(second))).expect("room");
    }
    all
}

/// The incidents in some files of a folder.
fn incidents(folder: &TempDir, names: &[&str]) -> Vec<Json> {
    let path = |name: &&str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let mut arguments: Vec<String> = names.iter().map(path).collect();
    arguments.extend(["--window", "--format", "json"].map(str::to_owned));
    let report = run(&arguments).json();
    report["incidents"].as_array().expect("incidents").clone()
}

fn kiosk(second: i64, now: DateTime<Utc>) -> String {
    let wrong = WRONG.contains(&second) && second % 3 == 0;
    let (level, status) = if wrong { ("ERROR", 503) } else { ("INFO", 200) };
    let (seat, user) = (second % 40, second % 97);
    let now = now.format("%Y-%m-%d %H:%M:%S%.3f");
    format!("[{now}] [{level}] [kiosk] PUT /seats/{seat} -> {status} in 18ms user=v{user:02}")
}

#[test]
fn requests_in_words_are_counted_like_any() {
    let folder = scratch();
    put(&folder, "kiosk.log", log(1, kiosk));
    let all = incidents(&folder, &["kiosk.log"]);
    let [one] = all.as_slice() else {
        panic!("one incident: {all:?}");
    };
    let (from, to) = (WRONG.start, WRONG.end);
    assert_eq!(one["impact"]["requests_failed"], (to - from) / 3);
    assert_eq!(
        one["milestones"]["impact_start"]["time"],
        "2024-09-12T09:00:00Z"
    );
    assert!(
        one["impact"]["users_affected"].as_u64() > Some(90),
        "{}",
        one["impact"]
    );
}

#[test]
fn calls_to_others_are_nobody_s_requests() {
    let folder = scratch();
    let line = |second: i64, now: DateTime<Utc>| {
        let now = now.format("%Y-%m-%d %H:%M:%S%.3f");
        match WRONG.contains(&second) && second % 3 == 0 {
            true => format!("[{now}] [WARN] [kiosk] upstream POST /holds -> 503 in 18ms"),
            false => format!(
                "[{now}] [INFO] [kiosk] POST /seats/{} -> 200 in 18ms",
                second % 40
            ),
        }
    };
    put(&folder, "kiosk.log", log(1, line));
    assert_eq!(incidents(&folder, &["kiosk.log"]), Vec::<Json>::new());
}

/// A service of which only errors tell how its requests fare.
fn turnstile(second: i64, now: DateTime<Utc>) -> String {
    let now = now.format("%Y-%m-%d %H:%M:%S%.3f");
    match WRONG.contains(&second) && second % 4 == 0 {
        true => format!("[{now}] [ERROR] [turnstile] gate did not open: no answer from the reader"),
        false => format!(
            "[{now}] [INFO] [turnstile] gate opened for pass {}",
            second % 83
        ),
    }
}

/// A service that is well, and counts its requests.
fn well(name: &'static str) -> impl Fn(i64, DateTime<Utc>) -> String {
    move |second, now| {
        let now = now.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let id = second % 61;
        format!(
            r#"{{"time":"{now}","level":"info","service":"{name}","msg":"ok","method":"GET","path":"/passes/{id}","status":200,"duration_ms":7}}"#
        )
    }
}

#[test]
fn a_healthy_service_behind_does_not_make_an_incident_vanish() {
    let folder = scratch();
    put(&folder, "turnstile.log", log(2, turnstile));
    put(&folder, "passes.json.log", log(9, well("passes")));
    assert_eq!(incidents(&folder, &["turnstile.log"]).len(), 1);
    assert_eq!(
        incidents(&folder, &["turnstile.log", "passes.json.log"]).len(),
        1
    );
}

#[test]
fn errors_of_a_small_job_are_no_incident_where_busier_requests_go_well() {
    let folder = scratch();
    put(&folder, "turnstile.log", log(2, turnstile));
    put(&folder, "front.json.log", log(1, well("front")));
    let all = incidents(&folder, &["turnstile.log", "front.json.log"]);
    assert_eq!(all, Vec::<Json>::new());
}

#[test]
fn requests_that_ended_before_the_errors_say_nothing_of_them() {
    let folder = scratch();
    put(&folder, "turnstile.log", log(2, turnstile));
    let early = log(1, well("front"));
    let early: Vec<&str> = early.lines().take(3000).collect();
    put(&folder, "front.json.log", early.join("\n") + "\n");
    let all = incidents(&folder, &["turnstile.log", "front.json.log"]);
    assert_eq!(all.len(), 1);
}

/// A shop's log, and one of its staging, in which every order fails for half an hour.
fn shops(folder: &TempDir, staged: &str) {
    let line = |second: i64, now: DateTime<Utc>, wrong: bool| {
        let (level, status) = if wrong { ("error", 500) } else { ("info", 200) };
        let now = now.format("%Y-%m-%dT%H:%M:%SZ");
        format!(
            r#"{{"time":"{now}","level":"{level}","service":"orders","method":"PUT","path":"/orders","status":{status},"user_id":"u{}"}}"#,
            second % 53
        )
    };
    put(folder, "orders.jsonl", log(2, |s, now| line(s, now, false)));
    let failing = |s: i64, now| line(s, now, WRONG.contains(&s));
    put(folder, staged, log(3, failing));
}

#[test]
fn what_fails_in_staging_is_told_of_and_is_no_incident() {
    let folder = scratch();
    shops(&folder, "staging-orders.jsonl");
    let path = folder.path().to_str().expect("UTF-8");
    let report = run(&[path, "--window", "--format", "json"]).json();
    assert_eq!(report["incidents"], serde_json::json!([]));
    let told = report["notices"].to_string();
    assert!(
        told.contains("Failures of staging-orders rose where no user is"),
        "{told}"
    );
}

#[test]
fn the_same_where_users_are_or_where_nothing_else_is_known_is_one() {
    let folder = scratch();
    shops(&folder, "billing-orders.jsonl");
    let all = incidents(&folder, &["orders.jsonl", "billing-orders.jsonl"]);
    assert_eq!(all.len(), 1, "{all:?}");
    let folder = scratch();
    shops(&folder, "staging-orders.jsonl");
    assert_eq!(incidents(&folder, &["staging-orders.jsonl"]).len(), 1);
}

#[test]
fn errors_as_many_as_requests_hurt_where_a_service_logs_only_what_went_well() {
    let errors = |each: i64| {
        let folder = scratch();
        let line = move |second: i64, now: DateTime<Utc>| {
            let now = now.format("%Y-%m-%d %H:%M:%S%.3f");
            let served = format!(
                "[{now}] [INFO] [kiosk] PUT /seats/{} -> 200 in 18ms",
                second % 40
            );
            match WRONG.contains(&second) && second % each == 0 {
                true => format!("{served}\n[{now}] [ERROR] [kiosk] seat was not written: no room"),
                false => served,
            }
        };
        put(&folder, "kiosk.log", log(5, line));
        incidents(&folder, &["kiosk.log"]).len()
    };
    assert_eq!(errors(5), 1);
    assert_eq!(errors(40), 0);
}

/// A gate whose log names neither users nor addresses, but whose badge was held to it, for half an
/// hour of which it is broken for ten minutes.
fn gate(field: &str, badges: u32) -> String {
    let mut log = String::new();
    for n in 0..1800u32 {
        let failed = (600..1200).contains(&n) && n % 4 != 0;
        let (level, status) = if failed {
            ("ERROR", 500)
        } else {
            ("INFO", 200)
        };
        writeln!(
            log,
            "2025-06-03T07:{:02}:{:02}.{:03}Z {level} gate POST /open/side {status} {}ms {field}=HK{}",
            n / 60,
            n % 60,
            n % 997,
            n % 40 + 3,
            4000 + n * 7 % badges
        )
        .expect("room");
    }
    log
}

#[test]
fn who_asks_is_told_by_the_values_of_a_field() {
    let impact = |field: &str, badges: u32| {
        let folder = scratch();
        put(&folder, "gate.log", gate(field, badges));
        let path = folder.path().to_str().expect("a UTF-8 path");
        let report = run(&[path, "--format", "json", "-q"]).json();
        report["incidents"][0]["impact"].clone()
    };
    let told = impact("badge", 150);
    assert_eq!(told["users_affected"], 150, "{told}");
    let basis = told["basis"].as_str().unwrap_or_default();
    assert!(basis.contains("told apart by `badge`"), "{basis}");
    // Ids of requests are new in every line, doors are few, and orders are nobody.
    for (field, badges) in [("nr", 100_000), ("door", 6), ("order", 150)] {
        let told = impact(field, badges);
        assert!(told["users_affected"].is_null(), "{field}: {told}");
    }
    let named = impact("passenger", 150);
    assert_eq!(named["users_affected"], 150, "{named}");
    let basis = named["basis"].as_str().unwrap_or_default();
    assert!(basis.contains("told apart by user ids"), "{basis}");
}
