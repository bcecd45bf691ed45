//! The cues: phrases that give an act away, one a line in the tables beside.
//!
//! A pattern is a regular expression over [folded](super::fold) text with a few
//! shorthands, all written in braces:
//!
//! | shorthand | stands for |
//! |---|---|
//! | `{start}` | the beginning of a clause, past "ok", "still", "we are" and the like |
//! | `{end}` | the end of a clause |
//! | `{after}` | the subject, up to eight words, behind the cue |
//! | `{before}` | the subject in front of the cue |
//! | `{is}` | is, are, was, were, looks, seems |
//! | `{was}` | was, were, has been, have been, got |
//! | `{who}` | we, they, the team, engineers … |
//! | `{some}` | up to three words of any kind |
//! | `{repair}` | fix, hotfix, patch, revert, rollback |
//! | `{user}` | users, customers, clients … |

mod calling;
mod ending;
mod finding;
mod noticing;
mod repairing;
mod response;
mod turns;
mod verdicts;

use super::{Act, Mood, Subject};

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// From this weight on a cue counts whatever else the sentence is about.
pub(super) const CERTAIN: f32 = 0.95;

/// The grammar of a cue, before its surroundings are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Past or result: "rolled back".
    Done,
    /// Under way: "rolling back".
    Doing,
    /// A question by nature that still does the act: "could it be dns?".
    Asks,
    /// Bare or future: "roll back".
    Plan,
    /// Denied by the cue itself: "rollback failed".
    Denied,
}

impl Form {
    pub(super) fn mood(self) -> Mood {
        match self {
            Form::Done => Mood::Done,
            Form::Doing | Form::Asks => Mood::Doing,
            Form::Plan => Mood::Planned,
            Form::Denied => Mood::Negated,
        }
    }
}

/// A phrase and the act that it gives away.
#[derive(Debug)]
pub(super) struct Cue {
    pub(super) act: Act,
    pub(super) weight: f32,
    pub(super) form: Form,
    pattern: &'static str,
    /// The words around it cannot change the mood.
    pub(super) firm: bool,
    /// It has a "no" or "not" of its own, which is not the act's.
    pub(super) denies: bool,
    /// It counts only if its subject is a technical one: "not the db", but not
    /// "not the weather".
    pub(super) technical: bool,
    /// The technical word stands at the head of the subject: "it is the ledger", but not
    /// "it is slow in the ledger".
    pub(super) at_once: bool,
    /// It counts only in a question: "dns?".
    pub(super) asked: bool,
    /// Its subject is somebody: a colleague, a team, a vendor.
    pub(super) party: bool,
    /// That somebody is called by name.
    pub(super) named: bool,
    /// A promise counts, as what is promised follows at once: "I'll get Tom".
    pub(super) soon: bool,
}

/// The act happened.
const fn done(act: Act, weight: f32, pattern: &'static str) -> Cue {
    Cue {
        act,
        weight,
        form: Form::Done,
        pattern,
        firm: false,
        denies: false,
        technical: false,
        at_once: false,
        asked: false,
        party: false,
        named: false,
        soon: false,
    }
}

/// The act is under way.
const fn doing(act: Act, weight: f32, pattern: &'static str) -> Cue {
    Cue {
        form: Form::Doing,
        ..done(act, weight, pattern)
    }
}

/// The act is intended.
const fn plan(act: Act, weight: f32, pattern: &'static str) -> Cue {
    Cue {
        form: Form::Plan,
        ..done(act, weight, pattern)
    }
}

/// The act is done by asking.
const fn asks(act: Act, weight: f32, pattern: &'static str) -> Cue {
    Cue {
        form: Form::Asks,
        ..done(act, weight, pattern)
    }
}

/// The act is denied by these words themselves.
const fn denied(act: Act, weight: f32, pattern: &'static str) -> Cue {
    Cue {
        form: Form::Denied,
        denies: true,
        ..done(act, weight, pattern)
    }
}

impl Cue {
    const fn firm(self) -> Cue {
        Cue { firm: true, ..self }
    }

    const fn denies(self) -> Cue {
        Cue {
            denies: true,
            ..self
        }
    }

    const fn at_once(self) -> Cue {
        Cue {
            at_once: true,
            ..self
        }
    }

