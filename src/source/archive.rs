//! The members of archives. Nothing is ever written under a member's name, so names that lead
//! out of the archive, links and devices can do no harm.

use super::Extent;
use super::spool::{Section, Stored};
use super::unpack::{Item, Source, Unpacker};
use chrono::{Datelike, NaiveDate};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use std::rc::Rc;
use tar::EntryType;
use zip::ZipArchive;
use zip::result::ZipError;

/// Bytes of headers before a member's content; some hold its name, and none a name this long.
const NAMES: u64 = 4 << 20;
const ENCRYPTED: &str = "encrypted; unpack it with its password and give the folder";

impl Unpacker {
    /// Reads a tar from front to back.
    pub(super) fn tar(&mut self, item: &Item, stream: Box<dyn Read + '_>) {
        let gate = Rc::new(Cell::new(NAMES));
        let first = self.found.inputs.len();
        let mut archive = tar::Archive::new(Gated {
            stream: BufReader::with_capacity(1 << 16, stream),
            left: Rc::clone(&gate),
        });
        let mut others = 0;
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(e) => return self.leave(&item.path, Extent::Whole, e.to_string()),
        };
        for entry in entries {
            gate.set(u64::MAX);
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let reason = format!("it breaks off between members: {e}");
                    self.leave(&item.path, Extent::Rest, reason);
                    break;
                }
            };
            match entry.header().entry_type() {
                EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                    let modified = entry.header().mtime().ok();
                    let modified = modified.and_then(|m| i64::try_from(m).ok());
                    let size = entry.size();
                    if let Some(member) =
                        self.member(item, &name, size, modified.filter(|m| *m > 0))
                    {
                        self.take_counted(member, &mut entry, size);
                    }
                }
                EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => {}
                _ => others += 1,
            }
            // The iterator would skip the rest, too, but with the gate closed.
            if io::copy(&mut entry, &mut io::sink()).is_err() {
                break;
            }
            gate.set(NAMES);
        }
        self.pass_over(item, others);
        self.last_of_each(item, first);
    }

    /// Takes a member of a stream that may end before the member does.
    fn take_counted(&mut self, member: Item, entry: &mut dyn Read, size: u64) {
        let path = member.path.clone();
        let told = self.found.unread.len();
        let mut counted = Counted {
            stream: entry,
            count: 0,
            broken: false,
        };
        self.take(member, Source::stream(&mut counted));
        if counted.broken || self.found.unread.len() > told {
            return;
        }
        let drained = io::copy(&mut counted, &mut io::sink());
        if drained.is_ok() && counted.count < size {
            let reason = format!(
                "its archive breaks off after {} of its {size} bytes",
                counted.count
            );
            self.leave(&path, Extent::Rest, reason);
        }
    }

    /// Reads a zip by its directory; one that was cut short, from front to back.
    pub(super) fn zip(&mut self, item: &Item, stored: &Stored) {
        let first = self.found.inputs.len();
        let mut archive = match ZipArchive::new(stored.reader()) {
            Ok(archive) => archive,
            Err(e) => return self.zip_without_directory(item, stored, &e),
        };
        let has = |name| archive.index_for_name(name).is_some();
        if has("[Content_Types].xml") || has("content.xml") {
            let reason = "an Office document; save it as text, a table as CSV, and give that";
            return self.leave(&item.path, Extent::Whole, reason);
        }
        if has("META-INF/MANIFEST.MF") {
            return self.leave(&item.path, Extent::Nothing, "a program: it holds no log");
        }
        let mut others = 0;
        for n in 0..archive.len() {
            others += u64::from(self.zip_member(item, &mut archive, n));
        }
        self.pass_over(item, others);
        self.last_of_each(item, first);
    }

    /// Takes one member. Whether it is a link, not a file.
    fn zip_member(&mut self, item: &Item, archive: &mut ZipArchive<Section>, n: usize) -> bool {
        let name = match archive.name_for_index(n) {
            Some(Ok(name)) => name.into_owned(),
            _ => format!("member {}", n + 1),
        };
        match archive.by_index(n) {
            Ok(mut file) if file.is_file() => {
                let modified = file.last_modified().and_then(seconds);
                let size = file.compressed_size();
                if let Some(mut member) = self.member(item, &name, size, modified) {
                    member.wrapped.push("zip");
                    let stream = member.budget.meter(&mut file);
                    self.take(member, Source::stream(stream));
                }
                false
            }
            Ok(file) => file.is_symlink(),
            Err(e) => {
                if let Some(member) = self.member(item, &name, 0, None) {
                    self.leave(&member.path, Extent::Whole, zip_reason(&e));
                }
                false
            }
        }
    }

    fn zip_without_directory(&mut self, item: &Item, stored: &Stored, why: &ZipError) {
        let first = self.found.inputs.len();
        let mut stream = stored.reader();
        while let Ok(Some(mut file)) = zip::read::read_zipfile_from_stream(&mut stream) {
            let Ok(name) = file.name().map(std::borrow::Cow::into_owned) else {
                continue;
            };
            let modified = file.last_modified().and_then(seconds);
            let size = file.compressed_size();
            if file.is_file()
                && let Some(mut member) = self.member(item, &name, size, modified)
            {
                member.wrapped.push("zip");
                let stream = member.budget.meter(&mut file);
                self.take(member, Source::stream(stream));
            }
        }
        self.last_of_each(item, first);
        let any = self.found.inputs.len() > first;
        let reason = format!(
            "its directory is missing ({}); if it was cut short, fetch it again or mend it with `zip -FF`",
            zip_reason(why)
        );
        let extent = if any { Extent::Rest } else { Extent::Whole };
        self.leave(&item.path, extent, reason);
    }

    /// What is known of a member; nothing of one that is hidden, as in folders.
    fn member(&self, item: &Item, name: &str, bytes: u64, modified: Option<i64>) -> Option<Item> {
        let name = shown(name)?;
        Some(Item {
            path: format!("{}!/{name}", item.path),
            bytes,
            modified: modified.or(item.modified),
            packed: item.packed,
            wrapped: item.wrapped.clone(),
            depth: item.depth + 1,
            budget: item.budget.clone(),
        })
    }

    fn pass_over(&mut self, item: &Item, others: u64) {
        if others > 0 {
            let reason = format!("{others} links or devices in it: they hold no text of their own");
            self.leave(&item.path, Extent::Nothing, reason);
        }
    }

    /// A later member of the same name replaces the earlier one, as when an archive is unpacked.
    fn last_of_each(&mut self, item: &Item, first: usize) {
        let mut last = BTreeMap::new();
        for (n, input) in self.found.inputs.iter().enumerate().skip(first) {
            last.insert(input.path.clone(), n);
        }
        let all = self.found.inputs.len() - first;
        if last.len() == all {
            return;
        }
        let mut n = 0;
        self.found.inputs.retain(|input| {
            let keep = n < first || last.get(&input.path) == Some(&n);
            n += 1;
            keep
        });
        let reason = format!(
            "{} of its members came again later under the same name: the last of each was read",
            all - last.len()
        );
        self.leave(&item.path, Extent::Nothing, reason);
    }
}

