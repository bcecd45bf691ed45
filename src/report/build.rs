//! From an analysis to the report for programs.

use super::json::{self, Number, Ordered, Report};
use super::{Locator, Options, draft};
use crate::analysis::{Account, Analysis};
use crate::cite::{Claim, Evidence, Notice};
use crate::clock::ClockOffset;
use crate::incident::{Impact, Incident, Marked, Milestone, Stated};
use crate::metrics::{Metric, budget, budget::PERIOD_DAYS, durations};
use crate::source::Library;
use recon_parsers::Stamp;
use std::io;

/// The report for programs. The same analysis gives the same bytes.
pub fn build(analysis: &Analysis, library: &mut Library, options: &Options) -> io::Result<Report> {
    let mut build = Build {
        locator: Locator::new(library),
        options,
    };
    let incidents = analysis.incidents.iter().map(|i| build.incident(i));
    let incidents = incidents.collect::<io::Result<_>>()?;
    let notices = all_notices(analysis);
    let redacted = analysis.redacted.iter();
    Ok(Report {
        schema: json::SCHEMA.to_owned(),
        window: analysis.window.map(|w| json::Window {
            start: w.start.rfc3339(),
            end: w.end.rfc3339(),
            chosen_by: analysis.chosen_by.name().to_owned(),
        }),
        inputs: analysis.inputs.iter().map(input).collect(),
        clocks: analysis.clocks.iter().map(clock).collect(),
        incidents,
        notices: build.each(&notices, Build::notice)?,
        redacted: redacted.map(|t| (t.kind.to_owned(), t.values)).collect(),
    })
}

/// The notices of the run, of each incident and of its durations.
pub(super) fn all_notices(analysis: &Analysis) -> Vec<Notice> {
    let mut all = analysis.notices.clone();
    for incident in &analysis.incidents {
        all.extend(incident.notices.iter().cloned());
        all.extend(durations::notices(incident));
    }
    all
}

fn series(series: &crate::incident::Series) -> json::Series {
    let points = &series.points;
    let durations = |of: fn(&crate::incident::Point) -> Option<f64>| {
        let all: Vec<Option<Number>> = points
            .iter()
            .map(|p| of(p).map(|ms| Number::rounded(ms, 3)))
            .collect();
        let some = all.iter().any(Option::is_some);
        if some { all } else { Vec::new() }
    };
    json::Series {
        start: chrono::DateTime::from_timestamp_nanos(series.start)
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        step_s: Number::seconds(series.step),
        requests: match series.requests {
            true => points.iter().map(|p| p.requests).collect(),
            false => Vec::new(),
        },
        failed: points.iter().map(|p| p.failed).collect(),
        p50_ms: durations(|p| p.p50_ms),
        p99_ms: durations(|p| p.p99_ms),
    }
}

fn input(account: &Account) -> json::Input {
    let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    json::Input {
        path: account.path.clone(),
        format: account.formats.first().map(|f| (*f).to_owned()),
        also: owned(account.formats.get(1..).unwrap_or_default()),
        wrapped: owned(&account.wrapped),
        bytes: account.bytes,
        lines: account.lines,
        entries: account.entries,
        unparsed_lines: account.unparsed_lines,
        undated: account.undated,
        first: time(account.first),
        last: time(account.last),
        zone: account.zone.clone(),
        zone_basis: account.zone_basis.name().to_owned(),
        year_basis: account.year_basis.name().to_owned(),
    }
}

fn clock(clock: &ClockOffset) -> json::Clock {
    json::Clock {
        host: clock.host.clone(),
        reference: clock.reference.clone(),
        offset_s: clock.offset.map(Number::seconds),
        bounds: [clock.bounds.0, clock.bounds.1].map(Number::seconds),
        ids: clock.ids,
        drift_s: clock.drift.map(Number::seconds),
        applied: clock.applied,
    }
}

fn time(at: Option<Stamp>) -> Option<String> {
    at.map(|t| t.rfc3339())
}

struct Build<'a> {
    locator: Locator<'a>,
    options: &'a Options,
}

