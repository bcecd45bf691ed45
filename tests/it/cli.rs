//! What people type, and what can go wrong with what they name.

use super::util::{Ran, put, ran, recon, run, run_in, scratch};
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const LOG: &str = "\
ts=2025-05-06T08:00:00.100Z level=info svc=basket msg=\"cart stored\" user=31
ts=2025-05-06T08:00:01.200Z level=warn svc=basket msg=\"slow query\" took=812ms
ts=2025-05-06T08:00:02.300Z level=error svc=basket msg=\"cannot reach pricing: Grüße\" user=44
";

/// What `recon events` says of each entry, without its place.
fn said(ran: &Ran) -> Vec<String> {
    let entries = ran.json_lines();
    let line = |e: &serde_json::Value| {
        format!(
            "{} {} {} {}",
            e["time"], e["level"], e["service"], e["message"]
        )
    };
    entries.iter().map(line).collect()
}

/// Reads a file with these bytes, and holds what comes of it against the plain log.
fn reads_as_the_plain_log(name: &str, bytes: impl AsRef<[u8]>) {
    let folder = scratch();
    let plain = run(&["events", &put(&folder, "basket.log", LOG)]);
    assert_eq!(plain.json_lines().len(), 3, "{}", plain.stderr);
    let path = put(&folder, name, bytes);
    let other = run(&["events", &path]);
    assert_eq!(other.code, 0, "{name}: {}", other.stderr);
    assert_eq!(said(&other), said(&plain), "{name}");
    let lines: Vec<_> = other
        .json_lines()
        .iter()
        .map(|e| e["source"]["line"].clone())
        .collect();
    assert_eq!(lines, [1, 2, 3], "{name}: lines of the decompressed text");
    assert_eq!(other.json_lines()[0]["source"]["path"], path.as_str());
}

#[test]
fn help_teaches() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    for taught in [
        "recon logs/*.log --window",
        "Exit status: 0 an incident was found, 1 none was, 2 an error",
        "--window",
        "2024-01-19T10:00..14:45",
        "events",
        "metrics",
        "explain",
        "--input-zone",
    ] {
        assert!(help.stdout.contains(taught), "--help does not say {taught}");
    }
    let bare = run::<&str>(&[]);
    assert_eq!(bare.code, 2, "without arguments: the help, and an error");
    assert!(bare.stderr.contains("Usage: recon"), "{}", bare.stderr);
}

#[test]
fn a_wrong_option_names_the_way_out() {
    let log = "samples/incidents/quiet-day";
    let window = run(&[log, "--window", "yesterday"]);
    assert_eq!((window.code, window.stdout.as_str()), (2, ""));
    assert!(
        window.stderr.contains("expected a length such as 2h"),
        "{}",
        window.stderr
    );
    let zone = run(&["events", log, "--input-zone", "Mars/Olympus"]);
    assert_eq!(zone.code, 2);
    assert!(zone.stderr.contains("Mars/Olympus"), "{}", zone.stderr);
    let slo = run(&[log, "--slo", "250"]);
    assert_eq!(slo.code, 2);
    assert!(slo.stderr.contains("between 0 and 100"), "{}", slo.stderr);
}

#[test]
fn a_bare_window_does_not_eat_the_first_file() {
    let folder = scratch();
    put(&folder, "a.log", LOG);
    put(&folder, "b.log", LOG);
    let explained = |arguments: &[&str]| run_in(folder.path(), arguments).stdout;
    let both = explained(&["explain", "a.log", "b.log"]);
    assert!(
        both.contains("a.log\n") && both.contains("b.log\n"),
        "{both}"
    );
    assert_eq!(explained(&["explain", "--window", "a.log", "b.log"]), both);
    assert_eq!(explained(&["explain", "b.log", "--window", "a.log"]), both);
    assert_eq!(explained(&["explain", "a.log", "b.log", "--window"]), both);
}

#[test]
fn a_window_crops_what_is_written() {
    let folder = scratch();
    let path = put(&folder, "basket.log", LOG);
    let window = "2025-05-06T08:00:01Z..2025-05-06T08:00:02Z";
    let events = run(&["events", &path, "--window", window]).json_lines();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["message"], "slow query");
}

#[test]
fn compressed_inputs_read_as_plain_ones() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(LOG.as_bytes()).expect("gzip");
    reads_as_the_plain_log("basket.log.gz", gzip.finish().expect("gzip"));
    reads_as_the_plain_log(
        "basket.log.zst",
        zstd::encode_all(LOG.as_bytes(), 3).expect("zstd"),
    );
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(LOG.as_bytes()).expect("bzip2");
    reads_as_the_plain_log("basket.log.bz2", bzip2.finish().expect("bzip2"));
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    xz.write_all(LOG.as_bytes()).expect("xz");
    reads_as_the_plain_log("basket.log.xz", xz.finish().expect("xz"));
}

#[test]
fn compression_is_told_by_content_and_members_follow_each_other() {
    let mut both = Vec::new();
    let cut = LOG.len() / 2;
    for part in [&LOG.as_bytes()[..cut], &LOG.as_bytes()[cut..]] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(part).expect("gzip");
        both.extend(gzip.finish().expect("gzip"));
    }
    reads_as_the_plain_log("basket.log", both);
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    reads_as_the_plain_log("crlf.log", LOG.replace('\n', "\r\n"));
    reads_as_the_plain_log("no-last-line-end.log", LOG.trim_end());
    reads_as_the_plain_log("bom.log", format!("\u{feff}{LOG}"));
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{LOG}");
        text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    reads_as_the_plain_log("utf16le.log", utf16(u16::to_le_bytes));
    reads_as_the_plain_log("utf16be.log", utf16(u16::to_be_bytes));
}

