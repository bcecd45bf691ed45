//! Workers that stop. Nobody asks them for anything, so that no request fails: there is the gap in
//! their log, and those who notice what is no longer done.

use super::group::{Group, SLACK};
use super::model::{Moment, Phase};
use super::timeline::moment;
use super::{names, words_of};
use crate::cite::Evidence;
use crate::lexicon::Act;
use crate::signal::{Said, Sign, Signal};
use recon_parsers::PageAct;
use recon_parsers::stamp::SECOND;

/// A service that is restarted is silent for less (three minutes).
const LASTS: i64 = 180 * SECOND;
/// Statements that are as sure as this count.
const SURE: f32 = 0.6;
/// What works on a trouble. One of them is needed, and a second message that tells of it; the word that
/// the cause is found is enough.
const WORK: [Act; 5] = [
    Act::Acknowledged,
    Act::Declared,
    Act::Escalated,
    Act::Identified,
    Act::Fix,
];
/// What tells of a trouble without working on it.
const TROUBLE: [Act; 5] = [
    Act::Detected,
    Act::Impact,
    Act::Investigating,
    Act::Hypothesis,
    Act::Recovery,
];

/// Makes incidents of long silences that an alert, a page or people's words are about. Where
/// anything failed at the time, that tells more, and a silence is a part of it.
pub(super) fn begin<'s>(groups: &mut Vec<Group<'s>>, signals: &[&'s Signal], end: i64) {
    let mut found: Vec<Group<'s>> = Vec::new();
    for signal in signals.iter().copied() {
        let to = signal.to.map_or(end, |t| t.nanos);
        let long = to.saturating_sub(signal.from.nanos) >= LASTS;
        let beside =
            |g: &Group<'_>| signal.from.nanos <= g.to.saturating_add(SLACK) && to >= g.from - SLACK;
        if !matches!(signal.sign, Sign::Silence { .. })
            || !long
            || groups.iter().any(beside)
            || !is_noticed(signal, to, signals)
        {
            continue;
        }
        let own = Group {
            stopped: vec![signal],
            from: signal.from.nanos,
            to,
            services: signal.service.iter().cloned().collect(),
            ..Group::default()
        };
        match found.iter_mut().find(|g| beside(g)) {
            Some(group) => {
                group.stopped.extend(own.stopped);
                group.to = group.to.max(to);
                group.services.extend(own.services);
            }
            None => found.push(own),
        }
    }
    groups.append(&mut found);
}

/// Whether an alert or a page is about a service that fell silent, or people work on it.
fn is_noticed(silence: &Signal, to: i64, signals: &[&Signal]) -> bool {
    let Some(service) = silence.service.as_deref() else {
        return false;
    };
    let within = silence.from.nanos..=to.saturating_add(SLACK);
    let near: Vec<&&Signal> = signals
        .iter()
        .filter(|s| within.contains(&s.from.nanos))
        .collect();
    let about = |s: &Signal, text: &str| {
        let own = s.service.as_deref();
        own.is_some_and(|o| names::same(o, service)) || names::mentions(text, service)
    };
    let told = near.iter().any(|s| match &s.sign {
        Sign::Alert(alert) => {
            !alert.is_minor() && about(s, &format!("{} {}", alert.name, alert.summary))
        }
        Sign::Page(page) => page.act == PageAct::Acknowledged && about(s, &page.title),
        _ => false,
    });
    let tells = |acts: &'static [Act]| {
        let said = near.iter().filter_map(|s| words_of(s));
        let own = said.filter(|w| names::mentions(&w.text, service));
        own.filter(move |w| does(w, acts)).count()
    };
    let work = tells(&WORK);
    told || tells(&[Act::Identified]) > 0 || work > 0 && work + tells(&TROUBLE) > 1
}

fn does(said: &Said, acts: &[Act]) -> bool {
    let mut all = said.statements.iter();
    all.any(|x| acts.contains(&x.act) && x.score >= SURE && (x.holds() || x.act == Act::Hypothesis))
}

/// The last that a service said before it fell silent.
pub(super) fn stop(signal: &Signal) -> Moment {
    let service = signal.service.as_deref().unwrap_or("a source");
    let text = format!("last entry of {service} before it went silent");
    moment(signal.from, Phase::Impact, text, signal)
}

