//! The draft postmortem in Markdown.

mod appendix;

pub(super) use appendix::{UNNAMED, clock_of};

use super::build::all_notices;
use super::draft::{Body, Draft, Inset, Section, draft};
use super::escape::markdown as plain;
use super::merge::Block;
use super::prose::{self, count};
use super::roles::Cast;
use super::template::Form;
use super::{Locator, Options};
use crate::analysis::Analysis;
use crate::cite::{Cite, Grade, Line, Piece};
use crate::source::Library;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;

/// The drafts of all incidents, or what was read and why nothing in it qualifies.
pub fn markdown(
    analysis: &Analysis,
    library: &mut Library,
    options: &Options,
) -> io::Result<String> {
    Ok(super::merge::text(&blocks(analysis, library, options)?))
}

/// The same, line by line, each with a name that a later run knows it by.
pub fn blocks(
    analysis: &Analysis,
    library: &mut Library,
    options: &Options,
) -> io::Result<Vec<Block>> {
    let mut page = Page {
        out: Vec::new(),
        gap: false,
        uses: BTreeMap::new(),
        under: String::new(),
        locator: Locator::new(library),
        cited: BTreeSet::new(),
        cast: super::cast(analysis, options),
        options,
    };
    let incidents = page.cast.all_told(&analysis.incidents);
    let mut appendix = incidents.is_empty();
    match incidents.as_slice() {
        [] => page.nothing(analysis),
        [one] => {
            let draft = draft(one, options).admitting(&analysis.inputs);
            page.heading(1, "title", &draft.title);
            page.draft(&draft, 2)?;
            appendix = draft.evidence;
        }
        several => {
            let drafts = count(several.len() as u64, "incident");
            page.heading(1, "title", &format!("Postmortem drafts: {drafts}"));
            for incident in several {
                let line = format!("- {}: {}", plain(&incident.id), plain(&incident.title));
                page.fact(format!("contents/{}", incident.id), line);
            }
            for incident in several {
                let draft = draft(incident, options).admitting(&analysis.inputs);
                page.under = format!("{}/", incident.id);
                page.heading(2, "title", &incident.title);
                page.draft(&draft, 3)?;
                appendix |= draft.evidence;
            }
            page.under.clear();
        }
    }
    if appendix {
        page.appendix(analysis)?;
    }
    Ok(page.out)
}

struct Page<'a> {
    out: Vec<Block>,
    /// An empty line comes next.
    gap: bool,
    /// How often a name was given.
    uses: BTreeMap<String, usize>,
    /// The incident that names are given under.
    under: String,
    locator: Locator<'a>,
    cited: BTreeSet<Cite>,
    cast: Cast,
    options: &'a Options,
}

