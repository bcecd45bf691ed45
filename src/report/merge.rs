//! A draft that people have worked on, brought up to date: what they wrote stays, what they left
//! as it was follows the evidence, and facts that changed say what they were.
//!
//! A draft in a file ends with a comment that has, for every line that recon wrote, the hash of
//! its name and of its text. So a later run knows which lines are still recon's own: all others
//! are people's.

mod marker;
mod place;

use marker::{Entry, Marker, digest};
use place::{Line, Spoken};
use std::collections::BTreeMap;

/// One line that recon writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What a later run knows it by.
    pub key: String,
    /// The line.
    pub text: String,
    /// An empty line stands before it.
    pub gap: bool,
    /// A reader wants to know that it changed.
    pub fact: bool,
}

/// Why a file was not brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no comment of recon's: it is somebody else's, or the comment was deleted.
    Foreign,
    /// It was made with this other template.
    Template(String),
    /// Too little of it is left for a place to be found for what people wrote.
    Unlike,
}

/// The lines as one text.
#[must_use]
pub fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if block.gap && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&block.text);
        out.push('\n');
    }
    out
}

/// A new draft for a file: the lines and the comment that a later run needs.
#[must_use]
pub fn sealed(blocks: &[Block], template: &str) -> String {
    let entry = |b: &Block| Entry::own(&b.key, &b.text, &b.text);
    let marker = Marker {
        template: template.to_owned(),
        entries: blocks.iter().map(entry).collect(),
    };
    format!("{}{marker}", text(blocks))
}

/// The draft in a file, as people left it, with what recon says now.
pub fn merged(file: &str, blocks: &[Block], template: &str) -> Result<String, Refusal> {
    let (marker, rest) = Marker::find(file).ok_or(Refusal::Foreign)?;
    if marker.template != template {
        return Err(Refusal::Template(marker.template));
    }
    let lines = Line::all(&rest);
    let keys = blocks.iter().enumerate();
    let places: BTreeMap<String, usize> = keys
        .flat_map(|(n, b)| [(digest(&b.key), n), (digest(&note_on(&b.key)), n)])
        .collect();
    let spoken = Spoken::tell(&lines, &marker.entries, &places, blocks);
    if !spoken.finds_its_place() {
        return Err(Refusal::Unlike);
    }
    let mut writer = Writer {
        out: String::new(),
        last: String::new(),
        entries: Vec::new(),
        lines: &lines,
        spoken: &spoken,
    };
    writer.write(blocks, &marker.entries);
    let marker = Marker {
        template: template.to_owned(),
        entries: writer.entries,
    };
    let out = writer.out;
    Ok(format!("{out}{marker}"))
}

/// What the note on a line that people have taken over is known by.
fn note_on(key: &str) -> String {
    format!("{key}!")
}

/// What a line said before, where it says something else now.
const WAS: &str = " *(updated";

struct Writer<'a> {
    out: String,
    /// The last line written.
    last: String,
    entries: Vec<Entry>,
    lines: &'a [Line<'a>],
    spoken: &'a Spoken,
}

