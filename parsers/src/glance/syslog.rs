//! Both syslogs, and Postfix in the older one.

use super::served::only_spoken;
use super::stamp::{BSD, ISO};
use super::text::{quoted, utf8};
use super::{Glance, Names, Recall};
use crate::format::Context;
use crate::formats::postfix::{delay, is_queue_id, outcome};
use crate::formats::syslog_3164::{names_month, origin, priority};
use crate::formats::syslog_5424::names as columns;
use crate::stamp::When;
use crate::token::duration::Unit;
use crate::token::role::Role;
use crate::token::served::may;
use crate::token::wrapped::is_structured;
use crate::token::{level, login, number, pairs};
use memchr::{memchr_iter, memmem};
use std::borrow::Cow;

/// See [`super::Look`].
pub(super) fn look_bsd<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    let (mut glance, said) = bsd(line, recall)?;
    if speaks_otherwise(said, cx) {
        return None;
    }
    only_spoken(&mut glance, said, recall)?;
    saying(glance, said, recall)
}

/// Whether a message may be a line of a format that the programs of this file speak.
fn speaks_otherwise(said: &[u8], cx: &Context<'_>) -> bool {
    !cx.layout.inner.is_empty() && is_structured(said)
}

/// See [`super::Look`].
pub(super) fn look_postfix<'a>(
    line: &'a [u8],
    _: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    let (mut glance, said) = bsd(line, recall)?;
    if !glance.service.as_ref()?.starts_with("postfix") || may(said) || login::may_sasl(said) {
        return None;
    }
    let id = said
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    if let Some((id, rest)) = said.split_at_checked(id)
        && rest.starts_with(b": ")
        && let Some(id) = std::str::from_utf8(id).ok().filter(|id| is_queue_id(id))
    {
        glance.id = Some(Cow::Borrowed(id));
    }
    glance.follows = glance.id.is_some() && !recall.names.say_how_long(said);
    if glance.follows && memmem::find(said, b"delay=").is_some() {
        let pairs = pairs::among_words(std::str::from_utf8(said).ok()?);
        for (_, value) in pairs.filter(|(name, _)| *name == "delay") {
            recall
                .notes
                .latency(value.as_bytes(), Unit::Seconds, |text, _| delay(text));
            glance.latency_ms = glance.latency_ms.or_else(|| delay(value));
        }
    }
    if glance.level.is_none() && names_outcome(said) {
        let pairs = pairs::among_words(std::str::from_utf8(said).ok()?);
        let mut outcomes = pairs.filter(|(name, _)| *name == "status");
        glance.level = outcomes.find_map(|(_, value)| outcome(value));
    }
    saying(glance, said, recall)
}

/// Whether a message may name an outcome that is a level: most end in `status=sent`.
fn names_outcome(said: &[u8]) -> bool {
    memchr_iter(b'=', said).any(|at| {
        let value = said.get(at + 1);
        matches!(value, Some(b'b' | b'd' | b'u' | b'"'))
            && said.get(..at).is_some_and(|name| name.ends_with(b"status"))
    })
}

/// The glance with what it says, if that matters.
fn saying<'a>(mut glance: Glance<'a>, said: &'a [u8], recall: &Recall) -> Option<Glance<'a>> {
    if recall.asks(&glance) {
        glance.message = utf8(said)?;
    }
    Some(glance)
}

