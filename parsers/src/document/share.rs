//! The share of users that a document says were affected.

use super::counted::{Counted, HARM, USERS, around, asks_users, counted, recovers};
use super::outline::Part;
use super::section::Section;
use std::ops::Range;

/// A statement of the share, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    /// Which part of the document.
    pub(crate) part: usize,
    /// The sentence, as a range of the part's text.
    pub(crate) range: Range<usize>,
    /// Per cent.
    pub(crate) percent: f64,
}

/// How directly a sentence states the share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Directness {
    Percent,
    Fraction,
    All,
    Infrastructure,
}

/// The share of users affected, as the document states it most directly.
pub(crate) fn users_affected(parts: &[Part]) -> Option<Share> {
    let mut best: Option<((bool, Directness), Share)> = None;
    for (number, part) in parts.iter().enumerate().filter(|(_, p)| p.speaks()) {
        if matches!(part.section, Section::Tasks | Section::Measures) {
            continue;
        }
        let above = number
            .checked_sub(1)
            .and_then(|n| parts.get(n))
            .filter(|p| p.is_label);
        let label = above.map_or("", Part::text).to_lowercase();
        for range in super::sentences(part.text()) {
            let sentence = part
                .text()
                .get(range.clone())
                .unwrap_or_default()
                .to_lowercase();
            let Some((directness, percent)) = read(&sentence, &label) else {
                continue;
            };
            let rank = (part.in_timeline, directness);
            if best.as_ref().is_none_or(|(b, _)| rank < *b) {
                best = Some((
                    rank,
                    Share {
                        part: number,
                        range,
                        percent,
                    },
                ));
            }
        }
    }
    best.map(|(_, share)| share)
}

/// Every statement of the share of users that was affected, in the order of the document.
pub(crate) fn every(parts: &[Part]) -> Vec<Share> {
    let mut found = Vec::new();
    let told = |p: &Part| {
        p.speaks() && !p.in_timeline && matches!(p.section, Section::Summary | Section::Impact)
    };
    for (number, part) in parts.iter().enumerate().filter(|(_, p)| told(p)) {
        for range in super::sentences(part.text()) {
            let sentence = part.text().get(range.clone()).unwrap_or_default();
            if let Some((_, percent)) = read(&sentence.to_lowercase(), "") {
                found.push(Share {
                    part: number,
                    range,
                    percent,
                });
            }
        }
    }
    found
}

/// What one sentence, in small letters, states; `label` is the one above it.
fn read(sentence: &str, label: &str) -> Option<(Directness, f64)> {
    let harmed = HARM.iter().any(|w| sentence.contains(w));
    for (range, percent) in percents(sentence) {
        let (before, after) = around(sentence, range);
        if recovers(before, after) {
            continue;
        }
        let labelled = [before, label].iter().any(|t| asks_users(t));
        match counted(after) {
            Some(Counted::Users) => return Some((Directness::Percent, percent)),
            None if labelled => return Some((Directness::Percent, percent)),
            Some(Counted::Whole) if harmed && percent == 100.0 => {
                return Some((Directness::Infrastructure, percent));
            }
            _ => {}
        }
    }
    fraction(sentence)
        .map(|p| (Directness::Fraction, p))
        .or_else(|| affects_all(sentence).then_some((Directness::All, 100.0)))
}

/// Every percentage in `text`.
pub(super) fn percents(text: &str) -> Vec<(Range<usize>, f64)> {
    let signs = ["%", "percent", "per cent"];
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'.')
            .count();
        if len == 0 {
            at += 1;
            continue;
        }
        let number = text.get(at..at + len).and_then(|t| t.parse::<f64>().ok());
        let tail = text.get(at + len..).unwrap_or_default();
        let word = tail.trim_start_matches([' ', '-']);
        let sign = signs.iter().find(|s| word.starts_with(**s));
        if let (Some(number), Some(sign)) = (number.filter(|n| *n <= 100.0), sign) {
            found.push((at..at + len + tail.len() - word.len() + sign.len(), number));
        }
        at += len;
    }
    found
}

/// "1,200 of 4,000 users": where it stands, and both numbers.
pub(super) fn counted_of(sentence: &str) -> Option<(Range<usize>, f64, f64)> {
    for (at, link) in sentence
        .match_indices(" of ")
        .chain(sentence.match_indices(" out of "))
    {
        let before = sentence.get(..at)?;
        let from = before
            .rfind(|c: char| !(c.is_ascii_digit() || c == ','))
            .map_or(0, |n| before.ceil_char_boundary(n + 1));
        let after = sentence.get(at + link.len()..)?;
        let after = after.strip_prefix("the ").unwrap_or(after);
        let len = after
            .find(|c: char| !(c.is_ascii_digit() || c == ','))
            .unwrap_or(after.len());
        let number = |t: &str| t.replace(',', "").parse::<f64>().ok();
        let (few, all) = (
            before.get(from..).and_then(number),
            after.get(..len).and_then(number),
        );
        let (Some(few), Some(all)) = (few, all.filter(|a| *a > 0.0)) else {
            continue;
        };
        let (_, of) = around(after, len..len);
        let of = of.to_lowercase();
        if matches!(counted(&of), Some(Counted::Users)) && few <= all {
            return Some((from..sentence.len() - after.len() + len, few, all));
        }
    }
    None
}

