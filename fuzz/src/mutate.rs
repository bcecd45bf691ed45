//! Inputs that nearly are what they seem: samples with something wrong.

use crate::random::Random;

/// What formats look for and what breaks readers: times, levels, brackets, numbers at the ends
/// of their types, characters of several bytes, and beginnings without ends.
const WORDS: &[&[u8]] = &[
    b"2024-02-29T23:59:60.999999999+14:00",
    b"9999-12-31T23:59:59Z",
    b"0000-00-00T00:00:00Z",
    b"1677-09-21T00:12:43.145224192Z",
    b"2262-04-11T23:47:16.854775807Z",
    b"1970-01-01T00:00:00-18:00",
    b"Feb 30 24:00:00",
    b"Feb 29 23:59:60",
    b"19/Jan/2024:10:30:02 +9999",
    b"[00:00:00.000]",
    b"31.12.2023 10:30",
    b"13/13/2013 13:13:13",
    b"I0229 23:59:59.999999",
    b"1705660202.118",
    b"99999999999999999999",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"4294967296",
    b"-1",
    b"0",
    b"1e308",
    b"-1e999",
    b"NaN",
    b"0.0000000000000000000000001",
    b"T+",
    b"2024",
    b"12:",
    b"PM",
    b"a.m.",
    b" +0000",
    b"Z",
    b" UTC",
    b"CEST",
    b"+99:99",
    b"-00:00",
    b"ERROR",
    b"WARN",
    b"[info]",
    b"<191>1 ",
    b"<999>",
    b"level=",
    b"ts=",
    b"msg=\"",
    b"FATAL:  ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b">",
    b"\"",
    b"'",
    b"\\",
    b"\\\"",
    b"\\u",
    b"\\ud800",
    b"\\u0000",
    b"\\x",
    b"%",
    b"%%",
    b"|",
    b",",
    b";",
    b"=",
    b":",
    b"::",
    b"/",
    b"#",
    b"*",
    b"-",
    b"--",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\r",
    b"\t",
    b"    ",
    b"\0",
    b"\x1b[31m",
    b"\x1b[",
    b"\x1b]8;;",
    b"\xff",
    b"\xc3",
    b"\xe2\x80",
    b"\xf0\x9f\x94",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    "é".as_bytes(),
    "ß".as_bytes(),
    "İ".as_bytes(),
    "–".as_bytes(),
    "“".as_bytes(),
    "🔥".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    "１２".as_bytes(),
    "K".as_bytes(),
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"[[",
    b"{\"a\":",
    b"\":\"",
    b"\",\"",
    b"```",
    b"| ",
    b"- ",
    b"## ",
    b"<p>",
    b"&#x110000;",
    b"&amp;",
    b"key: |\n",
    b"? ",
    b"&a *a",
    b"!!",
    b"\tat ",
    b"Caused by: ",
];

/// Bytes that an input has at most, but for those that are blown up.
pub const USUAL: usize = 4096;

/// `bytes` with one to eight things done to it; `others` gives pieces to splice in.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random, others: &dyn Fn(&mut Random) -> Vec<u8>) {
    let times = 1 + random.below(4) * random.below(3);
    for _ in 0..times {
        once(bytes, random, others);
    }
    bytes.truncate(USUAL);
    // A few grow far beyond: what is quadratic or recursive shows there alone.
    if random.once_in(3000) {
        blow_up(bytes, random);
    }
}

fn once(bytes: &mut Vec<u8>, random: &mut Random, others: &dyn Fn(&mut Random) -> Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    match random.below(16) {
        0 | 1 => flip(bytes, at, random),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(..at)),
        4 => repeat(bytes, at, random),
        5 => delete(bytes, at, random),
        6 => swap(bytes, random),
        7 => splice(bytes, at, &others(random), random),
        8 | 9 => number(bytes, at, random),
        10 => {
            let byte = random.byte();
            bytes.insert(at, byte);
        }
        _ => {
            let word = random.pick(WORDS).copied().unwrap_or_default();
            let over = if random.once_in(2) { word.len() } else { 0 };
            let end = (at + over).min(bytes.len());
            bytes.splice(at..end, word.iter().copied());
        }
    }
}

fn flip(bytes: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = if random.once_in(2) {
            random.byte()
        } else {
            *byte ^ 1 << random.below(8)
        };
    }
}

fn some(len: usize, at: usize, random: &mut Random) -> std::ops::Range<usize> {
    at..(at + 1 + random.below(24)).min(len).max(at)
}

fn repeat(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let piece = bytes.get(some(bytes.len(), at, random)).unwrap_or_default();
    let piece = piece.repeat(1 + random.below(6) * random.below(6));
    bytes.splice(at..at, piece);
}

fn delete(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let gone = some(bytes.len(), at, random);
    bytes.drain(gone);
}

/// Exchanges two pieces, fields often enough.
fn swap(bytes: &mut [u8], random: &mut Random) {
    let len = 1 + random.below(12);
    let (a, b) = (random.below(bytes.len()), random.below(bytes.len()));
    let (a, b) = (a.min(b), a.max(b));
    if a + len <= b && b + len <= bytes.len() {
        let (front, back) = bytes.split_at_mut(b);
        if let (Some(x), Some(y)) = (front.get_mut(a..a + len), back.get_mut(..len)) {
            x.swap_with_slice(y);
        }
    }
}

fn splice(bytes: &mut Vec<u8>, at: usize, other: &[u8], random: &mut Random) {
    let from = random.below(other.len());
    let tail = other.get(from..).unwrap_or_default();
    if random.once_in(2) {
        bytes.truncate(at);
        bytes.extend_from_slice(tail);
    } else {
        let end = random.below(tail.len() + 1);
        bytes.splice(at..at, tail.get(..end).unwrap_or_default().iter().copied());
    }
}

/// Replaces the digits behind `at` by others: dates that no calendar has, numbers that no type holds.
fn number(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(start) = bytes
        .iter()
        .skip(at)
        .position(u8::is_ascii_digit)
        .map(|n| n + at)
    else {
        return;
    };
    let len = bytes
        .iter()
        .skip(start)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let new = match random.below(4) {
        0 => vec![b'9'; len + random.below(2) * random.below(20)],
        1 => vec![b'0'; len],
        2 => random.draw().to_string().into_bytes(),
        _ => (0..len)
            .map(|_| b'0' + u8::try_from(random.below(10)).unwrap_or_default())
            .collect(),
    };
    bytes.splice(start..start + len, new);
}

/// One piece very often: brackets, quotes, blanks, or what stands there.
fn blow_up(bytes: &mut Vec<u8>, random: &mut Random) {
    const MOST: usize = 64 * 1024;
    let at = random.below(bytes.len() + 1);
    let own = bytes
        .get(some(bytes.len(), at, random))
        .unwrap_or_default()
        .to_vec();
    let word = random.pick(WORDS).copied().unwrap_or_default();
    let piece = if random.once_in(3) && !own.is_empty() {
        &own
    } else {
        word
    };
    let most = if random.once_in(2) { USUAL } else { MOST };
    let grown = piece.repeat(most.saturating_sub(bytes.len()) / piece.len().max(1));
    bytes.splice(at..at, grown);
}
