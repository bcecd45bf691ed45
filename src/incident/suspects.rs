//! Candidates for the cause, ranked by features that are shown. Nothing here says "caused".

use super::group::Group;
use super::milestones::Milestones;
use super::milestones::change_of;
use super::model::{Milestone, Suspect, SuspectKind};
use crate::cite::Evidence;
use crate::lexicon::Act;
use crate::signal::{Change, Signal};
use crate::survey::{Rate, Survey, What};
use crate::template;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Precision, Stamp};

/// Changes up to so long (6 hours) before the onset are looked at.
const BEFORE: i64 = 6 * 3600 * SECOND;
/// A change may be recorded so long (a minute) after its first effect.
const AFTER: i64 = 60 * SECOND;
/// Suspects shown.
const SHOWN: usize = 5;
/// Below this a change is not worth a milestone.
const LIKELY: f64 = 0.45;

/// The suspects, best first. `text` gives the words of a cited message.
pub(super) fn rank(
    group: &Group<'_>,
    survey: &Survey,
    all: &Milestones,
    text: &mut dyn FnMut(crate::cite::Cite) -> String,
) -> Vec<Suspect> {
    let onset = all[Milestone::ImpactStart as usize]
        .as_ref()
        .map_or(group.from, |m| m.claim.value.nanos);
    let mut suspects: Vec<Suspect> = group
        .changes
        .iter()
        .filter_map(|s| change(group, s, onset))
        .collect();
    suspects.extend(templates(group, survey, onset, text));
    suspects.extend(group.silences.iter().map(|s| silence(s, onset)));
    suspects.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.at.cmp(&b.at))
            .then(a.what.cmp(&b.what))
    });
    suspects.truncate(SHOWN);
    suspects
}

/// Puts the likeliest change into its milestone.
pub(super) fn change_milestone(suspects: &[Suspect]) -> Option<&Suspect> {
    suspects
        .iter()
        .find(|s| s.kind == SuspectKind::Change && s.score >= LIKELY)
}

