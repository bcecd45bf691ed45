//! Lines that begin with a time, by the clock or counted from a start.

use super::moment::{self, Mention};
use super::span;

/// The time that a text begins with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lead {
    /// The time.
    pub(crate) time: Time,
    /// Where the text goes on after it.
    pub(crate) body: usize,
}

/// A time in a timeline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Time {
    /// By the clock.
    Clock(Mention),
    /// Minutes since a start that the document does not date.
    Since(f64),
}

/// Words that may stand before a time that leads.
const OPENERS: &[&str] = &[
    "at",
    "around",
    "about",
    "approximately",
    "approx",
    "approx.",
    "circa",
    "ca.",
    "ca",
    "by",
    "on",
    "from",
    "between",
    "time",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
];

/// The time that a text begins with, if it does.
pub(crate) fn lead(text: &str) -> Option<Lead> {
    if let Some(lead) = since(text) {
        return Some(lead);
    }
    let head = text.char_indices().nth(64).map_or(text.len(), |(n, _)| n);
    let mention = moment::mentions(text)
        .into_iter()
        .find(|m| m.clock.is_some())?;
    let before = text
        .get(..mention.range.start)
        .filter(|_| mention.range.start <= head)?;
    let opens = before
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .filter(|w| !w.is_empty())
        .all(|w| OPENERS.contains(&w.to_ascii_lowercase().as_str()));
    let end = range_end(text, mention.range.end);
    opens.then(|| Lead {
        body: body_after(text, end),
        time: Time::Clock(mention),
    })
}

/// A text that begins "8:20 - 8:24" begins with both.
fn range_end(text: &str, end: usize) -> usize {
    let Some(rest) = text.get(end..) else {
        return end;
    };
    let body = rest.trim_start_matches([' ', '-', '–', '—', '~']);
    let body = body.strip_prefix("to ").unwrap_or(body);
    let skipped = rest.len() - body.len();
    let next = moment::mentions(body).into_iter().next();
    match next.filter(|m| m.range.start == 0 && m.clock.is_some() && (1..=8).contains(&skipped)) {
        Some(m) => end + skipped + m.range.end,
        None => end,
    }
}

/// Skips what separates a time from its text.
pub(crate) fn body_after(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let body = rest.trim_start_matches(|c: char| {
        matches!(
            c,
            ' ' | ':' | '-' | '–' | '—' | ')' | ']' | ',' | '|' | '>' | '.' | '=' | '\u{2192}'
        )
    });
    text.len() - body.len()
}

/// `T+10m`, `+1h`, `[Start Time + 10 minutes]`, `[Start Time]`, `T0`.
fn since(text: &str) -> Option<Lead> {
    let open = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '+');
    let skipped = text.len() - open.len();
    let anchors = [
        "start time",
        "incident start",
        "outage start",
        "start",
        "t0",
        "t",
    ];
    let anchor = anchors.iter().find(|a| {
        open.get(..a.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(a))
    });
    let bracket = skipped > 0
        && text
            .get(..skipped)
            .is_some_and(|t| t.contains(['[', '{', '<', '(']));
    let rest = open.get(anchor.map_or(0, |a| a.len())..)?;
    let sign = rest.trim_start();
    let (factor, amount) = match sign.chars().next() {
        Some('+') => (1.0, sign.get(1..)?),
        Some('-' | '−') if anchor.is_some() => (-1.0, sign.trim_start_matches(['-', '−'])),
        Some(']' | '}' | ')') if anchor.is_some_and(|a| *a != "t") && bracket => {
            let end = text.len() - sign.len() + 1;
            return Some(relative(text, end, 0.0));
        }
        Some(':' | ' ') if anchor == Some(&"t0") => {
            return Some(relative(text, text.len() - sign.len(), 0.0));
        }
        _ => return None,
    };
    let at = text.len() - amount.len();
    let amount_text = amount.trim_start();
    let lead = amount.len() - amount_text.len();
    let (range, minutes) = match span::durations(amount).into_iter().next() {
        Some(found) if found.0.start == lead => found,
        _ => clock_span(amount_text)
            .or_else(|| bare_minutes(amount_text).filter(|_| anchor.is_some()))
            .map(|(len, m)| (lead..lead + len, m))?,
    };
    Some(relative(text, at + range.end, factor * minutes))
}

