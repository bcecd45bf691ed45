//! Who ends an incident: a person by the page, a person in words, or nobody but a machine.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// An hour and a half of a turnstile's requests, ten minutes of which fail.
const SECONDS: i64 = 5400;
const WRONG: std::ops::Range<i64> = 1800..2400;

fn at(second: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2024-03-07T05:00:00Z".parse().expect("a time");
    start + TimeDelta::seconds(second)
}

fn turnstile() -> String {
    let mut all = String::new();
    for second in 0..SECONDS {
        let now = at(second).format("%Y-%m-%dT%H:%M:%SZ");
        let wrong = WRONG.contains(&second) && second % 2 == 0;
        let (level, status) = if wrong { ("error", 500) } else { ("info", 200) };
        writeln!(
            all,
            "time={now} level={level} service=turnstile method=POST path=/pass status={status} duration_ms=9"
        )
        .expect("room");
    }
    all
}

/// A step of a page, as Grafana OnCall posts it.
fn step(kind: &str, second: i64, who: &Json) -> Json {
    let state = if kind == "resolve" {
        "resolved"
    } else {
        "firing"
    };
    json!({
        "event": {"type": kind, "time": at(second)},
        "user": who,
        "alert_group": {
            "id": "IT4Q", "state": state, "created_at": at(1860), "title": "turnstile refuses",
            "labels": {"service": "turnstile"}
        },
        "alert_group_id": "IT4Q",
    })
}

/// Where and by whose word the incident ends if the page is resolved by `who` a minute after the
/// failures, and `Kim` writes something ten minutes later.
fn end(who: &Json, words: &str) -> (String, String) {
    let folder = scratch();
    put(&folder, "turnstile.log", turnstile());
    let pages = [
        step("alert group created", 1860, &Json::Null),
        step("acknowledge", 1920, &json!({"username": "kim"})),
        step("resolve", 2460, who),
    ];
    let pages: Vec<String> = pages.iter().map(Json::to_string).collect();
    put(&folder, "oncall.jsonl", pages.join("\n") + "\n");
    let said = [
        (1980, "the turnstile at the north gate refuses everybody"),
        (2380, "old firmware is back on it"),
        (3060, words),
    ];
    let said =
        said.map(|(s, text)| format!("[{}] <kim> {text}\n", at(s).format("%Y-%m-%d %H:%M:%S")));
    put(&folder, "irc.log", said.concat());
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let report = run(&[path, "--window".into(), "--format".into(), "json".into()]).json();
    let resolved = &report["incidents"][0]["milestones"]["resolved"];
    let text = |key: &str| resolved[key].as_str().unwrap_or_default().to_owned();
    (text("time"), text("rule"))
}

#[test]
fn a_person_s_word_ends_what_a_page_closed_by_itself() {
    let (time, rule) = end(&Json::Null, "I am declaring this incident over");
    assert_eq!(
        (time.as_str(), rule.as_str()),
        ("2024-03-07T05:51:00Z", "human")
    );
}

#[test]
fn a_person_s_own_resolve_of_the_page_ends_it() {
    let (time, rule) = end(
        &json!({"username": "kim"}),
        "I am declaring this incident over",
    );
    assert_eq!(
        (time.as_str(), rule.as_str()),
        ("2024-03-07T05:41:00Z", "page")
    );
}

#[test]
fn without_a_word_the_page_ends_it() {
    let (time, rule) = end(&Json::Null, "who wants a coffee?");
    assert_eq!(
        (time.as_str(), rule.as_str()),
        ("2024-03-07T05:41:00Z", "page")
    );
}

/// One record tells of all steps of a page: each is told as what it was.
#[test]
fn steps_of_one_record_are_told_apart() {
    let folder = scratch();
    put(&folder, "turnstile.log", turnstile());
    let step = |name: &str, second: i64, who: &str, manually: bool| json!({"name": name, "at": at(second), "by": who, "message": "", "manually": manually});
    let page = json!({"incidents": [{
        "incidentNumber": "41", "startTime": at(1860), "currentPhase": "RESOLVED",
        "entityDisplayName": "turnstile refuses", "service": "turnstile", "pagedUsers": ["kim"],
        "transitions": [
            step("triggered", 1860, "SYSTEM", false),
            step("acked", 1920, "kim", true),
            step("resolved", 2460, "kim", true),
        ],
    }]});
    put(&folder, "pages.json", page.to_string());
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let draft = run(&[path, "--window".into()]).stdout;
    let detection = draft.split("## Detection").nth(1).expect("a section");
    let detection = detection.split("## ").next().expect("a section");
    assert_eq!(detection.matches("Page opened").count(), 1, "{detection}");
    assert!(detection.contains("Page acknowledged"), "{detection}");
}
