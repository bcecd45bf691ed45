//! The general query log of MySQL and MariaDB: `time<tab>connection command<tab>argument`.
//! Before 5.7 only the first line of a second states the time, so that an entry there may
//! record several commands.

use super::mysql_slow::is_banner;
use crate::cut;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::stamp::Reading;
use crate::token::text::{first_line, text};
use crate::token::{Found, NOT, blank, number, time};
use std::ops::Range;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "mysql-general",
    title: "MySQL / MariaDB general query log",
    reference: "https://dev.mysql.com/doc/refman/8.0/en/query-log.html",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'\t') || is_banner(i),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mysql-general/input.log"),
};

const COMMANDS: &[&str] = &[
    "Sleep",
    "Quit",
    "Init DB",
    "Query",
    "Field List",
    "Create DB",
    "Drop DB",
    "Refresh",
    "Shutdown",
    "Statistics",
    "Processlist",
    "Connect",
    "Kill",
    "Debug",
    "Ping",
    "Time",
    "Delayed insert",
    "Change user",
    "Binlog Dump GTID",
    "Binlog Dump",
    "Table Dump",
    "Connect Out",
    "Register Slave",
    "Register Replica",
    "Prepare",
    "Execute",
    "Long Data",
    "Close stmt",
    "Reset stmt",
    "Set option",
    "Fetch",
    "Daemon",
    "Reset Connection",
    "Reset connection",
    "Error",
];

/// One command: the connection, what it does, and to what.
struct Command<'a> {
    connection: &'a [u8],
    verb: &'static str,
    argument: &'a [u8],
}

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    if is_banner(entry) {
        return Some(());
    }
    let (line, _) = first_line(entry);
    if line.first() == Some(&b'\t') {
        // The second of the line above: a part of its entry.
        command(line).ok()?;
        let mut record = Record::new(Kind::Log, text(line));
        record.continues = true;
        out.push(record);
        return Some(());
    }
    let (_, at) = head(line).ok()?;
    let mut starts: Vec<usize> = cut::lines(entry)
        .filter(|l| l.start == 0 || entry.get(l.clone()).is_some_and(|l| command(l).is_ok()))
        .map(|l| l.start)
        .collect();
    starts.push(entry.len());
    let several = starts.len() > 2;
    for bounds in starts.windows(2) {
        let [from, to] = bounds else { continue };
        let mut record = record(entry, *from..*to)?;
        record.at = Some(at);
        record.part = several.then_some(*from..*to);
        out.push(record);
    }
    Some(())
}

/// The time and the blank or tab behind it, before a command.
fn head(line: &[u8]) -> Found<'_, Reading> {
    let (rest, at) = time::six_digits(line).or_else(|_| time::iso(line))?;
    if !rest.starts_with(b"\t") && !rest.starts_with(b" ") {
        return Err(NOT);
    }
    words(blank(rest))?;
    Ok((blank(rest), at))
}

/// A line that begins with tabs where others have a time.
fn command(line: &[u8]) -> Found<'_, Command<'_>> {
    if !line.starts_with(b"\t") {
        return Err(NOT);
    }
    words(blank(line))
}

/// `17 Query<tab>SELECT 1`
fn words(i: &[u8]) -> Found<'_, Command<'_>> {
    let (rest, _) = number(1, 18)(i)?;
    let connection = i.get(..i.len() - rest.len()).ok_or(NOT)?;
    let rest = rest.strip_prefix(b" ").ok_or(NOT)?;
    let (verb, argument) = COMMANDS
        .iter()
        .find_map(|c| {
            let after = rest.strip_prefix(c.as_bytes())?;
            (after.is_empty() || after.starts_with(b"\t")).then_some((*c, after))
        })
        .ok_or(NOT)?;
    Ok((
        &[],
        Command {
            connection,
            verb,
            argument: blank(argument),
        },
    ))
}

fn record(entry: &[u8], part: Range<usize>) -> Option<Record<'_>> {
    let bytes = entry.get(part)?;
    let (line, _) = first_line(bytes);
    let command = match command(line) {
        Ok((_, command)) => command,
        Err(_) => words(head(line).ok()?.0).ok()?.1,
    };
    let rest = bytes.get(line.len() - command.argument.len()..)?;
    let said = text(rest.trim_ascii_end());
    let message = format!("{} {said}", command.verb);
    let mut record = Record::new(Kind::Log, message.trim_end().to_owned());
    record.fields.push("thread", command.connection);
    record.fields.push("command", command.verb);
    if command.verb == "Connect" {
        connected(&mut record, command.argument);
    }
    Some(record)
}

/// `basket@192.0.2.7 on shop using TCP/IP`, `Access denied for user 'basket'@'192.0.2.7' …`.
fn connected<'a>(record: &mut Record<'a>, argument: &'a [u8]) {
    let refused = argument.strip_prefix(b"Access denied for user ");
    if refused.is_some() {
        record.level = Some(Level::Warn);
    }
    let account = refused.unwrap_or(argument);
    let account = account.split(|b| *b == b' ').next().unwrap_or_default();
    let mut halves = account.splitn(2, |b| *b == b'@');
    let bare = |i: &'a [u8]| {
        let i = i.strip_prefix(b"'").unwrap_or(i);
        i.strip_suffix(b"'").unwrap_or(i)
    };
    if let (Some(user), Some(client)) = (halves.next(), halves.next()) {
        record.fields.push(field::USER, text(bare(user)));
        record.fields.push(field::CLIENT, text(bare(client)));
    }
}