/// How a member's name is shown: with forward slashes, from the archive's root, and never
/// out of it. Nothing for one that is hidden.
fn shown(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let parts = name.split('/').filter(|p| !matches!(*p, "" | "." | ".."));
    let parts: Vec<&str> = parts.collect();
    let hidden = |p: &&str| p.starts_with('.') || *p == "__MACOSX";
    if parts.is_empty() || parts.iter().any(hidden) {
        return None;
    }
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    Some(parts.join("/").chars().map(clean).collect())
}

fn zip_reason(e: &ZipError) -> String {
    match e {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ENCRYPTED.to_owned()
        }
        ZipError::CompressionMethodNotSupported(_) => {
            "compressed in a way that recon does not know; unpack it and give the folder".to_owned()
        }
        other => other.to_string(),
    }
}

/// A zip states local time and no zone: a day off at most, which is as good as the year inference
/// needs. Writers that know no time write 1980.
fn seconds(at: zip::DateTime) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(
        i32::from(at.year()),
        u32::from(at.month()),
        u32::from(at.day()),
    )?;
    let at = date.and_hms_opt(
        u32::from(at.hour()),
        u32::from(at.minute()),
        u32::from(at.second()),
    )?;
    Some(at.and_utc().timestamp()).filter(|_| date.year() > 1980)
}

/// A stream that ends in an error where more is asked of it than `left`.
struct Gated<R> {
    stream: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Gated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other("a member's name is longer than 4 MiB"));
        }
        let most = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let done = self
            .stream
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        if left != u64::MAX {
            self.left.set(left - done as u64);
        }
        Ok(done)
    }
}

/// A stream that knows how much it gave.
struct Counted<'s> {
    stream: &'s mut dyn Read,
    count: u64,
    broken: bool,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let done = self.stream.read(buffer);
        match &done {
            Ok(n) => self.count += *n as u64,
            Err(_) => self.broken = true,
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_stay_inside() {
        for (name, expected) in [
            ("./var/log/app.log", Some("var/log/app.log")),
            ("/var/log/app.log", Some("var/log/app.log")),
            ("../../etc/cron.log", Some("etc/cron.log")),
            ("logs\\web\\app.log", Some("logs/web/app.log")),
            ("a/./b//c", Some("a/b/c")),
            ("a\nb", Some("a\u{fffd}b")),
            ("logs/.swp", None),
            ("__MACOSX/app.log", None),
            ("..", None),
        ] {
            assert_eq!(shown(name).as_deref(), expected, "{name}");
        }
    }
}
