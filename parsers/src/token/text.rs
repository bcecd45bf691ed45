//! Words, quoted and bracketed text, and lines of an entry.

use super::entity::spelt_out;
use super::{Found, NOT};
use memchr::{memchr, memchr2};
use std::borrow::Cow;

/// Text, whatever its bytes: what is not UTF-8 becomes U+FFFD.
#[must_use]
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Looking for the first bad byte takes several times as long as seeing that there is none.
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// A part of a text, borrowed from where the whole is borrowed from.
#[must_use]
pub fn narrowed<'a>(whole: Cow<'a, str>, part: impl Fn(&str) -> &str) -> Cow<'a, str> {
    match whole {
        Cow::Borrowed(whole) => Cow::Borrowed(part(whole)),
        Cow::Owned(whole) => {
            let part = part(&whole);
            if part.len() == whole.len() {
                return Cow::Owned(whole);
            }
            Cow::Owned(part.to_owned())
        }
    }
}

/// `part`, which is a part of `whole`, borrowed from where that is borrowed from.
#[must_use]
pub fn part_of<'a>(whole: &Cow<'a, str>, part: &str) -> Cow<'a, str> {
    if let Cow::Borrowed(whole) = whole {
        let from = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize);
        let found = from.and_then(|from| whole.get(from..from.checked_add(part.len())?));
        if let Some(found) = found {
            return Cow::Borrowed(found);
        }
    }
    Cow::Owned(part.to_owned())
}

/// An entry's first line, and the lines behind it.
#[must_use]
pub fn first_line(entry: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b'\n', entry) {
        Some(n) => {
            let (line, rest) = entry.split_at(n);
            (
                line.strip_suffix(b"\r").unwrap_or(line),
                rest.get(1..).unwrap_or_default(),
            )
        }
        None => (entry, &[]),
    }
}

/// Everything up to the next space, tab or line end; not nothing.
pub fn word(i: &[u8]) -> Found<'_, &[u8]> {
    let len = to_blank(i);
    match i.split_at_checked(len) {
        Some((word, rest)) if len > 0 => Ok((rest, word)),
        _ => Err(NOT),
    }
}

/// How far it is to the first space, tab or line end, or to the end.
#[inline]
pub(crate) fn to_blank(i: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOWEST: u64 = ONES * 0x21;
    let is_blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    let mut at = 0;
    while let Some(chunk) = i.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // The high bit of every byte below 0x21, exact up to the first of them.
        let low = word.wrapping_sub(LOWEST) & !word & (ONES << 7);
        if low == 0 {
            at += 8;
            continue;
        }
        at += low.trailing_zeros() as usize / 8;
        if i.get(at).is_some_and(is_blank) {
            return at;
        }
        at += 1; // another control character
    }
    let rest = i.get(at..).unwrap_or_default();
    at + rest.iter().position(is_blank).unwrap_or(rest.len())
}

/// Everything up to `end`, which is read too and must stand on the same line.
pub fn until(end: u8) -> impl Fn(&[u8]) -> Found<'_, &[u8]> {
    move |i| {
        let n = memchr2(end, b'\n', i).ok_or(NOT)?;
        match (i.split_at_checked(n), i.get(n)) {
            (Some((before, rest)), Some(b)) if *b == end => {
                Ok((rest.get(1..).unwrap_or_default(), before))
            }
            _ => Err(NOT),
        }
    }
}

/// This one byte.
pub fn byte(wanted: u8) -> impl Fn(&[u8]) -> Found<'_, ()> {
    move |i| match i.split_first() {
        Some((b, rest)) if *b == wanted => Ok((rest, ())),
        _ => Err(NOT),
    }
}

/// `[…]` on one line, without the brackets. The first closing one ends it.
pub fn bracketed(i: &[u8]) -> Found<'_, &[u8]> {
    let (rest, ()) = byte(b'[')(i)?;
    until(b']')(rest)
}

/// `"…"` with backslash escapes, without the quotes and as it is written.
pub fn quoted(i: &[u8]) -> Found<'_, &[u8]> {
    let (body, ()) = byte(b'"')(i)?;
    let mut at = 0;
    while let Some(n) = memchr2(b'"', b'\\', body.get(at..).unwrap_or_default()) {
        at += n;
        if body.get(at) == Some(&b'"') {
            let (inner, rest) = body.split_at_checked(at).ok_or(NOT)?;
            return Ok((rest.get(1..).unwrap_or_default(), inner));
        }
        at += 2;
    }
    Err(NOT)
}

