//! Conclusions: words that point back at what was just said and call it the cause.

use crate::lexicon::cues;
use crate::lexicon::fold::Sentence;
use regex::Regex;
use std::sync::LazyLock;

/// From here on the tables' own word for it needs no second one.
pub(super) const SURE: f32 = 0.6;

/// Forms of a conclusion, each with how sure it is.
static FORMS: LazyLock<Vec<(f32, Regex)>> = LazyLock::new(|| {
    const CAUSE: &str = "(?:cause|reason|culprit|problem|bug|issue|source|trigger|answer|explanation|offender|bottleneck|leak|loop|fault|mistake|error|regression|difference|killer|smoking gun|origin|root|bastard|bugger|villain|story|one that (?:broke|did)|thing that (?:broke|did))";
    let forms = [
        // "That is our bug", "there is your culprit", "so this is the real reason".
        (0.85, format!(r"\b(?:that|this|there|here|it|which|these|those) (?:is|was|are|must be|has to be)(?: \w+ly| now| so| then)? (?:the|our|your|ur|my|their|its) (?:\w+ ){{0,2}}{CAUSE}\b")),
        (0.85, format!(r"\b(?:is|was|are|were) (?:\w+ly )?(?:the|our|your|my) (?:\w+ )?{CAUSE}(?: \w+)?$")),
        // "That is what ate the disk", "this is why".
        (0.65, r"\b(?:that|this|which|it|here|these) (?:is|was|are)(?: \w+ly| also)? why\b".to_owned()),
        (0.8, r"\b(?:that|this|which|it|here|these) (?:is|was|are)(?: \w+ly| also| probably)? (?:what(?: is| has| was)? (?:\w+ly |actually )?(?:broke|breaks|breaking|broken|kill\w*|caus\w+|ate|eats|eating|block\w*|going on|wrong|fill\w*|trigger\w*|did|does|makes?|made|took|takes|brings?|brought|hurts?|hurting|stops?|stopped|slow\w*|drop\w*|leak\w*|happen\w*|fail\w*|exhaust\w*|hold\w*|lock\w*|crash\w*|hogs?|flood\w*|starv\w*|chok\w*|trip\w*))\b".to_owned()),
        (0.8, r"\b(?:that|this|which|it|so) (?:would )?(?:explains?|explained|accounts? for|makes sense|fits|does it|did it|is it|was it|causes? (?:it|this|the)|caused (?:it|this|the))\b".to_owned()),
        (0.8, r"\b(?:explains|explanation for|responsible for) (?:it|this|that|everything|all|the|why|a lot|our|what)\b".to_owned()),
        (0.8, r"\b(?:that|this|which|it|here) (?:is|was) what (?:(?:is|was|has been|keeps) )?\w+(?:s|ed|ing) (?:it|us|them|everything|this|our|the|all)\b".to_owned()),
        // "We have our cause", "it is v4.1", "known bug".
        (0.85, format!(r"\b(?:we|i) (?:now |finally |think we )?have (?:the|our|your|a clear) (?:\w+ )?{CAUSE}\b")),
        (0.8, r"\b(?:it is|it was|that is|this is|blame) (?:\w+ly |all )?(?:the )?(?:\w+ )?v\d+[.\d]*\b".to_owned()),
        (0.7, r"\bknown (?:bug|issue|problem|defect)\b".to_owned()),
        // "It is this: the spool was never emptied", "so it is that".
        (0.8, r"^(?:so |ok |okay |and |yes |yep |yeah |well |ah |right )*(?:it is|its|is) (?:this|that)(?: one)?(?::| -|,|$)".to_owned()),
        (0.65, r"^(?:there|aha|ha|gotcha|right there|see): \w+".to_owned()),
        // "Here we are", "there it is".
        (0.75, r"\b(?:there|here) (?:it is|we go|you go|we are|you are|you have it|we have it|it was)\b".to_owned()),
        // "Found the leak", "we know now".
        (0.85, r"\b(?:we|i|team|they)(?: have| had| just| now| finally| also| think we| believe we)* (?:found|identified|located|pinned|pinpointed|spotted|traced|tracked|isolated|nailed|understand|understood|know|figured)(?: down| out)? (?:now|it|the (?:\w+ ){0,2}(?:cause|reason|culprit|problem|bug|issue|source|trigger|leak|bottleneck|offender|origin)|why|what (?:is|was|happened|broke|caused|went))\b".to_owned()),
        (0.8, r"(?:^|[.,!:;-] |\b(?:ok|so|and|yep|ah|oh|ha) )(?:found (?:it|u|you|him|her|the \w+|out|our \w+)|identified|nailed (?:it|him)|gotcha|got (?:him|ya|the (?:bugger|culprit|bastard|cause))|bingo|eureka|jackpot|aha|mystery solved|case closed|solved|cracked it|smoking gun|there we have it|root caused?)(?:$|[.,!:; -])".to_owned()),
        (0.8, r"(?:^|[.,!:;-] )(?:found|cause found|cause known|cause clear|cause identified|identified|solved|located|understood|now (?:we|i) know|now it is clear|it is clear now|all clear now why)$".to_owned()),
        (0.9, r"\broot cause(?: has been| was| is| of| now| finally)* (?:found|identified|known|clear|confirmed|established|determined|understood|located|the|an?|this|that|it)\b".to_owned()),
        (0.8, r"\b(?:cause|reason|culprit|problem|origin|explanation|error|source)(?: here| therefore| is| was| has been| now| then| clearly| thus| of \w+)* (?:is|was|found|identified|known|confirmed|clear|located|established|pinned|external|:)".to_owned()),
        (0.8, r"\b(?:pinned|narrowed|tracked|traced|nailed|pinpointed|isolated) (?:it |this |that |them )?(?:down|back)? ?(?:to|the (?:cause|problem|issue|bug|source))\b".to_owned()),
        // Blame.
        (0.8, r"\b(?:is to blame|are to blame|at fault|the guilty|guilty|points? (?:straight|directly|clearly|right) (?:at|to)|problem is (?:not )?(?:at|on|with|in)|(?:on|at) their (?:side|end)|not (?:us|ours?|on our side|our (?:fault|problem|bug)),? (?:it is|but) (?:them|their\w*)|(?:it is|is) (?:them|theirs)|they broke (?:it|this|us)|(?:my|our|their|his|her) (?:bad|fault|typo|mistake)|that was (?:me|us|my|our)|(?:it|that|this) (?:is|was) (?:me|mine|my|us|ours)|i (?:forgot|broke|messed|caused)|sorry,? (?:that|my|it was)|no doubt)\b".to_owned()),
        (0.7, r"\b(?:turns out|it turned out|turned out|as it turns out|so the problem|so the reason|so the issue|the reason is|the problem is|the issue is|the cause is|problem:|cause:|reason:|culprit:|verdict:|diagnosis:|rca:|conclusion:|so the error)\b".to_owned()),
    ];
    let regex = |(score, form): (f32, String)| (score, cues::regex(&form));
    forms.into_iter().map(regex).collect()
});

