//! Years, zones, daylight saving and clocks that are wrong: every case is written here, with what is
//! true about it known beforehand.

use super::util::{put, run, scratch};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 time")
}

/// The times of `recon events`, as printed.
fn times(arguments: &[&str]) -> Vec<String> {
    let ran = run(&[&["events"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let time = |e: &Json| e["time"].as_str().unwrap_or("none").to_owned();
    ran.json_lines().iter().map(time).collect()
}

/// How the report says that the inputs were read, by file name.
fn inputs(folder: &TempDir, options: &[&str]) -> Vec<(String, Json)> {
    let report = report(folder, options);
    let name = |i: &Json| {
        let path = i["path"].as_str().expect("a path");
        path.rsplit('/').next().unwrap_or(path).to_owned()
    };
    let inputs = report["inputs"].as_array().expect("inputs");
    inputs.iter().map(|i| (name(i), i.clone())).collect()
}

fn report(folder: &TempDir, options: &[&str]) -> Json {
    let path = folder.path().to_str().expect("a UTF-8 path");
    run(&[&[path, "--format", "json"], options].concat()).json()
}

fn modified(folder: &TempDir, name: &str, when: &str) {
    let file = fs::File::options()
        .append(true)
        .open(folder.path().join(name));
    let seconds = u64::try_from(at(when).timestamp()).expect("after 1970");
    let time = UNIX_EPOCH + Duration::from_secs(seconds);
    file.and_then(|f| f.set_modified(time))
        .expect("a file system with times");
}

/// What was decided for the only file of a folder: its first and last time, and why that year.
fn dated(folder: &TempDir, name: &str) -> (String, String, String) {
    let all = inputs(folder, &[]);
    let input = &all.iter().find(|(n, _)| n == name).expect("the file").1;
    let text = |key: &str| input[key].as_str().unwrap_or("none").to_owned();
    (text("first"), text("last"), text("year_basis"))
}

fn says(first: &str, last: &str, basis: &str) -> (String, String, String) {
    (first.to_owned(), last.to_owned(), basis.to_owned())
}

const OVER_NEW_YEAR: &str = "\
Dec 31 23:58:10 mx2 postfix/smtpd[811]: connect from unknown[192.0.2.7]
Dec 31 23:59:59 mx2 postfix/smtpd[811]: disconnect from unknown[192.0.2.7]
Jan  1 00:00:02 mx2 postfix/qmgr[77]: 4F2A: removed
Jan  1 00:07:00 mx2 postfix/anvil[90]: statistics: max connection rate 1/60s
";

#[test]
fn december_goes_on_in_january_of_the_next_year() {
    let folder = scratch();
    let path = put(&folder, "maillog", OVER_NEW_YEAR);
    modified(&folder, "maillog", "2022-01-01T06:00:00Z");
    let expected = [
        "2021-12-31T23:58:10Z",
        "2021-12-31T23:59:59Z",
        "2022-01-01T00:00:02Z",
        "2022-01-01T00:07:00Z",
    ];
    assert_eq!(times(&[&path]), expected);
    // The newest entry first: the same times, and the same order in the end.
    let newest_first: String = OVER_NEW_YEAR
        .lines()
        .rev()
        .flat_map(|l| [l, "\n"])
        .collect();
    let path = put(&folder, "maillog", newest_first);
    modified(&folder, "maillog", "2022-01-01T06:00:00Z");
    assert_eq!(times(&[&path]), expected);
    assert_eq!(times(&[&path, "--year", "2015"])[3], "2015-01-01T00:07:00Z");
}

#[test]
fn a_silence_of_three_months_over_new_year_is_no_disorder() {
    let folder = scratch();
    let log =
        "Oct  2 04:00:01 nas cron[7]: scrub began\nJan  9 04:00:01 nas cron[7]: scrub began\n";
    let path = put(&folder, "cronlog", log);
    modified(&folder, "cronlog", "2020-02-01T00:00:00Z");
    assert_eq!(
        times(&[&path]),
        ["2019-10-02T04:00:01Z", "2020-01-09T04:00:01Z"]
    );
}

#[test]
fn entries_out_of_order_at_new_year_keep_their_year() {
    let folder = scratch();
    let log = "\
Dec 31 23:59:58 mx2 postfix/smtpd[811]: one
Jan  1 00:00:01 mx2 postfix/smtpd[812]: three
Dec 31 23:59:59 mx2 postfix/smtpd[811]: two
Jan  1 00:00:04 mx2 postfix/smtpd[812]: four
";
    let path = put(&folder, "maillog", log);
    modified(&folder, "maillog", "2022-01-03T06:00:00Z");
    let years: Vec<String> = times(&[&path]).iter().map(|t| t[..19].to_owned()).collect();
    assert_eq!(
        years,
        [
            "2021-12-31T23:59:58",
            "2021-12-31T23:59:59",
            "2022-01-01T00:00:01",
            "2022-01-01T00:00:04"
        ]
    );
}

#[test]
fn the_leap_day_decides_the_year_of_a_copied_file() {
    let folder = scratch();
    let leap = "Feb 28 23:59:00 db7 ntpd[3]: sync\nFeb 29 00:01:00 db7 ntpd[3]: sync\n";
    put(&folder, "messages", leap);
    modified(&folder, "messages", "2023-07-01T00:00:00Z");
    assert_eq!(
        dated(&folder, "messages"),
        says("2020-02-28T23:59:00Z", "2020-02-29T00:01:00Z", "leap-day")
    );
}

fn gzip(bytes: &[u8], mtime: &str) -> Vec<u8> {
    let seconds = u32::try_from(at(mtime).timestamp()).expect("before 2106");
    let builder = flate2::GzBuilder::new().mtime(seconds);
    let mut packed = builder.write(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("room");
    packed.finish().expect("room")
}

const MAY: &str = "May  3 11:00:00 lb1 haproxy[5]: up\nMay  3 11:30:00 lb1 haproxy[5]: down\n";

#[test]
fn gzip_headers_and_names_outlive_a_copy() {
    let folder = scratch();
    put(
        &folder,
        "lb.log.gz",
        gzip(MAY.as_bytes(), "2018-05-04T00:00:01Z"),
    );
    assert_eq!(
        dated(&folder, "lb.log.gz"),
        says("2018-05-03T11:00:00Z", "2018-05-03T11:30:00Z", "gzip")
    );
    put(&folder, "lb-20160504.log", MAY);
    assert_eq!(dated(&folder, "lb-20160504.log").2, "name");
    assert_eq!(dated(&folder, "lb-20160504.log").0, "2016-05-03T11:00:00Z");
}

#[test]
fn a_rotated_set_is_dated_from_the_file_that_knows() {
    let folder = scratch();
    // The newest was copied; only the oldest knows: its gzip header has a date.
    put(&folder, "lb.log", "Feb  2 00:00:00 lb1 haproxy[5]: up\n");
    put(&folder, "lb.log.1", "Nov 20 00:00:00 lb1 haproxy[5]: up\n");
    put(
        &folder,
        "lb.log.2.gz",
        gzip(MAY.as_bytes(), "2018-05-04T00:00:01Z"),
    );
    assert_eq!(dated(&folder, "lb.log.2.gz").2, "gzip");
    let middle = dated(&folder, "lb.log.1");
    assert_eq!(
        (&*middle.0, &*middle.2),
        ("2018-11-20T00:00:00Z", "rotation")
    );
    let newest = dated(&folder, "lb.log");
    assert_eq!(
        (&*newest.0, &*newest.2),
        ("2019-02-02T00:00:00Z", "rotation")
    );
}

#[test]
fn a_full_date_inside_a_message_is_a_statement() {
    let folder = scratch();
    let log = "Jun  9 07:00:01 web3 shop[9]: 2014-06-09 07:00:01 cart stored\n\
               Jun  9 07:00:02 web3 shop[9]: 2014-06-09 07:00:02 cart stored\n";
    put(&folder, "shop.log", log);
    assert_eq!(
        dated(&folder, "shop.log"),
        says("2014-06-09T07:00:01Z", "2014-06-09T07:00:02Z", "stated")
    );
}

#[test]
fn times_of_day_take_the_day_of_the_files_name_and_pass_midnight() {
    let folder = scratch();
    let log = "23:59:58.000 INFO  [main] worker - one\n00:00:01.000 INFO  [main] worker - two\n";
    let path = put(&folder, "worker-2021-03-31.log", log);
    assert_eq!(
        times(&[&path]),
        ["2021-03-31T23:59:58.000Z", "2021-04-01T00:00:01.000Z"]
    );
    // Without any date they count from the first.
    let path = put(&folder, "worker.log", log);
    assert_eq!(times(&[&path]), ["T+0s", "T+3s"]);
}

/// A night in Berlin, an entry every ten minutes from 01:40 on, as the clock on the wall shows it.
fn night(first: &str, count: i32, wall: impl Fn(DateTime<Utc>) -> DateTime<Utc>) -> String {
    let mut log = String::new();
    for n in 0..count {
        let now = at(first) + TimeDelta::minutes(i64::from(10 * n));
        let shown = wall(now).format("%Y-%m-%d %H:%M:%S");
        let _ = writeln!(log, "{shown},000 INFO  [main] c.e.Turbine - tick {n}");
    }
    log
}

fn berlin(instant: DateTime<Utc>) -> DateTime<Utc> {
    let zone: chrono_tz::Tz = "Europe/Berlin".parse().expect("a zone");
    instant.with_timezone(&zone).naive_local().and_utc()
}

#[test]
fn the_hour_that_passes_twice_and_the_hour_that_is_missing() {
    let folder = scratch();
    for first in ["2024-10-26T23:40:00Z", "2024-03-31T00:10:00Z"] {
        let expected: Vec<String> = (0..18)
            .map(|n| {
                (at(first) + TimeDelta::minutes(10 * n))
                    .format("%Y-%m-%dT%H:%M:%S.000Z")
                    .to_string()
            })
            .collect();
        let log = night(first, 18, berlin);
        let path = put(&folder, "turbine.log", &log);
        assert_eq!(times(&[&path, "--input-zone", "Europe/Berlin"]), expected);
        let newest_first: Vec<&str> = log.lines().rev().collect();
        let path = put(&folder, "turbine.log", newest_first.join("\n") + "\n");
        assert_eq!(times(&[&path, "--input-zone", "Europe/Berlin"]), expected);
    }
}

#[test]
fn a_large_file_turns_in_its_middle() {
    let folder = scratch();
    let mut log = String::new();
    let mut expected = Vec::new();
    // 40 bytes and more a second: the turn is megabytes away from the head.
    for n in 0..12_000 {
        let now = at("2024-10-26T23:00:00Z") + TimeDelta::seconds(n);
        let shown = berlin(now).format("%b %e %H:%M:%S");
        let _ = writeln!(
            log,
            "{shown} grid4 feeder[12]: load {n} kW on the northern line, all phases even"
        );
        expected.push(now.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    let path = put(&folder, "feeder-2024-10-27.log", &log);
    let zone = ["--input-zone", "Europe/Berlin"];
    let found = times(&[&[path.as_str()], &zone[..], &["--chunk", "64"]].concat());
    assert_eq!(found.len(), expected.len());
    assert_eq!(
        found.iter().zip(&expected).find(|(f, e)| f != e),
        None,
        "first difference"
    );
}

#[test]
fn a_zone_for_some_files_and_another_for_the_rest() {
    let folder = scratch();
    let log = "2025-07-01 12:00:00,000 INFO  [main] c.e.Turbine - tick\n";
    put(&folder, "db1.log", log);
    put(&folder, "web.log", log);
    let path = folder.path().to_str().expect("a UTF-8 path");
    let zones = [
        "--input-zone",
        "db*.log=Europe/Paris",
        "--input-zone",
        "-03:00",
    ];
    assert_eq!(
        times(&[&[path], &zones[..]].concat()),
        ["2025-07-01T10:00:00.000Z", "2025-07-01T15:00:00.000Z"]
    );
    for (_, input) in inputs(&folder, &zones) {
        assert_eq!(input["zone_basis"], "flag");
    }
    for (_, input) in inputs(&folder, &[]) {
        assert_eq!(
            (&input["zone"], &input["zone_basis"]),
            (&"UTC".into(), &"assumed".into())
        );
    }
    let wrong = run(&["events", path, "--input-zone", "db*=Moon/Sea"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("Moon/Sea"), "{}", wrong.stderr);
}

#[test]
fn mixed_offsets_and_unsorted_entries_are_put_in_order() {
    let folder = scratch();
    let log = "\
{\"time\":\"2025-02-01T10:00:03+01:00\",\"level\":\"info\",\"msg\":\"b\"}
{\"time\":\"2025-02-01T04:00:02-05:00\",\"level\":\"info\",\"msg\":\"a\"}
{\"time\":\"2025-02-01T14:30:05+05:30\",\"level\":\"info\",\"msg\":\"d\"}
{\"time\":\"2025-02-01T09:00:04Z\",\"level\":\"info\",\"msg\":\"c\"}
{\"time\":1738400406,\"level\":\"info\",\"msg\":\"e\"}
{\"time\":1738400407500,\"level\":\"info\",\"msg\":\"f\"}
";
    let ran = run(&["events", &put(&folder, "relay.jsonl", log)]);
    let said: Vec<String> = ran
        .json_lines()
        .iter()
        .map(|e| format!("{} {}", e["time"].as_str().unwrap_or("none"), e["message"]))
        .collect();
    assert_eq!(
        said,
        [
            "2025-02-01T09:00:02Z \"a\"",
            "2025-02-01T09:00:03Z \"b\"",
            "2025-02-01T09:00:04Z \"c\"",
            "2025-02-01T09:00:05Z \"d\"",
            "2025-02-01T09:00:06Z \"e\"",
            "2025-02-01T09:00:07.500Z \"f\"",
        ]
    );
}

const CHAT: &str = "\
# gate-duty, all times UTC-03:30
[2025-05-23 13:51:10] Ruta: is the gate stuck again?
[2025-05-23 13:51:40] Piet: looks like it, the latch does not answer
[2025-05-23 13:52:30] Ruta: ok, I am restarting it now
[2025-05-23 13:54:00] Piet: thanks, works again
";

#[test]
fn the_head_of_a_file_states_the_zone_of_its_times() {
    let folder = scratch();
    let path = put(&folder, "gate-duty.txt", CHAT);
    let first = |arguments: &[&str]| times(arguments).first().cloned();
    assert_eq!(first(&[&path]).as_deref(), Some("2025-05-23T17:21:10Z"));
    // Who says it on the command line knows better.
    let given = first(&[&path, "--input-zone", "+02:00"]);
    assert_eq!(given.as_deref(), Some("2025-05-23T11:51:10Z"));
    let file = &inputs(&folder, &[])[0].1;
    assert_eq!(file["zone_basis"].as_str(), Some("head"));
    // What people say later is about anything.
    let other = CHAT.replace("# gate-duty, all times UTC-03:30\n", "")
        + "[2025-05-23 13:55:00] Ruta: all times UTC-03:30\n";
    let path = put(&folder, "other.txt", &other);
    assert_eq!(first(&[&path]).as_deref(), Some("2025-05-23T13:51:10Z"));
}
