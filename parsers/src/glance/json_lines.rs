//! Structured logs in JSON: one scan over the bytes, names looked up by their place, values
//! read only where their role is asked for. What is not strict JSON is left to the grammar.

use super::json_syntax::{Path, blank, is_given, is_method, list, number, word};
use super::text::{quoted, utf8};
use super::{Glance, ID, Memo, Names, Recall, Request};
use crate::format::Context;
use crate::record::Level;
use crate::stamp::Reading;
use crate::token::duration::{Unit, millis};
use crate::token::role::Role;
use crate::token::{epoch, level, payload};
use memchr::memchr;
use std::borrow::Cow;

/// Deeper nesting is left to the grammar.
const DEPTH: usize = 8;

/// See [`super::Look`].
pub(super) fn look<'a>(line: &'a [u8], _: &Context<'_>, recall: &mut Recall) -> Option<Glance<'a>> {
    let mut scan = Scan {
        names: &mut recall.names,
        memo: &mut recall.stamp,
        place: 0,
        found: Found::default(),
    };
    let mut path = Path::new();
    let rest = scan.object(blank(line).strip_prefix(b"{")?, &mut path, 0)?;
    if !blank(rest).is_empty() {
        return None;
    }
    let mut found = scan.found;
    // What a message says in pairs is read too.
    let said = found.message.map_or(line, |(_, text)| text.raw);
    if memchr(b'=', said).is_some() {
        if found.method.is_some() || recall.names.say_more(said, found.level.is_some()) {
            return None;
        }
        found.unsure |= found.latency.is_none() && recall.names.say_how_long(said);
    }
    found.glance(recall)
}

/// A value and how sure it is.
type Best<T> = Option<(u8, T)>;

/// A string between its quotes.
#[derive(Clone, Copy)]
struct Text<'a> {
    raw: &'a [u8],
    escaped: bool,
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

#[derive(Default)]
struct Found<'a> {
    time: Best<Reading>,
    level: Best<Level>,
    /// The level was a number of tens, which mean something else beside a `levelname`.
    tens: bool,
    levelname: bool,
    message: Best<Text<'a>>,
    service: Best<&'a str>,
    logger: Best<(Text<'a>, bool)>,
    method: Best<&'a str>,
    path: Best<&'a str>,
    status: Best<i64>,
    id: Best<&'a str>,
    host: Best<&'a str>,
    latency: Best<f64>,
    /// Whose it is, or how long it took, takes more than a glance.
    unsure: bool,
}

impl<'a> Found<'a> {
    fn glance(self, recall: &Recall) -> Option<Glance<'a>> {
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
        };
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

struct Scan<'s, 'a> {
    names: &'s mut Names,
    memo: &'s mut Memo,
    /// Values met so far.
    place: usize,
    found: Found<'a>,
}

