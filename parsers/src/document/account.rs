//! Everything that a document says about its incident.

use super::block::{self, Shape};
use super::conflict::{self, Conflict};
use super::dating::{self, Calendar, Moment};
use super::facts::Facts;
use super::lead::Time;
use super::outline::{self, Part};
use super::section::{self, Section};
use super::timeline::{self, Entry};
use super::updates;
use super::window;
use crate::record::Value;
use crate::stamp::Reading;
use std::ops::Range;

/// What a document says about an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// The facts of its head, each with where it is stated.
    pub facts: Vec<Fact>,
    /// Everything else it says, in its order.
    pub notes: Vec<Note>,
    /// Where it contradicts itself.
    pub conflicts: Vec<Conflict>,
}

/// One fact that a document states about the incident as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// `start`, `end`, `zone`, `duration_minutes`, `users_affected_percent`, `timeline_entries`, `title`.
    pub name: &'static str,
    /// What it is.
    pub value: Value<'static>,
    /// The bytes of the document that state it.
    pub part: Range<usize>,
}

/// One statement of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Which part of the document it stands in, by name.
    pub section: &'static str,
    /// How soon a task is due: immediate, short, long.
    pub horizon: Option<&'static str>,
    /// When, for an entry of the timeline.
    pub at: Option<Reading>,
    /// What it says.
    pub text: String,
    /// The bytes of the document that say it.
    pub part: Range<usize>,
}

/// Reads a document. `None` unless it tells of an incident: a guide to writing
/// postmortems or an empty template states no time at which anything happened.
#[must_use]
pub fn read(source: &[u8]) -> Option<Account> {
    let parts = outline::outline(block::blocks(source));
    let in_prose = window::tells_of_a_failure(&parts);
    if !in_prose && !is_about_incident(&parts) && updates::updates(&parts).is_empty() {
        return None;
    }
    let calendar = Calendar::of(&parts);
    let entries = timeline::entries(&parts);
    let moments = dating::moments(&entries, &calendar);
    let read = Facts {
        parts: &parts,
        calendar: &calendar,
        entries: &entries,
        moments: &moments,
    };
    let facts = read.all();
    let dated = facts.iter().any(|f| matches!(f.name, "start" | "end"));
    // Times in a document without a timeline are its incident's only where it tells of one.
    let told = kinds(&parts) >= 2
        && facts
            .iter()
            .any(|f| f.name == "start" && is_told(&parts, f));
    let happened = dated && (told || in_prose) || entries.iter().any(|e| e.counts);
    let notes = notes(&parts, &entries, &moments, &calendar);
    happened.then(|| Account {
        facts,
        notes,
        conflicts: conflict::conflicts(&read),
    })
}

/// Words that accounts of incidents are full of.
const INCIDENT: &[&str] = &[
    "outage",
    "incident",
    "postmortem",
    "post-mortem",
    "root cause",
    "downtime",
    "unavailable",
    "went down",
    "resolved",
    "restored",
    "affected",
    "impact",
    "escalat",
    "mitigat",
    "rollback",
    "rolled back",
    "failure",
    "error",
    "alert",
    "timeline",
    "detected",
    "contributing factor",
    "lessons learn",
    "time to recover",
    "reported",
];

/// Whether a text is prose about an incident: its words, and the headings of its sections.
fn is_about_incident(parts: &[Part]) -> bool {
    let said: Vec<String> = parts
        .iter()
        .filter(|p| p.block.shape != Shape::Code)
        .map(|p| p.text().to_lowercase())
        .collect();
    let words = INCIDENT
        .iter()
        .filter(|w| said.iter().any(|t| section::has_word(t, w)))
        .count();
    let kinds = kinds(parts);
    words >= 2 && kinds >= 1 && words + 2 * kinds >= 6
}

