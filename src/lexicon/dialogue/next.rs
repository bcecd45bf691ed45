//! What a message suspects instead of what it drops: "the mill is out. Could it be the tide gauge then?"

use super::guess::{self, Guess};
use super::pairing::Open;
use super::words::Words;
use super::{Message, Talk, surely};
use crate::lexicon::fold::Sentence;
use crate::lexicon::{Act, Subject, cues, same};
use regex::Regex;
use std::sync::LazyLock;

/// How likely what is named so in so many words is to be suspected.
const NAMED: f32 = 0.5;

/// Words that announce what is suspected now.
static ANNOUNCES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:so |and |but |ok |okay |then |which (?:leaves|brings) (?:us )?(?:with |to )?)*(?:(?:my |the |our )?(?:next|new|second|third|other|remaining|current) (?:guess|idea|theory|suspect|candidate|bet|hypothesis|stop|up)s?(?: is| are| would be| was)?:?|now (?:i |we )?(?:am |are )?(?:suspect\w*|suspicious of|eye?ing|thinking(?: of)?|leaning towards?|blaming|betting on)|(?:that |this )?leaves (?:us )?(?:with )?)",
    )
});

/// "Going to look at the disks instead": who only turns to a thing looks for the cause there.
static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:so |and |but |ok |okay |then |i am |we are |will |let us )*(?:going|moving|turning|switching)(?: on| over)?(?: to)?(?: look(?:ing)?)?(?: at| to| into)? (.+?),? instead\b",
    )
});

impl Talk {
    /// A message that drops one thing may suspect another.
    pub(super) fn turn(&mut self, message: &Message<'_>) {
        let statements = self.heard[message.number].statements.iter();
        let sure = statements.filter(|s| s.act == Act::RuledOut && s.holds());
        let dropped: Vec<Subject> = sure.filter_map(|s| s.subject.clone()).collect();
        let fresh = |guess: &Guess| {
            let about = Words::of(guess.subject.text());
            let mut known = dropped.iter();
            !known.any(|d| same(d, &guess.subject) || about.share(&Words::of(d.text())))
        };
        let Some(guess) = instead(message.sentences).filter(fresh) else {
            return;
        };
        let subject = Some(guess.subject.clone());
        self.say(
            message.number,
            Act::Hypothesis,
            surely(NAMED),
            subject,
            None,
        );
        self.guesses.push(Open::of(guess, message));
    }
}

/// What the sentences behind the first suspect.
fn instead(sentences: &[Sentence<'_>]) -> Option<Guess> {
    let behind = sentences.get(1..)?;
    let found = behind.iter().rev().find_map(|s| {
        let announced = ANNOUNCES.find(s.text).and_then(|m| s.text.get(m.end()..));
        let other = || INSTEAD.captures(s.text)?.get(1).map(|m| m.as_str());
        let named = announced.or_else(other).map(str::trim).and_then(|rest| {
            let clause = rest.split([',', ';', '(']).next().unwrap_or_default();
            Subject::leading(clause).or_else(|| Subject::new(clause))
        });
        let whole = std::slice::from_ref(s);
        named.map_or_else(
            || guess::of(whole, None, true),
            |subject| Some(Guess::named(subject)),
        )
    });
    found.filter(|g| g.subject.is_technical())
}

#[cfg(test)]
mod tests {
    use super::super::{Turn, converse};
    use crate::lexicon::{Act, Names};

    /// What the last of these messages suspects.
    fn suspects(texts: &[&str]) -> Option<String> {
        let turns: Vec<Turn<'_>> = (0..)
            .zip(texts)
            .map(|(n, text)| Turn {
                second: n * 90,
                who: Some(["ana", "ben"][usize::from(n % 2 == 0)]),
                text,
                quotes: None,
            })
            .collect();
        let heard = converse(&turns, &Names::default());
        let all = &heard.last()?.statements;
        let own = all.iter().find(|s| s.act == Act::Hypothesis)?;
        Some(own.subject.as_ref()?.text().to_owned())
    }

    #[test]
    fn who_drops_one_thing_may_suspect_the_next() {
        for (words, next) in [
            (
                "the disk is out, 40 % used. Could it be the resolver then?",
                "resolver",
            ),
            (
                "not the disk after all. Next guess: an expired token.",
                "expired token",
            ),
            (
                "disk ruled out. Now suspecting the mail queue.",
                "mail queue",
            ),
            (
                "scratch that, the disk is fine. What about the firewall rules from monday?",
                "firewall rules",
            ),
            (
                "forget the disk, it is half empty. Going to look at the load balancer instead",
                "load balancer",
            ),
        ] {
            let found = suspects(&["orders fail, on it", "maybe the disk?", words]);
            assert!(
                found.as_deref().is_some_and(|f| f.contains(next)),
                "{words}: {found:?}"
            );
        }
    }

    #[test]
    fn who_only_drops_it_suspects_nothing() {
        for words in [
            "the disk is out, 40 % used. What else could it be?",
            "not the disk. Next idea please?",
            "disk is fine. Who is on call for it?",
            "the disk is innocent. Could you look at my pull request?",
            "the disk is innocent. The disk was my bet, sorry.",
        ] {
            let found = suspects(&["orders fail, on it", "maybe the disk?", words]);
            assert_eq!(found, None, "{words}");
        }
    }
}
