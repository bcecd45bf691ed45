//! From arguments to inputs.

use super::spool::Limits;
use super::unpack::{Item, Source, Unpacker};
use super::{Argument, Extent, Found, Unread};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// Opens what the arguments name: files and archives, folders (walked, without hidden files), `-` for
/// standard input. The result depends neither on the order of the arguments nor on one being
/// given twice.
#[must_use]
pub fn discover(arguments: &[Argument], limits: Limits) -> Found {
    let mut unpacker = Unpacker::new(limits);
    let mut paths = BTreeMap::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            stdin(&mut unpacker);
        } else {
            walk(argument, &mut paths, &mut unpacker);
        }
    }
    let mut seen = BTreeSet::new();
    for path in paths.into_values() {
        if path.canonicalize().is_ok_and(|real| !seen.insert(real)) {
            continue;
        }
        if let Err(e) = open(&mut unpacker, &path, &path) {
            unpacker.leave(&shown(&path), Extent::Whole, e.to_string());
        }
    }
    in_order(unpacker)
}

/// Opens files that were found before: each by how it is shown, in the folder that it was found from.
#[must_use]
pub fn reopen<'f>(root: &Path, files: impl Iterator<Item = &'f Path>, limits: Limits) -> Found {
    let mut unpacker = Unpacker::new(limits);
    for file in files {
        if let Err(e) = open(&mut unpacker, file, &root.join(file)) {
            unpacker.leave(&shown(file), Extent::Whole, e.to_string());
        }
    }
    in_order(unpacker)
}

fn in_order(unpacker: Unpacker) -> Found {
    let mut found = unpacker.found;
    found.inputs.sort_by(|a, b| a.path.cmp(&b.path));
    found.unread = summed_up(found.unread);
    found
}

/// How a path is shown and cited: with forward slashes and without `./` at its front.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

fn walk(argument: &Path, paths: &mut BTreeMap<String, PathBuf>, unpacker: &mut Unpacker) {
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
                unpacker.leave(&shown(path), Extent::Whole, reason(&e));
            }
        }
    }
}

fn reason(e: &walkdir::Error) -> String {
    e.io_error().map_or_else(
        || "a loop of symbolic links; give the folder that it leads to".to_owned(),
        explained,
    )
}

/// An error with the way out, where there is one.
fn explained(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("{e}; run as a user who may read it, or copy it with `sudo`")
        }
        _ => e.to_string(),
    }
}

/// Opens the file at `path`, which is known as `named`.
fn open(unpacker: &mut Unpacker, named: &Path, path: &Path) -> io::Result<()> {
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
    let modified = modified.and_then(|d| i64::try_from(d.as_secs()).ok());
    let file = File::open(path).map_err(|e| io::Error::new(e.kind(), explained(&e)))?;
    let item = Item::outermost(shown(named), meta.len(), modified);
    named.clone_into(&mut unpacker.file);
    unpacker.take(item, Source::Disk(path, file));
    Ok(())
}

/// Standard input is kept before anything else: only what is on disk has a size to hold against
/// what it unpacks to.
fn stdin(unpacker: &mut Unpacker) {
    let mut item = Item::outermost("<stdin>".to_owned(), 0, None);
    unpacker.file = PathBuf::from("-");
    if let Some(stored) = unpacker.keep(&item, &mut io::stdin().lock()) {
        item = Item::outermost(item.path, stored.len, None);
        unpacker.take(item, Source::Stored(stored));
    }
}

/// Reasons that are told file by file; the rest of those alike are counted.
const TOLD: usize = 3;

/// Sorts what was not read. Of many in one folder or archive with one reason a few are named: a
/// thousand encrypted members are one piece of news.
fn summed_up(mut unread: Vec<Unread>) -> Vec<Unread> {
    unread.sort_by(|a, b| (&a.path, a.extent, &a.reason).cmp(&(&b.path, b.extent, &b.reason)));
    unread.dedup();
    let key = |u: &Unread| {
        let place = u.path.rsplit_once("!/").or_else(|| u.path.rsplit_once('/'));
        let place = place.map(|(p, _)| p.to_owned()).unwrap_or_default();
        (place, u.extent, u.reason.clone())
    };
    let mut alike: BTreeMap<_, usize> = BTreeMap::new();
    for u in &unread {
        *alike.entry(key(u)).or_default() += 1;
    }
    let mut told: BTreeMap<_, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for mut u in unread {
        let key = key(&u);
        let all = alike.get(&key).copied().unwrap_or_default();
        let place = key.0.clone();
        let nth = told.entry(key).or_default();
        *nth += 1;
        if *nth == TOLD && all > TOLD {
            u.reason = format!("{} (and {} more in {place} alike)", u.reason, all - TOLD);
        }
        if *nth <= TOLD {
            kept.push(u);
        }
    }
    kept
}
