//! Dates of numbers alone: which of them is the day and which the month is told by the file itself, by the
//! other inputs, or by nothing, which is said.

use super::util::{put, run, scratch};
use serde_json::Value as Json;
use tempfile::TempDir;

/// The times of `recon events`, as printed.
fn times(arguments: &[&str]) -> Vec<String> {
    let ran = run(&[&["events"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let time = |e: &Json| e["time"].as_str().unwrap_or("none").to_owned();
    ran.json_lines().iter().map(time).collect()
}

fn report(folder: &TempDir) -> Json {
    let path = folder.path().to_str().expect("a UTF-8 path");
    run(&[path, "--format", "json"]).json()
}

/// The first and the last time of a file of a folder.
fn dated(folder: &TempDir, name: &str) -> (String, String) {
    let report = report(folder);
    let inputs = report["inputs"].as_array().expect("inputs");
    let named = |i: &&Json| i["path"].as_str().is_some_and(|p| p.ends_with(name));
    let input = inputs.iter().find(named).expect("the file");
    let text = |key: &str| input[key].as_str().unwrap_or("none").to_owned();
    (text("first"), text("last"))
}

/// A telephone's copy of a chat, with dates as its owner writes them.
fn chat(day: &str, tail: &str) -> String {
    let said = [
        ("09:40:50", "Ilka", "cannot reach the depot, anybody else?"),
        ("09:43:02", "Rune", "same here, looking"),
        ("09:51:30", "Ilka", "thanks, the drivers are waiting"),
        ("10:02:11", "Rune", "restarted the router, better now?"),
        ("10:03:40", "Ilka", "yes, all good again"),
    ];
    let line =
        |(at, who, what): &(&str, &str, &str)| format!("[{day}, {at}{tail}] {who}: {what}\n");
    said.iter().map(line).collect()
}

const MAY_SEVENTH: &str = "\
2024-05-07T09:38:00Z INFO depot started
2024-05-07T09:39:00Z ERROR depot cannot route
2024-05-07T10:01:00Z INFO depot routes again
";

fn notices(folder: &TempDir) -> Vec<String> {
    let report = report(folder);
    let all = report["notices"].as_array().expect("notices");
    let text = |n: &Json| n["message"].as_str().unwrap_or_default().to_owned();
    let about = |t: &String| t.contains("day first");
    all.iter().map(text).filter(about).collect()
}

#[test]
fn days_and_months_are_told_apart_by_the_other_inputs() {
    for (day, tail) in [
        ("07/05/2024", ""),
        ("05/07/2024", " AM"),
        ("05/07/2024", ""),
        ("07-05-2024", ""),
    ] {
        let folder = scratch();
        put(&folder, "chat.txt", chat(day, tail));
        put(&folder, "depot.log", MAY_SEVENTH);
        let (first, last) = dated(&folder, "chat.txt");
        let said = (first.as_str(), last.as_str());
        assert_eq!(
            said,
            ("2024-05-07T09:40:50Z", "2024-05-07T10:03:40Z"),
            "{day}"
        );
        let told = notices(&folder);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("nearest to dated entries of the inputs"),
            "{told:?}"
        );
    }
}

#[test]
fn what_a_file_tells_of_its_days_and_months_outranks_the_other_inputs() {
    // The 7th is followed by the 13th, by the 8th, and dots are written behind days.
    let thirteenth = "[13/05/2024, 10:00:00] Rune: and again today\n";
    let eighth = "[08/05/2024, 10:00:00] Rune: and again today\n";
    for (day, more) in [
        ("07/05/2024", thirteenth),
        ("07/05/2024", eighth),
        ("07.05.2024", ""),
    ] {
        let folder = scratch();
        put(&folder, "chat.txt", &(chat(day, "") + more));
        put(
            &folder,
            "depot.log",
            MAY_SEVENTH.replace("-05-07", "-07-05"),
        );
        assert_eq!(
            dated(&folder, "chat.txt").0,
            "2024-05-07T09:40:50Z",
            "{day}"
        );
        assert_eq!(notices(&folder), [""; 0], "{day}");
    }
}

#[test]
fn days_and_months_that_nothing_tells_apart_are_said_to_be_guessed() {
    for (day, tail, first) in [
        ("07/05/2024", "", "2024-05-07T09:40:50Z"),
        ("05/07/2024", " AM", "2024-05-07T09:40:50Z"),
    ] {
        let folder = scratch();
        put(&folder, "chat.txt", chat(day, tail));
        assert_eq!(dated(&folder, "chat.txt").0, first);
        let told = notices(&folder);
        assert!(
            told.len() == 1 && told[0].contains("nothing in the inputs tells"),
            "{told:?}"
        );
    }
}

#[test]
fn logs_and_tables_with_such_dates_are_read_alike() {
    let log = "07/05/2024 09:38:00 INFO gate started\n07/05/2024 09:39:00 ERROR gate jammed\n";
    let csv = "number,opened_at,short_description,priority,state\n\
        TKT01,07/05/2024 09:44:00,Cannot enter,2 - High,New\n\
        TKT02,07/05/2024 09:47:10,Gate is shut,2 - High,New\n";
    let json = "{\"time\":\"07/05/2024 09:40:00\",\"level\":\"error\",\"msg\":\"jammed\"}\n";
    let folder = scratch();
    put(&folder, "gate.log", log);
    put(&folder, "tickets.csv", csv);
    put(&folder, "turnstile.jsonl", json);
    put(&folder, "depot.log", MAY_SEVENTH);
    for (name, first) in [
        ("gate.log", "2024-05-07T09:38:00Z"),
        ("tickets.csv", "2024-05-07T09:44:00Z"),
        ("turnstile.jsonl", "2024-05-07T09:40:00Z"),
    ] {
        assert_eq!(dated(&folder, name).0, first, "{name}");
    }
    // The order of the arguments says nothing.
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let names = ["gate.log", "tickets.csv", "turnstile.jsonl", "depot.log"].map(path);
    let mut given: Vec<&str> = names.iter().map(String::as_str).collect();
    let forth = times(&given);
    given.reverse();
    assert_eq!(times(&given), forth);
    assert!(
        forth.iter().all(|t| t.starts_with("2024-05-07")),
        "{forth:?}"
    );
}
