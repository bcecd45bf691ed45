//! What is said in a call, as somebody types it along: `- 16:05:11 Mira: is it slow for you, too?`, a table of
//! time, name and words, `**16:05** Mira: …`, `16:05 - Mira - …`, under a head that names the day.
//!
//! Timelines of written postmortems and logs look alike. What tells a call: several people speak in turn, and as people
//! speak, and nothing follows but what they say.

use super::chat_text::{is_human, is_surely_human};
use crate::cut;
use crate::document::diary::{self, Clock, Head, Mark};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::token::{level, payload, speaker};
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "call-notes",
    title: "Notes of a call, with who says what",
    reference: "https://sre.google/workbook/incident-response/",
    cut: Cut::Document,
    specificity: 61,
    hint: |i| {
        let first = i.iter().find(|b| !b.is_ascii_whitespace());
        !matches!(first, None | Some(b'{' | b'<')) && memchr::memchr(b':', i).is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/call-notes/input.md"),
};

/// Lines above the first message, at most, and how long they are.
const HEAD: usize = 6;
const LONGEST: usize = 160;
/// Messages that are too few to tell, under a head that speaks of a call and without one.
const FEW: usize = 3;
const SEVERAL: usize = 6;
/// Lines that are no messages after which a file is given up.
const PATIENCE: usize = 24;
/// The longest name.
const NAME: usize = 40;

/// A message: its bytes, when, its author and where what is said stands.
struct Message<'a> {
    part: Range<usize>,
    name: &'a str,
    said: Range<usize>,
    /// Its time or its name stand between marks, as nobody pastes chat.
    marked: bool,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let text = std::str::from_utf8(entry).ok()?;
    let (mut above, mut marks, mut zone) = (Vec::new(), Vec::new(), None);
    let mut messages: Vec<Message<'a>> = Vec::new();
    let mut others = 0;
    for range in cut::lines(entry) {
        let line = text.get(range.clone())?.trim();
        if line.is_empty() || is_rule(line) {
            continue;
        }
        if let Some(told) = message(line) {
            marks.push(Mark::Clock(told.clock));
            zone = zone.or(told.zone);
            messages.push(Message {
                part: range.clone(),
                name: told.name,
                said: place(text, told.said)?,
                marked: told.marked,
            });
        } else if let Some(day) = diary::divider(line.trim_start_matches(['#', ' '])) {
            marks.push(Mark::Day(day));
        } else if let Some(last) = messages.last_mut() {
            // A document goes on with its next section.
            (!line.starts_with('#')).then_some(())?;
            others += 1;
            last.part.end = range.end;
            last.said.end = range.end;
            (others < PATIENCE || others < messages.len()).then_some(())?;
        } else {
            above.push(line);
            (above.len() <= HEAD && line.len() <= LONGEST).then_some(())?;
        }
    }
    let head = Head::of(above.iter().copied().chain(zone));
    is_call(text, &head, &above, &messages, others).then_some(())?;
    for (message, at) in messages.into_iter().zip(head.readings(&marks)) {
        let bot = payload::sounds_automatic(message.name);
        let said = text.get(message.said).unwrap_or_default().trim();
        let mut record = Record::new(Kind::Chat, said);
        record.at = Some(at);
        record.actor = Some(payload::actor(message.name, bot));
        record.part = Some(message.part);
        out.push(record);
    }
    Some(())
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Option<Range<usize>> {
    let from = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = from + part.len();
    text.get(from..end).map(|_| from..end)
}

/// The line below the head of a table, or one that is drawn.
fn is_rule(line: &str) -> bool {
    line.bytes()
        .all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'=' | b'_' | b'+' | b'*'))
}

/// A line as it is read.
struct Told<'l> {
    clock: Clock,
    zone: Option<&'l str>,
    name: &'l str,
    said: &'l str,
    marked: bool,
}

/// `- 16:05:11 Mira: text`, `| 16:05 | Mira | text |`, `**16:05** Mira: text`, `[16:05] Mira – text`,
/// `16:05 (Mira) text`, `* 16:05 UTC, Mira: text`.
fn message(line: &str) -> Option<Told<'_>> {
    if let Some(row) = line.strip_prefix('|') {
        return row_of(row);
    }
    let bullet = ["- ", "* ", "• ", "+ ", "– "];
    let bare = bullet.iter().find_map(|b| line.strip_prefix(b));
    let begins = bare.unwrap_or(line).trim_start();
    let open = begins.trim_start_matches(MARKS);
    let (clock, rest) = diary::clock(open)?;
    let (zone, rest) = zone(rest);
    // What closes it.
    let closed = rest.trim_start_matches([']', ')', '*', '`', '_', ',']);
    let apart = closed.trim_start();
    let (said_with, separated) = parted(apart);
    let marked = bare.is_some() || open.len() < begins.len() || closed.len() < rest.len();
    (separated || apart.len() < rest.len()).then_some(())?;
    let (name, said, bracketed) = named(said_with, separated || closed.starts_with(' '))?;
    let marked = marked || separated || bracketed;
    (!said.is_empty()).then_some(Told {
        clock,
        zone,
        name,
        said,
        marked,
    })
}

