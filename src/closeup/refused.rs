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
/// Theirs are at least so many times those of all others, in halves.
const MOST: u64 = 3;
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
                let brief = signal
                    .to
                    .is_some_and(|t| t.nanos - signal.from.nanos <= BRIEF);
                let made = |a: &Answers| a.are_of_few() || brief && a.are_of_strangers();
                answers.iter().any(made)
            }
            _ => false,
        };
        if !guessed {
            kept.push(signal);
        }
    }
    Ok(kept)
}

/// Subnets of a network in which somebody was refused that are not one office.
const SPREAD: usize = 4;
/// Refusals of strangers that last longer (ten minutes) are of whoever is new, too.
const BRIEF: i64 = 600 * SECOND;
/// How probable it may be that none of those who were refused had been there before.
const LUCK: f64 = 1e-3;

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
    /// The same of those who had been there already.
    known_before: u64,
    refused_before: u64,
    /// What was served at other operations, before and in the burst.
    elsewhere: [u64; 2],
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
        let known = before && !refused && one.served + one.refused_before > 0;
        one.refused_before += u64::from(refused && before);
        one.refused += u64::from(refused && !before);
        one.served += u64::from(!refused);
        self.known_before += u64::from(known);
    }

    fn of(&mut self, key: &str) -> Option<&mut Answered> {
        if !self.by_key.contains_key(key) && self.by_key.len() < KEYS {
            self.by_key.insert(key.to_owned(), Answered::default());
        }
        self.by_key.get_mut(key)
    }

    /// The subnets of a network, from several of which somebody was refused, as one: who tries passwords rents addresses all
    /// over it. An office has one subnet.
    fn by_network(mut self) -> Self {
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        for (subnet, _) in self.by_key.iter().filter(|(_, a)| a.refused > 0) {
            *refused.entry(network(subnet).to_owned()).or_default() += 1;
        }
        for (subnet, answered) in std::mem::take(&mut self.by_key) {
            let network = network(&subnet);
            if refused.get(network).is_none_or(|n| *n < SPREAD) {
                self.nameless += answered.refused;
                continue;
            }
            let all = self.by_key.entry(network.to_owned()).or_default();
            all.refused += answered.refused;
            all.served += answered.served;
            all.refused_before += answered.refused_before;
        }
        self
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
        let never_used =
            self.served + self.served_before == 0 && self.elsewhere.iter().all(|n| *n > 0);
        let others_served =
            self.served > 0 || few.len() == 1 && (self.served_before > 0 || never_used);
        let few_did_most = (1..=FEW).contains(&few.len()) && refused(&few) * 2 >= rest * MOST;
        few_did_most && rest <= 2 * expected + CHANCE && others_served
    }

    /// Whether hardly anybody was refused who had ever been there, though most who come have: somebody tries names.
    #[allow(clippy::cast_precision_loss)]
    fn are_of_strangers(&self) -> bool {
        let strange = |a: &&Answered| a.served + a.refused_before == 0;
        let (new, others): (Vec<&Answered>, Vec<&Answered>) =
            self.by_key.values().partition(strange);
        let refused = |some: &[&Answered]| some.iter().map(|a| a.refused).sum::<u64>();
        let (theirs, rest) = (refused(&new), refused(&others) + self.nameless);
        let stranger = 1.0 - self.known_before as f64 / self.served_before.max(1) as f64;
        let chance = stranger.powi(i32::try_from(theirs).unwrap_or(i32::MAX));
        theirs >= TRIES && rest * 10 <= theirs && chance <= LUCK
    }
}

/// The subnet that an address is of: three of its numbers.
fn subnet(address: &str) -> &str {
    let mark = if address.contains('.') { '.' } else { ':' };
    let end = address.match_indices(mark).nth(2).map(|(at, _)| at);
    end.and_then(|end| address.get(..end)).unwrap_or(address)
}

/// The network that a subnet is of.
fn network(subnet: &str) -> &str {
    subnet
        .rsplit_once(['.', ':'])
        .map_or(subnet, |(network, _)| network)
}

