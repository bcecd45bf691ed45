//! How likely a message does what, by all its signs together: a weighted sum of them, whose weights
//! were learned from the conversations in `samples/conversations` (logistic regression). The tests
//! hold the weights to be what those conversations teach.

use super::signs::SIGNS;
use std::sync::LazyLock;

/// What is learned, by the tags in the conversations.
pub(super) const LEARNED: [&str; 6] = ["ack", "hyp", "out", "id", "fix", "res"];

/// How likely a message does each, from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Odds {
    /// It takes the incident.
    pub(super) takes: f32,
    /// It suspects something.
    pub(super) suspects: f32,
    /// It drops what was suspected.
    pub(super) drops: f32,
    /// It names the cause.
    pub(super) names: f32,
    /// It tells that the repair is where users are.
    pub(super) repairs: f32,
    /// It declares the incident over.
    pub(super) ends: f32,
}

/// A bias and a weight for each sign.
pub(super) type Weights = [f32; SIGNS + 1];

static WEIGHTS: LazyLock<[Weights; LEARNED.len()]> =
    LazyLock::new(|| read(include_str!("weights.tsv")));

/// The weights of a table: a line for each that is learned, its name and its numbers.
pub(super) fn read(table: &str) -> [Weights; LEARNED.len()] {
    let mut all = [[0.0; SIGNS + 1]; LEARNED.len()];
    for line in table.lines() {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or_default();
        let Some(place) = LEARNED.iter().position(|l| *l == name) else {
            continue;
        };
        for (weight, cell) in all[place].iter_mut().zip(cells) {
            *weight = cell.parse().unwrap_or_default();
        }
    }
    all
}

/// The odds of a message with these signs.
pub(super) fn of(signs: &[f32; SIGNS]) -> Odds {
    let [takes, suspects, drops, names, repairs, ends] =
        WEIGHTS.each_ref().map(|w| likely(w, signs));
    Odds {
        takes,
        suspects,
        drops,
        names,
        repairs,
        ends,
    }
}

/// The logistic function of the weighted sum.
fn likely(weights: &Weights, signs: &[f32; SIGNS]) -> f32 {
    let [bias, weights @ ..] = weights;
    let sum: f32 = weights.iter().zip(signs).map(|(w, s)| w * s).sum();
    1.0 / (1.0 + (-(bias + sum)).exp())
}
