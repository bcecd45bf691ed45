//! Candidates for the cause, ranked by features that are shown. Nothing here says "caused".

use super::group::Group;
use super::milestones::{Milestones, change_of, fixing, naming};
use super::model::{Milestone, Suspect, SuspectKind};
use super::{names, own};
use crate::cite::{Cite, Evidence};
use crate::signal::{Change, Signal};
use crate::survey::{Mark, OWN, Rate, Survey, What};
use crate::template;
use recon_parsers::stamp::SECOND;
use recon_parsers::{Basis, Level, Precision, Stamp};
use std::ops::Range;

/// Changes up to so long (6 hours) before the onset are looked at.
const BEFORE: i64 = 6 * 3600 * SECOND;
/// A change may be recorded so long (a minute) after its first effect.
const AFTER: i64 = 60 * SECOND;
/// A change so long (5 minutes) after the failures ended may still be what ended them.
const LATE: i64 = 300 * SECOND;
/// A start that only a log tells of, so close (half a minute) to the onset or after it, is of what fell over.
const FALLS: i64 = 30 * SECOND;
/// Suspects shown.
const SHOWN: usize = 5;
/// Below this a change is not worth a milestone.
const LIKELY: f64 = 0.45;

/// What a message that begins with the trouble, or after it, counts of what one before it would:
/// a symptom is loud and comes after its cause.
const SYMPTOM: f64 = 0.7;

/// The suspects, best first.
pub(super) fn rank(
    group: &Group<'_>,
    risen: &[Risen],
    odd: Vec<Suspect>,
    all: &Milestones,
) -> Vec<Suspect> {
    let at = |which: Milestone| all[which as usize].as_ref().map(|m| m.claim.value.nanos);
    let onset = at(Milestone::ImpactStart).unwrap_or(group.from);
    let span = onset..at(Milestone::Mitigated).map_or(group.to, |t| t.saturating_add(LATE));
    let fix = all[Milestone::FixDeployed as usize].as_ref();
    let fix = fix.map(|m| m.claim.evidence.first());
    let changes = group.changes.iter().copied();
    let mut suspects: Vec<Suspect> = changes
        .filter_map(|s| change(group, s, &span, fix))
        .collect();
    suspects.extend(odd);
    suspects.extend(risen.iter().map(|r| r.suspect(group, onset)));
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

fn change(
    group: &Group<'_>,
    signal: &Signal,
    span: &Range<i64>,
    fix: Option<Cite>,
) -> Option<Suspect> {
    let (change, onset) = (change_of(signal)?, span.start);
    let at = signal.from.nanos;
    if !change.is_live() || !(onset - BEFORE..=onset + AFTER).contains(&at) {
        return None;
    }
    // What falls over is started again: nobody who did it on purpose told of it anywhere else.
    if signal.rule == own::RULE && change.kind == "restart" && at > onset - FALLS {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let near = (-((onset - at).max(0) as f64) / (1800.0 * SECOND as f64)).exp();
    let own = group.concerns(signal.service.as_deref(), &change.message)
        || is_blamed(group, signal, onset)
        || is_mended(group, signal, fix);
    let own = f64::from(u8::from(own));
    let undone = reversal(group, signal, change, span);
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
        words: None,
        service: signal.service.clone(),
        at: Some(signal.from),
        score,
        features,
        evidence: signal.evidence.clone(),
    })
}

/// Whether people named the changed service as the cause: slow answers are measured at the front
/// alone, which says of no service behind it that it was concerned.
fn is_blamed(group: &Group<'_>, signal: &Signal, onset: i64) -> bool {
    let Some(service) = signal.service.as_deref() else {
        return false;
    };
    naming(group)
        .filter(|(s, _)| s.from.nanos > onset)
        .any(|(_, said)| names::mentions(&said.text, service))
}

/// Whether the repair was made to the changed service.
fn is_mended(group: &Group<'_>, signal: &Signal, fix: Option<Cite>) -> bool {
    let mut changes = group.changes.iter();
    let fix = changes.find(|c| Some(c.evidence.first()) == fix);
    fix.is_some_and(|f| f.evidence.first() != signal.evidence.first())
        && fix.is_some_and(|f| f.service.is_some() && same_service(f, signal))
}

/// Whether what ended the incident undid or corrected this change: a change of the same service
/// that says so, or of the same kind where the service hurts; or words that name it.
fn reversal(group: &Group<'_>, signal: &Signal, change: &Change, span: &Range<i64>) -> f64 {
    let concerned = group.concerns(signal.service.as_deref(), "");
    let undoes = |s: &&Signal| {
        let Some(later) = change_of(s).filter(|c| c.is_live()) else {
            return false;
        };
        let mended = ["rollback", "revert", "hotfix", "fix"].contains(&later.kind.as_str());
        let text = later.message.to_lowercase();
        let says = ["revert", "roll back", "rollback", "undo", "restore"]
            .iter()
            .any(|w| text.contains(w));
        let names = change
            .version
            .as_deref()
            .is_some_and(|v| later.message.contains(v) && later.version.as_deref() != Some(v));
        let alike = later.kind == change.kind || later.kind == "config" || later.kind == "flag";
        same_service(s, signal) && (mended || says || names || concerned && alike)
    };
    let mut later = group
        .changes
        .iter()
        .filter(|s| span.contains(&s.from.nanos));
    let undone = later.any(undoes);
    let clock = clock_of(signal.from);
    let named = naming(group)
        .chain(fixing(group))
        .filter(|(s, _)| s.from.nanos > span.start)
        .any(|(_, said)| {
            let version = change.version.as_deref().filter(|v| v.len() > 2);
            version.is_some_and(|v| said.text.contains(v)) || said.text.contains(&clock)
        });
    match (undone, named) {
        (true, true) => 1.0,
        (true, false) | (false, true) => 0.8,
        _ => 0.0,
    }
}

