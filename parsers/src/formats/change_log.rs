//! Change logs that people keep by hand, or that a job writes for them: days as headings and the changes
//! beneath with their times (`- 08:21 UTC  shop: deploy v1.4 [production] (mira)`), or a table in Markdown.
//!
//! The day stands in a line of its own, so that the file is read as a whole. A list of what a release brings
//! states no times, and notes of an incident tell more than changes.

use crate::cut;
use crate::document::diary::{self, Called, Head};
use crate::document::{self, Written};
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::stamp::{DAY, Reading, When};
use crate::token::change;
use crate::token::text::text;
use chrono::{Datelike, NaiveDate};
use std::ops::Range;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "change-log",
    title: "Change log kept by hand (Markdown, plain text)",
    reference: "https://en.wikipedia.org/wiki/Change_control",
    cut: Cut::Document,
    specificity: 50,
    hint: |i| {
        let first = i.iter().find(|b| !b.is_ascii_whitespace());
        !matches!(first, None | Some(b'{' | b'<')) && memchr::memchr(b':', i).is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/change-log/input.md"),
};

/// The longest line that tells a change, or a day.
const LONGEST: usize = 320;
/// Lines with times, and nothing that a person would write between them, after which it is a program's log.
const UNKEPT: usize = 100;
/// Lines above the first day or change that may say which zone the times are in.
const HEAD: usize = 12;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let text = std::str::from_utf8(entry).ok()?;
    let mut log = Log::default();
    for line in cut::lines(entry) {
        log.line(text, line);
        (log.kept || log.items.len() < UNKEPT).then_some(())?;
    }
    let records = log.records(text)?;
    out.extend(records);
    Some(())
}

/// A line with a time.
struct Item {
    line: Range<usize>,
    at: Written,
    day: Option<Called>,
}

#[derive(Default)]
struct Log {
    above: Vec<Range<usize>>,
    day: Option<Called>,
    items: Vec<Item>,
    /// Something stands in it that lines of a program's log have not: days alone, bullets, a table.
    kept: bool,
    /// Lines that are neither a day nor a change.
    others: usize,
}

impl Log {
    fn line(&mut self, text: &str, line: Range<usize>) {
        let Some(said) = text.get(line.clone()).filter(|l| !l.trim().is_empty()) else {
            return;
        };
        let bare = said.trim_start();
        let listed = bare.starts_with(['-', '*', '+', '|', '•']) && !bare.starts_with("---");
        if let Some(day) = heading(said) {
            (self.day, self.kept) = (Some(day), true);
        } else if let Some(at) = written(said).filter(|_| said.len() <= LONGEST) {
            let day = self.day;
            self.kept |= listed;
            self.items.push(Item { line, at, day });
        } else if self.items.is_empty() && self.above.len() < HEAD {
            self.above.push(line);
        } else {
            // What is indented goes on with the change above.
            let goes_on = said.starts_with([' ', '\t']) || said.starts_with(['#', '|', '=', '-']);
            self.others += usize::from(!goes_on);
        }
    }

    fn records(self, text: &str) -> Option<Vec<Record<'_>>> {
        self.kept.then_some(())?;
        let head = Head::of(self.above.iter().filter_map(|l| text.get(l.clone())));
        let first = head.day.filter(|_| !head.copied);
        let titled = self.above.iter().filter_map(|l| text.get(l.clone()));
        let titled = titled.into_iter().any(is_of_changes);
        let (mut records, mut changes) = (Vec::new(), 0);
        for item in self.items {
            let line = text.get(item.line.clone())?;
            let said = line.get(item.at.body..).unwrap_or_default();
            let said = said.trim_matches([' ', '\t', '\r', '|', '*', ':', '–', '—', '-']);
            let plainly = || change::listed_plainly(said).filter(|_| titled);
            let told = change::listed(said).or_else(plainly);
            let told = told.or_else(|| change::line(said));
            let mut record = match told {
                Some(told) => told.record(said),
                None => Record::new(Kind::Note, self::text(said.as_bytes())),
            };
            changes += usize::from(told.is_some());
            record.at = Some(head.finish(dated(item.at.at, item.day, first)?));
            record.part = Some(item.line);
            records.push(record);
        }
        // Two in three tell a change, and little is told besides.
        let mostly = changes > 0 && changes * 3 >= records.len() * 2;
        (mostly && self.others <= records.len()).then_some(records)
    }
}

/// Whether a line above all others says that what follows are changes.
fn is_of_changes(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "change",
        "deploy",
        "release",
        "rollout",
        "änderung",
        "aenderung",
        "ausrollung",
        "cambio",
        "changement",
        "mudança",
        "alteraç",
        "wijziging",
    ];
    let lower = line.to_lowercase();
    lower.len() <= 120 && WORDS.iter().any(|w| lower.contains(w))
}

/// The day that a heading or a line of its own names: `## 2026-03-01`, `### Sunday, 1 March 2026 (freeze)`.
fn heading(line: &str) -> Option<Called> {
    if line.len() > 80 || line.trim_start().starts_with('|') {
        return None;
    }
    let marks = |c: char| {
        matches!(
            c,
            '#' | '*' | '_' | '=' | '-' | '[' | ']' | ' ' | '\t' | '\r'
        )
    };
    let bare = line.trim_matches(marks);
    let (called, rest) = diary::called(bare)?;
    // A time behind the date makes it a change.
    let rest = rest.trim_matches([' ', ',', ':', '.', ']']);
    let titled = line.starts_with('#') || rest.starts_with('(') && rest.ends_with(')');
    let plain =
        rest.split_whitespace().count() <= 4 && !rest.contains(|c: char| c.is_ascii_digit());
    (rest.is_empty() || titled && plain).then_some(called)
}

