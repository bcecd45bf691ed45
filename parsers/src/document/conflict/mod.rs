//! Where a document contradicts itself: two statements that cannot both hold, with the
//! bytes of both. Only what arithmetic and the calendar decide is judged here.

mod days;
mod edges;
mod lengths;
mod steps;
mod zones;

use super::block::Shape;
use super::facts::Facts;
use super::outline::Part;
use super::section::{self, Section};
use super::{share, span};
use std::ops::Range;

/// Two statements of a document of which at most one is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `date`, `detection`, `duration`, `end`, `order`, `share`, `start`, `status` or `zone`.
    pub code: &'static str,
    /// What contradicts what.
    pub text: String,
    /// The bytes of the one.
    pub one: Range<usize>,
    /// The bytes of the other.
    pub other: Range<usize>,
}

/// Minutes by which two exact durations may differ: each is rounded.
const ROUNDING: i64 = 1;

/// Words by which people tell that something was seen.
const NOTICED: &[&str] = &[
    "detected",
    "alert",
    "went down",
    "noticed",
    "reported",
    "outage",
];

/// All contradictions that are found, in the order of the rules.
pub(crate) fn conflicts(facts: &Facts<'_>) -> Vec<Conflict> {
    let window = facts.window();
    let steps = steps::steps(facts);
    let mut found = Vec::new();
    found.extend(lengths::window(facts, &window));
    found.extend(lengths::repeated(facts));
    found.extend(lengths::total(facts, &window));
    found.extend(lengths::phases(facts));
    found.extend(lengths::detection(facts, &window));
    found.extend(steps::intervals(facts, &steps, &window));
    found.extend(steps::order(facts, &steps));
    found.extend(edges::entries(facts, &steps));
    found.extend(edges::edges(facts, &window));
    found.extend(edges::title(facts, &window));
    found.extend(shares(facts));
    found.extend(counts(facts));
    found.extend(days::weekday(facts));
    found.extend(days::quoted(facts));
    found.extend(zones::zones(facts));
    found.extend(status(facts));
    // Two rules may find the same one.
    let mut seen = Vec::new();
    found.retain(|c| {
        let new = !seen.contains(&(c.code, c.other.clone()));
        seen.push((c.code, c.other.clone()));
        new
    });
    found
}

fn place(parts: &[Part], part: usize, range: Range<usize>) -> Range<usize> {
    parts.get(part).map_or(0..0, |p| p.block.text.source(range))
}

fn whole(parts: &[Part], part: usize) -> Range<usize> {
    parts.get(part).map_or(0..0, |p| p.block.text.whole())
}

/// "All users" in one place and "80 % of users" in another.
fn shares(facts: &Facts<'_>) -> Option<Conflict> {
    let all = share::every(facts.parts);
    let first = all.first()?;
    let other = all
        .iter()
        .find(|s| (s.percent - first.percent).abs() > 1.0)?;
    Some(Conflict {
        code: "share",
        text: format!(
            "{} % of users and {} % of users",
            first.percent, other.percent
        ),
        one: place(facts.parts, first.part, first.range.clone()),
        other: place(facts.parts, other.part, other.range.clone()),
    })
}

/// "300 of 4,000 users" called 12 %.
fn counts(facts: &Facts<'_>) -> Option<Conflict> {
    let told = |p: &Part| matches!(p.section, Section::Summary | Section::Impact) && p.speaks();
    for (number, part) in facts.parts.iter().enumerate().filter(|(_, p)| told(p)) {
        for range in super::sentences(part.text()) {
            let sentence = part.text().get(range.clone()).unwrap_or_default();
            let Some((counted, few, all)) = share::counted_of(sentence) else {
                continue;
            };
            let exact = few / all * 100.0;
            let stated = share::percents(sentence);
            let agrees = |p: f64| (p - exact).abs() <= (exact * 0.1).max(1.0);
            if stated.is_empty() || stated.iter().any(|(_, p)| agrees(*p)) {
                continue;
            }
            let (percent_at, percent) = stated.into_iter().next()?;
            let shift = |r: Range<usize>| range.start + r.start..range.start + r.end;
            return Some(Conflict {
                code: "share",
                text: format!("{few} of {all} users are {exact:.1} %, not {percent} %"),
                one: place(facts.parts, number, shift(percent_at)),
                other: place(facts.parts, number, shift(counted)),
            });
        }
    }
    None
}

/// One server error in the title or summary, and only another one as the cause.
fn status(facts: &Facts<'_>) -> Option<Conflict> {
    let head = |p: &Part| p.block.shape == Shape::Heading(1) || p.section == Section::Summary;
    let cause = |p: &Part| p.section == Section::RootCause && !p.is_label;
    let (one, other) = (codes(facts.parts, head), codes(facts.parts, cause));
    let (part, range, code) = one.first()?;
    let (part2, range2, code2) = other.first()?;
    let disjoint = !one.iter().any(|(.., c)| other.iter().any(|(.., o)| o == c));
    disjoint.then(|| Conflict {
        code: "status",
        text: format!("{code} in the summary, {code2} as the cause"),
        one: place(facts.parts, *part, range.clone()),
        other: place(facts.parts, *part2, range2.clone()),
    })
}

