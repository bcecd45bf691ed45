//! What a message of a chat answers: older words that it repeats behind `>` before it says something itself.

use crate::record::{Kind, Record, field};
use std::borrow::Cow;

/// Files the words that each message of a chat repeats as what it answers, and leaves what it says.
pub fn tell_apart(records: &mut [Record<'_>]) {
    for record in records.iter_mut().filter(|r| r.kind == Kind::Chat) {
        if let Some((answered, said)) = parts(&record.message) {
            record.message = Cow::Owned(said);
            record.fields.push(field::ANSWERS, answered);
        }
    }
}

/// What is repeated and what is said; `None` where nothing is repeated, or nothing said.
fn parts(message: &str) -> Option<(String, String)> {
    if !message.contains('>') && !message.contains("&gt;") {
        return None;
    }
    let (mut answered, mut said): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for line in message.lines() {
        match repeated(line) {
            Some(words) => {
                // `On Tuesday Ines Falk wrote:`
                if said.last().is_some_and(|l| is_attribution(l)) {
                    said.pop();
                }
                answered.push(words);
            }
            None => said.push(line),
        }
    }
    let said = said.join("\n").trim().to_owned();
    let answered = answered.join("\n").trim().to_owned();
    (!answered.is_empty() && !said.is_empty()).then_some((answered, said))
}

/// The words of a line that repeats some. `> 90 %` compares.
fn repeated(line: &str) -> Option<&str> {
    let mark = |l: &'_ str| -> Option<usize> {
        let rest = l.strip_prefix('>').or_else(|| l.strip_prefix("&gt;"))?;
        Some(l.len() - rest.len())
    };
    let line = line.trim();
    let mut at = mark(line)?;
    // What was repeated there already.
    while let Some(rest) = line.get(at..) {
        let inner = rest.trim_start();
        match mark(inner) {
            Some(n) => at += rest.len() - inner.len() + n,
            None => break,
        }
    }
    let words = line.get(at..).unwrap_or_default().trim_start();
    let compares = words.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '$' | '€'));
    (!compares).then_some(words)
}

fn is_attribution(line: &str) -> bool {
    let line = line.trim();
    let body = line.strip_suffix(':').unwrap_or_default();
    let first = ["On ", "Am ", "Le ", "Op ", "El "];
    body.ends_with(" wrote") || first.iter().any(|w| body.starts_with(w)) && body.len() > 12
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn told(message: &str) -> Option<(String, String)> {
        parts(message)
    }

    #[test]
    fn what_is_answered_is_not_said_again() {
        for (message, answered, said) in [
            (
                "> could be the tide tables?\nno, flat",
                "could be the tide tables?",
                "no, flat",
            ),
            (
                ">could be the tables\n>or the cache\n\nneither",
                "could be the tables\nor the cache",
                "neither",
            ),
            ("&gt; the tables?\nnope", "the tables?", "nope"),
            (
                "not the tables\nOn Tue, 11 Jun 2024, Ines Falk wrote:\n> > anybody?\n> the tables?",
                "anybody?\nthe tables?",
                "not the tables",
            ),
        ] {
            let expected = (answered.to_owned(), said.to_owned());
            assert_eq!(told(message), Some(expected), "{message}");
        }
    }

    #[test]
    fn comparisons_arrows_and_lone_quotations_stay() {
        for message in [
            "> 90 % failing\nlooks bad",
            ">= 40 berths\nis too many",
            "pool.max 10 -> 40\ndone",
            "> the release notes say it is safe",
            "no quotation",
            "",
        ] {
            assert_eq!(told(message), None, "{message}");
        }
    }
}
