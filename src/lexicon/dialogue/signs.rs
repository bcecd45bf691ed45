//! Small signs of what a message does in a conversation: none of them proves anything, all of
//! them together tell more than words that nobody has taught.

use super::{Turn, answer, conclusion, repair};
use crate::lexicon::fold::{self, Sentence};
use crate::lexicon::{Act, Heard, Mood, cues};
use regex::Regex;
use std::sync::LazyLock;

/// Of people's lives, and of the room they sit in.
const LIFE: &str = r"\b(?:cats?|dogs?|swallows|pigeons?|birds?|goats?|hamster|kids?|bab(?:y|ies)|wife|husband|mum|mom|mother|dad|father|girlfriend|boyfriend|brother|sister|grand\w+|school|kindergarten|daycare|sandwich\w*|lunch|dinner|breakfast|soup|cookies|biscuits?|dou?gh?nuts?|cakes?|pizza|curry|tea|kettle|coffee|espresso|mugs?|milk|fridge|microwave|oven|dishwasher|sink|kitchen|canteen|cafeteria|beers?|pub|wine|sofa|chairs?|desk|carpet|curtains?|blinds|balcony|garden|grass|bikes?|bicycle|tyres?|tram|taxi|scooter|shoes?|jacket|coat|socks?|hoodie|sweater|umbrella|gloves|skates|gym|yoga|marathon|football|quiz|crossword|chess|movie|film|concert|guitar|song|playlist|holidays?|vacation|beach|sauna|shower|toilet|haircut|dentist|doctor|flu|cough|knee|toe|birthday|anniversary|wedding|christmas|party|raffle|weather|rain\w*|snow\w*|sunset|badge|locker|headset|headphones|keyboard|charger|whiteboard|projector|printer|plants?|cactus|flowers|aquarium|fish|paint|lift|elevator|parking|stand-?ups?|vending|all-hands|renovate|dependabot)\b";

/// Whether words are of people's lives; names of machines may have any word in them.
pub(super) fn is_of_life(text: &str) -> bool {
    static OF_LIFE: LazyLock<Regex> = LazyLock::new(|| cues::regex(LIFE));
    let named = |b: u8| b.is_ascii_digit() || b"-_./".contains(&b);
    !text.bytes().any(named) && OF_LIFE.is_match(text)
}

