//! A glance says what the grammar says, or nothing: over every sample, and over what chance
//! makes of the samples.

use proptest::prelude::*;
use recon_parsers::format::Layout;
use recon_parsers::formats::FORMATS;
use recon_parsers::glance::{Glance, Recall, Seen, glancer, sights};
use recon_parsers::{Context, Detected, Format, detect, entries};
use std::ops::Range;

/// What is compared of an entry.
#[derive(Debug, PartialEq)]
struct Account {
    range: Range<usize>,
    lines: (usize, usize),
    format: Option<usize>,
    /// Its records; a glance gives one.
    said: Vec<Told>,
}

/// What an entry says, without and with what whoever follows a request asks for, and how long it took: both
/// a glance may leave open.
#[derive(Clone, Debug, PartialEq)]
struct Told(String, Option<String>, Option<f64>);

impl Told {
    /// As far as `seen` tells it.
    fn limited_to(self, seen: &Self) -> Self {
        let more = self.1.filter(|_| seen.1.is_some());
        let took = self.2.filter(|_| seen.2.is_some());
        Self(self.0, more, took)
    }
}

impl Account {
    /// As far as `seen` tells it.
    fn limited_to(mut self, seen: &Self) -> Self {
        let said = self.said.into_iter().enumerate();
        self.said = said
            .map(|(n, told)| match seen.said.get(n) {
                Some(seen) => told.limited_to(seen),
                None => told,
            })
            .collect();
        self
    }
}

/// What a glance says.
fn told_at_a_glance(glance: &Glance<'_>) -> Told {
    let more = glance.follows.then(|| told(glance, true));
    Told(told(glance, false), more, glance.latency_ms)
}

/// What a glance must say, as one text; the message only where it matters, and what whoever
/// follows a request asks for only if the glance that this is compared with tells it.
fn told(glance: &Glance<'_>, followed: bool) -> String {
    let first = glance.message.lines().next().unwrap_or_default().trim_end();
    let message = if glance.speaks() || followed {
        first
    } else {
        ""
    };
    let latency = glance
        .latency_ms
        .filter(|_| glance.request.is_some() || followed);
    let host = glance.host.as_ref().filter(|_| followed);
    format!(
        "{:?} {:?} {:?} {:?} {latency:?} {:?} {host:?} {message:?}",
        glance.at, glance.level, glance.service, glance.request, glance.id
    )
}

fn read(text: &[u8], owned: Range<usize>, found: &Detected) -> Vec<Account> {
    let mut all = Vec::new();
    entries(text, owned, found, &mut |entry| {
        all.push(Account {
            range: entry.range.clone(),
            lines: (entry.line, entry.line_last),
            format: entry.format,
            said: entry.records.iter().map(|r| told_of(r)).collect(),
        });
    });
    all
}

fn told_of(record: &recon_parsers::Record<'_>) -> Told {
    let odd = record.part.is_some() || record.received || record.continues;
    match Glance::of(record) {
        Some(glance) if !odd => told_at_a_glance(&glance),
        _ => Told(format!("{record:?}"), None, None),
    }
}

/// The same by glances, and how many of them were enough.
fn glanced(text: &[u8], owned: Range<usize>, found: &Detected) -> (Vec<Account>, usize) {
    let mut all = Vec::new();
    let mut enough = 0;
    let mut recall = Recall::default();
    sights(text, owned, found, &mut recall, &mut |seen| {
        all.push(match seen {
            Seen::Sight(sight) => {
                enough += 1;
                Account {
                    range: sight.range.clone(),
                    lines: (sight.line, sight.line_last),
                    format: Some(sight.format),
                    said: vec![told_at_a_glance(&sight.glance)],
                }
            }
            Seen::Entry(entry) => Account {
                range: entry.range.clone(),
                lines: (entry.line, entry.line_last),
                format: entry.format,
                said: entry.records.iter().map(|r| told_of(r)).collect(),
            },
        });
    });
    (all, enough)
}

#[test]
fn samples_are_seen_as_they_are_read() {
    for format in FORMATS {
        let text = format.sample.as_bytes();
        let found = detect(text, &[]);
        let (seen, _) = glanced(text, 0..text.len(), &found);
        let read = read(text, 0..text.len(), &found);
        assert_eq!(seen.len(), read.len(), "{}", format.name);
        for (seen, read) in seen.iter().zip(read) {
            assert_eq!(*seen, read.limited_to(seen), "{}", format.name);
        }
        if let Some(glancer) = glancer(format) {
            let layout = format.layout(text);
            let cx = Context { layout: &layout };
            let mut recall = Recall::default();
            let mut lines = format.sample.lines().map(str::as_bytes);
            let sure = lines.any(|l| (glancer.look)(l, &cx, &mut recall).is_some());
            assert!(sure, "{}: a glance that is never sure", format.name);
        }
    }
}

