//! klog and glog, as Kubernetes' own programs write:
//! `E0119 10:30:02.123456    1234 server.go:118] message`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::pairs::logfmt;
use crate::token::text::{first_line, message_from, quoted, text, unescape, until, word};
use crate::token::{Found, NOT, blank, level, named, served, time};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "klog",
    title: "klog / glog (Kubernetes)",
    reference: "https://github.com/kubernetes/klog/blob/main/klog.go",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| {
        matches!(
            i.first(),
            Some(b'I' | b'W' | b'E' | b'F' | b'C' | b'D' | b'V')
        ) && i.get(1).is_some_and(u8::is_ascii_digit)
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/klog/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (letter, at)) = time::klog(line).ok()?;
    let (rest, (thread, place)) = origin(rest).ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.level = level::letter(letter);
    record.fields.push(field::LOGGER, place);
    record.fields.push("thread", thread);
    structured(&mut record, rest);
    out.push(record);
    Some(())
}

/// `   1234 server.go:118] `: thread, file and line.
fn origin(i: &[u8]) -> Found<'_, (&[u8], &[u8])> {
    let (rest, thread) = word(blank(i))?;
    let (rest, place) = until(b']')(blank(rest))?;
    if place.contains(&b' ') || !place.contains(&b':') {
        return Err(NOT);
    }
    Ok((blank(rest), (thread, place)))
}

/// `"Starting" pod="shop/ledger-0" err="…"`: a quoted message and pairs.
fn structured<'a>(record: &mut Record<'a>, rest: &'a [u8]) {
    let Ok((after, message)) = quoted(rest) else {
        return named::gather(record);
    };
    let mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
    for found in logfmt(after) {
        match found {
            Ok((name, value)) => pairs.push((Cow::Borrowed(name), value)),
            // A message that merely begins with a quoted word.
            Err(_) => return served::file(record),
        }
    }
    let behind = record
        .message
        .find('\n')
        .map(|n| record.message[n..].to_owned());
    record.message = match behind {
        Some(more) => Cow::Owned(text(message).into_owned() + &more),
        None => unescape(message),
    };
    named::file(record, pairs);
    served::file(record);
}
