//! The subject of a mail that tells an alert.

use super::{Labels, state};
use crate::record::AlertState;

/// What a subject tells.
#[derive(Debug)]
pub struct Subject<'s> {
    /// The state.
    pub state: AlertState,
    /// The words are of alerts alone.
    pub own: bool,
    /// Somebody took it.
    pub acknowledges: bool,
    /// How bad it is, by the words themselves.
    pub grade: Option<&'static str>,
    /// The rule or check, or all that is said of it.
    pub name: Option<&'s str>,
    /// Where.
    pub host: Option<&'s str>,
    /// The check that Nagios calls a service.
    pub check: Option<&'s str>,
    /// What stands in brackets.
    pub labels: Labels<'s>,
}

const MARKS: [char; 9] = [' ', '\t', ':', '-', '|', '*', '!', ']', '–'];

/// Reads a subject; `None` where it tells no state, and for answers and what is passed on.
#[must_use]
pub fn read(subject: &str) -> Option<Subject<'_>> {
    let said = subject.trim_matches(|c: char| c.is_whitespace() || c == '*');
    let lower = said.to_ascii_lowercase();
    let answers = ["re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "antw:", "tr:"];
    if answers.iter().any(|a| lower.starts_with(a)) {
        return None;
    }
    let (front, rest) = front(said);
    let (rest, last) = ending(rest);
    let acknowledges = matches!(front, Some(Front::Acknowledged));
    let (state, own, grade) = match (front, last) {
        (Some(Front::Told(state, own, grade)), last) => (
            state,
            own || last.is_some(),
            last.and_then(|(_, g)| g).or(grade),
        ),
        (Some(Front::Acknowledged | Front::Other), _) => (AlertState::Unknown, true, None),
        (None, Some((state, grade))) => (state, false, grade),
        (None, None) => return None,
    };
    let rest = unlabelled(rest);
    let labels = Labels::of(rest);
    let bare = rest.split(" (").next().unwrap_or(rest).trim_matches(MARKS);
    let quoted = bare.strip_prefix('"').and_then(|b| b.split('"').next());
    // `Check_MK: kiosk-7/load`: the product in front.
    let behind = || placed(bare.split_once(": ")?.1);
    let place = placed(bare).or_else(behind).filter(|_| quoted.is_none());
    let (name, host, check) = match place {
        Some((host, check)) => (
            Some(check),
            Some(host),
            (!check.contains(' ')).then_some(check),
        ),
        None => (quoted.or(Some(bare)).filter(|n| !n.is_empty()), None, None),
    };
    // Of "X on Y", X is what is checked and no service.
    let check = check.filter(|_| !bare.contains(" on "));
    Some(Subject {
        state,
        own,
        acknowledges,
        grade,
        name,
        host,
        check,
        labels,
    })
}

/// The host and the check: `kiosk-7/ping`, `kiosk-7 - ping`, `ping on kiosk-7`.
fn placed(said: &str) -> Option<(&str, &str)> {
    let is_host = |h: &str| !h.is_empty() && !h.contains(' ') && !h.starts_with('/');
    let slashed = said.split_once('/').filter(|(h, _)| is_host(h));
    let dashed = || said.split_once(" - ").filter(|(h, _)| is_host(h));
    let on = || {
        let (check, host) = said.rsplit_once(" on ")?;
        let host = host.strip_prefix("host:").unwrap_or(host);
        is_host(host).then_some((host, check))
    };
    let found = on().or(slashed).or_else(dashed)?;
    let (host, check) = (found.0.trim(), found.1.trim());
    (!check.is_empty()).then_some((host, check))
}

