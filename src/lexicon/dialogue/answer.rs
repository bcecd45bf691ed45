//! Answers to guesses: it is not that, or it is.

use crate::lexicon::cues;
use crate::lexicon::fold::Sentence;
use regex::Regex;
use std::sync::LazyLock;

/// Messages (four) within which "no" answers a guess without naming it.
pub(super) const NEXT: usize = 4;

/// What a message says of a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Denies,
    Affirms,
}

/// "No", at the beginning of a sentence or as all of a clause.
static NO: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:@?\w+[:,] )?(?:(?:ok|okay|hm+|uh|so|well|ah|oh|lol|haha|sorry|unfortunately|sadly) )*(?:no|nope|nah|nein|negative|unlikely|doubt it|not really|i do not think so|do not think so|i doubt it|neither|nothing|none|not(?: so| quite| really)?[,.;:-])(?:\b| )|^(?:looked|checked|had a (?:quick |proper )?look|went through (?:it|them|that|those))(?: at (?:it|that|them))?[,:;.-]+ (?:nothing|no|nope|clean|all (?:clean|fine|good|clear))\b|(?:^|[,;:-] |\bso )(?:no|nope|nah|negative)$",
    )
});

/// Words that deny anything.
static NEGATES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:no|not|nope|nah|never|nothing|nobody|none|neither|nor|zero|cannot|unlikely|hardly|without|isnt|wasnt|doesnt|didnt|cant)\b",
    )
});

/// Words that find a thing well or as it always was.
static WELL: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:{well}|same as|the same|identical|valid|reachable|intact|correct|up to date|in sync|succeeds?|successful\w*|passes|works? (?:fine|ok|okay|well|as|from|for|with)|balanced|warm|empty|low|tiny|explicit|enough|plenty|within|only \d+|just \d+|(?:at|is|are|under|below|<) ?\d+(?:\.\d+)? ?(?:%|percent|ms)|since (?:19|20)\d\d|elsewhere|equal|evenly|flat|unchanged|unremarkable|steady|right|correctly|expected|ordinary|full speed|does its (?:job|work)|like (?:every day|always)|(?:runs? |valid |good )?(?:until|till|through) (?:\w+day|next|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|20\d\d)|is up|are up|answers|responds|replies|answering|responding|chill|chilling|bored|sleeping|quiet|moved to|cancell?ed|postponed)(?:\b|$|[ ,.])",
    )
});

/// Words that find it otherwise than it should be.
static ILL: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:over|above|beyond|below|under|off|than|from|not|no longer|never|anything but|twice|times) (?:the |its |our |what is )?(?:normal|usual|baseline|expected|ok|okay|fine|good|healthy)\b",
    )
});

/// Words that drop a suspicion, whatever it is.
static DROPS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:rul(?:e|es|ed|ing) (?:\S+ ){0,4}?out|cross(?:ed|ing)? (?:\S+ ){0,3}?(?:off|out)|(?:scratch|strike|scrap|forget|ignore|drop|nix) (?:that|it|this|them|about|what|my|the)|(?:discard|exclud|eliminat|reject|dismiss|disprov|refut|debunk|exonerat|retract|withdraw|dropp|abandon)\w*|innocent|not guilty|alibi|off the (?:hook|list|table)|{decoy}|(?:does|do|did) not (?:hold|fit|match|add up|check out|explain|line up)|not (?:confirmed|it|that|this|them|us|ours?|mine|him|her|the (?:\w+ )?(?:one|cause|culprit|reason|problem|issue|source|trigger|explanation|answer)|related|to blame|at fault|involved|enough to explain)|(?:can|could) not be|(?:theory|idea|lead|hypothesis|guess|suspicion|hunch|feeling|thought|that one)(?: is| was| just| can be)* (?:dead|dies|died|out|off|gone|wrong|bust\w*|falls?|fell|rejected|dropped|excluded|closed|moot|toast)|kill(?:s|ed) (?:my|the|that|this|our|your|\w+'?s?) (?:\w+ )?(?:theory|idea|hypothesis|guess|suspicion|hunch|bet)|no (?:dice|luck|joy|cigar) (?:on|with)|(?:wasted|lost|spent) (?:\S+ ){1,3}?(?:minutes?|time|hours?) (?:on|at|with|chasing)|back to square one|square one again|(?:which|that|this) (?:clears|acquits|absolves|exonerates|rules out)|\bso (?:the |our )?(?:[\w-]+ ){1,3}(?:is|are) out(?:$|[,.;])|(?:straight (?:to|at|from)|direct(?:ly)? (?:to|against|from|at)|bypass\w*|going around|skipping) (?:the |our )?\S+(?: \S+){0,6}? (?:fails?|failing|same|too|as well|still|also)(?: \S+)?|wrong tree|can (?:safely )?confirm (?:that )?(?:it|this|that) is not|next (?:idea|theory|suspect|candidate|guess|one)|(?:^|[,.;] )next$|(?:^|[,;.] ?|\b(?:so|and|hence|thus|then|meaning|means) )(?:that|this|it|that one|this one)(?: one)? is (?:out|off|done with|off the table)(?:$|[,.;])|same (?:ratio|rate|share|errors?|result|picture|failures?|numbers?|behaviou?r)(?: \w+)? (?:there|here|either way|with and without|without (?:it|them)|on all|on each|on every|everywhere)|unrelated|irrelevant|nothing to do with|no relation|moving on|wrong (?:again|guess|idea)|bad guess|i was wrong|was wrong|my mistake|take (?:that|it) back|i take back|(?:it|that|this) is (?:something|somewhere) else|(?:isnt|is not|was not|were not|are not) (?:\w+ )?(?:it|that|the \w+)|so not|hence not|therefore not|thus not|can exclude)\b",
    )
});

