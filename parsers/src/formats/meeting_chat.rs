//! The chat of a video call as the programs for calls save it: Zoom's `meeting_saved_chat.txt`
//! (`09:14:32 From Mira Lund to Everyone:`, of late with the date, and what is said on indented lines below; before, on the
//! same line), that of its recordings (`00:12:34`, a tab, `Mira Lund:`), Webex', and Google Meet's, which is written as
//! subtitles of the recording (`00:12:34.500,00:12:37.500` and below it `Mira Lund: text`).

use crate::document::diary;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::stamp::{Precision, Reading, SECOND, When};
use crate::token::text::{first_line, text};
use crate::token::{payload, speaker, time};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "meeting-chat",
    title: "Saved chat of a video call (Zoom, Webex, Google Meet)",
    reference: "https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067312",
    cut: Cut::Line,
    specificity: 72,
    hint: |i| match i.first() {
        Some(b'0'..=b'9') => {
            let (line, _) = first_line(i);
            line.get(1) == Some(&b':') || line.get(2) == Some(&b':') || line.get(4) == Some(&b'-')
        }
        Some(b'f' | b'F') => i.get(1..5).is_some_and(|w| w.eq_ignore_ascii_case(b"rom ")),
        _ => false,
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/meeting-chat/input.txt"),
};

/// The longest name, and the longest that several have together.
const NAME: usize = 64;

/// Who says it and who is told, in the language of the program.
const SIDES: [(&str, &str); 8] = [
    ("From", "to"),
    ("from", "to"),
    ("Von", "an"),
    ("De", "à"),
    ("De", "a"),
    ("De", "para"),
    ("Da", "a"),
    ("Van", "aan"),
];

/// The line that opens a message.
struct Head<'a> {
    at: Reading,
    from: &'a str,
    to: Option<&'a str>,
    /// What is said on the same line.
    said: &'a str,
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, below) = first_line(entry);
    let line = std::str::from_utf8(line).ok()?;
    if let Some(at) = subtitled(line) {
        return subtitle(at, below, out);
    }
    let head = stamped(line).or_else(|| webex(line))?;
    let below = match head.said {
        "" => said(below),
        _ if below.trim_ascii().is_empty() => Cow::Borrowed(head.said),
        first => Cow::Owned(format!("{first}\n{}", said(below))),
    };
    let Some(said) = told(below) else {
        return Some(()); // a hand that was raised, or nothing at all
    };
    let mut record = Record::new(Kind::Chat, said);
    record.at = Some(head.at);
    let bot = payload::sounds_automatic(head.from);
    record.actor = Some(payload::actor(head.from, bot));
    if let Some(to) = head.to.filter(|to| !is_all(to)) {
        record.fields.push("to", to);
    }
    out.push(record);
    Some(())
}

/// `09:14:32 From Mira Lund to Everyone:`, with its date or without, and `00:12:34⇥Mira Lund:⇥text`.
fn stamped(line: &str) -> Option<Head<'_>> {
    let bytes = line.as_bytes();
    let (rest, at) = time::iso(bytes)
        .or_else(|_| time::time_of_day(bytes))
        .ok()?;
    let rest = line.get(line.len() - rest.len()..)?;
    let (rest, at) = halved(rest, at);
    let apart = rest.trim_start_matches([' ', '\t']);
    (apart.len() < rest.len()).then_some(())?;
    if let Some((from, to, said)) = sides(apart) {
        return Some(Head { at, from, to, said });
    }
    // In a recording's chat the times count from its beginning.
    let (name, said) = rest.strip_prefix('\t')?.split_once(":\t")?;
    let When::TimeOfDay { nanos, .. } = at.when else {
        return None;
    };
    is_name(name).then_some(Head {
        at: Reading::new(When::Since(nanos), at.precision),
        from: name,
        to: None,
        said: said.trim(),
    })
}

/// `0:12:34.500,0:12:37.500`: from when to when in the recording it is shown.
fn subtitled(line: &str) -> Option<Reading> {
    let (from, to) = line.trim_end().split_once(',')?;
    let (from, _) = (since(from)?, since(to)?);
    Some(from)
}

/// A time of a recording, with its milliseconds.
fn since(text: &str) -> Option<Reading> {
    let (clock, millis) = text.split_once('.')?;
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let (hours, minutes) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let seconds = parts.next()?.ok()?;
    let whole = parts.next().is_none() && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    let millis: i64 = millis.parse().ok().filter(|_| whole && millis.len() == 3)?;
    let hours = Some(hours).filter(|h| (0..100).contains(h))?;
    let nanos = ((hours * 60 + minutes) * 60 + seconds) * SECOND + millis * (SECOND / 1000);
    Some(Reading::new(When::Since(nanos), Precision::Fraction(3)))
}

