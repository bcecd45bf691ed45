//! Stage 2: signatures that differ in one word, where that word turns out to vary, become
//! one template.
//!
//! What comes out depends on the set of signatures alone, never on their order or on how
//! often each was seen, so parts of the input can be surveyed anywhere.

use super::hash::{fold, mix, of_parts};
use super::lexeme::{Code, Lexeme, push};
use super::word;
use std::collections::HashSet;

/// Distinct words at one place that make it a hole …
const VARIETY: usize = 5;
/// … if they all look like identifiers …
const VARIETY_OF_IDENTIFIERS: usize = 3;
/// … and at the beginning, where messages name what they are about.
const VARIETY_AT_HEAD: usize = 16;

/// Holes found make others visible; four rounds reach the end in practice.
const ROUNDS: usize = 4;

/// A template as it is being merged: its parts, and the message that they are read from.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    pub(super) text: &'a str,
    pub(super) parts: Vec<Lexeme>,
}

/// Makes holes of the words that vary between shapes that are otherwise alike.
pub(super) fn merge(shapes: &mut [Shape<'_>]) {
    shed_calls(shapes);
    for _ in 0..ROUNDS {
        let marked = varying(shapes);
        if marked.is_empty() {
            break;
        }
        for place in marked {
            if let Some(part) = part_mut(shapes, place) {
                part.code = Code::HOLE;
            }
        }
    }
    for shape in shapes {
        let parts = std::mem::take(&mut shape.parts);
        for part in parts {
            push(&mut shape.parts, part);
        }
    }
}

/// Where a value is written like a call, `clock LOCAL(0)`, and others have it plain, `clock
/// 10.1.1.1`, it is a value as a whole.
fn shed_calls(shapes: &mut [Shape<'_>]) {
    let id = |parts: &[Lexeme]| of_parts(parts.iter().map(|p| p.code.bits()));
    let known: HashSet<u64> = shapes.iter().map(|s| id(&s.parts)).collect();
    for shape in shapes {
        let calls = shape.parts.windows(2).enumerate().filter(|(_, pair)| {
            matches!(pair, [word, value] if word.code.is_word()
                && value.code == Code::HOLE
                && word.end == value.start
                && shape.text.as_bytes().get(value.start as usize) == Some(&b'('))
        });
        let plain = calls.map(|(at, _)| {
            let mut parts = shape.parts.clone();
            let word = parts.remove(at);
            if let Some(value) = parts.get_mut(at) {
                value.start = word.start;
            }
            parts
        });
        if let Some(plain) = plain.into_iter().find(|parts| known.contains(&id(parts))) {
            shape.parts = plain;
        }
    }
}

/// A word of a shape, under the hash of all that stands around it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    around: u64,
    shape: u32,
    column: u32,
}

fn part<'s>(shapes: &'s [Shape<'_>], place: Place) -> Option<&'s Lexeme> {
    shapes
        .get(place.shape as usize)?
        .parts
        .get(place.column as usize)
}

fn part_mut<'s>(shapes: &'s mut [Shape<'_>], place: Place) -> Option<&'s mut Lexeme> {
    shapes
        .get_mut(place.shape as usize)?
        .parts
        .get_mut(place.column as usize)
}

fn varying(shapes: &[Shape<'_>]) -> Vec<Place> {
    let mut places = Vec::new();
    for (shape, index) in shapes.iter().zip(0..) {
        places_of(shape, index, &mut places);
    }
    places.sort_unstable();
    places
        .chunk_by(|a, b| a.around == b.around)
        .filter(|alike| alike.len() > 1)
        .flat_map(|alike| holes_among(shapes, alike))
        .collect()
}

/// The places of a shape that could vary. At least one word must be left to tell what is said.
fn places_of(shape: &Shape<'_>, index: u32, places: &mut Vec<Place>) {
    let parts = &shape.parts;
    if parts.iter().filter(|p| p.code.is_word()).count() < 2 {
        return;
    }
    let at = |code: Code, column: u64| mix(fold(column, code.bits()));
    let whole = parts
        .iter()
        .zip(0..)
        .fold(0_u64, |sum, (p, n)| sum.wrapping_add(at(p.code, n)));
    for (part, column) in parts.iter().zip(0_u32..) {
        if part.code.is_word() || part.code == Code::HOLE {
            let rest = whole.wrapping_sub(at(part.code, column.into()));
            places.push(Place {
                around: fold(fold(rest, column.into()), parts.len() as u64),
                shape: index,
                column,
            });
        }
    }
}

/// Of places with the same surroundings, those whose words vary.
fn holes_among<'p>(shapes: &[Shape<'_>], alike: &'p [Place]) -> Vec<Place> {
    let code = |place: &Place| part(shapes, *place).map(|p| p.code);
    let is_word = |place: &&'p Place| code(place).is_some_and(Code::is_word);
    let mut words: Vec<&Place> = alike.iter().filter(is_word).collect();
    let all = words.clone();
    let beside_a_hole = all.len() < alike.len();
    words.sort_by_key(|place| code(place));
    words.dedup_by_key(|place| code(place));
    let at_head = alike.first().is_some_and(|place| place.column == 0);
    let varies = if at_head {
        words.len() >= VARIETY_AT_HEAD
    } else {
        beside_a_hole
            || words.len() >= VARIETY
            || words.len() >= VARIETY_OF_IDENTIFIERS
                && words.iter().all(|place| is_identifier(shapes, **place))
    };
    if varies {
        all.into_iter().copied().collect()
    } else {
        Vec::new()
    }
}

fn is_identifier(shapes: &[Shape<'_>], place: Place) -> bool {
    let text = shapes.get(place.shape as usize).map_or("", |s| s.text);
    part(shapes, place)
        .and_then(|p| text.get(p.start as usize..p.end as usize))
        .is_some_and(word::is_identifier)
}
