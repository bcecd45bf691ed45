//! Lines of conversations as telephones export them, in the spelling of wherever the telephone is set to:
//! `[17/06/2025, 08:41:12] Mira: text`, `17.06.25, 08:41 - Mira: text`, `6/17/25, 8:41 AM - Mira: text`.

use super::date::Order;
use super::{level, payload, speaker, time};
use crate::stamp::Reading;

/// A line with its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Day and month in the order in which they stand, or a year before them.
    numbers: [u32; 3],
    dotted: bool,
    clock: Clock,
    /// Half of the day: whether in the afternoon, and in capital letters.
    half: Option<(bool, bool)>,
    /// Nothing but a messenger puts a comma or a word between day and time.
    pub(crate) sure: bool,
    /// What stands behind the time.
    pub(crate) rest: &'a str,
}

/// Hour, minute and, where they are told, seconds.
type Clock = (u32, u32, Option<u32>);

/// The longest name.
const NAME: usize = 60;
/// Marks of the direction of writing, and blanks that do not break.
const MARKS: [char; 9] = [
    '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{2068}', '\u{2069}', '\u{a0}',
    '\u{202f}',
];

/// Reads the time of a line, if it begins with one as messengers write it.
#[must_use]
pub(crate) fn line(line: &[u8]) -> Option<Line<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    let text = text.trim_start_matches(MARKS);
    let open = text.strip_prefix('[');
    let (numbers, dotted, rest) = date(open.unwrap_or(text))?;
    let (parted, rest) = match rest.strip_prefix(',') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let spaced = rest.trim_start_matches(blank);
    (spaced.len() < rest.len()).then_some(())?;
    let words = ["à ", "klo ", "kl. ", "um ", "at ", "às "];
    let behind = words.iter().find_map(|w| spaced.strip_prefix(w));
    let worded = behind.is_some();
    let (clock, rest) = clock(behind.unwrap_or(spaced))?;
    let (half, rest) = half(rest);
    let rest = match open {
        Some(_) => rest.strip_prefix(']')?.strip_prefix(' ')?,
        None => rest
            .strip_prefix(" - ")
            .filter(|_| parted || worded || clock.2.is_none())?,
    };
    Some(Line {
        numbers,
        dotted,
        clock,
        half,
        sure: parted || worded,
        rest,
    })
}

const fn blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// A number of so many digits at the front.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=most).contains(&digits).then_some(())?;
    Some((text.get(..digits)?.parse().ok()?, text.get(digits..)?))
}

/// The numbers of a date, and whether dots stand between them.
fn date(text: &str) -> Option<([u32; 3], bool, &str)> {
    let (first, rest) = number(text, 4)?;
    let joint = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (second, rest) = number(rest.strip_prefix(joint)?, 2)?;
    let (third, rest) = number(rest.strip_prefix(joint)?, 4)?;
    let days = |n: u32| (1..=31).contains(&n);
    let year_first = first > 31 && days(second) && days(third);
    let numbers = [first, second, third];
    (year_first || days(first) && days(second)).then_some((numbers, joint == '.', rest))
}

fn clock(text: &str) -> Option<(Clock, &str)> {
    let (hour, rest) = number(text, 2)?;
    let joint = rest.chars().next().filter(|c| matches!(c, ':' | '.'))?;
    let (minute, rest) = number(rest.strip_prefix(joint)?, 2)?;
    let second = rest.strip_prefix(joint).and_then(|r| number(r, 2));
    let (second, rest) = second.map_or((None, rest), |(s, rest)| (Some(s), rest));
    let whole = hour < 24 && minute < 60 && second.is_none_or(|s| s < 60);
    whole.then_some(((hour, minute, second), rest))
}

/// `AM`, `pm`, `a. m.`
fn half(text: &str) -> (Option<(bool, bool)>, &str) {
    let rest = text.trim_start_matches(blank);
    let mut letters = rest.chars();
    let Some(first) = letters
        .next()
        .filter(|c| matches!(c, 'a' | 'A' | 'p' | 'P'))
    else {
        return (None, text);
    };
    let rest = letters
        .as_str()
        .trim_start_matches(['.', ' ', '\u{a0}', '\u{202f}']);
    match rest.strip_prefix(['m', 'M']) {
        Some(rest) => {
            let half = (first.eq_ignore_ascii_case(&'p'), first.is_ascii_uppercase());
            (Some(half), rest.strip_prefix('.').unwrap_or(rest))
        }
        None => (None, text),
    }
}

impl<'a> Line<'a> {
    /// The order of day and month that the numbers leave no doubt of.
    #[must_use]
    pub(crate) const fn order(&self) -> Order {
        match self.numbers {
            [first, ..] if first > 31 => Order::YearFirst,
            [first, ..] if first > 12 => Order::DayFirst,
            [_, second, _] if second > 12 => Order::MonthFirst,
            // Dots are written behind days.
            _ if self.dotted => Order::DayFirst,
            _ => Order::Unknown,
        }
    }

