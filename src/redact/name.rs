//! Names of people: those that the inputs give as who did or said something, and the values of
//! fields that name people.

use super::{Class, Found, Rule, composed};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::OnceLock;

pub(super) const KIND: &str = "name";

pub(super) const RULE: Rule = Rule {
    class: Class::Name,
    hints: &[
        "user",
        "login",
        "author",
        "assign",
        "owner",
        "_by",
        "reporter",
        "requester",
        "name",
        "actor",
        "usr",
        "customer",
        "employee",
    ],
    find,
};

/// Fields whose values are people.
const FIELDS: &str = r"(?:user(?:_?name)?|usr|login|author|assigned_?to|assignee|owner|acknowledged_?by|resolved_?by|created_?by|triggered_?by|deployed_?by|reporter|requester|actor|(?:full|first|last|display|real)_?name|customer_?name|employee)";

fn find(text: &str, found: &mut Vec<Found>) {
    static NAMED: OnceLock<Option<Regex>> = OnceLock::new();
    let form = || {
        format!(
            r#"(?i)\b{FIELDS}\\?["']?(?:=|:\s*)(?:\\?"(?P<quoted>[^"\\]{{2,60}})|'(?P<single>[^']{{2,60}})'|(?P<bare>[\p{{L}}][\p{{L}}\p{{N}}._-]+))"#
        )
    };
    for named in composed(&NAMED, form)
        .into_iter()
        .flat_map(|p| p.captures_iter(text))
    {
        let value = ["quoted", "single", "bare"]
            .into_iter()
            .find_map(|n| named.name(n));
        if let Some(value) = value.filter(|v| is_name(v.as_str())) {
            found.push(Found {
                range: value.range(),
                kind: KIND,
            });
        }
    }
}

/// A value that may be a person's name: with letters, and no word for nobody.
fn is_name(value: &str) -> bool {
    const NOBODY: [&str; 10] = [
        "null",
        "none",
        "root",
        "system",
        "anonymous",
        "unknown",
        "true",
        "false",
        "admin",
        "n/a",
    ];
    value.chars().any(char::is_alphabetic)
        && !NOBODY.iter().any(|n| value.eq_ignore_ascii_case(n))
        && !value.starts_with('<')
}

/// Whether a field of this name holds a person.
pub(super) fn is_named(field: &str) -> bool {
    static NAME: OnceLock<Option<Regex>> = OnceLock::new();
    let last = field.rsplit(['.', '/']).next().unwrap_or(field);
    composed(&NAME, || format!("(?i)^{FIELDS}$")).is_some_and(|p| p.is_match(last))
}

/// The names to look for, longest first; of a full name its parts as well.
pub(super) fn at_hand(people: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names = BTreeSet::new();
    for person in people {
        let person = person.trim().trim_start_matches('@');
        if person.chars().count() < 3 || !is_name(person) {
            continue;
        }
        names.insert(person.to_owned());
        let parts = person.split([' ', '.', '_', '-']);
        let capital = |p: &&str| p.chars().count() >= 3 && p.starts_with(char::is_uppercase);
        if person.contains(' ') {
            names.extend(parts.filter(capital).map(str::to_owned));
        }
    }
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by_key(|n| (std::cmp::Reverse(n.len()), n.clone()));
    names
}

/// Where the names stand as whole words.
pub(super) fn find_people(text: &str, people: &[String], found: &mut Vec<Found>) {
    for name in people.iter().filter(|n| n.len() <= text.len()) {
        for (at, _) in text.match_indices(name.as_str()) {
            let end = at + name.len();
            let whole = !text[..at].ends_with(char::is_alphanumeric)
                && !text[end..].starts_with(char::is_alphanumeric);
            let apart = |f: &Found| end <= f.range.start || f.range.end <= at;
            if whole && found.iter().all(apart) {
                found.push(Found {
                    range: at..end,
                    kind: KIND,
                });
            }
        }
    }
}
