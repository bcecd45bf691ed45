//! What messages mean by their place in a conversation.
//!
//! Phrases are without number; what people do with them is not. Somebody names a thing as a
//! question or a guess, somebody answers that it is not that one, somebody concludes ("so that is
//! what ate the disk"), somebody says what they do about it and then that it is done. Each of these
//! is known by its form and by what stood before it, whatever its words are about. What the tables
//! of [`cues`](super::cues) already understand of a message is kept; this adds what they miss.

mod answer;
mod conclusion;
mod ending;
mod guess;
mod odds;
mod phrases;
mod repair;
mod signs;
mod verdict;
mod words;

#[cfg(test)]
mod learn;
#[cfg(test)]
mod tests;

use super::{
    Act, Environment, Heard, Mood, Names, Statement, Subject, cues, environment, fold, hear, same,
};
use answer::Answer;
use fold::Sentence;
use guess::Guess;
use words::Words;

/// A message of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// When, in seconds.
    pub second: i64,
    /// Its words.
    pub text: &'a str,
}

/// Messages (sixteen) after which a guess is no longer answered without its name.
const REACH: usize = 16;
/// Messages (six) within which words that find a thing well answer who suspected it.
const NEAR: usize = 6;
/// The same in seconds (a quarter of an hour).
const SHORTLY: i64 = 900;
/// Messages (eight) within which a guess that was denied is denied for good.
const AGAIN: usize = 8;
/// Seconds (forty minutes) after which a guess is no longer answered.
const PATIENCE: i64 = 2400;
/// How sure it is that what was guessed and denied was suspected.
const PAIRED: f32 = 0.8;
/// How sure it is that a guess was denied.
const DENIED: f32 = 0.85;
/// From here on words drop what they name and nothing else.
const NAMED: f32 = 0.8;
/// From here on words name the cause even where they deny another.
const CLEAR: f32 = 0.9;
/// How sure it is that somebody ends the incident who says "done" behind a repair.
const ENDS: f32 = 0.75;
/// How sure it is that a guess was affirmed.
const AFFIRMED: f32 = 0.8;
/// Words (four) that tell something.
const TELLING: usize = 4;
/// How sure it is that a short message behind what was begun tells that it is done.
const MAYBE: f32 = 0.4;
/// How sure it is that who speaks first after a silence takes what has just come up.
const ATTENDS: f32 = 0.3;

/// What the tables understand of each message by itself.
fn hear_all(turns: &[Turn<'_>], names: &Names) -> Vec<Heard> {
    turns.iter().map(|t| hear(t.text, names)).collect()
}

/// From here on signs make an act likely: those who taught the signs speak otherwise than others, in
/// whose words a third of a chance is right four times of five.
const LIKELY: f32 = 0.3;
/// From here on they make it possible.
const POSSIBLE: f32 = 0.15;
/// Below this a question or a hedge suspects nothing.
const FORMED: f32 = 0.06;
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
    let odds = signs.iter().zip(&folded).map(|(s, f)| odds::of(s, f));
    let odds = odds.collect();
    let mut talk = Talk {
        seconds: turns.iter().map(|t| t.second).collect(),
        heard,
        odds,
        guesses: Vec::new(),
        repairs: repair::Repairs::default(),
        tells: Vec::new(),
    };
    talk.doubt();
    for (n, (turn, folded)) in turns.iter().zip(&folded).enumerate() {
        let sentences: Vec<Sentence<'_>> = fold::sentences(folded).collect();
        let message = Message {
            number: n,
            second: turn.second,
            sentences: &sentences,
            words: Words::of(folded),
        };
        let answered = talk.answer(&message);
        talk.conclude(&message, answered);
        if !answered {
            talk.repair(&message);
        }
        talk.guess(&message);
        talk.tells.push(tells(&message));
        talk.attend(&message, n.checked_sub(1).and_then(|l| turns.get(l)));
    }
    talk.diagnose();
    talk.heard
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
    second: i64,
    sentences: &'a [Sentence<'a>],
    words: Words,
}

impl Message<'_> {
    /// Whether words drop by its name another thing than what was guessed: "it is not the network".
    fn names_another(&self, dropped: &Statement, guess: &Guess) -> bool {
        let Some(named) = dropped.subject.as_ref() else {
            return false;
        };
        let behind = |s: &Sentence<'_>| {
            let from = s.text.find(&dropped.words)?;
            s.text.get(from..)?.find(named.text())
        };
        dropped.holds()
            && dropped.score >= NAMED
            && !same(named, &guess.subject)
            && !Words::of(named.text()).share(&guess.words)
            && self.sentences.iter().any(|s| behind(s).is_some())
    }
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

/// A guess that may still be answered.
struct Open {
    guess: Guess,
    number: usize,
    second: i64,
    denied: bool,
}

impl Talk {
    /// The place of the first guess that a message may answer: they stand by number.
    fn in_reach(&self, message: &Message<'_>) -> usize {
        self.guesses
            .partition_point(|o| message.number - o.number > REACH)
    }