/// The same line with other numbers and other hexadecimal ids.
fn renumbered(line: &[u8], numbers: &[u8]) -> Vec<u8> {
    let mut numbers = numbers.iter().cycle();
    let mut next = || *numbers.next().unwrap_or(&0);
    let part = |b: &u8| b.is_ascii_alphanumeric();
    let mut line = line.to_vec();
    for word in line.split_mut(|b| !part(b)) {
        let hex = word.iter().all(u8::is_ascii_hexdigit);
        let digits = word.iter().any(u8::is_ascii_digit);
        let large = word.iter().any(u8::is_ascii_uppercase);
        for byte in word {
            *byte = match *byte {
                b'0'..=b'9' if hex && digits && next() % 3 == 0 => b"afAF"[usize::from(large) * 2],
                b'0'..=b'9' => b'0' + next() % 10,
                b'a'..=b'f' if hex && digits => b"0123456789abcdef"[usize::from(next() % 16)],
                b'A'..=b'F' if hex && digits => b"0123456789ABCDEF"[usize::from(next() % 16)],
                other => other,
            };
        }
    }
    line
}

/// What a format's hint says does not depend on which digits stand somewhere: a line of a known
/// outline need not be asked again which formats may take it.
#[test]
fn hints_do_not_depend_on_digits() {
    let mut odd = std::collections::BTreeSet::new();
    for line in FORMATS.iter().flat_map(|f| f.sample.lines()) {
        for numbers in ["0", "9", "1234", "507", "39", "2019083"] {
            let mut numbers = numbers.bytes().cycle();
            let other: Vec<u8> = line
                .bytes()
                .map(|b| {
                    if b.is_ascii_digit() {
                        numbers.next().unwrap_or(b)
                    } else {
                        b
                    }
                })
                .collect();
            let differs = |f: &&&Format| (f.hint)(line.as_bytes()) != (f.hint)(&other);
            odd.extend(FORMATS.iter().filter(differs).map(|f| f.name));
        }
    }
    assert!(odd.is_empty(), "{odd:?}");
}

/// Of every format, lines that differ in their numbers are known by their outline.
#[test]
fn lines_of_one_outline_are_known() {
    for format in glancing() {
        let known = format.sample.lines().any(|line| {
            // Times stay what they are.
            let again = line.replace("7 ", "8 ").replace("7\"", "8\"");
            let text = format!("{line}\n{again}\n");
            let found = detect(text.as_bytes(), &[]);
            let (mut recall, mut outlines) = (Recall::default(), Vec::new());
            sights(
                text.as_bytes(),
                0..text.len(),
                &found,
                &mut recall,
                &mut |seen| {
                    if let Seen::Sight(sight) = seen {
                        outlines.push(sight.glance.outline);
                    }
                },
            );
            matches!(outlines.as_slice(), [Some(a), Some(b)] if a == b)
        });
        assert!(known, "{}", format.name);
    }
}

