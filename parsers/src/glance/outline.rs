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

use super::mask::outline;
use super::recipe::{Notes, Recipe, Span};
use super::{Glance, Recall};

/// Longer lines are looked at one by one.
const LONGEST: usize = 512;
/// Outlines that are remembered, as a power of two.
const PLACES: u32 = 11;
/// Lines after which it is judged whether remembering outlines pays.
const TRIAL: u32 = 512;
/// Lines that are then left alone if it does not.
const REST: u32 = 8192;

/// An outline that a glance was had of, for who remembers something of it: of lines with
/// the same one, of the same [`Recall`], the messages have one outline too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its place: below [`Outline::PLACES`].
    pub place: u16,
    /// Tells it from others that had the place before.
    pub version: u32,
    /// Where in the entry the line begins of which it is the outline: behind what a container
    /// runtime wrote.
    pub from: u16,
}

impl Outline {
    /// How many places there are.
    pub const PLACES: usize = 1 << PLACES;
}

#[derive(Clone, Debug)]
struct Known {
    outline: Outline,
    look: usize,
    line: Vec<u8>,
    pinned: Option<(Span, Vec<u8>)>,
    recipe: Recipe,
}

/// The outlines met lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlines {
    known: Vec<Option<Box<Known>>>,
    /// The outline of the line at hand.
    outline: Vec<u8>,
    place: usize,
    version: u32,
    /// Lines that were tried, and those of them whose outline was known.
    tried: u32,
    met: u32,
    /// Lines that are left alone from now on.
    rest: u32,
}

impl Outlines {
    /// Whether the outline of a line is worth finding out.
    fn tries(&mut self, line: &[u8]) -> bool {
        if line.len() > LONGEST {
            return false;
        }
        if self.rest > 0 {
            self.rest -= 1;
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

    fn find(&mut self, look: usize, line: &[u8]) -> Option<&Known> {
        self.find_place(line);
        let known = self.known.get(self.place)?.as_deref()?;
        let same = known.look == look && known.line == self.outline;
        let pinned = |(span, bytes): &(Span, Vec<u8>)| span.bytes(line) == Some(bytes);
        (same && known.pinned.as_ref().is_none_or(pinned)).then_some(known)
    }

    /// Finds out the outline of a line and where it is kept.
    fn find_place(&mut self, line: &[u8]) {
        let hash = outline(line, &mut self.outline);
        #[allow(clippy::cast_possible_truncation)]
        let place = (hash >> (u64::BITS - PLACES)) as usize;
        self.place = place;
    }

    /// Keeps the outline of the line at hand.
    fn keep(&mut self, look: usize, pinned: Option<(Span, Vec<u8>)>, recipe: Recipe) -> Outline {
        if self.known.is_empty() {
            self.known.resize_with(Outline::PLACES, || None);
        }
        self.version = self.version.wrapping_add(1);
        let outline = Outline {
            place: u16::try_from(self.place).unwrap_or_default(),
            version: self.version,
            from: 0,
        };
        if let Some(known) = self.known.get_mut(self.place) {
            *known = Some(Box::new(Known {
                outline,
                look,
                line: self.outline.clone(),
                pinned,
                recipe,
            }));
        }
        outline
    }
}

impl Recall {
    /// Glances at a line by `look`, the `place`-th of those that this reader has, or by what is
    /// remembered of a line like it.
    #[inline]
    pub(super) fn glance<'a>(
        &mut self,
        place: usize,
        line: &'a [u8],
        look: impl FnOnce(&mut Self) -> Option<Glance<'a>>,
    ) -> Option<Glance<'a>> {
        if !self.outlines.tries(line) {
            return look(self);
        }
        if let Some(known) = self.outlines.find(place, line)
            && let Some(mut glance) = known.recipe.glance(line, &mut self.stamp)
        {
            glance.outline = Some(known.outline);
            self.outlines.met += 1;
            return Some(glance);
        }
        self.notes = Notes::default();
        self.names.listen();
        self.stamp.listen();
        let mut glance = look(self)?;
        glance.outline = self.learn(place, line, &glance);
        Some(glance)
    }

    /// Remembers a line whose outline was just found out.
    fn learn(&mut self, look: usize, line: &[u8], glance: &Glance<'_>) -> Option<Outline> {
        let recipe = Recipe::of(glance, line, self)?;
        if names_level(&self.outlines.outline) || self.names.numbered() {
            return None;
        }
        let pinned = match self.notes.pinned {
            Some(place) => {
                let span = place.within(line)?;
                Some((span, span.bytes(line)?.to_vec()))
            }
            None => None,
        };
        Some(self.outlines.keep(look, pinned, recipe))
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
