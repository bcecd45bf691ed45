//! What people's words mean in an incident: a statement like "rolled it back,
//! logins work again" becomes the acts it reports, *fix* and *recovery*.
//!
//! The lexicon reads chat messages, page notes, ticket subjects and the timeline
//! entries of written postmortems. It is pure: words in, [`Statement`]s out. Who weighs
//! several messages against each other also decides what they prove.
//!
//! A text is read in three steps:
//!
//! 1. [`fold`]: letter case, apostrophes, contractions, chat markup and pasted
//!    code are levelled, so that a cue has one spelling to look for.
//! 2. [`cues`]: one pass over all cues at once says which occur at all. Chatter
//!    ends here.
//! 3. [`mood`], [`environment`], [`subject`]: what stands around a cue decides
//!    whether the act happened, is planned, asked about or denied, where, and
//!    about what.
//!
//! A message of a conversation is read in the light of those before it as well: [`dialogue`]
//! knows answers, conclusions and reports of what was begun by their form and place.
//!
//! To teach it a phrase, add one line to a table under `cues/` and one to
//! `utterances.tsv`.

mod cues;
mod dialogue;
mod environment;
mod fold;
mod mood;
mod names;
mod ordinary;
mod subject;
mod ticket;

#[cfg(test)]
mod tests;

pub use dialogue::{Turn, converse};
pub use environment::Environment;
pub use mood::Mood;
pub use names::Names;
pub use ordinary::is as is_ordinary;
pub use subject::{Subject, same};
pub use ticket::{is_complaint, topics};

use cues::Cue;
use fold::Sentence;

use std::ops::Range;

/// What a statement does in the course of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Somebody or something noticed the trouble.
    Detected,
    /// A person on duty was called.
    Paged,
    /// A person took the alert.
    Acknowledged,
    /// The trouble was declared to be an incident, or its severity raised.
    Declared,
    /// What users or traffic suffer.
    Impact,
    /// People search for the cause.
    Investigating,
    /// A cause is suspected.
    Hypothesis,
    /// A suspected cause is dropped.
    RuledOut,
    /// More or other people are called in.
    Escalated,
    /// The cause is found.
    Identified,
    /// The cause is repaired or undone: rollback, patch, restart, flag off.
    Fix,
    /// Relief that leaves the cause in place and has to be undone.
    Workaround,
    /// The symptoms fade.
    Recovery,
    /// Somebody calls the incident over.
    Resolved,
    /// The work after the incident: postmortem written, review held.
    Closed,
}

/// One act that a text speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The act.
    pub act: Act,
    /// Whether it happened, happens, is planned, asked about or denied.
    pub mood: Mood,
    /// How sure the words are, over 0 and up to 1: about 0.9 where they can
    /// hardly mean anything else, about 0.5 where they need company.
    pub score: f32,
    /// What is suspected, ruled out, identified or repaired.
    pub subject: Option<Subject>,
    /// Where, if the text says so.
    pub environment: Option<Environment>,
    /// The words that gave it away, folded.
    pub words: String,
}

impl Statement {
    /// What a message says by more than its words.
    fn of(act: Act, score: f32, environment: Option<Environment>) -> Self {
        Self {
            act,
            mood: Mood::Done,
            score,
            subject: None,
            environment,
            words: String::new(),
        }
    }

    /// Whether the text asserts the act: that it happened or is happening.
    /// Only such a statement may open or close a phase.
    pub fn holds(&self) -> bool {
        matches!(self.mood, Mood::Done | Mood::Doing)
    }

    /// Whether the act bears on users: it is not confined to a test environment
    /// or a canary. A repair has to reach production before it mitigates.
    pub fn reaches_users(&self) -> bool {
        matches!(self.environment, None | Some(Environment::Production))
    }
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The acts that it speaks of, in the order of its words.
    pub statements: Vec<Statement>,
    /// Verdicts on things that are no known things of the trade: "my bet: the hamster". One alone
    /// may be about anything; that the same thing is suspected and dropped says what it is.
    pub asides: Vec<Statement>,
}

/// The acts that `text` speaks of, in the order of its words.
pub fn read(text: &str) -> Vec<Statement> {
    read_among(text, &Names::default())
}

/// The same where the names of the services at hand are known: "it is the parcels" names a
/// thing of the trade if something is called parcels.
pub fn read_among(text: &str, names: &Names) -> Vec<Statement> {
    hear(text, names).statements
}

