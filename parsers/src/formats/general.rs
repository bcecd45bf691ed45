//! Any log whose lines state a time, in whatever spelling, somewhere near their front.
//! What is around the time is read as far as it looks like a level, a logger, a program.

use super::store_export::streaming;
use crate::format::{Context, Cut, Format, Layout, Spelling, Stamps};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::{Precision, Reading, When};
use crate::token::date::{self, Order};
use crate::token::preamble::{Preamble, preamble, trailing_logger};
use crate::token::text::{first_line, message_from};
use crate::token::{at_boundary, blank, columns, epoch, level, named, number, time, trace};
use std::borrow::Cow;
use std::ops::Range;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "general",
    title: "Any lines with a time",
    reference: "",
    cut: Cut::Line,
    specificity: 0,
    hint: |i| i.len() >= 8,
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/general/input.log"),
};

/// Where a line has its time, and what it says.
type Place = Option<(Range<usize>, Reading)>;

/// How far into a line a time may begin, where the file's head says no better.
const REACH: usize = 160;
/// The same for a number, which nothing but its length tells from others.
const FAR: usize = 256;
/// What may stand between the indent of a line and its time: Zabbix pads the process.
const PADDED: usize = 12;
/// Lines of a file's head from which its habits are learnt.
const LESSONS: usize = 200;

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (place, at) = locate(line, cx.layout)?;
    let before = line.get(..place.start)?;
    let behind = line.get(place.end..)?;
    let (stream, behind) = streamed(behind).map_or((None, behind), |(s, rest)| (Some(s), rest));
    let said = preamble(behind_stamp(behind));
    // What is before the time is as a rule a level, a process, a stream; if it is
    // longer than that, the message has begun.
    let message = if before.len() <= 64 && !said.message.is_empty() {
        message_from(entry, said.message)
    } else if before.is_empty() {
        message_from(entry, blank(behind))
    } else {
        message_from(entry, line)
    };
    let mut record = Record::new(Kind::Log, message);
    record.at = Some(at);
    let letter = time::klog(line.get(place.start..)?).ok();
    let letter = letter.and_then(|(_, (letter, _))| level::letter(letter));
    record.level = letter
        .or(said.level)
        .or_else(|| level::spotted(before))
        .or_else(|| named_before(before))
        .or_else(|| level::spotted(said.message))
        .or_else(|| level::spotted(behind_stamp(behind)))
        .or_else(|| second_line(more));
    let logger = said.logger.or_else(|| trailing_logger(said.message));
    record.service = stream.map(Cow::Borrowed);
    Preamble { logger, ..said }.file(&mut record);
    if let Some(class) = trace::error_class(said.message).or_else(|| trace::error_class(more)) {
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    columns::file(&mut record);
    out.push(record);
    Some(())
}

/// The service of a stream behind the time, as `aws logs tail` prints it, and what follows: ` desk/till/0f3c… text`.
fn streamed(behind: &[u8]) -> Option<(&str, &[u8])> {
    let said = behind.strip_prefix(b" ")?;
    let end = said.iter().position(|b| *b == b' ')?;
    let (stream, rest) = said.split_at_checked(end)?;
    Some((streaming(std::str::from_utf8(stream).ok()?)?, rest))
}

/// The level before the time: `=ERROR REPORT==== `, `[ns_server:error,`.
fn named_before(before: &[u8]) -> Option<Level> {
    let words = before.split(|b| !b.is_ascii_alphanumeric());
    let mut words = words.filter(|w| !w.is_empty()).rev();
    let last = level::plain_word(words.next()?);
    let short = before.len() <= 40;
    last.or_else(|| {
        let shouted = |w: &&[u8]| w.iter().all(u8::is_ascii_uppercase);
        words.filter(shouted).find_map(level::plain_word)
    })
    .filter(|_| short)
}

/// The level of `java.util.logging`, which has the message and its level on a line of their own.
fn second_line(more: &[u8]) -> Option<Level> {
    let (line, _) = first_line(more);
    let colon = line.iter().position(|b| *b == b':')?;
    let word = line.get(..colon)?;
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    shouted.then(|| level::word(word))?
}

/// What closes the time: brackets, quotes, colons.
fn behind_stamp(i: &[u8]) -> &[u8] {
    let n = i.iter().take_while(|b| b"])>}\"',;".contains(b)).count();
    let rest = i.get(n..).unwrap_or_default();
    match rest.strip_prefix(b":") {
        Some(after) if after.first().is_none_or(|b| *b == b' ') => after,
        // Jetty: `10:30:02.118:WARN:oejs.HttpChannel:main: …`
        Some(after) if level::level(after).is_ok() => after,
        _ => rest,
    }
}

