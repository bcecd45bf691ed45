//! What a message does by all its small signs, and by where it stands among the others: what it drops,
//! the cause it names, who takes the incident, and when it ends.

use super::fold;
use super::{
    ATTENDS, CLEARLY, HARDLY, LIKELY, MAYBE, Message, PATIENCE, POSSIBLE, TELLING, Talk, Turn,
    VOICED, conclusion, cues, ending, guess, signs, surely,
};
use crate::lexicon::fold::Sentence;
use crate::lexicon::{Act, Heard, Mood, Statement};
use regex::Regex;
use std::sync::LazyLock;

/// What words that name a cause gain by concluding as well.
const CONCLUDES: f32 = 0.1;
/// How sure it is that somebody takes it who says what they are about to do first of all.
const TAKES: f32 = 0.62;
/// Messages (sixteen) before the word that something is repaired in which the cause was named.
const DIAGNOSED: usize = 16;
/// How sure it is that what was told last before a repair was begun is its reason.
const REASON: f32 = 0.45;
/// Seconds (two minutes) of silence after which whoever speaks first attends to something.
const SILENCE: i64 = 120;
/// From here on words name the cause even if they look more like a suspicion.
const RATHER: f32 = 0.5;
/// From here on somebody is brought in: few words look like it that do not.
pub(super) const BRINGS: f32 = 0.2;
/// From here on somebody is the first to notice: in quiet rooms many words look like it.
const NOTICES: f32 = 0.4;
/// The same of words that sound like life.
const ALARMED: f32 = 0.95;
/// The same of what somebody takes who had nothing else to take.
const TAKEN: f32 = 0.03;
/// From here on somebody clearly takes an incident.
const CLEARLY_TAKES: f32 = 0.8;
/// Messages (four) and seconds (ten minutes) in which a notice is answered.
const ANSWERED: (usize, i64) = (4, 600);
/// From here on words tell what users meet.
const REPORTED: f32 = 0.85;
/// What words count against which the signs speak.
const DOUBTED: f32 = 0.75;
/// The same of those that hardly ever mean it if the signs are against it.
const DENIED: f32 = 0.6;

/// What is said so has no proof yet.
static UNPROVEN: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:not (?:so |quite |really |yet |totally |entirely |very |100 ?% )*(?:sure|certain|verified|confirmed|proven)(?: yet| though| about it)?(?:$|[.,;)])|to be (?:verified|confirmed|checked|proven)|(?:needs|need|pending|awaiting|waiting for) (?:confirmation|verification|proof|evidence)|(?:evidence|proof|confirmation|verification) (?:is )?pending|just a (?:guess|hunch|feeling|theory)|in my (?:opinion|view|book|eyes)|imo|imho|if you ask me|(?:might|may|could) be wrong|no proof(?: yet)?|do not quote me|unconfirmed|tbc)\b",
    )
});

/// Load that is moved looks like work that is handed over.
static FAILS_OVER: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:fail(?:s|ing|ed)?[ -]?(?:\S+ )?over|switch(?:ing|ed)?(?: over)? (?:\S+ )?to the (?:standby|replica|secondary|spare))\b",
    )
});

/// Who comes by themselves.
static COMES: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"^(?:(?:ok|hi|hey|hello|sorry|and|also|just|now|i am|i have|me)[,!]? )*(?:join(?:ing|ed)(?: (?:now|late|the (?:call|bridge|channel))\b|,|$)|(?:just )?got here|late to (?:this|the party)|catching up|reading back|back from|just (?:back|saw|seeing) )",
    )
});

/// What is told of the response, of tickets and of who asks: nobody is called by that.
static INFORMS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:(?:\d+|two|three|four|five|ten|many|several|no) (?:\w+ )?(?:tickets?|calls|callers|complaints|mails|emails|reports|cases)|wants? to know|(?:asks?|asking) (?:if|whether|for an? (?:update|eta|status))|(?:bridge|call|channel|war ?room|zoom|line) is (?:open|up|live)|shar(?:e|ing) (?:my |the )?screen|do you need (?:anything|something|us|me)|more time|told (?:them|support|the \w+) (?:to|that|what)|(?:stop|quit|cease) (?:paging|calling|pinging|ringing|waking|phoning)|keep(?:ing)? (?:the )?(?:\w+ ){0,3}(?:informed|posted|updated)|next (?:call|update|meeting|sync|bridge)|cop(?:y|ying) (?:this|that|it) (?:to|into|in))\b",
    )
});