/// A line but for its message, and the message.
fn bsd<'a>(line: &'a [u8], recall: &mut Recall) -> Option<(Glance<'a>, &'a [u8])> {
    let (rest, priority) = match priority(line) {
        Ok((rest, priority)) => (rest, Some(priority)),
        Err(_) => (line, None),
    };
    if priority.is_some() {
        recall.notes.pin(before(line, rest));
    }
    let (rest, at) = match rest.first()? {
        b'A'..=b'Z' | b'a'..=b'z' => recall.stamp.read(BSD, rest)?,
        b'0'..=b'9' => recall
            .stamp
            .read(ISO, rest)
            .filter(|(_, at)| matches!(at.when, When::Instant(_)))?,
        _ => return None,
    };
    let (rest, origin) = origin(rest).ok()?;
    let isolated =
        matches!(at.when, When::Yearless { .. }) || priority.is_some() || names_month(line);
    let is_level = |tag| level::word(tag).is_some();
    if !isolated && origin.tag.is_none_or(is_level) {
        return None;
    }
    let said = rest.trim_ascii_end();
    let stated = priority.and_then(|p| level::syslog(p % 8));
    let level = level::spotted(rest).or(origin.level).or(stated);
    // Some programs' messages are formats of their own.
    if recall.names.say_more(said, level.is_some())
        || origin.tag.is_some_and(|t| t.starts_with(b"haproxy"))
    {
        return None;
    }
    let service = match origin.tag {
        Some(tag) => Some(utf8(tag)?),
        None => None,
    };
    let host = match origin.host {
        Some(host) => Some(utf8(host)?),
        None => None,
    };
    let glance = Glance {
        at: Some(at),
        level,
        service,
        host,
        ..Glance::default()
    };
    Some((glance, said))
}

/// See [`super::Look`].
pub(super) fn look_ietf<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    if line.first() != Some(&b'<') {
        return None;
    }
    let (rest, priority) = priority(line).ok()?;
    let (rest, version) = number(1, 2)(rest).ok()?;
    let rest = rest.strip_prefix(b" ")?;
    if version == 0 {
        return None;
    }
    recall.notes.pin(before(line, rest));
    let (rest, at) = recall.stamp.read(ISO, rest)?;
    let rest = rest.strip_prefix(b" ")?;
    let (rest, [_, app, ..]) = columns(rest).ok()?;
    let (rest, answered) = match rest.strip_prefix(b"-") {
        Some(rest) => (rest, false),
        None => behind_data(rest, app.is_some(), &mut recall.names)?,
    };
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest);
    let said = rest.trim_ascii_end();
    if speaks_otherwise(said, cx) {
        return None;
    }
    if said.is_empty() || recall.names.say_more(said, true) {
        return None;
    }
    let service = match app {
        Some(app) => Some(utf8(app)?),
        None => None,
    };
    let mut glance = Glance {
        at: Some(at),
        level: level::spotted(rest).or(level::syslog(priority % 8)),
        service,
        ..Glance::default()
    };
    if answered && may(said) {
        return None;
    }
    only_spoken(&mut glance, said, recall)?;
    saying(glance, said, recall)
}

/// What stands before the rest of a line.
fn before<'a>(line: &'a [u8], rest: &[u8]) -> &'a [u8] {
    line.get(..line.len() - rest.len()).unwrap_or_default()
}

/// What follows structured data that says nothing of whose a request is, nor whose the entry is
/// where the header does not; and whether it says how one ended.
fn behind_data<'a>(i: &'a [u8], has_app: bool, names: &mut Names) -> Option<(&'a [u8], bool)> {
    let (mut rest, mut place, mut answered) = (i, 0, false);
    while let Some(element) = rest.strip_prefix(b"[") {
        let end = |b: &u8| matches!(b, b' ' | b']');
        rest = element.get(element.iter().position(end)?..)?;
        while let Some(parameter) = rest.strip_prefix(b" ") {
            let end = |b: &u8| matches!(b, b'=' | b' ' | b']' | b'"');
            let (name, after) = parameter.split_at_checked(parameter.iter().position(end)?)?;
            match names.role(place, name) {
                Some((Role::Method | Role::RequestId, _)) => return None,
                Some((Role::Service, _)) if !has_app => return None,
                Some((Role::Path | Role::Status | Role::Latency(_), _)) => answered = true,
                _ => {}
            }
            place += 1;
            rest = quoted(after.strip_prefix(b"=")?)?.2;
        }
        rest = rest.strip_prefix(b"]")?;
    }
    Some((rest, answered))
}
