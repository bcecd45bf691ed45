//! What is hostile or broken: it is told of with the way out, in bounded memory and time, and the
//! rest is read.

use super::containers::{LOG, citations_of, cited, events, gz, tar, tells, zip};
use super::util::{put, ran, recon, run, scratch};
use serde_json::Value as Json;
use std::fs;
use std::io::Write;
use std::path::Path;

#[test]
fn encrypted_members_are_named_and_the_others_read() {
    let mut bytes = zip(&[("open.log", LOG.as_bytes()), ("shut.log", LOG.as_bytes())]);
    // The flag of the second member, in its own header and in the directory.
    for magic in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let at = bytes
            .windows(4)
            .rposition(|w| w == magic)
            .expect("a header");
        bytes[at + if magic[2] == 3 { 6 } else { 8 }] |= 1;
    }
    let (ran, paths) = citations_of("case.zip", bytes);
    assert_eq!(ran.code, 2);
    assert_eq!(paths, ["case.zip!/open.log"]);
    tells(
        &ran,
        &[
            "case.zip!/shut.log could not be read: encrypted",
            "password",
        ],
    );
}

#[test]
fn bombs_are_stopped_and_the_rest_is_read() {
    let member = gz(&vec![b'A'; 8 << 20]);
    let bomb: Vec<u8> = member.repeat(12);
    let folder = scratch();
    put(&folder, "ledger.log", LOG);
    put(&folder, "bomb.tar.gz", gz(&tar(&[("bomb.log.gz", &bomb)])));
    let ran = events(&[folder.path().to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 2);
    assert!(cited(&ran, &folder).contains(&"ledger.log".to_owned()));
    tells(
        &ran,
        &["bomb.tar.gz!/bomb.log.gz was read in part", "archive bomb"],
    );
}

#[test]
fn what_is_kept_unpacked_has_a_limit_and_goes_away() {
    let folder = scratch();
    let path = put(&folder, "ledger.log.gz", gz(LOG.repeat(100).as_bytes()));
    let temporary = scratch();
    let ran = ran(recon()
        .args(["events", "--unpack-limit", "1K", &path])
        .env("TMPDIR", temporary.path()));
    assert_eq!(ran.code, 2);
    tells(&ran, &["ledger.log.gz", "raise --unpack-limit"]);
    let left: Vec<_> = fs::read_dir(temporary.path()).expect("a folder").collect();
    assert_eq!(left.len(), 0, "{left:?}");
    let odd = run(&["events", "--unpack-limit", "much", &path]);
    assert_eq!(odd.code, 2);
    tells(&odd, &["500M"]);
}

#[test]
fn what_recon_cannot_read_is_named_with_the_way_out() {
    let folder = scratch();
    put(&folder, "system.journal", b"LPKSHHRH\0\0\0\0 and so on");
    put(&folder, "logs.7z", b"7z\xbc\xaf\x27\x1c\0\x04");
    put(&folder, "empty.log", b"");
    put(&folder, "screen.png", b"\x89PNG\r\n\x1a\n\0\0");
    put(&folder, "ledger.log", LOG);
    let ran = run(&["-v", folder.path().to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 2);
    tells(
        &ran,
        &[
            "journalctl --file FILE -o json",
            "7z x FILE",
            "empty.log",
            "a picture",
        ],
    );
    assert!(ran.stdout.contains("ledger.log"), "{}", ran.stdout);
}

/// A line of this many mebibytes between two others.
fn long_line(folder: &Path, mebibytes: usize) -> String {
    let path = folder.join("long.log");
    let mut file = fs::File::create(&path).expect("a file");
    file.write_all(b"2025-05-06T08:00:00Z ERROR ledger dump: ")
        .expect("room");
    let part = vec![b'x'; 1 << 20];
    for _ in 0..mebibytes {
        file.write_all(&part).expect("room");
    }
    file.write_all(b"\n2025-05-06T08:00:01Z INFO ledger fine\n")
        .expect("room");
    path.to_str().expect("a UTF-8 path").to_owned()
}

fn long_line_is_cut(mebibytes: usize) {
    let folder = scratch();
    let path = long_line(folder.path(), mebibytes);
    // The address space is bounded: a line must not be held whole.
    let limited = |verb: &str| {
        ran(assert_cmd::Command::new("sh").args([
            "-c",
            "ulimit -v 600000; exec \"$0\" $1 -j 1 \"$2\"",
            env!("CARGO_BIN_EXE_recon"),
            verb,
            &path,
        ]))
    };
    let all: Vec<Json> = limited("events").json_lines();
    let levels: Vec<_> = all.iter().map(|e| e["level"].as_str()).collect();
    assert_eq!(levels, [Some("error"), Some("info")]);
    assert_eq!(all[1]["source"]["line"], 2);
    tells(&limited(""), &["long.log", "only their beginning was read"]);
}

#[test]
#[cfg(unix)]
fn a_line_without_end_takes_bounded_memory() {
    long_line_is_cut(64);
}

/// A gibibyte on disk and half a minute without optimisation:
/// `cargo test --test it gibibyte -- --ignored`
#[test]
#[cfg(unix)]
#[ignore = "writes a gibibyte"]
fn a_line_of_a_gibibyte_takes_bounded_memory() {
    long_line_is_cut(1024);
}

#[cfg(unix)]
mod unix {
    use super::{LOG, cited, events, put, ran, run, scratch, tells};
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    #[test]
    fn folders_with_things_that_are_no_files() {
        let folder = scratch();
        let path = folder.path();
        put(&folder, "ledger.log", LOG);
        let secret = put(&folder, "secret.log", LOG);
        fs::set_permissions(secret, fs::Permissions::from_mode(0o0)).expect("permissions");
        symlink(path, path.join("loop")).expect("a link");
        symlink(path.join("gone.log"), path.join("dangling.log")).expect("a link");
        symlink(path.join("ledger.log"), path.join("same.log")).expect("a link");
        let _socket = UnixListener::bind(path.join("control.sock")).expect("a socket");
        let pipe = path.join("pipe.log");
        let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let ran = events(&[path.to_str().expect("a UTF-8 path")]);
        assert_eq!(ran.code, 2);
        let mut read = cited(&ran, &folder);
        read.retain(|p| p != "secret.log"); // root may read anything
        assert_eq!(
            read,
            ["ledger.log"],
            "a file is read once, whatever links lead to it"
        );
        tells(
            &ran,
            &[
                "loop",
                "dangling.log",
                "control.sock",
                "pipe.log",
                "give `-`",
            ],
        );
    }

    #[test]
    fn many_files_need_few_descriptors() {
        const FILES: usize = 1200;
        let folder = scratch();
        for n in 0..FILES {
            let line = format!("2025-05-06T08:00:00.{n:06}Z INFO ledger page {n}\n");
            put(&folder, &format!("page{n:04}.log"), line);
        }
        let script = "ulimit -n 400; exec \"$0\" events \"$1\"";
        let ran = ran(assert_cmd::Command::new("sh").args([
            "-c",
            script,
            env!("CARGO_BIN_EXE_recon"),
            folder.path().to_str().expect("a UTF-8 path"),
        ]));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.json_lines().len(), FILES);
    }

    #[test]
    fn an_argument_that_is_a_device_is_refused() {
        let ran = run(&["events", "/dev/zero"]);
        assert_eq!(ran.code, 2);
        tells(&ran, &["/dev/zero", "neither a regular file nor a folder"]);
    }
}