/// The time of a line that begins an entry, and where it stands.
fn locate(line: &[u8], layout: &Layout) -> Place {
    let Stamps {
        spelling,
        reach,
        indented,
        spaced,
    } = layout.stamps;
    let reach = if reach == 0 { REACH } else { reach };
    let habit = match spelling {
        Spelling::Dated => None,
        Spelling::Clock => clock(line),
        Spelling::Epoch => counted(line),
        Spelling::Uptime => uptime(line),
    };
    let found = habit.or_else(|| dated(line, reach, layout.dates).map(|f| with_year(line, f)))?;
    // An indented line belongs to the entry before, unless its time comes first behind spaces, or
    // such lines are the file's habit and little more than a process is before the time.
    // Never is it a value of JSON spread over lines.
    let indent = indent(line);
    let quoted = line.get(indent) == Some(&b'"');
    let spaces = !line.starts_with(b"\t") && found.0.start <= indent + 1;
    let usual = indented && found.0.start <= indent + PADDED;
    if indent > 0 && (quoted || !(spaces || usual)) {
        return None;
    }
    Some(match spaced.then(|| with_millis(line, &found)).flatten() {
        Some(finer) => finer,
        None => found,
    })
}

fn indent(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

/// The three digits that stand behind a time that ends with its seconds, and a blank.
fn millis(line: &[u8], place: &Range<usize>) -> Option<i64> {
    let (rest, millis) = number(3, 3)(line.get(place.end..)?.strip_prefix(b" ")?).ok()?;
    rest.first()
        .is_none_or(|b| b" ]:|".contains(b))
        .then_some(millis)
}

/// A time with the milliseconds behind it.
fn with_millis(line: &[u8], found: &(Range<usize>, Reading)) -> Place {
    let (place, at) = found;
    let millis = millis(line, place)?;
    let finer = |nanos: i64| nanos + millis * 1_000_000;
    let when = match at.when {
        When::Instant(nanos) => When::Instant(finer(nanos)),
        When::Local(nanos) => When::Local(finer(nanos)),
        _ => return None,
    };
    let precision = Precision::Fraction(3);
    (at.precision == Precision::Fraction(0)).then_some(())?;
    let finer = Reading {
        when,
        precision,
        ..*at
    };
    Some((place.start..place.end + 4, finer))
}

/// The first time with a date that begins within `reach`; one that is glued to a word,
/// as in the name of a rotated file, only if none stands free.
pub(super) fn dated(line: &[u8], reach: usize, order: Order) -> Place {
    let any = time::any(order);
    let mut before = b' ';
    let mut glued = None;
    for (start, byte) in line.iter().take(reach + 1).enumerate() {
        let fresh = match byte {
            b'0'..=b'9' => !before.is_ascii_alphanumeric(),
            b'A'..=b'Z' | b'a'..=b'z' => !before.is_ascii_alphanumeric() && before != b'_',
            b'*' => true,
            _ => false,
        };
        let free = !b"._-/".contains(&before);
        before = *byte;
        if !fresh || (glued.is_some() && !free) {
            continue;
        }
        let i = line.get(start..)?;
        if let Ok((rest, at)) = any(i) {
            let place = (start..line.len() - rest.len(), at);
            if free {
                return Some(place);
            }
            glued = Some(place);
        }
    }
    glued
}

/// A time without its year behind a number that is the same time in full.
fn with_year(line: &[u8], found: (Range<usize>, Reading)) -> (Range<usize>, Reading) {
    let (place, at) = found;
    match (at.when, line.get(..place.start).and_then(counted)) {
        (When::Yearless { .. }, Some((_, counted))) => (place, counted),
        _ => (place, at),
    }
}

/// A time of day at the front, in brackets or not.
fn clock(line: &[u8]) -> Place {
    let start = line.iter().take_while(|b| b" \t[(<".contains(b)).count();
    let i = line.get(start..)?;
    let (rest, at) = time::time_of_day(i).ok()?;
    at_boundary(rest).then_some((start..line.len() - rest.len(), at))
}

/// The first word that is a number of seconds, or of smaller units, since 1970.
fn counted(line: &[u8]) -> Place {
    let mut start = 0;
    if let Ok((rest, at)) = epoch::tai64n(line).or_else(|_| epoch::hexadecimal(line)) {
        return Some((0..line.len() - rest.len(), at));
    }
    while start < line.len().min(FAR) {
        let i = line.get(start..)?;
        let len = i
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'.')
            .count();
        let fresh = start == 0 || line.get(start - 1).is_some_and(|b| b" \t[(,|=".contains(b));
        if fresh
            && len >= 10
            && let Some(number) = i.get(..len).and_then(|n| std::str::from_utf8(n).ok())
            && i.get(len).is_none_or(|b| !b.is_ascii_alphanumeric())
            && let Some(at) = epoch::epoch(number)
        {
            return Some((start..start + len, at));
        }
        start += len.max(1);
    }
    None
}

