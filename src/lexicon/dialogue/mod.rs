//! What messages mean by their place in a conversation.
//!
//! Phrases are without number; what people do with them is not. Somebody names a thing as a
//! question or a guess, somebody answers that it is not that one, somebody concludes ("so that is
//! what ate the disk"), somebody says what they do about it and then that it is done. Each of these
//! is known by its form and by what stood before it, whatever its words are about. What the tables
//! of [`cues`](super::cues) already understand of a message is kept; this adds what they miss.

mod answer;
mod conclusion;
mod context;
mod ending;
mod guess;
mod inquiry;
mod next;
mod odds;
mod pairing;
mod phrases;
mod repair;
mod signs;
mod ties;
mod verdict;
mod words;

#[cfg(test)]
mod learn;
#[cfg(test)]
mod tests;

use super::names::parts_of_name;
use super::{
    Act, Environment, Heard, Mood, Names, Statement, Subject, cues, environment, fold, hear,
};
use fold::Sentence;
use pairing::Open;
use std::collections::BTreeSet;
use words::Words;

/// A message of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// When, in seconds.
    pub second: i64,
    /// Who says it, if that is known.
    pub who: Option<&'a str>,
    /// Its words.
    pub text: &'a str,
    /// The words of an earlier message that it quotes.
    pub quotes: Option<&'a str>,
}

/// Seconds (forty minutes) after which a guess is no longer answered.
const PATIENCE: i64 = 2400;
/// Seconds (an hour) for which somebody who has spoken is there.
const PRESENT: i64 = 3600;
/// How sure it is that somebody ends the incident who says "done" behind a repair.
const ENDS: f32 = 0.75;
/// Words (four) that tell something.
const TELLING: usize = 4;
/// How sure it is that a short message behind what was begun tells that it is done.
const MAYBE: f32 = 0.4;
/// How sure it is that a repair is begun that is known by its form only.
const BEGUN: f32 = 0.42;
/// How sure it is that who speaks first after a silence takes what has just come up.
const ATTENDS: f32 = 0.3;

