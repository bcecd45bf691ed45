//! Where in a line what stands that differs between lines of one outline.

use crate::ingest::{FilePlan, Sighting};
use recon_parsers::glance::{Spelt, variable};
use recon_parsers::{Record, Value};
use std::borrow::Cow;

/// Digits of a number that might be more than a number: those of a card.
const DIGITS: usize = 13;

/// Digits that may be too many for a whole number.
const MANY: u16 = 18;

/// Bytes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: u16,
    to: u16,
}

impl Span {
    fn new(from: usize, to: usize) -> Option<Self> {
        Some(Self {
            from: u16::try_from(from).ok()?,
            to: u16::try_from(to).ok().filter(|_| from <= to)?,
        })
    }

    pub(super) fn bytes(self, line: &[u8]) -> Option<&[u8]> {
        line.get(usize::from(self.from)..usize::from(self.to))
    }

    pub(super) fn text(self, line: &[u8]) -> Option<&str> {
        std::str::from_utf8(self.bytes(line)?).ok()
    }

    /// From the beginning of this to the end of a later one.
    pub(super) fn up_to(self, later: Self) -> Option<Self> {
        (self.to <= later.from).then_some(Self {
            from: self.from,
            to: later.to,
        })
    }

    /// What stands in a line between two parts of this.
    pub(super) fn between(self, a: Self, b: Self, line: &[u8]) -> Option<&[u8]> {
        let inner = Self::new(a.to.into(), b.from.into())?;
        (self.from <= inner.from && inner.to <= self.to).then(|| inner.bytes(line))?
    }
}

/// A number that is read from a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    span: Span,
    spelt: Spelt,
}

impl Number {
    pub(super) fn read(self, line: &[u8]) -> Option<Value<'static>> {
        self.spelt.read(self.span.text(line)?)
    }
}

/// A line, and where others of its outline may differ.
pub(super) struct Line<'l> {
    text: &'l [u8],
    places: Vec<Span>,
}

impl<'l> Line<'l> {
    pub(super) fn of(seen: &Sighting<'l>) -> Option<Self> {
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

    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        self.places.iter().copied()
    }

    /// Where in the line a text is borrowed from.
    pub(super) fn span(&self, text: &str) -> Option<Span> {
        let from = (text.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let to = from.checked_add(text.len())?;
        (to <= self.text.len()).then(|| Span::new(from, to))?
    }

    /// Whether other lines may have something else there.
    pub(super) fn differs(&self, span: Span) -> bool {
        let apart = |p: &Span| p.to <= span.from || span.to <= p.from;
        !self.places.iter().all(apart)
    }

    /// What all lines of the outline have in common there: digits are `0`, ids are `a`.
    pub(super) fn outline(&self, span: Span) -> String {
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
    pub(super) fn marked(
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
            if place.to <= span.from || span.to <= place.from {
                continue;
            }
            // A value that begins or ends within a run of digits was cut by counting them, and one
            // of very many digits is a number only if it is not too large for one.
            let counted = place.from < span.from || span.to < place.to;
            if counted || *place == span && place.to - place.from >= MANY {
                return None;
            }
            marked.push_str(Span::new(done.into(), place.from.into())?.text(self.text)?);
            marked.push_str(&mark(n));
            done = place.to;
        }
        marked.push_str(Span::new(done.into(), span.to.into())?.text(self.text)?);
        Some(marked)
    }

    /// Where a number was read from and how, as far as an experiment can tell: `read` is asked about
    /// the line with other digits there, and gives the number that the grammar then reads.
    pub(super) fn number(
        &self,
        value: &Value<'_>,
        read: &dyn Fn(&[u8]) -> Option<Value<'static>>,
    ) -> Option<Number> {
        let candidates = self.places.iter().flat_map(|place| self.extents(*place));
        let ways = candidates.flat_map(|span| Spelt::ALL.map(|spelt| Number { span, spelt }));
        let mut fitting = ways.filter(|number| number.read(self.text).as_ref() == Some(value));
        fitting.find(|number| {
            let confirms = |digit: fn(u8) -> u8| {
                let mut other = self.text.to_vec();
                let span = usize::from(number.span.from)..usize::from(number.span.to);
                let digits = other.get_mut(span).into_iter().flatten();
                for byte in digits.filter(|b| b.is_ascii_digit()) {
                    *byte = digit(*byte);
                }
                let said = read(&other);
                said.is_some() && said == number.read(&other)
            };
            confirms(|d| (d - b'0') % 9 + b'1') && confirms(|d| (d - b'0' + 4) % 9 + b'1')
        })
    }

    /// The numbers that may begin at a place: digits and dots, and these with the unit behind them.
    fn extents(&self, place: Span) -> impl Iterator<Item = Span> {
        let from = usize::from(place.from);
        let before = from.checked_sub(1).and_then(|at| self.text.get(at));
        let begins = !before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        let rest = self.text.get(from..).unwrap_or_default();
        let len = |part: fn(&u8) -> bool| rest.iter().take_while(|b| part(b)).count();
        let bare = len(|b| b.is_ascii_digit() || *b == b'.');
        let unit = len(|b| b.is_ascii_alphanumeric() || *b == b'.');
        let mut lens = vec![bare, unit];
        lens.dedup();
        let fits = move |len: &usize| begins && (1..=DIGITS).contains(len);
        let spans = lens.into_iter().filter(fits);
        spans.filter_map(move |len| Span::new(from, from + len))
    }

    /// What the grammar reads as the `n`-th field of a line of this outline, if it reads everything but
    /// that number as it does in this one's `record`.
    pub(super) fn reads_as(
        &self,
        text: &[u8],
        format: usize,
        record: &Record<'_>,
        plan: &FilePlan,
        n: usize,
    ) -> Option<Value<'static>> {
        let mut records = Vec::new();
        plan.detected.read_as(format, text, &mut records)?;
        let [other] = records.as_slice() else {
            return None;
        };
        let there = Line {
            text,
            places: Vec::new(),
        };
        let alike = |a: &str, b: &str| match (self.span(a), there.span(b)) {
            (None, None) => a == b,
            (a, b) => a == b,
        };
        let both = |a: &Option<Cow<'_, str>>, b: &Option<Cow<'_, str>>| match (a, b) {
            (Some(a), Some(b)) => alike(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let same = (record.at, record.level, record.kind) == (other.at, other.level, other.kind)
            && alike(&record.message, &other.message)
            && both(&record.service, &other.service)
            && both(&record.host, &other.host)
            && record.actor.is_some() == other.actor.is_some()
            && record.fields.len() == other.fields.len();
        let pairs = record.fields.iter().zip(other.fields.iter());
        let fields = pairs.enumerate().all(|(at, ((a, x), (b, y)))| {
            a == b
                && match (x, y) {
                    (Value::Text(x), Value::Text(y)) => alike(x, y),
                    _ => at == n || x == y,
                }
        });
        match other.fields.iter().nth(n).filter(|_| same && fields)?.1 {
            Value::Int(whole) => Some(Value::Int(*whole)),
            Value::Float(float) => Some(Value::Float(*float)),
            Value::Text(_) | Value::Time(_) => None,
        }
    }
}