/// Who speaks and what they say, in the lines of a subtitle. What has no speaker is somebody's subtitle, not a chat.
fn subtitle<'a>(at: Reading, below: &'a [u8], out: &mut Vec<Record<'a>>) -> Option<()> {
    if below.trim_ascii().is_empty() {
        return Some(());
    }
    let words = match said(below) {
        Cow::Borrowed(words) => {
            let (name, words) = words.split_once(": ")?;
            (Cow::Borrowed(name), Cow::Borrowed(words))
        }
        Cow::Owned(words) => {
            let (name, words) = words.split_once(": ")?;
            (Cow::Owned(name.to_owned()), Cow::Owned(words.to_owned()))
        }
    };
    let (name, words) = words;
    is_name(&name).then_some(())?;
    if let Some(words) = told(words) {
        let mut record = Record::new(Kind::Chat, words);
        record.at = Some(at);
        record.actor = Some(payload::actor(name, false));
        out.push(record);
    }
    Some(())
}

/// `03:14:32 PM`
fn halved(rest: &str, at: Reading) -> (&str, Reading) {
    const NOON: i64 = 12 * 3600 * SECOND;
    let halves = [(" AM", false), (" PM", true), (" am", false), (" pm", true)];
    let found = halves
        .iter()
        .find_map(|(word, late)| Some((rest.strip_prefix(word)?, *late)));
    let (Some((rest, late)), When::TimeOfDay { nanos, offset }) = (found, at.when) else {
        return (rest, at);
    };
    let nanos = nanos % NOON + if late { NOON } else { 0 };
    let when = When::TimeOfDay { nanos, offset };
    (rest, Reading::new(when, at.precision))
}

/// `From Mira Lund to Everyone:` and nothing behind it, or `From  Mira Lund  to  Everyone : text`, or `From  Mira Lund : text`.
fn sides(text: &str) -> Option<(&str, Option<&str>, &str)> {
    SIDES.iter().find_map(|(from, to)| {
        let rest = text.strip_prefix(from)?.strip_prefix(' ')?.trim_start();
        let (head, said) = match rest.strip_suffix(':') {
            Some(head) if !head.contains(" : ") => (head, ""),
            _ => rest.split_once(" : ")?,
        };
        let parted = format!(" {to} ");
        let (from, to) = match head.rsplit_once(parted.as_str()) {
            Some((from, to)) => (from.trim(), Some(to.trim())),
            None => (head.trim(), None),
        };
        // Without whom it is told to, only the old layout is: what is said stands on the same line.
        let whole = to.is_some_and(|t| !t.is_empty() && t.len() <= NAME) || !said.is_empty();
        (is_name(from) && whole).then_some((from, to, said.trim()))
    })
}

/// Webex: `from Mira Lund to everyone:    9:14 AM`, and what is said below.
fn webex(line: &str) -> Option<Head<'_>> {
    let (from, to) = SIDES.first()?;
    let start = line.get(..from.len())?;
    let rest = line.get(from.len()..)?.strip_prefix(' ')?;
    start.eq_ignore_ascii_case(from).then_some(())?;
    let (head, clock) = rest.split_once(':')?;
    let (clock, end) = diary::clock(clock.trim_start())?;
    let (from, to) = head.rsplit_once(&format!(" {to} "))?;
    let precision = match clock.seconds {
        true => Precision::Fraction(0),
        false => Precision::Minute,
    };
    let when = When::TimeOfDay {
        nanos: clock.nanos,
        offset: None,
    };
    (is_name(from.trim()) && end.trim().is_empty()).then_some(Head {
        at: Reading::new(when, precision),
        from: from.trim(),
        to: Some(to.trim()),
        said: "",
    })
}

fn is_name(name: &str) -> bool {
    let fits = (1..=NAME).contains(&name.chars().count());
    fits && name.contains(char::is_alphabetic)
        && !name.contains(['\t', '=', '{', '"', '<'])
        && !speaker::is_log(name)
}

fn is_all(to: &str) -> bool {
    let to = to.to_lowercase();
    let all = [
        "everyone",
        "all participants",
        "all panelists",
        "hosts and panelists",
        "meeting group chat",
        "waiting room participants",
        "alle",
        "tous",
        "todos",
        "tutti",
    ];
    all.iter().any(|a| to.starts_with(a))
}

/// What is said on the lines below, without the tabs before them.
fn said(below: &[u8]) -> Cow<'_, str> {
    let whole = text(below.trim_ascii());
    if !whole.contains('\n') {
        return whole;
    }
    let lines: Vec<&str> = whole.lines().map(str::trim).collect();
    Cow::Owned(lines.join("\n"))
}

