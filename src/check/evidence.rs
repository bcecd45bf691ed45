//! What is recorded: every alert, page, change, message and ticket, and what was measured.

use crate::cite::Cite;
use crate::incident::{Incident, Origin, SuspectKind};
use crate::lexicon::{self, Act};
use crate::survey::Survey;
use recon_parsers::{AlertState, Basis, ChangeState, Kind, PageAct};
use std::collections::{BTreeMap, BTreeSet};

/// Something recorded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Happening {
    pub(super) at: i64,
    /// What it says, for people.
    pub(super) text: String,
    /// What it is in the course of an incident.
    pub(super) acts: BTreeSet<Act>,
    /// A machine's record of the act, not somebody's words.
    pub(super) recorded: bool,
    /// A change that took effect.
    pub(super) change: bool,
    /// Its words, those that say what it is about.
    pub(super) words: BTreeSet<String>,
    pub(super) cite: Cite,
}

/// Everything recorded, in order.
pub(super) fn happenings(survey: &Survey, incident: Option<&Incident>) -> Vec<Happening> {
    let mut found: Vec<Happening> = Vec::new();
    for kept in &survey.kept {
        let record = &kept.record;
        let at = kept.at.filter(|s| s.basis != Basis::Relative);
        let Some(at) = at.filter(|_| record.kind != Kind::Note) else {
            continue;
        };
        let mut text = record.message.to_string();
        let named = record.actor.as_ref().map(|a| a.name.as_ref());
        let fields = [
            "to",
            "assignee",
            "alert",
            "alertname",
            "title",
            "summary",
            "environment",
        ];
        let fields = fields.iter().filter_map(|n| record.fields.text(n));
        let service = record.service.as_deref();
        let mut about = words(&text);
        for more in named.into_iter().chain(fields).chain(service) {
            about.extend(words(more));
        }
        if let Some(name) = named {
            text = format!("{name}: {text}");
        }
        let (acts, recorded) = acts(record.kind, &record.message);
        found.push(Happening {
            at: at.nanos,
            text,
            acts,
            recorded,
            change: matches!(record.kind, Kind::Change(ChangeState::Finished)),
            words: about,
            cite: kept.cite,
        });
    }
    found.extend(incident.into_iter().flat_map(measured));
    found.extend(incident.into_iter().flat_map(settled));
    found.extend(incident.into_iter().flat_map(messages));
    forget_common(&mut found);
    found.sort_by(|a, b| (a.at, a.cite, &a.text).cmp(&(b.at, b.cite, &b.text)));
    found
}

/// Words that one in eight records has tell none from another: the name of the service, mostly.
fn forget_common(all: &mut [Happening]) {
    const ENOUGH: usize = 24;
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for word in all.iter().flat_map(|h| &h.words) {
        *uses.entry(word.clone()).or_default() += 1;
    }
    let total = all.len();
    if total < ENOUGH {
        return;
    }
    for happening in all {
        happening
            .words
            .retain(|w| uses.get(w).is_none_or(|n| n * 8 <= total));
    }
}

/// What the logs themselves show of an incident.
fn measured(incident: &Incident) -> impl Iterator<Item = Happening> + '_ {
    let told =
        |m: &&crate::incident::Moment| m.origin == Origin::Log && m.at.basis != Basis::Relative;
    incident.timeline.iter().filter(told).map(|m| {
        let mut about = words(&m.text);
        about.extend(m.service.iter().flat_map(|s| words(s)));
        Happening {
            at: m.at.nanos,
            text: m.text.clone(),
            acts: said(&m.text),
            recorded: true,
            change: false,
            words: about,
            cite: m.evidence.first(),
        }
    })
}

/// The messages that began with an incident, as they first stood in the logs.
fn messages(incident: &Incident) -> impl Iterator<Item = Happening> + '_ {
    let logged = incident.suspects.iter();
    let logged = logged.filter(|s| s.kind == SuspectKind::Template);
    logged.filter_map(|suspect| {
        let at = suspect.at.filter(|t| t.basis != Basis::Relative)?;
        let text = suspect.words.as_deref().unwrap_or(&suspect.what);
        let mut about = words(text);
        about.extend(suspect.service.iter().flat_map(|s| words(s)));
        Some(Happening {
            at: at.nanos,
            text: text.to_owned(),
            acts: BTreeSet::new(),
            recorded: true,
            change: false,
            words: about,
            cite: suspect.evidence.first(),
        })
    })
}

