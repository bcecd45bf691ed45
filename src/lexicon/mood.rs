//! Whether an act happened: tense, plans, conditions, questions and denials
//! around a cue.

use super::Act;
use super::cues::{Cue, Form};
use super::fold::Sentence;

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// How real an act is, by the grammar of its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mood {
    /// It happened.
    Done,
    /// It is under way.
    Doing,
    /// It is intended, expected, proposed, or hangs on a condition.
    Planned,
    /// It did not happen, or it failed.
    Negated,
    /// Somebody asks whether it happened or should.
    Question,
}

/// A denial reaches a few words far: "could not yet roll back", "no sign of recovery".
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:not|never|no|nobody|none|without|unable to|cannot|hardly|(?:fail(?:s|ed|ing|ure)?|yet|refus(?:es|ed|ing)) to|far from|nowhere near|instead of|rather than|neither|nor|nothing|tried and failed to|prevent(?:ed|s|ing)? (?:\S+ ){0,4}from)(?: \S+){0,4} ?$",
    )
});

/// A denial that is none: "not only", "no idea why but it works", "not sure how".
static NO_DENIAL: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:not only|no idea (?:why|how)|not sure (?:why|how|what)|no longer|no doubt|no more|no problem|why not|no time|with no|without (?:issues?|problems?|trouble|downtime))\b",
    )
});

/// A verdict behind the cue: "rollback *failed*", "the hotfix *did not work*".
static FAILED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"^(?P<lead>(?: [^ ]+){0,4}?) ?\b(?P<verdict>fail(?:s|ed|ing)?|did not (?:work|help|take|fix|change|stick|do)|(?:does|do|is|was|has|have|are|were) not\b|had no effect|no effect|(?:made|makes|making) no difference|no (?:luck|joy|change|dice|good)|did nothing|(?:is|got|hangs?|was) (?:stuck|blocked|hanging)|without (?:success|effect|luck)|to no avail|unsuccessful\w*|in vain|timed out|errored(?: out)?|still (?:pending|not|blocked)|never (?:worked|finished|landed))\b",
    )
});

/// A plan, wish or expectation before the cue, whatever the cue's tense:
/// "needs to be restarted", "should be fixed".
static PLANNED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:will|shall|should|would|could|can|may|might|must|let us|let me know|going to|about to|(?:need|needs|needed|want|wants|wanted|plan|plans|planned|planning|prepar\w+|ready|able|hope|hoping|try|have|has|had|got|intend\w*|propos\w+|decid\w+|decision|decided|asked|asking|vote|voting|aim|aiming|waiting|time|agreed|how|scheduled|expected|like|required|ways?|order|attempts?|attempted|attempting|ordered|instructed|wait\w*|due) (?:\S+ ){0,2}?(?:to|for|on|until)|expect\w*|hopefully|plan(?:s|ned|ning)?(?: is)?(?: to)?:?|todo|action item|next steps?|eta|tomorrow|tonight|next (?:week|time|sprint)|later|soon|scheduled|draft(?:ing)?|prepar\w+|propos\w+|suggest\w*|consider\w*|thinking (?:of|about)|how about|what about|rather|instead of|vote|please|pls|hope[sd]?|hoping|wish(?:es|ing)?|fingers crossed|waiting|remember to|ensur\w+|make sure|making sure|do not forget to|in order to)\b",
    )
});

/// "was able to reset", "managed to restart": plans by their words, done by their sense.
static ACHIEVED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:(?:was|were|is|are|been|finally|now|are now) (?:finally |now |again )?able to|managed to|(?:could|can) (?:finally|now|again)|had to|decided to|succeeded in|went on to|proceeded to|moved to|used \S+ to|helped to) (?:\w+ly )?$",
    )
});

/// Less than a promise: "we should call them", "shall I take it".
static RELUCTANT: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:should|shall|would|could|might|may|tomorrow|later|maybe|perhaps|probably)\b",
    )
});

/// What is judged is not done yet.
static WEIGHED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"^ ?(?:\S+ ){0,2}?(?:is|would be|seems|sounds|looks|might be|could be) (?:the |an? |our )?(?:\w+ )?(?:safest|best|fastest|quickest|easiest|option|idea|risky|plan|way|better|good|bad|possible|only)\b|^ ?(?:\S+ ){0,3}?(?:would|could|might) \w+",
    )
});

