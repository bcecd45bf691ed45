//! Lines of a program that a container runtime wrapped, each by itself.

use super::preamble::preamble;
use super::text::{first_line, message_from};
use super::{continuation, level, named, time, trace};
use crate::format::{Context, Format, Layout};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::{Reading, When};
use crate::{cut, detect};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One wrapped line.
#[derive(Debug)]
pub struct Line<'a> {
    /// When the runtime read it, where it says so.
    pub at: Option<Reading>,
    /// Where the program wrote it, `stdout` or `stderr`, where the runtime says so.
    pub stream: Option<Cow<'a, str>>,
    /// What it wrote, without the line end.
    pub text: Cow<'a, [u8]>,
    /// The runtime broke a long line here: the next one goes on with it.
    pub partial: bool,
}

/// The layout of a file whose first wrapped lines are `texts`: the formats inside.
pub fn layout<'a>(texts: impl Iterator<Item = Cow<'a, [u8]>>) -> Layout {
    Layout {
        inner: detect::inside(texts),
        ..Layout::default()
    }
}

/// Wrapped lines of each program that vote: one that says much must not drown the others.
const VOICES: usize = 16;

/// As [`layout`] where every line names the program that wrote it.
pub fn layout_of_named<'a>(lines: impl Iterator<Item = (&'a str, Cow<'a, [u8]>)>) -> Layout {
    let mut heard: BTreeMap<&str, usize> = BTreeMap::new();
    let fair = lines.filter(|(name, _)| {
        let voices = heard.entry(name).or_default();
        *voices += 1;
        *voices <= VOICES
    });
    layout(fair.map(|(_, text)| text))
}

/// Formats that programs speak whose lines a system log keeps.
#[rustfmt::skip]
const SPOKEN: &[&str] = &[
    "access-log", "elasticsearch-json", "envoy", "go-log", "hclog", "json-lines", "klog", "log4j", "logfmt",
    "mongodb-json", "mysql-error", "nginx-error", "postgresql", "python-logging", "rabbitmq", "redis",
    "syslog-5424", "traefik-json", "zap",
];

/// Whether a message may be a line of a format of its own: it begins with an object, a bracket, a time, a named level
/// or time, or is a request. Which, depends on no digit.
pub fn is_structured(text: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [b"ts=", b"time=", b"level=", b"lvl=", b"timestamp="];
    match text {
        [b'{' | b'[' | b'<' | b'0'..=b'9', ..] => true,
        [b'I' | b'W' | b'E' | b'F', rest @ ..] if rest.starts_with(b", [") => true,
        [b'I' | b'W' | b'E' | b'F', a, b, c, d, b' ', ..] => {
            [a, b, c, d].iter().all(|b| b.is_ascii_digit())
        }
        _ => {
            NAMES.iter().any(|name| text.starts_with(name))
                || memchr::memmem::find(text, b"] \"").is_some()
        }
    }
}

/// The formats that programs speak in the messages of a system log, by what they are called.
pub fn layout_of_spoken<'a>(lines: impl Iterator<Item = (&'a str, Cow<'a, [u8]>)>) -> Layout {
    let mut layout = layout_of_named(lines.filter(|(_, text)| is_structured(text)));
    layout.inner.retain(|f| SPOKEN.contains(&f.name));
    layout
}

/// Reads the message of a system log as the format that its program speaks, at the time of the log.
pub fn read_spoken<'a>(
    text: &'a [u8],
    at: Option<Reading>,
    layout: &Layout,
    out: &mut Vec<Record<'a>>,
) -> Option<()> {
    let plain = Layout::default();
    let cx = Context { layout: &plain };
    let from = out.len();
    let mut reads = |f: &&'static Format| (f.hint)(text) && (f.parse)(text, &cx, out).is_some();
    is_structured(text).then_some(())?;
    layout.inner.iter().copied().find(|f| reads(f))?;
    for record in out.iter_mut().skip(from) {
        record.part = None;
        if let Some(at) = at {
            stamp(record, at);
        }
    }
    Some(())
}

/// Gives a record what it does not say itself and the one around it does.
pub fn complete<'a>(record: &mut Record<'a>, outer: &Record<'a>) {
    record.level = record.level.or(outer.level);
    record.service = record.service.take().or_else(|| outer.service.clone());
    record.host = record.host.take().or_else(|| outer.host.clone());
    for (name, value) in outer.fields.iter() {
        if record.fields.get(name).is_none() {
            record.fields.push(name.to_owned(), value.clone());
        }
    }
}

