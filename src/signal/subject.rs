//! The service that an alert or a page is about.
//!
//! Where checks belong to hosts, as Nagios has it, what is called a service may be the check: `Latency p95`
//! of `fm-basket02`. Such a name is no service's, and what the check is of has to be found: among those that
//! write a log, by the words of the alert or by the host's name, which is often a service's cut short.

use crate::survey::{Survey, What};
use recon_parsers::Record;
use recon_parsers::record::field;
use recon_parsers::token::change::is_staging;

/// Words of what is measured, not of who is.
#[rustfmt::skip]
const MEASURES: [&str; 40] = [
    "4xx", "5xx", "alive", "availability", "backlog", "cert", "certificate", "check", "connection", "connections", "cpu",
    "disk", "error", "errors", "exceptions", "failures", "health", "http", "https", "lag", "lastrun", "latency", "load",
    "memory", "p50", "p90", "p95", "p99", "percentile", "ping", "procs", "rate", "ratio", "response", "ssl", "swap",
    "throughput", "time", "timeouts", "uptime",
];
/// Words of what is not production: a name that they go with may be production's all the same.
const ELSEWHERE: [&str; 10] = [
    "staging", "stage", "stg", "test", "testing", "dev", "uat", "qa", "preprod", "sandbox",
];
/// Words that together name machines on which things are built or tried out: `test-runner-03`, `ci-agent-2`.
const BENCHES: [&str; 18] = [
    "agent",
    "agents",
    "bench",
    "box",
    "build",
    "builder",
    "buildkite",
    "ci",
    "dev",
    "executor",
    "github",
    "gitlab",
    "jenkins",
    "node",
    "runner",
    "test",
    "testing",
    "vm",
];
/// Those that name a machine of any sort.
const ANY: [&str; 7] = ["agent", "agents", "box", "executor", "node", "runner", "vm"];
/// Letters of a host's name that a service's name has to begin with, at least.
const LETTERS: usize = 4;

/// The service that a record is about, if it says.
pub(super) fn subject(record: &Record<'_>, survey: &Survey) -> Option<String> {
    let logged = |name: &str| {
        let tally = survey.services.get(name)?;
        Some(tally.rates.get(&What::Entries)?.total())
    };
    let (service, host) = (record.service.as_deref(), record.host.as_deref());
    // People enter their services as hosts, too: a host that writes a log of its own is one.
    if let Some(host) = host.filter(|host| logged(host) > service.and_then(logged)) {
        return Some(host.to_owned());
    }
    let service = service?;
    let checked = record.fields.text(field::ALERT) == Some(service) && host.is_some();
    let measure = is_measure(service);
    // What is told of a check is no log of a service.
    let known = logged(service).is_some() && !(checked && measure);
    if known || !(checked || measure) {
        return Some(service.to_owned());
    }
    let text = format!("{service} {}", record.message);
    let all = format!("{text} {}", host.unwrap_or_default());
    if words(&all).any(|w| ELSEWHERE.contains(&without_number(w))) {
        return Some(service.to_owned());
    }
    let one = |meant: &dyn Fn(&str) -> bool| only(survey, |name| name != service && meant(name));
    let named = one(&|name| says(service, name));
    let named = named.or_else(|| one(&|name| checked && says(&text, name)));
    let whole = |name: &str| checked && host.is_some_and(|h| says(h, name));
    let called = |name: &str| checked && host.is_some_and(|h| is_short_for(h, name));
    let named = named.or_else(|| one(&whole)).or_else(|| one(&called));
    named.or_else(|| (!(checked && measure)).then(|| service.to_owned()))
}

/// Where the trouble is that a record tells of: as it says, or as the name of its host or of its service says that
/// no user is there.
pub(super) fn environment(record: &Record<'_>, survey: &Survey) -> Option<String> {
    let stated = record.fields.text(field::ENVIRONMENT).map(str::to_owned);
    let host = record.host.as_deref();
    let names = [host, record.service.as_deref()];
    let mut names = names.into_iter().flatten();
    let found = stated.or_else(|| names.find_map(|name| elsewhere(name, survey)));
    found.or_else(|| tried_out(host?, survey))
}

