//! Lines that differ only in their numbers: the glance at the first of them tells where in the
//! others what stands.
//!
//! Programs write the same few sentences with other numbers in them. The outline of a line is the line with
//! every digit replaced by `0` and every hexadecimal id by a fixed one of the same length. In lines of
//! one outline everything stands in the same place, so a look remembers the places, and of the next such line
//! only what depends on the digits is read: the time, the status, the duration.
//!
//! What a look sees must not depend on digits in any other way. Where it does (a priority, a
//! level in figures), it tells [`Notes`] so, which either pins those bytes or keeps the line out.

use super::mask::{LONGEST, Mask};
use super::recipe::{Notes, Recipe, Span};
use super::shape::{Shape, key};
use super::{Glance, Recall};
use std::ops::Range;

/// Outlines that are remembered.
const PLACES: usize = 1 << 11;
/// Places that an outline may have.
const WAYS: usize = 4;
/// Lines after which it is judged whether remembering outlines pays.
const TRIAL: u32 = 512;
/// Lines that are then left alone if it does not.
const REST: u32 = 8192;

/// An outline that a glance was had of, for who remembers something [`ByOutline`](super::ByOutline): of lines with
/// the same one, of the same [`Recall`], the messages have one outline too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its place: below [`Outline::PLACES`].
    pub(super) place: u16,
    /// Tells it from others that had the place before.
    pub(super) version: u32,
}

impl Outline {
    /// How many places there are.
    pub(super) const PLACES: usize = PLACES;
}

/// A line, and the same as text where that is known to be valid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: Option<&'a str>,
}

#[derive(Clone, Debug)]
struct Known {
    outline: Outline,
    look: usize,
    shape: Shape,
    pinned: Option<(Span, Vec<u8>)>,
    recipe: Recipe,
}

/// The outlines met lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlines {
    known: Vec<Option<Box<Known>>>,
    /// Their keys, which are looked at first.
    keys: Vec<u64>,
    /// How often each was met, of late more than long ago.
    hits: Vec<u32>,
    /// The key of the line at hand.
    key: u64,
    version: u32,
    /// The line at hand was tried.
    trying: bool,
    /// Lines that were tried, and those of them whose outline was known.
    tried: u32,
    met: u32,
    /// Lines that are left alone from now on.
    rest: u32,
}

impl Outlines {
    /// Whether the outline of a line is worth finding out.
    #[inline]
    fn tries(&mut self, line: &[u8]) -> bool {
        self.trying = line.len() <= LONGEST && self.rest == 0;
        self.rest = self.rest.saturating_sub(1);
        if !self.trying {
            return false;
        }
        if self.tried == TRIAL {
            // A miss costs a fifth of what a hit spares.
            self.rest = if self.met * 4 < TRIAL { REST } else { 0 };
            (self.tried, self.met) = (0, 0);
        }
        self.tried += 1;
        true
    }

    /// What is known of lines like this one.
    #[inline]
    fn find(&mut self, line: &[u8]) -> Option<&Known> {
        self.key = key(line);
        let places = places(self.key);
        let first = places.start;
        let keys = self.keys.get(places)?;
        let ways = keys.iter().enumerate().filter(|(_, k)| **k == self.key);
        let known =
            |(way, _): (usize, &u64)| Some((first + way, self.known.get(first + way)?.as_deref()?));
        let (place, known) = ways.filter_map(known).find(|(_, known)| known.fits(line))?;
        if let Some(hits) = self.hits.get_mut(place) {
            *hits = hits.saturating_add(1);
        }
        Some(known)
    }

    /// The place for the outline of the line at hand: that of the one met least.
    fn room(&mut self) -> usize {
        if self.known.is_empty() {
            self.known.resize_with(PLACES, || None);
            self.keys.resize(PLACES, 0);
            self.hits.resize(PLACES, 0);
        }
        let places = places(self.key);
        let hits = self.hits.get_mut(places.clone()).unwrap_or_default();
        let least = (0..).zip(hits.iter()).min_by_key(|(_, hits)| **hits);
        let place = places.start + least.map_or(0, |(way, _)| way);
        for (way, hits) in (places.start..).zip(hits) {
            *hits = if way == place { 1 } else { *hits / 2 };
        }
        place
    }

