//! Security products' events in ArcSight's CEF and QRadar's LEEF, with or without a line of syslog around them:
//! `Jan 19 10:30:02 fw-1 CEF:0|Vendor|Product|1.0|100|Port scan|7|src=192.0.2.7 rt=1705660202118`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::date::Order;
use crate::token::text::{first_line, text, unescape};
use crate::token::{blank, payload, time};
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "cef",
    title: "CEF and LEEF (security products)",
    reference: "https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/cef-implementation-standard/",
    cut: Cut::Line,
    specificity: 88,
    hint: |i| memmem::find(i, b"CEF:").is_some() || memmem::find(i, b"LEEF:").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/cef/input.log"),
};

/// How far into a line the event may begin: a line of syslog is before it.
const REACH: usize = 300;

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let near = line.get(..line.len().min(REACH))?;
    let (start, leef) = match memmem::find(near, b"CEF:") {
        Some(n) => (n, false),
        None => (memmem::find(near, b"LEEF:")?, true),
    };
    let (before, event) = line.split_at_checked(start)?;
    let (version, rest) = bar(event.get(if leef { 5 } else { 4 }..)?)?;
    version.first().filter(|b| b.is_ascii_digit())?;
    let (vendor, rest) = bar(rest)?;
    let (product, rest) = bar(rest)?;
    let (_, rest) = bar(rest)?;
    let (id, rest) = bar(rest)?;
    let mut record = Record::new(Kind::Log, "");
    record.service = Some(value_text(product));
    record.fields.push("vendor", value_text(vendor));
    record.fields.push("event_id", value_text(id));
    let pairs = if leef {
        record.message = value_text(id);
        let (delimiter, rest) = delimiter(version, rest);
        leef_pairs(rest, delimiter)
    } else {
        let (name, rest) = bar(rest)?;
        let (severity, rest) = bar(rest)?;
        record.message = value_text(name);
        record.level = level(severity);
        cef_pairs(rest)
    };
    let header = header(before);
    record.host = header.1;
    record.at = file(&mut record, pairs).or(header.0);
    out.push(record);
    Some(())
}

/// A field up to a bar that no backslash is before.
fn bar(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr_iter(b'|', i).find(|n| *n == 0 || i.get(n - 1) != Some(&b'\\'))?;
    Some((i.get(..end)?, i.get(end + 1..)?))
}

/// What separates the attributes of LEEF: a tab, or since version 2 what a field says.
fn delimiter<'a>(version: &[u8], rest: &'a [u8]) -> (u8, &'a [u8]) {
    if !version.starts_with(b"2") {
        return (b'\t', rest);
    }
    match bar(rest) {
        Some(([], rest)) => (b'\t', rest),
        Some(([one], rest)) => (*one, rest),
        Some((hex, rest)) if hex.len() <= 4 && hex.first().is_some_and(|b| b"x0".contains(b)) => {
            let digits = text(hex)
                .trim_start_matches("0x")
                .trim_start_matches('x')
                .to_owned();
            (u8::from_str_radix(&digits, 16).unwrap_or(b'\t'), rest)
        }
        _ => (b'\t', rest),
    }
}

type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

fn leef_pairs(i: &[u8], delimiter: u8) -> Pairs<'_> {
    let split = i.split(|b| *b == delimiter);
    split
        .filter_map(|pair| {
            let at = memchr::memchr(b'=', pair)?;
            Some((text(pair.get(..at)?), text(pair.get(at + 1..)?)))
        })
        .collect()
}

