//! The names of the services that an incident is about, everyday words, often, that no
//! table of the trade could know; and of the people who work on it.

use std::collections::BTreeSet;

/// Endings that say what a thing is; people leave them out.
const ENDINGS: [&str; 6] = ["-service", "-svc", "-api", "-server", "-app", "-backend"];

/// Words for people who are asked in, whoever they are.
#[rustfmt::skip]
const PARTIES: &[&str] = &[
    "team", "teams", "folks", "squad", "crew", "owner", "owners", "maintainer", "maintainers",
    "oncall", "on-call", "dba", "dbas", "sre", "sres", "vendor", "people", "guys", "manager",
    "engineer", "engineers", "devs", "developers", "expert", "experts", "specialist",
    "specialists", "colleague", "colleagues", "somebody", "someone", "secondary", "netops",
    "secops", "admins", "duty", "group", "architect", "authors", "author", "level", "l2", "l3",
    "tier", "experts", "reinforcements", "backup", "supplier", "hoster", "guy", "person", "lead",
    "datacenter", "datacentre", "carrier", "isp", "registrar", "helpdesk",
];

/// Teams that are told, so that they tell others: nobody asks them in to help.
#[rustfmt::skip]
const HERALDS: &[&str] = &[
    "comms", "communications", "communication", "press", "pr", "marketing", "legal", "customers",
    "customer", "clients", "users", "stakeholders", "public",
];

/// Names of services and of people.
#[derive(Clone, Debug, Default)]
pub struct Names {
    services: BTreeSet<String>,
    people: BTreeSet<String>,
}

impl Names {
    /// These names, however they are spelled.
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut all = BTreeSet::new();
        for name in names {
            let name = name.to_lowercase().replace(['_', ' '], "-");
            let short = ENDINGS.iter().find_map(|e| name.strip_suffix(e));
            let spoken = short.unwrap_or(&name).replace('-', " ");
            all.extend([short.unwrap_or(&name).to_owned(), spoken, name.clone()]);
        }
        // "a" and "db" are words of too many meanings.
        all.retain(|n| n.len() > 2);
        Self {
            services: all,
            people: BTreeSet::new(),
        }
    }

    /// The same, and these people by first name, last name and login.
    #[must_use]
    pub fn with_people<'n>(mut self, people: impl Iterator<Item = &'n str>) -> Self {
        self.people.extend(people.flat_map(parts_of_name));
        self
    }

    /// The same, and whoever a text writes like a name: with a capital inside a sentence.
    #[must_use]
    pub(super) fn with_capitals(&self, text: &str) -> Self {
        let mut all = self.clone();
        let mut inside = false;
        for word in text.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let mut letters = bare.chars();
            let capital = letters.next().is_some_and(char::is_uppercase);
            let name = capital && bare.len() > 2 && letters.all(char::is_lowercase);
            let folded = bare.to_lowercase();
            let thing = super::Subject::new(&folded).is_none_or(|s| s.is_technical());
            if inside && name && !thing && !self.has(&folded) {
                all.people.insert(folded);
            }
            inside = !word.ends_with(['.', '!', '?', ':']);
        }
        all
    }

    /// Whether a folded phrase begins with somebody: a name, a mention, or, unless it takes a
    /// name, a team.
    pub(super) fn are_somebody(&self, phrase: &str, by_name: bool) -> bool {
        // "Asking for about two hundred people": whom it is about is not called.
        if phrase.starts_with("about ") {
            return false;
        }
        let mut words = phrase.split(' ').take(5).enumerate();
        words.any(|(n, word)| {
            let bare = word.trim_end_matches("'s");
            let named = word.starts_with('@') || self.people.contains(bare);
            named && n < 2 || !by_name && is_party(bare)
        })
    }

    /// Whether a text speaks of somebody who may be asked in: a mention, a person or people of a kind, but nobody who is
    /// `present` already.
    pub(super) fn speak_of_somebody(
        &self,
        text: &str,
        folded: &str,
        present: &BTreeSet<String>,
    ) -> bool {
        let names = self.with_capitals(text);
        folded.split(' ').any(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
            let bare = bare.trim_end_matches("'s");
            let named = bare.starts_with('@') && bare.len() > 1 || names.people.contains(bare);
            named && !parts_of_name(bare).any(|part| present.contains(&part)) || is_party(bare)
        })
    }

    /// Whether a folded phrase names one of them.
    pub fn occur_in(&self, phrase: &str) -> bool {
        let words: Vec<&str> = phrase.split(' ').collect();
        (1..=3).any(|n| {
            let mut runs = words.windows(n).map(|w| w.join(" "));
            runs.any(|run| self.has(&run))
        })
    }

    fn has(&self, run: &str) -> bool {
        let bare = run.trim_end_matches("'s");
        self.services.contains(bare)
            || ENDINGS.iter().any(|e| {
                bare.strip_suffix(e)
                    .is_some_and(|b| self.services.contains(b))
            })
    }
}

/// What a person is called by: first name, last name, login.
pub(super) fn parts_of_name(person: &str) -> impl Iterator<Item = String> {
    let words = person.split(|c: char| !c.is_alphanumeric());
    words.map(str::to_lowercase).filter(|w| w.len() > 2)
}

/// Whether a word is one for people who are asked in: `infra-oncall`, `payments-team`.
fn is_party(word: &str) -> bool {
    let kind = word.rsplit_once('-').map_or(word, |(_, kind)| kind);
    PARTIES.contains(&word) || PARTIES.contains(&kind)
}

/// Whether a folded phrase begins with those who tell others.
pub(super) fn are_heralds(phrase: &str) -> bool {
    phrase.split(' ').take(2).any(|w| HERALDS.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Act, read, read_among};

    #[test]
    fn who_tells_others_is_not_brought_in() {
        let brings = |text: &str| read(text).iter().any(|s| s.act == Act::Escalated);
        for (text, brought) in [
            ("looping in the storage team", true),
            ("storage team has been notified", true),
            ("looping in the comms team", false),
            ("communications team has been notified", false),
            ("asked the press people for a statement", false),
        ] {
            assert_eq!(brings(text), brought, "{text}");
        }
    }

    #[test]
    fn a_name_is_known_however_it_is_spelled() {
        let names = Names::new(["tax-engine", "parcels", "users_db", "ledger-service"].into_iter());
        for phrase in [
            "the tax engine",
            "tax-engine v3",
            "parcels",
            "users-db is slow",
            "ledger",
            "parcels-api",
        ] {
            assert!(names.occur_in(phrase), "{phrase}");
        }
        assert!(!names.occur_in("the engine"));
    }

    /// The same words mean nothing where nobody knows the name.
    #[test]
    fn an_everyday_name_is_of_the_trade_where_a_service_has_it() {
        let names = Names::new(["parcels"].into_iter());
        let acts =
            |s: Vec<crate::lexicon::Statement>| s.into_iter().map(|s| s.act).collect::<Vec<_>>();
        assert_eq!(
            acts(read_among("it's the parcels release", &names)),
            [Act::Identified]
        );
        assert_eq!(
            acts(read_among("parcels is failing for me", &names)),
            [Act::Impact]
        );
        assert_eq!(acts(read("the bus is failing for me")), []);
    }
}
