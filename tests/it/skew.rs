//! Clocks set by the ids that several of them wrote: zones, years, and hosts that are wrong.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use tempfile::TempDir;

const MORNING: &str = "2025-03-11T06:30:00Z";

/// When request `n` reaches the front door: every 4.3 seconds.
fn arrives(n: i64) -> DateTime<Utc> {
    let morning: DateTime<Utc> = MORNING.parse().expect("a time");
    morning + TimeDelta::milliseconds(n * 4300)
}

fn id(n: i64) -> String {
    format!(
        "{:08x}-{n:04x}",
        n.wrapping_mul(2_654_435_761) & 0xffff_ffff
    )
}

/// The front door, which knows the time: it logs when a request comes and when it is answered.
fn door(folder: &TempDir, count: i64) {
    let mut log = String::new();
    for n in 0..count {
        for (after, word) in [(0, "accepted"), (350, "answered")] {
            let time = arrives(n) + TimeDelta::milliseconds(after);
            let time = time.format("%Y-%m-%dT%H:%M:%S%.3fZ");
            let _ = writeln!(
                log,
                "ts={time} level=info svc=door host=door-1 msg=\"{word}\" request_id={}",
                id(n)
            );
        }
    }
    put(folder, "door.log", log);
}

/// A service behind it, on a host whose clock is ahead; it is asked after 40 ms.
fn behind(folder: &TempDir, name: &str, count: i64, ahead: impl Fn(i64) -> i64) {
    let mut log = String::new();
    for n in 0..count {
        let time = arrives(n) + TimeDelta::milliseconds(40 + n * 13 % 200 + ahead(n));
        let time = time.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let request = id(n);
        let _ = writeln!(
            log,
            "{{\"time\":\"{time}\",\"level\":\"info\",\"host\":\"{name}\",\"service\":\"{name}\",\
             \"msg\":\"worked\",\"request_id\":\"{request}\"}}"
        );
    }
    put(folder, &format!("{name}.jsonl"), log);
}

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().expect("a UTF-8 path")
}

fn report(folder: &TempDir, options: &[&str]) -> Json {
    run(&[&[path(folder), "--format", "json"], options].concat()).json()
}

fn clock(report: &Json, host: &str) -> Json {
    let clocks = report["clocks"].as_array().expect("a table");
    let row = clocks.iter().find(|c| c["host"] == host);
    row.unwrap_or_else(|| panic!("{host} is not among {clocks:?}"))
        .clone()
}

/// The order in which the first requests pass the services.
fn passage(folder: &TempDir) -> Vec<String> {
    let events = run(&["events", path(folder)]).json_lines();
    let service = |e: &Json| e["service"].as_str().unwrap_or("none").to_owned();
    events.iter().take(6).map(service).collect()
}

#[test]
fn a_clock_that_is_ahead_is_set_back_and_shown() {
    let folder = scratch();
    door(&folder, 40);
    behind(&folder, "stock", 40, |_| 83_000);
    behind(&folder, "price", 40, |_| -2_500);
    behind(&folder, "labels", 40, |_| 300);
    let report = report(&folder, &[]);
    for (host, offset, applied) in [
        ("door-1", 0.0, false),
        ("stock", 83.0, true),
        ("price", -2.5, true),
        ("labels", 0.0, false),
    ] {
        let row = clock(&report, host);
        let found = row["offset_s"].as_f64().expect("an offset");
        assert!((found - offset).abs() < 0.4, "{host}: {row}");
        assert_eq!(row["applied"], applied, "{host}: {row}");
        let (low, high) = (&row["bounds"][0], &row["bounds"][1]);
        let within = low.as_f64() <= Some(found) && Some(found) <= high.as_f64();
        assert!(within, "{host}: {row}");
    }
    assert_eq!(clock(&report, "stock")["ids"], 40);
    // Each request passes the door, the services, and the door again.
    let order = passage(&folder);
    assert_eq!((&*order[0], &*order[4]), ("door", "door"), "{order:?}");
    let explained = run(&["explain", path(&folder)]).stdout;
    assert!(explained.contains("ahead: corrected"), "{explained}");
    let draft = run(&[path(&folder)]).stdout;
    let row = draft.lines().find(|l| l.starts_with("| stock |"));
    assert!(
        row.is_some_and(|r| r.contains("ahead: corrected")),
        "{draft}"
    );
    // What is cited is what was written.
    let written = run(&["events", path(&folder)]).json_lines();
    let stock = written
        .iter()
        .find(|e| e["service"] == "stock")
        .expect("an entry");
    assert_eq!(stock["source"]["line"], 1);
    assert!(
        stock["clock_ahead_s"]
            .as_f64()
            .is_some_and(|s| (s - 83.0).abs() < 0.4),
        "{stock}"
    );
}

#[test]
fn too_few_ids_and_queues_and_drift_correct_nothing() {
    let folder = scratch();
    door(&folder, 60);
    behind(&folder, "rare", 9, |_| 60_000);
    behind(&folder, "queue", 60, |n| n * 7919 % 45_000);
    behind(&folder, "drifter", 60, |n| n * 500);
    let report = report(&folder, &[]);
    let clocks = report["clocks"].as_array().expect("a table");
    assert!(clocks.iter().all(|c| c["host"] != "rare"), "{clocks:?}");
    let queue = clock(&report, "queue");
    assert_eq!(
        (&queue["offset_s"], &queue["applied"]),
        (&Json::Null, &false.into())
    );
    assert!(queue["bounds"][1].as_f64() > Some(30.0), "{queue}");
    assert_eq!(clock(&report, "drifter")["applied"], false);
}

