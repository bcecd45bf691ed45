//! Requests that stand in the words of a message.

use super::recipe::Notes;
use super::{Glance, Request};
use crate::token::duration::millis;
use crate::token::login;
use crate::token::served::{Took, is_status, may, read};
use crate::token::trailing;
use std::borrow::Cow;

/// What the words of a message say of a request besides the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    pub(super) took: Option<Took<'a>>,
}

impl Words<'_> {
    /// Tells how long it took, if nothing else does.
    pub(super) fn time(&self, glance: &mut Glance<'_>, notes: &mut Notes) {
        if let (None, Some(took)) = (glance.latency_ms, self.took) {
            glance.latency_ms = took.ms();
            notes.latency(took.text.as_bytes(), took.unit, millis);
        }
    }
}

/// Gives a glance without a request the one that `said` tells of; `status` is what a field says of
/// it. The outer `None` is "not sure".
#[inline]
pub(super) fn spoken<'a>(
    glance: &mut Glance<'a>,
    said: &'a [u8],
    status: Option<i64>,
    notes: &mut Notes,
) -> Option<Option<Words<'a>>> {
    // What an object behind the words says is for the grammar.
    if trailing::may(said) {
        return None;
    }
    if glance.request.is_some() {
        return Some(None);
    }
    // Of logins the grammar says who it was and how it ended.
    if login::may(said) {
        return None;
    }
    if !may(said) {
        return Some(None);
    }
    look(glance, said, status, notes)
}

fn look<'a>(
    glance: &mut Glance<'a>,
    said: &'a [u8],
    status: Option<i64>,
    notes: &mut Notes,
) -> Option<Option<Words<'a>>> {
    let look = read(std::str::from_utf8(said).ok()?, status.is_some());
    if look.by_digits {
        notes.refuse();
    }
    let Some(served) = look.served else {
        return Some(None);
    };
    let status = match (status, served.status) {
        (None, None) => return Some(None),
        // A word may be no status in another line, and then the field is one still.
        (Some(_), Some(_)) => return None,
        (Some(status), None) => status,
        (None, Some(text)) => {
            notes.status(text.as_bytes());
            text.parse().ok()?
        }
    };
    if !is_status(status) {
        notes.refuse();
        return Some(None);
    }
    notes.limit_status();
    glance.request = Some(Request {
        method: Some(Cow::Borrowed(served.method)),
        path: Some(Cow::Borrowed(served.path)),
        status: Some(status),
    });
    Some(Some(Words { took: served.took }))
}

/// As [`spoken`] for formats of which nothing but the message tells of requests.
#[inline]
pub(super) fn only_spoken<'a>(
    glance: &mut Glance<'a>,
    said: &'a [u8],
    recall: &mut super::Recall,
) -> Option<()> {
    if let Some(words) = spoken(glance, said, None, &mut recall.notes)? {
        if words.took.is_none() && recall.names.say_how_long(said) {
            return None;
        }
        words.time(glance, &mut recall.notes);
        glance.follows |= glance.id.is_some() && words.took.is_some();
    }
    Some(())
}
