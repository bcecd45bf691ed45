//! JSON as strictly as its standard has it, by spans: nothing is decoded.

use super::text::quoted;

/// Longer paths of names are left to the grammar.
const PATH: usize = 96;

/// The dotted names of where a value stands.
pub(super) struct Path {
    bytes: [u8; PATH],
    len: usize,
}

impl Path {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; PATH],
            len: 0,
        }
    }

    /// Returns to a length.
    pub(super) const fn pop(&mut self, len: usize) {
        self.len = len;
    }

    /// Adds a name; gives back the length to return to.
    pub(super) fn push(&mut self, name: &[u8]) -> Option<usize> {
        let before = self.len;
        let start = if before == 0 { 0 } else { before + 1 };
        if before > 0 {
            *self.bytes.get_mut(before)? = b'.';
        }
        let end = start + name.len();
        self.bytes.get_mut(start..end)?.copy_from_slice(name);
        self.len = end;
        Some(before)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[inline]
pub(super) fn blank(i: &[u8]) -> &[u8] {
    // Most writers leave no blanks at all.
    match i.first() {
        Some(b) if b.is_ascii_whitespace() => i.trim_ascii_start(),
        _ => i,
    }
}

/// An array up to behind its closing bracket; `None` where an object is in it.
pub(super) fn list(i: &[u8], depth: usize) -> Option<&[u8]> {
    let mut rest = blank(i);
    if let Some(rest) = rest.strip_prefix(b"]") {
        return Some(rest);
    }
    loop {
        rest = match rest.first()? {
            b'"' => quoted(rest)?.2,
            b'[' => list(rest.get(1..)?, depth.checked_sub(1)?)?,
            b'-' | b'0'..=b'9' => number(rest)?.1,
            b'{' => return None,
            _ => word(rest)?,
        };
        rest = blank(rest);
        match rest.first()? {
            b',' => rest = blank(rest.get(1..)?),
            b']' => return rest.get(1..),
            _ => return None,
        }
    }
}

/// `-1.5e+3` and its parts, as JSON has them.
pub(super) fn number(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = |from: usize| {
        let rest = i.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let whole = usize::from(i.first() == Some(&b'-'));
    let mut end = digits(whole);
    if end == whole {
        return None;
    }
    if i.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == end + 1 {
            return None;
        }
        end = fraction;
    }
    if matches!(i.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(i.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == end + 1 + sign {
            return None;
        }
        end = exponent;
    }
    // Anything else that goes on like a number is the grammar's to judge.
    if matches!(i.get(end), Some(b'-' | b'+' | b'.' | b'e' | b'E')) {
        return None;
    }
    i.split_at_checked(end)
}

pub(super) fn word(i: &[u8]) -> Option<&[u8]> {
    let rest = [&b"true"[..], b"false", b"null"]
        .iter()
        .find_map(|w| i.strip_prefix(*w))?;
    (!rest.first().is_some_and(u8::is_ascii_alphabetic)).then_some(rest)
}

/// Whether a value says something.
pub(super) fn is_given(text: &str) -> bool {
    !matches!(
        text.trim(),
        "" | "-" | "--" | "null" | "none" | "None" | "nil" | "undefined"
    )
}

/// Whether a value may be the method of a request.
pub(super) fn is_method(text: &str) -> bool {
    (3..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}