fn change(group: &Group<'_>, signal: &Signal, onset: i64) -> Option<Suspect> {
    let change = change_of(signal)?;
    let at = signal.from.nanos;
    if !change.is_live() || !(onset - BEFORE..=onset + AFTER).contains(&at) {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let near = (-((onset - at).max(0) as f64) / (1800.0 * SECOND as f64)).exp();
    let own = f64::from(u8::from(
        group.concerns(signal.service.as_deref(), &change.message),
    ));
    let undone = reversal(group, signal, change, onset);
    let kind = match change.kind.as_str() {
        "deploy" | "config" | "flag" | "rollout" => 1.0,
        "migration" | "secret" | "certificate" | "rotation" => 0.9,
        "restart" | "scale" => 0.4,
        _ => 0.6,
    };
    let features = vec![
        ("time", near),
        ("same service", own),
        ("undone by the fix", undone),
        ("kind of change", kind),
    ];
    let score = 0.30 * near + 0.30 * own + 0.30 * undone + 0.10 * kind;
    Some(Suspect {
        kind: SuspectKind::Change,
        what: describe(signal),
        service: signal.service.clone(),
        at: Some(signal.from),
        score,
        features,
        evidence: signal.evidence.clone(),
    })
}

/// Whether what ended the incident undid or corrected this change: a rollback or a change of the
/// same kind on the same service after the onset, or words that name its version or time.
fn reversal(group: &Group<'_>, signal: &Signal, change: &Change, onset: i64) -> f64 {
    let later = group
        .changes
        .iter()
        .filter(|s| s.from.nanos > onset && s.service == signal.service);
    let undone = later
        .filter_map(|s| change_of(s))
        .any(|c| c.is_live() && (c.kind == "rollback" || c.kind == change.kind));
    let clock = clock_of(signal.from);
    let named = group
        .said
        .iter()
        .filter(|s| s.from.nanos > onset)
        .filter_map(|s| super::milestones::words(s))
        .any(|said| {
            let tells = said
                .statements
                .iter()
                .any(|x| matches!(x.act, Act::Identified | Act::Fix) && x.holds());
            tells
                && (change
                    .version
                    .as_deref()
                    .is_some_and(|v| said.text.contains(v))
                    || said.text.contains(&clock))
        });
    match (undone, named) {
        (true, true) => 1.0,
        (true, false) | (false, true) => 0.8,
        _ => 0.0,
    }
}

/// `10:26`, as people name the time of a change.
fn clock_of(at: Stamp) -> String {
    at.rfc3339().get(11..16).unwrap_or("--:--").to_owned()
}

/// `config change identity-config@e41c7 of identity`.
pub(super) fn describe(signal: &Signal) -> String {
    let Some(change) = change_of(signal) else {
        return String::new();
    };
    let mut text = match change.kind.as_str() {
        "config" | "flag" => format!("{} change", change.kind),
        kind => kind.to_owned(),
    };
    if let Some(version) = &change.version {
        text = format!("{text} {version}");
    }
    if let Some(service) = &signal.service {
        text = format!("{text} of {service}");
    }
    text
}

/// Messages that began or rose with the impact, in services that hurt or in any if none is known.
fn templates(
    group: &Group<'_>,
    survey: &Survey,
    onset: i64,
    text: &mut dyn FnMut(crate::cite::Cite) -> String,
) -> Vec<Suspect> {
    let (from, to) = (onset.div_euclid(SECOND), group.to.div_euclid(SECOND));
    let mut found = Vec::new();
    for (service, tally) in &survey.services {
        let span = tally
            .rates
            .get(&What::Entries)
            .and_then(|r| Some((r.first()?, r.last()?)));
        let Some((first, _)) = span else { continue };
        let quiet = from - first.nanos.div_euclid(SECOND);
        let mut own: Vec<Suspect> = Vec::new();
        for ((level, _), rate) in tally.templates.iter() {
            let Some(risen) = Risen::of(rate, from, to, quiet) else {
                continue;
            };
            if risen.count < 5 || risen.novelty < 0.5 {
                continue;
            }
            let severity = level.map_or(0.3, |l| {
                f64::from(u8::from(l >= recon_parsers::Level::Error))
            });
            let concerned = f64::from(u8::from(group.concerns(Some(service), "")));
            let features = vec![
                ("novelty", risen.novelty),
                ("lead", risen.lead),
                ("ends with it", risen.bilateral),
                ("severity", severity),
                ("affected service", concerned),
            ];
            let score = 0.30 * risen.novelty
                + 0.25 * risen.lead
                + 0.15 * risen.bilateral
                + 0.10 * severity
                + 0.10 * concerned;
            own.push(Suspect {
                kind: SuspectKind::Template,
                what: String::new(),
                service: Some(service.clone()),
                at: Some(Stamp {
                    nanos: risen.first.nanos,
                    precision: Precision::Fraction(3),
                    basis: Basis::Stated,
                }),
                score,
                features,
                evidence: Evidence::new(risen.first.cite),
            });
        }
        own.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.evidence.first().cmp(&b.evidence.first()))
        });
        own.truncate(2);
        for mut suspect in own {
            suspect.what = template::render(&text(suspect.evidence.first()));
            found.push(suspect);
        }
    }
    found
}

struct Risen {
    count: u64,
    novelty: f64,
    lead: f64,
    bilateral: f64,
    first: crate::survey::Mark,
}

impl Risen {
    #[allow(clippy::cast_precision_loss)]
    fn of(rate: &Rate, from: i64, to: i64, quiet: i64) -> Option<Self> {
        let count = rate.between(from - 30, to + 1);
        let before = rate.between(from - quiet, from - 30);
        let after = rate.between(to + 120, to + 120 + (to - from).max(600));
        let first = rate.first_from(from - 30)?;
        let per = |n: u64, seconds: i64| (n as f64 + 0.1) / seconds.max(1) as f64;
        let rise = per(count, to - from) / per(before, quiet.max(60));
        let late = (first.nanos.div_euclid(SECOND) - from).max(0) as f64;
        Some(Self {
            count,
            novelty: if before == 0 {
                1.0
            } else {
                (rise.log2() / 6.0).clamp(0.0, 1.0)
            },
            lead: (-late / 60.0).exp(),
            bilateral: f64::from(u8::from(after * 10 <= count)),
            first,
        })
    }
}

fn silence(signal: &Signal, onset: i64) -> Suspect {
    #[allow(clippy::cast_precision_loss)]
    let near = (-((signal.from.nanos - onset).abs() as f64) / (300.0 * SECOND as f64)).exp();
    Suspect {
        kind: SuspectKind::Silence,
        what: format!(
            "{} stopped logging",
            signal.service.as_deref().unwrap_or("a source")
        ),
        service: signal.service.clone(),
        at: Some(signal.from),
        score: 0.2 + 0.4 * near,
        features: vec![("time", near)],
        evidence: signal.evidence.clone(),
    }
}