/// What is looked for in the words of a message.
static WORDS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        // Held possible.
        r"\b(?:maybe|perhaps|possibly|probably|prob|presumably|could|might|may be|may have|i (?:think|guess|suspect|believe|bet|fear|feel|wonder|lean|suppose)|suspect\w*|suspicio\w*|theory|hypothesis|candidate|what if|what about|how about|smells?|looks like|seems?|would (?:say|look|guess|bet|blame)|thinkable|possible|cannot exclude|suppos\w*|bet|money|usual suspect|again\?|instinct|hunch|blame|it is (?:always|surely)|wild)\b",
        // Explains.
        r"\b(?:because|since|so|therefore|hence|thus|due to|that is why|which (?:means|is why|makes)|when(?:ever)?|every|each|until|instead of|without|leads? to|causing|causes|caused|makes?|because of|after|as soon as|then|results?)\b",
        // Something is wrong with a thing.
        r"\b(?:missing|misses|wrong|expired|expires|forgot\w*|removed|changed|dropped|drops|does not|do not|did not|cannot|never|no longer|nobody|lost|stale|old|broken|bad|full|exhausted|blocked|blocks|holds|leaks?|locks?|crash\w*|dies|died|rejects?|refus\w*|denied|invalid|null|empty|wrongly|typo|bug|misconfigur\w*|revoked|rotated|ran out|eats|ate|stuck|kills?|loop\w*|overflow\w*|timeouts?)\b",
        // Concludes.
        r"\b(?:that is (?:it|the|our|what|why)|this is (?:it|the|our|what|why)|it is that|there (?:it )?is|here it is|no (?:doubt|mystery|guessing|question)|100 ?%?|hundred per ?cent|bingo|gotcha|proven|proof|proves?|proved|convinced|reproduced?|culprit|murderer|villain|killer|eater|originator|mystery|guilty|smoking gun|answer|solved|case closed|found|caught|pinned|nailed|established|verified|confirmed|clear(?:ly)?|definitely|certain(?:ly)?|sure|exactly|precisely|explains?|reason|root cause|the cause|cause|turns? out|has a name|is to blame|responsible|matches|the problem|the bug|the issue|our fault|my fault|my bad|sorry)\b",
        // Sets out.
        r"^(?:ok |okay |so |then |right |good |fine |agreed |yes )*(?:\w+ing\b|let (?:me|us)|i (?:will|am|go|do|make|put|take|drop|kill|stop|raise|change|restart|revert|push|move|switch)|we (?:will|are|go|can|could|should|need)|going to|will|please|go (?:ahead|for it)|do it|plan)|\b(?:going to|about to|on my way|eta|in progress|underway|under way|running|started|starting|kicked off|minutes?|doing (?:it|that|so)|let us|please|can you|could you|shall we|should we|proposal|suggest\w*|decision|revert\?|rollback\?|roll back)\b",
        // A state that is good.
        r"\b(?:healthy|green|200s?|0 errors|zero|0|recovered|recovers|normal|normally|works|working|pass|passes|passing|succeeds?|succeeding|success\w*|served|serving|go(?:es)? through|through again|up|back|again|clean|alive|ready|fine|ok|okay|restored|baseline|flat|drain\w*|fall\w*|falling|drops?|dropping|stopp?ed|gone|live|in place|active|loaded|out)\b",
        // Was done.
        r"\b\w+(?:ed|en)\b|\b(?:undone|rebuilt|built|reset|set|put|cut|sent|brought|shut|done|gone|is on|is off|is out|is live|are out|are up)\b",
        // Thanks and exclaims.
        r"\b(?:thanks?|thank you|thx|ty|great|nice|perfect|phew|lol|haha|awesome|cool|super|bravo|well done|good (?:job|work|catch)|wow|oof|ouch|argh|sigh|yay|cheers|cheer|kudos|excellent|wonderful|impeccable)\b",
        // Found well.
        r"\b(?:same|unchanged|as (?:before|always|usual|every)|identical|normal|ok|okay|fine|healthy|clean|flat|bored|idle|valid|green|intact|in the clear|spotless|acquitted|innocent|withdraw\w*|discard\w*|exclu\w*|off the hook|only \d+|\d+ ?%|nothing|none|no|not|never|nope|nah|without|zero|rule[sd]? out|ruled|dead|unrelated|red herring|wrong tree|cross\w*|scratch|doubt it|exonerat\w*|symptom|steady|empty|low|enough|plenty|elsewhere|alright|negative|cannot be|irrelevant)\b",
        // Ends it.
        r"\b(?:clos\w*|resolv\w*|over|all clear|stand(?:ing)? down|done here|wrap\w*|end(?:ed|s|ing)?|finish\w*|incident (?:is )?(?:over|closed|resolved|done)|postmortem|post-mortem|retro|review|lessons|follow-?up|write (?:it|this) up|thanks (?:all|everybody|everyone|folks|team))\b",
        // Verifies.
        r"\b(?:confirm\w*|verif\w*|looks good|works for me|works (?:here|again)|i see|graphs?|dashboards?|customers?|users?|clients?|support|callers?|monitor\w*|observ\w*|watch\w*|stays?|stable|no (?:new )?(?:errors|failures|complaints|tickets)|error rate)\b",
        // Numbers and names of machines.
        r"[0-9]",
        r"[a-z0-9](?:_|/|=|->|::|\.[a-z]|-[0-9])[a-z0-9]?",
        // Calls somebody in.
        r"@\w|\b(?:join|paging|page[ds]?|pulling in|calling|loop(?:ing)? in|bring|escalat\w*|adding|on[- ]?call|need (?:you|help)|help us|summon\w*|ping\w*)\b",
        // Somewhere users are not.
        r"\b(?:staging|stage|stg|test|tests|testing|qa|uat|preprod|pre-prod|sandbox|integration|canary|dev|locally|lab)\b",
        // Of people's lives, and of the room they sit in.
        LIFE,
        // Takes it.
        r"^(?:ok |okay |hi |hello |hey )*(?:on it|mine|me\b|ack\b|taking|i (?:take|have|got|am|will) |looking|i look|got it|eyes|checking|acknowledged)",
    ];
    forms.iter().map(|form| cues::regex(form)).collect()
});

