//! Misleading paths: what was suspected and then ruled out, or dropped when another cause was named.

use super::group::Group;
use super::milestones::words;
use super::model::{Lead, Suspect, SuspectKind};
use super::names;
use crate::cite::{Cite, Evidence};
use crate::lexicon::{Act, Mood, Statement, Subject, same};
use recon_parsers::Stamp;
use recon_parsers::stamp::SECOND;

/// Scores below this are too faint for a suspicion.
const FAINT: f32 = 0.45;
/// From here on words that rule something out need no suspicion before them.
const CERTAIN: f32 = 0.9;
/// From here on it is enough that who suspected something else mentioned it.
const SURE: f32 = 0.8;

/// Letters (four) of the shortest name that only a machine has.
const NAME: usize = 4;
/// So many candidates for the cause are likely ones.
const LIKELIEST: usize = 3;

struct Voice<'g> {
    at: Stamp,
    cite: Cite,
    text: &'g str,
    statement: &'g Statement,
    subject: Option<&'g Subject>,
    /// The same words tell that a repair did not help.
    in_vain: bool,
    /// It is about no known thing of the trade.
    aside: bool,
}

/// The wrong turns before `until` (the relief), in order.
pub(super) fn leads(group: &Group<'_>, until: Option<i64>) -> Vec<Lead> {
    let voices: Vec<Voice<'_>> = group.said.iter().flat_map(|s| voices(s)).collect();
    let paths = Paths {
        // Some learn only after the relief what it was.
        named: named(&voices),
        open: Vec::new(),
        closed: Vec::new(),
        told: Vec::new(),
    };
    let before = |v: &&Voice<'_>| until.is_none_or(|u| v.at.nanos <= u);
    let mut paths = voices.iter().filter(before).fold(paths, Paths::hear);
    paths.give_up();
    let mut leads = paths.closed;
    leads.sort_by_key(|l| (l.from.nanos, l.evidence.first()));
    leads
}

/// Where the cause was named for sure, and as what.
fn named<'g>(voices: &[Voice<'g>]) -> Vec<(Stamp, Cite, Option<&'g Subject>)> {
    let sure = |v: &&Voice<'_>| {
        v.statement.act == Act::Identified && v.statement.holds() && v.statement.score >= 0.6
    };
    voices
        .iter()
        .filter(sure)
        .map(|v| (v.at, v.cite, v.subject))
        .collect()
}

/// Suspicions as they come and go.
struct Paths<'g> {
    named: Vec<(Stamp, Cite, Option<&'g Subject>)>,
    open: Vec<Open<'g>>,
    closed: Vec<Lead>,
    /// The words in which something was suspected.
    told: Vec<&'g str>,
}

/// A suspicion that nobody has dropped yet.
struct Open<'g> {
    subject: &'g Subject,
    from: Stamp,
    evidence: Evidence,
    /// Voiced as a suspicion; otherwise somebody merely looked there.
    voiced: bool,
    /// Looked at or repaired without effect.
    fruitless: bool,
}

impl<'g> Paths<'g> {
    fn hear(mut self, voice: &Voice<'g>) -> Self {
        if voice.aside {
            return self.overhear(voice);
        }
        match voice.statement.act {
            Act::RuledOut if voice.statement.holds() && self.drops(voice) => {
                self.rule_out(voice);
            }
            Act::Hypothesis
                if voice.statement.score >= FAINT && voice.statement.mood != Mood::Negated =>
            {
                self.suspect(voice, true);
            }
            Act::Investigating if voice.statement.holds() && voice.statement.score >= FAINT => {
                self.suspect(voice, false);
            }
            _ => {}
        }
        self
    }

    /// What nobody knows by its name is a wrong turn only if it was suspected and dropped by the same name.
    fn overhear(mut self, voice: &Voice<'g>) -> Self {
        let open = |o: &Open<'_>| voice.subject.is_some_and(|s| same(o.subject, s));
        match voice.statement.act {
            Act::Hypothesis if voice.statement.mood != Mood::Negated => self.suspect(voice, false),
            Act::RuledOut if voice.statement.holds() && self.open.iter().any(open) => {
                self.rule_out(voice);
            }
            _ => {}
        }
        self
    }

