//! Who says that another failed it: callers pass on what those whom they call do to them.

use super::group::Group;
use super::names;
use super::suspects::Risen;
use crate::signal::{Sign, Signal};
use std::collections::BTreeSet;

/// The services that anything speaks of.
pub(super) fn known<'g>(group: &'g Group<'_>) -> BTreeSet<&'g String> {
    let changed = group.changes.iter().filter_map(|c| c.service.as_ref());
    let services = group.services.iter().chain(&group.implicated);
    services.chain(changed).collect()
}

/// The services behind fronts of other names that all requests which fail there were for, by the first part of their
/// paths: `/tills/open` and `/tills/pay` at a server that is called after nothing that it serves.
pub(super) fn asked_for<'n>(
    group: &Group<'_>,
    services: impl Iterator<Item = &'n String> + Clone,
) -> BTreeSet<String> {
    let of_burst = |burst: &&Signal| services.clone().find(|s| is_behind(burst, s)).cloned();
    group.bursts.iter().filter_map(of_burst).collect()
}

/// Whether all requests of a burst at a front of another name were for this service.
pub(super) fn is_behind(burst: &Signal, service: &str) -> bool {
    let Sign::Burst(detail) = &burst.sign else {
        return false;
    };
    let front = burst.service.as_deref();
    let mut parts = detail.operations.iter().map(|o| first_part(o));
    !detail.operations.is_empty()
        && front.is_none_or(|f| !names::same(f, service))
        && parts.all(|p| p.is_some_and(|p| names::same(p, service)))
}

/// `tills` of `POST /tills/pay`.
fn first_part(operation: &str) -> Option<&str> {
    let (_, path) = operation.split_once(" /")?;
    path.split('/').next().filter(|p| !p.is_empty())
}

/// Words with which a message says that somebody else failed. Without them it may name whom it only talks to.
const FAILED: [&str; 43] = [
    "certificate",
    "handshake",
    "fail",
    "timed out",
    "timeout",
    "time out",
    "refused",
    "reset",
    "unavailable",
    "unreachable",
    "no route",
    "no such host",
    "not found",
    "not reach",
    "cannot",
    "could not",
    "unable",
    "expired",
    "bad gateway",
    "returned 5",
    "returned error",
    "answered 5",
    "replied 5",
    "replied with 5",
    "answered with 5",
    "came back with 5",
    "responded with 5",
    "status 5",
    "http 5",
    "got 5",
    "upstream",
    "no listener",
    "closed the connection",
    "lost connection",
    "connection lost",
    "error talking",
    "error from",
    "giving up",
    "gave up",
    "did not answer",
    "did not respond",
    "not responding",
    "broken pipe",
];

/// Whether a message says that something failed.
pub(super) fn complains(text: &str) -> bool {
    let said = text.to_lowercase();
    FAILED.iter().any(|words| said.contains(words))
}

/// Which service's messages name one other service, and no more than one, as what failed it.
pub(super) fn accused<'a>(group: &'a Group<'_>, risen: &'a [Risen]) -> Vec<(&'a str, &'a str)> {
    let known = known(group);
    let one = |message: &'a Risen| {
        complains(&message.text).then_some(())?;
        let others = known.iter().filter(|s| !names::same(s, &message.service));
        let named = names::mentioned(&message.text, others.map(|s| s.as_str()));
        match named.as_slice() {
            [one] => Some((message.service.as_str(), *one)),
            _ => None,
        }
    };
    risen.iter().filter_map(one).collect()
}

/// Who is failed by another that does not name them in turn, itself or through others.
pub(super) fn relays<'a>(accused: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let relay = |(by, other): &&(&str, &str)| !leads_to(accused, other, by);
    accused.iter().filter(relay).map(|(by, _)| *by).collect()
}

/// Whether one who accuses names another, itself or through those whom it names.
fn leads_to(accused: &[(&str, &str)], from: &str, to: &str) -> bool {
    let mut found: Vec<&str> = vec![from];
    let mut at = 0;
    while let Some(here) = found.get(at).copied() {
        at += 1;
        for (_, next) in accused.iter().filter(|(by, _)| names::same(by, here)) {
            if !found.iter().any(|f| names::same(f, next)) {
                found.push(next);
            }
        }
    }
    found.iter().any(|f| names::same(f, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::{Cite, Evidence, FileId};
    use crate::signal::Burst;
    use crate::survey::What;
    use recon_parsers::{Basis, Precision, Stamp};

    fn failing(service: &str, operations: &[&str]) -> Signal {
        let cite = Cite {
            file: FileId(0),
            offset: 0,
            len: 1,
        };
        let mut burst = Burst::specimen(What::Failed, cite);
        burst.operations = operations.iter().map(|o| (*o).to_owned()).collect();
        Signal {
            rule: "test",
            from: Stamp {
                nanos: 0,
                precision: Precision::Fraction(0),
                basis: Basis::Stated,
            },
            to: None,
            service: Some(service.to_owned()),
            sign: Sign::Burst(burst),
            evidence: Evidence::new(cite),
        }
    }

    #[test]
    fn who_was_asked_stands_first_in_the_paths_if_it_is_one_with_a_log() {
        let services = ["tills", "stock", "w3c"].map(str::to_owned);
        let asked = |front: &str, operations: &[&str]| {
            let burst = failing(front, operations);
            let group = Group {
                bursts: vec![&burst],
                ..Group::default()
            };
            asked_for(&group, services.iter()).into_iter().next()
        };
        let tills = Some("tills".to_owned());
        assert_eq!(asked("w3c", &["GET /tills/open", "POST /tills/pay"]), tills);
        assert_eq!(asked("w3c", &["GET /tills/open", "GET /stock"]), None);
        assert_eq!(asked("w3c", &["GET /prices/open"]), None);
        assert_eq!(asked("tills", &["GET /tills/open"]), None);
        assert_eq!(asked("w3c", &[]), None);
    }
}
