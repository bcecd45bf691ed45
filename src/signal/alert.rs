//! Alerts, from first firing to last resolution; repeats and flapping are one.

use super::subject::{environment, subject};
use super::{Alert, Rule, Sign, Signal};
use crate::cite::{Cite, Evidence};
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::stamp::SECOND;
use recon_parsers::{AlertState, Kind, Stamp};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "alert",
    find,
};

/// An alert that fires again within so long (15 minutes) is the same one, flapping.
const FLAP: i64 = 900 * SECOND;

struct Step<'k> {
    state: AlertState,
    at: Stamp,
    since: Option<Stamp>,
    kept: &'k Kept,
}

fn find(survey: &Survey) -> Vec<Signal> {
    let mut groups: BTreeMap<String, Vec<Step<'_>>> = BTreeMap::new();
    for kept in &survey.kept {
        if let (Kind::Alert(state), Some(at)) = (kept.record.kind, kept.at) {
            groups.entry(identity(kept)).or_default().push(Step {
                state,
                at,
                since: kept.since,
                kept,
            });
        }
    }
    groups
        .into_values()
        .flat_map(|steps| episodes(&steps, survey))
        .collect()
}

/// What makes two records the same alert: its fingerprint, else its name and service.
fn identity(kept: &Kept) -> String {
    let record = &kept.record;
    let id = record.fields.text(field::ID).map(str::to_owned);
    id.unwrap_or_else(|| {
        let name = record.fields.text(field::ALERT).unwrap_or(&record.message);
        format!("{name}\0{}", record.service.as_deref().unwrap_or_default())
    })
}

struct Episode<'k> {
    from: Stamp,
    to: Option<Stamp>,
    last: Stamp,
    state: AlertState,
    fired: u32,
    /// The source itself says that it flaps.
    flapping: bool,
    first: &'k Kept,
    cites: Vec<Cite>,
}

fn episodes(steps: &[Step<'_>], survey: &Survey) -> Vec<Signal> {
    let mut all: Vec<Episode<'_>> = Vec::new();
    let mut pending = false;
    for step in steps {
        let from = step.since.map_or(step.at, |s| s.min(step.at));
        let over = step.state == AlertState::Resolved;
        match all.last_mut() {
            Some(e) if e.goes_on(from) => e.take(step, from),
            // Neither trouble that nobody was told of, nor its end, is an alert.
            _ if matches!(step.state, AlertState::Unknown | AlertState::Pending) => {}
            _ if over && pending => {}
            _ => all.push(Episode {
                from,
                to: over.then_some(step.at),
                last: step.at,
                state: step.state,
                fired: 1,
                flapping: false,
                first: step.kept,
                cites: vec![step.kept.cite],
            }),
        }
        pending = step.state == AlertState::Pending || pending && step.state == AlertState::Unknown;
    }
    all.into_iter().filter_map(|e| e.signal(survey)).collect()
}

impl<'k> Episode<'k> {
    fn goes_on(&self, from: Stamp) -> bool {
        self.to.is_none() || self.flapping || from.nanos - self.last.nanos <= FLAP
    }

    fn take(&mut self, step: &Step<'k>, from: Stamp) {
        let again = step.state == AlertState::Firing
            && self.state == AlertState::Resolved
            && from > self.from;
        self.fired += u32::from(again);
        match step.state {
            AlertState::Firing if again || self.to.is_none() => self.to = None,
            AlertState::Resolved => self.to = Some(self.to.map_or(step.at, |t| t.max(step.at))),
            // No data and the like are neither; the alert stays as it was.
            AlertState::Firing | AlertState::Unknown | AlertState::Pending => {}
        }
        match step.kept.record.fields.text("flapping") {
            Some("started") => self.flapping = true,
            Some(_) => self.flapping = false,
            None => {}
        }
        let settled = matches!(step.state, AlertState::Firing | AlertState::Resolved);
        if settled && step.at >= self.last {
            self.state = step.state;
        }
        self.from = self.from.min(from);
        self.last = self.last.max(step.at);
        self.cites.push(step.kept.cite);
    }

    fn signal(self, survey: &Survey) -> Option<Signal> {
        let record = &self.first.record;
        let name = record
            .fields
            .text(field::ALERT)
            .unwrap_or(&record.message)
            .to_owned();
        // The first and the last record tell the story.
        let ends = [self.cites.first().copied(), self.cites.last().copied()];
        Some(Signal {
            rule: RULE.name,
            from: self.from,
            to: self.to,
            service: subject(&self.first.record, survey),
            sign: Sign::Alert(Alert {
                name,
                summary: record.message.to_string(),
                severity: record.fields.text(field::SEVERITY).map(str::to_owned),
                environment: environment(record, survey),
                fired: self.fired,
                state: if self.to.is_some() {
                    AlertState::Resolved
                } else {
                    AlertState::Firing
                },
            }),
            evidence: Evidence::of(ends.into_iter().flatten())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use recon_parsers::{Basis, Precision, Record};

    /// An alert's records, as (second, state, what the source says of flapping).
    fn alerts(steps: &[(i64, AlertState, Option<&'static str>)]) -> Vec<(i64, Option<i64>, u32)> {
        let kept = steps.iter().map(|(second, state, flapping)| {
            let mut record = Record::new(Kind::Alert(*state), "disk");
            record.fields.push(field::ID, "web-03/disk");
            if let Some(phase) = flapping {
                record.fields.push("flapping", *phase);
            }
            Kept {
                at: Some(Stamp {
                    nanos: second * SECOND,
                    precision: Precision::Fraction(0),
                    basis: Basis::Stated,
                }),
                since: None,
                cite: Cite {
                    file: FileId(0),
                    offset: second.unsigned_abs(),
                    len: 1,
                },
                record,
            }
        });
        let survey = Survey {
            kept: kept.collect(),
            ..Survey::default()
        };
        let told = |s: Signal| {
            let Sign::Alert(alert) = &s.sign else {
                panic!("an alert")
            };
            (s.from.second(), s.to.map(|t| t.second()), alert.fired)
        };
        find(&survey).into_iter().map(told).collect()
    }

    use AlertState::{Firing, Pending, Resolved, Unknown};

    #[test]
    fn what_was_never_confirmed_is_no_alert() {
        assert_eq!(alerts(&[(0, Pending, None), (60, Resolved, None)]), []);
        let confirmed = [
            (0, Pending, None),
            (60, Firing, None),
            (900, Resolved, None),
        ];
        assert_eq!(alerts(&confirmed), [(60, Some(900), 1)]);
        // A recovery whose beginning was before the data is one.
        assert_eq!(alerts(&[(60, Resolved, None)]), [(60, Some(60), 1)]);
    }

    #[test]
    fn no_data_is_no_recovery() {
        let gone = [(0, Firing, None), (600, Unknown, None)];
        assert_eq!(alerts(&gone), [(0, None, 1)]);
    }

    #[test]
    fn what_the_source_calls_flapping_is_one() {
        let calm = [
            (0, Firing, None),
            (60, Resolved, None),
            (4000, Firing, None),
        ];
        assert_eq!(alerts(&calm), [(0, Some(60), 1), (4000, None, 1)]);
        let flaps = [
            (0, Firing, None),
            (30, Unknown, Some("started")),
            (60, Resolved, None),
            (4000, Firing, None),
            (4060, Resolved, None),
            (4100, Unknown, Some("stopped")),
            (9000, Firing, None),
        ];
        assert_eq!(alerts(&flaps), [(0, Some(4060), 2), (9000, None, 1)]);
    }
}
