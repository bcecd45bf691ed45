//! Values that their names make secrets: `password=…`, `"api_key": "…"`, `--token …`, headers,
//! cookies, the password within a URL.

use super::{Class, Found, Rule, composed, pattern};
use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

pub(super) const RULE: Rule = Rule {
    class: Class::Secret,
    hints: &[
        "passw",
        "pwd",
        "passphrase",
        "secret",
        "token",
        "key",
        "credential",
        "session",
        "sessid",
        "connect.sid",
        "authorization",
        "cookie",
        "signature",
        "sig=",
        "://",
    ],
    find,
};

/// The end of a name that makes its value secret. A count of tokens or a key's id has another end.
const NAMES: &str = r"(?:pass(?:word|wd|phrase|code)|pwd|secret|(?:auth|access|refresh|id|api|bearer|csrf|xsrf|session|security|user|bot|oauth|x|client|private|device|reset)?[._-]?token|api[._-]?key|(?:access|account|auth|private|secret|signing|encryption|master|shared|license)[._-]?key|secret[._-]?access[._-]?key|key[._-]?secret|credentials?|authorization|(?:j|php)?sess(?:ion)?id|connect\.sid|x-(?:amz|goog)-signature|x-amz-security-token)";

/// Words that stand where a secret would, and are none.
const STOPS: &[&str] = &[
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "yes",
    "no",
    "missing",
    "invalid",
    "expired",
    "required",
    "empty",
    "ok",
    "failed",
    "wrong",
    "incorrect",
    "unknown",
    "redacted",
    "filtered",
    "hidden",
    "masked",
    "removed",
    "rejected",
    "accepted",
    "revoked",
    "rotated",
    "mismatch",
    "changed",
    "reset",
    "set",
    "unset",
    "valid",
    "denied",
    "refresh",
    "access",
    "bearer",
    "basic",
    "digest",
];

fn find(text: &str, found: &mut Vec<Found>) {
    cookies(text, found);
    named(text, found);
    elements(text, found);
    logins(text, found);
}

/// How plainly a text says that a value follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// `name=value`, `"name":"value"`, `--name value`.
    Plain,
    /// `name: value`, `name is value`: perhaps prose.
    Loose,
}

fn named(text: &str, found: &mut Vec<Found>) {
    static NAMED: OnceLock<Option<Regex>> = OnceLock::new();
    let form = || {
        format!(
            r#"(?i)(?P<flag>--?)?[a-z0-9_.\[\]-]*?(?P<name>{NAMES}|[?&]sig)\]?(?P<quote>\\*["'])?(?P<link>\s*(?:=>|=|:|(?-i:is|was))\s*|[ ])"#
        )
    };
    for head in composed(&NAMED, form)
        .into_iter()
        .flat_map(|p| p.captures_iter(text))
    {
        let (Some(all), Some(name), Some(link)) =
            (head.get(0), head.name("name"), head.name("link"))
        else {
            continue;
        };
        let whole = text.get(..name.start()).unwrap_or_default();
        let apart = !whole.ends_with(char::is_alphanumeric)
            || name.as_str().starts_with(['?', '&'])
            || capital(text, name.start());
        let sign = link.as_str().trim();
        let tight = sign.len() == link.as_str().len() && sign.starts_with('=');
        let link = match sign {
            "" if head.name("flag").is_some() && head.name("quote").is_none() => Link::Plain,
            "" => continue,
            "is" | "was" => Link::Loose,
            _ if tight || head.name("quote").is_some() => Link::Plain,
            _ => Link::Loose,
        };
        let value = value(text, all.end());
        let (value, link) = after_scheme(text, value, link);
        let shown = text.get(value.clone()).unwrap_or_default();
        let quoted = text
            .get(..value.start)
            .is_some_and(|t| t.ends_with(['"', '\'']));
        let link = if quoted && !sign.is_empty() {
            Link::Plain
        } else {
            link
        };
        if apart && is_plausible(name.as_str(), shown, link) {
            found.push(Found {
                range: value,
                kind: kind(name.as_str()),
            });
        }
    }
}

