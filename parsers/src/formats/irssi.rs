//! irssi's logs: messages with a time of day, `21:08 < nick> text`, and lines that tell the day,
//! `--- Log opened Fri Sep 04 21:07:52 2026` and `--- Day changed Sat Sep 05 2026`.

use super::irc;
use crate::cut;
use crate::document::diary::{self, Head, Mark};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::token::payload;
use crate::token::text::text;
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "irssi",
    title: "irssi log",
    reference: "https://irssi.org/documentation/settings/",
    cut: Cut::Document,
    specificity: 80,
    hint: |i| MARKS.iter().any(|m| memmem::find(i, m).is_some()),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/irssi/input.log"),
};

const MARKS: [&[u8]; 3] = [b"--- Log opened ", b"--- Day changed ", b"--- Log closed "];

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let (mut marks, mut records) = (Vec::new(), Vec::new());
    let (mut known, mut others) = (0, 0);
    for range in cut::lines(entry) {
        let line = entry.get(range.clone())?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Some(mark) = MARKS.iter().find_map(|m| line.strip_prefix(*m)) {
            // What was closed opens no day.
            let day = diary::dated(mark).filter(|_| !line.starts_with(MARKS[2]));
            marks.extend(day.map(Mark::Day));
            known += 1;
            continue;
        }
        let Some(said) = message(line) else {
            // The first line of another log settles it.
            (known > 0).then_some(())?;
            others += 1;
            continue;
        };
        known += 1;
        let Said {
            clock,
            message: Some((name, words)),
        } = said
        else {
            continue;
        };
        marks.push(Mark::Clock(clock));
        let bot = payload::sounds_automatic(&name);
        let mut record = Record::new(Kind::Chat, words);
        record.actor = Some(payload::actor(name, bot));
        record.part = Some(range);
        records.push(record);
    }
    (known > 1 && known > others).then_some(())?;
    for (record, at) in records.iter_mut().zip(Head::default().readings(&marks)) {
        record.at = Some(at);
    }
    out.append(&mut records);
    Some(())
}

/// A line with a time; what the client itself tells (`-!-`) is no message.
struct Said<'a> {
    clock: diary::Clock,
    message: Option<(Cow<'a, str>, Cow<'a, str>)>,
}

fn message(line: &[u8]) -> Option<Said<'_>> {
    // A time is of ASCII, whatever stands behind it.
    let front = line.get(..line.len().min(12))?;
    let front = match std::str::from_utf8(front) {
        Ok(front) => front,
        Err(e) => std::str::from_utf8(front.get(..e.valid_up_to())?).ok()?,
    };
    let (clock, rest) = diary::clock(front)?;
    let rest = line.get(front.len() - rest.len()..)?;
    if let Some((nick, said)) = irc::author(rest) {
        let message = Some((text(nick), text(said)));
        return Some(Said { clock, message });
    }
    let rest = rest.trim_ascii_start();
    if let Some(acts) = rest.strip_prefix(b"* ") {
        let end = memchr::memchr(b' ', acts)?;
        let (nick, does) = (acts.get(..end)?, acts.get(end + 1..)?);
        let message = Some((text(nick), text(does)));
        return Some(Said { clock, message });
    }
    let told = rest.starts_with(b"-!-") || rest.starts_with(b"!") || rest.starts_with(b"-");
    told.then_some(Said {
        clock,
        message: None,
    })
}
