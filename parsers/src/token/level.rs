//! Severity words and numbers.

use super::{Found, NOT, at_boundary};
use crate::record::Level;

/// The level that a word names, in any case; `None` for other words.
#[must_use]
pub fn word(word: &[u8]) -> Option<Level> {
    let mut lower = [0u8; 13];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"trace" | b"trc" | b"trac" | b"finest" | b"finer" | b"verbose" | b"vrb" => Level::Trace,
        b"debug" | b"dbg" | b"debg" | b"debu" | b"fine" | b"debug1" | b"debug2" | b"debug3"
        | b"debug4" | b"debug5" => Level::Debug,
        b"info" | b"inf" | b"information" | b"informational" | b"notice" | b"note" | b"ntc"
        | b"notic" | b"log" | b"system" => Level::Info,
        b"warn" | b"wrn" | b"warning" | b"warni" => Level::Warn,
        b"error" | b"err" | b"eror" | b"erro" | b"erorr" | b"severe" | b"failure" => Level::Error,
        b"fatal" | b"ftl" | b"fata" | b"critical" | b"crit" | b"crt" | b"alert" | b"emerg"
        | b"emergency" | b"panic" | b"pnc" | b"dpanic" | b"disaster" => Level::Fatal,
        _ => return None,
    })
}

/// The levels of .NET's console, four letters each: `fail` and `trce` name one only there.
#[must_use]
pub fn dotnet(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"trce" => Level::Trace,
        b"dbug" => Level::Debug,
        b"info" => Level::Info,
        b"warn" => Level::Warn,
        b"fail" => Level::Error,
        b"crit" => Level::Fatal,
        _ => return None,
    })
}

/// As [`word`], without the words that are also ordinary ones (`log`, `fine`,
/// `note`, `system`, `alert` …): for places where a level is likely, not certain.
#[must_use]
pub fn plain_word(bytes: &[u8]) -> Option<Level> {
    let ordinary: &[&[u8]] = &[
        b"log",
        b"fine",
        b"finer",
        b"finest",
        b"note",
        b"system",
        b"alert",
        b"failure",
        b"disaster",
        b"information",
        b"notice",
        b"trace",
        b"verbose",
    ];
    let level = word(bytes)?;
    let shouted = bytes.iter().all(u8::is_ascii_uppercase) && !matches!(bytes, b"LOG" | b"SYSTEM");
    let lower = bytes.to_ascii_lowercase();
    (shouted || !ordinary.contains(&lower.as_slice())).then_some(level)
}

/// A word that names a level, and stops where the word does.
pub fn level(i: &[u8]) -> Found<'_, Level> {
    let len = i.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let (name, rest) = i.split_at_checked(len).ok_or(NOT)?;
    if !at_boundary(rest) {
        return Err(NOT);
    }
    word(name).map(|l| (rest, l)).ok_or(NOT)
}

/// Azure's number: verbose, information, warning, error, critical.
#[must_use]
pub const fn azure(number: i64) -> Option<Level> {
    Some(match number {
        0 => Level::Debug,
        1 => Level::Info,
        2 => Level::Warn,
        3 => Level::Error,
        4 => Level::Fatal,
        _ => return None,
    })
}

/// The level of a syslog severity, 0 (emergency) to 7 (debug).
#[must_use]
pub const fn syslog(severity: i64) -> Option<Level> {
    Some(match severity {
        0..=2 => Level::Fatal,
        3 => Level::Error,
        4 => Level::Warn,
        5 | 6 => Level::Info,
        7 => Level::Debug,
        _ => return None,
    })
}

/// The level of the one letter that klog, logcat, MongoDB and others write.
#[must_use]
pub const fn letter(letter: u8) -> Option<Level> {
    Some(match letter {
        b'V' | b'T' => Level::Trace,
        b'D' => Level::Debug,
        b'I' | b'N' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' | b'C' | b'A' => Level::Fatal,
        _ => return None,
    })
}

/// The level that a message of unknown make states near its beginning: a bracketed
/// or a shouted word, a word with a colon, or `level=…`.
#[must_use]
pub fn spotted(message: &[u8]) -> Option<Level> {
    let head = message.get(..message.len().min(160)).unwrap_or_default();
    let (head, _) = super::text::first_line(head);
    if let Some(level) = topics(head) {
        return Some(level);
    }
    if let Some(level) = column(head).or_else(|| websphere(head)) {
        return Some(level);
    }
    // Most messages are plain words: then only the first of them can be a level.
    let most = if is_adorned(head) { 8 } else { 1 };
    let mut before: &[u8] = b"";
    for (place, token) in tokens(head).take(most).enumerate() {
        if (place == 0 || !is_plain(token))
            && let Some(level) = dressed(token, place).or_else(|| labelled(before, token))
        {
            return Some(level);
        }
        before = token;
    }
    keyed(head)
}

