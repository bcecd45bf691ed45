//! How well what was learned understands conversations that taught nothing: a new author's, before they are added.

use super::corpus::{Corpus, Said};
use super::{LEARNED, context};
use crate::lexicon::dialogue::odds::{self, Weight};
use crate::lexicon::dialogue::{Turn, fold};
use std::fmt::Write as _;
use std::io::Write as _;

/// `RECON_HELD=talks.tsv:more.tsv cargo test --release --lib held_out -- --ignored --nocapture`
#[test]
#[ignore = "asks for files: prints how well each act is found in conversations that taught nothing"]
fn held_out() {
    let paths = std::env::var("RECON_HELD").expect("RECON_HELD names files");
    for path in paths.split(':') {
        let corpus = Corpus::of([path.into()]);
        let odds: Vec<Weight> = corpus
            .talks()
            .into_iter()
            .flat_map(|talk| judged(&corpus.turns[talk.clone()], &corpus.messages[talk]))
            .collect();
        let mut told = format!(
            "{path}: average precision of each act, its precision and recall from 0.5 on\n"
        );
        for (act, tag) in LEARNED.iter().enumerate() {
            let both = odds.iter().zip(&corpus.messages);
            let mut ranked: Vec<(f32, bool)> = both.map(|(o, m)| (o[act], m.is(tag))).collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            let _ = writeln!(told, "{tag}\t{}", quality(&ranked));
        }
        std::io::stdout()
            .write_all(told.as_bytes())
            .expect("standard output");
    }
}

/// The odds of each message of a conversation.
fn judged(said: &[Said], messages: &[super::Message]) -> Vec<Weight> {
    let turns: Vec<Turn<'_>> = said.iter().map(Said::turn).collect();
    let folded: Vec<String> = turns.iter().map(|t| fold::fold(t.text)).collect();
    let both = folded.iter().zip(messages);
    let sums: Vec<Weight> = both.map(|(f, m)| odds::sums(&m.signs, f)).collect();
    let settled = context::settle(&turns, &folded, &sums);
    settled.iter().map(odds::Odds::all).collect()
}

/// Average precision (Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, 8.4), and precision and
/// recall of what is likelier than not.
#[allow(clippy::cast_precision_loss)]
fn quality(ranked: &[(f32, bool)]) -> String {
    let all = ranked.iter().filter(|(_, is)| *is).count();
    let (mut found, mut sum) = (0, 0.0);
    for (n, (_, is)) in ranked.iter().enumerate() {
        if *is {
            found += 1;
            sum += f64::from(found) / (n + 1) as f64;
        }
    }
    let likely = ranked.iter().take_while(|(odds, _)| *odds >= 0.5);
    let (told, right) = likely.fold((0, 0), |(t, r), (_, is)| (t + 1, r + usize::from(*is)));
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let average = 100.0 * sum / all.max(1) as f64;
    format!(
        "{average:.1}\t{:.0} {:.0}\tof {all}",
        share(right, told),
        share(right, all)
    )
}
