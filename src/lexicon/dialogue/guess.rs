//! Guesses: a thing named as a question, or with a hedge.

use super::{Words, answer};
use crate::lexicon::fold::Sentence;
use crate::lexicon::{Subject, cues};
use regex::Regex;
use std::sync::LazyLock;

/// Words (eighteen) of the longest question that names a guess: what is longer tells a story.
const LONGEST: usize = 18;
/// Words (seven) of the longest name of a thing that is suspected.
const NAME: usize = 7;

/// What names nothing.
const PRONOUNS: [&str; 13] = [
    "anything",
    "something",
    "everything",
    "nothing",
    "gone",
    "dead",
    "around",
    "everybody",
    "everyone",
    "somebody",
    "someone",
    "anybody",
    "anyone",
];

/// Something that may be to blame.
#[derive(Clone)]
pub(super) struct Guess {
    pub(super) subject: Subject,
    pub(super) words: Words,
    /// As a question or with a hedge.
    pub(super) formed: bool,
}

impl Guess {
    /// One that names its thing and nothing else.
    pub(super) fn named(subject: Subject) -> Self {
        Self {
            words: Words::of(subject.text()),
            subject,
            formed: true,
        }
    }
}

/// A question that asks for help, news, leave or facts, and so guesses at nothing.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:ok |okay |so |and |but |hey |hi |hm+ |wait |um+ |uh |guys |folks |all |team |sorry |btw |also |then |@\S+,? |\w+, )*(?:who|whom|whose|when|where|how|which|what (?:do|did|time|about you|is the (?:plan|status|eta|impact|next))|why|(?:can|could|would|will) (?:you|some\w*|any\w*|we|i|us|they|he|she|(?:the )?(?:\S+ ){0,3}?(?:owners?|teams?|people|authors?|folks))|what (?:may|shall|should|can)|what (?:was|is) (?:the |that )?(?:name|link|url|number|command|password|channel)|worth (?:waking|paging|calling|pinging|asking|adding)|shall|should|do (?:you|we (?:need|want|know|still|all|page|roll|wait|have (?:some ?(?:one|body)|any ?(?:one|body)|an? (?:eta|estimate|scribe|commander|bridge|number|status|update|timeline|runbook|plan)|the (?:numbers?|runbook|number|link)|enough)))|are you|have you|did you (?:see|get|read|try|check|call|page)|need (?:help|any|me|us|more|a hand)|(?:is )?any ?(?:one|body) (?:up|around|free|available|there|here|else|know|have|got|for|want)|(?:do|does|did) (?:any|some) ?(?:one|body) (?:know|want|have|remember|mind|else|see|need)|(?:has|have|did|does) (?:any|some) ?(?:one|body)(?: here| else| ever)? (?:used?|tried|try|booked|book|filled|ordered|order|signed|heard|hear|eaten|got|had|been|mind|know|want|need)|is there (?:any|some)thing (?:new|else|we|i|you)|any (?:news|update|updates|eta|luck|volunteers?|progress|objections?|takers|help|questions?)|eta|ready|ok|okay|right|really|seriously|done|finished|better|works? (?:now|again|for you)|fixed|all (?:good|clear|ok|done)|want me|wanna|mind if|may i|revert|roll|rollback|restart|is it (?:ok|okay|fine|fixed|back|better|done|over|safe|working|resolved)|(?:is|are) (?:we|users|customers|things|people|everything|all|you)|still (?:failing|broken|down|happening|there|seeing|open)|see (?:that|this|it)|me too|you (?:there|here|around|see)|us or them)\b",
    )
});

/// A question of what others think guesses, though it asks them.
static OPINION: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|so|and|hm+|hey|guys|folks|all|team),? )*do (?:you|we|others|folks|people) (?:all |guys )?(?:think|reckon|suppose|believe)\b(?: that)?(?: (?:it|this|that) (?:is|was|might be|could be))?",
    )
});

/// A question of what happens to us, though it is about ourselves.
static BEFALLS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:are|is|do|did|have|were) we (?:\w+ly |maybe |perhaps |just )?(?:being|getting|under (?:attack|fire|load|pressure)|out of|hitting|hit|over(?:loaded| \w+ (?:quota|limit))|running (?:out|low|dry|into)|short of|leaking|saturat\w+|exhaust\w+|throttled|rate[- ]?limited|blocked|banned|capped|flooded|hammered|ddosed|scraped)\b",
    )
});

