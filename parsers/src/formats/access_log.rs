//! Access logs of nginx, Apache, Tomcat, Traefik and others: the common and the
//! combined log format, with a virtual host before and any number of fields behind.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::duration::{Unit, millis};
use crate::token::pairs::pair;
use crate::token::text::{byte, first_line, narrowed, quoted, text, unescape, word};
use crate::token::{Found, NOT, blank, closing, named, number, time};
use memchr::memchr_iter;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "access-log",
    title: "Access log (nginx, Apache; common and combined)",
    reference: "https://httpd.apache.org/docs/current/mod/mod_log_config.html#formats",
    cut: Cut::Line,
    specificity: 60,
    hint: |i| memchr::memchr(b'[', i).is_some_and(|n| n > 0),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/access-log/input.log"),
};

/// The unit of the one whole number that stands behind the columns of every line: Apache's `%D` counts microseconds,
/// Tomcat's milliseconds, and neither says so.
fn learn(head: &[u8]) -> Layout {
    let lines = cut::first_lines(head, LESSONS);
    let counted: Vec<Option<i64>> = lines.filter_map(counted).collect();
    let numbers: Vec<i64> = counted.iter().flatten().copied().collect();
    // The head may end within a line.
    let all = numbers.len() + 1 >= counted.len();
    let unit = match Some(numbers).filter(|_| all).and_then(unit_of) {
        Some(Unit::Micros) => MICROS,
        Some(_) => MILLIS,
        None => "",
    };
    let ours =
        cut::first_lines(head, LESSONS).filter(|l| answered(l).is_some_and(|r| r.len() > FIXED));
    let closed = closing::closes(ours);
    let mut layout = Layout::default();
    if closed || !unit.is_empty() {
        layout.columns.push(unit.to_owned());
    }
    if closed {
        layout.columns.push(CLOSED.to_owned());
    }
    layout
}

/// Lines of a file's head that are looked at.
const LESSONS: usize = 100;
/// Numbers of which nothing can be told.
const FEW: usize = 4;
/// How the layout says in which unit a bare whole number counts.
const MICROS: &str = "us";
const MILLIS: &str = "ms";
/// How it says that an id closes every line.
const CLOSED: &str = "id";
/// Behind the status stands more than the bytes sent.
const FIXED: usize = 12;

/// The unit in which a file's layout says that bare whole numbers count.
pub(crate) fn unit(layout: &Layout) -> Option<Unit> {
    match layout.columns.first()?.as_str() {
        MICROS => Some(Unit::Micros),
        MILLIS => Some(Unit::Millis),
        _ => None,
    }
}

/// Whether a file's layout says that an id closes every line.
pub(crate) fn is_closed(layout: &Layout) -> bool {
    layout.columns.get(1).is_some_and(|c| c == CLOSED)
}

/// The only whole number behind the columns of a line of the format; `Some(None)` if there are none or several, or a
/// duration that says its unit.
#[allow(clippy::option_option)]
fn counted(line: &[u8]) -> Option<Option<i64>> {
    let rest = answered(line)?;
    let mut sized = Record::new(Kind::Access, "");
    let rest = std::str::from_utf8(size(&mut sized, blank(rest))).ok()?;
    let mut bare = rest.split('"').step_by(2).flat_map(str::split_whitespace);
    let mut only = None;
    let several = bare.any(|word| {
        let number = word.parse().ok().filter(|_| is_whole(word.as_bytes()));
        duration(word.as_bytes()).is_some() || number.is_some_and(|n| only.replace(n).is_some())
    });
    Some(only.filter(|_| !several))
}

/// The unit of a file's whole numbers, where these can only be durations and of one unit. A service whose typical answer
/// took a second would hardly be used, and one without an answer below a tenth of it is rare: of neither unit for sure.
fn unit_of(mut numbers: Vec<i64>) -> Option<Unit> {
    numbers.sort_unstable();
    let at = |tenths: usize| numbers.get(numbers.len() * tenths / 10).copied();
    let (quick, median, slow) = (at(1)?, at(5)?, at(9)?);
    let mut distinct = numbers.clone();
    distinct.dedup();
    // Processes and ports are few, and whole seconds are mostly none.
    let varied = distinct.len() * 2 >= numbers.len();
    match () {
        () if numbers.len() < FEW => None,
        () if median >= 1000 => (varied && quick >= 20).then_some(Unit::Micros),
        () if quick < 100 && slow >= 10 && distinct.len() > 2 => Some(Unit::Millis),
        () => None,
    }
}

/// Whether a word is a whole number of up to ten digits.
pub(crate) fn is_whole(word: &[u8]) -> bool {
    (1..=10).contains(&word.len()) && word.iter().all(u8::is_ascii_digit)
}

