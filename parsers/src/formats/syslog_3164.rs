//! BSD syslog as files and relays have it: `Jan  2 15:04:05 host program[7]: message`,
//! with or without `<priority>`, and with the ISO stamps of newer daemons.

use super::haproxy;
use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Kind, Level, Record};
use crate::stamp::{Reading, When};
use crate::token::text::{byte, first_line, message_from, text, until, word};
use crate::token::{Found, NOT, account, blank, level, named, number, time, trace, wrapped};
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "syslog-3164",
    title: "Syslog (BSD, RFC 3164)",
    reference: "https://www.rfc-editor.org/rfc/rfc3164",
    cut: Cut::Line,
    specificity: 40,
    hint: |i| {
        matches!(
            i.first(),
            Some(b'<' | b'*' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z')
        )
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/syslog-3164/input.log"),
};

/// What the programs speak whose lines the journal or a daemon keeps.
fn learn(text: &[u8]) -> Layout {
    let lines = cut::lines(text).filter_map(|r| {
        let (rest, _) = head(text.get(r)?).ok()?;
        let (said, origin) = origin(rest).ok()?;
        let name = std::str::from_utf8(origin.tag?).ok()?;
        Some((name, Cow::Borrowed(said)))
    });
    wrapped::layout_of_spoken(lines)
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, (priority, at)) = head(line).ok()?;
    let (rest, origin) = origin(rest).ok()?;
    // One of many programs in a file, it would not be enough to make that file HAProxy's.
    if origin.tag.is_some_and(|t| t.starts_with(b"haproxy"))
        && (haproxy::FORMAT.parse)(entry, cx, out).is_some()
    {
        return Some(());
    }
    let isolated =
        matches!(at.when, When::Yearless { .. }) || priority.is_some() || names_month(line);
    // ISO stamps begin many a log: only a tag makes this one syslog.
    let is_level = |tag| level::word(tag).or_else(|| level::dotnet(tag)).is_some();
    if !isolated && origin.tag.is_none_or(is_level) {
        return None;
    }
    if let Some(tag) = origin.tag.filter(|_| !cx.layout.inner.is_empty()) {
        let from = out.len();
        let said = entry.get(line.len() - rest.len()..)?;
        if wrapped::read_spoken(said, Some(at), cx.layout, out).is_some() {
            for record in out.iter_mut().skip(from) {
                record.service.get_or_insert(text(tag));
                record.host = record.host.take().or_else(|| origin.host.map(text));
                if let (Some(pid), None) = (origin.pid, record.fields.get("pid")) {
                    record.fields.push("pid", pid);
                }
            }
            return Some(());
        }
    }
    let mut record = Record::new(Kind::Log, message_from(entry, rest));
    record.at = Some(at);
    record.host = origin.host.map(text);
    record.service = origin.tag.map(text);
    if let Some(pid) = origin.pid {
        record.fields.push("pid", pid);
    }
    let stated = priority.and_then(|p| level::syslog(p % 8));
    record.level = level::spotted(rest).or(origin.level).or(stated);
    if let Some(class) = trace::error_class(entry.get(line.len()..).unwrap_or_default()) {
        record.fields.push(crate::record::field::ERROR, class);
    }
    account::file(&mut record);
    named::gather(&mut record);
    out.push(record);
    Some(())
}

/// `<priority>` and the time.
fn head(i: &[u8]) -> Found<'_, (Option<i64>, Reading)> {
    let (rest, priority) = match priority(i) {
        Ok((rest, priority)) => (rest, Some(priority)),
        Err(_) => (i, None),
    };
    if let Ok((rest, at)) = time::rfc3164(rest) {
        return Ok((rest, (priority, at)));
    }
    let named = names_month(rest);
    let (rest, at) = time::iso(rest)?;
    match at.when {
        When::Instant(_) => Ok((rest, (priority, at))),
        _ if named => Ok((rest, (priority, at))),
        _ => Err(NOT),
    }
}

