//! Durations between milestones, each with the two it lies between.
//!
//! | metric | from | to |
//! |---|---|---|
//! | time to detect | impact start | detected |
//! | time to acknowledge, escalate, identify | detected | acknowledged, escalated, identified |
//! | time to mitigate, resolve | impact start | mitigated, resolved |
//! | impact duration | impact start | impact end where known apart, else mitigated |
//! | incident duration | declared where known, else the earlier of impact start and detected | resolved |
//!
//! The last two follow the usage of the site reliability field, where one outage gives four
//! different lengths. In its best known example the outage begins at 14:54, the page comes at
//! 14:55, the incident is declared at 15:01 and mitigated at 15:36, the outage ends at 16:00
//! and the incident at 16:30: detected after 1 min, mitigated after 42, an impact of 66 and an
//! incident of 89. So the impact lasts beyond the mitigation if the evidence names a later
//! end, and the incident counts from its formal declaration if there is one. Where the
//! evidence tells neither apart, as in data it usually does not, the impact ends with the
//! mitigation and the incident begins with whatever came first.

use crate::cite::{Evidence, Grade, Notice, Weight};
use crate::incident::{Incident, Marked, Milestone, Status};
use recon_parsers::{Basis, Precision, Stamp};

/// A duration that every incident has or lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// From the first failure to its being noticed.
    TimeToDetect,
    /// From then until a person took it.
    TimeToAcknowledge,
    /// From detection until others were asked in.
    TimeToEscalate,
    /// From detection until the cause was named.
    TimeToIdentify,
    /// From the first failure to the recovery.
    TimeToMitigate,
    /// From the first failure to the close.
    TimeToResolve,
    /// How long things failed.
    ImpactDuration,
    /// How long people were busy with it.
    IncidentDuration,
}

impl Metric {
    /// All, in the order of the output.
    pub const ALL: [Self; 8] = [
        Self::TimeToDetect,
        Self::TimeToAcknowledge,
        Self::TimeToEscalate,
        Self::TimeToIdentify,
        Self::TimeToMitigate,
        Self::TimeToResolve,
        Self::ImpactDuration,
        Self::IncidentDuration,
    ];

    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimeToDetect => "time_to_detect_s",
            Self::TimeToAcknowledge => "time_to_acknowledge_s",
            Self::TimeToEscalate => "time_to_escalate_s",
            Self::TimeToIdentify => "time_to_identify_s",
            Self::TimeToMitigate => "time_to_mitigate_s",
            Self::TimeToResolve => "time_to_resolve_s",
            Self::ImpactDuration => "impact_duration_s",
            Self::IncidentDuration => "incident_duration_s",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::TimeToDetect => "Time to detect",
            Self::TimeToAcknowledge => "Time to acknowledge",
            Self::TimeToEscalate => "Time to escalate",
            Self::TimeToIdentify => "Time to identify",
            Self::TimeToMitigate => "Time to mitigate",
            Self::TimeToResolve => "Time to resolve",
            Self::ImpactDuration => "Impact duration",
            Self::IncidentDuration => "Incident duration",
        }
    }

    /// The short name for people.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::TimeToDetect => "TTD",
            Self::TimeToAcknowledge => "TTA",
            Self::TimeToEscalate => "TTE",
            Self::TimeToIdentify => "TTI",
            Self::TimeToMitigate => "TTM",
            Self::TimeToResolve => "TTR",
            Self::ImpactDuration => "Impact",
            Self::IncidentDuration => "Incident",
        }
    }

    /// The milestones that it lies between where nothing more special is known.
    #[must_use]
    pub const fn between(self) -> (Milestone, Milestone) {
        match self {
            Self::TimeToDetect => (Milestone::ImpactStart, Milestone::Detected),
            Self::TimeToAcknowledge => (Milestone::Detected, Milestone::Acknowledged),
            Self::TimeToEscalate => (Milestone::Detected, Milestone::Escalated),
            Self::TimeToIdentify => (Milestone::Detected, Milestone::Identified),
            Self::TimeToMitigate | Self::ImpactDuration => {
                (Milestone::ImpactStart, Milestone::Mitigated)
            }
            Self::TimeToResolve | Self::IncidentDuration => {
                (Milestone::ImpactStart, Milestone::Resolved)
            }
        }
    }

    /// The duration in this incident.
    #[must_use]
    pub fn of(self, incident: &Incident) -> Extent<'_> {
        let (from, to) = self.between();
        let start = match self {
            Self::IncidentDuration => incident_start(incident),
            _ => end(incident, from),
        };
        let stop = match self {
            Self::ImpactDuration => {
                end(incident, Milestone::ImpactEnd).or_else(|| end(incident, to))
            }
            _ => end(incident, to),
        };
        match (start, stop) {
            (Some(from), Some(to)) => match difference(from.at(), to.at()) {
                Some(nanos) => Extent::Exact { nanos, from, to },
                None => Extent::Unknown {
                    from: Ok(from),
                    to: Ok(to),
                },
            },
            (Some(from), None) => censored(incident, from, to),
            (start, stop) => Extent::Unknown {
                from: start.ok_or(from),
                to: stop.ok_or(to),
            },
        }
    }
}

