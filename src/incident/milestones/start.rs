//! When it began to hurt, and who noticed.

use super::super::group::Group;
use super::super::model::{Marked, Method};
use super::{SURE, claimed, hurting, marked, observed, sampled, words};
use crate::cite::{Evidence, Grade};
use crate::lexicon::{Act, Mood, Statement};
use crate::signal::{Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;

/// An alert within so long (ten minutes) of words is what was noticed.
const SOON: i64 = 600 * SECOND;
/// How sure words must be that were said right before an alert.
const CLEAR: f32 = 0.75;
/// How sure where no alert follows soon.
const FAINT: f32 = 0.4;

/// How long (an hour) before requests fail answers may be slow for the same reason.
const HERALD: i64 = 3600 * SECOND;

/// The nanosecond at which it began to hurt.
pub(in crate::incident) fn onset(group: &Group<'_>) -> i64 {
    impact_start(group).map_or(group.from, |m| m.claim.value.nanos)
}

/// The earliest burst of failed requests, or of slow ones that end in it, else of odd ones, else of errors, else what
/// alerts and tickets say.
pub(super) fn impact_start(group: &Group<'_>) -> Option<Marked> {
    let hurting = hurting(group);
    if let Some(first) = hurting
        .iter()
        .min_by_key(|b| (b.from.nanos, b.evidence.first()))
    {
        let first = slowness(group, first).unwrap_or(first);
        let well = match &first.sign {
            Sign::Burst(burst) => burst.not_before,
            Sign::Flow(flow) => flow.not_before,
            _ => None,
        };
        let first = herald(group, first, well).unwrap_or(first);
        let first = sampled::earlier(group, first).unwrap_or(first);
        let mut found = observed(first);
        found.not_before = well.filter(|w| w.nanos <= first.from.nanos);
        // Errors in a log may precede the first request that fails of them.
        let earlier = group
            .bursts
            .iter()
            .filter(|b| b.from.nanos < first.from.nanos);
        found.alternatives = earlier.map(|b| observed(b).claim).collect();
        return Some(found);
    }
    // An alert fires after its condition has held for a while: impact began no later.
    let others = group
        .alerts
        .iter()
        .chain(&group.tickets)
        .chain(&group.pages);
    let Some(first) = others.min_by_key(|s| (s.from.nanos, s.evidence.first())) else {
        // Who tells of it first met it no earlier than it began.
        let mut told = group.said.iter().filter(|_| group.told);
        return told
            .find(|s| s.from.nanos >= group.from)
            .map(|s| claimed(s));
    };
    Some(marked(
        first.from,
        Grade::Inferred,
        first.rule,
        first.evidence.clone(),
    ))
}

/// Slow answers of the service whose requests fail, that began before and go on until they do: what
/// gets slower and slower fails in the end.
fn slowness<'s>(group: &Group<'s>, first: &Signal) -> Option<&'s Signal> {
    let is = |s: &&&Signal, slow: bool| matches!(&s.sign, Sign::Burst(b) if (b.what == What::Slow) == slow && b.requests.is_some());
    let fails = is(&&first, false);
    let reach = first.from.nanos - HERALD..first.from.nanos;
    let lasts = |s: &&&Signal| s.to.is_none_or(|t| t.nanos >= first.from.nanos);
    let own = |s: &&&Signal| s.service == first.service && reach.contains(&s.from.nanos);
    let slow = group.bursts.iter().filter(|s| is(s, true) && own(s));
    let slow = slow.filter(lasts).filter(|_| fails);
    slow.min_by_key(|s| (s.from.nanos, s.evidence.first()))
        .copied()
}

/// Errors that began when no request was seen either to be well or to be odd, and go on while they are
/// odd. Requests are sampled, and a rare way is not taken for a while: the errors tell when it began.
fn herald<'s>(
    group: &Group<'s>,
    first: &'s Signal,
    well: Option<recon_parsers::Stamp>,
) -> Option<&'s Signal> {
    let well = well.filter(|_| matches!(first.sign, Sign::Flow(_)))?;
    let within = |b: &&&Signal| b.from.nanos > well.nanos && b.from.nanos < first.from.nanos;
    let lasts = |b: &&&Signal| b.to.is_none_or(|t| t.nanos >= first.from.nanos);
    let bursts = group.bursts.iter().filter(within).filter(lasts);
    bursts
        .min_by_key(|b| (b.from.nanos, b.evidence.first()))
        .copied()
}

