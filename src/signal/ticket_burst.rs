//! Customers who report failures: more of them in a short time than is usual, or one alone.

use super::{Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::lexicon;
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Kind, Stamp};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "ticket-burst",
    find,
};

/// Reports that make a burst.
const REPORTS: usize = 3;
/// Within so long.
const WITHIN: i64 = 600 * SECOND;
/// A ticket is told of within so long of its opening.
const OPENING: i64 = 60 * SECOND;
/// A report so long after the one before begins another burst.
const PAUSE: i64 = 1800 * SECOND;
/// Times the usual number of reports in the same time.
const TIMES: f64 = 4.0;

fn find(survey: &Survey) -> Vec<Signal> {
    let reports = reports(survey);
    let complaints: Vec<(Stamp, &Kept)> = reports
        .iter()
        .filter(|(_, k)| lexicon::is_complaint(&k.record.message))
        .copied()
        .collect();
    let mut found = Vec::new();
    let mut next = 0;
    while next < complaints.len() {
        let run = run(&complaints[next..]);
        if run.len() >= REPORTS && stands_out(&complaints, run) {
            found.extend(signal(run));
        } else {
            found.extend(run.chunks(1).filter_map(signal));
        }
        next += run.len().max(1);
    }
    found
}

/// Tickets when they were opened, each once: what happens to one later is no further report.
fn reports(survey: &Survey) -> Vec<(Stamp, &Kept)> {
    let mut known = BTreeSet::new();
    let tickets = survey.kept.iter().filter(|k| k.record.kind == Kind::Ticket);
    tickets
        .filter_map(|k| Some((k.at?, k)))
        .filter(|(at, k)| k.since.is_none_or(|s| at.nanos - s.nanos <= OPENING))
        .filter(|(_, k)| {
            let id = k.record.fields.text(field::ID);
            id.is_none_or(|id| known.insert(id))
        })
        .collect()
}

/// The reports from the first one on that is followed by enough others in time, as long as they keep
/// coming; otherwise just the first report.
fn run<'c, 'k>(reports: &'c [(Stamp, &'k Kept)]) -> &'c [(Stamp, &'k Kept)] {
    let dense = reports
        .get(REPORTS - 1)
        .is_some_and(|r| r.0.nanos - reports[0].0.nanos <= WITHIN);
    if !dense {
        return &reports[..1];
    }
    let pause = reports
        .windows(2)
        .position(|w| w[1].0.nanos - w[0].0.nanos > PAUSE);
    &reports[..pause.map_or(reports.len(), |p| p + 1)]
}

#[allow(clippy::cast_precision_loss)]
fn stands_out(all: &[(Stamp, &Kept)], run: &[(Stamp, &Kept)]) -> bool {
    let length = |r: &[(Stamp, &Kept)]| match (r.first(), r.last()) {
        (Some(a), Some(b)) => (b.0.nanos - a.0.nanos).max(WITHIN) as f64,
        _ => 1.0,
    };
    let others = all.len() - run.len();
    let usual = others as f64 / (length(all) - length(run)).max(length(all) * 0.2);
    run.len() as f64 / length(run) >= TIMES * usual
}

fn signal(run: &[(Stamp, &Kept)]) -> Option<Signal> {
    let (first, last) = (run.first()?, run.last()?);
    Some(Signal {
        rule: RULE.name,
        from: first.0,
        to: Some(last.0),
        service: None,
        sign: Sign::Tickets {
            count: run.len() as u64,
            alone: (run.len() == 1).then(|| first.1.record.message.to_string()),
        },
        evidence: Evidence::of(run.iter().take(3).map(|(_, k)| k.cite))?,
    })
}