/// The first that it said again.
pub(super) fn back(signal: &Signal) -> Option<Moment> {
    let Sign::Silence { back } = &signal.sign else {
        return None;
    };
    let service = signal.service.as_deref().unwrap_or("a source");
    let text = format!("first entry of {service} after it had been silent");
    Some(Moment {
        evidence: Evidence::new((*back)?),
        ..moment(signal.to?, Phase::Resolution, text, signal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::lexicon::Names;
    use crate::signal::{Alert, Burst};
    use crate::survey::What;
    use recon_parsers::{AlertState, Basis, Precision, Stamp};

    fn signal(from: i64, to: Option<i64>, service: Option<&str>, sign: Sign) -> Signal {
        let stamp = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        Signal {
            rule: "test",
            from: stamp(from),
            to: to.map(stamp),
            service: service.map(str::to_owned),
            sign,
            evidence: Evidence::new(cite(from)),
        }
    }

    fn cite(second: i64) -> Cite {
        Cite {
            file: FileId(0),
            offset: second.unsigned_abs(),
            len: 1,
        }
    }

    fn silence(from: i64, to: i64) -> Signal {
        let back = Some(cite(to));
        signal(from, Some(to), Some("press"), Sign::Silence { back })
    }

    fn said(at: i64, text: &str) -> Signal {
        let said = Said::of(text, &Names::new(["press"].into_iter()));
        signal(at, None, None, Sign::Said(said))
    }

    fn alert(at: i64, severity: &str, service: &str) -> Signal {
        let alert = Alert {
            name: "NothingPrinted".to_owned(),
            summary: String::new(),
            severity: Some(severity.to_owned()),
            environment: None,
            fired: 1,
            state: AlertState::Firing,
        };
        signal(at, None, Some(service), Sign::Alert(alert))
    }

    /// From when to when each incident is that the signals begin, in seconds.
    fn begun(signals: &[Signal]) -> Vec<(i64, i64)> {
        let all: Vec<&Signal> = signals.iter().collect();
        let mut groups = Vec::new();
        begin(&mut groups, &all, 9000 * SECOND);
        let span = |g: &Group<'_>| (g.from / SECOND, g.to / SECOND);
        groups.iter().map(span).collect()
    }

    #[test]
    fn a_silence_that_people_work_on_or_an_alert_tells_of_is_an_incident() {
        let worked = [
            silence(1000, 3000),
            said(1600, "the cause is clear: a deadlock inside press"),
        ];
        assert_eq!(begun(&worked), [(1000, 3000)]);
        let taken = [
            silence(1000, 3000),
            said(1500, "nothing comes out of press, users are affected"),
            said(1600, "on it, looking at press"),
        ];
        assert_eq!(begun(&taken), [(1000, 3000)]);
        let alerted = [silence(1000, 3000), alert(1300, "critical", "press")];
        assert_eq!(begun(&alerted), [(1000, 3000)]);
    }

    #[test]
    fn a_pause_that_nobody_minds_is_none() {
        assert_eq!(begun(&[silence(1000, 3000)]), []);
        let once = [silence(1000, 3000), said(2900, "restarted press")];
        assert_eq!(begun(&once), []);
        let other = [silence(1000, 3000), alert(1300, "critical", "folder")];
        assert_eq!(begun(&other), []);
        let minor = [silence(1000, 3000), alert(1300, "info", "press")];
        assert_eq!(begun(&minor), []);
        let short = [silence(1000, 1100), alert(1050, "critical", "press")];
        assert_eq!(begun(&short), []);
    }

    #[test]
    fn what_failed_at_the_time_tells_more() {
        let burst = Burst::specimen(What::Failed, cite(2000));
        let failing = signal(1100, Some(2000), Some("front"), Sign::Burst(burst));
        let silent = silence(1000, 3000);
        let alert = alert(1300, "critical", "press");
        let signals = [&silent, &alert];
        let mut groups = vec![Group {
            bursts: vec![&failing],
            from: failing.from.nanos,
            to: 2000 * SECOND,
            ..Group::default()
        }];
        begin(&mut groups, &signals, 9000 * SECOND);
        assert_eq!(groups.len(), 1);
    }
}
