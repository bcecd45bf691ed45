//! Mentions of times in running text: a date, a clock time and a zone that belong together.

pub(crate) use super::grammar::{Clock, Day, Half, MINUTE};
use super::grammar::{clock, clock_bare, day};
use super::zone::{self, Zone};
use nom::Parser;
use std::ops::Range;

/// One mention of a time in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mention {
    /// Where it stands, its zone included.
    pub(crate) range: Range<usize>,
    /// The date, if it has one.
    pub(crate) day: Option<Day>,
    /// The time of day, if it has one.
    pub(crate) clock: Option<Clock>,
    /// The zone, if it has one.
    pub(crate) zone: Option<Zone>,
}

/// Whether a text is a time and nothing more.
pub(crate) fn is_alone(text: &str) -> bool {
    let found = mentions(text).into_iter().next();
    found.is_some_and(|m| m.clock.is_some() && text.len() - m.range.len() <= 3)
}

#[derive(Clone, Copy, Debug)]
enum Piece {
    Day(Day),
    Clock(Clock),
    Bare(Clock),
}

/// Every mention of a time in `text`, in order.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    merge(text, &pieces(text))
}

fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(Range<usize>, Piece)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        if rest.starts_with(b"http") || rest.starts_with(b"www.") {
            at += rest
                .iter()
                .position(|b| *b == b' ' || *b == b')')
                .unwrap_or(rest.len());
            continue;
        }
        let last = found.last().map_or(0, |(r, _)| r.end);
        if !may_begin(bytes, at, last) {
            at += 1;
            continue;
        }
        let piece = day
            .map(Piece::Day)
            .or(clock.map(Piece::Clock))
            .or(clock_bare.map(Piece::Bare))
            .parse(rest);
        match piece {
            Ok((after, piece)) => {
                let end = bytes.len() - after.len();
                found.push((at..end, piece));
                // "2024-01-19T10:30": the T is no word.
                at = end + usize::from(matches!(piece, Piece::Day(_)) && after.starts_with(b"T"));
            }
            Err(_) => at += 1,
        }
    }
    found
}

/// Whether a time may begin at `at`; `last` is where the one before it ended.
fn may_begin(bytes: &[u8], at: usize, last: usize) -> bool {
    let Some(first) = bytes.get(at).filter(|b| b.is_ascii_alphanumeric()) else {
        return false;
    };
    let Some(before) = at.checked_sub(1).and_then(|n| bytes.get(n)) else {
        return true;
    };
    if last > 0 && at <= last + 1 {
        return true; // "10:00-11:00", "2024-01-19T10:30"
    }
    if before.is_ascii_alphabetic() || matches!(before, b'_' | b'/' | b'=' | b'#' | b'%') {
        return false;
    }
    let digit_before = at
        .checked_sub(2)
        .and_then(|n| bytes.get(n))
        .is_some_and(u8::is_ascii_digit);
    !(before.is_ascii_digit()
        || (first.is_ascii_digit() && matches!(before, b'-' | b'.' | b':' | b',') && digit_before))
}

fn merge(text: &str, pieces: &[(Range<usize>, Piece)]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut n = 0;
    while let Some((range, piece)) = pieces.get(n) {
        n += 1;
        let mut mention = Mention {
            range: range.clone(),
            day: None,
            clock: None,
            zone: None,
        };
        match *piece {
            Piece::Day(day) => {
                mention.day = Some(day);
                if let Some((r, clock)) = clock_beside(text, range.end, pieces.get(n)) {
                    mention.clock = Some(clock);
                    mention.range.end = r.end;
                    mention.zone = zone::after(text, r.end, r.start == range.end + 1);
                    n += 1;
                }
            }
            Piece::Clock(clock) => {
                mention.clock = Some(clock);
                mention.zone = zone::after(text, range.end, false);
                let end = mention.zone.as_ref().map_or(range.end, |z| z.range.end);
                if let Some((r, day)) = day_beside(text, end, pieces.get(n), pieces.get(n + 1)) {
                    mention.day = Some(day);
                    mention.range.end = r.end;
                    mention.zone = mention.zone.or_else(|| zone::after(text, r.end, false));
                    n += 1;
                }
            }
            Piece::Bare(clock) => {
                mention.zone = zone::after(text, range.end, false);
                if mention.zone.is_none() {
                    continue;
                }
                mention.clock = Some(clock);
            }
        }
        if let Some(zone) = &mention.zone {
            mention.range.end = mention.range.end.max(zone.range.end);
        }
        found.push(mention);
    }
    found
}

