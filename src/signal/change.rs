//! Changes: deploys, configuration, flags, migrations, restarts.

use super::{Change, Rule, Sign, Signal};
use crate::cite::{Evidence, FileId};
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::token::change::is_certain;
use recon_parsers::token::pod;
use recon_parsers::{ChangeState, Kind, Record};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "change",
    find,
};

/// Files that tell the end of some change: what only begins there has not ended. In others a beginning is all
/// that is told.
fn conclusive(survey: &Survey) -> BTreeSet<FileId> {
    let ends = |kept: &&Kept| {
        let ended = [ChangeState::Finished, ChangeState::Failed].map(Kind::Change);
        ended.contains(&kept.record.kind)
    };
    survey
        .kept
        .iter()
        .filter(ends)
        .map(|k| k.cite.file)
        .collect()
}

/// Who is named by whom, but for changes: a word of a change that only might be what was changed is that if anything
/// else knows it.
struct Named<'s> {
    services: BTreeSet<&'s str>,
    /// What people are called who write or are asked, in small letters.
    people: BTreeSet<String>,
}

impl<'s> Named<'s> {
    fn of(survey: &'s Survey) -> Self {
        let mut services: BTreeSet<&str> = survey.services.keys().map(String::as_str).collect();
        let mut people = BTreeSet::new();
        for kept in &survey.kept {
            let record = &kept.record;
            if matches!(record.kind, Kind::Alert(_) | Kind::Page(_) | Kind::Ticket) {
                services.extend(record.service.as_deref());
            }
            let actor = record.actor.as_ref().filter(|a| !a.bot);
            let words = actor.iter().flat_map(|a| a.name.split([' ', '.', '@']));
            people.extend(words.map(str::to_lowercase));
        }
        let asked = survey.services.values().flat_map(|t| t.operations.iter());
        let first = |operation: &'s str| {
            let path = operation.split_once(" /")?.1;
            path.split('/').next().filter(|s| s.len() > 2)
        };
        services.extend(asked.filter_map(|(operation, _)| first(operation)));
        Self { services, people }
    }

    /// What was changed.
    fn changed(&self, record: &Record<'_>) -> Option<String> {
        let (name, said) = (record.service.as_deref()?, record.message.as_ref());
        let known = |name: &str| self.services.iter().any(|s| s.eq_ignore_ascii_case(name));
        let person = || self.people.contains(&name.to_lowercase());
        // What the text does not say was told in a place of its own.
        if known(name) || !mentions(said, name) || is_certain(said, name) && !person() {
            return Some(name.to_owned());
        }
        let mut others = self.services.iter().filter(|s| mentions(said, s));
        let other = others.next().filter(|_| others.next().is_none())?;
        Some((*other).to_owned())
    }
}

/// Whether a name stands in a text.
fn mentions(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut found = text.match_indices(name);
    found.any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        !name.is_empty() && !before.ends_with(part) && !after.starts_with(part)
    })
}

fn find(survey: &Survey) -> Vec<Signal> {
    let conclusive = conclusive(survey);
    let named = Named::of(survey);
    let changes = survey
        .kept
        .iter()
        .filter_map(|kept| match (kept.record.kind, kept.at) {
            (Kind::Change(state), Some(at)) => Some((state, at, kept)),
            _ => None,
        });
    changes
        .map(|(state, at, kept)| {
            let record = &kept.record;
            let text = |name| record.fields.text(name).map(str::to_owned);
            let item = || text("flag").or_else(|| text("setting"));
            let kind = text(field::CHANGE).unwrap_or_else(|| "change".to_owned());
            let namespace = || {
                let name = record.fields.text("namespace")?;
                pod::environment(name).map(str::to_owned)
            };
            // Of a setting its name tells more than its value.
            let version = match kind.as_str() {
                "config" | "flag" => item().or_else(|| text(field::VERSION)),
                _ => text(field::VERSION),
            };
            Signal {
                rule: RULE.name,
                from: at,
                to: None,
                service: named.changed(record),
                sign: Sign::Change(Change {
                    kind,
                    version,
                    state,
                    open: !conclusive.contains(&kept.cite.file),
                    actor: record.actor.as_ref().map(|a| a.name.to_string()),
                    environment: text(field::ENVIRONMENT).or_else(namespace),
                    message: record.message.to_string(),
                }),
                evidence: Evidence::new(kept.cite),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::Cite;
    use recon_parsers::stamp::SECOND;
    use recon_parsers::{Basis, Precision, Record, Stamp};

    fn kept(state: ChangeState, namespace: &'static str) -> Kept {
        let mut record = Record::new(Kind::Change(state), "deploy kiln 3.2");
        record.fields.push("namespace", namespace);
        Kept {
            at: Some(Stamp {
                nanos: SECOND,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            }),
            since: None,
            cite: Cite {
                file: FileId(0),
                offset: 0,
                len: 1,
            },
            record,
        }
    }

    /// How many of changes reach users.
    fn live(kept: Vec<Kept>) -> usize {
        let survey = Survey {
            kept,
            ..Survey::default()
        };
        let live = |s: &&Signal| matches!(&s.sign, Sign::Change(c) if c.is_live());
        find(&survey).iter().filter(live).count()
    }

    /// Whether a change in this namespace reaches users.
    fn is_live(namespace: &'static str) -> bool {
        live(vec![kept(ChangeState::Finished, namespace)]) > 0
    }

    #[test]
    fn what_begins_counts_where_no_end_is_told() {
        let state =
            |states: &[ChangeState]| live(states.iter().map(|s| kept(*s, "production")).collect());
        use ChangeState::{Finished, Started};
        assert_eq!(state(&[Started, Started]), 2);
        assert_eq!(state(&[Started, Finished, Started]), 1);
    }

    /// What was changed, where a log of `kiln` is there and Mira writes.
    fn changed(service: &'static str, said: &'static str) -> Option<String> {
        let mut change = kept(ChangeState::Finished, "production");
        change.record.service = Some(service.into());
        change.record.message = said.into();
        let mut chat = kept(ChangeState::Finished, "");
        chat.record = Record::new(Kind::Chat, "morning");
        chat.record.actor = Some(recon_parsers::Actor {
            name: "Mira Holt".into(),
            bot: false,
        });
        let mut survey = Survey {
            kept: vec![change, chat],
            ..Survey::default()
        };
        survey.services.entry("kiln".to_owned()).or_default();
        find(&survey).into_iter().next()?.service
    }

    #[test]
    fn a_word_of_a_change_is_a_service_if_anything_else_knows_it_or_its_place_says_so() {
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(changed("kiln", "kiln limits lowered"), some("kiln"));
        assert_eq!(changed("limit", "connection limit lowered"), None);
        assert_eq!(changed("logo", "logo of kiln updated"), some("kiln"));
        assert_eq!(changed("press", "deployed press 2.1.0"), some("press"));
        assert_eq!(changed("press", "new rollers"), some("press"));
        assert_eq!(changed("mira", "rollback (mira)"), None);
    }

    #[test]
    fn a_namespace_may_be_an_environment() {
        assert!(is_live("pottery"));
        assert!(is_live("production"));
        assert!(!is_live("staging"));
        assert!(!is_live("pottery-uat"));
    }
}