/// The earliest of alert, burst of tickets and a person's report. An alert that fired before
/// anything failed was about something else.
pub(super) fn detected(
    group: &Group<'_>,
    started: Option<i64>,
) -> (Option<Marked>, Option<(Method, Evidence)>) {
    let started = started.unwrap_or(group.from);
    // What runs when the logs begin was noticed before.
    let started = group.early.map_or(started, |e| e.min(started));
    let after = started - 120 * recon_parsers::stamp::SECOND;
    // One that was still firing then may have seen what the logs show too little of.
    let early = after - 600 * recon_parsers::stamp::SECOND;
    let mut found: Vec<(i64, Method, Marked)> = Vec::new();
    let mut add = |method, signal: Option<&&Signal>, mark: fn(&Signal) -> Marked| {
        found.extend(signal.map(|s| (s.from.nanos, method, mark(s))));
    };
    let in_time = |s: &&&Signal| s.from.nanos >= after;
    let seen: Vec<&&Signal> = group
        .alerts
        .iter()
        .filter(|s| in_time(s) || s.from.nanos >= early && s.to.is_none_or(|t| t.nanos > after))
        .collect();
    let first = telling(group, &seen, started);
    add(Method::Alert, first, observed);
    add(
        Method::Ticket,
        group
            .tickets
            .iter()
            .filter(|s| in_time(s))
            .min_by_key(|s| s.from.nanos),
        observed,
    );
    let alerted = first.map(|s| s.from.nanos);
    let noticed = |s: &&&Signal| {
        let least = sure_enough(s.from.nanos, alerted);
        words(s).is_some_and(|said| said.statements.iter().any(|x| reports(x, least)))
    };
    let said = group.said.iter().filter(in_time).filter(noticed);
    add(Method::Human, said.min_by_key(|s| s.from.nanos), claimed);
    let page = group
        .pages
        .iter()
        .filter(|s| in_time(s))
        .min_by_key(|s| s.from.nanos);
    // A page without an alert of its own is one that a monitor sent.
    add(
        Method::Alert,
        page.filter(|_| group.alerts.is_empty()),
        observed,
    );
    if found.is_empty() {
        let any = seen.iter().filter(|s| is_plain(s)).copied();
        let first = any.min_by_key(|s| s.from.nanos);
        found.extend(first.map(|s| (s.from.nanos, Method::Alert, observed(s))));
    }
    found.sort_by_key(|f| (f.0, f.1));
    let mut found = found.into_iter();
    match found.next() {
        Some((_, method, mut first)) => {
            first.alternatives = found.map(|(.., m)| m.claim).collect();
            let evidence = first.claim.evidence.clone();
            (Some(first), Some((method, evidence)))
        }
        None => (
            None,
            hurting(group)
                .first()
                .map(|b| (Method::Logs, b.evidence.clone())),
        ),
    }
}

/// The alert that saw it first. One that names what hurts has seen it; another may have fired at the time by chance, and did
/// if it fired before anything hurt.
fn telling<'g, 's>(
    group: &Group<'s>,
    seen: &[&'g &'s Signal],
    started: i64,
) -> Option<&'g &'s Signal> {
    let first = |fits: &dyn Fn(&Signal) -> bool| {
        let fitting = seen.iter().filter(|s| fits(s)).copied();
        fitting.min_by_key(|s| s.from.nanos)
    };
    let late = |s: &Signal| s.from.nanos >= started;
    let grave = |s: &Signal| matches!(&s.sign, Sign::Alert(alert) if alert.is_grave());
    first(&|s| names_it(group, s))
        .or_else(|| first(&|s| late(s) && grave(s)))
        .or_else(|| first(&|s| late(s) && is_plain(s)))
}

fn is_plain(signal: &Signal) -> bool {
    matches!(&signal.sign, Sign::Alert(alert) if !alert.is_minor())
}

/// Whether an alert is about a service that hurts.
fn names_it(group: &Group<'_>, signal: &Signal) -> bool {
    let Sign::Alert(alert) = &signal.sign else {
        return false;
    };
    let text = format!("{} {}", alert.name, alert.summary);
    group.concerns(signal.service.as_deref(), &text)
}

/// How surely words must tell of trouble that are to be its first notice. What people say right before an alert is small talk
/// more often than not; where no alert follows soon, what somebody took up was a notice, however it was put.
fn sure_enough(said: i64, alerted: Option<i64>) -> f32 {
    match alerted.map(|a| a - said) {
        Some(0..=SOON) => CLEAR,
        Some(..0) => SURE,
        _ => FAINT,
    }
}