/// Of what the tables understood.
const ACTS: [Act; 9] = [
    Act::Hypothesis,
    Act::RuledOut,
    Act::Identified,
    Act::Fix,
    Act::Recovery,
    Act::Resolved,
    Act::Acknowledged,
    Act::Escalated,
    Act::Investigating,
];

/// Signs of a message alone: words, what the tables understood, its form.
const ALONE: usize = 17 + 9 + 8;
/// Signs of a message: its own, the strongest of each of those around it, and the pauses.
pub(super) const SIGNS: usize = ALONE * 3 + 2;

/// The signs of every message of a conversation; `folded` are their words, `heard` is what the tables
/// understood of each.
pub(super) fn of(turns: &[Turn<'_>], folded: &[String], heard: &[Heard]) -> Vec<[f32; SIGNS]> {
    let each = folded.iter().zip(heard);
    let alone: Vec<[f32; ALONE]> = each.map(|(f, h)| alone(f, h)).collect();
    (0..alone.len()).map(|n| around(turns, &alone, n)).collect()
}

#[allow(clippy::cast_precision_loss)]
fn alone(folded: &str, heard: &Heard) -> [f32; ALONE] {
    let sentences: Vec<Sentence<'_>> = fold::sentences(folded).collect();
    let mut signs = [0.0; ALONE];
    let yes = |b: bool| if b { 1.0 } else { 0.0 };
    for (sign, form) in signs.iter_mut().zip(WORDS.iter()) {
        let found = form.find_iter(folded).take(4).count();
        *sign = (found as f32).sqrt();
    }
    for (sign, act) in signs.iter_mut().skip(WORDS.len()).zip(ACTS) {
        let said = heard
            .statements
            .iter()
            .filter(|s| s.act == act && s.mood != Mood::Negated);
        let planned =
            |s: &crate::lexicon::Statement| if s.mood == Mood::Planned { 0.5 } else { 1.0 };
        *sign = said.map(|s| s.score * planned(s)).fold(0.0, f32::max);
    }
    let words = folded.split_whitespace().count();
    let rest = [
        yes(sentences.iter().any(|s| s.asks)),
        (1.0 + words as f32).ln(),
        yes(words <= 3),
        yes(words >= 14),
        yes(sentences.len() > 1),
        conclusion::score(&sentences, false).unwrap_or(0.0),
        yes(answer::drops(&sentences)),
        yes(sentences.iter().any(repair::sets_out)),
    ];
    for (sign, value) in signs.iter_mut().skip(WORDS.len() + ACTS.len()).zip(rest) {
        *sign = value;
    }
    signs
}

/// With what was said in the three messages before and the three behind.
#[allow(clippy::cast_precision_loss)]
fn around(turns: &[Turn<'_>], alone: &[[f32; ALONE]], n: usize) -> [f32; SIGNS] {
    let mut signs = [0.0; SIGNS];
    signs[..ALONE].copy_from_slice(&alone[n]);
    let strongest = |range: std::ops::Range<usize>, sign: usize| {
        let near = range.filter_map(|m| Some(alone.get(m)?[sign]));
        near.fold(0.0, f32::max)
    };
    for sign in 0..ALONE {
        signs[ALONE + sign] = strongest(n.saturating_sub(3)..n, sign);
        signs[2 * ALONE + sign] = strongest(n + 1..n + 4, sign);
    }
    let second = |m: usize| turns.get(m).map(|t| t.second);
    let pause = |a: Option<i64>, b: Option<i64>| match (a, b) {
        (Some(a), Some(b)) => (1.0 + (b - a).max(0) as f32 / 30.0).ln().min(4.0),
        _ => 3.0,
    };
    let here = second(n);
    signs[3 * ALONE] = pause(n.checked_sub(1).and_then(second), here);
    signs[3 * ALONE + 1] = pause(here, second(n + 1));
    signs
}
