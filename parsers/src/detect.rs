//! Which formats a file is in: every format reads the file's first lines, and the
//! one that reads most of them wins; near ties go to the more specific one.

use crate::custom::{self, Custom};
use crate::cut::{self, Shape};
use crate::format::{Context, Cut, Format, Layout};
use crate::formats::FORMATS;
use crate::record::Record;
use crate::token::{ansi, csv, quoted};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

mod vote;

use vote::{elect, reads, records, vote};

/// Lines that vote, per excerpt.
pub(crate) const VOTERS: usize = 64;
/// Formats that one file may mix.
const MIX: usize = 6;
/// Formats that the programs may speak whose lines one wrapper wraps.
const MIX_INSIDE: usize = 12;
/// Wrapped lines that vote.
pub(crate) const VOTERS_INSIDE: usize = 192;
/// Formats whose entries are lines of other formats.
const WRAPPERS: &[&str] = &[
    "compose",
    "cri",
    "docker-json",
    "kubectl-logs",
    "store-export",
];
/// The saved chat of a call, each entry of which names its author.
const CALL: &str = "meeting-chat";
/// How entries begin that count the bytes of their values: those of the journal's export.
const COUNTED: &[u8] = b"__CURSOR=";
/// Formats whose entries go on with lines of any text, times included (a statement of SQL, a line of a log in a chat):
/// what such a format does not read is no entry of a format that reads nearly anything.
const VERBATIM: &[&str] = &[
    "journald-export",
    "mysql-general",
    "mysql-slow",
    "rabbitmq",
    "slackdump",
];

/// A format that a file is in, and how sure that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The format.
    pub format: &'static Format,
    /// What it learnt from the head of this file.
    pub layout: Layout,
    /// Sampled entries that it reads.
    pub votes: usize,
}

impl Choice {
    fn read<'a>(&self, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
        let layout = &self.layout;
        ((self.format.hint)(entry)).then_some(())?;
        let from = out.len();
        (self.format.parse)(entry, &Context { layout }, out)?;
        quoted::tell_apart(out.get_mut(from..).unwrap_or_default());
        Some(())
    }
}

/// Reads `entry` without its terminal escapes; only where there are any is it copied.
fn plainly<'a, T>(
    entry: &'a [u8],
    out: &mut Vec<Record<'a>>,
    read: impl for<'e> Fn(&'e [u8], &mut Vec<Record<'e>>) -> Option<T>,
) -> Option<T> {
    // Where values come behind their lengths, no byte may be taken out.
    if entry.starts_with(COUNTED) {
        return read(entry, out);
    }
    match ansi::strip(entry) {
        Cow::Borrowed(_) => read(entry, out),
        Cow::Owned(plain) => {
            let mut records = Vec::new();
            let found = read(&plain, &mut records)?;
            for record in records {
                out.push(record.into_owned());
            }
            Some(found)
        }
    }
}

/// What was found out about a file: frozen before it is read, so that every
/// part of it is read alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// How the file falls into entries.
    pub shape: Shape,
    /// The formats it is in, to be tried in this order; empty if none fits.
    pub formats: Vec<Choice>,
    /// Every format that read any sampled entry, with its votes, best first.
    pub ranking: Vec<(&'static Format, usize)>,
    /// Sampled entries.
    pub sampled: usize,
}

impl Detected {
    /// Reads one entry with the first of the file's formats that takes it;
    /// gives that format's place in [`Detected::formats`]. `None` also for a line that the
    /// format knows to go on with the entry before it.
    pub fn read<'a>(&self, entry: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<usize> {
        plainly(entry, out, |entry, out| {
            let from = out.len();
            let found = self
                .formats
                .iter()
                .position(|c| c.read(entry, out).is_some())?;
            if out.get(from).is_some_and(|r| r.continues) {
                out.truncate(from);
                return None;
            }
            Some(found)
        })
    }

    /// Reads one entry with the format at this place in [`Detected::formats`].
    pub fn read_as<'a>(
        &self,
        format: usize,
        entry: &'a [u8],
        out: &mut Vec<Record<'a>>,
    ) -> Option<()> {
        let choice = self.formats.get(format)?;
        plainly(entry, out, |entry, out| choice.read(entry, out))
    }

    /// The format that most of the file is in.
    #[must_use]
    pub fn main(&self) -> Option<&'static Format> {
        let most = self.formats.iter().map(|c| c.votes).max()?;
        let first = self.formats.iter().find(|c| c.votes == most)?;
        Some(first.format)
    }
}

