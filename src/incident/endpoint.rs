//! What a message that complains was talking to: `Connection refused: tariff-db:5432`, `(CONNECTION to orders)`.
//!
//! A dependency without a log of its own, a partner's service above all, is known by nothing else.

use super::accused::complains;

/// Words after which a message says whom it was talking to.
const TOWARDS: [&str; 12] = [
    "connection to ",
    "connect to ",
    "connecting to ",
    "talking to ",
    "call to ",
    "lost connection to ",
    "no route to host ",
    "handshake with ",
    "error from ",
    "giving up on ",
    "no answer from ",
    "no response from ",
];
/// Words before which it says so.
const BEFORE: [&str; 4] = [
    " did not answer",
    " did not respond",
    " is not responding",
    " is unreachable",
];
/// Words that stand first behind the name of one that was called, for what came back: a status, which in a template is
/// no more than a number, or nothing.
const ANSWERED: [&str; 17] = [
    "5",
    "<*>",
    "http ",
    "status ",
    "answered ",
    "replied ",
    "returned ",
    "timeout",
    "timed out",
    "read timeout",
    "no answer",
    "no response",
    "connection ",
    "connect ",
    "service unavailable",
    "unreachable",
    "giving up",
];
/// Ends of names of files in which programs stand: `Handler.java:118` is a place, not a host.
const SOURCES: [&str; 15] = [
    "java", "kt", "scala", "go", "py", "rb", "js", "ts", "cs", "php", "rs", "cpp", "c", "cc", "ex",
];
/// Names that are no other service's.
const NOBODY: [&str; 14] = [
    "localhost",
    "server",
    "database",
    "host",
    "upstream",
    "backend",
    "the",
    "remote",
    "peer",
    "service",
    "http",
    "https",
    "tcp",
    "port",
];

/// Parts of the names of hosts that a company has among itself.
const INSIDE: [&str; 9] = [
    "svc", "local", "internal", "intern", "intra", "lan", "corp", "consul", "cluster",
];

