//! Which guess a message answers: the one that it names, else the one that was made last or
//! looked most like a suspicion.

use super::answer::{self, Answer};
use super::guess::Guess;
use super::verdict::unmake;
use super::words::Words;
use super::{HARDLY, LIKELY, Message, PATIENCE, POSSIBLE, Talk, VOICED};
use crate::lexicon::fold::Sentence;
use crate::lexicon::{Act, Statement, Subject, same};

/// Messages (sixteen) after which a guess is no longer answered without its name.
const REACH: usize = 16;
/// Messages (six) within which words that find a thing well answer who suspected it.
const NEAR: usize = 6;
/// The same in seconds (a quarter of an hour).
const SHORTLY: i64 = 900;
/// Messages (eight) within which a guess that was denied is denied for good.
const AGAIN: usize = 8;
/// How sure it is that what was guessed and denied was suspected.
const PAIRED: f32 = 0.8;
/// How sure it is that a guess was denied.
const DENIED: f32 = 0.85;
/// From here on words drop what they name and nothing else.
const NAMED: f32 = 0.8;
/// From here on words name the cause even where they deny another.
const CLEAR: f32 = 0.9;
/// How sure it is that a guess was affirmed.
const AFFIRMED: f32 = 0.8;
/// Words (four) of the longest name of a thing.
const THING: usize = 4;
/// What a guess loses with each message (a tenth) that passes before somebody drops one without its name.
const FADES: f32 = 0.9;

/// A guess that may still be answered.
pub(super) struct Open {
    pub(super) guess: Guess,
    pub(super) number: usize,
    pub(super) second: i64,
    /// The last message that was about it, and when.
    pub(super) heard: (usize, i64),
    pub(super) denied: bool,
    /// It is one even to somebody who does not name it.
    pub(super) voiced: bool,
    /// It was told as found.
    pub(super) claimed: bool,
}

impl Open {
    /// A guess that a message makes.
    pub(super) const fn of(guess: Guess, message: &Message<'_>) -> Self {
        Self {
            guess,
            number: message.number,
            second: message.second,
            heard: (message.number, message.second),
            denied: false,
            voiced: true,
            claimed: false,
        }
    }

    /// Whether it has the form of a suspicion, or names a thing of the trade and tells no story.
    fn is_firm(&self) -> bool {
        let subject = &self.guess.subject;
        let named = subject.text().split(' ').count() <= THING;
        self.guess.formed || named && subject.is_technical()
    }

    /// Whether somebody may still answer it.
    pub(super) const fn is_recent(&self, message: &Message<'_>) -> bool {
        message.second - self.heard.1 <= PATIENCE
    }
}

/// What words drop by its name.
struct Named {
    subjects: Vec<Subject>,
    /// One of it was suspected by that very name.
    exact: bool,
}

impl Named {
    fn is(&self, open: &Open) -> bool {
        let mut subjects = self.subjects.iter();
        subjects.any(|s| same(s, &open.guess.subject))
    }

    /// Whether it is not this guess; one that stands right before the words may be called by another name.
    fn passes(&self, open: &Open, before: bool) -> bool {
        let shares = |s: &Subject| Words::of(s.text()).share(&open.guess.words);
        if self.subjects.is_empty() || self.is(open) {
            return false;
        }
        self.exact || !before && !self.subjects.iter().any(shares)
    }
}

impl Message<'_> {
    /// What it says of a guess; of one that was denied already, whether it denies it for good.
    fn answer_to(&self, open: &Open, link: answer::Link) -> Option<Answer> {
        if open.denied {
            let soon = self.number - open.heard.0 <= AGAIN;
            let again = soon && link.shares && answer::drops(self.sentences);
            return again.then_some(Answer::Denies);
        }
        answer::to(self.sentences, link)
    }

    /// Whether it follows a guess so closely that it may answer it without its name.
    pub(super) fn is_near(&self, open: &Open) -> bool {
        let (number, second) = open.heard;
        self.number - number <= NEAR && self.second - second <= SHORTLY
    }

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

impl Talk {
    /// The place of the first guess that a message may answer: they stand by number.
    fn in_reach(&self, message: &Message<'_>) -> usize {
        self.guesses
            .partition_point(|o| message.number - o.number > REACH)
    }

