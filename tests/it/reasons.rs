//! `recon explain --incident`: why each milestone stands where it does.

use super::util::{put, run, run_in, scratch};
use serde_json::Value;

const SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/samples/incidents/002-token-rollback"
);

fn told() -> Value {
    let ran = run(&["explain", SAMPLE, "--incident", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

/// The reasons are of the times that the report tells, and each cites a place.
#[test]
fn reasons_are_of_the_report() {
    let reasons = told();
    let report = run(&[SAMPLE, "--format", "json", "--quiet"]);
    let report: Value = serde_json::from_str(&report.stdout).expect("a report");
    let incident = &reasons["incidents"][0];
    let own = &report["incidents"][0];
    assert_eq!(incident["id"], own["id"]);
    let marks = incident["milestones"].as_object().expect("milestones");
    assert_eq!(
        marks.len(),
        own["milestones"].as_object().expect("those").len()
    );
    for (name, mark) in marks {
        assert_eq!(mark["time"], own["milestones"][name]["time"], "{name}");
        assert!(
            mark["evidence"][0]["line"].as_u64().is_some_and(|l| l > 0),
            "{name}"
        );
        assert!(
            mark["because"].as_str().is_some_and(|b| b.len() > 10),
            "{name}"
        );
        let sure = ["high", "medium", "low"];
        assert!(
            sure.iter().any(|s| mark["confidence"] == *s),
            "{name}: {mark}"
        );
    }
    // What is not there is listed with what was looked for.
    let missing = incident["missing"].as_array().expect("a list");
    assert_eq!(marks.len() + missing.len(), 14);
}

#[test]
fn people_read_rule_and_evidence() {
    let ran = run(&["explain", SAMPLE, "--incident"]);
    for wanted in [
        "impact_start\n",
        "  rule        error-burst: ",
        "  evidence  ",
        "  preferred   ",
        "  not chosen  ",
        "suspect 1 ",
    ] {
        assert!(ran.stdout.contains(wanted), "{wanted}\n{}", ran.stdout);
    }
}

/// What `--incident` took but is a path goes back to the inputs; an id that there is not is an error
/// that says which there are.
#[test]
fn an_incident_is_chosen_by_its_id() {
    let all = told();
    let id = all["incidents"][0]["id"].as_str().expect("an id");
    let one = run(&["explain", SAMPLE, "--incident", id]);
    assert!(one.stdout.starts_with(id), "{}", one.stdout);
    let path = run(&["explain", "--incident", SAMPLE]);
    assert_eq!(path.stdout, run(&["explain", SAMPLE, "--incident"]).stdout);
    let none = run(&["explain", SAMPLE, "--incident", "no-such"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains(id), "{}", none.stderr);
}

#[test]
fn a_quiet_log_has_nothing_to_explain() {
    let folder = scratch();
    put(
        &folder,
        "a.log",
        "ts=2025-05-06T08:00:00Z level=info svc=kiln msg=ready\n",
    );
    let ran = run_in(folder.path(), &["explain", "a.log", "--incident"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
}
