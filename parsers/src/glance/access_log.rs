//! Access logs in the common and the combined format, whatever stands behind.

use super::logfmt::pair;
use super::stamp::{CLF, ISO};
use super::text::{blank, quoted, utf8};
use super::{Glance, ID, Names, Recall, Request};
use crate::format::Context;
use crate::formats::access_log::{duration, ends, is_closed, is_id, is_whole, unit};
use crate::token::duration::{Unit, millis};
use crate::token::request::backend;
use crate::token::role::Role;
use memchr::memchr;
use std::borrow::Cow;

/// See [`super::Look`].
pub(super) fn look<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    let (before, inner) = line.split_at_checked(memchr(b'[', line)?)?;
    if before.trim_ascii().is_empty() {
        return None;
    }
    let inner = inner.get(1..)?;
    let spelling = match inner.get(2)? {
        b'/' => CLF,
        b'0'..=b'9' => ISO,
        _ => return None,
    };
    let (rest, at) = recall.stamp.read(spelling, inner)?;
    let rest = blank(rest.strip_prefix(b"]")?);
    let asked = rest;
    let (request, _, rest) = quoted(rest)?;
    let rest = blank(rest);
    let (status, code, rest) = status(rest)?;
    let said = asked.get(..asked.len() - rest.len())?;
    let learnt = (unit(cx.layout), is_closed(cx.layout));
    let behind = Behind::of(rest, learnt, &mut recall.names)?;
    let (method, path) = target(request)?;
    recall.notes.status(code);
    match behind.spent {
        Spent::Nothing => {}
        Spent::Word(word) => recall.notes.latency(word, Unit::Seconds, as_word),
        Spent::Named(value, unit) => recall.notes.latency(value, unit, as_named),
        Spent::Several => recall.notes.refuse(),
    }
    let follows = behind.id.is_some() && !behind.names_host;
    let asked = follows || recall.hears;
    Some(Glance {
        at: Some(at),
        request: Some(Request {
            method: Some(method),
            path: Some(path),
            status: Some(status),
        }),
        follows,
        message: if asked {
            utf8(said)?
        } else {
            Cow::Borrowed("")
        },
        id: behind.id,
        service: behind.service,
        latency_ms: behind.latency_ms,
        ..Glance::default()
    })
}

/// Three digits and a blank or the end behind them.
fn status(i: &[u8]) -> Option<(i64, &[u8], &[u8])> {
    let (code @ &[a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'], rest) =
        i.split_first_chunk()?
    else {
        return None;
    };
    if !rest.first().is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    let digit = |d: u8| i64::from(d - b'0');
    Some((digit(a) * 100 + digit(b) * 10 + digit(c), code, rest))
}

/// `GET /path?query HTTP/1.1`
fn target(request: &[u8]) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (method, rest) = request.split_at_checked(memchr(b' ', request)?)?;
    let plain = |b: &u8| b.is_ascii_uppercase() || matches!(b, b'_' | b'-');
    if method.is_empty() || !method.iter().all(plain) {
        return None;
    }
    let end = |b: &u8| matches!(b, b' ' | b'?' | b'#');
    let rest = rest.get(1..)?;
    let path = rest.get(..rest.iter().position(end).unwrap_or(rest.len()))?;
    Some((utf8(method)?, utf8(path)?))
}

/// Where a duration stands.
#[derive(Clone, Copy, Default)]
enum Spent<'a> {
    #[default]
    Nothing,
    Word(&'a [u8]),
    Named(&'a [u8], Unit),
    Several,
}

impl Spent<'_> {
    const fn and(self, other: Self) -> Self {
        match self {
            Self::Nothing => other,
            _ => Self::Several,
        }
    }
}

/// A word that is a duration.
fn as_word(text: &str, _: Unit) -> Option<f64> {
    duration(text.as_bytes())
}

/// A named value that is a duration.
fn as_named(text: &str, unit: Unit) -> Option<f64> {
    millis(given(text)?, unit)
}

/// What stands behind the fixed columns.
#[derive(Default)]
struct Behind<'a> {
    id: Option<Cow<'a, str>>,
    latency_ms: Option<f64>,
    spent: Spent<'a>,
    /// To whom the request was passed on.
    service: Option<Cow<'a, str>>,
    /// Perhaps whose the log is.
    names_host: bool,
}

impl<'a> Behind<'a> {
    /// `None` is "not sure": where a name says whose the entry is, or how bad, or two of them
    /// mean the same.
    fn of(i: &'a [u8], (unit, closed): (Option<Unit>, bool), names: &mut Names) -> Option<Self> {
        let mut found = Self::default();
        let (mut rest, mut place, mut quotes, mut passed) = (i, 0, 0, false);
        let (mut named, mut slowest): (Option<Cow<'a, str>>, Option<f64>) = (None, None);
        while let Some(byte) = rest.first() {
            if byte.is_ascii_whitespace() {
                rest = rest.get(1..)?;
            } else if let Some((inner, _, after)) = quoted(rest) {
                quotes += 1;
                let last = closed && ends(after) && inner != b"-";
                if quotes > 2 && found.id.is_none() && (last || is_id(inner)) {
                    found.id = Some(utf8(inner)?);
                }
                rest = after;
            } else if let Some((name, value, after)) = pair(rest) {
                match names.role(place, name) {
                    Some((Role::Service | Role::Level, _)) => return None,
                    Some((Role::Host, _)) => found.names_host = true,
                    Some((Role::Backend, _)) if !passed => {
                        let value = value.plain()?;
                        passed = value != "-";
                        let name = backend(value.trim_end_matches([',', ';']));
                        found.service = name.map(Cow::Borrowed);
                    }
                    Some((Role::RequestId, _)) if named.is_some() => return None,
                    Some((Role::RequestId, _)) => {
                        named = Some(Cow::Borrowed(given(value.plain()?)?));
                    }
                    Some((Role::Latency(_), _)) if found.latency_ms.is_some() => return None,
                    Some((Role::Latency(unit), _)) => {
                        let value = value.plain()?;
                        found.latency_ms = Some(as_named(value, unit)?);
                        found.spent = found.spent.and(Spent::Named(value.as_bytes(), unit));
                    }
                    _ => {}
                }
                place += 1;
                rest = after;
            } else {
                let end = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
                let len = rest.iter().position(end).unwrap_or(rest.len());
                // A lone vertical tab or the like would be no word.
                let token = rest.get(..len).filter(|t| !t.is_empty())?;
                let last = closed && token != b"-" && rest.get(len..).is_some_and(ends);
                if last || is_id(token) {
                    found.id = found.id.or(Some(utf8(token)?));
                } else {
                    let whole = unit.filter(|_| is_whole(token));
                    let ms = match whole {
                        Some(unit) => as_named(std::str::from_utf8(token).ok()?, unit),
                        None => duration(token),
                    };
                    if ms.is_some() {
                        let spent = whole.map_or(Spent::Word(token), |u| Spent::Named(token, u));
                        found.spent = found.spent.and(spent);
                    }
                    slowest = ms.filter(|ms| slowest.is_none_or(|s| *ms > s)).or(slowest);
                }
                rest = rest.get(len..)?;
            }
        }
        found.id = found.id.or(named).filter(|id| id.len() >= ID);
        found.latency_ms = found.latency_ms.or(slowest);
        Some(found)
    }
}

/// A value that says something, without the punctuation behind it.
fn given(value: &str) -> Option<&str> {
    let value = value.trim_end_matches([',', ';']);
    (!matches!(value, "" | "-" | "null" | "(null)" | "nil" | "<nil>")).then_some(value)
}
