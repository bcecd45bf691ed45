//! Parts that stand without brackets: levels, numbers, programs, loggers.

use super::Preamble;
use super::leveled::{
    channel_level, leading_level, letter_and_tag, level_and_facility, level_and_pid,
    logger_and_level, of_channel,
};
use super::names::{is_dotted, is_identifier, is_module, is_number, program};
use crate::token::text::word;
use crate::token::{blank, level, served};

/// Numbers longer than this are not of a process.
const PROCESS: usize = 8;

/// Takes one word; what only some program writes comes before what is common.
pub(super) fn part<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (rest, token) = word(i).ok()?;
    if found.level.is_none()
        && let Some(rest) = leveled(i, token, rest, found)
    {
        return Some(rest);
    }
    // The status of a request that follows is no process: `500 PUT /seats`.
    if !(token.len() == 3 && served::begins(blank(rest))) && numbered(token, found) {
        return Some(rest);
    }
    if found.level.is_none() && level_and_pid(token, found).is_some() {
        return Some(rest);
    }
    if let Some(category) = category(token).filter(|_| found.level.is_some()) {
        found.logger = found.logger.or(Some(category));
        return Some(rest);
    }
    if let Some((program, pid)) = program(token) {
        (found.program, found.pid) = (Some(program), Some(pid));
        return Some(rest);
    }
    if found.logger.is_some() {
        return None;
    }
    if closed(token, found) {
        return Some(rest);
    }
    named(i, token, rest, found)
}

/// `Quay.Api.Berths[14]`: behind its level, .NET puts the class that logs and the event's number. No colon follows,
/// as it does a process.
fn category(token: &[u8]) -> Option<&[u8]> {
    let (name, _) = program(token)?;
    let class = name.first().is_some_and(u8::is_ascii_uppercase);
    (class && token.ends_with(b"]")).then_some(name)
}

/// A level, with or without what it is written together with.
fn leveled<'a>(
    i: &'a [u8],
    token: &'a [u8],
    rest: &'a [u8],
    found: &mut Preamble<'a>,
) -> Option<&'a [u8]> {
    if let Some(rest) = letter_and_tag(i, found) {
        return Some(rest);
    }
    if let Some((logger, level)) = logger_and_level(token) {
        (found.level, found.logger) = (Some(level), Some(logger));
        return Some(rest);
    }
    if let Some((level, facility)) = level_and_facility(token) {
        (found.level, found.logger) = (Some(level), Some(facility));
        return Some(rest);
    }
    // Before a class of .NET.
    let class = || word(blank(rest)).is_ok_and(|(_, next)| category(next).is_some());
    let level = token.strip_suffix(b":").and_then(level::dotnet);
    if let Some(level) = level.filter(|_| class()) {
        found.level = Some(level);
        return Some(rest);
    }
    if let Some((channel, level)) = channel_level(token) {
        found.level = Some(level);
        found.service = found.service.or_else(|| of_channel(channel));
        return Some(rest);
    }
    let (level, used) = leading_level(token, rest)?;
    found.level = Some(level);
    i.get(used..)
}

/// A process; and behind it, as logcat has it, a thread.
fn numbered<'a>(token: &'a [u8], found: &mut Preamble<'a>) -> bool {
    if !is_number(token) || token.len() > PROCESS {
        return false;
    }
    let place = if found.pid.is_none() && found.logger.is_none() {
        &mut found.pid
    } else if found.thread.is_none() && found.level.is_none() {
        &mut found.thread
    } else {
        return false;
    };
    *place = Some(token);
    true
}

/// What only a closing bracket ends. Ruby: `#77]  INFO -- : …`; Rust: `ERROR ledger::db] …`.
fn closed<'a>(token: &'a [u8], found: &mut Preamble<'a>) -> bool {
    let Some(inner) = token.strip_suffix(b"]") else {
        return false;
    };
    if let Some(pid) = inner.strip_prefix(b"#").filter(|p| is_number(p)) {
        found.pid = Some(pid);
        return true;
    }
    let module = found.level.is_some() && is_module(inner);
    if module {
        found.logger = Some(inner);
    }
    module
}

/// A logger or a program, ended by a colon or a dash.
fn named<'a>(
    i: &'a [u8],
    token: &'a [u8],
    rest: &'a [u8],
    found: &mut Preamble<'a>,
) -> Option<&'a [u8]> {
    let colon = token.strip_suffix(b":");
    let name = colon.unwrap_or(token);
    // Proxifier marks a process of 64 bits with `*64`.
    let marked = blank(rest).strip_prefix(b"*64").unwrap_or(rest);
    let dash = blank(marked).starts_with(b"- ") || blank(marked).starts_with(b": ");
    let named = is_dotted(name)
        || name.ends_with(b".exe")
        || (is_module(name) && name.contains(&b':'))
        || (is_identifier(name) && (colon.is_some() || dash));
    let certain = found.level.is_some() || (dash && colon.is_none());
    if !named || !certain {
        return None;
    }
    found.logger = Some(name);
    // The colon ends what is known: `ERROR a.b.C: message`.
    if colon.is_some() {
        return i.get(token.len() - 1..);
    }
    Some(marked)
}
