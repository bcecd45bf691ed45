//! Stated starts, ends and durations against measured ones, and the document against itself.

use super::document::{Of, Postmortem};
use super::timing::{Dated, clock};
use super::{Finding, Gap, MINUTE, Place, Verdict};
use crate::cite::{Evidence, Grade};
use crate::incident::{Incident, Marked, Milestone};
use crate::metrics::{Extent, Metric};
use crate::report::prose;
use recon_parsers::document::{Amount, Quantity, quantities};
use recon_parsers::stamp::SECOND;

/// Where the document contradicts itself.
pub(super) fn contradictions(document: &Postmortem) -> Vec<Finding> {
    let each = document
        .contradictions
        .iter()
        .map(|(text, places)| Finding {
            verdict: Verdict::Contradicted,
            rule: "document",
            claim: text.clone(),
            found: "the document says both".to_owned(),
            difference: None,
            stated: places.iter().map(|c| Place::Document(*c)).collect(),
            evidence: vec![],
        });
    each.collect()
}

/// The stated start and end.
pub(super) fn window(dated: &[Dated<'_>], incident: Option<&Incident>) -> Vec<Finding> {
    let edges = dated.iter().filter(|d| d.told.of != Of::Event);
    edges.map(|d| edge(d, incident)).collect()
}

fn edge(claim: &Dated<'_>, incident: Option<&Incident>) -> Finding {
    let (rule, which): (_, &[Milestone]) = match claim.told.of {
        Of::Start => ("start", &[Milestone::ImpactStart]),
        _ => (
            "end",
            &[
                Milestone::ImpactEnd,
                Milestone::Mitigated,
                Milestone::Resolved,
            ],
        ),
    };
    // A document that stands among the inputs does not bear itself out.
    let measured = |m: &&Marked| m.claim.grade != Grade::Claimed || m.claim.rule != "document";
    let marks = which
        .iter()
        .filter_map(|w| Some((*w, incident?.milestone(*w)?)));
    let marks: Vec<(Milestone, &Marked)> = marks.filter(|(_, m)| measured(m)).collect();
    // What was concluded by a rule is as exact as the minute that the rule counts by.
    let allowed = |m: &Marked| match m.claim.grade {
        Grade::Inferred => claim.told.tolerance + MINUTE,
        _ => claim.told.tolerance,
    };
    let off = |m: &Marked| {
        let at = m.claim.value.nanos;
        let from = m.not_before.map_or(at, |s| s.nanos.min(at));
        if claim.at < from {
            from - claim.at
        } else {
            (at - claim.at).min(0)
        }
    };
    let nearest = marks.iter().min_by_key(|(_, m)| off(m).abs());
    let stated = vec![Place::Document(claim.told.cite)];
    let claimed = format!("{rule}: {}", claim.told.words);
    let Some((which, mark)) = nearest else {
        let found = match (rule, incident) {
            (_, None) => "no incident is recorded",
            ("end", _) => "no end is recorded",
            _ => "no start is recorded",
        };
        return Finding {
            verdict: Verdict::Unsupported,
            rule,
            claim: claimed,
            found: found.to_owned(),
            difference: None,
            stated,
            evidence: vec![],
        };
    };
    let nanos = off(mark);
    let agrees = nanos.abs() <= allowed(mark);
    Finding {
        verdict: if agrees {
            Verdict::Confirmed
        } else {
            Verdict::Contradicted
        },
        rule,
        claim: claimed,
        found: format!("{} at {}", which.title(), clock(mark.claim.value.nanos)),
        difference: Some(Gap::Time {
            nanos,
            tolerance: allowed(mark),
        }),
        stated,
        evidence: inputs(&mark.claim.evidence),
    }
}

pub(super) fn inputs(evidence: &Evidence) -> Vec<Place> {
    evidence.iter().map(Place::Input).collect()
}

/// The stated duration, and those that a sentence names a milestone to.
pub(super) fn durations(document: &Postmortem, incident: Option<&Incident>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some((minutes, words, cite)) = &document.duration {
        let own = quantities(words).into_iter().find(is_duration);
        // A duration that is only the distance of the stated edges is compared by them.
        if let Some(own) = own {
            let metrics = [
                Metric::ImpactDuration,
                Metric::IncidentDuration,
                Metric::TimeToMitigate,
                Metric::TimeToResolve,
            ];
            let claim = (*minutes, &own, words.as_str());
            found.push(duration("duration", claim, &metrics, incident, *cite));
        }
    }
    let stated = document.duration.as_ref().map(|d| d.2);
    for (text, all, cite) in &document.sentences {
        let mut lengths = all.iter().filter(|q| is_duration(q));
        let (Some(one), None) = (lengths.next(), lengths.next()) else {
            continue;
        };
        let (Some(metric), Amount::Minutes { minutes, .. }) = (metric(text), one.amount) else {
            continue;
        };
        if stated != Some(*cite) {
            let claim = (minutes, one, text.as_str());
            found.push(duration(metric.name(), claim, &[metric], incident, *cite));
        }
    }
    found
}

const fn is_duration(q: &Quantity) -> bool {
    matches!(q.amount, Amount::Minutes { .. })
}

/// The duration that a sentence names.
fn metric(text: &str) -> Option<Metric> {
    const NAMES: [(&[&str], Metric); 5] = [
        (
            &["time to detect", "time to detection", "ttd", "mttd"],
            Metric::TimeToDetect,
        ),
        (
            &["time to acknowledge", "time to ack", "tta", "mtta"],
            Metric::TimeToAcknowledge,
        ),
        (
            &["time to identify", "time to identification", "tti"],
            Metric::TimeToIdentify,
        ),
        (
            &["time to mitigate", "time to mitigation", "ttm", "mttm"],
            Metric::TimeToMitigate,
        ),
        (
            &["time to resolve", "time to resolution", "ttr", "mttr"],
            Metric::TimeToResolve,
        ),
    ];
    let lower = text.to_lowercase();
    let says = |name: &str| {
        lower.match_indices(name).any(|(at, _)| {
            let end = at + name.len();
            !lower[..at].ends_with(char::is_alphanumeric)
                && !lower[end..].starts_with(char::is_alphanumeric)
        })
    };
    NAMES
        .iter()
        .find(|(names, _)| names.iter().any(|n| says(n)))
        .map(|(_, metric)| *metric)
}

#[allow(clippy::cast_possible_truncation)]
fn duration(
    rule: &'static str,
    (minutes, quantity, words): (f64, &Quantity, &str),
    metrics: &[Metric],
    incident: Option<&Incident>,
    cite: crate::cite::Cite,
) -> Finding {
    let claimed = (minutes * 60.0) as i64 * SECOND;
    let unit = match quantity.amount {
        Amount::Minutes { unit, .. } => unit,
        _ => 1.0,
    };
    // Half of the smallest unit written, and a minute for the two ends; a rough figure half more.
    let half = (unit * 30.0) as i64 * SECOND;
    let rough = if quantity.rough {
        (claimed / 4).max(ROUGH)
    } else {
        0
    };
    let tolerance = (half + MINUTE).max(rough);
    let known = metrics.iter().filter_map(|m| {
        let extent = m.of(incident?);
        Some((*m, extent.exact()?, own(&extent)?))
    });
    let nearest = known.min_by_key(|(_, nanos, _)| (nanos - claimed).abs());
    let stated = vec![Place::Document(cite)];
    let Some((metric, nanos, evidence)) = nearest else {
        return Finding {
            verdict: Verdict::Unsupported,
            rule,
            claim: words.to_owned(),
            found: "one of its ends is not recorded".to_owned(),
            difference: None,
            stated,
            evidence: vec![],
        };
    };
    let agrees = (nanos - claimed).abs() <= tolerance;
    Finding {
        verdict: if agrees {
            Verdict::Confirmed
        } else {
            Verdict::Contradicted
        },
        rule,
        claim: words.to_owned(),
        found: format!("{}: {}", metric.title(), prose::duration(nanos)),
        difference: Some(Gap::Time {
            nanos: nanos - claimed,
            tolerance,
        }),
        stated,
        evidence: inputs(&evidence),
    }
}

const ROUGH: i64 = 5 * MINUTE;

/// The evidence of a duration neither end of which rests on a document.
fn own(extent: &Extent<'_>) -> Option<Evidence> {
    match extent {
        Extent::Exact { from, to, .. } => {
            let measured = |e: &crate::metrics::End<'_>| e.mark.claim.rule != "document";
            (measured(from) && measured(to)).then(|| extent.evidence())?
        }
        _ => None,
    }
}
