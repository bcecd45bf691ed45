//! People by what they did: a draft about an outage names roles, not persons, unless asked to.
//!
//! Roles follow from acts alone: who acknowledged the page was on call, who called themselves
//! incident commander was, who only shipped changes deployed. Everybody keeps one role through
//! a whole report. In the cited lines a role that stands for a name is in brackets, as editors mark
//! what they put into a quotation.

mod aliases;

use crate::analysis::Analysis;
use crate::incident::{Incident, Moment, Origin, Phase};
use aliases::{Person, gather};

/// Who is told as what.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// What stands in texts, and the role told in its place; longer ones first.
    words: Vec<(String, String)>,
    /// What does so only where somebody signs: "(ida)" behind a change.
    signed: Vec<(String, String)>,
}

impl Cast {
    /// The roles of everybody in an analysis.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let moments = || analysis.incidents.iter().flat_map(|i| &i.timeline);
        let spoken = moments()
            .filter(|m| matches!(m.origin, Origin::Person))
            .filter_map(|m| m.actor.as_deref());
        let remarked = analysis.incidents.iter().flat_map(|i| &i.remarks);
        let remarked = remarked.filter_map(|r| r.actor.as_deref());
        let known = analysis.people.iter().map(String::as_str);
        let mut people = gather(known.chain(spoken).chain(remarked));
        let services = analysis.incidents.iter().flat_map(|i| &i.services);
        let services: Vec<String> = services.map(|s| s.service.to_lowercase()).collect();
        let mut all: Vec<&Moment> = moments().collect();
        all.sort_by_key(|m| (m.at.nanos, m.evidence.first()));
        let roles = roles(&people, &all);
        let (mut words, mut signed) = (Vec::new(), Vec::new());
        for (person, role) in people.iter_mut().zip(roles) {
            let told = |names: Vec<String>| {
                let names = names.into_iter();
                let names = names.filter(|n| !services.contains(&n.to_lowercase()));
                names.map(|n| (n, role.clone())).collect::<Vec<_>>()
            };
            words.extend(told(std::mem::take(&mut person.aliases)));
            signed.extend(told(std::mem::take(&mut person.signed)));
        }
        for names in [&mut words, &mut signed] {
            names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            names.dedup_by(|a, b| a.0 == b.0);
        }
        Self { words, signed }
    }

    /// The incident as it is told with roles.
    #[must_use]
    pub fn told(&self, incident: &Incident) -> Incident {
        let mut told = incident.clone();
        if self.words.is_empty() {
            return told;
        }
        let each = |text: &mut String| *text = self.text(text);
        each(&mut told.title);
        for moment in &mut told.timeline {
            each(&mut moment.text);
            moment.actor.iter_mut().for_each(each);
        }
        for lead in &mut told.leads {
            each(&mut lead.hypothesis);
        }
        for suspect in &mut told.suspects {
            each(&mut suspect.what);
            suspect.words.iter_mut().for_each(each);
        }
        told.tasks.iter_mut().for_each(|t| each(&mut t.text));
        for remark in &mut told.remarks {
            each(&mut remark.text);
            remark.actor.iter_mut().for_each(each);
        }
        told.questions.iter_mut().for_each(each);
        told
    }

    /// Nobody is told by a role.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The incidents as they are told with roles.
    #[must_use]
    pub fn all_told(&self, incidents: &[Incident]) -> Vec<Incident> {
        incidents.iter().map(|i| self.told(i)).collect()
    }

    /// A text with roles in the place of names and handles.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.replaced(text, String::push_str)
    }

    /// A line of an input with roles, in brackets, in the place of names and handles.
    #[must_use]
    pub fn quoted(&self, line: &str) -> String {
        self.replaced(line, |out, role| {
            out.push('[');
            out.push_str(role);
            out.push(']');
        })
    }

    fn replaced(&self, text: &str, put: impl Fn(&mut String, &str)) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let inside = before.is_some_and(|b: char| b.is_alphanumeric() || b == '_');
            let read = text.get(..text.len() - rest.len()).unwrap_or_default();
            let found = (!inside)
                .then(|| self.at(rest).or_else(|| self.signing(read, rest)))
                .flatten();
            if let Some((length, role)) = found {
                put(&mut out, role);
                before = rest.get(..length).and_then(|w| w.chars().next_back());
                rest = rest.get(length..).unwrap_or_default();
            } else {
                out.push(c);
                before = Some(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        out
    }

    /// The name or handle that a text begins with, if it ends with a word: its length and role.
    fn at(&self, text: &str) -> Option<(usize, &str)> {
        let bare = text.strip_prefix('@').unwrap_or(text);
        let sign = text.len() - bare.len();
        let (alias, role) = self.words.iter().find(|(alias, _)| {
            let rest = bare.strip_prefix(alias.as_str());
            rest.is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })?;
        Some((sign + alias.len(), role.as_str()))
    }
}

/// What stands before the name of somebody who signs.
const SIGNS: [&str; 7] = ["(", "| ", "by ", "by=", "by: ", "- ", "— "];

