//! RabbitMQ: `2024-01-19 10:30:02.118 [error] <0.587.0> message` since 3.7, with a report's
//! every line stamped since 3.9; `=ERROR REPORT==== 19-Jan-2024::10:30:02 ===` before.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::text::{bracketed, first_line, message_from, text, until, without_port};
use crate::token::{blank, level, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "rabbitmq",
    title: "RabbitMQ log",
    reference: "https://www.rabbitmq.com/docs/logging",
    cut: Cut::Line,
    specificity: 80,
    hint: |i| i.first().is_some_and(|b| b.is_ascii_digit() || *b == b'='),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/rabbitmq/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, more) = first_line(entry);
    let record = match line.strip_prefix(b"=") {
        Some(head) => report(head, more)?,
        None => stamped(entry, line)?,
    };
    out.push(record);
    Some(())
}

fn stamped<'a>(entry: &'a [u8], line: &'a [u8]) -> Option<Record<'a>> {
    let (rest, at) = time::iso(line).ok()?;
    let (rest, word) = bracketed(rest.strip_prefix(b" ")?).ok()?;
    let level = severity(word)?;
    let rest = rest.strip_prefix(b" <")?;
    let (rest, process) = until(b'>')(rest).ok()?;
    let digits = |b: &u8| b.is_ascii_digit() || *b == b'.';
    if process.is_empty() || !process.iter().all(digits) {
        return None;
    }
    let mut record = Record::new(Kind::Log, message_from(entry, blank(rest)));
    record.at = Some(at);
    record.level = Some(level);
    record.fields.push("process", process);
    connection(&mut record, rest);
    Some(record)
}

/// `error`, and since 3.9 its first four letters.
fn severity(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"noti" => Level::Info,
        b"crit" | b"aler" | b"emer" => Level::Fatal,
        _ => level::word(word)?,
    })
}

/// `=ERROR REPORT==== 19-Jan-2024::10:30:02 ===`, and the report in the lines below.
fn report<'a>(head: &'a [u8], more: &'a [u8]) -> Option<Record<'a>> {
    let at = memchr::memmem::find(head, b" REPORT==== ")?;
    let level = match head.get(..at)? {
        b"ERROR" | b"CRASH" | b"SUPERVISOR" => Level::Error,
        b"WARNING" => Level::Warn,
        b"INFO" | b"PROGRESS" => Level::Info,
        _ => return None,
    };
    let stamp = head.get(at + b" REPORT==== ".len()..)?;
    let (rest, at) = time::day_month(stamp).ok()?;
    if blank(rest) != b"===" && blank(rest) != b"UTC ===" {
        return None;
    }
    let said = more.trim_ascii();
    let said = if said.is_empty() { head } else { said };
    let mut record = Record::new(Kind::Log, text(said));
    record.at = Some(at);
    record.level = Some(level);
    connection(&mut record, said);
    Some(record)
}

/// `(192.0.2.41:51820 -> 192.0.2.50:5672, vhost: '/shop', user: 'basket')`
fn connection<'a>(record: &mut Record<'a>, message: &'a [u8]) {
    let (line, _) = first_line(message);
    if let Some(arrow) = memchr::memmem::find(line, b" -> ") {
        let before = line.get(..arrow).unwrap_or_default();
        let address = text(before.rsplit(|b| *b == b'(').next().unwrap_or_default());
        let client = without_port(&address);
        if client.contains(['.', ':']) {
            record.fields.push(field::CLIENT, client.to_owned());
        }
    }
    for (name, key) in [
        (field::USER, &b"user: '"[..]),
        (field::USER, b"user '"),
        ("vhost", b"vhost: '"),
        ("vhost", b"vhost '"),
    ] {
        if let Some(at) = memchr::memmem::find(line, key)
            && let Some(value) = line.get(at + key.len()..)
            && let Some(end) = value.iter().position(|b| *b == b'\'')
            && record.fields.get(name).is_none()
        {
            record
                .fields
                .push(name, value.get(..end).unwrap_or_default());
        }
    }
}
