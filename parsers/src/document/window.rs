//! When a document says that its incident began and ended.

use super::block::Shape;
use super::dating::Calendar;
use super::moment::{self, MINUTE, Mention};
use super::outline::Part;
use super::range;
use super::section::{self, Section};
use chrono::{Days, NaiveDate};
use std::ops::Range;

/// The start or the end of an incident, and where it is stated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    /// The date, where known.
    pub(crate) date: Option<NaiveDate>,
    /// Nanoseconds since midnight; absent where only a day is stated.
    pub(crate) nanos: Option<i64>,
    /// The zone as written beside it.
    pub(crate) zone: Option<String>,
    /// Which part of the document states it.
    pub(crate) part: usize,
    /// Where in the part's text.
    pub(crate) range: Range<usize>,
    /// The statement itself names the day.
    pub(crate) dated: bool,
}

impl Edge {
    /// As in `2024-01-19T10:30`, or as much of it as is known.
    pub(crate) fn notation(&self) -> Option<String> {
        let clock = self.nanos.map(|n| {
            let minutes = n / MINUTE;
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        });
        match (self.date, clock) {
            (Some(date), Some(clock)) => Some(format!("{date}T{clock}")),
            (Some(date), None) => Some(date.to_string()),
            (None, clock) => clock,
        }
    }

    pub(crate) fn new(
        mention: &Mention,
        part: usize,
        text: &str,
        calendar: &Calendar,
        day: Option<NaiveDate>,
    ) -> Self {
        let own = mention.day.and_then(|d| calendar.date(d));
        Self {
            date: own.or(day),
            nanos: mention.clock.map(|c| c.nanos),
            zone: mention
                .zone
                .as_ref()
                .and_then(|z| text.get(z.range.clone()))
                .map(str::to_owned),
            part,
            range: mention.range.clone(),
            dated: mention.day.is_some(),
        }
    }
}

/// The window of an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Window {
    /// When it began.
    pub(crate) start: Option<Edge>,
    /// When it ended.
    pub(crate) end: Option<Edge>,
    /// Minutes of the windows together, where there are several.
    pub(crate) sum: Option<f64>,
}

impl Window {
    /// From start to end in minutes; absent unless both are known and in order.
    pub(crate) fn minutes(&self) -> Option<f64> {
        let (start, end) = (self.start.as_ref()?, self.end.as_ref()?);
        let days = match (start.date, end.date) {
            (Some(s), Some(e)) => (e - s).num_days(),
            _ => 0,
        };
        // As it is written: to the minute.
        let minutes = days * 1440 + end.nanos? / MINUTE - start.nanos? / MINUTE;
        #[allow(clippy::cast_precision_loss)]
        let minutes = if start.date.is_none() && minutes < 0 {
            minutes + 1440
        } else {
            minutes
        } as f64;
        (minutes >= 0.0).then_some(minutes)
    }

    /// Ends after midnight what ends before it began.
    fn in_order(mut self) -> Self {
        if let (Some(start), Some(end)) = (&self.start, &mut self.end) {
            let back = start.date == end.date && end.nanos < start.nanos && end.nanos.is_some();
            if back && !end.dated {
                end.date = end.date.and_then(|d| d.checked_add_days(Days::new(1)));
            }
        }
        self
    }
}

/// The window that the document states outside of its timeline.
pub(crate) fn stated(parts: &[Part], calendar: &Calendar) -> Window {
    let (start, end) = labelled(parts, calendar);
    if start.is_some() && end.is_some() {
        return Window {
            start,
            end,
            sum: None,
        }
        .in_order();
    }
    let spans = spans(parts, calendar);
    if let Some(window) = choose(parts, spans) {
        return window;
    }
    Window {
        start,
        end,
        sum: None,
    }
    .in_order()
}