    /// Whether words drop something: if they name the cause as well, it is what was suspected before.
    fn drops(&self, voice: &Voice<'_>) -> bool {
        let open = |o: &Open<'_>| voice.subject.is_some_and(|s| same(o.subject, s));
        !self.names_cause_at(voice) || self.open.iter().any(open)
    }

    /// Words that name the cause say of it that something "is wrong": that rules nothing out.
    fn names_cause_at(&self, voice: &Voice<'_>) -> bool {
        self.named.iter().any(|(_, cite, _)| *cite == voice.cite)
    }

    fn suspect(&mut self, voice: &Voice<'g>, voiced: bool) {
        self.told.push(voice.text);
        let Some(subject) = voice.subject else { return };
        if let Some(open) = self.open.iter_mut().find(|o| same(o.subject, subject)) {
            open.evidence.add(voice.cite);
            open.voiced |= voiced;
            open.fruitless |= voice.in_vain && !voice.aside;
            return;
        }
        let evidence = Evidence::new(voice.cite);
        self.open.push(Open {
            subject,
            from: voice.at,
            evidence,
            voiced,
            fruitless: voice.in_vain && !voice.aside,
        });
    }

    fn rule_out(&mut self, voice: &Voice<'g>) {
        let place = match voice.subject {
            Some(subject) => self.open.iter().position(|o| same(o.subject, subject)),
            // "False alarm", "it is innocent": what was suspected last.
            None => self.open.iter().rposition(|o| o.voiced),
        };
        match (place, voice.subject) {
            (Some(n), _) => {
                let open = self.open.remove(n);
                self.closed
                    .push(open.close(Some((voice.at, voice.cite)), true));
            }
            // Ruled out again: the first time had not settled it.
            (None, Some(subject)) if self.is_closed(subject) => {
                let mut closed = self.closed.iter_mut();
                if let Some(lead) = closed.find(|l| l.ruled_out && is(l, subject)) {
                    lead.to = Some(voice.at);
                    lead.evidence.add(voice.cite);
                }
            }
            // Ruled out without ever having been voiced: somebody looked there all the same.
            (None, Some(subject)) if voice.statement.score >= self.needed(subject) => {
                let lead = Lead {
                    hypothesis: subject.text().to_owned(),
                    from: voice.at,
                    to: Some(voice.at),
                    ruled_out: true,
                    evidence: Evidence::new(voice.cite),
                };
                self.closed.push(lead);
            }
            _ => {}
        }
    }

    /// How surely a thing must be ruled out that nobody suspected by itself: "the database, or we lost the network
    /// to it" has named the network.
    fn needed(&self, subject: &Subject) -> f32 {
        let named = |text: &&str| {
            let said = Subject::new(text);
            said.is_some_and(|s| subject.keys().all(|k| s.keys().any(|other| other == k)))
        };
        if self.told.iter().any(named) {
            SURE
        } else {
            CERTAIN
        }
    }

    fn is_closed(&self, subject: &Subject) -> bool {
        self.closed.iter().any(|l| is(l, subject))
    }

    /// What was never ruled out in so many words ended when another cause was named.
    fn give_up(&mut self) {
        for open in std::mem::take(&mut self.open) {
            let right = self
                .named
                .iter()
                .any(|(.., s)| s.is_some_and(|s| same(s, open.subject)));
            let end = self
                .named
                .iter()
                .find(|(at, ..)| at.nanos > open.from.nanos);
            if let Some((at, cite, _)) = end
                && !right
                && (open.voiced || open.fruitless)
            {
                self.closed.push(open.close(Some((*at, *cite)), false));
            }
        }
    }
}

/// Topics of what is changed.
const CHANGES: [&str; 3] = ["config", "deploy", "flag"];

/// Words that suspect a change as such.
#[rustfmt::skip]
const OF_A_CHANGE: [&str; 20] = [
    " change", " deploy", " release", " rollout", " push", " update", " upgrade", " version", " merge", " migration",
    " flag", " config", " went out", " rolled out", " went live", " shipped", " did this", " did that", " did it", " thing",
];