/// What the tables understand of each message by itself.
fn hear_all(turns: &[Turn<'_>], names: &Names) -> Vec<Heard> {
    turns.iter().map(|t| hear(t.text, names)).collect()
}

/// From here on signs make an act likely. In the words of somebody who taught nothing, half to nine tenths of those
/// that were so likely were right, by the act.
const LIKELY: f32 = 0.3;
/// From here on they make it possible.
const POSSIBLE: f32 = 0.2;
/// From here on words suspect something also if nobody answers them.
const VOICED: f32 = 0.5;
/// From here on they do whatever it is that they name.
const CLEARLY: f32 = 0.7;
/// How sure the tables are of a suspicion that needs no signs.
const TOLD: f32 = 0.8;
/// The same of a question or a hedge.
const ASKED: f32 = 0.3;
/// Below this a question or a hedge suspects nothing.
const FORMED: f32 = 0.05;
/// Below this no sentence does it, whatever its form.
const NEVER: f32 = 0.001;
/// Below this they speak against it.
const HARDLY: f32 = 0.03;

/// How sure an act is that is as likely as this: as sure as a milestone needs where it is rather
/// likely than not.
fn surely(likely: f32) -> f32 {
    0.48 + 0.42 * likely
}

/// What each message of a conversation says, in its light.
pub fn converse(turns: &[Turn<'_>], names: &Names) -> Vec<Heard> {
    let folded: Vec<String> = turns.iter().map(|t| fold::fold(t.text)).collect();
    let heard = hear_all(turns, names);
    let signs = signs::of(turns, &folded, &heard);
    let sums = signs.iter().zip(&folded).map(|(s, f)| odds::sums(s, f));
    let odds = context::settle(turns, &folded, &sums.collect::<Vec<_>>());
    let mut talk = Talk {
        seconds: turns.iter().map(|t| t.second).collect(),
        heard,
        odds,
        guesses: Vec::new(),
        repairs: repair::Repairs::default(),
        tells: Vec::new(),
    };
    talk.doubt(&folded);
    for (n, (turn, folded)) in turns.iter().zip(&folded).enumerate() {
        let sentences: Vec<Sentence<'_>> = fold::sentences(folded).collect();
        let message = Message {
            somebody: talk.odds[n].brings >= verdict::BRINGS
                && names.speak_of_somebody(turn.text, folded, &present(&turns[..n], turn.second)),
            number: n,
            quotes: quoted(turn, &turns[..n]),
            second: turn.second,
            sentences: &sentences,
            words: Words::of(folded),
        };
        if talk.inquires(&message) {
            talk.tells.push(false);
            continue;
        }
        if guess::tells_what_is_met(&sentences) {
            talk.silence(n, &[Act::Hypothesis, Act::RuledOut, Act::Identified]);
            talk.tells.push(true);
            continue;
        }
        let answered = talk.answer(&message);
        talk.conclude(&message, answered);
        if !answered {
            talk.repair(&message);
        }
        talk.remember(&message);
        talk.guess(&message);
        talk.tells.push(tells(&message));
        talk.attend(&message, n.checked_sub(1).and_then(|l| turns.get(l)));
    }
    talk.notice(turns, &folded);
    talk.diagnose();
    talk.heard
}

/// Who has spoken of late, by the parts of their names: who answers them calls nobody in.
fn present(before: &[Turn<'_>], at: i64) -> BTreeSet<String> {
    let recent = before.iter().rev().take_while(|t| at - t.second <= PRESENT);
    let names = recent.filter_map(|t| t.who);
    names.flat_map(parts_of_name).collect()
}

/// The message among those before that a message quotes, or begins to; an older one is no longer answered.
fn quoted(turn: &Turn<'_>, before: &[Turn<'_>]) -> Option<usize> {
    let quote = turn.quotes?.trim().trim_end_matches(['.', '…']);
    let said = |t: &Turn<'_>| !quote.is_empty() && t.text.trim().starts_with(quote);
    let recent = |(_, t): &(usize, &Turn<'_>)| turn.second - t.second <= PATIENCE;
    let mut all = before.iter().enumerate().rev().take_while(recent);
    all.find(|(_, t)| said(t)).map(|(n, _)| n)
}

/// Whether a message tells something: more than a word, and no question.
fn tells(message: &Message<'_>) -> bool {
    let long = |s: &&Sentence<'_>| !s.asks && s.text.split(' ').count() >= TELLING;
    message
        .sentences
        .iter()
        .find(long)
        .is_some_and(|s| !cues::is_private(s.text))
}

/// One message in the light of its sentences.
struct Message<'a> {
    number: usize,
    /// It looks like asking somebody in, and speaks of somebody.
    somebody: bool,
    /// The message that it quotes.
    quotes: Option<usize>,
    second: i64,
    sentences: &'a [Sentence<'a>],
    words: Words,
}

/// A conversation as far as it was read.
struct Talk {
    /// When each message was said.
    seconds: Vec<i64>,
    heard: Vec<Heard>,
    /// How likely each message does what, by all its signs.
    odds: Vec<odds::Odds>,
    guesses: Vec<Open>,
    repairs: repair::Repairs,
    /// Which messages tell something.
    tells: Vec<bool>,
}

impl Talk {
    fn repair(&mut self, message: &Message<'_>) {
        if self.repairs.are_told() && ending::ends(message.sentences) {
            self.say(message.number, Act::Resolved, ENDS, None, None);
            return;
        }
        let likely = self.odds[message.number].repairs;
        let found = self.repairs.read(message.number, message.sentences);
        let found = found.filter(|_| likely >= NEVER);
        let statements = &self.heard[message.number].statements;
        let told = |s: &Statement| matches!(s.act, Act::Fix | Act::Workaround) && s.holds();
        if let Some((score, environment)) = found
            && !statements.iter().any(|s| told(s) && s.mood == Mood::Done)
        {
            self.say(message.number, Act::Fix, score, None, environment);
        }
        let statements = &self.heard[message.number].statements;
        let other = [
            Act::Resolved,
            Act::Recovery,
            Act::Hypothesis,
            Act::Identified,
            Act::Acknowledged,
            Act::Escalated,
            Act::Fix,
        ];
        let silent = !statements
            .iter()
            .any(|s| other.contains(&s.act) && s.score >= ATTENDS);
        if silent && likely >= NEVER && self.repairs.may_be_told(message.number, message.sentences)
        {
            let place = message
                .sentences
                .iter()
                .find_map(|s| environment::named(s.text));
            self.say(message.number, Act::Fix, MAYBE, None, place);
        }
        let place = || {
            let sentences = message.sentences.iter();
            sentences.filter_map(|s| environment::named(s.text)).next()
        };
        if likely >= LIKELY {
            self.at_least(message.number, Act::Fix, surely(likely), place());
        } else if likely >= POSSIBLE {
            self.at_least(message.number, Act::Fix, MAYBE, place());
        }
        let statements = &mut self.heard[message.number].statements;
        if self.repairs.begins(message.number) && !statements.iter().any(told) {
            statements.push(Statement {
                mood: Mood::Doing,
                ..Statement::of(Act::Fix, BEGUN, place())
            });
        }
        let fixed = self.heard[message.number]
            .statements
            .iter()
            .filter(|s| s.score > MAYBE);
        let live = |s: &Statement| told(s) && s.mood == Mood::Done && s.reaches_users();
        let mut fixed = fixed;
        if fixed.any(live) {
            self.repairs.tell();
        }
    }

    fn guess(&mut self, message: &Message<'_>) {
        let verdict = |s: &Statement| {
            let decides = matches!(s.act, Act::Identified | Act::RuledOut);
            decides && s.holds() && s.score >= conclusion::SURE
        };
        let likely = self.odds[message.number].suspects;
        if self.heard[message.number].statements.iter().any(verdict) {
            self.claim(message);
            self.turn(message);
            return;
        }
        let aside = |s: &Sentence<'_>| guess::remembers(s.text) || guess::proposes(s.text);
        if message.sentences.iter().any(aside) {
            return;
        }
        let heard = &self.heard[message.number];
        let voiced = heard
            .statements
            .iter()
            .filter(|s| s.act == Act::Hypothesis && s.mood != Mood::Negated);
        // What the tables know for a suspicion is one, though they may not know of what.
        let told = voiced.clone().any(|s| s.score >= TOLD);
        let own = voiced.filter_map(|s| s.subject.clone()).next();
        let sure = likely >= LIKELY;
        let formed = || guess::of(message.sentences, own.clone(), sure);
        let least = if own.is_some() { HARDLY } else { FORMED };
        let formed = formed().filter(|_| likely >= least);
        // Without any form of a suspicion it must be one of a thing of the trade, or all but certain.
        let known = |g: &guess::Guess| likely >= CLEARLY || g.subject.is_technical();
        let any = || guess::any(message.sentences, sure).filter(|g| likely >= POSSIBLE && known(g));
        // "Leading theory: thread starvation"
        let trade = |g: &guess::Guess| g.formed && g.subject.is_technical();
        let lives = |g: &guess::Guess| signs::is_of_life(g.subject.text()) && !trade(g);
        let meant = |g: &guess::Guess| likely >= LIKELY || !lives(g);
        // Who is at what was suspected just now suspects nothing new.
        let fresh = |g: &guess::Guess| g.formed || !self.is_open(message, &g.words);
        if let Some(guess) = formed.or_else(any).filter(|g| meant(g) && fresh(g)) {
            let least = if guess.formed { ASKED } else { VOICED };
            if likely >= least || told && guess.formed {
                let subject = Some(guess.subject.clone());
                self.suspect(message.number, surely(likely), subject);
            }
            let voiced = guess.formed || likely >= VOICED;
            self.guesses.push(Open {
                voiced,
                ..Open::of(guess, message)
            });
        }
    }

    /// Who says to have found the cause may have to take it back.
    fn claim(&mut self, message: &Message<'_>) {
        let heard = &self.heard[message.number];
        let named = |s: &&Statement| s.act == Act::Identified && s.holds();
        let claims: Vec<&Statement> = heard.statements.iter().filter(named).collect();
        if claims.is_empty() {
            return;
        }
        let subject = claims.iter().find_map(|s| s.subject.clone());
        let formed = guess::of(message.sentences, subject, true);
        if let Some(guess) = formed.or_else(|| guess::any(message.sentences, true)) {
            self.guesses.push(Open {
                claimed: true,
                ..Open::of(guess, message)
            });
        }
    }

    /// A message does none of these.
    fn silence(&mut self, number: usize, acts: &[Act]) {
        let statements = &mut self.heard[number].statements;
        statements.retain(|s| !acts.contains(&s.act));
    }

    /// Says that a message suspects something, or what, if the tables have not found that.
    fn suspect(&mut self, number: usize, score: f32, subject: Option<Subject>) {
        let mut known = self.heard[number].statements.iter_mut();
        match known.find(|s| s.act == Act::Hypothesis) {
            Some(known) => {
                known.subject = known.subject.take().or(subject);
                known.score = known.score.max(score);
            }
            None => self.say(number, Act::Hypothesis, score, subject, None),
        }
    }

    /// Says that a message does an act, at least as surely as that.
    fn at_least(&mut self, number: usize, act: Act, score: f32, place: Option<Environment>) {
        let mut known = self.heard[number].statements.iter_mut();
        let same = |s: &&mut Statement| {
            s.act == act && s.holds() && (act != Act::Fix || s.mood == Mood::Done)
        };
        match known.find(same) {
            Some(known) => known.score = known.score.max(score),
            None => self.say(number, act, score, None, place),
        }
    }

    fn say(
        &mut self,
        number: usize,
        act: Act,
        score: f32,
        subject: Option<Subject>,
        environment: Option<Environment>,
    ) {
        self.heard[number].statements.push(Statement {
            subject,
            ..Statement::of(act, score, environment)
        });
    }
}