/// Words that name the beginning, before a time.
const STARTS: &[&str] = &[
    "start",
    "started",
    "starts",
    "starting",
    "began",
    "begin",
    "begins",
    "beginning",
    "onset",
    "occurs",
    "occurred",
];
/// Words that name the end, before a time.
const ENDS: &[&str] = &[
    "end", "ended", "ends", "ending", "resolved", "finish", "finished", "stop", "stopped", "closed",
];
/// Words between such a word and its time.
const FILLERS: &[&str] = &[
    "time",
    "date",
    "at",
    "on",
    "the",
    "was",
    "is",
    "about",
    "around",
    "approximately",
    "and",
    "of",
    "outage",
    "incident",
    "timestamp",
    "it",
    "utc",
];

/// Whether the words before a time call it the start (`Some(true)`) or the end.
fn names_edge(before: &str) -> Option<bool> {
    let clause = before
        .rsplit(['.', ';', ',', '|', '('])
        .find(|c| !c.trim().is_empty())?;
    let lower = clause.to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    if words.len() > 6 {
        return None;
    }
    let first = words.first().copied();
    while words.last().is_some_and(|w| FILLERS.contains(w)) {
        words.pop();
    }
    let last = words.last()?;
    if STARTS.contains(last) || (*last == "detected" && first == Some("first")) {
        Some(true)
    } else if ENDS.contains(last) {
        Some(false)
    } else {
        None
    }
}

/// The times that labels call start and end: "Start time: …".
fn labelled(parts: &[Part], calendar: &Calendar) -> (Option<Edge>, Option<Edge>) {
    let (mut start, mut end): (Option<Named>, Option<Named>) = (None, None);
    let mut above = "";
    for (number, part) in parts.iter().enumerate() {
        let text = part.text();
        let skip = part.block.shape == Shape::Code
            || part.lead.is_some() && above.is_empty()
            || matches!(part.section, Section::Tasks | Section::Measures);
        let mut from = 0;
        for mention in moment::mentions(text).into_iter().filter(|_| !skip) {
            let before = text.get(from..mention.range.start).unwrap_or_default();
            let before = if before.trim().is_empty() && from == 0 {
                above
            } else {
                before
            };
            from = mention.range.end;
            let day = start.as_ref().and_then(|s| s.edge.date).or(calendar.day);
            let named = Named {
                edge: Edge::new(&mention, number, text, calendar, day),
                label: before.trim_end().trim_end_matches('*').ends_with(':')
                    && before.split_whitespace().count() <= 3,
            };
            let slot = match names_edge(before) {
                Some(true) => &mut start,
                Some(false) => &mut end,
                None => continue,
            };
            if slot.as_ref().is_none_or(|known| named.surpasses(known)) {
                *slot = Some(named);
            }
        }
        above = if part.is_label && !part.in_timeline {
            text
        } else {
            ""
        };
    }
    (start.map(|s| s.edge), end.map(|e| e.edge))
}

/// An edge and how it was named.
struct Named {
    edge: Edge,
    /// By a label of its own ("End:") and not in the course of a sentence ("was closed at").
    label: bool,
}

impl Named {
    /// A time of day is worth more than a day alone, and a label more than a sentence; else the
    /// first says it.
    fn surpasses(&self, known: &Self) -> bool {
        let timed = |named: &Self| named.edge.nanos.is_some();
        let finer = !timed(known) && timed(self) && !known.edge.dated;
        finer || (self.label && !known.label && timed(self))
    }
}

/// A window in one statement: "from 10:00 AM to 12:30 PM (PST)".
struct Span {
    window: Window,
    /// It is what a label calls the duration.
    labelled: bool,
    list: usize,
}

