//! logfmt: a line of `key=value` pairs, as Go services and the tools around them write.

use super::syslog_3164::priority;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::pairs::{logfmt, pair};
use crate::token::text::{first_line, text};
use crate::token::{named, served, trace};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "logfmt",
    title: "logfmt",
    reference: "https://brandur.org/logfmt",
    cut: Cut::Line,
    specificity: 30,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'@' | b'<'))
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/logfmt/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    // A relay may have left syslog's priority in front.
    let line = priority(line).map_or(line, |(rest, _)| rest);
    pair(line).ok()?;
    let mut values: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
    let mut bare = 0;
    for found in logfmt(line) {
        match found {
            Ok((name, value)) => values.push((Cow::Borrowed(name), value)),
            Err(_) => bare += 1,
        }
    }
    // A sentence that begins with one pair is no logfmt.
    if values.len() < 2 || bare > values.len() {
        return None;
    }
    let mut record = Record::new(Kind::Log, "");
    named::file(&mut record, values);
    if record.at.is_none() && record.level.is_none() && record.message.is_empty() {
        return None;
    }
    if record.message.is_empty() {
        record.message = text(line);
    }
    served::file(&mut record);
    if !more.is_empty() {
        let whole = format!("{}\n{}", record.message, text(more.trim_ascii_end()));
        record.message = Cow::Owned(whole);
        if let (None, Some(class)) = (record.fields.get(field::ERROR), trace::error_class(more)) {
            record.fields.push(field::ERROR, class);
        }
    }
    out.push(record);
    Some(())
}
