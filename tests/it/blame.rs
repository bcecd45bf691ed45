//! Whose failures they are, and how many: requests that stand in two logs, callers that pass on
//! what failed them, stores that are full.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use tempfile::TempDir;

/// Requests, one each two seconds; those of ten minutes in the middle fail but for every fourth.
const REQUESTS: i64 = 1200;

fn at(n: i64) -> DateTime<Utc> {
    let morning: DateTime<Utc> = "2025-03-11T06:30:00Z".parse().expect("a time");
    morning + TimeDelta::milliseconds(n * 2000 + n * 37 % 900)
}

fn fails(n: i64) -> bool {
    (600..900).contains(&n) && n % 4 != 0
}

/// A log: a line for each request, or none.
fn log(line: impl Fn(i64, &str) -> String) -> String {
    let mut text = String::new();
    for n in 0..REQUESTS {
        let time = at(n).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let line = line(n, &time);
        if !line.is_empty() {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// A request as a service logs it itself, in logfmt.
fn served(n: i64, time: &str, service: &str, user: bool) -> String {
    let status = if fails(n) { 500 } else { 200 };
    let user = if user {
        format!(" user_id=u{}", n % 90)
    } else {
        String::new()
    };
    format!(
        "ts={time} level=info service={service} msg=served method=POST path=/labels status={status} dur=31{user}"
    )
}

/// The same as a proxy logs it, in JSON.
fn proxied(n: i64, time: &str, service: &str) -> String {
    let status = if fails(n) { 500 } else { 200 };
    format!(
        "{{\"time\":\"{time}\",\"level\":\"info\",\"service\":\"{service}\",\"msg\":\"request\",\"method\":\"POST\",\"path\":\"/labels\",\"status\":{status},\"user_id\":\"u{}\"}}",
        n % 90
    )
}

fn incident(folder: &TempDir) -> Json {
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let ran = run(&[path.as_str(), "--format", "json"]);
    let report = ran.json();
    let all = report["incidents"].as_array().expect("a list");
    assert_eq!(all.len(), 1, "{}", ran.stdout);
    all[0].clone()
}

#[test]
fn a_request_in_two_logs_of_a_service_is_one() {
    let folder = scratch();
    put(
        &folder,
        "proxy.json",
        log(|n, time| proxied(n, time, "labels")),
    );
    put(
        &folder,
        "labels.log",
        log(|n, time| served(n, time, "labels", false)),
    );
    let impact = &incident(&folder)["impact"];
    let failed = (0..REQUESTS).filter(|n| fails(*n)).count();
    assert_eq!(impact["requests_failed"], failed, "{impact}");
    assert_eq!(impact["users_affected"], 90, "{impact}");
}

#[test]
fn requests_of_another_host_are_others() {
    let folder = scratch();
    put(
        &folder,
        "host-1.json",
        log(|n, time| proxied(n, time, "labels")),
    );
    // The other host takes a third of them, and none in the first minutes.
    let some = |n: i64, time: &str| match n > 200 && n % 3 == 0 {
        true => served(n, time, "labels", false),
        false => String::new(),
    };
    put(&folder, "host-2.log", log(some));
    let impact = &incident(&folder)["impact"];
    let failed = |n: &i64| fails(*n);
    let first = (0..REQUESTS).filter(failed).count();
    let second = (0..REQUESTS).filter(|n| n % 3 == 0).filter(failed).count();
    assert_eq!(impact["requests_failed"], first + second, "{impact}");
}

#[test]
fn who_was_hit_is_told_by_whoever_names_users() {
    let folder = scratch();
    put(
        &folder,
        "door.json",
        log(|n, time| proxied(n, time, "door")),
    );
    // As many failures and one more, so that these are counted; no user in any.
    let one_more = |n: i64, time: &str| {
        let line = served(n, time, "labels", false);
        if n == 700 {
            format!("{line}\n{line}")
        } else {
            line
        }
    };
    put(&folder, "labels.log", log(one_more));
    let impact = &incident(&folder)["impact"];
    assert_eq!(impact["users_affected"], 90, "{impact}");
    let basis = impact["basis"].as_str().unwrap_or_default();
    assert!(basis.contains("in the log of door"), "{basis}");
}

/// Errors of a service, and what it says when all is well.
fn said(n: i64, time: &str, service: &str, error: &str) -> String {
    let (level, what) = if fails(n) {
        ("error", error)
    } else {
        ("info", "all well")
    };
    format!("ts={time} level={level} service={service} msg=\"{what}\"")
}

fn culprit(logs: &[(&str, &str)]) -> String {
    let folder = scratch();
    put(
        &folder,
        "door.json",
        log(|n, time| proxied(n, time, "door")),
    );
    for (service, error) in logs {
        let text = log(|n, time| said(n, time, service, error));
        put(&folder, &format!("{service}.log"), text);
    }
    let alert = format!(
        "{{\"status\":\"firing\",\"labels\":{{\"alertname\":\"Errors\",\"service\":\"{}\",\"severity\":\"critical\"}},\"startsAt\":\"2025-03-11T06:52:00Z\"}}\n",
        logs[0].0
    );
    put(&folder, "alerts.jsonl", alert);
    incident(&folder)["culprit"]["service"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn who_says_that_another_failed_it_is_not_to_blame() {
    let logs = [
        ("basket", "upstream pricing failed"),
        ("pricing", "unhandled error in rules"),
    ];
    assert_eq!(culprit(&logs), "pricing");
    // Nor who does not trust it any more.
    let logs = [
        (
            "basket",
            "calling pricing: NotTimeValid, the remote certificate is invalid",
        ),
        ("pricing", "peer hung up during hello"),
    ];
    assert_eq!(culprit(&logs), "pricing");
    // Nor who fails only through the second, though the alert is about it.
    let logs = [
        ("shop", "upstream basket failed"),
        ("basket", "upstream pricing failed"),
        ("pricing", "unhandled error in rules"),
    ];
    assert_eq!(culprit(&logs), "pricing");
    // Two that name each other: the alert decides.
    let logs = [
        ("basket", "call to pricing failed"),
        ("pricing", "call to basket failed"),
    ];
    assert_eq!(culprit(&logs), "basket");
}

#[test]
fn who_names_nobody_is_to_blame_though_others_fail_as_well() {
    let logs = [
        ("basket", "unhandled error in rules"),
        ("pricing", "cannot parse the answer"),
    ];
    assert_eq!(culprit(&logs), "basket");
}

#[test]
fn a_full_store_comes_before_who_stores_in_it() {
    let logs = [
        ("basket", "write refused"),
        (
            "basket-pg",
            "could not extend file: No space left on device",
        ),
    ];
    assert_eq!(culprit(&logs), "basket-pg");
    let logs = [
        ("basket", "write refused"),
        ("basket-pg", "statement timeout"),
    ];
    assert_eq!(culprit(&logs), "basket");
}

/// The customer's ticket, opened at a time with a subject.
fn ticket(folder: &TempDir, subject: &str) {
    let text = format!(
        "Ticket ID,Subject,Status,Priority,Created time\n51,\"{subject}\",Open,High,2025-03-11 06:53:00\n"
    );
    put(folder, "tickets.csv", text);
}

#[test]
fn one_customer_who_names_what_fails_has_seen_it() {
    for (subject, seen) in [
        ("/labels not working", true),
        ("Error page at https://shop.example/labels.", true),
        ("/returns not working", false),
        ("How do I change my address?", false),
    ] {
        let folder = scratch();
        put(
            &folder,
            "door.json",
            log(|n, time| proxied(n, time, "door")),
        );
        put(
            &folder,
            "labels.log",
            log(|n, time| said(n, time, "labels", "no ink")),
        );
        ticket(&folder, subject);
        let milestones = &incident(&folder)["milestones"];
        let found = milestones["detected"]["time"].as_str();
        assert_eq!(
            found.is_some_and(|t| t.starts_with("2025-03-11T06:53:00")),
            seen,
            "{subject}: {found:?}"
        );
    }
}

/// The culprit where the requests of `door` fail at level error, the alert is about it, and `till` says something.
fn behind_the_door(till: impl Fn(i64, &str) -> String) -> String {
    let folder = scratch();
    let door = |n: i64, time: &str| {
        proxied(n, time, "door").replace("info", if fails(n) { "error" } else { "info" })
    };
    put(&folder, "door.json", log(door));
    put(&folder, "till.log", log(till));
    put(
        &folder,
        "alerts.jsonl",
        "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Errors\",\"service\":\"door\",\"severity\":\"critical\"},\"startsAt\":\"2025-03-11T06:52:00Z\"}\n",
    );
    let culprit = &incident(&folder)["culprit"]["service"];
    culprit.as_str().unwrap_or_default().to_owned()
}

#[test]
fn who_has_nothing_to_say_but_of_its_requests_passes_failures_on() {
    let stuck = |n: i64, time: &str| said(n, time, "till", "row of the drawer is locked for ever");
    assert_eq!(behind_the_door(stuck), "till");
    let well = |_: i64, time: &str| format!("ts={time} level=info service=till msg=counted");
    assert_eq!(behind_the_door(well), "door", "nobody else says anything");
}

/// A request as a service logs it itself, with the reason if it failed.
fn explained(n: i64, time: &str, reason: &str) -> String {
    if fails(n) {
        format!(
            "ts={time} level=error service=labels msg=\"{reason}\" method=POST path=/labels status=502 dur=31 user_id=u{}",
            n % 90
        )
    } else {
        served(n, time, "labels", true)
    }
}

#[test]
fn the_message_of_a_request_that_failed_accuses_whom_it_names() {
    for (reason, culprit) in [
        (
            "dial tcp franking-host:8443: connect: connection refused",
            "franking-host",
        ),
        ("no label of that size", "labels"),
    ] {
        let folder = scratch();
        put(
            &folder,
            "labels.log",
            log(|n, time| explained(n, time, reason)),
        );
        let found = incident(&folder);
        assert_eq!(found["culprit"]["service"], culprit, "{reason}");
    }
}

#[test]
fn requests_that_only_an_error_tells_of_are_counted_by_their_ids() {
    // What goes well is told as a request, what fails only by the reason.
    let line = |n: i64, time: &str, id: &str| {
        if fails(n) {
            format!(
                "ts={time} level=error service=labels msg=\"no paper\"{id} user_id=u{}",
                n % 90
            )
        } else {
            format!("{}{id}", served(n, time, "labels", true))
        }
    };
    let failed = (0..REQUESTS).filter(|n| fails(*n)).count();
    let counted = |id: &dyn Fn(i64) -> String| {
        let folder = scratch();
        put(&folder, "labels.log", log(|n, time| line(n, time, &id(n))));
        incident(&folder)["impact"]["requests_failed"].clone()
    };
    assert_eq!(counted(&|n| format!(" request_id=req-{n:06}")), failed);
    assert_eq!(counted(&|_| String::new()), Json::Null);
    // Served in the end: the id stands in a line of its own, too.
    let folder = scratch();
    put(
        &folder,
        "labels.log",
        log(|n, time| {
            let id = format!(" request_id=req-{n:06}");
            let first = line(n, time, &id);
            let second = if fails(n) {
                format!("\n{}{id}", served(1, time, "labels", true))
            } else {
                String::new()
            };
            format!("{first}{second}")
        }),
    );
    assert_eq!(incident(&folder)["impact"]["requests_failed"], Json::Null);
}

#[test]
fn requests_in_many_logs_of_a_service_are_all_counted() {
    let failed = (0..REQUESTS).filter(|n| fails(*n)).count();
    for pods in [3, 60] {
        let folder = scratch();
        for pod in 0..pods {
            let own = log(|n, time| match n % pods == pod {
                true => format!("{} request_id=req-{n:06}", served(n, time, "labels", true)),
                false => String::new(),
            });
            put(&folder, &format!("labels-pod{pod}.log"), own);
        }
        let found = incident(&folder);
        assert_eq!(found["impact"]["requests_failed"], failed, "{pods}");
        assert_eq!(found["impact"]["users_affected"], 90, "{pods}");
    }
}