/// Suspicions that were ruled out, by what was suspected: what was said when they were may not name
/// it again.
fn settled(incident: &Incident) -> impl Iterator<Item = Happening> + '_ {
    let ruled_out = incident.leads.iter().filter(|l| l.ruled_out);
    ruled_out.filter_map(|lead| {
        let at = lead.to.filter(|t| t.basis != Basis::Relative)?;
        let cites = lead.evidence.iter();
        Some(Happening {
            at: at.nanos,
            text: format!("“{}” was ruled out", lead.hypothesis),
            acts: BTreeSet::from([Act::RuledOut]),
            recorded: false,
            change: false,
            words: words(&lead.hypothesis),
            cite: cites.last()?,
        })
    })
}

/// What a record is by its kind, or by the words that somebody said.
fn acts(kind: Kind, message: &str) -> (BTreeSet<Act>, bool) {
    let one = |act| (BTreeSet::from([act]), true);
    match kind {
        Kind::Alert(AlertState::Firing) => one(Act::Detected),
        Kind::Alert(AlertState::Resolved) => (BTreeSet::from([Act::Recovery, Act::Resolved]), true),
        Kind::Page(PageAct::Triggered | PageAct::Notified) => {
            (BTreeSet::from([Act::Paged, Act::Detected]), true)
        }
        Kind::Page(PageAct::Acknowledged) => one(Act::Acknowledged),
        Kind::Page(PageAct::Escalated | PageAct::Reassigned) => {
            (BTreeSet::from([Act::Escalated, Act::Paged]), true)
        }
        Kind::Page(PageAct::Resolved) => one(Act::Resolved),
        Kind::Change(ChangeState::Finished) => (BTreeSet::from([Act::Fix, Act::Workaround]), true),
        Kind::Ticket => one(Act::Detected),
        _ => (said(message), false),
    }
}

/// What a text asserts.
pub(super) fn said(text: &str) -> BTreeSet<Act> {
    let statements = lexicon::read(text).into_iter();
    let mut acts: BTreeSet<Act> = statements
        .filter(|s| s.holds() && s.score >= 0.4)
        .map(|s| s.act)
        .collect();
    acts.extend(noted(text));
    acts
}

/// The clipped words of a timeline: "failures begin", "restored".
fn noted(text: &str) -> Option<Act> {
    const TROUBLE: [&str; 6] = [
        "failures", "errors", "outage", "impact", "incident", "timeouts",
    ];
    const BEGIN: [&str; 4] = ["begin", "begins", "start", "starts"];
    const OVER: [&str; 3] = ["restored", "recovered", "back to normal"];
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |all: &[&str]| words.iter().any(|w| all.contains(w));
    let few = words.iter().filter(|w| !w.is_empty()).count() <= 5;
    if few && has(&TROUBLE) && has(&BEGIN) {
        Some(Act::Impact)
    } else if few
        && OVER
            .iter()
            .any(|w| text.starts_with(w) || text.ends_with(w))
    {
        Some(Act::Recovery)
    } else {
        None
    }
}

/// The words that tell what a text is about, in small letters and without endings.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    const COMMON: &str = "about after again alert alerts all also and any are been before began being but can \
        cannot could did down during engineer engineers error errors everything failed failing \
        failure first fixed for from fires going got had has have her him his how incident \
        into issue issues its just minutes more most normal not now off onto one our out over \
        paged problem reported resolved restored saw see seen service services she some \
        started still team that the their them then there they this tell two users was were \
        what when which who why will with yet you";
    let split = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_' || c == '.');
    let text = text.to_lowercase();
    text.split(split)
        .flat_map(|w| std::iter::once(w).chain(w.split(['-', '_', '.'])))
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| w.chars().count() >= 3 && !COMMON.split(' ').any(|c| c == *w))
        .filter(|w| w.chars().any(char::is_alphabetic) || is_version(w))
        .map(stem)
        .collect()
}

/// `4.18.1`, `2024-01-15.2`: numbers that name a version. Dates and percentages do not.
pub(super) fn is_version(word: &str) -> bool {
    let marks: Vec<char> = word.chars().filter(|c| !c.is_ascii_digit()).collect();
    let date = word.len() == 10 && marks == ['-', '-'];
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    number && marks.len() >= 2 && !date && marks.iter().all(|c| matches!(c, '.' | '-'))
}

/// A word without the ending that changes with its use.
fn stem(word: &str) -> String {
    for ending in ["ings", "ing", "ies", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|s| s.len() >= 4) {
            return stem.to_owned();
        }
    }
    word.to_owned()
}