impl Cast {
    /// The name that somebody signs with, between what was read and what follows.
    fn signing(&self, read: &str, rest: &str) -> Option<(usize, &str)> {
        SIGNS.iter().any(|s| read.ends_with(s)).then_some(())?;
        let (name, role) = self.signed.iter().find(|(name, _)| {
            let after = rest.strip_prefix(name.as_str()).map(str::trim);
            let named = read.ends_with('(') || read.ends_with("by ") || read.ends_with("by=");
            let closed = after.is_some_and(|a| a.starts_with([')', ',', ';', '-', '"']));
            named && closed || after.is_some_and(str::is_empty)
        })?;
        Some((name.len(), role.as_str()))
    }
}

/// The role of each person, in the order of `people`.
fn roles(people: &[Person], all: &[&Moment]) -> Vec<String> {
    let mut parts: Vec<Part> = people.iter().map(|p| Part::of(p, all)).collect();
    let first = |fits: &dyn Fn(&Part) -> Option<usize>| {
        let mut found: Vec<(usize, usize)> = parts
            .iter()
            .enumerate()
            .filter_map(|(n, part)| Some((fits(part)?, n)))
            .collect();
        found.sort_unstable();
        found.first().map(|(_, n)| *n)
    };
    let commander = first(&|p| p.commands);
    let on_call = first(&|p| p.acknowledged);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|n| parts.get(*n).map(|p| (p.appears, p.mentioned, *n)));
    for n in order.iter().copied() {
        let Some(part) = parts.get_mut(n) else {
            continue;
        };
        part.kind = match part.appears {
            _ if Some(n) == commander => "the incident commander",
            _ if Some(n) == on_call => "the on-call engineer",
            None => "colleague",
            Some(_) if part.only_changes => "deployer",
            Some(_) if part.hears_customers => "customer support",
            Some(_) => "responder",
        };
    }
    let mut names = vec![String::new(); parts.len()];
    for kind in ["deployer", "customer support", "responder", "colleague"] {
        let of: Vec<usize> = order
            .iter()
            .copied()
            .filter(|n| parts.get(*n).is_some_and(|p| p.kind == kind))
            .collect();
        for (rank, n) in of.iter().enumerate() {
            let Some(name) = names.get_mut(*n) else {
                continue;
            };
            *name = match (kind, of.len()) {
                ("deployer", 1) => "the deployer".to_owned(),
                ("customer support", 1) => "customer support".to_owned(),
                _ => format!("{kind} {}", rank + 1),
            };
        }
    }
    for (name, part) in names.iter_mut().zip(&parts) {
        if name.is_empty() {
            part.kind.clone_into(name);
        }
    }
    names
}

/// What a person did, by the places of events.
#[derive(Debug, Default)]
struct Part {
    /// The first event of theirs.
    appears: Option<usize>,
    /// The first event that mentions them.
    mentioned: Option<usize>,
    /// Where they call themselves incident commander.
    commands: Option<usize>,
    /// Where they acknowledge a page.
    acknowledged: Option<usize>,
    only_changes: bool,
    hears_customers: bool,
    kind: &'static str,
}

impl Part {
    fn of(person: &Person, all: &[&Moment]) -> Self {
        let own = |m: &Moment| m.actor.as_ref().is_some_and(|a| person.is(a));
        let place = |fits: &dyn Fn(&Moment) -> bool| all.iter().position(|m| fits(m));
        let acts = || all.iter().filter(|m| own(m));
        let page = |m: &Moment, act: &str| m.origin == Origin::Page && m.text.starts_with(act);
        let cast = Cast {
            words: person
                .aliases
                .iter()
                .map(|a| (a.clone(), String::new()))
                .collect(),
            signed: Vec::new(),
        };
        Self {
            appears: place(&|m| own(m)),
            mentioned: place(&|m| cast.text(&m.text) != m.text),
            commands: place(&|m| own(m) && commands(&m.text)),
            acknowledged: place(&|m| own(m) && page(m, "page acknowledged")),
            only_changes: acts().all(|m| m.origin == Origin::Change),
            hears_customers: acts().any(|m| customers(&m.text))
                && acts().all(|m| {
                    m.origin == Origin::Ticket
                        || (m.origin == Origin::Person
                            && matches!(
                                m.phase,
                                Phase::Detection | Phase::Impact | Phase::Resolution
                            ))
                }),
            kind: "",
        }
    }
}

/// "I'm incident commander from here", "taking IC".
fn commands(text: &str) -> bool {
    let text = text.to_lowercase().replace('’', "'");
    let own = [
        "i'm ", "i am ", "i'll ", "i will ", "taking ", "i take ", "i've ",
    ];
    let words = || text.split(|c: char| !c.is_alphanumeric());
    let role = text.contains("incident command") || words().any(|w| w == "ic");
    role && own.iter().any(|w| text.contains(w))
}

/// Words of those who speak with customers.
fn customers(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "customer",
        "ticket",
        "on the phone",
        "callers",
        "users report",
        "support queue",
    ]
    .iter()
    .any(|w| text.contains(w))
}

#[cfg(test)]
mod tests;
