//! What in the survey is worth a look: one rule a file, each a function from the survey
//! to signals. Rules know nothing of each other and nothing of incidents.

mod alert;
mod bins;
mod change;
mod channels;
mod delay;
mod detector;
mod detour;
mod error_burst;
mod event;
mod human;
mod latency;
mod page;
mod pool;
mod public;
mod recap;
mod remainder;
mod scatter;
mod silence;
mod strays;
mod streak;
mod subject;
mod ticket_burst;
mod unwatched;
mod walk;

pub(crate) use event::resource;
pub(crate) use subject::apart;

use crate::cite::{Cite, Evidence, FileId};
use crate::lexicon::Statement;
use crate::survey::{Survey, What};
use rayon::prelude::*;
use recon_parsers::{AlertState, ChangeState, PageAct, Stamp};

/// A rule: its name and what it finds.
pub struct Rule {
    /// The name that claims and explanations give.
    pub name: &'static str,
    /// Finds the rule's signals.
    pub find: fn(&Survey) -> Vec<Signal>,
}

/// All rules, sorted by name.
pub static RULES: &[Rule] = &[
    alert::RULE,
    change::RULE,
    delay::RULE,
    detour::RULE,
    error_burst::RULE,
    human::RULE,
    latency::RULE,
    page::RULE,
    silence::RULE,
    ticket_burst::RULE,
];

/// All signals, in order of their start.
#[must_use]
pub fn find(survey: &Survey) -> Vec<Signal> {
    let found = RULES.par_iter().flat_map_iter(|r| (r.find)(survey));
    let mut signals: Vec<Signal> = found.collect();
    signals.sort_by_key(|s| (s.from.nanos, s.rule, s.evidence.first()));
    signals
}

/// Something worth a look.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The rule that found it.
    pub rule: &'static str,
    /// When it began, or when it happened.
    pub from: Stamp,
    /// When it ended; absent for an instant and for what goes on to the end of the data.
    pub to: Option<Stamp>,
    /// The service it is about.
    pub service: Option<String>,
    /// What it is.
    pub sign: Sign,
    /// What it rests on.
    pub evidence: Evidence,
}

/// What a signal is.
#[derive(Clone, Debug, PartialEq)]
pub enum Sign {
    /// Errors, or slow answers, rose and, perhaps, fell again.
    Burst(Burst),
    /// Requests left their usual way, or took longer on it.
    Flow(Flow),
    /// A service that logs all the time stopped.
    Silence {
        /// The first entry when it was back.
        back: Option<Cite>,
    },
    /// An alert fired.
    Alert(Alert),
    /// A step of a page.
    Page(Page),
    /// Something was changed.
    Change(Change),
    /// Customers reported failures.
    Tickets {
        /// How many.
        count: u64,
        /// What one said who was alone with it: it counts where it names what hurts.
        alone: Option<String>,
    },
    /// A person said something that matters.
    Said(Said),
}

/// A rise of errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// What rose.
    pub what: What,
    /// The operations it is limited to; empty if it is about the whole service.
    pub operations: Vec<String>,
    /// The last time before the onset that things were seen to be well.
    pub not_before: Option<Stamp>,
    /// Errors within.
    pub count: u64,
    /// Errors in its first minute.
    pub first_minute: u64,
    /// Requests within, where requests are counted.
    pub requests: Option<u64>,
    /// Errors a minute, or the share of requests where those are counted, before.
    pub base: f64,
    /// The same within.
    pub level: f64,
    /// The last error.
    pub last: Cite,
}

#[cfg(test)]
impl Burst {
    /// Forty of ninety requests, the last at `last`.
    pub(crate) fn specimen(what: crate::survey::What, last: Cite) -> Self {
        Self {
            what,
            operations: Vec::new(),
            not_before: None,
            count: 40,
            first_minute: 10,
            requests: Some(90),
            base: 0.0,
            level: 0.5,
            last,
        }
    }
}

/// Requests, followed by their ids, that go another way than is usual, or slower.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// What is odd about them.
    pub oddity: Oddity,
    /// How many are odd within.
    pub odd: u64,
    /// Of so many.
    pub of: u64,
    /// How many are odd outside.
    pub odd_before: u64,
    /// Of so many.
    pub of_before: u64,
    /// How much better this is explained by a change than by chance, in nats.
    pub weight: f64,
    /// The last one that was seen to be as usual.
    pub not_before: Option<Stamp>,
    /// The last odd one.
    pub last: Cite,
}

