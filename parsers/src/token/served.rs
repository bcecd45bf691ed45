//! Requests that stand in free text: `POST /book -> 500 in 65ms`, `"GET /a HTTP/1.1" 200`,
//! `handled method=PUT path=/a status=204`. A method, a path and a status, each marked by its place
//! or by its name, are a request that was served; a call to somebody else is none.

mod calls;
mod took;
mod words;

use super::role::Role;
use super::whose;
use crate::record::{Kind, Record, field};
use memchr::memchr_iter;
use std::ops::Range;
pub use took::Took;
use words::{Lead, Words};

/// Methods of HTTP that services serve.
const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PROPFIND",
    "PURGE", "REPORT",
];
/// Statuses of HTTP.
const STATUSES: Range<i64> = 100..600;
/// Words before a status: `returned 503`, `status: 503`.
const ENDED: &[&str] = &[
    "status",
    "code",
    "returned",
    "returning",
    "returns",
    "responded",
    "responding",
    "response",
    "respond",
    "completed",
    "complete",
    "finished",
    "ended",
    "done",
    "replied",
    "answered",
    "result",
    "rc",
    "sc",
    "http",
];
/// Words that may stand between such a word and the status.
const LINKING: &[&str] = &[
    "with", "as", "a", "an", "of", "is", "was", "code", "status", "http",
];
/// What a number counts that is no status, besides time: `200 bytes`.
const COUNTED: &[&str] = &[
    "bytes", "byte", "b", "kb", "kib", "mb", "rows", "row", "items", "item", "records", "times",
    "requests", "users", "entries", "results", "chars", "lines", "files", "days", "hours",
    "minutes", "min",
];

/// What a message says of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Served<'m> {
    /// Its method.
    pub method: &'m str,
    /// Its path, without a query.
    pub path: &'m str,
    /// Its status, if the message says it.
    pub status: Option<&'m str>,
    /// How long it took, if the message says it.
    pub took: Option<Took<'m>>,
    /// Whose it was, where no pair says it: `for user u81`.
    pub user: Option<&'m str>,
}

/// What a look at a message shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look<'m> {
    /// The request.
    pub served: Option<Served<'m>>,
    /// With other digits in it, the message might say something else.
    pub by_digits: bool,
}

/// Whether a number is a status of HTTP.
#[must_use]
pub fn is_status(number: i64) -> bool {
    STATUSES.contains(&number)
}

/// Files what the first line of a message says of a request. What the record has already stays.
pub fn file(record: &mut Record<'_>) {
    if record.kind != Kind::Log || record.fields.get(field::METHOD).is_some() {
        return;
    }
    let line = record.message.lines().next().unwrap_or_default();
    if !may(line.as_bytes()) {
        return;
    }
    let known = match record.fields.get(field::STATUS) {
        None => None,
        Some(known) => match known.as_f64() {
            None => return, // a word: it says what the product means by it
            number => number,
        },
    };
    let Some(served) = read(line, known.is_some()).served else {
        return;
    };
    let said = served.status.and_then(|s| s.parse::<i64>().ok());
    #[allow(clippy::cast_possible_truncation)]
    let status = known.map(|s| s as i64).or(said);
    let Some(status) = status.filter(|s| is_status(*s)) else {
        return;
    };
    let whole = record.message.clone();
    let part = |text| super::text::part_of(&whole, text);
    let method = part(served.method);
    let path = part(served.path);
    let user = served.user.map(part);
    record.kind = Kind::Access;
    let fields = &mut record.fields;
    fields.push(field::METHOD, method);
    if fields.get(field::PATH).is_none() {
        fields.push(field::PATH, path);
    }
    if known.is_none() {
        fields.push(field::STATUS, status);
    }
    if let (None, Some(took)) = (
        fields.get(field::LATENCY_MS),
        served.took.and_then(Took::ms),
    ) {
        fields.push(field::LATENCY_MS, took);
    }
    if let (None, Some(user)) = (fields.get(field::USER), user) {
        fields.push(field::USER, user);
    }
}

/// Whether a message may tell of a request: a cheap look that never turns one away. An object in the
/// place of a message is no sentence.
#[must_use]
#[inline]
pub fn may(said: &[u8]) -> bool {
    memchr_iter(b'/', said).any(|at| begins_path(said.get(..at).unwrap_or_default()))
        && !said.trim_ascii_start().starts_with(b"{")
}

/// Whether a method and a path stand first.
#[must_use]
pub fn begins(said: &[u8]) -> bool {
    let len = said.iter().take_while(|b| b.is_ascii_uppercase()).count();
    said.get(len..).is_some_and(|rest| rest.starts_with(b" /"))
        && METHODS
            .iter()
            .any(|m| Some(m.as_bytes()) == said.get(..len))
}