/// "1 in 4 customers", "one out of ten users".
fn one_in(sentence: &str) -> Option<f64> {
    const WORDS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let number = |w: &str| {
        let spelled = WORDS.iter().zip(1u32..).find(|(name, _)| **name == w);
        spelled.map(|(_, n)| n).or_else(|| w.parse().ok())
    };
    for link in [" in ", " out of ", " out of every ", " in every "] {
        for (at, _) in sentence.match_indices(link) {
            let (before, after) = around(sentence, at..at + link.len());
            let few = before.rsplit(' ').next().and_then(number);
            let mut words = after.splitn(2, ' ');
            let all = words.next().and_then(number);
            let (Some(few), Some(all)) = (few, all) else {
                continue;
            };
            // "500 in 2024" is no share.
            let users = matches!(
                counted(words.next().unwrap_or_default()),
                Some(Counted::Users)
            );
            if users && few < all && all <= 20 && !recovers(before, after) {
                return Some(f64::from(few * 100) / f64::from(all));
            }
        }
    }
    None
}

/// "half of our users".
fn fraction(sentence: &str) -> Option<f64> {
    if let Some(percent) = one_in(sentence) {
        return Some(percent);
    }
    let shares = [
        ("two thirds", 66.67),
        ("two-thirds", 66.67),
        ("a third", 33.33),
        ("one third", 33.33),
        ("one-third", 33.33),
        ("a quarter", 25.0),
        ("one quarter", 25.0),
        ("three quarters", 75.0),
        ("half", 50.0),
    ];
    let (at, percent, len) = shares
        .iter()
        .find_map(|(w, p)| Some((sentence.find(w)?, *p, w.len())))?;
    let after = sentence.get(at + len..)?;
    let of = after.trim_start().starts_with("of ");
    let harmed = HARM.iter().any(|w| sentence.contains(w));
    let users = matches!(counted(after), Some(Counted::Users));
    (of && harmed && users && !recovers(sentence.get(..at)?, after)).then_some(percent)
}

/// "affecting all users", "all customers were affected".
fn affects_all(sentence: &str) -> bool {
    let all = |text: &str| {
        ["all", "every", "everyone", "entire"].iter().any(|w| {
            let mut words = text.split_whitespace();
            words.next().is_some_and(|first| {
                first.trim_matches(|c: char| !c.is_alphanumeric()) == *w
                    && (*w == "everyone"
                        || words
                            .take(3)
                            .any(|x| USERS.iter().chain(&["traffic"]).any(|u| x.starts_with(u))))
            })
        })
    };
    let verbs = [
        "affecting ",
        "affected ",
        "affects ",
        "impacting ",
        "impacted ",
        "impacts ",
    ];
    let object = verbs
        .iter()
        .flat_map(|v| sentence.match_indices(v).map(|(n, _)| n + v.len()))
        .any(|n| sentence.get(n..).is_some_and(all));
    let subject = sentence.match_indices("all ").any(|(n, _)| {
        let clause: String = sentence
            .get(n..)
            .unwrap_or_default()
            .chars()
            .take(48)
            .collect();
        all(&clause) && (clause.contains("were affected") || clause.contains("were impacted"))
    });
    object || subject
}

#[cfg(test)]
mod tests {
    use super::read;

    fn percent(text: &str) -> Option<f64> {
        read(&text.to_lowercase(), "").map(|(_, p)| p)
    }

    #[test]
    fn shares_of_users() {
        assert_eq!(
            percent("Approximately 30% of our users saw errors."),
            Some(30.0)
        );
        assert_eq!(
            percent("It hit 12.5 percent of the total user base."),
            Some(12.5)
        );
        assert_eq!(percent("Users affected: ~45%"), Some(45.0));
        assert_eq!(
            percent("At its height 100% of the traffic was impacted."),
            Some(100.0)
        );
        assert_eq!(percent("This affected all users who tried."), Some(100.0));
        assert_eq!(percent("Half of our customers were affected."), Some(50.0));
        assert_eq!(percent("1 in 4 customers could not pay."), Some(25.0));
        assert_eq!(percent("One out of five users saw errors."), Some(20.0));
    }

    #[test]
    fn shares_of_other_things() {
        assert_eq!(percent("97% of requests failed."), None);
        assert_eq!(percent("CPU stood at 100% and users complained."), None);
        assert_eq!(percent("Service was restored for 80% of users."), None);
        assert_eq!(percent("40% of traffic was affected."), None);
        assert_eq!(percent("The site is 100% back."), None);
        assert_eq!(percent("All users are on version 3."), None);
        assert_eq!(percent("Of 500 in 12 regions users see 3."), None);
        assert_eq!(percent("Service was restored for 4 in 5 users."), None);
    }
}
