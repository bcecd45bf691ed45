//! Repairs: what somebody sets out to do, and the word that it is done.

use crate::lexicon::fold::Sentence;
use crate::lexicon::{Environment, cues, environment};
use regex::Regex;
use std::sync::LazyLock;

/// Messages (eight) in which what was begun is told to be done.
const REACH: usize = 8;
/// Words (sixteen) of the longest sentence that tells that something is done.
const LONGEST: usize = 16;
/// How sure it is that something was done that was begun before.
const BEGUN: f32 = 0.85;
/// The same of words that only tell that a change stands.
const STANDS: f32 = 0.7;
/// The same of "done" behind a beginning.
const BRIEF: f32 = 0.75;

/// What was begun and not yet told to be done.
#[derive(Default)]
pub(super) struct Repairs {
    /// By which message, and the verb; messages ascend.
    begun: Vec<(usize, String)>,
    /// Up to where what was begun is told to be done.
    told: usize,
    done: bool,
}

/// What people change when they repair, by the beginnings of their verbs.
#[rustfmt::skip]
const REPAIRS: &[&str] = &[
    "restart", "reboot", "redeploy", "deploy", "revert", "roll", "undo", "undid", "undone", "disabl", "enabl", "switch",
    "flip", "toggl", "scal", "rais", "increas", "bump", "extend", "expand", "add", "remov", "delet",
    "purg", "flush", "clear", "clean", "truncat", "fre", "free", "boot", "kill", "terminat", "evict", "drain", "evacuat",
    "cordon", "rerout", "redirect", "promot", "renew", "rotat", "reissu", "issu", "replac", "swap",
    "install", "appli", "apply", "patch", "push", "sync", "resync", "restor", "recreat", "rebuil",
    "recycl", "bounc", "kick", "block", "throttl", "ban", "blacklist", "allow", "unblock", "open",
    "releas", "unlock", "park", "skip", "reschedul", "reload", "resign", "re-sign", "sign", "updat", "upgrad",
    "downgrad", "pin", "set", "start", "correct", "fix", "hotfix", "repair", "mov", "shift", "vacuum",
    "nuk", "archiv", "resiz", "reset", "merg", "ship", "reconnect", "reconfigur", "configur", "chang",
    "rerun", "re-run", "run", "put", "bring", "brought", "turn", "cut", "fail", "attach", "detach", "mount", "remount",
    "unmount", "point", "repoint", "relaunch", "launch", "spin", "spun", "wip", "wiped", "prun", "compact",
    "analyz", "analys", "reindex", "index", "creat", "insert", "stop", "pause", "paus", "resum", "suspend", "isolat",
    "quarantin", "decommission", "reimag", "reinstall", "reenabl", "re-enabl", "reactivat", "activat",
    "deactivat", "invalidat", "regenerat", "generat", "reconcil", "rebalanc", "reassign", "migrat", "rewrit",
    "lower", "reduc", "shrink", "grow", "grew", "limit", "cap", "rate-limit", "ratelimit", "shed", "recover", "publish",
    "roll-back", "backport", "whitelist", "loosen", "tighten", "tun", "adjust", "fence", "power", "plug", "reseat",
];

/// The word that something is done, alone or with where.
static BRIEFLY: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|and|so|alright|right|yes|yep|aaand) )*(?:(?:it|that|this|all) (?:is|has been) )?(?:all )?(?:done|finished|complete|completed|applied|deployed|live|merged and (?:live|deployed|out)|it is (?:out|live|up|in|off|on|done)|out|gone|off|on|in place)(?: now| everywhere| on (?:all|both|every) \w+| in (?:production|all \w+)| here)*$|^(?:ok |and |so )*(?:done|finished|off|deployed|applied|restarted|reverted|rolled|undone)[,:-]",
    )
});

/// A state that a repair leaves behind: "the old list is back", "limit is 40 now".
static STANDS_NOW: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:is|are) back(?: (?:in|up|on|online|at|with)\b[^,;]*)?(?:$|[,;] )|\b(?:is|are|was|were|has been|have been|'s|all|now|fully|back)(?: \w+ly| now| again| all| fully)* (?:live|in place|in rotation|in effect|in force|active|applied|deployed|installed|rolled out|swapped|out (?:in|on|to|everywhere)|out$|back on|switched off|switched on|turned off|turned on|disabled|enabled|up and running|up again|gone for good|complete|completed|finished|restored|renewed|restarted|in (?:production|service)|on (?:v\d\S*|the (?:old|new|previous)\b)|off$|\d+ ?(?:gi|gb|mb|m|ms|s|k|%)? now)(?:\b|$)|\b(?:is|are) (?:on|off|up|out|live|in|there|built|loaded|gone)(?: (?:now|again|everywhere|in production|on \w+ \w+))?$|\bup w(?:ith)?/? |(?:pods|pod|nodes|node|hosts|replicas|instances|containers|workers|brokers) (?:are |is )?(?:healthy|ready|up|running|back)\b|\d+/\d+ (?:running|ready|up|healthy)\b",
    )
});

