//! Targets in the parsers: bytes in, records out.

use crate::Target;
use crate::corpus::{Corpus, corpus};
use crate::mutate::{USUAL, mutate};
use crate::random::Random;
use crate::settled::settle;
use recon_parsers::cut::{self, Shape};
use recon_parsers::detect::detect_more;
use recon_parsers::document;
use recon_parsers::entries::entries;
use recon_parsers::format::{Context, Format, Layout};
use recon_parsers::formats::FORMATS as KNOWN;
use recon_parsers::token::date::Order;
use recon_parsers::token::{
    ansi, clock, csv, date, epoch, json, level, pairs, payload, text, time,
};
use recon_parsers::token::{preamble, trace, yaml, zone};
use recon_parsers::{Detected, Reading, Record, Value, When, detect};
use std::ops::Range;

/// Up to so many lines of a sample, spoilt; and the place of its format.
fn spoilt(corpus: &Corpus, random: &mut Random, lines: usize) -> (u8, Vec<u8>) {
    let Some(sample) = corpus.sample(random) else {
        return (0, Vec::new());
    };
    let mut bytes = sample.piece(random, lines).to_vec();
    bytes.truncate(USUAL);
    let other = |random: &mut Random| {
        let other = corpus.sample(random).map(|s| s.piece(random, 2));
        other.unwrap_or_default().to_vec()
    };
    mutate(&mut bytes, random, &other);
    (u8::try_from(sample.format).unwrap_or_default(), bytes)
}

/// From this on, the second byte says that a format learns its layout from the entry itself.
const LEARNS: u8 = 0x80;

/// Any bytes against any format, and the records used as the program uses them. The first byte
/// says which format, the second whose layout.
pub(crate) const FORMATS: Target = Target {
    name: "formats",
    share: 660,
    millis: 50,
    make: |corpus, random| {
        let lines = if random.once_in(8) { 40 } else { 2 };
        let (own, mut entry) = spoilt(corpus, random, lines);
        let any = u8::try_from(random.below(KNOWN.len())).unwrap_or_default();
        let format = if random.once_in(3) { any } else { own };
        let learns = if random.once_in(16) { LEARNS } else { 0 };
        entry.splice(0..0, [format, learns]);
        entry
    },
    run: |bytes| {
        let [which, learns, entry @ ..] = bytes else {
            return;
        };
        let which = usize::from(*which) % KNOWN.len();
        let Some(format) = KNOWN.get(which) else {
            return;
        };
        if *learns >= LEARNS {
            holds(format, entry, &format.layout(entry));
        } else if let Some(sample) = corpus().first_of(which) {
            holds(format, entry, &sample.layout);
        }
    },
};

/// What holds of a format, whatever the bytes are. That a hint turns away nothing which a parser
/// takes is left to samples: of bytes that no product writes, nobody misses what a hint turned away.
fn holds(format: &Format, entry: &[u8], layout: &Layout) {
    let _ = (format.hint)(entry);
    let mut out = Vec::new();
    let read = (format.parse)(entry, &Context { layout }, &mut out);
    assert!(
        read.is_some() || out.is_empty(),
        "{format:?} leaves records behind"
    );
    for record in out {
        used(record, entry.len());
    }
}

/// What the program does with a record of an entry of so many bytes.
fn used(record: Record<'_>, len: usize) {
    if let Some(part) = &record.part {
        let inside = part.start <= part.end && part.end <= len;
        assert!(inside, "part {part:?} of an entry of {len} bytes");
    }
    if let Some(at) = record.at {
        settle(at);
    }
    for (name, value) in record.fields.iter() {
        let _ = (name.len(), value.as_f64(), value.as_text().map(str::len));
        if let Value::Time(at) = value {
            settle(*at);
        }
    }
    let _ = (record.kind.name(), record.kind.state());
    let _ = record.into_owned();
}

/// Entries tile their text, and a border between two chunks changes none of them. The first byte
/// says the sample whose formats are tried, the next two where the border is.
pub(crate) const ENTRIES: Target = Target {
    name: "entries",
    share: 25,
    millis: 50,
    make: |corpus, random| {
        let (format, mut text) = spoilt(corpus, random, 12);
        let border = random.draw().to_le_bytes();
        text.splice(0..0, [format, border[0], border[1]]);
        text
    },
    run: |bytes| {
        let [which, high, low, text @ ..] = bytes else {
            return;
        };
        let which = usize::from(*which) % KNOWN.len();
        let Some(sample) = corpus().first_of(which) else {
            return;
        };
        let mut whole = tiled(text, 0..text.len(), &sample.found);
        let near = usize::from(u16::from_be_bytes([*high, *low])) % (text.len() + 1);
        if sample.found.shape == Shape::Lines {
            let rest = text.get(near..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).map_or(text.len(), |n| near + n + 1);
            let mut both = tiled(text, 0..end, &sample.found);
            both.extend(tiled(text, end..text.len(), &sample.found));
            // What no format reads is no entry: whose lines it is depends on the border.
            both.retain(|e| e.read);
            whole.retain(|e| e.read);
            assert_eq!(both, whole, "cut at {end}");
        }
    },
};

