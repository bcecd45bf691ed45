//! The names of the services that an incident is about: everyday words, often, that no
//! table of the trade could know.

use std::collections::BTreeSet;

/// Endings that say what a thing is; people leave them out.
const ENDINGS: [&str; 6] = ["-service", "-svc", "-api", "-server", "-app", "-backend"];

/// Names of services.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeSet<String>);

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
        Self(all)
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
        self.0.contains(bare)
            || ENDINGS
                .iter()
                .any(|e| bare.strip_suffix(e).is_some_and(|b| self.0.contains(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Act, read, read_among};

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
