//! A message that tells once more how it all went, with its times: what it tells happened then, not when it was
//! posted.

use crate::lexicon::{Act, Heard};

/// Times that make a recap.
const TIMES: usize = 3;
/// Times that do beside a word for one.
const NAMED: usize = 2;
/// Minutes between the first and the last of them, at least: who tells what has just happened is no chronicler.
const SPAN: u32 = 10;
/// Words for a recap.
const WORDS: [&str; 9] = [
    "chronology",
    "for the record",
    "in short",
    "post-mortem",
    "postmortem",
    "recap",
    "summary",
    "timeline",
    "write-up",
];

/// Takes back what a recap tells of steps that were taken or seen before. What it says of the cause, and that it is
/// over, it says now, too.
pub(super) fn leave_to_the_day(heard: &mut Heard, text: &str) {
    const PAST: [Act; 8] = [
        Act::Detected,
        Act::Paged,
        Act::Acknowledged,
        Act::Investigating,
        Act::Escalated,
        Act::Fix,
        Act::Workaround,
        Act::Recovery,
    ];
    let past = heard.statements.iter().any(|s| PAST.contains(&s.act));
    if past && is(text) {
        heard.statements.retain(|s| !PAST.contains(&s.act));
    }
}

/// Whether a text is a recap.
fn is(text: &str) -> bool {
    let times: Vec<u32> = clocks(text);
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return false;
    };
    let lower = text.to_lowercase();
    let least = match WORDS.iter().any(|w| lower.contains(w)) {
        true => NAMED,
        false => TIMES,
    };
    times.len() >= least && last - first >= SPAN
}

/// The times of day in a text, in minutes.
fn clocks(text: &str) -> Vec<u32> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != ':');
    let clock = |word: &str| {
        let (hour, rest) = word.trim_end_matches(':').split_once(':')?;
        let minute = rest.split(':').next()?;
        if hour.is_empty() || hour.len() > 2 || minute.len() != 2 {
            return None;
        }
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(60 * hour + minute)
    };
    words.filter_map(clock).collect()
}

#[cfg(test)]
mod tests {
    use super::is;

    #[test]
    fn a_recap_has_several_times_apart() {
        for text in [
            "so:\n- 14:02 kiln cold\n- 14:09 Mira on it\n- 14:31 hot again",
            "Summary: down from 9:10 to 9:45 because of the flue",
            "11:58:10 cold / 12:04:00 relit / 12:30:00 fine",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "it was 14:02 when the kiln went cold",
            "14:30 relit, 14:31 burning, 14:33 hot again",
            "hot again since 9:45, it was cold from 9:10",
            "ratio 3:40:200, see /a:12:99",
            "",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
