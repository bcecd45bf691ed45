//! The entries of a document's timeline.

use super::block::Shape;
use super::moment::{self, Clock, Day, Half, Mention};
use super::outline::Part;
use super::section::Section;
use super::span;
use super::zone::Zone;
use std::ops::Range;

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
fn body_after(text: &str, end: usize) -> usize {
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
        _ => clock_span(amount_text).map(|(len, m)| (lead..lead + len, m))?,
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

/// One statement of a timeline.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// When: absent where a list of events leaves it out.
    pub(crate) time: Option<Time>,
    /// The day named by a heading above.
    pub(crate) day: Option<Day>,
    /// The zone named by a heading above.
    pub(crate) zone: Option<Zone>,
    /// The part of the document, by number.
    pub(crate) part: usize,
    /// What it says, as a range of the part's text.
    pub(crate) text: Range<usize>,
    /// A reader would count it; what stands below another's time is not counted again.
    pub(crate) counts: bool,
}

impl Entry {
    /// The clock time, if it has one.
    pub(crate) fn clock(&self) -> Option<(&Mention, Clock)> {
        match &self.time {
            Some(Time::Clock(m)) => Some((m, m.clock?)),
            _ => None,
        }
    }
}

/// The entries of a document, from its timelines or else from any list of timed items.
pub(crate) fn entries(parts: &[Part]) -> Vec<Entry> {
    let listed = |p: &Part| p.in_timeline;
    let mut found = timed(parts, &listed);
    let mut in_doubt = false;
    if !found.iter().any(|e| e.counts) {
        found = events(parts);
        in_doubt = true;
    }
    if !found.iter().any(|e| e.counts) {
        found = sentences(parts);
    }
    // A list of key events repeats what a list elsewhere tells in full.
    if in_doubt {
        let elsewhere = longest_list(parts);
        let count = |l: &[Entry]| l.iter().filter(|e| e.counts).count();
        if count(&elsewhere) > count(&found).max(1) {
            found = elsewhere;
        }
    }
    found
}

/// Parts that begin with a time, and what stands below them.
fn timed(parts: &[Part], listed: &dyn Fn(&Part) -> bool) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let (mut day, mut zone, mut last): (Option<Day>, Option<Zone>, Option<Time>) =
        (None, None, None);
    let mut titled = false;
    for (number, part) in parts.iter().enumerate() {
        if !listed(part) {
            last = None;
            titled = part.section == Section::Timeline || titled;
            if part.is_label
                && let Some(named) = lone_day(part)
            {
                day = Some(named);
            }
            continue;
        }
        let text = part.text();
        let entry = |time: Option<Time>, text: Range<usize>, counts: bool| Entry {
            time,
            day,
            zone: zone.clone(),
            part: number,
            text,
            counts,
        };
        if let Some(lead) = &part.lead {
            for (time, range) in run_on(text, lead) {
                last = Some(time.clone());
                found.push(entry(Some(time), range, true));
            }
            continue;
        }
        if let Some(named) = lone_day(part) {
            day = Some(named);
            last = None;
        } else if part.is_label && last.is_none() {
            zone = super::zone::anywhere(text).or(zone);
        } else if last.is_some() && part.speaks() {
            let from = part.body.min(text.len());
            found.push(entry(last.clone(), from..text.len(), false));
        } else if part.speaks() && text.len() < 80 {
            zone = super::zone::anywhere(text).or(zone);
        }
    }
    found
}

/// A day that a heading or a short line names, without a time.
fn lone_day(part: &Part) -> Option<Day> {
    let heading = matches!(part.block.shape, Shape::Heading(_)) || part.is_label;
    let short = part.text().len() <= 24;
    let mention = moment::mentions(part.text()).into_iter().next()?;
    mention
        .day
        .filter(|_| mention.clock.is_none() && (heading || short))
}

/// Further entries on the same line: "… began troubleshooting. - 11:00 AM: traffic rerouted".
fn run_on(text: &str, lead: &Lead) -> Vec<(Time, Range<usize>)> {
    let mut found = vec![(lead.time.clone(), lead.body..text.len())];
    for mention in moment::mentions(text) {
        let at = mention.range.start;
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(mention.range.end..).unwrap_or_default();
        let marked = [". - ", "; - ", " • ", " * ", ") - "]
            .iter()
            .any(|m| before.ends_with(m));
        if at <= lead.body || mention.clock.is_none() || !marked || !after.starts_with([':', ' ']) {
            continue;
        }
        if let Some(last) = found.last_mut() {
            last.1.end = before.trim_end_matches(['-', ' ', '•', '*']).len();
        }
        let body = body_after(text, mention.range.end);
        found.push((Time::Clock(mention), body..text.len()));
    }
    found
}

