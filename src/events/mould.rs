//! Entries of one outline are rendered alike: what differs from one to the next are the time, the place
//! and what stands at a few places of the line.
//!
//! A mould is made from an entry that the grammar has read and the form has rendered, each value
//! with a mark in the place of every byte that may differ. Where the marks come out tells what to copy
//! from where. Numbers have no bytes that they could be told by, so the grammar is asked again
//! about the same line with other digits at the place where a number seems to come from.

use super::entry::{Entry, Form};
use super::json;
use super::number::Number;
use crate::ingest::{Event, FilePlan, Line, Sighting, Span};
use crate::redact::Redactor;
use crate::template::Settled;
use recon_parsers::record::{Fields, field};
use recon_parsers::{Actor, Basis, Precision, Record, Stamp, Value};
use std::borrow::Cow;
use std::ops::Range;

/// What every entry of a part is rendered with.
#[derive(Clone, Copy)]
pub(super) struct Around<'r> {
    pub(super) plan: &'r FilePlan,
    pub(super) path: &'r str,
    pub(super) templates: &'r Settled,
    pub(super) form: &'r dyn Form,
    pub(super) redactor: Option<&'r Redactor>,
}

/// A part of a rendered entry.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// The same in all entries: these bytes of what was rendered.
    Literal(Range<usize>),
    /// Copied from the entry.
    Copy(Span),
    /// A number, as JSON has it.
    Number(Number),
    /// The duration that the glance tells.
    Latency,
    Time,
    Line,
    LineLast,
    Byte,
}

/// How to render the entries of an outline.
#[derive(Clone, Debug)]
pub(super) struct Mould {
    /// The entry that it was made from, with its marks.
    rendered: Vec<u8>,
    pieces: Vec<Piece>,
    precision: Precision,
    basis: Basis,
    /// Texts in which something might have to be redacted.
    looked_at: Vec<Span>,
}

/// No entry of the inputs has this time, and none is so far down in its file.
const TIME: i64 = 4_611_111_111_123_456_789;
const LINE: u64 = 9_111_111_111_111_111_111;
const LINE_LAST: u64 = LINE + 1;
const BYTE: u64 = LINE + 2;
/// Marks of numbers count from here.
const NUMBER: i64 = 8_111_111_111_111_111_000;

/// The mark of the `n`-th place that differs: needs no escape in any form.
fn mark(n: usize) -> String {
    format!("Qz{n:04}zQ")
}

impl Mould {
    /// The mould of entries like this one, if they are rendered alike.
    pub(super) fn of(seen: &Sighting<'_>, around: Around<'_>) -> Option<Self> {
        let at = seen.at.filter(|at| at.basis != Basis::Relative)?;
        let line = Line::of(seen)?;
        let mut records = Vec::new();
        let plan = around.plan;
        plan.detected
            .read_as(seen.format, seen.text, &mut records)?;
        let [record] = records.as_slice() else {
            return None;
        };
        let odd = record.part.is_some() || record.received || record.continues;
        let hidden =
            |r: &Redactor| super::veil::veiled(record, r).is_some() || !r.is_clear(seen.service);
        let watched = |r: &Redactor| record.fields.iter().any(|(name, _)| r.watches(name));
        if odd || around.redactor.is_some_and(|r| hidden(r) || watched(r)) {
            return None;
        }
        let numbers = numbers(record, seen, &line, plan)?;
        let marked = marked(record, &line)?;
        let service = line.marked(&Cow::Borrowed(seen.service), mark);
        let mut cite = seen.cite;
        cite.offset = BYTE;
        let event = Event {
            at: Some(Stamp { nanos: TIME, ..at }),
            since: None,
            cite,
            line: LINE,
            line_last: LINE_LAST,
            format: seen.format,
            // What is not from the line is the file's.
            service: service.as_deref().unwrap_or(seen.service),
            record: &marked,
        };
        let entry = Entry {
            path: around.path,
            plan,
            event: &event,
            nanos: TIME,
            templates: around.templates,
            message: &record.message,
        };
        let mut rendered = Vec::new();
        around.form.entry(entry, &mut rendered).then_some(())?;
        let needles = needles(&line, numbers, event.at?);
        let own = [around.path, &plan.service];
        let within = |needle: &[u8]| {
            let find = |text: &&str| memchr::memmem::find(text.as_bytes(), needle).is_some();
            own.iter().any(find)
        };
        if needles.iter().any(|(needle, _)| within(needle)) {
            return None;
        }
        Some(Self {
            pieces: joined(split(&rendered, &needles), &rendered, seen.text),
            rendered,
            precision: at.precision,
            basis: at.basis,
            looked_at: around
                .redactor
                .map(|redactor| looked_at(record, &line, redactor))
                .unwrap_or_default(),
        })
    }

    /// Renders an entry of the outline; says whether that is sure to be right.
    pub(super) fn pour(
        &self,
        seen: &Sighting<'_>,
        redactor: Option<&Redactor>,
        minute: &mut json::Minute,
        out: &mut Vec<u8>,
    ) -> bool {
        self.try_pour(seen, redactor, minute, out).is_some()
    }

    fn try_pour(
        &self,
        seen: &Sighting<'_>,
        redactor: Option<&Redactor>,
        minute: &mut json::Minute,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let at = seen.at?;
        ((at.precision, at.basis) == (self.precision, self.basis)).then_some(())?;
        if let Some(redactor) = redactor {
            for span in &self.looked_at {
                redactor.is_clear(span.text(seen.text)?).then_some(())?;
            }
        }
        for piece in &self.pieces {
            match piece {
                Piece::Literal(range) => {
                    out.extend_from_slice(self.rendered.get(range.clone())?);
                }
                Piece::Copy(span) => out.extend_from_slice(span.bytes(seen.text)?),
                Piece::Number(number) => match number.read(seen.text)? {
                    Value::Int(whole) => json::whole(whole, out),
                    Value::Float(float) => json::float(float, out),
                    Value::Text(_) | Value::Time(_) => return None,
                },
                Piece::Latency => json::float(seen.glance.latency_ms?, out),
                Piece::Time => minute.time(at, out),
                Piece::Line => json::number(seen.lines.0, out),
                Piece::LineLast => json::number(seen.lines.1, out),
                Piece::Byte => json::number(seen.cite.offset, out),
            }
        }
        Some(())
    }
}

