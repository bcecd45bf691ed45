//! Every format against its sample: `samples/formats/<name>/input.*` is detected
//! as that format and read as `expected.jsonl` says. Any other `samples/formats/<name>/<what>.*`
//! is what else the format reads (another product with its layout, another version, a trap)
//! and is read as `<what>.expected.jsonl` says.
//!
//! `RECON_BLESS=1 cargo test -p recon-parsers` rewrites the expected files; what
//! changed is then reviewed like code.

use recon_parsers::cut::Shape;
use recon_parsers::formats::FORMATS;
use recon_parsers::{Detected, Format, Record, Value, detect, entries};
use serde_json::{Value as Json, json};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

fn folder(format: &Format) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../samples/formats")
        .join(format.name)
}

/// A sample's file and the file that says what it means.
struct Sample {
    input: PathBuf,
    expected: PathBuf,
}

impl Sample {
    fn text(&self) -> Vec<u8> {
        fs::read(&self.input).expect("a readable sample")
    }
}

/// The samples of a format, `input.*` first.
fn samples(format: &Format) -> Vec<Sample> {
    let folder = folder(format);
    let mut found: Vec<Sample> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter_map(|input| {
            let stem = input.file_stem()?.to_str()?;
            let expected = match stem {
                "input" => "expected.jsonl".to_owned(),
                _ if stem.ends_with("expected") => return None,
                other => format!("{other}.expected.jsonl"),
            };
            let expected = folder.join(expected);
            Some(Sample { input, expected })
        })
        .collect();
    found.sort_by_key(|s| {
        (
            s.input.file_stem() != Some("input".as_ref()),
            s.input.clone(),
        )
    });
    let inputs = found
        .iter()
        .filter(|s| s.input.file_stem() == Some("input".as_ref()));
    assert_eq!(inputs.count(), 1, "{}: one input.*", folder.display());
    found
}

fn input(format: &Format) -> Vec<u8> {
    samples(format).remove(0).text()
}

/// One record as one line of an expected file, keys in a fixed order.
fn line(number: usize, record: &Record<'_>) -> String {
    let mut keys: Vec<(&str, Json)> = vec![("line", json!(number))];
    let mut put = |key, value: Option<Json>| keys.extend(value.map(|v| (key, v)));
    put("time", record.at.map(|at| json!(at.notation())));
    put("received", record.received.then_some(json!(true)));
    put("level", record.level.map(|l| json!(l.name())));
    put("kind", Some(json!(record.kind.name())));
    put("state", record.kind.state().map(|s| json!(s)));
    put("service", record.service.as_ref().map(|s| json!(s)));
    put("host", record.host.as_ref().map(|s| json!(s)));
    put("actor", record.actor.as_ref().map(|a| json!(a.name)));
    put(
        "bot",
        record
            .actor
            .as_ref()
            .and_then(|a| a.bot.then_some(json!(true))),
    );
    put("message", Some(json!(record.message)));
    let mut fields = serde_json::Map::new();
    for (name, value) in record.fields.iter() {
        fields.entry(name).or_insert_with(|| plain(value));
    }
    put(
        "fields",
        (!fields.is_empty()).then_some(Json::Object(fields)),
    );
    let pairs: Vec<String> = keys.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
    format!("{{{}}}", pairs.join(","))
}

fn plain(value: &Value<'_>) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Int(int) => json!(int),
        Value::Float(float) => json!(float),
        Value::Time(reading) => json!(reading.notation()),
    }
}

/// What reading `text` gives; lines that no format reads are said to be unread.
fn read(text: &[u8], found: &Detected) -> Vec<String> {
    let mut lines = Vec::new();
    entries::entries(text, 0..text.len(), found, &mut |entry| {
        if entry.format.is_none() {
            let last = entry.line_last + 1;
            lines.push(format!(
                "{{\"line\":{},\"unread_to\":{last}}}",
                entry.line + 1
            ));
        }
        for record in entry.records.iter() {
            if let Some(part) = &record.part {
                let inside = part.start < part.end && part.end <= entry.range.len();
                assert!(
                    inside,
                    "part {part:?} of an entry of {} bytes",
                    entry.range.len()
                );
            }
            lines.push(line(entry.line + 1, record));
        }
    });
    lines
}