fn spans(parts: &[Part], calendar: &Calendar) -> Vec<Span> {
    let mut found = Vec::new();
    let mut day_above = None;
    let mut label_above = "";
    for (number, part) in parts.iter().enumerate() {
        let text = part.text();
        if part.is_label {
            let named = moment::mentions(text)
                .into_iter()
                .find(|m| m.clock.is_none())
                .and_then(|m| m.day);
            let title = part.block.shape == Shape::Heading(1);
            day_above = named
                .and_then(|d| calendar.date(d))
                .filter(|_| !title)
                .or(day_above);
            label_above = text;
            if section::of(text) == Some(Section::Timeline) {
                continue;
            }
        }
        let outside = part.block.shape != Shape::Code
            && !(part.lead.is_some() && part.in_timeline)
            && !matches!(part.section, Section::Tasks | Section::Measures);
        if !outside {
            continue;
        }
        let label = section::label(text)
            .map_or(label_above, |(l, _)| l)
            .to_lowercase();
        let labelled = ["duration", "window", "time", "when", "outage"]
            .iter()
            .any(|w| section::has_word(&label, w));
        for (first, second) in range::pairs(text) {
            let day = first
                .day
                .or(second.day)
                .and_then(|d| calendar.date(d))
                .or(day_above)
                .or(calendar.day);
            let start = Edge::new(&first, number, text, calendar, day);
            let mut end = Edge::new(&second, number, text, calendar, start.date);
            end.dated |= second.day.is_some();
            let window = Window {
                start: Some(start),
                end: Some(end),
                sum: None,
            };
            found.push(Span {
                window: window.in_order(),
                labelled,
                list: part.list,
            });
        }
        if !part.is_label {
            label_above = "";
        }
    }
    found
}

/// The first window; of several incidents with a duration each, all from first to last.
fn choose(parts: &[Part], spans: Vec<Span>) -> Option<Window> {
    let mut each: Vec<&Span> = Vec::new();
    for span in spans.iter().filter(|s| s.labelled) {
        if each
            .iter()
            .all(|o| o.list != span.list && o.window.notations() != span.window.notations())
        {
            each.push(span);
        }
    }
    let dated = |s: &&Span| s.window.start.as_ref().is_some_and(|e| e.date.is_some());
    if each.len() > 1 && each.iter().all(dated) {
        let sum = each.iter().filter_map(|s| s.window.minutes()).sum();
        let first = each.first()?.window.start.clone();
        let last = each.last()?.window.end.clone();
        return Some(Window {
            start: first,
            end: last,
            sum: Some(sum),
        });
    }
    let rank = |s: &Span| {
        let part = s.window.start.as_ref().and_then(|e| parts.get(e.part));
        let head = part.is_some_and(|p| {
            !p.in_timeline && matches!(p.section, Section::Summary | Section::Impact)
        });
        (!s.labelled, !head)
    };
    spans.into_iter().min_by_key(rank).map(|s| s.window)
}

impl Window {
    fn notations(&self) -> (Option<String>, Option<String>) {
        let of = |e: &Option<Edge>| e.as_ref().and_then(Edge::notation);
        (of(&self.start), of(&self.end))
    }
}

/// Words for what fails between two times.
const FAILS: &[&str] = &[
    "outage",
    "down",
    "degraded",
    "unavailable",
    "interrupted",
    "disrupted",
    "failed",
    "failing",
    "failures",
    "errors",
    "unable",
    "unreachable",
    "elevated",
    "delayed",
    "incident",
];

/// Whether a sentence of running text says from when to when something failed, with its day.
pub(crate) fn tells_of_a_failure(parts: &[Part]) -> bool {
    // "On June 3, between 08:20 and 09:05" begins with a time, but as a sentence does.
    let prose = |p: &&Part| {
        p.block.shape == Shape::Text && p.speaks() && p.text().starts_with(char::is_alphabetic)
    };
    parts.iter().filter(prose).any(|part| {
        super::sentences(part.text()).into_iter().any(|range| {
            let sentence = part.text().get(range).unwrap_or_default();
            let lower = sentence.to_lowercase();
            let pairs = range::pairs(sentence);
            pairs.iter().any(|(a, b)| a.day.or(b.day).is_some())
                && FAILS.iter().any(|w| section::has_word(&lower, w))
        })
    })
}
