//! What a format makes of one entry: a [`Record`].

use crate::stamp::Reading;

use std::borrow::Cow;
use std::ops::Range;

/// The names under which formats file what they find, so that the rest of recon
/// need not know the format. Other names are kept as the input spells them.
pub mod field {
    /// HTTP (or comparable) status code, an integer.
    pub const STATUS: &str = "status";
    /// Request method.
    pub const METHOD: &str = "method";
    /// Request path, without its query.
    pub const PATH: &str = "path";
    /// The user whom the entry is about.
    pub const USER: &str = "user";
    /// An id shared by the entries of one request (request, correlation or trace id).
    pub const REQUEST_ID: &str = "request_id";
    /// A session id.
    pub const SESSION: &str = "session";
    /// The address the request came from.
    pub const CLIENT: &str = "client";
    /// How long the request took, in milliseconds, a float.
    pub const LATENCY_MS: &str = "latency_ms";
    /// Logger, class or module.
    pub const LOGGER: &str = "logger";
    /// Exception or error class.
    pub const ERROR: &str = "error";
    /// The identity of an alert, incident, ticket or change across its records.
    pub const ID: &str = "id";
    /// Name of the rule, check or monitor that alerts.
    pub const ALERT: &str = "alert";
    /// Severity or priority, as the input words it.
    pub const SEVERITY: &str = "severity";
    /// When an alert began, where the record's own time is another one: a [`super::Value::Time`].
    pub const STARTS_AT: &str = "starts_at";
    /// Kind of change: deploy, rollback, config, flag, restart, migration, secret, scale … and
    /// what puts nothing into production: commit, build, release, maintenance.
    pub const CHANGE: &str = "change";
    /// Version, tag or commit that a change puts in place.
    pub const VERSION: &str = "version";
    /// Where a change lands: production, staging …
    pub const ENVIRONMENT: &str = "environment";
    /// Where people claim it, in an incident record that they fill in rather than in one that
    /// a machine keeps: `status page`, `incident record`.
    pub const CLAIMED: &str = "claimed";
    /// Chat channel.
    pub const CHANNEL: &str = "channel";
    /// The older words of somebody that a message of a chat repeats and answers.
    pub const ANSWERS: &str = "answers";
    /// Which part of a document a note stands in: `stated` (the facts of its head),
    /// summary, timeline, detection, actions, misleading, escalation, resolution,
    /// root_cause, impact, measures, tasks.
    pub const SECTION: &str = "section";
}

/// Severity of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finest.
    Trace,
    /// For developers.
    Debug,
    /// Business as usual.
    Info,
    /// Odd, not failed.
    Warn,
    /// Something failed.
    Error,
    /// The program or the service cannot go on.
    Fatal,
}

impl Level {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// State that an alert record reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertState {
    /// The condition holds.
    Firing,
    /// The source says that it no longer holds.
    Resolved,
    /// The condition holds, but not yet for so long or so often that anybody is told.
    Pending,
    /// No data, paused, expired, suppressed: neither firing nor recovered.
    Unknown,
}

/// What happened to a page or a paged incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageAct {
    /// The incident was opened.
    Triggered,
    /// Somebody was notified.
    Notified,
    /// Somebody took it.
    Acknowledged,
    /// The acknowledgement was withdrawn or lapsed.
    Unacknowledged,
    /// Moved to the next level.
    Escalated,
    /// Handed to somebody else, or further responders were asked.
    Reassigned,
    /// A note, a priority or another attribute.
    Annotated,
    /// Closed.
    Resolved,
    /// Opened again.
    Reopened,
}

/// How far a change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeState {
    /// Asked for or planned.
    Requested,
    /// Under way.
    Started,
    /// In effect.
    Finished,
    /// Did not take effect.
    Failed,
}

/// What sort of thing an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A program's own log line.
    Log,
    /// One request served.
    Access,
    /// A monitoring alert.
    Alert(AlertState),
    /// A page or an incident record of a paging product.
    Page(PageAct),
    /// A deploy, config change, flag, migration, restart …
    Change(ChangeState),
    /// A chat message.
    Chat,
    /// A ticket or customer report.
    Ticket,
    /// A statement in a written document.
    Note,
}

impl Kind {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Access => "access",
            Self::Alert(_) => "alert",
            Self::Page(_) => "page",
            Self::Change(_) => "change",
            Self::Chat => "chat",
            Self::Ticket => "ticket",
            Self::Note => "note",
        }
    }
}

