//! A conversation copied out of a chat's window (Slack, Teams, Discord): a line that names who speaks and when
//! (`Mira Lund  9:40 AM`, `[9:40 AM] Mira Lund`, `mira — Today at 09:40`, or name and time on two
//! lines), then what they say.
//!
//! The day stands in lines of its own, between the messages or above all of them, so that the file is read as a whole.

use crate::cut;
use crate::document::diary::{self, Called, Clock, Head, Mark};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::{payload, speaker};
use std::borrow::Cow;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "chat-window",
    title: "Conversation copied out of a chat window (Slack, Teams, Discord)",
    reference: "https://slack.com/help/articles/201457107-Send-and-read-messages",
    cut: Cut::Document,
    specificity: 60,
    hint: |i| {
        let first = i.iter().find(|b| !b.is_ascii_whitespace());
        !matches!(first, None | Some(b'{' | b'<')) && memchr::memchr(b':', i).is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/chat-window/input.txt"),
};

/// Lines above the first message, at most.
const HEAD: usize = 4;
/// The longest line above it, and the longest one that says who speaks.
const LONGEST: usize = 160;
/// The longest name.
const NAME: usize = 48;
/// Messages that are too few to tell.
const FEW: usize = 2;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let text = std::str::from_utf8(entry).ok()?;
    let mut window = Window::default();
    for (line, blank_before) in lines(text) {
        window.line(text, line, blank_before)?;
    }
    let records = window.records(text)?;
    out.extend(records);
    Some(())
}

/// The lines that are not blank, and whether a blank one or nothing stands before.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, bool)> + '_ {
    let mut blank = true;
    cut::lines(text.as_bytes()).filter_map(move |line| {
        let empty = text.get(line.clone()).is_none_or(|l| l.trim().is_empty());
        let before = std::mem::replace(&mut blank, empty);
        (!empty).then_some((line, before))
    })
}

/// A message in the making.
struct Message {
    name: Range<usize>,
    bot: bool,
    said: Vec<Range<usize>>,
}

#[derive(Default)]
struct Window {
    above: Vec<Range<usize>>,
    marks: Vec<Mark>,
    messages: Vec<Message>,
}

impl Window {
    /// Takes a line; `None` where the text is no conversation.
    fn line(&mut self, text: &str, line: Range<usize>, blank_before: bool) -> Option<()> {
        let said = text.get(line.clone())?;
        if let Some(opening) = opening(said) {
            return self.open(text, line, opening);
        }
        let day = diary::divider(said).filter(|_| blank_before || is_ruled(said));
        if let Some(day) = day {
            self.marks.push(Mark::Day(day));
            return Some(());
        }
        let Some(message) = self.messages.last_mut() else {
            self.above.push(line);
            return (self.above.len() <= HEAD && said.len() <= LONGEST).then_some(());
        };
        // A document goes on with its next heading.
        let ends = blank_before && said.starts_with("## ");
        if !is_furniture(said) {
            message.said.push(line);
        }
        (!ends).then_some(())
    }

    fn open(&mut self, text: &str, line: Range<usize>, opening: Opening<'_>) -> Option<()> {
        let from = |part: &str| {
            let at = part.as_ptr() as usize - text.as_ptr() as usize;
            at..at + part.len()
        };
        let (name, bot) = if opening.name.is_empty() {
            match self.named_above(text, &opening) {
                Some(name) => (name, opening.bot),
                // The same person goes on.
                None => match self.messages.last() {
                    Some(last) => (last.name.clone(), last.bot),
                    None => {
                        self.above.push(line);
                        return (self.above.len() <= HEAD).then_some(());
                    }
                },
            }
        } else {
            (from(opening.name), opening.bot)
        };
        self.marks.extend(opening.day.map(Mark::Day));
        self.messages.push(Message {
            name,
            bot,
            said: Vec::new(),
        });
        self.marks.push(Mark::Clock(opening.clock));
        Some(())
    }

