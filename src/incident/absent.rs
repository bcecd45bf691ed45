//! Services that were dead when the logs begin: no silence shows, since nothing was heard of them before.
//!
//! What an alert, a page or the failing requests name, and what says its first word when the trouble ends, was not there.

use super::group::{Group, SLACK};
use super::names;
use crate::cite::{Evidence, FileId};
use crate::signal::Sign;
use crate::survey::{Mark, Survey, What};
use recon_parsers::stamp::SECOND;
use std::collections::{BTreeMap, BTreeSet};

/// Entries of its own that a service has at least once it is back: what hardly says anything is not missed.
const TALKS: u64 = 20;
/// It must have been missed for so long (two minutes).
const MISSED: i64 = 120 * SECOND;

/// The services that were absent, each with its first words. `end` is the last nanosecond of the data.
pub(super) fn absent(group: &Group<'_>, survey: &Survey, end: i64) -> BTreeMap<String, Evidence> {
    let (from, to) = (group.from, group.to.min(end));
    let half = from + (to - from) / 2;
    let named = survey.services.keys().filter(|s| is_named(group, s));
    let late = named.filter_map(|service| {
        let first = first_of_its_own(survey, service)?;
        let missed = first.nanos >= half.max(from + MISSED);
        let back = first.nanos <= to.saturating_add(SLACK);
        (missed && back).then(|| (service.clone(), Evidence::new(first.cite)))
    });
    late.collect()
}

/// Whether an alert, a page or requests that fail are about a service.
fn is_named(group: &Group<'_>, service: &str) -> bool {
    let told = |about: Option<&str>, text: &str| {
        about.is_some_and(|a| names::same(a, service)) || names::mentions(text, service)
    };
    let mut signals = group.alerts.iter().chain(&group.pages).chain(&group.bursts);
    signals.any(|s| match &s.sign {
        Sign::Alert(alert) => {
            let text = format!("{} {}", alert.name, alert.summary);
            told(s.service.as_deref(), &text)
        }
        Sign::Page(page) => told(s.service.as_deref(), &page.title),
        _ => told(s.service.as_deref(), ""),
    })
}

/// The first entry of a service in a file that tells of no other, if there are enough.
fn first_of_its_own(survey: &Survey, service: &str) -> Option<Mark> {
    let tally = survey.services.get(service)?;
    let others = survey.services.iter().filter(|(name, _)| *name != service);
    let theirs: BTreeSet<FileId> = others.flat_map(|(_, t)| t.files.iter().copied()).collect();
    let entries = tally.rates.get(&What::Entries)?;
    let is_own = |mark: &Mark| !theirs.contains(&mark.cite.file);
    let (mut first, mut count) = (None, 0);
    for (_, second) in entries.seconds() {
        // A front may tell of it in the same second.
        let Some(own) = [second.first, second.last].into_iter().find(is_own) else {
            continue;
        };
        first = first.or(Some(own));
        count += u64::from(second.count);
    }
    first.filter(|_| count >= TALKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::Cite;
    use crate::signal::{Burst, Signal};
    use recon_parsers::{Basis, Precision, Stamp};

    fn cite(file: u32, second: i64) -> Cite {
        Cite {
            file: FileId(file),
            offset: second.unsigned_abs() * 80,
            len: 80,
        }
    }

    /// Whether `pier` was absent from 100 to 1000, where its log begins at `back`, and a front's log tells that its
    /// requests fail.
    fn is_absent(back: i64, failing: &str) -> bool {
        let mut survey = Survey::default();
        let mut add = |service: &str, file: u32, seconds: std::ops::Range<i64>| {
            let tally = survey.services.entry(service.to_owned()).or_default();
            tally.files.insert(FileId(file));
            for second in seconds.step_by(5) {
                let mark = Mark {
                    nanos: second * SECOND,
                    cite: cite(file, second),
                };
                tally.rates.entry(What::Entries).or_default().add(mark);
            }
        };
        add("edge", 0, 50..2000);
        add("pier", 0, 50..2000);
        add("pier", 1, back..2000);
        let at = |second: i64| Stamp {
            nanos: second * SECOND,
            precision: Precision::Fraction(0),
            basis: Basis::Stated,
        };
        let burst = Signal {
            rule: "test",
            from: at(100),
            to: Some(at(1000)),
            service: Some(failing.to_owned()),
            sign: Sign::Burst(Burst::specimen(What::Failed, cite(0, 1000))),
            evidence: Evidence::new(cite(0, 100)),
        };
        let group = Group {
            bursts: vec![&burst],
            from: 100 * SECOND,
            to: 1000 * SECOND,
            ..Group::default()
        };
        absent(&group, &survey, 2000 * SECOND).contains_key("pier")
    }

    #[test]
    fn who_fails_and_says_its_first_word_when_it_ends_was_not_there() {
        assert!(is_absent(980, "pier"));
        assert!(!is_absent(60, "pier"), "it talks while it fails");
        assert!(!is_absent(980, "edge"), "nobody names it");
        assert!(!is_absent(1900, "pier"), "long after it was over");
    }
}
