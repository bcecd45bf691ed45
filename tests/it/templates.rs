//! `recon templates`: how often, since when, by whom, and what a window changed.

use super::util::{run, run_in};
use std::fs;
use tempfile::TempDir;

/// A day with one line a minute, and one hour with forty lines of something else.
fn a_day() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let mut log = String::new();
    for minute in 0..1440 {
        let (h, m) = (minute / 60, minute % 60);
        log += &format!(
            "2024-03-05T{h:02}:{m:02}:00Z INFO cart: checkout {minute} done in {}ms\n",
            10 + m
        );
        if h == 9 && m < 40 {
            log += &format!(
                "2024-03-05T{h:02}:{m:02}:30Z ERROR cart: =cmd|' lost stock lock of item {m}\n"
            );
        }
    }
    fs::write(folder.path().join("cart.log"), log).expect("written");
    folder
}

#[test]
fn what_is_new_in_a_window_comes_first() {
    let folder = a_day();
    let arguments = ["templates", "cart.log", "--format", "json"];
    let window = ["--window", "09:00..10:00"];
    let ran = run_in(folder.path(), &[&arguments[..], &window].concat());
    let report = ran.json();
    assert_eq!(report["schema"], "recon.templates/1");
    let rows = report["templates"].as_array().expect("rows");
    assert_eq!(rows.len(), 2, "{report:#}");
    assert_eq!(rows[0]["change"], "new");
    assert_eq!(rows[0]["count"], 40);
    assert_eq!(rows[0]["inside"], 40);
    assert_eq!(rows[0]["level"], "error");
    assert_eq!(rows[0]["first"], "2024-03-05T09:00:30Z");
    assert_eq!(rows[0]["exemplar"]["line"], 542);
    assert_eq!(rows[1]["change"], "same");
    assert_eq!(rows[1]["count"], 1440);
}

#[test]
fn a_window_that_holds_everything_compares_nothing() {
    let folder = a_day();
    let ran = run_in(
        folder.path(),
        &[
            "templates",
            "cart.log",
            "--window",
            "30h",
            "--format",
            "json",
        ],
    );
    assert!(ran.stderr.contains("nothing to compare"), "{}", ran.stderr);
    assert!(ran.json()["templates"][0]["change"].is_null());
}

#[test]
fn cells_are_no_formulas() {
    let folder = TempDir::new().expect("a folder");
    let line = "2024-03-05T09:00:00Z ERROR =cmd|' /c calc'!A1\n";
    fs::write(folder.path().join("x.log"), line).expect("written");
    let ran = run_in(folder.path(), &["templates", "x.log", "--format", "csv"]);
    assert!(!ran.stdout.contains(",="), "{}", ran.stdout);
}

#[test]
fn the_table_says_what_it_leaves_out() {
    let ran = run(&[
        "templates",
        "samples/incidents/002-token-rollback",
        "-n",
        "3",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 5);
    assert!(ran.stdout.contains("more: --top 0 shows all"));
}
