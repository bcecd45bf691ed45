//! The id that closes the lines of a log without a name of its own: `… 0.020 201 4be1907aa3d2`. Ids of requests that are
//! shorter than others, or of other letters, are told by their place: as good as every line ends with another one.

use super::text::quoted;

/// Lines of which nothing can be told.
const FEW: usize = 4;
/// How short and how long such an id is.
const SHORTEST: usize = 10;
const LONGEST: usize = 64;

/// The last word of a line, where it stands bare or in quotes.
#[must_use]
pub fn last(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_end();
    let begin = line.iter().rposition(u8::is_ascii_whitespace);
    let word = line.get(begin.map_or(0, |b| b + 1)..).unwrap_or_default();
    match quoted(word) {
        Ok(([], inner)) => inner,
        _ => word,
    }
}

/// Whether the lines of a head end with ids.
pub fn closes<'l>(lines: impl Iterator<Item = &'l [u8]>) -> bool {
    let mut words: Vec<&[u8]> = lines.map(last).collect();
    // The head may end within a line.
    words.pop_if(|w| !is_like(w));
    let all = words.len();
    words.retain(|w| is_like(w));
    let alike = words.len() * 20 >= all * 19;
    words.sort_unstable();
    words.dedup();
    all >= FEW && alike && words.len() * 20 >= all * 19
}

/// Whether a word may be such an id: hexadecimal digits, or as many other ones that none is by chance.
fn is_like(word: &[u8]) -> bool {
    let any = |of: fn(&u8) -> bool| word.iter().any(of);
    let hex = word.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    let coded = |b: &u8| b.is_ascii_alphanumeric() || b"-_@+/".contains(b);
    let long = word.len() >= 16 && word.iter().all(coded) && any(u8::is_ascii_alphabetic);
    (SHORTEST..=LONGEST).contains(&word.len()) && any(u8::is_ascii_digit) && (hex || long)
}

#[cfg(test)]
mod tests {
    use super::closes;

    fn heads(words: &[&str]) -> bool {
        let lines: Vec<String> = words
            .iter()
            .map(|w| format!("GET /x 200 0.012 {w}"))
            .collect();
        closes(lines.iter().map(String::as_bytes))
    }

    #[test]
    fn ids_close_lines_where_each_ends_with_another() {
        assert!(heads(&[
            "4be1907aa3d2",
            "99c01f4e7b10",
            "071ab3c9d4ee",
            "100000000002"
        ]));
        assert!(heads(&[
            "\"4be1907aa3d2\"",
            "\"99c01f4e7b10\"",
            "\"071ab3c9d4ee\"",
            "\"a0b1c2d3e4f5\""
        ]));
        assert!(heads(&[
            "ZqX0kAoAAgEAAB3wAbcAAAAF",
            "ZqX0kAoAAgEAAB3wAbdAAAAG",
            "ZqX0kQoAAgEAAB3wAbeAAAAH",
            "ZqX0kgoAAgEAAB3wAbfAAAAI"
        ]));
        for other in [
            [
                "4be1907aa3d2",
                "4be1907aa3d2",
                "4be1907aa3d2",
                "4be1907aa3d2",
            ],
            ["512", "77", "1024", "8"],
            ["0.012", "0.044", "0.101", "1.207"],
            ["upstream-a", "upstream-b", "upstream-c", "upstream-d"],
            [
                "10.8.0.4:8080",
                "10.8.0.5:8080",
                "10.8.0.6:8080",
                "10.8.0.7:8080",
            ],
            ["-", "4be1907aa3d2", "-", "99c01f4e7b10"],
        ] {
            assert!(!heads(&other), "{other:?}");
        }
    }
}
