//! `recon metrics`: inputs, earlier reports, and both at once.

use super::util::{put, run, samples, scratch};

/// The report for programs of a sample incident, as the main job writes it.
fn report(sample: &str) -> String {
    run(&[sample, "--window", "--format", "json", "-q"]).stdout
}

#[test]
fn a_report_counts_as_its_inputs_do() {
    let all = samples();
    let sample = all.iter().find(|s| s.is_incident()).expect("an incident");
    let folder = scratch();
    put(&folder, "earlier.json", report(&sample.folder));
    let reports = folder.path().to_str().expect("a UTF-8 path");
    let metrics = |inputs: &[&str]| {
        let mut arguments = vec!["metrics", "--format", "json", "-q"];
        arguments.extend(inputs);
        run(&arguments)
    };
    let fresh = metrics(&[&sample.folder]);
    assert_eq!(fresh.code, 0, "{}", fresh.stderr);
    let earlier = metrics(&[reports]);
    assert_eq!(earlier.code, 0, "{}", earlier.stderr);
    assert_eq!(earlier.json(), fresh.json());
    let both = metrics(&[&sample.folder, reports]);
    assert_eq!(both.json(), fresh.json(), "the same incident counts once");
}

#[test]
fn no_incident_and_damaged_reports_show_in_the_exit_status() {
    let all = samples();
    let quiet = all.iter().find(|s| !s.is_incident()).expect("a quiet day");
    let none = run(&["metrics", &quiet.folder, "-q"]);
    assert_eq!((none.code, none.stdout.as_str()), (1, "No incident.\n"));
    let folder = scratch();
    let whole = put(
        &folder,
        "whole.json",
        "{\"schema\":\"recon.report/1\",\"incidents\":[]}",
    );
    let cut = put(&folder, "cut.json", "{\"schema\":\"recon.report/1\",\"inc");
    assert_eq!(run(&["metrics", &whole, "-q"]).code, 1);
    let damaged = run(&["metrics", &whole, &cut, "-q"]);
    assert_eq!(damaged.code, 2);
    assert!(damaged.stderr.contains("cut.json"), "{}", damaged.stderr);
}

/// A timeline as the SRE book lays its example out: what is a duration of the outage and what of
/// the incident is told apart by its words.
#[test]
fn an_outage_ends_before_its_incident() {
    let folder = scratch();
    let text = "# Catalogue search\nDate: 2025-10-21\n\n## Summary\n\nThe search was down for 66 minutes.\n\n## Timeline (2025-10-21, all times UTC)\n\n\
        - 14:51 A newspaper writes about a find\n\
        - 14:54 **OUTAGE BEGINS** backends of the search fall over\n\
        - 14:55 marta receives a pager storm: the search answers with errors\n\
        - 15:01 **INCIDENT BEGINS** marta declares incident 77\n\
        - 15:36 **OUTAGE MITIGATED** the new index is on all clusters\n\
        - 16:00 **OUTAGE ENDS** traffic is spread evenly\n\
        - 16:30 **INCIDENT ENDS** half an hour without a failure\n";
    let path = put(&folder, "search.md", text);
    let ran = run(&[&path, "--format", "json", "-q"]);
    let durations = &ran.json()["incidents"][0]["metrics"];
    let minutes = |name: &str| durations[name].as_f64().map(|s| s / 60.0);
    let all = [
        "time_to_detect_s",
        "time_to_mitigate_s",
        "impact_duration_s",
        "incident_duration_s",
    ];
    let wanted = [Some(1.0), Some(42.0), Some(66.0), Some(89.0)];
    assert_eq!(all.map(minutes), wanted, "{durations}");
}

/// An export of a log store is one value, read from its beginning whichever part of it is asked for.
#[test]
fn a_long_export_is_counted_once() {
    let start: chrono::DateTime<chrono::Utc> = "2025-06-03T16:00:00Z".parse().expect("a time");
    let mut events = Vec::new();
    let mut failed = 0;
    for n in 0..14_400 {
        let at = start + chrono::TimeDelta::milliseconds(n * 500);
        let down = (7_200..12_000).contains(&n);
        failed += i64::from(down);
        let status = if down { 502 } else { 200 };
        let line = format!(
            "198.51.100.{} - - [{}] \"POST /kilns/fire HTTP/1.1\" {status} 87 \"-\" \"{}\"",
            n % 250 + 1,
            at.format("%d/%b/%Y:%H:%M:%S +0000"),
            "kiln-panel/2.4 (a rather long name of a client) ".repeat(16)
        );
        let at = at.timestamp_millis();
        events.push(serde_json::json!({"logStreamName": "front/front/0f3c9a7b", "timestamp": at, "message": line}));
    }
    let folder = scratch();
    let text = serde_json::json!({ "events": events }).to_string();
    // Long enough for more than one stretch of the second reading.
    assert!(text.len() > 10 << 20, "{}", text.len());
    let export = put(&folder, "front.json", text);
    let report = run(&[&export, "--window", "--format", "json", "-q"]).json();
    let counted = report["incidents"][0]["impact"]["requests_failed"].as_i64();
    assert_eq!(counted, Some(failed));
}
