//! Alerts that monitoring sends by mail, in a mailbox or pasted below each other: `Subject: PROBLEM Service Alert:
//! kiosk-7/ping is CRITICAL`, `[FIRING:1] LabelsSlow (labels prod page)`, `ALARM: "labels-5xx" in EU (Ireland)`.
//!
//! The subject tells the state, the body the rest. What people answer is talk.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::stamp::{DAY, Reading, SECOND, When};
use crate::token::alert::{self, Facts, Subject};
use crate::token::mail::{self, Mail, time};
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
    let records: Vec<(bool, Record<'a>)> = mails.iter().map(|m| record(m, text)).collect();
    let alerts = records.iter().filter(|(alert, _)| *alert).count();
    (alerts > 0 && alerts * SHARE >= records.len()).then_some(())?;
    out.extend(records.into_iter().map(|(_, record)| record));
    Some(())
}

/// What a mail is, and whether it is an alert.
pub(super) fn record<'a>(mail: &Mail<'a>, text: &str) -> (bool, Record<'a>) {
    let subject = mail.header("subject").unwrap_or_default();
    let body = mail.said();
    let facts = Facts::of(&body);
    let told = alert::read(&subject).filter(|s| s.own || facts.labels > 0 || is_machine(mail));
    let mut record = match &told {
        Some(told) => told_by(told, &facts, &subject),
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
    // Cited is what it tells, not through which hosts it came.
    let whole = text.get(mail.part.clone()).unwrap_or_default();
    let is_subject = |l: &&str| {
        l.get(..8)
            .is_some_and(|n| n.eq_ignore_ascii_case("subject:"))
    };
    let line = whole.lines().find(is_subject);
    let from = line.map_or(mail.part.start, |l| {
        l.as_ptr() as usize - text.as_ptr() as usize
    });
    record.part = Some(from..mail.part.end);
    (told.is_some(), record)
}

fn told_by<'a>(told: &Subject<'_>, facts: &Facts<'_>, subject: &str) -> Record<'a> {
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
    let from = mail.header("from").unwrap_or_default();
    let name = sender(&from);
    let reply = mail::reply(body, &name);
    let said = match reply.said.is_empty() {
        true => subject.to_owned(),
        false => reply.said,
    };
    let mut record = Record::new(Kind::Chat, Cow::Owned(said));
    let bot = is_machine(mail);
    record.actor = (!name.is_empty()).then(|| payload::actor(name, bot));
    record.fields.push("subject", subject.to_owned());
    if let Some(quoted) = reply.quoted {
        record.fields.push(field::ANSWERS, quoted);
    }
    record
}

/// Who sends: `Mira Lund <mira@example.com>`, `"Lund, Mira" <…>`, `mira at example.com (Mira Lund)`, or the address alone.
fn sender(from: &str) -> String {
    let trim = |t: &str| t.trim().trim_matches(['"', '\'', ' ']).to_owned();
    let name = trim(from.split('<').next().unwrap_or_default());
    if name.is_empty() {
        return from.trim_matches(['<', '>', ' ']).to_owned();
    }
    let inside = name
        .split_once('(')
        .filter(|(before, _)| before.contains(['@', ' ']));
    if let Some((_, inside)) = inside.filter(|_| name.ends_with(')')) {
        let address = name.contains('@') || name.contains(" at ");
        if address {
            return trim(inside.trim_end_matches(')'));
        }
    }
    match name.split_once(", ") {
        Some((last, first)) if !first.contains([',', ' ']) && !last.contains(' ') => {
            format!("{first} {last}")
        }
        _ => name,
    }
}

/// A subject without the marks of answers and of mailing lists: `Re: AW: [it] kiosk` is `kiosk`.
pub(super) fn topic(subject: &str) -> &str {
    #[rustfmt::skip]
    const MARKS: &[&str] = &["re", "aw", "fw", "fwd", "wg", "sv", "vs", "tr", "rif", "r", "antw", "odp", "ynt", "res", "rv"];
    let mut rest = subject.trim();
    while let Some((mark, behind)) = rest.split_once(':') {
        let bare = mark.split('[').next().unwrap_or_default().trim();
        if !MARKS.iter().any(|m| bare.eq_ignore_ascii_case(m)) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// When it was sent.
fn sent(mail: &Mail<'_>) -> Option<Reading> {
    let date = mail.header("date").or_else(|| mail.header("sent"));
    let date = date.and_then(|d| time(&d));
    // The envelope has an address first.
    date.or_else(|| time(mail.envelope?.trim().split_once(' ')?.1))
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
