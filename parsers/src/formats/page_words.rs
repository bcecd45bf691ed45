//! Pages as pagers and scripts log them in words, a line an act: `2025-05-07 21:14:20 UTC  #6149  ACKED  by
//! Mira Lund`, `[21:14] TRIGGERED INC-6149 Orders are slow`.
//!
//! The order of number, word and person differs. A line of a program that uses such a word is none: it
//! has a level, no number of an incident, and stands in a file where nobody is paged.

use super::change_words::stamp;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, PageAct, Record, field};
use crate::token::paging::{
    act, answers, case, is_case, is_full, is_medium, is_pager, number_of, severity,
};
use crate::token::text::first_line;
use crate::token::{level, payload};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "page-words",
    title: "Log of pages in words",
    reference: "https://sre.google/sre-book/being-on-call/",
    cut: Cut::Line,
    specificity: 47,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[')
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/page-words/input.log"),
};

/// The longest line that is one.
const LONGEST: usize = 300;
/// Lines of a file's head that are looked at.
const LESSONS: usize = 100;
/// How many words may stand before the one that says what was done.
const BEFORE: usize = 5;

/// A file in which people are paged: who takes a page there says so.
fn learn(head: &[u8]) -> Layout {
    let (mut all, mut acts, mut told) = (0, 0, false);
    for line in cut::first_lines(head, LESSONS) {
        all += 1;
        let Some(page) = page(line) else { continue };
        acts += 1;
        told |= page.strong;
    }
    match told && acts * 2 > all {
        true => Layout::of_sort("pages"),
        false => Layout::default(),
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let _ = cx.layout.columns.first()?;
    (FORMAT.hint)(entry).then_some(())?;
    let (line, more) = first_line(entry);
    more.is_empty().then_some(())?;
    let page = page(line)?;
    let mut record = Record::new(Kind::Page(page.act), page.message);
    record.at = Some(stamp(line)?.1);
    record.actor = page
        .actor
        .map(|name| payload::actor(Cow::Borrowed(name), false));
    record.service = page.service.map(Cow::Borrowed);
    record.level = page.severity.and_then(payload::severity);
    let fields = &mut record.fields;
    fields.push_known([
        (field::ID, page.number),
        (field::ALERT, page.alert),
        (field::SEVERITY, page.severity),
        ("assignee", page.assignee),
        ("via", page.via),
    ]);
    out.push(record);
    Some(())
}

/// What a line tells.
struct Page<'l> {
    act: PageAct,
    /// The word is one of pagers, not of every day.
    strong: bool,
    number: Option<&'l str>,
    message: &'l str,
    actor: Option<&'l str>,
    assignee: Option<&'l str>,
    via: Option<&'l str>,
    service: Option<&'l str>,
    alert: Option<&'l str>,
    severity: Option<&'l str>,
}

fn page(line: &[u8]) -> Option<Page<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let (said, _) = stamp(line)?;
    let said = std::str::from_utf8(said.trim_ascii()).ok()?;
    let words: Vec<&str> = words(said).collect();
    let logged = |w: &&&str| level::word(w.as_bytes()).is_some() && act(w).is_none();
    if words.iter().take(3).any(|w| logged(&w)) {
        return None;
    }
    let numbered = numbered(&words);
    let (at, (act, strong)) = told(&words, numbered.map(|(at, ..)| at))?;
    let number = numbered.map(|(_, number, _)| number);
    // Brokers acknowledge events, too.
    let pager = words.iter().take(2).any(|w| is_pager(w)) || words.iter().any(|w| answers(w));
    let event = numbered.is_some_and(|(_, _, case)| case == "event");
    let strong = pager || strong && !event;
    let behind = past_number(behind(said, words.get(at)?));
    // `by phone` tells how, not who.
    let by = person_behind(behind, "by ").filter(|by| !is_medium(by));
    let to = person_behind(behind, "to ");
    let direct = person(behind);
    let via = behind.split_once(" via ").map(|(_, via)| clause(via));
    let before = || who(said, words.get(..at)?, numbered.map(|(at, ..)| at));
    let shouted = words
        .get(at)
        .is_some_and(|w| !w.contains(char::is_lowercase));
    let triggered = act == PageAct::Triggered;
    let opens = words.iter().take(at).all(|w| is_case(w));
    let known = |name: Option<&str>| name.is_some_and(is_full);
    // Without a number it takes a word that nobody else uses, and a person; or the word first, and a full name.
    let loud = strong && shouted && (by.is_some() || via.is_some());
    let plain = known(by) || known(to) || known(direct) || triggered && (strong || at > 0);
    (number.is_some() || loud || opens && plain).then_some(())?;
    let answered = words.iter().take(at).any(|w| answers(w));
    let actor = match act {
        PageAct::Triggered => by,
        PageAct::Notified => to.or(direct),
        _ if answered => before(),
        _ => by.or_else(before),
    };
    Some(Page {
        act,
        strong,
        number,
        message: match triggered && !behind.is_empty() {
            true => title(behind),
            false => said,
        },
        actor,
        assignee: to.filter(|_| matches!(act, PageAct::Escalated | PageAct::Reassigned)),
        via: via.filter(|_| act == PageAct::Notified),
        service: service(said).filter(|_| triggered),
        alert: alert(title(behind)).filter(|_| triggered),
        severity: words
            .iter()
            .find_map(|w| severity(w))
            .or_else(|| labelled(said, "priority").or_else(|| labelled(said, "severity"))),
    })
}

