//! Which service a file speaks for when its entries do not say.

use crate::source::Input;
use globset::{Glob, GlobMatcher};
use recon_parsers::Format;

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
const NOT_A_SERVICE: [&str; 24] = [
    "access", "error", "errors", "log", "logs", "out", "err", "json", "jsonl", "stdout", "stderr",
    "current", "txt", "csv", "gz", "combined", "app", "input", "var", "tmp", "data", "samples",
    "home", "messages",
];

/// The service that a file's name speaks of: `edge-access.log.1` is `edge`, and so is
/// `edge/access.log`.
pub(super) fn of_name(input: &Input, format: Option<&Format>) -> String {
    let (set, _) = crate::clock::rotated(&input.path);
    let set = PACKS.iter().fold(set, |name, end| name.replace(end, "/"));
    let mut parts = set.rsplit('/').take(2).map(telling);
    let name = parts.find(|name| !name.is_empty());
    name.unwrap_or_else(|| format.map_or("unknown", |f| f.name).to_owned())
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

/// The words of a file or folder name that name a service.
fn telling(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| {
        let lower = w.to_lowercase();
        !w.is_empty()
            && !w.bytes().all(|b| b.is_ascii_digit())
            && !NOT_A_SERVICE.contains(&lower.as_str())
    });
    words.collect::<Vec<_>>().join("-").to_lowercase()
}
