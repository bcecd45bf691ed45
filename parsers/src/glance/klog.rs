//! klog and glog.

use super::logfmt::Named;
use super::served::only_spoken;
use super::stamp::KLOG;
use super::text::{blank, quoted, utf8};
use super::{Glance, Recall};
use crate::format::Context;
use crate::stamp::Precision;
use crate::token::level;
use crate::token::text::unescape;
use memchr::memchr;

/// See [`super::Look`].
pub(super) fn look<'a>(line: &'a [u8], _: &Context<'_>, recall: &mut Recall) -> Option<Glance<'a>> {
    let (letter, rest) = line.split_first()?;
    if !matches!(letter, b'I' | b'W' | b'E' | b'F' | b'C' | b'D' | b'V') {
        return None;
    }
    let (rest, at) = recall.stamp.read(KLOG, rest)?;
    if at.precision < Precision::Fraction(1) {
        return None;
    }
    let rest = blank(rest);
    let end = |b: &u8| matches!(b, b' ' | b'\t' | b'\r');
    let thread = rest.iter().position(end).filter(|n| *n > 0)?;
    let place = blank(rest.get(thread..)?);
    let (place, rest) = place.split_at_checked(memchr(b']', place)?)?;
    if place.contains(&b' ') || !place.contains(&b':') {
        return None;
    }
    let rest = blank(rest.get(1..)?);
    let mut glance = Glance {
        at: Some(at),
        level: level::letter(*letter),
        ..Glance::default()
    };
    let (mut said, mut tells) = (None, true);
    let opening = quoted(rest);
    if opening.is_none() && recall.names.say_more(rest, true) {
        return None;
    }
    if let Some((message, escaped, after)) = opening {
        let (named, bare) = Named::of(after, &mut recall.names)?;
        // With bare words among the pairs it is a message that merely begins with a quoted one.
        if bare == 0 {
            if message.is_empty() {
                return None;
            }
            glance.service = named.service()?;
            glance.request = named.request()?;
            glance.id = named.id()?;
            named.tell(&mut glance, (message, escaped), &mut recall.notes)?;
            said = Some((message, escaped));
            tells = false;
        }
    }
    if tells {
        only_spoken(&mut glance, rest.trim_ascii_end(), recall)?;
    }
    if recall.asks(&glance) {
        glance.message = match said {
            Some((message, true)) => {
                std::str::from_utf8(message).ok()?;
                unescape(message)
            }
            Some((message, false)) => utf8(message)?,
            None => utf8(rest.trim_ascii_end())?,
        };
    }
    Some(glance)
}