/// The number of the incident: where it stands, and as what.
fn numbered<'l>(words: &[&'l str]) -> Option<(usize, &'l str, &'static str)> {
    let digits = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let marked = words.iter().enumerate();
    let marked = marked.filter_map(|(n, w)| Some((n, number_of(w)?, "")));
    let named = words
        .windows(2)
        .enumerate()
        .filter_map(|(n, pair)| match pair {
            [before, number] if digits(number) => Some((n + 1, *number, case(before)?)),
            _ => None,
        });
    let (mut marked, mut named) = (marked, named);
    marked.next().or_else(|| named.next())
}

/// Where a word says what was done, and what: near the front, or near the front of what follows the number.
fn told(words: &[&str], number: Option<usize>) -> Option<(usize, (PageAct, bool))> {
    let near = |from: usize| {
        let front = words.iter().enumerate().skip(from).take(BEFORE + 1);
        front.filter_map(|(n, w)| Some((n, act(w)?))).next()
    };
    near(0).or_else(|| near(number.filter(|n| *n < BEFORE)? + 1))
}

/// Whoever stands before the word: one name in any case, or several words that are written as names.
fn who<'l>(said: &'l str, before: &[&'l str], number: Option<usize>) -> Option<&'l str> {
    let end = before.iter().rposition(|w| !answers(w))? + 1;
    let from = number.filter(|n| *n < end).map_or(0, |n| n + 1);
    let mut names = before.get(from..end)?.iter();
    let mut left = names
        .clone()
        .filter(|w| number_of(w).is_none() && case(w).is_none());
    let (first, last) = (left.next()?, names.next_back()?);
    let alone = left.next().is_none();
    let begin = first.as_ptr() as usize - said.as_ptr() as usize;
    let stop = last.as_ptr() as usize - said.as_ptr() as usize + last.len();
    let name = match alone {
        true => first,
        false => said.get(begin..stop)?,
    };
    let capital = |w: &str| w.starts_with(char::is_uppercase) && !is_pager(w);
    let written = alone || name.split(' ').all(capital);
    (written && person(name) == Some(name)).then_some(name)
}

/// What an incident is about, behind who opened it: `by Zabbix: Orders are slow (service orders)`.
fn title(behind: &str) -> &str {
    let opener = behind.strip_prefix("by ").or(behind.strip_prefix("from "));
    let named = opener.and_then(|o| o.split_once(": "));
    let short = named.filter(|(name, _)| name.split(' ').count() <= 4);
    let title = short.map_or(behind, |(_, title)| title).trim();
    let labels = title.rsplit_once(" (").filter(|(_, inside)| {
        let label = |l: &str| ["service", "priority", "severity"].contains(&l);
        inside.ends_with(')') && inside.split([' ', ':', '=']).next().is_some_and(label)
    });
    labels.map_or(title, |(title, _)| title)
}

/// The word behind a label in brackets: `(service orders, priority High)`.
fn labelled<'l>(said: &'l str, label: &str) -> Option<&'l str> {
    let (_, inside) = said.strip_suffix(')')?.rsplit_once('(')?;
    let mut parts = inside.split(", ");
    let value = parts.find_map(|p| p.strip_prefix(label))?;
    let value = value.strip_prefix(':').unwrap_or(value).strip_prefix(' ')?;
    (!value.contains(' ') && !value.is_empty()).then_some(value)
}

/// The words, without the marks of tables and brackets.
fn words(said: &str) -> impl Iterator<Item = &str> {
    let marks = |c: char| matches!(c, '[' | ']' | '(' | ')' | ':' | ',' | ';' | '|' | '"' | '*');
    said.split_whitespace()
        .map(move |w| w.trim_matches(marks))
        .filter(|w| !w.is_empty() && *w != "-")
}

/// What stands behind a word of the line.
fn behind<'l>(said: &'l str, word: &str) -> &'l str {
    let end = word.as_ptr() as usize - said.as_ptr() as usize + word.len();
    let rest = said.get(end..).unwrap_or_default();
    rest.trim_start_matches([' ', '\t', ':', ']', ')', '|', '-', ',', ';'])
        .trim_end()
}

/// What stands behind the number of the incident, where that comes first.
fn past_number(text: &str) -> &str {
    let Some(first) = words(text).next() else {
        return text;
    };
    let digits = first.bytes().all(|b| b.is_ascii_digit());
    let follows = text.starts_with(|c: char| c.is_ascii_digit()) && digits;
    match is_case(first) || follows || number_of(first).is_some() {
        true => past_number(behind(text, first)),
        false => text,
    }
}

