//! Where in a program a message comes from, as far as its beginning tells.

use super::hash::{hash, of_parts};
use super::lexeme::Lexemes;
use super::{Signature, head};
use std::cell::RefCell;

/// Parts at the beginning of a message that tell what it is about; behind them stand values, also such
/// as look like words.
const PARTS: usize = 6;
/// Words before the place: a time, a level, a thread.
const BEFORE: usize = 3;

/// The signature of what a message begins with: of the place in the source (`OrderService#42`,
/// `main.go:17`) where it names one, else of its first words. Coarser than
/// [`super::signature`], so that values in the rest of the message make no difference.
#[must_use]
pub fn place(message: &str) -> Signature {
    let head = head(message);
    let named = head.split_whitespace().take(BEFORE).find(|w| is_place(w));
    if let Some(place) = named {
        return Signature(of_parts([hash(place.as_bytes(), 1)].into_iter()));
    }
    thread_local!(static LEXEMES: RefCell<Lexemes> = RefCell::default());
    LEXEMES.with_borrow_mut(|lexemes| {
        lexemes.read(head);
        let parts = lexemes.parts().iter().take(PARTS);
        Signature(of_parts(parts.map(|p| p.code.bits())))
    })
}

/// `c.s.ContactsService#31`, `[server/main.go:17]`.
fn is_place(word: &str) -> bool {
    let word = word.trim_matches(|c: char| "[]():,".contains(c));
    let Some((name, line)) = word.rsplit_once(['#', ':']) else {
        return false;
    };
    let line = (1..=5).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_digit());
    let known = |c: char| c.is_ascii_alphanumeric() || "._/$-<>[]\\".contains(c);
    let file = word.contains('#') || name.contains(['.', '/', '\\']);
    line && file && name.contains(|c: char| c.is_ascii_alphabetic()) && name.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_tells_messages_apart_and_values_do_not() {
        let same = [
            (
                "o.s.Basket#31 [load][Load][id: 7]",
                "o.s.Basket#31 [load][Load][id: none of them]",
            ),
            (
                "10:22:01.337 INFO o.s.Basket#31 loaded",
                "10:22:59.001 INFO o.s.Basket#31 loaded 3 items",
            ),
            (
                "[stock/reserve.go:17] reserved 3",
                "[stock/reserve.go:17] reserved 12 of 20",
            ),
            ("reserved 3 for order 88", "reserved 4 for order 91"),
        ];
        for (a, b) in same {
            assert_eq!(place(a), place(b), "{a} | {b}");
        }
        let apart = [
            ("o.s.Basket#31 [load]", "o.s.Basket#37 [load]"),
            ("reserve.go:17 reserved", "reserve.go:19 reserved"),
            ("reserved 3 for order 88", "released 3 for order 88"),
        ];
        for (a, b) in apart {
            assert_ne!(place(a), place(b), "{a} | {b}");
        }
    }
}