/// The text that a quoted string stands for: `\"`, `\\`, `\]`, `\n`, `\t`, `\r` and
/// `\xHH` are resolved, other escapes stay as they are.
#[must_use]
pub fn unescape(inner: &[u8]) -> Cow<'_, str> {
    if memchr(b'\\', inner).is_none() {
        return text(inner);
    }
    let mut plain = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(n) = memchr(b'\\', rest) {
        let (before, tail) = rest.split_at(n);
        plain.extend_from_slice(before);
        let (byte, width) = match tail {
            [_, b @ (b'"' | b'\\' | b'/' | b'\'' | b']'), ..] => (Some(*b), 2),
            [_, b'n', ..] => (Some(b'\n'), 2),
            [_, b't', ..] => (Some(b'\t'), 2),
            [_, b'r', ..] => (Some(b'\r'), 2),
            [_, b'x', high, low, ..] => (hex(*high, *low), 4),
            _ => (None, 1),
        };
        match byte {
            Some(b) => plain.push(b),
            None => plain.extend_from_slice(tail.get(..width).unwrap_or_default()),
        }
        rest = tail.get(width..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    Cow::Owned(text(&plain).into_owned())
}

/// An address without its port: `192.0.2.7:50112`, `[2001:db8::7]:50112`; what has none, and
/// an IPv6 address without brackets, stays.
#[must_use]
pub fn without_port(address: &str) -> &str {
    if let Some(inner) = address.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(address);
    }
    match address.rsplit_once(':') {
        Some((host, port))
            if !host.contains(':')
                && !port.is_empty()
                && port.bytes().all(|b| b.is_ascii_digit()) =>
        {
            host
        }
        _ => address,
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The rest of an entry as its message: from `rest`, a slice of its first line, to its end.
#[must_use]
pub fn message_from<'a>(entry: &'a [u8], rest: &'a [u8]) -> Cow<'a, str> {
    let (line, more) = first_line(entry);
    let skipped = line.len().saturating_sub(rest.len());
    if more.is_empty() {
        return text(rest.trim_ascii_end());
    }
    let whole = entry.get(skipped..).unwrap_or_default();
    text(whole.trim_ascii_end().trim_ascii_start())
}

/// Text that was written in HTML, without its tags; characters by name or number are themselves.
#[must_use]
pub fn untagged(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    spelt_out(&out).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_the_blank_that_a_plain_search_finds(
            text in prop::collection::vec(prop_oneof![0u8..40, any::<u8>(), Just(b'x')], 0..40),
        ) {
            let plain = text.iter().position(|b| b" \t\n\r".contains(b));
            prop_assert_eq!(to_blank(&text), plain.unwrap_or(text.len()));
        }
    }

    #[test]
    fn quoted_text() {
        assert_eq!(
            quoted(br#""a \"b\" c" d"#),
            Ok((&b" d"[..], &br#"a \"b\" c"#[..]))
        );
        assert!(quoted(br#""open"#).is_err());
        assert!(quoted(br#""open\"#).is_err());
        assert_eq!(unescape(br#"a \"b\"\n\x41\q\"#), "a \"b\"\nA\\q\\");
    }

    #[test]
    fn tags_go() {
        assert_eq!(untagged("<p>3 &lt; 4</p>"), "3 < 4");
        assert_eq!(untagged("4 > 3"), "4 > 3");
        assert_eq!(
            untagged("<p>it&#39;s&nbsp;&quot;up&quot;</p>"),
            "it's \"up\""
        );
    }

    #[test]
    fn ports_go() {
        for (address, host) in [
            ("192.0.2.7:50112", "192.0.2.7"),
            ("[2001:db8::7]:50112", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("db.example:5432", "db.example"),
            ("192.0.2.7", "192.0.2.7"),
            ("", ""),
        ] {
            assert_eq!(without_port(address), host);
        }
    }

    #[test]
    fn what_ends_at_a_line_end() {
        assert!(bracketed(b"[open\n]").is_err());
        assert_eq!(first_line(b"one\r\ntwo"), (&b"one"[..], &b"two"[..]));
        assert_eq!(first_line(b"one"), (&b"one"[..], &b""[..]));
    }
}
