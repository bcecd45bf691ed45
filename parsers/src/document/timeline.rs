//! The entries of a document's timeline.

use super::block::Shape;
use super::lead::{Lead, Time, body_after};
use super::moment::{self, Clock, Day, Half, Mention};
use super::outline::Part;
use super::section::Section;
use super::updates::updates;
use super::zone::Zone;
use std::ops::Range;

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

/// Entries that are read at most; nobody writes as many, and each is held against all.
const MOST: usize = 1000;

/// The entries of a document, from its timelines or else from any list of timed items.
pub(crate) fn entries(parts: &[Part]) -> Vec<Entry> {
    let listed = |p: &Part| p.in_timeline;
    let mut found = timed(parts, &listed);
    let mut in_doubt = false;
    if !found.iter().any(|e| e.counts) {
        found = updates(parts);
    }
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
    found.truncate(MOST);
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
        } else if last.is_some() && part.speaks() && !is_phase_of_its_own(parts, number) {
            let from = part.body.min(text.len());
            found.push(entry(last.clone(), from..text.len(), false));
        } else if part.speaks() && text.len() < 80 {
            zone = super::zone::anywhere(text).or(zone);
        }
    }
    found
}

/// Whether a part stands under a label of its own ("Resolution:") that no time precedes: in a
/// timeline told by phases only the phase with a time has one.
fn is_phase_of_its_own(parts: &[Part], number: usize) -> bool {
    let before = parts.get(..number).unwrap_or_default().iter().rev();
    let mut near = before.skip_while(|p| p.lead.is_none() && !p.is_label);
    let Some(label) = near.next().filter(|p| p.lead.is_none()) else {
        return false;
    };
    let timed = parts
        .iter()
        .filter(|p| p.in_timeline && p.lead.is_some())
        .count();
    timed == 1 && label.section != Section::Timeline && label.section.is_phase()
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
            let text = part.text();
            // "At 10:05 we saw …" is prose; "10:05 pager" is a line of a list.
            text.starts_with(|c: char| c.is_ascii_digit())
                || moment::is_alone(text)
                || text
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
