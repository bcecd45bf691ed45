//! Where results go: to files, links, devices, and nowhere by half.

use super::util::{put, run, scratch};
use std::fs;
use std::process::Command;

const LOG: &str = "\
ts=2025-05-06T08:00:00.100Z level=info svc=basket msg=\"cart stored\" user=31
ts=2025-05-06T08:00:02.300Z level=error svc=basket msg=\"cannot reach pricing\" user=44
";

#[test]
fn a_result_appears_whole_or_not_at_all() {
    let folder = scratch();
    let log = put(&folder, "basket.log", LOG);
    let result = folder.path().join("events.jsonl");
    let to = result.to_str().expect("a UTF-8 path");
    let written = run(&["events", &log, "-o", to]);
    assert_eq!(
        (written.code, written.stdout.as_str()),
        (0, ""),
        "{}",
        written.stderr
    );
    let whole = fs::read_to_string(&result).expect("a result");
    assert_eq!(whole, run(&["events", &log]).stdout);

    // A run that fails leaves what was there.
    let failed = run(&["events", &log, "-o", to, "--window", "never"]);
    assert_eq!(failed.code, 2);
    assert_eq!(fs::read_to_string(&result).expect("a result"), whole);
    let nowhere = folder.path().join("no/such/folder/report.md");
    let failed = run(&[
        "events",
        &log,
        "-o",
        nowhere.to_str().expect("a UTF-8 path"),
    ]);
    assert_eq!(failed.code, 2);
    assert!(failed.stderr.contains("cannot write"), "{}", failed.stderr);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 2, "no temporary file is left: {left:?}");
}

/// As root, a report renamed over /dev/null would leave the machine without one.
#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_stays() {
    use std::os::unix::fs::FileTypeExt;
    let folder = scratch();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let to = pipe.to_str().expect("a UTF-8 path").to_owned();
    let sample = "samples/incidents/001-auth-misconfiguration";
    for args in [
        vec!["events", sample, "-o", &to],
        vec![sample, "--window", "auto", "-o", &to],
    ] {
        let reader = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read_to_string(pipe))
        };
        assert_eq!(run(&args).code, 0);
        let read = reader.join().expect("a reader").expect("text");
        assert!(read.len() > 1000, "{args:?}: {read}");
        let kind = fs::metadata(&pipe).expect("a pipe").file_type();
        assert!(kind.is_fifo(), "{args:?}");
    }
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing is left beside the pipe");
}

#[cfg(unix)]
#[test]
fn a_link_and_permissions_outlive_a_new_result() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = scratch();
    let log = put(&folder, "basket.log", LOG);
    let file = put(&folder, "monday.jsonl", "old");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
    let link = folder.path().join("latest.jsonl");
    symlink("monday.jsonl", &link).expect("a link");
    let ran = run(&["events", &log, "-o", link.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(link.is_symlink());
    assert!(fs::read_to_string(&file).expect("a result").len() > 10);
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_form_follows_the_ending_of_the_output() {
    let folder = scratch();
    let sample = "samples/incidents/001-auth-misconfiguration";
    for (file, begins) in [("report.md", "# "), ("report.json", "{")] {
        let path = folder.path().join(file);
        let written = run(&[
            sample,
            "--window",
            "auto",
            "-o",
            path.to_str().expect("a UTF-8 path"),
        ]);
        assert_eq!(
            (written.code, written.stdout.as_str()),
            (0, ""),
            "{}",
            written.stderr
        );
        let text = fs::read_to_string(&path).expect("a report");
        assert!(text.starts_with(begins), "{file}: {text:.40}");
    }
}
