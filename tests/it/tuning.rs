//! The engine's knobs stay beside their rules; `docs/tuning.md` is all of them in one place, and this
//! holds it to the sources. `RECON_BLESS=1 cargo test --test it tuning` rewrites its tables.

use super::util;
use std::fmt::Write as _;
use std::fs;

const PAGE: &str = "docs/tuning.md";
/// From here on the page is written by this test.
const BEGIN: &str = "<!-- what follows is written by tests/it/tuning.rs -->\n";
const FOLDERS: [&str; 3] = ["src/signal", "src/incident", "src/lexicon"];

/// A constant with a number of its own.
struct Knob {
    name: String,
    value: String,
    meaning: String,
}

#[test]
fn the_page_of_knobs_is_what_the_sources_say() {
    let path = util::root().join(PAGE);
    let page = fs::read_to_string(&path).expect("docs/tuning.md");
    let (words, told) = page.split_once(BEGIN).expect("the mark in docs/tuning.md");
    let tables = tables();
    if std::env::var_os("RECON_BLESS").is_some() {
        fs::write(&path, format!("{words}{BEGIN}{tables}")).expect("a writable page");
    } else {
        assert!(
            told == tables,
            "{PAGE} is out of date: RECON_BLESS=1 cargo test --test it tuning"
        );
    }
}

fn tables() -> String {
    let mut files = Vec::new();
    for folder in FOLDERS {
        util::walk(&util::root().join(folder), &mut |path| {
            if path.extension().is_some_and(|e| e == "rs") {
                files.push(path.to_path_buf());
            }
        });
    }
    files.sort();
    let mut out = String::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable source");
        let knobs = knobs(&text);
        if knobs.is_empty() {
            continue;
        }
        let path = file
            .strip_prefix(util::root())
            .expect("a path under the root");
        let path = path.to_string_lossy().replace('\\', "/");
        let _ = write!(out, "\n## {path}\n\n{}\n\n", about(&text));
        let _ = writeln!(out, "| knob | value | what it is |\n|---|---|---|");
        for knob in knobs {
            let Knob {
                name,
                value,
                meaning,
            } = knob;
            assert!(
                !meaning.is_empty(),
                "{path}: `{name}` does not say what it is"
            );
            let _ = writeln!(out, "| `{name}` | {value} | {meaning} |");
        }
    }
    out
}

/// The first sentence or two that a file says of itself.
fn about(text: &str) -> String {
    let lines = text.lines().map_while(|l| l.strip_prefix("//!"));
    let first: Vec<&str> = lines.map(str::trim).take_while(|l| !l.is_empty()).collect();
    first.join(" ")
}

/// The numbers among the constants of a file, those of its tests and functions left out.
fn knobs(text: &str) -> Vec<Knob> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let mut found = Vec::new();
    let mut meaning: Vec<&str> = Vec::new();
    for line in code.lines() {
        if let Some(said) = line.strip_prefix("/// ") {
            meaning.push(said);
            continue;
        }
        if let Some((name, value)) = number(line) {
            found.push(Knob {
                name: name.to_owned(),
                value,
                meaning: meaning.join(" ").replace('|', "\\|"),
            });
        }
        meaning.clear();
    }
    found
}

/// Name and value of `const NAME: f64 = 3.0;`, and of no other line.
fn number(line: &str) -> Option<(&str, String)> {
    let line = line.strip_prefix("pub(super) ").unwrap_or(line);
    let (name, rest) = line.strip_prefix("const ")?.split_once(": ")?;
    let (kind, value) = rest.strip_suffix(';')?.split_once(" = ")?;
    let numeric = ["f32", "f64", "i64", "u8", "u64", "usize", "(usize, usize)"];
    numeric.contains(&kind).then(|| (name, in_words(value)))
}

/// `600 * SECOND` as `600 s`; the rest as it is written.
fn in_words(value: &str) -> String {
    match value.strip_suffix(" * SECOND") {
        Some(seconds) => format!("{seconds} s"),
        None => value.to_owned(),
    }
}

#[test]
fn numbers_are_told_from_other_constants() {
    let told = |line| number(line).map(|(name, value)| format!("{name} {value}"));
    assert_eq!(
        told("const FLAP: i64 = 900 * SECOND;").as_deref(),
        Some("FLAP 900 s")
    );
    assert_eq!(
        told("pub(super) const SURE: f32 = 0.6;").as_deref(),
        Some("SURE 0.6")
    );
    assert_eq!(told("const WORDS: &[&str] = &[];"), None);
    assert_eq!(told("    const INSIDE: i64 = 1;"), None);
}
