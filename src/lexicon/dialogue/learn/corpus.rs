//! The conversations that teach, read.

use super::super::{Turn, fold, hear_all, odds::LEARNED, phrases, signs};
use crate::lexicon::Names;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

/// All messages of all conversations.
pub(super) struct Corpus {
    pub(super) messages: Vec<Message>,
    /// What was said, as long as the messages.
    pub(super) turns: Vec<Said>,
}

/// A message: what is there of it, and what it does.
pub(super) struct Message {
    /// The number of its conversation.
    pub(super) talk: usize,
    pub(super) signs: [f32; signs::SIGNS],
    pub(super) phrases: BTreeSet<String>,
    tags: String,
    /// What is said again word for word teaches once.
    pub(super) teaches: bool,
    /// Which acts somebody tagged in its file: a file without any tells nothing of them.
    tagged: [bool; LEARNED.len()],
    /// Its file has sentences in no order, which say nothing of how one follows another.
    pub(super) loose: bool,
}

fn is_tagged(line: &str, tag: &str) -> bool {
    let tags = line.split('\t').nth(2).unwrap_or_default();
    tags.split(' ').any(|t| t == tag)
}

/// What was said, by whom and when.
pub(super) struct Said {
    second: i64,
    who: String,
    text: String,
}

/// A line of a conversation.
#[derive(Clone, Copy)]
struct Row<'t> {
    second: i64,
    who: &'t str,
    tags: &'t str,
    text: &'t str,
}

fn rows(talk: &str) -> Vec<Row<'_>> {
    let lines = talk
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    let row = |line| {
        let mut cells = str::split(line, '\t');
        let mut next = || cells.next().expect("four columns");
        Row {
            second: next().parse().expect("seconds"),
            who: next(),
            tags: next(),
            text: next(),
        }
    };
    lines.map(row).collect()
}

/// Messages (five) of a quiet room that are put before a conversation.
const QUIET: usize = 5;
/// Seconds (three minutes) before it.
const PAUSE: i64 = 180;

/// How each conversation begins in which nothing happens; files of sentences have none.
fn quiet(text: &str) -> impl Iterator<Item = Vec<Row<'_>>> {
    let talks = text.split("\n\n").map(rows);
    let dull = |rows: &Vec<Row<'_>>| rows.len() > QUIET && rows.iter().all(|r| r.tags.is_empty());
    talks.filter(dull).map(|rows| rows[..QUIET].to_vec())
}

/// Who writes a conversation begins with the trouble; in a room it comes in the midst of other things, and that
/// somebody speaks first of all is no sign of it.
fn in_room<'t>(rows: &mut Vec<Row<'t>>, room: &[Row<'t>]) {
    let (Some(first), Some(last)) = (rows.first(), room.last()) else {
        return;
    };
    if first.tags.split(' ').any(|t| t == "see") {
        let shift = first.second - PAUSE - last.second;
        let before = room.iter().map(|r| Row {
            second: r.second + shift,
            ..*r
        });
        *rows = before.chain(rows.iter().copied()).collect();
    }
}

impl Message {
    pub(super) fn is(&self, tag: &str) -> bool {
        self.tags.split(' ').any(|t| t == tag)
    }

    /// Whether it teaches of an act.
    pub(super) fn teaches_of(&self, tag: &str) -> bool {
        let tagged = LEARNED.iter().zip(self.tagged);
        self.teaches && tagged.into_iter().any(|(t, is)| *t == tag && is)
    }
}

impl Said {
    pub(super) fn turn(&self) -> Turn<'_> {
        Turn {
            second: self.second,
            who: Some(&self.who),
            text: &self.text,
            quotes: None,
        }
    }
}

impl Corpus {
    /// Reads the files in `samples/conversations`.
    pub(super) fn read() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/conversations");
        let files = std::fs::read_dir(folder).expect("conversations");
        let mut paths: Vec<_> = files.map(|f| f.expect("a file").path()).collect();
        paths.sort();
        Self::of(paths)
    }

    /// Reads some files.
    pub(super) fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let (mut corpus, mut known, mut number) = (
            Self {
                messages: Vec::new(),
                turns: Vec::new(),
            },
            BTreeSet::new(),
            0,
        );
        let texts = paths.into_iter().map(std::fs::read_to_string);
        let texts: Vec<String> = texts.map(|t| t.expect("conversations")).collect();
        let rooms: Vec<Vec<Row<'_>>> = texts.iter().flat_map(|t| quiet(t)).collect();
        for text in &texts {
            let tagged = LEARNED.map(|tag| text.lines().any(|l| is_tagged(l, tag)));
            let loose = text.starts_with("# sentences");
            for talk in text.split("\n\n") {
                let from = corpus.messages.len();
                let mut rows = rows(talk);
                if let (false, Some(room)) = (loose, rooms.get(number % rooms.len().max(1))) {
                    in_room(&mut rows, room);
                }
                corpus.add(&rows, number, &mut known);
                for message in &mut corpus.messages[from..] {
                    (message.tagged, message.loose) = (tagged, loose);
                }
                number += 1;
            }
        }
        corpus
    }

    fn add(&mut self, rows: &[Row<'_>], number: usize, known: &mut BTreeSet<(String, String)>) {
        let said = |row: &Row<'_>| Said {
            second: row.second,
            who: row.who.to_owned(),
            text: row.text.to_owned(),
        };
        let said: Vec<Said> = rows.iter().map(said).collect();
        let turns: Vec<Turn<'_>> = said.iter().map(Said::turn).collect();
        let folded: Vec<String> = turns.iter().map(|t| fold::fold(t.text)).collect();
        let heard = hear_all(&turns, &Names::default());
        let signs = signs::of(&turns, &folded, &heard);
        for ((row, signs), folded) in rows.iter().zip(signs).zip(&folded) {
            self.messages.push(Message {
                talk: number,
                signs,
                phrases: phrases::of(folded),
                tags: row.tags.to_owned(),
                teaches: known.insert((row.tags.to_owned(), folded.clone())),
                tagged: [false; LEARNED.len()],
                loose: false,
            });
        }
        self.turns.extend(said);
    }

    /// Where each conversation stands.
    pub(super) fn talks(&self) -> Vec<Range<usize>> {
        let mut talks = Vec::new();
        let mut start = 0;
        for talk in self.messages.chunk_by(|a, b| a.talk == b.talk) {
            talks.push(start..start + talk.len());
            start += talk.len();
        }
        talks
    }
}
