//! Levels the spelling of a text and cuts it into sentences and clauses.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// No statement of a person is longer; what is, is a paste.
const LIMIT: usize = 8 * 1024;

/// One sentence of a folded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence<'a> {
    /// Its words, without the final mark.
    pub(super) text: &'a str,
    /// Whether it ends in a question mark.
    pub(super) asks: bool,
}

impl Sentence<'_> {
    /// The clause that holds the byte at `position`.
    pub(super) fn clause(&self, position: usize) -> Range<usize> {
        let mut clause = 0..self.text.len();
        for boundary in BOUNDARY.find_iter(self.text) {
            if boundary.end() <= position {
                clause.start = boundary.end();
            } else if boundary.start() > position {
                clause.end = boundary.start();
                break;
            }
        }
        clause
    }
}

/// Where one clause ends and the next begins. A plain "and" is none: what is
/// said before it ("we will roll back and restart") mostly holds behind it.
static BOUNDARY: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\s*(?:[,;()\x22]|:\s|:$)+\s*(?:(?:and|but|then|so) )?| - | \| |\s(?:but|then|so|while|whereas|because|although|though|which|thus|allowing|causing|restoring|as the|as we|and (?:we|i|it|they|the|everything|that|logins?|users?|errors?|things|now))\s",
    )
});

/// Markup of chat products: fenced and quoted text is not the writer's own;
/// links and emoji names are no words.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"(?s)```.*?(?:```|$)|(?m:^\s*(?:>|&gt;).*$)|<?https?://[^\s>|]*(?:\|([^>]*))?>?|<[@!#][^>|]*\|([^>]*)>|<([@!]\w+)>|(:eyes:)|:[a-z][a-z0-9_+-]*:",
    )
});

/// Contractions, with and without the apostrophe, by their long form.
static CONTRACTION: LazyLock<Regex> = LazyLock::new(|| {
    super::cues::regex(
        r"\b(?:(can)not|(ca)n'?t|(wo)n'?t|(sha)n't|(do|does|did|is|are|was|were|has|have|had|would|could|should|must)n'?t|(i)'?m|(we|you|they)'re|(i|we|you|they|who)'?ve|(i|we|you|they|he|she|it|that)'ll|(i|we|you|they)'d|(it|that|there|here|what|who|this|he|she|everything|all|where|how)'s|(let)'?s|(gonna)|(gotta)|(wanna)|(thats)|(prod)|(rolled-back)|(hot fix)|(theres)|(heres)|(whats))\b",
    )
});

/// The text with one spelling for what means the same: lower case, straight
/// quotes, no contractions, no markup, single spaces. Line ends stay.
pub(super) fn fold(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(LIMIT)).unwrap_or(text);
    let mut level = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '’' | '‘' | '´' => level.push('\''),
            '“' | '”' => level.push('"'),
            '–' | '—' => level.push_str(" - "),
            '…' => level.push_str(" ... "),
            '👀' => level.push_str(" :eyes: "),
            '\u{a0}' | '\t' | '\r' => level.push(' '),
            '*' | '~' => {}
            c if c.is_ascii() => level.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() => level.extend(c.to_lowercase()),
            _ => level.push(' '),
        }
    }
    let level = MARKUP.replace_all(&level, " $1$2$3$4 ");
    let level = level.replace('`', "");
    let level = CONTRACTION.replace_all(&level, |c: &regex::Captures<'_>| expand(c));
    squeeze(&in_full(&level))
}

