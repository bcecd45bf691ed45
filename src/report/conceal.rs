//! An analysis without what must not be printed: every text of the inputs in it is redacted before
//! a report is made of it.

use super::Locator;
use super::prose::{count, list};
use crate::analysis::Analysis;
use crate::cite::{Cite, Evidence, Notice, Weight};
use crate::incident::{Fact, Impact, Incident, Marked, Stated};
use crate::redact::{Redactor, Tally};
use crate::source::Library;
use std::collections::BTreeSet;
use std::io;

/// Lines around a citation that a report may show.
const AROUND: usize = 3;

/// Redacts the texts of an analysis. Pseudonyms are numbered as the values first appear in the
/// cited lines and those around them, file by file, so that all forms of a report have the same.
pub fn conceal(analysis: &mut Analysis, library: &mut Library) -> io::Result<()> {
    let Some(redactor) = library.redactor() else {
        return Ok(());
    };
    let cites = cites(analysis);
    let mut locator = Locator::new(library);
    for cite in cites {
        locator.place(cite)?;
        locator.around(cite, AROUND)?;
    }
    let concealed = Concealed(&redactor);
    concealed.analysis(analysis);
    analysis.redacted = redactor.tally();
    if let Some(words) = words(&analysis.redacted) {
        analysis.notices.push(Notice::new(
            Weight::Info,
            format!("redacted in the cited lines and those around them: {words} (--redact=none shows them)"),
        ));
    }
    Ok(())
}

/// "2 tokens and 1 card number".
fn words(tally: &[Tally]) -> Option<String> {
    let noun = |kind| match kind {
        "card" => "card number",
        "email" => "e-mail address",
        "ip" => "IP address",
        kind => kind,
    };
    let all: Vec<String> = tally
        .iter()
        .map(|t| count(t.values as u64, noun(t.kind)))
        .collect();
    (!all.is_empty()).then(|| list(&all))
}

/// Everything that the analysis cites.
fn cites(analysis: &Analysis) -> BTreeSet<Cite> {
    let mut found = BTreeSet::new();
    let mut add = |e: &Evidence| found.extend(e.iter());
    analysis
        .notices
        .iter()
        .flat_map(|n| &n.evidence)
        .for_each(&mut add);
    for incident in &analysis.incidents {
        for mark in incident.milestones.iter().flatten() {
            add(&mark.claim.evidence);
            mark.alternatives.iter().for_each(|a| add(&a.evidence));
        }
        let culprit = incident.culprit.iter().map(|c| &c.evidence);
        let detection = incident.detection.iter().map(|d| &d.1);
        let told = incident.timeline.iter().map(|m| &m.evidence);
        let leads = incident.leads.iter().map(|l| &l.evidence);
        let suspects = incident.suspects.iter().map(|s| &s.evidence);
        let tasks = incident.tasks.iter().map(|t| &t.evidence);
        let remarks = incident.remarks.iter().map(|r| &r.evidence);
        let notices = incident.notices.iter().flat_map(|n| &n.evidence);
        let impact = incident.impact.by_service.iter().map(|s| &s.evidence);
        let impact = impact.chain(&incident.impact.evidence);
        culprit
            .chain(detection)
            .chain(told)
            .chain(leads)
            .chain(suspects)
            .chain(tasks)
            .chain(remarks)
            .chain(notices)
            .chain(impact)
            .for_each(&mut add);
        if let Some(stated) = &incident.stated {
            stated.contradictions.iter().for_each(|c| add(&c.evidence));
        }
    }
    found
}

struct Concealed<'r>(&'r Redactor);

impl Concealed<'_> {
    fn text(&self, text: &mut String) {
        if let std::borrow::Cow::Owned(redacted) = self.0.redact(text) {
            *text = redacted;
        }
    }

    fn maybe(&self, text: &mut Option<String>) {
        text.iter_mut().for_each(|t| self.text(t));
    }

    fn analysis(&self, analysis: &mut Analysis) {
        analysis.people.iter_mut().for_each(|p| self.text(p));
        for input in &mut analysis.inputs {
            self.text(&mut input.path);
        }
        for clock in &mut analysis.clocks {
            self.text(&mut clock.host);
            self.text(&mut clock.reference);
        }
        analysis
            .notices
            .iter_mut()
            .for_each(|n| self.text(&mut n.message));
        analysis.incidents.iter_mut().for_each(|i| self.incident(i));
    }

    fn incident(&self, incident: &mut Incident) {
        self.text(&mut incident.id);
        self.text(&mut incident.title);
        incident
            .culprit
            .iter_mut()
            .for_each(|c| self.text(&mut c.service));
        incident
            .services
            .iter_mut()
            .for_each(|s| self.text(&mut s.service));
        for moment in &mut incident.timeline {
            self.text(&mut moment.text);
            self.maybe(&mut moment.actor);
            self.maybe(&mut moment.service);
        }
        incident
            .leads
            .iter_mut()
            .for_each(|l| self.text(&mut l.hypothesis));
        for suspect in &mut incident.suspects {
            self.text(&mut suspect.what);
            self.maybe(&mut suspect.words);
            self.maybe(&mut suspect.service);
        }
        incident
            .tasks
            .iter_mut()
            .for_each(|t| self.text(&mut t.text));
        for remark in &mut incident.remarks {
            self.text(&mut remark.text);
            self.maybe(&mut remark.actor);
        }
        self.impact(&mut incident.impact);
        incident.stated.iter_mut().for_each(|s| self.stated(s));
        incident.questions.iter_mut().for_each(|q| self.text(q));
        incident
            .notices
            .iter_mut()
            .for_each(|n| self.text(&mut n.message));
        let _: &[Option<Marked>] = &incident.milestones; // times, rules and citations: no text
    }

    fn impact(&self, impact: &mut Impact) {
        for service in &mut impact.by_service {
            self.text(&mut service.service);
            self.maybe(&mut service.operation);
        }
        self.text(&mut impact.basis);
    }

    fn stated(&self, stated: &mut Stated) {
        let told: [&mut Option<Fact<String>>; 3] =
            [&mut stated.start, &mut stated.end, &mut stated.zone];
        for fact in told.into_iter().flatten() {
            self.text(&mut fact.value);
        }
        stated
            .contradictions
            .iter_mut()
            .for_each(|c| self.text(&mut c.text));
    }
}
