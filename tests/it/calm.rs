//! What is no incident, though it looks a little like one, and what files are of.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use tempfile::TempDir;

fn at(minute: i64) -> DateTime<Utc> {
    let morning: DateTime<Utc> = "2025-06-04T05:00:00Z".parse().expect("a time");
    morning + TimeDelta::minutes(minute)
}

/// The log of a service for six hours, a request every ten seconds; those of `failing` minutes fail.
fn log(failing: std::ops::Range<i64>) -> String {
    let mut text = String::new();
    for n in 0..6 * 360 {
        let now = at(0) + TimeDelta::milliseconds(n * 10_000 + n * 37 % 900);
        let status = if failing.contains(&(n / 6)) { 500 } else { 200 };
        let _ = writeln!(
            text,
            "{} INFO GET /looms/{} {status} {}ms",
            now.format("%Y-%m-%d %H:%M:%S%.3f"),
            n % 70,
            20 + n % 9
        );
    }
    text
}

fn incidents(folder: &TempDir) -> Vec<Json> {
    let path = folder.path().to_str().expect("UTF-8");
    let ran = run(&[path, "--format", "json"]);
    ran.json()["incidents"].as_array().expect("a list").clone()
}

#[test]
fn a_diary_of_deploys_is_no_incident() {
    let folder = scratch();
    put(&folder, "weaver.log", log(0..0));
    let diary = "# Wednesday\n\n- 06:10 we deploy weaver 4.2 as planned (tove)\n- 07:25 the new dashboards of weaver are online (arne)\n- 08:40 rolled back weaver to 4.1, as rehearsed (tove)\n";
    put(&folder, "diary.md", diary);
    assert_eq!(incidents(&folder).len(), 0);
}

#[test]
fn a_diary_of_trouble_is_one() {
    let folder = scratch();
    put(&folder, "weaver.log", log(0..0));
    let diary = "# Wednesday\n\n- 06:10 customers report that nobody can log in (tove)\n- 07:25 found it, the root cause is an expired key (arne)\n- 08:40 rolled back weaver to 4.1 (tove)\n";
    put(&folder, "diary.md", diary);
    assert_eq!(incidents(&folder).len(), 1);
}

/// A check of a machine that fails twice in the morning, and somebody who takes something.
fn checked(host: &str) -> String {
    let mut text = String::new();
    for minute in [40, 130] {
        let (down, up) = (at(minute).timestamp(), at(minute + 4).timestamp());
        let _ = writeln!(
            text,
            "[{down}] SERVICE ALERT: {host};SpoolFull;CRITICAL;HARD;3;CRITICAL - spool 97% full\n[{up}] SERVICE ALERT: {host};SpoolFull;OK;HARD;3;OK - spool 60% full"
        );
    }
    text
}

#[test]
fn an_alert_of_a_machine_where_things_are_tried_out_is_no_incident() {
    let talk = "[05:42:10] <tove> on it, I am looking at the spool\n[05:43:00] <arne> thanks\n";
    for (host, many) in [
        ("build-agent-07", 0),
        ("weaver-uat-02", 0),
        ("weaver-02", 1),
    ] {
        let folder = scratch();
        put(&folder, "weaver.log", log(0..0));
        put(&folder, "nagios.log", checked(host));
        put(&folder, "2025-06-04-ops.irc.log", talk);
        assert_eq!(incidents(&folder).len(), many, "{host}");
    }
}

/// The service that failed, by the name of its log and another's words.
fn culprit(file: &str, other: &str) -> String {
    let folder = scratch();
    put(&folder, file, log(120..180));
    put(&folder, "hall.log", other);
    let all = incidents(&folder);
    assert_eq!(all.len(), 1, "{file}");
    all[0]["culprit"]["service"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_file_is_of_the_service_that_others_name() {
    let calls = |name: &str| {
        let mut text = String::new();
        for n in 0..200 {
            let now = at(0) + TimeDelta::seconds(n * 100);
            let _ = writeln!(
                text,
                "{} INFO asked {name} for a price",
                now.format("%Y-%m-%d %H:%M:%S")
            );
        }
        text
    };
    assert_eq!(culprit("loom-out.log", &calls("loom-out")), "loom-out");
    assert_eq!(culprit("loom-out.log", &calls("the store")), "loom");
    assert_eq!(
        culprit("silk-loom-app.log", &calls("silk-loom")),
        "silk-loom"
    );
    assert_eq!(
        culprit("silk-loom-app.log", &calls("silk-loom-app")),
        "silk-loom-app"
    );
    assert_eq!(
        culprit("silk-loom-app.log", &calls("the store")),
        "silk-loom-app"
    );
    assert_eq!(
        culprit("app-silk-loom.log", &calls("silk-loom")),
        "silk-loom"
    );
    assert_eq!(
        culprit("app-silk-loom.log", &calls("app-silk-loom")),
        "app-silk-loom"
    );
}

/// A proxy's log of three hours, a login every twelve seconds by somebody else; now and then somebody mistypes a password.
/// From minute 100 on `guesses` further logins are refused, all from one address or each from another.
fn logins(guesses: i64, one_address: bool) -> String {
    let mut lines: Vec<(i64, String, i64)> = Vec::new();
    for n in 0..900 {
        let client = format!("198.51.{}.{}", n % 90, n * 7 % 250);
        lines.push((n * 12, client, if n % 40 == 7 { 401 } else { 200 }));
    }
    for n in 0..guesses {
        let client = if one_address {
            "203.0.113.77".to_owned()
        } else {
            format!("192.0.2.{n}")
        };
        lines.push((6000 + n * 2, client, 401));
    }
    lines.sort();
    let mut text = String::new();
    for (second, client, status) in lines {
        let now = (at(0) + TimeDelta::seconds(second)).format("%d/%b/%Y:%H:%M:%S +0000");
        let _ = writeln!(
            text,
            "{client} - - [{now}] \"POST /looms/login HTTP/1.1\" {status} 512 \"-\" \"curl/8\""
        );
    }
    text
}

#[test]
fn who_guesses_passwords_is_no_outage_but_many_who_are_refused_are() {
    for (one_address, many) in [(true, 0), (false, 1)] {
        let folder = scratch();
        put(&folder, "access.log", logins(40, one_address));
        assert_eq!(incidents(&folder).len(), many, "{one_address}");
    }
}
