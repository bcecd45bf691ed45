//! An incident as a template orders it: sections of lines, each said with evidence or asked of
//! people. What prints them decides how they look.

mod actions;
mod cause;
mod figures;
mod lessons;
mod overview;
mod questions;
mod response;
mod single;
pub mod slots;
mod summary;
mod tasks;
mod timeline;
mod unread;

pub use questions::questions;
pub use timeline::told;

use super::template::{Form, Row, Word};
use super::{Options, prose};
use crate::cite::{Evidence, Grade, Line, Piece};
use crate::clock::Zone;
use crate::incident::{Incident, Milestone, Remark};
use recon_parsers::Stamp;
use slots::{Fill, Slot};

/// The draft of one incident, without its evidence appendix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The title of the whole.
    pub title: String,
    /// Its sections; the first has no heading if something stands before the first heading.
    pub sections: Vec<Section>,
    /// The template asks for the appendix of evidence.
    pub evidence: bool,
}

/// A part of the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading, plain text.
    pub title: String,
    /// 0 for a section, 1 for a part of the section before it.
    pub depth: usize,
    /// What it says and asks.
    pub blocks: Vec<Block>,
}

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// An empty line stands before it.
    pub gap: bool,
    /// What it is.
    pub body: Body,
}

/// What a block is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A line of the template with the figures in it.
    Words(Vec<Inset>),
    /// What a slot says and asks.
    Lines {
        /// The slot's name.
        slot: &'static str,
        /// How it is set.
        form: Form,
        /// Each with its evidence, or a question.
        lines: Vec<Line>,
    },
}

/// A stretch of a line of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inset {
    /// The template's own Markdown.
    Template(String),
    /// What a slot gave.
    Figure(Line),
}

impl Draft {
    /// Every statement and question in it, in order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let blocks = self.sections.iter().flat_map(|s| &s.blocks);
        blocks.flat_map(|block| -> Vec<&Line> {
            match &block.body {
                Body::Lines { lines, .. } => lines.iter().collect(),
                Body::Words(words) => words.iter().filter_map(Inset::figure).collect(),
            }
        })
    }
}

impl Inset {
    const fn figure(&self) -> Option<&Line> {
        match self {
            Self::Figure(line) => Some(line),
            Self::Template(_) => None,
        }
    }
}

/// The draft of one incident, as the template orders it.
#[must_use]
pub fn draft(incident: &Incident, options: &Options) -> Draft {
    let mut draft = Draft {
        title: incident.title.clone(),
        sections: vec![Section::default()],
        evidence: false,
    };
    let mut gap = false;
    for row in &options.template.rows {
        let body = match row {
            Row::Blank => {
                gap = true;
                continue;
            }
            Row::Heading { level: 1, words } => {
                draft.title = heading(words, incident, options);
                continue;
            }
            Row::Heading { level, words } => {
                draft.sections.push(Section {
                    title: heading(words, incident, options),
                    depth: level - 2,
                    blocks: Vec::new(),
                });
                gap = false;
                continue;
            }
            Row::Words(words) => Body::Words(filled(words, incident, options)),
            Row::Lines { form, slot } => match slot.fill {
                Fill::Evidence => {
                    draft.evidence = true;
                    continue;
                }
                Fill::Lines(fill) => Body::Lines {
                    slot: slot.name,
                    form: *form,
                    lines: fill(incident, options),
                },
                Fill::Figure(_) => continue,
            },
        };
        if let Some(section) = draft.sections.last_mut() {
            section.blocks.push(Block { gap, body });
        }
        gap = false;
    }
    draft.sections = spoken(draft.sections);
    draft
}

