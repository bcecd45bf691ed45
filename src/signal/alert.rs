//! Alerts, from first firing to last resolution; repeats and flapping are one.

use super::{Alert, Rule, Sign, Signal};
use crate::cite::{Cite, Evidence};
use crate::survey::{Kept, Survey, What};
use recon_parsers::record::field;
use recon_parsers::stamp::SECOND;
use recon_parsers::{AlertState, Kind, Record, Stamp};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "alert",
    find,
};

/// An alert that fires again within so long (15 minutes) is the same one, flapping.
const FLAP: i64 = 900 * SECOND;

struct Step<'k> {
    state: AlertState,
    at: Stamp,
    since: Option<Stamp>,
    kept: &'k Kept,
}

fn find(survey: &Survey) -> Vec<Signal> {
    let mut groups: BTreeMap<String, Vec<Step<'_>>> = BTreeMap::new();
    for kept in &survey.kept {
        if let (Kind::Alert(state), Some(at)) = (kept.record.kind, kept.at) {
            groups.entry(identity(kept)).or_default().push(Step {
                state,
                at,
                since: kept.since,
                kept,
            });
        }
    }
    groups
        .into_values()
        .flat_map(|steps| episodes(&steps, survey))
        .collect()
}

/// What makes two records the same alert: its fingerprint, else its name and service.
fn identity(kept: &Kept) -> String {
    let record = &kept.record;
    let id = record.fields.text(field::ID).map(str::to_owned);
    id.unwrap_or_else(|| {
        let name = record.fields.text(field::ALERT).unwrap_or(&record.message);
        format!("{name}\0{}", record.service.as_deref().unwrap_or_default())
    })
}

/// The service that an alert is about. Where checks belong to hosts, as Nagios has it, people enter their services as
/// hosts, too: a host that writes a log of its own is one, and what was called a service is the check.
pub(super) fn subject(record: &Record<'_>, survey: &Survey) -> Option<String> {
    let logged = |name: &str| {
        let tally = survey.services.get(name)?;
        Some(tally.rates.get(&What::Entries)?.total())
    };
    let (service, host) = (record.service.as_deref(), record.host.as_deref());
    let own = host.filter(|host| logged(host) > service.and_then(logged));
    if let (None, Some(check), Some(host)) = (own, service.filter(|s| is_check(s)), host) {
        let found = named_like(host, survey).filter(|s| logged(s) > logged(check));
        return found.or(Some(check)).map(str::to_owned);
    }
    Some(own.or(service)?.to_owned())
}

/// Whether this can only be what is checked of a service: services have no blanks in their names.
fn is_check(name: &str) -> bool {
    const CHECKS: [&str; 14] = [
        "availability",
        "cpu",
        "disk",
        "errors",
        "health",
        "http",
        "https",
        "latency",
        "load",
        "memory",
        "ping",
        "ping4",
        "procs",
        "swap",
    ];
    name.trim().contains(' ') || CHECKS.contains(&name.to_ascii_lowercase().as_str())
}

/// The one service with a log that a host is named after: `eu-parcels-03` runs `parcels` or `parcels-api`.
fn named_like<'s>(host: &str, survey: &'s Survey) -> Option<&'s str> {
    // Shorter ones are of places and companies.
    const LEAST: usize = 3;
    let host = host.split('.').next()?.to_ascii_lowercase();
    let bare = host.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    let first = |name: &str| {
        let part = name.split(['-', '_', '.']).next().unwrap_or(name);
        part.to_ascii_lowercase()
    };
    let whole = |name: &str| {
        let name = name.to_ascii_lowercase();
        bare == name || bare.ends_with(&format!("-{name}"))
    };
    let part = |name: &str| {
        let first = first(name);
        first.len() >= LEAST && bare.split('-').next_back() == Some(first.as_str())
    };
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut all = survey.services.keys().filter(|name| fits(name));
        all.next().filter(|_| all.next().is_none())
    };
    only(&whole).or_else(|| only(&part)).map(String::as_str)
}

struct Episode<'k> {
    from: Stamp,
    to: Option<Stamp>,
    last: Stamp,
    state: AlertState,
    fired: u32,
    /// The source itself says that it flaps.
    flapping: bool,
    first: &'k Kept,
    cites: Vec<Cite>,
}

