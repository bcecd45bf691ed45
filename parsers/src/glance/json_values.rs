//! What the values of a line of JSON say by their roles, and what that makes of the line.

use super::json_syntax::{is_given, is_method};
use super::recipe::Notes;
use super::text::utf8;
use super::{Glance, ID, Memo, Recall, Request};
use crate::record::Level;
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::request::{backend, route};
use crate::token::role::Role;
use crate::token::{epoch, level, payload};
use std::borrow::Cow;

/// A value and how sure it is.
type Best<T> = Option<(u8, T)>;

/// A string between its quotes.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) raw: &'a [u8],
    pub(super) escaped: bool,
}

impl<'a> Text<'a> {
    fn plain(self) -> Option<&'a str> {
        if self.escaped {
            return None;
        }
        std::str::from_utf8(self.raw).ok()
    }

    fn said(self) -> Option<Cow<'a, str>> {
        if self.escaped {
            std::str::from_utf8(self.raw).ok()?;
            return Some(crate::token::json::decoded(self.raw));
        }
        utf8(self.raw)
    }
}

impl Request<'_> {
    /// What an entry about a request says, where it says nothing in words.
    fn line(&self) -> Option<String> {
        let (method, path) = (self.method.as_deref()?, self.path.as_deref()?);
        Some(format!("{method} {path} {}", self.status?))
    }
}

/// What was found of each role, the best of its values.
#[derive(Default)]
pub(super) struct Found<'a> {
    time: Best<Reading>,
    pub(super) level: Best<Level>,
    /// The level was a number of tens, which mean something else beside a `levelname`.
    tens: bool,
    pub(super) levelname: bool,
    pub(super) message: Best<Text<'a>>,
    service: Best<&'a str>,
    /// Who is behind the proxy that wrote the line, the first that is named.
    backend: Option<Text<'a>>,
    logger: Best<(Text<'a>, bool)>,
    pub(super) method: Best<&'a str>,
    pub(super) path: Best<&'a str>,
    status: Best<i64>,
    /// A status is a word.
    pub(super) worded: bool,
    id: Best<&'a str>,
    host: Best<&'a str>,
    pub(super) latency: Best<f64>,
    /// Whose it is, or how long it took, takes more than a glance.
    pub(super) unsure: bool,
    pub(super) notes: Notes,
}

impl<'a> Found<'a> {
    /// Considers a string; `None` is "not sure".
    pub(super) fn text(
        &mut self,
        role: Role,
        rank: u8,
        text: Text<'a>,
        path: &[u8],
        memo: &mut Memo,
    ) -> Option<()> {
        match role {
            Role::Time if better(&self.time, rank) => {
                if path.ends_with(b"epochSecond") {
                    return None;
                }
                let at = instant(text.plain()?, memo, &mut self.notes);
                self.time = at.map(|at| (rank, at)).or(self.time);
            }
            Role::Level if better(&self.level, rank) => {
                let word = text.plain()?.trim();
                if path == b"s" || word.parse::<i64>().is_ok() {
                    return None;
                }
                if let Some(level) = level::word(word.as_bytes()) {
                    (self.level, self.tens) = (Some((rank, level)), false);
                }
            }
            Role::Message if better(&self.message, rank) => {
                let begins = text.raw.first().is_some_and(u8::is_ascii_alphanumeric);
                if begins || !text.plain()?.trim().is_empty() {
                    self.message = Some((rank, text));
                }
            }
            Role::Service if better(&self.service, rank) => {
                let name = text.plain()?;
                if is_given(name) {
                    self.service = Some((rank, name));
                }
            }
            Role::Backend => self.backend = self.backend.or(Some(text)),
            Role::Host if better(&self.host, rank) => match text.plain() {
                Some(name) if is_given(name) => self.host = Some((rank, name)),
                Some(_) => {}
                None => self.unsure = true,
            },
            Role::Logger if better(&self.logger, rank) => self.logged(rank, text, path)?,
            Role::Method if better(&self.method, rank) => {
                let name = text.plain()?;
                if is_method(name) {
                    self.method = Some((rank, name));
                }
            }
            Role::Path if better(&self.path, rank) => {
                let path = text.plain()?;
                if is_given(path) {
                    self.path = Some((rank, path));
                }
            }
            Role::Status if better(&self.status, rank) => {
                self.code(rank, text.plain()?);
            }
            Role::RequestId if better(&self.id, rank) => self.named(rank, text.plain()?)?,
            Role::Latency(unit) if better(&self.latency, rank) => {
                self.latency = Some((rank, millis(text.plain()?, unit)?));
                self.notes.latency(text.raw, unit, millis);
            }
            Role::Request => return None,
            _ => {}
        }
        Some(())
    }

    /// Considers a logger; `None` is "not sure".
    fn logged(&mut self, rank: u8, text: Text<'a>, path: &[u8]) -> Option<()> {
        match text.plain() {
            // A request may be called after its route.
            Some(name) if route(name).is_some() => return None,
            Some(name) if !is_given(name) => {}
            _ => {
                let class = path.ends_with(b"omponent")
                    && !text.raw.first().is_some_and(u8::is_ascii_lowercase);
                let named = path != b"c" && !path.ends_with(b"caller") && !class;
                self.logger = Some((rank, (text, named)));
            }
        }
        Some(())
    }

    /// Considers a status.
    fn code(&mut self, rank: u8, text: &'a str) {
        match text.parse() {
            Ok(status) => {
                self.status = Some((rank, status));
                self.notes.status(text.as_bytes());
            }
            // With other digits it might be one.
            Err(_) => {
                self.worded = true;
                self.notes.refuse();
            }
        }
    }

