//! logfmt, and what named values say that is not a field.

use super::recipe::Notes;
use super::served::spoken;
use super::text::{quoted, utf8};
use super::{Glance, ID, Memo, Names, Recall, Request};
use crate::format::Context;
use crate::record::Level;
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::request::backend;
use crate::token::role::Role;
use crate::token::served::may;
use crate::token::text::{to_blank, unescape};
use crate::token::{at_boundary, level, named};
use std::borrow::Cow;

/// See [`super::Look`].
pub(super) fn look<'a>(line: &'a [u8], _: &Context<'_>, recall: &mut Recall) -> Option<Glance<'a>> {
    if line.first()?.is_ascii_whitespace() {
        return None;
    }
    let (named, bare) = Named::of(line, &mut recall.names)?;
    if named.pairs < 2 || bare > named.pairs || named.begins_bare {
        return None;
    }
    let at = named.at(&mut recall.stamp)?;
    let level = named.level()?;
    let request = named.request()?;
    let said = named.message.filter(|m| m.value.is_given());
    if named.dated || (at.is_none() && level.is_none() && said.is_none()) {
        return None;
    }
    let mut glance = Glance {
        at,
        level,
        service: named.service()?,
        request,
        id: named.id()?,
        ..Glance::default()
    };
    let words = said.map_or((line, false), |m| (m.value.bytes, m.value.escaped));
    named.tell(&mut glance, words, &mut recall.notes)?;
    if recall.asks(&glance) {
        glance.message = match said {
            Some(found) => found.value.text()?,
            None => utf8(line)?,
        };
    }
    Some(glance)
}

/// A value as it stands in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelt<'a> {
    bytes: &'a [u8],
    escaped: bool,
}

impl<'a> Spelt<'a> {
    fn is_given(&self) -> bool {
        !matches!(
            self.bytes,
            b"" | b"-" | b"null" | b"(null)" | b"nil" | b"<nil>"
        )
    }

    /// The value as it is, if it needs no decoding.
    pub(super) fn plain(&self) -> Option<&'a str> {
        if self.escaped {
            return None;
        }
        std::str::from_utf8(self.bytes).ok()
    }

    fn text(&self) -> Option<Cow<'a, str>> {
        if self.escaped {
            std::str::from_utf8(self.bytes).ok()?;
            return Some(unescape(self.bytes));
        }
        utf8(self.bytes)
    }
}

#[derive(Clone, Copy, Debug)]
struct Candidate<'a> {
    rank: u8,
    value: Spelt<'a>,
}

/// The surest value of each role that a survey asks for.
#[derive(Default)]
pub(super) struct Named<'a> {
    /// Pairs in all.
    pub(super) pairs: usize,
    begins_bare: bool,
    /// A value is called `date`: the time may stand in several.
    dated: bool,
    time: Option<Candidate<'a>>,
    level: Option<Candidate<'a>>,
    message: Option<Candidate<'a>>,
    service: Option<Candidate<'a>>,
    /// Who is behind the proxy that wrote the line, the first that is named.
    backend: Option<Candidate<'a>>,
    host: Option<Candidate<'a>>,
    method: Option<Candidate<'a>>,
    path: Option<Candidate<'a>>,
    status: Option<Candidate<'a>>,
    id: Option<Candidate<'a>>,
    ids: usize,
    latency: Option<(Candidate<'a>, Unit)>,
    /// Two values for one part of a request: which is meant takes more than a glance.
    ambiguous: bool,
}

impl<'a> Named<'a> {
    /// The pairs of a line, and the number of words that are none.
    pub(super) fn of(line: &'a [u8], names: &mut Names) -> Option<(Self, usize)> {
        let mut found = Self::default();
        let mut bare = 0;
        let mut rest = line;
        loop {
            let gap = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            rest = rest.get(gap..)?;
            if rest.is_empty() {
                return Some((found, bare));
            }
            // A name that was read once need not be read again to be known.
            let known = names.again(found.pairs, rest, b"=");
            let next = match known.and_then(|name| Some((name, rest.get(name.len() + 1..)?))) {
                Some((name, rest)) => value(rest).map(|(value, after)| (name, value, after)),
                None => pair(rest),
            };
            if let Some((name, value, after)) = next {
                found.consider(name, value, names);
                rest = after;
            } else {
                found.begins_bare |= found.pairs + bare == 0;
                bare += 1;
                let len = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
                rest = rest.get(len..)?;
            }
        }
    }

    fn consider(&mut self, name: &[u8], value: Spelt<'a>, names: &mut Names) {
        let place = self.pairs;
        self.pairs += 1;
        let Some((role, rank)) = names.role(place, name) else {
            return;
        };
        self.ids += usize::from(role == Role::RequestId);
        let slot = match role {
            Role::Time => {
                self.dated |= name == b"date";
                &mut self.time
            }
            Role::Level => &mut self.level,
            Role::Message => &mut self.message,
            Role::Service => &mut self.service,
            Role::Backend => &mut self.backend,
            Role::Host => &mut self.host,
            Role::Method => &mut self.method,
            Role::Path => &mut self.path,
            Role::Status => &mut self.status,
            Role::RequestId => &mut self.id,
            Role::Latency(unit) => {
                if self.latency.is_none_or(|(l, _)| rank < l.rank) {
                    self.latency = Some((Candidate { rank, value }, unit));
                }
                return;
            }
            _ => return,
        };
        if slot.is_some() && matches!(role, Role::Method | Role::Path | Role::Status) {
            self.ambiguous = true;
        }
        if slot.is_none_or(|s| rank < s.rank) {
            *slot = Some(Candidate { rank, value });
        }
    }

