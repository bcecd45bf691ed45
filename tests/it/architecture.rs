//! The rules of ARCHITECTURE.md that a compiler does not keep, as data.

use super::source_text::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Every module of the package and the modules that it may name, from the lowest up: a
/// module may name only rows above its own, so there is no circle.
#[rustfmt::skip]
const LAYERS: &[(&str, &[&str])] = &[
    ("cite", &[]),
    ("lexicon", &[]),
    ("progress", &[]),
    ("output", &[]),
    ("template", &[]),
    ("clock", &[]),
    ("redact", &[]),
    ("table", &[]),
    ("source", &["cite", "redact"]),
    ("window", &["clock"]),
    ("ingest", &["cite", "clock", "source"]),
    ("config", &["clock", "ingest"]),
    ("survey", &["cite", "clock", "ingest", "source", "table", "template"]),
    ("shard", &["cite", "config", "ingest", "output", "source", "survey", "table"]),
    ("catalogue", &["ingest"]),
    ("signal", &["cite", "lexicon", "survey", "template"]),
    (
        "incident",
        &["cite", "clock", "lexicon", "signal", "survey", "template"],
    ),
    (
        "closeup",
        &[
            "cite", "incident", "ingest", "signal", "source", "survey", "template",
        ],
    ),
    ("analysis", &["cite", "clock", "incident", "redact"]),
    (
        "explain",
        &["analysis", "cite", "clock", "ingest", "source", "survey"],
    ),
    ("metrics", &["cite", "incident"]),
    (
        "report",
        &["analysis", "cite", "clock", "incident", "metrics", "redact", "source"],
    ),
    (
        "events",
        &["ingest", "redact", "report", "source", "survey", "template"],
    ),
    (
        "check",
        &[
            "analysis", "cite", "clock", "incident", "lexicon", "metrics", "report", "source", "survey",
        ],
    ),
    (
        "exports",
        &["analysis", "cite", "clock", "incident", "report", "source"],
    ),
    ("drafting", &["output", "report"]),
    (
        "templates",
        &[
            "cite", "clock", "ingest", "report", "source", "survey", "template",
        ],
    ),
    // The command line is parsed into the types that the rest uses.
    ("cli", &["clock", "ingest", "redact", "window"]),
    (
        "pipeline",
        &[
            "analysis", "cite", "cli", "clock", "closeup", "config", "explain", "incident", "ingest", "progress",
            "redact", "report", "signal", "source", "survey", "window",
        ],
    ),
    (
        "run",
        &[
            "analysis", "catalogue", "check", "cite", "cli", "config", "drafting", "events", "explain", "exports",
            "incident", "output", "pipeline", "progress", "report", "shard", "source", "templates", "window",
        ],
    ),
    ("main", &["cli", "run"]),
];

/// Words that only these files may say: a dependency, or a power, kept in one place.
const KEPT_IN: &[(&str, &str, &[&str])] = &[
    (
        "src",
        "clap",
        &[
            "src/cli.rs",
            "src/cli/explain.rs",
            "src/cli/forms.rs",
            "src/cli/inputs.rs",
            "src/cli/shards.rs",
            "src/main.rs",
        ],
    ),
    ("src", "clap_complete", &["src/cli.rs"]),
    ("src", "clap_mangen", &["src/cli.rs"]),
    (
        "src",
        "polars",
        &[
            "src/events/parquet.rs",
            "src/metrics/frame.rs",
            "src/table/parquet.rs",
        ],
    ),
    (
        "src",
        "polars_io",
        &[
            "src/events/parquet.rs",
            "src/metrics/frame.rs",
            "src/table/parquet.rs",
        ],
    ),
    ("src", "SystemTime", &[]),
    ("src", "now", &[]),
    ("src", "RandomState", &[]),
    ("parsers/src", "polars", &[]),
    ("parsers/src", "clap", &[]),
    ("parsers/src", "fs", &[]),
    ("parsers/src", "io", &[]),
    ("parsers/src", "env", &[]),
    ("parsers/src", "SystemTime", &[]),
    ("parsers/src", "now", &[]),
    ("parsers/src", "HashMap", &[]),
];

/// Registries: the list in the file names every sibling file, in order.
const REGISTRIES: &[(&str, &str, &[&str])] = &[
    ("parsers/src/formats", "FORMATS", &[]),
    (
        "src/signal",
        "RULES",
        &[
            "bins",
            "detector",
            "event",
            "channels",
            "pool",
            "public",
            "recap",
            "remainder",
            "scatter",
            "strays",
            "streak",
            "subject",
            "unwatched",
            "walk",
        ],
    ),
];

/// Lines of a file without its unit tests, and of a function.
const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

/// Files that are longer, each with its reason.
const LONG_FILES: &[&str] = &[
    // Blocks of a document and what they mean to each other.
    "parsers/src/document/block.rs",
    "parsers/src/document/facts.rs",
    // The vocabulary of the parsers: one type per idea.
    "parsers/src/record.rs",
    // JSON with byte positions, and the members that stand for times and levels.
    "parsers/src/token/json.rs",
];

/// Functions that are longer, as `file: name`.
const LONG_FUNCTIONS: &[&str] = &[
    // A table of names written as one match.
    "parsers/src/token/role.rs: program",
];