/// What makes a conclusion one that is not drawn yet, is denied, or is about something else.
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:maybe|perhaps|might|could|would|possibly|probably|wonder\w*|guess|suspect\w*|theory|hypothesis|if|whether|unless|until|still|not (?:the|our|it|that|found|know|sure|clear|yet|a|to blame|understand|why|what|related|explain)|no (?:root )?(?:cause|idea|clue)|does not|do not (?:know|think)|unknown|unclear|unrelated|innocent|not (?:\w+ )?guilty|(?:find|know|see|tell|figure|understand|check|investigate|look|search\w*) (?:out )?(?:what|why|the (?:root )?(?:cause|reason|problem|source))|looking for|to find|need to|will|ruled|ruling|hopefully|not (?:yet )?(?:known|identified|found)|red herring|(?:problem|issue|error|it|this|all|everything|incident)(?: is| was| has been| are| now)+ (?:solved|fixed|over|sorted|closed|finished)|resolved|all good|gone|solution|rule out|good|great|fine|(?:is )?why (?:we|i|you) (?:need|want|should|have|always|love|hate|can not|ask\w*))\b",
    )
});

/// How surely sentences conclude what the cause is; `answered` is whether they deny a guess, which
/// speaks of causes as well.
pub(super) fn score(sentences: &[Sentence<'_>], answered: bool) -> Option<f32> {
    let concluding = sentences.iter().filter(|s| !s.asks);
    let telling = concluding.filter(|s| !cues::is_private(s.text));
    let best = telling.filter_map(|s| of(s, answered)).fold(0.0, f32::max);
    (best > 0.0).then_some(best)
}

/// The same of a sentence: of its clauses one concludes, without a hedge of its own.
fn of(sentence: &Sentence<'_>, answered: bool) -> Option<f32> {
    if answered && NOT.is_match(sentence.text) {
        return None;
    }
    let mut best: Option<f32> = None;
    for (score, form) in FORMS.iter() {
        for found in form.find_iter(sentence.text) {
            let clause = sentence.clause(found.start());
            let end = clause.end.max(found.end());
            let own = sentence.text.get(clause.start.min(found.start())..end);
            if own.is_some_and(|own| !NOT.is_match(own)) {
                best = Some(best.unwrap_or(0.0).max(*score));
            }
        }
    }
    best
}
