//! How likely a message does what, by all its signs and words together: a weighted sum of them, whose
//! weights were learned from the conversations in `samples/conversations` (logistic regression). The
//! tests hold the weights to be what those conversations teach.

use super::phrases;
use super::signs::SIGNS;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is learned, by the tags in the conversations.
pub(super) const LEARNED: [&str; 8] = ["ack", "hyp", "out", "id", "fix", "res", "esc", "see"];

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
    /// It is the first to notice the trouble.
    pub(super) notices: f32,
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

/// What was learned.
#[cfg(test)]
pub(super) fn weights() -> &'static Weights<'static> {
    &WEIGHTS
}

/// The weights of a table: a line for the bias, one for each sign by its number, one for each word
/// and each pair; in each its name and a number for each that is learned.
fn read(table: &str) -> Weights<'_> {
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

/// The sums of a message with these signs and this folded text, for each that is learned.
pub(super) fn sums(signs: &[f32; SIGNS], folded: &str) -> Weight {
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
    sums
}

/// The logistic function: how likely something is of that sum.
pub(super) fn likely(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

impl Odds {
    /// Each, in the order of [`LEARNED`].
    #[cfg(test)]
    pub(super) const fn all(&self) -> Weight {
        [
            self.takes,
            self.suspects,
            self.drops,
            self.names,
            self.repairs,
            self.ends,
            self.brings,
            self.notices,
        ]
    }

    /// How likely each is, in the order of [`LEARNED`].
    pub(super) const fn of(likely: Weight) -> Self {
        let [
            takes,
            suspects,
            drops,
            names,
            repairs,
            ends,
            brings,
            notices,
        ] = likely;
        Self {
            takes,
            suspects,
            drops,
            names,
            repairs,
            ends,
            brings,
            notices,
        }
    }
}