/// Intention: what is about to be done.
static SETS_OUT: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:i|we|going to|will|gonna|let us|let me|please|trying to|about to|have to|need to|ok|then|to|and|we are|i am|now) (?:now |just |also |then |have to |will |am |are )*(?P<verb>[a-z][a-z-]+)\b|(?:^|[,.;:-] |\+ )(?P<bare>[a-z][a-z-]+)\b|\b(?:am|are|is|we|i|now|also|just|and|then) (?P<doing>[a-z-]+ing)\b|\b(?P<deed>reset|restart|reboot|rollback|revert|failover|redeploy\w*|rollout|switchover|deployment|hotfix|patch) (?:of|to|for|is|requested|started|running|incoming|going)\b",
    )
});

/// What was done: a participle.
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?P<verb>[a-z-]+(?:ed|en)|undone|rebuilt|built|reset|set|put|run|ran|rerun|cut|sent|brought|shut|spun|moved|redone|rewritten|shed|fed|swung)\b",
    )
});

/// A state in the last words of a short sentence: "old image live", "degraded mode on", "record is back".
static ENDS_SO: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|and|the|new|old|all|now|fresh|both|that|so) )*[a-z0-9_./@-]{2,}(?: [a-z0-9_./@-]+){0,4} (?:(?:is|are|now|all|fully) )*(?:live|active|applied|deployed|enabled|disabled|in place|up|out|on|off|in|complete|completed|finished|done|in rotation|in effect|everywhere|installed|loaded|healthy again|lifted|merged|reverted|built|booted|up and running)(?: now| again| everywhere| (?:on|in|for|at|with) [^,;]+)?(?:$|[,;] )",
    )
});

/// Words before a participle that make it tell what a thing is like.
const DESCRIBES: [&str; 22] = [
    "the", "a", "an", "our", "this", "that", "new", "old", "my", "your", "any", "some", "no",
    "every", "of", "by", "with", "these", "those", "their", "been", "more",
];

/// Words (two) of a sentence that tells nothing but that something is done.
const BRIEFEST: usize = 2;

/// "Requesting a new one", "we activate the spare".
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|okay|so|and|then|now|alright|right|yes|lol|haha|good|fine) )*(?:(?P<doing>[a-z-]{2,}ing)|(?:i|we|i am|we are)(?: will| now| have to| am going to| am| are| just| quickly)* (?P<verb>[a-z-]{3,}))\b",
    )
});

/// Words (six) of the longest question that is asked behind what was done.
const QUESTION: usize = 6;

/// Words with which a question begins.
const ASKS: [&str; 24] = [
    "any", "anybody", "anyone", "are", "can", "could", "did", "do", "does", "has", "have", "how",
    "if", "is", "may", "shall", "should", "was", "were", "what", "when", "which", "who", "why",
];

/// Verbs of talk and of looking, which change nothing.
#[rustfmt::skip]
const TALK: &[&str] = &[
    "looking", "checking", "seeing", "investigating", "digging", "thinking", "wondering", "suspecting",
    "guessing", "taking", "having", "getting", "reading", "waiting", "working", "closing", "resolving",
    "wrapping", "being", "something", "anything", "nothing", "everything", "morning", "evening", "during",
    "according", "meaning", "joining", "responding", "picking", "jumping", "diving", "handling",
    "coordinating", "escalating", "calling", "paging", "pinging", "asking", "watching", "monitoring",
    "verifying", "testing", "confirming", "going", "hearing", "starting", "failing", "feeling", "leaning",
    "see", "think", "check", "look", "take", "got", "can", "know", "observe", "found", "find", "suspect",
    "guess", "believe", "had", "was", "were", "did", "need", "should", "would", "could", "get", "close",
    "feel", "use", "love", "hope", "have", "saw", "investigate", "respond", "watch", "begin", "start",
    "started", "confirm", "checked", "looked", "lost", "forgot", "only", "also", "never", "not", "ask",
    "will", "may", "might", "must", "understand", "say", "said", "hear", "heard", "want", "wait", "agree",
    "are", "stop", "end", "still", "released", "get", "like", "miss", "wonder", "go", "come",
];