/// A list of events whose times stand at their ends: "Incident declared 2024-02-18 14:23".
fn events(parts: &[Part]) -> Vec<Entry> {
    let items: Vec<(usize, &Part, Option<Mention>)> = parts
        .iter()
        .enumerate()
        .filter(|(_, p)| p.in_timeline && p.speaks())
        .filter(|(_, p)| p.block.shape == Shape::Item && p.section.is_phase())
        .map(|(n, p)| (n, p, moment::mentions(p.text()).into_iter().next_back()))
        .collect();
    let closing = items.iter().filter(|(_, p, m)| {
        m.as_ref()
            .is_some_and(|m| m.clock.is_some() && p.text().len() <= m.range.end + 1)
    });
    if closing.count() < 2 {
        return Vec::new();
    }
    let entry = |(part, p, mention): (usize, &Part, Option<Mention>)| {
        let end = mention.as_ref().map_or(p.text().len(), |m| m.range.start);
        let words = p.text().get(..end).unwrap_or_default();
        Entry {
            time: mention.filter(|m| m.clock.is_some()).map(Time::Clock),
            day: None,
            zone: None,
            part,
            text: 0..words.trim_end_matches([' ', ':', '-', '–', '(']).len(),
            counts: true,
        }
    };
    items.into_iter().map(entry).collect()
}

/// Sentences of a timeline in prose that name a clock time.
fn sentences(parts: &[Part]) -> Vec<Entry> {
    let mut found = Vec::new();
    for (number, part) in parts.iter().enumerate().filter(|(_, p)| p.in_timeline) {
        for range in super::sentences(part.text()) {
            let text = part.text().get(range.clone()).unwrap_or_default();
            let mention = moment::mentions(text)
                .into_iter()
                .find(|m| m.clock.is_some());
            if let Some(mut mention) = mention {
                mention.range = mention.range.start + range.start..mention.range.end + range.start;
                if let Some(zone) = &mut mention.zone {
                    zone.range = zone.range.start + range.start..zone.range.end + range.start;
                }
                found.push(Entry {
                    time: Some(Time::Clock(mention)),
                    day: None,
                    zone: None,
                    part: number,
                    text: range,
                    counts: true,
                });
            }
        }
    }
    found
}

/// The longest list of timed items outside of any timeline.
fn longest_list(parts: &[Part]) -> Vec<Entry> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for part in parts.iter().filter(|p| is_listed(p)) {
        match counts.last_mut() {
            Some((list, n)) if *list == part.list => *n += 1,
            _ => counts.push((part.list, 1)),
        }
    }
    let longest = counts
        .iter()
        .max_by_key(|(list, n)| (*n, std::cmp::Reverse(*list)));
    match longest.filter(|(_, n)| *n >= 2) {
        Some((list, _)) => timed(parts, &|p| p.list == *list && is_listed(p)),
        None => Vec::new(),
    }
}

fn is_listed(part: &Part) -> bool {
    let lists = match part.block.shape {
        Shape::Item | Shape::Row(_) => true,
        Shape::Heading(level) => level > 1,
        Shape::Text => {
            let end = part.lead.as_ref().map_or(0, |l| l.body);
            part.text()
                .get(..end)
                .is_some_and(|t| t.trim_end().ends_with([':', '-', '–']))
        }
        Shape::Code => false,
    };
    part.lead.is_some() && lists && !matches!(part.section, Section::Tasks | Section::Measures)
}

/// Whether a document writes its clock times in twelve hours without saying which half.
pub(crate) fn is_half_open(entries: &[Entry]) -> bool {
    let mut clocks = entries
        .iter()
        .filter_map(Entry::clock)
        .map(|(_, c)| c)
        .peekable();
    clocks.peek().is_some()
        && clocks.all(|c| {
            c.half == Half::Open
                && c.nanos < 13 * 60 * moment::MINUTE
                && c.nanos >= 60 * moment::MINUTE
        })
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
        assert_eq!(read("Start the server"), None);
        assert_eq!(read("T-shirts for all"), None);
    }
}