#[test]
fn a_clock_that_is_set_half_way_is_said_to_drift() {
    let folder = scratch();
    door(&folder, 60);
    behind(&folder, "stock", 60, |n| if n < 30 { 0 } else { 20_000 });
    let row = clock(&report(&folder, &[]), "stock");
    assert_eq!(row["applied"], false);
    let drift = row["drift_s"].as_f64().expect("a drift");
    assert!((drift - 20.0).abs() < 1.0, "{row}");
}

/// A file that states no zone, on a host in Tokyo.
fn tokyo(folder: &TempDir, count: i64, ahead: i64) {
    let mut log = String::new();
    for n in 0..count {
        let time = arrives(n) + TimeDelta::milliseconds(120 + 9 * 3_600_000 + ahead);
        let time = time.format("%Y-%m-%d %H:%M:%S%.3f");
        let _ = writeln!(
            log,
            "{time} INFO  [w-1] c.e.Post - sent request_id={}",
            id(n)
        );
    }
    put(folder, "post.log", log);
}

#[test]
fn a_zone_is_found_from_twenty_shared_ids() {
    for (count, ahead, zone, basis) in [
        (20, 0, "+09:00", "shared-ids"),
        (40, 70_000, "+09:00", "shared-ids"),
        (19, 0, "UTC", "assumed"),
    ] {
        let folder = scratch();
        door(&folder, 40);
        tokyo(&folder, count, ahead);
        let report = report(&folder, &[]);
        let inputs = report["inputs"].as_array().expect("inputs");
        let post = inputs.last().expect("door.log and post.log");
        assert_eq!(
            (&post["zone"], &post["zone_basis"]),
            (&zone.into(), &basis.into()),
            "{post}"
        );
        let zoned = zone != "UTC";
        let first = post["first"].as_str().expect("a time");
        assert_eq!(first.starts_with("2025-03-11T06:30:00"), zoned, "{first}");
        // What people say outranks what is found.
        let said = run(&[path(&folder), "--format", "json", "--input-zone", "-01:00"]).json();
        assert_eq!(said["inputs"][1]["zone_basis"], "flag");
        assert_eq!(said["inputs"][1]["zone"], "-01:00");
    }
}

#[test]
fn a_year_is_found_from_shared_ids() {
    let folder = scratch();
    door(&folder, 30);
    // Another dated input would put it a year later.
    put(
        &folder,
        "audit.log",
        "ts=2026-03-11T06:31:00Z level=info msg=\"looked at again\"\n",
    );
    let mut log = String::new();
    for n in 0..30 {
        let time = (arrives(n) + TimeDelta::milliseconds(90)).format("%b %e %H:%M:%S");
        let _ = writeln!(log, "{time} box7 mailer[4]: queued trace_id={}", id(n));
    }
    put(&folder, "messages", log);
    let report = report(&folder, &[]);
    let inputs = report["inputs"].as_array().expect("inputs");
    let syslog = inputs.last().expect("three inputs");
    assert_eq!(syslog["year_basis"], "shared-ids", "{syslog}");
    assert_eq!(syslog["first"], "2025-03-11T06:30:00Z", "{syslog}");
}

#[test]
fn files_without_any_zone_agree_with_each_other() {
    let folder = scratch();
    tokyo(&folder, 30, 0);
    let mut log = String::new();
    for n in 0..30 {
        let time = (arrives(n) + TimeDelta::milliseconds(90)).format("%Y-%m-%d %H:%M:%S%.3f");
        let _ = writeln!(
            log,
            "{time} INFO  [w-2] c.e.Desk - took request_id={}",
            id(n)
        );
    }
    put(&folder, "desk.log", log);
    let report = report(&folder, &[]);
    assert_eq!(report["inputs"][0]["zone_basis"], "assumed");
    assert_eq!(report["inputs"][1]["zone"], "+09:00");
    assert_eq!(report["inputs"][1]["zone_basis"], "shared-ids");
}

#[test]
fn threads_chunks_and_the_order_of_arguments_do_not_show() {
    let folder = scratch();
    door(&folder, 3000);
    behind(&folder, "stock", 3000, |_| 83_000);
    tokyo(&folder, 3000, 5_000);
    let files = ["post.log", "stock.jsonl", "door.log"].map(|f| format!("{}/{f}", path(&folder)));
    let files = files.each_ref().map(String::as_str);
    for job in [&["explain"][..], &["events"]] {
        let plain = run(&[job, &[path(&folder), "-j", "1"]].concat()).stdout;
        assert!(plain.contains("door"));
        for way in [["-j", "4", "--chunk", "64"], ["-j", "1", "--chunk", "1"]] {
            let other = run(&[job, &files[..], &way[..]].concat()).stdout;
            assert!(plain == other, "{job:?} {way:?} differs");
        }
    }
}