impl Writer<'_> {
    fn write(&mut self, blocks: &[Block], before: &[Entry]) {
        let known: BTreeMap<&str, &Entry> = before.iter().map(|e| (e.key.as_str(), e)).collect();
        self.people(&self.spoken.at_top);
        for (n, block) in blocks.iter().enumerate() {
            let key = digest(&block.key);
            self.people(self.spoken.before.get(&n).map_or(&[], Vec::as_slice));
            match (self.spoken.kept.get(&key), known.get(key.as_str())) {
                (Some(line), Some(entry)) => self.follow(block, *line, entry),
                (None, Some(entry)) => self.leave(block, entry, &known),
                (_, None) => {
                    self.line(if block.gap { "\n" } else { "" }, &block.text);
                    self.entries
                        .push(Entry::own(&block.key, &block.text, &block.text));
                }
            }
            self.people(self.spoken.after.get(&n).map_or(&[], Vec::as_slice));
        }
    }

    /// A line and the empty ones before it, unless some stand there.
    fn line(&mut self, empty: &str, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push_str(empty);
        }
        self.out.push_str(text);
        self.out.push('\n');
        text.clone_into(&mut self.last);
    }

    /// Lines of people's, as they are, with the empty lines before them.
    fn people(&mut self, lines: &[usize]) {
        for line in lines.iter().filter_map(|n| self.lines.get(*n)) {
            self.line(line.empty, line.text);
        }
    }

    /// A line that people left as it was.
    fn follow(&mut self, block: &Block, line: usize, entry: &Entry) {
        let above = line.checked_sub(1).and_then(|above| self.lines.get(above));
        // Below the line that it stood below, what is between them is people's choice.
        let moved = above.is_none_or(|above| above.text != self.last);
        let Some(line) = self.lines.get(line) else {
            return;
        };
        let empty = match line.empty {
            "" if block.gap && moved => "\n",
            empty => empty,
        };
        let old = line.text.trim_end();
        let text = if entry.fact == digest(&block.text) {
            old.to_owned()
        } else {
            updated(block, old)
        };
        self.line(empty, &text);
        self.entries
            .push(Entry::own(&block.key, &text, &block.text));
    }

    /// A line that people have changed or taken out: it stays as they will have it. If what it
    /// told has changed since, that is said below theirs, until they take that out in turn.
    fn leave(&mut self, block: &Block, entry: &Entry, known: &BTreeMap<&str, &Entry>) {
        let note_key = note_on(&block.key);
        let noted = known.get(digest(&note_key).as_str());
        let seen = noted.is_some_and(|e| !self.spoken.kept.contains_key(&e.key));
        let fact = digest(&block.text);
        if !block.fact || seen || entry.fact == fact {
            let told = if seen { fact } else { entry.fact.clone() };
            self.entries.push(Entry::left(&block.key, told));
            return;
        }
        self.entries
            .push(Entry::left(&block.key, entry.fact.clone()));
        let note = format!("- *(recon, from newer evidence:)* {}", bare(&block.text));
        self.line("", &note);
        self.entries.push(Entry::own(&note_key, &note, &note));
    }
}

/// A line without the mark of a list.
fn bare(text: &str) -> &str {
    let text = text.trim_start();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.strip_prefix("- ")
        .or_else(|| {
            digits
                .strip_prefix(". ")
                .filter(|_| digits.len() < text.len())
        })
        .unwrap_or(text)
}

/// The line as it is now, with what it was where more than its citations changed.
fn updated(block: &Block, old: &str) -> String {
    let old = old.split(WAS).next().unwrap_or(old);
    let (was, is) = (statement(old), statement(&block.text));
    if !block.fact || was == is {
        return block.text.clone();
    }
    let was = difference(was, is);
    let text = &block.text;
    if was.is_empty() || was.chars().count() > 80 {
        format!("{text}{WAS})*")
    } else {
        format!("{text}{WAS}: was {was})*")
    }
}

/// A line without its citations, and without the grade before them.
fn statement(line: &str) -> &str {
    let line = line.trim_end();
    let line = match (line.ends_with(']'), line.rfind(" [")) {
        (true, Some(at)) => line.get(..at).unwrap_or(line),
        _ => line,
    };
    line.trim_end_matches(" *(inferred)*")
        .trim_end_matches(" *(claimed)*")
}

/// The words of the one that the other does not begin or end with.
fn difference(was: &str, is: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (was.split(' ').collect(), is.split(' ').collect());
    let same = |(x, y): &(&&str, &&str)| x == y;
    let head = a.iter().zip(&b).take_while(same).count();
    let tail = a
        .iter()
        .skip(head)
        .rev()
        .zip(b.iter().skip(head).rev())
        .take_while(same)
        .count();
    let own = a.len().saturating_sub(head + tail);
    let words: Vec<&str> = a.into_iter().skip(head).take(own).collect();
    words.join(" ").trim_end_matches([',', ';', '.']).to_owned()
}

#[cfg(test)]
mod tests;