/// The same with what is said aside.
pub fn hear(text: &str, names: &Names) -> Heard {
    let folded = fold::fold(text);
    let names = &names.with_capitals(text);
    let mut heard = Heard::default();
    // A staging environment named in one sentence still holds in the next:
    // "Deployed to staging. Logins work again." restores nothing for users.
    let mut place = None;
    for sentence in fold::sentences(&folded) {
        let hits = cues::matching(sentence.text);
        let (aside, firm): (Vec<_>, Vec<_>) = finds(&sentence, &hits, names)
            .into_iter()
            .partition(|f| f.aside);
        let found = settle(firm);
        if !found.iter().any(|f| is_verdict(f.cue.act)) {
            let aside = settle(aside).into_iter();
            heard.asides.extend(aside.map(|f| f.statement(place)));
        }
        for find in found {
            let environment = environment::around(&sentence, &find.trigger).or(place);
            heard.statements.push(find.statement(environment));
        }
        place = environment::named(sentence.text).or(place);
    }
    heard
}

/// Whether an act puts a cause in some light.
fn is_verdict(act: Act) -> bool {
    matches!(act, Act::Hypothesis | Act::RuledOut | Act::Identified)
}

/// Words (four) that name a thing; more tell a story.
const NAME: usize = 4;

/// What words that name a cause weigh of their usual weight behind "I have a feeling that".
const HEDGED: f32 = 0.4;

/// Below this, words of recovery may as well say that a suspect is well.
const RECOVERED: f32 = 0.9;

/// Up to this, words that something was found may as well greet its end.
const FOUND: f32 = 0.7;

/// A cue that occurs in a sentence, before rivals are weighed.
struct Find<'a> {
    cue: &'static Cue,
    score: f32,
    mood: Mood,
    subject: Option<Subject>,
    /// The cue's own words, without its subject.
    trigger: Range<usize>,
    /// The clause that the trigger begins in.
    clause: Range<usize>,
    words: &'a str,
    /// What it is about is no known thing of the trade.
    aside: bool,
}

impl Find<'_> {
    /// Whether its words are one of some and no more.
    fn is_one_of(&self, words: &[&str]) -> bool {
        let said = self.words.trim_end_matches([',', ' ']);
        words.contains(&said)
    }

    fn statement(self, environment: Option<Environment>) -> Statement {
        Statement {
            act: self.cue.act,
            mood: self.mood,
            score: self.score,
            subject: self.subject,
            environment,
            words: self.words.to_owned(),
        }
    }
}

fn finds<'a>(sentence: &Sentence<'a>, hits: &[usize], names: &Names) -> Vec<Find<'a>> {
    // "doc-store" is no documentation where a service is called so.
    let private = cues::is_private(sentence.text) && !names.occur_in(sentence.text);
    let mut finds = Vec::new();
    for &hit in hits {
        for occurrence in cues::occurrences(hit, sentence.text) {
            let cue = occurrence.cue;
            let aside = is_of_other_things(cue, sentence, private, names);
            if aside || cue.asked && !sentence.asks {
                continue;
            }
            let subject = occurrence.subject(sentence.text);
            let words = sentence.text.get(occurrence.trigger.clone()).unwrap_or("");
            let of_the_trade = |s: &Subject| {
                let whole = if cue.at_once {
                    s.head(2)
                } else {
                    Some(s.clone())
                };
                whole.is_some_and(|s| s.is_technical() || names.occur_in(s.text()))
            };
            // "The ledger instance is hanging is what did it": a whole sentence is to blame.
            let blamed =
                || cue.act == Act::Identified && names.occur_in(occurrence.head(sentence.text));
            let aside = cue.technical && !subject.as_ref().is_some_and(of_the_trade) && !blamed();
            let names_it = |s: &Subject| s.is_bare() && s.text().split(' ').count() <= NAME;
            let pairs = matches!(cue.act, Act::Hypothesis | Act::RuledOut);
            if aside && (cue.at_once || !pairs || !subject.as_ref().is_some_and(names_it)) {
                continue;
            }
            if cue.party
                && !subject
                    .as_ref()
                    .is_some_and(|s| names.are_somebody(s.text(), cue.named))
            {
                continue;
            }
            let told = subject
                .as_ref()
                .is_some_and(|s| names::are_heralds(s.text()));
            if cue.act == Act::Escalated && told {
                continue;
            }
            if cue.asked
                && !words.contains(char::is_alphanumeric)
                && !subject.as_ref().is_some_and(Subject::is_bare)
            {
                continue;
            }
            let clause = sentence.clause(occurrence.trigger.start);
            if mood::is_of_others(cue, sentence, &clause, &occurrence.trigger) {
                continue;
            }
            let doubted = cue.act == Act::Identified
                && !cue.firm
                && mood::hedged(sentence, &clause, &occurrence.trigger);
            finds.push(Find {
                cue,
                score: cue.weight * if doubted { HEDGED } else { 1.0 },
                mood: mood::judge(cue, sentence, &clause, &occurrence.trigger),
                subject,
                words,
                trigger: occurrence.trigger,
                clause,
                aside,
            });
        }
    }
    finds
}

