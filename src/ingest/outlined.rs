//! Where in a line what stands that differs between lines of one outline.

use super::Sighting;
use recon_parsers::glance::variable;
use std::borrow::Cow;
use std::ops::Range;

/// Digits that may be too many for a whole number.
const MANY: u16 = 18;

/// Bytes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    from: u16,
    to: u16,
}

impl Span {
    pub(crate) fn new(from: usize, to: usize) -> Option<Self> {
        Some(Self {
            from: u16::try_from(from).ok()?,
            to: u16::try_from(to).ok().filter(|_| from <= to)?,
        })
    }

    pub(crate) fn bytes(self, line: &[u8]) -> Option<&[u8]> {
        line.get(usize::from(self.from)..usize::from(self.to))
    }

    pub(crate) fn text(self, line: &[u8]) -> Option<&str> {
        std::str::from_utf8(self.bytes(line)?).ok()
    }

    /// Its bytes among those of the line.
    pub(crate) fn range(self) -> Range<usize> {
        self.from.into()..self.to.into()
    }

    const fn is_apart(self, other: Self) -> bool {
        self.to <= other.from || other.to <= self.from
    }

    /// Whether a place is within it or apart: a text that begins or ends within a run of digits was cut by
    /// counting them.
    const fn holds(self, place: Self) -> bool {
        self.is_apart(place) || self.from <= place.from && place.to <= self.to
    }

    /// From the beginning of this to the end of a later one.
    pub(crate) fn up_to(self, later: Self) -> Option<Self> {
        (self.to <= later.from).then_some(Self {
            from: self.from,
            to: later.to,
        })
    }

    /// What stands in a line between two parts of this.
    pub(crate) fn between(self, a: Self, b: Self, line: &[u8]) -> Option<&[u8]> {
        let inner = Self::new(a.to.into(), b.from.into())?;
        (self.from <= inner.from && inner.to <= self.to).then(|| inner.bytes(line))?
    }
}

/// A line, and where others of its outline may differ.
pub(crate) struct Line<'l> {
    text: &'l [u8],
    places: Vec<Span>,
}

impl<'l> Line<'l> {
    pub(crate) fn of(seen: &Sighting<'l>) -> Option<Self> {
        seen.glance.outline?;
        // Characters by their numbers: lines of one outline have others in their place.
        if memchr::memmem::find(seen.text, b"\\u").is_some() {
            return None;
        }
        let places = variable(seen.text).into_iter();
        let places = places.map(|r| Span::new(r.start, r.end));
        Some(Self {
            text: seen.text,
            places: places.collect::<Option<_>>()?,
        })
    }

    /// A line of which nothing is known.
    pub(crate) const fn bare(text: &'l [u8]) -> Self {
        Self {
            text,
            places: Vec::new(),
        }
    }

    pub(crate) const fn text(&self) -> &'l [u8] {
        self.text
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = Span> {
        self.places.iter().copied()
    }

    /// Where in the line a text is borrowed from.
    pub(crate) fn span(&self, text: &str) -> Option<Span> {
        let from = (text.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let to = from.checked_add(text.len())?;
        (to <= self.text.len()).then(|| Span::new(from, to))?
    }

    /// Where in all lines of the outline the same is said as this text says in this one, digits and ids aside;
    /// `None` where digits may matter.
    #[allow(clippy::ptr_arg)] // whether it is borrowed is what matters
    pub(crate) fn stands(&self, text: &Cow<'_, str>) -> Option<Span> {
        let Cow::Borrowed(text) = text else {
            return None;
        };
        let span = self.span(text)?;
        self.places.iter().all(|p| span.holds(*p)).then_some(span)
    }

    /// Whether other lines may have something else there.
    pub(crate) fn differs(&self, span: Span) -> bool {
        !self.places.iter().all(|place| place.is_apart(span))
    }

    /// What all lines of the outline have in common there: digits are `0`, ids are `a`.
    pub(crate) fn outline(&self, span: Span) -> String {
        let mut masked = self.text.to_vec();
        for place in &self.places {
            let bytes = masked.get_mut(usize::from(place.from)..usize::from(place.to));
            let bytes = bytes.unwrap_or_default();
            let blank = if bytes.iter().all(u8::is_ascii_digit) {
                b'0'
            } else {
                b'a'
            };
            bytes.fill(blank);
        }
        span.text(&masked).unwrap_or_default().to_owned()
    }

    /// A text with a mark in the place of what differs; `None` of a text that was made from nobody
    /// knows what.
    #[allow(clippy::ptr_arg)] // whether it is borrowed is what matters
    pub(crate) fn marked(
        &self,
        text: &Cow<'_, str>,
        mark: impl Fn(usize) -> String,
    ) -> Option<String> {
        let Cow::Borrowed(text) = text else {
            return None;
        };
        let Some(span) = self.span(text).filter(|_| !text.is_empty()) else {
            // The grammar's own word.
            return Some((*text).to_owned());
        };
        let mut marked = String::new();
        let mut done = span.from;
        for (n, place) in self.places.iter().enumerate() {
            if place.is_apart(span) {
                continue;
            }
            // What has very many digits is a number only if it is not too large for one.
            let counted = *place == span && place.to - place.from >= MANY;
            if counted || !span.holds(*place) {
                return None;
            }
            marked.push_str(Span::new(done.into(), place.from.into())?.text(self.text)?);
            marked.push_str(&mark(n));
            done = place.to;
        }
        marked.push_str(Span::new(done.into(), span.to.into())?.text(self.text)?);
        Some(marked)
    }
}