/// What follows hangs on something.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:if|unless|in case|until|till|til|before|whether|assuming|provided|would have|had we)\b",
    )
});

/// Time clauses tell of the past ("after we reverted") or of a condition ("once
/// this is resolved"); the tense behind them decides.
static WHEN: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(r"\b(?:once|when|whenever|as soon as|after)\b(?P<rest>.*)$")
});

/// What is still to be looked at: "once redis is clean", "let me check that redis is clean".
static UNCHECKED: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"^(?:once|as soon as)\b|\b(?:check|verify|make sure|ensure|see|test|confirm) (?:that|if|whether)\b",
    )
});

/// Words that open a question, also without its mark.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"^(?:ok |so |and |but |hey |hi |hmm |wait |um |guys |folks |all |team )*(?:(?:did|do|does|has|have|had|is|are|was|were|should|shall|can|could|would|will) (?:we|you|they|i|it|he|she|that|this|the|there|any\w*|some\w*|all)\b|who|why|how (?:do|did|long|come|about|many)|where|what (?:is|about|if|do|did)|any (?:luck|update|updates|idea|ideas|news|sign|signs|chance)|(?:any(?:one|body))\b|(?:just )?wondering (?:if|whether)|do we|not sure (?:if|whether)|unclear (?:if|whether)|(?:is|are) (?:it|they|things)|better now)",
    )
});

/// A sentence that opens with an order is an action item: "Implement more
/// alerts", "Remove the bypass".
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"^[^a-z]*(?:(?:plan|next|next steps?|todo|idea|proposal|suggestion|option|action items?)(?: [a-z0-9])?:|(?:implement|improve|enhance|conduct|schedule|establish|explore|introduce|develop|ensure|consider|provide|automate|document|strengthen|invest|adopt|define|create|remove|expand|regularly|communicate|prevent|avoid|set up)\b|(?:add|increase|update|review|test|make|write|train|monitor) (?:an?|the|our|all|more|some|better|additional|sure|regular|new|team|staff)\b)",
    )
});

/// The mood of `cue` at `trigger`, within its clause and sentence.
pub(super) fn judge(
    cue: &Cue,
    sentence: &Sentence<'_>,
    clause: &Range<usize>,
    trigger: &Range<usize>,
) -> Mood {
    if cue.firm {
        return cue.form.mood();
    }
    let left = sentence
        .text
        .get(clause.start.min(trigger.start)..trigger.start)
        .unwrap_or("");
    let right = sentence
        .text
        .get(trigger.end..clause.end.max(trigger.end))
        .unwrap_or("");
    if cue.form != Form::Asks && asked(sentence, clause, left) {
        return Mood::Question;
    }
    let near = near_side(left);
    if cue.form == Form::Denied {
        return Mood::Negated;
    }
    let beyond = sentence
        .text
        .get(clause.end.max(trigger.end)..)
        .unwrap_or("");
    let words = sentence.text.get(trigger.clone()).unwrap_or("");
    if !cue.denies
        && (denied(near) || denies_itself(words) || failed(cue, right) || in_vain(cue, beyond))
    {
        return Mood::Negated;
    }
    if cue.form == Form::Asks {
        return Mood::Doing;
    }
    if ACHIEVED.is_match(near) {
        return Mood::Done;
    }
    if cue.soon {
        let waits = CONDITION.is_match(left) || postponed(right) || RELUCTANT.is_match(left);
        return if waits { Mood::Planned } else { Mood::Doing };
    }
    let wish = if cue.form == Form::Done { near } else { left };
    if ORDER.is_match(sentence.text)
        || PLANNED.is_match(wish)
        || (cue.form != Form::Done && postponed(right))
        || CONDITION.is_match(left)
        || pending(cue, left)
    {
        return Mood::Planned;
    }
    unmade(cue, words, right).unwrap_or_else(|| cue.form.mood())
}