/// Whether words tell of trouble: that it is there, or that something "keeps failing".
fn reports(x: &Statement, least: f32) -> bool {
    let noticed = matches!(x.act, Act::Detected | Act::Impact | Act::Declared) && x.holds();
    let goes_on = x.act == Act::Recovery && x.mood == Mood::Negated;
    (noticed || goes_on) && x.reaches_users() && x.score >= least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::signal::{Burst, Flow, Oddity};
    use recon_parsers::{Basis, Precision, Stamp};

    fn at(second: i64) -> Stamp {
        Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        }
    }

    fn signal(rule: &'static str, from: i64, to: i64, sign: fn(Cite) -> Sign) -> Signal {
        let cite = Cite {
            file: FileId(0),
            offset: from.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule,
            from: at(from),
            to: Some(at(to)),
            service: Some("stock".to_owned()),
            sign: sign(cite),
            evidence: Evidence::new(cite),
        }
    }

    /// Requests that were well at 100, odd from 160 to 400, and none between; errors of a log.
    fn onset_with(errors: std::ops::Range<i64>) -> (i64, Option<i64>) {
        let flow = signal("detour", 160, 400, |cite| {
            Sign::Flow(Flow {
                oddity: Oddity::Strayed {
                    from: cite,
                    expected: None,
                    instead: None,
                },
                odd: 30,
                of: 30,
                odd_before: 0,
                of_before: 90,
                weight: 80.0,
                not_before: Some(at(100)),
                last: cite,
            })
        });
        let burst = signal("error-burst", errors.start, errors.end, |cite| {
            Sign::Burst(Burst {
                what: What::Errors,
                operations: vec![],
                not_before: None,
                count: 40,
                first_minute: 10,
                requests: None,
                base: 0.0,
                level: 10.0,
                last: cite,
            })
        });
        let group = Group {
            flows: vec![&flow],
            followed: true,
            bursts: vec![&burst],
            ..Group::default()
        };
        let found = impact_start(&group).expect("an onset");
        let second = |stamp: Stamp| stamp.nanos / SECOND;
        (second(found.claim.value), found.not_before.map(second))
    }

    fn burst(what: What) -> Burst {
        Burst::specimen(
            what,
            Cite {
                file: FileId(0),
                offset: 0,
                len: 1,
            },
        )
    }

    /// The onset where requests fail from 4000 to 4400, and answers are slow in some time.
    fn slow_in(slow: std::ops::Range<i64>, service: &str) -> i64 {
        let fail = signal("error-burst", 4000, 4400, |_| {
            Sign::Burst(burst(What::Failed))
        });
        let sign = |_| Sign::Burst(burst(What::Slow));
        let mut slow = signal("latency", slow.start, slow.end, sign);
        slow.service = Some(service.to_owned());
        let group = Group {
            bursts: vec![&fail, &slow],
            ..Group::default()
        };
        impact_start(&group).expect("an onset").claim.value.nanos / SECOND
    }

    #[test]
    fn what_gets_slower_until_it_fails_hurts_from_then_on() {
        assert_eq!(slow_in(3400..4300, "stock"), 3400);
        assert_eq!(slow_in(3400..3900, "stock"), 4000);
        assert_eq!(slow_in(100..4300, "stock"), 4000);
        assert_eq!(slow_in(3400..4300, "edge"), 4000);
        assert_eq!(slow_in(4100..4300, "stock"), 4000);
    }

    #[test]
    fn errors_tell_when_it_began_while_no_request_came_by() {
        assert_eq!(onset_with(120..390), (120, Some(100)));
    }

    #[test]
    fn errors_before_a_request_that_was_well_or_that_ended_before_the_odd_ones_do_not() {
        assert_eq!(onset_with(80..390), (160, Some(100)));
        assert_eq!(onset_with(120..150), (160, Some(100)));
    }

    /// When it was detected that "stock" fails from 4000 on, where critical alerts fire about these services then.
    fn detected_by(alerts: &[(&str, i64)]) -> Option<i64> {
        let fail = signal("error-burst", 4000, 4400, |_| {
            Sign::Burst(burst(What::Failed))
        });
        let alert = |(service, from): &(&str, i64)| {
            let mut alert = signal("alert", *from, from + 900, |_| {
                Sign::Alert(crate::signal::Alert {
                    name: "ErrorsHigh".to_owned(),
                    summary: String::new(),
                    severity: Some("critical".to_owned()),
                    environment: None,
                    fired: 1,
                    state: recon_parsers::AlertState::Resolved,
                })
            });
            alert.service = Some((*service).to_owned());
            alert
        };
        let alerts: Vec<Signal> = alerts.iter().map(alert).collect();
        let group = Group {
            bursts: vec![&fail],
            alerts: alerts.iter().collect(),
            services: std::iter::once("stock".to_owned()).collect(),
            from: 4000 * SECOND,
            to: 4400 * SECOND,
            ..Group::default()
        };
        let (found, _) = detected(&group, Some(4000 * SECOND));
        found.map(|m| m.claim.value.nanos / SECOND)
    }

    #[test]
    fn an_alert_of_what_hurts_has_detected_it_and_no_other_that_fires_then() {
        assert_eq!(
            detected_by(&[("backup", 3950), ("stock", 4070)]),
            Some(4070)
        );
        assert_eq!(
            detected_by(&[("backup", 4030), ("stock", 4070)]),
            Some(4070)
        );
        assert_eq!(detected_by(&[("edge", 4030), ("backup", 3950)]), Some(4030));
    }

    #[test]
    fn where_no_other_notice_is_an_alert_of_whatever_is_one() {
        assert_eq!(detected_by(&[("backup", 3950)]), Some(3950));
        assert_eq!(detected_by(&[]), None);
    }
}
