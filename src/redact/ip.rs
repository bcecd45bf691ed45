//! IP addresses, of both versions. Those that name no machine (loopback, unspecified) stay.

use super::{Class, Found, Rule, pattern};
use regex::Regex;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

pub(super) const RULE: Rule = Rule {
    class: Class::Ip,
    hints: &[],
    find,
};

fn find(text: &str, found: &mut Vec<Found>) {
    static CANDIDATE: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = pattern(
        &CANDIDATE,
        r"(?i)[0-9a-f]*:[0-9a-f:]*:[0-9a-f.:]*|\d{1,3}(?:[.-]\d{1,3}){3}",
    );
    for candidate in pattern.into_iter().flat_map(|p| p.find_iter(text)) {
        let before = text.get(..candidate.start()).unwrap_or_default();
        let after = text.get(candidate.end()..).unwrap_or_default();
        let shown = candidate.as_str().trim_end_matches('.');
        let shown = shown
            .strip_suffix(':')
            .filter(|s| !s.ends_with(':'))
            .unwrap_or(shown);
        let joined = |c: char| c.is_alphanumeric() || c == '_';
        let address = if shown.contains(':') {
            let address = shown.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
            address.filter(|_| !before.ends_with(joined) && !after.starts_with(joined))
        } else {
            shown
                .replace('-', ".")
                .parse::<Ipv4Addr>()
                .ok()
                .filter(|_| !version(shown, before, after))
                .map(IpAddr::V4)
        };
        let told = address.is_some_and(|a| !a.is_loopback() && !a.is_unspecified());
        if told {
            found.push(Found {
                range: candidate.start()..candidate.start() + shown.len(),
                kind: "ip",
            });
        }
    }
}

/// Whether four numbers are part of more of them, of a word, or of a product's version
/// (`Agent/6.1.0.2`). A host name before the slash has its port behind the address; numbers with
/// dashes are an address only in a host's name (`ip-10-0-0-7`).
fn version(shown: &str, before: &str, after: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let more = after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        || after
            .strip_prefix(['.', '-'])
            .is_some_and(|r| r.starts_with(digit))
        || before
            .strip_suffix(['.', '-'])
            .is_some_and(|b| b.ends_with(digit));
    if shown.contains('-') {
        return more || !before.ends_with("ip-");
    }
    let word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let product = before
        .strip_suffix('/')
        .is_some_and(|b| b.ends_with(char::is_alphanumeric));
    let port = after
        .strip_prefix(':')
        .is_some_and(|r| r.starts_with(digit));
    let said = before
        .trim_end_matches([' ', '=', ':', '"'])
        .to_ascii_lowercase();
    let said = said.ends_with("version") || said.ends_with("release") || said.ends_with(" v");
    more || word || before.ends_with('-') || (product && !port) || said
}
