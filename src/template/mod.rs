//! Message templates: what stays the same when a program logs the same thing again.
//!
//! In two stages. A message falls into words, marks and holes, values being holes; the hash
//! of that is its [`Signature`], a pure function of one message. Over a set of signatures,
//! [`settle`] then finds the words that vary too, and gives each signature its
//! [`Template`], a pure function of the set. Neither depends on the order of the input.

mod hash;
mod lexeme;
mod merge;
mod place;
mod word;

pub use hash::hash;
pub use lexeme::Lexemes;
pub use place::place;

use lexeme::{Code, Lexeme};
use merge::Shape;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// The hash of a message's words, marks and holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub u64);

/// A template: its id, the same wherever the same template comes out, and its text for
/// people, in which holes are written `<*>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The hash of its parts.
    pub id: u64,
    /// A message of it with the values blanked out.
    pub text: String,
}

/// The templates of many messages, for naming the template of each.
#[derive(Clone, Debug, Default)]
pub struct Settled(HashMap<Signature, u64>);

impl Settled {
    /// Settles one message of each signature.
    #[must_use]
    pub fn of(messages: &BTreeMap<Signature, &str>) -> Self {
        let texts: Vec<&str> = messages.values().copied().collect();
        let ids = settle(&texts).into_iter().map(|template| template.id);
        Self(messages.keys().copied().zip(ids).collect())
    }

    /// The id of a message's template; of a message that was not among those settled, its own
    /// signature.
    #[must_use]
    pub fn id(&self, message: &str) -> u64 {
        let signature = signature(message);
        self.0.get(&signature).copied().unwrap_or(signature.0)
    }
}

/// What of a message its template is made of: as much as must be kept to [`settle`] it.
#[must_use]
pub fn head(message: &str) -> &str {
    let line = message.lines().next().unwrap_or_default();
    line.get(..line.floor_char_boundary(lexeme::LOOKED_AT))
        .unwrap_or(line)
}

/// The signature of a message.
#[must_use]
pub fn signature(message: &str) -> Signature {
    thread_local!(static PARTS: RefCell<Lexemes> = RefCell::default());
    PARTS.with_borrow_mut(|parts| {
        parts.read(message);
        Signature(parts.fingerprint())
    })
}

/// The templates of messages, one of each signature; in their order.
#[must_use]
pub fn settle(messages: &[&str]) -> Vec<Template> {
    let mut lexemes = Lexemes::default();
    let mut shapes: Vec<Shape<'_>> = messages
        .iter()
        .map(|text| {
            lexemes.read(text);
            Shape {
                text,
                parts: lexemes.parts().to_vec(),
            }
        })
        .collect();
    merge::merge(&mut shapes);
    shapes
        .iter()
        .map(|shape| Template {
            id: hash::of_parts(shape.parts.iter().map(|p| p.code.bits())),
            text: rendered(shape.text, &shape.parts),
        })
        .collect()
}

/// The template of a message for people, as far as one message can tell.
#[must_use]
pub fn render(message: &str) -> String {
    let mut lexemes = Lexemes::default();
    lexemes.read(message);
    rendered(head(message), lexemes.parts())
}

fn rendered(message: &str, parts: &[Lexeme]) -> String {
    let mut text = String::new();
    let mut copied = 0;
    for part in parts {
        if part.code != Code::HOLE {
            continue;
        }
        let (start, end) = (part.start as usize, part.end as usize);
        text.push_str(message.get(copied..start).unwrap_or_default());
        let hole = message.get(start..end).unwrap_or_default();
        let (opening, closing) = brackets(hole);
        let _ = write!(text, "{opening}<*>{closing}");
        copied = end;
    }
    text.push_str(message.get(copied..).unwrap_or_default());
    text.trim().to_owned()
}

/// The brackets that a hole took in: people miss them.
fn brackets(hole: &str) -> (&str, &str) {
    let pairs = [("(", ")"), ("[", "]"), ("{", "}")];
    let around = |(a, b): &(&str, &str)| hole.starts_with(a) && hole.ends_with(b);
    pairs.into_iter().find(around).unwrap_or_default()
}

#[cfg(test)]
mod tests;