/// Pushes what the message of `outer` says, read as the format that its program speaks; what it does not say, `outer`
/// does. A message of another kind is pushed as it is.
pub fn push_spoken<'a>(outer: Record<'a>, layout: &Layout, out: &mut Vec<Record<'a>>) {
    let mut spoken = Vec::new();
    let _ = read_spoken(outer.message.as_bytes(), outer.at, layout, &mut spoken);
    let spoken: Vec<_> = spoken.into_iter().map(Record::into_owned).collect();
    if spoken.is_empty() {
        return out.push(outer);
    }
    for mut record in spoken {
        record.continues = false; // an entry of its own, whatever its line looks like
        complete(&mut record, &outer);
        out.push(record);
    }
}

/// The formats of lines that stand in the messages of a structured log: those of requests, and where a shipper read
/// the lines also those that state their time. Whatever else such a log says is a message, not a line.
pub fn layout_of_lines(lines: &[Cow<'_, [u8]>], shipped: bool) -> Layout {
    let mut layout = layout(lines.iter().cloned());
    let plain = Layout::default();
    let cx = Context { layout: &plain };
    layout.inner.retain(|format| {
        lines.iter().any(|line| {
            let mut found = Vec::new();
            let read = (format.hint)(line) && (format.parse)(line, &cx, &mut found).is_some();
            read && found.iter().any(|r| is_line(r, shipped))
        })
    });
    layout
}

fn is_line(record: &Record<'_>, dated: bool) -> bool {
    record.kind == Kind::Access || dated && record.kind == Kind::Log && record.at.is_some()
}

/// Pushes what the message of `outer` says, read as a line of one of the formats inside, or `outer` itself.
pub fn push_line<'a>(outer: Record<'a>, layout: &Layout, out: &mut Vec<Record<'a>>) {
    let plain = Layout::default();
    let cx = Context { layout: &plain };
    let text = outer.message.trim_end().as_bytes();
    let mut found = Vec::new();
    let mut formats = layout.inner.iter();
    let read = formats.any(|f| (f.hint)(text) && (f.parse)(text, &cx, &mut found).is_some());
    let found: Vec<_> = found.into_iter().map(Record::into_owned).collect();
    // Of a request that the log tells of itself its message says no more, unless it is the line of a server.
    let whole = |r: &Record<'_>| {
        is_line(r, true) && (outer.kind == Kind::Log || r.kind == outer.kind && r.at.is_some())
    };
    if !read || !found.iter().all(whole) {
        return out.push(outer);
    }
    for mut record in found {
        record.continues = false; // an entry of its own, whatever its line looks like
        record.part = outer.part.clone();
        if let Some(at) = outer.at {
            stamp(&mut record, at);
        }
        complete(&mut record, &outer);
        out.push(record);
    }
}

/// Reads an entry of lines of one program, each with its name before it; `line` reads one. Gives what the
/// program is called, if the first line is a head.
pub fn read_named<'a>(
    entry: &'a [u8],
    layout: &Layout,
    line: impl Fn(&'a [u8]) -> Option<(&'a str, Line<'a>)>,
    out: &mut Vec<Record<'a>>,
) -> Option<&'a str> {
    let mut lines = cut::lines(entry).filter(|r| !r.is_empty());
    let (name, first) = line(entry.get(lines.next()?)?)?;
    // A word before a mark also stands in tables: a stamp or a known format must follow.
    if first.at.is_none() && layout.inner.is_empty() {
        return None;
    }
    let rest = lines.filter_map(|r| line(entry.get(r)?));
    let rest = rest.map(|(_, line)| line);
    let from = out.len();
    read(std::iter::once(first).chain(rest).collect(), layout, out)?;
    for record in out.iter_mut().skip(from) {
        // The line before may be another program's.
        record.continues &= !record.message.starts_with("Traceback");
    }
    Some(name)
}

/// Reads an entry of wrapped `lines` as what is inside says, at the time of the wrapper.
/// The first line says whether it is a head.
pub fn read<'a>(
    mut lines: Vec<Line<'a>>,
    layout: &Layout,
    out: &mut Vec<Record<'a>>,
) -> Option<()> {
    let first = lines.first()?;
    let (at, stream, alone) = (first.at, first.stream.clone(), lines.len() == 1);
    let text = match alone {
        true => lines.pop()?.text,
        false => Cow::Owned(joined(&lines)),
    };
    let from = out.len();
    match text {
        Cow::Borrowed(text) => inside(text, layout, alone, out),
        Cow::Owned(text) => {
            let mut found = Vec::new();
            inside(&text, layout, alone, &mut found);
            for record in found {
                out.push(record.into_owned());
            }
        }
    }
    for record in out.iter_mut().skip(from) {
        record.part = None; // a place in what was unwrapped, not in the entry
        if let Some(at) = at {
            stamp(record, at);
        }
        if let Some(stream) = &stream
            && record.fields.get("stream").is_none()
        {
            record.fields.push("stream", stream.clone());
        }
    }
    Some(())
}

