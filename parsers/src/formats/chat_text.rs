//! A conversation as text, a line a message: `[2025-03-11 08:14:02] Mira: is it down?`, as messengers
//! export it and people paste it.
//!
//! Programs write lines that look the same, with a component for the name. So it takes two people at least, and words
//! that programs hardly use: the head of the file decides.

use super::general::{dated, order};
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, message_from};
use crate::token::{level, messenger, payload, speaker, time};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "chat-text",
    title: "Chat as text, with a name before each message",
    reference: "https://faq.whatsapp.com/1180414079177245",
    cut: Cut::Line,
    specificity: 55,
    hint: |i| {
        let apart = [&b": "[..], b" - ", b"] "];
        apart.iter().any(|a| memchr::memmem::find(i, a).is_some())
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/chat-text/input.txt"),
};

/// Lines of a file's head that are looked at.
const LESSONS: usize = 100;
/// Messages that are too few to tell.
const FEW: usize = 3;
/// The longest name.
const NAME: usize = 40;

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    // The head of the file is no conversation.
    let first = cx.layout.columns.first()?;
    let (line, _) = first_line(entry);
    if first == TELEPHONE {
        return exported(entry, line, cx, out);
    }
    let (at, name, said) = message(line, cx.layout.dates)?;
    let bot = payload::sounds_automatic(name);
    let mut record = Record::new(Kind::Chat, message_from(entry, said.as_bytes()));
    record.at = Some(at);
    record.actor = Some(payload::actor(Cow::Borrowed(name), bot));
    out.push(record);
    Some(())
}

/// Stands before the names of who talks where a telephone wrote the file.
const TELEPHONE: &str = "\t";

fn exported<'a>(
    entry: &'a [u8],
    line: &'a [u8],
    cx: &Context<'_>,
    out: &mut Vec<Record<'a>>,
) -> Option<()> {
    let line = messenger::line(line)?;
    let at = line.time(cx.layout.dates)?;
    let Some((name, said)) = line.said() else {
        // What the messenger says itself, or in the place of a picture.
        let mut record = Record::new(Kind::Chat, line.rest.trim_matches('\u{200e}'));
        record.at = Some(at);
        record.actor = Some(payload::actor("system", true));
        out.push(record);
        return Some(());
    };
    let whole = match first_line(entry).1.is_empty() {
        true => Cow::Borrowed(said),
        false => message_from(entry, said.as_bytes()),
    };
    let mut record = Record::new(Kind::Chat, whole);
    record.at = Some(at);
    let bot = payload::sounds_automatic(name);
    record.actor = Some(payload::actor(Cow::Borrowed(name), bot));
    out.push(record);
    Some(())
}

/// The same of a file that a telephone wrote.
fn telephone(lines: &[&[u8]]) -> Option<Layout> {
    let read: Vec<messenger::Line<'_>> = lines.iter().filter_map(|l| messenger::line(l)).collect();
    let said: Vec<(&str, &str)> = read.iter().filter_map(messenger::Line::said).collect();
    let sure = said.iter().any(|(_, words)| is_surely_human(words));
    let human = said.iter().filter(|(_, words)| is_human(words)).count();
    let parted = read.iter().filter(|l| l.sure).count() * 2 > read.len();
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &said {
        if !names.iter().any(|n| n == name) {
            names.push((*name).to_owned());
        }
    }
    let known = read.iter().map(messenger::Line::order);
    let dates = known
        .into_iter()
        .find(|o| *o != Order::Unknown)
        .unwrap_or_default();
    let talk = sure
        && said.len() >= FEW
        && said.len() * 10 >= read.len() * 5
        && read.len() * 4 >= lines.len();
    let people = (2..=said.len() / 2 + 2).contains(&names.len());
    let enough = parted || human * 5 >= said.len() && said.len() > names.len();
    (talk && people && enough).then(|| Layout {
        columns: std::iter::once(TELEPHONE.to_owned()).chain(names).collect(),
        dates,
        ..Layout::default()
    })
}

/// Who talks, in a file of which most lines are messages of people.
fn learn(head: &[u8]) -> Layout {
    let lines: Vec<&[u8]> = cut::first_lines(head, LESSONS).collect();
    if let Some(found) = telephone(&lines) {
        return found;
    }
    let dates: Vec<(&[u8], usize)> = lines.iter().map(|l| (*l, opening(l))).collect();
    let dates = order(&dates);
    let (mut stamped, mut human, mut said, mut sure) = (0, 0, 0, false);
    let mut names: Vec<String> = Vec::new();
    for line in &lines {
        let Some((_, rest)) = stamp(line, dates) else {
            continue;
        };
        stamped += 1;
        let Some((name, words)) = speaker(rest) else {
            continue;
        };
        said += 1;
        human += usize::from(is_human(words));
        sure |= is_surely_human(words);
        if !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
    }
    let talk = sure && said >= FEW && said * 10 >= stamped * 8 && human * 5 >= said;
    // Everybody says more than one thing, in the long run.
    let people = (2..=said / 2 + 2).contains(&names.len());
    if !(talk && people) {
        return Layout::default();
    }
    Layout {
        columns: names,
        dates,
        ..Layout::default()
    }
}

fn message(line: &[u8], dates: Order) -> Option<(Reading, &str, &str)> {
    let (at, rest) = stamp(line, dates)?;
    let (name, said) = speaker(rest)?;
    Some((at, name, said))
}

