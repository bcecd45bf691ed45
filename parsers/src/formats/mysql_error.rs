//! The error log of MySQL and MariaDB, from 5.5 (`240119  9:05:02 [Note] …`) to 8
//! (`2024-01-19T10:30:02.118042Z 7 [Warning] [MY-010068] [Server] …`).

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::text::{bracketed, first_line, message_from, text, word};
use crate::token::{Found, NOT, blank, level, number, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mysql-error",
    title: "MySQL / MariaDB error log",
    reference: "https://dev.mysql.com/doc/refman/8.0/en/error-log-format.html",
    cut: Cut::Line,
    specificity: 75,
    hint: |i| i.first().is_some_and(u8::is_ascii_digit),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mysql-error/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    let (rest, said) = crash(line)
        .or_else(|_| since_57(line))
        .or_else(|_| until_56(line))
        .or_else(|_| wrapper(line))
        .ok()?;
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = Some(said.at);
    record.level = said.level.or_else(|| level::spotted(rest));
    let error = record.level >= Some(Level::Error);
    record.fields.push_known([
        ("thread", said.thread),
        (if error { field::ERROR } else { "code" }, said.code),
        (field::LOGGER, said.subsystem.or_else(|| subsystem(rest))),
    ]);
    if let Some((user, client)) = account(rest) {
        record.fields.push(field::USER, text(user));
        record.fields.push(field::CLIENT, text(client));
    }
    out.push(record);
    Some(())
}

/// What stands before the message.
struct Said<'a> {
    at: Reading,
    level: Option<Level>,
    thread: Option<&'a [u8]>,
    code: Option<&'a [u8]>,
    subsystem: Option<&'a [u8]>,
}

impl Said<'_> {
    const fn at(at: Reading) -> Self {
        Self {
            at,
            level: None,
            thread: None,
            code: None,
            subsystem: None,
        }
    }
}

/// The words that MySQL has for levels, in its brackets.
fn severity(i: &[u8]) -> Found<'_, Level> {
    let (rest, name) = bracketed(i)?;
    match name {
        b"Note" | b"System" | b"Warning" | b"ERROR" | b"Error" => {
            level::word(name).map(|l| (rest, l)).ok_or(NOT)
        }
        _ => Err(NOT),
    }
}

/// `2024-01-19T10:30:02.118042Z 7 [Warning] [MY-010068] [Server] message`, MariaDB with a
/// blank for the T and hours that may have one digit.
fn since_57(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::iso(i)?;
    let rest = blank(rest);
    let (rest, thread) = word(rest)?;
    number(1, 18)(thread).and_then(|(more, _)| if more.is_empty() { Ok(()) } else { Err(NOT) })?;
    let (rest, level) = severity(blank(rest))?;
    let mut said = Said {
        level: Some(level),
        thread: Some(thread),
        ..Said::at(at)
    };
    let mut rest = blank(rest);
    if let Ok((after, code)) = bracketed(rest)
        && code.starts_with(b"MY-")
    {
        said.code = Some(code);
        rest = blank(after);
        if let Ok((after, subsystem)) = bracketed(rest) {
            said.subsystem = Some(subsystem);
            rest = after;
        }
    }
    Ok((rest, said))
}

/// `240119  9:05:02 [Note] message`, `240119  9:05:02  InnoDB: message`; 5.6 has
/// `2024-01-19 10:30:02 7 [Note] message` with the process in place of the thread, which
/// reads as the newer ones do.
fn until_56(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::six_digits(i)?;
    let rest = blank(rest);
    if let Ok((rest, level)) = severity(rest) {
        let level = Some(level);
        return Ok((
            rest,
            Said {
                level,
                ..Said::at(at)
            },
        ));
    }
    let program = [&b"InnoDB: "[..], b"mysqld: ", b"mysqld ", b"Percona"];
    if program.iter().any(|p| rest.starts_with(p)) {
        return Ok((rest, Said::at(at)));
    }
    Err(NOT)
}

/// The script around the server: `240119 10:30:02 mysqld_safe Starting mysqld daemon …`.
fn wrapper(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::six_digits(i).or_else(|_| time::iso(i))?;
    let rest = blank(rest);
    let scripts = [&b"mysqld_safe "[..], b"mariadbd-safe ", b"mysqld_multi "];
    if scripts.iter().any(|s| rest.starts_with(s)) {
        return Ok((rest, Said::at(at)));
    }
    Err(NOT)
}

/// `10:30:02 UTC - mysqld got signal 11 ;`, with a date since 8.0.
fn crash(i: &[u8]) -> Found<'_, Said<'_>> {
    let (rest, at) = time::iso(i).or_else(|_| time::time_of_day(i))?;
    let told = rest.strip_prefix(b" - ").ok_or(NOT)?;
    let program = [&b"mysqld got "[..], b"mariadbd got "];
    if !program.iter().any(|p| told.starts_with(p)) {
        return Err(NOT);
    }
    let level = Some(Level::Fatal);
    Ok((
        told,
        Said {
            level,
            ..Said::at(at)
        },
    ))
}

/// `InnoDB: message`.
fn subsystem(i: &[u8]) -> Option<&[u8]> {
    let rest = blank(i);
    let end = rest.iter().position(|b| *b == b':')?;
    let name = rest.get(..end)?;
    let known = matches!(
        name,
        b"InnoDB" | b"WSREP" | b"Aria" | b"RocksDB" | b"Slave I/O" | b"Slave SQL"
    );
    known.then_some(name)
}

/// `user 'basket'@'192.0.2.7'`, `user: 'basket' host: '192.0.2.7'`.
fn account(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let quoted = |from: &'static [u8]| {
        let at = memchr::memmem::find(message, from)? + from.len();
        let rest = message.get(at..)?;
        let end = rest.iter().position(|b| *b == b'\'')?;
        Some((rest.get(..end)?, rest.get(end..)?))
    };
    let (user, behind) = quoted(b"user '").or_else(|| quoted(b"user: '"))?;
    let host = match behind.strip_prefix(b"'@'") {
        Some(host) => host.split(|b| *b == b'\'').next()?,
        None => quoted(b"host: '")?.0,
    };
    (!user.is_empty()).then_some((user, host))
}
