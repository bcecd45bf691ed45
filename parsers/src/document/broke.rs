//! When a document says in running text that it broke.

use super::block::Shape;
use super::dating::Calendar;
use super::moment;
use super::outline::Part;
use super::section::Section;
use super::window::Edge;

/// Words for the beginning of an outage in running text.
const BREAKS: &[&str] = &[
    "went down",
    "outage occurred",
    "outage began",
    "outage started",
    "went offline",
    "stopped working",
    "became unavailable",
    "started failing",
    "began failing",
    "started experiencing",
    "began experiencing",
    "an outage",
    "access went",
];

/// The one time at which a summary in prose says that it broke.
pub(crate) fn broke(parts: &[Part], calendar: &Calendar) -> Option<Edge> {
    for (number, part) in parts.iter().enumerate() {
        let head = !part.in_timeline && matches!(part.section, Section::Summary | Section::Impact);
        if !head || part.block.shape == Shape::Code {
            continue;
        }
        for range in super::sentences(part.text()) {
            let sentence = part.text().get(range.clone()).unwrap_or_default();
            let lower = sentence.to_lowercase();
            let mention = moment::mentions(sentence)
                .into_iter()
                .find(|m| m.clock.is_some());
            if let Some(mention) = mention.filter(|_| BREAKS.iter().any(|w| lower.contains(w))) {
                let mut edge = Edge::new(&mention, number, sentence, calendar, calendar.day);
                edge.range = range.start + edge.range.start..range.start + edge.range.end;
                return Some(edge);
            }
        }
    }
    None
}
