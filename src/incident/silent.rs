//! Workers that stop. Nobody asks them for anything, so that no request fails: there is the gap in
//! their log, and those who notice what is no longer done.

use super::group::{Group, SLACK};
use super::{names, words_of};
use crate::lexicon::Act;
use crate::signal::{Said, Sign, Signal};
use recon_parsers::PageAct;
use recon_parsers::stamp::SECOND;

/// A service that is restarted is silent for less (three minutes).
const LASTS: i64 = 180 * SECOND;
/// Statements that are as sure as this count.
const SURE: f32 = 0.6;
/// What works on a trouble. One of them is needed, and a second message that tells of it.
const WORK: [Act; 5] = [
    Act::Acknowledged,
    Act::Declared,
    Act::Escalated,
    Act::Identified,
    Act::Fix,
];
/// What tells of a trouble without working on it.
const TROUBLE: [Act; 5] = [
    Act::Detected,
    Act::Impact,
    Act::Investigating,
    Act::Hypothesis,
    Act::Recovery,
];

/// Makes incidents of long silences that an alert, a page or people's words are about. Where
/// anything failed at the time, that tells more, and a silence is a part of it.
pub(super) fn begin<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal], end: i64) {
    let mut found: Vec<Group<'s>> = Vec::new();
    for signal in signals.iter().copied() {
        let to = signal.to.map_or(end, |t| t.nanos);
        let long = to.saturating_sub(signal.from.nanos) >= LASTS;
        let beside =
            |g: &Group<'_>| signal.from.nanos <= g.to.saturating_add(SLACK) && to >= g.from - SLACK;
        if !matches!(signal.sign, Sign::Silence { .. })
            || !long
            || groups.iter().any(beside)
            || !is_noticed(signal, to, signals)
        {
            continue;
        }
        let own = Group {
            stopped: vec![signal],
            from: signal.from.nanos,
            to,
            services: signal.service.iter().cloned().collect(),
            ..Group::default()
        };
        match found.iter_mut().find(|g| beside(g)) {
            Some(group) => {
                group.stopped.extend(own.stopped);
                group.to = group.to.max(to);
                group.services.extend(own.services);
            }
            None => found.push(own),
        }
    }
    groups.append(&mut found);
}

/// Whether an alert or a page is about a service that fell silent, or people work on it.
fn is_noticed(silence: &Signal, to: i64, signals: &[&Signal]) -> bool {
    let Some(service) = silence.service.as_deref() else {
        return false;
    };
    let within = silence.from.nanos..=to.saturating_add(SLACK);
    let near: Vec<&&Signal> = signals
        .iter()
        .filter(|s| within.contains(&s.from.nanos))
        .collect();
    let about = |s: &Signal, text: &str| {
        let own = s.service.as_deref();
        own.is_some_and(|o| names::same(o, service)) || names::mentions(text, service)
    };
    let told = near.iter().any(|s| match &s.sign {
        Sign::Alert(alert) => {
            !alert.is_minor() && about(s, &format!("{} {}", alert.name, alert.summary))
        }
        Sign::Page(page) => page.act == PageAct::Acknowledged && about(s, &page.title),
        _ => false,
    });
    let tells = |acts: &'static [Act]| {
        let said = near.iter().filter_map(|s| words_of(s));
        let own = said.filter(|w| names::mentions(&w.text, service));
        own.filter(move |w| does(w, acts)).count()
    };
    let work = tells(&WORK);
    told || work > 0 && work + tells(&TROUBLE) > 1
}

fn does(said: &Said, acts: &[Act]) -> bool {
    let mut all = said.statements.iter();
    all.any(|x| acts.contains(&x.act) && x.score >= SURE && (x.holds() || x.act == Act::Hypothesis))
}