    /// Considers an id.
    fn named(&mut self, rank: u8, id: &'a str) -> Option<()> {
        if is_given(id) {
            self.id = Some((rank, id));
        } else if id.len() >= ID {
            return None;
        }
        Some(())
    }

    /// Considers a number; `None` is "not sure".
    pub(super) fn number(
        &mut self,
        role: Role,
        rank: u8,
        digits: &'a [u8],
        path: &[u8],
    ) -> Option<()> {
        match role {
            Role::Time if better(&self.time, rank) => {
                if path.ends_with(b"epochSecond") {
                    return None;
                }
                let at = epoch::epoch(std::str::from_utf8(digits).ok()?);
                match at {
                    Some(_) => self.notes.epoch(digits),
                    // With other digits it might be one.
                    None => self.notes.refuse(),
                }
                self.time = at.map(|at| (rank, at)).or(self.time);
            }
            // Numbers have as many meanings as there are loggers: only the tens of bunyan and pino
            // are sure.
            Role::Level if better(&self.level, rank) => {
                if path != b"level" {
                    return None;
                }
                self.notes.pin(digits);
                let &[tens @ b'1'..=b'6', b'0'..=b'9'] = digits else {
                    return None;
                };
                let level = match tens {
                    b'1' => Level::Trace,
                    b'2' => Level::Debug,
                    b'3' => Level::Info,
                    b'4' => Level::Warn,
                    b'5' => Level::Error,
                    _ => Level::Fatal,
                };
                (self.level, self.tens) = (Some((rank, level)), true);
            }
            Role::Status if better(&self.status, rank) => {
                self.code(rank, std::str::from_utf8(digits).ok()?);
            }
            Role::RequestId if better(&self.id, rank) => {
                self.id = Some((rank, std::str::from_utf8(digits).ok()?));
            }
            Role::Latency(unit) if better(&self.latency, rank) => {
                let ms = milliseconds(std::str::from_utf8(digits).ok()?, unit)?;
                self.latency = Some((rank, ms));
                self.notes.latency(digits, unit, milliseconds);
            }
            _ => {}
        }
        Some(())
    }

    /// What the line says; `None` is "not sure".
    pub(super) fn glance(self, recall: &Recall) -> Option<Glance<'a>> {
        let (at, request) = (self.time.map(|t| t.1), self.request()?);
        let unsure = self.tens && self.levelname;
        if unsure || (at.is_none() && (self.level.is_none() || self.message.is_none())) {
            return None;
        }
        let said = match (self.message, &request) {
            (Some((_, text)), _) => text.said()?,
            (None, Some(request)) => Cow::Owned(request.line()?),
            // What then stands for the message is long in finding.
            (None, None) => return None,
        };
        let begins = said.trim_start();
        // JSON in JSON: the inner entry counts.
        if begins.starts_with('{') {
            return None;
        }
        let level = self.level.map(|l| l.1);
        let id = self.id.filter(|(_, id)| id.len() >= ID);
        let mut glance = Glance {
            at,
            level: level.or_else(|| level::spotted(begins.as_bytes())),
            service: self.service.map(|s| Cow::Borrowed(s.1)),
            request,
            id: id.map(|(_, id)| Cow::Borrowed(id)),
            message: Cow::Borrowed(""),
            host: self.host.map(|h| Cow::Borrowed(h.1)),
            latency_ms: self.latency.map(|l| l.1),
            follows: id.is_some() && !self.unsure,
            outline: None,
        };
        if let (None, Some(_), Some(text)) = (&glance.service, &glance.request, self.backend) {
            glance.service = backend(text.plain()?).map(Cow::Borrowed);
        }
        if let (None, Some((_, (logger, names_program)))) = (&glance.service, self.logger) {
            let name = logger.plain()?;
            let program = names_program && !name.contains(['.', '/', ':', ' ']);
            glance.service = program.then_some(Cow::Borrowed(name));
        }
        if recall.asks(&glance) {
            glance.message = said;
        }
        Some(glance)
    }

    /// The status.
    pub(super) fn status(&self) -> Option<i64> {
        self.status.map(|(_, status)| status)
    }

    fn request(&self) -> Option<Option<Request<'a>>> {
        let (Some(method), Some(path), Some(status)) = (self.method, self.path, self.status) else {
            return Some(None);
        };
        let path = path.1;
        let end = path.find(['?', '#']).unwrap_or(path.len());
        if end == 0 || path.contains("://") {
            return None;
        }
        Some(Some(Request {
            method: Some(Cow::Borrowed(method.1)),
            path: Some(Cow::Borrowed(path.get(..end)?)),
            status: Some(status.1),
        }))
    }
}

/// What [`millis`] makes of a number without a unit.
fn milliseconds(digits: &str, unit: Unit) -> Option<f64> {
    match (unit, digits.parse::<u32>()) {
        (Unit::Millis, Ok(whole)) => Some(f64::from(whole)),
        _ => millis(digits, unit),
    }
}

fn better<T>(best: &Best<T>, rank: u8) -> bool {
    best.as_ref().is_none_or(|(least, _)| rank < *least)
}

/// A time; one that is not told from the one before depends on its digits in any way.
fn instant(text: &str, memo: &mut Memo, notes: &mut Notes) -> Option<Reading> {
    if text.as_bytes().get(4) == Some(&b'-')
        && let Some((rest, at)) = memo.read(super::stamp::ISO, text.as_bytes())
        && rest.is_empty()
    {
        return Some(at);
    }
    notes.refuse();
    payload::text_instant(text)
}
