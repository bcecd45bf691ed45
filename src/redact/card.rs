//! Card numbers: digits that a network issues (its prefix and length) and whose check digit
//! (Luhn, ISO/IEC 7812) is right, in one run or in groups.

use super::{Class, Found, Rule};
use std::ops::Range;

pub(super) const RULE: Rule = Rule {
    class: Class::Secret,
    hints: &[],
    find,
};

/// The least number that has as many digits as a card.
pub(super) const LEAST: u64 = 10_000_000_000_000;
/// Bytes of the shortest number of a card.
const SHORTEST: usize = 14;

fn find(text: &str, found: &mut Vec<Found>) {
    if text.len() < SHORTEST {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(range) = next(bytes, at) {
        at = range.end;
        if is_card(text, &range) {
            found.push(Found {
                range,
                kind: "card",
            });
        }
    }
}

/// Whether somewhere in a text stand as many digits as a card has, single spaces and dashes between them counted.
pub(super) fn has_room(text: &str) -> bool {
    let mut at = 0;
    while let Some(range) = next(text.as_bytes(), at) {
        if range.len() >= SHORTEST {
            return true;
        }
        at = range.end;
    }
    false
}

/// The next run of digits with single spaces or dashes between them.
fn next(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + bytes.get(from..)?.iter().position(u8::is_ascii_digit)?;
    let mut end = start;
    while let Some(b) = bytes.get(end) {
        let joins = matches!(b, b' ' | b'-')
            && end > start
            && bytes.get(end - 1).is_some_and(u8::is_ascii_digit)
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(b.is_ascii_digit() || joins) {
            break;
        }
        end += 1;
    }
    Some(start..end)
}

fn is_card(text: &str, range: &Range<usize>) -> bool {
    let (Some(shown), Some(before), Some(after)) = (
        text.get(range.clone()),
        text.get(..range.start),
        text.get(range.end..),
    ) else {
        return false;
    };
    if range.len() < SHORTEST {
        return false;
    }
    let digits: Vec<u32> = shown.chars().filter_map(|c| c.to_digit(10)).collect();
    let groups: Vec<usize> = shown.split([' ', '-']).map(str::len).collect();
    // Within an id, a version, a path or a decimal number; and what is named an id.
    let joined = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let stops = after
        .strip_prefix('.')
        .is_some_and(|r| !r.starts_with(char::is_alphanumeric));
    let alone = !before.ends_with(joined) && (stops || !after.starts_with(joined));
    alone && grouped(&groups) && issued(&digits) && luhn(&digits) && !is_id(before)
}

/// One run; or groups as they stand on cards: fours, or 4-6-5 and 4-6-4.
fn grouped(groups: &[usize]) -> bool {
    match groups {
        [_] => true,
        [4, 6, 4 | 5] => true,
        [all @ .., last] => all.iter().all(|g| *g == 4) && (1..=4).contains(last),
        [] => false,
    }
}

/// Whether a network issues such numbers. Runs of 13 and 19 digits are left to clocks and ids.
fn issued(digits: &[u32]) -> bool {
    let head = |n: usize| digits.iter().take(n).fold(0, |sum, d| sum * 10 + d);
    match digits.len() {
        14 => matches!(head(2), 36 | 38 | 39) || (300..=305).contains(&head(3)),
        15 => matches!(head(2), 34 | 37),
        16 => {
            head(1) == 4
                || (51..=55).contains(&head(2))
                || (2221..=2720).contains(&head(4))
                || head(4) == 6011
                || (644..=659).contains(&head(3))
                || (3528..=3589).contains(&head(4))
                || head(2) == 62
        }
        _ => false,
    }
}

fn luhn(digits: &[u32]) -> bool {
    let odd = |(n, d): (usize, &u32)| match (n % 2, *d) {
        (1, d) if d > 4 => d * 2 - 9,
        (1, d) => d * 2,
        (_, d) => d,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(odd).sum();
    sum.is_multiple_of(10) && digits.iter().any(|d| *d != 0)
}

/// `trace_id=4…`, `"orderId": 4…`: one in ten ids would pass for a card.
fn is_id(before: &str) -> bool {
    let name = before.trim_end_matches(['"', '\'', '\\', ' ', ':', '=']);
    let begins = name
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .last()
        .map_or(name.len(), |(at, _)| at);
    let name = name.get(begins..).unwrap_or_default().to_ascii_lowercase();
    let id = name.ends_with("id") || name.ends_with("offset") || name.ends_with("span");
    id && !name.contains("card") && !name.contains("pan")
}