/// The minutes of the times of the day that words name, whatever their zone.
fn minutes(words: &str) -> impl Iterator<Item = i64> {
    words.split_whitespace().filter_map(|word| {
        let (hour, minute) = word.split_once(':')?;
        let minute = minute.get(..2).filter(|_| hour.len() <= 2)?;
        hour.parse::<u8>().ok().and_then(|_| minute.parse().ok())
    })
}

/// Whether words are about a change: by its topic or by how people speak of one.
fn is_of_a_change(words: &str) -> bool {
    let lower = format!(" {}", words.to_lowercase());
    let subject = Subject::new(words);
    subject.is_some_and(|s| s.keys().any(|k| CHANGES.contains(&k)))
        || OF_A_CHANGE.iter().any(|w| lower.contains(w))
}

/// Whether a suspicion, in the words in which it was voiced, means a change that is one of the likeliest causes: "did
/// the 14:16 change on the kiosk do this?" Beside another thing that it names, such a change is only spoken of.
pub(super) fn means_any(lead: &Lead, words: &str, suspects: &[Suspect]) -> bool {
    let of_other = || {
        let named = Subject::new(&lead.hypothesis).is_some_and(|s| s.is_technical());
        named && !is_of_a_change(&lead.hypothesis)
    };
    let minute = |at: Stamp| at.nanos.div_euclid(60 * SECOND).rem_euclid(60);
    let means = |s: &Suspect| {
        let named = |service: &str| names::mentions(words, service);
        let meant = |at: Stamp| minutes(words).any(|m| m == minute(at));
        s.kind == SuspectKind::Change
            && (s.service.as_deref().is_some_and(named) || s.at.is_some_and(meant))
    };
    is_of_a_change(words) && suspects.iter().take(LIKELIEST).any(means) && !of_other()
}

/// Whether a suspicion calls one of the likeliest causes by its name: "what about `batch_window`?" was no wrong turn
/// where the logs complain about `batch_window`.
pub(super) fn names_any(lead: &Lead, suspects: &[Suspect]) -> bool {
    let machine =
        |w: &&str| w.len() >= NAME && w.bytes().any(|b| b.is_ascii_digit() || b"_-.".contains(&b));
    let names: Vec<String> = lead
        .hypothesis
        .split_whitespace()
        .filter(machine)
        .map(str::to_lowercase)
        .collect();
    suspects.iter().take(LIKELIEST).any(|s| {
        let told = [Some(&s.what), s.words.as_ref()];
        let told = told.into_iter().flatten().map(|t| t.to_lowercase());
        told.into_iter()
            .any(|t| names.iter().any(|n| t.contains(n)))
    })
}

fn is(lead: &Lead, subject: &Subject) -> bool {
    Subject::new(&lead.hypothesis).is_some_and(|s| same(&s, subject))
}

impl Open<'_> {
    fn close(mut self, end: Option<(Stamp, Cite)>, ruled_out: bool) -> Lead {
        if let Some((_, cite)) = end {
            self.evidence.add(cite);
        }
        Lead {
            hypothesis: self.subject.text().to_owned(),
            from: self.from,
            to: end.map(|e| e.0),
            ruled_out,
            evidence: self.evidence,
        }
    }
}