/// What stands behind the status of a line of the format.
fn answered(line: &[u8]) -> Option<&[u8]> {
    let (_, _, rest) = stamp(line)?;
    let (rest, _) = before_request(rest).ok()?;
    let (rest, _) = quoted(rest).ok()?;
    Some(outcome(blank(rest)).ok()?.0)
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    // A client stands before the time.
    if line.first() == Some(&b'[') {
        return None;
    }
    let (before, at, rest) = stamp(line)?;
    let (rest, host) = before_request(rest).ok()?;
    let asked = rest;
    let (rest, request) = quoted(rest).ok()?;
    let (rest, status) = outcome(blank(rest)).ok()?;
    let said = asked.len().saturating_sub(rest.len());

    let mut record = Record::new(Kind::Access, text(asked.get(..said)?.trim_ascii_end()));
    record.at = Some(at);
    who(&mut record, before)?;
    if let Some(host) = host {
        record.fields.push("vhost", host);
    }
    what(&mut record, request);
    if let Some(status) = status {
        record.fields.push(field::STATUS, status);
    }
    let rest = size(&mut record, blank(rest));
    // By its place it is the request's, unless a name says of another that it is.
    behind(&mut record, rest, unit(cx.layout), is_closed(cx.layout));
    out.push(record);
    Some(())
}

/// The first `[time]`, with what is before and behind it.
fn stamp(line: &[u8]) -> Option<(&[u8], Reading, &[u8])> {
    memchr_iter(b'[', line).take(4).find_map(|open| {
        let inner = line.get(open + 1..)?;
        let (rest, at) = time::clf(inner)
            .or_else(|_| time::any(Order::Unknown)(inner))
            .ok()?;
        let rest = rest.strip_prefix(b"]")?;
        Some((line.get(..open)?, at, blank(rest)))
    })
}

/// Some layouts put the host that was asked for between the time and the request.
fn before_request(i: &[u8]) -> Found<'_, Option<&[u8]>> {
    if i.first() == Some(&b'"') {
        return Ok((i, None));
    }
    let (rest, host) = word(i)?;
    let rest = blank(rest);
    byte(b'"')(rest)?;
    Ok((rest, Some(host)))
}

/// Status and the blank behind it; `-` where the server has none.
fn outcome(i: &[u8]) -> Found<'_, Option<i64>> {
    let (rest, status) = match i.strip_prefix(b"-") {
        Some(rest) => (rest, None),
        None => number(3, 3)(i).map(|(rest, n)| (rest, Some(n)))?,
    };
    if rest.first().is_none_or(u8::is_ascii_whitespace) {
        Ok((rest, status))
    } else {
        Err(NOT)
    }
}

/// `[vhost ]client[, proxy …] ident user`.
fn who<'a>(record: &mut Record<'a>, before: &'a [u8]) -> Option<()> {
    let words: Vec<&[u8]> = before
        .split(u8::is_ascii_whitespace)
        .filter(|w| !w.is_empty())
        .take(24)
        .collect();
    let (clients, user) = match words.as_slice() {
        [] => return None,
        [clients @ .., _, user] if !clients.is_empty() => (clients, Some(*user)),
        clients => (clients, None),
    };
    let (vhost, client) = match clients {
        [vhost, client, ..] if !vhost.ends_with(b",") && *vhost != b"-" && !is_address(vhost) => {
            (Some(*vhost), *client)
        }
        [client, ..] => (None, *client),
        [] => return None,
    };
    if let Some(vhost) = vhost {
        record.fields.push("vhost", vhost);
    }
    record
        .fields
        .push(field::CLIENT, client.strip_suffix(b",").unwrap_or(client));
    if let Some(user) = user.filter(|u| !matches!(*u, b"-" | b"\"\"")) {
        record.fields.push(field::USER, user);
    }
    Some(())
}

fn is_address(name: &[u8]) -> bool {
    let v4 = name.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    v4 || name.iter().all(|b| b.is_ascii_hexdigit() || *b == b':')
}

/// `GET /path?query HTTP/1.1`; what is none of that stays in the message alone.
fn what<'a>(record: &mut Record<'a>, request: &'a [u8]) {
    let mut words = request.split(|b| *b == b' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return;
    };
    if method.is_empty()
        || !method
            .iter()
            .all(|b| b.is_ascii_uppercase() || b"_-".contains(b))
    {
        return;
    }
    let path = target.split(|b| matches!(b, b'?' | b'#')).next();
    record.fields.push(field::METHOD, method);
    record.fields.push(field::PATH, path.unwrap_or(target));
}

/// The bytes sent, where they stand.
fn size<'a, 'e>(record: &mut Record<'a>, i: &'e [u8]) -> &'e [u8] {
    if let Some(rest) = i.strip_prefix(b"-") {
        return blank(rest);
    }
    match number(1, 18)(i) {
        Ok((rest, bytes)) if rest.first().is_none_or(|b| *b == b' ') => {
            record.fields.push("bytes", bytes);
            blank(rest)
        }
        _ => i,
    }
}

