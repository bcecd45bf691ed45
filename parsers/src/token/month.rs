//! Months by name, in the languages that servers are set to.

use super::{Found, NOT, number};

/// Names and abbreviations, folded to lower case and to ASCII: English, French, German,
/// Spanish, Italian, Portuguese, Dutch, the Scandinavian languages, Polish, Turkish.
/// Sorted, to be searched by halves. Words that two languages give to different months
/// are left out (`listopad` is Polish November and Croatian October).
const NAMES: &[(&str, u8)] = &[
    ("abr", 4),
    ("abril", 4),
    ("ago", 8),
    ("agosto", 8),
    ("agu", 8),
    ("agustos", 8),
    ("aout", 8),
    ("apr", 4),
    ("april", 4),
    ("aprile", 4),
    ("aralik", 12),
    ("aug", 8),
    ("august", 8),
    ("augusti", 8),
    ("augustus", 8),
    ("avr", 4),
    ("avril", 4),
    ("czerwca", 6),
    ("dec", 12),
    ("december", 12),
    ("decembre", 12),
    ("des", 12),
    ("desember", 12),
    ("dez", 12),
    ("dezember", 12),
    ("dezembro", 12),
    ("dic", 12),
    ("dicembre", 12),
    ("diciembre", 12),
    ("ekim", 10),
    ("ene", 1),
    ("enero", 1),
    ("eylul", 9),
    ("feb", 2),
    ("febbraio", 2),
    ("febr", 2),
    ("febrero", 2),
    ("februar", 2),
    ("februari", 2),
    ("february", 2),
    ("fev", 2),
    ("fevereiro", 2),
    ("fevr", 2),
    ("fevrier", 2),
    ("gen", 1),
    ("gennaio", 1),
    ("giu", 6),
    ("giugno", 6),
    ("grudnia", 12),
    ("haz", 6),
    ("haziran", 6),
    ("jan", 1),
    ("janeiro", 1),
    ("januar", 1),
    ("januari", 1),
    ("january", 1),
    ("janv", 1),
    ("janvier", 1),
    ("juil", 7),
    ("juillet", 7),
    ("juin", 6),
    ("jul", 7),
    ("julho", 7),
    ("juli", 7),
    ("julio", 7),
    ("july", 7),
    ("jun", 6),
    ("june", 6),
    ("junho", 6),
    ("juni", 6),
    ("junio", 6),
    ("kasim", 11),
    ("kwi", 4),
    ("kwietnia", 4),
    ("lipca", 7),
    ("lug", 7),
    ("luglio", 7),
    ("lutego", 2),
    ("maart", 3),
    ("mag", 5),
    ("maggio", 5),
    ("mai", 5),
    ("maio", 5),
    ("maj", 5),
    ("maja", 5),
    ("mar", 3),
    ("marca", 3),
    ("march", 3),
    ("marco", 3),
    ("mars", 3),
    ("marts", 3),
    ("marz", 3),
    ("marzo", 3),
    ("may", 5),
    ("mayis", 5),
    ("mayo", 5),
    ("mei", 5),
    ("mrt", 3),
    ("mrz", 3),
    ("nisan", 4),
    ("nov", 11),
    ("november", 11),
    ("novembre", 11),
    ("novembro", 11),
    ("noviembre", 11),
    ("ocak", 1),
    ("oct", 10),
    ("october", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("okt", 10),
    ("oktober", 10),
    ("ott", 10),
    ("ottobre", 10),
    ("out", 10),
    ("outubro", 10),
    ("paz", 10),
    ("pazdziernika", 10),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("septembre", 9),
    ("septiembre", 9),
    ("set", 9),
    ("setembro", 9),
    ("settembre", 9),
    ("sie", 8),
    ("sierpnia", 8),
    ("sty", 1),
    ("stycznia", 1),
    ("subat", 2),
    ("temmuz", 7),
    ("wrz", 9),
    ("wrzesnia", 9),
];

/// The longest name.
const LONGEST: usize = 12;

/// A month's name or abbreviation, with the dot that some languages add, or its number
/// with the character for month, as Chinese and Japanese have it.
pub fn month(i: &[u8]) -> Found<'_, u8> {
    let mut folded = [0u8; LONGEST];
    let (mut len, mut at) = (0, 0);
    while let Some((letter, width)) = i.get(at..).and_then(letter) {
        *folded.get_mut(len).ok_or(NOT)? = letter;
        len += 1;
        at += width;
    }
    if len == 0 {
        return numbered(i);
    }
    let name = std::str::from_utf8(folded.get(..len).unwrap_or_default()).map_err(|_| NOT)?;
    let found = NAMES.binary_search_by(|(n, _)| (*n).cmp(name));
    let month = found.ok().and_then(|n| NAMES.get(n)).ok_or(NOT)?.1;
    let rest = i.get(at..).unwrap_or_default();
    Ok((rest.strip_prefix(b".").unwrap_or(rest), month))
}

/// `1月`
fn numbered(i: &[u8]) -> Found<'_, u8> {
    let (rest, month) = number(1, 2)(i)?;
    let rest = rest.strip_prefix("月".as_bytes()).ok_or(NOT)?;
    match u8::try_from(month) {
        Ok(month @ 1..=12) => Ok((rest, month)),
        _ => Err(NOT),
    }
}

/// The letter that `i` begins with, folded, and its bytes.
fn letter(i: &[u8]) -> Option<(u8, usize)> {
    let (first, rest) = i.split_first()?;
    if first.is_ascii_alphabetic() {
        return Some((first.to_ascii_lowercase(), 1));
    }
    let folded = match (*first, *rest.first()?) {
        // Latin-1's letters: a capital is 32 below its small one.
        (0xc3, second) => match second | 0x20 {
            0xa0..=0xa5 => b'a',
            0xa7 => b'c',
            0xa8..=0xab => b'e',
            0xac..=0xaf => b'i',
            0xb2..=0xb6 => b'o',
            0xb9..=0xbc => b'u',
            _ => return None,
        },
        (0xc4, 0x9e | 0x9f) => b'g',
        (0xc4, 0xb0 | 0xb1) => b'i',
        (0xc5, 0x9a | 0x9b | 0x9e | 0x9f) => b's',
        (0xc5, 0xb9..=0xbc) => b'z',
        _ => return None,
    };
    Some((folded, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_fit() {
        assert!(NAMES.is_sorted());
        assert!(NAMES.iter().all(|(name, _)| name.len() <= LONGEST));
    }

    #[test]
    fn languages() {
        let read = |s: &'static str| month(s.as_bytes()).ok().map(|(rest, m)| (m, rest.len()));
        for (name, expected) in [
            ("Jan", 1),
            ("févr.", 2),
            ("FÉVRIER", 2),
            ("März", 3),
            ("maart", 3),
            ("avr.", 4),
            ("mei", 5),
            ("juin", 6),
            ("juil.", 7),
            ("août", 8),
            ("Ağu", 8),
            ("setembro", 9),
            ("paź", 10),
            ("ott", 10),
            ("Kasım", 11),
            ("dic.", 12),
            ("12月", 12),
        ] {
            assert_eq!(read(name), Some((expected, 0)), "{name}");
        }
        for other in ["", "main", "13月", "janitor", "decimal", "7"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
