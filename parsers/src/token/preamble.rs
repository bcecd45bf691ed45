//! What stands between the time and the message: level, thread, logger, process,
//! in whatever order and dress a layout puts them.

use super::text::{text, until, word};
use super::{blank, level};
use crate::record::{Level, Record, field};
use std::borrow::Cow;

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
        let ruled = found.level.is_some() && found.thread.is_none();
        if let Some((after, name)) = application(rest).filter(|_| ended && ruled) {
            found.service = found.service.or(Some(name));
            found.message = after;
            continue;
        }
        let Some(rest) = part(rest, &mut found) else {
            break;
        };
        found.message = rest;
    }
    found
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
        b'[' => enclosed(i, b']', found),
        b'(' => enclosed(i, b')', found),
        b'<' => enclosed(i, b'>', found),
        _ => plain(i, found),
    }
}

fn enclosed<'a>(i: &'a [u8], end: u8, found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (mut rest, mut inner) = until(end)(i.get(1..)?).ok()?;
    // Names of threads and peers may hold brackets themselves: `[QuorumPeer[myid=1]/…]`.
    if end == b']' && inner.contains(&b'[') {
        let (after, more) = until(b']')(rest).ok()?;
        inner = i.get(1..1 + inner.len() + 1 + more.len())?;
        rest = after;
    }
    let inner = inner.trim_ascii();
    if end == b']'
        && found.request.is_none()
        && let Some((service, id)) = traced(inner)
    {
        found.request = (!id.is_empty()).then_some(id);
        found.service = found.service.or(service.filter(|s| !s.is_empty()));
        return Some(rest);
    }
    if inner.is_empty() {
        // A layout's place for what this entry does not have.
    } else if let (None, Some(level)) = (found.level, level::word(inner)) {
        found.level = Some(level);
    } else if let (None, Some((thread, level))) = (found.level, thread_and_level(inner)) {
        (found.level, found.thread) = (Some(level), found.thread.or(Some(thread)));
        // Minecraft: the colon ends what is known.
        rest = rest.strip_prefix(b":").unwrap_or(rest);
    } else if is_number(inner) && found.pid.is_none() {
        found.pid = Some(inner);
    } else if end == b']' && found.logger.is_none() && is_dotted(inner) {
        found.logger = Some(inner);
    } else if found.thread.is_none() && found.level.is_some() | (end == b']') && inner.len() <= 80 {
        found.thread = Some(inner);
    } else {
        return None;
    }
    Some(rest)
}

/// What Spring Cloud Sleuth puts in brackets, `basket,4f1c2b1a…,9a5e1b2c…` with or without a
/// fourth part, Micrometer's `4f1c2b1a…-9a5e1b2c…`, or a UUID: the program and the request.
fn traced(inner: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let hex =
        |i: &[u8], len: &[usize]| len.contains(&i.len()) && i.iter().all(u8::is_ascii_hexdigit);
    let commas: Vec<&[u8]> = inner.split(|b| *b == b',').take(5).collect();
    match commas.as_slice() {
        [service, trace, span] | [service, trace, span, _]
            if (is_identifier(service) || service.is_empty())
                && (hex(trace, &[16, 32]) && hex(span, &[16])
                    || (trace.is_empty() && span.is_empty())) =>
        {
            return Some((Some(*service), *trace));
        }
        _ => {}
    }
    let dashes: Vec<&[u8]> = inner.split(|b| *b == b'-').take(6).collect();
    match dashes.as_slice() {
        [trace, span] if hex(trace, &[32]) && hex(span, &[16]) => Some((None, *trace)),
        [a, b, c, d, e]
            if hex(a, &[8]) && [b, c, d].iter().all(|p| hex(p, &[4])) && hex(e, &[12]) =>
        {
            Some((None, inner))
        }
        _ => None,
    }
}

