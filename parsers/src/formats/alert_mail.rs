//! Alerts that monitoring sends by mail, in a mailbox or pasted below each other: `Subject: PROBLEM Service Alert:
//! kiosk-7/ping is CRITICAL`, `[FIRING:1] LabelsSlow (labels prod page)`, `ALARM: "labels-5xx" in EU (Ireland)`.
//!
//! The subject tells the state, the body the rest. What people answer is talk.

use super::alert_words::{Labels, state};
use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::stamp::{DAY, Reading, SECOND, When};
use crate::token::change::is_environment;
use crate::token::mail::{self, Mail};
use crate::token::payload;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "alert-mail",
    title: "Alerts by mail",
    reference: "https://www.rfc-editor.org/rfc/rfc5322",
    cut: Cut::Document,
    specificity: 72,
    hint: |i| memchr::memmem::find(i, b"ubject:").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/alert-mail/input.mbox"),
};

/// Of mails, one in so many is an alert where a file is of alerts.
const SHARE: usize = 4;
/// A time in the body is that of the alert if the mail was sent within so long after it.
const LATE: i64 = DAY;
/// Clocks of mail servers differ.
const EARLY: i64 = 120 * SECOND;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    let text = std::str::from_utf8(entry).ok()?;
    let mails = mail::mails(text)?;
    let records: Vec<(bool, Record<'a>)> = mails.iter().map(record).collect();
    let alerts = records.iter().filter(|(alert, _)| *alert).count();
    (alerts > 0 && alerts * SHARE >= records.len()).then_some(())?;
    out.extend(records.into_iter().map(|(_, record)| record));
    Some(())
}

/// What a mail is, and whether it is an alert.
fn record<'a>(mail: &Mail<'a>) -> (bool, Record<'a>) {
    let subject = mail.header("subject").unwrap_or_default();
    let body = mail.said();
    let facts = Facts::of(&body);
    let told = subject_of(&subject).filter(|s| s.own || facts.labels > 0 || is_machine(mail));
    let mut record = match &told {
        Some(told) => alert(told, &facts, &subject),
        None => talk(mail, &body, &subject),
    };
    let at = sent(mail);
    let within = |t: Reading| match (at.map(|a| a.when), t.when) {
        (Some(When::Instant(sent)), When::Instant(told)) => {
            (-EARLY..=LATE).contains(&(sent - told))
        }
        (None, _) => true,
        _ => false,
    };
    let ends = record.kind == Kind::Alert(AlertState::Resolved);
    let own = if ends { facts.end } else { facts.begin };
    let own = own.or(facts.at).filter(|t| told.is_some() && within(*t));
    record.at = own.or(at);
    record.part = Some(mail.part.clone());
    (told.is_some(), record)
}

fn alert<'a>(told: &Subject<'_>, facts: &Facts<'_>, subject: &str) -> Record<'a> {
    let owned = |t: &str| Cow::<'a, str>::Owned(t.to_owned());
    let kind = match told.acknowledges {
        true => Kind::Page(PageAct::Acknowledged),
        false => Kind::Alert(told.state),
    };
    let message = facts.info.or(facts.first).unwrap_or(subject).trim();
    let mut record = Record::new(kind, owned(message));
    let name = told.labels.name.or(facts.name).or(told.name);
    let (name, beside) = match (name, &told.labels.service) {
        // `LabelsSlow labels`: the service behind a name of one word.
        (Some(name), None) => apart(name, facts),
        (name, _) => (name, None),
    };
    let unserved = facts.service.is_none() && facts.unserved;
    let served = facts.service.or(told.labels.service).or(told.check);
    let service = served.or(beside.filter(|_| !unserved));
    let host = told.host.or(facts.host).or(told.labels.host);
    let host = host.or(beside.filter(|_| unserved));
    record.service = service.map(owned);
    record.host = host.map(owned);
    let author = facts.author.filter(|_| told.acknowledges);
    record.actor = author.map(|name| payload::actor(owned(name), false));
    let severity = told.labels.severity.or(facts.severity);
    let grade = told.grade.filter(|_| told.state != AlertState::Resolved);
    record.level = severity.or(grade).and_then(payload::severity);
    let name = name.or(told.check).or(host).unwrap_or(subject);
    // Checks of the same name belong to hosts.
    let id = facts.id.map(str::to_owned);
    let id = id.or_else(|| host.map(|host| format!("{host}/{name}")));
    let environment = told.labels.environment.or(facts.environment);
    record.fields.push_known([(field::ID, id.map(Cow::Owned))]);
    record.fields.push(field::ALERT, owned(name));
    record.fields.push_known([
        (field::SEVERITY, severity.or(grade).map(owned)),
        (field::ENVIRONMENT, environment.map(owned)),
    ]);
    record.fields.push("subject", owned(subject));
    record
}

