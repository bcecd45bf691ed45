//! What services are called by the files of their containers.

use super::containers::events;
use super::util::{put, scratch};

const LINES: &str = "\
2024-06-03T09:00:00.000000000Z stdout F 12 crates weighed
2024-06-03T09:00:01.000000000Z stdout F 13 crates weighed
2024-06-03T09:00:02.000000000Z stderr F scale 4 does not answer
";

/// The services of the entries of a file of this name.
fn services(name: &str, text: &str) -> Vec<String> {
    let folder = scratch();
    let ran = events(&[&put(&folder, name, text)]);
    let all = ran.json_lines();
    let mut found: Vec<String> = all
        .iter()
        .filter_map(|e| Some(e["service"].as_str()?.to_owned()))
        .collect();
    found.dedup();
    found
}

#[test]
fn a_containers_file_is_of_its_workload() {
    let id = "9d2a85f3360b7e41c9d2a85f3360b7e41c9d2a85f3360b7e41c9d2a85f3360b7";
    for (name, service) in [
        (
            format!("weigh-in-6c8d9f7b5-kq4zn_fleet_weigh-in-{id}.log"),
            "weigh-in",
        ),
        ("weigh-in-6c8d9f7b5-kq4zn.log".to_owned(), "weigh-in"),
        (
            format!("weigh-in-6c8d9f7b5-kq4zn_staging_weigh-in-{id}.log"),
            "staging-weigh-in",
        ),
    ] {
        assert_eq!(services(&name, LINES), [service], "{name}");
    }
    assert_eq!(services("weigh-in_v2.log", LINES), ["weigh-in_v2"]);
}

#[test]
fn the_id_of_a_container_names_no_service() {
    let tagged = "Jun  3 09:00:00 dock3 5f1e07c2ab9d[811]: scale 4 does not answer\n".repeat(3);
    assert_eq!(services("weigh-in.log", &tagged), ["weigh-in"]);
    let named = tagged.replace("5f1e07c2ab9d", "gate");
    assert_eq!(services("weigh-in.log", &named), ["gate"]);
}
