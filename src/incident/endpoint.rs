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

/// What a message complains of by any name that people also give when they name the cause: a partner's host in
/// public, too. Each as it is written there.
pub(super) fn agreed(text: &str, causes: &[&str]) -> Vec<String> {
    if !complains(text) {
        return Vec::new();
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        let bare = split.map(|w| w.trim_matches(['-', '_', '.']).to_ascii_lowercase());
        bare.filter(|w| is_of_a_machine(w)).collect()
    };
    let mut named = words(text);
    named.dedup();
    named.retain(|n| causes.iter().any(|c| words(c).contains(n)));
    named
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
    if !complains(text) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if let Some(name) = service(name).filter(|n| !found.contains(n)) {
            found.push(name);
        }
    };
    for word in text.split(|c: char| c.is_whitespace() || "\"'()[]{}<>,;=|".contains(c)) {
        if let Some(host) = with_port(word) {
            add(host);
        }
    }
    let lower = text.to_ascii_lowercase();
    for words in TOWARDS {
        for (at, _) in lower.match_indices(words) {
            let rest = lower.get(at + words.len()..).unwrap_or_default();
            let end = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
            let name = rest.split(end).next().unwrap_or_default();
            // One that reads as a name, not as a word of the sentence.
            let is_name = name.contains(['-', '_', '.'])
                || rest.get(name.len()..).is_some_and(|r| r.starts_with(')'));
            if is_name {
                add(name);
            }
        }
    }
    for words in BEFORE {
        for (at, _) in lower.match_indices(words) {
            let before = lower.get(..at).unwrap_or_default();
            let part = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
            let name = before.rsplit(part).next().unwrap_or_default();
            if name.contains(['-', '_', '.']) {
                add(name);
            }
        }
    }
    found
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
    use super::{agreed, endpoints};

    #[test]
    fn a_partner_is_meant_if_people_name_it_as_well() {
        let said = "error from tide-link.example: berth 7 timed out after 10s";
        let cause = "tide-link.example has an outage, they have just told us";
        assert_eq!(agreed(said, &[cause]), ["tide-link.example"]);
        assert_eq!(agreed(said, &["our own limit of 10s is too low"]), [""; 0]);
        // Who does not complain, and what is no name.
        assert_eq!(agreed("tide-link.example answered 200", &[cause]), [""; 0]);
        let file = "call failed in handler.go and v2.4.1 timed out";
        assert_eq!(agreed(file, &["handler.go of v2.4.1 is wrong"]), [""; 0]);
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
