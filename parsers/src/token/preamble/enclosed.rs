//! Parts in brackets: levels, threads, loggers, processes, traces.

use super::Preamble;
use super::names::{is_dotted, is_identifier, is_number};
use crate::record::Level;
use crate::token::level;
use crate::token::text::until;

/// Takes what `end` closes.
pub(super) fn part<'a>(i: &'a [u8], end: u8, found: &mut Preamble<'a>) -> Option<&'a [u8]> {
    let (mut rest, mut inner) = until(end)(i.get(1..)?).ok()?;
    // Names of threads and peers may hold brackets themselves: `[QuorumPeer[myid=1]/…]`.
    if end == b']' && inner.contains(&b'[') {
        let (after, more) = until(b']')(rest).ok()?;
        inner = i.get(1..1 + inner.len() + 1 + more.len())?;
        rest = after;
    }
    let inner = inner.trim_ascii();
    if end == b']'
        && found.request.is_none()
        && let Some((service, id)) = traced(inner)
    {
        found.request = (!id.is_empty()).then_some(id);
        found.service = found.service.or(service.filter(|s| !s.is_empty()));
        return Some(rest);
    }
    let known = found.level.is_some() && found.logger.is_some();
    if end == b']' && known && found.request.is_none() && is_id(inner) {
        found.request = Some(inner);
        return Some(rest);
    }
    if inner.is_empty() {
        // A layout's place for what this entry does not have.
    } else if let (None, Some(level)) = (found.level, level::word(inner)) {
        found.level = Some(level);
    } else if let (None, Some((thread, level))) = (found.level, thread_and_level(inner)) {
        (found.level, found.thread) = (Some(level), found.thread.or(Some(thread)));
        // Minecraft: the colon ends what is known.
        rest = rest.strip_prefix(b":").unwrap_or(rest);
    } else if is_number(inner) && found.pid.is_none() {
        found.pid = Some(inner);
    } else if end == b']' && found.logger.is_none() && is_dotted(inner) {
        found.logger = Some(inner);
    } else if found.thread.is_none() && found.level.is_some() | (end == b']') && inner.len() <= 80 {
        found.thread = Some(inner);
    } else {
        return None;
    }
    Some(rest)
}

/// `[5d0c66e91a42] Order taken`: the id of a request that a message begins with.
pub(super) fn leading_id(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, inner) = until(b']')(message.strip_prefix(b"[")?).ok()?;
    (is_id(inner) && rest.first().is_none_or(|b| *b == b' ')).then_some((rest, inner))
}

/// Hexadecimal digits, as many as ids have.
fn is_id(inner: &[u8]) -> bool {
    matches!(inner.len(), 8 | 12 | 16 | 24 | 32) && inner.iter().all(u8::is_ascii_hexdigit)
}

/// What Spring Cloud Sleuth puts in brackets, `basket,4f1c2b1a…,9a5e1b2c…` with or without a
/// fourth part, Micrometer's `4f1c2b1a…-9a5e1b2c…`, or a UUID: the program and the request.
fn traced(inner: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let hex =
        |i: &[u8], len: &[usize]| len.contains(&i.len()) && i.iter().all(u8::is_ascii_hexdigit);
    if inner.contains(&b',') {
        let commas: Vec<&[u8]> = inner.split(|b| *b == b',').take(5).collect();
        return match commas.as_slice() {
            [service, trace, span] | [service, trace, span, _]
                if (is_identifier(service) || service.is_empty())
                    && (hex(trace, &[16, 32]) && hex(span, &[16])
                        || (trace.is_empty() && span.is_empty())) =>
            {
                Some((Some(*service), *trace))
            }
            _ => None,
        };
    }
    if !matches!(inner.len(), 36 | 49) {
        return None;
    }
    let dashes: Vec<&[u8]> = inner.split(|b| *b == b'-').take(6).collect();
    match dashes.as_slice() {
        [trace, span] if hex(trace, &[32]) && hex(span, &[16]) => Some((None, *trace)),
        [a, b, c, d, e]
            if hex(a, &[8]) && [b, c, d].iter().all(|p| hex(p, &[4])) && hex(e, &[12]) =>
        {
            Some((None, inner))
        }
        _ => None,
    }
}

/// `Server thread/WARN`, the last part shouted.
fn thread_and_level(inner: &[u8]) -> Option<(&[u8], Level)> {
    let slash = inner.iter().rposition(|b| *b == b'/')?;
    let (thread, word) = inner.split_at_checked(slash)?;
    let word = word.get(1..)?;
    let shouted = word.iter().all(u8::is_ascii_uppercase);
    (shouted && !thread.is_empty()).then(|| Some((thread, level::word(word)?)))?
}
