//! Where in the lines of one outline what stands: told by the glance at one of them, and read
//! in the others.

use super::stamp::{Memo, Noted};
use super::{Glance, Recall, Request};
use crate::record::Level;
use crate::stamp::Reading;
use crate::token::duration::Unit;
use crate::token::epoch::epoch;
use std::borrow::Cow;

/// How a duration is read.
pub(super) type ReadDuration = fn(&str, Unit) -> Option<f64>;

/// What a look says of a line besides its glance: what of it depends on digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Notes {
    /// The time was read from here, a number of seconds or fractions of them.
    epoch: Option<Place>,
    status: Option<Place>,
    latency: Option<(Place, Unit, ReadDuration)>,
    /// Bytes on whose very digits something depends.
    pub(super) pinned: Option<Place>,
    /// More depends on digits than is noted.
    refused: bool,
}

impl Notes {
    /// The time is a number that was read from here.
    pub(super) fn epoch(&mut self, text: &[u8]) {
        self.refused |= self.epoch.is_some();
        self.epoch = Some(Place::of(text));
    }

    /// The status was read from here.
    pub(super) fn status(&mut self, text: &[u8]) {
        self.status = Some(Place::of(text));
    }

    /// The duration was read from here.
    pub(super) fn latency(&mut self, text: &[u8], unit: Unit, read: ReadDuration) {
        self.refused |= self.latency.is_some();
        self.latency = Some((Place::of(text), unit, read));
    }

    /// What was seen depends on the very digits in here.
    pub(super) fn pin(&mut self, text: &[u8]) {
        self.refused |= self.pinned.is_some();
        self.pinned = Some(Place::of(text));
    }

    /// What was seen depends on digits somewhere.
    pub(super) const fn refuse(&mut self) {
        self.refused = true;
    }
}

/// Where a text lies in memory; compared with where a line lies, where in the line it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    address: usize,
    len: usize,
}

impl Place {
    pub(super) fn of(text: &[u8]) -> Self {
        Self {
            address: text.as_ptr() as usize,
            len: text.len(),
        }
    }

    pub(super) fn within(self, line: &[u8]) -> Option<Span> {
        let from = self.address.checked_sub(line.as_ptr() as usize)?;
        let to = from.checked_add(self.len).filter(|to| *to <= line.len())?;
        Some(Span {
            from: u16::try_from(from).ok()?,
            to: u16::try_from(to).ok()?,
        })
    }
}

/// Bytes of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    from: u16,
    to: u16,
}

impl Span {
    fn of(text: Option<&Cow<'_, str>>, line: &[u8]) -> Option<Option<Self>> {
        match text {
            None => Some(None),
            Some(Cow::Borrowed(text)) => Some(Some(Place::of(text.as_bytes()).within(line)?)),
            Some(Cow::Owned(_)) => None,
        }
    }

    pub(super) fn bytes(self, line: &[u8]) -> Option<&[u8]> {
        line.get(usize::from(self.from)..usize::from(self.to))
    }

    fn text(self, line: &str) -> Option<&str> {
        line.get(usize::from(self.from)..usize::from(self.to))
    }
}

/// How the time of a line is read.
#[derive(Clone, Copy, Debug)]
enum Time {
    /// There is none: what is around the line says when.
    None,
    Spelt(Span, Noted),
    Epoch(Span),
}

impl Time {
    /// Where the time stands that was read, if it was the only one that was tried.
    fn of(at: Option<Reading>, line: &[u8], recall: &Recall) -> Option<Self> {
        match (recall.notes.epoch, recall.stamp.noted(), at) {
            (None, Some(noted), Some(at)) if noted.reading == at => {
                Some(Self::Spelt(noted.place.within(line)?, *noted))
            }
            (Some(place), None, Some(_)) if !recall.stamp.was_asked() => {
                Some(Self::Epoch(place.within(line)?))
            }
            (None, None, None) if !recall.stamp.was_asked() => Some(Self::None),
            _ => None,
        }
    }

    fn read(&self, line: &str, memo: &mut Memo) -> Option<Option<Reading>> {
        match self {
            Self::None => Some(None),
            Self::Spelt(span, noted) => {
                let (rest, at) = memo.find(noted.spelling, span.bytes(line.as_bytes())?)?;
                (rest.len() == noted.left).then_some(Some(at))
            }
            Self::Epoch(span) => epoch(span.text(line)?).map(Some),
        }
    }
}

/// How to glance at a line of a known outline.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    at: Time,
    level: Option<Level>,
    service: Option<Span>,
    request: Option<[Option<Span>; 3]>,
    id: Option<Span>,
    message: Option<Span>,
    host: Option<Span>,
    latency: Option<(Span, Unit, ReadDuration)>,
    follows: bool,
}

impl Recipe {
    /// Where everything stands; `None` where that does not tell it.
    pub(super) fn of(glance: &Glance<'_>, line: &[u8], recall: &Recall) -> Option<Self> {
        let notes = &recall.notes;
        if notes.refused {
            return None;
        }
        let span = |text| Span::of(text, line);
        let request = match &glance.request {
            None => None,
            Some(request) => {
                let status = match (request.status, notes.status) {
                    (Some(_), Some(status)) => Some(status.within(line)?),
                    (None, _) => None,
                    (Some(_), None) => return None,
                };
                let (method, path) = (span(request.method.as_ref())?, span(request.path.as_ref())?);
                Some([method, path, status])
            }
        };
        let latency = match (glance.latency_ms, notes.latency) {
            (None, _) => None,
            (Some(_), Some((place, unit, read))) => Some((place.within(line)?, unit, read)),
            (Some(_), None) => return None,
        };
        let message = if recall.asks(glance) {
            span(Some(&glance.message))?
        } else {
            None
        };
        Some(Self {
            at: Time::of(glance.at, line, recall)?,
            level: glance.level,
            service: span(glance.service.as_ref())?,
            request,
            id: span(glance.id.as_ref())?,
            message,
            host: span(glance.host.as_ref())?,
            latency,
            follows: glance.follows,
        })
    }

    /// The glance at another line of the outline; `None` is "not sure".
    #[inline]
    pub(super) fn glance<'a>(&self, line: &'a [u8], memo: &mut Memo) -> Option<Glance<'a>> {
        // Once for all of its parts.
        let line = std::str::from_utf8(line).ok()?;
        let at = self.at.read(line, memo)?;
        let text = |span: Option<Span>| match span {
            Some(span) => span.text(line).map(|text| Some(Cow::Borrowed(text))),
            None => Some(None),
        };
        let request = match self.request {
            None => None,
            Some([method, path, status]) => Some(Request {
                method: text(method)?,
                path: text(path)?,
                status: match status {
                    Some(status) => Some(status.text(line)?.parse().ok()?),
                    None => None,
                },
            }),
        };
        let latency_ms = match self.latency {
            Some((span, unit, read)) => Some(read(span.text(line)?, unit)?),
            None => None,
        };
        Some(Glance {
            at,
            level: self.level,
            service: text(self.service)?,
            request,
            id: text(self.id)?,
            message: text(self.message)?.unwrap_or_default(),
            host: text(self.host)?,
            latency_ms,
            follows: self.follows,
            outline: None,
        })
    }
}