fn codes(parts: &[Part], wanted: impl Fn(&Part) -> bool) -> Vec<(usize, Range<usize>, &str)> {
    let mut found = Vec::new();
    for (number, part) in parts.iter().enumerate().filter(|(_, p)| wanted(p)) {
        let text = part.text();
        let lower = text.to_lowercase();
        let spoken = ["error", "status", "http", "code"]
            .iter()
            .any(|w| section::has_word(&lower, w));
        let codes = words(text).filter(|(_, w)| matches!(*w, "500" | "502" | "503" | "504"));
        // A count beside a unit is no status.
        let timed: Vec<_> = span::durations(text).into_iter().map(|(r, _)| r).collect();
        let codes = codes.filter(|(at, _)| spoken && !timed.iter().any(|r| r.contains(at)));
        found.extend(codes.map(|(at, word)| (number, at..at + word.len(), word)));
    }
    found
}

/// The words of a text and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|w| (w.as_ptr().addr() - text.as_ptr().addr(), w))
}

#[cfg(test)]
mod tests {
    use crate::document::read;

    /// The codes of what is found in a document, once each.
    fn codes(text: &str) -> Vec<&'static str> {
        let account = read(text.as_bytes()).expect("a postmortem");
        for conflict in &account.conflicts {
            for part in [&conflict.one, &conflict.other] {
                assert!(!part.is_empty() && part.end <= text.len(), "{conflict:?}");
            }
        }
        account.conflicts.iter().map(|c| c.code).collect()
    }

    /// A postmortem of an outage from 14:00 to 15:30, with some statements replaced.
    fn outage(replaced: &[(&str, &str)]) -> String {
        let mut text = "# Postmortem: login errors\n\n\
            ## Summary\n\n\
            On 2024-07-02 from 14:00 to 15:30 UTC the service was down with error 503. \
            It affected 40% of users.\n\n\
            Duration: 90 minutes\n\n\
            ## Timeline\n\n\
            - 14:05 UTC: an alert paged the engineer\n\
            - 14:40 UTC: the pool was found exhausted\n\
            - 15:30 UTC: service was restored\n\n\
            ## Root cause\n\n\
            The pool ran dry and the proxy answered with error 503.\n\n\
            ## Impact\n\n\
            Customers could not log in.\n"
            .to_owned();
        for (from, to) in replaced {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        text
    }

    #[test]
    fn a_consistent_document_has_none() {
        assert!(codes(&outage(&[])).is_empty());
    }

    #[test]
    fn each_kind_is_found() {
        for (from, to, code) in [
            ("Duration: 90", "Duration: 47", "duration"),
            ("- 14:40", "- 14:03", "order"),
            ("- 14:05 UTC: an alert", "- 13:50 UTC: an alert", "start"),
            ("- 15:30", "- 15:02", "end"),
            (
                "Customers could",
                "All users were affected and could",
                "share",
            ),
            ("14:00 to 15:30 UTC", "14:00 to 15:30 PST", "zone"),
            (
                "with error 503.\n\n## Impact",
                "with error 500.\n\n## Impact",
                "status",
            ),
        ] {
            let found = codes(&outage(&[(from, to)]));
            assert_eq!(found, [code], "{to}");
        }
    }
    #[test]
    fn the_change_comes_after_what_it_caused() {
        for (from, to, expected) in [
            (
                "- 14:05 UTC: an alert",
                "- 14:30 UTC: release 7 deployed; an alert",
                vec!["start"],
            ),
            (
                "- 14:05 UTC: an alert",
                "- 14:30 UTC: rollback deployed; an alert",
                vec![],
            ),
            (
                "- 14:05 UTC: an alert",
                "- 14:03 UTC: release 7 deployed; an alert",
                vec![],
            ),
        ] {
            assert_eq!(codes(&outage(&[(from, to)])), expected, "{to}");
        }
    }

    #[test]
    fn a_recovery_after_the_stated_end() {
        let late = outage(&[("- 15:30", "- 16:10")]);
        assert_eq!(codes(&late), ["end"]);
    }

    #[test]
    fn a_title_of_another_time() {
        let titled = |t: &str| {
            format!(
                "# 2024-07-02 {t} UTC, logins fail\n\n## Summary\n\nAn outage.\n\n## Timeline\n\n\
                 ### 2024-07-02 14:02 UTC\n\nThe pool runs dry.\n\n### 14:20 UTC\n\nRestart.\n\n\
                 ### 15:00 UTC\n\nService restored.\n\n## Root cause\n\nThe pool.\n"
            )
        };
        assert_eq!(codes(&titled("14:12")), ["start"]);
        assert!(codes(&titled("14:02")).is_empty());
        assert!(codes(&titled("14:20")).is_empty());
    }

    #[test]
    fn lengths_that_do_not_fit() {
        let told = |summary: &str, stats: &str| {
            outage(&[
                ("Duration: 90 minutes", stats),
                ("It affected 40% of users.", summary),
            ])
        };
        for (summary, stats, expected) in [
            (
                "Logins failed for 64 minutes.",
                "Duration: 90 minutes",
                vec!["duration"],
            ),
            (
                "Logins failed for 88 minutes.",
                "Duration: 90 minutes",
                vec![],
            ),
            (
                "For 12 minutes nothing worked.",
                "Duration: 90 minutes",
                vec![],
            ),
            (
                "It failed.",
                "Time to detect: 5 minutes\n\nTime to repair: 30 minutes\n\nDuration: 90 minutes",
                vec!["duration"],
            ),
            (
                "It failed.",
                "Time to detect: 5 minutes\n\nTime to repair: 85 minutes\n\nDuration: 90 minutes",
                vec![],
            ),
            ("It was noticed within 1 minute.", "", vec!["detection"]),
            ("It was noticed within 5 minutes.", "", vec![]),
            (
                "It failed.",
                "Time to detection: 31 minutes",
                vec!["detection"],
            ),
        ] {
            assert_eq!(codes(&told(summary, stats)), expected, "{summary} {stats}");
        }
    }

    #[test]
    fn parts_that_make_no_total() {
        let three = |total: &str| {
            format!(
                "# Three outages\n\n## Summary\n\nTogether {total} of downtime.\n\n\
                 ## First incident\n\n**Duration:** 2024-03-11 10:00 to 11:10 UTC (70 minutes)\n\n\
                 Root cause: a full disk.\n\n## Second incident\n\n\
                 **Duration:** 2024-03-12 13:00 to 13:50 UTC (50 minutes)\n\n## Third incident\n\n\
                 **Duration:** 2024-03-14 20:00 to 22:00 UTC (120 minutes)\n"
            )
        };
        assert_eq!(codes(&three("more than 6 hours")), ["duration"]);
        assert!(codes(&three("4 hours")).is_empty());
    }

    #[test]
    fn counts_of_users_and_their_share() {
        let with = |said: &str| outage(&[("It affected 40% of users.", said)]);
        let off = with("It affected 12% of users (1,200 of 4,000 users).");
        assert_eq!(codes(&off), ["share"]);
        let fits = with("It affected 30% of users (1,200 of 4,000 users).");
        assert!(codes(&fits).is_empty());
    }

    #[test]
    fn days_of_the_week() {
        for (day, expected) in [
            ("On Monday, July 1, 2024", vec!["date"; 0]),
            ("On Wednesday, July 1, 2024", vec!["date"]),
            ("On July 1, 2024 (Wednesday)", vec!["date"]),
            ("On July 1, 2024, Sunday staff", vec![]),
            ("On Tue 02/07/2024", vec![]),
        ] {
            let text = outage(&[("On 2024-07-02", day)]);
            assert_eq!(codes(&text), expected, "{day}");
        }
    }

    #[test]
    fn a_quoted_log_of_another_year() {
        let quoting = |day: &str| {
            let log = format!(
                "dry.\n\n```\n{day} 14:01:10 pool: no slot\n{day} 14:01:12 pool: no slot\n```\n"
            );
            outage(&[("dry and", &format!("{log}\nDry and"))])
        };
        assert_eq!(codes(&quoting("2021/02/11")), ["date"]);
        assert!(codes(&quoting("2024/07/02")).is_empty());
    }

    #[test]
    fn an_alert_before_the_beginning_told_in_prose() {
        let told = |at: &str| {
            let section =
                format!("## Detection\n\nAn alert paged us at {at} UTC.\n\n## Root cause");
            outage(&[("## Root cause", &section)])
        };
        assert_eq!(codes(&told("13:40")), ["start"]);
        assert!(codes(&told("14:05")).is_empty());
    }

    #[test]
    fn zones_that_are_mixed_up() {
        let reported = |at: &str| {
            let said = format!("It was reported at {at}. It affected");
            outage(&[("It affected", &said)])
        };
        assert_eq!(codes(&reported("14:40 CEST")), ["zone"]);
        assert!(codes(&reported("16:40 CEST")).is_empty());
        let story = |zone: &str| {
            format!(
                "# Postmortem\n\nAt 06:05 CAT an outage began: the server answered with errors.\n\n\
                 ## Debugging\n\nThe engineer was told of the failure at 19:20 {zone} and found the \
                 cause.\n\n## Prevention\n\nTest.\n"
            )
        };
        assert_eq!(codes(&story("PST")), ["zone"]);
        assert!(codes(&story("EAT")).is_empty());
    }
}
