//! A conversation as text whose messages state a time of day alone, `08:14 Mira: is it down?`, under a head
//! that says of which channel, day and zone they are, with lines between them where a day ends.
//!
//! Notes and timelines that people write look the same. What tells a conversation: its head says so, or
//! several people speak in turn, and as people speak.

use super::chat_text::{is_human, speaker};
use crate::cut;
use crate::document::diary::{self, Clock, Head, Mark};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::payload;
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "chat-clock",
    title: "Chat as text, with times of day under a head",
    reference: "https://faq.whatsapp.com/1180414079177245",
    cut: Cut::Document,
    specificity: 58,
    hint: |i| {
        let first = i.iter().find(|b| !b.is_ascii_whitespace());
        !matches!(first, None | Some(b'{' | b'<')) && memchr::memmem::find(i, b": ").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/chat-clock/input.txt"),
};

/// Lines above the first message, at most, and how long they are.
const HEAD: usize = 4;
const LONGEST: usize = 120;
/// Messages that are too few to tell; without a head that names a chat it takes more.
const FEW: usize = 3;
const SEVERAL: usize = 6;
/// Lines after which a file of other lines is given up.
const PATIENCE: usize = 24;

/// A message: its bytes, its author and what is said.
struct Message<'a> {
    part: Range<usize>,
    name: &'a str,
    said: Range<usize>,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let text = std::str::from_utf8(entry).ok()?;
    let (mut above, mut marks) = (Vec::new(), Vec::new());
    let mut messages: Vec<Message<'a>> = Vec::new();
    let mut others = 0;
    for range in cut::lines(entry) {
        let line = text.get(range.clone())?;
        if line.trim().is_empty() {
            continue;
        }
        if let Some((clock, name, said)) = message(line) {
            marks.push(Mark::Clock(clock));
            messages.push(Message {
                part: range.clone(),
                name,
                said: range.end - said.len()..range.end,
            });
        } else if let Some(day) = diary::divider(line) {
            marks.push(Mark::Day(day));
        } else if let Some(last) = messages.last_mut() {
            // A line of a message of several, or none of a conversation.
            others += 1;
            last.part.end = range.end;
            last.said.end = range.end;
            (others < PATIENCE || others < messages.len()).then_some(())?;
        } else {
            above.push(line);
            (above.len() <= HEAD && line.len() <= LONGEST).then_some(())?;
        }
    }
    let head = Head::of(above.iter().copied());
    // Seconds are what programs write, too; of a chat that has them `chat-text` judges by its words.
    let seconds = marks
        .iter()
        .any(|m| matches!(m, Mark::Clock(c) if c.seconds));
    let talk = is_talk(text, &head, &above, &messages, others);
    (talk && (!seconds || is_headed(&head, &above))).then_some(())?;
    let times = head.readings(&marks);
    for (message, at) in messages.into_iter().zip(times) {
        let bot = payload::sounds_automatic(message.name);
        let said = text.get(message.said).unwrap_or_default().trim();
        let mut record = Record::new(Kind::Chat, said);
        record.at = Some(at);
        record.actor = Some(payload::actor(message.name, bot));
        if let Some(channel) = &head.channel {
            record.fields.push(field::CHANNEL, channel.clone());
        }
        record.part = Some(message.part);
        out.push(record);
    }
    Some(())
}

/// `05:17 Mira Lund: text`, `[5:17 PM] mira: text`.
fn message(line: &str) -> Option<(Clock, &str, &str)> {
    let open = line.strip_prefix(['[', '(']);
    let (clock, rest) = diary::clock(open.unwrap_or(line))?;
    let rest = match open {
        Some(_) => rest.strip_prefix([']', ')'])?,
        None => rest,
    };
    let apart = rest.trim_start_matches([' ', '\t', '-', '–', '|']);
    let (name, said) = speaker(apart).filter(|_| apart.len() < rest.len())?;
    Some((clock, name, said))
}

/// Whether what stands above says that a chat follows.
fn is_headed(head: &Head, above: &[&str]) -> bool {
    let word = |l: &&str| {
        let lower = l.to_ascii_lowercase();
        let words = [
            "chat",
            "channel",
            "irc",
            "slack",
            "discord",
            "teams",
            "conversation",
        ];
        words.iter().any(|w| lower.contains(w))
    };
    head.channel.is_some() || above.iter().any(word)
}

fn is_talk(
    text: &str,
    head: &Head,
    above: &[&str],
    messages: &[Message<'_>],
    others: usize,
) -> bool {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for message in messages.iter().take(200) {
        match names.iter_mut().find(|(n, _)| *n == message.name) {
            Some((_, count)) => *count += 1,
            None => names.push((message.name, 1)),
        }
    }
    let said = messages.len().min(200);
    let human = messages.iter().take(200).filter(|m| {
        let said = text.get(m.said.clone());
        said.is_some_and(is_human)
    });
    let human = human.count();
    let people = (2..=said / 2 + 2).contains(&names.len());
    // Names come again; the first words of a timeline's lines do not.
    let turns = names.iter().filter(|(_, count)| *count > 1).count();
    let chat = is_headed(head, above);
    let sentence = above.iter().any(|l| l.ends_with('.') && l.len() > 60);
    let enough = match chat {
        true => said >= FEW && turns >= 1,
        false => {
            said >= SEVERAL
                && turns >= 2
                && human * 4 >= said
                && (above.is_empty() || head.is_told())
        }
    };
    enough && people && !sentence && others <= said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(text: &str) -> Option<usize> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(text.as_bytes(), &Context { layout: &layout }, &mut out)?;
        Some(out.len())
    }

    #[test]
    fn talk_is_told_from_what_people_write_down() {
        let talk = "05:17 mira: is it down?\n05:18 ola: yes\n05:19 mira: can you look\n";
        for head in [
            "Chat log #ops\nDate: 2025-05-07\n\n",
            "# ops, 2025-05-07 (UTC)\n",
        ] {
            assert_eq!(read(&format!("{head}{talk}")), Some(3), "{head}");
        }
        let longer =
            format!("{talk}05:20 ola: i do\n05:22 ola: hm, it is the cache\n05:23 mira: ok\n");
        assert_eq!(read(&longer), Some(6));
        let logged = "08:14:01 Worker: job 1 ok\n08:14:02 Scheduler: ok\n".repeat(4);
        assert_eq!(read(&logged), None);
        for text in [
            talk,
            "Timeline, 7 May 2025 (UTC)\n05:17 The alert fired\n05:18: error rate rises\n05:30 Ola: paged\n",
            "Notes of the incident in #ops on 7 May\n05:17 alert: fired\n05:20 paged: Ola\n05:31 cause: the cache\n",
            "05:17:01 db: up\n05:17:02 web: up\n05:17:03 db: slow\n05:17:04 web: slow\n05:17:05 db: up\n05:17:06 web: up\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