/// What must be the same of an entry, wherever its file was cut.
#[derive(Debug, PartialEq)]
struct Seen {
    bytes: Range<usize>,
    read: bool,
    said: Vec<(Option<Reading>, String)>,
}

/// The entries of the owned lines; they are in order, do not overlap, and are counted rightly.
fn tiled(text: &[u8], owned: Range<usize>, found: &Detected) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    let (mut at, mut line) = (owned.start, 0);
    let breaks =
        |r: Range<usize>| memchr::memchr_iter(b'\n', text.get(r).unwrap_or_default()).count();
    entries(text, owned.clone(), found, &mut |entry| {
        let range = entry.range.clone();
        assert!(
            at <= range.start && range.start < range.end,
            "{range:?} after {at}"
        );
        assert!(range.end <= text.len(), "{range:?} of {}", text.len());
        assert!(
            line <= entry.line && entry.line <= entry.line_last,
            "{range:?}: lines"
        );
        assert_eq!(
            breaks(owned.start..range.start),
            entry.line,
            "the line of {range:?}"
        );
        (at, line) = (range.end, entry.line_last);
        let said = entry.records.iter().map(|r| (r.at, r.message.to_string()));
        all.push(Seen {
            read: entry.format.is_some(),
            said: said.collect(),
            bytes: range,
        });
        for record in entry.records.drain(..) {
            used(record, entry.range.len());
        }
    });
    all
}

/// Detection of a file, of what changes half-way, and the reading of what was detected.
pub(crate) const DETECT: Target = Target {
    name: "detect",
    share: 1,
    millis: 50,
    make: |corpus, random| {
        let (_, mut text) = spoilt(corpus, random, 8);
        if random.once_in(2) {
            text.push(b'\n');
            text.extend(spoilt(corpus, random, 8).1);
        }
        text.truncate(USUAL);
        text
    },
    run: |text| {
        let middle = text.len() / 2;
        let rest = text.get(middle..).unwrap_or_default();
        let middle = memchr::memchr(b'\n', rest).map_or(text.len(), |n| middle + n + 1);
        let (head, tail) = text.split_at(middle);
        let found = detect(head, &[tail]);
        let _ = found.main();
        tiled(text, 0..text.len(), &found);
        let mut unread = Vec::new();
        for line in cut::lines(text).filter_map(|r| text.get(r)) {
            if found.read(line, &mut Vec::new()).is_none() {
                unread.push(line);
            }
        }
        if let Some(more) = detect_more(&found, head, &unread, &[]) {
            tiled(text, 0..text.len(), &more);
        }
    },
};

/// The reader of written postmortems, and of the times that people write.
pub(crate) const DOCUMENT: Target = Target {
    name: "document",
    share: 2,
    millis: 50,
    make: |corpus, random| {
        let document = KNOWN.iter().position(|f| f.name == "postmortem");
        let own = document.and_then(|n| corpus.first_of(n));
        let mut text = own
            .map(|s| s.piece(random, 60).to_vec())
            .unwrap_or_default();
        let other = |random: &mut Random| {
            let line = corpus.sample(random).map(|s| s.piece(random, 4).to_vec());
            line.unwrap_or_default()
        };
        mutate(&mut text, random, &other);
        text
    },
    run: |text| {
        for line in cut::lines(text).filter_map(|r| text.get(r)).take(64) {
            if let Some(written) = document::leading_time(line) {
                assert!(written.body <= line.len(), "a line goes on behind its end");
                settle(written.at);
            }
        }
        let told = Reading::instant(1_705_660_202_118_000_000, 3);
        let words = String::from_utf8_lossy(text);
        let window = document::window_before(&words, told);
        assert!(
            window.is_none_or(|(from, to)| instant(from) < instant(to)),
            "{window:?}"
        );
        let Some(account) = document::read(text) else {
            return;
        };
        let facts = account.facts.iter().map(|f| &f.part);
        let conflicts = account.conflicts.iter().flat_map(|c| [&c.one, &c.other]);
        for part in facts
            .chain(account.notes.iter().map(|n| &n.part))
            .chain(conflicts)
        {
            assert!(part.start <= part.end && part.end <= text.len(), "{part:?}");
        }
        account.notes.iter().filter_map(|n| n.at).for_each(settle);
    },
};

const fn instant(reading: Reading) -> Option<i64> {
    match reading.when {
        When::Instant(nanos) => Some(nanos),
        _ => None,
    }
}

/// Spellings to begin with; what a number or a letter changes in them is another spelling.
const SPELLINGS: &[&str] = &[
    "2024-02-29T10:30:02.118Z",
    "2024-02-29 10:30:02,118 +0530",
    "20240229T103002Z",
    "2024-02-29-10.30.02.123456",
    "Feb 29 10:30:02 2024",
    "Thu Feb 29 10:30:02.123456 UTC 2024",
    "29/Feb/2024:10:30:02 +0100",
    "29 Feb 2024 10:30:02",
    "2/29/24 10:30:02 PM",
    "29.02.2024 22:30",
    "0229 10:30:02.123456",
    "240229 10:30:02",
    "10:30:02.118",
    "[   12.345678]",
    "1709202602.118",
    "1709202602118",
    "+02:00",
    "CEST",
    "UTC+14:00",
];