/// A name of one word and the service behind it.
fn apart<'n>(name: &'n str, facts: &Facts<'_>) -> (Option<&'n str>, Option<&'n str>) {
    let Some((front, last)) = name.rsplit_once(' ') else {
        return (Some(name), None);
    };
    let known = [facts.service, facts.host].contains(&Some(last));
    let slug = last.contains(['-', '_']) && !last.contains(char::is_uppercase);
    match known || slug && !front.contains(' ') {
        true => (
            Some(front.trim_end_matches([' ', '-', ':', ','])),
            Some(last),
        ),
        false => (Some(name), None),
    }
}

/// What somebody writes, without what they quote and without their signature.
fn talk<'a>(mail: &Mail<'a>, body: &str, subject: &str) -> Record<'a> {
    let own = body
        .lines()
        .take_while(|l| *l != "-- " && !l.starts_with("-----"));
    let own = own.filter(|l| !l.starts_with('>') && !l.trim_end().ends_with("wrote:"));
    let said: Vec<&str> = own.map(str::trim).filter(|l| !l.is_empty()).collect();
    let said = match said.is_empty() {
        true => subject.to_owned(),
        false => said.join("\n"),
    };
    let mut record = Record::new(Kind::Chat, Cow::Owned(said));
    let from = mail.header("from").unwrap_or_default();
    let name = from.split('<').next().unwrap_or_default().trim();
    let name = name.trim_matches('"').trim();
    let name = if name.is_empty() {
        from.trim_matches(['<', '>', ' '])
    } else {
        name
    };
    let bot = is_machine(mail);
    record.actor = (!name.is_empty()).then(|| payload::actor(name.to_owned(), bot));
    record.fields.push("subject", subject.to_owned());
    record
}

/// When it was sent.
fn sent(mail: &Mail<'_>) -> Option<Reading> {
    let date = mail.header("date").or_else(|| mail.header("sent"));
    let date = date.and_then(|d| time(&d));
    // The envelope has an address first.
    date.or_else(|| time(mail.envelope?.trim().split_once(' ')?.1))
}

/// A time as mails have them: with a weekday, a comment, a comma before the year.
fn time(said: &str) -> Option<Reading> {
    let said = said.split(" (").next()?.trim();
    payload::text_instant(said).or_else(|| {
        let bare = said.replace(',', "");
        payload::text_instant(&bare).or_else(|| {
            let (weekday, rest) = bare.split_once(' ')?;
            let day = weekday.ends_with("day") && weekday.bytes().all(|b| b.is_ascii_alphabetic());
            payload::text_instant(rest).filter(|_| day)
        })
    })
}

