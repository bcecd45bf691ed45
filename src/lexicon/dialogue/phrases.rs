//! The words of a message, how the long ones begin, and the pairs of words that stand beside each other, in a form in
//! which what conversations teach holds for others: all numbers are one word, and all names of machines.

use std::collections::BTreeSet;

/// Stands for numbers.
const NUMBER: &str = "#";
/// Stands for names of machines, versions, paths and settings.
const NAME: &str = "_";
/// Stands before the first word.
const BEGIN: &str = "<";
/// Stands behind the last.
const END: &str = ">";

/// Stands before the beginning of a word.
const BEGINS: char = '~';
/// Letters (five) of the beginning of a longer word: its forms share it, and so do many that are misspelt.
const LETTERS: usize = 5;

/// The words, beginnings and pairs of a message's folded text, each once.
pub(super) fn of(folded: &str) -> BTreeSet<String> {
    let words = words(folded);
    let ends = [BEGIN].into_iter().chain(words.iter().copied());
    let pairs = ends.zip(words.iter().copied().chain([END]));
    let pairs = pairs.map(|(a, b)| format!("{a} {b}"));
    let beginnings = words.iter().filter_map(|w| beginning(w));
    let alone = words.iter().map(|w| (*w).to_owned());
    alone.chain(beginnings).chain(pairs).collect()
}

fn beginning(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let first: String = letters.by_ref().take(LETTERS).collect();
    letters.next().map(|_| format!("{BEGINS}{first}"))
}

fn words(folded: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in folded.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
        // Faces and other signs say something, too.
        match bare {
            "" => words.push(word),
            _ => words.push(form(bare)),
        }
        let mark = word.ends_with('?') || word.ends_with('!');
        words.extend(
            mark.then(|| &word[word.len() - 1..])
                .filter(|_| !bare.is_empty()),
        );
    }
    words
}

/// A word as all of its sort are written.
fn form(word: &str) -> &str {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let joined = |b: u8| b"/_=.:@".contains(&b);
    if word.starts_with('@') {
        "@"
    } else if digits > 0 && letters <= 2 {
        NUMBER
    } else if digits > 0 || word.bytes().any(joined) {
        NAME
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_place_to_place_is_one_word() {
        let told = |text: &str| of(text).into_iter().collect::<Vec<_>>();
        assert_eq!(
            told("rolled back!"),
            [
                "!",
                "! >",
                "< rolled",
                "back",
                "back !",
                "rolled",
                "rolled back",
                "~rolle"
            ]
        );
        assert_eq!(told("5xx at 40%, again"), told("5xx at 7%, again"));
        assert_eq!(told("is it cache-7?"), told("is it api/v2?"));
        assert_eq!(told(""), ["< >"]);
        assert_eq!(
            told("on it on it"),
            ["< on", "it", "it >", "it on", "on", "on it"]
        );
    }
}