/// What is wrong with how a sample is read, if anything.
fn fault(format: &'static Format, sample: &Sample) -> Option<String> {
    let text = sample.text();
    let found = detect(&text, &[]);
    let name = sample.input.display();
    if found.main() != Some(format) {
        let main = found.main();
        return Some(format!(
            "{name}: detected as {main:?}, ranking {:?}",
            found.ranking
        ));
    }
    let got = read(&text, &found);
    let path = &sample.expected;
    if std::env::var_os("RECON_BLESS").is_some() {
        let text: String = got.iter().map(|l| format!("{l}\n")).collect();
        fs::write(path, text).expect("a writable sample folder");
        return None;
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    let want: Vec<&str> = want.lines().collect();
    let at = got.iter().zip(&want).take_while(|(g, w)| g == *w).count();
    (got != want).then(|| {
        format!(
            "{name}: line {} of {}\n  want {}\n  got  {}",
            at + 1,
            path.display(),
            want.get(at).unwrap_or(&"nothing"),
            got.get(at).map_or("nothing", String::as_str)
        )
    })
}

#[test]
fn every_sample_is_detected_and_read_as_expected() {
    let wrong: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| {
            samples(format)
                .into_iter()
                .filter_map(|s| fault(format, &s))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Entries of lines that begin in `owned`: their bytes and what they say.
fn part(text: &[u8], owned: Range<usize>, found: &Detected) -> Vec<(Range<usize>, Vec<String>)> {
    let mut all = Vec::new();
    let at_start = owned.start == 0;
    entries::entries(text, owned, found, &mut |entry| {
        // Lines before the first head belong to the part before.
        if entry.format.is_some() || at_start {
            let said = entry.records.iter().map(|r| line(0, r)).collect();
            all.push((entry.range, said));
        }
    });
    all
}

/// A file is read in chunks whose borders lie anywhere.
#[test]
fn an_entry_cut_at_a_border_is_the_same_entry() {
    for format in FORMATS {
        for sample in samples(format) {
            let text = sample.text();
            let found = detect(&text, &[]);
            if found.shape != Shape::Lines {
                continue;
            }
            let whole = part(&text, 0..text.len(), &found);
            let breaks = text.iter().enumerate().filter(|(_, b)| **b == b'\n');
            for at in breaks.map(|(n, _)| n + 1) {
                let mut both = part(&text, 0..at, &found);
                both.extend(part(&text, at..text.len(), &found));
                assert_eq!(both, whole, "{} cut at {at}", sample.input.display());
            }
        }
    }
}

#[test]
fn the_list_is_sorted_and_whole() {
    let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
    let mut files: Vec<String> = fs::read_dir(source)
        .expect("the formats' folder")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.to_owned()))
        .filter_map(|name| Some(name.strip_suffix(".rs")?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    if std::env::var_os("RECON_BLESS").is_some() && files != names {
        list(&files);
        panic!("src/formats/mod.rs lists the files anew: run once more");
    }
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(
        files, names,
        "files under src/formats against formats::FORMATS"
    );
}

/// Writes the two lists of `src/formats/mod.rs` from the files beside it.
fn list(names: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats/mod.rs");
    let text = fs::read_to_string(&path).expect("the list");
    let is_entry = |line: &str| line.starts_with("pub(crate) mod ") || line.ends_with("::FORMAT,");
    let mut out = String::new();
    let mut done = [false; 2];
    for line in text.lines() {
        let entry = usize::from(line.ends_with("::FORMAT,"));
        if !is_entry(line) {
            out += &format!("{line}\n");
        } else if !std::mem::replace(&mut done[entry], true) {
            for name in names.iter().map(|n| n.replace('-', "_")) {
                out += &match entry {
                    0 => format!("pub(crate) mod {name};\n"),
                    _ => format!("    &{name}::FORMAT,\n"),
                };
            }
        }
    }
    fs::write(path, out).expect("the list written");
}

#[test]
fn the_sample_in_the_binary_is_the_sample_on_disk() {
    for format in FORMATS {
        assert_eq!(format.sample.as_bytes(), input(format), "{}", format.name);
    }
}
