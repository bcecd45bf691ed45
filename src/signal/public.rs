//! What a status page tells the public is what those who work on it have found out and said before, in words that
//! give nothing away. It counts where nobody else says it.

use super::{Sign, Signal};
use crate::cite::Cite;
use crate::survey::Kept;
use recon_parsers::Record;
use recon_parsers::record::field;
use recon_parsers::stamp::SECOND;
use std::collections::BTreeSet;

/// How long after people's words (an hour) a status page may repeat them.
const AFTER: i64 = 3600 * SECOND;
/// How long before people's words (a quarter of an hour) it may tell the same.
const BEFORE: i64 = 900 * SECOND;
/// People's words of less are no words of it.
const SURE: f32 = 0.6;

/// Whether an entry is of a status page.
pub(super) fn is(record: &Record<'_>) -> bool {
    record.fields.text(field::CLAIMED) == Some("status page")
}

/// Takes the statements of status pages back that people make, too. A time that a page states of the impact stays:
/// it is no time of posting.
pub(super) fn leave_to_people<'k>(found: &mut Vec<Signal>, kept: impl Iterator<Item = &'k Kept>) {
    let posted = kept.filter(|k| is(&k.record) && k.record.fields.text("step").is_none());
    let posted: BTreeSet<Cite> = posted.map(|k| k.cite).collect();
    if posted.is_empty() {
        return;
    }
    let public = |s: &Signal| posted.contains(&s.evidence.first());
    let mut told = Vec::new();
    for signal in found.iter().filter(|s| !public(s)) {
        if let Sign::Said(said) = &signal.sign {
            let sure = said.statements.iter().filter(|x| x.score >= SURE);
            told.extend(sure.map(|x| (x.act, signal.from.nanos)));
        }
    }
    let near = |by: i64, at: i64| (at - AFTER..=at + BEFORE).contains(&by);
    found.retain_mut(|signal| {
        let at = signal.from.nanos;
        if !public(signal) {
            return true;
        }
        let Sign::Said(said) = &mut signal.sign else {
            return true;
        };
        said.statements
            .retain(|x| !told.iter().any(|(act, by)| *act == x.act && near(*by, at)));
        !said.statements.is_empty() || !said.asides.is_empty()
    });
}
