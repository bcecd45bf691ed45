//! The body of a mail that tells an alert, in lines of a name and a value.

use crate::stamp::Reading;
use crate::token::change::is_environment;
use crate::token::mail::time;

/// What a body tells in lines of a name and a value.
#[derive(Debug, Default)]
pub struct Facts<'b> {
    /// Lines that only alerts have.
    pub labels: usize,
    /// What it is about.
    pub service: Option<&'b str>,
    /// It is said that no service is meant.
    pub unserved: bool,
    /// Where.
    pub host: Option<&'b str>,
    /// Of which environment.
    pub environment: Option<&'b str>,
    /// How bad it is.
    pub severity: Option<&'b str>,
    /// The rule or check.
    pub name: Option<&'b str>,
    /// The identity of the alert.
    pub id: Option<&'b str>,
    /// What was measured.
    pub info: Option<&'b str>,
    /// Who took it.
    pub author: Option<&'b str>,
    /// The first line that is no pair.
    pub first: Option<&'b str>,
    /// When it began.
    pub begin: Option<Reading>,
    /// When it ended.
    pub end: Option<Reading>,
    /// When it was told.
    pub at: Option<Reading>,
}

impl<'b> Facts<'b> {
    /// What the lines of `body` tell.
    #[must_use]
    pub fn of(body: &'b str) -> Self {
        let mut facts = Self::default();
        for line in body.lines().take(LINES) {
            let line = line.trim_matches(|c: char| c.is_whitespace() || "*•#".contains(c));
            let line = line.strip_prefix("- ").unwrap_or(line);
            let colon = line.find(": ").or_else(|| line.find(" = "));
            let pair = colon.and_then(|at| {
                let (name, value) = line.split_at_checked(at)?;
                let value = value.trim_start_matches([':', ' ', '=']);
                (name.len() <= 32).then_some((name.trim(), value.trim_matches(['"', ' ', '*'])))
            });
            let known = pair.is_some_and(|(name, value)| facts.pair(name, value));
            let sentence = line.contains(' ') && line.contains(char::is_alphabetic);
            if !known && sentence && !line.ends_with(':') && !line.starts_with("Nagios") {
                facts.first.get_or_insert(line);
            }
        }
        facts
    }

    /// Files a pair; `false` where its name is none that alerts have.
    fn pair(&mut self, name: &str, value: &'b str) -> bool {
        let lower = name.to_ascii_lowercase();
        let known = NAMES
            .iter()
            .find(|(_, names)| names.contains(&lower.as_str()));
        let Some((sort, _)) = known else {
            return false;
        };
        let none = matches!(value, "" | "-" | "n/a" | "N/A" | "none" | "None" | "null");
        let slot = match sort {
            Sort::Service => {
                self.unserved |= none;
                &mut self.service
            }
            Sort::Host => &mut self.host,
            Sort::Severity => &mut self.severity,
            Sort::Environment => &mut self.environment,
            Sort::Name => &mut self.name,
            Sort::Id => &mut self.id,
            Sort::Info => &mut self.info,
            Sort::Author => &mut self.author,
            Sort::State => {
                self.labels += 1;
                return true;
            }
            Sort::Begin => return stamp(&mut self.begin, value),
            Sort::End => return stamp(&mut self.end, value),
            Sort::At => return stamp(&mut self.at, value),
            Sort::Other => return true,
        };
        self.labels += 1;
        if !none && slot.is_none() {
            *slot = Some(value);
        }
        self.placed();
        true
    }

    /// `Host: kiosk-7 (staging)`
    fn placed(&mut self) {
        if let Some((host, inside)) = self.host.and_then(|h| h.split_once(" (")) {
            self.host = Some(host);
            let inside = inside.trim_end_matches(')');
            if is_environment(inside) && self.environment.is_none() {
                self.environment = Some(inside);
            }
        }
    }
}

fn stamp(slot: &mut Option<Reading>, value: &str) -> bool {
    *slot = slot.or_else(|| time(value));
    true
}

/// Lines of a body that are looked at.
const LINES: usize = 120;

/// What a line tells.
enum Sort {
    Service,
    Host,
    Severity,
    Environment,
    Name,
    Id,
    Info,
    Author,
    State,
    Begin,
    End,
    At,
    Other,
}

#[rustfmt::skip]
const NAMES: &[(Sort, &[&str])] = &[
    (Sort::Service, &["service", "app", "application", "component", "job", "service name"]),
    (Sort::Host, &["host", "hostname", "instance", "node", "server", "device", "host name"]),
    (Sort::Severity, &["severity", "priority", "sev", "level", "problem severity"]),
    (Sort::Environment, &["env", "environment", "stage"]),
    (Sort::Name, &[
        "alert", "alertname", "alert name", "alarm name", "name", "monitor", "rule", "rule name", "check",
        "trigger", "problem", "problem name",
    ]),
    (Sort::Id, &["alert id", "alertid", "fingerprint", "problem id", "original problem id", "incident id", "id"]),
    (Sort::Info, &[
        "info", "additional info", "summary", "description", "message", "reason", "output", "details",
        "reason for state change", "check output",
    ]),
    (Sort::Author, &["author", "acknowledged by"]),
    (Sort::State, &["state", "status", "notification type", "notificationtype", "state change"]),
    (Sort::Begin, &[
        "started", "started at", "starts at", "startsat", "start", "start time", "problem started", "fired at",
        "triggered", "triggered at", "occurred", "occurred at", "active since", "since",
    ]),
    (Sort::End, &[
        "ended", "ended at", "ends at", "endsat", "end", "end time", "resolved", "resolved at", "recovered at",
        "recovery time", "closed at", "cleared at",
    ]),
    (Sort::At, &[
        "date/time", "date", "time", "timestamp", "event time", "when", "alert time", "statechangetime",
        "state change time",
    ]),
    (Sort::Other, &["address", "comment", "runbook", "url", "link"]),
];
