//! Clients that went away before they were answered, where nothing else tells of trouble.
//!
//! People go away because answers are slow: beside slow or failed requests that is evidence. By itself a short burst of it is a
//! network of theirs that dropped, or a page that was left; only a long and strong one is trouble.

use super::group::Group;
use super::words_of;
use crate::lexicon::Act;
use crate::signal::{Burst, Sign, Signal};
use crate::survey::What;
use recon_parsers::stamp::SECOND;

/// Five minutes are long.
const LONG: i64 = 300 * SECOND;
/// The share of requests whose clients go away from which on it is strong: a tenth.
const STRONG: f64 = 0.1;

/// Whether clients that went away are all that an incident rests on, and nobody took it up.
pub(super) fn alone(group: &Group<'_>) -> bool {
    let brief = |s: &&Signal| gone(s).is_some_and(|burst| !is_trouble(s, burst));
    let measured = !group.bursts.is_empty() && group.bursts.iter().all(brief);
    // That such requests go no further, or took as long as their clients had patience, is the same once more.
    let else_seen = !group.tickets.is_empty() || group.followed || !group.stopped.is_empty();
    measured && !else_seen && !is_taken_up(group)
}

fn gone(signal: &Signal) -> Option<&Burst> {
    match &signal.sign {
        Sign::Burst(burst) if burst.what == What::Gone => Some(burst),
        _ => None,
    }
}

fn is_trouble(signal: &Signal, burst: &Burst) -> bool {
    let lasts = signal
        .to
        .is_none_or(|to| to.nanos - signal.from.nanos >= LONG);
    lasts && burst.level >= STRONG
}

/// Whether an alert or a page that goes on beyond a glance names what hurts, or somebody says that it does.
fn is_taken_up(group: &Group<'_>) -> bool {
    let alerted = group.alerts.iter().any(|s| match &s.sign {
        Sign::Alert(alert) => {
            let text = format!("{} {}", alert.name, alert.summary);
            !alert.is_minor() && group.concerns(s.service.as_deref(), &text)
        }
        _ => false,
    });
    let paged = group.pages.iter().any(|s| match &s.sign {
        Sign::Page(page) => group.concerns(s.service.as_deref(), &page.title),
        _ => false,
    });
    let spoken = group.said.iter().filter_map(|s| words_of(s)).any(|said| {
        let acts = [Act::Detected, Act::Impact, Act::Declared, Act::Identified];
        let mut statements = said.statements.iter();
        statements.any(|x| acts.contains(&x.act) && x.holds()) && group.concerns(None, &said.text)
    });
    alerted || paged || spoken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use crate::signal::Alert;
    use recon_parsers::{AlertState, Basis, Precision, Stamp};

    fn signal(service: &str, from: i64, to: i64, sign: impl Fn(Cite) -> Sign) -> Signal {
        let at = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        let cite = Cite {
            file: FileId(0),
            offset: from.unsigned_abs(),
            len: 1,
        };
        Signal {
            rule: "test",
            from: at(from),
            to: Some(at(to)),
            service: Some(service.to_owned()),
            sign: sign(cite),
            evidence: Evidence::new(cite),
        }
    }

    fn burst(what: What, from: i64, to: i64) -> Signal {
        signal("ferry", from, to, |cite| {
            Sign::Burst(Burst::specimen(what, cite))
        })
    }

    /// Whether bursts, with an alert about a service, are nothing.
    fn nothing(bursts: &[Signal], alert: Option<&str>) -> bool {
        let alert = alert.map(|service| {
            signal(service, 1010, 1900, |_| {
                Sign::Alert(Alert {
                    name: "TooSlow".to_owned(),
                    summary: String::new(),
                    severity: Some("critical".to_owned()),
                    environment: None,
                    fired: 1,
                    state: AlertState::Resolved,
                })
            })
        });
        let services = bursts.iter().filter_map(|s| s.service.clone());
        alone(&Group {
            services: services.collect(),
            bursts: bursts.iter().collect(),
            alerts: alert.iter().collect(),
            ..Group::default()
        })
    }

    #[test]
    fn clients_that_leave_for_a_minute_are_nothing() {
        assert!(nothing(&[burst(What::Gone, 1000, 1060)], None));
        assert!(nothing(&[burst(What::Gone, 1000, 1060)], Some("pier")));
        assert!(!nothing(&[burst(What::Denied, 1000, 1060)], None));
    }

    #[test]
    fn clients_that_leave_long_or_while_it_is_slow_or_alerted_are_evidence() {
        assert!(!nothing(&[burst(What::Gone, 1000, 1400)], None));
        let slow = [burst(What::Gone, 1000, 1060), burst(What::Slow, 990, 1080)];
        assert!(!nothing(&slow, None));
        assert!(!nothing(&[burst(What::Gone, 1000, 1060)], Some("ferry")));
    }
}
