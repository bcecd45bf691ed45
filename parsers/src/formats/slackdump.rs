//! Conversations as slackdump writes them as text: `> Runa Dahl [U05C7Q2LK] @ 09/04/2025 21:14:20 Z:`, then what
//! is said. What somebody goes on to say within minutes follows without a head of its own; answers
//! in a thread stand behind `|   `.

use crate::cut;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, part_of, text};
use crate::token::{payload, speaker, time};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "slackdump",
    title: "Conversation dumped as text by slackdump",
    reference: "https://github.com/rusq/slackdump",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| unthreaded(i).starts_with(b"> ") && memmem::find(i, b" @ ").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/slackdump/input.txt"),
};

/// What stands before each line of a thread.
const THREAD: &[u8] = b"|   ";
/// The longest name.
const NAME: usize = 80;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let head = head(unthreaded(line))?;
    let mut record = Record::new(Kind::Chat, said(more));
    record.at = Some(head.at);
    let bot = head.id.is_some_and(|id| id.starts_with('B'));
    record.actor = Some(payload::actor(Cow::Borrowed(head.name), bot));
    // Cited are the words, not the line with the name.
    record.part = words(entry, more);
    let id = head.id.filter(|id| !id.is_empty());
    record.fields.push_known([("user_id", id)]);
    out.push(record);
    Some(())
}

/// Where the words stand: from the first line below the head that says something to the end.
fn words(entry: &[u8], more: &[u8]) -> Option<std::ops::Range<usize>> {
    let plain = |line: &[u8]| unthreaded(line).trim_ascii().is_empty() || line == b"|";
    let from = entry.len() - more.len();
    let mut lines = cut::lines(more).filter(|l| more.get(l.clone()).is_some_and(|l| !plain(l)));
    let first = lines.next()?;
    let last = lines.last().unwrap_or_else(|| first.clone());
    Some(from + first.start..from + last.end)
}

fn unthreaded(line: &[u8]) -> &[u8] {
    line.strip_prefix(THREAD).unwrap_or(line)
}

/// Who speaks, and when.
struct Head<'l> {
    name: &'l str,
    id: Option<&'l str>,
    at: Reading,
}

/// `> name [id] @ day/month/year time zone:`; early versions know no id.
fn head(line: &[u8]) -> Option<Head<'_>> {
    let line = std::str::from_utf8(line.trim_ascii_end()).ok()?;
    let (who, when) = line.strip_prefix("> ")?.rsplit_once(" @ ")?;
    let when = when.strip_suffix(':')?;
    let (rest, at) = time::any(Order::DayFirst)(when.as_bytes()).ok()?;
    rest.trim_ascii().is_empty().then_some(())?;
    let who = who.trim();
    let numbered = who.strip_suffix(']').and_then(|w| w.rsplit_once('['));
    let (name, id) = match numbered {
        Some((name, id)) if id.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (name.trim(), Some(id))
        }
        _ => (who, None),
    };
    let named = (1..=NAME).contains(&name.len()) && !speaker::is_log(name);
    // Somebody who has left is known by the id alone.
    let known = named || name.is_empty() && id.is_some_and(|id| !id.is_empty());
    known.then_some(Head {
        name: if name.is_empty() { id? } else { name },
        id,
        at,
    })
}

/// The lines below a head, without what is drawn before them.
fn said(lines: &[u8]) -> Cow<'_, str> {
    let lines = text(lines);
    let plain = |line: &str| {
        let line = line.strip_prefix("|   ").unwrap_or(line).trim();
        (line != "|").then(|| line.to_owned())
    };
    if !lines.trim().contains('\n') {
        let line = lines.trim();
        return part_of(&lines, line.strip_prefix("|   ").unwrap_or(line));
    }
    let all: Vec<String> = lines.lines().filter_map(plain).collect();
    Cow::Owned(all.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_name_a_day_before_its_month() {
        let found = head(b"> Runa Dahl [U05C7Q2LK] @ 09/04/2025 21:14:20 Z:").unwrap();
        assert_eq!((found.name, found.id), ("Runa Dahl", Some("U05C7Q2LK")));
        let april = time::iso(b"2025-04-09T21:14:20Z").unwrap().1;
        assert_eq!(found.at.when, april.when);
        assert_eq!(
            head(b"> [U05C7Q2LK] @ 09/04/2025 21:14:20 Z:").map(|h| h.name),
            Some("U05C7Q2LK")
        );
    }

    #[test]
    fn quotations_are_no_heads() {
        for line in [
            "> Runa Dahl [U05C7Q2LK] @ noon:",
            "> meet me @ 09/04/2025 21:14:20",
            "Runa Dahl [U05C7Q2LK] @ 09/04/2025 21:14:20 Z:",
            "> INFO mail.queue @ 09/04/2025 21:14:20 Z:",
            "> On 09/04/2025 21:14:20 Z Runa wrote:",
        ] {
            assert!(head(line.as_bytes()).is_none(), "{line}");
        }
    }
}
