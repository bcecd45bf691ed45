//! How likely a message does what, by all its signs and words together: a weighted sum of them, whose
//! weights were learned from the conversations in `samples/conversations` (logistic regression). The
//! tests hold the weights to be what those conversations teach.

use super::phrases;
use super::signs::SIGNS;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is learned, by the tags in the conversations.
pub(super) const LEARNED: [&str; 7] = ["ack", "hyp", "out", "id", "fix", "res", "esc"];

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
    /// It brings somebody else in.
    pub(super) brings: f32,
}

/// A weight for each that is learned.
pub(super) type Weight = [f32; LEARNED.len()];

/// What is learned of every message, of each of its signs, and of words and pairs of words.
#[derive(Debug)]
pub(super) struct Weights<'t> {
    pub(super) bias: Weight,
    pub(super) signs: [Weight; SIGNS],
    pub(super) phrases: HashMap<&'t str, Weight>,
}

static WEIGHTS: LazyLock<Weights<'static>> = LazyLock::new(|| read(include_str!("weights.tsv")));

/// The weights of a table: a line for the bias, one for each sign by its number, one for each word
/// and each pair; in each its name and a number for each that is learned.
pub(super) fn read(table: &str) -> Weights<'_> {
    let mut all = Weights {
        bias: Weight::default(),
        signs: [Weight::default(); SIGNS],
        phrases: HashMap::new(),
    };
    for line in table.lines() {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or_default();
        let mut weight = Weight::default();
        for (number, cell) in weight.iter_mut().zip(cells) {
            *number = cell.parse().unwrap_or_default();
        }
        let sign = name.strip_prefix("sign ").and_then(|n| n.parse().ok());
        match sign.and_then(|n: usize| all.signs.get_mut(n)) {
            Some(sign) => *sign = weight,
            None if name == "bias" => all.bias = weight,
            None => {
                all.phrases.insert(name, weight);
            }
        }
    }
    all
}

/// The odds of a message with these signs and this folded text.
pub(super) fn of(signs: &[f32; SIGNS], folded: &str) -> Odds {
    let mut sums = WEIGHTS.bias;
    let mut add = |weight: &Weight, times: f32| {
        for (sum, w) in sums.iter_mut().zip(weight) {
            *sum += w * times;
        }
    };
    for (weight, sign) in WEIGHTS.signs.iter().zip(signs) {
        add(weight, *sign);
    }
    for phrase in phrases::of(folded) {
        if let Some(weight) = WEIGHTS.phrases.get(phrase.as_str()) {
            add(weight, 1.0);
        }
    }
    // The logistic function.
    let likely = sums.map(|sum| 1.0 / (1.0 + (-sum).exp()));
    let [takes, suspects, drops, names, repairs, ends, brings] = likely;
    Odds {
        takes,
        suspects,
        drops,
        names,
        repairs,
        ends,
        brings,
    }
}
