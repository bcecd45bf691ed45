//! What stands between the time and the message: level, thread, logger, process,
//! in whatever order and dress a layout puts them.

mod enclosed;
mod leveled;
mod names;
mod plain;
#[cfg(test)]
mod tests;

use super::text::{text, until};
use super::{blank, level};
use crate::record::{Level, Record, field};
pub use names::{is_dotted, trailing_logger};
use names::{is_identifier, is_number};

/// The parts found, and what follows them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Preamble<'a> {
    /// Severity.
    pub level: Option<Level>,
    /// Thread or worker.
    pub thread: Option<&'a [u8]>,
    /// Logger, class or module.
    pub logger: Option<&'a [u8]>,
    /// Program, where it is written `name[pid]:`.
    pub program: Option<&'a [u8]>,
    /// Process id.
    pub pid: Option<&'a [u8]>,
    /// Program, where it stands with the trace.
    pub service: Option<&'a [u8]>,
    /// Id of the request or trace.
    pub request: Option<&'a [u8]>,
    /// The message.
    pub message: &'a [u8],
}

/// Parts that are looked at, at most.
const PARTS: usize = 9;

/// Reads the preamble of the text behind a time.
#[must_use]
pub fn preamble(i: &[u8]) -> Preamble<'_> {
    let mut found = Preamble {
        message: i,
        ..Preamble::default()
    };
    for _ in 0..PARTS {
        let ruby = blank(found.message).starts_with(b"-- :");
        let (rest, ended) = separator(found.message);
        let between = found.message.len() - rest.len();
        let piped = found.message.iter().take(between).any(|b| *b == b'|');
        found.message = rest;
        if piped && let Some(after) = column(rest, &mut found) {
            found.message = after;
            continue;
        }
        if (ended && found.logger.is_some() && found.level.is_some()) || found.program.is_some() {
            break;
        }
        if ruby && found.level.is_some() && found.pid.is_some() {
            found.message = tags(rest, &mut found);
            break;
        }
        let ruled = found.level.is_some() && found.thread.is_none();
        if ended
            && ruled
            && let Some((after, name)) = application(rest)
        {
            found.service = found.service.or(Some(name));
            found.message = after;
            continue;
        }
        let Some(rest) = part(rest, &mut found) else {
            break;
        };
        found.message = rest;
    }
    if let Some((rest, id)) = enclosed::leading_id(found.message)
        && found.request.is_none()
        && found.level.is_some()
        && found.logger.is_some()
    {
        (found.request, found.message) = (Some(id), blank(rest));
    }
    found
}

/// What Ruby's loggers say behind their rule, without the tags before it: `INFO -- : [5d0c66e91a42] [till] KeyError (…)`.
fn tags<'a>(mut i: &'a [u8], found: &mut Preamble<'a>) -> &'a [u8] {
    while i.starts_with(b"[") {
        let id = enclosed::leading_id(i).filter(|(_, id)| is_mixed(id));
        i = match (id, found.request) {
            (Some((rest, id)), None) => {
                found.request = Some(id);
                blank(rest)
            }
            _ => match part(i, found) {
                Some(rest) => blank(rest),
                None => break,
            },
        };
    }
    i
}

/// Digits and letters, as ids have them: digits alone may be a process.
fn is_mixed(id: &[u8]) -> bool {
    id.len() > 8 && id.iter().any(u8::is_ascii_digit) && id.iter().any(u8::is_ascii_alphabetic)
}

/// `StepCounter|30002312|`: columns between bars, each a process, a level or a module; what
/// follows begins with the bar that ends it.
fn column<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (_, name) = until(b'|')(i).ok()?;
    let rest = i.get(name.len()..);
    if is_number(name) && found.pid.is_none() {
        found.pid = Some(name);
    } else if let (Some(level), None) = (level::word(name), found.level) {
        found.level = Some(level);
    } else if is_identifier(name) && found.logger.is_none() {
        found.logger = Some(name);
    } else {
        return None;
    }
    rest
}

/// `[basket] [nio-8080-exec-7]`: behind its rule, Spring Boot puts the application before the
/// thread if it has a name.
fn application(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, name) = until(b']')(i.strip_prefix(b"[")?).ok()?;
    (is_identifier(name) && rest.starts_with(b" [")).then_some((rest, name))
}

impl<'a> Preamble<'a> {
    /// Files the parts in `record`, as far as it does not have them yet.
    pub fn file(&self, record: &mut Record<'a>) {
        record.level = record.level.or(self.level);
        if let (None, Some(program)) = (&record.service, self.program.or(self.service)) {
            record.service = Some(text(program));
        }
        let named = [
            (field::LOGGER, self.logger),
            ("thread", self.thread),
            ("pid", self.pid),
            (field::REQUEST_ID, self.request),
        ];
        for (name, value) in named {
            if let (None, Some(value)) = (record.fields.get(name), value) {
                record.fields.push(name, value);
            }
        }
    }
}

/// Skips blanks and free-standing separators; whether there was one of these.
fn separator(i: &[u8]) -> (&[u8], bool) {
    let mut rest = blank(i);
    let mut any = false;
    loop {
        if !matches!(rest.first(), Some(b'-' | b'|' | b':' | b',')) {
            return (rest, any);
        }
        let marks = [&b"---"[..], b"--", b"-", b"|", b":", b","];
        let after = marks.iter().find_map(|m| rest.strip_prefix(*m));
        match after {
            Some(after)
                if after.first().is_none_or(|b| b" \t[".contains(b)) || rest.starts_with(b"|") =>
            {
                rest = blank(after);
                any = true;
            }
            _ => return (rest, any),
        }
    }
}

/// Takes one part off the front of `i`; `None` where the message begins.
fn part<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    match i.first()? {
        b'[' => enclosed::part(i, b']', found),
        b'(' => enclosed::part(i, b')', found),
        b'<' => enclosed::part(i, b'>', found),
        _ => plain::part(i, found),
    }
}