/// Whatever the layout appends: quoted referrer and agent, named values, and bare
/// ones, which are told apart by how they look.
fn behind<'a>(record: &mut Record<'a>, i: &'a [u8], unit: Option<Unit>, closed: bool) {
    let mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
    let (mut rest, mut quotes, mut slowest) = (i, 0, None);
    while let Some(byte) = rest.first() {
        if byte.is_ascii_whitespace() {
            rest = rest.get(1..).unwrap_or_default();
        } else if let Ok((after, inner)) = quoted(rest) {
            quotes += 1;
            if closed && quotes > 2 && ends(after) && inner != b"-" {
                id(record, inner);
            }
            quote(record, quotes, inner);
            rest = after;
        } else if let Ok((after, (name, value))) = pair(rest) {
            // A dash stands for "none", as it does in the fixed columns.
            if value.as_ref() != "-" {
                let value = narrowed(value, |v| v.trim_end_matches([',', ';']));
                pairs.push((Cow::Borrowed(name), value));
            }
            rest = after;
        } else {
            let Ok((after, token)) = word(rest) else {
                break;
            };
            if closed && ends(after) && token != b"-" {
                id(record, token);
            } else {
                bare(record, token, unit, &mut slowest);
            }
            rest = after;
        }
    }
    named::file(record, pairs);
    if let (Some(ms), None) = (slowest, record.fields.get(field::LATENCY_MS)) {
        record.fields.push(field::LATENCY_MS, ms);
    }
}

/// Whether nothing but blanks follows.
pub(crate) const fn ends(i: &[u8]) -> bool {
    i.trim_ascii().is_empty()
}

fn quote<'a>(record: &mut Record<'a>, place: usize, inner: &'a [u8]) {
    if inner == b"-" || inner.is_empty() {
        return;
    }
    match place {
        1 => record.fields.push("referrer", unescape(inner)),
        2 => record.fields.push("user_agent", unescape(inner)),
        _ if is_id(inner) => id(record, inner),
        3 if inner
            .split(|b| *b == b',')
            .all(|a| is_address(a.trim_ascii())) =>
        {
            record.fields.push("forwarded_for", inner);
        }
        _ => {}
    }
}

/// A bare value: an id, or a duration. Of several durations the longest is the
/// whole request's, since it holds the others.
fn bare<'a>(
    record: &mut Record<'a>,
    token: &'a [u8],
    unit: Option<Unit>,
    slowest: &mut Option<f64>,
) {
    if is_id(token) {
        id(record, token);
        return;
    }
    let whole = || whole(token, unit?);
    let ms = duration(token).or_else(whole);
    if ms.is_some_and(|ms| slowest.is_none_or(|s| ms > s)) {
        *slowest = ms;
    }
}

/// The milliseconds of a bare value that looks like a duration.
pub(crate) fn duration(token: &[u8]) -> Option<f64> {
    let word = std::str::from_utf8(token).ok()?;
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let fractional = number
        .split_once('.')
        .is_some_and(|(_, f)| (2..=6).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_digit()));
    let with_unit = ["ms", "us", "s"]
        .iter()
        .any(|u| word.len() > u.len() && &word[number.len()..] == *u);
    if (number.len() == word.len() && fractional) || with_unit {
        return millis(word, Unit::Seconds);
    }
    None
}

/// The milliseconds of a whole number of this unit.
fn whole(token: &[u8], unit: Unit) -> Option<f64> {
    let word = std::str::from_utf8(token)
        .ok()
        .filter(|_| is_whole(token))?;
    millis(word, unit)
}

fn id<'a>(record: &mut Record<'a>, token: &'a [u8]) {
    if record.fields.get(field::REQUEST_ID).is_none() {
        record.fields.push(field::REQUEST_ID, token);
    }
}

/// 16 to 36 hexadecimal digits, dashes between them allowed: what ids are made of.
pub(crate) fn is_id(token: &[u8]) -> bool {
    (16..=36).contains(&token.len())
        && token.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
        && token.iter().any(u8::is_ascii_alphabetic)
        && token.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit_behind(numbers: &[&str]) -> Option<Unit> {
        let line = |n: &&str| {
            format!(
                "192.0.2.7 - - [17/Jun/2025:08:41:12 +0200] \"GET / HTTP/1.1\" 200 512 \"-\" \"a 7 b\" {n}\n"
            )
        };
        let file: String = numbers.iter().map(line).collect();
        unit(&learn(file.as_bytes()))
    }

    #[test]
    fn the_unit_of_a_bare_number_is_the_files() {
        let micros = ["48211", "51907", "262144", "7312", "910"];
        assert_eq!(unit_behind(&micros), Some(Unit::Micros));
        assert_eq!(
            unit_behind(&["12", "48", "7", "310", "33"]),
            Some(Unit::Millis)
        );
        for other in [
            // Seconds, processes, sizes beside a duration, several, none.
            ["0", "0", "1", "0", "2"],
            ["21804", "21804", "21805", "21804", "21805"],
            ["512 0.048", "498 0.052", "77 0.262", "803 0.007", "9 0.001"],
            ["512 48211", "498 51907", "77 262144", "803 7312", "9 910"],
            ["", "", "", "", ""],
        ] {
            assert_eq!(unit_behind(&other), None, "{other:?}");
        }
    }
}