/// Whether a cue stands among words of private matters, in which it says nothing of the incident: "I reverted my
/// fonts in the slides", however clear that is.
fn is_of_other_things(
    cue: &cues::Cue,
    sentence: &Sentence<'_>,
    private: bool,
    names: &Names,
) -> bool {
    let tells = matches!(cue.act, Act::Fix | Act::Recovery | Act::Identified);
    let own = tells && cues::is_of_ones_own(sentence.text);
    private && (cue.weight < cues::CERTAIN || own) || own && !names.occur_in(sentence.text)
}

/// Weighs finds that speak of the same words against each other and gives the
/// rest in the order of the text.
///
/// Of one act in one clause only the strongest stays, with the best subject;
/// of different acts in the same words ("a *possible bug was found*") likewise.
fn settle(mut finds: Vec<Find<'_>>) -> Vec<Find<'_>> {
    finds.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then((b.trigger.len()).cmp(&a.trigger.len()))
            .then(a.trigger.start.cmp(&b.trigger.start))
    });
    let mut kept: Vec<Find<'_>> = Vec::new();
    for find in finds {
        let rival = kept.iter_mut().find(|k| {
            let one_act = k.cue.act == find.cue.act && k.clause == find.clause;
            one_act || overlap(&k.trigger, &find.trigger) || exclusive(k, &find)
        });
        match rival {
            Some(rival) if rival.cue.act == find.cue.act => {
                if rival.subject.is_none() {
                    rival.subject = find.subject;
                }
            }
            Some(_) => {}
            None => kept.push(find),
        }
    }
    // "The db metrics are all normal, so not the db" clears the db; nothing has recovered.
    let clears = |f: &Find<'_>| f.cue.act == Act::RuledOut && f.mood == Mood::Done;
    let repairs = |f: &Find<'_>| matches!(f.cue.act, Act::Fix | Act::Workaround);
    if kept.iter().any(clears) && !kept.iter().any(repairs) {
        kept.retain(|f| match f.cue.act {
            Act::Recovery => f.score >= RECOVERED,
            Act::Resolved => !f.is_one_of(&["all good", "all clear"]),
            _ => true,
        });
    }
    // "False trail, the cache is fine" drops one suspicion, not two.
    if kept.iter().any(|f| clears(f) && f.subject.is_some()) {
        kept.retain(|f| f.cue.act != Act::RuledOut || f.subject.is_some());
    }
    // "Sorted, reverted the flag" says that the flag was the matter, not that all is over.
    let repaired = |f: &Find<'_>| repairs(f) && f.mood == Mood::Done;
    if kept.iter().any(repaired) {
        let greets = |f: &Find<'_>| f.is_one_of(&["sorted", "done", "fixed"]);
        kept.retain(|f| f.cue.act != Act::Resolved || !greets(f));
    }
    // "That is it, incident over" has found nothing.
    if kept.iter().any(|f| f.cue.act == Act::Resolved) {
        kept.retain(|f| f.cue.act != Act::Identified || f.score > FOUND);
    }
    kept.sort_by_key(|find| (find.trigger.start, find.cue.act));
    kept
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// A clause puts one cause in one light: suspected, dropped or found; and a
/// repair is either meant to last or not.
fn exclusive(a: &Find<'_>, b: &Find<'_>) -> bool {
    fn family(act: Act) -> Option<u8> {
        match act {
            Act::Hypothesis | Act::RuledOut | Act::Identified => Some(0),
            Act::Fix | Act::Workaround => Some(1),
            _ => None,
        }
    }
    // "Checkout works for me again" suspects nothing.
    let pair = [a.cue.act, b.cue.act];
    let recovers = pair.contains(&Act::Recovery) && pair.contains(&Act::Hypothesis);
    let one = family(a.cue.act).is_some() && family(a.cue.act) == family(b.cue.act);
    a.clause == b.clause && (one || recovers)
}