/// Words that hold something possible still.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:maybe|perhaps|possibly|not sure|unclear|unsure|not yet|do not know|no (?:idea|clue|alerts?|one|update|updates|news|worries|eta|logs?|problem|rush|results? (?:yet|so far))\b|nothing (?:\w+ ){0,2}(?:yet|so far)|no change (?:on|at|for|here|yet|so far|from)|can not tell|cannot tell|hard to (?:say|tell)|let me|will check|checking|if not|why not|no clue)\b",
    )
});

/// "Yep", at the beginning.
static YES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|oh|ah|hm+|lol|so|well|omg|wow|damn|ugh) )*(?:yes|yep|yup|yeah|yea|indeed|exactly|correct|true|confirmed?|bingo|spot on|absolutely|definitely|affirmative|aye|good call|good catch|well spotted|you are right|right)\b",
    )
});

/// Whether sentences drop a suspicion in so many words.
pub(super) fn drops(sentences: &[Sentence<'_>]) -> bool {
    let told = sentences.iter().filter(|s| !s.asks);
    told.clone()
        .any(|s| DROPS.is_match(s.text) && !OPEN.is_match(s.text))
}

/// How a message hangs together with a guess before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// They have a word in common.
    pub(super) shares: bool,
    /// Little was said between them.
    pub(super) near: bool,
    /// The guess is the last one that was left open.
    pub(super) pointed: bool,
    /// The same, and it was made just now.
    pub(super) next: bool,
}

/// Whether sentences hold it open: "checking, no result yet".
pub(super) fn waits(sentences: &[Sentence<'_>]) -> bool {
    sentences.iter().all(|s| s.asks || OPEN.is_match(s.text))
}

/// Whether sentences say anything that may clear what they do not name: a denial, a finding or a figure.
pub(super) fn tells(sentences: &[Sentence<'_>]) -> bool {
    let told = |text: &str| {
        let figure = text.bytes().any(|b| b.is_ascii_digit());
        let forms = [&NEGATES, &DROPS];
        figure || is_well(text) || forms.iter().any(|form| form.is_match(text))
    };
    sentences.iter().any(|s| told(s.text))
}

/// What somebody is at who goes after a suspicion: "combing the logs for it", "have a console open on it".
static PURSUES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|so|now|just|still|me|i am|we are|am|currently|meanwhile|busy|back|on it|update|fyi|will be|be|going to be|start(?:ing|ed)?|keep|let me)[,:-]? |- )*(?:(\w{2,}ing)\b(?: (?:\S+ ){0,7}?(?:for|on|of|at|into|through|in|about|to|with|by|from|the|a|an|our)\b)|(?:have|got|having) (?:\S+ ){1,4}(?:open|up|running|here)\b|(?:dig|look|check|compare|follow|read|go through|zoom)\b)",
    )
});

/// Whether a message goes after something, and what it says of that: the verb that it begins with may be a name
/// ("billing of the partner").
pub(super) fn pursues<'s>(sentences: &[Sentence<'s>]) -> Option<&'s str> {
    let [only] = sentences else { return None };
    let found = PURSUES.captures(only.text).filter(|_| !only.asks)?;
    Some(found.get(1).map_or("", |verb| verb.as_str()))
}

/// Whether a message begins by agreeing.
pub(super) fn agrees(sentences: &[Sentence<'_>]) -> bool {
    sentences.first().is_some_and(|s| YES.is_match(s.text))
}

/// Whether a sentence finds a thing well.
pub(super) fn finds_well(sentence: &Sentence<'_>) -> bool {
    is_well(sentence.text)
}

fn is_well(text: &str) -> bool {
    WELL.is_match(text) && !ILL.is_match(text)
}

/// What sentences say of a guess.
pub(super) fn to(sentences: &[Sentence<'_>], link: Link) -> Option<Answer> {
    let told = sentences
        .iter()
        .filter(|s| !s.asks && !OPEN.is_match(s.text));
    let agrees = agrees(sentences);
    let denies = |s: &Sentence<'_>| {
        let drops = DROPS.is_match(s.text);
        let clears = !agrees && (NEGATES.is_match(s.text) || is_well(s.text));
        link.shares && (drops || link.near && clears)
            || link.pointed && drops
            || link.next && NO.is_match(s.text)
    };
    if told.clone().any(denies) {
        return Some(Answer::Denies);
    }
    (link.shares && link.next && agrees && told.count() > 0).then_some(Answer::Affirms)
}