/// What was answered at the operations of a burst, by user, by address and by subnet: what each format of log tells.
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
    let mut all: BTreeMap<&str, [Answers; 3]> = BTreeMap::new();
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
                let before = entry.at.nanos < from;
                let outcome = outcome(entry, burst, &mut operation);
                if outcome.is_none() && is_served(entry) {
                    let place = usize::from(!before);
                    answers.iter_mut().for_each(|a| a.elsewhere[place] += 1);
                }
                if let Some(refused) = outcome {
                    answers[0].add(entry.user, refused, before);
                    answers[1].add(entry.client, refused, before);
                    answers[2].add(entry.client.map(subnet), refused, before);
                }
            },
        )?;
    }
    let kinds = all
        .into_values()
        .flat_map(|[users, addresses, subnets]| [users, addresses, subnets.by_network()]);
    Ok(kinds.collect())
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

fn is_served(entry: &Entry<'_>) -> bool {
    entry.request.is_some_and(|request| {
        let path = request.path.as_deref();
        survey::outcome_of(request.status, path) == Some(What::Requests)
    })
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

    /// Whether twenty refusals are of strangers, where `regular` of every ten who come as a rule are there often, and
    /// `hit` of those are refused.
    fn of_strangers(regular: usize, hit: usize) -> bool {
        let mut answers = Answers::default();
        for n in 0..200 {
            let often = n % 10 < regular;
            let name = if often { n % 10 } else { 1000 + n };
            answers.add(Some(&format!("v{name}")), false, true);
        }
        for n in 0..20 {
            let name = if n < hit { n % 10 } else { 5000 + n };
            answers.add(Some(&format!("v{name}")), true, false);
        }
        answers.are_of_strangers()
    }

    #[test]
    fn where_none_is_refused_who_was_ever_there_somebody_tries_names() {
        assert!(of_strangers(8, 0));
        assert!(of_strangers(8, 1));
        assert!(!of_strangers(8, 5), "some of those who come are refused");
        assert!(!of_strangers(0, 0), "nobody ever comes again");
    }

    /// Whether thirty refusals are of few that come from so many subnets of one network, while others are served.
    fn of_one_network(subnets: usize) -> bool {
        let mut answers = Answers::default();
        for n in 0..60 {
            let client = format!("198.{n}.7.1");
            answers.add(Some(subnet(&client)), false, true);
            answers.add(Some(subnet(&client)), false, false);
        }
        for n in 0..30 {
            let client = format!("203.0.{}.{n}:40{n}", n % subnets * 9);
            answers.add(Some(subnet(&client)), true, false);
        }
        answers.by_network().are_of_few()
    }

    #[test]
    fn addresses_all_over_one_network_are_of_one_hand() {
        assert!(of_one_network(15));
        assert!(
            !of_one_network(1),
            "an office, or whoever is behind its proxy"
        );
        let singly = (subnet("2001:db8:7::9"), network("2001:db8:7"));
        assert_eq!(singly, ("2001:db8:7", "2001:db8"));
        assert_eq!(network(subnet("tug-4")), "tug-4");
    }

    #[test]
    fn where_nobody_else_ever_asks_nobody_misses_anything() {
        let of_few = |elsewhere: [u64; 2]| {
            let mut answers = Answers {
                elsewhere,
                ..Answers::default()
            };
            (0..20).for_each(|_| answers.add(Some("203.0.113.9"), true, false));
            answers.are_of_few()
        };
        assert!(of_few([400, 20]));
        assert!(!of_few([0, 20]), "nothing is known of how it was before");
        assert!(!of_few([400, 0]), "nobody is served at all");
    }

    #[test]
    fn what_names_nobody_tells_nothing() {
        let mut answers = Answers::default();
        (0..30).for_each(|_| answers.add(None, true, false));
        (0..30).for_each(|_| answers.add(Some("192.0.2.1"), false, false));
        assert!(!answers.are_of_few());
    }
}
