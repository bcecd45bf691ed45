//! Numbers in lines of one outline: where they stand and how they are read.

use crate::ingest::{FilePlan, Line, Span};
use recon_parsers::glance::Spelt;
use recon_parsers::{Record, Value};
use std::borrow::Cow;

/// Digits of a number that might be more than a number: those of a card.
const DIGITS: usize = 13;

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

impl Line<'_> {
    /// Where a number was read from and how, as far as an experiment can tell: `read` is asked about
    /// the line with other digits there, and gives the number that the grammar then reads.
    pub(super) fn number(
        &self,
        value: &Value<'_>,
        read: &dyn Fn(&[u8]) -> Option<Value<'static>>,
    ) -> Option<Number> {
        let candidates = self.places().flat_map(|place| self.extents(place));
        let ways = candidates.flat_map(|span| Spelt::ALL.map(|spelt| Number { span, spelt }));
        let mut fitting = ways.filter(|number| number.read(self.text()).as_ref() == Some(value));
        fitting.find(|number| {
            let confirms = |digit: fn(u8) -> u8| {
                let mut other = self.text().to_vec();
                let digits = other.get_mut(number.span.range()).into_iter().flatten();
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
        let from = place.range().start;
        let before = from.checked_sub(1).and_then(|at| self.text().get(at));
        let begins = !before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        let rest = self.text().get(from..).unwrap_or_default();
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
        let there = Line::bare(text);
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
