//! Changes: deploys, configuration, flags, migrations, restarts.

use super::{Change, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::Survey;
use recon_parsers::Kind;
use recon_parsers::record::field;

pub(super) const RULE: Rule = Rule {
    name: "change",
    find,
};

fn find(survey: &Survey) -> Vec<Signal> {
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
                    actor: record.actor.as_ref().map(|a| a.name.to_string()),
                    environment: text(field::ENVIRONMENT),
                    message: record.message.to_string(),
                }),
                evidence: Evidence::new(kept.cite),
            }
        })
        .collect()
}
