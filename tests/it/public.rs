//! A status page tells what others have told before.

use super::util::{put, run, scratch};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// An hour of a lift's requests from 08:00, ten minutes of which fail from 08:20.
fn lift() -> String {
    let mut all = String::new();
    for second in 0..3600 {
        let wrong = (1200..1800).contains(&second) && second % 2 == 0;
        let (level, status) = if wrong { ("error", 500) } else { ("info", 200) };
        let (minute, second) = (second / 60, second % 60);
        writeln!(
            all,
            "time=2024-09-11T08:{minute:02}:{second:02}Z level={level} service=lift method=POST path=/ride status={status}"
        )
        .expect("room");
    }
    all
}

/// The history of a status page whose last word is at 08:39.
fn history() -> String {
    let update = |clock: &str, status: &str, body: &str| {
        format!(r#"{{"status":"{status}","body":"{body}","created_at":"2024-09-11T{clock}Z"}}"#)
    };
    let updates = [
        update("08:39:10", "resolved", "Rides are possible again."),
        update(
            "08:33:30",
            "monitoring",
            "A fix has been deployed and we keep watching.",
        ),
        update("08:25:20", "investigating", "Some guests cannot ride."),
    ];
    let updates = updates.join(",");
    format!(
        r#"{{"incidents":[{{"id":"s1","name":"Trouble with rides","status":"resolved","incident_updates":[{updates}]}}]}}"#
    )
}

/// The incidents of these files.
fn incidents(files: &[(&str, String)]) -> Vec<Json> {
    let folder = scratch();
    for (name, text) in files {
        put(&folder, name, text);
    }
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let report = run(&[path, "--window".into(), "--format".into(), "json".into()]).json();
    report["incidents"].as_array().cloned().unwrap_or_default()
}

fn chat(lines: &[(&str, &str)]) -> String {
    let line = |(clock, text): &(&str, &str)| format!("[2024-09-11 {clock}] <kim> {text}\n");
    lines.iter().map(line).collect()
}

fn time(incident: &Json, milestone: &str) -> String {
    let time = incident["milestones"][milestone]["time"].as_str();
    time.unwrap_or_default().to_owned()
}

#[test]
fn a_status_page_ends_what_nobody_else_ends() {
    let said = chat(&[
        ("08:26:00", "the lift refuses rides, looking"),
        ("08:31:00", "old firmware is back on the lift"),
    ]);
    let files = [
        ("lift.log", lift()),
        ("irc.log", said),
        ("page.json", history()),
    ];
    let found = incidents(&files);
    assert_eq!(found.len(), 1);
    assert_eq!(time(&found[0], "resolved"), "2024-09-11T08:39:10Z");
}

#[test]
fn a_persons_word_of_the_end_comes_before_the_status_page() {
    let said = chat(&[
        ("08:26:00", "the lift refuses rides, looking"),
        ("08:31:00", "old firmware is back on the lift"),
        ("08:36:00", "I am declaring this incident over"),
    ]);
    let files = [
        ("lift.log", lift()),
        ("irc.log", said),
        ("page.json", history()),
    ];
    let found = incidents(&files);
    assert_eq!(time(&found[0], "resolved"), "2024-09-11T08:36:00Z");
    let others = found[0]["milestones"]["resolved"]["alternatives"].to_string();
    assert!(others.contains("08:39:10"), "{others}");
}

#[test]
fn what_only_a_page_tells_is_one_incident_with_its_status_page() {
    let step = |kind: &str, clock: &str, who: &str| {
        format!(
            r#"{{"event":{{"type":"{kind}","time":"2024-09-11T{clock}Z"}},"user":{who},"alert_group":{{"id":"A7","state":"firing","created_at":"2024-09-11T08:21:00Z","title":"lift is late"}},"alert_group_id":"A7"}}
"#
        )
    };
    let kim = r#"{"username":"kim"}"#;
    let pages = [
        step("alert group created", "08:21:00", "null"),
        step("acknowledge", "08:23:00", kim),
        step("resolve", "08:36:30", kim),
    ];
    let found = incidents(&[("oncall.jsonl", pages.concat()), ("page.json", history())]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(time(&found[0], "resolved"), "2024-09-11T08:36:30Z");
    // By itself it is one, too.
    assert_eq!(incidents(&[("page.json", history())]).len(), 1);
}