impl Build<'_> {
    fn each<T, U>(
        &mut self,
        items: &[T],
        one: impl Fn(&mut Self, &T) -> io::Result<U>,
    ) -> io::Result<Vec<U>> {
        items.iter().map(|item| one(self, item)).collect()
    }

    fn evidence(&mut self, evidence: &Evidence) -> io::Result<Vec<json::Evidence>> {
        let places = self.locator.places(evidence)?;
        let look = |p: crate::source::Place| json::Evidence {
            path: p.path,
            line: p.line,
            line_last: p.line_last,
            byte: p.byte,
            text: p.text,
        };
        Ok(places.into_iter().map(look).collect())
    }

    fn optional(&mut self, evidence: Option<&Evidence>) -> io::Result<Vec<json::Evidence>> {
        evidence.map_or_else(|| Ok(Vec::new()), |e| self.evidence(e))
    }

    fn incident(&mut self, incident: &Incident) -> io::Result<json::Incident> {
        let (metrics, at_least) = metrics(incident);
        Ok(json::Incident {
            id: incident.id.clone(),
            title: incident.title.clone(),
            status: incident.status.name().to_owned(),
            culprit: self.culprit(incident)?,
            services: services(incident),
            detection: self.detection(incident)?,
            milestones: self.milestones(incident)?,
            timeline: self.each(&incident.timeline, Self::moment)?,
            false_leads: self.each(&incident.leads, Self::lead)?,
            suspects: self.suspects(incident)?,
            metrics,
            at_least,
            impact: self.impact(incident)?,
            series: incident.series.as_ref().map(series),
            stated: match &incident.stated {
                Some(stated) => Some(self.stated(stated)?),
                None => None,
            },
            tasks: self.each(&incident.tasks, |b, t| {
                Ok(json::Task {
                    horizon: t.horizon.name().to_owned(),
                    text: t.text.clone(),
                    evidence: b.evidence(&t.evidence)?,
                })
            })?,
            remarks: self.each(&incident.remarks, |b, r| {
                Ok(json::Remark {
                    section: r.section.to_owned(),
                    time: time(r.at),
                    actor: r.actor.clone(),
                    text: r.text.clone(),
                    evidence: b.evidence(&r.evidence)?,
                })
            })?,
            open_questions: draft::questions(incident, self.options.zone),
        })
    }

    fn culprit(&mut self, incident: &Incident) -> io::Result<Option<json::Culprit>> {
        let Some(culprit) = &incident.culprit else {
            return Ok(None);
        };
        Ok(Some(json::Culprit {
            service: culprit.service.clone(),
            confidence: Number::share(culprit.confidence),
            evidence: self.evidence(&culprit.evidence)?,
        }))
    }

    fn detection(&mut self, incident: &Incident) -> io::Result<Option<json::Detection>> {
        let Some((method, evidence)) = &incident.detection else {
            return Ok(None);
        };
        Ok(Some(json::Detection {
            method: method.name().to_owned(),
            evidence: self.evidence(evidence)?,
        }))
    }

    fn milestones(&mut self, incident: &Incident) -> io::Result<Ordered<json::Milestone>> {
        let mut found = Vec::new();
        for which in Milestone::ALL {
            if let Some(mark) = incident.milestone(which) {
                found.push((which.name().to_owned(), self.milestone(mark)?));
            }
        }
        Ok(Ordered(found))
    }

    fn milestone(&mut self, mark: &Marked) -> io::Result<json::Milestone> {
        Ok(json::Milestone {
            not_before: time(mark.not_before),
            confidence: mark.confidence.name().to_owned(),
            alternatives: self.each(&mark.alternatives, Self::claim)?,
            ..self.claim(&mark.claim)?
        })
    }

    fn claim(&mut self, claim: &Claim<Stamp>) -> io::Result<json::Milestone> {
        Ok(json::Milestone {
            time: claim.value.rfc3339(),
            not_before: None,
            basis: claim.grade.name().to_owned(),
            confidence: String::new(),
            rule: claim.rule.to_owned(),
            evidence: self.evidence(&claim.evidence)?,
            alternatives: Vec::new(),
        })
    }

    fn moment(&mut self, moment: &crate::incident::Moment) -> io::Result<json::Moment> {
        Ok(json::Moment {
            time: moment.at.rfc3339(),
            origin: moment.origin.name().to_owned(),
            phase: moment.phase.name().to_owned(),
            text: moment.text.clone(),
            actor: moment.actor.clone(),
            service: moment.service.clone(),
            basis: moment.grade.name().to_owned(),
            evidence: self.evidence(&moment.evidence)?,
        })
    }

    fn lead(&mut self, lead: &crate::incident::Lead) -> io::Result<json::Lead> {
        Ok(json::Lead {
            hypothesis: lead.hypothesis.clone(),
            from: lead.from.rfc3339(),
            to: time(lead.to),
            ruled_out: lead.ruled_out,
            evidence: self.evidence(&lead.evidence)?,
        })
    }

    fn suspects(&mut self, incident: &Incident) -> io::Result<Vec<json::Suspect>> {
        let ranked = (1..).zip(&incident.suspects);
        let suspect = |(rank, s): (u64, &crate::incident::Suspect)| {
            let features = s.features.iter();
            Ok(json::Suspect {
                rank,
                kind: s.kind.name().to_owned(),
                what: s.what.clone(),
                service: s.service.clone(),
                time: time(s.at),
                score: Number::share(s.score),
                features: features
                    .map(|(name, v)| ((*name).to_owned(), Number::share(*v)))
                    .collect(),
                evidence: self.evidence(&s.evidence)?,
            })
        };
        ranked.map(suspect).collect()
    }

    fn impact(&mut self, incident: &Incident) -> io::Result<json::Impact> {
        let impact = &incident.impact;
        let share = |v: Option<f64>| v.map(Number::share);
        let millis = |v: Option<f64>| v.map(|v| Number::rounded(v, 3));
        Ok(json::Impact {
            requests_total: impact.requests_total,
            requests_failed: impact.requests_failed,
            error_rate_peak: share(impact.error_rate_peak),
            error_rate_mean: share(impact.error_rate_mean),
            error_rate_baseline: share(impact.error_rate_baseline),
            users_active: impact.users_active,
            users_affected: impact.users_affected,
            users_affected_share: share(users_share(impact)),
            users_blocked: impact.users_blocked,
            latency_p99_ms: millis(impact.latency_p99_ms),
            latency_p99_baseline_ms: millis(impact.latency_p99_baseline_ms),
            tickets: impact.tickets,
            by_service: self.each(&impact.by_service, |b, s| {
                Ok(json::ServiceImpact {
                    service: s.service.clone(),
                    operation: s.operation.clone(),
                    requests_total: s.requests_total,
                    requests_failed: s.requests_failed,
                    error_rate: share(ratio(s.requests_failed, s.requests_total)),
                    evidence: b.evidence(&s.evidence)?,
                })
            })?,
            error_budget: incident_budget(incident, self.options),
            basis: impact.basis.clone(),
            evidence: self.optional(impact.evidence.as_ref())?,
        })
    }

    fn stated(&mut self, stated: &Stated) -> io::Result<json::Stated> {
        let text = |f: &Option<crate::incident::Fact<String>>| f.as_ref().map(|f| f.value.clone());
        let number = |f: &Option<crate::incident::Fact<f64>>| {
            f.as_ref().map(|f| Number::rounded(f.value, 4))
        };
        Ok(json::Stated {
            start: text(&stated.start),
            end: text(&stated.end),
            zone: text(&stated.zone),
            duration_minutes: number(&stated.duration_minutes),
            users_affected_percent: number(&stated.users_affected_percent),
            timeline_entries: stated.timeline_entries.as_ref().map(|f| f.value),
            contradictions: self.each(&stated.contradictions, |b, c| {
                Ok(json::Contradiction {
                    code: c.code.to_owned(),
                    text: c.text.clone(),
                    evidence: b.evidence(&c.evidence)?,
                })
            })?,
        })
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<json::Notice> {
        Ok(json::Notice {
            level: notice.weight.name().to_owned(),
            message: notice.message.clone(),
            evidence: self.optional(notice.evidence.as_ref())?,
        })
    }
}

