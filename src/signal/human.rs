//! What people said: chat, notes on pages, timelines of written documents.

use super::{Place, Rule, Said, Sign, Signal, channels, public, recap};
use crate::cite::{Evidence, FileId};
use crate::lexicon::{self, Heard, Names, Turn};
use crate::survey::{Kept, Survey};
use recon_parsers::record::field;
use recon_parsers::{Kind, PageAct};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "human",
    find,
};

fn find(survey: &Survey) -> Vec<Signal> {
    let changed = survey
        .kept
        .iter()
        .filter(|k| !matches!(k.record.kind, Kind::Chat | Kind::Note | Kind::Ticket))
        .filter_map(|k| k.record.service.as_deref());
    let logged = survey.services.keys().map(String::as_str);
    let actors = survey.kept.iter().filter_map(|k| k.record.actor.as_ref());
    let people = actors.filter(|a| !a.bot).map(|a| a.name.as_ref());
    let names = Names::new(logged.chain(changed)).with_people(people);
    let mut told = BTreeSet::new();
    // A payload that tells all that was said before is sent again with each further word.
    let talk = |k: &&Kept| matches!(k.record.kind, Kind::Chat | Kind::Page(_) | Kind::Note);
    let fresh = survey.kept.iter().filter(talk).filter(|kept| {
        let id = kept.record.fields.text(field::ID);
        let nanos = kept.at.map(|a| a.nanos);
        let words = &kept.record.message;
        id.is_none_or(|id| told.insert((id, nanos, words)))
    });
    let fresh: Vec<&Kept> = fresh.collect();
    let mut found: Vec<Signal> = Vec::new();
    let talked = fresh
        .iter()
        .copied()
        .filter(|k| is_talk(k) && k.at.is_some());
    for channel in channels::of(talked) {
        let turns: Vec<Turn<'_>> = channel.said.iter().map(|k| turn(k)).collect();
        let heard = lexicon::converse(&turns, &names).into_iter();
        let all = channel.said.iter().zip(heard);
        found.extend(all.filter_map(|(k, h)| said(k, channel.file, h)));
    }
    let alone = fresh.iter().filter(|k| !is_talk(k));
    found.extend(
        alone.filter_map(|k| said(k, k.cite.file, lexicon::hear(&k.record.message, &names))),
    );
    found.sort_by_key(|s| (s.from.nanos, s.evidence.first()));
    public::leave_to_people(&mut found, fresh.iter().copied());
    found
}

/// Whether an entry is a person's message in a conversation, or their note on a page: bots repeat what alerts and
/// deploys say for themselves.
fn is_talk(kept: &Kept) -> bool {
    let talk = matches!(
        kept.record.kind,
        Kind::Chat | Kind::Page(PageAct::Annotated)
    );
    talk && !is_bot(kept)
}

fn is_bot(kept: &Kept) -> bool {
    kept.record.actor.as_ref().is_some_and(|a| a.bot)
}

fn turn(kept: &Kept) -> Turn<'_> {
    let nanos = kept.at.map_or(0, |a| a.nanos);
    Turn {
        second: nanos.div_euclid(recon_parsers::stamp::SECOND),
        who: kept.record.actor.as_ref().map(|a| a.name.as_ref()),
        text: &kept.record.message,
        quotes: kept.record.fields.text(field::ANSWERS),
    }
}

fn said(kept: &Kept, channel: FileId, mut heard: Heard) -> Option<Signal> {
    let record = &kept.record;
    let place = match record.kind {
        Kind::Chat => Place::Chat,
        Kind::Page(PageAct::Annotated) => Place::Page,
        Kind::Note
            if record
                .fields
                .text(field::SECTION)
                .is_none_or(|s| s == "timeline") =>
        {
            Place::Document
        }
        _ => return None,
    };
    if is_bot(kept) {
        return None;
    }
    if place == Place::Chat {
        recap::leave_to_the_day(&mut heard, &record.message);
    }
    // Every entry of a written timeline counts; of chat only what says something.
    if heard.statements.is_empty() && heard.asides.is_empty() && place != Place::Document {
        return None;
    }
    Some(Signal {
        rule: RULE.name,
        from: kept.at?,
        to: None,
        service: record.service.as_deref().map(str::to_owned),
        sign: Sign::Said(Said {
            text: record.message.to_string(),
            actor: record.actor.as_ref().map(|a| a.name.to_string()),
            place,
            channel,
            statements: heard.statements,
            asides: heard.asides,
        }),
        evidence: Evidence::new(kept.cite),
    })
}