/// Decides the formats of a file from its head (at most 64 KiB, cut on a line)
/// and further excerpts (each beginning and ending on a line).
#[must_use]
pub fn detect(head: &[u8], excerpts: &[&[u8]]) -> Detected {
    detect_with(head, excerpts, &[])
}

/// As [`detect`], with formats that a user declared. They outrank the others where they read most
/// of the lines, and stand beside them where they read fewer.
#[must_use]
pub fn detect_with(head: &[u8], excerpts: &[&[u8]], declared: &[Arc<Custom>]) -> Detected {
    if !declared.is_empty() && custom::claim(&voters(head, excerpts), declared) {
        return lines(head, excerpts, declared);
    }
    let mut found = whole(head)
        .or_else(|| table(head))
        .or_else(|| json(head))
        .unwrap_or_else(|| lines(head, excerpts, declared));
    for choice in &mut found.formats {
        if WRAPPERS.contains(&choice.format.name) {
            choice.layout.declared = custom::inside(head, choice, declared);
        }
    }
    found
}

/// A document or a file that one format claims whole.
fn whole(head: &[u8]) -> Option<Detected> {
    // What people say of an incident in a call reads like an account of it; how its chat begins tells.
    let first = cut::first_lines(head, 1).next()?;
    let call = FORMATS.iter().find(|f| f.name == CALL)?;
    if reads(call, first, &Layout::default()) {
        return None;
    }
    claim(head, Cut::Document, Shape::Document, |f| {
        reads(f, head, &f.layout(head))
    })
}

fn table(head: &[u8]) -> Option<Detected> {
    // The keys of a JSON object stand between commas and quotes, as the names of columns do.
    let top = csv::unmarked(head).trim_ascii_start();
    if top.starts_with(b"{") || top.starts_with(b"[") && cut::is_json_array(top) {
        return None;
    }
    let mut rows = cut::csv(head, 0, true).0.into_iter();
    rows.next()?;
    let rows: Vec<_> = rows.take(VOTERS).map(|r| &head[r]).collect();
    claim(head, Cut::Csv, Shape::Csv, |f| {
        (f.hint)(head) && {
            let layout = f.layout(head);
            rows.iter().filter(|r| reads(f, r, &layout)).count() * 2 > rows.len()
                && rows.iter().any(|r| records(f, r, &layout))
        }
    })
}

fn claim(head: &[u8], cut: Cut, shape: Shape, takes: impl Fn(&Format) -> bool) -> Option<Detected> {
    let format = FORMATS
        .iter()
        .copied()
        .filter(|f| f.cut == cut && (f.hint)(head) && takes(f))
        .max_by_key(|f| f.specificity)?;
    Some(Detected {
        shape,
        formats: vec![Choice {
            format,
            layout: format.layout(head),
            votes: 1,
        }],
        ranking: vec![(format, 1)],
        sampled: 1,
    })
}

/// JSON that is not one value a line: spread over lines, or one top-level array.
fn json(head: &[u8]) -> Option<Detected> {
    let first = head.iter().find(|b| !b.is_ascii_whitespace())?;
    if !matches!(first, b'{' | b'[') {
        return None;
    }
    let array = *first == b'[' && cut::is_json_array(head);
    let line = cut::lines(head).next().map(|r| &head[r])?;
    let values = cut::json(head, 0, true).0;
    let one_a_line = || cut::json_value(line, 0).is_some() && !spread(head, &values);
    if !array && (!line.starts_with(b"{") || one_a_line()) {
        return None; // text that begins with a bracket, or one value a line
    }
    let voters: Vec<Cow<'_, [u8]>> = values
        .iter()
        .take(VOTERS)
        .map(|r| Cow::Borrowed(&head[r.clone()]))
        .collect();
    if voters.is_empty() {
        return None;
    }
    Some(vote(head, &voters, Shape::Json, &[], &|f| {
        f.cut == Cut::Json
    }))
}

