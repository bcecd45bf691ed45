//! Alerts, from first firing to last resolution; repeats and flapping are one.

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
        .flat_map(|steps| episodes(&steps))
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
    first: &'k Kept,
    cites: Vec<Cite>,
}

fn episodes(steps: &[Step<'_>]) -> Vec<Signal> {
    let mut all: Vec<Episode<'_>> = Vec::new();
    for step in steps {
        let from = step.since.map_or(step.at, |s| s.min(step.at));
        match all.last_mut() {
            Some(e) if from.nanos - e.last.nanos <= FLAP || e.to.is_none() => e.take(step, from),
            _ if step.state == AlertState::Unknown => {}
            _ => all.push(Episode {
                from,
                to: (step.state == AlertState::Resolved).then_some(step.at),
                last: step.at,
                state: step.state,
                fired: 1,
                first: step.kept,
                cites: vec![step.kept.cite],
            }),
        }
    }
    all.into_iter().filter_map(Episode::signal).collect()
}

impl<'k> Episode<'k> {
    fn take(&mut self, step: &Step<'k>, from: Stamp) {
        let again = step.state == AlertState::Firing
            && self.state == AlertState::Resolved
            && from > self.from;
        self.fired += u32::from(again);
        match step.state {
            AlertState::Firing if again || self.to.is_none() => self.to = None,
            AlertState::Resolved => self.to = Some(self.to.map_or(step.at, |t| t.max(step.at))),
            // No data and the like are neither; the alert stays as it was.
            AlertState::Firing | AlertState::Unknown => {}
        }
        if step.state != AlertState::Unknown && step.at >= self.last {
            self.state = step.state;
        }
        self.from = self.from.min(from);
        self.last = self.last.max(step.at);
        self.cites.push(step.kept.cite);
    }

    fn signal(self) -> Option<Signal> {
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
            service: record.service.as_deref().map(str::to_owned),
            sign: Sign::Alert(Alert {
                name,
                summary: record.message.to_string(),
                severity: record.fields.text(field::SEVERITY).map(str::to_owned),
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