/// Words behind "starting" that tell where somebody looks first.
const FROM: [&str; 4] = [" with ", " from ", " at ", " by "];

/// Words with which nothing is told to be done.
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:not|no|never|will|going to|please|if|eta|minutes?|still|waiting|maybe|wait|thanks?|thank you|yes|lol|who|why|how|same|again|back to normal|errors?|fails?|failing|broken|worse)\b",
    )
});

/// Messages (five) within which what was begun may be told to be done in any words.
const SOON: usize = 5;
/// Words (twelve) of the longest sentence that may tell so.
const SHORT: usize = 12;

/// What makes words of repair tell of no repair done here: it is asked for, planned, hedged, denied, the story of the
/// cause, or somebody else's.
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:not|never|no|will|would|should|could|can|may|might|must|shall|going to|need|needs|needed|please|if|once|when|until|unless|before|after|since|because|try|trying|tried|want|plan\w*|later|soon|tomorrow|yesterday|today|last (?:week|month|night|year|time)|earlier|maybe|perhaps|failed|fails|failing|still|nobody|someone|somebody|who|which|was supposed|supposed|(?:eta|in) \d+ ?m|restarting|keeps?|every (?:few|time|minute)|got|why|how|did|seems?|looks?|waiting|(?:is|are|was|were) being|too|only|right (?:before|after)|expired|crash\w*|dead|broken|wrong|missing|error|errors|fine|normal|limited|cause|reason|culprit|problem|found|identified|errors?|error rate|symptom|you|review|(?:it|this|that) is back|traffic|users|customers|restarts)\b",
    )
});