/// `[   12.345678] ` at the front.
fn uptime(line: &[u8]) -> Place {
    let inner = line.strip_prefix(b"[")?;
    let padded = blank(inner);
    let start = line.len() - padded.len();
    let (rest, at) = time::uptime(padded).ok()?;
    let rest = rest.strip_prefix(b"s").unwrap_or(rest);
    rest.starts_with(b"]")
        .then_some((start..line.len() - rest.len(), at))
}

/// Learns how far into the lines their time stands, of which sort it is, and the
/// order of dates of numbers, which one line alone may leave open.
fn learn(head: &[u8]) -> Layout {
    let mut layout = Layout::default();
    let lines: Vec<&[u8]> = crate::cut::first_lines(head, LESSONS).collect();
    let stamped: Vec<(&[u8], usize)> = lines
        .iter()
        .filter_map(|l| dated(l, REACH, Order::Unknown).map(|(place, _)| (*l, place.start)))
        .collect();
    layout.dates = order(&stamped);
    layout.stamps.spelling = spelling(&lines, stamped.len());
    let indented = stamped.iter().filter(|(line, _)| indent(line) > 0).count();
    layout.stamps.indented = indented * 2 > stamped.len() || lines.len() == 1;
    layout.stamps.spaced = spaced(&lines);
    if layout.stamps.spelling == Spelling::Dated {
        layout.stamps.reach = reach(&stamped);
    }
    layout
}

/// Whether the numbers behind the times are milliseconds: nearly every line has one, and they
/// differ as no status and no process does.
fn spaced(lines: &[&[u8]]) -> bool {
    let times: Vec<_> = lines
        .iter()
        .filter_map(|l| dated(l, REACH, Order::Unknown).map(|(place, _)| (*l, place)))
        .collect();
    let mut numbers: Vec<i64> = times
        .iter()
        .filter_map(|(l, place)| millis(l, place))
        .collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    all >= 2 && all * 5 >= times.len() * 4 && numbers.len() * 3 >= all * 2
}

fn spelling(lines: &[&[u8]], dated: usize) -> Spelling {
    let count = |find: fn(&[u8]) -> Place| lines.iter().filter(|l| find(l).is_some()).count();
    let others = [
        (count(clock), Spelling::Clock),
        (count(uptime), Spelling::Uptime),
        (count(counted), Spelling::Epoch),
    ];
    others
        .into_iter()
        // The earlier of two equals: a time of day is surer than a long number.
        .rev()
        .max_by_key(|(n, _)| *n)
        .filter(|(n, _)| *n > dated)
        .map_or(Spelling::Dated, |(_, s)| s)
}

/// Where nearly all times begin, and some room for longer names before them. Times
/// further on are spoken of in lines that belong to an entry above.
fn reach(stamped: &[(&[u8], usize)]) -> usize {
    let mut starts: Vec<usize> = stamped.iter().map(|(_, start)| *start).collect();
    starts.sort_unstable();
    match starts.get(starts.len() * 8 / 10) {
        Some(0..=1) => 24,
        Some(most) => (most * 2 + 24).min(REACH),
        None => 0,
    }
}

/// The order in which the dates of the most lines exist; where that leaves
/// several, the likeliest for the first of them.
pub(super) fn order(stamped: &[(&[u8], usize)]) -> Order {
    let mut votes = [
        (Order::DayFirst, 0),
        (Order::MonthFirst, 0),
        (Order::YearFirst, 0),
    ];
    let mut first_guess = Order::Unknown;
    for (line, start) in stamped {
        let possible = date::orders(line.get(*start..).unwrap_or_default());
        if first_guess == Order::Unknown {
            first_guess = possible.first().copied().unwrap_or_default();
        }
        for vote in &mut votes {
            vote.1 += usize::from(possible.contains(&vote.0));
        }
    }
    let most = votes.iter().map(|v| v.1).max().unwrap_or(0);
    // The lines leave it open: what else is known of the file decides.
    if matches!(first_guess, Order::DayFirst | Order::MonthFirst)
        && votes.iter().take(2).all(|(_, n)| *n == most)
    {
        return Order::Unknown;
    }
    if most == 0 || votes.contains(&(first_guess, most)) {
        return first_guess;
    }
    votes
        .iter()
        .find(|v| v.1 == most)
        .map_or(Order::Unknown, |v| v.0)
}
