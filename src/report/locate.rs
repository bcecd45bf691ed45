//! Citations looked up, and how they are named in a draft.

use crate::cite::{Cite, Evidence};
use crate::source::{Library, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Looks citations up, each once, and names their files as shortly as is unambiguous.
#[derive(Debug)]
pub struct Locator<'a> {
    library: &'a mut Library,
    places: BTreeMap<Cite, Place>,
    names: BTreeMap<String, String>,
}

impl<'a> Locator<'a> {
    /// Looks up in `library`.
    #[must_use]
    pub fn new(library: &'a mut Library) -> Self {
        let paths = library
            .iter()
            .map(|(_, i)| library.shown(&i.path).into_owned());
        let paths: Vec<String> = paths.collect();
        let names = short_names(paths.iter().map(String::as_str));
        Self {
            library,
            places: BTreeMap::new(),
            names,
        }
    }

    /// Where a citation is and what stands there.
    pub fn place(&mut self, cite: Cite) -> io::Result<Place> {
        if let Some(place) = self.places.get(&cite) {
            return Ok(place.clone());
        }
        let place = self.library.locate(cite)?;
        self.places.insert(cite, place.clone());
        Ok(place)
    }

    /// Where the citations of some evidence are.
    pub fn places(&mut self, evidence: &Evidence) -> io::Result<Vec<Place>> {
        evidence.iter().map(|c| self.place(c)).collect()
    }

    /// A citation as a draft shows it: `auth.log:1042`, `trace.log:7-12`.
    pub fn name(&mut self, cite: Cite) -> io::Result<String> {
        let place = self.place(cite)?;
        let file = self.names.get(&place.path).unwrap_or(&place.path);
        Ok(if place.line_last > place.line {
            format!("{file}:{}-{}", place.line, place.line_last)
        } else {
            format!("{file}:{}", place.line)
        })
    }

    /// The lines of a citation, and so many before and after it: long ones cut, and of lines
    /// further than some KiB away none.
    pub fn around(
        &mut self,
        cite: Cite,
        lines: usize,
    ) -> io::Result<(Vec<String>, Vec<String>, Vec<String>)> {
        /// Bytes looked at on either side.
        const REACH: u64 = 8 * 1024;
        /// Bytes of a citation that are shown.
        const SHOWN: u64 = 16 * 1024;
        let start = self.place(cite)?.byte;
        let text = &self.library.input(cite.file).text;
        let end = (cite.offset + u64::from(cite.len)).max(start);
        let read = |from: u64, to: u64| {
            let mut bytes = Vec::new();
            text.read(from, to.min(text.len()), &mut bytes)?;
            Ok::<_, io::Error>(String::from_utf8_lossy(&bytes).into_owned())
        };
        let before = read(start.saturating_sub(REACH), start)?;
        let own = read(start, end.min(start + SHOWN))?;
        let after = read(end, end + REACH)?;
        let mut before: Vec<&str> = before.lines().collect();
        if start > REACH && !before.is_empty() {
            before.remove(0);
        }
        let before = before.split_off(before.len().saturating_sub(lines));
        let own = own.trim_end_matches(['\n', '\r']);
        let after = after.trim_start_matches(['\n', '\r']);
        let own: Vec<&str> = own.lines().collect();
        let (first, last) = (before.len(), before.len() + own.len());
        let after = after.lines().take(lines);
        let all = before.into_iter().chain(own).chain(after);
        let mut all: Vec<String> = all.map(str::to_owned).collect();
        if let Some(redactor) = self.library.redactor() {
            redactor.redact_lines(&mut all);
        }
        let after = all.split_off(last);
        let own = all.split_off(first);
        Ok((all, own, after))
    }

    /// The short name of an input.
    #[must_use]
    pub fn file<'b>(&'b self, path: &'b str) -> &'b str {
        self.names.get(path).map_or(path, String::as_str)
    }
}

/// For each path its shortest end, in whole components, that no other path ends with.
fn short_names<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let paths: BTreeSet<&str> = paths.collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &paths {
        for end in ends(path) {
            *uses.entry(end).or_default() += 1;
        }
    }
    let short = |path: &str| {
        let unique = ends(path).find(|end| uses.get(end) == Some(&1));
        unique.unwrap_or(path).to_owned()
    };
    paths.iter().map(|p| ((*p).to_owned(), short(p))).collect()
}

/// The ends of a path from its last component to all of it.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/')
        .filter_map(|(at, _)| path.get(at + 1..))
        .filter(|end| !end.is_empty())
        .chain(std::iter::once(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_is_unambiguous() {
        let paths = [
            "logs/a/auth.log",
            "logs/b/auth.log",
            "logs/web.log",
            "auth.json",
        ];
        let names = short_names(paths.into_iter());
        let names: Vec<_> = paths.map(|p| names[p].as_str()).into();
        assert_eq!(names, ["a/auth.log", "b/auth.log", "web.log", "auth.json"]);
    }

    #[test]
    fn a_path_that_ends_another_stays_whole() {
        let names = short_names(["auth.log", "old/auth.log"].into_iter());
        assert_eq!(names["auth.log"], "auth.log");
        assert_eq!(names["old/auth.log"], "old/auth.log");
    }
}
