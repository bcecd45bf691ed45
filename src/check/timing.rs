//! Stated times against recorded ones.

use super::change::{changed, shares_name};
use super::document::{Of, Postmortem, Told, When};
use super::evidence::{Happening, said, words};
use super::{Finding, Gap, MINUTE, Place, Verdict, extent};
use crate::cite::Cite;
use crate::incident::{Incident, Milestone};
use crate::lexicon::Act;
use crate::report::prose;
use recon_parsers::stamp::{DAY, SECOND};
use std::collections::BTreeSet;

/// A record further than this (six hours) from a claim is of something else.
pub(super) const REACH: i64 = 6 * 3600 * SECOND;

/// A stated time as an instant.
pub(super) struct Dated<'a> {
    pub(super) told: &'a Told,
    pub(super) at: i64,
    pub(super) acts: BTreeSet<Act>,
    pub(super) words: BTreeSet<String>,
}

/// The stated times as instants. Where the document states no zone, the one in which most of its
/// timeline is borne out by what is recorded, if that is another one than UTC.
pub(super) fn read_at<'a>(
    document: &'a Postmortem,
    incident: Option<&Incident>,
    happenings: &[Happening],
) -> (Option<i32>, Vec<Dated<'a>>) {
    let about = incident.and_then(extent);
    let utc = dated(document, about, 0);
    let open = |t: &Told| {
        matches!(
            t.when,
            When::Instant { zoned: false, .. } | When::Clock { east: None, .. }
        )
    };
    if !document.times.iter().all(open) || document.times.is_empty() {
        return (None, utc);
    }
    let fits = |all: &[Dated<'_>]| {
        let listed = all.iter().filter(|d| d.told.of == Of::Event);
        listed.filter(|d| backing(d, happenings).is_some()).count()
    };
    let as_utc = fits(&utc);
    let mut best = (as_utc, 0_i32);
    // Zones lie a whole number of quarters of an hour from UTC; nearly all of half hours.
    for east in (-24..=28).map(|halves| halves * 1800) {
        let n = fits(&dated(document, about, east));
        if n > best.0 || n == best.0 && n > as_utc && east.abs() < best.1.abs() {
            best = (n, east);
        }
    }
    let listed = document.times.iter().filter(|t| t.of == Of::Event).count();
    if best.1 != 0 && best.0 >= 3 && best.0 >= as_utc + 2 && best.0 * 2 >= listed {
        (Some(best.1), dated(document, about, best.1))
    } else {
        (Some(0), utc)
    }
}

fn dated(document: &Postmortem, about: Option<(i64, i64)>, assumed: i32) -> Vec<Dated<'_>> {
    let each = document.times.iter().filter_map(|told| {
        let at = match told.when {
            When::Instant { nanos, zoned: true } => nanos,
            When::Instant { nanos, .. } => nanos - i64::from(assumed) * SECOND,
            When::Clock { nanos, east } => {
                let (from, to) = about?;
                let clock = nanos - i64::from(east.unwrap_or(assumed)) * SECOND;
                let middle = from + (to - from) / 2;
                let days = (middle - clock + DAY / 2).div_euclid(DAY);
                clock + days * DAY
            }
            When::Since(nanos) => about?.0 + nanos,
        };
        Some(Dated {
            told,
            at,
            acts: said(&told.text),
            words: words(&told.text),
        })
    });
    each.collect()
}

impl Dated<'_> {
    /// How well something recorded fits in meaning: 0 not at all.
    fn alike(&self, other: &Happening) -> usize {
        let words = self.words.intersection(&other.words).count();
        let acts = self.acts.intersection(&other.acts).count();
        words + 2 * acts
    }
}

impl Dated<'_> {
    /// The same act; or words in common, two of them or one that is no everyday word.
    fn means(&self, other: &Happening) -> bool {
        let mut words = self.words.intersection(&other.words);
        let telling = |w: &String| w.chars().any(|c| !c.is_alphabetic()) || w.len() >= 7;
        !self.acts.is_disjoint(&other.acts) || words.clone().count() >= 2 || words.any(telling)
    }
}

/// What is recorded at the stated time and means the same.
fn backing<'h>(claim: &Dated<'_>, happenings: &'h [Happening]) -> Option<&'h Happening> {
    let near = happenings
        .iter()
        .filter(|h| (h.at - claim.at).abs() <= claim.told.tolerance && claim.means(h));
    near.max_by_key(|h| (claim.alike(h), -(h.at - claim.at).abs()))
}