    const fn asked(self) -> Cue {
        Cue {
            asked: true,
            ..self
        }
    }

    const fn party(self) -> Cue {
        Cue {
            party: true,
            ..self
        }
    }

    const fn named(self) -> Cue {
        Cue {
            named: true,
            ..self
        }
    }

    const fn soon(self) -> Cue {
        Cue { soon: true, ..self }
    }

    const fn technical(self) -> Cue {
        Cue {
            technical: true,
            ..self
        }
    }
}

/// Where a cue stands in a sentence.
pub(super) struct Occurrence {
    pub(super) cue: &'static Cue,
    /// The cue's own words, without its subject.
    pub(super) trigger: Range<usize>,
    before: Option<Range<usize>>,
    after: Option<Range<usize>>,
}

impl Occurrence {
    /// The words in front of the cue.
    pub(super) fn head<'s>(&self, sentence: &'s str) -> &'s str {
        let before = self.before.clone().and_then(|b| sentence.get(b));
        before.unwrap_or("")
    }

    pub(super) fn subject(&self, sentence: &str) -> Option<Subject> {
        let slice = |range: &Option<Range<usize>>| sentence.get(range.clone()?);
        let after = slice(&self.after).and_then(Subject::leading);
        after.or_else(|| slice(&self.before).and_then(Subject::trailing))
    }
}

const TABLES: [&[Cue]; 8] = [
    noticing::CUES,
    response::CUES,
    finding::CUES,
    repairing::CUES,
    ending::CUES,
    calling::CUES,
    verdicts::CUES,
    turns::CUES,
];

static CUES: LazyLock<Vec<(&'static Cue, OnceLock<Regex>)>> = LazyLock::new(|| {
    TABLES
        .iter()
        .flat_map(|table| table.iter())
        .map(|cue| (cue, OnceLock::new()))
        .collect()
});

/// Cues that are sought together: an automaton for all at once has more states than its cache
/// holds, and what is thrown away and made again costs a hundred times what is looked up.
const TOGETHER: usize = 40;

/// All cues, some at once. Subjects are left out: they decide nothing here and would
/// multiply the states.
static ANY: LazyLock<Vec<RegexSet>> = LazyLock::new(|| {
    let together = |cues: &[(&Cue, OnceLock<Regex>)]| {
        let patterns = cues
            .iter()
            .map(|(cue, _)| expand(&without_subjects(cue.pattern)));
        RegexSetBuilder::new(patterns)
            .multi_line(true)
            .size_limit(64 << 20)
            .dfa_size_limit(4 << 20)
            .build()
            .expect("the tables of cues are tested to compile")
    };
    CUES.chunks(TOGETHER).map(together).collect()
});

/// A pattern with its subject left off at either end and open in the middle.
/// It may match more than the pattern does, never less.
fn without_subjects(pattern: &str) -> String {
    let pattern = pattern.replace("{after}$", "").replace("{before}", "");
    match pattern.split_once("{after}") {
        Some((head, tail)) if tail.contains(['{', '\\', 'a']) => format!("{head}.*?{tail}"),
        _ => pattern.replace("{after}", ""),
    }
}

/// The numbers of the cues that occur anywhere in a folded text.
pub(super) fn matching(folded: &str) -> Vec<usize> {
    let sets = ANY.iter().enumerate();
    sets.flat_map(|(n, set)| {
        set.matches(folded)
            .into_iter()
            .map(move |m| n * TOGETHER + m)
    })
    .collect()
}

/// Where cue `number` stands in a sentence.
pub(super) fn occurrences(number: usize, sentence: &str) -> impl Iterator<Item = Occurrence> {
    let found = CUES.get(number);
    found.into_iter().flat_map(move |(cue, compiled)| {
        let pattern = compiled.get_or_init(|| regex(cue.pattern));
        pattern.captures_iter(sentence).filter_map(move |captures| {
            let whole = captures.get(0)?.range();
            let before = captures.name("before").map(|m| m.range());
            let after = captures.name("after").map(|m| m.range());
            let lead = captures.name("lead").map_or(whole.start, |m| m.end());
            let start = before.as_ref().map_or(lead, |b| b.end);
            let end = after.as_ref().map_or(whole.end, |a| a.start);
            Some(Occurrence {
                cue,
                trigger: start..end.max(start),
                before,
                after,
            })
        })
    })
}

