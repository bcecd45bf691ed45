//! Bytes of a log that are not its text: terminal escape sequences, and the zeros that a file
//! system leaves where a machine went down before its data were written.

use memchr::memchr2;
use std::borrow::Cow;

const ESC: u8 = 0x1b;
const NUL: u8 = 0;

/// `text` without its terminal escape sequences (ECMA-48 control sequences and two-byte escapes)
/// and without zero bytes.
#[must_use]
pub fn strip(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr2(ESC, NUL, text) else {
        return Cow::Borrowed(text);
    };
    let mut plain = text[..first].to_vec();
    let mut at = first;
    while at < text.len() {
        match text[at] {
            ESC => at = sequence_end(text, at),
            NUL => at += 1,
            _ => {
                let end = memchr2(ESC, NUL, &text[at..]).map_or(text.len(), |n| at + n);
                plain.extend_from_slice(&text[at..end]);
                at = end;
            }
        }
    }
    Cow::Owned(plain)
}

fn sequence_end(text: &[u8], esc: usize) -> usize {
    match text.get(esc + 1) {
        Some(b'[') => {
            let body = &text[esc + 2..];
            let len = body
                .iter()
                .position(|b| (0x40..=0x7e).contains(b))
                .map_or(body.len(), |n| n + 1);
            esc + 2 + len
        }
        Some(_) => esc + 2,
        None => esc + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn colours_go_and_text_stays() {
        assert_eq!(&*strip(b"\x1b[32mINFO\x1b[0m ready"), b"INFO ready");
        assert_eq!(&*strip(b"plain"), b"plain");
        assert_eq!(&*strip(b"\0\0zeros \0go\0"), b"zeros go");
        assert_eq!(&*strip(b"cut \x1b"), b"cut ");
        assert_eq!(&*strip(b"cut \x1b[3"), b"cut ");
    }
}
