//! Windows events as XML, one event a line, over several lines, or all in one `<Events>`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::text;
use crate::token::time;
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "windows-event-xml",
    title: "Windows events (XML)",
    reference: "https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-schema",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| i.trim_ascii_start().starts_with(b"<"),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/windows-event-xml/input.xml"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let line = entry.trim_ascii_start();
    let begins = |tag: &[u8]| line.strip_prefix(tag).and_then(|r| r.first().copied());
    if !matches!(begins(b"<Event"), Some(b' ' | b'>')) {
        // What stands around the events records nothing by itself.
        let around = line.starts_with(b"<?xml") || begins(b"<Events").is_some();
        if !around || memmem::find(line, b"<Event").is_none() && !line.starts_with(b"<?xml") {
            return None;
        }
    }
    let mut rest = line;
    let alone = memmem::find_iter(entry, b"</Event>").count() <= 1;
    while let Some(start) = event_start(rest) {
        let event = rest.get(start..)?;
        let len = memmem::find(event, b"</Event>").map_or(event.len(), |n| n + 8);
        let (event, after) = event.split_at_checked(len)?;
        let mut record = record(event);
        if !alone {
            let from = entry.len() - rest.len() + start;
            record.part = Some(from..from + len);
        }
        out.push(record);
        rest = after;
    }
    Some(())
}

/// Where the next `<Event>` begins, which is neither `<Events>` nor `<EventData>`.
fn event_start(i: &[u8]) -> Option<usize> {
    memmem::find_iter(i, b"<Event").find(|n| matches!(i.get(n + 6), Some(b' ' | b'>')))
}

fn record(event: &[u8]) -> Record<'_> {
    let mut record = Record::new(Kind::Log, "");
    let stamp = attribute(event, b"<TimeCreated", b"SystemTime");
    record.at = stamp.and_then(|s| time::iso(s).ok()).map(|(_, at)| at);
    record.level = element(event, b"Level").and_then(level);
    record.service = attribute(event, b"<Provider", b"Name").map(unescaped);
    record.host = element(event, b"Computer").map(unescaped);
    let id = element(event, b"EventID");
    if let Some(id) = id {
        record.fields.push("event_id", id);
    }
    if let Some(channel) = element(event, b"Channel") {
        record.fields.push("channel", unescaped(channel));
    }
    let mut data = Vec::new();
    for (name, value) in named_data(event) {
        if let Some(name) = name.filter(|_| value != "-") {
            record.fields.push(name, value.clone());
        }
        data.push(value);
    }
    let user = ["TargetUserName", "SubjectUserName"];
    let user = user.iter().find_map(|name| record.fields.text(name));
    if let Some(user) = user.map(str::to_owned) {
        record.fields.push(field::USER, user);
    }
    if let Some(address) = record.fields.text("IpAddress").map(str::to_owned) {
        record.fields.push(field::CLIENT, address);
    }
    record.message = match (element(event, b"Message"), id) {
        (Some(message), _) => unescaped(message.trim_ascii()),
        (None, Some(id)) => {
            let data = data.join(" ");
            Cow::Owned(format!("Event {} {data}", text(id)).trim_end().to_owned())
        }
        (None, None) => text(event),
    };
    record
}

/// The schema's numbers: 1 critical to 5 verbose, 0 always.
fn level(number: &[u8]) -> Option<Level> {
    Some(match number {
        b"1" => Level::Fatal,
        b"2" => Level::Error,
        b"3" => Level::Warn,
        b"0" | b"4" => Level::Info,
        b"5" => Level::Trace,
        _ => return crate::token::level::word(number), // rendered
    })
}

/// The text of the first element of this name.
fn element<'a>(event: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    for at in memmem::find_iter(event, name) {
        let opened = at > 0 && event.get(at - 1) == Some(&b'<');
        let behind = event.get(at + name.len()..)?;
        if !opened || !matches!(behind.first(), Some(b' ' | b'>')) {
            continue;
        }
        let open = memchr::memchr(b'>', behind)?;
        if open > 0 && behind.get(open - 1) == Some(&b'/') {
            return None; // empty
        }
        let inner = behind.get(open + 1..)?;
        return inner.get(..memchr::memchr(b'<', inner)?);
    }
    None
}

/// The value of an attribute of the first element that begins with `tag`.
fn attribute<'a>(event: &'a [u8], tag: &[u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = memmem::find(event, tag)?;
    let element = event.get(start..)?;
    let element = element.get(..memchr::memchr(b'>', element)?)?;
    let at = memmem::find_iter(element, name).find(|n| {
        element.get(n + name.len()) == Some(&b'=') && element.get(n - 1) == Some(&b' ')
    })?;
    let value = element.get(at + name.len() + 1..)?;
    let (quote, value) = value.split_first()?;
    value.get(..memchr::memchr(*quote, value)?)
}

/// Names and values of `<Data Name='…'>…</Data>`.
fn named_data(event: &[u8]) -> impl Iterator<Item = (Option<Cow<'_, str>>, Cow<'_, str>)> {
    memmem::find_iter(event, b"<Data").filter_map(|at| {
        let data = event.get(at..)?;
        let end = memchr::memchr(b'>', data)?;
        if data.get(end - 1) == Some(&b'/') || !matches!(data.get(5), Some(b' ' | b'>')) {
            return None;
        }
        let inner = data.get(end + 1..)?;
        let value = inner.get(..memchr::memchr(b'<', inner)?)?;
        Some((
            attribute(data, b"<Data", b"Name").map(unescaped),
            unescaped(value),
        ))
    })
}

/// Text without XML's entities.
fn unescaped(i: &[u8]) -> Cow<'_, str> {
    const ENTITIES: [(&str, &str); 8] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#13;", ""),
        ("&#10;", "\n"),
        ("&#9;", "\t"),
        ("&amp;", "&"),
    ];
    let text = text(i);
    if !text.contains('&') {
        return text;
    }
    let plain = |text: String, (entity, plain): &(&str, &str)| text.replace(entity, plain);
    Cow::Owned(ENTITIES.iter().fold(text.into_owned(), plain))
}
