//! Syslog as RFC 5424 has it: `<34>1 2024-01-19T10:30:02Z host app 7 id [data@1 k="v"] message`.

use super::syslog_3164::priority;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record};
use crate::stamp::Reading;
use crate::token::text::{byte, first_line, message_from, quoted, text, unescape, word};
use crate::token::{Found, NOT, account, level, named, number, time, wrapped};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "syslog-5424",
    title: "Syslog (RFC 5424)",
    reference: "https://www.rfc-editor.org/rfc/rfc5424",
    cut: Cut::Line,
    specificity: 70,
    hint: |i| i.first() == Some(&b'<') || i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/syslog-5424/input.log"),
};

type Data<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// What the programs speak that log through this one.
fn learn(text: &[u8]) -> Layout {
    let lines = cut::lines(text).filter_map(|r| {
        let (rest, _) = head(text.get(r)?).ok()?;
        let (rest, [_, app, ..]) = names(rest).ok()?;
        let (said, _) = structured_data(rest).ok()?;
        let name = std::str::from_utf8(app?).ok()?;
        Some((name, Cow::Borrowed(said.strip_prefix(b" ")?)))
    });
    wrapped::layout_of_spoken(lines)
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (priority, at)) = head(line).ok()?;
    let (rest, [host, app, process, id]) = names(rest).ok()?;
    let said = rest;
    let (rest, data) = structured_data(rest).ok()?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest);
    if data.is_empty() && !cx.layout.inner.is_empty() {
        let from = out.len();
        let spoken = entry.get(line.len() - rest.len()..)?;
        if wrapped::read_spoken(spoken, at, cx.layout, out).is_some() {
            for record in out.iter_mut().skip(from) {
                record.service = record.service.take().or_else(|| app.map(text));
                record.host = record.host.take().or_else(|| host.map(text));
            }
            return Some(());
        }
    }
    // Some senders say all in the structured data.
    let rest = if rest.is_empty() { said } else { rest };
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = at;
    record.level = level::spotted(rest).or(level::syslog(priority % 8));
    record.host = host.map(text);
    record.service = app.map(text);
    record.fields.push_known([("pid", process), ("msgid", id)]);
    named::file(&mut record, data);
    account::file(&mut record);
    named::gather(&mut record);
    out.push(record);
    Some(())
}

/// Priority, version and time. Over TCP a count of bytes may stand before (RFC 6587).
fn head(i: &[u8]) -> Found<'_, (i64, Option<Reading>)> {
    let i = match number(1, 6)(i) {
        Ok((rest, _)) => byte(b' ')(rest)?.0,
        Err(_) => i,
    };
    let (rest, priority) = priority(i)?;
    let (rest, version) = number(1, 2)(rest)?;
    let (rest, ()) = byte(b' ')(rest)?;
    if version == 0 {
        return Err(NOT);
    }
    if let Some(rest) = rest.strip_prefix(b"- ") {
        return Ok((rest, (priority, None)));
    }
    let (rest, at) = time::iso(rest)?;
    let (rest, ()) = byte(b' ')(rest)?;
    Ok((rest, (priority, Some(at))))
}

/// Host, application, process and message id; `-` is none.
pub(crate) fn names(i: &[u8]) -> Found<'_, [Option<&[u8]>; 4]> {
    let mut all = [None; 4];
    let mut rest = i;
    for slot in &mut all {
        let (after, name) = word(rest)?;
        *slot = (name != b"-").then_some(name);
        rest = after.strip_prefix(b" ").unwrap_or(after);
    }
    Ok((rest, all))
}

/// `-`, or elements one behind the other: `[id name="value" …][id2 …]`.
fn structured_data(i: &[u8]) -> Found<'_, Data<'_>> {
    if let Some(rest) = i.strip_prefix(b"-") {
        return Ok((rest, Vec::new()));
    }
    let mut data = Vec::new();
    let mut rest = i;
    while let Some(element) = rest.strip_prefix(b"[") {
        rest = parameters(element, &mut data)?;
    }
    Ok((rest, data))
}

fn parameters<'a>(element: &'a [u8], data: &mut Data<'a>) -> Result<&'a [u8], nom::Err<()>> {
    let id = element
        .iter()
        .take_while(|b| !matches!(b, b' ' | b']' | b'\n'))
        .count();
    let mut rest = element.get(id..).unwrap_or_default();
    loop {
        if let Some(after) = rest.strip_prefix(b"]") {
            return Ok(after);
        }
        let (after, ()) = byte(b' ')(rest)?;
        let len = after
            .iter()
            .take_while(|b| !matches!(b, b'=' | b' ' | b']' | b'"' | b'\n'))
            .count();
        let (name, after) = after.split_at_checked(len).ok_or(NOT)?;
        let (after, ()) = byte(b'=')(after)?;
        let (after, value) = quoted(after)?;
        data.push((text(name), unescape(value)));
        rest = after;
    }
}
