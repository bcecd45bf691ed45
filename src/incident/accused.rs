//! Who says that another failed it: callers pass on what those whom they call do to them.

use super::group::Group;
use super::names;
use super::suspects::Risen;
use std::collections::BTreeSet;

/// The services that anything speaks of.
pub(super) fn known<'g>(group: &'g Group<'_>) -> BTreeSet<&'g String> {
    let changed = group.changes.iter().filter_map(|c| c.service.as_ref());
    let services = group.services.iter().chain(&group.implicated);
    services.chain(changed).collect()
}

/// Words with which a message says that somebody else failed. Without them it may name whom it only talks to.
const FAILED: [&str; 33] = [
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