/// `dbPassword`, `accessToken`: a name may begin with a capital inside a word; so may one that
/// follows a separator, which is no letter.
fn capital(text: &str, at: usize) -> bool {
    text.get(at..)
        .is_some_and(|t| t.starts_with(char::is_uppercase))
        || text
            .get(..at)
            .is_some_and(|t| t.ends_with(|c: char| c.is_ascii_lowercase()))
            && [
                "db", "user", "admin", "root", "mysql", "pg", "redis", "smtp", "ldap", "old", "new",
            ]
            .iter()
            .any(|w| {
                text.get(..at)
                    .is_some_and(|t| t.to_ascii_lowercase().ends_with(w))
            })
}

/// The value that begins at a place: within quotes, or up to what ends a word.
fn value(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let slashes = rest.len() - rest.trim_start_matches('\\').len();
    let opener = rest.get(slashes..).and_then(|r| r.chars().next());
    if let Some(quote @ ('"' | '\'' | '`')) = opener {
        let open = format!("{}{quote}", "\\".repeat(slashes));
        let from = at + open.len();
        let body = text.get(from..).unwrap_or_default();
        let ends = body.match_indices(&open).map(|(n, _)| n);
        let mut ends = ends.filter(|n| slashes > 0 || !body[..*n].ends_with('\\'));
        return from..from + ends.next().unwrap_or(body.len());
    }
    let stop = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | '|' | '"' | '\'' | ')' | ']' | '}' | '<' | '>'
            )
    };
    let word = rest.get(..rest.find(stop).unwrap_or(rest.len()));
    let word = word.unwrap_or_default();
    // In a query the next parameter follows; elsewhere the sign is part of the value.
    let end = word.match_indices('&').find(|(n, _)| {
        let next = word.get(n + 1..).unwrap_or_default();
        next.split_once('=').is_some_and(|(name, _)| {
            let part =
                |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']');
            !name.is_empty() && name.bytes().all(part)
        })
    });
    let word = end.map_or(word, |(n, _)| word.get(..n).unwrap_or_default());
    let word = word.trim_end_matches(['.', ':', '\\']);
    at..at + word.len()
}

/// `Authorization: Bearer …`: the credentials, not their scheme.
fn after_scheme(text: &str, value: Range<usize>, link: Link) -> (Range<usize>, Link) {
    let shown = text.get(value.clone()).unwrap_or_default();
    let first = shown.split(' ').next().unwrap_or_default();
    let scheme = ["bearer", "basic", "digest", "token", "apikey", "negotiate"]
        .iter()
        .any(|s| first.eq_ignore_ascii_case(s));
    if !scheme {
        return (value, link);
    }
    let from = value.start + first.len();
    let rest = text.get(from..).unwrap_or_default();
    let from = from + rest.len() - rest.trim_start_matches(' ').len();
    if shown.len() > first.len() {
        return (from.min(value.end)..value.end, Link::Plain);
    }
    (self::value(text, from), Link::Plain)
}

fn is_plausible(name: &str, value: &str, link: Link) -> bool {
    let lower = value.to_ascii_lowercase();
    let placeholder = value.starts_with(['$', '%', '{', '<', '*', '('])
        || value
            .bytes()
            .all(|b| matches!(b, b'*' | b'x' | b'X' | b'.' | b'-' | b'#'))
        || value.starts_with("[") && lower.contains("redact");
    // "password= user=8": it was empty, and the next pair begins.
    let pair = value.split_once('=').is_some_and(|(name, value)| {
        let name = name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        name && !value.trim_matches('=').is_empty()
    });
    if placeholder
        || pair && link == Link::Loose
        || STOPS.contains(&lower.trim_end_matches(['.', '!']))
    {
        return false;
    }
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    let letter = value.bytes().any(|b| b.is_ascii_alphabetic());
    let sign = |b: u8| b.is_ascii_punctuation() && !matches!(b, b'-' | b'_' | b'.' | b'/' | b':');
    let mixed = letter && (digit || value.bytes().any(sign));
    let pass = kind(name) == "password";
    match (link, pass) {
        (Link::Plain, true) => true,
        (Link::Loose, true) => mixed && value.len() >= 6,
        (Link::Plain, false) => {
            mixed && value.len() >= 6 || digit && value.len() >= 8 || value.len() >= 20
        }
        (Link::Loose, false) => mixed && value.len() >= 12,
    }
}