    /// The name on the line above a time that stands alone. What the same person goes on with has
    /// a barer time than a message under a name.
    fn named_above(&mut self, text: &str, opening: &Opening<'_>) -> Option<Range<usize>> {
        let lines = match self.messages.last_mut() {
            Some(message) => &mut message.said,
            None => &mut self.above,
        };
        let above = lines.last()?.clone();
        let line = text.get(above.clone())?;
        let (name, _) = called_bot(line.trim());
        let before = text.get(..above.start)?;
        let bare = before.trim_end_matches([' ', '\r', '\n']);
        let breaks = before.get(bare.len()..)?.matches('\n').count();
        let alone = bare.is_empty() || breaks > 1;
        let marked = opening.full || opening.bot;
        // Alone in brackets it stands before what the same person goes on with.
        if !is_name(name) || opening.bracketed || !(marked || alone) {
            return None;
        }
        lines.pop();
        let at = name.as_ptr() as usize - text.as_ptr() as usize;
        Some(at..at + name.len())
    }

    fn records<'a>(self, text: &'a str) -> Option<Vec<Record<'a>>> {
        let name = |m: &Message| text.get(m.name.clone());
        let first = name(self.messages.first()?)?;
        let several = self.messages.iter().any(|m| name(m) != Some(first));
        let head = Head::of(self.above.iter().filter_map(|l| text.get(l.clone())));
        let told = self.messages.iter().filter(|m| !m.said.is_empty()).count();
        let talk = told >= FEW && told * 2 > self.messages.len();
        (talk && (several || head.channel.is_some())).then_some(())?;
        // What stands above must be about the conversation, or it is of a document.
        let sentence = |l: &Range<usize>| text.get(l.clone()).is_some_and(|l| l.ends_with('.'));
        let document = !head.is_told() || self.above.iter().any(sentence);
        (self.above.is_empty() || !document).then_some(())?;
        let times = head.readings(&self.marks);
        let mut records = Vec::new();
        // Each message has one time.
        for (message, at) in self.messages.iter().zip(times) {
            let lines = message.said.first().zip(message.said.last());
            let (Some((start, end)), Some(name)) =
                (lines.map(|(a, b)| (a.start, b.end)), name(message))
            else {
                continue;
            };
            let mut record = Record::new(Kind::Chat, said(text, &message.said));
            record.at = Some(at);
            let actor = payload::actor(name, message.bot);
            record.actor = Some(actor);
            if let Some(channel) = &head.channel {
                record.fields.push(field::CHANNEL, channel.clone());
            }
            // Cited are the words, not the line with the name.
            record.part = Some(start..end);
            records.push(record);
        }
        Some(records)
    }
}

/// What is said on these lines.
fn said<'a>(text: &'a str, lines: &[Range<usize>]) -> Cow<'a, str> {
    let line = |l: &Range<usize>| text.get(l.clone()).unwrap_or_default().trim();
    let plain = |l: &'a str| l.strip_suffix("(edited)").map_or(l, str::trim_end);
    match lines {
        [one] => Cow::Borrowed(plain(text.get(one.clone()).unwrap_or_default().trim())),
        _ => {
            let all: Vec<&str> = lines.iter().map(line).collect();
            Cow::Owned(plain_owned(&all.join("\n")))
        }
    }
}

fn plain_owned(text: &str) -> String {
    text.strip_suffix("(edited)")
        .map_or(text, str::trim_end)
        .to_owned()
}

/// Rules are drawn around a line.
fn is_ruled(line: &str) -> bool {
    line.trim().starts_with(['-', '—', '─', '–'])
}

/// What windows write around messages.
fn is_furniture(line: &str) -> bool {
    let line = line.trim();
    let lower = line.to_ascii_lowercase();
    let counted = lower.split_once(' ').is_some_and(|(n, what)| {
        n.bytes().all(|b| b.is_ascii_digit())
            && ["reply", "replies", "reactions", "reaction"]
                .iter()
                .any(|w| what.starts_with(w))
    });
    let starts = [
        "last reply ",
        "view thread",
        "view message",
        "replied to a thread",
        "pinned by ",
        "also sent to the channel",
        "new messages",
    ];
    counted
        || lower == "new"
        || lower == "(edited)"
        || lower == "edited"
        || starts.iter().any(|s| lower.starts_with(s))
}