/// What a message complains of by a name that people also give when they name the cause: a partner's host in public,
/// too. Each as it is written there.
pub(super) fn agreed(text: &str, causes: &[&str]) -> Vec<String> {
    let first = leading(text);
    let outer = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    let is_named = |name: &&str| {
        let mut words = causes.iter().flat_map(|c| c.split(outer));
        words.any(|w| w.trim_matches(['-', '_', '.']).eq_ignore_ascii_case(name))
    };
    let mut found: Vec<String> = Vec::new();
    for name in complained_of(text).into_iter().chain(first) {
        let name = name.to_ascii_lowercase();
        let machine =
            is_of_a_machine(&name) || first.is_some_and(|f| f.eq_ignore_ascii_case(&name));
        if machine && is_named(&name.as_str()) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The word that a complaint begins with, as callers put whom they called in front: `tidelink: 503, giving up`.
fn leading(text: &str) -> Option<&str> {
    let (name, rest) = text.trim_start().split_once(": ")?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let word = name.len() >= 4 && name.bytes().all(plain);
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    // A class of errors is nobody.
    let lower = name.to_ascii_lowercase();
    let class = ["error", "exception", "warning", "failure"];
    let person = word && begins && !class.iter().any(|c| lower.ends_with(c));
    let rest = rest.to_ascii_lowercase();
    let answered = ANSWERED.iter().any(|words| rest.starts_with(words));
    (person && answered && !NOBODY.contains(&lower.as_str())).then_some(name)
}

/// Whether a word is a name that only a machine or a host has: `smpp-gate.example`, `berth_db`; no version, no number,
/// no file of a program.
fn is_of_a_machine(word: &str) -> bool {
    let parts = || word.split(['-', '_', '.']);
    let end = word.rsplit('.').next().unwrap_or_default();
    let letters = |p: &str| p.len() > 1 && p.bytes().all(|b| b.is_ascii_alphabetic());
    word.contains(['-', '_', '.'])
        && word.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && parts().next().is_some_and(letters)
        && parts().filter(|p| letters(p)).count() > 1
        && !(word.contains('.') && SOURCES.contains(&end))
}

/// The names of what a message complains of, the host's without its domain.
pub(super) fn endpoints(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in complained_of(text).into_iter().filter_map(service) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Whatever stands where a complaint names whom it is about.
fn complained_of(text: &str) -> Vec<&str> {
    if !complains(text) {
        return Vec::new();
    }
    let words = text.split(|c: char| c.is_whitespace() || "\"'()[]{}<>,;=|".contains(c));
    let mut found: Vec<&str> = words.filter_map(with_port).collect();
    let outer = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    let lower = text.to_ascii_lowercase();
    for words in TOWARDS {
        for (at, _) in lower.match_indices(words) {
            let rest = text.get(at + words.len()..).unwrap_or_default();
            let name = rest.split(outer).next().unwrap_or_default();
            // One that reads as a name, not as a word of the sentence.
            let closed = rest.get(name.len()..).is_some_and(|r| r.starts_with(')'));
            found.extend((closed || name.contains(['-', '_', '.'])).then_some(name));
        }
    }
    for words in BEFORE {
        for (at, _) in lower.match_indices(words) {
            let before = text.get(..at).unwrap_or_default();
            let name = before.rsplit(outer).next().unwrap_or_default();
            found.extend(name.contains(['-', '_', '.']).then_some(name));
        }
    }
    let bare = found.into_iter().map(|n| n.trim_matches(['-', '_', '.']));
    bare.collect()
}

/// The host of `host:port`, or of an address with one.
fn with_port(word: &str) -> Option<&str> {
    let address = word.split_once("://").map(|(_, rest)| rest);
    let rest = address.unwrap_or(word);
    let rest = rest.split('/').next()?;
    let (host, port) = match rest.trim_end_matches([':', '.']).rsplit_once(':') {
        Some(both) => both,
        None => return address.map(|_| rest),
    };
    let is_port = (2..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    is_port.then_some(host)
}

/// The service that a host's name stands for; nothing if it is an address or a place in a program.
fn service(host: &str) -> Option<String> {
    let host = host.trim_matches(['.', '-', '_']);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if host.len() < 3 || !host.bytes().all(plain) {
        return None;
    }
    if host
        .rsplit_once('.')
        .is_some_and(|(_, end)| SOURCES.contains(&end))
    {
        return None;
    }
    // What a stranger calls its hosts in public is no name of a service: `b2b.partner.example`.
    let mut labels = host.split('.').skip(1).peekable();
    if labels.peek().is_some() && !labels.any(|l| INSIDE.contains(&l)) {
        return None;
    }
    let name = host.split('.').next()?.to_ascii_lowercase();
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    (begins && name.len() >= 3 && !NOBODY.contains(&name.as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{agreed, endpoints, leading};

    #[test]
    fn a_partner_is_meant_if_people_name_it_as_well() {
        let said = "error from tide-link.example: berth 7 timed out after 10s";
        let cause = "tide-link.example has an outage, they have just told us";
        assert_eq!(agreed(said, &[cause]), ["tide-link.example"]);
        assert_eq!(agreed(said, &["our own limit of 10s is too low"]), [""; 0]);
        // Callers put whom they called in front.
        let said = "tidelink: 503, no more attempts";
        assert_eq!(agreed(said, &["tidelink is down, not us"]), ["tidelink"]);
        assert_eq!(agreed(said, &["the tide is down"]), [""; 0]);
        let rule = "tidal-mode: payload refused, unknown berth";
        assert_eq!(leading(rule), None);
        let class = "TideError: 503, no more attempts";
        assert_eq!(agreed(class, &["TideError is what it throws"]), [""; 0]);
        // Who does not complain, and what is no name.
        assert_eq!(agreed("tide-link.example answered 200", &[cause]), [""; 0]);
        let setting = "tide_ttl_s is not set: call to tide-link.example failed";
        assert_eq!(
            agreed(setting, &["tide_ttl_s was dropped by accident"]),
            [""; 0]
        );
    }

    #[test]
    fn who_is_complained_of_is_told_by_host_and_port_or_in_words() {
        let one = |text: &str, name: &str| assert_eq!(endpoints(text), [name], "{text}");
        one("Connection refused: tariff-edi:8443 reqId=7", "tariff-edi");
        one(
            "dial tcp: lookup tolls.prod.svc.cluster.local:443: no such host",
            "tolls",
        );
        one(
            "ORA-12541: TNS:no listener (CONNECTION to orafreight)",
            "orafreight",
        );
        one("lost connection to pg-berths", "pg-berths");
        one("error from berth_db: no primary", "berth_db");
        one("berth_db did not answer: berth 7 is lost", "berth_db");
        one(
            "Get \"https://tide-gauge.prod.internal/level\": context deadline exceeded (timeout)",
            "tide-gauge",
        );
    }

    #[test]
    fn places_addresses_and_words_are_nobody() {
        for text in [
            "listening on kiln:8080",
            "cannot read: at Handler.java:118",
            "dial tcp 10.2.3.4:5432: connection refused",
            "failed to connect to the database at 10:31:22",
            "connect to localhost:5432 refused",
            "https://b2b.tides.example/level answered 503 Service Unavailable",
        ] {
            assert!(endpoints(text).is_empty(), "{text}: {:?}", endpoints(text));
        }
    }
}
