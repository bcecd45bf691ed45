//! Every format against its sample: `samples/formats/<name>/input.*` is detected
//! as that format and read as `expected.jsonl` says.
//!
//! `RECON_BLESS=1 cargo test -p recon-parsers` rewrites the expected files; what
//! changed is then reviewed like code.

use recon_parsers::formats::FORMATS;
use recon_parsers::{Detected, Format, Kind, Record, Value, detect, entries};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(format: &Format) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../samples/formats")
        .join(format.name)
}

fn input(format: &Format) -> Vec<u8> {
    let folder = folder(format);
    let mut found: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.file_stem().is_some_and(|s| s == "input"))
        .collect();
    assert_eq!(
        found.len(),
        1,
        "{}: one input.* is needed",
        folder.display()
    );
    fs::read(found.remove(0)).expect("a readable sample")
}

/// One record as one line of an expected file, keys in a fixed order.
fn line(number: usize, record: &Record<'_>) -> String {
    let mut keys: Vec<(&str, Json)> = vec![("line", json!(number))];
    let mut put = |key, value: Option<Json>| keys.extend(value.map(|v| (key, v)));
    put("time", record.at.map(|at| json!(at.notation())));
    put("received", record.received.then_some(json!(true)));
    put("level", record.level.map(|l| json!(l.name())));
    put("kind", Some(json!(record.kind.name())));
    put("state", state(record.kind).map(|s| json!(s)));
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

fn state(kind: Kind) -> Option<String> {
    Some(match kind {
        Kind::Alert(state) => format!("{state:?}").to_lowercase(),
        Kind::Page(act) => format!("{act:?}").to_lowercase(),
        Kind::Change(state) => format!("{state:?}").to_lowercase(),
        Kind::Log | Kind::Access | Kind::Chat | Kind::Ticket | Kind::Note => return None,
    })
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

#[test]
fn every_sample_is_detected_and_read_as_expected() {
    let bless = std::env::var_os("RECON_BLESS").is_some();
    let mut wrong = Vec::new();
    for format in FORMATS {
        let text = input(format);
        let found = detect(&text, &[]);
        if found.main() != Some(*format) {
            wrong.push(format!(
                "{}: detected as {:?}, ranking {:?}",
                format.name,
                found.main(),
                found.ranking
            ));
            continue;
        }
        let got = read(&text, &found);
        let path = folder(format).join("expected.jsonl");
        if bless {
            let text: String = got.iter().map(|l| format!("{l}\n")).collect();
            fs::write(&path, text).expect("a writable sample folder");
            continue;
        }
        let want = fs::read_to_string(&path).unwrap_or_default();
        let want: Vec<&str> = want.lines().collect();
        if got != want {
            let at = got.iter().zip(&want).take_while(|(g, w)| g == *w).count();
            wrong.push(format!(
                "{}: line {} of expected.jsonl\n  want {}\n  got  {}",
                format.name,
                at + 1,
                want.get(at).unwrap_or(&"nothing"),
                got.get(at).map_or("nothing", String::as_str)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_is_sorted_and_whole() {
    let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
    assert!(names.is_sorted(), "{names:?}");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
    let mut files: Vec<String> = fs::read_dir(source)
        .expect("the formats' folder")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.to_owned()))
        .filter_map(|name| Some(name.strip_suffix(".rs")?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    assert_eq!(
        files, names,
        "files under src/formats against formats::FORMATS"
    );
}

#[test]
fn the_sample_in_the_binary_is_the_sample_on_disk() {
    for format in FORMATS {
        assert_eq!(format.sample.as_bytes(), input(format), "{}", format.name);
    }
}