/// `Cookie: a=b; c=d`: all of it.
fn cookies(text: &str, found: &mut Vec<Found>) {
    static COOKIE: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = pattern(
        &COOKIE,
        r#"(?i)\b(?:set-)?cookies?\\*["']?\s*[:=]\s*\\*["']?(?P<pairs>[^\s=;,"'\\]+=[^\s;,"'\\]*(?:;\s*[^\s=;,"'\\]+(?:=[^\s;,"'\\]*)?)*)"#,
    );
    let all = pattern.into_iter().flat_map(|p| p.captures_iter(text));
    found.extend(all.filter_map(|c| c.name("pairs")).map(|pairs| Found {
        range: pairs.range(),
        kind: "cookie",
    }));
}

/// `<password>…</password>`
fn elements(text: &str, found: &mut Vec<Found>) {
    static ELEMENT: OnceLock<Option<Regex>> = OnceLock::new();
    let form = || {
        format!(
            r"(?i)<(?:[a-z0-9]+:)?(?:[a-z0-9_-]*?)(?P<name>{NAMES})(?:\s[^<>]*)?>(?P<value>[^<>]+)</"
        )
    };
    let all = composed(&ELEMENT, form)
        .into_iter()
        .flat_map(|p| p.captures_iter(text));
    for element in all {
        if let (Some(name), Some(value)) = (element.name("name"), element.name("value"))
            && is_plausible(name.as_str(), value.as_str(), Link::Plain)
        {
            found.push(Found {
                range: value.range(),
                kind: kind(name.as_str()),
            });
        }
    }
}

/// `scheme://user:password@host`
fn logins(text: &str, found: &mut Vec<Found>) {
    static LOGIN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = pattern(
        &LOGIN,
        r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s/:@"'<>?#]*:(?P<value>[^\s"'<>/]+)@"#,
    );
    let all = pattern.into_iter().flat_map(|p| p.captures_iter(text));
    let value = all.filter_map(|c| c.name("value"));
    found.extend(
        value
            .filter(|v| !v.as_str().bytes().all(|b| matches!(b, b'*' | b'x' | b'X')))
            .map(|v| Found {
                range: v.range(),
                kind: "password",
            }),
    );
}

/// What a value of this name is.
pub(super) fn kind(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    if name.contains("cookie") {
        "cookie"
    } else if name.contains("pass") || name.contains("pwd") {
        "password"
    } else if name.contains("key") || name.contains("secret") || name.contains("credential") {
        "key"
    } else {
        "token"
    }
}

/// Whether the value of a field of this name is a secret.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    names_secret(name) && is_plausible(name, value, Link::Plain)
}

/// How the names end that [`names_secret`] takes. Every field of every entry is asked, and nearly
/// all names end otherwise.
const ENDS: [&[u8]; 14] = [
    b"password",
    b"passwd",
    b"passphrase",
    b"passcode",
    b"pwd",
    b"secret",
    b"token",
    b"key",
    b"cookie",
    b"credential",
    b"credentials",
    b"authorization",
    b"signature",
    b"id",
];

/// Whether a name is one of secrets.
pub(super) fn names_secret(name: &str) -> bool {
    // The pattern takes letters from outside ASCII for those that they fold to.
    let likely = ENDS.iter().any(|end| ends_with(name, end)) || !name.is_ascii();
    likely && is_secret_name(name)
}

fn ends_with(name: &str, end: &[u8]) -> bool {
    let tail = name.len().checked_sub(end.len());
    tail.and_then(|from| name.as_bytes().get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn is_secret_name(name: &str) -> bool {
    static NAME: OnceLock<Option<Regex>> = OnceLock::new();
    let form = || format!(r"(?i)(?:^|[^a-z0-9])[a-z0-9]*?(?:{NAMES}|cookie)$");
    composed(&NAME, form).is_some_and(|p| p.is_match(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The cheap look at how a name ends turns away nothing that the pattern takes.
        #[test]
        fn ends_miss_no_secret_name(
            before in "[a-zA-Z0-9._-]{0,6}",
            word in proptest::sample::select(vec![
                "password", "passwd", "passPhrase", "passcode", "pwd", "secret", "id_token", "x.token",
                "apiKey", "signing-key", "secret_access_key", "key-secret", "credential", "Credentials",
                "authorization", "JSESSIONID", "phpsessid", "connect.sid", "x-amz-signature",
                "x-goog-signature", "x-amz-security-token", "cookie", "to\u{212a}en", "user", "",
            ]),
            after in "[a-zA-Z0-9._-]{0,2}",
        ) {
            let name = format!("{before}{word}{after}");
            prop_assert_eq!(names_secret(&name), is_secret_name(&name), "{}", name);
        }
    }
}