/// The word of a machine's name by which things are tried out on it, at either end of the name: `test` of
/// `test-loom-02`, `dev` of `loom-dev`. A service that writes a log may be called so: `dev-portal`.
fn tried_out(host: &str, survey: &Survey) -> Option<String> {
    const WORDS: [&str; 6] = ["dev", "development", "sandbox", "test", "testing", "tst"];
    let lower = host.to_lowercase();
    // Behind the first dot stands a domain, which machines of all sorts share.
    let short = lower.split('.').next().unwrap_or(&lower);
    let mut parts: Vec<&str> = words(short).map(without_number).collect();
    parts.retain(|w| !w.is_empty());
    let ends = [parts.first().copied(), parts.last().copied()];
    let word = ends.into_iter().flatten().find(|w| WORDS.contains(w))?;
    let mut services = survey.services.keys().map(|s| s.to_lowercase());
    let own = services.any(|s| says(&lower, &s) && words(&s).any(|w| w == word));
    (parts.len() > 1 && !own).then(|| word.to_owned())
}

/// The word of a machine's name that says that no user is there: `stg` of `cart-stg-01`, unless a service that
/// writes a log has the word in its name.
fn elsewhere(name: &str, survey: &Survey) -> Option<String> {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = words(&lower).map(without_number).collect();
    let own = |word: &str| {
        let mut services = survey.services.keys();
        services.any(|s| says(&lower, s) && words(&s.to_lowercase()).any(|w| w == word))
    };
    let staged = parts.iter().copied().find(|w| is_staging(w) && !own(w));
    let bench = parts.len() > 1
        && parts.iter().all(|w| w.is_empty() || BENCHES.contains(w))
        && parts.iter().any(|w| !w.is_empty() && !ANY.contains(w));
    let logged = survey.services.keys().any(|s| says(&lower, s));
    let staged = staged.or_else(|| (bench && !logged).then_some("test"));
    staged.map(str::to_owned)
}

