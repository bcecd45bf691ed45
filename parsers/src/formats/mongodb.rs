//! MongoDB before 4.4: `2024-01-19T10:30:02.118+0000 I NETWORK  [conn7] message`, and before
//! 3.0 without level and component.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::text::{bracketed, first_line, message_from, text, without_port, word};
use crate::token::{Found, NOT, blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mongodb",
    title: "MongoDB log (before 4.4)",
    reference: "https://www.mongodb.com/docs/v4.2/reference/log-messages/",
    cut: Cut::Line,
    specificity: 75,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mongodb/input.log"),
};

/// What stands before the message.
struct Said<'a> {
    at: Reading,
    level: Option<Level>,
    component: Option<&'a [u8]>,
    thread: &'a [u8],
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, said) = since_30(line).or_else(|_| before_30(line)).ok()?;
    let message = blank(rest);
    let mut record = Record::new(Kind::Log, message_from(entry, message));
    record.at = Some(said.at);
    record.level = said.level.or_else(|| level::spotted(message));
    if let Some(component) = said.component {
        record.fields.push(field::LOGGER, component);
    }
    record.fields.push("thread", said.thread);
    if let Some(ms) = duration(message) {
        record.fields.push(field::LATENCY_MS, ms);
    }
    if let Some(client) = client(message) {
        record.fields.push(field::CLIENT, client);
    }
    if let Some(user) = user(message) {
        record.fields.push(field::USER, text(user));
    }
    out.push(record);
    Some(())
}

/// `2024-01-19T10:30:02.118+0000 I NETWORK  [conn7] message`
fn since_30(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::iso(i)?;
    let (rest, letter) = word(rest.strip_prefix(b" ").ok_or(NOT)?)?;
    let level = match letter {
        [l @ (b'F' | b'E' | b'W' | b'I' | b'D')] => level::letter(*l),
        [b'D', b'1'..=b'5'] => Some(Level::Debug),
        _ => return Err(NOT),
    };
    let (rest, component) = word(blank(rest))?;
    let plain = |b: &u8| b.is_ascii_uppercase() || *b == b'_' || *b == b'-';
    if !component.iter().all(plain) {
        return Err(NOT);
    }
    let (rest, thread) = bracketed(blank(rest))?;
    Ok((
        rest,
        Said {
            at,
            level,
            component: (component != b"-").then_some(component),
            thread,
        },
    ))
}

/// `Fri Jan 19 10:30:02.118 [conn7] message`, where the name of the thread is MongoDB's own.
fn before_30(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::rfc3164(i).or_else(|_| time::iso(i))?;
    let (rest, thread) = bracketed(rest.strip_prefix(b" ").ok_or(NOT)?)?;
    let numbered = [&b"conn"[..], b"repl writer worker ", b"websvr"]
        .iter()
        .filter_map(|p| thread.strip_prefix(*p))
        .any(|n| n.iter().all(u8::is_ascii_digit));
    let known = matches!(
        thread,
        b"initandlisten"
            | b"mongosMain"
            | b"rsStart"
            | b"rsSync"
            | b"rsMgr"
            | b"rsHealthPoll"
            | b"rsBackgroundSync"
            | b"rsSyncNotifier"
            | b"clientcursormon"
            | b"journal"
            | b"DataFileSync"
            | b"TTLMonitor"
            | b"signalProcessingThread"
            | b"interruptThread"
            | b"FileAllocator"
            | b"LockPinger"
            | b"Balancer"
    );
    if !numbered && !known {
        return Err(NOT);
    }
    Ok((
        rest,
        Said {
            at,
            level: None,
            component: None,
            thread,
        },
    ))
}

/// `… protocol:op_msg 7412ms`: how long a command took is its last word.
fn duration(message: &[u8]) -> Option<f64> {
    let last = message.trim_ascii_end().rsplit(|b| *b == b' ').next()?;
    let digits = last.strip_suffix(b"ms")?;
    let whole = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let digits = whole.then(|| std::str::from_utf8(digits).ok())??;
    millis(digits, Unit::Millis)
}

/// `from 192.0.2.7:50112 #7`, `end connection 192.0.2.7:50112`, `from client 192.0.2.7:50112`.
fn client(message: &[u8]) -> Option<String> {
    let behind = [
        &b"accepted from "[..],
        b"end connection ",
        b"from client ",
        b"received client metadata from ",
    ];
    let rest = behind.iter().find_map(|b| {
        let at = memchr::memmem::find(message, b)? + b.len();
        message.get(at..)
    })?;
    let (_, address) = word(rest).ok()?;
    let address = text(address);
    let bare = without_port(&address);
    bare.contains(['.', ':']).then(|| bare.to_owned())
}

/// `authentication failed for basket on admin`, `authenticated as principal basket on admin`.
fn user(message: &[u8]) -> Option<&[u8]> {
    let behind = [
        &b"authentication failed for "[..],
        b"authenticated as principal ",
    ];
    let rest = behind.iter().find_map(|b| {
        let at = memchr::memmem::find(message, b)? + b.len();
        message.get(at..)
    })?;
    word(rest).ok().map(|(_, name)| name)
}