/// Each entry of the timeline, and each sentence with one time.
pub(super) fn entries(
    dated: &[Dated<'_>],
    incident: Option<&Incident>,
    happenings: &[Happening],
) -> Vec<Finding> {
    // "Start: 10:30" is held against the start, and tells of no event besides.
    let edge = |d: &&Dated<'_>| {
        dated.iter().any(|e| {
            e.told.of != Of::Event
                && e.at == d.at
                && !d.told.listed
                && overlap(e.told.cite, d.told.cite)
        })
    };
    let events = dated.iter().filter(|d| d.told.of == Of::Event);
    let events = events.filter(|d| !edge(d));
    events.map(|d| event(d, incident, happenings)).collect()
}

fn overlap(a: Cite, b: Cite) -> bool {
    let ends = |c: Cite| c.offset.saturating_add(u64::from(c.len));
    a.file == b.file && a.offset < ends(b) && b.offset < ends(a)
}

fn event(claim: &Dated<'_>, incident: Option<&Incident>, happenings: &[Happening]) -> Finding {
    let finding = |verdict, found, difference, evidence| Finding {
        verdict,
        rule: rule(claim),
        claim: claim.told.words.clone(),
        found,
        difference,
        stated: vec![Place::Document(claim.told.cite)],
        evidence,
    };
    let gap = |at: i64| {
        Some(Gap::Time {
            nanos: at - claim.at,
            tolerance: claim.told.tolerance,
        })
    };
    // Of a deploy that is told by its version only the record of that version says when.
    let named = changed(claim, happenings);
    let backed = backing(claim, happenings);
    let backed = backed.filter(|b| named.is_none_or(|n| b.change || shares_name(claim, b, n)));
    if let Some(same) = backed {
        let place = vec![Place::Input(same.cite)];
        return finding(Verdict::Confirmed, recorded(same), gap(same.at), place);
    }
    if let Some((name, mark)) = milestone(claim, incident).filter(|_| named.is_none()) {
        let at = mark.claim.value.nanos;
        let place = vec![Place::Input(mark.claim.evidence.first())];
        let found = format!("{name} at {}", clock(at));
        if (at - claim.at).abs() <= claim.told.tolerance {
            return finding(Verdict::Confirmed, found, gap(at), place);
        }
    }
    if let Some(other) = elsewhere(claim, happenings) {
        let place = vec![Place::Input(other.cite)];
        return finding(Verdict::Contradicted, recorded(other), gap(other.at), place);
    }
    if let Some((at, place)) = too_early(claim, incident) {
        let found = format!("requests and entries go on failing until {}", clock(at));
        return finding(Verdict::Contradicted, found, gap(at), vec![place]);
    }
    let found = "nothing recorded around that time speaks of it".to_owned();
    finding(Verdict::Unsupported, found, None, vec![])
}

fn rule(claim: &Dated<'_>) -> &'static str {
    let told = [Act::Paged, Act::Escalated, Act::Acknowledged];
    if told.iter().any(|a| claim.acts.contains(a)) {
        "told"
    } else if claim.told.listed {
        "entry"
    } else {
        "time"
    }
}

/// The same thing, recorded by a machine at another time, where no record at the stated time could
/// be meant: the act is the same, and so are the words that tell it from others of its kind; or it
/// is the only one of its kind.
fn elsewhere<'h>(claim: &Dated<'_>, happenings: &'h [Happening]) -> Option<&'h Happening> {
    let within = |h: &&Happening| (h.at - claim.at).abs() <= REACH && h.recorded;
    // An alert that people noticed something by is named one.
    let lower = claim.told.text.to_lowercase();
    let by_machine = ["alert", "alarm", "monitor", "page", "pagerduty", "opsgenie"]
        .iter()
        .any(|w| lower.contains(w));
    let kind = |h: &&Happening| {
        let shared = claim.acts.intersection(&h.acts).copied();
        let mut telling = shared.filter(|a| match a {
            Act::Detected => by_machine,
            Act::Paged | Act::Acknowledged | Act::Escalated => true,
            _ => false,
        });
        telling.next().is_some()
    };
    let mut same: Vec<&Happening> = happenings.iter().filter(within).filter(kind).collect();
    let overlap = |h: &Happening| claim.words.intersection(&h.words).count();
    let best = same.iter().map(|h| overlap(h)).max().unwrap_or(0);
    let only = same.len() == 1;
    same.retain(|h| overlap(h) == best);
    // A deploy or a rollback is known by its subject.
    // Whoever tells of a page means one that was sent, and there is none at the stated time.
    let pages = [Act::Paged, Act::Acknowledged];
    let paged =
        pages.iter().any(|a| claim.acts.contains(a)) && !claim.acts.contains(&Act::Escalated);
    let named = same.into_iter().filter(|_| best >= 1 || only || paged);
    let acted = named.min_by_key(|h| (h.at - claim.at).abs());
    acted.or_else(|| changed(claim, happenings))
}

/// The milestone that a claim tells of by its act.
fn milestone<'i>(
    claim: &Dated<'_>,
    incident: Option<&'i Incident>,
) -> Option<(&'static str, &'i crate::incident::Marked)> {
    let wanted: &[(Act, Milestone)] = &[
        (Act::Impact, Milestone::ImpactStart),
        (Act::Detected, Milestone::Detected),
        (Act::Paged, Milestone::Paged),
        (Act::Acknowledged, Milestone::Acknowledged),
        (Act::Declared, Milestone::Declared),
        (Act::Investigating, Milestone::Investigating),
        (Act::Escalated, Milestone::Escalated),
        (Act::Identified, Milestone::Identified),
        (Act::Fix, Milestone::FixDeployed),
        (Act::Recovery, Milestone::Mitigated),
        (Act::Recovery, Milestone::ImpactEnd),
        (Act::Resolved, Milestone::Mitigated),
        (Act::Resolved, Milestone::Resolved),
    ];
    let marks = wanted
        .iter()
        .filter(|(act, _)| claim.acts.contains(act))
        .filter_map(|(_, which)| Some((which.title(), incident?.milestone(*which)?)));
    marks.min_by_key(|(_, mark)| (mark.claim.value.nanos - claim.at).abs())
}

