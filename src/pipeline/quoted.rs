//! The words at a citation, read again.

use crate::cite::{Cite, FileId};
use crate::ingest::FilePlan;
use crate::source::Library;
use recon_parsers::cut::{self, Shape};
use recon_parsers::record::field;
use recon_parsers::{Detected, Record};
use std::collections::BTreeMap;

/// Up to this size a file is read again as a whole, where an entry is only told by what is around it: 32 MiB.
const WHOLE: u64 = 32 << 20;

/// How far before and behind a part of a line its line is looked for: 1 MiB.
const LINE: u64 = 1 << 20;

/// Reads the words at citations.
pub(super) struct Quoted<'l> {
    library: &'l Library,
    plans: &'l [FilePlan],
    /// The parts of the file that was last read as a whole, by where each begins: the next citation is often of it, too.
    whole: Option<(FileId, BTreeMap<u64, String>)>,
}

impl<'l> Quoted<'l> {
    pub(super) const fn of(library: &'l Library, plans: &'l [FilePlan]) -> Self {
        Self {
            library,
            plans,
            whole: None,
        }
    }

    /// The message of the entry at a citation.
    pub(super) fn message(&mut self, cite: Cite) -> Option<String> {
        let plan = self.plans.iter().find(|p| p.file == cite.file)?;
        let text = &self.library.input(cite.file).text;
        let mut bytes = Vec::new();
        let end = cite.offset + u64::from(cite.len);
        text.read(cite.offset, end, &mut bytes).ok()?;
        let mut records = Vec::new();
        let read = plan.detected.read(&bytes, &mut records);
        let first = records.first().filter(|_| read.is_some());
        if let Some(record) = first.filter(|r| !r.message.is_empty()) {
            return Some(spelt(record, &bytes));
        }
        // A part of an entry: an event of an export, a line of a document.
        let whole = matches!(plan.detected.shape, Shape::Json | Shape::Document);
        if whole && text.len() <= WHOLE {
            let found = self.parts(plan)?.get(&cite.offset);
            if let Some(said) = found.filter(|m| !m.is_empty()) {
                return Some(said.clone());
            }
        }
        if plan.detected.shape == Shape::Lines
            && let Some(said) = self.part_of_a_line(plan, cite)
        {
            return Some(said);
        }
        let line = String::from_utf8_lossy(&bytes);
        Some(line.lines().next()?.trim().to_owned())
    }

    /// The message of a record that is a part of a line: one of several in an export that takes a line.
    fn part_of_a_line(&self, plan: &FilePlan, cite: Cite) -> Option<String> {
        let text = &self.library.input(cite.file).text;
        let from = cite.offset.saturating_sub(LINE);
        let mut bytes = Vec::new();
        text.read(from, cite.offset + LINE, &mut bytes).ok()?;
        let place = usize::try_from(cite.offset - from).ok()?;
        let start = memchr::memrchr(b'\n', bytes.get(..place)?).map_or(0, |n| n + 1);
        let end = memchr::memchr(b'\n', bytes.get(place..)?).map_or(bytes.len(), |n| place + n);
        let line = bytes.get(start..end).filter(|_| start > 0 || from == 0)?;
        let found = parts(&plan.detected, line);
        let said = found.get(&u64::try_from(place - start).ok()?)?;
        (!said.is_empty()).then(|| said.clone())
    }

    /// The messages of a file's parts of entries.
    fn parts(&mut self, plan: &FilePlan) -> Option<&BTreeMap<u64, String>> {
        if self.whole.as_ref().is_none_or(|(f, _)| *f != plan.file) {
            let text = &self.library.input(plan.file).text;
            let mut all = Vec::new();
            text.read(0, text.len(), &mut all).ok()?;
            self.whole = Some((plan.file, parts(&plan.detected, &all)));
        }
        self.whole.as_ref().map(|(_, parts)| parts)
    }
}

/// A message, with the plain name before its colon that was taken for its logger's: of `tolls: connection refused` that
/// is whom it complains of.
fn spelt(record: &Record<'_>, bytes: &[u8]) -> String {
    let said = record.message.to_string();
    let logger = record.fields.text(field::LOGGER).unwrap_or_default();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if logger.is_empty() || !logger.contains('-') || !logger.bytes().all(plain) {
        return said;
    }
    let line = said.lines().next().unwrap_or_default();
    let whole = format!("{logger}: {line}");
    let stands = memchr::memmem::find(bytes, whole.as_bytes()).is_some();
    if stands {
        format!("{logger}: {said}")
    } else {
        said
    }
}

/// The messages of all records that are parts of an entry, by where each begins.
fn parts(detected: &Detected, all: &[u8]) -> BTreeMap<u64, String> {
    // A line is one entry.
    let entries = match detected.shape {
        Shape::Json => cut::json(all, 0, true).0,
        _ => std::iter::once(0..all.len()).collect(),
    };
    let mut found = BTreeMap::new();
    for entry in entries {
        let mut records = Vec::new();
        let bytes = all.get(entry.clone()).unwrap_or_default();
        if detected.read(bytes, &mut records).is_none() {
            continue;
        }
        for record in &records {
            let start = record.part.as_ref().map(|part| entry.start + part.start);
            if let Some(start) = start.and_then(|s| u64::try_from(s).ok()) {
                found
                    .entry(start)
                    .or_insert_with(|| record.message.to_string());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parts;
    use recon_parsers::detect;

    #[test]
    fn a_record_among_several_of_a_line_has_its_own_words() {
        let line = br#"{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1718096292004000000","body":{"stringValue":"berth 12 shown"}},{"timeUnixNano":"1718096292610000000","body":{"stringValue":"no answer from tide-api"}}]}]}]}"#;
        let detected = detect(line, &[]);
        let start = line.windows(6).rposition(|w| w == br#"{"time"#).unwrap();
        let found = parts(&detected, line);
        let said = found.get(&(start as u64)).map(String::as_str);
        assert_eq!(said, Some("no answer from tide-api"));
    }

    #[test]
    fn a_part_is_read_with_what_is_around_it() {
        let export = br#"{"events":[
{"logStreamName":"quay/quay/0f3c9a7b","timestamp":1718096292004,"message":"berth 12 shown","eventId":"1"},
{"logStreamName":"quay/quay/0f3c9a7b","timestamp":1718096292610,"message":"ERROR no answer from tide-api","eventId":"2"}
]}"#;
        let detected = detect(export, &[]);
        let start = export.windows(2).rposition(|w| w == b"{\"").unwrap();
        let found = parts(&detected, export);
        let said = |start: usize| found.get(&(start as u64)).map(String::as_str);
        assert_eq!(said(start), Some("ERROR no answer from tide-api"));
        // What does not begin with a record has no words.
        assert_eq!(said(start + 1), None);
        assert_eq!(said(export.len() + 9), None);
    }
}