/// Gives `record` the time at which the wrapper read it, unless it states a better one: an
/// instant, more finely.
fn stamp(record: &mut Record<'_>, at: Reading) {
    let better = |own: &Reading| {
        matches!(own.when, When::Instant(_))
            && (own.precision > at.precision || !matches!(at.when, When::Instant(_)))
    };
    match (record.kind, record.at) {
        (Kind::Log | Kind::Access, Some(own)) if better(&own) => {
            record.fields.push("received_at", at);
        }
        // An alert, a page or a message that a program logged has its own time.
        (Kind::Log | Kind::Access, own) => {
            record.at = Some(at);
            if let Some(own) = own {
                record.fields.push("logged_at", own);
            }
        }
        (_, None) => {
            record.at = Some(at);
            record.received = true;
        }
        (_, Some(_)) => record.fields.push("received_at", at),
    }
}

fn joined(lines: &[Line<'_>]) -> Vec<u8> {
    let mut text = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        text.extend_from_slice(&line.text);
        if !line.partial && n + 1 < lines.len() {
            text.push(b'\n');
        }
    }
    text
}

fn inside<'t>(text: &'t [u8], layout: &Layout, alone: bool, out: &mut Vec<Record<'t>>) {
    if layout.declared.iter().any(|c| c.read(text, out).is_some()) {
        return;
    }
    let plain = Layout::default();
    let cx = Context { layout: &plain };
    let taken = |out: &mut Vec<Record<'t>>| {
        let mut formats = layout.inner.iter();
        formats.any(|f| (f.hint)(text) && (f.parse)(text, &cx, out).is_some())
    };
    if taken(out) {
        return;
    }
    // Formats inside read entries of one line: the rest of this one is its trace.
    let end = memchr::memchr(b'\n', text).filter(|_| !alone);
    if let Some(head) = end.and_then(|n| text.get(..n)) {
        let from = out.len();
        let mut formats = layout.inner.iter();
        if formats.any(|f| (f.hint)(head) && (f.parse)(head, &cx, out).is_some()) {
            let rest = String::from_utf8_lossy(text.get(head.len()..).unwrap_or_default());
            if let Some(record) = out.get_mut(from) {
                record.message = Cow::Owned(format!("{}{rest}", record.message));
            }
            return;
        }
    }
    if let Some(record) = clocked(text) {
        return out.push(record);
    }
    let mut record = Record::new(Kind::Log, String::from_utf8_lossy(text));
    record.level = leading_level(text);
    if let Some(class) = trace::error_class(text) {
        record.fields.push(field::ERROR, class);
    }
    record.continues = alone && (continuation::continues(text) || is_json_tail(text, layout));
    if !record.continues {
        named::gather(&mut record);
    }
    out.push(record);
}

/// A line that begins with the time of day: who wraps it knows the date.
fn clocked(text: &[u8]) -> Option<Record<'_>> {
    let (rest, at) = time::time_of_day(text).ok()?;
    let (line, _) = first_line(rest);
    let said = line.starts_with(b" ").then(|| preamble(line))?;
    let mut record = Record::new(Kind::Log, message_from(rest, said.message));
    record.at = Some(at);
    said.file(&mut record);
    named::gather(&mut record);
    Some(record)
}

/// The second half of a JSON line that the runtime broke.
fn is_json_tail(text: &[u8], layout: &Layout) -> bool {
    layout
        .inner
        .first()
        .is_some_and(|f| f.cut == crate::Cut::Json)
        && !text.starts_with(b"{")
        && text.ends_with(b"}")
        && text.contains(&b'"')
}

/// `ERROR: …`, `[warn] …`, a traceback
fn leading_level(text: &[u8]) -> Option<Level> {
    // What nobody caught was printed without a logger.
    if text.starts_with(b"Traceback ") || text.starts_with(b"Exception in thread ") {
        return Some(Level::Error);
    }
    if text.starts_with(b"panic: ") || text.starts_with(b"fatal error: ") {
        return Some(Level::Fatal);
    }
    let (open, rest) = match text.strip_prefix(b"[") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let len = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, after) = rest.split_at(len);
    let marked = after.starts_with(if open { b"]" } else { b":" });
    let shouted = word.iter().all(u8::is_ascii_uppercase) && after.starts_with(b" ");
    level::plain_word(word).filter(|_| marked || shouted)
}
