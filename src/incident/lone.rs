//! Alerts that nothing measured goes with: those that fire anyway, and those that are an incident by themselves.

use super::group::{Group, SLACK, takes_up};
use super::{names, words_of};
use crate::signal::{Alert, Said, Sign, Signal};

/// An alert that fired and was resolved at least so often before the trouble fires anyway.
const HABIT: usize = 2;

/// Whether an alert also fires, and more than once, when a trouble has not begun yet.
pub(super) fn is_habit(signal: &Signal, group: &Group<'_>, signals: &[&Signal]) -> bool {
    let name = |s: &Signal| match &s.sign {
        Sign::Alert(alert) => Some(alert.name.clone()),
        _ => None,
    };
    let own = name(signal);
    let before = |s: &&&Signal| s.to.is_some_and(|t| t.nanos < group.from - SLACK);
    let same = |s: &&&Signal| s.service == signal.service && name(s) == own;
    signals.iter().filter(before).filter(same).count() >= HABIT
}

/// Begins an incident with an alert that is grave and taken up, unless it is of one that there is.
pub(super) fn begin<'s>(
    groups: &mut Vec<Group<'s>>,
    signal: &'s Signal,
    alert: &Alert,
    signals: &[&'s Signal],
    end: i64,
) {
    if groups.iter().any(|g| g.alerts.contains(&signal)) {
        return;
    }
    let text = format!("{} {}", alert.name, alert.summary);
    let service = signal.service.as_deref();
    let about = |g: &Group<'_>| g.concerns(service, &text) || g.is_paged_for(service);
    let mut beside = groups.iter_mut().filter(|g| g.overlaps(signal, end));
    if let Some(group) = beside.find(|g| about(g)) {
        group.alerts.push(signal);
        return;
    }
    let to = signal.to.map_or(end, |t| t.nanos);
    let named = |said: &Said| {
        let service = signal.service.as_deref();
        names::mentions(&said.text, &alert.name)
            || service.is_some_and(|s| names::mentions(&said.text, s))
    };
    // Who works on another trouble at the time says nothing of this one.
    let busy = |at: i64| {
        groups
            .iter()
            .any(|g| (g.from..=g.to.saturating_add(SLACK)).contains(&at))
    };
    let worked_on = signals
        .iter()
        .filter(|s| (signal.from.nanos..=to.saturating_add(SLACK)).contains(&s.from.nanos))
        .any(|s| words_of(s).is_some_and(|w| takes_up(w) && (named(w) || !busy(s.from.nanos))));
    if alert.is_grave() && worked_on {
        let services = signal.service.iter().cloned().collect();
        groups.push(Group {
            alerts: vec![signal],
            from: signal.from.nanos,
            to,
            services,
            ..Group::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use crate::lexicon::Names;
    use recon_parsers::stamp::SECOND;
    use recon_parsers::{AlertState, Basis, Precision, Stamp};

    fn signal(from: i64, to: Option<i64>, service: &str, sign: Sign) -> Signal {
        let stamp = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        Signal {
            rule: "test",
            from: stamp(from),
            to: to.map(stamp),
            service: Some(service.to_owned()),
            sign,
            evidence: Evidence::new(Cite {
                file: FileId(0),
                offset: from.unsigned_abs(),
                len: 1,
            }),
        }
    }

    fn alert(from: i64, to: i64, service: &str) -> Signal {
        let alert = Alert {
            name: "SpoolFull".to_owned(),
            summary: String::new(),
            severity: Some("critical".to_owned()),
            environment: None,
            fired: 1,
            state: AlertState::Resolved,
        };
        signal(from, Some(to), service, Sign::Alert(alert))
    }

    fn said(at: i64, text: &str) -> Signal {
        let said = Said::of(text, &Names::default());
        signal(at, None, "", Sign::Said(said))
    }

    /// How many incidents there are with an alert of `press` from 2000 to 2600, beside one of `kiln` from 1500 on
    /// if that is `beside`.
    fn begun(words: &str, beside: bool) -> usize {
        let signals = [alert(2000, 2600, "press"), said(2300, words)];
        let all: Vec<&Signal> = signals.iter().collect();
        let other = Group {
            from: 1500 * SECOND,
            to: 4000 * SECOND,
            services: ["kiln".to_owned()].into(),
            ..Group::default()
        };
        let mut groups: Vec<Group<'_>> = beside.then_some(other).into_iter().collect();
        if let Sign::Alert(one) = &signals[0].sign {
            begin(&mut groups, &signals[0], one, &all, 9000 * SECOND);
        }
        groups.len()
    }

    #[test]
    fn who_works_on_another_trouble_takes_up_no_alert() {
        assert_eq!(begun("on it", false), 1);
        assert_eq!(begun("on it", true), 1);
        assert_eq!(begun("on it, looking at press", true), 2);
        assert_eq!(begun("lunch?", false), 0);
    }

    #[test]
    fn what_fires_all_day_is_a_habit() {
        let now = alert(5000, 5300, "press");
        let early = [alert(1000, 1200, "press"), alert(2500, 2700, "press")];
        let other = alert(2500, 2700, "kiln");
        let group = Group {
            from: 4900 * SECOND,
            to: 8000 * SECOND,
            ..Group::default()
        };
        assert!(is_habit(&now, &group, &[&early[0], &early[1], &now]));
        assert!(!is_habit(&now, &group, &[&early[0], &other, &now]));
    }
}