fn same_service(a: &Signal, b: &Signal) -> bool {
    match (&a.service, &b.service) {
        (Some(a), Some(b)) => names::same(a, b),
        (a, b) => a == b,
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

/// A message that began or rose with the impact.
#[derive(Clone, Debug)]
pub(super) struct Risen {
    /// Who said it.
    pub(super) service: String,
    /// The words of its first entry.
    pub(super) text: String,
    novelty: f64,
    lead: f64,
    bilateral: f64,
    severity: f64,
    first: Mark,
}

/// Messages of a service that are looked at.
const MESSAGES: usize = 2;

/// Messages that began or rose with the impact, the two of each service that stand out most.
/// `text` gives the words at a citation.
pub(super) fn risen(
    group: &Group<'_>,
    survey: &Survey,
    onset: i64,
    text: &mut dyn FnMut(Cite) -> String,
) -> Vec<Risen> {
    let (from, to) = (onset.div_euclid(SECOND), group.to.div_euclid(SECOND));
    let mut found = Vec::new();
    for (service, tally) in &survey.services {
        let entries = tally.rates.get(&What::Entries);
        let Some(first) = entries.and_then(Rate::first) else {
            continue;
        };
        let quiet = from - first.nanos.div_euclid(SECOND);
        let mut own: Vec<Risen> = tally
            .templates
            .iter()
            .filter(|((level, _), _)| *level != OWN)
            .filter_map(|((level, _), rate)| Risen::of(rate, *level, service, from..to, quiet))
            .collect();
        own.sort_by(|a, b| {
            b.weight()
                .total_cmp(&a.weight())
                .then(a.first.cmp(&b.first))
        });
        own.truncate(MESSAGES);
        for mut message in own {
            message.text = text(message.first.cite);
            found.push(message);
        }
    }
    found
}

impl Risen {
    #[allow(clippy::cast_precision_loss)]
    fn of(
        rate: &Rate,
        level: Option<Level>,
        service: &str,
        window: Range<i64>,
        quiet: i64,
    ) -> Option<Self> {
        let (from, to) = (window.start, window.end);
        let count = rate.between(from - 30, to + 1);
        let before = rate.between(from - quiet, from - 30);
        let after = rate.between(to + 120, to + 120 + (to - from).max(600));
        let first = rate.first_from(from - 30)?;
        let per = |n: u64, seconds: i64| (n as f64 + 0.1) / seconds.max(1) as f64;
        let rise = per(count, to - from) / per(before, quiet.max(60));
        let late = (first.nanos.div_euclid(SECOND) - from).max(0) as f64;
        let novelty = if before == 0 {
            1.0
        } else {
            (rise.log2() / 6.0).clamp(0.0, 1.0)
        };
        (count >= 5 && novelty >= 0.5).then(|| Self {
            service: service.to_owned(),
            text: String::new(),
            novelty,
            lead: (-late / 60.0).exp(),
            bilateral: f64::from(u8::from(after * 10 <= count)),
            severity: level.map_or(0.3, |l| f64::from(u8::from(l >= Level::Error))),
            first,
        })
    }

    fn weight(&self) -> f64 {
        0.30 * self.novelty + 0.25 * self.lead + 0.15 * self.bilateral + 0.10 * self.severity
    }

    fn suspect(&self, group: &Group<'_>, onset: i64) -> Suspect {
        let concerned = f64::from(u8::from(group.concerns(Some(&self.service), "")));
        let precedes = self.first.nanos < onset - 5 * SECOND;
        let timely = if precedes { 1.0 } else { SYMPTOM };
        Suspect {
            kind: SuspectKind::Template,
            what: template::render(&self.text),
            words: Some(self.text.clone()),
            service: Some(self.service.clone()),
            at: Some(Stamp {
                nanos: self.first.nanos,
                precision: Precision::Fraction(3),
                basis: Basis::Stated,
            }),
            score: (self.weight() + 0.10 * concerned) * timely,
            features: vec![
                ("novelty", self.novelty),
                ("lead", self.lead),
                ("ends with it", self.bilateral),
                ("severity", self.severity),
                ("affected service", concerned),
                ("begins before it", f64::from(u8::from(precedes))),
            ],
            evidence: Evidence::new(self.first.cite),
        }
    }

    /// Where it was first said.
    pub(super) const fn cite(&self) -> Cite {
        self.first.cite
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
        words: None,
        service: signal.service.clone(),
        at: Some(signal.from),
        score: 0.2 + 0.4 * near,
        features: vec![("time", near)],
        evidence: signal.evidence.clone(),
    }
}