impl Kind {
    /// The name in the output of what an alert, a page or a change reports of itself.
    #[must_use]
    pub const fn state(self) -> Option<&'static str> {
        Some(match self {
            Self::Alert(state) => match state {
                AlertState::Firing => "firing",
                AlertState::Resolved => "resolved",
                AlertState::Pending => "pending",
                AlertState::Unknown => "unknown",
            },
            Self::Page(act) => match act {
                PageAct::Triggered => "triggered",
                PageAct::Notified => "notified",
                PageAct::Acknowledged => "acknowledged",
                PageAct::Unacknowledged => "unacknowledged",
                PageAct::Escalated => "escalated",
                PageAct::Reassigned => "reassigned",
                PageAct::Annotated => "annotated",
                PageAct::Resolved => "resolved",
                PageAct::Reopened => "reopened",
            },
            Self::Change(state) => match state {
                ChangeState::Requested => "requested",
                ChangeState::Started => "started",
                ChangeState::Finished => "finished",
                ChangeState::Failed => "failed",
            },
            Self::Log | Self::Access | Self::Chat | Self::Ticket | Self::Note => return None,
        })
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor<'a> {
    /// As the input names them.
    pub name: Cow<'a, str>,
    /// A bot, an integration or the system itself rather than a person.
    pub bot: bool,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A time.
    Time(Reading),
}

impl Value<'_> {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Int(i) => Some(*i as f64),
            Self::Float(f) => Some(*f),
            _ => None,
        }
    }

    fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(t) => Value::Text(Cow::Owned(t.into_owned())),
            Self::Int(i) => Value::Int(i),
            Self::Float(f) => Value::Float(f),
            Self::Time(r) => Value::Time(r),
        }
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Text(String::from_utf8_lossy(bytes))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<Reading> for Value<'_> {
    fn from(reading: Reading) -> Self {
        Self::Time(reading)
    }
}

/// Named values in the order the input has them. Few enough that a scan beats a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Fields<'a> {
    /// Files `value` under `name`; a second value of one name is kept but not found.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) {
        self.0.push((name.into(), value.into()));
    }

    /// Files those of them that are known.
    pub fn push_known<N, V>(&mut self, pairs: impl IntoIterator<Item = (N, Option<V>)>)
    where
        N: Into<Cow<'a, str>>,
        V: Into<Value<'a>>,
    {
        for (name, value) in pairs {
            if let Some(value) = value {
                self.push(name, value);
            }
        }
    }

    /// Forgets all values of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| n != name);
    }

    /// The first value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The first value of this name, if it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(n, v)| (n.as_ref(), v))
    }

    /// Takes over all of `others` behind these, so that these are found first.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One thing that an input records, borrowed from the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// When, as stated; absent where the entry states no time.
    pub at: Option<Reading>,
    /// The time is that of receipt, since the payload has none of its own.
    pub received: bool,
    /// Severity.
    pub level: Option<Level>,
    /// The program or service that the entry is about.
    pub service: Option<Cow<'a, str>>,
    /// The machine, pod or container.
    pub host: Option<Cow<'a, str>>,
    /// Who did or said it.
    pub actor: Option<Actor<'a>>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// What it says.
    pub message: Cow<'a, str>,
    /// Everything else that has a name.
    pub fields: Fields<'a>,
    /// The bytes of the entry that this record stands in, where an entry holds several.
    pub part: Option<Range<usize>>,
    /// No entry of its own: it goes on with the one before, although its line looks like
    /// a head (a stack trace whose every line a container runtime has stamped).
    pub continues: bool,
}

impl<'a> Record<'a> {
    /// A record of this kind that says `message`, with nothing else known.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            at: None,
            received: false,
            level: None,
            service: None,
            host: None,
            actor: None,
            kind,
            message: message.into(),
            fields: Fields::default(),
            part: None,
            continues: false,
        }
    }

    /// The same record, independent of the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        let own = |c: Cow<'_, str>| Cow::<'static, str>::Owned(c.into_owned());
        Record {
            at: self.at,
            received: self.received,
            level: self.level,
            service: self.service.map(own),
            host: self.host.map(own),
            actor: self.actor.map(|a| Actor {
                name: own(a.name),
                bot: a.bot,
            }),
            kind: self.kind,
            message: own(self.message),
            fields: Fields(
                self.fields
                    .0
                    .into_iter()
                    .map(|(n, v)| (own(n), v.into_owned()))
                    .collect(),
            ),
            part: self.part,
            continues: self.continues,
        }
    }
}