/// Stories told as data, and what only unit tests are made of.
fn is_exempt(path: &str) -> bool {
    path.starts_with("samples/generator/src/scenario/")
        || path.ends_with("tests.rs")
        || path == "src/specimen.rs"
}

fn fail(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let order: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    for (row, (name, may)) in LAYERS.iter().enumerate() {
        for used in *may {
            assert!(
                order[..row].contains(used),
                "LAYERS: `{used}` must stand above `{name}`"
            );
        }
    }
    let allowed: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut broken = Vec::new();
    for source in sources("src") {
        let module = source.module();
        if module == "lib" || is_exempt(&source.path) {
            continue;
        }
        let Some(may) = allowed.get(module) else {
            broken.push(format!("{}: `{module}` has no row in LAYERS", source.path));
            continue;
        };
        for (line, used) in uses(&source) {
            let inside = used == module;
            let macro_or_type = !order.contains(&used.as_str());
            if !inside && !macro_or_type && !may.contains(&used.as_str()) {
                let path = &source.path;
                broken.push(format!("{path}:{line}: `{module}` names `{used}`"));
            }
        }
    }
    fail("a module names only what LAYERS grants it", &broken);
}

/// `crate::x`, and `recon::x` in the binary.
fn uses(source: &Source) -> Vec<(usize, String)> {
    if source.module() != "main" {
        return source.uses();
    }
    Source {
        path: source.path.clone(),
        code: source.code.replace("recon::", "crate::"),
    }
    .uses()
}

#[test]
fn a_power_is_kept_in_one_place() {
    let mut broken = Vec::new();
    for (folder, word, files) in KEPT_IN {
        for source in sources(folder) {
            if files.contains(&source.path.as_str()) {
                continue;
            }
            for line in source.mentions(word) {
                broken.push(format!("{}:{line}: `{word}`", source.path));
            }
        }
    }
    fail("these words belong elsewhere (see KEPT_IN)", &broken);
}

#[test]
fn registries_are_sorted_and_whole() {
    let mut broken = Vec::new();
    for (folder, list, helpers) in REGISTRIES {
        let path = format!("{folder}/mod.rs");
        let all = sources(folder);
        let registry = all.iter().find(|s| s.path == path).expect("a mod.rs");
        let listed = listed(&registry.code, list);
        let files: Vec<String> = all
            .iter()
            .filter_map(|s| {
                s.path
                    .strip_prefix(folder)?
                    .strip_prefix('/')?
                    .strip_suffix(".rs")
            })
            .filter(|n| *n != "mod" && !n.contains('/') && !helpers.contains(n))
            .map(str::to_owned)
            .collect();
        if listed != files {
            broken.push(format!(
                "{path}: {list} lists {listed:?}, the folder has {files:?}"
            ));
        }
    }
    fail("a registry lists its files, sorted", &broken);
}

/// The modules that a registry's list names, in its order.
fn listed(code: &str, list: &str) -> Vec<String> {
    let at = code.find(&format!(" {list}:")).expect(list);
    let value = code[at..].split_once("= ").expect("a value").1;
    let value = value.split(';').next().unwrap_or(value);
    let paths = value.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    paths
        .filter_map(|p| Some(p.split_once("::")?.0.to_owned()))
        .collect()
}

#[test]
fn files_and_functions_fit_on_a_desk() {
    let (mut files, mut functions) = (BTreeSet::new(), BTreeSet::new());
    let mut broken = Vec::new();
    for source in [
        "src",
        "parsers/src",
        "samples/generator/src",
        "tests",
        "benches",
    ]
    .iter()
    .flat_map(|f| sources(f))
    .filter(|s| !is_exempt(&s.path))
    {
        let path = &source.path;
        let lines = source.code.lines().count();
        if lines > FILE_LINES && !LONG_FILES.contains(&path.as_str()) {
            broken.push(format!("{path}: {lines} lines"));
        }
        if lines > FILE_LINES {
            files.insert(path.clone());
        }
        for f in source.functions() {
            let key = format!("{path}: {}", f.name);
            if f.lines > FUNCTION_LINES {
                if !LONG_FUNCTIONS.contains(&key.as_str()) {
                    broken.push(format!(
                        "{path}:{}: `{}` has {} lines",
                        f.line, f.name, f.lines
                    ));
                }
                functions.insert(key);
            }
        }
    }
    for known in LONG_FILES.iter().filter(|k| !files.contains(**k)) {
        broken.push(format!("{known} is short again; take it off LONG_FILES"));
    }
    for known in LONG_FUNCTIONS.iter().filter(|k| !functions.contains(**k)) {
        broken.push(format!(
            "{known} is short again; take it off LONG_FUNCTIONS"
        ));
    }
    fail(
        &format!("files have up to {FILE_LINES} lines, functions up to {FUNCTION_LINES}"),
        &broken,
    );
}

#[test]
fn every_crate_denies_unsafe_code_with_the_workspace() {
    for manifest in [
        "Cargo.toml",
        "parsers/Cargo.toml",
        "samples/generator/Cargo.toml",
    ] {
        let text = fs::read_to_string(super::util::root().join(manifest)).expect(manifest);
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{manifest} takes no part in the workspace's lints"
        );
    }
}
