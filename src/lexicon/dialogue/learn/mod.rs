//! What the conversations in `samples/conversations` teach: the weights in `weights.tsv` and `context.tsv` are the
//! ones that make their tags likeliest (logistic regression, Hastie, Tibshirani and Friedman, *The Elements of
//! Statistical Learning*, 4.4; with a quadratic penalty). `RECON_BLESS=1 cargo test --release --lib learn` learns
//! them anew.
//!
//! The second table weighs what the first one makes of a message and of those around it. So that it does not trust
//! the first one more than what that makes of words it was never taught, it learns from what the first one makes of
//! each fifth of the conversations when it has learned from the other four only (stacking; Wolpert 1992, *Stacked
//! Generalization*).

mod corpus;
mod held;
mod logistic;

use super::odds::{LEARNED, Weight};
use super::signs::SIGNS;
use super::{context, fold};
use corpus::{Corpus, Message};
use logistic::{Lesson, Lessons};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much large weights of signs cost.
const SIGN_PENALTY: f64 = 5.0;
/// The same of words and pairs of words: there are many, and each is in few messages.
const PHRASE_PENALTY: f64 = 1.25;
/// The same of what stands around a message: of that there is little.
const CONTEXT_PENALTY: f64 = 1.0;
/// Messages in which a word must stand to be learned.
const SEEN: usize = 4;
/// Parts of the conversations, each of which is judged by what the others teach.
const FOLDS: usize = 5;
/// Weights are written with so many decimals, and so the slope is not quite nothing.
const FLAT: f64 = 4.0;

/// What is learned of messages by themselves: each with the numbers of its signs and words. Number 0 is the bias.
struct Alone {
    names: Vec<String>,
    /// For each message what is there of it.
    present: Vec<Vec<(usize, f64)>>,
    penalties: Vec<f64>,
}

impl Alone {
    fn of(corpus: &Corpus) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let taught = corpus.messages.iter().filter(|m| m.teaches);
        for phrase in taught.flat_map(|m| &m.phrases) {
            *counts.entry(phrase).or_default() += 1;
        }
        counts.retain(|_, count| *count >= SEEN);
        let signs = (0..SIGNS).map(|n| format!("sign {n}"));
        let names: Vec<String> = std::iter::once("bias".to_owned())
            .chain(signs)
            .chain(counts.into_keys().map(str::to_owned))
            .collect();
        let numbers: BTreeMap<&str, usize> =
            (0..).zip(&names).map(|(n, w)| (w.as_str(), n)).collect();
        let present = |m: &Message| {
            let known = m.phrases.iter().filter_map(|p| numbers.get(p.as_str()));
            let known = known.map(|n| (*n, 1.0));
            logistic::with_bias(&m.signs).chain(known).collect()
        };
        let penalty = |number: usize| match number {
            0 => logistic::FREE,
            n if n <= SIGNS => SIGN_PENALTY,
            _ => PHRASE_PENALTY,
        };
        Self {
            present: corpus.messages.iter().map(present).collect(),
            penalties: (0..names.len()).map(penalty).collect(),
            names,
        }
    }

    /// What teaches an act: all messages, or all but those of one part.
    fn lessons<'a>(&'a self, corpus: &'a Corpus, tag: &str, without: Option<usize>) -> Lessons<'a> {
        let both = corpus.messages.iter().zip(&self.present);
        let used =
            both.filter(|(m, _)| m.teaches_of(tag) && without.is_none_or(|f| m.talk % FOLDS != f));
        lessons(used, tag, &self.penalties)
    }

    /// What is made of each message by what the other parts teach, by act.
    fn judged(&self, corpus: &Corpus) -> Vec<Weight> {
        let jobs: Vec<(usize, usize)> = (0..FOLDS)
            .flat_map(|fold| (0..LEARNED.len()).map(move |act| (fold, act)))
            .collect();
        let learned: BTreeMap<(usize, usize), Vec<f64>> = jobs
            .into_par_iter()
            .map(|(fold, act)| {
                let lessons = self.lessons(corpus, LEARNED[act], Some(fold));
                ((fold, act), lessons.learned())
            })
            .collect();
        let both = corpus.messages.iter().zip(&self.present);
        let judge = |(m, present): (&Message, &Vec<(usize, f64)>)| {
            std::array::from_fn(|act| {
                #[allow(clippy::cast_possible_truncation)]
                let sum = logistic::sum(&learned[&(m.talk % FOLDS, act)], present) as f32;
                sum
            })
        };
        both.map(judge).collect()
    }
}

/// What is learned of messages among others.
struct Among {
    present: Vec<Vec<(usize, f64)>>,
    penalties: Vec<f64>,
}