fn metrics(incident: &Incident) -> (Ordered<Option<Number>>, Ordered<Number>) {
    let mut exact = Vec::new();
    let mut at_least = Vec::new();
    for metric in Metric::ALL {
        let extent = metric.of(incident);
        let name = || metric.name().to_owned();
        exact.push((name(), extent.exact().map(Number::seconds)));
        at_least.extend(extent.at_least().map(|n| (name(), Number::seconds(n))));
    }
    (Ordered(exact), Ordered(at_least))
}

fn services(incident: &Incident) -> Vec<json::Service> {
    let service = |s: &crate::incident::Involved| json::Service {
        name: s.service.clone(),
        role: if s.culprit { "culprit" } else { "affected" }.to_owned(),
    };
    incident.services.iter().map(service).collect()
}

fn incident_budget(incident: &Incident, options: &Options) -> Option<json::Budget> {
    let extent = Metric::ImpactDuration.of(incident);
    let length = extent.exact().or_else(|| extent.at_least());
    let budget = budget(&incident.impact, length, options.slo)?;
    Some(json::Budget {
        slo: Number::rounded(budget.objective, 6),
        period_days: PERIOD_DAYS,
        burn_rate: Number::rounded(budget.burn, 2),
        spent_share: budget.spent.map(Number::share),
        estimated: true,
    })
}

/// Affected among active users.
pub(super) fn users_share(impact: &Impact) -> Option<f64> {
    ratio(impact.users_affected?, impact.users_active?)
}

#[allow(clippy::cast_precision_loss)]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
