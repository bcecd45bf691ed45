//! WebLogic Server: `####<time> <severity> <subsystem> <machine> <server> <thread> <user> …
//! <message id> <message>`, and the shorter lines of its standard output.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::{Reading, When};
use crate::token::text::{first_line, text};
use crate::token::{blank, epoch, level, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "weblogic",
    title: "Oracle WebLogic Server log",
    reference: "https://docs.oracle.com/en/middleware/standalone/weblogic-server/14.1.1.0/wllog/logging_services.html",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.starts_with(b"####<") || i.starts_with(b"<"),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/weblogic/input.log"),
};

/// Parts before the message, at most.
const PARTS: usize = 14;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let server = line.starts_with(b"####");
    let parts = parts(entry.strip_prefix(b"####").unwrap_or(entry));
    let [stamp, severity, subsystem, about @ ..] = parts.as_slice() else {
        return None;
    };
    let level = severity_of(severity)?;
    let id = about.iter().position(|p| is_message_id(p));
    // The standard output may leave the message id out, the log never does.
    if (server && about.len() < 6) || (!server && id.is_none() && about.len() > 1) {
        return None;
    }
    let counted = about.iter().find_map(|p| whole_millis(p));
    let at = date(stamp);
    let at = match (at, counted) {
        // The count says which zone an abbreviation or its absence stands for, and what a
        // date in words of another language says.
        (Some(at), Some(counted)) if !matches!(at.when, When::Instant(_)) => counted,
        (None, counted) => counted?,
        (Some(at), _) => at,
    };
    let message = match id {
        Some(n) => about.get(n + 1..)?.first(),
        None => about.last(),
    };
    let message = message.copied().unwrap_or(line).trim_ascii();
    let mut record = Record::new(Kind::Log, text(message));
    record.at = Some(at);
    record.level = Some(level);
    record.fields.push(field::LOGGER, *subsystem);
    if server {
        origin(&mut record, about);
    }
    if let Some(id) = id.and_then(|n| about.get(n)) {
        record.fields.push("code", *id);
    }
    if let Some(class) = trace::error_class(more) {
        record.fields.push(field::ERROR, class);
    }
    out.push(record);
    Some(())
}

/// `<machine> <server> <thread> <user> <transaction> <context>`
fn origin<'a>(record: &mut Record<'a>, about: &[&'a [u8]]) {
    let given = |n: usize| about.get(n).copied().filter(|p| !p.is_empty());
    record.host = given(0).map(text);
    record.fields.push_known([
        ("server", given(1)),
        ("thread", given(2)),
        (field::USER, given(3).filter(|u| !u.starts_with(b"<"))),
        ("transaction", given(4)),
        (field::REQUEST_ID, given(5)),
    ]);
}

/// What stands between angle brackets, which nest (`<<anonymous>>`) and hold messages of
/// several lines. The last one may be unfinished: the first line of an entry is.
fn parts(i: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut rest): (Vec<&[u8]>, &[u8]) = (Vec::new(), blank(i));
    while found.len() < PARTS {
        let Some(inner) = rest.strip_prefix(b"<") else {
            break;
        };
        let last = found.last().is_some_and(|p| is_message_id(p));
        let len = if last {
            closing(inner)
        } else {
            matching(inner)
        };
        match len.and_then(|n| Some((inner.get(..n)?, inner.get(n + 1..)?))) {
            Some((part, behind)) => {
                found.push(part);
                rest = blank(behind);
            }
            None => {
                found.push(inner);
                break;
            }
        }
    }
    found
}

/// Where the bracket ends that is already open.
fn matching(i: &[u8]) -> Option<usize> {
    let mut depth = 1usize;
    for (n, byte) in i.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(n);
        }
    }
    None
}

/// A message ends with the entry, whatever brackets it holds.
fn closing(i: &[u8]) -> Option<usize> {
    let said = i.trim_ascii_end();
    said.ends_with(b">").then(|| said.len() - 1)
}

fn severity_of(word: &[u8]) -> Option<Level> {
    match word {
        b"Emergency" | b"Alert" | b"Critical" | b"Error" | b"Warning" | b"Notice" | b"Info"
        | b"Debug" | b"Trace" => level::word(word),
        _ => None,
    }
}

/// `BEA-000365`
fn is_message_id(part: &[u8]) -> bool {
    part.iter().position(|b| *b == b'-').is_some_and(|dash| {
        let (product, number) = part.split_at(dash);
        (2..=6).contains(&product.len())
            && product.iter().all(u8::is_ascii_uppercase)
            && number.len() == 7
            && number.iter().skip(1).all(u8::is_ascii_digit)
    })
}

/// Milliseconds since 1970, a part of their own.
fn whole_millis(part: &[u8]) -> Option<Reading> {
    let digits = part.len() == 13 && part.iter().all(u8::is_ascii_digit);
    digits.then(|| epoch::epoch(std::str::from_utf8(part).ok()?))?
}

/// `Jan 19, 2024 10:30:02,118 AM UTC`, `Jan 19, 2024, 10:30:02 PM Coordinated Universal Time`.
fn date(part: &[u8]) -> Option<Reading> {
    let (rest, at) = time::rfc3164(part)
        .or_else(|_| time::day_month(part))
        .or_else(|_| time::iso(part))
        .ok()?;
    match blank(rest) {
        b"Coordinated Universal Time" | b"Greenwich Mean Time" => Some(at.at_offset(0)),
        _ => Some(at),
    }
}