/// Where the numbers among the fields come from; `None` if that cannot be found out.
fn numbers(
    record: &Record<'_>,
    seen: &Sighting<'_>,
    line: &Line<'_>,
    plan: &FilePlan,
) -> Option<Vec<Piece>> {
    let mut found = Vec::new();
    for (n, (name, value)) in record.fields.iter().enumerate() {
        match value {
            Value::Text(_) => {}
            Value::Float(ms)
                if name == field::LATENCY_MS && seen.glance.latency_ms == Some(*ms) =>
            {
                found.push(Piece::Latency);
            }
            Value::Int(_) | Value::Float(_) => {
                let read = |text: &[u8]| line.reads_as(text, seen.format, record, plan, n);
                found.push(Piece::Number(line.number(value, &read)?));
            }
            Value::Time(_) => return None,
        }
    }
    Some(found)
}

/// The record with marks in the place of what differs; `None` if something comes from nobody knows where.
fn marked(record: &Record<'_>, line: &Line<'_>) -> Option<Record<'static>> {
    let text = |text: &Cow<'_, str>| line.marked(text, mark).map(Cow::Owned);
    let maybe = |of: &Option<Cow<'_, str>>| match of {
        Some(of) => text(of).map(Some),
        None => Some(None),
    };
    let mut marked = Record::new(record.kind, text(&record.message)?);
    marked.at = record.at;
    marked.level = record.level;
    marked.service = maybe(&record.service)?;
    marked.host = maybe(&record.host)?;
    marked.actor = match &record.actor {
        Some(actor) => Some(Actor {
            name: text(&actor.name)?,
            bot: actor.bot,
        }),
        None => None,
    };
    let mut fields = Fields::default();
    let mut numbers = NUMBER..;
    for (name, value) in record.fields.iter() {
        if name.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let value = match value {
            Value::Text(value) => Value::Text(text(value)?),
            _ => Value::Int(numbers.next()?),
        };
        fields.push(name.to_owned(), value);
    }
    marked.fields = fields;
    Some(marked)
}

/// The texts of a record that differ from line to line, and in which something might have to be redacted.
fn looked_at(record: &Record<'_>, line: &Line<'_>, redactor: &Redactor) -> Vec<Span> {
    let texts = [
        Some(&record.message),
        record.service.as_ref(),
        record.host.as_ref(),
    ];
    let actor = record.actor.as_ref().map(|a| &a.name);
    let values = record.fields.iter().filter_map(|(_, value)| match value {
        Value::Text(text) => Some(text),
        _ => None,
    });
    let all = texts.into_iter().flatten().chain(actor).chain(values);
    let mut spans: Vec<Span> = all
        .filter_map(|text| line.span(text))
        .filter(|span| line.differs(*span) && !redactor.is_clear_alike(&line.outline(*span)))
        .collect();
    spans.dedup();
    spans
}

/// What to look for in a rendered entry, and what it stands for.
fn needles(line: &Line<'_>, numbers: Vec<Piece>, at: Stamp) -> Vec<(Vec<u8>, Piece)> {
    let mut time = Vec::new();
    json::time(at, &mut time);
    let copies = line.places().enumerate();
    let copies = copies.map(|(n, span)| (mark(n).into_bytes(), Piece::Copy(span)));
    let whole = |n: u64| n.to_string().into_bytes();
    let numbers = (NUMBER..).zip(numbers);
    copies
        .chain(numbers.map(|(n, piece)| (n.to_string().into_bytes(), piece)))
        .chain([
            (time, Piece::Time),
            (whole(LINE), Piece::Line),
            (whole(LINE_LAST), Piece::LineLast),
            (whole(BYTE), Piece::Byte),
        ])
        .collect()
}

/// A rendered entry, cut at the needles.
fn split(rendered: &[u8], needles: &[(Vec<u8>, Piece)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    let literal = |range: Range<usize>| (!range.is_empty()).then_some(Piece::Literal(range));
    while let Some(rest) = rendered.get(at..).filter(|rest| !rest.is_empty()) {
        // As all needles begin.
        if !matches!(rest.first(), Some(b'Q' | b'0'..=b'9')) {
            at += 1;
            continue;
        }
        match needles.iter().find(|(needle, _)| rest.starts_with(needle)) {
            Some((needle, piece)) => {
                pieces.extend(literal(from..at));
                pieces.push(piece.clone());
                at += needle.len();
                from = at;
            }
            None => at += 1,
        }
    }
    pieces.extend(literal(from..rendered.len()));
    pieces
}

/// The same with fewer pieces: what stands between two copies in the output as it does in the line is copied
/// with them.
fn joined(pieces: Vec<Piece>, rendered: &[u8], line: &[u8]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        let whole = match (joined.as_slice(), &piece) {
            ([.., Piece::Copy(a), Piece::Literal(between)], Piece::Copy(b)) => a
                .up_to(*b)
                .filter(|whole| whole.between(*a, *b, line) == rendered.get(between.clone())),
            _ => None,
        };
        match whole {
            Some(whole) => {
                joined.truncate(joined.len() - 2);
                joined.push(Piece::Copy(whole));
            }
            None => joined.push(piece),
        }
    }
    joined
}
