//! Changes: deploys, configuration, flags, migrations, restarts.

use super::{Change, Rule, Sign, Signal};
use crate::cite::{Evidence, FileId};
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::token::pod;
use recon_parsers::{ChangeState, Kind};
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

fn find(survey: &Survey) -> Vec<Signal> {
    let conclusive = conclusive(survey);
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
                service: record.service.as_deref().map(str::to_owned),
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

    #[test]
    fn a_namespace_may_be_an_environment() {
        assert!(is_live("pottery"));
        assert!(is_live("production"));
        assert!(!is_live("staging"));
        assert!(!is_live("pottery-uat"));
    }
}