/// One end of a duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End<'a> {
    /// Which milestone.
    pub milestone: Milestone,
    /// When, and on what evidence.
    pub mark: &'a Marked,
}

impl End<'_> {
    /// Its time.
    #[must_use]
    pub const fn at(&self) -> Stamp {
        self.mark.claim.value
    }
}

/// What is known of a duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent<'a> {
    /// Both ends are.
    Exact {
        /// Its length; negative if the evidence has the end before the start.
        nanos: i64,
        /// Where it starts.
        from: End<'a>,
        /// Where it ends.
        to: End<'a>,
    },
    /// It had not ended where the evidence ends.
    AtLeast {
        /// Its length until then.
        nanos: i64,
        /// Where it starts.
        from: End<'a>,
        /// The milestone that did not come.
        to: Milestone,
        /// Where the evidence ends.
        ends: Stamp,
    },
    /// An end is missing (the milestone itself is given instead), the two are on different
    /// clocks, or one is known to the day only.
    Unknown {
        /// Where it would start.
        from: Result<End<'a>, Milestone>,
        /// Where it would end.
        to: Result<End<'a>, Milestone>,
    },
}

impl Extent<'_> {
    /// The length in nanoseconds, if both ends are known.
    #[must_use]
    pub const fn exact(&self) -> Option<i64> {
        match self {
            Self::Exact { nanos, .. } => Some(*nanos),
            _ => None,
        }
    }

    /// The length until the evidence ends, if the end did not come.
    #[must_use]
    pub const fn at_least(&self) -> Option<i64> {
        match self {
            Self::AtLeast { nanos, .. } => Some(*nanos),
            _ => None,
        }
    }

    /// The evidence for the ends that are known.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence> {
        let (from, to) = match self {
            Self::Exact { from, to, .. } => (Some(from), Some(to)),
            Self::AtLeast { from, .. } => (Some(from), None),
            Self::Unknown { from, to } => (from.as_ref().ok(), to.as_ref().ok()),
        };
        let first = |e: &End<'_>| e.mark.claim.evidence.first();
        Evidence::of(from.map(first).into_iter().chain(to.map(first)))
    }

    /// How it is known: as the weaker of its ends is.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match self {
            Self::Exact { from, to, .. } => from.mark.claim.grade.max(to.mark.claim.grade),
            Self::AtLeast { from, .. } => from.mark.claim.grade,
            Self::Unknown { .. } => Grade::Observed,
        }
    }
}

/// What the reader must know of an incident's durations: which are negative.
#[must_use]
pub fn notices(incident: &Incident) -> Vec<Notice> {
    let negative = |metric: Metric| match metric.of(incident) {
        Extent::Exact { nanos, from, to } if nanos < 0 => Some(Notice {
            weight: Weight::Warning,
            message: format!(
                "{} of {} is negative: {} ({}) comes before {} ({}). Clocks may differ between \
                 the inputs, or one of the two is misread.",
                metric.name(),
                incident.id,
                to.milestone.name(),
                to.at().rfc3339(),
                from.milestone.name(),
                from.at().rfc3339(),
            ),
            evidence: Some(
                from.mark
                    .claim
                    .evidence
                    .clone()
                    .and(&to.mark.claim.evidence),
            ),
        }),
        _ => None,
    };
    Metric::ALL.into_iter().filter_map(negative).collect()
}

fn end(incident: &Incident, milestone: Milestone) -> Option<End<'_>> {
    incident
        .milestone(milestone)
        .map(|mark| End { milestone, mark })
}

/// The declaration; without one the earlier of first failure and detection.
fn incident_start(incident: &Incident) -> Option<End<'_>> {
    if let Some(declared) = end(incident, Milestone::Declared) {
        return Some(declared);
    }
    let impact = end(incident, Milestone::ImpactStart);
    let detected = end(incident, Milestone::Detected);
    match (impact, detected) {
        (Some(i), Some(d)) => {
            let earlier = difference(i.at(), d.at()).is_some_and(|n| n < 0);
            Some(if earlier { d } else { i })
        }
        (i, d) => i.or(d),
    }
}

/// An end that is missing: if the incident is open where the evidence ends, a lower bound.
fn censored<'a>(incident: &Incident, from: End<'a>, to: Milestone) -> Extent<'a> {
    let open = match to {
        Milestone::Mitigated => incident.status == Status::Ongoing,
        Milestone::Resolved => incident.status != Status::Resolved,
        _ => false,
    };
    let bound = incident
        .evidence_ends
        .filter(|_| open)
        .and_then(|ends| Some((ends, difference(from.at(), ends)?)));
    match bound {
        Some((ends, nanos)) if nanos >= 0 => Extent::AtLeast {
            nanos,
            from,
            to,
            ends,
        },
        _ => Extent::Unknown {
            from: Ok(from),
            to: Err(to),
        },
    }
}

/// From one time to another, if both are on the same clock and finer than a day.
fn difference(from: Stamp, to: Stamp) -> Option<i64> {
    let relative = |s: Stamp| s.basis == Basis::Relative;
    let vague = |s: Stamp| s.precision == Precision::Day;
    if relative(from) != relative(to) || vague(from) || vague(to) {
        return None;
    }
    to.nanos.checked_sub(from.nanos)
}

#[cfg(test)]
#[path = "durations_tests.rs"]
mod tests;
