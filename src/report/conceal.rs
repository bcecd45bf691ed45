//! An analysis without what must not be printed: every text of the inputs in it is redacted before
//! a report is made of it.

use super::Locator;
use super::prose::{count, list};
use crate::analysis::{Account, Analysis};
use crate::cite::{Cite, Evidence, Notice, Weight};
use crate::clock::ClockOffset;
use crate::incident::{
    Contradiction, Culprit, Fact, Impact, Incident, Involved, Lead, Moment, Remark, ServiceImpact,
    Stated, Suspect, Task,
};
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
    library.count_lines(&cites)?;
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
            let words = [&stated.start, &stated.end, &stated.zone];
            words.into_iter().flatten().for_each(|f| add(&f.evidence));
            let numbers: [&Option<Fact<f64>>; 2] =
                [&stated.duration_minutes, &stated.users_affected_percent];
            numbers.into_iter().flatten().for_each(|f| add(&f.evidence));
            let entries = stated.timeline_entries.iter();
            entries.for_each(|f| add(&f.evidence));
        }
    }
    found
}

struct Concealed<'r>(&'r Redactor);

/// Every structure is taken apart in full, so that a field which is added to one does not compile
/// until somebody has decided here whether it is text of the inputs.
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
        let Analysis {
            window: _,
            chosen_by: _,
            inputs,
            clocks,
            incidents,
            notices,
            people,
            redacted: _,
        } = analysis;
        people.iter_mut().for_each(|p| self.text(p));
        inputs.iter_mut().for_each(|i| self.input(i));
        clocks.iter_mut().for_each(|c| self.clock(c));
        notices.iter_mut().for_each(|n| self.notice(n));
        incidents.iter_mut().for_each(|i| self.incident(i));
    }

    fn input(&self, input: &mut Account) {
        let Account {
            path,
            unparsed_samples,
            zone,
            formats: _,
            votes: _,
            sampled: _,
            declared: _,
            runner_up: _,
            wrapped: _,
            bytes: _,
            lines: _,
            entries: _,
            unparsed_lines: _,
            undated: _,
            cut: _,
            first: _,
            last: _,
            zone_basis: _,
            dates: _,
            year_basis: _,
        } = input;
        self.text(path);
        self.maybe(zone);
        unparsed_samples
            .iter_mut()
            .for_each(|(_, text)| self.text(text));
    }

    fn clock(&self, clock: &mut ClockOffset) {
        let ClockOffset {
            host,
            reference,
            offset: _,
            bounds: _,
            ids: _,
            drift: _,
            applied: _,
            belief: _,
        } = clock;
        self.text(host);
        self.text(reference);
    }

    fn notice(&self, notice: &mut Notice) {
        let Notice {
            weight: _,
            message,
            evidence: _,
        } = notice;
        self.text(message);
    }

    fn incident(&self, incident: &mut Incident) {
        let Incident {
            id,
            title,
            status: _,
            culprit,
            services,
            detection: _,
            milestones: _, // times, rules and citations
            timeline,
            leads,
            suspects,
            tasks,
            remarks,
            impact,
            series: _, // numbers
            stated,
            questions,
            notices,
            evidence_ends: _,
        } = incident;
        self.text(id);
        self.text(title);
        if let Some(Culprit {
            service,
            confidence: _,
            evidence: _,
        }) = culprit
        {
            self.text(service);
        }
        for involved in services {
            let Involved {
                service,
                culprit: _,
            } = involved;
            self.text(service);
        }
        timeline.iter_mut().for_each(|m| self.moment(m));
        leads.iter_mut().for_each(|l| self.lead(l));
        suspects.iter_mut().for_each(|s| self.suspect(s));
        tasks.iter_mut().for_each(|t| self.task(t));
        remarks.iter_mut().for_each(|r| self.remark(r));
        self.impact(impact);
        stated.iter_mut().for_each(|s| self.stated(s));
        questions.iter_mut().for_each(|q| self.text(q));
        notices.iter_mut().for_each(|n| self.notice(n));
    }

    fn moment(&self, moment: &mut Moment) {
        let Moment {
            at: _,
            origin: _,
            phase: _,
            text,
            actor,
            service,
            grade: _,
            evidence: _,
        } = moment;
        self.text(text);
        self.maybe(actor);
        self.maybe(service);
    }

    fn lead(&self, lead: &mut Lead) {
        let Lead {
            hypothesis,
            from: _,
            to: _,
            ruled_out: _,
            evidence: _,
        } = lead;
        self.text(hypothesis);
    }

    fn suspect(&self, suspect: &mut Suspect) {
        let Suspect {
            kind: _,
            what,
            words,
            service,
            at: _,
            score: _,
            features: _,
            evidence: _,
        } = suspect;
        self.text(what);
        self.maybe(words);
        self.maybe(service);
    }

    fn task(&self, task: &mut Task) {
        let Task {
            horizon: _,
            text,
            evidence: _,
        } = task;
        self.text(text);
    }

    fn remark(&self, remark: &mut Remark) {
        let Remark {
            section: _,
            at: _,
            actor,
            text,
            evidence: _,
        } = remark;
        self.text(text);
        self.maybe(actor);
    }

    fn impact(&self, impact: &mut Impact) {
        let Impact {
            requests_total: _,
            requests_failed: _,
            error_rate_peak: _,
            error_rate_mean: _,
            error_rate_baseline: _,
            users_active: _,
            users_affected: _,
            users_blocked: _,
            latency_p99_ms: _,
            latency_p99_baseline_ms: _,
            by_service,
            tickets: _,
            basis,
            evidence: _,
        } = impact;
        for each in by_service {
            let ServiceImpact {
                service,
                operation,
                requests_total: _,
                requests_failed: _,
                evidence: _,
            } = each;
            self.text(service);
            self.maybe(operation);
        }
        self.text(basis);
    }

    fn stated(&self, stated: &mut Stated) {
        let Stated {
            start,
            end,
            zone,
            duration_minutes: _,
            users_affected_percent: _,
            timeline_entries: _,
            contradictions,
        } = stated;
        for fact in [start, end, zone].into_iter().flatten() {
            self.text(&mut fact.value);
        }
        for contradiction in contradictions {
            let Contradiction {
                code: _,
                text,
                evidence: _,
            } = contradiction;
            self.text(text);
        }
    }
}
