//! The appendix of a draft: how the inputs were read, notices, and every cited line.

use super::{Page, all_notices, plain};
use crate::analysis::{Account, Analysis};
use crate::cite::{Cite, Evidence};
use crate::clock::{ClockOffset, Ground};
use crate::report::escape::verbatim;
use crate::report::prose::{self, count};
use std::io;

/// What is not as it stands in the inputs.
pub(in crate::report) const UNNAMED: &str = "As they stand in the inputs, but for people: a role in \
    brackets stands in the place of a name. With --names the names stand there.";

impl Page<'_> {
    pub(super) fn appendix(&mut self, analysis: &Analysis) -> io::Result<()> {
        self.heading(2, "evidence", "Evidence");
        self.coverage(&analysis.inputs);
        self.clocks(&analysis.clocks);
        let notices = all_notices(analysis);
        if !notices.is_empty() {
            self.heading(3, "notices", "Notices");
            for notice in notices {
                let cites: Vec<Cite> = notice.evidence.iter().flat_map(Evidence::iter).collect();
                let cites = self.citations(cites.into_iter())?;
                let level = notice.weight.name();
                let line = format!("- {level}: {}{cites}", plain(&notice.message));
                self.line(format!("notice/{}", notice.message), &line);
            }
        }
        self.quotations()
    }

    fn coverage(&mut self, inputs: &[Account]) {
        if inputs.is_empty() {
            return;
        }
        self.line(
            "inputs".to_owned(),
            "| Input | Format | Lines | Entries | Unparsed lines | Undated | Zone | From | To |",
        );
        self.line("inputs".to_owned(), "|---|---|--:|--:|--:|--:|---|---|---|");
        for a in inputs {
            let zone = self.options.zone;
            let time =
                |at: Option<_>| at.map_or_else(|| "–".to_owned(), |t| prose::moment(t, zone));
            let format = match a.formats.as_slice() {
                [] => "unknown".to_owned(),
                formats => formats.join(", "),
            };
            let stated = clock_of(a);
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
            self.line(format!("input/{}", a.path), &row);
        }
    }

    /// How the hosts' clocks compare. Those that agree are counted, not listed.
    fn clocks(&mut self, clocks: &[ClockOffset]) {
        if clocks.is_empty() {
            return;
        }
        self.heading(3, "clocks", "Clocks");
        let off = |c: &&ClockOffset| c.applied || c.offset.is_none();
        let agree = clocks.len() - clocks.iter().filter(off).count();
        let compared = format!(
            "Compared by the request ids that they share: {} within a second. Cited lines keep \
             the times that they were written with.",
            count(agree as u64, "clock")
        );
        self.line("clocks".to_owned(), &compared);
        if agree == clocks.len() {
            return;
        }
        self.gap = true;
        let head = "| Clock | Against | Offset | Between | Shared ids |";
        self.line("clocks".to_owned(), head);
        self.line("clocks".to_owned(), "|---|---|---|---|--:|");
        for c in clocks.iter().filter(off) {
            let row = format!(
                "| {} | {} | {} | {} | {} |",
                plain(&c.host),
                plain(&c.reference),
                plain(&c.verdict()),
                plain(&c.between()),
                prose::thousands(c.ids as u64),
            );
            self.line(format!("clock/{}", c.host), &row);
        }
    }

    /// Every cited line, as it stands.
    fn quotations(&mut self) -> io::Result<()> {
        if self.cited.is_empty() {
            return Ok(());
        }
        self.heading(3, "cited", "Cited lines");
        if !self.cast.is_empty() {
            self.line("cited".to_owned(), UNNAMED);
            self.gap = true;
        }
        let mut quoted: Vec<(String, u64, String)> = Vec::new();
        for cite in std::mem::take(&mut self.cited) {
            let place = self.locator.place(cite)?;
            let line = format!(
                "- {}: {}",
                plain(&self.locator.name(cite)?),
                verbatim(&self.cast.quoted(&place.text))
            );
            quoted.push((place.path, place.line, line));
        }
        quoted.sort();
        quoted.dedup();
        for (path, number, line) in quoted {
            self.line(format!("cited/{path}:{number}"), &line);
        }
        Ok(())
    }
}

/// Whose clock an input's times are: its zone, and its year where that is not stated either.
pub(in crate::report) fn clock_of(account: &Account) -> String {
    let zone = match &account.zone {
        Some(zone) => format!("{zone} ({})", account.zone_basis.of_zone()),
        None if account.first.is_some() => "stated".to_owned(),
        None => "–".to_owned(),
    };
    let year = account.year_basis.of_year();
    if year == Ground::Stated.of_year() {
        zone
    } else {
        format!("{zone}; year: {year}")
    }
}