/// What people shorten, written out.
fn in_full(text: &str) -> String {
    const SHORT: [(&str, &str); 15] = [
        ("ain't", "is not"),
        ("aint", "is not"),
        ("prob", "probably"),
        ("probs", "probably"),
        ("prolly", "probably"),
        ("pls", "please"),
        ("plz", "please"),
        ("def", "definitely"),
        ("deffo", "definitely"),
        ("thx", "thanks"),
        ("cuz", "because"),
        ("w/", "with"),
        ("rn", "right now"),
        ("u", "you"),
        ("ur", "your"),
    ];
    let long = |word: &str| {
        let found = SHORT.iter().find(|(short, _)| *short == word);
        found.map_or_else(|| word.to_owned(), |(_, long)| (*long).to_owned())
    };
    let lines = text.lines().map(|line| {
        let mut words = line.split(' ').peekable();
        let mut full = Vec::new();
        while let Some(word) = words.next() {
            let said = words.peek().is_some_and(|next| is_said_of(next));
            match word.strip_suffix("'s").filter(|_| said) {
                Some(noun) => full.push(format!("{noun} is")),
                None => full.push(long(word)),
            }
        }
        full.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a word behind "redis's" makes it "redis is".
fn is_said_of(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    matches!(
        word,
        "a" | "an"
            | "not"
            | "just"
            | "still"
            | "back"
            | "down"
            | "mine"
            | "wrong"
            | "fine"
            | "ok"
            | "okay"
            | "clean"
            | "healthy"
            | "good"
            | "innocent"
            | "dead"
            | "broken"
            | "failing"
            | "acting"
            | "being"
            | "looking"
            | "taking"
            | "going"
            | "happening"
            | "up"
            | "off"
    )
}

fn expand(captures: &regex::Captures<'_>) -> String {
    let group = (1..captures.len()).find_map(|n| captures.get(n).map(|m| (n, m.as_str())));
    let Some((number, head)) = group else {
        return String::new();
    };
    let tail = match number {
        1 | 5 => " not",
        2 => return "can not".to_owned(),
        3 => return "will not".to_owned(),
        4 => return "shall not".to_owned(),
        6 => " am",
        7 => " are",
        8 => " have",
        9 => " will",
        10 => " would",
        11 => " is",
        12 => " us",
        13 => return "going to".to_owned(),
        14 => return "got to".to_owned(),
        15 => return "want to".to_owned(),
        16 => return "that is".to_owned(),
        17 => return "production".to_owned(),
        18 => return "rolled back".to_owned(),
        19 => return "hotfix".to_owned(),
        20 => return "there is".to_owned(),
        21 => return "here is".to_owned(),
        _ => return "what is".to_owned(),
    };
    format!("{head}{tail}")
}

/// Runs of blanks become one, and none stand at a line's ends.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let Some(first) = words.next() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(first);
            for word in words {
                out.push(' ');
                out.push_str(word);
            }
        }
    }
    out
}

/// The sentences of a folded text. A full stop inside a number, a version or a
/// file name ends none.
pub(super) fn sentences(folded: &str) -> impl Iterator<Item = Sentence<'_>> {
    folded.lines().flat_map(|line| {
        let mut rest = Some(line);
        std::iter::from_fn(move || {
            let line = rest?;
            let (head, tail) = cut(line);
            rest = tail;
            Some(head)
        })
        .map(sentence)
        .filter(|sentence| !sentence.text.is_empty())
    })
}

fn sentence(raw: &str) -> Sentence<'_> {
    let trimmed = raw.trim_end_matches([' ', '!', '.', '?']);
    Sentence {
        text: trimmed.trim_start_matches([' ', '-', '>', '"', '.']),
        asks: raw.get(trimmed.len()..).unwrap_or("").contains('?'),
    }
}

/// "Gotcha! The pool is full": what is cried out belongs to what follows.
fn is_cry(head: &str) -> bool {
    let cries = [
        "gotcha",
        "bingo",
        "eureka",
        "got it",
        "found it",
        "jackpot",
        "there it is",
        "there we go",
        "mystery solved",
        "case closed",
        "i see",
        "i see it now",
        "i see it",
        "yup",
        "yep",
        "aha",
        "ha",
        "ah",
        "ahh",
        "ok",
        "okay",
        "nope",
        "nah",
        "no",
        "hmm",
        "well",
        "right",
        "caught it",
    ];
    let cry = head.trim_matches([' ', '.', '!', '-']);
    let led = cry.split_once(", ").map_or("", |(_, rest)| rest);
    cries.contains(&cry) || cries.contains(&led)
}

/// The first sentence of a line with its mark, and what follows.
fn cut(line: &str) -> (&str, Option<&str>) {
    let bytes = line.as_bytes();
    let end = bytes.iter().enumerate().find_map(|(at, byte)| {
        let ends = matches!(byte, b'.' | b'!' | b'?' | b';') && bytes.get(at + 1) == Some(&b' ');
        (ends && !is_cry(line.get(..at).unwrap_or(""))).then_some(at + 1)
    });
    match end {
        Some(end) => (line.get(..end).unwrap_or(line), line.get(end..)),
        None => (line, None),
    }
}