/// Requests in words are seen at a glance, and what is remembered of one tells of the next.
#[test]
fn requests_in_words_are_known_by_their_outline() {
    for (first, second) in [
        (
            "2024-04-02 07:15:01,118 INFO  [exec-4] com.example.Web - PUT /seats/7 -> 503 in 72ms user=g2",
            "2024-04-02 07:15:01,518 INFO  [exec-2] com.example.Web - PUT /seats/9 -> 204 in 11ms user=g4",
        ),
        (
            "Apr  2 07:15:01 halls-1 seats[812]: handled GET /halls, status=200, took 4 ms, user=g11",
            "Apr  2 07:15:01 halls-1 seats[812]: handled GET /halls, status=503, took 9 ms, user=g12",
        ),
        (
            "<134>1 2024-04-02T07:15:01.118Z halls-1 seats 8 - - GET /halls code=200 latency=4.5 ms",
            "<134>1 2024-04-02T07:15:01.218Z halls-1 seats 8 - - GET /halls code=500 latency=6.5 ms",
        ),
        (
            "I0402 07:15:01.118204       1 web.go:58] request method=PUT path=/seats/7 status=503 dur_ms=72",
            "I0402 07:15:01.218204       1 web.go:58] request method=PUT path=/seats/8 status=200 dur_ms=12",
        ),
        (
            r#"{"time":"2024-04-02T07:15:01.118Z","level":"info","msg":"PUT /seats/7 -> 503 in 72ms"}"#,
            r#"{"time":"2024-04-02T07:15:01.218Z","level":"info","msg":"PUT /seats/8 -> 200 in 12ms"}"#,
        ),
        (
            "time=2024-04-02T07:15:01.118Z level=info msg=\"GET /halls\" status=200 duration_ms=9",
            "time=2024-04-02T07:15:01.218Z level=info msg=\"GET /halls\" status=500 duration_ms=3",
        ),
    ] {
        let text = format!("{first}\n{second}\n");
        let found = detect(text.as_bytes(), &[]);
        let (mut recall, mut seen) = (Recall::default(), Vec::new());
        sights(
            text.as_bytes(),
            0..text.len(),
            &found,
            &mut recall,
            &mut |sight| {
                if let Seen::Sight(sight) = sight {
                    let glance = &sight.glance;
                    let status = glance.request.as_ref().and_then(|r| r.status);
                    seen.push((glance.outline, status, glance.latency_ms));
                }
            },
        );
        let [
            (Some(a), Some(one), Some(_)),
            (Some(b), Some(other), Some(_)),
        ] = seen.as_slice()
        else {
            panic!("{first}: {seen:?}");
        };
        assert!(a == b && one != other, "{first}: {seen:?}");
    }
}

/// What real lines have and samples may lack.
const SPICE: &[&str] = &[
    "\t",
    " ",
    "\"",
    "\\",
    "\\\"",
    "=",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "-",
    "é",
    "\u{feff}",
    "\u{1b}[31m",
    " level=error",
    " app=ledger",
    " service=18ms",
    " svc=\"a b\"",
    " method=GET path=/a?b status=503",
    " status=-",
    " container=web",
    "ERROR",
    " WARN ",
    "UTC",
    " 2025 ",
    "Z",
    "+0100",
    "0",
    "9",
    "\r",
    "\"levelname\":\"INFO\",",
    "\"log\":\"x\",",
    "\"status\":\"500\",",
    "\"method\":\"GET\",",
    "\"path\":\"/x#y\",",
    "\"s\":\"E\",",
    "\"level\":50,",
    "\"level\":\"3\",",
    "\"req\":{\"method\":\"PUT\",\"url\":\"/a\"},",
    "\"tags\":[\"error\"],",
    "\"message\":\" \\n\",",
    "\"logger\":\"auth\",",
    "\"name\":\"db\",",
    "\"n\":1e5,",
    "\"l\":[{}],",
    "null",
    " request_id=4f1c2b1a",
    " rid=-",
    " took=3ms",
    " rt=0.2",
    " host=db3",
    " delay=1.5",
    "\"hostname\":\"db3\",",
    "\"host\":\"-\",",
    " 0.25",
    " 12ms",
    " 1m",
    "\"rid\":\"null\",",
    "\"duration_ms\":12,",
    "\"elapsed\":\"3s\",",
    " trace_id=null",
    " 4f1c2b1a4f1c2b1a4f1c2b1a4f1c2b1a ",
    " [web,4f1c2b1a4f1c2b1a,4f1c2b1a4f1c2b1a] ",
    "true",
    "- ",
    " [exec-1] ",
    "<13>",
    "postfix/smtpd[7]: ",
    "(v)",
    "\x0b",
    "\x0c",
    "stdout F ",
    " P ",
    "#",
    "?",
    "://",
    " GET /b -> 503 in 12ms",
    "POST /b/7?x 204 ",
    " status 500 took 4 ms",
    " (0.25 s)",
    " -> ",
    " upstream ",
    " to ",
    "\"message\":\"PUT /b -> 500\",",
    "\"msg\":\"PUT /b 12ms\",\"code\":404,",
    "\"msg\":\"DELETE /b 700\",",
    " msg=\"PUT /b -> 500\"",
    " msg=\"PUT /b\" status=404",
];

/// A change: of these bytes, to these.
type Change = (prop::sample::Index, usize, prop::sample::Index, bool);

fn changed(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, len, spice, insert) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        let end = (at + len).min(bytes.len());
        let new: &[u8] = if *insert {
            SPICE[spice.index(SPICE.len())].as_bytes()
        } else {
            &[]
        };
        bytes.splice(at..end, new.iter().copied());
    }
    bytes
}