    fn at(&self, memo: &mut Memo) -> Option<Option<Reading>> {
        let Some(found) = self.time.filter(|t| t.value.is_given()) else {
            return Some(None);
        };
        let text = found.value.plain()?;
        if let [b'0'..=b'9', .., last] = text.as_bytes()
            && !last.is_ascii_whitespace()
            && let Some((_, at)) = memo.read(super::stamp::ISO, text.as_bytes())
        {
            return Some(Some(at));
        }
        memo.tried();
        Some(named::stamp(text))
    }

    fn level(&self) -> Option<Option<Level>> {
        let Some(found) = self.level.filter(|l| l.value.is_given()) else {
            return Some(None);
        };
        Some(level::word(found.value.plain()?.trim().as_bytes()))
    }

    /// The service; the outer `None` is "not sure".
    pub(super) fn service(&self) -> Option<Option<Cow<'a, str>>> {
        let Some(found) = self.service.filter(|s| s.value.is_given()) else {
            let Some(found) = self.backend else {
                return Some(None);
            };
            let told = self.request()?.is_some();
            let name = found.value.plain()?;
            return Some(backend(name).filter(|_| told).map(Cow::Borrowed));
        };
        let name = found.value.plain()?;
        // Perhaps how long it took to serve.
        (!name.ends_with("ms")).then_some(Some(Cow::Borrowed(name)))
    }

    /// The id of the request; the outer `None` is "not sure".
    pub(super) fn id(&self) -> Option<Option<Cow<'a, str>>> {
        let Some(found) = self.id else {
            return Some(None);
        };
        if !found.value.is_given() {
            return (found.value.bytes.len() < ID && self.ids == 1).then_some(None);
        }
        let id = found.value.plain()?;
        Some((id.len() >= ID).then_some(Cow::Borrowed(id)))
    }

    fn latency(&self) -> Option<Option<f64>> {
        let Some((found, unit)) = self.latency.filter(|(l, _)| l.value.is_given()) else {
            return Some(None);
        };
        Some(millis(found.value.plain()?, unit))
    }

    /// The request, where method, path and status are all there; the outer `None` is "not sure".
    pub(super) fn request(&self) -> Option<Option<Request<'a>>> {
        let (Some(method), Some(path), Some(status)) = (self.method, self.path, self.status) else {
            return (!self.ambiguous).then_some(None);
        };
        let given = [method, path, status].iter().all(|c| c.value.is_given());
        if self.ambiguous || !given {
            return None;
        }
        let path = path.value.plain()?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Some(Some(Request {
            method: Some(Cow::Borrowed(method.value.plain()?)),
            path: Some(Cow::Borrowed(path)),
            status: Some(status.value.plain()?.parse().ok()?),
        }))
    }

    /// Tells what the pairs and the words of the message say of the request; `None` is "not sure".
    pub(super) fn tell(
        &self,
        glance: &mut Glance<'a>,
        (said, escaped): (&'a [u8], bool),
        notes: &mut Notes,
    ) -> Option<()> {
        let mut words = None;
        if glance.request.is_none() && may(said) {
            let unsure = self.status.is_some_and(|s| !s.value.is_given());
            if escaped || unsure || self.method.is_some() || self.path.is_some() {
                return None;
            }
            let status = match self.status {
                Some(status) => Some(status.value.plain()?.parse().ok()?),
                None => None,
            };
            words = spoken(glance, said, status, notes)?;
        }
        self.follow(glance)?;
        self.note(notes);
        if let Some(words) = words {
            if self.latency.is_some() && glance.latency_ms.is_none() {
                return None;
            }
            words.time(glance, notes);
        }
        Some(())
    }

    /// Notes where what depends on digits stands.
    fn note(&self, notes: &mut Notes) {
        if let Some(status) = self.status {
            notes.status(status.value.bytes);
        }
        if let Some((found, unit)) = self.latency {
            notes.latency(found.value.bytes, unit, millis);
        }
    }

    /// Tells of a glance that has its request and its id what else it needs. `None` is "not
    /// sure".
    fn follow(&self, glance: &mut Glance<'a>) -> Option<()> {
        if glance.request.is_none() && glance.id.is_none() {
            glance.latency_ms = self.latency().flatten();
            return Some(());
        }
        glance.latency_ms = self.latency()?;
        glance.host = match self.host.filter(|h| h.value.is_given()) {
            Some(host) => Some(Cow::Borrowed(host.value.plain()?)),
            None => None,
        };
        glance.follows = glance.id.is_some();
        Some(())
    }
}

/// A pair as [`crate::token::pairs::pair`] reads it, its value not yet decoded.
pub(super) fn pair(i: &[u8]) -> Option<(&[u8], Spelt<'_>, &[u8])> {
    let len = i.iter().take_while(|b| IN_KEY[usize::from(**b)]).count();
    let (name, rest) = i.split_at_checked(len)?;
    let rest = rest.strip_prefix(b"=")?;
    if !matches!(name.first(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'@')) {
        return None;
    }
    let (value, after) = value(rest)?;
    Some((name, value, after))
}

/// The value behind a `=`, and what follows it.
#[inline]
fn value(i: &[u8]) -> Option<(Spelt<'_>, &[u8])> {
    if let Some((bytes, escaped, after)) = quoted(i)
        && at_boundary(after)
    {
        return Some((Spelt { bytes, escaped }, after));
    }
    let (bytes, after) = i.split_at_checked(to_blank(i))?;
    let escaped = false;
    Some((Spelt { bytes, escaped }, after))
}

/// Bytes of keys.
const IN_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        #[allow(clippy::cast_possible_truncation)]
        let byte = b as u8;
        table[b] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@' | b'/' | b'$');
        b += 1;
    }
    table
};