/// The time that a line tells first, behind its bullet or in its first cells.
fn written(line: &str) -> Option<Written> {
    let marks = |c: char| matches!(c, '-' | '*' | '+' | '•' | '|' | '`' | '_' | ' ' | '\t');
    let from = line.len() - line.trim_start_matches(marks).len();
    let bare = line.get(from..)?;
    // A row may have its day and its time in two cells.
    let joined = bare.replacen('|', " ", 1);
    let table = from > 0 && line.trim_start().starts_with('|');
    let found = if table {
        document::item_time(&joined)
    } else {
        document::item_time(bare)
    }?;
    let body = from + found.body;
    line.is_char_boundary(body)
        .then_some(Written { body, ..found })
}

/// A time of the day that a heading told, if it has none of its own.
fn dated(at: Reading, day: Option<Called>, first: Option<NaiveDate>) -> Option<Reading> {
    let When::TimeOfDay { nanos, offset } = at.when else {
        return Some(at);
    };
    let (date, weekday) = match day {
        None => (Ok(first?), None),
        Some(Called::Date(day, weekday)) => (day.date(None).ok_or(day), weekday),
        Some(_) => return None,
    };
    let when = match date {
        Ok(date) => When::Local(
            i64::from(date.num_days_from_ce() - 719_163)
                .saturating_mul(DAY)
                .saturating_add(nanos),
        ),
        Err(day) => When::Yearless {
            month: u8::try_from(day.month).ok()?,
            day: u8::try_from(day.day).ok()?,
            nanos,
            weekday,
            offset: None,
        },
    };
    let local = Reading { when, ..at };
    Some(offset.map_or(local, |o| local.at_offset(o)))
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
            let who = r.actor.as_ref().map_or("-", |a| a.name.as_ref());
            let field = |name| r.fields.text(name).unwrap_or("-");
            let (kind, version) = (field("change"), field("version"));
            let service = r.service.as_deref().unwrap_or("-");
            format!(
                "{at} {kind} {service} {version} {} {who}",
                field("environment")
            )
        };
        Some(out.iter().map(line).collect())
    }

    #[test]
    fn days_stand_above_changes_in_many_ways() {
        for (text, expected) in [
            (
                "# Changes\n\n## 2025-05-07\n- 09:12 UTC  berth-api: deploy 3.1.0 [production] (ola)\n\n## 2025-05-08\n- 00:30 UTC  berth-api: rollback to 3.0.9 [production] (mira)\n",
                [
                    "2025-05-07T09:12:00Z deploy berth-api 3.1.0 production ola",
                    "2025-05-08T00:30:00Z rollback berth-api 3.0.9 production mira",
                ],
            ),
            (
                "Production changes, times in UTC\n\n### Thursday, 8 May 2025\n* **00:30** – rolled back berth-api to 3.0.9 in production by mira\n### Wednesday, 7 May 2025\n* **09:12** – deployed berth-api 3.1.0 to production by ola\n",
                [
                    "2025-05-08T00:30:00Z rollback berth-api 3.0.9 production mira",
                    "2025-05-07T09:12:00Z deploy berth-api 3.1.0 production ola",
                ],
            ),
            (
                "# Changes\n\nTimes are UTC.\n\n- 2025-05-07 09:12 kiosk (production): limit of connections lowered to 10 (Mira Lund)\n- 2025-05-08 00:30 berth-api (staging): release 3.0.9 (Ola Lind)\n",
                [
                    "2025-05-07T09:12:00Z config kiosk - production Mira Lund",
                    "2025-05-08T00:30:00Z deploy berth-api 3.0.9 staging Ola Lind",
                ],
            ),
            (
                "2025-05-07\n  09:12 UTC deployed berth-api 3.1.0 to production (ola)\n2025-05-08\n  00:30 UTC restarted berth-api in production (mira)\n",
                [
                    "2025-05-07T09:12:00Z deploy berth-api 3.1.0 production ola",
                    "2025-05-08T00:30:00Z restart berth-api - production mira",
                ],
            ),
            (
                "| Date | Time (UTC) | Service | Change | Env | Who |\n|---|---|---|---|---|---|\n| 2025-05-07 | 09:12 | berth-api | deploy 3.1.0 | production | ola |\n| 2025-05-08 | 00:30 | berth-api | rollback to 3.0.9 | production | mira |\n",
                [
                    "2025-05-07T09:12:00Z deploy berth-api 3.1.0 production ola",
                    "2025-05-08T00:30:00Z rollback berth-api 3.0.9 production mira",
                ],
            ),
        ] {
            assert_eq!(read(text).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn notes_and_lists_of_releases_are_none() {
        for text in [
            "## 2025-05-07\n- 09:12 ola: berth-api is slow\n- 09:20 mira: deploy 3.1.0 of berth-api to production looks bad\n- 09:31 ola: better\n",
            "# Changelog\n\n## [3.1.0] - 2025-05-07\n### Added\n- Berths can be booked: deploy it to production\n\n## 3.0.9 - 2025-05-01\n- Fixed rounding\n",
            "2025-05-07 09:12:10 deployed berth-api 3.1.0 to production by ola\n2025-05-07 09:40:10 deployed berth-api 3.1.1 to production by ola\n",
            "- 09:12 deployed berth-api 3.1.0 to production by ola\n",
            "# Outage\n\nOn 7 May 2025 it was down.\nWe looked at it.\nAll of it.\n\n## 2025-05-07\n- 09:12 UTC deployed berth-api 3.1.0 to production by ola\nThis broke it.\nIt was bad.\nWe are sorry.\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