/// Words with which somebody is asked for something.
static WANTS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:please|pls|plz|can|could|would|will|need|needs|needed|help|join|look|you|your|yours|u|ur|around|awake|available|fyi|ping|thoughts|ideas|any|assist|asap|have|see|take|come|jump|hop)\b|\?",
    )
});

/// Words that would name a cause suspect it.
pub(super) fn unmake(heard: &mut Heard) {
    for statement in &mut heard.statements {
        if statement.act == Act::Identified && statement.holds() {
            statement.act = Act::Hypothesis;
        }
    }
}

impl Talk {
    pub(super) fn conclude(&mut self, message: &Message<'_>, answered: bool) {
        if message.sentences.iter().any(|s| UNPROVEN.is_match(s.text)) {
            return;
        }
        self.conclude_by_form(message, answered);
        let odds = self.odds[message.number];
        let likely = odds.names;
        let other = odds.drops.max(odds.suspects) > likely || self.drops(message);
        if likely >= if other { RATHER } else { POSSIBLE } {
            self.at_least(message.number, Act::Identified, surely(likely), None);
        }
    }

    /// Whether a message clearly clears something.
    fn drops(&self, message: &Message<'_>) -> bool {
        let dropped = |s: &Statement| s.act == Act::RuledOut && s.holds() && s.score >= CLEARLY;
        let mut statements = self.heard[message.number].statements.iter();
        statements.any(dropped)
    }

    /// What the tables understood counts less where all the signs speak against it.
    pub(super) fn doubt(&mut self, folded: &[String]) {
        // "Is it the cat again?" suspects nothing of the incident.
        let lives = |s: &Statement| {
            let subject = s.subject.as_ref();
            s.act == Act::Hypothesis && subject.is_some_and(|s| signs::is_of_life(s.text()))
        };
        for ((heard, odds), folded) in self.heard.iter_mut().zip(&self.odds).zip(folded) {
            heard
                .statements
                .retain(|s| odds.suspects >= LIKELY || !lives(s));
            let past = guess::remembers(folded);
            let extent = || fold::sentences(folded).any(|s| guess::tells_extent(&s));
            let elsewhere = |s: &Statement| match s.act {
                Act::Hypothesis => past || extent() || guess::proposes(folded),
                Act::Identified => past,
                _ => false,
            };
            heard.statements.retain(|s| !elsewhere(s));
            // "My desk went down by itself."
            let aside = signs::is_of_life(folded) && odds.notices < LIKELY;
            let notices = |s: &Statement| matches!(s.act, Act::Detected | Act::Impact);
            heard.statements.retain(|s| !(aside && notices(s)));
            // "Can somebody look at the till? I cannot pay" tells of the trouble, not of its cause.
            let tells = |s: &Statement| s.act == Act::Impact && s.holds() && s.score >= REPORTED;
            if heard.statements.iter().any(tells) && odds.suspects < VOICED {
                heard.statements.retain(|s| s.act != Act::Hypothesis);
            }
            // "The cache file is cleared, all is restarted": what was repaired was not dropped.
            if odds.repairs >= CLEARLY && odds.drops < POSSIBLE {
                heard.statements.retain(|s| s.act != Act::RuledOut);
            }
            // "It is the config: its host points at staging."
            let named = |s: &Statement| s.act == Act::Identified && s.holds() && s.score >= CLEARLY;
            if odds.names >= CLEARLY
                && odds.suspects < odds.names
                && heard.statements.iter().any(named)
            {
                heard.statements.retain(|s| s.act != Act::Hypothesis);
            }
            // "A hundred per cent the disk, calling it."
            let bets = odds.suspects >= VOICED && odds.names < POSSIBLE;
            if bets || UNPROVEN.is_match(folded) {
                unmake(heard);
            }
            for statement in heard.statements.iter_mut().filter(|s| s.holds()) {
                statement.score *= match statement.act {
                    Act::Identified if odds.names < POSSIBLE => DOUBTED,
                    Act::RuledOut if odds.drops < HARDLY => DOUBTED,
                    Act::Hypothesis if odds.suspects < HARDLY => DENIED,
                    Act::Resolved if odds.ends < HARDLY => DENIED,
                    Act::Acknowledged if odds.takes < HARDLY => DENIED,
                    Act::Escalated if odds.brings < HARDLY => DOUBTED,
                    _ => continue,
                };
            }
        }
    }