fn plain<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (rest, token) = word(i).ok()?;
    if found.level.is_none()
        && let Some(rest) = letter_and_tag(i, found)
    {
        return Some(rest);
    }
    if let (None, Some((logger, level))) = (found.level, logger_and_level(token)) {
        (found.level, found.logger) = (Some(level), Some(logger));
        return Some(rest);
    }
    if found.level.is_none()
        && let Some((level, facility)) = level_and_facility(token)
    {
        (found.level, found.logger) = (Some(level), Some(facility));
        return Some(rest);
    }
    if found.level.is_none()
        && let Some(level) = channel_level(token)
    {
        found.level = Some(level);
        return Some(rest);
    }
    if found.level.is_none()
        && let Some((level, used)) = leading_level(token, rest)
    {
        found.level = Some(level);
        return i.get(used..);
    }
    if is_number(token) && token.len() <= 8 && found.pid.is_none() && found.logger.is_none() {
        found.pid = Some(token);
        return Some(rest);
    }
    if is_number(token) && token.len() <= 8 && found.thread.is_none() && found.level.is_none() {
        found.thread = Some(token); // logcat: process, thread, level
        return Some(rest);
    }
    if found.level.is_none() && level_and_pid(token, found).is_some() {
        return Some(rest);
    }
    if let Some((program, pid)) = program(token) {
        found.program = Some(program);
        found.pid = Some(pid);
        return Some(rest);
    }
    if found.logger.is_some() {
        return None;
    }
    // Ruby: `#77]  INFO -- : …`; Rust: `ERROR ledger::db] …`.
    if let Some(pid) = token.strip_prefix(b"#").and_then(|t| t.strip_suffix(b"]"))
        && is_number(pid)
    {
        found.pid = Some(pid);
        return Some(rest);
    }
    if let Some(module) = token.strip_suffix(b"]")
        && found.level.is_some()
        && is_module(module)
    {
        found.logger = Some(module);
        return Some(rest);
    }
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
    if named && certain {
        found.logger = Some(name);
        // The colon ends what is known: `ERROR a.b.C: message`.
        return Some(if colon.is_some() {
            i.get(token.len() - 1..)?
        } else {
            marked
        });
    }
    None
}

/// `Server thread/WARN`, the last part shouted.
fn thread_and_level(inner: &[u8]) -> Option<(&[u8], Level)> {
    let slash = inner.iter().rposition(|b| *b == b'/')?;
    let (thread, word) = inner.split_at_checked(slash)?;
    let word = word.get(1..)?;
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    (shouted && !thread.is_empty()).then(|| Some((thread, level::word(word)?)))?
}

/// `util.py[DEBUG]:`, as Python's programs write: a logger and its level.
fn logger_and_level(token: &[u8]) -> Option<(&[u8], Level)> {
    let token = token.strip_suffix(b":").unwrap_or(token);
    let (name, word) = token.split_at_checked(token.iter().position(|b| *b == b'[')?)?;
    let word = word.strip_prefix(b"[")?.strip_suffix(b"]")?;
    is_identifier(name).then(|| Some((name, level::word(word)?)))?
}

