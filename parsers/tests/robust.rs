//! Every format against bytes that it was not made for.

use proptest::prelude::*;
use proptest::sample::Index;
use recon_parsers::format::{Context, Format, Layout};
use recon_parsers::formats::FORMATS;
use recon_parsers::{Record, detect, entries};

/// What holds whatever the bytes are.
fn holds(format: &'static Format, entry: &[u8], layout: &Layout) {
    let before = vec![Record::new(recon_parsers::Kind::Note, "kept")];
    let mut out = before.clone();
    let read = (format.parse)(entry, &Context { layout }, &mut out);
    match read {
        None => assert_eq!(out, before, "{format:?} leaves records behind"),
        Some(()) => assert!(
            (format.hint)(entry),
            "the hint of {format:?} turns away what it reads: {:?}",
            String::from_utf8_lossy(entry)
        ),
    }
    for record in &out {
        if let Some(part) = &record.part {
            assert!(part.end <= entry.len(), "{format:?}: {part:?}");
        }
    }
}

/// A sample with some bytes replaced, and an end cut off.
fn spoilt(sample: &str, edits: &[(Index, u8)], end: Index) -> Vec<u8> {
    let mut bytes = sample.as_bytes().to_vec();
    for (at, byte) in edits {
        let at = at.index(bytes.len());
        bytes[at] = *byte;
    }
    bytes.truncate(end.index(bytes.len()) + 1);
    bytes
}

proptest! {
    #[test]
    fn arbitrary_bytes(entry in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            holds(format, &entry, &format.layout(&entry));
        }
    }

    #[test]
    fn spoilt_samples(
        which in any::<Index>(),
        edits in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        end in any::<Index>(),
    ) {
        let sample = which.get(FORMATS).sample;
        let bytes = spoilt(sample, &edits, end);
        for format in FORMATS {
            let layout = format.layout(sample.as_bytes());
            holds(format, &bytes, &layout);
            for line in bytes.split(|b| *b == b'\n') {
                holds(format, line, &layout);
            }
        }
    }

    /// Whatever is in a file, its entries are in order, do not overlap and lie within it.
    #[test]
    fn entries_tile_the_text(
        which in any::<Index>(),
        edits in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        end in any::<Index>(),
    ) {
        let text = spoilt(which.get(FORMATS).sample, &edits, end);
        let found = detect(&text, &[]);
        let (mut at, mut line) = (0, None);
        entries::entries(&text, 0..text.len(), &found, &mut |entry| {
            assert!(at <= entry.range.start && entry.range.start < entry.range.end);
            assert!(entry.range.end <= text.len());
            assert!(line.is_none_or(|l| l <= entry.line) && entry.line <= entry.line_last);
            let counted = text[..entry.range.start].iter().filter(|b| **b == b'\n').count();
            assert_eq!(counted, entry.line, "the line number of {:?}", entry.range);
            (at, line) = (entry.range.end, Some(entry.line_last));
        });
    }
}

fn format(name: &str) -> &'static Format {
    FORMATS.iter().find(|f| f.name == name).expect(name)
}

/// What a run of the fuzzer has found, each as short as it could be made.
#[test]
fn hints_take_what_parsers_read() {
    let found: &[(&str, &[u8])] = &[
        // A packet without its source.
        (
            "netfilter",
            b"Jan 19 10:30:03 gw-1 kernel: [UFW BLOCK] IN=eth1 OUT= DST=198.51.100.9 PROTO=UDP",
        ),
        // Events API version 1, without the key of its service: what a log kept of it.
        (
            "pagerduty-events",
            br#"{"event_type":"trigger","incident_key":"disk/7"}"#,
        ),
        // The blank behind the date is a tabulator.
        ("nginx-error", b"2024/01/19\t10:30:02 [notice] 1#1:"),
    ];
    for (name, entry) in found {
        let format = format(name);
        let mut out = Vec::new();
        let layout = format.layout(entry);
        assert!(
            (format.parse)(entry, &Context { layout: &layout }, &mut out).is_some(),
            "{name}"
        );
        holds(format, entry, &layout);
    }
}

#[test]
fn an_empty_file_has_no_entries() {
    for format in FORMATS {
        let found = detect(format.sample.as_bytes(), &[]);
        entries::entries(b"", 0..0, &found, &mut |entry| {
            panic!("{format:?}: {:?}", entry.range);
        });
    }
}

/// Entries of a timeline are held against each other: that may not take hours for a file of megabytes.
#[test]
fn a_document_of_endless_lines_is_read_in_part() {
    let lines = "- 10:30 UTC error rate of the checkout rises\n".repeat(40_000);
    let text = format!("# Postmortem: outage of 2024-02-29\n\n## Timeline\n\n{lines}");
    let account = recon_parsers::document::read(text.as_bytes()).expect("a postmortem");
    let entries = account.facts.iter().find(|f| f.name == "timeline_entries");
    assert_eq!(
        entries.map(|f| &f.value),
        Some(&recon_parsers::Value::Int(1000))
    );
}

/// What stands around each number is looked at as far as it may be about it, not to the ends of its line.
#[test]
fn a_line_of_endless_numbers_is_read_soon() {
    let summary = "pages timed out for 35% of it, 2 of 9 users, 1 in 3 calls ".repeat(4_000);
    let text = format!(
        "# Postmortem: outage of 2024-02-29\n\n## Summary\n\n{summary}\n\n## Timeline\n\n- 10:30 UTC down\n- 10:40 UTC resolved\n"
    );
    let account = recon_parsers::document::read(text.as_bytes()).expect("a postmortem");
    assert!(account.facts.iter().any(|f| f.name == "timeline_entries"));
}