/// How many are hit, how often, and since when: what a hedge in such words holds possible is no cause.
static EXTENT: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:it|this|that|they|we|i|the \w+|errors?|failures?|about|around|roughly|approximately|some|nearly|almost|maybe|at|like|would say|all|started|was|is|has|since) )*(?:(?:one|two|three|a|\d+) (?:in|of|out of) (?:every |about )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)|half of|a (?:third|quarter|fifth|tenth|few percent) of|\d+(?:[.,]\d+)? ?(?:%|percent)|(?:began|begun|started|starts|begins)(?: (?:to|around|at|about|near|just|right|shortly|roughly|some|with|after|before|between)\b|$)|\d+ ?(?:minutes?|min|hours?|h) (?:ago|now)|(?:just |already |now |slowly |finally )*(?:gone|went away|going away|go(?:es)? away|recover\w*|back (?:up|to|now|again|for)|better|calm\w*|stopped|over now|over|resolved|fixed itself|healed|stable|improv\w*)(?: |$))",
    )
});

/// Which part is hit: "mostly the till, I think".
static PARTLY: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:ok |so |and |but |well |for me )*(?:mostly|mainly|especially|primarily|largely|only|just) ",
    )
});

/// A question of what else hurts.
static IMPACT: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:affected|impacted|concerned|hurt|suffers?|suffering|also (?:down|broken|failing|seeing|see|see it)|how (?:bad|many|much|far)|(?:down|broken|failing|dead|gone|slow) (?:for|too|as well)|(?:all|some|which|only|just|every) (?:of )?(?:the |our )?(?:customers?|users?|people|clients?|tenants?|regions?|countries|browsers?))\b",
    )
});

/// What people are shown, which neither names a cause nor clears one.
static MET: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\bwhat (?:they|he|she|i|we|users?|customers?|people|clients?|callers?|everyone|everybody|the \w+) (?:all )?(?:sees?|gets?|reads?|(?:is|are) (?:shown|told|getting|seeing|given))(?:$|[.,;)]| (?:on|in|at|now|instead|when|there|here|then)\b)",
    )
});

/// Whether a message tells what people are shown.
pub(super) fn tells_what_is_met(sentences: &[Sentence<'_>]) -> bool {
    sentences.iter().any(|s| !s.asks && MET.is_match(s.text))
}

/// Words that hold a thing possible. What they are about mostly follows.
static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:(?:might|may|could|must|can|has|have) (?:have |be )?(?:something |anything )?to do with|(?:put|bet|wager|lay|place) (?:an? |my |some |the |five |ten |all )*(?:beers?|money|fiver|tenner|coins?|dollars?|bucks?|euros?|penny|quid|bottle|house|pint|lunch|cake) on|maybe|perhaps|possibly|probably|presumably|potentially|could (?:it )?(?:also |well |just |still )?be|might (?:it )?(?:also |well |just |still )?be|may (?:also |well |just |still )?be|can it be|(?:could|might|may) (?:have|not)|(?:my|the|one|our|first|initial|wild|best|working|current|another|a) (?:\w+ )?(?:guess|bet|theory|money|hunch|thought|suspicion|suspect|hypothesis|idea|possibility|instinct|assumption)(?: is| was| would be| here)*|theory|hypothesis|suspicion|suspect(?:ing|s|ed)?|smells? (?:a bit |kind of |kinda |strongly )?(?:like|of)|feels like|sounds like|(?:reminds?|remembers?) me (?:of |about |on )?(?:(?:the|that) (?:case|time|day|story|thing)s? (?:with |of |when )?)?(?:of )?|consistent with|under test|(?:have |has |having |my )?doubts? (?:about|on|over|regarding|with)|(?:is|it is) possible(?: that)?|comes from|looks like|looks a lot like|i (?:think|believe|guess|bet|assume|fear)|we (?:think|believe|guess|assume|fear)|wonder(?:ing)?(?: if| whether| about)?|betting|blaming|i blame|i would (?:say|guess|bet|look at)|is it (?:not )?(?:our|the|an?|my|because|due)|was it|similar to|thinking(?: of| about)?|leaning towards?|kinda looks|it seems|candidate|what if|what about|how about|not put it past|(?:cast|casting) (?:my |a |an )?(?:vote|eye|glance) (?:on|for|at|over)|(?:ten|hundred|\d+) to (?:one|1)(?: it is| that)?|(?:pretty|fairly|rather|quite|almost|reasonably|nearly|90 ?%|99 ?%) (?:sure|certain|confident|convinced)(?: that)?(?: (?:it|this) is)?|(?:pattern|shape|graph|curve|timing|signature|trace|picture|profile)(?: of (?:\w+ ){1,3}?| there| here| (?:sort|kind) of| all| really| clearly| just)* ?(?:says|screams|spells|suggests|lines up with|coincides with|fits with|matches up with)|(?:decent|good|fair|high|real|some|strong|small) chance(?: that)?(?: (?:it|this) is)?|(?:odds|chances) are|pound to a penny|dollars? to dough?nuts|(?:round of \w+|bucks|quid|euros|dollars) says|call me (?:old-fashioned|crazy|paranoid|cynical|suspicious|mad)(?:,? but)?(?: (?:this|that|it) is)?|(?:hot take|bold claim|shot in the dark|spitballing|thinking out loud|thinking aloud)|(?:has|have|had|got|wears?) (?:the|that|all the|this) (?:\w+ )?(?:look|smell|ring|feel|marks|hallmarks|fingerprints|signs)(?: of| on (?:its|his|her) face| again)?|(?:\w+ )(?:euros?|bucks|dollars|quid|pounds|rupees|francs|crowns|beers?|pints?|coffees?|pizzas?|cookies) on|(?:everything|it all|all of it|all this)(?: \w+){0,2} (?:screams|says|smells like|shouts|points (?:at|to)|suggests|hints at|indicates|leads to)|(?:let me|let us|i will|i am going to|going to|gonna|i would) (?:pursue|chase|explore|go after|go with|follow up on|bark up)(?: down)?|in my (?:opinion|view|book|eyes|experience)|if you ask me|am i (?:mad|crazy|wrong|paranoid) or is (?:this|that|it)|dare say|daresay|i reckon|i fancy|cannot rule out|not be surprised (?:if|by)|not surprise me(?: if)?|(?:gives|giving|gave) me (?:funny|odd|strange|bad) (?:looks|vibes|feelings)|points? (?:at|to|towards)|(?:h|theory |hypothesis |suspect )\d)\b[:,]?",
    )
});

