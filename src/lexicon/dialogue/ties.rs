//! Which messages of a conversation speak of the same thing: "rtk base?" and, ten messages later, "base is locked,
//! fix quality 4". Words that few of the messages around have tie more than words that many have.

use super::Words;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// A word that so many of the messages around have ties none of them.
const COMMON: usize = 12;
/// What a word ties that two messages have and no other.
const WHOLE: f32 = 2.0;

/// Where each word stands.
pub(super) struct Ties {
    words: Vec<Words>,
    places: HashMap<String, Vec<usize>>,
}

impl Ties {
    pub(super) fn of(folded: &[String]) -> Self {
        let words: Vec<Words> = folded.iter().map(|f| Words::of(f)).collect();
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, words) in words.iter().enumerate() {
            for word in words.iter() {
                places.entry(word.to_owned()).or_default().push(n);
            }
        }
        Self { words, places }
    }

    /// The messages of a range that are tied to one of them, and how much each, from 0 to 1.
    pub(super) fn to(&self, message: usize, range: &Range<usize>) -> BTreeMap<usize, f32> {
        let mut tied: BTreeMap<usize, f32> = BTreeMap::new();
        let all = self.words.get(message).into_iter().flat_map(Words::iter);
        for word in all {
            let places = self.places.get(word).map_or(&[][..], Vec::as_slice);
            let from = places.partition_point(|m| *m < range.start);
            let near = places.get(from..).unwrap_or_default();
            let near = near.iter().take_while(|m| **m < range.end);
            let count = near.clone().take(COMMON).count();
            if count >= COMMON {
                continue;
            }
            #[allow(clippy::cast_precision_loss)]
            let tie = WHOLE / (count + 1) as f32;
            for other in near.filter(|m| **m != message) {
                let sum = tied.entry(*other).or_default();
                *sum = (*sum + tie).min(1.0);
            }
        }
        tied
    }
}
