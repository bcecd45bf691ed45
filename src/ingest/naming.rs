//! What a file's service is called, where its name alone does not say: `toll-out.log` may be of `toll` or of
//! `toll-out`, and `meter-app.log` of what everybody else calls `meter`. The other files decide.

use super::plan::FilePlan;
use super::sample::{HEAD, excerpt, further};
use super::service;
use crate::cite::FileId;
use crate::source::{Input, Library};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// How often each file names each of the services that are asked about.
type Heard = Vec<(FileId, BTreeMap<String, u64>)>;

/// Calls the services of files what other files call them. A name that any of them uses stays.
pub(super) fn settle(library: &Library, plans: &mut [FilePlan]) -> io::Result<()> {
    let taken: BTreeSet<String> = plans.iter().map(|p| p.service.clone()).collect();
    let unsure = |plan: &FilePlan| {
        let mut names = service::other_names(library.input(plan.file));
        names.retain(|n| *n != plan.service && !taken.contains(n));
        (!plan.service_given && !names.is_empty()).then_some(names)
    };
    let asked: Vec<Option<Vec<String>>> = plans.iter().map(unsure).collect();
    let mut wanted: BTreeSet<&str> = asked
        .iter()
        .flatten()
        .flatten()
        .map(String::as_str)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    wanted.extend(taken.iter().map(String::as_str));
    let inputs: Vec<(FileId, &Input)> = library.iter().collect();
    let heard: Heard = inputs
        .into_par_iter()
        .map(|(file, input)| Ok((file, heard(input, &wanted)?)))
        .collect::<io::Result<_>>()?;
    for (plan, names) in plans.iter_mut().zip(&asked) {
        let count = |name: &str| -> u64 {
            let others = heard.iter().filter(|(file, _)| *file != plan.file);
            others.filter_map(|(_, all)| all.get(name)).sum()
        };
        if count(&plan.service) > 0 {
            continue;
        }
        let named = names.iter().flatten().map(|n| (count(n), n.len(), n));
        if let Some((_, _, name)) = named.filter(|(n, ..)| *n > 0).max() {
            plan.service.clone_from(name);
        }
    }
    Ok(())
}

fn heard(input: &Input, wanted: &BTreeSet<&str>) -> io::Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    count(&excerpt(input, 0, HEAD)?, wanted, &mut found);
    for part in further(input)? {
        count(&part, wanted, &mut found);
    }
    Ok(found)
}

/// Counts the names in a text. What is one word may be a word of every day: it counts as a value.
fn count(text: &[u8], wanted: &BTreeSet<&str>, found: &mut BTreeMap<String, u64>) {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || !b.is_ascii();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let len = rest.iter().take_while(|b| part(b)).count();
        let before = at.checked_sub(1).and_then(|n| text.get(n)).copied();
        let after = rest.get(len..).unwrap_or_default();
        if let Some(word) = rest.get(..len).and_then(|w| std::str::from_utf8(w).ok()) {
            let name = without_number(word).to_ascii_lowercase();
            if wanted.contains(name.as_str())
                && !is_file(after)
                && (name.contains(['-', '_'])
                    || is_value(before, after.first().copied())
                    || is_called(text.get(..at).unwrap_or_default(), after))
            {
                *found.entry(name).or_default() += 1;
            }
        }
        at += len.max(1);
    }
}

/// `meter-02`, the second host, as `meter`.
fn without_number(word: &str) -> &str {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = bare
        .strip_suffix(['-', '_'])
        .filter(|_| bare.len() < word.len());
    bare.unwrap_or(word)
}

/// Whether what follows a name makes it one of a file: `toll-out.log`.
fn is_file(after: &[u8]) -> bool {
    after.first() == Some(&b'.') && after.get(1).is_some_and(u8::is_ascii_alphabetic)
}

/// Whether a word stands where values do: `"toll"`, `=toll`, `[toll]`, `;toll-01;`, `| toll |` not.
fn is_value(before: Option<u8>, after: Option<u8>) -> bool {
    let opens = before.is_some_and(|b| b"\"'=[;|".contains(&b));
    let closes = after.is_none_or(|b| b"\"'];|,&".contains(&b) || b.is_ascii_whitespace());
    opens && closes
}

/// Words before and behind the name of whom a program asks.
const BEFORE: [&[u8]; 6] = [
    b"backend",
    b"calling",
    b"dependency",
    b"downstream",
    b"service",
    b"upstream",
];
const BEHIND: [&[u8]; 7] = [
    b"failed",
    b"refused",
    b"responded",
    b"returned",
    b"timed",
    b"unavailable",
    b"unreachable",
];

/// Whether a word stands where programs name others: `upstream toll`, `toll returned 502`.
fn is_called(read: &[u8], after: &[u8]) -> bool {
    let apart = |b: &u8| !b.is_ascii_alphanumeric();
    let last = read.strip_suffix(b" ").and_then(|r| r.rsplit(apart).next());
    let next = after.strip_prefix(b" ").and_then(|r| r.split(apart).next());
    last.is_some_and(|w| BEFORE.contains(&w)) || next.is_some_and(|w| BEHIND.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str, name: &str) -> u64 {
        let mut found = BTreeMap::new();
        count(text.as_bytes(), &BTreeSet::from([name]), &mut found);
        found.get(name).copied().unwrap_or_default()
    }

    #[test]
    fn a_name_of_several_words_is_one_wherever_it_stands() {
        for text in [
            "call to toll-out failed",
            "{\"service\":\"toll-out\"}",
            "toll-out-02;Load;OK",
            "Toll-Out is down!",
        ] {
            assert_eq!(counted(text, "toll-out"), 1, "{text}");
        }
        for text in [
            "see toll-out.log",
            "toll-outbound is down",
            "a toll, out of here",
        ] {
            assert_eq!(counted(text, "toll-out"), 0, "{text}");
        }
    }

    #[test]
    fn a_word_is_a_name_where_values_stand() {
        for text in [
            "service=meter level=info",
            "{\"name\": \"meter\"}",
            "[meter] up",
            "upstream meter is late",
            "meter returned 502",
        ] {
            assert_eq!(counted(text, "meter"), 1, "{text}");
        }
        for text in [
            "the meter is broken",
            "GET /meter/7",
            "meter-app failed",
            "smart \"meters\"",
        ] {
            assert_eq!(counted(text, "meter"), 0, "{text}");
        }
    }
}