/// Whether a sentence is about private or other everyday matters, where "back to
/// normal" and "found it" say nothing of the incident.
pub(super) fn is_private(sentence: &str) -> bool {
    static PRIVATE: LazyLock<Regex> = LazyLock::new(|| regex(PRIVATE_WORDS));
    PRIVATE.is_match(sentence)
}

/// Whether a sentence is about a thing that somebody has for themselves: their laptop, their slides.
pub(super) fn is_of_ones_own(sentence: &str) -> bool {
    static OWN: LazyLock<Regex> = LazyLock::new(|| regex(OWN_THINGS));
    OWN.is_match(sentence)
}

const OWN_THINGS: &str = r"\bmy (?:\w+ ){0,2}?(?:laptop|notebook|workstation|desktop|phone|tablet|headset|headphones|keyboard|mouse|monitor|screen|dock|charger|badge|keys|bike|car|desk|chair|jacket|coat|bag|slides?|deck|font|spreadsheet|calendar|inbox|browser|editor|ide|terminal|shell|dotfiles|vm|local \w+|home \w+|wifi|vpn)\b|\bin (?:the|my) (?:slides|deck|presentation|spreadsheet)\b";

const PRIVATE_WORDS: &str = r"\b(?:lunch|dinner|breakfast|coffee|cafe|pizza|snacks?|cake|beers?|birthday|vacation|holidays?|weather|my train|airport|doctor|dentist|gym|marathon|parking|plants?|printer|toner|wi-?fi password|crossword|charger|docs?|documentation|onboarding|readme|linter?|lint|flaky|tickets? (?:for|to) (?:the |a |an )?(?:\w+ )?(?:game|match|concert|show|opera|theat(?:re|er)|movie|cinema|gig|play|festival|museum|zoo)|guest wi-?fi|wi-?fi (?:for|in)|(?:my|the) branch (?:builds?|is green)|unit tests?|style guide|my (?:build|branch|pr|script|tests?|setup|machine|kids?|car|place|docker|vpn|phone|browser|ide|editor|terminal|vm|mac|local|env|keyboard|mouse|monitor|headset|internet|wi-?fi|calendar|mail|password)|my laptop (?:is|was|has|died|works?|screen|battery|got|again|froze|came)|(?:rebooted|restarted|fixed|found|lost|reinstalled|patched|upgraded|closing|closed|shutting|low on|on) my laptop|pull request|pr \d+|standup|sprint|slides|meeting room|robot|vacuum cleaner|article|workshop|changelog|timesheets?|hiring|interview|haircut|lift|elevator|fridge|kitchen|umbrella|newsletter|handbook|football|commute|merge conflicts?|moved the (?:card|ticket|story|task)|kanban|dns name for|other repo|my old|old os|build (?:is|was) (?:\w+ )?(?:green|red|broken))\b";

/// A regular expression with the shorthands of the tables.
pub(super) fn regex(pattern: &str) -> Regex {
    RegexBuilder::new(&expand(pattern))
        .size_limit(16 << 20)
        .build()
        .expect("the tables of cues are tested to compile")
}

/// Writes the shorthands out. Word boundaries are taken by bytes: folded text is
/// almost all ASCII, and the lazy automaton knows no other ones. Its only blanks
/// are the space and the line's end.
fn expand(pattern: &str) -> String {
    let mut out = pattern.to_owned();
    for (short, long) in SHORTHANDS {
        out = out.replace(short, long);
    }
    out.replace(r"\b", r"(?-u:\b)")
        .replace(r"\w", "[a-z0-9_]")
        .replace(r"\d", "[0-9]")
        .replace(r"\S", r"[^ \n]")
}