/// What somebody says, without what they answer to; `None` where they only show a sign.
fn told(said: Cow<'_, str>) -> Option<Cow<'_, str>> {
    const SIGNS: [&str; 3] = ["Reacted to \"", "Removed a ", "Reacted with "];
    let sign = SIGNS.iter().any(|s| said.starts_with(s))
        && (said.starts_with("Reacted ") || said.contains("reaction"));
    if sign || said.trim().is_empty() {
        return None;
    }
    let Some(quoted) = said.strip_prefix("Replying to \"") else {
        return Some(said);
    };
    // The quotation ends at the end of a line.
    let end = quoted.match_indices('"').find_map(|(n, _)| {
        let behind = quoted.get(n + 1..)?;
        let line = behind.split('\n').next().unwrap_or_default();
        line.trim().is_empty().then_some(behind)
    })?;
    let answer = end.trim();
    (!answer.is_empty()).then(|| Cow::Owned(answer.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(entry: &str) -> Option<String> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(entry.as_bytes(), &Context { layout: &layout }, &mut out)?;
        let line = |r: &Record<'_>| {
            let at = r.at.map(|t| t.notation()).unwrap_or_default();
            let who = r.actor.as_ref().map_or("", |a| a.name.as_ref());
            format!("{at} {who}: {}", r.message.replace('\n', "|"))
        };
        Some(out.first().map(line).unwrap_or_default())
    }

    #[test]
    fn messages_of_calls() {
        for (entry, expected) in [
            (
                "2025-12-16 12:25:09 From Mira Lund to Everyone:\n\tis it down?\n\tfor me it is",
                "2025-12-16T12:25:09 Mira Lund: is it down?|for me it is",
            ),
            (
                "12:25:09 From Mira Lund to Everyone:\r\n\tis it down?\r\n",
                "T12:25:09 Mira Lund: is it down?",
            ),
            (
                "12:25:09\t From  Mira Lund  to  Everyone : is it down?",
                "T12:25:09 Mira Lund: is it down?",
            ),
            (
                "12:25:09\t From  Mira Lund : is it down?\nanyone?",
                "T12:25:09 Mira Lund: is it down?|anyone?",
            ),
            (
                "12:25:09 From Mira Lund to Ola Berg(Direct Message):\n\tping",
                "T12:25:09 Mira Lund: ping",
            ),
            (
                "12:25:09 From Mira (she/her) to Hosts and panelists:\n\tping",
                "T12:25:09 Mira (she/her): ping",
            ),
            (
                "01:25:09 PM From Mira Lund to Everyone:\n\tping",
                "T13:25:09 Mira Lund: ping",
            ),
            (
                "12:25:09 Von Mira Lund an Alle:\n\tping",
                "T12:25:09 Mira Lund: ping",
            ),
            (
                "from Mira Lund to everyone:    1:25 PM\nping",
                "T13:25:00 Mira Lund: ping",
            ),
            (
                "12:25:09 From Mira Lund to Everyone:\n\tReplying to \"is \"it\" down?...\"\n\t\n\tit is",
                "T12:25:09 Mira Lund: it is",
            ),
            (
                "12:25:09 From Mira Lund to Everyone:\n\tReacted to \"it is\" with 👍",
                "",
            ),
            (
                "12:25:09 From Mira Lund to Everyone:\n\tRemoved a 👍 reaction from \"it is\"",
                "",
            ),
            (
                "12:25:09 From Mira Lund to Everyone:\n\tRemoved a stale lock",
                "T12:25:09 Mira Lund: Removed a stale lock",
            ),
        ] {
            assert_eq!(read(entry).as_deref(), Some(expected), "{entry}");
        }
        let shown = read("00:12:34.500,00:12:37.500\nMira Lund: is it down?").unwrap_or_default();
        assert!(shown.ends_with(" Mira Lund: is it down?"), "{shown}");
        let relative = read("00:12:34\tMira Lund:\tis it down?").unwrap_or_default();
        assert!(relative.ends_with(" Mira Lund: is it down?"), "{relative}");
        assert!(!relative.contains("00:12:34"), "{relative}");
    }

    #[test]
    fn other_lines_are_none() {
        for other in [
            "12:25:09 From the pool to the queue",
            "12:25:09 INFO From here to there: moved",
            "12:25:09\tworker\tdone",
            "T12:25:09 Mira: is it down?",
            "from a to b: 3 files",
            "2025-12-16 12:25:09 db: From x",
            "00:12:34.500,00:12:37.500\nand so it goes",
            "00:12:34.500,17.25\nMira: is it down?",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
