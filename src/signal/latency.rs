//! Answers that come far later than is usual, though they come.
//!
//! What is slow is decided for each operation by its own quiet times; then slow answers are
//! counted against all, and the detector of errors finds where they rise.

use super::error_burst::{Asked, Operations, span};
use super::{Rule, Signal};
use crate::survey::{Rate, Survey, What};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "latency",
    find,
};

/// Answers of an operation without which nothing is said of its pace.
const ANSWERS: u64 = 60;
/// Seconds of a window over which the usual pace is taken.
const WINDOW: i64 = 600;
/// Answers of a window without which it says nothing.
const IN_WINDOW: u64 = 10;
/// The share of answers that are no slower than the usual slowest.
const SLOWEST: f64 = 0.95;
/// Steps above the usual slowest from which on an answer is slow: two double it.
const ABOVE: u8 = 2;
/// Share of the windows, the quickest by their median, that are usual whatever happens in the
/// others: two in five. By their slowest answers they would be chosen for luck.
const QUICKEST: (usize, usize) = (2, 5);
/// Share of the answers that are slow in a burst, at least.
const SHARE: f64 = 0.3;

fn find(survey: &Survey) -> Vec<Signal> {
    let mut found = Vec::new();
    for (service, tally) in &survey.services {
        let Some(span) = span(tally) else { continue };
        let paces: Vec<(&String, BTreeMap<What, Rate>)> = tally
            .operations
            .iter()
            .filter_map(|(name, rates)| Some((name, pace(rates)?)))
            .collect();
        let operations: Operations<'_> = paces.iter().map(|(n, rates)| (*n, rates)).collect();
        if operations.is_empty() {
            continue;
        }
        let asked = Asked {
            service,
            operations: &operations,
            what: What::Slow,
            span: &span,
            share: SHARE,
        };
        found.extend(asked.bursts(RULE.name));
    }
    found
}

/// Slow answers and all answers of an operation.
fn pace(rates: &BTreeMap<What, Rate>) -> Option<BTreeMap<What, Rate>> {
    let steps: Vec<(u8, &Rate)> = rates
        .iter()
        .filter_map(|(what, rate)| match what {
            What::Took(step) => Some((*step, rate)),
            _ => None,
        })
        .collect();
    let (mut all, mut slow) = (Rate::default(), Rate::default());
    for (_, rate) in &steps {
        all.merge((*rate).clone());
    }
    if all.total() < ANSWERS {
        return None;
    }
    let usual = usual(&steps)?;
    for (_, rate) in steps.iter().filter(|(step, _)| *step >= usual + ABOVE) {
        slow.merge((*rate).clone());
    }
    Some(BTreeMap::from([(What::Slow, slow), (What::Requests, all)]))
}

/// The step that nearly all answers stay within in the quicker windows.
fn usual(steps: &[(u8, &Rate)]) -> Option<u8> {
    let mut windows: BTreeMap<i64, BTreeMap<u8, u64>> = BTreeMap::new();
    for (step, rate) in steps {
        for (at, second) in rate.seconds() {
            let window = windows.entry(at.div_euclid(WINDOW)).or_default();
            *window.entry(*step).or_default() += u64::from(second.count);
        }
    }
    let mut quickest: Vec<(u8, &BTreeMap<u8, u64>)> = windows
        .values()
        .filter(|w| w.values().sum::<u64>() >= IN_WINDOW)
        .filter_map(|w| Some((quantile(w, 0.5)?, w)))
        .collect();
    quickest.sort_by_key(|(step, _)| *step);
    quickest.truncate((quickest.len() * QUICKEST.0 / QUICKEST.1).max(1));
    let mut together: BTreeMap<u8, u64> = BTreeMap::new();
    for (_, window) in quickest {
        for (step, n) in window {
            *together.entry(*step).or_default() += n;
        }
    }
    quantile(&together, SLOWEST)
}

fn quantile(counts: &BTreeMap<u8, u64>, share: f64) -> Option<u8> {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let rank = (counts.values().sum::<u64>() as f64 * share).ceil() as u64;
    let mut seen = 0;
    let step = counts.iter().find(|(_, n)| {
        seen += **n;
        seen >= rank
    });
    step.map(|(s, _)| *s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::signal::Sign;
    use crate::survey::{Mark, took};

    /// Two hours of an answer every three seconds: 40 to 60 ms, from 3600 to 5400 `slow` ms.
    fn survey(slow: f64) -> Survey {
        let mut survey = Survey::default();
        let tally = survey.services.entry("edge".to_owned()).or_default();
        for n in 0..2400_i64 {
            let at = n * 3;
            let inside = (3600..5400).contains(&at);
            #[allow(clippy::cast_precision_loss)]
            let ms = if inside { slow } else { 40.0 + (n % 20) as f64 };
            let mark = Mark {
                nanos: at * 1_000_000_000,
                cite: Cite {
                    file: FileId(0),
                    offset: n.unsigned_abs() * 80,
                    len: 80,
                },
            };
            tally.rates.entry(What::Entries).or_default().add(mark);
            let by = tally.operations.entry(&"GET /a".to_owned());
            let step = took(ms).expect("a duration");
            for what in [What::Requests, What::Took(step)] {
                by.entry(what).or_default().add(mark);
            }
        }
        survey
    }

    #[test]
    fn slow_answers_are_found_to_the_second() {
        let found = find(&survey(900.0));
        let [signal] = found.as_slice() else {
            panic!("one burst: {found:?}");
        };
        assert_eq!(signal.from.nanos / 1_000_000_000, 3600);
        assert!(matches!(&signal.sign, Sign::Burst(b) if b.what == What::Slow && b.count == 600));
    }

    #[test]
    fn a_little_slower_is_no_burst() {
        assert_eq!(find(&survey(62.0)), []);
    }

    #[test]
    fn two_steps_double() {
        let step = |ms| took(ms).expect("a duration");
        assert_eq!(step(200.0), step(100.0) + 2);
        assert_eq!(step(0.0), 0);
        assert_eq!(took(-1.0), None);
    }
}
