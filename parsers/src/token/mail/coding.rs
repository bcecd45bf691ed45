//! How mails encode what is not ASCII: quoted-printable, base64, encoded words in headers.

use std::borrow::Cow;

/// A body as it was before it was made fit for the way.
pub(super) fn decoded<'a>(body: &'a str, code: &str) -> Cow<'a, str> {
    match code.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => {
            let joined = body.replace("=\r\n", "").replace("=\n", "");
            Cow::Owned(told(&escaped(joined.as_bytes(), false)))
        }
        "base64" => {
            let bare: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            match base64(&bare) {
                Some(bytes) => Cow::Owned(told(&bytes)),
                None => Cow::Borrowed(body),
            }
        }
        _ => Cow::Borrowed(body),
    }
}

/// A header with its encoded words (`=?utf-8?Q?caf=C3=A9?=`) as they were meant.
pub(super) fn words(value: &str) -> Cow<'_, str> {
    if !value.contains("=?") {
        return Cow::Borrowed(value);
    }
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?") {
        // Blanks between two encoded words are none.
        if !(before.trim().is_empty() && rest.len() < value.len()) {
            out.push_str(before);
        }
        let Some((word, left)) = encoded(after) else {
            out.push_str("=?");
            rest = after;
            continue;
        };
        out.push_str(&word);
        rest = left;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `utf-8?Q?caf=C3=A9?=`, and what stands behind it.
fn encoded(word: &str) -> Option<(String, &str)> {
    let (_, rest) = word.split_once('?')?;
    let (code, rest) = rest.split_once('?')?;
    let (said, rest) = rest.split_once("?=")?;
    let bytes = match code {
        "Q" | "q" => escaped(said.as_bytes(), true),
        "B" | "b" => base64(said.as_bytes())?,
        _ => return None,
    };
    Some((told(&bytes), rest))
}

/// `=C3` as the byte that it stands for, and in headers `_` as a blank.
fn escaped(said: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(said.len());
    let mut rest = said;
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'=');
        let byte = digits
            .and_then(|d| std::str::from_utf8(d).ok())
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        out.push(byte.unwrap_or(if header && *first == b'_' {
            b' '
        } else {
            *first
        }));
        rest = match byte {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    out
}

fn base64(said: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(said.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for byte in said.iter().take_while(|b| **b != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

/// Bytes as text: UTF-8, or else what Windows writes in the west.
fn told(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| western(*b)).collect(),
    }
}

/// A byte of Windows-1252, of which ISO 8859-1 is a part.
fn western(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x82 => '‚',
        0x84 => '„',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x95 => '•',
        0x96 => '–',
        0x97 => '—',
        other => char::from(other),
    }
}