/// Whether a program sent it.
fn is_machine(mail: &Mail<'_>) -> bool {
    #[rustfmt::skip]
    const SENDERS: &[&str] = &[
        "alarm", "alert", "monitor", "nagios", "icinga", "naemon", "checkmk", "check_mk", "zabbix", "grafana", "prometheus",
        "noreply", "no-reply", "donotreply", "cloudwatch", "datadog", "pingdom", "uptime", "statuscake", "newrelic",
        "sentry", "opsgenie", "pagerduty", "notification", "watchdog", "sensu", "prtg", "netdata", "monit@", "root@", "daemon",
    ];
    let from = mail.header("from").or_else(|| mail.header("sender"));
    let from = from.unwrap_or_default().to_ascii_lowercase();
    let submitted = mail.header("auto-submitted").is_some_and(|v| v != "no");
    submitted || SENDERS.iter().any(|s| from.contains(s)) || payload::sounds_automatic(&from)
}

/// What a subject tells.
struct Subject<'s> {
    state: AlertState,
    /// The words are of alerts alone.
    own: bool,
    /// Somebody took it.
    acknowledges: bool,
    grade: Option<&'static str>,
    name: Option<&'s str>,
    host: Option<&'s str>,
    /// The check that Nagios calls a service.
    check: Option<&'s str>,
    labels: Labels<'s>,
}

const MARKS: [char; 9] = [' ', '\t', ':', '-', '|', '*', '!', ']', '–'];

fn subject_of(subject: &str) -> Option<Subject<'_>> {
    let said = subject.trim_matches(|c: char| c.is_whitespace() || c == '*');
    let lower = said.to_ascii_lowercase();
    let answers = ["re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "antw:", "tr:"];
    if answers.iter().any(|a| lower.starts_with(a)) {
        return None;
    }
    let (front, rest) = front(said);
    let (rest, last) = ending(rest);
    let acknowledges = matches!(front, Some(Front::Acknowledged));
    let (state, own, grade) = match (front, last) {
        (Some(Front::Told(state, own, grade)), last) => (
            state,
            own || last.is_some(),
            last.and_then(|(_, g)| g).or(grade),
        ),
        (Some(Front::Acknowledged | Front::Other), _) => (AlertState::Unknown, true, None),
        (None, Some((state, grade))) => (state, false, grade),
        (None, None) => return None,
    };
    let rest = unlabelled(rest);
    let labels = Labels::of(rest);
    let bare = rest.split(" (").next().unwrap_or(rest).trim_matches(MARKS);
    let quoted = bare.strip_prefix('"').and_then(|b| b.split('"').next());
    // `Check_MK: kiosk-7/load`: the product in front.
    let behind = || placed(bare.split_once(": ")?.1);
    let place = placed(bare).or_else(behind).filter(|_| quoted.is_none());
    let (name, host, check) = match place {
        Some((host, check)) => (
            Some(check),
            Some(host),
            (!check.contains(' ')).then_some(check),
        ),
        None => (quoted.or(Some(bare)).filter(|n| !n.is_empty()), None, None),
    };
    // Of "X on Y", X is what is checked and no service.
    let check = check.filter(|_| !bare.contains(" on "));
    Some(Subject {
        state,
        own,
        acknowledges,
        grade,
        name,
        host,
        check,
        labels,
    })
}

/// The host and the check: `kiosk-7/ping`, `kiosk-7 - ping`, `ping on kiosk-7`.
fn placed(said: &str) -> Option<(&str, &str)> {
    let is_host = |h: &str| !h.is_empty() && !h.contains(' ') && !h.starts_with('/');
    let slashed = said.split_once('/').filter(|(h, _)| is_host(h));
    let dashed = || said.split_once(" - ").filter(|(h, _)| is_host(h));
    let on = || {
        let (check, host) = said.rsplit_once(" on ")?;
        let host = host.strip_prefix("host:").unwrap_or(host);
        is_host(host).then_some((host, check))
    };
    let found = on().or(slashed).or_else(dashed)?;
    let (host, check) = (found.0.trim(), found.1.trim());
    (!check.is_empty()).then_some((host, check))
}

