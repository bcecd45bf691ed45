//! PagerDuty's webhooks, version 3, one event a line.

use super::fingerprint;
use crate::bundle::Mark;
use crate::cast::Person;
use crate::json::{Json, object};
use crate::time::{Time, Zone};

/// What is paged about.
#[derive(Clone, Copy, Debug)]
pub struct Incident {
    /// Id.
    pub id: &'static str,
    /// Number.
    pub number: i64,
    /// Title.
    pub title: &'static str,
    /// Service.
    pub service: &'static str,
    /// When it was opened.
    pub created: Time,
}

/// What happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opened by the monitoring integration.
    Triggered,
    /// Taken.
    Acknowledged,
    /// To the next level, by a person.
    Escalated,
    /// Further people asked.
    Responder,
    /// A note.
    Annotated(&'static str),
    /// Closed.
    Resolved,
}

/// One event of a page.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its incident.
    pub incident: Incident,
    /// When.
    pub at: Time,
    /// What.
    pub act: Act,
    /// Who; nobody where the integration did it.
    pub by: Option<Person>,
    /// Who has it now.
    pub to: Person,
    /// What it is in the story.
    pub mark: Option<Mark>,
}

impl Event {
    /// The same event, which is `mark` in the story.
    #[must_use]
    pub const fn is(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }
}

/// The events of one incident, written as they happened.
#[derive(Clone, Debug)]
pub struct Pager {
    incident: Incident,
    to: Person,
    /// The events so far.
    pub events: Vec<Event>,
}

impl Pager {
    /// Opens an incident and assigns it.
    #[must_use]
    pub fn open(incident: Incident, to: Person) -> Self {
        let first = Event {
            incident,
            at: incident.created,
            act: Act::Triggered,
            by: None,
            to,
            mark: None,
        };
        Self {
            incident,
            to,
            events: vec![first.is(Mark::Paged)],
        }
    }

    /// Adds an event by a person.
    #[must_use]
    pub fn then(mut self, at: Time, act: Act, by: Person, mark: Option<Mark>) -> Self {
        self.events.push(Event {
            incident: self.incident,
            at,
            act,
            by: Some(by),
            to: self.to,
            mark,
        });
        self
    }

    /// Hands it to somebody else, who is the assignee from now on.
    #[must_use]
    pub fn hand(mut self, at: Time, act: Act, by: Person, to: Person, mark: Option<Mark>) -> Self {
        self.to = to;
        self.then(at, act, by, mark)
    }

    /// Closed by the integration, not by a person.
    #[must_use]
    pub fn closed_by_itself(mut self, at: Time) -> Self {
        let to = self.to;
        self = self.then(at, Act::Resolved, to, None);
        if let Some(last) = self.events.last_mut() {
            last.by = None;
        }
        self
    }
}

/// All events as one file.
#[must_use]
pub fn render(events: &[Event]) -> String {
    events
        .iter()
        .map(|e| format!("{}\n", object([("event", body(e))])))
        .collect()
}

/// A person as PagerDuty refers to them.
pub(super) fn user(person: Person) -> Json {
    let id = fingerprint(&[person.login]) % 0xfff_ffff;
    object([
        ("id", format!("P{id:07X}").into()),
        ("type", "user_reference".into()),
        ("summary", person.name.into()),
    ])
}

fn body(event: &Event) -> Json {
    let (kind, status) = match event.act {
        Act::Triggered => ("incident.triggered", "triggered"),
        Act::Acknowledged => ("incident.acknowledged", "acknowledged"),
        Act::Escalated => ("incident.escalated", "triggered"),
        Act::Responder => ("incident.responder.added", "acknowledged"),
        Act::Annotated(_) => ("incident.annotated", "acknowledged"),
        Act::Resolved => ("incident.resolved", "resolved"),
    };
    let at = event.at.rfc3339();
    let id = fingerprint(&[event.incident.id, &at, kind]);
    let agent = event.by.map_or_else(|| integration(event), user);
    object([
        ("id", format!("01{id:016X}").into()),
        ("event_type", kind.into()),
        ("resource_type", "incident".into()),
        ("occurred_at", event.at.stamp_ms(Zone::UTC).into()),
        ("agent", agent),
        ("client", Json::Null),
        ("data", data(event, status)),
    ])
}

fn integration(event: &Event) -> Json {
    object([
        ("id", "PSVC114".into()),
        ("type", "service_reference".into()),
        ("summary", event.incident.service.into()),
    ])
}

fn data(event: &Event, status: &str) -> Json {
    let incident = &event.incident;
    if let Act::Annotated(note) = event.act {
        return object([
            (
                "incident",
                object([
                    ("id", incident.id.into()),
                    ("summary", incident.title.into()),
                ]),
            ),
            ("content", note.into()),
            ("type", "incident_note".into()),
        ]);
    }
    object([
        ("id", incident.id.into()),
        ("type", "incident".into()),
        ("number", incident.number.into()),
        ("status", status.into()),
        ("created_at", incident.created.stamp_s(Zone::UTC).into()),
        ("title", incident.title.into()),
        (
            "service",
            object([
                ("id", "PSVC114".into()),
                ("type", "service_reference".into()),
                ("summary", incident.service.into()),
            ]),
        ),
        ("assignees", Json::List(vec![user(event.to)])),
        ("priority", object([("summary", "P1".into())])),
        ("urgency", "high".into()),
    ])
}