fn glancing() -> Vec<&'static Format> {
    FORMATS
        .iter()
        .copied()
        .filter(|f| glancer(f).is_some())
        .collect()
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    /// Spoilt samples, cut anywhere on a line, two formats in one file.
    #[test]
    fn whatever_is_seen_is_what_is_read(
        first: prop::sample::Index,
        second: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..4, any::<prop::sample::Index>(), prop::bool::weighted(0.8)), 0..24),
        cuts in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let formats = glancing();
        let first = first.get(&formats);
        let second = second.get(&formats);
        let found = detect(first.sample.as_bytes(), &[second.sample.as_bytes()]);
        let text = changed(&format!("{}\n{}", first.sample, second.sample), &changes);
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(n, _)| n + 1))
            .collect();
        let (a, b) = (*cuts.0.get(&starts), cuts.1.index(text.len() + 1));
        for owned in [0..text.len(), a..b.max(a)] {
            let (seen, _) = glanced(&text, owned.clone(), &found);
            let read = read(&text, owned, &found);
            prop_assert_eq!(seen.len(), read.len());
            for (seen, read) in seen.iter().zip(read) {
                let entry = String::from_utf8_lossy(&text[read.range.clone()]).into_owned();
                prop_assert_eq!(seen, &read.limited_to(seen), "{}", entry);
            }
        }
    }

    /// Lines that differ in their numbers, one behind the other: what is remembered of one is so of
    /// the next.
    #[test]
    fn what_is_remembered_of_an_outline_is_read(
        format: prop::sample::Index,
        line: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..3, any::<prop::sample::Index>(), prop::bool::weighted(0.9)), 0..5),
        numbers in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 1..6),
    ) {
        let formats = glancing();
        let format = format.get(&formats);
        let lines: Vec<&str> = format.sample.lines().collect();
        let line = changed(lines[line.index(lines.len())], &changes);
        let found = detect(format.sample.as_bytes(), &[]);
        let mut text = line.clone();
        for numbers in &numbers {
            text.push(b'\n');
            // With the old time, which most numbers would spoil, and with another.
            text.extend_from_slice(&line[..line.len().min(40)]);
            text.extend(renumbered(&line[line.len().min(40)..], numbers));
            text.push(b'\n');
            text.extend(renumbered(&line, numbers));
        }
        let (seen, _) = glanced(&text, 0..text.len(), &found);
        let read = read(&text, 0..text.len(), &found);
        prop_assert_eq!(seen.len(), read.len());
        for (seen, read) in seen.iter().zip(read) {
            let entry = String::from_utf8_lossy(&text[read.range.clone()]).into_owned();
            prop_assert_eq!(seen, &read.limited_to(seen), "{}", entry);
        }
    }

    /// One line at a time, many changes to it: what a glance does say is what the grammar says.
    #[test]
    fn a_glance_is_right_or_silent(
        format: prop::sample::Index,
        line: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..3, any::<prop::sample::Index>(), prop::bool::weighted(0.9)), 0..5),
    ) {
        let formats = glancing();
        let format = format.get(&formats);
        let lines: Vec<&str> = format.sample.lines().collect();
        let text = changed(lines[line.index(lines.len())], &changes);
        if text.contains(&b'\n') || text.is_empty() {
            return Ok(());
        }
        let layout = format.layout(format.sample.as_bytes());
        let cx = Context { layout: if format.learn.is_some() { &layout } else { &Layout::default() } };
        let look = glancer(format).expect("a glancing format").look;
        if let Some(heard) = look(&text, &cx, &mut Recall::hearing()) {
            let mut records = Vec::new();
            prop_assert!((format.parse)(&text, &cx, &mut records).is_some(), "{} parse", format.name);
            let first = |message: &str| message.lines().next().unwrap_or_default().trim_end().to_owned();
            prop_assert_eq!(first(&records[0].message), first(&heard.message), "{}", format.name);
        }
        let mut recall = Recall::default();
        // The second look has the first to remember.
        for _ in 0..2 {
            let Some(seen) = look(&text, &cx, &mut recall) else { continue };
            let mut records = Vec::new();
            prop_assert!((format.hint)(&text), "{} hint", format.name);
            prop_assert!((format.parse)(&text, &cx, &mut records).is_some(), "{} parse", format.name);
            let seen = told_at_a_glance(&seen);
            let read: Vec<Told> = records.iter().map(|r| told_of(r).limited_to(&seen)).collect();
            prop_assert_eq!(read, vec![seen], "{}: {}", format.name, String::from_utf8_lossy(&text));
        }
    }
}
