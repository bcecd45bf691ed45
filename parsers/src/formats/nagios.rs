//! The log of Nagios, Naemon and Icinga 1: `[1427925689] SERVICE ALERT: host;service;…`.
//!
//! A soft state has been seen but not confirmed: nobody is told of it.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, ChangeState, Kind, Level, PageAct, Record, field};
use crate::token::epoch::epoch;
use crate::token::payload;
use crate::token::text::first_line;
use crate::token::{Found, NOT};
use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::sequence::delimited;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "nagios",
    title: "Nagios log",
    reference: "https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/configmain.html#log_file",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first() == Some(&b'['),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/nagios/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (body, seconds) = head(line).ok()?;
    let at = epoch(seconds)?;
    let mut record = event(&String::from_utf8_lossy(body));
    record.at = Some(at);
    out.push(record);
    Some(())
}

/// `[1427925689] `
fn head(line: &[u8]) -> Found<'_, &str> {
    let digits = take_while1(|b: u8| b.is_ascii_digit());
    let (rest, digits) = delimited(tag("["), digits, tag("] ")).parse(line)?;
    let seconds = std::str::from_utf8(digits).map_err(|_| NOT)?;
    Ok((rest, seconds))
}

/// What one line reports, be it in this log or passed on by another program.
pub(super) fn event(body: &str) -> Record<'static> {
    let known = body.split_once(": ").and_then(|(sort, rest)| {
        let parts: Vec<&str> = rest.split(';').map(str::trim).collect();
        match sort {
            "SERVICE ALERT" => alert(&parts, true, false),
            "HOST ALERT" => alert(&parts, false, false),
            "CURRENT SERVICE STATE" | "INITIAL SERVICE STATE" => alert(&parts, true, true),
            "CURRENT HOST STATE" | "INITIAL HOST STATE" => alert(&parts, false, true),
            "SERVICE NOTIFICATION" => notification(&parts, true),
            "HOST NOTIFICATION" => notification(&parts, false),
            "SERVICE FLAPPING ALERT" => condition(&parts, true, "flapping"),
            "HOST FLAPPING ALERT" => condition(&parts, false, "flapping"),
            "SERVICE DOWNTIME ALERT" => condition(&parts, true, "downtime"),
            "HOST DOWNTIME ALERT" => condition(&parts, false, "downtime"),
            "EXTERNAL COMMAND" => command(&parts),
            _ => None,
        }
    });
    known.unwrap_or_else(|| {
        let mut record = Record::new(Kind::Log, body.to_owned());
        record.level = match body.split(':').next() {
            Some("Error") => Some(Level::Error),
            Some("Warning") => Some(Level::Warn),
            _ => None,
        };
        record
    })
}

/// A record about a host, or a service on it.
pub(super) fn record(
    kind: Kind,
    host: &str,
    service: Option<&str>,
    message: &str,
) -> Record<'static> {
    let what = service.unwrap_or(host);
    let message = if message.is_empty() { what } else { message };
    let mut record = Record::new(kind, message.to_owned());
    record.host = Some(Cow::Owned(host.to_owned()));
    record.service = service.map(|s| Cow::Owned(s.to_owned()));
    let id = service.map_or_else(|| host.to_owned(), |s| format!("{host}/{s}"));
    record.fields.push(field::ID, id);
    record.fields.push(field::ALERT, what.to_owned());
    record
}

/// The host, the service if it is about one, and the rest.
fn target<'p>(
    parts: &'p [&'p str],
    serves: bool,
) -> Option<(&'p str, Option<&'p str>, &'p [&'p str])> {
    match (serves, parts) {
        (true, [host, service, rest @ ..]) => Some((host, Some(service), rest)),
        (false, [host, rest @ ..]) => Some((host, None, rest)),
        _ => None,
    }
}

fn is_well(state: &str) -> bool {
    matches!(state, "OK" | "UP" | "RECOVERY")
}

