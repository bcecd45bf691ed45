use super::*;
use crate::specimen::{Specimen, minutes};

fn lengths(incident: &Incident) -> Vec<Option<i64>> {
    let of = |m: Metric| m.of(incident).exact().map(|n| n / minutes(1));
    Metric::ALL.into_iter().map(of).collect()
}

#[test]
fn the_four_lengths_of_one_outage() {
    let clock = |h: i64, m: i64| minutes(h * 60 + m);
    let outage = Specimen::default()
        .mark(Milestone::ImpactStart, clock(14, 54))
        .mark(Milestone::Detected, clock(14, 55))
        .mark(Milestone::Declared, clock(15, 1))
        .mark(Milestone::Mitigated, clock(15, 36))
        .mark(Milestone::ImpactEnd, clock(16, 0))
        .mark(Milestone::Resolved, clock(16, 30))
        .incident;
    let expected = [
        Some(1),
        None,
        None,
        None,
        Some(42),
        Some(96),
        Some(66),
        Some(89),
    ];
    assert_eq!(lengths(&outage), expected);
}

#[test]
fn impact_ends_with_the_mitigation_and_the_incident_begins_with_what_came_first() {
    let incident = Specimen::default()
        .mark(Milestone::ImpactStart, minutes(10))
        .mark(Milestone::Detected, minutes(4))
        .mark(Milestone::Mitigated, minutes(50))
        .mark(Milestone::Resolved, minutes(64))
        .incident;
    assert_eq!(
        Metric::ImpactDuration.of(&incident).exact(),
        Some(minutes(40))
    );
    assert_eq!(
        Metric::IncidentDuration.of(&incident).exact(),
        Some(minutes(60))
    );
}

#[test]
fn negative_stays_negative_and_is_noticed() {
    let incident = Specimen::default()
        .mark(Milestone::ImpactStart, minutes(10))
        .mark(Milestone::Detected, minutes(4))
        .incident;
    assert_eq!(
        Metric::TimeToDetect.of(&incident).exact(),
        Some(minutes(-6))
    );
    let notices = notices(&incident);
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].message.starts_with("time_to_detect_s of"),
        "{notices:?}"
    );
}

#[test]
fn what_did_not_end_is_bounded_only_while_open() {
    let mut incident = Specimen::default()
        .mark(Milestone::ImpactStart, minutes(0))
        .incident;
    incident.evidence_ends = Some(Specimen::stamp(minutes(134)));
    incident.status = Status::Ongoing;
    let mitigate = |i: &Incident| Metric::TimeToMitigate.of(i).at_least();
    assert_eq!(mitigate(&incident), Some(minutes(134)));
    assert_eq!(Metric::TimeToMitigate.of(&incident).exact(), None);
    assert_eq!(Metric::TimeToDetect.of(&incident).at_least(), None);
    incident.status = Status::Resolved;
    assert_eq!(mitigate(&incident), None);
}

#[test]
fn clocks_do_not_mix() {
    let mut incident = Specimen::default()
        .mark(Milestone::ImpactStart, minutes(0))
        .mark(Milestone::Detected, minutes(10))
        .incident;
    let set = |i: &mut Incident, which: Milestone, basis, precision| {
        if let Some(mark) = &mut i.milestones[which as usize] {
            mark.claim.value.basis = basis;
            mark.claim.value.precision = precision;
        }
    };
    let detect = |i: &Incident| Metric::TimeToDetect.of(i).exact();
    set(
        &mut incident,
        Milestone::Detected,
        Basis::Relative,
        Precision::Minute,
    );
    assert_eq!(detect(&incident), None);
    set(
        &mut incident,
        Milestone::ImpactStart,
        Basis::Relative,
        Precision::Minute,
    );
    assert_eq!(detect(&incident), Some(minutes(10)));
    set(
        &mut incident,
        Milestone::ImpactStart,
        Basis::Relative,
        Precision::Day,
    );
    assert_eq!(detect(&incident), None);
}