/// How many kinds of sections a document has.
fn kinds(parts: &[Part]) -> usize {
    let mut names: Vec<&str> = parts
        .iter()
        .filter(|p| p.is_label || p.body > 0)
        .filter(|p| p.section != Section::Other)
        .map(|p| p.section.name())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// Whether a fact stands where documents tell what happened.
fn is_told(parts: &[Part], fact: &Fact) -> bool {
    let part = parts.iter().find(|p| {
        let whole = p.block.text.whole();
        whole.start <= fact.part.start && fact.part.end <= whole.end
    });
    part.is_some_and(|p| {
        !matches!(
            p.section,
            Section::Other | Section::Tasks | Section::Measures
        )
    })
}

/// Every statement, the timeline's with their times.
fn notes(
    parts: &[Part],
    entries: &[Entry],
    moments: &[Option<Moment>],
    calendar: &Calendar,
) -> Vec<Note> {
    let mut found = Vec::new();
    for (number, part) in parts
        .iter()
        .enumerate()
        .filter(|(_, p)| p.block.shape != Shape::Code)
    {
        let text = part.text();
        let mut timed = false;
        for (entry, moment) in entries
            .iter()
            .zip(moments)
            .filter(|(e, _)| e.part == number)
        {
            timed = true;
            let said = text.get(entry.text.clone()).unwrap_or_default().trim();
            if said.is_empty() && is_told_below(entries, entry) {
                continue;
            }
            let start = lead_start(entry);
            found.push(Note {
                section: Section::Timeline.name(),
                horizon: None,
                at: dating::reading(entry, *moment, calendar),
                text: said.to_owned(),
                part: part
                    .block
                    .text
                    .source(start.min(entry.text.start)..entry.text.end),
            });
        }
        if timed || part.is_label {
            continue;
        }
        let section = if part.section == Section::Timeline {
            Section::Other
        } else {
            part.section
        };
        let body = text.get(part.body..).unwrap_or_default();
        for range in super::sentences(body) {
            let said = body.get(range.clone()).unwrap_or_default().trim();
            if said.chars().any(char::is_alphanumeric) {
                found.push(Note {
                    section: section.name(),
                    horizon: part.horizon,
                    at: None,
                    text: said.to_owned(),
                    part: part
                        .block
                        .text
                        .source(part.body + range.start..part.body + range.end),
                });
            }
        }
    }
    found
}

/// Where an entry begins, its time included.
fn lead_start(entry: &Entry) -> usize {
    match &entry.time {
        Some(Time::Clock(m)) if entry.counts => m.range.start,
        Some(Time::Since(_)) if entry.counts => 0,
        _ => entry.text.start,
    }
}

/// A time that stands alone, with what happened then on the lines below it.
fn is_told_below(entries: &[Entry], entry: &Entry) -> bool {
    let next = entries.iter().find(|e| e.part > entry.part);
    entry.counts && next.is_some_and(|n| !n.counts)
}

#[cfg(test)]
mod tests {
    use super::{Account, read};

    fn fact(account: &Account, name: &str) -> Option<String> {
        let value = &account.facts.iter().find(|f| f.name == name)?.value;
        let number = value.as_f64().map(|n| n.to_string());
        number.or_else(|| value.as_text().map(str::to_owned))
    }

    /// Start, end, minutes, users and entries as one line.
    fn stated(text: &str) -> Option<String> {
        let account = read(text.as_bytes())?;
        let names = [
            "start",
            "end",
            "duration_minutes",
            "users_affected_percent",
            "timeline_entries",
        ];
        let shown = names.map(|n| fact(&account, n).unwrap_or("-".to_owned()));
        Some(shown.join(" "))
    }

    fn times(text: &str) -> Vec<String> {
        let account = read(text.as_bytes()).unwrap_or_default();
        let timed = account.notes.iter().filter_map(|n| n.at);
        timed.map(|at| at.notation()).collect()
    }

    #[test]
    fn a_window_in_prose_and_a_plain_list() {
        let text = "Issue summary\nOn 3 May 2024 from 1:00 to 3:30 PM (GMT+1) checkout was down for half of our users.\n\
            Timeline\n1:00 PM Error alert fires\n1:20 PM Cache suspected\n3:30 PM Service restored\nRoot cause\nA bad index.\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2024-05-03T13:00 2024-05-03T15:30 150 50 3")
        );
        assert_eq!(
            times(text),
            [
                "2024-05-03T12:00:00Z",
                "2024-05-03T12:20:00Z",
                "2024-05-03T14:30:00Z"
            ]
        );
    }

    #[test]
    fn a_table_and_a_stated_recovery() {
        let text = "# Queue stuck\n## Summary\nThe outage delayed mail.\n## Timeline\nAll times in UTC.\n\n| Time | Event |\n\
            | --- | --- |\n| 2025-02-03 09:00 | Maintenance starts |\n| 2025-02-03 09:40 | Consumers stop |\n\
            | 2025-02-03 09:45 | Alert |\n| 2025-02-03 10:10 | Consumers run |\n| 2025-02-03 12:00 | Ticket closed |\n\
            ## Stats\n- Time to detection: 5 minutes\n- Time to recovery: 30 minutes\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2025-02-03T09:40 2025-02-03T10:10 30 - 5")
        );
    }

    #[test]
    fn a_night_and_a_relative_clock() {
        let night = "# Outage of 7 June 2024\n## Timeline (UTC)\n- 23:40: errors begin\n- 00:15: pager\n- 01:05: resolved\n## Impact\nLogins failed.\n";
        assert_eq!(
            stated(night).as_deref(),
            Some("2024-06-07T23:40 2024-06-08T01:05 85 - 3")
        );
        assert_eq!(
            times(night).last().map(String::as_str),
            Some("2024-06-08T01:05:00Z")
        );
        let relative = "# Postmortem\n## Impact\nThe outage affected 80% of users.\n## Timeline\n- T+0m: failures\n- T+10m: alert\n- T+1h: resolved\n";
        assert_eq!(stated(relative).as_deref(), Some("- - - 80 3"));
        assert_eq!(times(relative), ["+0s", "+600s", "+3600s"]);
    }

    #[test]
    fn minutes_counted_from_a_dated_start() {
        let text = "# Postmortem\n## Impact\nThe outage affected 80% of users.\n## Timeline\nT0 is 2024-05-02 23:40 UTC.\n\n\
            - T+0: failures\n- T+4: alert\n- T+38: service restored\n- T+90: review\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2024-05-02T23:40 2024-05-03T00:18 38 80 4")
        );
    }

    #[test]
    fn a_mail_with_a_plain_list() {
        let text = "From: Ines <ines@example.org>\nTo: all@example.org\nDate: Fri, 15 Mar 2024 09:00:00 +0000\n\
            Subject: RCA of the outage\n\nHi all,\n\nyesterday, March 14 2024, carts were empty from 15:05 to 15:47 UTC and\n\
            1 in 4 customers could not pay.\n\n15:05  deploy\n15:09  Bea gets paged\n15:47  errors gone, resolved\n\n\
            Root cause: a migration never ran.\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2024-03-14T15:05 2024-03-14T15:47 42 25 3")
        );
        let account = read(text.as_bytes()).unwrap_or_default();
        assert_eq!(
            fact(&account, "title").as_deref(),
            Some("RCA of the outage")
        );
    }

    #[test]
    fn times_that_stand_at_the_ends_of_lines() {
        let text = "Postmortem: broken exports\n\nSummary: exports were empty on 2024-07-12.\n\nSequence of events\n\
            * Release 5.1 rolled out (10:15 UTC)\n* First complaint (10:52 UTC)\n* Hotfix live, exports restored (12:05 UTC)\n\n\
            Root cause: a wrong default.\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2024-07-12T10:15 2024-07-12T12:05 110 - 3")
        );
    }

    #[test]
    fn a_page_of_html() {
        let text = "<html><body><h1>Postmortem: names do not resolve</h1>\n<h2>Impact</h2><p>The outage hit all users.</p>\n\
            <h2>Timeline</h2>\n<table><tr><th>Time (UTC)</th><th>What</th></tr>\n\
            <tr><td>2024-05-07 03:10</td><td>Zone file pushed with a syntax error; outage begins</td></tr>\n\
            <tr><td>2024-05-07 03:18</td><td>Page: the resolvers of both sites do not answer</td></tr>\n\
            <tr><td>2024-05-07 04:25</td><td>resolved</td></tr></table></body></html>\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2024-05-07T03:10 2024-05-07T04:25 75 - 3")
        );
    }

    #[test]
    fn phases_keep_their_sections() {
        let text = "Postmortem of an outage\nTimeline:\n\nDetection Time:\nMay 3, 2024, 10:30 AM (UTC)\nMisleading Paths:\n\
            Blamed the network.\nEscalation:\nCalled the database team.\nRoot Cause:\nA full disk.\nTasks:\nShort Term:\nAdd an alert.\n";
        let account = read(text.as_bytes()).unwrap_or_default();
        let said = |section: &str| {
            let found = account.notes.iter().find(|n| n.section == section);
            found.map(|n| (n.text.as_str(), n.at.is_some(), n.horizon))
        };
        assert_eq!(
            said("misleading"),
            Some(("Blamed the network.", false, None))
        );
        assert_eq!(
            said("escalation"),
            Some(("Called the database team.", false, None))
        );
        assert_eq!(said("root_cause"), Some(("A full disk.", false, None)));
        assert_eq!(said("tasks"), Some(("Add an alert.", false, Some("short"))));
        assert_eq!(fact(&account, "timeline_entries").as_deref(), Some("1"));
    }

    #[test]
    fn a_single_paragraph() {
        let text = "On June 3, 2025, between 08:20 and 09:05 UTC, pushes over SSH failed for 15% of users. The cause was a \
            full disk.\n";
        assert_eq!(
            stated(text).as_deref(),
            Some("2025-06-03T08:20 2025-06-03T09:05 45 15 0")
        );
        let plan =
            "On June 3, 2025, between 08:20 and 09:05 UTC, we meet to talk about the new office.\n";
        assert_eq!(stated(plan), None);
    }

    #[test]
    fn what_tells_of_no_incident() {
        let task = "# Postmortem\nWrite one. The summary has to say:\n- how long it lasted, from when to when\n\
            - how many % of the users were affected\n## Timeline\n- when was the issue detected\n## Root cause\n";
        assert_eq!(stated(task), None);
        let template =
            "# Title\n## Date\n## Impact\n## Root causes\n## Timeline\n## Lessons learned\n";
        assert_eq!(stated(template), None);
        let manual =
            "# errlog\n## Usage\nRun `errlog --since 10:30` to see errors after an incident.\n";
        assert_eq!(stated(manual), None);
    }
}
