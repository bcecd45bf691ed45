//! Names before what is said: people and bots in a conversation, loggers in a program's log.

use super::level;

/// Whether what stands in the place of a name is what a program's log has there: a level, alone (`warn`) or
/// beside a logger (`INFO mail.queue`, `[error] db`, `mail.queue:WARN`, `I mail.queue`).
#[must_use]
pub fn is_log(name: &str) -> bool {
    let marks = |c: char| matches!(c, '[' | ']' | '(' | ')' | '<' | '>' | '*' | '=' | '-' | ',');
    let parts = name.split([' ', '\t', '\u{a0}', ':', '/', '|']);
    let words: Vec<&str> = parts
        .map(|w| w.trim_matches(marks))
        .filter(|w| !w.is_empty())
        .collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let level = |w: &&str| level::plain_word(w.as_bytes()).is_some();
    let shouted = |w: &&str| level(w) && w.bytes().all(|b| b.is_ascii_uppercase());
    let ends = level(first) || level(last);
    // `Info Desk` is somebody; nobody writes a level like that but beside a plain name.
    let somebody = words.len() > 1 && words.iter().all(|w| is_proper(w));
    // klog's letter, before a logger.
    let lettered = matches!(first.as_bytes(), [b'D' | b'I' | b'W' | b'E' | b'F'])
        && words.get(1).is_some_and(|w| w.contains(['.', '_']));
    words.iter().any(shouted) || lettered || ends && !somebody
}

/// A word as names are written: a capital, then small letters.
fn is_proper(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().next().is_some()
        && letters.all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::is_log;

    #[test]
    fn a_level_in_the_place_of_a_name() {
        for name in [
            "INFO",
            "warn",
            "INFO mail.queue",
            "info mail.queue",
            "Warning mail.queue",
            "[ERROR] mail",
            "<debug>",
            "mail.queue WARNING",
            "mail.queue:CRITICAL",
            "worker-3 ERROR mail",
            "ERROR/Pool-2",
            "W mail.queue",
            "WARNING root",
        ] {
            assert!(is_log(name), "{name}");
        }
        for name in [
            "Mira Lund",
            "mira.lund",
            "Info Desk",
            "Error Bot",
            "Alert Manager",
            "alertmanager",
            "System",
            "I",
            "W B Yeats",
            "Informant",
            "Ann Warner",
            "",
            "Fine Olsen",
        ] {
            assert!(!is_log(name), "{name}");
        }
    }
}
