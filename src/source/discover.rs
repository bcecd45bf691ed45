//! From arguments to inputs.

use super::{Argument, Found, Input, Unread, decode};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// Opens what the arguments name: files, folders (walked, without hidden files), `-` for
/// standard input. The result depends neither on the order of the arguments nor on one being
/// given twice.
#[must_use]
pub fn discover(arguments: &[Argument]) -> Found {
    let mut found = Found::default();
    let mut paths = BTreeMap::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            found.take("<stdin>".to_owned(), stdin());
        } else {
            walk(argument, &mut paths, &mut found.unread);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for (shown, path) in paths {
        if path.canonicalize().is_ok_and(|real| !seen.insert(real)) {
            continue;
        }
        let input = open(&path);
        found.take(shown, input);
    }
    found.inputs.sort_by(|a, b| a.path.cmp(&b.path));
    found.unread.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Found {
    fn take(&mut self, path: String, opened: io::Result<Input>) {
        match opened {
            Ok(input) => self.inputs.push(Input { path, ..input }),
            Err(e) => self.unread.push(Unread {
                path,
                reason: e.to_string(),
            }),
        }
    }
}

/// How a path is shown and cited: with forward slashes and without `./` at its front.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

fn walk(argument: &Path, paths: &mut BTreeMap<String, PathBuf>, unread: &mut Vec<Unread>) {
    if !argument.is_dir() {
        paths.insert(shown(argument), argument.to_owned());
        return;
    }
    let visible =
        |e: &walkdir::DirEntry| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(argument)
        .follow_links(true)
        .into_iter()
        .filter_entry(visible)
    {
        match entry {
            Ok(e) if e.file_type().is_dir() => {}
            Ok(e) => {
                paths.insert(shown(e.path()), e.path().to_owned());
            }
            Err(e) => {
                let path = e.path().unwrap_or(argument);
                unread.push(Unread {
                    path: shown(path),
                    reason: reason(&e),
                });
            }
        }
    }
}

fn reason(e: &walkdir::Error) -> String {
    e.io_error().map_or_else(
        || "a loop of symbolic links".to_owned(),
        ToString::to_string,
    )
}

fn open(path: &Path) -> io::Result<Input> {
    let meta = path.metadata()?;
    if !meta.is_file() {
        // Opening a named pipe would wait for a writer, perhaps for ever.
        return Err(io::Error::other(
            "neither a regular file nor a folder (pipe it in and give `-`)",
        ));
    }
    let modified = meta
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    let decoded = decode::decode(File::open(path)?)?;
    Ok(Input {
        path: String::new(),
        text: decoded.text,
        bytes: meta.len(),
        modified: modified.and_then(|d| i64::try_from(d.as_secs()).ok()),
        packed: decoded.packed,
        wrapped: decoded.undone,
    })
}

fn stdin() -> io::Result<Input> {
    let decoded = decode::decode_stream(io::stdin().lock())?;
    Ok(Input {
        path: String::new(),
        bytes: decoded.text.len(),
        text: decoded.text,
        modified: None,
        packed: decoded.packed,
        wrapped: decoded.undone,
    })
}