fn relative(text: &str, end: usize, minutes: f64) -> Lead {
    let end = text.get(end..).map_or(end, |rest| {
        let closed = rest.trim_start_matches([']', '}', ')', ' ']);
        text.len() - closed.len()
    });
    let end = super::zone::at(text, end).map_or(end, |z| z.range.end);
    Lead {
        time: Time::Since(minutes),
        body: body_after(text, end),
    }
}

/// `00:10` and `1:05:00` as a span: hours and minutes.
fn clock_span(text: &str) -> Option<(usize, f64)> {
    let len = text
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b':')
        .count();
    let mut numbers = text.get(..len)?.split(':').map(str::parse::<f64>);
    let (hours, minutes) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let seconds = numbers.next().and_then(Result::ok).unwrap_or(0.0);
    (minutes < 60.0).then_some((len, hours * 60.0 + minutes + seconds / 60.0))
}

/// `T+12:` counts minutes, as `T-800 robots` does not.
fn bare_minutes(text: &str) -> Option<(usize, f64)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(len..)?;
    let ends = rest.is_empty() || rest.starts_with([':', ')', ']', '|', ',', '\u{2192}']);
    let dashed = [" -", " \u{2013}", " \u{2014}", " |", " :"]
        .iter()
        .any(|d| rest.starts_with(d));
    let minutes = text.get(..len)?.parse().ok()?;
    (len <= 4 && (ends || dashed)).then_some((len, minutes))
}

#[cfg(test)]
mod tests {
    use super::{Time, lead};
    use crate::document::moment::MINUTE;

    fn read(text: &str) -> Option<(String, &str)> {
        let lead = lead(text)?;
        let time = match lead.time {
            Time::Since(m) => format!("+{m}m"),
            Time::Clock(m) => {
                let nanos = m.clock.map_or(-1, |c| c.nanos);
                format!("{:02}:{:02}", nanos / MINUTE / 60, nanos / MINUTE % 60)
            }
        };
        Some((time, text.get(lead.body..)?))
    }

    #[test]
    fn times_that_lead() {
        let some = |t: &str, rest| Some((t.to_owned(), rest));
        assert_eq!(read("10:05 AM \u{2013} pager"), some("10:05", "pager"));
        assert_eq!(
            read("14:00 UTC: \u{1f6a8} it broke"),
            some("14:00", "\u{1f6a8} it broke")
        );
        assert_eq!(
            read("\u{1f552} At around 9:12, it broke"),
            some("09:12", "it broke")
        );
        assert_eq!(read("[10:42] it broke"), some("10:42", "it broke"));
        assert_eq!(read("8:20 - 8:24 rebooting"), some("08:20", "rebooting"));
        assert_eq!(
            read("June 7th, 2024, 13:15 (UTC): it broke"),
            some("13:15", "it broke")
        );
        assert_eq!(read("It broke at 10:15"), None);
    }

    #[test]
    fn clocks_that_count_from_a_start() {
        let some = |t: &str, rest| Some((t.to_owned(), rest));
        assert_eq!(
            read("[Start Time] PST: logins fail"),
            some("+0m", "logins fail")
        );
        assert_eq!(
            read("[Start Time + 1 hour] PST: found"),
            some("+60m", "found")
        );
        assert_eq!(read("T+10m: alert"), some("+10m", "alert"));
        assert_eq!(read("T + 00:45 - fixed"), some("+45m", "fixed"));
        assert_eq!(read("+1h: fixed"), some("+60m", "fixed"));
        assert_eq!(read("T+12: on-call"), some("+12m", "on-call"));
        assert_eq!(read("T-5 - deploy"), some("+-5m", "deploy"));
        assert_eq!(read("T-800 robots"), None);
        assert_eq!(read("Start the server"), None);
        assert_eq!(read("T-shirts for all"), None);
    }
}