fn clock_beside<'p>(
    text: &str,
    end: usize,
    next: Option<&'p (Range<usize>, Piece)>,
) -> Option<(&'p Range<usize>, Clock)> {
    let (range, piece) = next?;
    let (Piece::Clock(clock) | Piece::Bare(clock)) = piece else {
        return None;
    };
    let between = text
        .get(end..range.start)?
        .trim_matches([' ', ',', '(', '~'])
        .to_ascii_lowercase();
    let joins = matches!(
        between.as_str(),
        "" | "t"
            | "at"
            | "at around"
            | "at about"
            | "at approximately"
            | "around"
            | "about"
            | "approximately"
            | "from"
            | "between"
            | "by"
            | "-"
            | "–"
            | ":"
            | "@"
            | "|"
            | "ca."
    );
    joins.then_some((range, *clock))
}

fn day_beside<'p>(
    text: &str,
    end: usize,
    next: Option<&'p (Range<usize>, Piece)>,
    then: Option<&(Range<usize>, Piece)>,
) -> Option<(&'p Range<usize>, Day)> {
    let (range, Piece::Day(day)) = next? else {
        return None;
    };
    let between = text.get(end..range.start)?;
    let between = between
        .trim_matches([' ', ',', '(', ')'])
        .to_ascii_lowercase();
    let joins = matches!(between.as_str(), "" | "on" | "of" | "on the" | "the" | "in");
    // "10:30 AM, May 3 11:00 AM": the date belongs to the second.
    let taken = clock_beside(text, range.end, then).is_some();
    (joins && !taken).then_some((range, *day))
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, mentions};

    /// What is found, in one notation.
    fn read(text: &str) -> Vec<String> {
        let show = |m: super::Mention| {
            let day = m.day.map_or(String::new(), |d| {
                let year = d.year.map_or("----".to_owned(), |y| y.to_string());
                format!("{year}-{:02}-{:02}", d.month, d.day)
            });
            let clock = m.clock.map_or(String::new(), |c| {
                format!("T{:02}:{:02}", c.nanos / MINUTE / 60, c.nanos / MINUTE % 60)
            });
            let zone = m
                .zone
                .map_or(String::new(), |z| format!(" {}", &text[z.range]));
            format!("{day}{clock}{zone}")
        };
        mentions(text).into_iter().map(show).collect()
    }

    #[test]
    fn clock_times() {
        assert_eq!(
            read("from 9:05 AM to 12:00 PM (PST)"),
            ["T09:05", "T12:00 PST"]
        );
        assert_eq!(
            read("12:15 am, 12.30 p.m. and 4pm"),
            ["T00:15", "T12:30", "T16:00"]
        );
        assert_eq!(read("14:15pm then 15h30"), ["T14:15", "T15:30"]);
        assert_eq!(read("at midnight; at noon"), ["T00:00", "T12:00"]);
        assert_eq!(read("15.25 PST, 1430 UTC"), ["T15:25 PST", "T14:30 UTC"]);
        assert_eq!(read("0912Z link flap"), ["T09:12 Z"]);
        assert_eq!(read("17:00: it began"), ["T17:00"]);
        assert_eq!(read("10:00-11:30 UTC"), ["T10:00", "T11:30 UTC"]);
        assert!(read("version 1.24.0, 15.25 GB, ratio 3:1, ::1, 10:20:30:40, 25:10").is_empty());
        assert!(read("http://x.example/10:30 port:8080 a12:30").is_empty());
    }

    #[test]
    fn dates_and_times_together() {
        assert_eq!(
            read("January 19, 2024, 10:30 AM (UTC)"),
            ["2024-01-19T10:30 UTC"]
        );
        assert_eq!(read("2024-01-22 15:30 UTC"), ["2024-01-22T15:30 UTC"]);
        assert_eq!(read("2024-01-22T15:30:10Z"), ["2024-01-22T15:30 Z"]);
        assert_eq!(
            read("13:15 PST 29 april 2022 - x"),
            ["2022-04-29T13:15 PST"]
        );
        assert_eq!(
            read("Oct 22rd 2022 9:00 AM (EAT)"),
            ["2022-10-22T09:00 EAT"]
        );
        assert_eq!(
            read("On June 9th, 2024 from 10:05 AM to 10:15 AM WAT"),
            ["2024-06-09T10:05", "T10:15 WAT"]
        );
        assert_eq!(read("02/03/2024, 3:AM"), ["2024-02-03T03:00"]);
        assert_eq!(
            read("31/03/2024 5pm; 5-26-21"),
            ["2024-03-31T17:00", "2021-05-26"]
        );
        assert_eq!(read("8:00 PM on May 3rd"), ["-----05-03T20:00"]);
        assert_eq!(
            read("January 14-19, 2026"),
            ["2026-01-14", "----"].get(..1).unwrap_or_default()
        );
        assert_eq!(
            read("May 1, 2024, 2:00 PM - May 2, 2024, 3:30 AM (UTC)"),
            ["2024-05-01T14:00", "2024-05-02T03:30 UTC"]
        );
        assert!(read("in May 5 people may march on").len() <= 1);
    }
}