    /// Pairs a message with the guess that it answers; whether it denies one.
    pub(super) fn answer(&mut self, message: &Message<'_>) -> bool {
        let odds = self.odds[message.number];
        // Who suspects something anew ("we cannot rule out the cache yet") answers nothing.
        if odds.suspects >= LIKELY && odds.suspects > odds.drops {
            return false;
        }
        // "The last release forgets a field" names the cause, and clears nothing.
        let names = odds.names >= VOICED && odds.drops < LIKELY;
        let first = self.in_reach(message);
        let named = self.dropped_by_name(message);
        // Who names what they drop does not mean what was said last.
        let shared = |o: &Open| !o.denied && message.words.share(&o.guess.words);
        let shared = self.guesses[first..].iter().any(shared);
        let agrees = answer::agrees(message.sentences);
        let drops = odds.drops;
        // Once it is repaired what was found stands.
        let over = self.repairs.are_told();
        let mut latest = true;
        let firm = self.has_firm(message);
        // Who quotes a guess answers that one.
        let of = |q: usize| self.guesses.binary_search_by_key(&q, |o| o.number);
        let quotes_guess = message.quotes.is_some_and(|q| of(q).is_ok());
        let first = if quotes_guess { 0 } else { first };
        let quotes = |o: &Open| message.quotes.is_none_or(|q| q == o.number) || !quotes_guess;
        for place in (first..self.guesses.len()).rev() {
            let open = &self.guesses[place];
            // Clocks of a chat may step back, and end nothing by that.
            if !open.is_recent(message) || !quotes(open) {
                continue;
            }
            let shares = quotes_guess || message.words.share(&open.guess.words);
            // What only sounds like a suspicion does not stand between one and its answer.
            let aside = firm && !open.is_firm() && !quotes_guess;
            let pointed = !open.denied && !aside && (latest || quotes_guess);
            let next = quotes_guess || message.number - open.number <= answer::NEXT;
            let link = answer::Link {
                shares,
                near: quotes_guess || message.is_near(open),
                pointed,
                next: next && pointed,
            };
            latest &= open.denied || aside;
            match message.answer_to(open, link) {
                Some(Answer::Denies) if names => {}
                Some(Answer::Denies) if open.claimed && (drops < VOICED || over) => {}
                Some(Answer::Denies) if named.passes(open, next && pointed) => {}
                Some(Answer::Denies) if !shares && (shared || drops < HARDLY) => {}
                Some(Answer::Denies) if !shares && !open.voiced => {}
                // "Yep, it rejects them all" denies nothing by a word alone.
                Some(Answer::Denies) if agrees && drops < LIKELY => {}
                Some(Answer::Denies) => {
                    self.deny(place, message);
                    return true;
                }
                Some(Answer::Affirms) if !open.denied && named.subjects.is_empty() => {
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
        !names && self.drop_likely(message)
    }

    /// Whether words are about a guess that is still open.
    pub(super) fn is_open(&self, message: &Message<'_>, words: &Words) -> bool {
        let recent = self
            .guesses
            .get(self.in_reach(message)..)
            .unwrap_or_default();
        let patient = |o: &&Open| !o.denied && message.second - o.second <= PATIENCE;
        recent
            .iter()
            .filter(patient)
            .any(|o| o.voiced && words.share(&o.guess.words))
    }

    /// A message that is about open guesses keeps them in mind.
    pub(super) fn remember(&mut self, message: &Message<'_>) {
        let first = self.in_reach(message);
        for open in self.guesses.iter_mut().skip(first) {
            if !open.denied && message.words.share(&open.guess.words) {
                open.heard = (message.number, message.second);
            }
        }
    }

    /// Whether something was suspected just now that is clearly a suspicion.
    fn has_firm(&self, message: &Message<'_>) -> bool {
        let firm = |o: &Open| o.is_firm() && !o.denied && message.is_near(o);
        self.guesses[self.in_reach(message)..].iter().any(firm)
    }

    /// What words drop by its name is what they drop, and no other guess.
    fn dropped_by_name(&self, message: &Message<'_>) -> Named {
        let statements = self.heard[message.number].statements.iter();
        let firm = |s: &&Statement| s.act == Act::RuledOut && s.holds() && s.score >= NAMED;
        let subjects = statements.filter(firm).filter_map(|s| s.subject.clone());
        let mut named = Named {
            subjects: subjects.collect(),
            exact: false,
        };
        let mut recent = self.guesses[self.in_reach(message)..].iter();
        named.exact = recent.any(|o| !o.denied && named.is(o));
        named
    }

    /// A message denies the guess at a place.
    fn deny(&mut self, place: usize, message: &Message<'_>) {
        let open = &mut self.guesses[place];
        open.denied = true;
        open.heard = (message.number, message.second);
        let (asked, guess) = (open.number, open.guess.clone());
        // What was told as found was but suspected.
        if open.claimed {
            unmake(&mut self.heard[asked]);
        }
        let subject = || Some(guess.subject.clone());
        self.suspect(asked, PAIRED, subject());
        // What the words alone seemed to drop was this, unless they name something else.
        let statements = &mut self.heard[message.number].statements;
        statements.retain(|s| match s.act {
            Act::RuledOut => message.names_another(s, &guess),
            Act::Hypothesis => false,
            Act::Identified => s.score >= CLEAR,
            _ => true,
        });
        self.say(message.number, Act::RuledOut, DENIED, subject(), None);
    }

    /// Words that by all their signs drop something drop the guess that they share a word with, or
    /// else the last that was left open.
    fn drop_likely(&mut self, message: &Message<'_>) -> bool {
        let likely = self.odds[message.number].drops;
        // "Yep, …" agrees, whatever it looks like else.
        let asks = message.sentences.iter().all(|s| s.asks);
        if likely < POSSIBLE || asks || answer::agrees(message.sentences) {
            return false;
        }
        let first = self.in_reach(message);
        let over = self.repairs.are_told();
        let open = |o: &Open| {
            let stands = o.claimed && (likely < VOICED || over);
            !o.denied && !stands && o.is_recent(message)
        };
        let recent = &self.guesses[first..];
        let shares = |o: &Open| open(o) && message.words.share(&o.guess.words);
        let silent = !answer::tells(message.sentences);
        let firm = self.has_firm(message);
        let last = || {
            let least = if silent { VOICED } else { LIKELY };
            (likely >= least && !answer::waits(message.sentences)).then_some(())?;
            let all = (0..).zip(recent);
            let clear = |o: &Open| o.voiced && (o.is_firm() || !firm);
            let open = all.filter(|(_, o)| open(o) && message.is_near(o) && clear(o));
            let fits = |o: &Open| {
                let away = i32::try_from(message.number - o.number).unwrap_or(i32::MAX);
                self.odds[o.number].suspects * FADES.powi(away)
            };
            let best = open.map(|(n, o)| (n, fits(o)));
            best.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| n)
        };
        let Some(found) = recent.iter().rposition(shares).or_else(last) else {
            return false;
        };
        // Who goes after what was suspected clears nothing yet.
        let pursues = |verb: &str| !Words::of(verb).share(&recent[found].guess.words);
        if silent && answer::pursues(message.sentences).is_some_and(pursues) {
            return false;
        }
        self.deny(first + found, message);
        true
    }
}