/// `src=192.0.2.7 msg=two words act=deny`: a value goes on to the next name.
fn cef_pairs(i: &[u8]) -> Pairs<'_> {
    let in_name = |b: &u8| b.is_ascii_alphanumeric() || b"_-.[]".contains(b);
    // Where each name begins and its equals sign stands.
    let names: Vec<(usize, usize)> = memchr::memchr_iter(b'=', i)
        .filter(|n| i.get(n.wrapping_sub(1)) != Some(&b'\\'))
        .filter_map(|n| {
            let len = i.get(..n)?.iter().rev().take_while(|b| in_name(b)).count();
            let begins = n - len;
            let fresh = begins == 0 || i.get(begins - 1) == Some(&b' ');
            (len > 0 && fresh).then_some((begins, n))
        })
        .collect();
    let each = names.iter().enumerate();
    each.filter_map(|(n, (begins, equals))| {
        let end = names.get(n + 1).map_or(i.len(), |(next, _)| *next);
        let value = i.get(equals + 1..end)?.trim_ascii_end();
        Some((text(i.get(*begins..*equals)?), value_text(value)))
    })
    .collect()
}

/// The two characters that CEF escapes besides the usual ones.
fn value_text(value: &[u8]) -> Cow<'_, str> {
    let plain = unescape(value);
    if plain.contains("\\=") || plain.contains("\\|") {
        return Cow::Owned(plain.replace("\\=", "=").replace("\\|", "|"));
    }
    plain
}

/// Files the attributes and gives the time that they state.
fn file<'a>(record: &mut Record<'a>, pairs: Pairs<'a>) -> Option<Reading> {
    const TIMES: [&str; 5] = ["rt", "devTime", "deviceReceiptTime", "end", "start"];
    let mut times = [None; TIMES.len()];
    for (name, value) in pairs {
        if let Some(n) = TIMES.iter().position(|t| *t == name)
            && let (Some(place), Some(at)) = (times.get_mut(n), payload::text_instant(&value))
        {
            *place = Some(at);
            continue;
        }
        let place = match name.as_ref() {
            "src" | "sourceAddress" => field::CLIENT,
            "suser" | "duser" | "usrName" | "sourceUserName" => field::USER,
            "requestMethod" => field::METHOD,
            "request" | "requestURL" | "url" => field::PATH,
            "sev" => {
                record.level = level(value.as_bytes());
                continue;
            }
            "msg" => {
                if !value.is_empty() && record.message != value {
                    record.message = Cow::Owned(format!("{}: {value}", record.message));
                }
                continue;
            }
            "dvchost" | "dvc" | "identHostName" if record.host.is_none() => {
                record.host = Some(value);
                continue;
            }
            _ => {
                record.fields.push(name, value);
                continue;
            }
        };
        let name = if record.fields.get(place).is_none() {
            Cow::Borrowed(place)
        } else {
            name
        };
        record.fields.push(name, value);
    }
    times.into_iter().flatten().next()
}

/// The time and the host of the syslog line around the event.
fn header(before: &[u8]) -> (Option<Reading>, Option<Cow<'_, str>>) {
    let before = match before.strip_prefix(b"<") {
        Some(rest) => memchr::memchr(b'>', rest)
            .and_then(|n| rest.get(n + 1..))
            .unwrap_or(rest),
        None => before,
    };
    let before = before.strip_prefix(b"1 ").unwrap_or(before);
    match time::any(Order::Unknown)(before) {
        Ok((rest, at)) => {
            let host = blank(rest).split(|b| *b == b' ').next();
            let host = host.filter(|h| !h.is_empty() && *h != b"-");
            (Some(at), host.map(text))
        }
        Err(_) => (None, None),
    }
}

/// 0 to 10, or a word.
fn level(severity: &[u8]) -> Option<Level> {
    let severity = text(severity.trim_ascii());
    if let Ok(number) = severity.parse::<u8>() {
        return Some(match number {
            0..=3 => Level::Info,
            4..=6 => Level::Warn,
            7 | 8 => Level::Error,
            9 | 10 => Level::Fatal,
            _ => return None,
        });
    }
    match severity.to_ascii_lowercase().as_str() {
        "very-high" | "very high" => Some(Level::Fatal),
        other => payload::severity(other),
    }
}