/// A heading is words and no statement: it cites nothing and asks nothing.
fn heading(words: &[Word], incident: &Incident, options: &Options) -> String {
    let word = |word: &Word| match word {
        Word::Fixed(fixed) => fixed.clone(),
        Word::Figure(slot) if slot.name == "title" => incident.title.clone(),
        Word::Figure(slot) if slot.name == "id" => incident.id.clone(),
        Word::Figure(slot) => match slot.fill {
            Fill::Figure(fill) => match fill(incident, options) {
                Line::Said { text, .. } => plain(&text),
                Line::Ask { .. } => "unknown".to_owned(),
            },
            _ => String::new(),
        },
    };
    words.iter().map(word).collect()
}

fn plain(pieces: &[Piece]) -> String {
    let words = pieces.iter().map(|p| match p {
        Piece::Text(words) | Piece::Strong(words) => words.as_str(),
        Piece::Cite(_) => "",
    });
    words.collect()
}

fn filled(words: &[Word], incident: &Incident, options: &Options) -> Vec<Inset> {
    let figure = |slot: &Slot| match slot.fill {
        Fill::Figure(fill) => fill(incident, options),
        _ => Line::ask(slot.about),
    };
    words
        .iter()
        .map(|w| match w {
            Word::Fixed(text) => Inset::Template(text.clone()),
            Word::Figure(slot) => Inset::Figure(figure(slot)),
        })
        .collect()
}

/// The sections without those whose slots have nothing to say; a heading stays if a part of its
/// section does.
fn spoken(sections: Vec<Section>) -> Vec<Section> {
    let mut kept: Vec<Section> = Vec::new();
    for mut section in sections.into_iter().rev() {
        let asked = !section.blocks.is_empty();
        section
            .blocks
            .retain(|b| !matches!(&b.body, Body::Lines { lines, .. } if lines.is_empty()));
        let has_parts = kept.last().is_some_and(|next| next.depth > section.depth);
        let heads_parts = !asked && has_parts && !section.title.is_empty();
        if !section.blocks.is_empty() || heads_parts || (asked && has_parts) {
            kept.push(section);
        }
    }
    kept.reverse();
    kept
}

/// A time in the telling of an incident: with its date only where that is not the day on which it
/// began.
fn near(incident: &Incident, at: Stamp, zone: Zone) -> String {
    let began = [Milestone::ImpactStart, Milestone::Detected];
    let began = began.into_iter().find_map(|m| incident.when(m));
    let began = began.or_else(|| Some(incident.timeline.first()?.at));
    match began {
        Some(began) if prose::day(began, zone) != prose::day(at, zone) => prose::moment(at, zone),
        _ => prose::clock(at, zone),
    }
}

/// A statement that begins with its time.
fn timed(time: String, text: &str, grade: Grade, evidence: &Evidence) -> Line {
    Line::said(prose::sentence(text), evidence.clone())
        .graded(grade)
        .labelled(time)
}

/// What people said about the matter of a section, quoted.
fn remarks<'a>(
    incident: &'a Incident,
    section: &'a str,
    zone: Zone,
) -> impl Iterator<Item = Line> + 'a {
    let said = incident
        .remarks
        .iter()
        .filter(move |r| r.section == section);
    said.map(move |r| quoted(incident, r, zone))
}

fn quoted(incident: &Incident, remark: &Remark, zone: Zone) -> Line {
    let who = remark.actor.as_deref();
    let when = remark.at.map(|at| near(incident, at, zone));
    let source = match (who, when) {
        (Some(who), Some(when)) => format!("{} at {when}: ", prose::actor(who)),
        (Some(who), None) => format!("{}: ", prose::actor(who)),
        (None, Some(when)) => format!("Written about {when}: "),
        (None, None) => String::new(),
    };
    let text = format!("{source}“{}”", remark.text.trim());
    Line::said(text, remark.evidence.clone()).graded(Grade::Claimed)
}

/// Lines, or if there are none this question.
fn or_ask(lines: Vec<Line>, question: &str) -> Vec<Line> {
    if lines.is_empty() {
        vec![Line::ask(question)]
    } else {
        lines
    }
}

fn text(words: impl Into<String>) -> Piece {
    Piece::Text(words.into())
}