/// What is odd about requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Oddity {
    /// They do not reach a step that used to follow.
    Strayed {
        /// The entry after which they stray, the first.
        from: Cite,
        /// What used to come next, where that was one step.
        expected: Option<Cite>,
        /// What comes instead; nothing if that is the last of them.
        instead: Option<Cite>,
    },
    /// They take longer.
    Delayed {
        /// Nanoseconds from one step to the next, as a rule.
        usual: i64,
        /// The same of those that are slow.
        took: i64,
    },
}

/// An alert from its first firing to its last resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// What it says.
    pub summary: String,
    /// Severity, as worded.
    pub severity: Option<String>,
    /// Where, as worded.
    pub environment: Option<String>,
    /// Times it fired; more than one if it flapped.
    pub fired: u32,
    /// Its last known state.
    pub state: AlertState,
}

impl Alert {
    /// Whether its severity says that it can wait.
    #[must_use]
    pub fn is_minor(&self) -> bool {
        let minor = [
            "warning",
            "warn",
            "info",
            "information",
            "informational",
            "low",
            "minor",
            "notice",
            "debug",
            "p3",
            "p4",
            "p5",
            "sev3",
            "sev4",
            "sev5",
            "none",
            "ok",
        ];
        self.severity
            .as_deref()
            .is_some_and(|s| minor.contains(&s.to_lowercase().as_str()))
    }

    /// Whether its severity is one that people are woken for.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        let grave = [
            "critical",
            "crit",
            "page",
            "high",
            "error",
            "fatal",
            "emergency",
            "p1",
            "p2",
            "sev1",
            "sev2",
            "major",
            "disaster",
        ];
        self.severity
            .as_deref()
            .is_some_and(|s| grave.contains(&s.to_lowercase().as_str()))
    }
}

/// A step of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The step.
    pub act: PageAct,
    /// The paged incident.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Who, and whether it is a machine.
    pub actor: Option<(String, bool)>,
    /// To whom, for escalations.
    pub to: Option<String>,
    /// An acknowledgement that was withdrawn or lapsed before the page was resolved.
    pub lapsed: bool,
    /// People claim it, on a status page or in an incident's form; no paging product did it.
    pub claimed: bool,
    /// It is told to the public: minutes after those who know.
    pub public: bool,
}

/// A change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// deploy, rollback, config, flag …
    pub kind: String,
    /// Version, commit, flag value.
    pub version: Option<String>,
    /// How far it came.
    pub state: ChangeState,
    /// Its source tells the end of no change: what began took effect some time behind.
    pub open: bool,
    /// Who.
    pub actor: Option<String>,
    /// Where, as worded.
    pub environment: Option<String>,
    /// What it says.
    pub message: String,
}

impl Change {
    /// Whether it reached production: an environment that is not stated counts as it. What is
    /// committed, built or published is not deployed by that, and work that was announced is
    /// no answer to anything.
    #[must_use]
    pub fn is_live(&self) -> bool {
        let elsewhere = ["commit", "build", "release", "sync", "maintenance"];
        let begun = self.open && self.state == ChangeState::Started;
        (self.state == ChangeState::Finished || begun)
            && !elsewhere.contains(&self.kind.as_str())
            && self.environment.as_deref().is_none_or(|e| {
                let e = e.to_lowercase();
                e.starts_with("prod") || e == "live"
            })
    }
}

/// Something that a person said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The whole text.
    pub text: String,
    /// Who.
    pub actor: Option<String>,
    /// The document or channel it stands in.
    pub place: Place,
    /// The file in which its conversation began.
    pub channel: FileId,
    /// What it does.
    pub statements: Vec<Statement>,
    /// Verdicts on things that nobody knows by name; see [`crate::lexicon::Heard`].
    pub asides: Vec<Statement>,
}

#[cfg(test)]
impl Said {
    /// What the tables hear in a message of a chat, for tests.
    pub(crate) fn of(text: &str, names: &crate::lexicon::Names) -> Self {
        let heard = crate::lexicon::hear(text, names);
        Self {
            text: text.to_owned(),
            actor: None,
            place: Place::Chat,
            channel: FileId(0),
            statements: heard.statements,
            asides: heard.asides,
        }
    }
}

/// Where something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In chat.
    Chat,
    /// In a note on a page.
    Page,
    /// In the timeline of a written document.
    Document,
}