/// What stands around a time or a name.
const MARKS: [char; 5] = ['[', '(', '*', '`', '_'];
/// What stands between the parts of a line.
const BETWEEN: [&str; 5] = ["- ", "– ", "— ", "| ", ": "];

/// The rest behind a dash, and whether there was one.
fn parted(rest: &str) -> (&str, bool) {
    match BETWEEN.iter().find_map(|b| rest.strip_prefix(b)) {
        Some(behind) => (behind.trim_start(), true),
        None => (rest, false),
    }
}

/// A zone named behind a time, and the rest.
fn zone(rest: &str) -> (Option<&str>, &str) {
    const ZONES: [&str; 12] = [
        "UTC", "GMT", "CET", "CEST", "BST", "EST", "EDT", "PST", "PDT", "CST", "CDT", "Z",
    ];
    let behind = rest.trim_start_matches(' ');
    let end = behind
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(behind.len());
    match behind.split_at_checked(end) {
        Some((word, after)) if ZONES.contains(&word) => (Some(word), after),
        _ => (None, rest),
    }
}

/// Who speaks and what is said: `Mira: text`, `**Mira**: text`, `(Mira) text`, `<mira> text`, `Mira – text`.
fn named(rest: &str, dashes: bool) -> Option<(&str, &str, bool)> {
    let inner = rest.trim_start_matches(['*', '_', '`', '@']);
    for (open, close) in [('(', ')'), ('<', '>'), ('[', ']')] {
        if let Some((name, said)) = inner.strip_prefix(open).and_then(|r| r.split_once(close)) {
            let said = said.trim_start_matches([':', ' ', '-', '–']);
            return is_name(name).then_some((name, said, true));
        }
    }
    let colon = inner.split_once(':').filter(|(_, said)| {
        // `**Mira:** text`
        said.trim_start_matches(['*', '_', '`'])
            .starts_with([' ', '\t'])
    });
    let dash = || {
        let all = [" - ", " – ", " — ", " | "].iter();
        let first = all.filter_map(|d| inner.split_once(d));
        first.min_by_key(|(name, _)| name.len()).filter(|_| dashes)
    };
    let read = |(name, said): (_, _)| {
        let name: &str = name;
        let said: &str = said;
        let bare = name.trim().trim_end_matches(['*', '_', '`']);
        let said = said.trim_start_matches(['*', '_', '`']).trim();
        let marked = bare.len() < name.len() || inner.len() < rest.len();
        is_name(bare).then_some((bare, said, marked))
    };
    colon.and_then(read).or_else(|| dash().and_then(read))
}

/// `| 16:05 | Mira | text |`
fn row_of(row: &str) -> Option<Told<'_>> {
    let row = row.trim_end().strip_suffix('|').unwrap_or(row);
    let (first, rest) = row.split_once('|')?;
    let (name, said) = rest.split_once('|')?;
    let bare =
        |cell: &str| -> usize { cell.len() - cell.trim_start().trim_start_matches(MARKS).len() };
    let first = first.get(bare(first)..)?;
    let (clock, behind) = diary::clock(first)?;
    let (zone, behind) = zone(behind);
    let over = behind.trim_matches([' ', '*', '`', '_', ']', ')']);
    let name = name.trim().trim_matches(['*', '_', '`', '@']);
    let said = said.trim();
    (over.is_empty() && is_name(name) && !said.is_empty()).then_some(Told {
        clock,
        zone,
        name,
        said,
        marked: true,
    })
}

/// One to three words of letters, none of which a program logs.
fn is_name(name: &str) -> bool {
    let word = |w: &str| {
        w.starts_with(char::is_alphabetic)
            && w.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '_' | '’' | '@'))
    };
    let log = level::word(name.as_bytes()).is_some() || speaker::is_log(name);
    let mut words = name.split(' ');
    !log && name.len() <= NAME && name.split(' ').count() <= 3 && words.all(word)
}

/// Whether what stands above says that somebody takes notes of a call.
fn is_headed(above: &[&str]) -> bool {
    let word = |l: &&str| {
        let lower = l.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        lower.contains("war room")
            || words.any(|w| {
                matches!(
                    w,
                    "bridge"
                        | "call"
                        | "warroom"
                        | "scribe"
                        | "huddle"
                        | "zoom"
                        | "meeting"
                        | "minutes"
                        | "conference"
                )
            })
    };
    above.iter().any(word)
}

