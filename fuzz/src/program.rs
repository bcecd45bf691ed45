//! Targets in the program: containers, words, templates, options, and all of it from file to report.

use crate::Target;
use crate::corpus::Corpus;
use crate::mutate::mutate;
use crate::random::Random;
use clap::Parser;
use recon::cli::Cli;
use recon::source::{Library, Limits, discover};
use recon::{lexicon, pipeline, report, template};
use std::cell::LazyCell;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

thread_local! {
    /// Where containers and inputs lie; gone when the thread ends.
    static FOLDER: LazyCell<Option<TempDir>> = LazyCell::new(|| tempfile::tempdir().ok());
}

/// A file of this name with these bytes; none where nothing can be written.
pub(crate) fn put(name: &str, bytes: &[u8]) -> Option<PathBuf> {
    FOLDER.with(|folder| {
        let path = LazyCell::force(folder).as_ref()?.path().join(name);
        fs::write(&path, bytes).ok().map(|()| path)
    })
}

fn words(corpus: &Corpus, random: &mut Random) -> Vec<u8> {
    let said = random.pick(&corpus.words).map(String::as_bytes);
    said.unwrap_or_default().to_vec()
}

fn spoken(corpus: &Corpus, random: &mut Random) -> Vec<u8> {
    let mut text = words(corpus, random);
    text.truncate(1024);
    mutate(&mut text, random, &|random| words(corpus, random));
    text
}

/// What people said.
pub(crate) const LEXICON: Target = Target {
    name: "lexicon",
    share: 10,
    millis: 50,
    make: spoken,
    run: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let names = lexicon::Names::new(text.split_whitespace().take(4));
        let said = lexicon::read_among(&text, &names);
        let subjects: Vec<_> = said.iter().filter_map(|s| s.subject.as_ref()).collect();
        for pair in subjects.windows(2) {
            if let [a, b] = pair {
                assert_eq!(lexicon::same(a, b), lexicon::same(b, a), "{a:?} and {b:?}");
            }
        }
        for statement in &said {
            assert!(
                statement.score > 0.0 && statement.score <= 1.0,
                "{statement:?}"
            );
            let _ = (statement.holds(), statement.reaches_users());
        }
        let _ = (lexicon::is_complaint(&text), lexicon::topics(&text).len());
    },
};

/// Messages to templates. A signature is that of the part which its template is made of.
pub(crate) const TEMPLATES: Target = Target {
    name: "templates",
    share: 30,
    millis: 50,
    make: spoken,
    run: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let head = template::head(&text);
        assert_eq!(
            template::signature(&text),
            template::signature(head),
            "{head:?}"
        );
        let _ = template::render(&text);
        let lines: Vec<&str> = text.lines().take(32).collect();
        assert_eq!(
            template::settle(&lines).len(),
            lines.len(),
            "one template for each"
        );
    },
};

/// A text as a container of each kind, in containers now and then.
fn contained(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(2) {
        bytes = packed(&bytes, random).unwrap_or(bytes);
    }
    bytes
}

fn packed(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    match random.below(7) {
        0 => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(bytes).ok()?;
            gzip.finish().ok()
        }
        1 => zstd::encode_all(bytes, 1).ok(),
        2 => {
            let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 0);
            xz.write_all(bytes).ok()?;
            xz.finish().ok()
        }
        3 => {
            let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            bzip2.write_all(bytes).ok()?;
            bzip2.finish().ok()
        }
        4 => {
            let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
            lz4.write_all(bytes).ok()?;
            lz4.finish().ok()
        }
        5 => {
            let mut archive = tar::Builder::new(Vec::new());
            for name in ["logs/app.log", "logs/app.log.1"] {
                let mut header = tar::Header::new_gnu();
                header.set_path(name).ok()?;
                header.set_size(bytes.len() as u64);
                header.set_cksum();
                archive.append(&header, bytes).ok()?;
            }
            archive.into_inner().ok()
        }
        _ => {
            let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            archive
                .start_file("app.log", zip::write::SimpleFileOptions::default())
                .ok()?;
            archive.write_all(bytes).ok()?;
            Some(archive.finish().ok()?.into_inner())
        }
    }
}