/// The mood of what is weighed, missed or still being made; nothing if the words themselves decide.
fn unmade(cue: &Cue, words: &str, right: &str) -> Option<Mood> {
    // What is being written or tested has reached nobody yet.
    const MADE: [&str; 7] = [
        "implemented",
        "prepared",
        "developed",
        "built",
        "tested",
        "worked",
        "written",
    ];
    // "Rolling back is the safest" weighs it; "rolling back" does it.
    if cue.form == Form::Doing && cue.act == Act::Fix && WEIGHED.is_match(right) {
        return Some(Mood::Planned);
    }
    // "It would have been resolved by now" is not.
    if cue.act == Act::Resolved && words.split(' ').any(is_modal) {
        return Some(Mood::Planned);
    }
    if !words.contains(" being ") {
        return None;
    }
    // A repair that is being made is under way; an end that is being reached is not there.
    let repairs = matches!(cue.act, Act::Fix | Act::Workaround | Act::Escalated);
    let under_way = repairs && !MADE.iter().any(|m| words.contains(m));
    Some(if under_way {
        Mood::Doing
    } else {
        Mood::Planned
    })
}

/// Whether words tell of what others did or what happened another time: "someone rotated the secret"
/// is no repair, "yesterday's incident is resolved" no end of this one.
pub(super) fn is_of_others(
    cue: &Cue,
    sentence: &Sentence<'_>,
    clause: &Range<usize>,
    trigger: &Range<usize>,
) -> bool {
    static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(r"\b(?:some ?one|some ?body)(?: (?:has|had|must have|may have|else))* $")
    });
    static ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(
            r"\b(?:(?:yesterday|last (?:week|month|night|year|time|sprint|quarter))(?:'s)? (?:\w+ )?(?:incident|outage|issue|problem|ticket|alert|page)|(?:incident|outage|issue|problem|ticket|alert|page|one) (?:from|of) (?:yesterday|last (?:week|month|night|year|time|quarter))|(?:other|another|different|unrelated|previous|earlier) (?:incident|outage|issue|ticket|alert|page)|(?:their|his|her|other team's) (?:\w+ )?(?:incident|outage|issue|ticket|alert|page)|(?:other|another|different) team)\b",
        )
    });
    static ANOTHER_TIME: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(
            r"\b(?:(?:as|like|same as|similar to|remember) (?:\w+ ){0,3}?(?:last (?:week|month|year|time|quarter|sprint)|back in|in \w+ when|when)|(?:last time|back then|(?:a )?(?:weeks?|months?|years?) ago),? )",
        )
    });
    let part = |range: Range<usize>| sentence.text.get(range).unwrap_or("");
    let whole = part(clause.start.min(trigger.start)..clause.end.max(trigger.end));
    let left = part(clause.start.min(trigger.start)..trigger.start);
    match cue.act {
        Act::Fix if SOMEBODY.is_match(left) => true,
        Act::Fix | Act::Recovery | Act::Resolved | Act::Closed => ANOTHER.is_match(whole),
        Act::Identified | Act::RuledOut => ANOTHER_TIME.is_match(left),
        _ => false,
    }
}

/// Whether a clause opens with a feeling, a guess or a condition, not with knowledge.
pub(super) fn hedged(
    sentence: &Sentence<'_>,
    clause: &Range<usize>,
    trigger: &Range<usize>,
) -> bool {
    static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(
            r"\b(?:feeling|wonder\w*|as if|as though|i think|we think|thinking|guess\w*|bet|suspect\w*|suspicion|might|may|could|maybe|perhaps|probably|possibly|potentially|likely|hunch|theory|hypothesis|assum\w+|doubt\w*|believe|reckon|seems?|looks like|looks as|if|whether|unless|would)\b",
        )
    });
    let left = clause.start.min(trigger.start)..trigger.end;
    sentence.text.get(left).is_some_and(|l| HEDGE.is_match(l))
}

/// A question reaches the clause that it stands in, and all of the sentence
/// where its opening says so: "rolled back, can somebody verify?" asks nothing
/// about the rollback.
fn asked(sentence: &Sentence<'_>, clause: &Range<usize>, left: &str) -> bool {
    let last = clause.end >= sentence.text.len();
    let tag = sentence.asks && is_tag(sentence.text.get(clause.end..).unwrap_or(""));
    ASKS.is_match(left)
        || (clause.start == 0 && left.is_empty() && ASKS.is_match(sentence.text))
        || (sentence.asks && (last || tag || ASKS.is_match(sentence.text)))
}