/// Words that tell of another time: what was to blame then is not suspected by that.
static MEMORY: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:back then|at that time|in those days|that time it (?:was|turned)|those were the days)\b",
    )
});

/// A proposal of what to do, with leave for others to object.
static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:i would say|i propose|i suggest|suggestion:?|proposal:?) (?:that )?(?:we|let us|to) \w+|\b(?:any )?objections\b|\bany ?(?:one|body) against\b",
    )
});

/// Whether words tell of another time.
pub(super) fn remembers(text: &str) -> bool {
    MEMORY.is_match(text)
}

/// Whether words propose what to do.
pub(super) fn proposes(text: &str) -> bool {
    PROPOSAL.is_match(text)
}

/// Words for looking at a thing: what stands behind them is what may be to blame.
static LOOKING: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:i am |we are |let me |let us |going to |now |still |just |ok |so )*(?:(?:check|look|pull|compar|tail|read|grepp|go|digg|inspect|follow|watch|start|grabb|hav|chas|comb|hunt|trac|prob|pok|walk|work|stepp|zoom|sampl|test|verify|open|follow)ing|check|look|pull|compare|tail|read|grep|dig|inspect|grab|have)(?: a (?:quick |closer )?look)?(?: (?:the |some |a few |our )?(?:logs?|metrics|graphs?|notes|docs|console|dashboards?|traces?|closer|requests))?(?: related to| up| at| into| through| in| with| for| over| on| of)*\b ?)",
    )
});

/// Words for having trouble: what stands behind them is what has it.
static TROUBLE: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:that )?(?:we (?:have|got|see|are having|have got)|there (?:is|are|must be)|it is|this is) (?:an? |some |the )?(?:\w+ )?(?:problems?|issues?|troubles?|faults?) (?:with|in|on|at|of|around) ",
    )
});

/// Without the words for looking at it, or for having trouble with it.
fn looked_at(phrase: &str) -> &str {
    let looking = LOOKING.find(phrase).map_or(0, |m| m.end());
    let rest = phrase.get(looking..).unwrap_or_default();
    let trouble = TROUBLE.find(rest).map_or(0, |m| m.end());
    rest.get(trouble..).unwrap_or_default()
}