/// The bytes before the time: a bracket, and the mark of the direction of writing that messengers put in front.
fn opening(line: &[u8]) -> usize {
    let plain = line.strip_prefix("\u{200e}".as_bytes()).unwrap_or(line);
    line.len() - plain.len() + usize::from(matches!(plain.first(), Some(b'[' | b'(')))
}

/// The time at the beginning, in brackets or not, and the rest.
fn stamp(line: &[u8], dates: Order) -> Option<(Reading, &str)> {
    let from = opening(line);
    let clock = || {
        let (rest, at) = time::time_of_day(line.get(from..)?).ok()?;
        Some((from..line.len() - rest.len(), at))
    };
    let found = dated(line, from, dates).or_else(clock);
    let (place, at) = found.filter(|(place, _)| place.start == from)?;
    // Telephones write times as people do where they are: who counts hours to 24 names the day first.
    let written = line.get(place.clone())?;
    let at = match written.iter().any(u8::is_ascii_alphabetic) {
        false => at.ordered(Order::DayFirst),
        true => at,
    };
    let rest = std::str::from_utf8(line.get(place.end..)?).ok()?;
    let before = from.checked_sub(1).and_then(|at| line.get(at));
    let rest = match before {
        Some(b'[' | b'(') => rest.strip_prefix([']', ')'])?,
        _ => rest,
    };
    let apart = rest.trim_start_matches([' ', '\t', '-', '–', '|', '\u{200e}']);
    (apart.len() < rest.len()).then_some((at, apart))
}

/// The name before the colon, and what is said.
pub(super) fn speaker(rest: &str) -> Option<(&str, &str)> {
    let (name, said) = rest.split_once(": ")?;
    let name = name.trim().trim_start_matches(['@', '~']);
    let word = |w: &str| {
        w.starts_with(char::is_alphabetic)
            && w.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '_' | '’'))
    };
    let words: Vec<&str> = name.split(' ').collect();
    let log = level::word(name.as_bytes()).is_some() || speaker::is_log(name);
    let named = !log && name.len() <= NAME && words.len() <= 3 && words.into_iter().all(word);
    (named && !said.trim().is_empty()).then_some((name, said))
}

/// Words of people: programs ask nothing, call nobody and do not speak of themselves.
pub(super) fn is_human(said: &str) -> bool {
    signs(said).next().is_some()
}

/// The same without what checks of health end with, too.
pub(super) fn is_surely_human(said: &str) -> bool {
    signs(said).any(|w| !matches!(bare(w).as_str(), "ok" | "okay"))
}

fn signs(said: &str) -> impl Iterator<Item = &str> {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "i", "i'm", "im", "i'll", "i've", "we", "we're", "we've", "you", "your", "my", "our", "me", "us",
        "thanks", "thx", "ty", "pls", "please", "lol", "haha", "hey", "hi", "hello", "yes", "yep", "yeah", "yup",
        "nope", "ok", "okay", "anyone", "anybody", "somebody", "guys", "folks", "maybe", "hmm", "hm", "sorry",
        "brb", "let's", "lets", "gonna", "looks", "ich", "wir", "je", "nous", "yo", "gracias", "danke", "merci",
    ];
    let sign = |w: &str| {
        let called = w.len() > 2 && w.starts_with('@');
        let face = w.len() > 2 && w.starts_with(':') && w.ends_with(':');
        called || face || w.ends_with('?') || WORDS.contains(&bare(w).as_str())
    };
    said.split_whitespace().filter(move |w| sign(w))
}

fn bare(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_say_is_no_conversation() {
        for text in [
            "[2025-03-11 08:14:02] Scheduler: job 17 started\n[2025-03-11 08:14:03] Worker: job 17 done\n\
             [2025-03-11 08:14:04] Worker: job 18 failed, see log\n[2025-03-11 08:14:05] Scheduler: retry of job 18\n",
            "2025-03-11 08:14:02 sshd: Accepted publickey for you from 192.0.2.7\n2025-03-11 08:14:03 cron: run\n\
             2025-03-11 08:14:04 kernel: up\n2025-03-11 08:14:05 sshd: closed\n2025-03-11 08:14:06 cron: done\n\
             2025-03-11 08:14:09 kernel: link is down\n",
            "2025-03-11 08:14:02,118 INFO mail.queue: are you there? ok\n2025-03-11 08:14:03,207 WARNING mail.relay: \
             please retry\n2025-03-11 08:14:04,871 INFO mail.queue: health ok\n2025-03-11 08:15:30,002 ERROR mail.queue: \
             we give up\n",
            "2025-03-11 08:14:02 [info] mail.queue: are you there?\n2025-03-11 08:14:03 [warning] mail.relay: please \
             retry\n2025-03-11 08:14:04 [info] mail.queue: we are ok\n2025-03-11 08:14:05 [info] mail.queue: ok\n",
            "2025-03-11 08:14:02 mail.queue info: are you there?\n2025-03-11 08:14:03 mail.relay warn: please \
             retry\n2025-03-11 08:14:04 mail.queue info: we are ok\n2025-03-11 08:14:05 mail.queue info: ok\n",
            "2025-03-11 08:14:02 queue: health ok\n2025-03-11 08:14:03 relay: health ok\n\
             2025-03-11 08:14:04 queue: health ok\n2025-03-11 08:14:05 relay: health ok\n",
            "[08:14:02] mira: are you here?\n[08:14:05] mira: anyone?\n[08:15:00] mira: ok, I go\n",
        ] {
            assert_eq!(learn(text.as_bytes()), Layout::default(), "{text}");
        }
    }
}
