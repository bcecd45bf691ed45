//! Stated shares of users and of requests against measured ones.

use super::document::Postmortem;
use super::figures::inputs;
use super::{Finding, Gap, Place, Verdict};
use crate::cite::Evidence;
use crate::incident::{Impact, Incident};
use recon_parsers::document::{Amount, Quantity, quantities};

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

/// Which side of a figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Least,
    Most,
}

/// "More than 5 %" is no figure but the least that it was.
fn bound(text: &str, quantity: &Quantity) -> Option<Bound> {
    const LEAST: [&str; 9] = [
        "more than",
        "over",
        "above",
        "at least",
        "exceeded",
        "exceeds",
        "exceeding",
        "beyond",
        ">",
    ];
    const MOST: [&str; 8] = [
        "less than",
        "under",
        "below",
        "at most",
        "up to",
        "fewer than",
        "no more than",
        "<",
    ];
    let before = text.get(..quantity.range.start)?.trim_end().to_lowercase();
    let ends = |all: &[&str]| all.iter().any(|w| before.ends_with(w));
    if ends(&MOST) {
        Some(Bound::Most)
    } else if ends(&LEAST) {
        Some(Bound::Least)
    } else {
        None
    }
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
    let (points, within) = match quantity.and_then(|q| bound(words, q)) {
        Some(Bound::Least) => ((high - percent).min(0.0), high >= percent),
        Some(Bound::Most) => ((low - percent).max(0.0), low <= percent),
        None => (points, false),
    };
    // Between the mean and the peak it is neither.
    let ends = (percent - low).abs().min((percent - high).abs());
    let verdict = if within || ends <= tolerance {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_not_a_figure() {
        let verdict = |text: &str| {
            let own = quantities(text).into_iter().find(is_share);
            let Amount::Percent { percent, .. } = own.as_ref().expect("a share").amount else {
                panic!("no share in {text}");
            };
            let cite = crate::cite::Cite {
                file: crate::cite::FileId(0),
                offset: 0,
                len: 0,
            };
            let measured = Some((60.0, 90.0, String::new()));
            share_of(
                "requests",
                (percent, own.as_ref(), text),
                measured,
                None,
                cite,
            )
            .verdict
        };
        assert_eq!(
            verdict("More than 5 % of requests failed"),
            Verdict::Confirmed
        );
        assert_eq!(verdict("5 % of requests failed"), Verdict::Contradicted);
        assert_eq!(
            verdict("over 97 % of requests failed"),
            Verdict::Contradicted
        );
        assert_eq!(verdict("up to 90 % of requests failed"), Verdict::Confirmed);
        assert_eq!(
            verdict("less than 10 % of requests failed"),
            Verdict::Contradicted
        );
        assert_eq!(verdict("75 % of requests failed"), Verdict::Unsupported);
    }
}