/// `2024 Jan 19 10:30:02`: with the name of the month it is a switch's stamp, else anybody's.
pub(crate) fn names_month(i: &[u8]) -> bool {
    i.first().is_some_and(u8::is_ascii_digit)
        && i.get(4) == Some(&b' ')
        && i.get(5).is_some_and(u8::is_ascii_alphabetic)
}

/// `<34>`: facility times eight plus severity.
pub(crate) fn priority(i: &[u8]) -> Found<'_, i64> {
    let (rest, ()) = byte(b'<')(i)?;
    let (rest, priority) = number(1, 3)(rest)?;
    let (rest, ()) = byte(b'>')(rest)?;
    if priority < 192 {
        Ok((rest, priority))
    } else {
        Err(NOT)
    }
}

/// Who says it.
#[derive(Default)]
pub(crate) struct Origin<'a> {
    /// The machine.
    pub(crate) host: Option<&'a [u8]>,
    /// The program.
    pub(crate) tag: Option<&'a [u8]>,
    /// Its process.
    pid: Option<&'a [u8]>,
    /// How bad it is, where that stands before the program.
    pub(crate) level: Option<Level>,
}

/// `host tag[pid]: `, where each may be missing.
pub(crate) fn origin(i: &[u8]) -> Found<'_, Origin<'_>> {
    // Cisco: the colon behind the time says that no host follows.
    if let Some(rest) = i.strip_prefix(b":") {
        return Ok((blank(rest), Origin::default()));
    }
    let rest = i.strip_prefix(b" ").ok_or(NOT)?;
    let rest = blank(rest);
    if let Ok((rest, (tag, pid))) = tag(rest) {
        return Ok((
            rest,
            Origin {
                host: None,
                tag,
                pid,
                level: None,
            },
        ));
    }
    let (after, host) = word(rest)?;
    if !is_host(host) {
        return Err(NOT);
    }
    let after = blank(after);
    let host = Some(host);
    // BIG-IP names the severity before the program.
    let (after, level) = match level::level(after) {
        Ok((rest, level)) if rest.starts_with(b" ") && tag(blank(rest)).is_ok() => {
            (blank(rest), Some(level))
        }
        _ => (after, None),
    };
    match tag(after) {
        Ok((rest, (tag, pid))) => {
            let origin = Origin {
                host,
                tag,
                pid,
                level,
            };
            Ok((rest, origin))
        }
        Err(_) => Ok((
            after,
            Origin {
                host,
                ..Origin::default()
            },
        )),
    }
}

fn is_host(name: &[u8]) -> bool {
    name.len() <= 255
        && level::word(name).is_none()
        && name.iter().any(u8::is_ascii_alphanumeric)
        && name.iter().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'.' | b'-' | b'_' | b':' | b'%' | b'/')
                || *b >= 0x80
        })
}

type Tag<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// `program[123]: `, `program: `, `program[123] (detail): `; a number alone is a
/// sequence number, not a program.
fn tag(i: &[u8]) -> Found<'_, Tag<'_>> {
    let len = i
        .iter()
        .take_while(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'.' | b'_' | b'-' | b'/' | b'@' | b'+' | b'#' | b'*')
        })
        .count();
    let (name, rest) = i.split_at_checked(len).ok_or(NOT)?;
    // `sshd(pam_unix)[7]`: the module of the program that speaks.
    let rest = match rest.strip_prefix(b"(") {
        Some(module) => until(b')')(module)?.0,
        None => rest,
    };
    let (rest, pid) = match byte(b'[')(rest).and_then(|(r, ())| until(b']')(r)) {
        Ok((rest, pid)) if pid.len() <= 32 => (rest, Some(pid)),
        _ => (rest, None),
    };
    let rest = match rest.strip_prefix(b" (") {
        Some(detail) if pid.is_some() => until(b')')(detail)?.0,
        _ => rest,
    };
    let rest = rest.strip_prefix(b":").ok_or(NOT)?;
    let ends = rest.first().is_none_or(|b| b" \t".contains(b)) || pid.is_some();
    if name.is_empty() || !ends {
        return Err(NOT);
    }
    let program = name.iter().any(u8::is_ascii_alphabetic);
    Ok((blank(rest), (program.then_some(name), pid)))
}