fn voices<'g>(signal: &'g crate::signal::Signal) -> Vec<Voice<'g>> {
    let Some(said) = words(signal) else {
        return Vec::new();
    };
    let in_vain = said
        .statements
        .iter()
        .any(|s| matches!(s.act, Act::Recovery | Act::Fix) && s.mood == Mood::Negated);
    let voice = |statement: &'g Statement, aside: bool| Voice {
        at: signal.from,
        cite: signal.evidence.first(),
        text: &said.text,
        statement,
        subject: statement.subject.as_ref(),
        in_vain,
        aside,
    };
    let firm = said.statements.iter().map(|s| voice(s, false));
    firm.chain(said.asides.iter().map(|s| voice(s, true)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::FileId;
    use crate::lexicon::{Names, hear};
    use crate::signal::{Place, Said, Sign, Signal};
    use recon_parsers::{Basis, Precision};

    fn at(minute: i64) -> Stamp {
        Stamp {
            nanos: minute * 60 * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        }
    }

    fn cite(minute: i64) -> Cite {
        Cite {
            file: FileId(0),
            offset: u64::try_from(minute).unwrap_or(0),
            len: 1,
        }
    }

    /// The wrong turns of a talk, one line a minute: what was suspected, from when to when.
    fn told(talk: &[&str]) -> Vec<(String, i64, Option<i64>)> {
        let signals: Vec<Signal> = talk
            .iter()
            .zip(1..)
            .map(|(text, minute)| {
                let heard = hear(text, &Names::default());
                Signal {
                    rule: "human",
                    from: at(minute),
                    to: None,
                    service: None,
                    sign: Sign::Said(Said {
                        text: (*text).to_owned(),
                        actor: None,
                        place: Place::Chat,
                        channel: FileId(0),
                        statements: heard.statements,
                        asides: heard.asides,
                    }),
                    evidence: Evidence::new(cite(minute)),
                }
            })
            .collect();
        let group = Group {
            said: signals.iter().collect(),
            ..Group::default()
        };
        let minute = |s: Stamp| s.nanos / 60 / SECOND;
        leads(&group, None)
            .into_iter()
            .map(|l| (l.hypothesis, minute(l.from), l.to.map(minute)))
            .collect()
    }

    #[test]
    fn what_nobody_knows_by_name_is_a_wrong_turn_if_it_is_suspected_and_dropped() {
        let talk = ["could it be the moose?", "looking", "the moose is innocent"];
        assert_eq!(told(&talk), [("moose".to_owned(), 1, Some(3))]);
    }

    #[test]
    fn one_verdict_on_it_is_none() {
        assert_eq!(
            told(&["could it be the moose?", "root cause: bad config"]),
            []
        );
        assert_eq!(told(&["the moose is innocent"]), []);
        assert_eq!(told(&["could it be the moose?", "the elk is innocent"]), []);
    }

    #[test]
    fn a_thing_of_the_trade_is_one_also_where_it_is_only_given_up() {
        let talk = ["could it be redis?", "root cause: bad config"];
        assert_eq!(told(&talk), [("redis".to_owned(), 1, Some(2))]);
        let talk = ["could it be redis?", "false trail, redis is fine", "next"];
        assert_eq!(told(&talk), [("redis".to_owned(), 1, Some(2))]);
    }

    #[test]
    fn what_is_called_by_the_name_of_a_likely_cause_was_no_wrong_turn() {
        let lead = |hypothesis: &str| Lead {
            hypothesis: hypothesis.to_owned(),
            from: at(1),
            to: None,
            ruled_out: false,
            evidence: Evidence::new(cite(1)),
        };
        let suspect = Suspect {
            kind: SuspectKind::Template,
            what: "invalid setting harbour_depth=<*>".to_owned(),
            words: None,
            service: None,
            at: None,
            score: 0.6,
            features: Vec::new(),
            evidence: Evidence::new(cite(1)),
        };
        let suspects = [suspect];
        assert!(names_any(&lead("Harbour_Depth switch"), &suspects));
        assert!(!names_any(&lead("harbour cache"), &suspects));
        assert!(!names_any(&lead("tide_depth switch"), &suspects));
        let mut rollout = suspects;
        rollout[0].kind = SuspectKind::Change;
        rollout[0].service = Some("harbour".to_owned());
        // The harbour rollout is what was rolled out to harbour.
        let means = |hypothesis: &str, words: &str, suspects: &[Suspect]| {
            means_any(&lead(hypothesis), words, suspects)
        };
        let alone = |words: &str, suspects: &[Suspect]| means(words, words, suspects);
        assert!(alone("the harbour rollout", &rollout));
        assert!(!alone("the harbour disk", &rollout));
        assert!(!alone("the tide rollout", &rollout));
        let beside = "is it redis? the harbour config is fine";
        assert!(!means("redis", beside, &rollout));
        rollout[0].at = Some(at(14 * 60 + 16));
        for words in [
            "was it the 14:16 change, Ola?",
            "could be the 09:16 thing, my time",
            "odd, the harbour change was minutes before",
            "harbour went out just before that",
        ] {
            assert!(alone(words, &rollout), "{words}");
        }
        for words in [
            "is it the 14:02 change of the crane?",
            "harbour looks slow, is it the disk?",
            "odd, the tide change was minutes before",
        ] {
            assert!(!alone(words, &rollout), "{words}");
        }
    }
}
