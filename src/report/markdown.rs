//! The draft postmortem in Markdown.

use super::build::all_notices;
use super::draft::{Section, draft};
use super::escape::{markdown as plain, verbatim};
use super::prose::{self, count};
use super::{Locator, Options};
use crate::analysis::{Account, Analysis};
use crate::cite::{Cite, Evidence, Grade, Line, Piece};
use crate::clock::ClockOffset;
use crate::source::Library;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

/// The drafts of all incidents, or what was read and why nothing in it qualifies.
pub fn markdown(
    analysis: &Analysis,
    library: &mut Library,
    options: &Options,
) -> io::Result<String> {
    let mut page = Page {
        out: String::new(),
        locator: Locator::new(library),
        cited: BTreeSet::new(),
        options,
    };
    match analysis.incidents.as_slice() {
        [] => page.nothing(analysis),
        [one] => {
            page.heading(1, &format!("Postmortem draft: {}", one.title));
            page.sections(&draft(one, options), 2)?;
        }
        several => {
            page.heading(
                1,
                &format!(
                    "Postmortem drafts: {}",
                    count(several.len() as u64, "incident")
                ),
            );
            for incident in several {
                page.line(&format!(
                    "- {}: {}",
                    plain(&incident.id),
                    plain(&incident.title)
                ));
            }
            for incident in several {
                page.heading(2, &incident.title);
                page.sections(&draft(incident, options), 3)?;
            }
        }
    }
    page.appendix(analysis)?;
    Ok(page.out)
}

struct Page<'a> {
    out: String,
    locator: Locator<'a>,
    cited: BTreeSet<Cite>,
    options: &'a Options,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A heading with blank lines around it; `title` is plain text.
    fn heading(&mut self, level: usize, title: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        let marks = "#".repeat(level);
        self.line(&format!("{marks} {}\n", plain(title)));
    }

    fn sections(&mut self, sections: &[Section], level: usize) -> io::Result<()> {
        for section in sections {
            self.heading(level + section.depth, section.title);
            for line in &section.lines {
                let line = self.item(line)?;
                self.line(&line);
            }
        }
        Ok(())
    }

    fn item(&mut self, line: &Line) -> io::Result<String> {
        let (text, grade, evidence) = match line {
            Line::Ask { prompt } => return Ok(format!("- TODO(human): {}", plain(prompt))),
            Line::Said {
                text,
                grade,
                evidence,
            } => (text, grade, evidence),
        };
        let mut out = String::from("- ");
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
        match grade {
            Grade::Observed => {}
            Grade::Inferred | Grade::Claimed => {
                let _ = write!(out, " *({grade})*");
            }
        }
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
        self.heading(1, "No incident found");
        self.line(&nothing(analysis, self.options).join("\n\n"));
    }

    fn appendix(&mut self, analysis: &Analysis) -> io::Result<()> {
        self.heading(2, "Evidence");
        self.coverage(&analysis.inputs);
        self.clocks(&analysis.clocks);
        let notices = all_notices(analysis);
        if !notices.is_empty() {
            self.heading(3, "Notices");
            for notice in notices {
                let cites: Vec<Cite> = notice.evidence.iter().flat_map(Evidence::iter).collect();
                let cites = self.citations(cites.into_iter())?;
                let level = notice.weight.name();
                self.line(&format!("- {level}: {}{cites}", plain(&notice.message)));
            }
        }
        self.quotations()
    }

    fn coverage(&mut self, inputs: &[Account]) {
        if inputs.is_empty() {
            return;
        }
        self.line(
            "| Input | Format | Lines | Entries | Unparsed lines | Undated | Zone | From | To |",
        );
        self.line("|---|---|--:|--:|--:|--:|---|---|---|");
        for a in inputs {
            let zone = self.options.zone;
            let time =
                |at: Option<_>| at.map_or_else(|| "–".to_owned(), |t| prose::moment(t, zone));
            let format = match a.formats.as_slice() {
                [] => "unknown".to_owned(),
                formats => formats.join(", "),
            };
            let stated = match &a.zone {
                Some(zone) => format!("{zone} ({})", a.zone_basis.of_zone()),
                None if a.first.is_some() => "stated".to_owned(),
                None => "–".to_owned(),
            };
            let stated = format!("{stated}; year: {}", a.year_basis.of_year());
            let row = format!(
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                plain(&a.path),
                plain(&format),
                prose::thousands(a.lines),
                prose::thousands(a.entries),
                prose::thousands(a.unparsed_lines),
                prose::thousands(a.undated),
                plain(&stated),
                time(a.first),
                time(a.last),
            );
            self.line(&row);
        }
    }

    /// How the hosts' clocks compare. Those that agree are counted, not listed.
    fn clocks(&mut self, clocks: &[ClockOffset]) {
        if clocks.is_empty() {
            return;
        }
        self.heading(3, "Clocks");
        let off = |c: &&ClockOffset| c.applied || c.offset.is_none();
        let agree = clocks.len() - clocks.iter().filter(off).count();
        self.line(&format!(
            "Compared by the request ids that they share: {} within a second. Cited lines keep \
             the times that they were written with.",
            count(agree as u64, "clock")
        ));
        if agree == clocks.len() {
            return;
        }
        self.line("\n| Clock | Against | Offset | Between | Shared ids |");
        self.line("|---|---|---|---|--:|");
        for c in clocks.iter().filter(off) {
            self.line(&format!(
                "| {} | {} | {} | {} | {} |",
                plain(&c.host),
                plain(&c.reference),
                plain(&c.verdict()),
                plain(&c.between()),
                prose::thousands(c.ids as u64),
            ));
        }
    }

    /// Every cited line, as it stands.
    fn quotations(&mut self) -> io::Result<()> {
        if self.cited.is_empty() {
            return Ok(());
        }
        self.heading(3, "Cited lines");
        let mut quoted: Vec<(String, u64, String)> = Vec::new();
        for cite in std::mem::take(&mut self.cited) {
            let place = self.locator.place(cite)?;
            let line = format!(
                "- {}: {}",
                plain(&self.locator.name(cite)?),
                verbatim(&place.text)
            );
            quoted.push((place.path, place.line, line));
        }
        quoted.sort();
        quoted.dedup();
        for (_, _, line) in quoted {
            self.line(&line);
        }
        Ok(())
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