fn without_number(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The one service with a log that is meant, if it is one.
fn only(survey: &Survey, meant: impl Fn(&str) -> bool) -> Option<String> {
    let mut all = survey.services.keys().filter(|name| meant(name));
    let one = all.next()?;
    all.next().is_none().then(|| one.clone())
}

/// `Latency p95`, `check_http`, `checkout: p99 latency`.
fn is_measure(name: &str) -> bool {
    // Services have no blanks in their names.
    let lower = apart(name.trim()).to_lowercase();
    name.trim().contains(' ') || words(&lower).any(|w| MEASURES.contains(&w))
}

/// `DiskSpaceLow` as people would write it: `Disk Space Low`.
pub(crate) fn apart(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut small = false;
    for c in name.chars() {
        if small && c.is_uppercase() {
            out.push(' ');
        }
        small = c.is_lowercase();
        out.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    out
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let all = text.split(|c: char| !c.is_alphanumeric());
    all.filter(|w| !w.is_empty())
}

/// Whether a text has all words of a name, one after the other.
fn says(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let (text, name): (Vec<&str>, Vec<&str>) = (words(&text).collect(), words(&name).collect());
    !name.is_empty() && text.windows(name.len()).any(|w| w == name)
}

/// Whether a host is called after a service: `fm-basket02`, `bask-1` after `basket`.
fn is_short_for(host: &str, service: &str) -> bool {
    let (host, service) = (host.to_lowercase(), service.to_lowercase());
    let whole: String = words(&service).collect();
    let mut parts = words(&host).map(without_number);
    parts.any(|p| p.len() >= LETTERS && whole.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, FileId};
    use crate::survey::{Mark, Tally};
    use recon_parsers::{AlertState, Kind, PageAct};

    /// Services with so many entries each.
    fn writes(survey: &mut Survey, name: &str, entries: i64) {
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
    }

    fn checked(host: &'static str, check: &'static str, said: &'static str) -> Record<'static> {
        let mut record = Record::new(Kind::Alert(AlertState::Firing), said);
        record.service = Some(check.into());
        record.host = Some(host.into());
        record.fields.push(field::ALERT, check);
        record
    }

    #[test]
    fn an_alert_is_about_what_has_a_log() {
        let mut record = Record::new(Kind::Alert(AlertState::Firing), "p95 above 1 s");
        record.service = Some("Latency".into());
        record.host = Some("parcels".into());
        let mut survey = Survey::default();
        let mut told = |name: &str, entries: i64| {
            writes(&mut survey, name, entries);
            subject(&record, &survey)
        };
        assert_eq!(told("glaze", 9).as_deref(), Some("Latency"));
        assert_eq!(told("parcels", 3).as_deref(), Some("parcels"));
        // What Nagios itself logs of a check.
        assert_eq!(told("Latency", 2).as_deref(), Some("parcels"));
        assert_eq!(told("Latency", 4).as_deref(), Some("Latency"));
    }

    #[test]
    fn a_check_is_of_what_the_alert_or_its_host_names() {
        let mut survey = Survey::default();
        for name in ["kiln", "glazing", "kiln-store"] {
            writes(&mut survey, name, 9);
        }
        let of = |host, check, said| subject(&checked(host, check, said), &survey);
        assert_eq!(
            of("pot-glaz02", "Latency p95", "slow").as_deref(),
            Some("glazing")
        );
        let named = of("mon01", "App errors", "glazing: 12 errors a minute");
        assert_eq!(named.as_deref(), Some("glazing"));
        assert_eq!(of("mon01", "check_lastrun", "stale"), None);
        // Two are called so.
        assert_eq!(of("pot-kiln01", "Response time", "slow"), None);
        // What the checks' own log counts of it makes it no service.
        writes(&mut survey, "Latency p95", 5);
        let found = subject(&checked("pot-glaz02", "Latency p95", "slow"), &survey);
        assert_eq!(found.as_deref(), Some("glazing"));
    }

    #[test]
    fn a_page_that_names_a_service_and_what_is_measured_is_about_the_service() {
        let mut survey = Survey::default();
        writes(&mut survey, "glazing", 9);
        let mut page = Record::new(Kind::Page(PageAct::Triggered), "slow");
        page.service = Some("glazing: p99 latency".into());
        assert_eq!(subject(&page, &survey).as_deref(), Some("glazing"));
        page.service = Some("rate-card".into());
        assert_eq!(subject(&page, &survey).as_deref(), Some("rate-card"));
    }

    #[test]
    fn a_service_that_only_the_alerts_know_keeps_its_name() {
        let mut survey = Survey::default();
        writes(&mut survey, "glazing", 9);
        let of = |host, check, said| subject(&checked(host, check, said), &survey);
        let known = of("mon01", "Potter", "does not answer");
        assert_eq!(known.as_deref(), Some("Potter"));
        let staged = of("stg-glaz02", "App errors", "errors of glazing");
        assert_eq!(staged.as_deref(), Some("App errors"));
    }

    #[test]
    fn what_is_measured_may_be_one_word() {
        let mut survey = Survey::default();
        for name in ["kiln-store", "glazing"] {
            writes(&mut survey, name, 9);
        }
        let of = |host, check| subject(&checked(host, check, "is bad"), &survey);
        assert_eq!(
            of("kiln-store-01", "DiskSpaceLow").as_deref(),
            Some("kiln-store")
        );
        assert_eq!(of("lamp-07", "DiskSpaceLow"), None);
        assert_eq!(of("lamp-07", "Potter").as_deref(), Some("Potter"));
    }

    #[test]
    fn names_of_machines_tell_where_no_user_is() {
        let mut survey = Survey::default();
        for name in ["glazing", "qa-portal", "dev-portal"] {
            writes(&mut survey, name, 9);
        }
        let place = |host| environment(&checked(host, "Load", "high"), &survey);
        for host in [
            "stg-glaz02",
            "pot-stg01",
            "ci-agent-4",
            "test-runner-7",
            "gitlab-runner-1",
            "build-box",
            "test-loom-02",
            "loom-dev.example.net",
        ] {
            assert!(place(host).is_some(), "{host}");
        }
        for host in [
            "glazing-01",
            "qa-portal-02",
            "quiz-runner-1",
            "agent-3",
            "latest-01",
            "dev-portal-01",
            "loom-01.test.example.net",
            "node-12",
            "test",
        ] {
            assert_eq!(place(host), None, "{host}");
        }
        let mut told = checked("stg-glaz02", "Load", "high");
        told.fields.push(field::ENVIRONMENT, "production");
        assert_eq!(environment(&told, &survey).as_deref(), Some("production"));
    }
}
