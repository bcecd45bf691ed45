//! Blocks with the section that each belongs to.

use super::block::{Block, Shape};
use super::lead::{self, Lead};
use super::moment;
use super::section::{self, Section};

/// A block and its place in the document's order of thought.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The block.
    pub(crate) block: Block,
    /// The section it belongs to.
    pub(crate) section: Section,
    /// How soon a task is due.
    pub(crate) horizon: Option<&'static str>,
    /// It names what follows and says nothing itself.
    pub(crate) is_label: bool,
    /// Where its own words begin, after a label on the same line.
    pub(crate) body: usize,
    /// It stands in a timeline.
    pub(crate) in_timeline: bool,
    /// The time it begins with.
    pub(crate) lead: Option<Lead>,
    /// Which list or section it stands in, counted from the top.
    pub(crate) list: usize,
}

impl Part {
    /// Its words.
    pub(crate) fn text(&self) -> &str {
        self.block.text.as_str()
    }

    /// Whether it is a statement: neither code nor a label.
    pub(crate) fn speaks(&self) -> bool {
        !self.is_label && self.block.shape != Shape::Code
    }
}

/// Gives every block its section.
pub(crate) fn outline(blocks: Vec<Block>) -> Vec<Part> {
    let mut state = State::default();
    blocks.into_iter().map(|b| state.place(b)).collect()
}

/// Levels of labels begin below those of headings.
const LABEL: usize = 8;

struct State {
    section: Section,
    /// The level of the heading that opened the section.
    level: usize,
    horizon: Option<&'static str>,
    /// The level of the heading that opened the timeline, while it is open.
    timeline: Option<usize>,
    /// Whether the open timeline has had a time yet.
    timed: bool,
    list: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            section: Section::Summary,
            level: 0,
            horizon: None,
            timeline: None,
            timed: false,
            list: 0,
        }
    }
}

impl State {
    fn place(&mut self, block: Block) -> Part {
        let lead = (block.shape != Shape::Code)
            .then(|| lead::lead(block.text.as_str()))
            .flatten();
        let mut is_label = false;
        let mut body = 0;
        if lead.is_some() {
            self.timed |= self.timeline.is_some();
        } else if block.shape != Shape::Code {
            (is_label, body) = self.read_label(&block);
        }
        Part {
            section: self.section,
            horizon: self.horizon,
            is_label,
            body,
            in_timeline: self.timeline.is_some() && block.shape != Shape::Code,
            lead,
            list: self.list,
            block,
        }
    }

    /// Whether a block is a label, and where its body begins.
    fn read_label(&mut self, block: &Block) -> (bool, usize) {
        let text = block.text.as_str();
        let depth = block.indent.min(24) * 2 + usize::from(block.shape == Shape::Item);
        if let Shape::Heading(level) = block.shape {
            // "**Duration:**" in bold is a label like any other.
            let level = if level >= 6 {
                LABEL - 1
            } else {
                usize::from(level)
            };
            self.open(section::of(text), level, text);
            return (true, text.len());
        }
        if matches!(block.shape, Shape::Row(_)) {
            return (false, 0);
        }
        let words = text.split_whitespace().count();
        let bare = text.trim_end_matches([':', ' ', '-', '?']);
        let ends = text.ends_with([':', '?']);
        // A short item of a timeline is an item, not the name of a section.
        let item = self.timeline.is_some() && block.shape == Shape::Item && !ends;
        if !item && words <= 10 && ends || !item && words <= 5 && !text.ends_with(['.', '!']) {
            let found = section::of_label(bare).or_else(|| {
                // "Links for the incident window:" does not end a timeline.
                let loose = section::of(bare).filter(|_| ends)?;
                (self.timeline.is_none() || loose.is_phase()).then_some(loose)
            });
            if found.is_some() || ends {
                self.label(found, LABEL + depth, bare);
                return (true, text.len());
            }
        }
        if let Some((label, body)) = section::label(text)
            && let Some(found) = section::of_label(label)
            && !(found == Section::Timeline && block.shape == Shape::Item) // a link to one
            && !(self.timeline.is_some() && moment::is_alone(text.get(body..).unwrap_or_default()))
        {
            self.label(Some(found), LABEL + depth, label);
            return (false, body);
        }
        // An item beside the label that opened the timeline ends it.
        if self
            .timeline
            .is_some_and(|t| t > LABEL && t % 2 == 1 && LABEL + depth <= t)
        {
            self.timeline = None;
            self.section = Section::Other;
        }
        (false, 0)
    }

    /// A heading opens a section.
    fn open(&mut self, found: Option<Section>, level: usize, text: &str) {
        self.list += 1;
        self.update_timeline(found, level, true);
        let deeper = level > self.level;
        match found {
            Some(found) => {
                self.section = found;
                self.level = level;
            }
            None if !deeper => {
                self.section = Section::Other;
                self.level = level;
            }
            None => {}
        }
        self.horizon =
            section::horizon(text).or(self.horizon.filter(|_| deeper && found.is_none()));
    }

    /// A label opens a section, too, if it names one.
    fn label(&mut self, found: Option<Section>, level: usize, text: &str) {
        self.list += 1;
        let horizon = section::horizon(text);
        if horizon.is_some() || found.is_some() {
            self.horizon = horizon;
        }
        // "Resolution:" under "Action items" is a topic of theirs.
        let Some(found) = found else {
            return;
        };
        // The root cause is no phase of an incident: its label ends a timeline as its heading would.
        let cause = section::has_word(&text.to_lowercase(), "root cause");
        self.update_timeline(Some(found), level, cause);
        self.section = found;
    }

    fn update_timeline(&mut self, found: Option<Section>, level: usize, heading: bool) {
        if found == Some(Section::Timeline) {
            self.timeline = Some(level);
            self.timed = false;
            return;
        }
        let Some(opened) = self.timeline else {
            return;
        };
        let ends = match found {
            // "Detection" beside "Timeline" is its part as long as no times were listed.
            Some(found) if found.is_phase() => level <= opened && self.timed && heading,
            Some(_) => true,
            None => heading && level <= opened,
        };
        let dedented = !heading && opened > LABEL && opened % 2 == 1 && level <= opened;
        if ends || dedented {
            self.timeline = None;
        }
    }
}
