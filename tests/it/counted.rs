//! Requests that stand in two logs, one of a proxy and one of the service, are counted once, and each log may know
//! what the other does not say.

use super::util::{put, run, scratch};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Two hours in which the feed fails for a quarter of an hour; `own` writes the service's own line of a request: its time, id,
/// user, and whether it failed.
fn impact(own: impl Fn(&str, &str, &str, bool) -> String) -> Json {
    let (mut proxy, mut service) = (String::new(), String::new());
    for n in 0..1440u32 {
        let at = 10 * 3600 + n * 5;
        let time = format!(
            "2025-05-23T{:02}:{:02}:{:02}Z",
            at / 3600,
            at / 60 % 60,
            at % 60
        );
        let failed = (720..900).contains(&n) && n % 3 > 0;
        let id = format!("{:08x}c0de", n.wrapping_mul(2_654_435_761));
        let status = if failed { 502 } else { 200 };
        let _ = writeln!(
            proxy,
            r#"{{"start_time":"{time}","method":"GET","path":"/feed","response_code":{status},"duration":48,"upstream_cluster":"outbound|80||feed-plan.farm.svc.cluster.local","x_request_id":"{id}"}}"#
        );
        service += &own(&time, &id, &format!("kid{}", n % 97), failed);
    }
    let folder = scratch();
    put(&folder, "gate.log", proxy);
    put(&folder, "services.log", service);
    let path = folder.path().to_str().expect("a UTF-8 path");
    let report = run(&[path, "--window", "--format", "json"]).json();
    let all = report["incidents"].as_array().expect("incidents");
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0]["impact"].clone()
}

#[test]
fn two_logs_of_one_format_may_tell_of_the_same_requests() {
    let impact = impact(|time, id, user, failed| {
        let status = if failed { 502 } else { 200 };
        let level = if failed { "error" } else { "info" };
        format!(
            "{{\"timestamp\":\"{time}\",\"level\":\"{level}\",\"service\":\"feed-plan\",\"event\":\"served\",\"verb\":\"GET\",\"uri\":\"/feed\",\"code\":{status},\"uid\":\"{user}\",\"trace_id\":\"{id}\"}}\n"
        )
    });
    assert_eq!(impact["requests_failed"], 120);
    assert_eq!(impact["users_affected"], 92);
}

#[test]
fn errors_say_whose_the_requests_were_that_a_proxy_counts() {
    let impact = impact(|time, id, user, failed| {
        let (level, said) = if failed {
            ("error", "the plan did not answer")
        } else {
            ("info", "fed")
        };
        format!(
            "{{\"timestamp\":\"{time}\",\"level\":\"{level}\",\"service\":\"feed-plan\",\"event\":\"{said}\",\"uid\":\"{user}\",\"trace_id\":\"{id}\"}}\n"
        )
    });
    assert_eq!(impact["requests_failed"], 120);
    assert_eq!(impact["users_affected"], 92);
}