/// ", right?", ", ok?": the clause before them is the question.
fn is_tag(rest: &str) -> bool {
    let word = rest.trim_matches([' ', ',', '-']);
    matches!(
        word,
        "right" | "ok" | "okay" | "yeah" | "yes" | "no" | "correct" | "or not" | "or"
    )
}

fn is_modal(word: &str) -> bool {
    matches!(
        word,
        "would" | "should" | "will" | "might" | "may" | "could"
    )
}

fn denied(left: &str) -> bool {
    DENIED
        .find(left)
        .is_some_and(|denial| !NO_DENIAL.is_match(denial.as_str()))
}

/// "This is *not* over": a denial inside the cue's own words.
fn denies_itself(words: &str) -> bool {
    words
        .split(' ')
        .any(|word| matches!(word, "not" | "never" | "nobody" | "nothing"))
}

/// "Tried a restart, *no luck*": the verdict is a clause of its own.
fn in_vain(cue: &Cue, beyond: &str) -> bool {
    static IN_VAIN: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(
            r"^[\s,;:-]*(?:(?:and|but|so far|still|with) )*(?:no (?:luck|change|effect|joy|dice|improvement|difference)|(?:it |that |this )?(?:did not|does not|has not) (?:help|work|change|fix)\w*|(?:it )?(?:failed|had no effect)|(?:it |they )?(?:fails?|breaks?|errors?|happens?)(?: \w+)? the same|to no avail|in vain|nothing changed)\b",
        )
    });
    matches!(cue.act, Act::Fix | Act::Workaround) && IN_VAIN.is_match(beyond)
}

/// A repair may fail by what follows it; "restarted the failed pods" and
/// "reports of failed logins" are no such verdict.
fn failed(cue: &Cue, right: &str) -> bool {
    if !matches!(
        cue.act,
        Act::Fix | Act::Workaround | Act::Recovery | Act::Resolved
    ) {
        return false;
    }
    let Some(found) = FAILED.captures(right) else {
        return false;
    };
    let lead = found.name("lead").map_or("", |lead| lead.as_str());
    !lead.split(' ').any(|word| {
        matches!(
            word,
            "the"
                | "a"
                | "an"
                | "of"
                | "all"
                | "any"
                | "after"
                | "because"
                | "that"
                | "when"
                | "since"
                | "for"
        )
    }) || found
        .name("verdict")
        .is_some_and(|verdict| verdict.as_str().starts_with(['d', 'h', 'n', 'm']))
}

/// The part of `left` behind its last "and": a denial before it does not reach
/// further ("could not log in and rolled back").
fn near_side(left: &str) -> &str {
    left.rfind(" and ")
        .and_then(|at| left.get(at + 4..))
        .unwrap_or(left)
}

/// "… tomorrow", "… after the backup", "… once the backlog is gone".
fn postponed(right: &str) -> bool {
    static LATER: LazyLock<Regex> = LazyLock::new(|| {
        super::cues::regex(
            r"\b(?:tomorrow|later today|tonight|next (?:week|sprint|month)|on (?:mon|tues|wednes|thurs|fri)day|once|as soon as|when (?:we|they|it|the|all|you|everyone|customers?|users?)|unless|if (?:we|you|it|that|this|nobody|the)|in (?:about )?(?:a few|\d+|ten|five|two|an?) (?:more )?(?:min|minutes?|mins|hours?))\b",
        )
    });
    LATER.is_match(right)
}

/// "Once it is resolved" waits; "once we reverted" tells.
fn pending(cue: &Cue, left: &str) -> bool {
    // "Once redis is clean we look at vault": nobody has cleared it yet.
    if cue.act == Act::RuledOut && UNCHECKED.is_match(left) {
        return true;
    }
    let Some(rest) = WHEN.captures(left).and_then(|found| found.name("rest")) else {
        return false;
    };
    let rest = rest.as_str().trim();
    let waits = rest.is_empty()
        || rest
            .split(' ')
            .any(|word| matches!(word, "is" | "are" | "has" | "have" | "get" | "gets"));
    let ends = matches!(cue.act, Act::Recovery | Act::Resolved);
    waits
        && (ends || cue.form == Form::Done)
        && !(rest.is_empty() && left.trim_end().ends_with("after"))
}
