//! The service that most likely failed first: what the alert, the fix, the likeliest change and
//! the earliest errors point at. Front services that only pass failures on count less.

use super::group::Group;
use super::milestones::Milestones;
use super::model::{Culprit, Involved, Milestone, Suspect, SuspectKind};
use super::names;
use super::suspects::change_milestone;
use crate::cite::Evidence;
use crate::signal::{Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;

/// What each kind of evidence weighs; in hindsight the fix names the cause.
const FIX: f64 = 0.35;
const CHANGE: f64 = 0.35;
const GRAVE_ALERT: f64 = 0.25;
const ALERT: f64 = 0.08;
const PAGE: f64 = 0.10;
const BURST: f64 = 0.05;
const FIRST_ERRORS: f64 = 0.20;
const MESSAGE: f64 = 0.15;
/// Less evidence than this in all makes nobody a culprit with confidence.
const LITTLE: f64 = 0.4;

/// Services with the weight of what speaks against them.
#[derive(Default)]
struct Votes(Vec<(String, f64, Evidence)>);

impl Votes {
    fn add(&mut self, service: Option<&String>, weight: f64, evidence: &Evidence) {
        let Some(service) = service else { return };
        match self.0.iter_mut().find(|(s, ..)| names::same(s, service)) {
            Some((_, w, e)) => {
                *w += weight;
                *e = e.clone().and(evidence);
            }
            None => self.0.push((service.clone(), weight, evidence.clone())),
        }
    }

    fn win(mut self) -> Option<(String, f64, Evidence)> {
        self.0
            .sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let total: f64 = self.0.iter().map(|v| v.1).sum();
        let (service, weight, evidence) = self.0.into_iter().next()?;
        Some((service, (weight / total.max(LITTLE)).min(1.0), evidence))
    }
}

/// The likeliest service, if anything speaks against any.
pub(super) fn culprit(
    group: &Group<'_>,
    all: &Milestones,
    suspects: &[Suspect],
) -> Option<Culprit> {
    let mut votes = Votes::default();
    let fix = all[Milestone::FixDeployed as usize]
        .as_ref()
        .map(|m| m.claim.evidence.first());
    for signal in group
        .changes
        .iter()
        .filter(|s| Some(s.evidence.first()) == fix)
    {
        votes.add(signal.service.as_ref(), FIX, &signal.evidence);
    }
    if let Some(suspect) = change_milestone(suspects) {
        votes.add(
            suspect.service.as_ref(),
            CHANGE * suspect.score,
            &suspect.evidence,
        );
    }
    for alert in &group.alerts {
        let grave = matches!(&alert.sign, Sign::Alert(a) if a.is_grave());
        votes.add(
            alert.service.as_ref(),
            if grave { GRAVE_ALERT } else { ALERT },
            &alert.evidence,
        );
    }
    for page in group.pages.iter().take(1) {
        votes.add(page.service.as_ref(), PAGE, &page.evidence);
    }
    bursts(&mut votes, &group.bursts);
    if let Some(suspect) = suspects.iter().find(|s| s.kind == SuspectKind::Template) {
        votes.add(
            suspect.service.as_ref(),
            MESSAGE * suspect.score,
            &suspect.evidence,
        );
    }
    let (service, confidence, evidence) = votes.win()?;
    Some(Culprit {
        service: plain(group, service),
        confidence,
        evidence,
    })
}

fn bursts(votes: &mut Votes, bursts: &[&Signal]) {
    let Some(first) = bursts.iter().map(|b| b.from.nanos).min() else {
        return;
    };
    for burst in bursts {
        let Sign::Burst(detail) = &burst.sign else {
            continue;
        };
        #[allow(clippy::cast_precision_loss)]
        let early = (-((burst.from.nanos - first) as f64) / (60.0 * SECOND as f64)).exp();
        // A service's own log speaks of the service; requests fail in front of whatever failed.
        let own = if detail.what == What::Errors {
            FIRST_ERRORS * early
        } else {
            0.0
        };
        votes.add(burst.service.as_ref(), BURST + own, &burst.evidence);
    }
}

/// The name that logs use for a service, rather than a paging product's.
fn plain(group: &Group<'_>, service: String) -> String {
    group
        .services
        .iter()
        .find(|s| names::same(s, &service))
        .cloned()
        .unwrap_or(service)
}

/// Services that took part, the culprit first.
pub(super) fn involved(group: &Group<'_>, culprit: Option<&Culprit>) -> Vec<Involved> {
    let mut all: Vec<Involved> = culprit
        .map(|c| Involved {
            service: c.service.clone(),
            culprit: true,
        })
        .into_iter()
        .collect();
    for service in &group.services {
        if !all.iter().any(|i| names::same(&i.service, service)) {
            all.push(Involved {
                service: service.clone(),
                culprit: false,
            });
        }
    }
    all
}
