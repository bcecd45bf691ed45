//! How people come and go: who takes an incident, who calls others, who ends it.

use crate::lexicon::cues;
use crate::lexicon::fold::Sentence;
use regex::Regex;
use std::sync::LazyLock;

/// Words (ten) of the longest sentence that only says that somebody is there.
const BRIEF: usize = 10;

/// Words that close, and no more than thanks and where.
static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|k|and|great|nice|good|thanks|thank you|thx|perfect|cool|alright|right|so|yes|yep|yup|well|we are|i am|i|we|all|calling (?:it|this)|now|cheers|awesome|phew|finally|then|incident|it|consider (?:it|this)),? )*(?:done(?: and done)?|close|closed|closing|closes|resolv\w{0,3}|resolved|resolving|finish|finished|over|bye|gg|all (?:good|clear|green|done|well)|solved|fixed|complete|completed|that is (?:it|all)|stand(?:ing)? down|case closed|wrapping up|wrap up|good to close|signing off|over and out|back to bed)(?:,? (?:here|now|this|it|out|off|that|one|again|then|up|for (?:now|real|good|today)|the (?:incident|ticket|page|case|alert|issue|call|bridge)|incident|ticket|page|everyone|everybody|folks|all|team|guys|thanks|thank you|thx|cheers|on our (?:end|side)|@\S+|from (?:my|our) side).*)?$",
    )
});

/// Words by which somebody says that they are there and take it.
static TAKES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|hi|hey|hello|yes|yep|yup|yo|aye|ah|hm+|uh|oof|ugh|right|morning|good morning|team|all|everyone|thanks|thank you|sorry),? )*(?:ack\w*|on (?:it|this|that|the case|call|my way)|mine|me|here|present|i (?:take|have|got|look|check|see|handle|investigate|go|respond|am (?:on|here|in|up|looking|checking|responding|at|taking|investigating|around|awake))\b.*|i will (?:take|have|look|check|see|handle|dig|investigate|respond|go|grab)\b.*|let me (?:look|check|see|dig|have a look|take)\b.*|(?:looking|checking|digging|investigating|taking|grabbing|picking|responding|jumping|joining|having a look|seeing|poking)\b.*|got (?:it|this|that|paged|the (?:page|alert)\b.*)|on my \w+.*|my turn|with me|:eyes:|/me \w+.*|eyes on\b.*)$",
    )
});

/// Words that want somebody to come.
static CALLS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:please|some ?body|some ?one|any ?body|any ?one|@here|@channel|@all|help|can not|can you|reports?|reported|complain\w*|customers?|users?|tickets?|calls?)\b",
    )
});

/// Words by which the work goes on.
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:still (?:on (?:it|this|the case)|working|looking|investigating|digging|fighting|trying)|(?:we are|am|are|is) (?:working|looking|digging) (?:on|into|at) (?:it|this|that|the|a fix)|no (?:eta|fix|end|news) (?:yet|in sight|so far)|more (?:updates?|news|information) (?:soon|to (?:come|follow)|in \S+))\b",
    )
});

/// Words of an alert, and of who was called by one.
static ALERTS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:firing|triggered|alert\w*|alarm\w*|paged|pager|page|incident|monitor(?:ing)?|prometheus|grafana|pagerduty|opsgenie|nagios|zabbix|critical|sev ?\d|p[1-4])\b",
    )
});

/// Whether a message tells of an alert.
pub(super) fn alerts(folded: &str) -> bool {
    ALERTS.is_match(folded)
}

/// Whether a message says that the work goes on.
pub(super) fn goes_on(sentences: &[Sentence<'_>]) -> bool {
    sentences.iter().any(|s| GOES_ON.is_match(s.text))
}

/// Whether a message does nothing but end what is going on.
pub(super) fn ends(sentences: &[Sentence<'_>]) -> bool {
    let mut told = sentences.iter().filter(|s| !s.asks);
    told.any(|s| CLOSES.is_match(s.text)) && !sentences.iter().any(|s| s.asks)
}

/// Whether the first words of a message take an alert.
pub(super) fn takes(sentences: &[Sentence<'_>]) -> bool {
    let first = sentences.iter().take(2);
    let brief = |s: &&Sentence<'_>| s.text.split(' ').count() <= BRIEF;
    first.filter(brief).any(|s| TAKES.is_match(s.text))
}

/// Whether a message reports something or calls for somebody.
pub(super) fn calls(sentences: &[Sentence<'_>]) -> bool {
    sentences.iter().any(|s| CALLS.is_match(s.text))
}