/// Shorthands may use those that stand after them.
const SHORTHANDS: [(&str, &str); 15] = [
    ("{after}", r"(?P<after>{word}(?: {word}){0,7})"),
    ("{before}", r"(?P<before>{word}(?: {word}){0,7})"),
    (
        "{start}",
        r"(?:^|(?P<lead>, |; |: | - |\band |\bbut |\bthen ))(?:(?:ok|okay|okey|yep|yup|yeah|yes|right|so|well|alright|hmm|hm|um|ah|oh|still|now|just|already|currently|hi|hey|ahh+|aha|erm?|uh|uhm|argh|ugh|damn|nah|nope|sorry|sure|cool|great|nice|perfect|roger|seen|looks like|seems like|apparently|imo|imho|tbh|fwiw|btw|afaict|afaics|for me|from my side|honestly|actually|finally|folks|all|team|everyone|guys|i am|we are|am|i have|we have|we|i|also|fyi|update|status|quick update|good news|@\w+),? )*",
    ),
    (
        "{well}",
        r"fine|ok|okay|healthy|clean|clear|all clear|good|all good|great|normal|quiet|idle|flat|green|stable|calm|nominal|sane|unaffected|unchanged|untouched|innocent|unrelated|blameless|happy|bored|solid|steady|uneventful|in order|in shape|as usual|as expected|as always|business as usual|alive and well|up and running|without issues?|without errors|problem[- ]free|unimpressed|irrelevant|rock solid|spotless|squeaky clean",
    ),
    (
        "{decoy}",
        r"red herrings?|dead[ -]?end|wild goose chase|blind alley|false (?:trail|lead|alarm|positive|friend)|wrong (?:track|tree|trail|lead|path)|distraction|coincidence|rabbit hole|non-?issue|detour|decoy|goose chase|misleading|unrelated noise|noise",
    ),
    (
        "{eureka}",
        r"gotcha|bingo|eureka|got it|got him|found it|found|caught it|there it is|there we go|there you go|here we go|here it is|mystery solved|case closed|solved|jackpot|aha|a-ha|smoking gun|winner|we have a winner|got the bugger|nailed it|nailed|cracked it|i see|i see it|see it|that is it|this is it|we know now|now we know|know now|we have it|yup|yep|yes|right|ok so|rca|rca so far|post ?mortem so far|conclusion|diagnosis|verdict|findings?|finding so far|tl ?dr|summary|update|facts?",
    ),
    (
        "{hedge}",
        r"maybe|perhaps|possibly|probably|likely|presumably|potentially|supposedly|conceivably|most likely",
    ),
    (
        "{end}",
        r"(?: (?:now|here|again|all|everyone|folks|team|then|thanks|ty|already|completely))*(?:$|[,;:]| - | and | but | so )",
    ),
    ("{word}", r"[a-z0-9_@/#'][a-z0-9_@/.'#+&-]*(?::[0-9]+)*"),
    (
        "{is}",
        r"(?:(?: is| are| was| were| looks?| seems?| appears?|'s)(?: to be)?(?: all| just| totally| perfectly| completely| also| still| likely| probably)?)",
    ),
    (
        "{was}",
        r"(?: (?:was|were|has been|have been|had been|is being|are being|got|gets?|is|are|been|being)(?: \w+ly| then| finally| also| now)?)",
    ),
    (
        "{who}",
        r"(?:we|i|they|he|she|you|engineers?|team|developers?|devs?|ops|devops|sres?|on-?call|staff|admins?|dbas?|responders?|support|administrators?)",
    ),
    ("{some}", r"(?: [^ ,;:]+){0,3}?"),
    (
        "{repair}",
        r"(?:fix(?:es)?|hot-?fix(?:es)?|patch(?:es)?|reverts?|roll-?backs?|bugfix|correction)",
    ),
    (
        "{user}",
        r"(?:users?|customers?|clients?|people|members?|visitors?|merchants?|tenants?|everyone|everybody|shoppers?|subscribers?|players?)",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_compiles() {
        for (cue, _) in CUES.iter() {
            let whole = Regex::new(&expand(cue.pattern));
            assert!(whole.is_ok(), "{}: {whole:?}", cue.pattern);
        }
        assert_eq!(ANY.iter().map(RegexSet::len).sum::<usize>(), CUES.len());
    }

    #[test]
    fn weights_are_shares() {
        for (cue, _) in CUES.iter() {
            assert!(cue.weight > 0.0 && cue.weight <= 1.0, "{}", cue.pattern);
        }
    }
}