impl Repairs {
    /// Whether a message tells that a repair is done, how surely, and where.
    pub(super) fn read(
        &mut self,
        number: usize,
        sentences: &[Sentence<'_>],
    ) -> Option<(f32, Option<Environment>)> {
        let mut best: Option<(f32, Option<Environment>)> = None;
        let told: Vec<Sentence<'_>> = sentences.iter().filter_map(before_the_question).collect();
        for sentence in &told {
            if let Some(score) = self.done(number, sentence)
                && best.is_none_or(|(b, _)| score > b)
            {
                best = Some((score, environment::named(sentence.text)));
            }
        }
        for sentence in sentences.iter().filter(|s| !s.asks) {
            self.begin(number, sentence);
        }
        best
    }

    /// Whether a repair is begun in a message.
    pub(super) fn begins(&self, number: usize) -> bool {
        self.begun
            .binary_search_by_key(&number, |(b, _)| *b)
            .is_ok()
    }

    /// The first of the messages right before another in which a repair is begun.
    pub(super) fn begun_before(&self, done: usize) -> Option<usize> {
        let near = done.saturating_sub(REACH)..done;
        let mut first = near.rev().find(|n| self.begins(*n))?;
        while first > 0 && self.begins(first - 1) {
            first -= 1;
        }
        Some(first)
    }

    /// Whether a message may tell that what was begun is done, whatever its words.
    pub(super) fn may_be_told(&self, number: usize, sentences: &[Sentence<'_>]) -> bool {
        let mut untold = self.untold(number, SOON).iter();
        let begun = untold.any(|(n, _)| *n < number);
        let brief =
            |s: &Sentence<'_>| s.text.split(' ').count() <= SHORT && !cues::is_private(s.text);
        begun
            && sentences
                .iter()
                .all(|s| !s.asks && brief(s) && !UNDONE.is_match(s.text))
            && !sentences.iter().any(|s| sets_out(s))
    }

    /// What was begun up to here is done.
    pub(super) fn tell(&mut self) {
        self.told = self.begun.len();
        self.done = true;
    }

    /// Whether all that was begun is told to be done.
    pub(super) fn are_told(&self) -> bool {
        self.done && self.told == self.begun.len()
    }

    /// What was begun in the `reach` messages up to message `number` and not yet told to be done.
    fn untold(&self, number: usize, reach: usize) -> &[(usize, String)] {
        let near = self.begun.partition_point(|(n, _)| number - n > reach);
        self.begun.get(near.max(self.told)..).unwrap_or_default()
    }

    fn done(&self, number: usize, sentence: &Sentence<'_>) -> Option<f32> {
        let text = sentence.text;
        let words = text.split(' ').count();
        let open = self.untold(number, REACH);
        let brief = words <= BRIEFEST;
        if words > LONGEST || (open.is_empty() && !brief) || cues::is_private(text) {
            return None;
        }
        if !open.is_empty() && BRIEFLY.is_match(text) {
            return Some(BRIEF);
        }
        let telling = |at: usize| {
            let clause = text.get(sentence.clause(at)).unwrap_or("");
            let before = text.get(..at).unwrap_or("").trim_end();
            let last = before.rsplit(' ').next().unwrap_or("");
            !NOT.is_match(clause) && !DESCRIBES.contains(&last)
        };
        let verbs = DONE.captures_iter(text).filter_map(|c| c.name("verb"));
        let mut said = verbs.filter(|v| telling(v.start()));
        if said.any(|v| open.iter().any(|(_, begun)| begun == stem(v.as_str()))) {
            return Some(BEGUN);
        }
        let mut stands = STANDS_NOW.find_iter(text).chain(ENDS_SO.find_iter(text));
        if !open.is_empty() && stands.any(|m| telling(m.start())) {
            return Some(BEGUN);
        }
        let verbs = DONE.captures_iter(text).filter_map(|c| c.name("verb"));
        let mut own = verbs.filter(|v| telling(v.start()) && is_repair(v.as_str()));
        own.next().map(|_| STANDS)
    }

    fn begin(&mut self, number: usize, sentence: &Sentence<'_>) {
        if sets_out(sentence) && !cues::is_private(sentence.text) {
            let opening = OPENS.captures(sentence.text);
            let verb = opening.and_then(|c| ["doing", "verb"].iter().find_map(|n| c.name(n)));
            let verb = verb.map_or("", |v| v.as_str());
            self.begun.push((number, stem(verb).to_owned()));
        }
        for found in SETS_OUT.captures_iter(sentence.text) {
            let verb = ["verb", "bare", "doing", "deed"]
                .iter()
                .find_map(|name| found.name(name));
            let Some(verb) = verb.filter(|v| is_repair(v.as_str())) else {
                continue;
            };
            let behind = sentence.text.get(verb.end()..).unwrap_or("");
            let verb = verb.as_str();
            let doing = !DONE.is_match(verb) || verb.ends_with("ing");
            if doing && !(stem(verb) == "start" && FROM.iter().any(|f| behind.starts_with(f))) {
                self.begun.push((number, stem(verb).to_owned()));
            }
        }
    }
}

/// What a sentence tells: all of it, or what stands before the question at its end ("limit raised, better now?").
fn before_the_question<'a>(sentence: &Sentence<'a>) -> Option<Sentence<'a>> {
    if !sentence.asks {
        return Some(*sentence);
    }
    let (text, question) = sentence.text.rsplit_once(", ")?;
    let asks = text.split(' ').next().is_some_and(|w| ASKS.contains(&w));
    let short = question.split(' ').count() <= QUESTION;
    (short && !asks).then_some(Sentence { text, asks: false })
}

/// Whether a sentence opens with what somebody is about to do: "requesting a new one", "I write it back".
pub(super) fn sets_out(sentence: &Sentence<'_>) -> bool {
    let opening = OPENS.captures(sentence.text);
    let verb = opening.and_then(|c| ["doing", "verb"].iter().find_map(|n| c.name(n)));
    verb.is_some_and(|v| !TALK.contains(&v.as_str()))
}

fn is_repair(verb: &str) -> bool {
    let stem = stem(verb);
    REPAIRS
        .iter()
        .any(|r| stem == *r || (r.len() > 3 && stem.starts_with(r)))
}

/// The beginning that the forms of a verb share: "swapping" and "swapped", "raise" and "raised".
fn stem(verb: &str) -> &str {
    let cut = ["ing", "ed", "en", "es", "e", "s"]
        .iter()
        .find_map(|end| verb.strip_suffix(end).filter(|s| s.len() > 2));
    let stem = cut.unwrap_or(verb);
    let bytes = stem.as_bytes();
    match bytes {
        // "swapp", "cutt"; not "roll", "kill", "install".
        [.., a, b] if a == b && !matches!(b, b'l' | b's' | b'e' | b'o') && stem.len() > 3 => {
            stem.get(..stem.len() - 1).unwrap_or(stem)
        }
        _ => stem,
    }
}
