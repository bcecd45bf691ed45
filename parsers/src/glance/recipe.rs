//! Where in the lines of one outline what stands: told by the glance at one of them, and read
//! in the others.

use super::stamp::{Memo, Noted};
use super::{Glance, Recall, Request};
use crate::record::Level;
use crate::stamp::Reading;
use crate::token::duration::Unit;
use crate::token::epoch::epoch;
use crate::token::served::is_status;
use std::borrow::Cow;

/// How a duration is read.
pub(super) type ReadDuration = fn(&str, Unit) -> Option<f64>;

/// What a look says of a line besides its glance: what of it depends on digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Notes {
    /// The time was read from here, a number of seconds or fractions of them.
    epoch: Option<Place>,
    status: Option<Place>,
    /// It is a request only if the status is one of HTTP.
    limited: bool,
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

    /// With another status than those of HTTP it would be no request.
    pub(super) const fn limit_status(&mut self) {
        self.limited = true;
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
    Spelt(Span, Noted),
    /// That of a container runtime, around another format's.
    Outer(Span, Noted),
    Epoch(Span),
}

impl Time {
    /// Where the time stands that was read, if it was the only one that was tried; no time if
    /// none was tried.
    fn of(at: Option<Reading>, line: &[u8], recall: &Recall) -> Option<Option<Self>> {
        let stamp = &recall.stamp;
        let time = match (at, recall.notes.epoch, stamp.noted()) {
            (Some(at), None, Some(noted)) if noted.reading == at => {
                Self::Spelt(noted.place.within(line)?, *noted)
            }
            (Some(_), Some(place), None) if !stamp.was_asked() => Self::Epoch(place.within(line)?),
            (None, None, None) if !stamp.was_asked() => return Some(None),
            _ => return None,
        };
        Some(Some(time))
    }

    /// As [`Time::of`] for a line of a container runtime, around another format: its own time if
    /// that states none. Besides, what must be a time in every line of the outline.
    fn around(at: Option<Reading>, line: &[u8], recall: &Recall) -> Option<(Self, Option<Self>)> {
        let noted = recall.outer.noted()?;
        let outer = Self::Outer(noted.place.within(line)?, *noted);
        let alone = !recall.stamp.was_asked() && recall.notes.epoch.is_none();
        match at == Some(noted.reading) {
            true if alone => Some((outer, None)),
            // Which of two like times it is cannot be told.
            true => None,
            false => Some((Self::of(at, line, recall)??, Some(outer))),
        }
    }

    #[inline]
    fn read(&self, line: &str, [memo, outer]: &mut [&mut Memo; 2]) -> Option<Reading> {
        match self {
            Self::Spelt(span, noted) => memo.read_like(noted, span.bytes(line.as_bytes())?),
            Self::Outer(span, noted) => outer.read_like(noted, span.bytes(line.as_bytes())?),
            Self::Epoch(span) => epoch(span.text(line)?),
        }
    }
}

/// How to glance at a line of a known outline.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    at: Option<Time>,
    /// A time that must be there, too.
    around: Option<Time>,
    level: Option<Level>,
    service: Option<Span>,
    request: Option<[Option<Span>; 3]>,
    /// With another status than those of HTTP it would be no request.
    limited: bool,
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
        let (at, around) = if recall.outer.was_asked() {
            let (at, around) = Time::around(glance.at, line, recall)?;
            (Some(at), around)
        } else {
            (Time::of(glance.at, line, recall)?, None)
        };
        Some(Self {
            at,
            around,
            level: glance.level,
            service: span(glance.service.as_ref())?,
            request,
            limited: notes.limited,
            id: span(glance.id.as_ref())?,
            message,
            host: span(glance.host.as_ref())?,
            latency,
            follows: glance.follows,
        })
    }

    /// Glances at another line of the outline; `None` is "not sure", whatever was put into `glance`
    /// until then.
    #[inline]
    pub(super) fn glance<'a>(
        &self,
        line: &'a str,
        mut memos: [&mut Memo; 2],
        glance: &mut Glance<'a>,
    ) -> Option<()> {
        glance.at = match &self.at {
            Some(time) => Some(time.read(line, &mut memos)?),
            None => None,
        };
        if let Some(time) = &self.around {
            time.read(line, &mut memos)?;
        }
        let text = |span: Option<Span>| match span {
            Some(span) => span.text(line).map(|text| Some(Cow::Borrowed(text))),
            None => Some(None),
        };
        glance.request = match self.request {
            None => None,
            Some([method, path, status]) => Some(Request {
                method: text(method)?,
                path: text(path)?,
                status: match status {
                    Some(status) => {
                        let number = status.text(line)?.parse().ok()?;
                        (!self.limited || is_status(number)).then_some(())?;
                        Some(number)
                    }
                    None => None,
                },
            }),
        };
        glance.latency_ms = match self.latency {
            Some((span, unit, read)) => Some(read(span.text(line)?, unit)?),
            None => None,
        };
        glance.level = self.level;
        glance.service = text(self.service)?;
        glance.id = text(self.id)?;
        glance.message = text(self.message)?.unwrap_or_default();
        glance.host = text(self.host)?;
        glance.follows = self.follows;
        Some(())
    }
}