/// `CRITICAL;HARD;3;output`. What Nagios lists at midnight or at its start is no news: states
/// that are well are not even told.
fn alert(parts: &[&str], serves: bool, listed: bool) -> Option<Record<'static>> {
    let (host, service, rest) = target(parts, serves)?;
    let [state, firmness, attempt, output @ ..] = rest else {
        return None;
    };
    let kind = match (is_well(state), *firmness) {
        (true, _) if listed => Kind::Log,
        (true, _) => Kind::Alert(AlertState::Resolved),
        (false, "SOFT") => Kind::Alert(AlertState::Pending),
        (false, _) if *state == "UNKNOWN" => Kind::Alert(AlertState::Unknown),
        (false, _) => Kind::Alert(AlertState::Firing),
    };
    let mut record = record(kind, host, service, &output.join(";"));
    severe(&mut record, state);
    record.fields.push("state", format!("{state} {firmness}"));
    record.fields.push("attempt", (*attempt).to_owned());
    Some(record)
}

/// Files how grave a state is.
pub(super) fn severe(record: &mut Record<'_>, state: &str) {
    record.level = match state {
        "CRITICAL" | "DOWN" | "UNREACHABLE" => Some(Level::Error),
        "WARNING" | "UNKNOWN" => Some(Level::Warn),
        _ => payload::severity(state),
    };
    record
        .fields
        .push(field::SEVERITY, state.to_ascii_lowercase());
}

/// `CRITICAL;notify-by-email;output`, after whom it was sent to; `ACKNOWLEDGEMENT (CRITICAL)`
/// and the like tell people of something else than the trouble.
fn notification(parts: &[&str], serves: bool) -> Option<Record<'static>> {
    let (contact, parts) = parts.split_first()?;
    let (host, service, rest) = target(parts, serves)?;
    let [state, command, output @ ..] = rest else {
        return None;
    };
    let trouble = !is_well(state) && !state.contains('(');
    let kind = if trouble {
        Kind::Page(PageAct::Notified)
    } else {
        Kind::Log
    };
    let mut record = record(kind, host, service, &output.join(";"));
    if trouble {
        severe(&mut record, state);
    }
    record.fields.push("notified", (*contact).to_owned());
    record.fields.push("notification", (*state).to_owned());
    record.fields.push("via", (*command).to_owned());
    Some(record)
}

/// `STARTED; why`: it flaps, or is under maintenance. Neither says that it fires or is well.
fn condition(parts: &[&str], serves: bool, name: &'static str) -> Option<Record<'static>> {
    let (host, service, rest) = target(parts, serves)?;
    let (phase, why) = rest.split_first()?;
    let mut record = record(
        Kind::Alert(AlertState::Unknown),
        host,
        service,
        &why.join(";"),
    );
    record.fields.push(name, phase.to_ascii_lowercase());
    Some(record)
}

/// What people order through the web interface.
fn command(parts: &[&str]) -> Option<Record<'static>> {
    let (name, rest) = parts.split_first()?;
    let serves = name.contains("_SVC_");
    let (host, service, rest) = target(rest, serves)?;
    let (kind, skipped) = match *name {
        "ACKNOWLEDGE_SVC_PROBLEM" | "ACKNOWLEDGE_HOST_PROBLEM" => {
            (Kind::Page(PageAct::Acknowledged), 3)
        }
        "REMOVE_SVC_ACKNOWLEDGEMENT" | "REMOVE_HOST_ACKNOWLEDGEMENT" => {
            (Kind::Page(PageAct::Unacknowledged), 0)
        }
        "ADD_SVC_COMMENT" | "ADD_HOST_COMMENT" => (Kind::Page(PageAct::Annotated), 1),
        "SCHEDULE_SVC_DOWNTIME" | "SCHEDULE_HOST_DOWNTIME" => {
            (Kind::Change(ChangeState::Requested), 5)
        }
        _ => return None,
    };
    let (author, comment) = match rest.get(skipped..) {
        Some([author, comment @ ..]) => (Some(*author), comment.join(";")),
        _ => (None, String::new()),
    };
    let mut record = record(kind, host, service, comment.trim_end_matches(';'));
    let author = author.filter(|a| !a.is_empty());
    record.actor = author.map(|a| payload::actor(a.to_owned(), false));
    record.fields.push("command", (*name).to_owned());
    if let (Kind::Change(_), [from, to, ..]) = (kind, rest) {
        record.fields.push(field::CHANGE, "maintenance");
        for (name, time) in [("starts", from), ("ends", to)] {
            if let Some(reading) = epoch(time) {
                record.fields.push(name, reading);
            }
        }
    }
    Some(record)
}