/// Whether anything is shouted, in brackets, before a colon or behind a `%`.
fn is_adorned(head: &[u8]) -> bool {
    // Without a way out half-way, so that many bytes are looked at in one step.
    head.iter().fold(false, |found, b| {
        found
            | (b.wrapping_sub(b'A') < 26)
            | (*b == b':')
            | (*b == b'[')
            | (*b == b'(')
            | (*b == b'<')
            | (*b == b'%')
    })
}

/// What stands between blanks, bars, commas and closing brackets.
fn tokens(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    const ENDS: [bool; 256] = {
        let mut table = [false; 256];
        let ends = b" \t|]>,";
        let mut n = 0;
        while n < ends.len() {
            table[ends[n] as usize] = true;
            n += 1;
        }
        table
    };
    let ends = |b: &u8| ENDS.get(usize::from(*b)).copied().unwrap_or_default();
    let mut rest = head;
    std::iter::from_fn(move || {
        rest = rest.get(rest.iter().position(|b| !ends(b))?..)?;
        let len = rest.iter().position(ends).unwrap_or(rest.len());
        let (token, after) = rest.split_at_checked(len)?;
        rest = after;
        Some(token)
    })
}

/// A word that names no level unless it begins the message: it is neither shouted nor dressed.
fn is_plain(token: &[u8]) -> bool {
    let begins = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    token.first().is_some_and(begins) && token.last() != Some(&b':')
}

/// `imap(ana): Error: …`: a capitalised word between two colons.
fn labelled(before: &[u8], token: &[u8]) -> Option<Level> {
    let name = token.strip_suffix(b":")?;
    let begins = name.first().is_some_and(u8::is_ascii_uppercase);
    (begins && before.ends_with(b":")).then(|| plain_word(name))?
}

/// A letter that has a column of its own: `worker|node-1|E|message`.
fn column(head: &[u8]) -> Option<Level> {
    let bar = memchr::memchr(b'|', head)?;
    head.get(bar..)?.windows(3).find_map(|w| match w {
        [b'|', only, b'|'] if b"DIWEFC".contains(only) => letter(*only),
        _ => None,
    })
}

/// WebSphere: thread in eight hexadecimal digits, logger, a letter: `0000004a ServletWrappe E `.
fn websphere(head: &[u8]) -> Option<Level> {
    // Few messages begin with a word of eight bytes.
    let begin = head.iter().position(|b| *b != b' ')?;
    head.get(begin + 8).filter(|b| **b == b' ')?;
    let mut words = head.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let thread = words.next()?;
    let hex = thread.len() == 8 && thread.iter().all(u8::is_ascii_hexdigit);
    match (hex, words.nth(1)?) {
        // A: audit.
        (true, [b'A' | b'I' | b'C' | b'O']) => Some(Level::Info),
        (true, [b'R']) => Some(Level::Error), // what was written to stderr
        (true, [only]) => letter(*only),
        _ => None,
    }
}

/// `system,error,critical login failure`: what RouterOS files an entry under.
fn topics(head: &[u8]) -> Option<Level> {
    let begins = super::blank(head);
    let first = begins.iter().position(|b| !b.is_ascii_lowercase())?;
    begins.get(first).filter(|b| **b == b',')?;
    let (_, topics) = super::text::word(super::blank(head)).ok()?;
    let small = topics.iter().all(|b| b.is_ascii_lowercase() || *b == b',');
    let parts = topics.split(|b| *b == b',').skip(1);
    small.then(|| parts.filter_map(plain_word).max())?
}