fn episodes(steps: &[Step<'_>], survey: &Survey) -> Vec<Signal> {
    let mut all: Vec<Episode<'_>> = Vec::new();
    let mut pending = false;
    for step in steps {
        let from = step.since.map_or(step.at, |s| s.min(step.at));
        let over = step.state == AlertState::Resolved;
        match all.last_mut() {
            Some(e) if e.goes_on(from) => e.take(step, from),
            // Neither trouble that nobody was told of, nor its end, is an alert.
            _ if matches!(step.state, AlertState::Unknown | AlertState::Pending) => {}
            _ if over && pending => {}
            _ => all.push(Episode {
                from,
                to: over.then_some(step.at),
                last: step.at,
                state: step.state,
                fired: 1,
                flapping: false,
                first: step.kept,
                cites: vec![step.kept.cite],
            }),
        }
        pending = step.state == AlertState::Pending || pending && step.state == AlertState::Unknown;
    }
    all.into_iter().filter_map(|e| e.signal(survey)).collect()
}

impl<'k> Episode<'k> {
    fn goes_on(&self, from: Stamp) -> bool {
        self.to.is_none() || self.flapping || from.nanos - self.last.nanos <= FLAP
    }

    fn take(&mut self, step: &Step<'k>, from: Stamp) {
        let again = step.state == AlertState::Firing
            && self.state == AlertState::Resolved
            && from > self.from;
        self.fired += u32::from(again);
        match step.state {
            AlertState::Firing if again || self.to.is_none() => self.to = None,
            AlertState::Resolved => self.to = Some(self.to.map_or(step.at, |t| t.max(step.at))),
            // No data and the like are neither; the alert stays as it was.
            AlertState::Firing | AlertState::Unknown | AlertState::Pending => {}
        }
        match step.kept.record.fields.text("flapping") {
            Some("started") => self.flapping = true,
            Some(_) => self.flapping = false,
            None => {}
        }
        let settled = matches!(step.state, AlertState::Firing | AlertState::Resolved);
        if settled && step.at >= self.last {
            self.state = step.state;
        }
        self.from = self.from.min(from);
        self.last = self.last.max(step.at);
        self.cites.push(step.kept.cite);
    }

    fn signal(self, survey: &Survey) -> Option<Signal> {
        let record = &self.first.record;
        let name = record
            .fields
            .text(field::ALERT)
            .unwrap_or(&record.message)
            .to_owned();
        // The first and the last record tell the story.
        let ends = [self.cites.first().copied(), self.cites.last().copied()];
        Some(Signal {
            rule: RULE.name,
            from: self.from,
            to: self.to,
            service: subject(&self.first.record, survey),
            sign: Sign::Alert(Alert {
                name,
                summary: record.message.to_string(),
                severity: record.fields.text(field::SEVERITY).map(str::to_owned),
                environment: record.fields.text(field::ENVIRONMENT).map(str::to_owned),
                fired: self.fired,
                state: if self.to.is_some() {
                    AlertState::Resolved
                } else {
                    AlertState::Firing
                },
            }),
            evidence: Evidence::of(ends.into_iter().flatten())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::survey::{Mark, Tally};
    use recon_parsers::{Basis, Precision};

    /// An alert's records, as (second, state, what the source says of flapping).
    fn alerts(steps: &[(i64, AlertState, Option<&'static str>)]) -> Vec<(i64, Option<i64>, u32)> {
        let kept = steps.iter().map(|(second, state, flapping)| {
            let mut record = Record::new(Kind::Alert(*state), "disk");
            record.fields.push(field::ID, "web-03/disk");
            if let Some(phase) = flapping {
                record.fields.push("flapping", *phase);
            }
            Kept {
                at: Some(Stamp {
                    nanos: second * SECOND,
                    precision: Precision::Fraction(0),
                    basis: Basis::Stated,
                }),
                since: None,
                cite: Cite {
                    file: FileId(0),
                    offset: second.unsigned_abs(),
                    len: 1,
                },
                record,
            }
        });
        let survey = Survey {
            kept: kept.collect(),
            ..Survey::default()
        };
        let told = |s: Signal| {
            let Sign::Alert(alert) = &s.sign else {
                panic!("an alert")
            };
            (s.from.second(), s.to.map(|t| t.second()), alert.fired)
        };
        find(&survey).into_iter().map(told).collect()
    }

    use AlertState::{Firing, Pending, Resolved, Unknown};

    #[test]
    fn what_was_never_confirmed_is_no_alert() {
        assert_eq!(alerts(&[(0, Pending, None), (60, Resolved, None)]), []);
        let confirmed = [
            (0, Pending, None),
            (60, Firing, None),
            (900, Resolved, None),
        ];
        assert_eq!(alerts(&confirmed), [(60, Some(900), 1)]);
        // A recovery whose beginning was before the data is one.
        assert_eq!(alerts(&[(60, Resolved, None)]), [(60, Some(60), 1)]);
    }

    #[test]
    fn no_data_is_no_recovery() {
        let gone = [(0, Firing, None), (600, Unknown, None)];
        assert_eq!(alerts(&gone), [(0, None, 1)]);
    }

    #[test]
    fn what_the_source_calls_flapping_is_one() {
        let calm = [
            (0, Firing, None),
            (60, Resolved, None),
            (4000, Firing, None),
        ];
        assert_eq!(alerts(&calm), [(0, Some(60), 1), (4000, None, 1)]);
        let flaps = [
            (0, Firing, None),
            (30, Unknown, Some("started")),
            (60, Resolved, None),
            (4000, Firing, None),
            (4060, Resolved, None),
            (4100, Unknown, Some("stopped")),
            (9000, Firing, None),
        ];
        assert_eq!(alerts(&flaps), [(0, Some(4060), 2), (9000, None, 1)]);
    }

    #[test]
    fn an_alert_is_about_what_has_a_log() {
        let mut record = Record::new(Kind::Alert(AlertState::Firing), "p95 above 1 s");
        record.service = Some("Latency".into());
        record.host = Some("parcels".into());
        let mut survey = Survey::default();
        let mut writes = |name: &str, entries: i64| {
            let mut tally = Tally::default();
            let rate = tally.rates.entry(What::Entries).or_default();
            for nanos in 0..entries {
                let cite = Cite {
                    file: FileId(0),
                    offset: 0,
                    len: 1,
                };
                rate.add(Mark { nanos, cite });
            }
            survey.services.insert(name.to_owned(), tally);
            subject(&record, &survey)
        };
        assert_eq!(writes("glaze", 9).as_deref(), Some("Latency"));
        assert_eq!(writes("parcels", 3).as_deref(), Some("parcels"));
        // What Nagios itself logs of a check.
        assert_eq!(writes("Latency", 2).as_deref(), Some("parcels"));
        assert_eq!(writes("Latency", 4).as_deref(), Some("Latency"));
    }

    #[test]
    fn a_check_is_about_what_its_host_is_named_after() {
        let about = |check: &str, host: &str, services: &[&str]| {
            let mut record = Record::new(Kind::Alert(AlertState::Firing), "p95 above 1 s");
            record.service = Some(check.to_owned().into());
            record.host = Some(host.to_owned().into());
            let mut survey = Survey::default();
            for name in services {
                let mut tally = Tally::default();
                let rate = tally.rates.entry(What::Entries).or_default();
                let cite = Cite {
                    file: FileId(0),
                    offset: 0,
                    len: 1,
                };
                rate.add(Mark { nanos: 0, cite });
                survey.services.insert((*name).to_owned(), tally);
            }
            subject(&record, &survey).unwrap()
        };
        let services = ["glaze", "parcels-api"];
        assert_eq!(
            about("No new labels", "eu-parcels-03", &services),
            "parcels-api"
        );
        assert_eq!(about("HTTP", "glaze01.example.net", &services), "glaze");
        // The name of a service stays, and so does a check of a host that could run either.
        assert_eq!(about("parcels-db", "parcels-03", &services), "parcels-db");
        let two = ["parcels-web", "parcels-api"];
        assert_eq!(about("No new labels", "parcels-03", &two), "No new labels");
        assert_eq!(about("No new labels", "db-03", &services), "No new labels");
    }
}