fn is_call(
    text: &str,
    head: &Head,
    above: &[&str],
    messages: &[Message<'_>],
    others: usize,
) -> bool {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for message in messages.iter().take(1000) {
        match names.iter_mut().find(|(n, _)| *n == message.name) {
            Some((_, count)) => *count += 1,
            None => names.push((message.name, 1)),
        }
    }
    let said = messages.len().min(1000);
    let messages = messages.get(..said).unwrap_or(messages);
    let words = |m: &Message<'_>| text.get(m.said.clone()).unwrap_or_default();
    let human = messages.iter().filter(|m| is_human(words(m))).count();
    let sure = messages.iter().any(|m| is_surely_human(words(m)));
    let marked = messages.iter().filter(|m| m.marked).count();
    let people = (2..=said / 2 + 2).contains(&names.len());
    // Names come again; the first words of a timeline's lines do not.
    let turns = names.iter().filter(|(_, count)| *count > 1).count();
    let enough = match is_headed(above) {
        true => said >= FEW && turns >= 1 && human * 10 >= said,
        false => {
            marked * 2 > said
                && said >= SEVERAL
                && turns >= 2
                && human * 5 >= said
                && (above.is_empty() || head.is_told())
        }
    };
    let sentence = above.iter().any(|l| l.ends_with('.') && l.len() > 60);
    enough && sure && people && !sentence && others <= said
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
            let at = r.at.map(|a| a.notation()).unwrap_or_default();
            let name = r.actor.as_ref().map_or("", |a| &a.name);
            format!("{at} {name}: {}", r.message)
        };
        Some(out.iter().map(line).collect())
    }

    const SAID: [(&str, &str, &str); 7] = [
        ("16:05", "Ola", "is it slow for you, too?"),
        ("16:06", "Mira Lund", "yes - twenty seconds: look"),
        ("16:09", "Sven", "looking"),
        ("16:11", "Sven", "the pool is empty"),
        ("16:12", "Ola", "should we restart it?"),
        ("16:13", "Sven", "no, I put 2.6.0 back first"),
        ("16:20", "Mira Lund", "good again, I close the call"),
    ];

    #[test]
    fn what_is_said_in_a_call_is_read_however_it_is_typed() {
        let zoned = "# Bridge, 2025-06-14 (UTC)\n\n";
        for (head, line) in [
            (zoned, "- {t}:00 {n}: {x}"),
            (
                "# Incident call 2025-06-14\n\n| Time (UTC) | Who | What |\n|---|---|---|\n",
                "| {t}:00 | {n} | {x} |",
            ),
            (
                "## 2025-06-14 outage bridge (UTC)\n\n",
                "**{t}:00** {n}: {x}",
            ),
            (
                "Call notes 2025-06-14, UTC, scribe Ola\n\n",
                "{t}:00 - {n} - {x}",
            ),
            ("Bridge 14 June 2025, times in UTC\n\n", "[{t}] {n} – {x}"),
            ("War room notes - 2025-06-14 UTC\n\n", "{t} ({n}) {x}"),
            ("# War room 2025-06-14\n\n", "* {t} UTC, {n}: {x}"),
            ("# Sev 1\nDate: 2025-06-14 (UTC)\n", "- **{t}** – {n}: {x}"),
            (zoned, "- `{t}` **{n}**: {x}"),
            (zoned, "**{t} {n}:** {x}"),
        ] {
            let lines =
                SAID.map(|(t, n, x)| line.replace("{t}", t).replace("{n}", n).replace("{x}", x));
            let found = read(&format!("{head}{}\n", lines.join("\n"))).unwrap_or_default();
            let expected = SAID.map(|(t, n, x)| format!("2025-06-14T{t}:00Z {n}: {x}"));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn timelines_documents_and_logs_are_no_calls() {
        let talk =
            "- 16:05 Ola: is it slow?\n- 16:06 Mira: yes\n- 16:09 Ola: I look\n- 16:10 Mira: ok\n";
        for text in [
            format!("# Bridge, 2025-06-14 (UTC)\n\n{talk}\n## Impact\n\nAll of them.\n"),
            "# Timeline 2025-06-14 (UTC)\n\n- 16:05 Alert: errors rise\n- 16:07 Ola: paged\n- 16:09 Mira: restarted the pool\n\
             - 16:12 Ola: rolled back\n- 16:15 Mira: verified\n- 16:20 Alert: resolved\n"
                .to_owned(),
            "16:05:01 - worker - job 1 done\n16:05:02 - queue - job 2 taken\n".repeat(5),
            "[16:05:01] worker: job 1 ok\n[16:05:02] queue: are you there?\n".to_owned(),
            "| 16:05 | deploy | quay 2.6.0 |\n| 16:09 | deploy | quay 2.6.1 |\n| 16:11 | rollback | quay |\n".repeat(3),
            "- 16:05 paged\n- 16:06 acknowledged\n".to_owned(),
        ] {
            assert_eq!(read(&text), None, "{text}");
        }
    }
}
