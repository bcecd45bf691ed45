//! Calls to others: whoever tells of one asked, and did not serve.

use super::words::{Lead, Words};
use crate::token::level;

/// Words that a call to somebody else is told with: whoever speaks so asked, and did not serve.
const ASKING: &[&str] = &[
    "upstream",
    "downstream",
    "calling",
    "called",
    "retry",
    "retrying",
    "retried",
    "retries",
    "attempt",
    "attempting",
    "outbound",
    "outgoing",
    "egress",
    "fetch",
    "fetching",
    "fetched",
    "invoke",
    "invoking",
    "invoked",
    "requesting",
    "polling",
    "probing",
    "dependency",
    "httpclient",
];
/// The same of two words, one behind the other.
const ASKING_TWO: &[[&str; 2]] = &[
    ["call", "to"],
    ["request", "to"],
    ["unexpected", "status"],
    ["unexpected", "response"],
    ["unexpected", "code"],
    ["http", "client"],
    ["rest", "client"],
    ["api", "client"],
];
/// The same right before a method.
const ASKING_BEFORE: &[&str] = &["from", "sending", "sent"];
/// Words between the path and the status that say who was asked: `POST /x to billing`.
const TOWARDS: &[&str] = &["from", "to", "against", "toward", "towards"];
/// Words there that whoever asked says of the answer.
const HEARD: &[&str] = &["got", "received", "receiving"];
/// Verbs that tell how somebody answered.
const ANSWERING: &[&str] = &[
    "answered",
    "answers",
    "errored",
    "failed",
    "fails",
    "replied",
    "replies",
    "responded",
    "responds",
    "returned",
    "returns",
    "threw",
];
/// Words before such a verb that name nobody else.
#[rustfmt::skip]
const OWN: &[&str] = &[
    "and", "api", "app", "application", "but", "call", "controller", "endpoint", "had", "handler", "has", "have",
    "http", "i", "is", "it", "not", "request", "requests", "route", "router", "server", "service", "then", "was",
    "we", "which", "worker",
];

/// Whether the words up to a place tell of a call to somebody else.
pub(super) fn is_call(
    words: &Words<'_>,
    method: usize,
    path: usize,
    status: Option<usize>,
) -> bool {
    let last = method.max(path).max(status.unwrap_or(0));
    let is_one_of = |at: usize, list| words.is_free(at) && words.is_one_of(at, list);
    let asks = |at: usize| {
        let two = |[a, b]: &[&str; 2]| words.is_one_of(at, &[*a]) && words.is_one_of(at + 1, &[*b]);
        is_one_of(at, ASKING)
            || words.is_free(at) && (words.text(at).contains("://") || ASKING_TWO.iter().any(two))
    };
    // Whose address it came from begins with a digit; whom it went to has a name.
    let answers = |at: usize| {
        let name = words.text(at + 1).bytes().next();
        let whom = !name.is_some_and(|b| b.is_ascii_digit() || b == b'/');
        is_one_of(at, HEARD) || whom && is_one_of(at, TOWARDS)
    };
    (0..last).any(asks)
        || method
            .checked_sub(1)
            .is_some_and(|at| is_one_of(at, ASKING_BEFORE))
        || (path + 1..last).any(answers)
        || (0..words.len()).any(|at| words.is_called(at, "attempt"))
        || status.is_some_and(|status| (1..status).any(|at| another(words, at, method, path)))
}

/// Whether at a place a verb tells how somebody who has a name answered: `depot answered 502 (POST /hold)`. Behind
/// the path, a mark before the name tells it from the request: `POST /hold: depot returned 502`.
fn another(words: &Words<'_>, verb: usize, method: usize, path: usize) -> bool {
    let Some(name) = verb.checked_sub(1) else {
        return false;
    };
    let called = words.text(name);
    let begins = called.bytes().next();
    let named = begins.is_some_and(|b| b.is_ascii_alphabetic())
        && words.is_free(name)
        && words.role(name).is_none()
        && !called.ends_with("ly")
        && !words.is_one_of(name, OWN)
        && !words.is_protocol(name);
    // A level before it: it may be the program that writes, which puts no request in brackets.
    let writes = !words.is_parted(method)
        && name.checked_sub(1).is_some_and(|at| {
            let word = words.text(at);
            word.bytes().all(|b| b.is_ascii_uppercase()) && level::word(word.as_bytes()).is_some()
        });
    let apart = verb < method.min(path) || path + 1 == name && words.is_parted(name);
    words.is_one_of(verb, ANSWERING)
        && words.is_free(verb)
        && words.lead(verb) == Lead::Free
        && named
        && !writes
        && apart
}
