//! Python's `logging` in its usual layouts, gunicorn's and celery's among them, with tracebacks.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::text::{bracketed, byte, first_line, message_from, until, word};
use crate::token::{Found, NOT, blank, level, named, time, trace};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "python-logging",
    title: "Python logging (and gunicorn, celery)",
    reference: "https://docs.python.org/3/library/logging.html#logrecord-attributes",
    cut: Cut::Line,
    specificity: 25,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'[')
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/python-logging/input.log"),
};

/// What a layout says before the message.
struct Said<'a> {
    at: Option<Reading>,
    level: Level,
    logger: Option<&'a [u8]>,
    pid: Option<&'a [u8]>,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let (rest, said) = dashed(line)
        .or_else(|_| bracketed_parts(line))
        .or_else(|_| celery(line))
        .or_else(|_| levelled(line))
        .or_else(|_| basic(line))
        .ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = said.at;
    record.level = Some(said.level);
    record
        .fields
        .push_known([(field::LOGGER, said.logger), ("pid", said.pid)]);
    if let Some(class) = trace::error_class(more) {
        record.fields.push(field::ERROR, class);
    }
    named::gather(&mut record);
    out.push(record);
    Some(())
}

/// `2024-01-19 10:30:02,118 - ledger.db - ERROR - message`.
fn dashed(i: &[u8]) -> Found<'_, Said<'_>> {
    let dash = |i| until(b'-')(i).map(|(rest, part): (&[u8], &[u8])| (rest, part.trim_ascii()));
    let (rest, at) = time::iso(i)?;
    let (rest, nothing) = dash(rest)?;
    let (rest, (name, level)) = match level::level(blank(rest)) {
        // The logger and the level may also stand the other way round.
        Ok((after, level)) => {
            let (after, _) = dash(after)?;
            let (rest, name) = dash(after)?;
            (rest, (name, level))
        }
        Err(_) => {
            let (after, name) = until_dash(blank(rest))?;
            let (after, level) = level::level(blank(after))?;
            let (rest, nothing) = dash(after)?;
            if !nothing.is_empty() {
                return Err(NOT);
            }
            (rest, (name, level))
        }
    };
    if !nothing.is_empty() || !is_logger(name) {
        return Err(NOT);
    }
    let (at, logger) = (Some(at), Some(name));
    Ok((
        rest,
        Said {
            at,
            level,
            logger,
            pid: None,
        },
    ))
}

/// A name and the free-standing dash behind it; the name may hold dashes.
fn until_dash(i: &[u8]) -> Found<'_, &[u8]> {
    let at = memchr::memmem::find(i, b" - ").ok_or(NOT)?;
    let (name, rest) = i.split_at_checked(at).ok_or(NOT)?;
    Ok((rest.get(3..).unwrap_or_default(), name))
}

/// `[2024-01-19 10:30:02 +0000] [77] [ERROR] message`.
fn bracketed_parts(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, ()) = byte(b'[')(i)?;
    let (rest, at) = time::iso(rest)?;
    let (rest, ()) = byte(b']')(rest)?;
    let (rest, pid) = bracketed(blank(rest))?;
    let (rest, word) = bracketed(blank(rest))?;
    let level = level::word(word.trim_ascii()).ok_or(NOT)?;
    if !pid.iter().all(u8::is_ascii_digit) {
        return Err(NOT);
    }
    let (at, pid) = (Some(at), Some(pid));
    Ok((
        rest,
        Said {
            at,
            level,
            logger: None,
            pid,
        },
    ))
}

/// `[2024-01-19 10:30:02,118: ERROR/ForkPoolWorker-2] message`.
fn celery(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, ()) = byte(b'[')(i)?;
    let (rest, at) = time::iso(rest)?;
    let (rest, ()) = byte(b':')(rest)?;
    let (rest, level) = level::level(blank(rest))?;
    let (rest, ()) = byte(b'/')(rest)?;
    let (rest, worker) = until(b']')(rest)?;
    let (at, logger) = (Some(at), Some(worker));
    Ok((
        rest,
        Said {
            at,
            level,
            logger,
            pid: None,
        },
    ))
}

/// `2024-01-19 10:30:02,118 ERROR ledger.db: message` and `… [ERROR] ledger.db: message`,
/// with a process or a database between, as odoo has them.
fn levelled(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::iso(i)?;
    let rest = blank(rest);
    let (rest, pid) = match word(rest) {
        Ok((after, pid)) if pid.iter().all(u8::is_ascii_digit) => (blank(after), Some(pid)),
        _ => (rest, None),
    };
    let opened = rest.strip_prefix(b"[");
    let (rest, level) = level::level(opened.unwrap_or(rest))?;
    let rest = match opened {
        Some(_) => byte(b']')(rest)?.0,
        None => rest,
    };
    let (mut rest, mut name) = word(blank(rest))?;
    if !name.ends_with(b":") && pid.is_some() {
        (rest, name) = word(blank(rest))?;
    }
    let logger = name
        .strip_suffix(b":")
        .filter(|n| is_logger(n))
        .ok_or(NOT)?;
    let (at, logger) = (Some(at), Some(logger));
    Ok((
        rest,
        Said {
            at,
            level,
            logger,
            pid,
        },
    ))
}

/// The layout of `basicConfig`, without a time: `ERROR:ledger.db:message`.
fn basic(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, name) = until(b':')(i)?;
    let shouted = matches!(
        name,
        b"DEBUG" | b"INFO" | b"WARNING" | b"ERROR" | b"CRITICAL"
    );
    let level = level::word(name).filter(|_| shouted).ok_or(NOT)?;
    let (rest, logger) = until(b':')(rest)?;
    if !is_logger(logger) {
        return Err(NOT);
    }
    let logger = Some(logger);
    Ok((
        rest,
        Said {
            at: None,
            level,
            logger,
            pid: None,
        },
    ))
}

/// A dotted module path.
fn is_logger(name: &[u8]) -> bool {
    name.first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && name.len() <= 80
        && name
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(b))
}
