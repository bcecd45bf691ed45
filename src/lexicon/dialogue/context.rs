//! What the rest of the conversation says of a message: a cause is hardly named before anybody suspects anything,
//! nor a second repair told after the end. What each message likely does by itself is weighed again together with
//! what those around it likely do, and with who says it; the weights are learned, too.

use super::Turn;
use super::odds::{LEARNED, Odds, Weight, likely};
use super::ties::Ties;
use std::ops::Range;
use std::sync::LazyLock;

/// Seconds (forty minutes) that belong together.
const SPAN: i64 = super::PATIENCE;
/// Messages on either side that are looked at, at most.
const REACH: usize = 128;
/// Messages on either side that are near.
const NEAR: usize = 3;
/// Of what was likely said more often than that it is no matter how often.
const OFTEN: f32 = 3.0;

/// A first notice is at most so many times as likely as by its own words.
const OWN: f32 = 2.0;

/// What is learned.
const ACTS: usize = LEARNED.len();
/// For each act: its own sum; the likeliest of it nearly before, nearly behind, before, and behind; how often before;
/// the likeliest of it, before and behind, that speaks of the same thing.
/// Then: who spoke before speaks, and goes on to speak; has not spoken yet; how much of what was said was theirs.
pub(super) const FEATURES: usize = ACTS * 8 + 4;

static WEIGHTS: LazyLock<Vec<Weight>> = LazyLock::new(|| {
    let table = include_str!("context.tsv");
    let weight = |line: &str| {
        let mut cells = line.split('\t').skip(1);
        std::array::from_fn(|_| {
            cells
                .next()
                .and_then(|c| c.parse().ok())
                .unwrap_or_default()
        })
    };
    table.lines().map(weight).collect()
});

/// The bias and a weight for each feature.
#[cfg(test)]
pub(super) fn weights() -> &'static [Weight] {
    &WEIGHTS
}

/// The features of each message, by the sums that [`odds`](super::odds) gives each by itself.
pub(super) fn of(turns: &[Turn<'_>], folded: &[String], sums: &[Weight]) -> Vec<[f32; FEATURES]> {
    let odds: Vec<Weight> = sums.iter().map(|s| s.map(likely)).collect();
    let ties = Ties::of(folded);
    (0..turns.len())
        .map(|n| around(turns, &ties, &sums[n], &odds, n))
        .collect()
}

fn around(
    turns: &[Turn<'_>],
    ties: &Ties,
    own: &Weight,
    odds: &[Weight],
    n: usize,
) -> [f32; FEATURES] {
    let here = turns[n];
    let with = |m: &usize| (turns[*m].second - here.second).abs() <= SPAN;
    let before = (n.saturating_sub(REACH)..n).rev().take_while(with).count();
    let before = n - before..n;
    let behind = (n + 1..turns.len().min(n + 1 + REACH)).take_while(with);
    let behind = n + 1..n + 1 + behind.count();
    let near_before = before.start.max(n.saturating_sub(NEAR))..n;
    let near_behind = n + 1..behind.end.min(n + 1 + NEAR);
    let most = |range: &Range<usize>, act: usize| {
        odds[range.clone()]
            .iter()
            .map(|o| o[act])
            .fold(0.0, f32::max)
    };
    let mut features = [0.0; FEATURES];
    for act in 0..ACTS {
        let ranges = [&near_before, &near_behind, &before, &behind];
        features[act] = own[act];
        for (place, range) in (1..).zip(ranges) {
            features[place * ACTS + act] = most(range, act);
        }
        let often: f32 = odds[before.clone()].iter().map(|o| o[act]).sum();
        features[5 * ACTS + act] = often.min(OFTEN);
    }
    for (place, range) in (6..).zip([&before, &behind]) {
        for (other, tie) in ties.to(n, range) {
            for act in 0..ACTS {
                let tied = &mut features[place * ACTS + act];
                *tied = tied.max(tie * odds[other][act]);
            }
        }
    }
    let same = |m: usize| here.who.is_some() && turns.get(m).is_some_and(|t| t.who == here.who);
    let theirs = before.clone().filter(|m| same(*m)).count();
    let yes = |b: bool| if b { 1.0 } else { 0.0 };
    #[allow(clippy::cast_precision_loss)]
    let share = theirs as f32 / (before.len() + 1) as f32;
    let spoke = n.checked_sub(1).is_some_and(same);
    features[8 * ACTS..].copy_from_slice(&[yes(spoke), yes(same(n + 1)), yes(theirs == 0), share]);
    features
}

/// How likely each message does what, in the light of the others.
pub(super) fn settle(turns: &[Turn<'_>], folded: &[String], sums: &[Weight]) -> Vec<Odds> {
    let weigh = |(features, own): (&[f32; FEATURES], &Weight)| {
        let mut all = [0.0; ACTS];
        for (weight, feature) in WEIGHTS.iter().zip(std::iter::once(&1.0).chain(features)) {
            for (sum, w) in all.iter_mut().zip(weight) {
                *sum += w * feature;
            }
        }
        let mut odds = Odds::of(all.map(likely));
        // Whatever is said first looks like a first notice: the words themselves must, too.
        odds.notices = odds.notices.min(OWN * Odds::of(own.map(likely)).notices);
        odds
    };
    of(turns, folded, sums)
        .iter()
        .zip(sums)
        .map(weigh)
        .collect()
}
