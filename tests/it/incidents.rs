//! Each sample incident against what its author knows to be true, and against the report
//! that was reviewed.
//!
//! `RECON_BLESS=1 cargo test --test it` rewrites `samples/incidents/*.expected.md`; what
//! changed is then reviewed like code.

use super::util::{Sample, run, samples};
use chrono::DateTime;
use serde_json::Value as Json;
use std::fs;

/// Milestones of structured data, and how far off they may be in seconds.
const MILESTONES: [(&str, f64); 9] = [
    ("impact_start", 10.0),
    ("detected", 5.0),
    ("paged", 5.0),
    ("acknowledged", 5.0),
    ("escalated", 60.0),
    ("identified", 60.0),
    ("fix_deployed", 5.0),
    ("mitigated", 60.0),
    ("resolved", 60.0),
];

/// Seconds since the epoch.
fn seconds(time: &Json) -> Option<f64> {
    let at = DateTime::parse_from_rfc3339(time.as_str()?).ok()?;
    #[allow(clippy::cast_precision_loss)]
    let micros = at.timestamp_micros() as f64;
    Some(micros / 1e6)
}

/// What the report says and what is true, with what does not fit.
struct Check {
    sample: Sample,
    incident: Json,
    wrong: Vec<String>,
}

impl Check {
    fn of(sample: Sample) -> Self {
        let ran = run(&[&sample.folder, "--window", "auto", "--format", "json"]);
        let report = ran.json();
        let found = report["incidents"].as_array().map_or(0, Vec::len);
        assert_eq!(found, 1, "{}: incidents found\n{}", sample.name, ran.stderr);
        assert_eq!(ran.code, 0, "{}: exit status", sample.name);
        Self {
            sample,
            incident: report["incidents"][0].clone(),
            wrong: Vec::new(),
        }
    }

    fn want(&mut self, holds: bool, what: &str, got: &Json, expected: &Json) {
        if !holds {
            self.wrong
                .push(format!("{what}: {got}, expected {expected}"));
        }
    }

    /// A number of the report within `off` of the expected one.
    fn near(&mut self, what: &str, got: Option<f64>, expected: Option<f64>, off: f64) {
        let holds = match (got, expected) {
            (Some(a), Some(b)) => (a - b).abs() <= off,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        self.want(holds, what, &got.into(), &expected.into());
    }

    fn milestones(&mut self) {
        for (name, off) in MILESTONES {
            let expected = self.sample.expected[name].clone();
            let got = self.incident["milestones"][name]["time"].clone();
            if expected.is_null() {
                continue;
            }
            let holds = match (seconds(&got), seconds(&expected)) {
                (Some(a), Some(b)) => (a - b).abs() <= off,
                _ => false,
            };
            self.want(holds, name, &got, &expected);
        }
    }

    fn numbers(&mut self) {
        let expected = self.sample.expected.clone();
        let duration = expected["duration_minutes"].as_f64();
        let share = expected["users_affected_percent"].as_f64();
        let impact = &self.incident["impact"];
        let minutes = self.incident["metrics"]["impact_duration_s"].as_f64();
        // As people would say it: in whole minutes.
        let minutes = minutes.map(|s| (s / 60.0).round());
        let percent = impact["users_affected_share"].as_f64().map(|s| s * 100.0);
        self.near("minutes from start to restoration", minutes, duration, 0.01);
        self.near("percent of users affected", percent, share, 2.0);
    }

    fn people(&mut self) {
        let expected = self.sample.expected.clone();
        let method = self.incident["detection"]["method"].clone();
        self.want(
            method == expected["detection_method"],
            "detection method",
            &method,
            &expected["detection_method"],
        );
        let escalated = self.incident["milestones"]["escalated"]["time"].clone();
        if expected["escalated"].is_null() {
            self.want(escalated.is_null(), "escalated", &escalated, &Json::Null);
        }
        let leads = self.incident["false_leads"].clone();
        let said: Vec<String> = leads
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|l| Some(l["hypothesis"].as_str()?.to_lowercase()))
            .collect();
        for lead in expected["false_leads"].as_array().into_iter().flatten() {
            let words: Vec<&str> = strings(&lead["hypothesis"]);
            let found = words
                .iter()
                .any(|w| said.iter().any(|s| s.contains(&w.to_lowercase())));
            self.want(found, "a false lead", &leads, &lead["hypothesis"]);
        }
    }

