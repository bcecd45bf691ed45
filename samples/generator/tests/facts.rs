//! The bundles in the repository are what the generator writes, and what they are said
//! to hold can be read out of their bytes, by other means than those that wrote it.

use recon_samples::scenario;
use serde_json::Value;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../incidents")
}

fn incidents() -> impl Iterator<Item = (&'static str, Value)> {
    let expected = |(name, _): (&'static str, _)| {
        let path = home().join(format!("{name}.expected.json"));
        let text = fs::read_to_string(path).expect("an expectation for each bundle");
        (name, serde_json::from_str(&text).expect("JSON"))
    };
    scenario::ALL.into_iter().map(expected)
}

/// One line of the edge log: second since 1970, user, path, status.
struct Seen {
    at: i64,
    user: Option<String>,
    path: String,
    status: i64,
}

fn edge(name: &str) -> Vec<Seen> {
    let text = fs::read_to_string(home().join(name).join("edge/access.log")).expect("an edge log");
    text.lines().map(seen).collect()
}

fn seen(line: &str) -> Seen {
    let words: Vec<&str> = line.split(' ').collect();
    let time = format!("{} {}", &words[3][1..], &words[4][..5]);
    let at = chrono::DateTime::parse_from_str(&time, "%d/%b/%Y:%H:%M:%S %z").expect("a time");
    let field = words.iter().find_map(|w| w.strip_prefix("user="));
    let user = field.unwrap_or(words[2]);
    Seen {
        at: at.timestamp(),
        user: (user != "-").then(|| user.to_owned()),
        path: words[6].to_owned(),
        status: words[8].parse().expect("a status"),
    }
}

fn second(value: &Value) -> i64 {
    let text = value.as_str().expect("a time");
    chrono::DateTime::parse_from_rfc3339(text)
        .expect("RFC 3339")
        .timestamp()
}

#[test]
fn the_repository_holds_what_the_generator_writes() {
    for (_, build) in scenario::ALL {
        let wrong = build().differences(&home()).expect("readable");
        assert!(wrong.is_empty(), "regenerate: {wrong:?}");
    }
}

#[test]
fn impact_can_be_measured_at_the_edge() {
    for (name, expected) in incidents().filter(|(_, e)| e["incident"] == true) {
        let (start, end) = (
            second(&expected["impact_start"]),
            second(&expected["mitigated"]),
        );
        let strings = |v: &Value| -> Vec<String> {
            let items = v.as_array().expect("a list").iter();
            items
                .map(|i| i.as_str().expect("text").to_owned())
                .collect()
        };
        let routes = strings(&expected["operation"]["routes"]);
        let bad: Vec<i64> = expected["operation"]["failed_statuses"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_i64)
            .collect();
        let log = edge(name);
        assert!(log[0].at <= start - 60 * 60, "{name}: no baseline");
        assert!(
            log[log.len() - 1].at >= end + 44 * 60,
            "{name}: no recovery"
        );
        let asked = |s: &&Seen| routes.contains(&s.path) && s.user.is_some();
        let failed: Vec<i64> = log
            .iter()
            .filter(asked)
            .filter(|s| bad.contains(&s.status))
            .map(|s| s.at)
            .collect();
        assert!((start..=start + 2).contains(&failed[0]), "{name}: onset");
        let last = failed[failed.len() - 1];
        assert!((end - 5..=end).contains(&last), "{name}: recovery");
        let minutes = expected["duration_minutes"].as_i64();
        assert_eq!(minutes, Some((end - start) / 60), "{name}");
    }
}

#[test]
fn users_either_always_fail_or_never() {
    for (name, expected) in incidents().filter(|(_, e)| e["incident"] == true) {
        let (start, end) = (
            second(&expected["impact_start"]),
            second(&expected["mitigated"]),
        );
        let routes = expected["operation"]["routes"].to_string();
        let log = edge(name);
        let window = log.iter().filter(|s| s.at >= start && s.at < end);
        let mut active = BTreeSet::new();
        let mut outcomes: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
        for s in window {
            let Some(user) = s.user.as_deref() else {
                continue;
            };
            active.insert(user);
            if routes.contains(&format!("\"{}\"", s.path)) {
                outcomes.entry(user).or_default().insert(s.status >= 400);
            }
        }
        assert_eq!(active.len(), outcomes.len(), "{name}: all attempt it");
        assert!(
            outcomes.values().all(|o| o.len() == 1),
            "{name}: no mixture"
        );
        let affected = outcomes.values().filter(|o| o.contains(&true)).count();
        let count = |key: &str| expected[key].as_u64().and_then(|n| usize::try_from(n).ok());
        assert_eq!(Some(active.len()), count("users_active"), "{name}");
        assert_eq!(Some(affected), count("users_affected"), "{name}");
    }
}

#[test]
fn the_stories_numbers_hold() {
    let told: Vec<(i64, i64, i64)> = incidents()
        .filter(|(_, e)| e["incident"] == true)
        .map(|(_, e)| {
            let noticed = second(&e["detected"]) - second(&e["impact_start"]);
            let number = |key: &str| e[key].as_i64().expect("a whole number");
            (
                number("duration_minutes"),
                number("users_affected_percent"),
                noticed / 60,
            )
        })
        .collect();
    let meant = [
        (120, 100, 0),
        (255, 30, 0),
        (75, 45, 0),
        (120, 80, 10),
        (150, 60, 0),
    ];
    assert_eq!(told, meant);
}

#[test]
fn a_quiet_day_has_errors_but_no_incident() {
    let log = edge("quiet-day");
    let failed = log.iter().filter(|s| s.status >= 500).count();
    assert!(
        failed > 0,
        "a day without any error is not quiet but made up"
    );
    assert!(failed * 200 < log.len(), "{failed} of {}", log.len());
}

#[test]
fn addresses_are_those_set_aside_for_documentation() {
    for (name, _) in scenario::ALL {
        let text = fs::read_to_string(home().join(name).join("edge/access.log")).expect("a log");
        let documented = ["192.0.2.", "198.51.100.", "203.0.113."];
        let all = text
            .lines()
            .all(|l| documented.iter().any(|d| l.starts_with(d)));
        assert!(all, "{name}");
    }
}
