//! Steps of pages: triggered, notified, acknowledged, escalated, resolved …

use super::{Page, Rule, Sign, Signal};
use crate::cite::Evidence;
use crate::survey::Survey;
use recon_parsers::Kind;
use recon_parsers::record::field;

pub(super) const RULE: Rule = Rule { name: "page", find };

fn find(survey: &Survey) -> Vec<Signal> {
    let pages = survey
        .kept
        .iter()
        .filter_map(|kept| match (kept.record.kind, kept.at) {
            (Kind::Page(act), Some(at)) => Some((act, at, kept)),
            _ => None,
        });
    pages
        .map(|(act, at, kept)| {
            let record = &kept.record;
            let text = |name| record.fields.text(name).map(str::to_owned);
            Signal {
                rule: RULE.name,
                from: at,
                to: None,
                service: record.service.as_deref().map(str::to_owned),
                sign: Sign::Page(Page {
                    act,
                    id: text(field::ID),
                    title: record.message.to_string(),
                    actor: record.actor.as_ref().map(|a| (a.name.to_string(), a.bot)),
                    to: text("assignee").or_else(|| text("escalation_policy")),
                }),
                evidence: Evidence::new(kept.cite),
            }
        })
        .collect()
}
