//! `recon events`: one order over all inputs, the same in every form, on any machine.

use super::util::{put, run, run_in, samples, scratch};
use std::fmt::Write as _;

/// Two services that log at the same time, one of them out of order and with a stack trace, and
/// a third that states no time in between.
fn folder() -> tempfile::TempDir {
    let folder = scratch();
    let (mut kiosk, mut depot) = (String::new(), String::new());
    for n in 0..4000 {
        // 7919 is prime to 4000: every second comes once, none in its place.
        let (s, t) = (n, n * 7919 % 4000);
        let _ = writeln!(
            kiosk,
            "ts=2031-05-06T{:02}:{:02}:{:02}.000Z level=info svc=kiosk msg=\"ticket {n} sold, €{n}\"",
            7 + s / 3600,
            s / 60 % 60,
            s % 60
        );
        let _ = writeln!(
            depot,
            "2031-05-06 {:02}:{:02}:{:02},250 ERROR [main] a.b.Depot - tram {n} is late\n\
             \tat a.b.Depot.leave(Depot.java:{n})",
            7 + t / 3600,
            t / 60 % 60,
            t % 60
        );
    }
    put(&folder, "kiosk.log", kiosk);
    put(&folder, "depot.log", depot);
    folder
}

#[test]
fn entries_of_all_inputs_have_one_order() {
    let folder = folder();
    let entries = run_in(folder.path(), &["events", "kiosk.log", "depot.log"]).json_lines();
    assert_eq!(entries.len(), 8000);
    let times: Vec<&str> = entries.iter().filter_map(|e| e["time"].as_str()).collect();
    assert_eq!(times.len(), 8000);
    assert!(times.is_sorted());
    let first = &entries[1];
    assert_eq!(first["source"]["line"], 1);
    assert_eq!(first["source"]["line_last"], 2);
    assert_eq!(first["fields"]["logger"], "a.b.Depot");
}

#[test]
fn threads_chunks_and_memory_change_no_byte() {
    let folder = folder();
    for format in ["jsonl", "csv", "timesketch"] {
        let written = |more: &[&str]| {
            let mut arguments = vec!["events", ".", "--format", format];
            arguments.extend(more);
            let ran = run_in(folder.path(), &arguments);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            ran.stdout
        };
        let whole = written(&["-j", "1"]);
        assert!(whole.len() > 500_000, "{}", whole.len());
        // With a kilobyte of memory everything that waits waits in files.
        for more in [
            &["-j", "3", "--chunk", "16"][..],
            &["-j", "2", "--chunk", "64", "--memory", "1K"],
            &["--memory", "300K", "--chunk", "8"],
        ] {
            assert_eq!(written(more).len(), whole.len(), "{format} {more:?}");
            assert!(written(more) == whole, "{format} {more:?}");
        }
    }
}

#[test]
fn an_entry_without_time_follows_the_one_before_it() {
    let folder = scratch();
    put(
        &folder,
        "a.log",
        "booting\n070002 up\nlistening\n070004 down\n",
    );
    put(&folder, "b.log", "070003 between\n");
    let declared = "[[format]]\n\
                    name = 'kiosk'\n\
                    pattern = '(?:(?<time>\\d+) )?(?<message>[a-z]+)'\n\
                    time = '%H%M%S'\n\
                    samples = [{ line = '070002 up', message = 'up' }]\n\
                    [[format]]\n\
                    name = 'day'\n\
                    pattern = '(?<time>\\d\\S+Z) (?<message>\\w+)'\n\
                    samples = [{ line = '2031-05-06T06:00:00Z up' }]\n";
    put(&folder, "recon.toml", declared);
    put(&folder, "c.log", "2031-05-06T07:00:05Z dated\n");
    let said = |format: &str| -> Vec<String> {
        let ran = run_in(
            folder.path(),
            &["events", "a.log", "b.log", "c.log", "--format", format],
        );
        let said = |e: &serde_json::Value| e["message"].as_str().map(str::to_owned);
        ran.json_lines().iter().filter_map(said).collect()
    };
    let order = ["booting", "up", "listening", "between", "down", "dated"];
    assert_eq!(said("jsonl"), order);
    // Timesketch takes no event without an instant; one that follows another borrows its.
    assert_eq!(said("timesketch"), order[1..]);
    let told = run_in(
        folder.path(),
        &["events", "a.log", "c.log", "--format", "timesketch"],
    );
    assert!(
        told.stderr.contains("1 entries without an instant"),
        "{}",
        told.stderr
    );
    let second = &told.json_lines()[1];
    assert_eq!(second["datetime"], "2031-05-06T07:00:02.000000000+00:00");
    assert!(
        second["timestamp_desc"]
            .as_str()
            .is_some_and(|d| d.starts_with("Not stated"))
    );
}

#[test]
fn forms_say_the_same() {
    let all = samples();
    let sample = all.iter().find(|s| s.is_incident()).expect("an incident");
    let count = |format: &str| {
        let ran = run(&["events", &sample.folder, "--format", format, "-q"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let jsonl = count("jsonl").lines().count();
    let csv = count("csv");
    assert!(csv.starts_with("time,level,service,"), "{csv:.200}");
    // A row ends with CR LF, a line break inside a cell is a bare LF.
    assert_eq!(csv.matches("\r\n").count(), jsonl + 1);
    for line in count("timesketch").lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        for needed in ["message", "datetime", "timestamp", "timestamp_desc"] {
            assert!(!event[needed].is_null(), "{needed}: {line}");
        }
    }
}

#[test]
fn a_sheet_runs_nothing_that_a_stranger_typed() {
    let folder = scratch();
    let log = put(
        &folder,
        "kiosk.log",
        "ts=2031-05-06T07:00:00Z level=info svc=kiosk msg=\"=HYPERLINK(1,2)\"\n",
    );
    let to = folder.path().join("events.csv");
    let to = to.to_str().expect("UTF-8");
    assert_eq!(run(&["events", &log, "-o", to]).code, 0);
    let csv = std::fs::read_to_string(to).expect("written");
    assert!(csv.contains(",\"'=HYPERLINK(1,2)\","), "{csv}");
}

#[test]
#[cfg(feature = "tables")]
fn parquet_is_written_by_the_ending() {
    let folder = folder();
    let written = run_in(
        folder.path(),
        &["events", "kiosk.log", "-o", "events.parquet"],
    );
    assert_eq!(written.code, 0, "{}", written.stderr);
    let bytes = std::fs::read(folder.path().join("events.parquet")).expect("written");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
#[cfg(not(feature = "tables"))]
fn without_tables_parquet_says_what_to_do() {
    let folder = folder();
    let written = run_in(
        folder.path(),
        &["events", "kiosk.log", "-o", "events.parquet"],
    );
    assert_eq!(written.code, 2);
    assert!(
        written.stderr.contains("--format csv"),
        "{}",
        written.stderr
    );
    assert!(!folder.path().join("events.parquet").exists());
}
