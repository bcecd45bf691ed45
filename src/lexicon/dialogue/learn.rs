//! What the conversations in `samples/conversations` teach: the weights beside this file are the
//! ones that make their tags likeliest (logistic regression, Hastie, Tibshirani and Friedman, *The
//! Elements of Statistical Learning*, 4.4; with a quadratic penalty). `RECON_BLESS=1` learns them anew.

use super::odds::{LEARNED, Weights, read};
use super::signs::SIGNS;
use super::{Turn, fold, hear_all, signs};
use crate::lexicon::Names;
use std::fmt::Write as _;

/// How much large weights cost.
const PENALTY: f64 = 5.0;
/// Newton's steps: it converges long before.
const STEPS: usize = 12;
/// Weights are written with so many decimals, and so the slope is not quite nothing.
const FLAT: f64 = 2.0;

/// A message: its signs behind a one for the bias, and its tags.
struct Message {
    signs: Vec<f64>,
    tags: String,
}

fn messages() -> Vec<Message> {
    let mut all = Vec::new();
    for name in ["first", "second", "third", "fourth"] {
        let path = format!(
            "{}/samples/conversations/{name}.tsv",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(path).expect("a conversation");
        for talk in text.split("\n\n") {
            let lines = talk.lines().filter(|l| !l.starts_with('#'));
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
            for (row, signs) in rows.iter().zip(signs::of(&turns, &folded, &heard)) {
                let signs = std::iter::once(1.0)
                    .chain(signs.iter().map(|s| f64::from(*s)))
                    .collect();
                all.push(Message {
                    signs,
                    tags: row[2].to_owned(),
                });
            }
        }
    }
    all
}

fn likely(weights: &[f64], signs: &[f64]) -> f64 {
    let sum: f64 = weights.iter().zip(signs).map(|(w, s)| w * s).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The slope of the penalised likelihood at some weights; nothing at its top.
fn slope(all: &[Message], tag: &str, weights: &[f64]) -> Vec<f64> {
    let mut slope: Vec<f64> = weights.iter().map(|w| -w * PENALTY).collect();
    slope[0] = 0.0;
    for message in all {
        let is = f64::from(u8::from(message.tags.split(' ').any(|t| t == tag)));
        let off = is - likely(weights, &message.signs);
        for (s, x) in slope.iter_mut().zip(&message.signs) {
            *s += off * x;
        }
    }
    slope
}

/// Newton's method.
fn learned(all: &[Message], tag: &str) -> Vec<f64> {
    let size = SIGNS + 1;
    let mut weights = vec![0.0; size];
    for _ in 0..STEPS {
        let mut bend = vec![vec![0.0; size]; size];
        for (n, row) in bend.iter_mut().enumerate() {
            row[n] = if n == 0 { 1e-6 } else { PENALTY };
        }
        for message in all {
            let p = likely(&weights, &message.signs);
            let present: Vec<usize> = (0..size).filter(|n| message.signs[*n] != 0.0).collect();
            for &a in &present {
                let scaled = p * (1.0 - p) * message.signs[a];
                for &b in &present {
                    bend[a][b] += scaled * message.signs[b];
                }
            }
        }
        let step = solved(bend, slope(all, tag, &weights));
        for (w, s) in weights.iter_mut().zip(step) {
            *w += s;
        }
    }
    weights
}

/// Gauss's elimination; the matrix is positive definite.
fn solved(mut rows: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for n in 0..size {
        let pivot = rows[n].clone();
        for below in n + 1..size {
            let factor = rows[below][n] / pivot[n];
            if factor != 0.0 {
                for (x, p) in rows[below].iter_mut().zip(&pivot).skip(n) {
                    *x -= factor * p;
                }
                right[below] -= factor * right[n];
            }
        }
    }
    for n in (0..size).rev() {
        let known: f64 = (n + 1..size).map(|m| rows[n][m] * right[m]).sum();
        right[n] = (right[n] - known) / rows[n][n];
    }
    right
}

#[test]
fn the_weights_are_what_the_conversations_teach() {
    let all = messages();
    assert!(all.len() > 3000, "{}", all.len());
    if std::env::var_os("RECON_BLESS").is_some() {
        let mut table = String::new();
        for tag in LEARNED {
            let weights = learned(&all, tag).into_iter().map(|w| format!("\t{w:.3}"));
            let _ = writeln!(table, "{tag}{}", weights.collect::<String>());
        }
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/lexicon/dialogue/weights.tsv"
        );
        std::fs::write(path, &table).expect("a writable source");
        return;
    }
    let table: [Weights; LEARNED.len()] = read(include_str!("weights.tsv"));
    for (tag, weights) in LEARNED.iter().zip(table) {
        let weights: Vec<f64> = weights.iter().map(|w| f64::from(*w)).collect();
        let steepest = slope(&all, tag, &weights)
            .into_iter()
            .map(f64::abs)
            .fold(0.0, f64::max);
        assert!(
            steepest < FLAT,
            "{tag}: {steepest}; RECON_BLESS=1 learns the weights anew"
        );
    }
}