/// A line that opens a message.
struct Opening<'l> {
    /// Empty where the line is but a time.
    name: &'l str,
    bot: bool,
    day: Option<Called>,
    clock: Clock,
    /// The time is as messages under a name have it: with its day or its half of it, or indented.
    full: bool,
    /// The time stands in brackets before the name.
    bracketed: bool,
}

/// `Mira Lund  9:40 AM`, `deploy-bot  APP  9:40 AM`, `[9:40 AM] Mira`, `mira — Today at 9:40`, `9:41`.
fn opening(line: &str) -> Option<Opening<'_>> {
    let indented = line.starts_with([' ', '\t', '\u{a0}']);
    let line = line.trim();
    let line = line.strip_suffix("(edited)").map_or(line, str::trim_end);
    if line.len() > LONGEST || !line.contains(':') {
        return None;
    }
    if let Some((inside, name)) = line.strip_prefix('[').and_then(|l| l.split_once(']')) {
        let (day, clock) = stamp(inside)?;
        let (name, bot) = called_bot(name.trim());
        let known = name.is_empty() && !indented || is_name(name);
        return known.then_some(Opening {
            name,
            bot,
            day,
            clock,
            full: false,
            bracketed: true,
        });
    }
    let bytes = line.as_bytes();
    let starts = (0..line.len()).filter(|n| {
        line.is_char_boundary(*n)
            && bytes.get(*n).is_some_and(u8::is_ascii_alphanumeric)
            && n.checked_sub(1)
                .and_then(|b| bytes.get(b))
                .is_none_or(|b| !b.is_ascii_alphanumeric())
    });
    let (at, (day, clock)) = starts
        .map(|n| (n, line.get(n..).and_then(stamp)))
        .find_map(|(n, found)| Some((n, found?)))?;
    let before = line.get(..at)?;
    let name = before.trim_end_matches([
        ' ', '\t', '\u{a0}', '[', '(', '—', '–', '-', '·', '•', '|', ',',
    ]);
    let gap = before.get(name.len()..).unwrap_or_default();
    let (name, bot) = called_bot(name);
    // One blank alone is between any words; then it takes what only a window writes.
    let apart = gap.chars().count() > 1 || gap.contains(['\t', '\u{a0}']);
    let known =
        name.is_empty() || is_name(name) && (apart || bot || clock.halved && is_titled(name));
    known.then_some(Opening {
        name,
        bot,
        day,
        clock,
        full: indented || clock.halved || day.is_some(),
        bracketed: false,
    })
}

/// A day, if it is told, and a time, and nothing else.
fn stamp(text: &str) -> Option<(Option<Called>, Clock)> {
    let (day, rest) = match diary::called(text) {
        Some((day, rest)) => (Some(day), rest),
        None => (None, text),
    };
    let rest = rest.trim_start_matches([' ', ',']);
    let rest = rest.strip_prefix("at ").unwrap_or(rest);
    let (clock, rest) = diary::clock(rest)?;
    let rest = rest.trim_matches([' ', ']', ')', ':']);
    rest.is_empty().then_some((day, clock))
}

/// The name without the badge that windows put behind those of programs, and whether there is one.
fn called_bot(name: &str) -> (&str, bool) {
    let badge = ["APP", "BOT", "Bot", "WORKFLOW", "Workflow", "App"];
    let found = badge.iter().find_map(|b| {
        let bare = name.strip_suffix(b)?;
        (bare.is_empty() || bare.ends_with([' ', '\t', '\u{a0}', '['])).then_some(bare)
    });
    match found {
        Some(bare) => (bare.trim_end_matches([' ', '\t', '\u{a0}', '[']), true),
        None => (name.trim_end(), false),
    }
}