#[test]
fn standard_input_is_an_input() {
    let folder = scratch();
    let plain = run(&["events", &put(&folder, "basket.log", LOG)]);
    let piped = ran(recon().args(["events", "-"]).write_stdin(LOG));
    assert_eq!(piped.code, 0, "{}", piped.stderr);
    assert_eq!(said(&piped), said(&plain));
    assert_eq!(piped.json_lines()[0]["source"]["path"], "<stdin>");
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_is_read() {
    let folder = scratch();
    let path = put(&folder, "basket.log", LOG);
    let missing = folder.path().join("missing.log");
    let missing = missing.to_str().expect("a UTF-8 path");
    let events = run(&["events", missing, &path]);
    assert_eq!(events.code, 2);
    assert_eq!(events.json_lines().len(), 3);
    assert!(events.stderr.contains("missing.log"), "{}", events.stderr);
    let explained = run(&["explain", missing, &path]);
    assert_eq!(explained.code, 2);
    assert!(
        explained.stdout.contains("missing.log\n  not read"),
        "{}",
        explained.stdout
    );
    let report = run(&[missing, &path, "--window"]);
    assert_eq!(report.code, 2, "{}", report.stdout);
    assert!(report.stdout.contains("basket.log"), "{}", report.stdout);
}

#[test]
fn a_broken_archive_gives_what_could_be_read() {
    let long = LOG.repeat(20_000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(long.as_bytes()).expect("gzip");
    let mut bytes = gzip.finish().expect("gzip");
    bytes.truncate(bytes.len() / 2);
    let folder = scratch();
    let events = run(&["events", &put(&folder, "basket.log.gz", bytes)]);
    let entries = events.stdout.lines().count();
    assert!(
        (20_000..40_000).contains(&entries),
        "{entries} entries\n{}",
        events.stderr
    );
}

#[test]
fn nothing_and_noise_are_no_trouble() {
    let folder = scratch();
    let empty = put(&folder, "empty.log", "");
    let noise: Vec<u8> = (0..200_000u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    let noise = put(&folder, "noise.bin", noise);
    let zeros = put(&folder, "zeros.bin", vec![0u8; 300_000]);
    for path in [&empty, &noise, &zeros] {
        let report = run(&[path, "--window"]);
        assert_eq!(report.code, 1, "{path}: {}", report.stderr);
        let explained = run(&["explain", path]);
        assert_eq!(explained.code, 0, "{path}: {}", explained.stderr);
        assert!(
            explained.stdout.contains(path.as_str()),
            "{}",
            explained.stdout
        );
    }
    let explained = run(&["explain", &empty]).stdout;
    assert!(explained.contains("0 bytes, 0 lines"), "{explained}");
}

#[test]
fn a_folder_is_walked_without_hidden_files() {
    let folder = scratch();
    fs::create_dir_all(folder.path().join("deep/er")).expect("a folder");
    put(&folder, "deep/er/basket.log", LOG);
    put(&folder, ".hidden.log", LOG);
    let events = run(&["events", folder.path().to_str().expect("a UTF-8 path")]);
    assert_eq!(events.code, 0, "{}", events.stderr);
    let entries = events.json_lines();
    assert_eq!(entries.len(), 3);
    let path = entries[0]["source"]["path"].as_str().expect("a path");
    assert!(path.ends_with("/deep/er/basket.log"), "{path}");
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let folder = scratch();
    let log = put(&folder, "basket.log", LOG.repeat(40_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_recon"))
        .args(["events", &log])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("recon starts");
    let mut first = [0; 100];
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut first).expect("the first bytes");
    drop(stdout);
    let ended = child.wait_with_output().expect("recon ends");
    assert!(ended.status.success(), "{:?}", ended.status);
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn a_service_can_be_given_and_a_zone_assumed() {
    let folder = scratch();
    let log = put(
        &folder,
        "basket.log",
        LOG.replace("svc=basket ", "").replace('Z', ""),
    );
    let events = run(&[
        "events",
        &log,
        "--service",
        "till=basket*",
        "--input-zone",
        "+02:00",
    ]);
    let entries = events.json_lines();
    assert_eq!(entries.len(), 3, "{}", events.stderr);
    for entry in &entries {
        assert_eq!(entry["service"], "till");
        assert_eq!(entry["time_basis"], "zone-assumed");
        assert!(
            entry["time"]
                .as_str()
                .is_some_and(|t| t.starts_with("2025-05-06T06:00:0"))
        );
    }
}

#[test]
fn shells_and_manuals_are_served() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.stdout.contains("recon"), "{shell}");
    }
    let man = run(&["man"]);
    assert!(
        man.stdout.starts_with(".ie") || man.stdout.contains(".TH recon"),
        "{:.80}",
        man.stdout
    );
}

#[test]
fn formats_are_listed_with_reference_and_sample() {
    let list = run(&["formats"]).stdout;
    let names: Vec<&str> = list
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert!(!names.is_empty() && names.is_sorted(), "{names:?}");
    for name in names {
        let one = run(&["formats", name]);
        assert_eq!(one.code, 0, "{name}: {}", one.stderr);
        assert!(one.stdout.contains("\nSample:\n"), "{name}: {}", one.stdout);
    }
    let unknown = run(&["formats", "no-such"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.stderr.contains("`recon formats` lists them"),
        "{}",
        unknown.stderr
    );
}