/// What a subject begins with.
#[derive(Clone, Copy)]
enum Front {
    /// A state, whether only alerts have it, and how bad it is.
    Told(AlertState, bool, Option<&'static str>),
    /// Somebody took it.
    Acknowledged,
    /// Flapping, maintenance: neither firing nor well.
    Other,
}

/// The state in front, behind other words in brackets at most, and what stands behind it.
fn front(said: &str) -> (Option<Front>, &str) {
    let mut open = false;
    for (n, word) in said.split_whitespace().take(5).enumerate() {
        let end = word.as_ptr() as usize - said.as_ptr() as usize + word.len();
        let rest = || {
            said.get(end..)
                .unwrap_or_default()
                .trim_start_matches(MARKS)
        };
        let begins = n == 0 || !open && word.starts_with('[');
        if let Some((state, own, grade)) = state(word).filter(|t| begins || !open || t.1) {
            let rest = match word.starts_with('[') && !word.ends_with([']', ':']) {
                // `[Triggered on {host:kiosk-7}] slow`
                true => rest()
                    .split_once(']')
                    .map_or(rest(), |(_, r)| r.trim_start_matches(MARKS)),
                false => rest(),
            };
            let own = own || word.starts_with('[') || word.ends_with(':');
            return (Some(Front::Told(state, own, grade)), rest);
        }
        let bare = word.trim_matches(['[', ']', ':']);
        if bare.starts_with("ACKNOWLEDGE") {
            return (Some(Front::Acknowledged), rest());
        }
        if bare.starts_with("FLAPPING") || bare.starts_with("DOWNTIME") || bare == "CUSTOM" {
            return (Some(Front::Other), rest());
        }
        if let Some(found) = (!open).then(|| capitalised(word, rest())).flatten() {
            return (Some(found.0), found.1);
        }
        open = match open || word.starts_with('[') {
            // A word of another sort ends what may stand before the state.
            false => return (None, said),
            true => !word.ends_with([']', ':']),
        };
    }
    (None, said)
}

/// `Problem: …`, `Resolved in 4m 7s: …`: in small letters it takes the colon.
fn capitalised<'s>(word: &str, rest: &'s str) -> Option<(Front, &'s str)> {
    use AlertState::{Firing, Resolved};
    let bare = word.trim_end_matches(':');
    let state = match bare {
        "Problem" | "Triggered" | "Firing" | "Alerting" | "Alarm" | "Critical" | "Warning"
        | "Alert" | "Down" => Firing,
        "Resolved" | "Recovered" | "Recovery" | "Cleared" | "Ok" | "Up" => Resolved,
        _ => return None,
    };
    let grade = match bare {
        "Critical" => Some("critical"),
        "Warning" => Some("warning"),
        _ => None,
    };
    let rest = match bare.len() < word.len() {
        true => rest,
        false => {
            let (took, behind) = rest.strip_prefix("in ")?.split_once(": ")?;
            took.starts_with(|c: char| c.is_ascii_digit())
                .then_some(behind)?
        }
    };
    Some((Front::Told(state, false, grade), rest))
}

/// The state at the end (`… is CRITICAL`, `… OK -> CRIT`), and what stands before it.
fn ending(said: &str) -> (&str, Option<(AlertState, Option<&'static str>)>) {
    let said = said.trim_end_matches(MARKS);
    let joints = [" is ", " are ", " -> ", " → ", " => "];
    let found = joints.iter().find_map(|joint| {
        let (before, word) = said.rsplit_once(joint)?;
        let shouted = !word.contains([' ', ':']) && word.bytes().all(|b| b.is_ascii_uppercase());
        let (state, _, grade) = state(word).filter(|_| shouted)?;
        // `ping OK -> CRIT`
        let was = before
            .rsplit_once(' ')
            .filter(|(_, w)| crossed(w) && *joint != " is ");
        Some((was.map_or(before, |(b, _)| b), Some((state, grade))))
    });
    found.unwrap_or((said, None))
}

fn crossed(word: &str) -> bool {
    state(word).is_some()
}

/// Without what sort of alert it is: `Service Alert: …`.
fn unlabelled(said: &str) -> &str {
    let sorts = [
        "service alert",
        "host alert",
        "monitor alert",
        "alert",
        "alarm",
        "problem",
        "service",
        "host",
    ];
    let Some((front, rest)) = said.split_once(": ") else {
        return said;
    };
    let known = sorts.contains(&front.trim().to_ascii_lowercase().as_str());
    if known { rest.trim_start() } else { said }
}

/// What a body tells in lines of a name and a value.
#[derive(Default)]
struct Facts<'b> {
    /// Lines that only alerts have.
    labels: usize,
    service: Option<&'b str>,
    /// It is said that no service is meant.
    unserved: bool,
    host: Option<&'b str>,
    environment: Option<&'b str>,
    severity: Option<&'b str>,
    name: Option<&'b str>,
    id: Option<&'b str>,
    info: Option<&'b str>,
    author: Option<&'b str>,
    /// The first line that is no pair.
    first: Option<&'b str>,
    begin: Option<Reading>,
    end: Option<Reading>,
    at: Option<Reading>,
}