impl Among {
    fn of(corpus: &Corpus, judged: &[Weight]) -> Self {
        let mut present = Vec::new();
        for talk in corpus.talks() {
            let turns = &corpus.turns[talk.clone()];
            let turns: Vec<_> = turns.iter().map(corpus::Said::turn).collect();
            let folded: Vec<String> = turns.iter().map(|t| fold::fold(t.text)).collect();
            let found = context::of(&turns, &folded, &judged[talk]);
            present.extend(found.iter().map(|f| logistic::with_bias(f).collect()));
        }
        let penalty = |n| {
            if n == 0 {
                logistic::FREE
            } else {
                CONTEXT_PENALTY
            }
        };
        Self {
            present,
            penalties: (0..=context::FEATURES).map(penalty).collect(),
        }
    }

    fn lessons<'a>(&'a self, corpus: &'a Corpus, tag: &str) -> Lessons<'a> {
        let both = corpus.messages.iter().zip(&self.present);
        let used = both.filter(|(m, _)| m.teaches_of(tag) && !m.loose);
        lessons(used, tag, &self.penalties)
    }
}

/// What some messages teach of an act.
fn lessons<'a>(
    messages: impl Iterator<Item = (&'a Message, &'a Vec<(usize, f64)>)>,
    tag: &str,
    penalties: &'a [f64],
) -> Lessons<'a> {
    let lesson = |(m, present): (&Message, &Vec<(usize, f64)>)| Lesson {
        present: present.clone(),
        is: m.is(tag),
    };
    Lessons {
        lessons: messages.map(lesson).collect(),
        penalties,
    }
}

/// A line for each name: its weight for each act.
fn table(names: &[String], columns: &[Vec<f64>]) -> String {
    let mut table = String::new();
    for (n, name) in names.iter().enumerate() {
        // Signs are in every message, words in few.
        let (places, nothing) = if n <= SIGNS { (5, 5e-6) } else { (3, 5e-4) };
        let cells = columns.iter().map(|c| match c[n] {
            weight if weight.abs() < nothing => "\t0".to_owned(),
            weight => format!("\t{weight:.places$}"),
        });
        let _ = writeln!(table, "{name}{}", cells.collect::<String>());
    }
    table
}

fn write(name: &str, table: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lexicon/dialogue/");
    std::fs::write(format!("{folder}{name}"), table).expect("a writable source");
}

fn learn(corpus: &Corpus, alone: &Alone) {
    let columns = LEARNED.par_iter();
    let columns: Vec<_> = columns
        .map(|tag| alone.lessons(corpus, tag, None).learned())
        .collect();
    write("weights.tsv", &table(&alone.names, &columns));
    let among = Among::of(corpus, &alone.judged(corpus));
    let columns = LEARNED.par_iter();
    let columns: Vec<_> = columns
        .map(|tag| among.lessons(corpus, tag).learned())
        .collect();
    let names: Vec<String> = std::iter::once("bias".to_owned())
        .chain((0..context::FEATURES).map(|n| format!("sign {n}")))
        .collect();
    write("context.tsv", &table(&names, &columns));
}

#[test]
fn the_weights_are_what_the_conversations_teach() {
    let corpus = Corpus::read();
    assert!(corpus.messages.len() > 4000, "{}", corpus.messages.len());
    let alone = Alone::of(&corpus);
    if std::env::var_os("RECON_BLESS").is_some() {
        return learn(&corpus, &alone);
    }
    let words = super::odds::weights();
    let weight = |name: &String| {
        let sign = name.strip_prefix("sign ").and_then(|n| n.parse().ok());
        match sign.map(|n: usize| words.signs[n]) {
            Some(sign) => sign,
            None if name == "bias" => words.bias,
            None => {
                let phrase = words.phrases.get(name.as_str());
                phrase.copied().unwrap_or_default()
            }
        }
    };
    let weights: Vec<Weight> = alone.names.iter().map(weight).collect();
    LEARNED.par_iter().enumerate().for_each(|(n, tag)| {
        let column: Vec<f64> = weights.iter().map(|w| f64::from(w[n])).collect();
        let slope = alone.lessons(&corpus, tag, None).slope(&column);
        let steepest = slope.into_iter().map(f64::abs).fold(0.0, f64::max);
        assert!(
            steepest < FLAT,
            "{tag}: {steepest}; RECON_BLESS=1 learns the weights anew"
        );
    });
}

#[test]
#[ignore = "learns five times: minutes, with --release"]
fn the_context_is_what_the_conversations_teach() {
    let corpus = Corpus::read();
    let among = Among::of(&corpus, &Alone::of(&corpus).judged(&corpus));
    let weights = context::weights();
    for (n, tag) in LEARNED.iter().enumerate() {
        let column: Vec<f64> = weights.iter().map(|w| f64::from(w[n])).collect();
        let slope = among.lessons(&corpus, tag).slope(&column);
        let steepest = slope.into_iter().map(f64::abs).fold(0.0, f64::max);
        assert!(
            steepest < FLAT,
            "{tag}: {steepest}; RECON_BLESS=1 learns the weights anew"
        );
    }
}