    /// Pairs a message with the guess that it answers; whether it denies one.
    fn answer(&mut self, message: &Message<'_>) -> bool {
        let first = self.in_reach(message);
        // Clocks of a chat may step back, and end nothing by that.
        let patient = |o: &&mut Open| message.second - o.second <= PATIENCE;
        // What words drop by its name is what they drop, and no other guess.
        let statements = &self.heard[message.number].statements;
        let firm = |s: &&Statement| s.act == Act::RuledOut && s.holds() && s.score >= NAMED;
        let named: Vec<Subject> = statements
            .iter()
            .filter(firm)
            .filter_map(|s| s.subject.clone())
            .collect();
        let other = |o: &Open| {
            !named.is_empty()
                && !named
                    .iter()
                    .any(|s| same(s, &o.guess.subject) || Words::of(s.text()).share(&o.guess.words))
        };
        let agrees = answer::agrees(message.sentences);
        let drops = self.odds[message.number].drops;
        // Who names what they drop does not mean what was said last.
        let shared = |o: &Open| !o.denied && message.words.share(&o.guess.words);
        let shared = self.guesses[first..].iter().any(shared);
        let mut latest = true;
        for open in self.guesses[first..].iter_mut().rev().filter(patient) {
            let shares = message.words.share(&open.guess.words);
            let pointed = !open.denied && latest;
            let next = message.number - open.number <= answer::NEXT;
            let answer = if open.denied {
                let soon = message.number - open.number <= AGAIN;
                (soon && shares && answer::drops(message.sentences)).then_some(Answer::Denies)
            } else {
                let near =
                    message.number - open.number <= NEAR && message.second - open.second <= SHORTLY;
                let link = answer::Link {
                    shares,
                    near,
                    pointed,
                    next: next && pointed,
                };
                answer::to(message.sentences, link)
            };
            latest &= open.denied;
            match answer {
                Some(Answer::Denies) if other(open) && !(next && pointed) => {}
                Some(Answer::Denies) if !shares && (shared || drops < HARDLY) => {}
                // "Yep, it rejects them all" denies nothing by a word alone.
                Some(Answer::Denies) if agrees && drops < LIKELY => {}
                Some(Answer::Denies) => {
                    open.denied = true;
                    let (asked, guess) = (open.number, open.guess.clone());
                    self.pair(asked, message, &guess);
                    return true;
                }
                Some(Answer::Affirms) if !open.denied => {
                    let subject = open.guess.subject.clone();
                    self.say(
                        message.number,
                        Act::Identified,
                        AFFIRMED,
                        Some(subject),
                        None,
                    );
                    return false;
                }
                _ => {}
            }
        }
        self.drop_likely(message)
    }

    /// Message `asked` made the guess that a `message` denies.
    fn pair(&mut self, asked: usize, message: &Message<'_>, guess: &Guess) {
        let subject = || Some(guess.subject.clone());
        self.suspect(asked, PAIRED, subject());
        // What the words alone seemed to drop was this, unless they name something else.
        let statements = &mut self.heard[message.number].statements;
        statements.retain(|s| match s.act {
            Act::RuledOut => message.names_another(s, guess),
            Act::Hypothesis => false,
            Act::Identified => s.score >= CLEAR,
            _ => true,
        });
        self.say(message.number, Act::RuledOut, DENIED, subject(), None);
    }

    fn repair(&mut self, message: &Message<'_>) {
        if self.repairs.are_told() && ending::ends(message.sentences) {
            self.say(message.number, Act::Resolved, ENDS, None, None);
            return;
        }
        let found = self.repairs.read(message.number, message.sentences);
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
        if silent && self.repairs.may_be_told(message.number, message.sentences) {
            let place = message
                .sentences
                .iter()
                .find_map(|s| environment::named(s.text));
            self.say(message.number, Act::Fix, MAYBE, None, place);
        }
        let likely = self.odds[message.number].repairs;
        let place = || {
            let sentences = message.sentences.iter();
            sentences.filter_map(|s| environment::named(s.text)).next()
        };
        if likely >= LIKELY {
            self.at_least(message.number, Act::Fix, surely(likely), place());
        } else if likely >= POSSIBLE {
            self.at_least(message.number, Act::Fix, MAYBE, place());
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
        let heard = &self.heard[message.number];
        let verdict = |s: &&Statement| matches!(s.act, Act::Identified | Act::RuledOut);
        let sure = |s: &Statement| s.holds() && s.score >= conclusion::SURE;
        if heard.statements.iter().filter(verdict).any(sure) {
            return;
        }
        let voiced = heard
            .statements
            .iter()
            .find(|s| s.act == Act::Hypothesis && s.mood != Mood::Negated);
        let own = voiced.and_then(|s| s.subject.clone());
        let likely = self.odds[message.number].suspects;
        let formed = || guess::of(message.sentences, own.clone());
        let least = if own.is_some() { HARDLY } else { FORMED };
        let formed = formed().filter(|_| likely >= least);
        let any = || guess::any(message.sentences).filter(|_| likely >= POSSIBLE);
        if let Some(guess) = formed.or_else(any) {
            if likely >= LIKELY {
                let subject = Some(guess.subject.clone());
                self.suspect(message.number, surely(likely), subject);
            }
            self.guesses.push(Open {
                guess,
                number: message.number,
                second: message.second,
                denied: false,
            });
        }
    }

    /// Says that a message suspects something, if the tables have not found that.
    fn suspect(&mut self, number: usize, score: f32, subject: Option<Subject>) {
        let mut known = self.heard[number].statements.iter();
        if !known.any(|s| s.act == Act::Hypothesis) {
            self.say(number, Act::Hypothesis, score, subject, None);
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
            act,
            mood: Mood::Done,
            score,
            subject,
            environment,
            words: String::new(),
        });
    }
}