impl<'b> Facts<'b> {
    fn of(body: &'b str) -> Self {
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

    fn pair(&mut self, name: &str, value: &'b str) -> bool {
        let lower = name.to_ascii_lowercase();
        let none = matches!(value, "" | "-" | "n/a" | "N/A" | "none" | "None" | "null");
        let stamp = || time(value);
        let slot = match lower.as_str() {
            "service" | "app" | "application" | "component" | "job" | "service name" => {
                self.unserved |= none;
                &mut self.service
            }
            "host" | "hostname" | "instance" | "node" | "server" | "device" | "host name" => {
                &mut self.host
            }
            "severity" | "priority" | "sev" | "level" | "problem severity" => &mut self.severity,
            "env" | "environment" | "stage" => &mut self.environment,
            "alert" | "alertname" | "alert name" | "alarm name" | "name" | "monitor" | "rule"
            | "rule name" | "check" | "trigger" | "problem" | "problem name" => &mut self.name,
            "alert id"
            | "alertid"
            | "fingerprint"
            | "problem id"
            | "original problem id"
            | "incident id"
            | "id" => &mut self.id,
            "info"
            | "additional info"
            | "summary"
            | "description"
            | "message"
            | "reason"
            | "output"
            | "details"
            | "reason for state change"
            | "check output" => &mut self.info,
            "author" | "acknowledged by" => &mut self.author,
            "state" | "status" | "notification type" | "notificationtype" | "state change" => {
                self.labels += 1;
                return true;
            }
            "started" | "started at" | "starts at" | "startsat" | "start" | "start time"
            | "problem started" | "fired at" | "triggered" | "triggered at" | "occurred"
            | "occurred at" | "active since" | "since" => {
                self.begin = self.begin.or_else(stamp);
                return true;
            }
            "ended" | "ended at" | "ends at" | "endsat" | "end" | "end time" | "resolved"
            | "resolved at" | "recovered at" | "recovery time" | "closed at" | "cleared at" => {
                self.end = self.end.or_else(stamp);
                return true;
            }
            "date/time" | "date" | "time" | "timestamp" | "event time" | "when" | "alert time"
            | "statechangetime" | "state change time" => {
                self.at = self.at.or_else(stamp);
                return true;
            }
            "address" | "comment" | "runbook" | "url" | "link" => return true,
            _ => return false,
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

/// Lines of a body that are looked at.
const LINES: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(text: &str) -> Option<Vec<Record<'_>>> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(text.as_bytes(), &Context { layout: &layout }, &mut out)?;
        Some(out)
    }

    fn mail(from: &str, subject: &str, body: &str) -> String {
        let date = "Tue, 8 Apr 2025 23:14:20 +0200";
        format!("From: {from}\nTo: ops@example.com\nDate: {date}\nSubject: {subject}\n\n{body}\n")
    }

    #[test]
    fn subjects() {
        let told = |subject: &str| {
            let text = mail("alerts@example.com", subject, "see the board");
            let records = read(&text)?;
            let record = records.first()?;
            let text = |name| record.fields.text(name).unwrap_or("-").to_owned();
            let place = record.host.as_deref().or(record.service.as_deref());
            let state = record.kind.state()?;
            Some(format!(
                "{state} {} @ {}",
                text(field::ALERT),
                place.unwrap_or("-")
            ))
        };
        for (subject, expected) in [
            (
                "[FIRING:3] LabelsSlow (labels prod page)",
                "firing LabelsSlow @ labels",
            ),
            (
                "[prod] [RESOLVED] LabelsSlow labels-api",
                "resolved LabelsSlow @ labels-api",
            ),
            ("RECOVERY Host Alert: kiosk-7 is UP", "resolved kiosk-7 @ -"),
            (
                "PROBLEM - kiosk-7 - disk is CRITICAL",
                "firing disk @ kiosk-7",
            ),
            (
                "PROBLEM: Disk space /var on kiosk-7 is WARNING",
                "firing Disk space /var @ kiosk-7",
            ),
            (
                "OK: \"labels-5xx\" in EU (Ireland)",
                "resolved labels-5xx @ -",
            ),
            (
                "[Monitor Alert] Triggered: labels are slow",
                "firing labels are slow @ -",
            ),
            (
                "[Monitor Alert] Recovered: labels are slow",
                "resolved labels are slow @ -",
            ),
            (
                "[Triggered on {host:kiosk-7}] disk is full",
                "firing disk is full @ -",
            ),
            ("Check_MK: kiosk-7/load OK -> CRIT", "firing load @ kiosk-7"),
            (
                "DOWN alert: shop (shop.example.com) is DOWN",
                "firing shop @ -",
            ),
            ("Monitor alert: shop is DOWN", "firing shop @ -"),
            ("RESOLVED: labels are slow", "resolved labels are slow @ -"),
            (
                "** FLAPPINGSTART Service Alert: kiosk-7/ping is CRITICAL **",
                "unknown ping @ kiosk-7",
            ),
        ] {
            assert_eq!(told(subject).as_deref(), Some(expected), "{subject}");
        }
    }

    #[test]
    fn other_mails_are_no_alerts() {
        for (from, subject) in [
            (
                "Runa Dahl <runa@example.com>",
                "Re: [FIRING:1] LabelsSlow (labels prod page)",
            ),
            ("Runa Dahl <runa@example.com>", "URGENT: labels"),
            ("Runa Dahl <runa@example.com>", "OK"),
            ("Runa Dahl <runa@example.com>", "Problem with the printer"),
            ("Runa Dahl <runa@example.com>", "WARNING for all drivers"),
            (
                "alerts@example.com",
                "Weekly report: 4 alerts, all resolved",
            ),
            ("noreply@example.com", "Your order is on its way"),
            ("noreply@example.com", "The ticket was resolved"),
        ] {
            assert!(
                read(&mail(from, subject, "see the board")).is_none(),
                "{subject}"
            );
        }
    }

    #[test]
    fn a_time_in_the_body_is_taken_where_it_fits() {
        let at = |body: &str| {
            let text = mail("alerts@example.com", "[FIRING] LabelsSlow", body);
            Some(read(&text)?.first()?.at?.when)
        };
        let instant = |text| payload::text_instant(text).map(|r| r.when);
        let (sent, told) = (
            instant("2025-04-08T21:14:20Z"),
            instant("2025-04-08T21:13:00Z"),
        );
        assert_eq!(at("Started: 2025-04-08T21:13:00Z"), told);
        assert_eq!(at("Started: 2025-04-08 23:13:00"), sent, "of no zone");
        assert_eq!(
            at("Resolved at: 2025-04-08T21:13:00Z"),
            sent,
            "of another state"
        );
        assert_eq!(at("Time: 2025-03-08T21:13:00Z"), sent, "long ago");
        assert_eq!(at("Time: 2025-04-08T22:13:00Z"), sent, "to come");
    }
}