    fn cause(&mut self) {
        let expected = self.sample.expected.clone();
        let culprit = self.incident["culprit"]["service"].clone();
        self.want(
            culprit == expected["culprit_service"],
            "culprit",
            &culprit,
            &expected["culprit_service"],
        );
        let cause = &expected["cause_change"];
        if cause.is_null() {
            return;
        }
        let suspects = self.incident["suspects"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let version = cause["version"].as_str().unwrap_or_default();
        let named = suspects.iter().take(3).any(|s| {
            let what = s["what"].as_str().unwrap_or_default();
            let near = seconds(&s["time"]).zip(seconds(&cause["time"]));
            what.contains(version) || near.is_some_and(|(a, b)| (a - b).abs() <= 5.0)
        });
        let shown: Vec<Json> = suspects.iter().take(3).map(|s| s["what"].clone()).collect();
        self.want(
            named,
            "the change among the first three suspects",
            &shown.into(),
            cause,
        );
    }

    fn finish(self) -> Option<String> {
        let Self { sample, wrong, .. } = self;
        (!wrong.is_empty()).then(|| format!("{}:\n  {}", sample.name, wrong.join("\n  ")))
    }
}

fn strings(list: &Json) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Json::as_str).collect()
}

fn every(check: impl Fn(&mut Check)) {
    let incidents: Vec<Sample> = samples().into_iter().filter(Sample::is_incident).collect();
    let judge = |sample| {
        let mut one = Check::of(sample);
        check(&mut one);
        one.finish()
    };
    let wrong: Vec<String> = incidents.into_iter().filter_map(judge).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn milestones_are_when_they_were() {
    every(Check::milestones);
}

#[test]
fn durations_and_users_are_what_they_were() {
    every(Check::numbers);
}

#[test]
fn detection_escalation_and_wrong_turns_are_told() {
    every(Check::people);
}

#[test]
fn the_culprit_and_its_change_are_named() {
    every(Check::cause);
}

/// A fix on staging repairs nothing, a meeting afterwards ends nothing.
#[test]
fn neither_staging_nor_a_meeting_ends_an_incident() {
    every(|check| {
        let expected = check.sample.expected.clone();
        let times = &check.incident["milestones"];
        let restored = seconds(&expected["mitigated"]).expect("an expected end");
        let fixed = seconds(&times["fix_deployed"]["time"]);
        let deployed = seconds(&expected["fix_deployed"]);
        let ended = seconds(&times["mitigated"]["time"]);
        let early = fixed
            .zip(deployed)
            .is_some_and(|(got, want)| got < want - 5.0);
        let late = ended.is_none_or(|got| got > restored + 60.0);
        let got = times.clone();
        if early {
            check
                .wrong
                .push(format!("fixed too early: {}", got["fix_deployed"]));
        }
        if late {
            check
                .wrong
                .push(format!("ended too late: {}", got["mitigated"]));
        }
    });
}

/// What must be undone or done is among the tasks, in whatever words: one of the long words
/// of the expected task stands in one of the report's.
#[test]
fn what_is_left_to_do_is_a_task() {
    every(|check| {
        let tasks = check.incident["tasks"].clone();
        let said = tasks.to_string().to_lowercase();
        let expected = check.sample.expected["tasks"].clone();
        for task in strings(&expected) {
            let lower = task.to_lowercase();
            let mut words = lower
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| w.len() >= 6 && *w != "remove");
            let found = words.any(|w| said.contains(w));
            if !found {
                check
                    .wrong
                    .push(format!("no task like “{task}” in {tasks}"));
            }
        }
    });
}

#[test]
fn a_quiet_day_is_none_and_says_why() {
    let quiet: Vec<Sample> = samples().into_iter().filter(|s| !s.is_incident()).collect();
    assert!(!quiet.is_empty(), "no sample without an incident");
    for sample in quiet {
        for window in [&["--window", "auto"][..], &[]] {
            let mut arguments = vec![sample.folder.as_str()];
            arguments.extend(window);
            let text = run(&arguments);
            assert_eq!(text.code, 1, "{}: {}", sample.name, text.stdout);
            let lower = text.stdout.to_lowercase();
            assert!(
                lower.contains("no incident"),
                "{}: {}",
                sample.name,
                text.stdout
            );
            assert!(
                lower.contains("alert"),
                "{}: says why\n{}",
                sample.name,
                text.stdout
            );
            arguments.extend(["--format", "json"]);
            let json = run(&arguments);
            assert_eq!(json.code, 1);
            assert_eq!(json.json()["incidents"], Json::Array(Vec::new()));
        }
    }
}

#[test]
fn reports_are_the_reviewed_ones() {
    let bless = std::env::var_os("RECON_BLESS").is_some();
    for sample in samples() {
        let report = run(&[&sample.folder, "--window", "auto"]).stdout;
        let golden = sample.golden();
        if bless {
            fs::write(&golden, &report).expect("a writable samples folder");
            continue;
        }
        let reviewed = fs::read_to_string(&golden).unwrap_or_default();
        let at = report
            .lines()
            .zip(reviewed.lines())
            .take_while(|(a, b)| a == b)
            .count();
        assert!(
            report == reviewed,
            "{}: line {}\n  now       {}\n  reviewed  {}\nif the new one is right: RECON_BLESS=1 cargo test --test it",
            golden.display(),
            at + 1,
            report.lines().nth(at).unwrap_or("(ends)"),
            reviewed.lines().nth(at).unwrap_or("(ends)")
        );
    }
}
