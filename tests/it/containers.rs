//! Archives and whatever else people hand over: what is in it is found and cited, what is
//! broken or hostile is told of, and the rest is read.

use super::util::{Ran, put, ran, recon, run, scratch};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::{Cursor, Write};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

pub(super) const LOG: &str = "\
2025-05-06T08:00:00Z INFO ledger opened
2025-05-06T08:00:01Z ERROR ledger lost its lease
2025-05-06T08:00:02Z WARN ledger retries
";

pub(super) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("gzip");
    gzip.finish().expect("gzip")
}

pub(super) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        append(&mut archive, name, bytes);
    }
    archive.into_inner().expect("tar")
}

/// Appends a member under any name, also one that a careful writer refuses.
fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(1_746_518_400);
    header.set_cksum();
    archive.append(&header, bytes).expect("tar");
}

pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default();
        archive.start_file(*name, options).expect("zip");
        archive.write_all(bytes).expect("zip");
    }
    archive.finish().expect("zip").into_inner()
}

pub(super) fn events(paths: &[&str]) -> Ran {
    let mut arguments = vec!["events"];
    arguments.extend(paths);
    run(&arguments)
}

/// The paths that the entries cite, from the folder, each once.
pub(super) fn cited(ran: &Ran, folder: &TempDir) -> Vec<String> {
    let root = folder.path().to_str().expect("a UTF-8 path");
    let mut paths: Vec<String> = ran
        .json_lines()
        .iter()
        .filter_map(|e| e["source"]["path"].as_str())
        .map(|p| {
            p.trim_start_matches(root)
                .trim_start_matches('/')
                .to_owned()
        })
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Reads one file of this name and content, and gives what it cites.
pub(super) fn citations_of(name: &str, bytes: impl AsRef<[u8]>) -> (Ran, Vec<String>) {
    let folder = scratch();
    let ran = events(&[&put(&folder, name, bytes)]);
    let paths = cited(&ran, &folder);
    (ran, paths)
}

pub(super) fn tells(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stderr.contains(word), "no `{word}` in {}", ran.stderr);
    }
}

#[test]
fn members_are_cited_by_archive_and_name() {
    let log = LOG.as_bytes();
    let inner = zip(&[("web\\ledger.log", log), ("notes/.hidden.log", log)]);
    let bundle = tar(&[
        ("/var/log/ledger.log", log),
        ("./var/log/ledger.log.1.gz", &gz(log)),
        ("more.zip", &inner),
    ]);
    let expected = |outer: &str| {
        vec![
            format!("{outer}!/more.zip!/web/ledger.log"),
            format!("{outer}!/var/log/ledger.log"),
            format!("{outer}!/var/log/ledger.log.1.gz"),
        ]
    };
    let zst = zstd::encode_all(&bundle[..], 1).expect("zstd");
    for (name, bytes) in [
        ("bundle.tar", bundle.clone()),
        ("bundle.tar.gz", gz(&bundle)),
        ("bundle.tar.zst", zst),
    ] {
        let (ran, paths) = citations_of(name, bytes);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(paths, expected(name));
        let all = ran.json_lines();
        assert_eq!(all.len(), 9);
        let second = all.iter().filter(|e| e["source"]["line"] == 2);
        assert!(
            second
                .clone()
                .all(|e| e["message"] == "ledger lost its lease")
        );
        assert_eq!(second.count(), 3);
    }
}

#[test]
fn an_archive_on_standard_input_is_one_too() {
    let piped = ran(recon()
        .args(["events", "-"])
        .write_stdin(gz(&tar(&[("a/ledger.log", LOG.as_bytes())]))));
    assert_eq!(piped.code, 0, "{}", piped.stderr);
    assert_eq!(
        piped.json_lines()[0]["source"]["path"],
        "<stdin>!/a/ledger.log"
    );
}

#[test]
fn lz4_frames_follow_each_other() {
    let half = LOG.len() / 2;
    let mut frames = Vec::new();
    for part in [&LOG.as_bytes()[..half], &LOG.as_bytes()[half..]] {
        let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
        lz4.write_all(part).expect("lz4");
        frames.extend(lz4.finish().expect("lz4"));
    }
    let (ran, _) = citations_of("ledger.log.lz4", frames);
    assert_eq!(ran.json_lines().len(), 3, "{}", ran.stderr);
}

#[test]
fn nesting_ends_somewhere() {
    let mut bytes = LOG.as_bytes().to_vec();
    for _ in 0..12 {
        bytes = gz(&tar(&[("again.tar.gz", &bytes)]));
    }
    let (ran, paths) = citations_of("matryoshka.tar.gz", bytes);
    assert_eq!((ran.code, paths.len()), (2, 0));
    tells(
        &ran,
        &["matryoshka.tar.gz!/", "unpack it and give the folder"],
    );
}

#[test]
fn names_links_and_devices_in_a_tar_do_no_harm() {
    let mut archive = tar::Builder::new(Vec::new());
    append(&mut archive, "../../escaped.log", LOG.as_bytes());
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Char,
        tar::EntryType::Fifo,
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path("odd.log").expect("a short name");
        header.set_link_name("/etc/hosts").expect("a short name");
        header.set_size(0);
        header.set_cksum();
        archive.append(&header, &[][..]).expect("tar");
    }
    append(
        &mut archive,
        "twice.log",
        b"2025-05-06T07:00:00Z INFO older\n",
    );
    append(&mut archive, "twice.log", LOG.as_bytes());
    let bytes = archive.into_inner().expect("tar");
    let folder = scratch();
    let path = put(&folder, "odd.tar", bytes);
    let ran = run(&["events", "-v", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        cited(&ran, &folder),
        ["odd.tar!/escaped.log", "odd.tar!/twice.log"]
    );
    assert_eq!(ran.json_lines().len(), 6, "the later member replaces");
    tells(&ran, &["4 links or devices", "under the same name"]);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing is unpacked beside the archive");
}

