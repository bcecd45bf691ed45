//! Written postmortems and incident reports: Markdown, plain text, or either out of HTML or a wiki.

use crate::document;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use memchr::memmem;

/// Postmortems that people wrote.
pub(super) static FORMAT: Format = Format {
    name: "postmortem",
    title: "Written postmortem or incident report",
    reference: "https://sre.google/sre-book/example-postmortem/",
    cut: Cut::Document,
    specificity: 40,
    hint,
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/postmortem/input.md"),
};

/// Words of which a postmortem has at least two, in small letters.
const WORDS: &[&[u8]] = &[
    b"postmortem",
    b"post-mortem",
    b"outage",
    b"incident",
    b"root cause",
    b"timeline",
    b"impact",
    b"downtime",
    b"resolved",
    b"restored",
    b"affected",
    b"contributing factors",
    b"action items",
    b"lessons learn",
    b"time to recover",
    b"time to resol",
    b"corrective",
    b"error",
];
/// Of more lines than this share, times at their starts make a log.
const LOGGED: f64 = 0.8;

fn hint(text: &[u8]) -> bool {
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    if matches!(first, None | Some(b'{')) {
        return false;
    }
    let lower = text
        .get(..text.len().min(64 * 1024))
        .unwrap_or_default()
        .to_ascii_lowercase();
    WORDS
        .iter()
        .filter(|w| memmem::find(&lower, w).is_some())
        .count()
        >= 2
        && !is_log(text)
}

/// Whether most lines begin as log lines do: with seconds, or all alike.
fn is_log(text: &[u8]) -> bool {
    let (mut lines, mut logged) = (0u32, 0u32);
    for range in crate::cut::lines(text).take(400) {
        let line = text.get(range).unwrap_or_default().trim_ascii();
        if line.is_empty() {
            continue;
        }
        lines += 1;
        logged += u32::from(begins_logged(line));
    }
    lines == 0 || f64::from(logged) > f64::from(lines) * LOGGED
}

/// A time with seconds among the first words, `key=value` pairs or JSON.
fn begins_logged(line: &[u8]) -> bool {
    let head = line.get(..line.len().min(48)).unwrap_or_default();
    let clock = head.windows(8).any(|w| {
        matches!(w, [a, b, b':', c, d, b':', e, f] if [a, b, c, d, e, f].iter().all(|x| x.is_ascii_digit()))
    });
    let epoch = head
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count()
        >= 9;
    let pair = head.iter().position(|b| *b == b'=').is_some_and(|n| {
        head.get(..n).is_some_and(|k| {
            !k.is_empty() && k.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        })
    });
    clock || epoch || pair || head.first() == Some(&b'{')
}

fn parse<'a>(text: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    // A guide or a log with prose in it may read like an account; the words decide.
    hint(text).then_some(())?;
    let account = document::read(text)?;
    let mut stated = Record::new(Kind::Note, title(&account).unwrap_or_default());
    stated.fields.push(field::SECTION, "stated");
    for fact in &account.facts {
        stated.fields.push(fact.name, fact.value.clone());
    }
    stated.part = Some(0..text.len());
    out.push(stated);
    for fact in account.facts {
        let words = text.get(fact.part.clone()).unwrap_or_default();
        let mut record = Record::new(Kind::Note, String::from_utf8_lossy(words));
        record.fields.push(field::SECTION, "stated");
        record.fields.push("fact", fact.name);
        record.part = Some(fact.part);
        out.push(record);
    }
    for note in account.notes {
        let mut record = Record::new(Kind::Note, note.text);
        record.at = note.at;
        record.fields.push(field::SECTION, note.section);
        if let Some(horizon) = note.horizon {
            record.fields.push("horizon", horizon);
        }
        record.part = Some(note.part);
        out.push(record);
    }
    // Each of the two places is a record, so that both can be cited.
    for (number, conflict) in (0i64..).zip(account.conflicts) {
        for part in [conflict.one, conflict.other] {
            let mut record = Record::new(Kind::Note, conflict.text.clone());
            record.fields.push(field::SECTION, "contradiction");
            record.fields.push("code", conflict.code);
            record.fields.push("number", number);
            record.part = Some(part);
            out.push(record);
        }
    }
    Some(())
}

fn title(account: &document::Account) -> Option<String> {
    let fact = account.facts.iter().find(|f| f.name == "title")?;
    fact.value.as_text().map(str::to_owned)
}