/// A person's or a program's name: few words, none of them of a sentence or of a report's state.
fn is_name(name: &str) -> bool {
    #[rustfmt::skip]
    const STATES: &[&str] = &[
        "acknowledged", "alert", "at", "by", "completed", "critical", "detected", "down", "end", "error", "escalated",
        "from", "identified", "incident", "info", "investigating", "mitigated", "monitoring", "postmortem",
        "resolved", "scheduled", "since", "start", "started", "triggered", "until", "update", "updated", "up",
        "warning",
    ];
    let words = || name.split([' ', '\u{a0}']).filter(|w| !w.is_empty());
    let word = |w: &str| {
        let plain = w
            .chars()
            .all(|c| c.is_alphanumeric() || ".-'_’,()@&|".contains(c) || !c.is_ascii());
        // A status beside the name: `:palm_tree:`.
        let sign = w.len() > 2 && w.starts_with(':') && w.ends_with(':');
        plain || sign
    };
    (1..=NAME).contains(&name.len())
        && (1..=5).contains(&words().count())
        && name.starts_with(|c: char| c.is_alphabetic())
        && words().all(word)
        && !name.ends_with([',', '.'])
        && !speaker::is_log(name)
        && !words().any(|w| STATES.contains(&w.to_ascii_lowercase().as_str()))
}

/// Each word begins with a capital, as names do and sentences do not.
fn is_titled(name: &str) -> bool {
    name.split(' ')
        .all(|w| w.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(text: &str) -> Option<Vec<String>> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(text.as_bytes(), &Context { layout: &layout }, &mut out)?;
        let line = |r: &Record<'_>| {
            let at = r.at.map(|t| t.notation()).unwrap_or_default();
            let who = r.actor.as_ref().map_or("", |a| a.name.as_ref());
            format!("{at} {who}: {}", r.message.replace('\n', "|"))
        };
        Some(out.iter().map(line).collect())
    }

    #[test]
    fn windows_name_who_speaks_and_when_in_many_ways() {
        let head = "#ops (copied from Slack on May 7, 2025, times in UTC)\n\n";
        let expected = [
            "2025-05-07T09:40:00Z Mira Lund: is it down?",
            "2025-05-07T09:41:00Z Mira Lund: for me it is",
            "2025-05-07T09:42:00Z Ola Berg: yes|all of it",
        ];
        for body in [
            "Mira Lund  9:40 AM\nis it down?\n9:41\nfor me it is\n\nOla Berg  9:42 AM\nyes\nall of it\n",
            "Mira Lund\n  9:40 AM\nis it down?\n9:41\nfor me it is\nOla Berg\n  9:42 AM\nyes\nall of it\n3 replies\n",
            "[9:40 AM] Mira Lund\nis it down?\n[9:41 AM] Mira Lund\nfor me it is (edited)\n[9:42 AM] Ola Berg\nyes\nall of it\n",
            "Mira Lund\n09:40\nis it down?\n09:41\nfor me it is\n\nOla Berg\n09:42\nyes\nall of it\n",
            "Mira Lund — Today at 9:40 AM\nis it down?\n9:41 AM\nfor me it is\n\nNew\nOla Berg — 05/07/2025 9:42 AM\nyes\nall of it\n",
            "Mira Lund [9:40 AM]\nis it down?\n\nMira Lund [9:41 AM]\nfor me it is\n\nOla Berg [9:42 AM]\nyes\nall of it\n",
        ] {
            let text = format!("{head}{body}");
            assert_eq!(read(&text).unwrap_or_default(), expected, "{body}");
            let dos = text.replace('\n', "\r\n");
            assert_eq!(read(&dos).unwrap_or_default(), expected, "{body} (DOS)");
        }
    }

    #[test]
    fn other_texts_are_no_window() {
        for text in [
            "Investigating  9:40 AM\nWe look into it.\n\nResolved  9:50 AM\nIt is over.\n",
            "9:40 AM\nThe alert fired.\n\n9:45 AM\nIt was rolled back.\n",
            "We met at 9:40\nand spoke of it\n\nWe left at 9:50\nand went home\n",
            "# Outage of the shop\n\nOn 7 May the shop was down.\n\nMira Lund  9:40 AM\nis it down?\n\nOla Berg  9:41 AM\nyes\n",
            "[10:44] rolling back\n[10:50] fixed it\n",
            "2025-05-07 09:40:02 mira  9:40\nx\n2025-05-07 09:40:02 ola  9:41\ny\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
