//! Formats that users declare, as they declare them.

use super::util::{put, root, run, run_in, scratch};

/// The declaration in the README.
fn example() -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let (_, behind) = readme.split_once("```toml\n").expect("a declaration");
    let (example, _) = behind.split_once("```").expect("its end");
    example.to_owned()
}

const LOG: &str = "\
06.05.2031 07:08:09.125 [I] tram-desk#1 200 1250 ticket sold user=77\n\
06.05.2031 07:08:10.250 [E] tram-desk#2 503 81250 depot does not answer\n\
\x20 tried three times\n\
06.05.2031 07:08:11.500 [X] tram-depot#1 - 0 out of trams\n";

#[test]
fn the_readmes_declaration_reads_its_log() {
    let folder = scratch();
    put(&folder, "recon.toml", example());
    put(&folder, "gateway.log.1", LOG);
    let events = run_in(folder.path(), &["events", "."]);
    assert_eq!(events.code, 0, "{}", events.stderr);
    let events = events.json_lines();
    assert_eq!(
        events.len(),
        3,
        "recon.toml itself is no evidence: {events:?}"
    );
    // Lisbon is an hour east of UTC in May.
    assert_eq!(events[1]["time"], "2031-05-06T06:08:10.250Z");
    assert_eq!(
        events[1]["message"],
        "depot does not answer\n  tried three times"
    );
    assert_eq!(events[1]["fields"]["latency_ms"], 81.25);
    assert_eq!(events[1]["format"], "tram-gateway");
    assert_eq!(events[2]["level"], "fatal");
    assert_eq!(events[0]["fields"]["user"], "77");

    let explained = run_in(folder.path(), &["explain", "gateway.log.1"]).stdout;
    assert!(
        explained.contains("tram-gateway (reads 3 of 4 sampled, declared)"),
        "{explained}"
    );
    assert!(
        explained.contains("Europe/Lisbon (declared: declared with its format)"),
        "{explained}"
    );
    let json = run_in(
        folder.path(),
        &["explain", "gateway.log.1", "--format", "json"],
    )
    .json();
    assert_eq!(json["inputs"][0]["declared"], true);
    assert_eq!(json["inputs"][0]["formats"][0], "tram-gateway");

    let listed = run_in(folder.path(), &["formats"]).stdout;
    assert!(listed.starts_with("tram-gateway "), "{listed}");
    let one = run_in(
        folder.path(),
        &["formats", "tram-gateway", "--format", "json"],
    )
    .json();
    assert_eq!(one["fields"]["worker"], "4");
}

#[test]
fn a_format_is_for_its_files_and_loads_by_name() {
    let folder = scratch();
    let formats = put(&folder, "formats.toml", example());
    let log = put(&folder, "other.log", LOG);
    let format = |arguments: &[&str]| {
        let events = run(&[&["events", &log, "--format-file", &formats], arguments].concat());
        assert_eq!(events.code, 0, "{}", events.stderr);
        (events.json_lines()[0]["format"].clone(), events.stderr)
    };
    let (name, told) = format(&["-v"]);
    assert_ne!(name, "tram-gateway", "`files` leaves it out");
    assert!(told.contains("formats.toml: 1 formats declared"), "{told}");
}

#[test]
fn a_flawed_declaration_stops_with_its_place() {
    let folder = scratch();
    put(
        &folder,
        "recon.toml",
        example().replacen("levels", "lebels", 1),
    );
    put(&folder, "gateway.log", LOG);
    let ran = run_in(folder.path(), &["gateway.log"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("recon.toml:7:1: "), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("did you mean `levels`?"),
        "{}",
        ran.stderr
    );
    let missing = run_in(folder.path(), &["gateway.log", "--config", "none.toml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("none.toml"), "{}", missing.stderr);
}

#[test]
fn every_format_shows_what_it_finds() {
    let list = run(&["formats", "--format", "json"]).json();
    let formats = list.as_array().expect("a list");
    assert!(formats.len() > 30);
    for format in formats {
        let fields = format["fields"].as_object().expect("fields");
        assert!(
            !fields.is_empty() || format["name"] == "slack-users",
            "{format}"
        );
        assert_eq!(format["declared"], false);
    }
    let logfmt = run(&["formats", "logfmt"]).stdout;
    assert!(
        logfmt.contains("\n  level ") && logfmt.contains("\nSample:\n"),
        "{logfmt}"
    );
}
