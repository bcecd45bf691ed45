//! A service that logs all the time and stops, while others go on. Seconds in which none of many
//! services logged anything are no part of a silence.

use super::unwatched::Unwatched;
use super::{Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::{Mark, Survey, What};
use recon_parsers::{Basis, Precision, Stamp};

pub(super) const RULE: Rule = Rule {
    name: "silence",
    find,
};

/// Seconds that a silence lasts at least.
const SHORTEST: i64 = 60;
/// Times the longest usual gap.
const TIMES: i64 = 4;
/// The chance, as a power of e, that a gap this long is luck.
const LUCK: f64 = 14.0;
/// Entries without which nothing is said of a service.
const ENTRIES: u64 = 100;

fn find(survey: &Survey) -> Vec<Signal> {
    let ends = survey
        .services
        .values()
        .filter_map(|t| t.rates.get(&What::Entries)?.last());
    let Some(end) = ends.max() else {
        return Vec::new();
    };
    let unwatched = Unwatched::of(survey, SHORTEST);
    let mut found = Vec::new();
    for (service, tally) in &survey.services {
        let Some(all) = tally
            .rates
            .get(&What::Entries)
            .filter(|r| r.total() >= ENTRIES)
        else {
            continue;
        };
        let mut marks: Vec<(Mark, Mark)> = all.seconds().map(|(_, s)| (s.first, s.last)).collect();
        // The end of the data counts as the next entry of a service that never came back.
        marks.push((end, end));
        // A file that was rotated away ends without its writer having stopped.
        let closed = |m: Mark| survey.files.get(&m.cite.file).is_some_and(|f| f.closed);
        let real = |(last, next): &(Mark, Mark)| last.cite.file == next.cite.file || !closed(*last);
        found.extend(
            gaps(&marks, all.total(), &unwatched)
                .filter(real)
                .map(|(last, next)| {
                    let back = (next.cite != end.cite).then_some(next);
                    Signal {
                        rule: RULE.name,
                        from: stamp(last),
                        to: back.map(stamp),
                        service: Some(service.clone()),
                        sign: Sign::Silence {
                            back: back.map(|m| m.cite),
                        },
                        evidence: Evidence::new(last.cite),
                    }
                }),
        );
    }
    found
}

/// The gaps that neither luck nor the service's habits explain: last entry before, first after.
fn gaps(
    marks: &[(Mark, Mark)],
    total: u64,
    unwatched: &Unwatched,
) -> impl Iterator<Item = (Mark, Mark)> {
    let second = |m: Mark| m.nanos.div_euclid(1_000_000_000);
    let gaps: Vec<(i64, Mark, Mark)> = marks
        .windows(2)
        .map(|w| {
            let gap = second(w[0].1)..second(w[1].0);
            (unwatched.watched(&gap), w[0].1, w[1].0)
        })
        .collect();
    let mut lengths: Vec<i64> = gaps.iter().map(|g| g.0).collect();
    lengths.sort_unstable();
    // Two silences may be real; the third longest gap is a habit.
    let habit = lengths
        .len()
        .checked_sub(3)
        .and_then(|i| lengths.get(i))
        .copied()
        .unwrap_or(i64::MAX / TIMES);
    #[allow(clippy::cast_precision_loss)]
    let pace = total as f64 / lengths.iter().sum::<i64>().max(1) as f64;
    gaps.into_iter().filter_map(move |(length, last, next)| {
        #[allow(clippy::cast_precision_loss)]
        let unlikely = pace * length as f64 > LUCK;
        (unlikely && length >= SHORTEST && length >= TIMES * habit).then_some((last, next))
    })
}

const fn stamp(mark: Mark) -> Stamp {
    Stamp {
        nanos: mark.nanos,
        precision: Precision::Fraction(3),
        basis: Basis::Stated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::unwatched::tests::logged;
    use recon_parsers::stamp::SECOND;

    #[test]
    fn one_that_stops_while_others_go_on_is_silent() {
        let always: Vec<i64> = (0..2000).collect();
        let stops = (0..700).chain(1100..2000).collect();
        let found = find(&logged(&[
            ("edge", always.clone()),
            ("stock", stops),
            ("store", always),
        ]));
        let told: Vec<_> = found
            .iter()
            .map(|s| (s.service.as_deref(), s.from.nanos / SECOND))
            .collect();
        assert_eq!(told, [(Some("stock"), 699)]);
    }

    #[test]
    fn a_stretch_that_nobody_collected_is_no_silence() {
        let parts: Vec<i64> = (0..700).chain(1100..2000).collect();
        let all = ["edge", "stock", "store"].map(|name| (name, parts.clone()));
        assert_eq!(find(&logged(&all)), []);
    }
}