/// The readers of times, dates, clocks and zones.
pub(crate) const STAMPS: Target = Target {
    name: "stamps",
    share: 240,
    millis: 50,
    make: |corpus, random| {
        let spelling = random.pick(SPELLINGS).copied().unwrap_or_default();
        let mut text = spelling.as_bytes().to_vec();
        if random.once_in(4) {
            text = corpus
                .sample(random)
                .map(|s| s.piece(random, 1).to_vec())
                .unwrap_or_default();
            text.drain(..random.below(text.len().min(32) + 1));
            text.truncate(64);
        }
        let other = |random: &mut Random| {
            let other = random.pick(SPELLINGS).copied().unwrap_or_default();
            other.as_bytes().to_vec()
        };
        mutate(&mut text, random, &other);
        text
    },
    run: |i| {
        for order in [
            Order::Unknown,
            Order::DayFirst,
            Order::MonthFirst,
            Order::YearFirst,
        ] {
            read_of(i, time::any(order)(i).ok());
            read_of(i, time::numeric(order)(i).ok());
            read_of(i, time::month_day(order)(i).ok());
        }
        let readers = [
            time::iso,
            time::iso_date,
            time::rfc3164,
            time::clf,
            time::day_month,
            time::slashed,
            time::six_digits,
            time::time_of_day,
            time::uptime,
        ];
        readers
            .into_iter()
            .for_each(|read| read_of(i, read(i).ok()));
        read_of(i, time::klog(i).ok().map(|(rest, (_, at))| (rest, at)));
        let dates = [
            date::year_first,
            date::compact,
            date::short,
            date::month_first,
            date::day_first,
        ];
        for (_, date) in dates.into_iter().filter_map(|read| read(i).ok()) {
            let _ = (date.days(), date.in_year(2023).and_then(date::Date::days));
        }
        let _ = (date::orders(i), date::weekday(i));
        let _ = (
            clock::clock(i),
            clock::unpadded(i),
            clock::dotted(i),
            clock::compact(i),
        );
        let _ = (
            zone::offset(i),
            zone::letters(i),
            zone::suffix(i),
            zone::by_abbreviation(i),
        );
        if let Ok(text) = std::str::from_utf8(i) {
            epoch::epoch(text).into_iter().for_each(settle);
            payload::text_instant(text).into_iter().for_each(settle);
            let _ = payload::whole_and_nanos(text, "999999999");
        }
    },
};

/// A time that was read from the front of `i`.
fn read_of(i: &[u8], found: Option<(&[u8], Reading)>) {
    if let Some((rest, at)) = found {
        assert!(i.ends_with(rest), "what is left is no end of the input");
        settle(at);
    }
}

/// The pieces that formats share: JSON, YAML, CSV, pairs, escapes, levels, traces; and the cutters.
pub(crate) const TOKENS: Target = Target {
    name: "tokens",
    share: 30,
    millis: 50,
    make: |corpus, random| spoilt(corpus, random, 3).1,
    run: |i| {
        for (found, done) in [
            cut::json(i, 0, true),
            cut::json(i, 0, false),
            cut::csv(i, 0, true),
        ] {
            assert!(done <= i.len(), "goes on behind the end");
            let mut at = 0;
            for range in found {
                assert!(
                    at <= range.start && range.end <= i.len(),
                    "{range:?} after {at}"
                );
                at = range.end;
            }
        }
        if let Some(object) = json::object_or_beginning(i) {
            let part = object.part(i);
            assert!(part.end <= i.len(), "{part:?}");
            payload::walk(&object, &mut |name, value| {
                let _ = (name.len(), value.text(), value.scalar(), value.list().len());
                let _ = payload::instant(value);
            });
        }
        let _ = (
            json::value(i),
            json::beginning(i),
            json::string_at(i).map(|t| t.decode().len()),
        );
        let _ = csv::cells(i, csv::separator(i));
        let _ = (yaml::documents(i).len(), yaml::object(i).is_some());
        let _ = (
            pairs::pair(i).is_ok(),
            pairs::logfmt(i).count(),
            ansi::strip(i).len(),
        );
        let _ = (
            text::quoted(i),
            text::bracketed(i),
            text::word(i),
            text::unescape(i).len(),
        );
        let _ = (
            level::level(i),
            level::spotted(i),
            level::word(i),
            level::plain_word(i),
        );
        let _ = (
            trace::error_class(i),
            trace::mentioned(i),
            preamble::trailing_logger(i),
        );
        let mut record = Record::new(recon_parsers::Kind::Log, String::from_utf8_lossy(i));
        preamble::preamble(i).file(&mut record);
        let words = record.message.clone();
        let _ = pairs::among_words(&words).count();
        let _ = (
            payload::severity(&words),
            payload::number(&words),
            payload::sounds_automatic(&words),
        );
        used(record, i.len());
    },
};