    fn conclude_by_form(&mut self, message: &Message<'_>, answered: bool) {
        let Some(score) = conclusion::score(message.sentences, answered) else {
            return;
        };
        let odds = self.odds[message.number];
        // "The disk is fine, my bad" clears the disk.
        if odds.names < RATHER && self.drops(message) {
            return;
        }
        // "Problem is solved, thanks to all", "yep, that's me": they do something else.
        if odds.ends.max(odds.takes) > RATHER && odds.names < POSSIBLE {
            return;
        }
        // "The cache has that guilty look", "it is always the cache".
        if odds.suspects >= LIKELY && odds.names < HARDLY {
            return;
        }
        let statements = self.heard[message.number].statements.iter_mut();
        let sure = |s: &&mut Statement| s.holds() && s.score >= conclusion::SURE;
        let mut known = statements.filter(|s| s.act == Act::Identified).filter(sure);
        match known.next() {
            Some(named) => named.score = (named.score + CONCLUDES).min(1.0),
            None => self.say(message.number, Act::Identified, score, None, None),
        }
    }

    /// Somebody speaks first after a silence: whether it is to take an alert, the alerts tell.
    pub(super) fn attend(&mut self, message: &Message<'_>, last: Option<&Turn<'_>>) {
        let odds = self.odds[message.number];
        let all = [
            (Act::Acknowledged, odds.takes),
            (Act::Resolved, odds.ends),
            (Act::Escalated, odds.brings),
            (Act::Detected, odds.notices),
        ];
        let asks = message.sentences.iter().any(|s| s.asks);
        // "My desk went down by itself."
        let private = message.sentences.iter().any(|s| cues::is_private(s.text));
        let lives = private || message.sentences.iter().any(|s| signs::is_of_life(s.text));
        for (act, likely) in all {
            let told = match act {
                Act::Resolved => self.ends_nothing(message),
                Act::Escalated => self.calls_nobody(message),
                // "Thanks", first of all, tells of no trouble.
                Act::Detected => message.sentences.iter().all(|s| !s.text.contains(' ')),
                _ => false,
            };
            let least = match act {
                Act::Escalated if message.somebody && !asks => BRINGS,
                Act::Escalated => VOICED,
                Act::Detected if lives => ALARMED,
                Act::Detected => NOTICES,
                _ => LIKELY,
            };
            if likely >= least && !told {
                self.at_least(message.number, act, surely(likely.max(LIKELY)), None);
            }
        }
        let silent = last.is_none_or(|l| message.second - l.second >= SILENCE);
        let statements = &self.heard[message.number].statements;
        let other = |s: &Statement| {
            matches!(
                s.act,
                Act::Acknowledged | Act::Detected | Act::Escalated | Act::Resolved
            )
        };
        if asks || private || statements.iter().any(other) {
            return;
        }
        if ending::takes(message.sentences) {
            self.say(message.number, Act::Acknowledged, TAKES, None, None);
        } else if silent && !ending::calls(message.sentences) {
            self.say(message.number, Act::Acknowledged, ATTENDS, None, None);
        }
    }

    /// Whether what a message tells keeps signs alone from ending the incident: a repair, a cause, a question ("may we
    /// regard this as over?"), or that work goes on.
    fn ends_nothing(&self, message: &Message<'_>) -> bool {
        let odds = self.odds[message.number];
        let repairs = |s: &Statement| s.act == Act::Fix && s.holds() && s.score >= conclusion::SURE;
        let mut statements = self.heard[message.number].statements.iter();
        statements.any(repairs)
            || odds.names >= CLEARLY && odds.names > odds.ends
            || message.sentences.iter().any(|s| s.asks)
            || ending::goes_on(message.sentences)
    }

