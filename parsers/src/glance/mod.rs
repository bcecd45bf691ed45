//! A look at an entry for what a survey needs and no more: when, how bad, whose, what sort
//! of request. No field is filed and nothing is allocated.
//!
//! A format may have a glance beside its grammar. It takes the entries that nearly all of a
//! file consists of and says "not sure" to any other: then the grammar reads them. What it
//! does say is what the grammar would, field by field; `tests/glances.rs` holds it to that,
//! over the samples and whatever chance makes of them.

mod access_log;
mod bits;
mod by_outline;
mod cri;
mod json_lines;
mod json_syntax;
mod json_values;
mod klog;
mod lines;
mod log4j;
mod logfmt;
mod mask;
mod names;
mod outline;
mod recipe;
mod served;
mod shape;
mod spelt;
mod stamp;
mod steps;
mod syslog;
mod text;

pub use by_outline::ByOutline;
pub use lines::{Seen, Sight, sights};
pub use mask::variable;
pub use names::Names;
pub use outline::Outline;
pub use spelt::Spelt;
pub use stamp::Memo;

use crate::format::{Context, Format};
use crate::formats::FORMATS;
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use outline::Outlines;
use recipe::Notes;
use std::borrow::Cow;

/// What a survey needs to know of an entry that is a log line or a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance<'a> {
    /// When, as stated.
    pub at: Option<Reading>,
    /// Severity.
    pub level: Option<Level>,
    /// The program or service that the entry is about.
    pub service: Option<Cow<'a, str>>,
    /// Of a request that was served: what and how it ended.
    pub request: Option<Request<'a>>,
    /// The id that it shares with other entries of its request, if it has one of three bytes or
    /// more.
    pub id: Option<Cow<'a, str>>,
    /// What it says, first line at least, if [`Glance::speaks`] or [`Glance::follows`] or all is
    /// asked for; anything otherwise.
    pub message: Cow<'a, str>,
    /// The host that wrote it, if [`Glance::follows`]; anything otherwise.
    pub host: Option<Cow<'a, str>>,
    /// How long it took, in milliseconds; absent if the entry does not say, or if it is no request and not
    /// [`Glance::follows`], where it may be left open.
    pub latency_ms: Option<f64>,
    /// The entry has an id, and all that whoever follows the request asks of it was seen:
    /// message, host and latency.
    pub follows: bool,
    /// What it has in common with other lines, if that is remembered of it.
    pub outline: Option<Outline>,
}

/// A request that was served.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<'a> {
    /// Its method; absent where the entry does not say.
    pub method: Option<Cow<'a, str>>,
    /// Its path; absent where the entry does not say.
    pub path: Option<Cow<'a, str>>,
    /// Its status; absent where the entry does not say.
    pub status: Option<i64>,
}

/// Shorter ids are none.
const ID: usize = 3;

impl<'a> Glance<'a> {
    /// Whether the message matters: that of a request does not unless it is an error, which may say why it
    /// failed, nor that of a line which says itself that all is well.
    #[must_use]
    pub fn speaks(&self) -> bool {
        match self.request {
            None => self.level.is_none_or(|l| l >= Level::Warn),
            Some(_) => self.level >= Some(Level::Error),
        }
    }

    /// The same look at a whole record; `None` if that is no log line and no request.
    #[must_use]
    pub fn of<'r>(record: &'r Record<'a>) -> Option<Glance<'r>> {
        let text = |name| record.fields.text(name).map(Cow::Borrowed);
        let latency = record.fields.get(field::LATENCY_MS);
        let request = match record.kind {
            Kind::Log => None,
            Kind::Access => Some(Request {
                method: text(field::METHOD),
                path: text(field::PATH),
                status: record
                    .fields
                    .get(field::STATUS)
                    .and_then(crate::Value::as_f64)
                    .map(|s| {
                        #[allow(clippy::cast_possible_truncation)]
                        let whole = s as i64;
                        whole
                    }),
            }),
            _ => return None,
        };
        let id = text(field::REQUEST_ID).filter(|id| id.len() >= ID);
        Some(Glance {
            at: record.at,
            level: record.level,
            service: record.service.as_deref().map(Cow::Borrowed),
            request,
            follows: id.is_some(),
            id,
            message: Cow::Borrowed(&record.message),
            host: record.host.as_deref().map(Cow::Borrowed),
            latency_ms: latency.and_then(crate::Value::as_f64),
            outline: None,
        })
    }
}

/// What one reader of a file remembers of the entries before: a cache, so that it can be
/// lost at any time without any result being another.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    stamp: Memo,
    /// Of a container runtime, around the other one.
    outer: Memo,
    names: Names,
    /// Every message is asked for.
    hears: bool,
    outlines: Outlines,
    notes: Notes,
}

impl Recall {
    /// For who needs every message, of which a survey does without most.
    #[must_use]
    pub fn hearing() -> Self {
        Self {
            hears: true,
            ..Self::default()
        }
    }

    /// Whether the message is asked for.
    fn asks(&self, glance: &Glance<'_>) -> bool {
        self.hears || glance.speaks() || glance.follows
    }
}

/// Looks at one line; `None` means "not sure".
pub type Look = for<'a> fn(&'a [u8], &Context<'_>, &mut Recall) -> Option<Glance<'a>>;

/// How a format is glanced at.
#[derive(Clone, Copy, Debug)]
pub struct Glancer {
    /// Looks at an entry of one line, without its line end.
    pub look: Look,
    /// Lines that continue an entry never change what its first line showed.
    pub first_line_is_all: bool,
}

/// How entries of `format` are glanced at; `None` where only its grammar reads them.
#[must_use]
pub fn glancer(format: &Format) -> Option<Glancer> {
    // A declared format may have any name.
    let own = || FORMATS.iter().any(|f| std::ptr::eq(*f, format));
    of_name(format.name).filter(|_| own())
}

fn of_name(name: &str) -> Option<Glancer> {
    let (look, first_line_is_all): (Look, bool) = match name {
        "access-log" => (access_log::look, true),
        "cri" => (cri::look, false),
        "json-lines" => (json_lines::look, false),
        "klog" => (klog::look, false),
        "log4j" => (log4j::look, false),
        "logfmt" => (logfmt::look, true),
        "postfix" => (syslog::look_postfix, false),
        "syslog-3164" => (syslog::look_bsd, false),
        "syslog-5424" => (syslog::look_ietf, false),
        _ => return None,
    };
    Some(Glancer {
        look,
        first_line_is_all,
    })
}
