//! Words that hold a level together with something else, each as some program writes it.

use super::Preamble;
use super::names::{is_identifier, is_number};
use crate::record::Level;
use crate::token::change::{is_environment, is_staging};
use crate::token::text::until;
use crate::token::{blank, level};

/// `util.py[DEBUG]:`, as Python's programs write: a logger and its level.
pub(super) fn logger_and_level(token: &[u8]) -> Option<(&[u8], Level)> {
    let token = token.strip_suffix(b":").unwrap_or(token);
    let (name, word) = token.split_at_checked(token.iter().position(|b| *b == b'[')?)?;
    let word = word.strip_prefix(b"[")?.strip_suffix(b"]")?;
    is_identifier(name).then(|| Some((name, level::word(word)?)))?
}

/// `I/ActivityManager( 1234):`, as old Android writes: level, tag, process.
pub(super) fn letter_and_tag<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (letter, rest) = i.split_first()?;
    let level = level::letter(*letter)?;
    let (rest, tag) = until(b'(')(rest.strip_prefix(b"/")?).ok()?;
    let (rest, pid) = until(b')')(rest).ok()?;
    let (tag, pid) = (tag.trim_ascii(), pid.trim_ascii());
    let rest = rest.strip_prefix(b":")?;
    if !is_number(pid) || tag.contains(&b' ') {
        return None;
    }
    (found.level, found.logger, found.pid) = (Some(level), Some(tag), Some(pid));
    Some(rest)
}

/// A level at the front of a word, and the bytes that it takes with its punctuation.
pub(super) fn leading_level(token: &[u8], rest: &[u8]) -> Option<(Level, usize)> {
    let letters = token
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let (name, after) = token.split_at_checked(letters)?;
    let shouted = name.iter().all(|b| !b.is_ascii_lowercase());
    let ends = matches!(after, b"" | b":" | b"," | b"]" | b"|" | b":]" | b";");
    // Telegraf: `E! [inputs.disk] …`
    if let (b"!", &[letter]) = (after, name) {
        return level::letter(letter).map(|l| (l, 2));
    }
    if let (true, &[letter]) = (after.is_empty() && blank(rest).len() < rest.len(), name) {
        // `I CONTROL [main] …`, `E Tag: …`
        // `W | etcdserver: …`, `E [rpc.c:346:unwind] …`
        let next = blank(rest).first()?;
        return (next.is_ascii_uppercase() || b"|[".contains(next))
            .then(|| level::letter(letter))?
            .map(|l| (l, 1));
    }
    let level = if shouted {
        level::word(name)
    } else {
        level::plain_word(name)
    }?;
    (ends || (shouted && after.starts_with(b":")))
        .then_some((level, letters + usize::from(ends) * after.len()))
}

/// Channels of Monolog that are parts of any program: of Symfony's bundles, of frameworks, of what people put apart.
#[rustfmt::skip]
const CHANNELS: &[&str] = &[
    "api", "app", "application", "asset_mapper", "audit", "cache", "channel", "cli", "console", "cron", "daily", "db",
    "debug", "default", "deprecation", "doctrine", "emergency", "error", "errors", "event", "events", "http", "http_client",
    "job", "jobs", "laravel", "local", "lock", "log", "logger", "mailer", "main", "messenger", "monolog", "name", "performance",
    "php", "profiler", "queue", "request", "router", "scheduler", "security", "single", "slack", "slim", "slim-app", "sql", "stack",
    "stderr", "stdout", "system", "template_engine", "translation", "web", "worker", "workflow",
];

/// The service of a channel: one that is neither a part of any program nor, as Laravel has it, an environment.
pub(super) fn of_channel(channel: &[u8]) -> Option<&[u8]> {
    let name = std::str::from_utf8(channel).ok()?;
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let known = CHANNELS.contains(&name) || is_environment(name) || is_staging(name);
    (begins && !known && name.len() > 2 && !name.contains(['.', '\\', '/', ':', '#']))
        .then_some(channel)
}

/// `production.ERROR:`, as Monolog writes: the channel and the level.
pub(super) fn channel_level(token: &[u8]) -> Option<(&[u8], Level)> {
    let token = token.strip_suffix(b":")?;
    let dot = token.iter().rposition(|b| *b == b'.')?;
    let (channel, word) = (token.get(..dot)?, token.get(dot + 1..)?);
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    (shouted && is_identifier(channel)).then(|| Some((channel, level::word(word)?)))?
}

/// `warning/Scheduler:`, as Icinga writes.
pub(super) fn level_and_facility(token: &[u8]) -> Option<(Level, &[u8])> {
    let token = token.strip_suffix(b":")?;
    let slash = token.iter().position(|b| *b == b'/')?;
    let (level, facility) = token.split_at_checked(slash)?;
    let facility = facility.get(1..).filter(|f| is_identifier(f))?;
    Some((level::word(level)?, facility))
}

/// Asterisk's `WARNING[4117]` and `ERROR[4117][C-0000002a]:`, ZoneMinder's `web_php[4117].ERR`.
pub(super) fn level_and_pid<'a>(token: &'a [u8], found: &mut Preamble<'a>) -> Option<()> {
    let (name, rest) = token.split_at_checked(token.iter().position(|b| *b == b'[')?)?;
    let (after, pid) = until(b']')(rest.get(1..)?).ok()?;
    let (word, program) = match after.strip_prefix(b".") {
        Some(word) => (word, Some(name)),
        None => (name, None),
    };
    if !is_number(pid) || !word.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    (found.level, found.pid) = (Some(level::word(word)?), Some(pid));
    found.program = program;
    Some(())
}
