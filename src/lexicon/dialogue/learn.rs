//! What the conversations in `samples/conversations` teach: the weights beside this file are the
//! ones that make their tags likeliest (logistic regression, Hastie, Tibshirani and Friedman, *The
//! Elements of Statistical Learning*, 4.4; with a quadratic penalty). `RECON_BLESS=1` learns them anew.

use super::odds::{LEARNED, Weight, read};
use super::signs::SIGNS;
use super::{Turn, fold, hear_all, phrases, signs};
use crate::lexicon::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How much large weights of signs cost.
const SIGN_PENALTY: f64 = 5.0;
/// The same of words and pairs of words: there are many, and each is in few messages.
const PHRASE_PENALTY: f64 = 1.25;
/// Messages in which a word must stand to be learned.
const SEEN: usize = 3;
/// Newton's steps: it converges long before.
const STEPS: usize = 12;
/// Steps of the solution of each.
const INNER: usize = 40;
/// Weights are written with so many decimals, and so the slope is not quite nothing.
const FLAT: f64 = 4.0;

/// A message: what is there of it, by number, and its tags. Number 0 is the bias.
struct Message {
    signs: Vec<(usize, f64)>,
    phrases: BTreeSet<String>,
    tags: String,
}

/// What is taught: the messages, and the names of what is learned of them.
struct Lessons {
    messages: Vec<Message>,
    names: Vec<String>,
}

fn conversations() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/conversations");
    let files = std::fs::read_dir(folder).expect("conversations");
    let mut paths: Vec<_> = files.map(|f| f.expect("a file").path()).collect();
    paths.sort();
    let read = |p| std::fs::read_to_string(p).expect("conversations");
    paths.into_iter().map(read).collect()
}

/// The messages of all conversations; what is said again word for word teaches once.
fn lessons() -> Lessons {
    let mut messages = Vec::new();
    let mut known = BTreeSet::new();
    for text in conversations() {
        for talk in text.split("\n\n") {
            for message in talk_of(talk) {
                if known.insert((message.tags.clone(), message.phrases.clone())) {
                    messages.push(message);
                }
            }
        }
    }
    named(messages)
}

/// The messages of one conversation.
fn talk_of(talk: &str) -> Vec<Message> {
    let lines = talk
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    let rows: Vec<Vec<&str>> = lines.map(|l| l.split('\t').collect()).collect();
    let turns: Vec<Turn<'_>> = rows
        .iter()
        .map(|row| Turn {
            second: row[0].parse().expect("seconds"),
            text: row[3],
        })
        .collect();
    let folded: Vec<String> = turns.iter().map(|t| fold::fold(t.text)).collect();
    let heard = hear_all(&turns, &Names::default());
    let signs = signs::of(&turns, &folded, &heard);
    let each = rows.iter().zip(&signs).zip(&folded);
    let message = |((row, signs), folded): ((&Vec<&str>, _), &String)| Message {
        signs: present(signs),
        phrases: phrases::of(folded),
        tags: row[2].to_owned(),
    };
    each.map(message).collect()
}

/// The bias and the signs that are there.
fn present(signs: &[f32; SIGNS]) -> Vec<(usize, f64)> {
    let numbered = (1..).zip(signs.iter().map(|s| f64::from(*s)));
    let there = numbered.filter(|(_, s)| *s != 0.0);
    std::iter::once((0, 1.0)).chain(there).collect()
}

/// Numbers the words that are learned.
fn named(mut messages: Vec<Message>) -> Lessons {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for phrase in messages.iter().flat_map(|m| &m.phrases) {
        *counts.entry(phrase.clone()).or_default() += 1;
    }
    counts.retain(|_, count| *count >= SEEN);
    let signs = (0..SIGNS).map(|n| format!("sign {n}"));
    let names: Vec<String> = std::iter::once("bias".to_owned())
        .chain(signs)
        .chain(counts.into_keys())
        .collect();
    let numbers: BTreeMap<&str, usize> = (0..).zip(&names).map(|(n, w)| (w.as_str(), n)).collect();
    for message in &mut messages {
        let phrases = message.phrases.iter();
        let known = phrases.filter_map(|p| numbers.get(p.as_str()));
        message.signs.extend(known.map(|n| (*n, 1.0)));
    }
    Lessons { messages, names }
}

fn penalty(number: usize) -> f64 {
    match number {
        0 => 1e-6,
        n if n <= SIGNS => SIGN_PENALTY,
        _ => PHRASE_PENALTY,
    }
}