fn dressed(token: &[u8], place: usize) -> Option<Level> {
    if let Some(level) = cisco(token) {
        return Some(level);
    }
    let bare = token.trim_ascii_start();
    let opened = bare
        .strip_prefix(b"[")
        .or_else(|| bare.strip_prefix(b"<"))
        .or_else(|| bare.strip_prefix(b"("));
    let name = opened.unwrap_or(bare);
    let colon = name.strip_suffix(b":");
    let name = colon.unwrap_or(name);
    // `Puppet (err): …`
    let name = match opened {
        Some(_) => name.strip_suffix(b")").unwrap_or(name),
        None => name,
    };
    let shouted = !name.is_empty() && name.iter().all(u8::is_ascii_uppercase);
    // Gitea: `routers/web.go:41:serve() [E] …`
    if let ([only], true) = (name, token.starts_with(b"[")) {
        return letter(*only).filter(|_| b"TDIWEFC".contains(only) && place < 4);
    }
    // "Error: …" and "info ready" begin a message; "an error" further on does not.
    if opened.is_some() {
        word(name)
    } else if shouted || (place < 3 && colon.is_some()) || place == 0 {
        plain_word(name)
    } else {
        None
    }
}

/// The syslog severity in the middle of `%LINK-3-UPDOWN:`.
fn cisco(token: &[u8]) -> Option<Level> {
    let mut parts = token.strip_prefix(b"%")?.split(|b| *b == b'-');
    let shouted = |part: &[u8]| {
        part.iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
    };
    parts
        .next()
        .filter(|facility| facility.len() > 1 && shouted(facility))?;
    parts.find_map(|part| match part {
        [digit @ b'0'..=b'7'] => syslog(i64::from(digit - b'0')),
        _ => None,
    })
}

/// `level=error`, `severity="warn"`, `lvl=info` anywhere in the head of a message: of each name
/// the first, and the surest name first.
fn keyed(head: &[u8]) -> Option<Level> {
    const NAMES: [&[u8]; 4] = [b"level", b"lvl", b"severity", b"loglevel"];
    let mut first = [None; NAMES.len()];
    for at in memchr::memchr_iter(b'=', head) {
        let before = head.get(..at).unwrap_or_default();
        // All of them end in one of two letters; most messages have no such pair.
        if !matches!(before.last(), Some(b'l' | b'y')) {
            continue;
        }
        for (first, name) in first.iter_mut().zip(NAMES) {
            if first.is_none() && before.ends_with(name) {
                *first = head.get(at + 1..);
            }
        }
    }
    first.into_iter().flatten().find_map(|value| {
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        level(value).ok().map(|(_, level)| level)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers() {
        assert_eq!(word(b"Warning"), Some(Level::Warn));
        assert_eq!(word(b"CRITICAL"), Some(Level::Fatal));
        assert_eq!(word(b"an-unusually-long-word"), None);
        assert_eq!(plain_word(b"log"), None);
        assert_eq!(plain_word(b"NOTICE"), Some(Level::Info));
        assert_eq!(
            level(b"ERROR: x").map(|(r, l)| (r.len(), l)),
            Ok((3, Level::Error))
        );
        assert!(level(b"errors").is_err());
        assert_eq!(syslog(4), Some(Level::Warn));
        assert_eq!(syslog(8), None);
    }

    #[test]
    fn levels_within_messages() {
        let spot = |s: &'static str| spotted(s.as_bytes());
        assert_eq!(spot("[error] 7#7: *1 open() failed"), Some(Level::Error));
        assert_eq!(spot("worker-1 | WARN  slow query"), Some(Level::Warn));
        assert_eq!(spot("warning: cannot bind"), Some(Level::Warn));
        assert_eq!(spot("caller=a.go:7 level=debug msg=x"), Some(Level::Debug));
        assert_eq!(spot("%LINK-3-UPDOWN: Interface Gi0/1"), Some(Level::Error));
        assert_eq!(spot("web.go:41:serve() [E] lost"), Some(Level::Error));
        assert_eq!(spot("imap(ana)<7><x>: Error: lost"), Some(Level::Error));
        assert_eq!(spot("worker|node-1|W|slow"), Some(Level::Warn));
        let websphere = "0000004a ServletWrappe E com.example.Cart SRVE0068E: lost";
        assert_eq!(spot(websphere), Some(Level::Error));
        assert_eq!(spot("system,error login failure"), Some(Level::Error));
        assert_eq!(spot("Puppet (err): no catalog"), Some(Level::Error));
        assert_eq!(spot("relay=x loglevel=error"), Some(Level::Error));
        assert_eq!(
            spot("severity=info level=high lvl=\"warn\""),
            Some(Level::Warn)
        );
        assert_eq!(spot("fatal: no such branch"), Some(Level::Fatal));
        assert_eq!(spot("error reading the queue"), Some(Level::Error));
        assert_eq!(spot("there was an error in the end"), None);
        assert_eq!(spot("GET /info HTTP/1.1"), None);
    }
}
