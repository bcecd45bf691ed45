//! Whether refusals are of a few clients' own making: somebody who tries passwords, or a script that lost its own.
//!
//! Where all others are served as before, nothing is out of order. A client that used to be served and no longer is has
//! trouble; so have many.

use super::entry::Entry;
use super::{Asked, SECOND, ranges, read};
use crate::ingest::{FilePlan, Scratch};
use crate::signal::{Burst, Sign, Signal};
use crate::source::Library;
use crate::survey::{self, Survey, What};
use recon_parsers::Stamp;
use std::collections::BTreeMap;
use std::io;

/// What a client was answered before (an hour) tells whether it is one that used to be served.
const BEFORE: i64 = 3600 * SECOND;
/// So many are few.
const FEW: usize = 3;
/// Theirs are at least so many times those of all others.
const MOST: u64 = 2;
/// Somebody who is hit by an outage does not try so often; who guesses does.
const TRIES: u64 = 8;
/// Of the others' requests, at most twice the usual share was refused, and so many by chance.
const CHANCE: u64 = 3;

/// Without the bursts of refusals that a few clients made themselves.
pub fn without_guesses(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    signals: Vec<Signal>,
) -> io::Result<Vec<Signal>> {
    let mut kept = Vec::new();
    for signal in signals {
        let guessed = match &signal.sign {
            Sign::Burst(burst) if burst.what == What::Denied => {
                let answers = answers(library, plans, survey, &signal, burst)?;
                answers.iter().any(Answers::are_of_few)
            }
            _ => false,
        };
        if !guessed {
            kept.push(signal);
        }
    }
    Ok(kept)
}

/// Clients that are told apart.
const KEYS: usize = 65_536;

/// What one client, or one user, was answered.
#[derive(Clone, Copy, Debug, Default)]
struct Answered {
    refused: u64,
    /// In the burst and before.
    served: u64,
    refused_before: u64,
}

/// What all were answered, told apart by one kind of key.
#[derive(Debug, Default)]
struct Answers {
    by_key: BTreeMap<String, Answered>,
    /// Refusals that name nobody.
    nameless: u64,
    served: u64,
    served_before: u64,
    refused_before: u64,
}

impl Answers {
    fn add(&mut self, key: Option<&str>, refused: bool, before: bool) {
        self.refused_before += u64::from(refused && before);
        self.served_before += u64::from(!refused && before);
        self.served += u64::from(!refused && !before);
        let Some(one) = key.and_then(|key| self.of(key)) else {
            self.nameless += u64::from(refused && !before);
            return;
        };
        one.refused_before += u64::from(refused && before);
        one.refused += u64::from(refused && !before);
        one.served += u64::from(!refused);
    }

    fn of(&mut self, key: &str) -> Option<&mut Answered> {
        if !self.by_key.contains_key(key) && self.by_key.len() < KEYS {
            self.by_key.insert(key.to_owned(), Answered::default());
        }
        self.by_key.get_mut(key)
    }

    fn are_of_few(&self) -> bool {
        let strange = |a: &&Answered| a.served * 2 < a.refused && a.refused >= TRIES;
        let (few, others): (Vec<&Answered>, Vec<&Answered>) =
            self.by_key.values().partition(strange);
        let refused = |some: &[&Answered]| some.iter().map(|a| a.refused).sum::<u64>();
        let rest = refused(&others) + self.nameless;
        let theirs: u64 = few.iter().map(|a| a.refused_before).sum();
        let usual = self.refused_before.saturating_sub(theirs);
        let expected = usual * (rest + self.served) / (self.served_before + usual).max(1);
        let others_served = self.served > 0 || few.len() == 1 && self.served_before > 0;
        let few_did_most = (1..=FEW).contains(&few.len()) && refused(&few) >= rest * MOST;
        few_did_most && rest <= 2 * expected + CHANCE && others_served
    }
}

/// What was answered at the operations of a burst, by user and by address: what each format of log tells.
fn answers(
    library: &Library,
    plans: &[FilePlan],
    survey: &Survey,
    signal: &Signal,
    burst: &Burst,
) -> io::Result<Vec<Answers>> {
    let from = signal.from.nanos;
    let to = signal.to.map_or(i64::MAX, |t| t.nanos.saturating_add(1));
    let period = from.saturating_sub(BEFORE)..to;
    let service = signal.service.as_deref();
    let within = |at: Stamp| period.contains(&at.nanos);
    let (mut scratch, mut operation) = (Scratch::default(), String::new());
    let mut all: BTreeMap<&str, [Answers; 2]> = BTreeMap::new();
    for (plan, bytes) in ranges(survey, plans, service, &period) {
        let plan = &plans[plan];
        let format = plan.detected.formats.first();
        let answers = all.entry(format.map_or("", |c| c.format.name)).or_default();
        let asked = Asked { service, key: None };
        read(
            library,
            plan,
            bytes,
            &mut scratch,
            asked,
            &within,
            &mut |entry| {
                if let Some(refused) = outcome(entry, burst, &mut operation) {
                    let before = entry.at.nanos < from;
                    answers[0].add(entry.user, refused, before);
                    answers[1].add(entry.client, refused, before);
                }
            },
        )?;
    }
    Ok(all.into_values().flatten().collect())
}

/// Whether a request at the burst's operations was refused; `None` if it is another request, or failed.
fn outcome(entry: &Entry<'_>, burst: &Burst, operation: &mut String) -> Option<bool> {
    let request = entry.request?;
    let path = request.path.as_deref();
    let outcome = survey::outcome_of(request.status, path)?;
    if !burst.operations.is_empty() {
        operation.clear();
        survey::operation_into(operation, request.method.as_deref(), path);
        if !burst.operations.contains(operation) {
            return None;
        }
    }
    match outcome {
        What::Denied => Some(true),
        What::Requests => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is of few when of 60 clients who are served as a rule, `hit` are refused once each, and a stranger
    /// `guesses` times.
    fn of_few(hit: usize, guesses: usize, known: bool) -> bool {
        let mut answers = Answers::default();
        for n in 0..60 {
            let client = format!("192.0.2.{n}");
            answers.add(Some(&client), n % 20 == 0, true);
            answers.add(Some(&client), n < hit, false);
        }
        for n in 0..guesses {
            answers.add(Some("203.0.113.9"), true, false);
            if known {
                answers.add(Some("203.0.113.9"), n % 20 == 0, true);
            }
        }
        answers.are_of_few()
    }

    #[test]
    fn who_guesses_passwords_while_all_others_are_served_is_alone() {
        assert!(of_few(2, 17, false));
        assert!(of_few(0, 30, false));
        assert!(of_few(6, 17, false), "others are refused as ever");
    }

    #[test]
    fn where_many_are_refused_or_one_who_used_to_be_served_it_is_no_guessing() {
        assert!(!of_few(40, 17, false));
        assert!(!of_few(14, 60, false), "others fare worse than usual");
        assert!(
            !of_few(0, 30, true),
            "a client that was served all the time"
        );
        assert!(!of_few(3, 4, false), "who tries again is no guesser");
    }

    #[test]
    fn what_names_nobody_tells_nothing() {
        let mut answers = Answers::default();
        (0..30).for_each(|_| answers.add(None, true, false));
        (0..30).for_each(|_| answers.add(Some("192.0.2.1"), false, false));
        assert!(!answers.are_of_few());
    }
}