/// The words up to the next that begins something else.
fn clause(text: &str) -> &str {
    let marks = text.find([',', ';', '(', '|', '\t', '=']);
    let words = [
        " via ", " by ", " to ", " after ", " from ", " at ", " for ", " in ", " on ", "  ", " - ",
        ": ",
    ];
    let ends = words.iter().filter_map(|w| text.find(w)).chain(marks);
    let end = ends.min().unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim()
}

fn person_behind<'l>(text: &'l str, word: &str) -> Option<&'l str> {
    let at = match text.starts_with(word) {
        true => 0,
        false => text.find(&format!(" {word}")).map(|n| n + 1)?,
    };
    person(text.get(at + word.len()..)?)
}

/// A person or a schedule: up to four words of letters.
fn person(text: &str) -> Option<&str> {
    let name = clause(text).trim_start_matches('@');
    let letters = |w: &str| {
        w.starts_with(char::is_alphabetic)
            && w.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\'' | '’' | '@'))
    };
    let known = !name.is_empty()
        && name.split(' ').count() <= 4
        && name.split(' ').all(letters)
        && !name.starts_with("the ")
        && !name.starts_with("automatic");
    known.then_some(name)
}

/// `(orders)` at the end, `service=orders`.
fn service(said: &str) -> Option<&str> {
    let plain = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let paired = words(said).find_map(|w| w.strip_prefix("service="));
    let paired = paired.or_else(|| labelled(said, "service"));
    let last = || {
        let (_, inside) = said.strip_suffix(')')?.rsplit_once('(')?;
        Some(inside)
    };
    paired.or_else(last).filter(plain)
}

/// The name of the alert before a colon, one word.
fn alert(text: &str) -> Option<&str> {
    let (name, _) = text.split_once(": ")?;
    let name = name.trim();
    let one = !name.is_empty() && !name.contains(char::is_whitespace);
    (one && name.starts_with(char::is_alphabetic)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_number_word_and_person_differs() {
        for (line, expected) in [
            (
                "2025-05-07 21:14:20 UTC  #61  TRIGGERED  Slow: p99 (orders)",
                (PageAct::Triggered, None),
            ),
            (
                "2025-05-07 21:14:24 [PAGED] incident 61: Mira Lund via sms",
                (PageAct::Notified, Some("Mira Lund")),
            ),
            (
                "2025-05-07T21:14:24Z INC-61 PAGED Mira Lund via sms",
                (PageAct::Notified, Some("Mira Lund")),
            ),
            (
                "[2025-05-07 21:15:00] #61 acknowledged by mira",
                (PageAct::Acknowledged, Some("mira")),
            ),
            (
                "2025-05-07 21:15:00 mira acked #61",
                (PageAct::Acknowledged, Some("mira")),
            ),
            (
                "2025-05-07 21:30:00 #61 ESCALATED to second line by mira",
                (PageAct::Escalated, Some("mira")),
            ),
            (
                "2025-05-07 22:02:31 #61 RESOLVED automatically (cleared)",
                (PageAct::Resolved, None),
            ),
            (
                "2025-05-07T21:14:24Z xMatters event 61: text message delivered to Mira Lund",
                (PageAct::Notified, Some("Mira Lund")),
            ),
            (
                "2025-05-07T21:15:00Z xMatters event 61: Mira Lund responded \"Acknowledge\" by phone",
                (PageAct::Acknowledged, Some("Mira Lund")),
            ),
            (
                "2025-05-07T21:15:00Z xMatters event 61: Mira Lund responded \"Decline\" by SMS",
                (PageAct::Annotated, Some("Mira Lund")),
            ),
            (
                "2025-05-07T21:30:00Z event 61: escalated to Tom Berg by Mira Lund",
                (PageAct::Escalated, Some("Mira Lund")),
            ),
            (
                "2025-05-07T22:02:31Z event 61: terminated by Mira Lund in the console",
                (PageAct::Resolved, Some("Mira Lund")),
            ),
            (
                "2025-05-07 21:15:00 Acknowledged by Mira Lund via website",
                (PageAct::Acknowledged, Some("Mira Lund")),
            ),
        ] {
            let found = page(line.as_bytes()).map(|p| (p.act, p.actor));
            assert_eq!(found, Some(expected), "{line}");
        }
    }

    #[test]
    fn what_programs_log_is_no_page() {
        for line in [
            "2025-05-07 21:14:20 INFO #61 acknowledged by mira",
            "2025-05-07 21:14:20 message 61 acknowledged by broker-2",
            "2025-05-07 21:14:20 event 61 acknowledged by broker-2",
            "2025-05-07 21:14:20 acknowledged by broker-2",
            "2025-05-07 21:14:20 consumer responded ok to event 61",
            "2025-05-07 21:14:20 resolved orders.example.net to 192.0.2.7",
            "2025-05-07 21:14:20 connection closed by peer",
            "2025-05-07 21:14:20 job triggered by cron",
        ] {
            let text = format!("{line}\n").repeat(4);
            assert_eq!(learn(text.as_bytes()), Layout::default(), "{line}");
        }
    }
}