#[test]
fn archives_that_break_off_give_what_came_before() {
    let noise: Vec<u8> = (0..400_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let long = format!(
        "{}{}",
        LOG,
        "2025-05-06T08:00:03Z INFO on it goes\n".repeat(3_000)
    );
    let archive = tar(&[
        ("first.log", LOG.as_bytes()),
        ("second.log", long.as_bytes()),
    ]);
    for (name, bytes) in [
        ("cut.tar.gz", gz(&archive)),
        ("cut.tar", archive.clone()),
        (
            "cut.zip",
            zip(&[("first.log", LOG.as_bytes()), ("noise.bin", &noise)]),
        ),
    ] {
        let (ran, paths) = citations_of(name, &bytes[..bytes.len() * 2 / 3]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
        assert!(paths.contains(&format!("{name}!/first.log")), "{paths:?}");
        tells(&ran, &[name, "was read in part"]);
    }
    let mut padded = gz(LOG.as_bytes());
    padded.extend([0; 4096]);
    let (ran, _) = citations_of("padded.log.gz", &padded);
    assert_eq!((ran.code, ran.json_lines().len()), (0, 3), "{}", ran.stderr);
    padded.extend(b"trailing words");
    let (ran, _) = citations_of("trailed.log.gz", &padded);
    assert_eq!((ran.code, ran.json_lines().len()), (2, 3));
    tells(&ran, &["something that is no gzip follows"]);
}

#[test]
fn a_rotated_set_is_one_stream_cited_by_its_files() {
    let day = |month: &str, day: u32| {
        (0..3).fold(String::new(), |text, n| {
            text + &format!("{month} {day:2} 06:0{n}:00 till-07 ledgerd[77]: page {n} written\n")
        })
    };
    let clocks = |hour: u32| {
        (0..3).fold(String::new(), |text, n| {
            text + &format!("{hour:02}:0{n}:00 [worker] INFO page {n} written\n")
        })
    };
    let bytes = tar(&[
        ("log/ledger.log", day("Jan", 2).as_bytes()),
        ("log/ledger.log.1", day("Jan", 1).as_bytes()),
        ("log/ledger.log.2.gz", &gz(day("Dec", 31).as_bytes())),
        ("log/ledger.log.10.gz", &gz(day("Dec", 20).as_bytes())),
        ("log/printer-20240101.log", clocks(9).as_bytes()),
        ("log/printer-20240102.log", clocks(8).as_bytes()),
        ("log/dated.log", b"2024-01-02T06:00:00Z INFO anchor\n"),
    ]);
    let folder = scratch();
    let ran = events(&[&put(&folder, "set.tar", bytes)]);
    let all = ran.json_lines();
    let of = |file: &str| {
        let end = format!("set.tar!/log/{file}");
        let entry = all.iter().find(|e| {
            let path = e["source"]["path"].as_str().unwrap_or_default();
            path.ends_with(&end)
        });
        entry.unwrap_or_else(|| panic!("no {file} in {}", ran.stdout))
    };
    for (file, time) in [
        ("ledger.log", "2024-01-02T06:00:00Z"),
        ("ledger.log.1", "2024-01-01T06:00:00Z"),
        ("ledger.log.2.gz", "2023-12-31T06:00:00Z"),
        ("ledger.log.10.gz", "2023-12-20T06:00:00Z"),
        ("printer-20240101.log", "2024-01-01T09:00:00Z"),
        ("printer-20240102.log", "2024-01-02T08:00:00Z"),
    ] {
        assert_eq!(of(file)["time"], time, "{file}");
    }
    for file in ["printer-20240101.log", "printer-20240102.log"] {
        assert_eq!(of(file)["service"], "printer");
    }
}

#[test]
fn odd_bytes_do_not_keep_a_log_from_being_read() {
    let wide: Vec<u8> = format!("\u{feff}{LOG}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut holed = vec![0; 70_000];
    holed.extend(LOG.as_bytes());
    let crashed = LOG.replacen(
        "2025-05-06T08:00:02Z",
        &format!("{}2025-05-06T08:00:02Z", "\0".repeat(300)),
        1,
    );
    let coloured = LOG.replace("ERROR", "\x1b[1;31mERROR\x1b[0m");
    let mut latin = LOG.replace("lease", "l\u{e9}ase").into_bytes();
    latin.retain(|b| *b != 0xc3);
    let bytes = zip(&[
        ("wide.log", &wide),
        ("holed.log", &holed),
        ("crashed.log", crashed.as_bytes()),
        ("coloured.log", coloured.as_bytes()),
        ("latin.log", &latin),
        ("crlf.log", LOG.replace('\n', "\r\n").as_bytes()),
    ]);
    let (ran, paths) = citations_of("odd.zip", bytes);
    assert_eq!(paths.len(), 6, "{paths:?}");
    let all = ran.json_lines();
    assert_eq!(all.len(), 18, "{}", ran.stdout);
    let of = |level: &str| all.iter().filter(|e| e["level"] == level).count();
    assert_eq!(
        (of("info"), of("error"), of("warn")),
        (6, 6, 6),
        "{}",
        ran.stdout
    );
}
