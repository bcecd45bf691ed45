//! A run of odd things among usual ones: where it lies, and how unlikely it is by chance.

use std::ops::Range;

/// What an odd one speaks for a run, in nats: one half is odd within, one in fifty outside.
const ODD: f64 = 3.2;
/// What a usual one speaks against it.
const USUAL: f64 = 0.67;
/// Even where all were odd, the next need not be.
const SURE: f64 = 0.995;

/// What is odd anyway, of few that it is not known of (one in fifty).
const LEAST: f64 = 0.02;

/// The run that odd ones are densest in (Kadane's maximal sum), its ends placed by how dense they
/// turn out to be; empty if there are none.
pub(super) fn run(odd: impl Iterator<Item = bool>) -> Range<usize> {
    let odd: Vec<bool> = odd.collect();
    let coarse = densest(&odd, ODD, USUAL);
    let count = |part: &[bool]| Share {
        odd: part.iter().filter(|o| **o).count(),
        of: part.len(),
    };
    let (all, within) = (count(&odd), count(&odd[coarse.clone()]));
    let outside = Share {
        odd: all.odd - within.odd,
        of: all.of - within.of,
    };
    // Where all but a few are odd within, a usual one tells more against it than where half are: a
    // single odd one some time before is no beginning.
    let (here, usual) = (within.value().min(SURE), outside.value().max(LEAST));
    if here <= usual {
        return coarse;
    }
    let fine = densest(
        &odd[coarse.clone()],
        (here / usual).ln(),
        ((1.0 - usual) / (1.0 - here)).ln(),
    );
    coarse.start + fine.start..coarse.start + fine.end
}

/// The run with the largest sum, if an odd one counts `gain` and a usual one `-loss`.
fn densest(odd: &[bool], gain: f64, loss: f64) -> Range<usize> {
    let (mut best, mut most) = (0..0, 0.0);
    let (mut start, mut sum) = (0, 0.0);
    for (n, odd) in odd.iter().enumerate() {
        if sum <= 0.0 {
            (start, sum) = (n, 0.0);
        }
        sum += if *odd { gain } else { -loss };
        if sum > most {
            (best, most) = (start..n + 1, sum);
        }
    }
    best
}

/// How many are odd, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) odd: usize,
    pub(super) of: usize,
}

impl Share {
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn value(self) -> f64 {
        self.odd as f64 / self.of.max(1) as f64
    }

    /// The logarithm of the chance that so many are odd at a rate.
    #[allow(clippy::cast_precision_loss)]
    fn chance(self, rate: f64) -> f64 {
        let term = |n: usize, p: f64| if n == 0 { 0.0 } else { n as f64 * p.ln() };
        term(self.odd, rate) + term(self.of - self.odd, 1.0 - rate)
    }
}

/// Less than this, in nats, may be luck: there are thousands of places and times to look at.
const LUCK: f64 = 6.0;

/// How much better the odd ones within are explained by a rate of their own than by the one outside,
/// in nats (the logarithm of the ratio of likelihoods). `least` is a rate that is usual anyway.
/// Nothing, unless two rates explain all of them better than one does, too: of few ones outside it is
/// not known how often they are odd.
#[allow(clippy::cast_precision_loss)]
pub(super) fn weight(within: Share, outside: Share, least: f64) -> f64 {
    let usual = ((outside.odd as f64 + 0.5) / (outside.of as f64 + 1.0)).max(least);
    let here = within.value().min(SURE);
    if here <= usual {
        return 0.0;
    }
    let both = Share {
        odd: within.odd + outside.odd,
        of: within.of + outside.of,
    };
    let apart = within.chance(within.value()) + outside.chance(outside.value());
    if apart - both.chance(both.value()) < LUCK {
        return 0.0;
    }
    within.chance(here) - within.chance(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_and_single_ones_are_not_joined_to_it() {
        let odd = |n: usize| n == 3 || (40..60).contains(&n) && !n.is_multiple_of(4);
        assert_eq!(run((0..100).map(odd)), 41..60);
        assert_eq!(run((0..100).map(|_| false)), 0..0);
    }

    /// One or two odd ones shortly before all are odd do not begin it; where half are, they do.
    #[test]
    fn noise_just_before_a_run_is_no_part_of_it() {
        let all = |n: usize| n == 36 || n == 37 || (41..80).contains(&n);
        assert_eq!(run((0..100).map(all)), 41..80);
        let half = |n: usize| n == 38 || (41..80).contains(&n) && n % 2 == 1;
        assert_eq!(run((0..100).map(half)), 38..80);
    }

    #[test]
    fn what_is_as_frequent_outside_weighs_nothing() {
        let share = |odd, of| Share { odd, of };
        assert!(weight(share(3, 30), share(10, 90), 0.0) < 0.1);
        assert!(weight(share(30, 30), share(0, 60), 0.0) > 100.0);
        assert!(weight(share(30, 30), share(0, 60), 0.5) < 25.0);
        // Of few it is not known that they never are.
        assert!(weight(share(50, 150), share(0, 12), 0.0) < 0.1);
    }
}
