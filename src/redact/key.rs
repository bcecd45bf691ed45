//! Private keys in PEM: on one line with `\n` written out, or over many.

use super::{Class, Found, Rule, pattern};
use regex::Regex;
use std::sync::OnceLock;

pub(super) const KIND: &str = "key";

pub(super) const RULE: Rule = Rule {
    class: Class::Secret,
    hints: &["private key"],
    find,
};

/// Letters of a line that is nothing but base64, so long that it is the body of a key.
const BODY: usize = 60;

fn find(text: &str, found: &mut Vec<Found>) {
    static KEY: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = pattern(
        &KEY,
        r"(?s)-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)",
    );
    let keys = pattern.into_iter().flat_map(|p| p.find_iter(text));
    found.extend(keys.map(|k| Found {
        range: k.range(),
        kind: KIND,
    }));
}

/// Which of the lines stand within a key, its first and last line included. Where only the end of
/// a key is among the lines, what stands above it counts as long as it is base64.
pub(super) fn inside(lines: &[String]) -> Vec<bool> {
    let mut inside = vec![false; lines.len()];
    let edge = |line: &str, word: &str| line.contains(word) && line.contains("PRIVATE KEY");
    let mut open = false;
    for (n, line) in lines.iter().enumerate() {
        let begins = edge(line, "-----BEGIN ");
        let ends = edge(line, "-----END ");
        if ends && !open && !begins {
            for above in (0..n).rev() {
                if !lines.get(above).is_some_and(|l| is_base64(l.trim(), 1)) {
                    break;
                }
                inside[above] = true;
            }
        }
        // A key on one line is the rule's own business.
        open = (open || begins) && !ends;
        let whole = begins && ends;
        inside[n] = !whole && (open || ends || is_base64(line.trim(), BODY));
    }
    inside
}

/// Base64 in which, unlike in a hash, letters of both cases stand.
fn is_base64(line: &str, least: usize) -> bool {
    let letters = line.trim_end_matches('=');
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let mixed = letters.bytes().any(|b| b.is_ascii_uppercase())
        && letters.bytes().any(|b| b.is_ascii_lowercase());
    letters.len() >= least && letters.bytes().all(plain) && (mixed || letters.len() < BODY)
}