/// Whether a path may begin behind this: behind a method, or behind a name.
fn begins_path(before: &[u8]) -> bool {
    match before.last() {
        Some(b' ' | b'"' | b'\'' | b'`' | b'=' | b':' | b'[' | b'(') => {}
        _ => return false,
    }
    let open = |b: &u8| b" \"'`[(:]".contains(b);
    let kept = before.iter().rposition(|b| !open(b)).map_or(0, |n| n + 1);
    let (word, behind) = before.split_at_checked(kept).unwrap_or_default();
    if word.ends_with(b"=") || behind.contains(&b':') {
        return true;
    }
    let large = word.iter().rev().take_while(|b| b.is_ascii_uppercase());
    let len = large.count();
    let name = word.get(word.len() - len..).unwrap_or_default();
    METHODS.iter().any(|m| m.as_bytes() == name)
}

/// Reads one line of a message; `ended` if a field says how its request ended: then what it begins with is that request, though
/// it tells of a call as well (`POST /book aborted: upstream seats.example refused: HTTP 503`).
#[must_use]
pub fn read(line: &str, ended: bool) -> Look<'_> {
    let words = Words::of(line);
    let Some((method, path)) = asked(&words) else {
        return Look::default();
    };
    let mut by_digits = false;
    let status = status(&words, method, path, &mut by_digits);
    let own = ended && begins(line.trim_start().as_bytes());
    if !own && calls::is_call(&words, method, path, status) {
        // Which words are looked at depends on where the status stands.
        return Look {
            served: None,
            by_digits: true,
        };
    }
    let took = took::took(&words, status, &mut by_digits);
    let target = words.text(path);
    let served = Served {
        method: words.text(method),
        path: target.split(['?', '#']).next().unwrap_or(target),
        status: status.map(|at| words.text(at)),
        took,
        user: user(&words),
    };
    Look {
        served: Some(served),
        by_digits,
    }
}

/// Where the method and the path stand: one behind the other, or each behind its name.
fn asked(words: &Words<'_>) -> Option<(usize, usize)> {
    let is_method = |at: usize| METHODS.contains(&words.text(at));
    let is_path = |at: usize| words.text(at).starts_with('/');
    let all = 0..words.len();
    let mut beside = all
        .clone()
        .filter(|at| is_method(*at) && !words.is_named(*at + 1) && is_path(*at + 1));
    if let Some(at) = beside.next() {
        // Two of them: one is likely to have made the other.
        return beside.next().is_none().then_some((at, at + 1));
    }
    let named = |role: Role| {
        let mut all = all.clone();
        all.find(move |at| words.role(*at) == Some(role))
    };
    let (method, path) = (named(Role::Method)?, named(Role::Path)?);
    (is_method(method) && is_path(path)).then_some((method, path))
}

/// Where the status stands.
fn status(words: &Words<'_>, method: usize, path: usize, by_digits: &mut bool) -> Option<usize> {
    let mut take = |at: usize| {
        let number = words.text(at);
        let whole = number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit());
        // `status=200 bytes=31` counts no bytes.
        let names = |at: usize| words.is_named(at + 1) && words.is_pair(at + 1);
        let counts =
            |list| words.is_one_of(at + 1, list) && !words.is_named(at + 1) && !names(at + 1);
        if !whole || counts(COUNTED) || counts(took::UNITS) {
            return None;
        }
        let fits = number.parse().is_ok_and(is_status);
        *by_digits |= !fits;
        fits.then_some(at)
    };
    let all = 0..words.len();
    let named = |at: &usize| {
        words.is_named(*at) && words.is_one_of(*at - 1, ENDED)
            || words.role(*at) == Some(Role::Status)
    };
    if let Some(found) = all.clone().filter(named).find_map(&mut take) {
        return Some(found);
    }
    let behind = words.behind(path);
    let free = |at: &usize| words.is_free(*at);
    let before = method.checked_sub(1).filter(|at| words.is_parted(*at));
    [behind, before]
        .into_iter()
        .flatten()
        .filter(free)
        .find_map(&mut take)
        .or_else(|| {
            all.clone()
                .filter(|at| free(at) && ends(words, *at))
                .find_map(&mut take)
        })
        .or_else(|| {
            let cell =
                |at: &usize| words.lead(*at) == Lead::Bar && words.lead(*at + 1) == Lead::Bar;
            all.clone().filter(cell).find_map(&mut take)
        })
}

/// Whether words or an arrow before a place say that a request ended so.
fn ends(words: &Words<'_>, at: usize) -> bool {
    let mut before = (0..at).rev();
    for at in before.by_ref().take(3) {
        if !words.is_free(at) {
            return false;
        }
        if words.is_one_of(at, ENDED) || words.is_arrow(at) {
            return true;
        }
        if !words.is_one_of(at, LINKING) && !words.is_protocol(at) {
            return false;
        }
    }
    false
}

/// Whose request it was: `user u81`.
fn user<'m>(words: &Words<'m>) -> Option<&'m str> {
    let is_user = |at: &usize| {
        words.is_free(*at)
            && (words.is_one_of(*at, &["uid", "userid"]) || whose::asks(words.text(*at)))
            && !words.is_named(*at + 1)
    };
    let name = words.text((0..words.len()).find(is_user)? + 1);
    name.bytes().any(|b| b.is_ascii_digit()).then_some(name)
}

#[cfg(test)]
mod tests;