    /// The time. `order` is that of the file.
    #[must_use]
    pub(crate) fn time(&self, order: Order) -> Option<Reading> {
        let [first, second, third] = self.numbers;
        let (mut hour, minute, seconds) = self.clock;
        if let Some((afternoon, _)) = self.half {
            (hour <= 12).then_some(())?;
            hour = hour % 12 + if afternoon { 12 } else { 0 };
        }
        let seconds = seconds.map_or_else(String::new, |s| format!(":{s:02}"));
        let clock = format!("{hour:02}:{minute:02}{seconds}");
        if first > 31 {
            return payload::text_instant(&format!("{first:04}-{second:02}-{third:02} {clock}"));
        }
        let year = if third < 100 { third + 2000 } else { third };
        let written = format!("{first:02}/{second:02}/{year:04} {clock}");
        let (_, at) = time::any(order)(written.as_bytes()).ok()?;
        // Who counts hours to 24, or writes `am` small, names the day first.
        let american = self.half.is_some_and(|(_, capital)| capital);
        Some(match (order, american) {
            (Order::Unknown, false) => at.ordered(Order::DayFirst),
            _ => at,
        })
    }

    /// Who speaks, and what they say. What the messenger says of the group, or puts in the place of a picture, is nothing.
    #[must_use]
    pub(crate) fn said(&self) -> Option<(&'a str, &'a str)> {
        let (name, said) = self.rest.split_once(": ")?;
        let name = name
            .trim_matches(MARKS)
            .trim_start_matches(['~', '@'])
            .trim_matches(MARKS)
            .trim();
        let letters = name.starts_with(|c: char| c.is_alphabetic() || c == '+' || !c.is_ascii());
        let words = name.split(' ').count() <= 6;
        let log = level::word(name.as_bytes()).is_some() || speaker::is_log(name);
        let named = letters
            && words
            && name.len() <= NAME
            && !log
            && !name.contains(['=', '"', '{', '[', '/']);
        let edited = said
            .rsplit_once(" <")
            .filter(|(_, mark)| mark.ends_with('>') && mark.split(' ').count() > 2);
        let own = edited.map_or(said, |(own, _)| own);
        let own = own.split(" \u{200e}<").next()?.trim();
        let shown = said.starts_with('\u{200e}') || own.starts_with('<') && own.ends_with('>');
        (named && !own.is_empty() && !shown).then_some((name, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let line = line(text.as_bytes())?;
        let at = line.time(line.order())?.notation();
        let (name, said) = line.said().unwrap_or(("-", "-"));
        Some(format!("{at} {name}: {said}"))
    }

    #[test]
    fn telephones_write_times_as_people_do_where_they_are() {
        for (text, expected) in [
            (
                "[17/06/2025, 08:41:12] Mira Lund: is it down?",
                "2025-06-17T08:41:12 Mira Lund: is it down?",
            ),
            (
                "\u{200e}[17.06.25, 08:41:12] ~\u{a0}Mira: down",
                "2025-06-17T08:41:12 Mira: down",
            ),
            (
                "17.06.25, 08:41 - +47 912 34 567: down",
                "2025-06-17T08:41:00 +47 912 34 567: down",
            ),
            (
                "6/17/25, 8:41\u{202f}PM - Mira (IT): down",
                "2025-06-17T20:41:00 Mira (IT): down",
            ),
            (
                "17/6/25, 12:41 a.\u{a0}m. - Mira: down",
                "2025-06-17T00:41:00 Mira: down",
            ),
            (
                "[17.6.2025 klo 8.41.12] Mira: down",
                "2025-06-17T08:41:12 Mira: down",
            ),
            (
                "17/06/2025 à 08:41 - Mira: down",
                "2025-06-17T08:41:00 Mira: down",
            ),
            (
                "2025-06-17 08:41 - Mira: down",
                "2025-06-17T08:41:00 Mira: down",
            ),
            (
                "05/06/2025, 08:41 - Mira: down",
                "2025-06-05T08:41:00 Mira: down",
            ),
            (
                "17.06.25, 08:41 - Mira hat die Gruppe erstellt",
                "2025-06-17T08:41:00 -: -",
            ),
            (
                "[17.06.25, 08:41:12] Mira: \u{200e}Bild weggelassen",
                "2025-06-17T08:41:12 -: -",
            ),
            (
                "17.06.25, 08:41 - Mira: <Media omitted>",
                "2025-06-17T08:41:00 -: -",
            ),
        ] {
            assert_eq!(told(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_lines_are_none() {
        for text in [
            "2025-06-17 08:41:12 - mail.queue: down",
            "[2025-06-17 08:41:12,118] mail.queue: down",
            "17.06.25 Mira: down",
            "[47/06/2025, 08:41:12] Mira: down",
            "17.06.25, 28:41 - Mira: down",
            "Mira: down",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
