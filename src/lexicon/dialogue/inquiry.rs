//! Questions after what was suspected before: "still convinced it is the disk?", "how far are we with the disk?"
//!
//! They suspect nothing anew and clear nothing; what comes next answers the suspicion that they are about.

use super::pairing::Open;
use super::{Message, Talk};
use crate::lexicon::Act;
use crate::lexicon::cues;
use regex::Regex;
use std::sync::LazyLock;

/// Forms of asking what has become of a suspicion.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\bstill (?:think(?:ing)?|believ(?:e|ing)|suspect(?:ing)?|blam(?:e|ing)|convinced|of the opinion|on (?:about )?(?:the|that))\b|\b(?:turn(?:s|ed|ing)? up|come up with|c[ao]me out of|find|found|see|show(?:s|n|ing)?|learn|yield|give(?:s|n)?|bring) (?:anything|something|any trace)\b|\b(?:verdict|or not|yes or no|y/n|or is it (?:something|somebody) else|any (?:luck|news|progress|results?|findings?|verdict|answer|word|trace)(?: yet)?(?: (?:on|with|about|from|in) .+)?|(?:how|where|what) (?:is|are|about) .+ (?:looking|doing|coming along|going|say|saying))$|^(?:so |and |ok |okay |hey |@?\S+[,:] )*(?:anything (?:on|in|from|about|with|suspicious (?:on|in))|(?:where|how far) are (?:we|you) (?:with|on)|what (?:does|do|did|is) .+ (?:say|show|tell|look like)|(?:did|have|has) (?:you|we|any ?one|some ?one) (?:rule[d]? out|exclude[d]?|clear(?:ed)?|confirm(?:ed)?)|(?:could|can) (?:we|i|you) (?:have|get|give) an? (?:update|verdict|answer) on)\b",
    )
});

impl Talk {
    /// Whether a message asks after a suspicion that is still open; which then is kept in mind.
    pub(super) fn inquires(&mut self, message: &Message<'_>) -> bool {
        let asks = message.sentences.iter().all(|s| s.asks);
        let after = || message.sentences.iter().any(|s| AFTER.is_match(s.text));
        if !asks || !after() {
            return false;
        }
        let Some(place) = self.asked_after(message) else {
            return false;
        };
        self.guesses[place].heard = (message.number, message.second);
        let voices = [Act::Hypothesis, Act::RuledOut, Act::Identified];
        self.silence(message.number, &voices);
        true
    }

    /// The suspicion that a question is about: one that it shares a word with, or else the last one.
    fn asked_after(&self, message: &Message<'_>) -> Option<usize> {
        let open = |o: &Open| !o.denied && o.voiced && o.is_recent(message);
        let shares = |o: &Open| open(o) && message.words.share(&o.guess.words);
        let near = |o: &Open| open(o) && message.is_near(o);
        let found = self.guesses.iter().rposition(shares);
        found.or_else(|| self.guesses.iter().rposition(near))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Turn, converse};
    use crate::lexicon::{Act, Names};

    /// What the messages suspect, and what they clear.
    fn told(texts: &[&str]) -> Vec<(Act, String)> {
        let turns: Vec<Turn<'_>> = (0..)
            .zip(texts)
            .map(|(n, text)| Turn {
                second: n * 80,
                who: Some(["ana", "ben"][usize::from(n % 2 == 0)]),
                text,
                quotes: None,
            })
            .collect();
        let heard = converse(&turns, &Names::default());
        let statements = heard.iter().flat_map(|h| &h.statements);
        let found = statements.filter(|s| matches!(s.act, Act::Hypothesis | Act::RuledOut));
        found
            .filter_map(|s| Some((s.act, s.subject.as_ref()?.text().to_owned())))
            .collect()
    }

    #[test]
    fn what_answers_a_question_after_a_suspicion_answers_the_suspicion() {
        for question in [
            "still convinced of the resolver?",
            "the resolver, yes or no?",
            "Ben, did you find anything in the resolver's log?",
            "how far are we with the resolver?",
            "any progress with the name servers?",
            "can you give a verdict on the resolver?",
        ] {
            let found = told(&[
                "orders fail, on it",
                "my money is on the resolver",
                question,
                "no. every lookup we counted came back",
            ]);
            let acts: Vec<Act> = found.iter().map(|f| f.0).collect();
            assert_eq!(
                acts,
                [Act::Hypothesis, Act::RuledOut],
                "{question}: {found:?}"
            );
            assert!(found.iter().all(|f| f.1.contains("resolver")), "{found:?}");
        }
    }

    #[test]
    fn a_question_of_its_own_suspects() {
        for question in ["could it be the tide gauge?", "what about the tide gauge?"] {
            let found = told(&[
                "orders fail, on it",
                "my money is on the resolver",
                question,
                "no. every lookup we counted came back",
            ]);
            let gauge = |f: &&(Act, String)| f.1.contains("gauge");
            assert_eq!(
                found.iter().filter(gauge).count(),
                2,
                "{question}: {found:?}"
            );
        }
    }
}