/// The guess that a message makes; `own` is what the tables found that it suspects, and `likely` whether all its
/// signs make it likely that it suspects something.
pub(super) fn of(sentences: &[Sentence<'_>], own: Option<Subject>, likely: bool) -> Option<Guess> {
    let known = own.is_some();
    // "Which users? Is it a region?" asks who is hurt.
    let wants = wants(sentences);
    let asks = |s: &Sentence<'_>| !wants && asks(s);
    let guessing = sentences
        .iter()
        .find(|s| known || asks(s) || !(wants && s.asks) && hedged(s).is_some())?;
    if !likely && cues::is_private(guessing.text) {
        return None;
    }
    let said: Vec<&str> = sentences.iter().map(|s| s.text).collect();
    let words = Words::of(&said.join(" "));
    let subject = own.or_else(|| subject(guessing))?;
    // "Is it anything on our side?" names nothing.
    if PRONOUNS.contains(&subject.text()) {
        return None;
    }
    (!words.is_empty()).then_some(Guess {
        subject,
        words,
        formed: true,
    })
}

/// What a message suspects that has the signs of a suspicion and none of its forms.
pub(super) fn any(sentences: &[Sentence<'_>], likely: bool) -> Option<Guess> {
    // "The disks look ordinary" suspects no disk.
    let other = |s: &Sentence<'_>| cues::is_private(s.text) || answer::finds_well(s);
    if wants(sentences)
        || sentences.iter().any(tells_extent)
        || !likely && sentences.iter().any(other)
    {
        return None;
    }
    let said: Vec<&str> = sentences.iter().map(|s| s.text).collect();
    let words = Words::of(&said.join(" "));
    let subject = sentences.iter().find_map(|s| {
        let clauses = s.text.split([',', ';', '(']).map(looked_at);
        clauses.filter_map(Subject::leading).next()
    });
    let subject = subject.or_else(|| Subject::new(looked_at(sentences.first()?.text)))?;
    (!words.is_empty()).then_some(Guess {
        subject,
        words,
        formed: false,
    })
}

/// Whether somebody asks for help, news or facts.
fn wants(sentences: &[Sentence<'_>]) -> bool {
    let other = |s: &Sentence<'_>| is_other(s.text) || IMPACT.is_match(s.text);
    sentences.iter().any(|s| s.asks && other(s))
}

/// "Egress proxy?", "did the nightly job overrun?"
fn asks(sentence: &Sentence<'_>) -> bool {
    sentence.asks
        && !IMPACT.is_match(sentence.text)
        && sentence.text.split(' ').count() <= LONGEST
        && !is_other(sentence.text)
}

fn is_other(text: &str) -> bool {
    OTHER.is_match(text) && !OPINION.is_match(text) && !BEFALLS.is_match(text)
}

/// Whose guess it is, and when, between the hedge and the thing.
static WHOSE: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:on|from) (?:my|our|this) (?:side|part|end|list|desk)|for me|from me|here|right now|at the moment|so far|for now|as of now)\b[ :,-]*",
    )
});

/// What stands behind a hedge, or around it.
fn hedged<'s>(sentence: &Sentence<'s>) -> Option<&'s str> {
    let hedge = OPINION
        .find(sentence.text)
        .or_else(|| HEDGE.find(sentence.text))?;
    let behind = sentence.text.get(hedge.end()..).unwrap_or("").trim();
    let whose = WHOSE.find(behind).map_or(0, |m| m.end());
    let behind = behind.get(whose..).unwrap_or("");
    let before = sentence.text.get(..hedge.start()).unwrap_or("").trim();
    // What stands in brackets is said besides.
    let besides = behind.is_empty() || behind.starts_with('(');
    let held = if besides { before } else { behind };
    let partly = besides && PARTLY.is_match(before);
    (!partly && !EXTENT.is_match(held)).then_some(held)
}

/// Whether a hedge holds possible only how many are hit, since when, or that it got better.
pub(super) fn tells_extent(sentence: &Sentence<'_>) -> bool {
    HEDGE.is_match(sentence.text) && hedged(sentence).is_none()
}

/// A question without the name of who is asked: "ben, did the resolver crash?"
fn unaddressed<'s>(sentence: &Sentence<'s>) -> &'s str {
    let (name, rest) = sentence.text.split_once(", ").unwrap_or_default();
    let is_name = !name.contains(' ') && Subject::new(name).is_some_and(|s| !s.is_technical());
    if sentence.asks && is_name && rest.contains(' ') {
        rest
    } else {
        sentence.text
    }
}

fn subject(sentence: &Sentence<'_>) -> Option<Subject> {
    let phrase = hedged(sentence).unwrap_or_else(|| unaddressed(sentence));
    let clause = phrase.split([',', ';', '(']).next().unwrap_or(phrase);
    let (clause, phrase) = (looked_at(clause), looked_at(phrase));
    Subject::leading(clause)
        .filter(|s| s.text().split(' ').count() <= NAME)
        .or_else(|| Subject::new(clause))
        .or_else(|| Subject::new(phrase))
        .filter(|s| s.text().split(' ').count() <= NAME)
}