/// A recovery that is told while users still see failures.
fn too_early(claim: &Dated<'_>, incident: Option<&Incident>) -> Option<(i64, Place)> {
    const FADING: i64 = 5 * MINUTE;
    let whole = claim.acts.contains(&Act::Recovery) || claim.acts.contains(&Act::Resolved);
    let lower = claim.told.text.to_lowercase();
    let partly = [
        "partial",
        "gradual",
        "some ",
        "begin",
        "start",
        "recovering",
        "staging",
        "improv",
    ]
    .iter()
    .any(|w| lower.contains(w));
    let end = incident?
        .milestone(Milestone::ImpactEnd)
        .or_else(|| incident?.milestone(Milestone::Mitigated))?;
    let (from, to) = (
        incident?.when(Milestone::ImpactStart)?.nanos,
        end.claim.value.nanos,
    );
    let slack = claim.told.tolerance.max(FADING);
    let early = claim.at > from && claim.at + slack < to;
    let measured = end.claim.grade != crate::cite::Grade::Claimed;
    (whole && claim.told.listed && !partly && early && measured)
        .then(|| (to, Place::Input(end.claim.evidence.first())))
}

/// Entries of the timeline in the order of what is recorded of them.
pub(super) fn order(dated: &[Dated<'_>], happenings: &[Happening]) -> Vec<Finding> {
    let listed = dated.iter().filter(|d| d.told.listed);
    let backed: Vec<(&Dated<'_>, &Happening)> = listed
        .filter_map(|d| {
            Some((
                d,
                backing(d, happenings).or_else(|| elsewhere(d, happenings))?,
            ))
        })
        .collect();
    if backed.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for pair in backed.windows(2) {
        let [(a, first), (b, second)] = pair else {
            continue;
        };
        let slack = a.told.tolerance.max(b.told.tolerance);
        if a.at <= b.at && first.at > second.at + slack && first.cite != second.cite {
            found.push(Finding {
                verdict: Verdict::Contradicted,
                rule: "order",
                claim: format!("“{}” before “{}”", a.told.words, b.told.words),
                found: format!("{}; {}", recorded(second), recorded(first)),
                difference: Some(Gap::Time {
                    nanos: second.at - first.at,
                    tolerance: slack,
                }),
                stated: vec![Place::Document(a.told.cite), Place::Document(b.told.cite)],
                evidence: vec![Place::Input(second.cite), Place::Input(first.cite)],
            });
        }
    }
    if found.is_empty() {
        let (first, last) = (backed.first(), backed.last());
        let ends = first.into_iter().chain(last);
        found.push(Finding {
            verdict: Verdict::Confirmed,
            rule: "order",
            claim: format!("the order of the timeline ({} entries)", backed.len()),
            found: "what is recorded of them has the same order".to_owned(),
            difference: None,
            stated: ends
                .clone()
                .map(|(d, _)| Place::Document(d.told.cite))
                .collect(),
            evidence: ends.map(|(_, h)| Place::Input(h.cite)).collect(),
        });
    }
    found
}

fn recorded(happening: &Happening) -> String {
    const WIDTH: usize = 120;
    let mut text: String = happening.text.chars().take(WIDTH).collect();
    if text.len() < happening.text.len() {
        text.push('…');
    }
    format!(
        "{} at {}",
        prose::sentence(&text).trim_end_matches('.'),
        clock(happening.at)
    )
}

/// An instant for people.
pub(super) fn clock(nanos: i64) -> String {
    chrono::DateTime::from_timestamp_nanos(nanos)
        .format("%Y-%m-%d %H:%M:%S UTC")
        .to_string()
}
