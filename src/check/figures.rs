//! Stated starts, ends, durations and shares against measured ones, and the document against itself.

use super::document::{Of, Postmortem};
use super::timing::{Dated, clock};
use super::{Finding, Gap, MINUTE, Place, Verdict};
use crate::cite::{Evidence, Grade};
use crate::incident::{Impact, Incident, Marked, Milestone};
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

fn inputs(evidence: &Evidence) -> Vec<Place> {
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

/// Stated shares of users and of requests.
pub(super) fn shares(document: &Postmortem, incident: Option<&Incident>) -> Vec<Finding> {
    let mut found = Vec::new();
    let impact = incident.map(|i| &i.impact);
    let evidence = impact.and_then(|i| i.evidence.as_ref());
    if let Some((percent, words, cite)) = &document.users {
        let measured = impact.and_then(|i| Some((i.users_affected?, i.users_active?)));
        let measured = measured.filter(|(_, active)| *active > 0);
        #[allow(clippy::cast_precision_loss)]
        let share = measured.map(|(some, all)| {
            let share = 100.0 * some as f64 / all as f64;
            (
                share,
                share,
                format!("{some} of {all} users seen in the logs ({share:.1} %)"),
            )
        });
        let own = quantities(words).into_iter().find(is_share);
        found.push(share_of(
            "users",
            (*percent, own.as_ref(), words),
            share,
            evidence,
            *cite,
        ));
    }
    for (text, all, cite) in &document.sentences {
        let lower = text.to_lowercase();
        let requests = ["request", "error rate", "traffic", "calls", "responses"];
        let users = ["user", "customer", "client", "subscriber"];
        let mut each = all.iter().filter(|q| is_share(q));
        let (Some(one), None) = (each.next(), each.next()) else {
            continue;
        };
        let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        let failed = says(&["fail", "error", "5xx", "500", "502", "503", "affected"]);
        let Amount::Percent { percent, .. } = one.amount else {
            continue;
        };
        if says(&requests)
            && failed
            && !says(&users)
            && !says(&["success", "cpu", "memory", "disk"])
        {
            let measured = impact.and_then(|i| Some((i.error_rate_mean?, i.error_rate_peak?)));
            let own = impact.and_then(|i| of_part(text, i));
            let overall = measured.map(|(mean, peak)| {
                let (mean, peak) = (mean * 100.0, peak * 100.0);
                let words = format!("{mean:.1} % of requests failed, {peak:.1} % at peak");
                (mean, peak, words)
            });
            let share = own.or(overall);
            found.push(share_of(
                "requests",
                (percent, Some(one), text),
                share,
                evidence,
                *cite,
            ));
        }
    }
    found
}

/// The share of the service or the operation that a sentence names.
#[allow(clippy::cast_precision_loss)]
fn of_part(text: &str, impact: &Impact) -> Option<(f64, f64, String)> {
    let part = impact.by_service.iter().find(|p| {
        let operation = p.operation.as_deref().unwrap_or_default();
        p.requests_total > 0 && text.contains(&p.service) && text.contains(operation)
    })?;
    let (failed, total) = (part.requests_failed, part.requests_total);
    let share = 100.0 * failed as f64 / total as f64;
    let what = part.operation.as_deref().unwrap_or("all operations");
    let words = format!(
        "{failed} of {total} requests ({share:.1} %) failed at {}, {what}",
        part.service
    );
    Some((share, share, words))
}

const fn is_share(q: &Quantity) -> bool {
    matches!(q.amount, Amount::Percent { .. })
}

/// A share against the lowest and the highest that was measured.
fn share_of(
    rule: &'static str,
    (percent, quantity, words): (f64, Option<&Quantity>, &str),
    measured: Option<(f64, f64, String)>,
    evidence: Option<&Evidence>,
    cite: crate::cite::Cite,
) -> Finding {
    let unit = quantity.map_or(1.0, |q| match q.amount {
        Amount::Percent { unit, .. } => unit,
        _ => 1.0,
    });
    let rough = quantity.is_none_or(|q| q.rough);
    let tolerance = if rough { 5.0_f64.max(unit) } else { unit };
    let stated = vec![Place::Document(cite)];
    let Some((low, high, found)) = measured else {
        return Finding {
            verdict: Verdict::Unsupported,
            rule,
            claim: words.to_owned(),
            found: "the inputs do not show it".to_owned(),
            difference: None,
            stated,
            evidence: vec![],
        };
    };
    let points = if percent < low {
        low - percent
    } else {
        (high - percent).min(0.0)
    };
    // Between the mean and the peak it is neither.
    let ends = (percent - low).abs().min((percent - high).abs());
    let verdict = if ends <= tolerance {
        Verdict::Confirmed
    } else if points == 0.0 {
        Verdict::Unsupported
    } else {
        Verdict::Contradicted
    };
    Finding {
        verdict,
        rule,
        claim: words.to_owned(),
        found,
        difference: Some(Gap::Share { points, tolerance }),
        stated,
        evidence: evidence.map(inputs).unwrap_or_default(),
    }
}
