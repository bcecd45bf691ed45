//! Chat as its author writes it: one message a line, under the channel's name.
//!
//! ```text
//! #incident-login
//! 10:38:12 mquintero {lead: database} my money is on the database
//! 10:46:02 > rmoen is it the problem or the victim?
//! ```
//!
//! `>` answers, in a thread, the last message before it that is no answer. What stands
//! in braces says what the message is in the story; it is not part of the text.

use crate::bundle::Mark;
use crate::cast::{self, Person};
use crate::format::slack::{Say, say};
use crate::time::Day;

/// The channels of a script and what is said there.
///
/// # Panics
/// On a line that is none of the above: the script is part of the program.
#[must_use]
pub fn read(day: Day, script: &'static str) -> Vec<(&'static str, Vec<Say>)> {
    let mut channels: Vec<(&'static str, Vec<Say>)> = Vec::new();
    let mut parent: Option<Say> = None;
    for line in script.lines().filter(|l| !l.trim().is_empty()) {
        if let Some(name) = line.strip_prefix('#') {
            channels.push((name, Vec::new()));
            continue;
        }
        let (reply, message) =
            message(day, line).unwrap_or_else(|| panic!("not a line of a script: {line}"));
        let message = match &parent {
            Some(parent) if reply => message.to(parent),
            _ => *parent.insert(message),
        };
        match channels.last_mut() {
            Some((_, said)) => said.push(message),
            None => panic!("no channel before: {line}"),
        }
    }
    channels
}

fn message(day: Day, line: &'static str) -> Option<(bool, Say)> {
    let (clock, rest) = line.split_once(' ')?;
    let hhmmss = clock.replace(':', "").parse().ok()?;
    let (reply, rest) = match rest.strip_prefix("> ") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (login, text) = rest.split_once(' ')?;
    let who = person(login)?;
    let Some((name, text)) = text.strip_prefix('{').and_then(|t| t.split_once("} ")) else {
        return Some((reply, say(day.at(hhmmss), who, text)));
    };
    Some((reply, say(day.at(hhmmss), who, text).is(mark(name)?)))
}

fn person(login: &str) -> Option<Person> {
    cast::ALL.into_iter().find(|p| p.login == login)
}

fn mark(name: &'static str) -> Option<Mark> {
    Some(match name {
        "escalated" => Mark::Escalated,
        "identified" => Mark::Identified,
        "works again" => Mark::SaidMitigated,
        "resolved" => Mark::Resolved,
        "closed" => Mark::Closed,
        _ => match name.split_once(": ")? {
            ("lead", hypothesis) => Mark::LeadFrom(hypothesis),
            ("ruled out", hypothesis) => Mark::LeadTo(hypothesis),
            ("detected", method) => Mark::Detected(method),
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::bundle::Mark;
    use crate::time::{Day, Zone};

    const DAY: Day = Day {
        date: (2024, 2, 13),
        zone: Zone::PST,
    };

    #[test]
    fn reads_channels_threads_and_marks() {
        let script =
            "#a\n10:00:00 trenner {lead: dns} x {y}\n10:01:00 > hbae no\n\n#b\n24:00:01 rmoen z\n";
        let channels = read(DAY, script);
        let [(a, first), (b, second)] = channels.as_slice() else {
            panic!("two channels: {channels:?}");
        };
        assert_eq!((*a, *b), ("a", "b"));
        assert_eq!(first[0].text, "x {y}");
        assert_eq!(first[0].mark, Some(Mark::LeadFrom("dns")));
        assert_eq!(first[1].parent, Some(first[0].at));
        assert!(second[0].at.rfc3339().starts_with("2024-02-14T08:00:01"));
    }

    #[test]
    #[should_panic(expected = "not a line of a script")]
    fn refuses_an_unknown_person() {
        let _ = read(DAY, "#a\n10:00:00 nobody hello\n");
    }
}