/// `I/ActivityManager( 1234):`, as old Android writes: level, tag, process.
fn letter_and_tag<'a>(i: &'a [u8], found: &mut Preamble<'a>) -> Option<&'a [u8]> {
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
fn leading_level(token: &[u8], rest: &[u8]) -> Option<(Level, usize)> {
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

/// `production.ERROR:`, as Monolog writes.
fn channel_level(token: &[u8]) -> Option<Level> {
    let token = token.strip_suffix(b":")?;
    let dot = token.iter().rposition(|b| *b == b'.')?;
    let (channel, word) = (token.get(..dot)?, token.get(dot + 1..)?);
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    (shouted && is_identifier(channel)).then(|| level::word(word))?
}

/// `warning/Scheduler:`, as Icinga writes.
fn level_and_facility(token: &[u8]) -> Option<(Level, &[u8])> {
    let token = token.strip_suffix(b":")?;
    let slash = token.iter().position(|b| *b == b'/')?;
    let (level, facility) = token.split_at_checked(slash)?;
    let facility = facility.get(1..).filter(|f| is_identifier(f))?;
    Some((level::word(level)?, facility))
}

/// Asterisk's `WARNING[4117]` and `ERROR[4117][C-0000002a]:`, ZoneMinder's `web_php[4117].ERR`.
fn level_and_pid<'a>(token: &'a [u8], found: &mut Preamble<'a>) -> Option<()> {
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

/// `name[123]:` or `name[123]`.
fn program(token: &[u8]) -> Option<(&[u8], &[u8])> {
    let token = token.strip_suffix(b":").unwrap_or(token);
    let open = token.iter().position(|b| *b == b'[')?;
    let (name, pid) = token.split_at_checked(open)?;
    let pid = pid.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let fits = is_identifier(name) && is_number(pid);
    fits.then_some((name, pid))
}

fn is_number(i: &[u8]) -> bool {
    !i.is_empty() && i.iter().all(u8::is_ascii_digit)
}

fn is_identifier(i: &[u8]) -> bool {
    i.first().is_some_and(u8::is_ascii_alphabetic)
        && i.len() <= 80
        && i.iter()
            .all(|b| b.is_ascii_alphanumeric() || b"._-/$".contains(b))
}

/// `ledger::db`: letters, with `::` between.
fn is_module(i: &[u8]) -> bool {
    i.first().is_some_and(u8::is_ascii_alphabetic)
        && i.split(|b| *b == b':').count() % 2 == 1
        && i.iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_:".contains(b))
}

/// `org.example.Ledger`, `o.e.c.Ledger:118`, `ledger.py:30`: a name of several parts.
#[must_use]
pub fn is_dotted(i: &[u8]) -> bool {
    let name = match i.iter().rposition(|b| *b == b':') {
        Some(n) if i.get(n + 1..).is_some_and(is_number) => i.get(..n).unwrap_or_default(),
        _ => i,
    };
    is_identifier(name)
        && name.contains(&b'.')
        && !name.ends_with(b".")
        && memchr::memmem::find(name, b"..").is_none()
}

/// A logger in brackets at the end of a message, as Kafka's layout has it:
/// `started (kafka.server.KafkaServer)`.
#[must_use]
pub fn trailing_logger(message: &[u8]) -> Option<&[u8]> {
    let inner = message.trim_ascii_end().strip_suffix(b")")?;
    let open = inner.iter().rposition(|b| *b == b'(')?;
    let name = inner.get(open + 1..)?;
    (is_dotted(name) && inner.get(..open)?.ends_with(b" ")).then_some(name)
}

/// The rest of an entry as its message: from `rest`, a slice of its first line, to its end.
#[must_use]
pub fn message_from<'a>(entry: &'a [u8], rest: &'a [u8]) -> Cow<'a, str> {
    let (line, more) = super::text::first_line(entry);
    let skipped = line.len().saturating_sub(rest.len());
    if more.is_empty() {
        return text(rest.trim_ascii_end());
    }
    let whole = entry.get(skipped..).unwrap_or_default();
    text(whole.trim_ascii_end().trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(s: &'static str) -> (Option<&'static str>, String, String, &'static str) {
        let p = preamble(s.as_bytes());
        let show = |o: Option<&[u8]>| o.map_or_else(String::new, |b| text(b).into_owned());
        (
            p.level.map(Level::name),
            show(p.logger),
            show(p.thread),
            std::str::from_utf8(p.message).expect("ASCII"),
        )
    }

    #[test]
    fn layouts() {
        for (line, level, logger, thread, message) in [
            (
                " INFO [main] com.example.Ledger: ready",
                "info",
                "com.example.Ledger",
                "main",
                "ready",
            ),
            (
                " [main] INFO  c.e.Ledger - ready: now",
                "info",
                "c.e.Ledger",
                "main",
                "ready: now",
            ),
            (
                "  WARN 7 --- [nio-8080-1] c.e.Ledger   : slow",
                "warn",
                "c.e.Ledger",
                "nio-8080-1",
                "slow",
            ),
            (
                " - ledger - ERROR - it broke",
                "error",
                "ledger",
                "",
                "it broke",
            ),
            (" [7] [ERROR] it broke", "error", "", "", "it broke"),
            (
                " ERROR ledger.db: it broke",
                "error",
                "ledger.db",
                "",
                "it broke",
            ),
            (
                " [INFO ][o.e.n.Node] [node-1] started",
                "info",
                "o.e.n.Node",
                "node-1",
                "started",
            ),
            (
                " I NETWORK  [conn7] end",
                "info",
                "",
                "",
                "NETWORK  [conn7] end",
            ),
            (" warning/Scheduler: late", "warn", "Scheduler", "", "late"),
            (
                "  1702  2395 D ViewRoot: drawn",
                "debug",
                "ViewRoot",
                "2395",
                "drawn",
            ),
            (" ERROR ledger::db: lost", "error", "ledger::db", "", "lost"),
            (" production.ERROR: lost", "error", "", "", "lost"),
            (" nothing of that", "", "", "", "nothing of that"),
            (" 10 users left", "", "", "", "users left"),
            (
                " [Server thread/WARN]: late",
                "warn",
                "",
                "Server thread",
                "late",
            ),
            (" - util.py[DEBUG]: read", "debug", "util.py", "", "read"),
            (
                "] sync.exe *64 - lost peer",
                "",
                "",
                "",
                "] sync.exe *64 - lost peer",
            ),
            (" sync.exe *64 - lost peer", "", "sync.exe", "", "lost peer"),
            (" 7zip.exe - lost peer", "", "7zip.exe", "", "lost peer"),
            ("|Meter|77|read a|b", "", "Meter", "", "read a|b"),
            (
                " D/dalvikvm( 1702): freed",
                "debug",
                "dalvikvm",
                "",
                "freed",
            ),
            (" W | etcdserver: slow", "warn", "etcdserver", "", "slow"),
            (" E! lost", "error", "", "", "lost"),
            (" NOTICE[7][C-1] lost", "info", "", "", "lost"),
            (" : Info: ready", "info", "", "", "ready"),
        ] {
            let level = (!level.is_empty()).then_some(level);
            let want = (level, logger.to_owned(), thread.to_owned(), message);
            assert_eq!(read(line), want, "{line}");
        }
    }

    #[test]
    fn loggers_at_the_end() {
        assert_eq!(trailing_logger(b"up (a.b.C)"), Some(&b"a.b.C"[..]));
        assert_eq!(trailing_logger(b"call f(a.b)"), None);
    }
}