/// The head of a Windows event log, which nothing here can write: 128 bytes, one chunk said to follow.
const EVENTS: &[u8] = b"ElfFile\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x80\0\0\0\x01\0\x03\0\0\x10\x01\0";

/// Bytes that everything may unpack to here: a bomb is to take milliseconds.
const UNPACKED: u64 = 1 << 20;

/// Unpacking, transcoding, and lines found again in what came out.
pub(crate) const CONTAINERS: Target = Target {
    name: "containers",
    share: 1,
    millis: 50,
    make: |corpus, random| {
        let text = corpus.sample(random).map(|s| s.piece(random, 6).to_vec());
        let mut bytes = match random.below(12) {
            0 => {
                let mut log = EVENTS.to_vec();
                log.resize(4096, 0);
                log.extend_from_slice(b"ElfChnk\0");
                log.extend(std::iter::repeat_n(random.byte(), 1024));
                log
            }
            1 => {
                let wide = text.unwrap_or_default().into_iter().flat_map(|b| [b, 0]);
                b"\xff\xfe".iter().copied().chain(wide).collect()
            }
            _ => contained(text.unwrap_or_default(), random),
        };
        if !random.once_in(4) {
            mutate(&mut bytes, random, &|_| b"PK\x03\x04".to_vec());
        }
        bytes
    },
    run: |bytes| {
        let Some(path) = put("input", bytes) else {
            return;
        };
        let found = discover(&[path], Limits { unpacked: UNPACKED });
        for unread in &found.unread {
            let _ = unread.message();
        }
        let mut library = Library::new(found.inputs);
        let mut all = Vec::new();
        for (file, input) in library.iter() {
            let mut text = Vec::new();
            if input.text.read(0, 4096, &mut text).is_ok() {
                assert!(text.len() as u64 <= input.text.len(), "more than there is");
                all.push((file, text.len() as u64));
            }
        }
        for (file, end) in all {
            let _ = library.lines_before(file, end);
        }
    },
};

/// Everything: two files in, the draft, the page and the document for programs out.
pub(crate) const PROGRAM: Target = Target {
    name: "program",
    share: 1,
    millis: 500,
    make: |corpus, random| {
        let mut text = Vec::new();
        for _ in 0..=random.below(3) {
            let Some(sample) = corpus.sample(random) else {
                continue;
            };
            let mut piece = sample.piece(random, 40).to_vec();
            let other = |random: &mut Random| words(corpus, random);
            mutate(&mut piece, random, &other);
            text.extend_from_slice(&piece);
            text.push(if random.once_in(4) { 0 } else { b'\n' });
        }
        text
    },
    run: |bytes| {
        let mut arguments = vec![
            "recon".to_owned(),
            "--quiet".to_owned(),
            "--chunk=1".to_owned(),
        ];
        for (n, text) in bytes.splitn(3, |b| *b == 0).enumerate() {
            if let Some(path) = put(&format!("{n}.log"), text) {
                arguments.push(path.to_string_lossy().into_owned());
            }
        }
        let Ok(Cli { mut main, .. }) = Cli::try_parse_from(arguments) else {
            return;
        };
        let Ok(mut opened) = pipeline::open(&mut main.inputs) else {
            return;
        };
        let Ok(analysis) = pipeline::analyse(&main.inputs, &mut opened) else {
            return;
        };
        let options = report::Options {
            slo: main.report.slo,
            zone: main.inputs.view.zone,
            ..report::Options::default()
        };
        let _ = report::markdown(&analysis, &mut opened.library, &options);
        let _ = report::html_page(&analysis, &mut opened.library, &options);
        let _ = report::build(&analysis, &mut opened.library, &options);
    },
};
