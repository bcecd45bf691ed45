//! Cisco's ASA, IOS and their kin, by the code that every entry has:
//! `Jan 19 2024 10:30:02 fw-1 : %ASA-4-106023: Deny tcp src outside:203.0.113.5/41822 …`,
//! `<189>41: sw-1: *Jan 19 10:30:02.118: %LINEPROTO-5-UPDOWN: …`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, message_from, text, until};
use crate::token::{blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "cisco",
    title: "Cisco (ASA, FTD, IOS, NX-OS)",
    reference: "https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/asa-syslog/about.html",
    cut: Cut::Line,
    specificity: 86,
    hint: |i| i.iter().take(REACH).any(|b| *b == b'%'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/cisco/input.log"),
};

/// How far into a line the code may begin.
const REACH: usize = 160;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let near = line.get(..line.len().min(REACH))?;
    let (start, (rest, code, severity)) =
        memchr::memchr_iter(b'%', near).find_map(|n| Some((n, code(line.get(n + 1..)?)?)))?;
    let head = line.get(..start)?;
    let (at, host) = header(head);
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = at;
    record.host = host.map(text);
    record.level = Some(severity);
    record.service = code.split(|b| *b == b'-').next().map(text);
    record.fields.push("event_id", code);
    if let Some(client) = client(rest) {
        record.fields.push(field::CLIENT, client);
    }
    out.push(record);
    Some(())
}

/// `ASA-4-106023: `, `ASA-session-5-106100: `, `SYS-SW1-5-CONFIG_I: `: facility, perhaps more, severity, name.
fn code(i: &[u8]) -> Option<(&[u8], &[u8], Level)> {
    let (rest, code) = until(b':')(i).ok()?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-".contains(b);
    if code.len() > 60 || !code.iter().all(plain) {
        return None;
    }
    let mut parts = code.split(|b| *b == b'-').skip(1);
    let severity = parts.find_map(|part| match part {
        [digit @ b'0'..=b'7'] => level::syslog(i64::from(digit - b'0')),
        _ => None,
    })?;
    parts.next()?; // the name
    Some((rest, code, severity))
}

/// The time of the device and its name, from what stands before the code: priority, sequence
/// number, relay, in many orders. Of two times the last is the device's.
fn header(head: &[u8]) -> (Option<Reading>, Option<&[u8]>) {
    let head = match head.strip_prefix(b"<") {
        Some(rest) => until(b'>')(rest).map_or(rest, |(rest, _)| rest),
        None => head,
    };
    let (mut at, mut host, mut n) = (None, None, 0);
    while let Some(i) = head.get(n..).filter(|i| !i.is_empty()) {
        if let Ok((rest, found)) = time::any(Order::Unknown)(i) {
            at = Some(found);
            n = head.len() - rest.len();
            continue;
        }
        let len = i.iter().take_while(|b| !b" \t".contains(b)).count();
        let token = i.get(..len).unwrap_or_default();
        let token = token.strip_suffix(b":").unwrap_or(token);
        if host.is_none() && is_host(token) {
            host = Some(token);
        }
        n += len.max(1);
    }
    (at, host)
}

/// A name or an address; numbers count lines.
fn is_host(token: &[u8]) -> bool {
    let name = token
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(b));
    let number = token.iter().all(|b| b.is_ascii_digit() || *b == b':');
    token.len() > 1 && name && !number && !matches!(token, b"UTC" | b"GMT")
}

/// The address that is denied, built or logged in from.
fn client(said: &[u8]) -> Option<&[u8]> {
    const BEFORE: [&str; 5] = [" src ", " from ", " for ", "Source: ", "source "];
    BEFORE.iter().find_map(|before| {
        let at = memchr::memmem::find(said, before.as_bytes())? + before.len();
        let place = said.get(at..)?;
        let end = place
            .iter()
            .position(|b| b" ,()]".contains(b))
            .unwrap_or(place.len());
        let place = place.get(..end)?;
        // `outside:203.0.113.5/41822`
        let address = place
            .iter()
            .position(|b| *b == b':')
            .map_or(place, |n| place.get(n + 1..).unwrap_or_default());
        let address = address.split(|b| *b == b'/').next()?;
        let dots = address.iter().filter(|b| **b == b'.').count();
        let numbers = address.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        (dots == 3 && numbers).then_some(address)
    })
}
