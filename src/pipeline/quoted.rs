//! The words at a citation, read again.

use crate::cite::Cite;
use crate::ingest::FilePlan;
use crate::source::Library;
use recon_parsers::cut::{self, Shape};
use recon_parsers::{Detected, Record};
use std::ops::Range;

/// Up to this size a file is read again as a whole, where an entry is only told by what is around it: 32 MiB.
const WHOLE: u64 = 32 << 20;

/// The message of the entry at a citation.
pub(super) fn message(library: &Library, plans: &[FilePlan], cite: Cite) -> Option<String> {
    let plan = plans.iter().find(|p| p.file == cite.file)?;
    let text = &library.input(cite.file).text;
    let place = cite.offset..cite.offset + u64::from(cite.len);
    let mut bytes = Vec::new();
    text.read(place.start, place.end, &mut bytes).ok()?;
    let mut records = Vec::new();
    let known = |records: &[Record<'_>]| {
        let first = records.first().map(|r| r.message.to_string());
        first.filter(|m| !m.is_empty())
    };
    if plan.detected.read(&bytes, &mut records).is_some()
        && let Some(found) = known(&records)
    {
        return Some(found);
    }
    // A part of an entry: an event of an export, a line of a document.
    let whole = matches!(plan.detected.shape, Shape::Json | Shape::Document);
    if whole && text.len() <= WHOLE {
        let mut all = Vec::new();
        text.read(0, text.len(), &mut all).ok()?;
        let start = usize::try_from(place.start).ok()?;
        if let Some(found) = within(&plan.detected, &all, start..start + bytes.len()) {
            return Some(found);
        }
    }
    let line = String::from_utf8_lossy(&bytes);
    Some(line.lines().next()?.trim().to_owned())
}

/// The message of the record that stands at `place` within one of the entries of `all`.
fn within(detected: &Detected, all: &[u8], place: Range<usize>) -> Option<String> {
    let entry = match detected.shape {
        Shape::Json => {
            let around = |e: &Range<usize>| e.start <= place.start && place.end <= e.end;
            cut::json(all, 0, true).0.into_iter().find(around)?
        }
        _ => 0..all.len(),
    };
    let mut records = Vec::new();
    detected.read(all.get(entry.clone())?, &mut records)?;
    let own = |part: &Range<usize>| entry.start + part.start == place.start;
    let mut records = records.iter();
    let found = records.find(|r| r.part.as_ref().is_some_and(own))?;
    Some(found.message.to_string()).filter(|m| !m.is_empty())
}

#[cfg(test)]
mod tests {
    use super::within;
    use recon_parsers::detect;

    #[test]
    fn a_part_is_read_with_what_is_around_it() {
        let export = br#"{"events":[
{"logStreamName":"quay/quay/0f3c9a7b","timestamp":1718096292004,"message":"berth 12 shown","eventId":"1"},
{"logStreamName":"quay/quay/0f3c9a7b","timestamp":1718096292610,"message":"ERROR no answer from tide-api","eventId":"2"}
]}"#;
        let detected = detect(export, &[]);
        let start = export.windows(2).rposition(|w| w == b"{\"").unwrap();
        let end = export.len() - 3;
        let found = within(&detected, export, start..end);
        assert_eq!(found.as_deref(), Some("ERROR no answer from tide-api"));
        // What does not begin with a record has no words.
        assert_eq!(within(&detected, export, start + 1..end), None);
        assert_eq!(within(&detected, export, 0..export.len() + 9), None);
    }
}