/// What a subject begins with.
#[derive(Clone, Copy)]
enum Front {
    /// A state, whether only alerts have it, and how bad it is.
    Told(AlertState, bool, Option<&'static str>),
    /// Somebody took it.
    Acknowledged,
    /// Flapping, maintenance: neither firing nor well.
    Other,
}

/// The state in front, behind other words in brackets at most, and what stands behind it.
fn front(said: &str) -> (Option<Front>, &str) {
    let mut open = false;
    for (n, word) in said.split_whitespace().take(5).enumerate() {
        let end = word.as_ptr() as usize - said.as_ptr() as usize + word.len();
        let rest = || {
            said.get(end..)
                .unwrap_or_default()
                .trim_start_matches(MARKS)
        };
        let begins = n == 0 || !open && word.starts_with('[');
        if let Some((state, own, grade)) = state(word).filter(|t| begins || !open || t.1) {
            let rest = match word.starts_with('[') && !word.ends_with([']', ':']) {
                // `[Triggered on {host:kiosk-7}] slow`
                true => rest()
                    .split_once(']')
                    .map_or(rest(), |(_, r)| r.trim_start_matches(MARKS)),
                false => rest(),
            };
            let own = own || word.starts_with('[') || word.ends_with(':');
            return (Some(Front::Told(state, own, grade)), rest);
        }
        let bare = word.trim_matches(['[', ']', ':']);
        if bare.starts_with("ACKNOWLEDGE") {
            return (Some(Front::Acknowledged), rest());
        }
        if bare.starts_with("FLAPPING") || bare.starts_with("DOWNTIME") || bare == "CUSTOM" {
            return (Some(Front::Other), rest());
        }
        if let Some(found) = (!open).then(|| capitalised(word, rest())).flatten() {
            return (Some(found.0), found.1);
        }
        open = match open || word.starts_with('[') {
            // A word of another sort ends what may stand before the state.
            false => return (None, said),
            true => !word.ends_with([']', ':']),
        };
    }
    (None, said)
}

/// `Problem: …`, `Resolved in 4m 7s: …`: in small letters it takes the colon.
fn capitalised<'s>(word: &str, rest: &'s str) -> Option<(Front, &'s str)> {
    use AlertState::{Firing, Resolved};
    let bare = word.trim_end_matches(':');
    let state = match bare {
        "Problem" | "Triggered" | "Firing" | "Alerting" | "Alarm" | "Critical" | "Warning"
        | "Alert" | "Down" => Firing,
        "Resolved" | "Recovered" | "Recovery" | "Cleared" | "Ok" | "Up" => Resolved,
        _ => return None,
    };
    let grade = match bare {
        "Critical" => Some("critical"),
        "Warning" => Some("warning"),
        _ => None,
    };
    let rest = match bare.len() < word.len() {
        true => rest,
        false => {
            let (took, behind) = rest.strip_prefix("in ")?.split_once(": ")?;
            took.starts_with(|c: char| c.is_ascii_digit())
                .then_some(behind)?
        }
    };
    Some((Front::Told(state, false, grade), rest))
}

/// The state at the end (`… is CRITICAL`, `… OK -> CRIT`), and what stands before it.
fn ending(said: &str) -> (&str, Option<(AlertState, Option<&'static str>)>) {
    let said = said.trim_end_matches(MARKS);
    let joints = [" is ", " are ", " -> ", " → ", " => "];
    let found = joints.iter().find_map(|joint| {
        let (before, word) = said.rsplit_once(joint)?;
        let shouted = !word.contains([' ', ':']) && word.bytes().all(|b| b.is_ascii_uppercase());
        let (state, _, grade) = state(word).filter(|_| shouted)?;
        // `ping OK -> CRIT`
        let was = before
            .rsplit_once(' ')
            .filter(|(_, w)| crossed(w) && *joint != " is ");
        Some((was.map_or(before, |(b, _)| b), Some((state, grade))))
    });
    found.unwrap_or((said, None))
}

fn crossed(word: &str) -> bool {
    state(word).is_some()
}

/// Without what sort of alert it is: `Service Alert: …`.
fn unlabelled(said: &str) -> &str {
    let sorts = [
        "service alert",
        "host alert",
        "monitor alert",
        "alert",
        "alarm",
        "problem",
        "service",
        "host",
    ];
    let Some((front, rest)) = said.split_once(": ") else {
        return said;
    };
    let known = sorts.contains(&front.trim().to_ascii_lowercase().as_str());
    if known { rest.trim_start() } else { said }
}