    /// Keeps the outline of the line at hand.
    fn keep(
        &mut self,
        look: usize,
        shape: Shape,
        pinned: Option<(Span, Vec<u8>)>,
        recipe: Recipe,
    ) -> Outline {
        self.version = self.version.wrapping_add(1);
        let place = self.room();
        let outline = Outline {
            place: u16::try_from(place).unwrap_or_default(),
            version: self.version,
        };
        if let (Some(known), Some(key)) = (self.known.get_mut(place), self.keys.get_mut(place)) {
            *key = self.key;
            *known = Some(Box::new(Known {
                outline,
                look,
                shape,
                pinned,
                recipe,
            }));
        }
        outline
    }
}

/// Where an outline with this key may be.
fn places(key: u64) -> Range<usize> {
    #[allow(clippy::cast_possible_truncation)]
    let first = (key as usize % (PLACES / WAYS)) * WAYS;
    first..first + WAYS
}

impl Known {
    /// Whether it tells of this line.
    #[inline]
    fn fits(&self, line: &[u8]) -> bool {
        let pinned = |(span, bytes): &(Span, Vec<u8>)| span.bytes(line) == Some(bytes);
        self.pinned.as_ref().is_none_or(pinned) && self.shape.fits(line)
    }
}

impl Recall {
    /// Glances at a line by what is remembered of a line like it. Gives the place of its look among those that this
    /// reader has; `None` is "not sure", whatever was put into `glance` until then.
    #[inline]
    pub(super) fn glance_again<'a>(
        &mut self,
        line: Line<'a>,
        glance: &mut Glance<'a>,
    ) -> Option<usize> {
        let Line { bytes: line, text } = line;
        if !self.outlines.tries(line) {
            return None;
        }
        let known = self.outlines.find(line)?;
        let text = text.or_else(|| std::str::from_utf8(line).ok())?;
        let memos = [&mut self.stamp, &mut self.outer];
        known.recipe.glance(text, memos, glance)?;
        glance.outline = Some(known.outline);
        let look = known.look;
        self.outlines.met += 1;
        Some(look)
    }

    /// Glances at a line by `look`, the `place`-th of those that this reader has, and remembers it if
    /// it was just tried in vain whether a line like it is.
    pub(super) fn glance<'a>(
        &mut self,
        place: usize,
        line: &'a [u8],
        look: impl FnOnce(&mut Self) -> Option<Glance<'a>>,
    ) -> Option<Glance<'a>> {
        if !self.outlines.trying {
            return look(self);
        }
        self.notes = Notes::default();
        self.names.listen();
        self.stamp.listen();
        self.outer.listen();
        let mut glance = look(self)?;
        glance.outline = self.learn(place, line, &glance);
        Some(glance)
    }

    /// Remembers a line whose outline was just found out.
    fn learn(&mut self, look: usize, line: &[u8], glance: &Glance<'_>) -> Option<Outline> {
        let recipe = Recipe::of(glance, line, self)?;
        let shape = Shape::of(Mask::of(line));
        if names_level(shape.outline()) || self.names.numbered() {
            return None;
        }
        let pinned = match self.notes.pinned {
            Some(place) => {
                let span = place.within(line)?;
                Some((span, span.bytes(line)?.to_vec()))
            }
            None => None,
        };
        Some(self.outlines.keep(look, shape, pinned, recipe))
    }
}

/// Whether digits may tell a level: `debug3`, `%LINK-3-UPDOWN`.
fn names_level(outline: &[u8]) -> bool {
    let after = |w: &[u8], n: usize| w.get(n).is_some_and(u8::is_ascii_uppercase);
    memchr::memchr_iter(b'%', outline).any(|n| after(outline, n + 1))
        || outline.windows(6).any(|w| {
            w.ends_with(b"0") && w.get(..5).is_some_and(|w| w.eq_ignore_ascii_case(b"debug"))
        })
}