impl<'a> Scan<'_, 'a> {
    /// The members of an object up to behind its closing bracket.
    fn object(&mut self, i: &'a [u8], path: &mut Path, depth: usize) -> Option<&'a [u8]> {
        let mut rest = blank(i);
        if let Some(rest) = rest.strip_prefix(b"}") {
            return Some(rest);
        }
        loop {
            let (name, value) = self.name(rest)?;
            if depth == 0 {
                match name {
                    b"log" => return None, // perhaps a container runtime's
                    b"levelname" => self.found.levelname = true,
                    _ => {}
                }
            }
            rest = blank(self.member(name, value, path, depth)?);
            match rest.first()? {
                b',' => rest = blank(rest.get(1..)?),
                b'}' => return rest.get(1..),
                _ => return None,
            }
        }
    }

    /// A name without escapes, and the value behind it.
    fn name(&self, i: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let inner = i.strip_prefix(b"\"")?;
        // A name that was read once need not be read again to be known.
        if let Some(name) = self.names.again(self.place, inner, b"\":") {
            return Some((name, blank(inner.get(name.len() + 2..)?)));
        }
        let (name, escaped, after) = quoted(i)?;
        let value = blank(blank(after).strip_prefix(b":")?);
        (!escaped).then_some((name, value))
    }

    fn member(
        &mut self,
        name: &'a [u8],
        i: &'a [u8],
        path: &mut Path,
        depth: usize,
    ) -> Option<&'a [u8]> {
        let nested = i.strip_prefix(b"{");
        if depth == 0 && nested.is_none() {
            return self.value(i, name);
        }
        if depth == DEPTH {
            return None;
        }
        let before = path.push(name)?;
        let rest = match nested {
            Some(inner) => self.object(inner, path, depth + 1)?,
            None => self.value(i, path.bytes())?,
        };
        path.pop(before);
        Some(rest)
    }

    /// A value that is no object, of this dotted path.
    fn value(&mut self, i: &'a [u8], path: &[u8]) -> Option<&'a [u8]> {
        match i.first()? {
            b'"' => {
                let (raw, escaped, rest) = quoted(i)?;
                if let Some((role, rank)) = self.role(path) {
                    self.text(role, rank, Text { raw, escaped }, path)?;
                }
                Some(rest)
            }
            b'[' => {
                if let Some((Role::Level, _)) = self.role(path) {
                    return None;
                }
                list(i.get(1..)?, DEPTH)
            }
            b'-' | b'0'..=b'9' => {
                let (digits, rest) = number(i)?;
                if let Some((role, rank)) = self.role(path) {
                    self.number(role, rank, digits, path)?;
                }
                Some(rest)
            }
            _ => {
                let rest = word(i)?;
                if let Some((Role::RequestId, _)) = self.role(path) {
                    return None;
                }
                Some(rest)
            }
        }
    }

    fn role(&mut self, path: &[u8]) -> Option<(Role, u8)> {
        let place = self.place;
        self.place += 1;
        self.names.role(place, path)
    }

    /// Considers a string; `None` is "not sure".
    fn text(&mut self, role: Role, rank: u8, text: Text<'a>, path: &[u8]) -> Option<()> {
        let found = &mut self.found;
        match role {
            Role::Time if better(&found.time, rank) => {
                if path.ends_with(b"epochSecond") {
                    return None;
                }
                let at = instant(text.plain()?, self.memo);
                found.time = at.map(|at| (rank, at)).or(found.time);
            }
            Role::Level if better(&found.level, rank) => {
                let word = text.plain()?.trim();
                if path == b"s" || word.parse::<i64>().is_ok() {
                    return None;
                }
                if let Some(level) = level::word(word.as_bytes()) {
                    (found.level, found.tens) = (Some((rank, level)), false);
                }
            }
            Role::Message if better(&found.message, rank) => {
                let begins = text.raw.first().is_some_and(u8::is_ascii_alphanumeric);
                if begins || !text.plain()?.trim().is_empty() {
                    found.message = Some((rank, text));
                }
            }
            Role::Service if better(&found.service, rank) => {
                let name = text.plain()?;
                if is_given(name) {
                    found.service = Some((rank, name));
                }
            }
            Role::Host if better(&found.host, rank) => match text.plain() {
                Some(name) if is_given(name) => found.host = Some((rank, name)),
                Some(_) => {}
                None => found.unsure = true,
            },
            Role::Logger if better(&found.logger, rank) => {
                found.logger = Some((rank, (text, path != b"c")));
            }
            Role::Method if better(&found.method, rank) => {
                let name = text.plain()?;
                if is_method(name) {
                    found.method = Some((rank, name));
                }
            }
            Role::Path if better(&found.path, rank) => {
                let path = text.plain()?;
                if is_given(path) {
                    found.path = Some((rank, path));
                }
            }
            Role::Status if better(&found.status, rank) => {
                let status = text.plain()?.parse().ok();
                found.status = status.map(|s| (rank, s)).or(found.status);
            }
            Role::RequestId if better(&found.id, rank) => {
                let id = text.plain()?;
                if is_given(id) {
                    found.id = Some((rank, id));
                } else if id.len() >= ID {
                    return None;
                }
            }
            Role::Latency(unit) if better(&found.latency, rank) => {
                found.latency = Some((rank, millis(text.plain()?, unit)?));
            }
            Role::Request => return None,
            _ => {}
        }
        Some(())
    }

    /// Considers a number; `None` is "not sure".
    fn number(&mut self, role: Role, rank: u8, digits: &'a [u8], path: &[u8]) -> Option<()> {
        let found = &mut self.found;
        match role {
            Role::Time if better(&found.time, rank) => {
                if path.ends_with(b"epochSecond") {
                    return None;
                }
                let at = epoch::epoch(std::str::from_utf8(digits).ok()?);
                found.time = at.map(|at| (rank, at)).or(found.time);
            }
            // Numbers have as many meanings as there are loggers: only the tens of bunyan and pino
            // are sure.
            Role::Level if better(&found.level, rank) => {
                if path != b"level" {
                    return None;
                }
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
                (found.level, found.tens) = (Some((rank, level)), true);
            }
            Role::Status if better(&found.status, rank) => {
                let status = std::str::from_utf8(digits).ok()?.parse().ok();
                found.status = status.map(|s| (rank, s)).or(found.status);
            }
            Role::RequestId if better(&found.id, rank) => {
                found.id = Some((rank, std::str::from_utf8(digits).ok()?));
            }
            Role::Latency(unit) if better(&found.latency, rank) => {
                let ms = milliseconds(std::str::from_utf8(digits).ok()?, unit)?;
                found.latency = Some((rank, ms));
            }
            _ => {}
        }
        Some(())
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

fn instant(text: &str, memo: &mut Memo) -> Option<Reading> {
    if text.as_bytes().get(4) == Some(&b'-')
        && let Some((rest, at)) = memo.read(super::stamp::ISO, text.as_bytes())
        && rest.is_empty()
    {
        return Some(at);
    }
    payload::text_instant(text)
}
