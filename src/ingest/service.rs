//! Which service a file speaks for when its entries do not say.

use crate::source::Input;
use globset::{Glob, GlobMatcher};
use recon_parsers::Format;
use recon_parsers::token::change::is_staging;
use recon_parsers::token::pod;

/// One `--service NAME=GLOB`.
#[derive(Clone, Debug)]
pub struct Rule {
    name: String,
    glob: GlobMatcher,
}

impl std::str::FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, glob) = text
            .split_once('=')
            .ok_or("expected NAME=GLOB, such as auth=logs/auth*.log")?;
        let glob = Glob::new(glob).map_err(|e| e.to_string())?;
        Ok(Self {
            name: name.to_owned(),
            glob: glob.compile_matcher(),
        })
    }
}

/// The service that a rule gives a file.
pub(super) fn given(rules: &[Rule], path: &str) -> Option<String> {
    rules
        .iter()
        .find(|r| matches(&r.glob, path))
        .map(|r| r.name.clone())
}

/// Whether a glob means a file: by its path or by its name.
pub(super) fn matches(glob: &GlobMatcher, path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    glob.is_match(path) || glob.is_match(file)
}

/// Words of file names that name no service.
const NOT_A_SERVICE: [&str; 29] = [
    "access",
    "error",
    "errors",
    "log",
    "logs",
    "out",
    "err",
    "json",
    "jsonl",
    "stdout",
    "stderr",
    "current",
    "txt",
    "csv",
    "gz",
    "combined",
    "input",
    "var",
    "tmp",
    "data",
    "samples",
    "home",
    "messages",
    "prod",
    "production",
    "prd",
    // What loggers and servers of Java and .NET call their files.
    "catalina",
    "localhost",
    "nlog",
];

/// Words that name one only together with others: `rider-app`, `check-in`. Alone they are of what people put
/// together for an incident: `in/access.log`.
const ALONE: [&str; 13] = [
    "app",
    "attachments",
    "bundle",
    "collected",
    "downloads",
    "evidence",
    "export",
    "files",
    "in",
    "incident",
    "incidents",
    "inputs",
    "outage",
];

/// The rotated set that a file is of.
#[must_use]
pub fn set_of(path: &str) -> String {
    crate::clock::rotated(path).0
}

/// The path of a file without what rotation and archives add.
fn set(input: &Input) -> String {
    let set = set_of(&input.path);
    PACKS.iter().fold(set, |name, end| name.replace(end, "/"))
}

/// The service that a file's name speaks of: `edge-access.log.1` is `edge`, and so is
/// `edge/access.log`.
pub(super) fn of_name(input: &Input, format: Option<&Format>) -> String {
    let set = set(input);
    if let Some(source) = pod::source(stem(&set)) {
        return source.service().to_owned();
    }
    let mut parts = set.rsplit('/').take(2).map(telling);
    let name = parts.find(|name| !name.is_empty());
    let exported = format.is_some_and(|f| EXPORTS.contains(&f.name));
    let name = name.map(|name| if exported { unstored(name) } else { name });
    name.unwrap_or_else(|| format.map_or("unknown", |f| f.name).to_owned())
}

/// Formats of what log stores export, and how people call the files: `shop-kibana.json` is of `shop`.
const EXPORTS: [&str; 2] = ["store-export", "csv-log"];
const STORES: [&str; 12] = [
    "cloudwatch",
    "datadog",
    "elastic",
    "explore",
    "export",
    "gcp",
    "grafana",
    "insights",
    "kibana",
    "loki",
    "splunk",
    "stackdriver",
];

/// The name without the store at its end.
fn unstored(mut name: String) -> String {
    while let Some((rest, end)) = name.rsplit_once(['-', '_']) {
        if rest.is_empty() || !STORES.contains(&end) {
            break;
        }
        name = rest.to_owned();
    }
    name
}

/// Words at the end of file names that may say what a program is or what it writes, or may be of its name.
const ENDINGS: [&str; 9] = [
    "app", "server", "srv", "svc", "service", "daemon", "main", "live", "worker",
];

/// Ends of file names behind a dot, which are of no service's name.
const EXTENSIONS: [&str; 14] = [
    "log", "logs", "json", "jsonl", "ndjson", "txt", "csv", "gz", "zst", "xz", "bz2", "out", "err",
    "zip",
];

/// What else a file's name may call its service: all of its words, and those without one or more that it may
/// end with.
pub(super) fn other_names(input: &Input) -> Vec<String> {
    let set = set(input);
    if let Some(source) = pod::source(stem(&set)) {
        let mut names = vec![source.workload.to_owned()];
        names.extend(source.container.map(str::to_owned));
        return names;
    }
    let mut parts = set.rsplit('/').take(2);
    let part = parts.find(|part| !telling(part).is_empty());
    part.map(readings).unwrap_or_default()
}

/// A name without its endings.
fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some((rest, end)) = stem.rsplit_once('.') {
        let number = !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit());
        if !(number || EXTENSIONS.contains(&end.to_lowercase().as_str())) {
            break;
        }
        stem = rest;
    }
    stem
}

/// Words in front of a service's name that say what the log is of: `app-toll.log`.
const KINDS: [&str; 9] = [
    "app",
    "application",
    "log",
    "logs",
    "svc",
    "service",
    "srv",
    "server",
    "backend",
];

/// The readings of a file or folder name, from its whole to its shortest, with and without a word in front that says
/// what kind of log it is.
fn readings(name: &str) -> Vec<String> {
    let mut found = readings_by_end(name);
    let behind = |name: &String| {
        let (kind, rest) = name.split_once(['-', '_'])?;
        (KINDS.contains(&kind) && !telling(rest).is_empty()).then(|| rest.to_owned())
    };
    let bare: Vec<String> = found.iter().filter_map(behind).collect();
    found.extend(bare);
    found
}

