//! Message templates: what stays the same when a program logs the same thing again.
//!
//! A message falls into words; a word that varies (it has a digit, a path, quotes …)
//! counts as a hole. The signature is a hash of what is left, so it is a pure
//! function of one message: the same in every thread and on every machine.

/// The hash of a message's template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub u64);

/// Bytes of a message that its template is made of; the rest is seldom constant.
const LOOKED_AT: usize = 512;

/// A fixed-seed hash (FNV-1a, 64 bit): the same everywhere and for ever.
#[must_use]
pub fn hash(bytes: &[u8], seed: u64) -> u64 {
    bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The signature of a message.
#[must_use]
pub fn signature(message: &str) -> Signature {
    let mut h = 0;
    pieces(message, |piece| {
        h = match piece {
            Piece::Hole => hash(&[0], h),
            Piece::Word(w) => hash(w.as_bytes(), hash(&[1], h)),
            Piece::Gap(_) => h,
        }
    });
    Signature(h)
}

/// The template for people: holes are written `<*>`.
#[must_use]
pub fn render(message: &str) -> String {
    let mut text = String::new();
    pieces(message, |piece| match piece {
        Piece::Hole => text.push_str("<*>"),
        Piece::Word(w) | Piece::Gap(w) => text.push_str(w),
    });
    text.trim().to_owned()
}

enum Piece<'a> {
    Word(&'a str),
    Gap(&'a str),
    Hole,
}

fn is_gap(c: char) -> bool {
    c.is_ascii_whitespace()
        || matches!(
            c,
            '=' | ':'
                | ','
                | ';'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '<'
                | '>'
                | '"'
                | '\''
                | '|'
        )
}

/// Gives the pieces of the first line of a message in order; runs of holes are one hole.
fn pieces<'a>(message: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let line = message.lines().next().unwrap_or_default();
    let line = line.get(..LOOKED_AT.min(line.len())).unwrap_or(line);
    let mut rest = line;
    let mut after_hole = false;
    while !rest.is_empty() {
        let gap = rest.find(|c| !is_gap(c)).unwrap_or(rest.len());
        let (between, words) = rest.split_at(gap);
        let end = words.find(is_gap).unwrap_or(words.len());
        let (word, tail) = words.split_at(end);
        let hole = !word.is_empty() && varies(word);
        if !(hole && after_hole) {
            each(Piece::Gap(between));
            if hole {
                each(Piece::Hole);
            } else if !word.is_empty() {
                each(Piece::Word(word));
            }
        }
        after_hole = hole || (after_hole && word.is_empty());
        rest = tail;
    }
}

/// Whether a word is a value rather than part of the text.
fn varies(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.iter().any(u8::is_ascii_digit)
        || word.contains('/')
        || word.contains('@')
        || word.matches('.').count() >= 2
        || (bytes.len() >= 8 && bytes.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_matter_and_words_do() {
        let a = signature("token signature mismatch for user=8812 after 35ms");
        assert_eq!(
            a,
            signature("token signature mismatch for user=17 after 2ms")
        );
        assert_ne!(a, signature("token expired for user=17 after 2ms"));
    }

    #[test]
    fn holes_in_a_row_are_one() {
        assert_eq!(signature("took 3 4 5 ms"), signature("took 3 ms"));
        assert_eq!(
            render("GET /login took 35ms (user 12)"),
            "GET <*> took <*> (user <*>)"
        );
    }

    #[test]
    fn text_of_any_script_is_cut_on_characters() {
        let long = "é".repeat(600);
        let _ = signature(&long);
        assert_eq!(render("ключ не найден"), "ключ не найден");
    }
}