impl Page<'_> {
    fn push(&mut self, name: String, text: String, fact: bool) {
        let mut key = format!("{}{name}", self.under);
        let uses = self.uses.entry(key.clone()).or_default();
        *uses += 1;
        if *uses > 1 {
            let _ = write!(key, "#{uses}");
        }
        self.out.push(Block {
            key,
            text,
            gap: std::mem::take(&mut self.gap) && !self.out.is_empty(),
            fact,
        });
    }

    /// A line of which a reader wants to know that it changed.
    fn fact(&mut self, name: String, text: String) {
        self.push(name, text, true);
    }

    /// A line that is what it is.
    fn line(&mut self, name: String, text: &str) {
        self.push(name, text.to_owned(), false);
    }

    /// A heading with empty lines around it; `title` is plain text.
    fn heading(&mut self, level: usize, name: &str, title: &str) {
        self.gap = true;
        let marks = "#".repeat(level.min(6));
        self.line(
            format!("heading/{name}"),
            &format!("{marks} {}", plain(title)),
        );
        self.gap = true;
    }

    fn draft(&mut self, draft: &Draft, level: usize) -> io::Result<()> {
        for section in &draft.sections {
            if !section.title.is_empty() {
                self.heading(level + section.depth, &section.title, &section.title);
            }
            self.section(section)?;
        }
        Ok(())
    }

    fn section(&mut self, section: &Section) -> io::Result<()> {
        for block in &section.blocks {
            self.gap |= block.gap;
            match &block.body {
                Body::Words(words) => {
                    let line = self.words(words)?;
                    self.fact(format!("words/{}", section.title), line);
                }
                Body::Lines { slot, form, lines } => self.lines(slot, *form, lines)?,
            }
        }
        Ok(())
    }

    /// A line of the template with its figures; what they rest on stands at its end.
    fn words(&mut self, words: &[Inset]) -> io::Result<String> {
        let mut out = String::new();
        let mut grade = Grade::Observed;
        let mut cites: Vec<Cite> = Vec::new();
        for word in words {
            match word {
                Inset::Template(fixed) => out.push_str(fixed),
                Inset::Figure(Line::Ask { prompt }) => {
                    let _ = write!(out, "TODO(human): {}", plain(prompt));
                }
                Inset::Figure(Line::Said {
                    text,
                    grade: known,
                    evidence,
                }) => {
                    for piece in text {
                        if let Piece::Text(words) | Piece::Strong(words) = piece {
                            out.push_str(&plain(words));
                        }
                    }
                    grade = grade.max(*known);
                    cites.extend(evidence.iter());
                }
            }
        }
        let mut out = out.trim_end().to_owned();
        graded(&mut out, grade);
        out.push_str(&self.citations(cites.into_iter())?);
        Ok(out)
    }

    fn lines(&mut self, slot: &str, form: Form, lines: &[Line]) -> io::Result<()> {
        if form == Form::Paragraph {
            let said = lines.iter().filter(|l| matches!(l, Line::Said { .. }));
            let said: Vec<String> = said.map(|l| self.said(l)).collect::<io::Result<_>>()?;
            if !said.is_empty() {
                self.fact(format!("{slot}/text"), said.join(" "));
                self.gap = true;
            }
            for line in lines.iter().filter(|l| matches!(l, Line::Ask { .. })) {
                let (name, text) = (self.name(slot, line)?, self.said(line)?);
                self.fact(name, text);
                self.gap = true;
            }
            return Ok(());
        }
        for (number, line) in (1..).zip(lines) {
            let mark = match form {
                Form::Numbers(indent) => format!("{:indent$}{number}. ", ""),
                Form::Bullets(indent) => format!("{:indent$}- ", ""),
                Form::Paragraph => String::new(),
            };
            let (name, text) = (self.name(slot, line)?, self.said(line)?);
            self.fact(name, format!("{mark}{text}"));
        }
        Ok(())
    }

    /// What a later run knows a line by: its label, its question, or else what it cites.
    fn name(&mut self, slot: &str, line: &Line) -> io::Result<String> {
        Ok(match line {
            Line::Ask { prompt } => format!("{slot}/ask/{prompt}"),
            Line::Said { text, evidence, .. } => match text.first() {
                Some(Piece::Strong(label)) => format!("{slot}/{label}"),
                _ => format!("{slot}/{}", self.locator.name(evidence.first())?),
            },
        })
    }

    fn said(&mut self, line: &Line) -> io::Result<String> {
        let (text, grade, evidence) = match line {
            Line::Ask { prompt } => return Ok(format!("TODO(human): {}", plain(prompt))),
            Line::Said {
                text,
                grade,
                evidence,
            } => (text, grade, evidence),
        };
        let mut out = String::new();
        let mut inline = BTreeSet::new();
        for piece in text {
            match piece {
                Piece::Text(words) => out.push_str(&plain(words)),
                Piece::Strong(words) => {
                    let _ = write!(out, "**{}**", plain(words.trim()));
                }
                Piece::Cite(cite) => {
                    inline.insert(*cite);
                    self.cited.insert(*cite);
                    out.push_str(&plain(&self.locator.name(*cite)?));
                }
            }
        }
        graded(&mut out, *grade);
        let rest = evidence.iter().filter(|c| !inline.contains(c));
        out.push_str(&self.citations(rest)?);
        Ok(out)
    }

    /// ` [auth.log:1042, web.log:7]`, or nothing.
    fn citations(&mut self, cites: impl Iterator<Item = Cite>) -> io::Result<String> {
        let mut names: Vec<String> = Vec::new();
        for cite in cites {
            self.cited.insert(cite);
            let name = plain(&self.locator.name(cite)?);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(match names.is_empty() {
            true => String::new(),
            false => format!(" [{}]", names.join(", ")),
        })
    }

    fn nothing(&mut self, analysis: &Analysis) {
        self.heading(1, "title", "No incident found");
        for paragraph in nothing(analysis, self.options) {
            self.line("nothing".to_owned(), &paragraph);
            self.gap = true;
        }
    }
}

fn graded(out: &mut String, grade: Grade) {
    match grade {
        Grade::Observed => {}
        Grade::Inferred | Grade::Claimed => {
            let _ = write!(out, " *({grade})*");
        }
    }
}

/// What was read, and why nothing in it qualifies.
pub(super) fn nothing(analysis: &Analysis, options: &Options) -> [String; 2] {
    let entries: u64 = analysis.inputs.iter().map(|a| a.entries).sum();
    let undated: u64 = analysis.inputs.iter().map(|a| a.undated).sum();
    let inputs = count(analysis.inputs.len() as u64, "input");
    let span = analysis.window.map_or_else(String::new, |w| {
        let zone = options.zone;
        let (start, end) = (prose::moment(w.start, zone), prose::moment(w.end, zone));
        format!(", between {start} and {end}")
    });
    let verb = if entries == 1 { "was" } else { "were" };
    let read = format!("{} in {inputs} {verb} read{span}.", count(entries, "entry"));
    let why = if analysis.inputs.is_empty() {
        "There was nothing to read."
    } else if entries == 0 {
        "None of the inputs is in a known format, so nothing in them could be weighed. \
             `recon explain` shows what was tried."
    } else if undated == entries {
        "None of the entries carries a time, so nothing can be said about before and after."
    } else {
        "An incident needs signs of failure that stand out from what is usual in the same \
             inputs: failing requests, errors, missing entries, tickets, or an alert or a page that \
             somebody took up. None did; what came closest is among the notices below."
    };
    [read, why.to_owned()]
}