fn sum(weights: &[f64], message: &Message) -> f64 {
    message.signs.iter().map(|(n, x)| weights[*n] * x).sum()
}

fn likely(weights: &[f64], message: &Message) -> f64 {
    1.0 / (1.0 + (-sum(weights, message)).exp())
}

impl Lessons {
    /// The slope of the penalised likelihood at some weights; nothing at its top.
    fn slope(&self, tag: &str, weights: &[f64]) -> Vec<f64> {
        let costs = weights.iter().enumerate();
        let mut slope: Vec<f64> = costs.map(|(n, w)| -w * penalty(n)).collect();
        for message in &self.messages {
            let is = f64::from(u8::from(message.tags.split(' ').any(|t| t == tag)));
            let off = is - likely(weights, message);
            for (n, x) in &message.signs {
                slope[*n] += off * x;
            }
        }
        slope
    }

    /// Newton's method.
    fn learned(&self, tag: &str) -> Vec<f64> {
        let mut weights = vec![0.0; self.names.len()];
        for _ in 0..STEPS {
            let bend = |m: &Message| {
                let p = likely(&weights, m);
                p * (1.0 - p)
            };
            let bends: Vec<f64> = self.messages.iter().map(bend).collect();
            let step = self.solved(&bends, self.slope(tag, &weights));
            for (w, s) in weights.iter_mut().zip(step) {
                *w += s;
            }
        }
        weights
    }

    /// How the slope bends along a direction.
    fn bent(&self, bends: &[f64], along: &[f64]) -> Vec<f64> {
        let costs = along.iter().enumerate();
        let mut bent: Vec<f64> = costs.map(|(n, a)| a * penalty(n)).collect();
        for (message, bend) in self.messages.iter().zip(bends) {
            let much = bend * sum(along, message);
            for (n, x) in &message.signs {
                bent[*n] += much * x;
            }
        }
        bent
    }

    /// The step to where the slope is nothing, by conjugate gradients.
    fn solved(&self, bends: &[f64], slope: Vec<f64>) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut step = vec![0.0; slope.len()];
        let mut along = slope.clone();
        let mut left = slope;
        let mut size = dot(&left, &left);
        for _ in 0..INNER {
            if size < 1e-9 {
                break;
            }
            let bent = self.bent(bends, &along);
            let far = size / dot(&along, &bent);
            for ((s, l), (a, b)) in step.iter_mut().zip(&mut left).zip(along.iter().zip(&bent)) {
                *s += far * a;
                *l -= far * b;
            }
            let rest = dot(&left, &left);
            for (a, l) in along.iter_mut().zip(&left) {
                *a = l + rest / size * *a;
            }
            size = rest;
        }
        step
    }

    fn table(&self) -> String {
        let columns = LEARNED.map(|tag| self.learned(tag));
        let mut table = String::new();
        for (n, name) in self.names.iter().enumerate() {
            // Signs are in every message, words in few.
            let places = if n <= SIGNS { 3 } else { 2 };
            let cells = columns
                .iter()
                .map(|column| format!("\t{:.places$}", column[n]));
            let _ = writeln!(table, "{name}{}", cells.collect::<String>());
        }
        table.replace("-0.00\t", "0\t").replace("\t0.00\t", "\t0\t")
    }
}

#[test]
fn the_weights_are_what_the_conversations_teach() {
    let lessons = lessons();
    assert!(lessons.messages.len() > 4000, "{}", lessons.messages.len());
    if std::env::var_os("RECON_BLESS").is_some() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/lexicon/dialogue/weights.tsv"
        );
        std::fs::write(path, lessons.table()).expect("a writable source");
        return;
    }
    let table = read(include_str!("weights.tsv"));
    let weight = |name: &String| {
        let sign = name.strip_prefix("sign ").and_then(|n| n.parse().ok());
        match sign.map(|n: usize| table.signs[n]) {
            Some(sign) => sign,
            None if name == "bias" => table.bias,
            None => {
                let phrase = table.phrases.get(name.as_str());
                phrase.copied().unwrap_or_default()
            }
        }
    };
    let weights: Vec<Weight> = lessons.names.iter().map(weight).collect();
    for (n, tag) in LEARNED.iter().enumerate() {
        let column: Vec<f64> = weights.iter().map(|w| f64::from(w[n])).collect();
        let slope = lessons.slope(tag, &column);
        let steepest = slope.into_iter().map(f64::abs).fold(0.0, f64::max);
        assert!(
            steepest < FLAT,
            "{tag}: {steepest}; RECON_BLESS=1 learns the weights anew"
        );
    }
}
