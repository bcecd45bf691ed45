//! E-mail addresses.

use super::{Class, Found, Rule, pattern};
use regex::Regex;
use std::sync::OnceLock;

pub(super) const RULE: Rule = Rule {
    class: Class::Email,
    hints: &["@", "%40"],
    find,
};

fn find(text: &str, found: &mut Vec<Found>) {
    static EMAIL: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = pattern(
        &EMAIL,
        r"[\p{L}\p{N}._+-]*[\p{L}\p{N}_+-](?:@|%40)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}",
    );
    let all = pattern.into_iter().flat_map(|p| p.find_iter(text));
    // The login of a URL, and what a password before it left: "scheme://user@host".
    let login = |at: usize| {
        text.get(..at)
            .is_some_and(|t| t.ends_with("://") || t.ends_with(':'))
    };
    let mail = |m: &regex::Match<'_>| {
        !login(m.start())
            || text
                .get(..m.start())
                .is_some_and(|t| t.ends_with("mailto:"))
            || text
                .get(..m.start())
                .is_some_and(|t| t.ends_with(':') && !t.contains("://"))
    };
    found.extend(all.filter(mail).map(|m| Found {
        range: m.range(),
        kind: "email",
    }));
}