    /// Whether a message calls nobody, whatever it looks like: "worth waking the owners?" wakes nobody yet, nor does moving
    /// the load to a spare; who comes by themselves was not called, nor does who reads or tells how it stands call.
    fn calls_nobody(&self, message: &Message<'_>) -> bool {
        let wonders = |s: &Statement| s.act == Act::Escalated && s.mood == Mood::Question;
        let looks = |s: &Statement| {
            s.act == Act::Investigating && s.holds() && s.score >= CLEARLY && !message.somebody
        };
        let other = |s: &Sentence<'_>| {
            let forms = [&FAILS_OVER, &COMES, &INFORMS];
            forms.iter().any(|form| form.is_match(s.text))
        };
        // "@olga still red": who begins with a name and asks for nothing answers.
        let answers = |s: &Sentence<'_>| s.text.starts_with('@') && !WANTS.is_match(s.text);
        let first = message.sentences.first();
        let drops = |s: &Statement| s.act == Act::RuledOut && s.holds();
        let mut statements = self.heard[message.number].statements.iter();
        statements.any(|s| wonders(s) || looks(s) || drops(s))
            || message.sentences.iter().any(other)
            || first.is_some_and(answers)
    }

    /// Who takes an incident has read of it: where no words are a notice by themselves, and no alert was told, it is
    /// what looks most like one right before.
    pub(super) fn notice(&mut self, turns: &[Turn<'_>], folded: &[String]) {
        let takes = |n: &usize| self.odds[*n].takes >= CLEARLY_TAKES;
        let taking: Vec<usize> = (0..self.odds.len()).filter(takes).collect();
        let mut last = None;
        for taken in taking {
            let first = last.is_none_or(|l| self.seconds[taken] - l > PATIENCE);
            last = Some(self.seconds[taken]);
            let recent = |n: &usize| self.seconds[taken] - self.seconds[*n] <= ANSWERED.1;
            let before = (taken.saturating_sub(ANSWERED.0)..taken).filter(recent);
            let before: Vec<usize> = before.collect();
            let noticed = |s: &Statement| {
                matches!(s.act, Act::Detected | Act::Impact)
                    && s.holds()
                    && s.score >= conclusion::SURE
            };
            let told = |n: usize| {
                let heard = &self.heard[n];
                heard.statements.iter().any(noticed) || ending::alerts(&folded[n])
            };
            if !first || ending::alerts(&folded[taken]) || before.iter().any(|n| told(*n)) {
                continue;
            }
            let other = |n: &usize| turns[*n].who.is_none() || turns[*n].who != turns[taken].who;
            let tells = |n: &usize| {
                folded[*n].split(' ').count() >= TELLING && !signs::is_of_life(&folded[*n])
            };
            let notices = |n: &usize| self.odds[*n].notices;
            let likeliest = before
                .into_iter()
                .filter(|n| other(n) && tells(n))
                .max_by(|a, b| notices(a).total_cmp(&notices(b)).then(a.cmp(b)));
            if let Some(n) = likeliest.filter(|n| notices(n) >= TAKEN) {
                self.at_least(n, Act::Detected, MAYBE, None);
            }
        }
    }

    /// Where nobody says that something is the cause, it is what was told last before the repair
    /// was begun: people tell what is wrong, and then what they do about it.
    pub(super) fn diagnose(&mut self) {
        let is = |h: &Heard, act: Act, least: f32| {
            let sure = |s: &Statement| s.act == act && s.holds() && s.score >= least;
            h.statements.iter().any(sure)
        };
        for done in 0..self.heard.len() {
            let from = done.saturating_sub(DIAGNOSED);
            let before = || from..=done;
            let repaired = |s: &Statement| s.act == Act::Fix && s.mood == Mood::Done;
            if !self.heard[done].statements.iter().any(repaired)
                || before().any(|n| is(&self.heard[n], Act::Identified, conclusion::SURE))
            {
                continue;
            }
            let begun = self.repairs.begun_before(done).unwrap_or(done);
            let other = |n: &usize| {
                let h = &self.heard[*n];
                let acts = [Act::RuledOut, Act::Hypothesis, Act::Escalated, Act::Fix];
                h.statements
                    .iter()
                    .any(|s| acts.contains(&s.act) && s.mood != Mood::Planned)
            };
            let recent = |n: &usize| self.seconds[done] - self.seconds[*n] <= PATIENCE;
            let told = (from..begun).filter(|n| self.tells[*n] && recent(n) && !other(n));
            // The likeliest to name it; where none is likely, the last.
            let names = |n: &usize| Some(self.odds[*n].names).filter(|p| *p >= HARDLY);
            let likeliest = told.max_by(|a, b| {
                let sure = |n: &usize| names(n).unwrap_or_default();
                sure(a).total_cmp(&sure(b)).then(a.cmp(b))
            });
            if let Some(n) = likeliest {
                let score = names(&n).map_or(REASON, surely);
                self.at_least(n, Act::Identified, score, None);
            }
        }
    }
}
