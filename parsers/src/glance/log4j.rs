//! Java's layouts that begin with the time.

use super::served::only_spoken;
use super::stamp::ISO;
use super::text::utf8;
use super::{Glance, ID, Recall};
use crate::format::Context;
use crate::formats::log4j::meant;
use crate::token::preamble::{preamble, trailing_logger};

/// See [`super::Look`].
pub(super) fn look<'a>(
    line: &'a [u8],
    cx: &Context<'_>,
    recall: &mut Recall,
) -> Option<Glance<'a>> {
    let opened = line.strip_prefix(b"[");
    let begins = opened.unwrap_or(line);
    if !begins.first()?.is_ascii_digit() {
        return None;
    }
    let (rest, at) = recall.stamp.read(ISO, begins)?;
    let rest = match opened {
        Some(_) => rest.strip_prefix(b"]")?,
        None => rest,
    };
    let said = preamble(rest);
    let level = said.level?;
    if said.logger.is_none() && said.thread.is_none() {
        trailing_logger(said.message)?;
    }
    let said = meant(said, cx.layout);
    if said.request.is_none() && recall.names.say_more(said.message, true) {
        return None;
    }
    let name = |i: Option<&'a [u8]>| i.map_or(Some(None), |i| utf8(i).map(Some));
    let service = name(said.program.or(said.service))?;
    let id = name(said.request)?.filter(|id| id.len() >= ID);
    let mut glance = Glance {
        at: Some(at),
        level: Some(level),
        service,
        follows: id.is_some() && !recall.names.say_how_long(said.message),
        id,
        ..Glance::default()
    };
    only_spoken(&mut glance, said.message.trim_ascii_end(), recall)?;
    if recall.asks(&glance) {
        glance.message = utf8(said.message.trim_ascii_end())?;
    }
    Some(glance)
}
