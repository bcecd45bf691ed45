//! `key=value` pairs, as logfmt and many messages have them.

use super::text::{quoted, to_blank, unescape};
use super::{Found, NOT, at_boundary};
use memchr::memchr;
use std::borrow::Cow;

/// A key and its value.
pub type Pair<'a> = (&'a str, Cow<'a, str>);

const fn in_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@' | b'/' | b'$')
}

/// `key=`, a name that begins with a letter, `_` or `@`.
fn key(i: &[u8]) -> Found<'_, &str> {
    let len = i.iter().take_while(|b| in_key(**b)).count();
    let (name, rest) = i.split_at_checked(len).ok_or(NOT)?;
    let begins = name
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'@'));
    let rest = rest.strip_prefix(b"=").ok_or(NOT)?;
    let name = std::str::from_utf8(name).map_err(|_| NOT)?;
    if begins { Ok((rest, name)) } else { Err(NOT) }
}

/// One pair: the value is quoted, or ends before the next blank.
pub fn pair(i: &[u8]) -> Found<'_, Pair<'_>> {
    let (rest, name) = key(i)?;
    if let Ok((rest, value)) = quoted(rest)
        && at_boundary(rest)
    {
        return Ok((rest, (name, unescape(value))));
    }
    let (value, rest) = rest.split_at_checked(to_blank(rest)).ok_or(NOT)?;
    Ok((rest, (name, super::text::text(value))))
}

/// Pairs and bare words of a logfmt line, one after the other, up to its end.
/// A bare word is a pair without a value. `None` from [`Iterator::next`] before the
/// end of the line does not happen: any text is bare words at worst.
pub fn logfmt(line: &[u8]) -> impl Iterator<Item = Result<Pair<'_>, &[u8]>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let at = rest.iter().position(|b| !b.is_ascii_whitespace())?;
        let i = rest.get(at..)?;
        if let Ok((after, found)) = pair(i) {
            rest = after;
            return Some(Ok(found));
        }
        let len = i.iter().take_while(|b| !b.is_ascii_whitespace()).count();
        let (bare, after) = i.split_at_checked(len)?;
        rest = after;
        Some(Err(bare))
    })
}

/// The pairs that stand among other words of a message. A comma, a semicolon or a closing bracket behind an unquoted value is
/// not part of it, nor is the bar behind one that stands between bars.
pub fn among_words(message: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = message;
    std::iter::from_fn(move || {
        loop {
            let equals = memchr(b'=', rest.as_bytes())?;
            let (before, after) = rest.split_at_checked(equals)?;
            let after = after.get(1..)?;
            let start = before
                .bytes()
                .rposition(|b| !in_key(b) || b == b'/')
                .map_or(0, |n| n + 1);
            let name = before.get(start..).unwrap_or_default();
            let (mut value, mut behind) = value_among_words(after);
            // `…|502|user=u81|9f3c`: bars on both sides are what parts the columns.
            if before.get(..start).is_some_and(|b| b.ends_with('|'))
                && let Some(bar) = memchr(b'|', value.as_bytes())
                && after.starts_with(value)
            {
                (value, behind) = after.split_at_checked(bar)?;
            }
            rest = behind;
            let begins = name
                .bytes()
                .next()
                .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'@'));
            if begins && !value.is_empty() {
                return Some((name, value));
            }
        }
    })
}

fn value_among_words(i: &str) -> (&str, &str) {
    if let Ok((rest, value)) = quoted(i.as_bytes())
        && let Some(value) = i.get(1..=value.len())
        && let Some(rest) = i.get(i.len() - rest.len()..)
    {
        return (value, rest);
    }
    const ENDS: [bool; 256] = {
        let mut table = [false; 256];
        let ends = b" \t\n\r,;)]}&\"'";
        let mut n = 0;
        while n < ends.len() {
            table[ends[n] as usize] = true;
            n += 1;
        }
        table
    };
    let end = |b: u8| ENDS.get(usize::from(b)) == Some(&true);
    i.split_at(i.bytes().position(end).unwrap_or(i.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logfmt_lines() {
        let line = br#"ts=2024-01-19T10:30:02Z msg="say \"hi\"" empty= bare url=/a?b=c"#;
        let all: Vec<_> = logfmt(line)
            .map(|p| p.map_or_else(|b| format!("!{b:?}"), |(k, v)| format!("{k}:{v}")))
            .collect();
        assert_eq!(
            all,
            [
                "ts:2024-01-19T10:30:02Z",
                "msg:say \"hi\"",
                "empty:",
                &format!("!{:?}", b"bare"),
                "url:/a?b=c"
            ]
        );
    }

    #[test]
    fn bars_part_columns_but_not_names() {
        let all = |text: &'static str| -> Vec<_> { among_words(text).collect() };
        assert_eq!(
            all("GET /a|200|user=u81|ip=192.0.2.7|77ab"),
            [("user", "u81"), ("ip", "192.0.2.7")]
        );
        assert_eq!(
            all("sent cluster=outbound|80||gate"),
            [("cluster", "outbound|80||gate")]
        );
    }

    #[test]
    fn pairs_in_a_sentence() {
        let all: Vec<_> =
            among_words("login of user=8812, ip=192.0.2.7 (why=\"no token\") 1=2 ==").collect();
        assert_eq!(
            all,
            [("user", "8812"), ("ip", "192.0.2.7"), ("why", "no token")]
        );
        let columns: Vec<_> = among_words("POST /berths|200|user=8812|7f0c19").collect();
        assert_eq!(columns, [("user", "8812")]);
    }
}