fn readings_by_end(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = stem(name).to_lowercase();
    let apart = |c: char| !c.is_alphanumeric();
    loop {
        let is_name = left
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if is_name && !telling(&left).is_empty() {
            found.push(left.clone());
        }
        let Some((rest, end)) = left.rsplit_once(apart) else {
            return found;
        };
        if !ENDINGS.contains(&end) && !NOT_A_SERVICE.contains(&end) {
            return found;
        }
        left = rest.trim_end_matches(apart).to_owned();
    }
}

/// The service of a file whose name says that it is one without users, as `staging-orders.log`: its
/// entries call themselves what they call themselves in production.
pub(super) fn of_staging(input: &Input) -> Option<String> {
    let name = of_name(input, None);
    // A namespace is `staging`, or of a team: `till-uat`.
    if let Some(source) = pod::source(stem(&set(input)))
        && let Some(namespace) = source.namespace
    {
        return pod::within_namespace(&name, namespace);
    }
    let mut ends = name.split('-');
    let staging = ends.next().is_some_and(is_staging) || ends.next_back().is_some_and(is_staging);
    staging.then_some(name)
}

/// What stands between an archive and its member, and says nothing of either.
const PACKS: [&str; 7] = [
    ".tar.gz!/",
    ".tar.zst!/",
    ".tar.xz!/",
    ".tar.bz2!/",
    ".tar!/",
    ".tgz!/",
    ".zip!/",
];

/// The words of a file or folder name that name a service, with an underline where the name has one:
/// `order_desk.log` is what alerts and changes call `order_desk`.
fn telling(name: &str) -> String {
    let apart = |c: char| !c.is_alphanumeric();
    let mut out = String::new();
    let mut joined = false;
    let mut after_u = false;
    for piece in name.split_inclusive(apart) {
        let word = piece.trim_end_matches(apart);
        let lower = word.to_lowercase();
        let silent = word.is_empty()
            || word.bytes().all(|b| b.is_ascii_digit())
            || pod::is_id(word)
            || is_of_iis(&lower)
            || after_u && matches!(lower.as_str(), "ex" | "in" | "nc" | "x")
            || NOT_A_SERVICE.contains(&lower.as_str());
        if !silent {
            if !out.is_empty() {
                out.push(if joined { '_' } else { '-' });
            }
            out.push_str(&lower);
        }
        joined = !silent && piece.ends_with('_');
        // `u_ex.log`, once somebody cut the date off; `u_ex240119_x.log` has columns of its own.
        after_u = lower == "u" || after_u && is_of_iis(&lower);
    }
    if ALONE.contains(&out.as_str()) {
        return String::new();
    }
    out
}

/// What IIS calls folders and files: `W3SVC2`, `u_ex240119.log`, of which `u` stands alone.
fn is_of_iis(word: &str) -> bool {
    let numbered = ["w3svc", "ex", "nc", "u_ex"]
        .iter()
        .find_map(|p| word.strip_prefix(p));
    word == "u" || numbered.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{readings, telling, unstored};

    #[test]
    fn a_store_is_no_part_of_a_service() {
        let of = |name: &str| unstored(name.to_owned());
        assert_eq!(of("tax-engine-kibana"), "tax-engine");
        assert_eq!(of("tax-cloudwatch-export"), "tax");
        assert_eq!(of("splunk"), "splunk");
        assert_eq!(of("kibana-proxy"), "kibana-proxy");
    }

    #[test]
    fn a_file_name_has_several_readings() {
        for (file, names) in [
            ("toll-out.log", vec!["toll-out", "toll"]),
            (
                "toll-out-access.log.1",
                vec!["toll-out-access", "toll-out", "toll"],
            ),
            ("meter_app.jsonl", vec!["meter_app", "meter"]),
            ("meter-reader.log", vec!["meter-reader"]),
            ("meter.out", vec!["meter"]),
            ("app-meter.log", vec!["app-meter", "meter"]),
            (
                "svc_meter-app.log",
                vec!["svc_meter-app", "svc_meter", "meter-app", "meter"],
            ),
            ("app-log.log", vec![]),
            ("app.log", vec![]),
        ] {
            assert_eq!(readings(file), names, "{file}");
        }
    }

    #[test]
    fn the_words_of_a_file_name_name_a_service_as_it_is_spelled() {
        for (file, service) in [
            ("order_desk.log", "order_desk"),
            ("order_desk-access.log", "order_desk"),
            ("Order_Desk.error.log", "order_desk"),
            ("tax-engine.2.log", "tax-engine"),
            ("tax_error_engine.log", "tax-engine"),
            ("edge-access", "edge"),
            ("error_log", ""),
            ("u_ex250312.log", ""),
            ("u_ex250312_x.log", ""),
            ("u_ex.log", ""),
            ("ex-quay.log", "ex-quay"),
            ("W3SVC2", ""),
            ("catalina-tax-engine.log", "tax-engine"),
            ("catalina.2025-03-12.log", ""),
            ("express.log", "express"),
            ("rider-app.log", "rider-app"),
            ("app.log.1", ""),
            ("in", ""),
            ("check-in.log", "check-in"),
            ("incident-2024", ""),
            ("prod-tax-engine.log", "tax-engine"),
            ("staging-tax-engine.log", "staging-tax-engine"),
            (
                "5f1e07c2ab9d5f1e07c2ab9d5f1e07c2ab9d5f1e07c2ab9d5f1e07c2ab9d5f1e-json.log",
                "",
            ),
        ] {
            assert_eq!(telling(file), service, "{file}");
        }
    }
}