/// Whether nothing but JSON values stands in `head`, and some finished one has several lines.
fn spread(head: &[u8], values: &[Range<usize>]) -> bool {
    let mut end = 0;
    let mut several = false;
    for value in values {
        let between = head.get(end..value.start).unwrap_or_default();
        if between.iter().any(|b| !b.is_ascii_whitespace()) {
            return false;
        }
        let inner = head.get(value.clone()).unwrap_or_default();
        several |= inner.contains(&b'\n') && inner.ends_with(b"}");
        end = value.end;
    }
    several
}

fn lines(head: &[u8], excerpts: &[&[u8]], declared: &[Arc<Custom>]) -> Detected {
    let voters = voters(head, excerpts);
    vote(head, &voters, Shape::Lines, declared, &|f| {
        matches!(f.cut, Cut::Line | Cut::Json)
    })
}

/// The lines that vote.
fn voters<'t>(head: &'t [u8], excerpts: &[&'t [u8]]) -> Vec<Cow<'t, [u8]>> {
    let mut voters = Vec::new();
    for text in std::iter::once(head).chain(excerpts.iter().copied()) {
        let some = cut::lines(text).map(|r| &text[r]).filter(|l| !l.is_empty());
        voters.extend(some.take(VOTERS).map(ansi::strip));
    }
    voters
}

/// The formats of lines that another format wraps. Wrappers are not looked for: nobody
/// wraps twice, and a search that searches itself would not end.
pub(crate) fn inside<'t>(texts: impl Iterator<Item = Cow<'t, [u8]>>) -> Vec<&'static Format> {
    let some = texts.filter(|t| !t.is_empty()).take(VOTERS_INSIDE);
    let voters: Vec<_> = some
        .map(|t| Cow::Owned(ansi::strip(&t).into_owned()))
        .collect();
    if voters.is_empty() {
        return Vec::new();
    }
    let among = |any: bool| {
        let found = elect(&[], &voters, Shape::Lines, &[], MIX_INSIDE, &|f| {
            let lines = matches!(f.cut, Cut::Line | Cut::Json) && !WRAPPERS.contains(&f.name);
            lines && (f.specificity == 0) == any
        });
        found.formats.into_iter().map(|c| c.format)
    };
    // Many programs may speak here, few lines of each: what reads nearly anything comes last.
    among(false).chain(among(true)).collect()
}

/// Formats for lines that the formats found so far did not read: a log that
/// changes its format half-way. `None` if nothing reads them either.
#[must_use]
pub fn detect_more(
    found: &Detected,
    head: &[u8],
    unread: &[&[u8]],
    declared: &[Arc<Custom>],
) -> Option<Detected> {
    if found.shape != Shape::Lines || found.formats.len() >= MIX * 2 {
        return None;
    }
    let voters: Vec<_> = unread.iter().map(|l| ansi::strip(l)).collect();
    let verbatim = found
        .formats
        .iter()
        .any(|c| VERBATIM.contains(&c.format.name));
    let more = vote(head, &voters, Shape::Lines, declared, &|f| {
        matches!(f.cut, Cut::Line | Cut::Json) && !(verbatim && f.specificity == 0)
    });
    let fresh: Vec<Choice> = more
        .formats
        .into_iter()
        .filter(|c| !found.formats.iter().any(|k| k.format == c.format))
        .collect();
    if fresh.is_empty() {
        return None;
    }
    let mut all = found.clone();
    all.formats.extend(fresh);
    // Whatever reads nearly anything comes last, or it would shadow the rest.
    all.formats.sort_by_key(|c| c.format.specificity == 0);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn a_table_is_claimed_by_rows_that_say_something() {
        let main = |text: &str| detect(text.as_bytes(), &[]).main().map(|f| f.name);
        // Its keys would do for columns.
        let objects = r#"{"id":1,"summary":"new glaze, \"r7\"","message":"glaze","timestamp":"2025-06-03T16:41:07Z"}"#;
        assert_eq!(main(&format!("{objects}\n").repeat(4)), Some("json-lines"));
        let rows = "id,created_at,subject\n7,2025-06-03T16:41:07Z,kiln is cold\n";
        assert_eq!(main(rows), Some("tickets-csv"));
        let empty = "id,created_at,subject\nid,created_at,subject\nid,created_at,subject\n";
        assert_ne!(main(empty), Some("tickets-csv"));
    }
}
